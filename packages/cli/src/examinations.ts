import { type ExamineOptions, examine } from '@headframe/client';
import { type Diagnosis, diagnose } from '@headframe/diagnosis';
import { asHeadframeError, seenValue } from '@headframe/model';
import { atOnce } from './at-once.ts';
import type { DoctorSettings } from './doctor-options.ts';
import { Progress } from './output/progress.ts';
import { reportError } from './output/report-error.ts';

interface Asked {
  readonly targets: readonly string[];
  readonly named: ReadonlySet<string>;
  readonly most: number;
  readonly settings: DoctorSettings;
  readonly json: boolean;
}

/** Examines all machines, again and again where it is asked to. */
export class Examinations {
  /** That of the first machine that could not be examined. */
  exitCode = 0;
  readonly #asked: Asked;
  readonly #options: ReadonlyMap<string, ExamineOptions>;
  readonly #signal: AbortSignal;
  readonly #progress = new Progress();

  constructor(asked: Asked, signal: AbortSignal) {
    this.#asked = asked;
    this.#signal = signal;
    this.#options = new Map(asked.targets.map((address) => [address, asked.settings.optionsOf(address)]));
  }

  get count(): number {
    return this.#asked.targets.length;
  }

  /** In the order of the addresses. @param known addresses at which somebody was before: they are never empty */
  async run(known: ReadonlySet<string> = new Set()): Promise<{ diagnoses: Diagnosis[]; empty: number }> {
    const { targets, named, most } = this.#asked;
    const found = new Map<string, Diagnosis>();
    let done = 0;
    let empty = 0;
    await atOnce(most, targets, async (address) => {
      if (this.#signal.aborted) return;
      const diagnosis = await this.#look(address, (what) => {
        this.#progress.draw(
          done,
          targets.length,
          targets.length === 1 ? what : `${done} of ${targets.length} examined`,
        );
      });
      done++;
      if (diagnosis === null) return;
      if (isEmpty(diagnosis) && !named.has(address) && !known.has(address)) empty++;
      else found.set(address, diagnosis);
    });
    this.#progress.clear();
    return { diagnoses: targets.flatMap((address) => found.get(address) ?? []), empty };
  }

  async #look(address: string, onStep: (what: string) => void): Promise<Diagnosis | null> {
    try {
      const options = this.#options.get(address) ?? {};
      return diagnose(await examine(address, { ...options, signal: this.#signal, onStep }));
    } catch (error) {
      if (this.#signal.aborted) return null;
      this.#progress.clear();
      const code = reportError(asHeadframeError(error, { address }), this.#asked.json);
      if (this.exitCode === 0) this.exitCode = code;
      return null;
    }
  }
}

/** An address of a range where nobody is and nobody was: no machine that could be ill. */
function isEmpty({ examination, verdicts }: Diagnosis): boolean {
  const { ports, neighbour, ping, history, api } = examination;
  // Then nothing is known of any of them.
  if (verdicts[0]?.code === 'own-network.down') return false;
  const answered = Object.values(ports).some((look) => ['open', 'refused'].includes(seenValue(look) ?? ''));
  const known = seenValue(history)?.lastAnswerAt != null || seenValue(neighbour)?.mac != null;
  return !answered && !known && seenValue(ping) !== true && api.every(({ value }) => value.bytes === 0);
}
