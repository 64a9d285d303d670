import { HeadframeError } from '@headframe/model';

/** Why a conversation must stop: its time is over, or the caller does not want it any more. */
export type StopReason = 'late' | 'cancelled';

/**
 * One time limit over a whole conversation, whatever the number of its requests, together with the caller's
 * cancellation. One timer and at most one abort listener per conversation; `end()` releases both.
 */
export class Deadline {
  /** The limit, in milliseconds. */
  readonly limitMs: number;
  readonly #watchers = new Set<(reason: StopReason) => void>();
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  #stopped: StopReason | null = null;

  constructor(limitMs: number, signal?: AbortSignal) {
    this.limitMs = limitMs;
    this.#signal = signal;
    this.#timer = setTimeout(() => this.#stop('late'), limitMs);
    if (signal?.aborted) this.#stop('cancelled');
    else signal?.addEventListener('abort', this.#cancel);
  }

  /** Why it has stopped; null while there is time. */
  get stopped(): StopReason | null {
    return this.#stopped;
  }

  /** Calls `onStop` when the time is over or the caller cancels; not called at once if that has happened already. */
  watch(onStop: (reason: StopReason) => void): void {
    this.#watchers.add(onStop);
  }

  unwatch(onStop: (reason: StopReason) => void): void {
    this.#watchers.delete(onStop);
  }

  /** Releases the timer and the abort listener. What is still watching is not told. */
  end(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#watchers.clear();
  }

  readonly #cancel = (): void => this.#stop('cancelled');

  #stop(reason: StopReason): void {
    if (this.#stopped !== null) return;
    this.#stopped = reason;
    const watchers = [...this.#watchers];
    this.end();
    for (const onStop of watchers) onStop(reason);
  }
}

/** The error of a request that was not even begun because its conversation had stopped. */
export function stoppedBefore(deadline: Deadline, reason: StopReason, address: string): HeadframeError {
  if (reason === 'cancelled') return new HeadframeError('link/cancelled', { address });
  return new HeadframeError('link/timed-out-waiting', { address, afterMs: deadline.limitMs });
}
