import { between, hash32, streamKey } from '../sim/counter-random.ts';
import type { WorkDone } from '../sim/device.ts';
import { workDone } from '../sim/work-done.ts';
import { ASSUMED } from './sim-assumed.ts';
import { Connections } from './sim-connections.ts';
import { Gpu, HASHES_PER_DIFFICULTY, type PauseReason } from './sim-gpu.ts';
import type { RigPlan, RigSwitches } from './sim-plan.ts';

export interface ProcessStart {
  readonly plan: RigPlan;
  readonly switches: RigSwitches;
  readonly seed: number;
  /** Number of the run: each draws its own nonce. */
  readonly run: number;
  readonly startedAt: number;
}

/** Where rigs start that were all given the same nonce. */
const SHARED_NONCE = 0x6f3ab2803cfeea12n;

/** One run of ethminer. What the API changes lives here and is gone with it (protocols.md 5.5). */
export class EthminerProcess {
  readonly start: ProcessStart;
  readonly connections: Connections;
  readonly gpus: readonly Gpu[];
  verbosity = 1;
  segmentWidth: number;
  /** Unsigned 64-bit. */
  startNonce: bigint;
  /** Entries of GPUs that are no more, behind the real ones in miner_getstat1 (transcripts README, surprise 4). */
  leftovers = 0;
  /** False until it was connected for the first time. */
  mining = false;
  #shuffles = 0;
  #wasConnected = true;
  #settledTo = Number.NEGATIVE_INFINITY;

  constructor(start: ProcessStart) {
    const { plan, switches, seed, run, startedAt } = start;
    this.start = start;
    this.segmentWidth = plan.release.segmentWidth;
    this.startNonce = switches.sharedNonce ? SHARED_NONCE : this.#drawNonce();
    this.connections = new Connections({ seed, uris: plan.connections, startedAt, deadFirst: switches.deadPool });
    const roomC = between(streamKey(seed, 'room'), 0, 19, 27);
    this.gpus = plan.gpus.map(
      (gpu, index) =>
        new Gpu({
          ...{ plan: gpu, index, seed, run, startedAt, roomC },
          difficulty: plan.difficulty,
          stalledFan: switches.stalledFan && index === 0,
          luckless: plan.luckless,
          stop: plan.temperatureStop,
        }),
    );
    // What a GPU lacks shows at the start and stays.
    const [first] = this.gpus;
    if (switches.smallMemory) first?.pause(startedAt, 'Insufficient GPU memory');
    if (switches.epochError) first?.pause(startedAt, 'Epoch initialization error');
    // Somebody paused them all before anybody asked; after a start from the command line they work.
    if (switches.asleep && run === 0) this.#all((gpu) => gpu.pause(startedAt, 'Api request'));
  }

  #all(what: (gpu: Gpu) => void): void {
    for (const gpu of this.gpus) what(gpu);
  }

  /** Brings it up to a time: pools that come and go, GPUs at their limits. Always in their order. */
  settle(now: number): void {
    for (;;) {
      const limits = this.gpus.map((gpu) => gpu.nextLimit(this.#settledTo));
      const at = Math.min(this.connections.next, ...limits);
      if (at > now) break;
      this.#settledTo = at;
      for (const [i, limit] of limits.entries()) if (limit === at) this.gpus[i]?.atLimit(at);
      if (this.connections.next === at) this.connections.step(at, now);
      this.#followConnection(at);
    }
    this.#settledTo = Math.max(this.#settledTo, now);
  }

  #followConnection(at: number): void {
    const { connected } = this.connections;
    if (connected && !this.mining) {
      this.mining = true;
      this.#all((gpu) => gpu.build(at));
    } else if (this.mining && connected !== this.#wasConnected) {
      const reason: PauseReason = 'Farm suspended';
      this.#all((gpu) => (connected ? gpu.resume(at, reason) : gpu.pause(at, reason)));
    }
    this.#wasConnected = connected;
  }

  /** The GPUs that replies list. */
  get listed(): readonly Gpu[] {
    return this.mining || ASSUMED.listedBeforeConnected ? this.gpus : [];
  }

  runtimeS(now: number): number {
    return Math.max(0, Math.floor((now - this.start.startedAt) / 1000));
  }

  rateHs(now: number): number {
    return this.listed.reduce((sum, gpu) => sum + gpu.rateHs(now), 0);
  }

  shares(now: number) {
    const sum = { accepted: 0, rejected: 0, stale: 0, failed: 0 };
    for (const gpu of this.gpus) {
      const own = gpu.shares(now);
      for (const key of ['accepted', 'rejected', 'stale', 'failed'] as const) sum[key] += own[key];
    }
    return sum;
  }

  /** It counts no shares by pool: all stand with the one that it is connected to. */
  workDone(now: number): WorkDone[] {
    const { plan, startedAt } = this.start;
    const { uri } = this.connections.active;
    const [, scheme = '', worker = '', where = ''] = /^([^:]*:\/\/)(?:([^@/:]*)[^@/]*@)?([^/?#]*)/.exec(uri) ?? [];
    const shares = (at: number) => this.shares(at);
    const lastShareAt = (at: number) =>
      shares(at).accepted === 0 ? null : Math.max(...this.gpus.map((gpu) => gpu.lastShareAt(at)));
    const difficulty = plan.difficulty / HASHES_PER_DIFFICULTY;
    return workDone(now, { startedAt }, [{ url: scheme + where, worker, difficulty, shares, lastShareAt }]);
  }

  /** Seconds since the last accepted share of one GPU or of any, or since the start. */
  sinceShareS(now: number, of: readonly Gpu[] = this.gpus): number {
    const last = of.reduce((latest, gpu) => Math.max(latest, gpu.lastShareAt(now)), this.start.startedAt);
    return Math.max(0, Math.floor((now - last) / 1000));
  }

  /** The nonces [first, behind the last] of a GPU's segment, modulo 2^64. */
  segment(gpu: number): readonly [bigint, bigint] {
    const width = BigInt(this.segmentWidth);
    const from = BigInt.asUintN(64, this.startNonce + (BigInt(gpu) << width));
    return [from, BigInt.asUintN(64, from + (1n << width))];
  }

  shuffle(): void {
    this.#shuffles++;
    this.startNonce = this.#drawNonce();
  }

  #drawNonce(): bigint {
    const key = streamKey(this.start.seed, 'nonce', this.start.run);
    const half = (n: number): bigint => BigInt(hash32(key, this.#shuffles * 2 + n));
    return (half(0) << 32n) | half(1);
  }

  /** Mining stops, the DAG is rebuilt, the pool connection stays. */
  restart(now: number): void {
    if (!this.mining) return;
    if (this.start.switches.growingLists) this.leftovers = Math.min(this.leftovers + this.gpus.length, MOST_LEFTOVERS);
    this.#all((gpu) => gpu.build(now));
  }

  choose(index: number, now: number): void {
    this.connections.choose(index, now);
    this.#followConnection(now);
  }
}

/** Nothing in the program clears them; somebody who restarts without end must not fill the memory. */
const MOST_LEFTOVERS = 60_000;
