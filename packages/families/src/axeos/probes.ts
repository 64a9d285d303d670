import type { HttpDoc, Probe, Reply, Verdict } from '@headframe/model';
import { INFO_PATH } from '@headframe/wire/axeos';
import { Fields } from '@headframe/wire/json';

const THEME_PATH = '/api/theme';

/** `ASICModel` is AxeOS; with `deviceModel` beside it, it is the NerdQAxe branch (protocols.md 0). */
function byInfo({ doc }: Reply): Verdict {
  const page = doc as HttpDoc | null;
  if (page === null || page.status !== 200) return null;
  const info = new Fields(page.json);
  if (info.str('ASICModel') === null) return null;
  return !info.has('deviceModel');
}

/**
 * Where our address breaks the rule of the private network, `info` is a 401 that anything could have said. The colours of
 * the page are open to everybody from v2.4.3 to v2.14 (protocols.md 6.1), and nothing else has them.
 */
function byTheme({ doc }: Reply): Verdict {
  const page = doc as HttpDoc | null;
  if (page === null || page.status !== 200) return null;
  const theme = new Fields(page.json);
  return theme.str('colorScheme') !== null && (theme.has('accentColors') || theme.has('primaryColor')) ? true : null;
}

export const probes: readonly Probe[] = [
  { over: 'http', ask: INFO_PATH, tier: 1, is: byInfo },
  { over: 'http', ask: THEME_PATH, tier: 1, is: byTheme },
];
