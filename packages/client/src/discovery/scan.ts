import { families as allFamilies } from '@headframe/families';
import { type Clock, type Credentials, type Family, HeadframeError } from '@headframe/model';
import type { Endpoint } from '../address.ts';
import { formatAddress } from '../address.ts';
import { systemClock } from '../clock.ts';
import { asCredentialSource, type CredentialSource } from '../credentials.ts';
import { Deadline } from '../links/deadline.ts';
import { READ_LIMITS } from '../links/limits.ts';
import { isShortOfSockets } from '../links/link-errors.ts';
import { parseTargets, type Targets } from '../targets/targets.ts';
import type { ExtraPorts } from './doors.ts';
import type { Found } from './found.ts';
import { isSilent, type Look, type LookOptions, lookAt } from './look.ts';

export interface ScanProgress {
  /** How many addresses there are in all. */
  readonly addresses: number;
  /** How many of them are settled. */
  readonly done: number;
  readonly miners: number;
  readonly needCredentials: number;
  /** What answers and is no miner that can be read: printers, web servers, machines that are not supported yet. */
  readonly others: number;
  /** A host is there, and nothing listens on the ports that were asked. */
  readonly refused: number;
  /** No answer at all, also at the second look. */
  readonly silent: number;
}

export interface ScanOptions {
  /** Called after every address. */
  readonly onProgress?: (progress: ScanProgress) => void;
  readonly signal?: AbortSignal;
  /** Left out; the same forms as the ranges. */
  readonly exclude?: string | readonly string[];
  /**
   * Asks every address on every port of every family. Without it, all are asked on 4028 and 80 and the rest only where
   * something answered: a machine that drops packets on both is then missed.
   */
  readonly thorough?: boolean;
  /** The most addresses in work at once; 512 if absent. */
  readonly concurrency?: number;
  /** The most of them in one subnet (/24, /120); 256 if absent. */
  readonly perSubnet?: number;
  /** How long one connection attempt may take, ms; 1,000 if absent. */
  readonly connectTimeoutMs?: number;
  /** How long one reply may take, ms; 3,000 if absent. */
  readonly replyTimeoutMs?: number;
  /** For machines that tell nothing without a password. Only used once a family has been identified. */
  readonly credentials?: Credentials | CredentialSource;
  /** Ports to ask beside those of the families, such as stand-ins for privileged ones: `{ http: [10080] }`. */
  readonly ports?: ExtraPorts;
  readonly families?: readonly Family[];
  readonly clock?: Clock;
}

/** All that is asked of one address, from the first knock to the last reply, ends after this. */
const ADDRESS_LIMIT_MS = 20_000;

/**
 * Finds miners, as they answer. Each address is asked on 4028 and 80, silent ones once more after the rest of their
 * subnet; the other ports follow where anything answered, and each open port gets one cheap question.
 * @throws HeadframeError `usage/invalid` at once for a wrong range; the iteration rejects with `link/cancelled`
 */
export function scan(ranges: string | readonly string[], options: ScanOptions = {}): AsyncGenerator<Found, void> {
  const { exclude, concurrency = 1, perSubnet = 1 } = options;
  for (const [name, limit] of Object.entries({ concurrency, perSubnet })) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new HeadframeError('usage/invalid', { detail: `${name} is a whole number of at least 1, not ${limit}` });
    }
  }
  const targets = parseTargets(ranges, exclude === undefined ? {} : { exclude });
  return new Scan(targets, options).results();
}

class Scan {
  readonly #targets: Targets;
  readonly #options: ScanOptions;
  readonly #look: LookOptions;
  readonly #stop = new AbortController();
  readonly #found: Found[] = [];
  readonly #counts = { done: 0, miners: 0, needCredentials: 0, others: 0, refused: 0, silent: 0 };
  #wake: () => void = () => {};
  #failure: unknown = null;

