import { isIP } from 'node:net';
import type { Look, NameSeen } from '@headframe/model';
import { since } from '../links/limits.ts';
import { errnoOf } from '../links/link-errors.ts';
import { cleaned, inMs, notSeen } from './exchanges.ts';
import { inTime } from './in-time.ts';
import type { Looking } from './options.ts';

const LIMIT_MS = 5000;
const MOST_ADDRESSES = 16;

/**
 * Where a name leads, as the system says it. A name that leads nowhere is seen too: as one without addresses.
 * @param expected the address at which the machine answered before; null: nobody knows
 */
export async function resolveName(given: string, expected: string | null, looking: Looking): Promise<Look<NameSeen>> {
  const { clock, deadline, system } = looking;
  const at = clock.now();
  const began = performance.now();
  const sight = (addresses: readonly string[], line: string): Look<NameSeen> => ({
    value: { given, addresses, expected },
    at,
    ms: since(began),
    bytes: 0,
    line,
    command: commandOf(given, system.platform),
  });
  const name = `the name ${cleaned(given)}`;
  try {
    const found = await inTime(system.lookup(given), LIMIT_MS, deadline);
    if (found === 'ended') return notSeen('the examination ended before');
    if (found === 'late') return sight([], `${name} leads nowhere: no answer to the question within ${inMs(LIMIT_MS)}`);
    const addresses = [...new Set(found.filter((address) => isIP(address) !== 0))].slice(0, MOST_ADDRESSES);
    if (addresses.length === 0) return sight([], `${name} leads nowhere: it has no address`);
    const before =
      expected === null || addresses.includes(expected) ? '' : `; the machine answered at ${cleaned(expected)} before`;
    return sight(addresses, `${name} leads to ${inShort(addresses)}${before}`);
  } catch (error) {
    return sight([], `${name} leads nowhere: ${whyNot(error)}`);
  }
}

const inShort = (addresses: readonly string[]): string => {
  const rest = addresses.length - 4;
  return rest > 0 ? `${addresses.slice(0, 4).join(', ')} and ${rest} more` : addresses.join(', ');
};

function whyNot(error: unknown): string {
  const code = errnoOf(error);
  if (code === 'ENOTFOUND') return 'nobody knows it (ENOTFOUND)';
  if (code === 'EAI_AGAIN') return 'no name server answers (EAI_AGAIN)';
  return `the name service says ${code === '' ? 'no' : cleaned(code, 40)}`;
}

/** The question as programs of this computer put it; `nslookup` would pass by the local files. */
function commandOf(name: string, platform: NodeJS.Platform): string {
  if (platform === 'linux') return `getent ahosts ${name}`;
  return platform === 'darwin' ? `dscacheutil -q host -a name ${name}` : `nslookup ${name}`;
}
