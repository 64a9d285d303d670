import { type Clock, HeadframeError } from '@headframe/model';
import type { Fault } from '../faults/kinds.ts';
import type { Pool } from '../pools/start-pool.ts';
import { addressIn, BLOCK_SIZE, BLOCKS, hasLoopbackRange, probeBlock } from './addresses.ts';
import { processesFor } from './descriptors.ts';
import { type FarmPool, startFarmPool } from './farm-pool.ts';
import { invalid } from './invalid.ts';
import type { FarmMix, MachineLine, Place, ShareWorker, Survey } from './orders.ts';
import { shareInProcess } from './processes.ts';

export interface FarmOptions extends FarmMix {
  /** The first address, 127.x.y.z; a free block is chosen when left out. */
  readonly base?: string;
  /** Listen on this address, with own ports for each machine, instead of on loopback. */
  readonly bind?: string;
  /** Faults of every machine. */
  readonly faults?: readonly Fault[];
  /** A folder with a built web page that stands in front of every machine's own. */
  readonly www?: string;
  /** A pool that counts what they submit, whatever pools they name, on 127.0.0.1 or the address of `bind`. */
  readonly pool?: FarmPool;
  /** Serve everything in this process: for tests and small farms. */
  readonly inProcess?: boolean;
  /** The simulated time of a farm in this process; the real time otherwise. */
  readonly clock?: Clock;
}

export interface Farm {
  readonly machines: readonly MachineLine[];
  /** Ports that this user may not bind, with what is served instead: `{80: 10080}`. Empty as a rule. */
  readonly standIns: Readonly<Record<number, number>>;
  /** Processes beside this one. */
  readonly pids: readonly number[];
  /** Where one was asked for. */
  readonly pool?: Pool;
  /** Resolves when one of these processes ended by itself, with the reason; its machines are gone. */
  readonly lost: Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a farm of simulated machines, each on a loopback address of its own where the system has them.
 * The machines live in processes of their own, which end with this one however it ends.
 * @throws HeadframeError `usage/invalid` (too many machines for the descriptors, unknown family, wrong address), `usage/port-in-use` (of a machine, or of the pool)
 */
export async function startFarm(options: FarmOptions): Promise<Farm> {
  const { count, base } = options;
  if (!Number.isInteger(count) || count < 1 || count > BLOCK_SIZE) {
    throw invalid(`A farm has 1 to ${BLOCK_SIZE} machines, not ${count}`);
  }
  if (base !== undefined && !isLoopback(base)) {
    throw invalid(`A farm begins at a loopback address such as 127.20.0.1, not at ${JSON.stringify(base)}`);
  }
  const workers = [await newWorker(options)];
  try {
    const started = await startIn(workers, options);
    if (options.pool === undefined) return started;
    const { bind = '127.0.0.1', clock = { now: Date.now }, count } = options;
    const pool = await startFarmPool(options.pool, bind, clock, workers, count);
    return {
      ...started,
      pool,
      close: async () => {
        await pool.close();
        await started.close();
      },
    };
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.end()));
    throw error;
  }
}

const isLoopback = (address: string) =>
  /^127(\.(0|[1-9]\d{0,2})){3}$/.test(address) && address.split('.').every((byte) => Number(byte) < 256);

async function newWorker({ inProcess, clock }: FarmOptions): Promise<ShareWorker> {
  if (inProcess !== true) return shareInProcess();
  const { shareHere } = await import('./share.ts');
  return shareHere(clock ?? { now: Date.now });
}

/** Everything is counted before anything is served. */
async function startIn(workers: ShareWorker[], options: FarmOptions): Promise<Farm> {
  const [first] = workers as [ShareWorker];
  const survey = await first.survey(mixOf(options));
  const processes = processesFor(options.count, survey.listeners / options.count);
  while (options.inProcess !== true && workers.length < processes) workers.push(await newWorker(options));
  if (options.bind !== undefined || !(await hasLoopbackRange())) {
    const machines = await serve(workers, { address: options.bind ?? '127.0.0.1' }, options);
    return farm(workers, machines, []);
  }
  return onAddresses(workers, survey, options);
}

/** Every machine on an address of its own, in the first block that is free. */
async function onAddresses(workers: readonly ShareWorker[], survey: Survey, options: FarmOptions): Promise<Farm> {
  const { base } = options;
  let taken = 0;
  for (let block = 0; block < (base === undefined ? BLOCKS : 1); block++) {
    const found = await probeBlock(base ?? addressIn(block, 0), survey.ports);
    if (found.taken !== null) {
      taken = found.taken;
      continue;
    }
    const standIns = [...found.standIns];
    try {
      const place = base === undefined ? { block, standIns } : { base, standIns };
      return farm(workers, await serve(workers, place, options), standIns);
    } catch (error) {
      // Somebody came in between: the next block.
      const inUse = error instanceof HeadframeError && error.code === 'usage/port-in-use';
      if (!inUse || base !== undefined) throw error;
    }
  }
  const where = base ?? 'every loopback block of the simulator';
  throw new HeadframeError('usage/port-in-use', {
    address: `Port ${taken} on ${where}`,
    next: 'Choose another block with --base 127.x.y.z, or end the program that listens there.',
  });
}

/** Gives each worker its share; when one fails, none serves anything. */
async function serve(workers: readonly ShareWorker[], place: Place, options: FarmOptions): Promise<MachineLine[]> {
  const { count, faults = [], www } = options;
  const page = www === undefined ? {} : { www };
  const size = Math.ceil(count / workers.length);
  const orders = workers.map((_, i) => ({ from: i * size, to: Math.min(count, (i + 1) * size) }));
  const mix = mixOf(options);
  const answers = await Promise.allSettled(
    workers.map((worker, i) => worker.serve({ mix, place, faults, ...page, from: 0, to: 0, ...orders[i] })),
  );
  const failure = answers.find((answer) => answer.status === 'rejected');
  if (failure === undefined) return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  await Promise.all(workers.map((worker) => worker.clear().catch(() => {})));
  throw failure.reason;
}

const mixOf = ({ count, seed, families, profile, quirks }: FarmOptions): FarmMix => ({
  count,
  seed,
  ...(families && { families }),
  ...(profile !== undefined && { profile }),
  ...(quirks && { quirks }),
});

const farm = (
  workers: readonly ShareWorker[],
  machines: readonly MachineLine[],
  standIns: readonly (readonly [number, number])[],
): Farm => ({
  machines,
  standIns: Object.fromEntries(standIns),
  pids: workers.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
  lost: Promise.race(workers.flatMap(({ lost }) => lost ?? [])),
  close: async () => {
    await Promise.all(workers.map((worker) => worker.end()));
  },
});