  constructor(targets: Targets, options: ScanOptions) {
    this.#targets = targets;
    this.#options = options;
    this.#look = {
      families: options.families ?? allFamilies,
      ports: options.ports ?? {},
      thorough: options.thorough ?? false,
      credentials: asCredentialSource(options.credentials),
      limits: {
        ...READ_LIMITS,
        connectMs: options.connectTimeoutMs ?? 1000,
        replyMs: options.replyTimeoutMs ?? 3000,
      },
      clock: options.clock ?? systemClock,
    };
  }

  async *results(): AsyncGenerator<Found, void> {
    const { signal } = this.#options;
    const cancel = () => this.#stop.abort();
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    let running = true;
    const finished = this.#run().then(() => {
      running = false;
      this.#wake();
    });
    try {
      while (running || this.#found.length > 0) {
        const next = this.#found.shift();
        if (next !== undefined) yield next;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
        if (signal?.aborted) throw new HeadframeError('link/cancelled', { address: 'the scanned ranges' });
      }
      if (this.#failure !== null) throw this.#failure;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#stop.abort();
      await finished;
    }
  }

  /** As many subnets at once as fit into the limits; within one, the silent addresses come again at its end. */
  async #run(): Promise<void> {
    const { concurrency = 512, perSubnet = 256 } = this.#options;
    const workers = Math.min(perSubnet, concurrency);
    const blocks = this.#targets.blocks();
    await atOnce(Math.floor(concurrency / workers), blocks, async (block) => {
      const silent: Endpoint[] = [];
      await atOnce(workers, block, async (endpoint) => {
        if (!(await this.#settle(endpoint, false))) silent.push(endpoint);
      });
      await atOnce(workers, silent, async (endpoint) => {
        await this.#settle(endpoint, true);
      });
    }).catch((error: unknown) => {
      this.#failure = error;
      this.#stop.abort();
    });
  }

  /** @returns false: silent, and to be asked again */
  async #settle(endpoint: Endpoint, isLastLook: boolean): Promise<boolean> {
    if (this.#stop.signal.aborted) return true;
    const deadline = new Deadline(ADDRESS_LIMIT_MS, this.#stop.signal);
    try {
      const look = await lookAt(endpoint, this.#look, deadline);
      if (deadline.stopped === 'cancelled') return true;
      checkSockets(look);
      const isNameless = look.knocked.some(({ error }) => error?.code === 'link/name-not-found');
      if (isSilent(look) && !isLastLook && !isNameless) return false;
      this.#count(look, isNameless ? namelessFound(endpoint, look) : look.found);
      return true;
    } finally {
      deadline.end();
    }
  }

  #count(look: Look, found: Found | null): void {
    const counts = this.#counts;
    counts.done++;
    if (found !== null) {
      if (found.kind === 'miner') counts.miners++;
      else if (found.kind === 'needs-credentials') counts.needCredentials++;
      else counts.others++;
      this.#found.push(found);
      this.#wake();
    } else if (isSilent(look)) counts.silent++;
    else counts.refused++;
    this.#options.onProgress?.({ addresses: this.#targets.count, ...counts });
  }
}

/** Runs `work` over `items` with at most `workers` at once, taking the next item only when a worker is free. */
async function atOnce<T>(workers: number, items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const queue = Iterator.from(items);
  const worker = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

/** A scan that runs out of sockets would report machines as silent that are not: it stops instead. */
function checkSockets({ knocked }: Look): void {
  const short = knocked.find(({ error }) => error !== null && isShortOfSockets(error.cause));
  if (short?.error == null) return;
  const next = 'Scan with a lower concurrency, or raise the limit of open files (ulimit -n).';
  throw new HeadframeError('link/unreachable', { ...short.error.context, next }, short.error.cause);
}

/** A name that does not resolve is told: it is a typing mistake more often than a machine that is off. */
function namelessFound({ host, port }: Endpoint, { knocked }: Look): Found {
  const evidence = knocked.map(({ door, error }) => {
    return { port: door.port, over: null, ask: 'connect', code: error?.code ?? null, said: null };
  });
  const what = 'a name that does not resolve to an address';
  return {
    address: formatAddress(host, port),
    host,
    kind: 'unknown',
    family: null,
    identity: null,
    ports: {},
    what,
    evidence,
  };
}
