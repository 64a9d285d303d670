import type { Probe, Reply } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { versionIn } from './identity.ts';

/**
 * miner_getstat1 is what every release has (protocols.md 5.7: miner_ping came with 0.15), and what tells ethminer from the
 * miners that copied this API.
 */
export const ethminerProbes: readonly Probe[] = [{ over: 'ethminer', ask: 'miner_getstat1', is: isEthminer }];

function isEthminer({ doc, error }: Reply): boolean | null {
  // With a password it says nothing else, in these words (5.3).
  if (error?.code === 'auth/required') return error.context.vendorText === 'Authorization needed' ? true : null;
  if (doc === null) return null;
  if (versionIn(doc) !== null) return true;
  return Array.isArray(new Fields(doc).raw('result')) ? false : null;
}
