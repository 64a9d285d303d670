import type { HttpDoc, Reply, Verdict } from '@headframe/model';
import { Fields } from '@headframe/wire/json';

export const CAPABILITIES_PATH = '/capabilities';

/**
 * What the machine can be set to. Nothing else has this page; on 4028 a web server alone proves nothing, and what `GET /`
 * says there was recorded nowhere.
 */
export function byCapabilities({ doc }: Reply): Verdict {
  const page = doc as HttpDoc | null;
  if (page === null || page.status !== 200) return null;
  const said = new Fields(page.json);
  return said.str('Model') !== null && (said.has('Max HBs') || said.has('PerpetualTune')) ? true : null;
}
