import { familyById } from '@headframe/families';
import { asHeadframeError, type HeadframeError, type Protocol, type Snapshot } from '@headframe/model';
import { formatAddress } from '../../address.ts';
import { connect } from '../../connect.ts';
import { createMiner, type Miner } from '../../miner.ts';
import type { Ports } from '../../ports.ts';
import type { Fixing, FixTarget } from './fix.ts';

const READ_MS = 15_000;

/** The machine, as it is known; null where no family is. */
export function minerOf(target: FixTarget, fixing: Pick<Fixing, 'clock' | 'wait'>): Miner | null {
  const { host, family, identity, credentials } = target;
  if (family === null) return null;
  const ports = target.ports ?? portsBy(family, target.apiPort);
  const { clock, wait } = fixing;
  return createMiner(
    {
      host,
      family,
      ...(ports === undefined ? {} : { ports }),
      ...(identity === undefined ? {} : { identity }),
    },
    { clock, wait: (ms) => wait(ms), ...(credentials === undefined ? {} : { credentials }) },
  );
}

/**
 * Absent: the family's own. Behind a forwarded port the others of the same address belong to other machines, so none of
 * them is asked, or told anything.
 */
function portsBy(id: string, apiPort: number | undefined): Ports | undefined {
  const own: Ports = familyById(id)?.ports ?? {};
  const names = Object.keys(own) as Protocol[];
  const [first] = names;
  if (apiPort === undefined || first === undefined || Object.values(own).includes(apiPort)) return undefined;
  return { [names.includes('cgminer') ? 'cgminer' : first]: apiPort };
}

/** Whether the API answers: one read, whatever the machine is. Never rejects. */
export async function readOnce(
  target: FixTarget,
  fixing: Pick<Fixing, 'clock' | 'wait'>,
  miner: Miner | null = minerOf(target, fixing),
): Promise<Snapshot | HeadframeError> {
  try {
    const known = miner ?? (await connect(formatAddress(target.host, target.apiPort ?? null), { clock: fixing.clock }));
    return await known.read({ timeoutMs: READ_MS });
  } catch (thrown) {
    return asHeadframeError(thrown, { address: target.host });
  }
}
