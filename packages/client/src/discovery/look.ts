import { type Clock, type Family, HeadframeError, newMemory } from '@headframe/model';
import { type Endpoint, formatAddress } from '../address.ts';
import { type CredentialSource, loginFor } from '../credentials.ts';
import { hostQueue } from '../host-queue.ts';
import type { Deadline } from '../links/deadline.ts';
import type { LinkLimits } from '../links/limits.ts';
import { openLinks } from '../links/open-links.ts';
import { type DoorPlan, type ExtraPorts, hasAnswered, type Knocked, knockAt, planDoors } from './doors.ts';
import type { Found } from './found.ts';
import { judge } from './judge.ts';
import { type Probed, probe } from './probe.ts';

export interface LookOptions {
  readonly families: readonly Family[];
  readonly ports: ExtraPorts;
  /** Knock at the ports of every family at once, not only where something answered. */
  readonly thorough: boolean;
  readonly credentials: CredentialSource;
  readonly limits: LinkLimits;
  readonly clock: Clock;
}

/** What became of one address. */
export interface Look {
  readonly knocked: readonly Knocked[];
  readonly probed: Probed | null;
  /** Null where nobody answered, or with refusals only. */
  readonly found: Found | null;
}

export const isSilent = (look: Look): boolean => !look.knocked.some(hasAnswered);

/**
 * Looks at one address, from cheap to dear: knocks at its first ports together, at the others where anything answered,
 * then asks the open ones one after the other who they are. Never rejects; cancellation is in the knocks' errors.
 */
export async function lookAt(endpoint: Endpoint, options: LookOptions, deadline: Deadline): Promise<Look> {
  const { host } = endpoint;
  const { connectMs } = options.limits;
  const plans = planDoors(endpoint, options.families, options.ports, options.thorough);
  const early = await knockAt(
    host,
    plans.filter((plan) => plan.first),
    connectMs,
    deadline,
  );
  if (!early.some(hasAnswered)) return { knocked: early, probed: null, found: null };

  // Somebody is there: what was silent gets a second knock with the rest.
  const settled = early.filter(hasAnswered);
  const again = plans.filter((plan) => !settled.some(({ door }) => door === plan));
  const knocked = [...settled, ...(await knockAt(host, again, connectMs, deadline))];
  const open = plans.filter((plan) => knocked.some(({ door, error }) => door === plan && error === null));
  if (open.length === 0) return { knocked, probed: null, found: null };
  try {
    return await ask(endpoint, open, knocked, options, deadline);
  } catch (error) {
    if (!(error instanceof HeadframeError)) throw error;
    // Only waiting for our own turn can fail: another conversation of this program did not end in time.
    return { knocked: knocked.map(({ door }) => ({ door, error })), probed: null, found: null };
  }
}

async function ask(
  { host, port }: Endpoint,
  open: readonly DoorPlan[],
  knocked: readonly Knocked[],
  options: LookOptions,
  deadline: Deadline,
): Promise<Look> {
  return hostQueue.run(formatAddress(host, port), deadline, async () => {
    const probed = await probe(open, { host, deadline, ...options });
    const found = judge(host, port, knocked, probed);
    const family = probed.identification?.family;
    if (found?.kind !== 'needs-credentials' || family === undefined) return { knocked, probed, found };
    return { knocked, probed, found: await withCredentials(found, family, options, deadline) };
  });
}

/** Over these a machine may tell nothing at all before it is given a password. */
const LOCKED = ['grpc', 'http', 'ethminer'] as const;

/** A machine that tells nothing without a password is read once with the one that is known for it. */
async function withCredentials(
  found: Found,
  family: Family,
  { credentials, clock, limits }: LookOptions,
  deadline: Deadline,
): Promise<Found> {
  const known = credentials(found.host, family.id);
  const over = LOCKED.find((protocol) => found.ports[protocol] !== undefined);
  const port = over === undefined ? undefined : found.ports[over];
  if (known === null || over === undefined || port === undefined) return found;
  const links = openLinks({ host: found.host, clock, deadline, limits }, { [over]: port }, loginFor(known));
  const replies = await family.read(links, newMemory());
  const evidence = [...replies.values()].map(({ meta, error }) => ({
    port,
    over,
    ask: meta.request,
    code: error?.code ?? null,
    said: null,
  }));
  const isOpen = [...replies.values()].some((reply) => reply.doc !== null);
  if (!isOpen) return { ...found, evidence: [...found.evidence, ...evidence] };
  const identity = family.identity(replies);
  const what = [identity.make, identity.model].filter((part) => part !== null).join(' ') || found.what;
  return { ...found, kind: 'miner', identity, what, evidence: [...found.evidence, ...evidence] };
}
