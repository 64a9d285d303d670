import type { Family, HttpDoc, Reply, Verdict } from '@headframe/model';
import { INFO_FEEDS, INFO_PATH, readAxe } from '@headframe/wire/axeos';
import { Fields } from '@headframe/wire/json';
import { actionsOfNerdqaxe, lacksOfNerdqaxe, ownOfNerdqaxe } from './commands.ts';
import { identityOfNerdqaxe } from './identity.ts';
import { mapNerdqaxe } from './map.ts';

/** `deviceModel` beside `ASICModel` is this branch, and AxeOS has it not (protocols.md 0). */
function byInfo({ doc }: Reply): Verdict {
  const page = doc as HttpDoc | null;
  if (page === null || page.status !== 200) return null;
  const info = new Fields(page.json);
  return info.str('ASICModel') === null ? null : info.str('deviceModel') !== null;
}

/** The firmware of the NerdAxe and NerdQAxe, a branch of AxeOS (ESP-Miner-NerdQAxePlus): the same paths, other habits. */
export const nerdqaxe: Family = {
  id: 'nerdqaxe',
  title: 'NerdAxe and NerdQAxe',
  ports: { http: 80 },
  specificity: 1,
  probes: [{ over: 'http', ask: INFO_PATH, tier: 1, is: byInfo }],
  feeds: {
    info: INFO_FEEDS,
    asic: [],
  },
  evidence: 'document',
  read: readAxe,
  identity: identityOfNerdqaxe,
  map: mapNerdqaxe,
  actions: actionsOfNerdqaxe,
  lacks: lacksOfNerdqaxe,
  own: ownOfNerdqaxe,
};
