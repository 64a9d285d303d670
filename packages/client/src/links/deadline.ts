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
  readonly #closers: (() => void)[] = [];
  #stopped: StopReason | null = null;
  #ended = false;

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

  /** Calls `close` once when the conversation is over, whatever ended it: for what stays open between its requests. */
  atEnd(close: () => void): void {
    if (this.#ended) close();
    else this.#closers.push(close);
  }

  /** Releases the timer and the abort listener, and closes what stayed open. What is still watching is not told. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#cancel);
    this.#watchers.clear();
    for (const close of this.#closers.splice(0)) close();
  }

  readonly #cancel = (): void => this.#stop('cancelled');

  #stop(reason: StopReason): void {
    if (this.#stopped !== null) return;
    this.#stopped = reason;
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    // First who knows why, then what is closed under them.
    for (const onStop of watchers) onStop(reason);
    this.end();
  }
}

/** The error of a request that was not even begun because its conversation had stopped. */
export function stoppedBefore(deadline: Deadline, reason: StopReason, address: string): HeadframeError {
  if (reason === 'cancelled') return new HeadframeError('link/cancelled', { address });
  return new HeadframeError('link/timed-out-waiting', { address, afterMs: deadline.limitMs });
}
