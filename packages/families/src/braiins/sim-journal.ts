import { streamKey, uniform } from '../sim/counter-random.ts';

/** A hardware error or trouble as the machine shows it (MinerError of the contract). */
export interface JournalError {
  readonly at: number;
  readonly message: string;
  readonly codes: readonly { readonly code: string; readonly reason: string; readonly hint: string }[];
  readonly components: readonly { readonly name: string; readonly index: number }[];
}

export type LogName = 'bosminer' | 'boser' | 'monitor' | 'syslog' | 'dmesg';

interface LogLine {
  readonly at: number;
  readonly log: LogName;
  readonly text: string;
}

const MOST_ERRORS = 100;
const MOST_LINES = 1000;

/** Errors and log lines, oldest first. */
export class Journal {
  readonly #key: number;
  #errors: readonly JournalError[] = [];
  #lines: readonly LogLine[] = [];

  constructor(seed: number) {
    this.#key = streamKey(seed, 'journal');
  }

  error(error: JournalError): void {
    this.#errors = [...this.#errors.slice(1 - MOST_ERRORS), error];
    this.note(error.at, 'bosminer', `ERROR ${error.message}`);
  }

  note(at: number, log: LogName, text: string): void {
    this.#lines = [...this.#lines.slice(1 - MOST_LINES), { at, log, text }];
  }

  /** Errors up to a time. */
  errors(now: number): readonly JournalError[] {
    return this.#errors.filter(({ at }) => at <= now);
  }

  /** A log as text. */
  text(now: number, log: LogName | 'errors'): string {
    const lines =
      log === 'errors'
        ? this.errors(now).map(({ at, message }) => ({ at, text: message }))
        : this.#lines.filter((line) => line.log === log && line.at <= now);
    return lines.map(({ at, text }) => `${this.stamp(at)} ${text}\n`).join('');
  }

  /** `2026-03-22T05:43:43.268950Z`: by the captured machine's habit in microseconds. */
  stamp(at: number): string {
    const micros = Math.floor(uniform(this.#key, at) * 1000);
    return new Date(at).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
  }
}
