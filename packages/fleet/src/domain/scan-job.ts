import type { ScanProgress } from '@headframe/api';
import { asHeadframeError } from '@headframe/model';
import type { Clock, ScanEvent, Scanner, Target } from '../ports.ts';

export interface ScanJobParts {
  readonly clock: Clock;
  readonly scanner: Scanner;
  /** Takes in what was found, also what wants a password or answers something unreadable: it must be seen. */
  readonly add: (target: Target) => void;
  /** The progress has changed. */
  readonly onProgress: () => void;
}

/** One scan of ranges, and how far it is. */
export class ScanJob {
  readonly #parts: ScanJobParts;
  readonly #abort = new AbortController();
  readonly #progress: ScanProgress;
  #run: Promise<void> | null = null;

  constructor(ranges: readonly string[], parts: ScanJobParts) {
    this.#parts = parts;
    this.#progress = {
      ranges: [...ranges],
      running: true,
      done: 0,
      total: 0,
      miners: 0,
      needCredentials: 0,
      otherDevices: 0,
      startedAt: parts.clock.now(),
      error: null,
    };
  }

  /** A copy: what was given away does not change any more. */
  get progress(): ScanProgress {
    return { ...this.#progress };
  }

  start(): void {
    this.#run ??= this.#scan();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#run;
  }

  async #scan(): Promise<void> {
    const progress = this.#progress;
    try {
      const watch = {
        signal: this.#abort.signal,
        onProgress: (done: number, total: number) => this.#settled(done, total),
      };
      for await (const event of this.#parts.scanner.scan(progress.ranges, watch)) this.#take(event);
    } catch (thrown) {
      if (!this.#abort.signal.aborted) progress.error = asHeadframeError(thrown).summary;
    }
    progress.running = false;
    this.#parts.onProgress();
  }

  #settled(done: number, total: number): void {
    this.#progress.done = done;
    this.#progress.total = total;
    this.#parts.onProgress();
  }

  #take(event: ScanEvent): void {
    const progress = this.#progress;
    switch (event.kind) {
      case 'miner':
        progress.miners++;
        this.#parts.add(event.target);
        break;
      case 'needs-credentials':
        progress.needCredentials++;
        if (event.target !== null) this.#parts.add(event.target);
        break;
      case 'unreadable':
        this.#parts.add(event.target);
        break;
      case 'other-device':
        progress.otherDevices++;
        break;
    }
    this.#parts.onProgress();
  }
}
