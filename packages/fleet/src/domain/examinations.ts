import type { Diagnosis } from '@headframe/diagnosis';
import { HeadframeError } from '@headframe/model';
import type { Doctor, Past } from '../ports.ts';
import { privatePlace } from './private-place.ts';

/** Each of them opens some connections; a page with many open tabs must not keep the daemon from polling. */
const MOST_ASKED = 8;

/** Who waits for an examination. */
export interface Asker {
  /** Aborts when the asker went away: an examination that nobody waits for any more ends. */
  readonly signal: AbortSignal;
  /** It sits at the computer of the daemon: only such a one may ask for what runs there. */
  readonly isLocal: boolean;
}

/** A machine of the fleet: where it is asked, and what is known of it. */
export interface Known {
  readonly address: string;
  readonly past: Past;
}

/** The examinations of the daemon: few at the same time, one per address, whoever asks. */
export class Examinations {
  readonly #doctor: Doctor;
  /** By id or address; undefined: it is none of the fleet. */
  readonly #find: (name: string) => Known | undefined;
  readonly #running = new Map<string, Running>();

  constructor(doctor: Doctor, find: (name: string) => Known | undefined) {
    this.#doctor = doctor;
    this.#find = find;
  }

  /**
   * @param name an address, or the id of a machine of the fleet
   * @throws HeadframeError `usage/not-allowed` for an address that is none of the fleet and not private, `device/busy`
   */
  async examine(name: string, { signal, isLocal }: Asker): Promise<Diagnosis> {
    const known = this.#find(name);
    const address = known?.address ?? privatePlace(name, isLocal);
    if (address === null) {
      const detail = 'Only machines of the fleet and IP addresses of private networks are examined';
      throw new HeadframeError('usage/not-allowed', { address: name, detail });
    }
    return this.#join(address, known?.past ?? null, true, signal);
  }

  /** One machine of many, by whoever keeps their number small. Rejects with a HeadframeError. */
  examineOneOfMany({ address, past }: Known, signal: AbortSignal): Promise<Diagnosis> {
    return this.#join(address, past, false, signal);
  }

  /** Ends all of them. */
  stop(): void {
    for (const { end } of this.#running.values()) end.abort();
  }

  async #join(address: string, past: Past | null, isAsked: boolean, signal: AbortSignal): Promise<Diagnosis> {
    for (;;) {
      const ending = this.#running.get(address);
      if (ending?.end.signal.aborted !== true) break;
      // Two examinations of one machine would see each other.
      await ending.result.catch(() => {});
    }
    if (signal.aborted) throw new HeadframeError('link/cancelled', { address });
    const running = this.#running.get(address) ?? this.#start(address, past, isAsked);
    const leave = () => {
      running.waiting--;
      if (running.waiting === 0) running.end.abort();
    };
    running.waiting++;
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await running.result;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #start(address: string, past: Past | null, isAsked: boolean): Running {
    if (isAsked && [...this.#running.values()].filter((one) => one.isAsked).length >= MOST_ASKED) {
      const detail = `${MOST_ASKED} machines are being examined; try again when one is done`;
      throw new HeadframeError('device/busy', { address, detail });
    }
    const end = new AbortController();
    const result = this.#doctor.examine(address, past, end.signal).finally(() => this.#running.delete(address));
    const running: Running = { end, result, isAsked, waiting: 0 };
    this.#running.set(address, running);
    return running;
  }
}

interface Running {
  readonly end: AbortController;
  readonly result: Promise<Diagnosis>;
  /** By a person or another program, not as one of many. */
  readonly isAsked: boolean;
  waiting: number;
}
