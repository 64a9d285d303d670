import { families as allFamilies } from '@headframe/families';
import { type ErrorCode, type Family, HeadframeError, type HttpDoc } from '@headframe/model';
import { formatAddress, parseAddress } from './address.ts';
import { systemClock } from './clock.ts';
import { asCredentialSource } from './credentials.ts';
import type { ExtraPorts } from './discovery/doors.ts';
import type { Found } from './discovery/found.ts';
import { type Look, lookAt } from './discovery/look.ts';
import { withFactoryLogin } from './factory-credentials.ts';
import { Deadline } from './links/deadline.ts';
import { READ_LIMITS } from './links/limits.ts';
import { createMiner, type Miner, type MinerOptions } from './miner.ts';
import { remedyFor } from './remedies.ts';

export interface ConnectOptions extends MinerOptions {
  readonly signal?: AbortSignal;
  /** Ports to ask beside those of the families, such as stand-ins for privileged ones: `{ http: [10080] }`. */
  readonly ports?: ExtraPorts;
  readonly families?: readonly Family[];
  /** Where no credentials are known, try those that the factory sets. */
  readonly tryDefaults?: boolean;
}

/** A silent address and then a slow one: knocks, questions and a login fit into this. */
const CONNECT_LIMIT_MS = 20_000;

/**
 * Finds out what is at an address, by what it says and never by its address, and gives the machine to read from.
 * `host` is tried on the ports of all families; `host:port` on that port with every protocol.
 * @throws HeadframeError with the most telling reason and what to do next
 */
export async function connect(address: string, options: ConnectOptions = {}): Promise<Miner> {
  const endpoint = parseAddress(address);
  const named = formatAddress(endpoint.host, endpoint.port);
  const deadline = new Deadline(options.timeoutMs ?? CONNECT_LIMIT_MS, options.signal);
  let look: Look;
  try {
    const lookOptions = {
      families: options.families ?? allFamilies,
      ports: options.ports ?? {},
      thorough: false,
      credentials: asCredentialSource(options.credentials),
      limits: {
        ...READ_LIMITS,
        connectMs: options.connectTimeoutMs ?? READ_LIMITS.connectMs,
        replyMs: options.replyTimeoutMs ?? READ_LIMITS.replyMs,
      },
      clock: options.clock ?? systemClock,
    };
    look = await lookAt(endpoint, lookOptions, deadline);
    if (deadline.stopped === 'cancelled') throw new HeadframeError('link/cancelled', { address: named });
  } finally {
    deadline.end();
  }
  const family = look.probed?.identification?.family;
  const { found } = look;
  if (family === undefined || found === null) throw whyNot(named, look);
  const target = {
    host: endpoint.host,
    family,
    ports: found.ports,
    ...(found.identity === null ? {} : { identity: found.identity }),
  };
  const isKnown = () => asCredentialSource(options.credentials)(endpoint.host, family.id) !== null;
  if (options.tryDefaults === true && !isKnown()) {
    const miner = await withFactoryLogin(target, family, options);
    if (miner !== null) return miner;
  }
  if (found.kind === 'needs-credentials') throw whyClosed(found, family, named);
  return createMiner(target, options);
}

function whyClosed(found: Found, family: Family, address: string): HeadframeError {
  const code: ErrorCode = found.evidence.some((e) => e.code === 'auth/rejected') ? 'auth/rejected' : 'auth/required';
  return new HeadframeError(code, { address, next: remedyFor(code, family) });
}

/** The most telling first: what answered says more than what broke, and that more than what was never there. */
const TELLING: readonly ErrorCode[] = [
  'link/cancelled',
  'link/name-not-found',
  'device/busy',
  'protocol/wrong-shape',
  'protocol/malformed',
  'protocol/truncated',
  'link/too-large',
  'link/closed-empty',
  'link/timed-out-waiting',
  'link/reset',
  'link/refused',
  'link/timed-out-connecting',
  'link/unreachable',
];

function whyNot(address: string, { knocked, probed, found }: Look): HeadframeError {
  const answered = probed?.doors.filter((door) => door.speaks !== null) ?? [];
  if (answered.length > 0) {
    const ports = inWords(answered.map((door) => door.plan.port));
    const login = answered.some((door) =>
      [...door.replies.values()].some((r) => (r.doc as HttpDoc | null)?.status === 401),
    );
    const what = found?.what ?? 'something that no family knows';
    const detail = `${what} answers on port ${ports}${login ? ' and wants a password' : ''}`;
    return new HeadframeError('support/unknown-device', { address, detail, next: remedyFor('support/unknown-device') });
  }
  const errors = [
    ...(probed?.doors.flatMap((door) => [...door.replies.values()].flatMap((r) => r.error ?? [])) ?? []),
    ...knocked.flatMap(({ error }) => error ?? []),
  ];
  const [telling] = errors.sort((a, b) => rank(a.code) - rank(b.code));
  if (telling === undefined)
    return new HeadframeError('link/unreachable', { address, next: remedyFor('link/unreachable') });
  const next = remedyFor(telling.code);
  if (telling.code !== 'link/refused')
    return new HeadframeError(telling.code, { ...telling.context, next }, telling.cause);
  const refused = knocked.filter(({ error }) => error?.code === 'link/refused').map(({ door }) => door.port);
  const detail = refused.length > 1 ? `tried ${inWords(refused)}` : undefined;
  return new HeadframeError(
    'link/refused',
    { address, next, ...(detail === undefined ? {} : { detail }) },
    telling.cause,
  );
}

const rank = (code: ErrorCode): number => {
  const place = TELLING.indexOf(code);
  return place < 0 ? TELLING.length : place;
};

const inWords = (ports: readonly number[]): string =>
  ports.length < 2 ? String(ports[0] ?? '') : `${ports.slice(0, -1).join(', ')} and ${ports.at(-1)}`;
