import { HeadframeError } from '@headframe/model';
import { type Deadline, type StopReason, stoppedBefore } from './links/deadline.ts';

/**
 * One conversation per device at a time, whoever asks: most of these APIs have a single thread, and one idle or second
 * client blocks it for all others (protocols.md 1.1 and 13.2). First come, first served; waiting counts towards the
 * deadline of who waits and ends when that one is cancelled.
 *
 * The key is the device's address: the host, or `host:port` where a port was named (behind a port forward, several
 * devices share a host).
 */
export class HostQueue {
  /** Hosts in conversation, with who waits for them. */
  readonly #busy = new Map<string, Waiter[]>();

  /** Runs a conversation when its turn has come. Rejects with `device/busy` when the deadline comes first. */
  async run<T>(address: string, deadline: Deadline, conversation: () => Promise<T>): Promise<T> {
    const turn = this.#enter(address, deadline);
    if (turn !== null) await turn;
    try {
      return await conversation();
    } finally {
      this.#leave(address);
    }
  }

  #enter(address: string, deadline: Deadline): Promise<void> | null {
    const waiting = this.#busy.get(address);
    if (waiting === undefined) {
      this.#busy.set(address, []);
      return null;
    }
    return new Promise((resolve, reject) => {
      if (deadline.stopped !== null) return reject(stoppedBefore(deadline, deadline.stopped, address));
      const waiter: Waiter = {
        start: () => {
          deadline.unwatch(giveUp);
          resolve();
        },
      };
      const giveUp = (reason: StopReason): void => {
        waiting.splice(waiting.indexOf(waiter), 1);
        reject(
          reason === 'cancelled'
            ? new HeadframeError('link/cancelled', { address })
            : new HeadframeError('device/busy', { address, afterMs: deadline.limitMs, next: OWN_CONVERSATION }),
        );
      };
      waiting.push(waiter);
      deadline.watch(giveUp);
    });
  }

  #leave(address: string): void {
    const next = this.#busy.get(address)?.shift();
    if (next === undefined) this.#busy.delete(address);
    else next.start();
  }
}

interface Waiter {
  readonly start: () => void;
}

const OWN_CONVERSATION = 'Another conversation of this program with it has not ended yet; try again.';

/** The queue of this process: every conversation of the library goes through it. */
export const hostQueue = new HostQueue();
