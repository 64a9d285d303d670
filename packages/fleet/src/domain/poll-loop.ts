import { asHeadframeError, HeadframeError } from '@headframe/model';
import type { Clock, Poller, Target } from '../ports.ts';
import { UNREACHABLE_AFTER } from './miner.ts';
import type { Registry } from './registry.ts';
import { type Schedule, subnetOf } from './schedule.ts';

/** Wakes are gathered: a thousand machines do not mean a thousand timers. */
const SHORTEST_SLEEP_MS = 20;

export interface PollLoopParts {
  readonly clock: Clock;
  readonly poller: Poller;
  readonly registry: Registry;
  readonly schedule: Schedule;
  /** One deadline for everything that a poll asks. */
  readonly deadlineMs: number;
  /** A mistake of ours, not of a machine. */
  readonly onMistake: (error: HeadframeError) => void;
}

/** Asks every machine when the schedule says so and tells the registry what came of it. */
export class PollLoop {
  readonly #parts: PollLoopParts;
  readonly #running = new Map<Promise<void>, AbortController>();
  #cancelWake: (() => void) | null = null;
  #stopped = false;

  constructor(parts: PollLoopParts) {
    this.#parts = parts;
  }

  /** Takes a machine in; it is asked soon. */
  add(target: Target): void {
    const { registry, schedule, clock } = this.#parts;
    const miner = registry.add(target, clock.now());
    if (miner === undefined) return;
    schedule.add(miner.id, subnetOf(target.address), clock.monotonic());
    this.#wake();
  }

  /** Cancels what is being asked and waits until it ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelWake?.();
    for (const controller of this.#running.values()) controller.abort();
    await Promise.all(this.#running.keys());
  }

  #wake(): void {
    if (this.#stopped) return;
    const { schedule, clock } = this.#parts;
    this.#cancelWake?.();
    this.#cancelWake = null;
    for (const id of schedule.start(clock.monotonic())) this.#launch(id);
    const now = clock.monotonic();
    const next = schedule.wakeAt(now);
    if (next !== null) this.#cancelWake = clock.after(Math.max(next - now, SHORTEST_SLEEP_MS), () => this.#wake());
  }

  #launch(id: string): void {
    const controller = new AbortController();
    const poll = this.#poll(id, controller)
      .catch((thrown: unknown) => this.#parts.onMistake(asHeadframeError(thrown)))
      .finally(() => {
        this.#running.delete(poll);
        this.#wake();
      });
    this.#running.set(poll, controller);
  }

  async #poll(id: string, controller: AbortController): Promise<void> {
    const { registry, schedule, poller, clock, deadlineMs } = this.#parts;
    const miner = registry.get(id);
    if (miner === undefined) {
      schedule.remove(id);
      return;
    }
    const { target } = miner;
    const startedAt = clock.monotonic();
    const elapsed = () => clock.monotonic() - startedAt;
    const cancelDeadline = clock.after(deadlineMs, () => controller.abort());
    try {
      const snapshot = await poller.poll(target, controller.signal);
      if (!registry.has(miner)) return;
      const gone = registry.answered(miner, snapshot, elapsed(), clock.now());
      schedule.finish(id, 0, clock.monotonic());
      for (const former of gone) schedule.remove(former);
      schedule.add(miner.id, subnetOf(target.address), clock.monotonic(), 'in turn');
    } catch (thrown) {
      if (this.#stopped || !registry.has(miner)) return;
      const error = this.#asFailure(thrown, target, elapsed());
      if (error.code === 'internal') this.#parts.onMistake(error);
      registry.failed(miner, error, elapsed(), clock.now());
      // Whoever answers again after that long, or answers something else, may be another machine.
      if (miner.consecutiveFailures === UNREACHABLE_AFTER || !error.code.startsWith('link/')) poller.forget(target);
      schedule.finish(id, miner.consecutiveFailures, clock.monotonic());
    } finally {
      cancelDeadline();
    }
  }

  /** A poll that we ended at its deadline is a machine that did not answer in time. */
  #asFailure(thrown: unknown, { address }: Target, ms: number): HeadframeError {
    const error = asHeadframeError(thrown, { address });
    if (error.code !== 'link/cancelled') return error;
    return new HeadframeError('link/timed-out-waiting', { ...error.context, address, afterMs: Math.round(ms) }, error);
  }
}
