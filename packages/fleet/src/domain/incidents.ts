import type { IncidentList } from '@headframe/api';
import { blankExamination, type Diagnosis, diagnose, groupDiagnoses } from '@headframe/diagnosis';
import { asHeadframeError, type HeadframeError } from '@headframe/model';
import type { Clock } from '../ports.ts';
import { incidentRecord } from './diagnosis-record.ts';
import type { Examinations, Known } from './examinations.ts';
import type { Miner } from './miner.ts';

/** Each opens some connections, and looks at our own side of them. */
const AT_ONCE = 8;
/** More of them tell nothing that these do not. */
const MOST = 1_000;

export interface IncidentsParts {
  readonly clock: Clock;
  readonly examinations: Pick<Examinations, 'examineOneOfMany'>;
  readonly machines: () => Iterable<Miner>;
  readonly known: (miner: Miner) => Known;
  /** A mistake of ours, not of a machine. */
  readonly onMistake: (error: HeadframeError) => void;
}

interface Round {
  readonly startedAt: number;
  endedAt: number | null;
  readonly asked: readonly Miner[];
  readonly leftOut: number;
  done: number;
  /** Those that answered again when their turn came. */
  cameBack: number;
  readonly found: Map<Miner, Diagnosis>;
  readonly failed: { address: string; message: string }[];
}

/** All machines that do not answer, examined after each other, and what happened to them: each cause once. */
export class Incidents {
  readonly #parts: IncidentsParts;
  readonly #end = new AbortController();
  #round: Round | null = null;
  #running: Promise<unknown> = Promise.resolve();

  constructor(parts: IncidentsParts) {
    this.#parts = parts;
  }

  /** Begins a round, unless one is under way. */
  start(): void {
    if (this.#end.signal.aborted || (this.#round !== null && this.#round.endedAt === null)) return;
    const silent = [...this.#parts.machines()].filter(isSilent);
    const round: Round = {
      startedAt: this.#parts.clock.now(),
      endedAt: null,
      asked: silent.slice(0, MOST),
      leftOut: Math.max(0, silent.length - MOST),
      done: 0,
      cameBack: 0,
      found: new Map(),
      failed: [],
    };
    this.#round = round;
    this.#running = this.#run(round).catch((thrown: unknown) => this.#parts.onMistake(asHeadframeError(thrown)));
  }

  /** Ends the round, and waits until its examinations ended. */
  async stop(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  /** How far it is, and what is known so far. */
  list(): IncidentList {
    const round = this.#round;
    const at = this.#parts.clock.now();
    const silent = [...this.#parts.machines()].filter(isSilent).length;
    const blank = { at, silent, startedAt: null, endedAt: null, total: 0, done: 0, well: 0, leftOut: 0 };
    if (round === null) return { ...blank, failed: [], incidents: [] };
    const { startedAt, endedAt, asked, done, leftOut, found, cameBack, failed } = round;
    const ids = new Map([...found].map(([miner, diagnosis]) => [diagnosis, miner.id]));
    const incidents = groupDiagnoses([...found.values(), ...this.#answering(found)]);
    const well = [...found.values()].filter(({ urgency }) => urgency === 'healthy').length + cameBack;
    return {
      ...blank,
      startedAt,
      endedAt,
      total: asked.length,
      done,
      well,
      leftOut,
      failed: [...failed],
      incidents: incidents.map((incident) => incidentRecord(incident, (one) => ids.get(one) ?? '')),
    };
  }

  async #run(round: Round): Promise<void> {
    const left = round.asked.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const miner of left) {
          if (this.#end.signal.aborted) return;
          await this.#look(miner, round);
          round.done++;
        }
      }),
    );
    round.endedAt = this.#parts.clock.now();
  }

  async #look(miner: Miner, round: Round): Promise<void> {
    const { examinations, known } = this.#parts;
    if (!isSilent(miner)) {
      round.cameBack++;
      return;
    }
    try {
      round.found.set(miner, await examinations.examineOneOfMany(known(miner), this.#end.signal));
    } catch (thrown) {
      const { address } = miner.row;
      const error = asHeadframeError(thrown, { address });
      if (error.code === 'internal') this.#parts.onMistake(error);
      round.failed.push({ address, message: error.message });
    }
  }

  /** The machines that answer their polls: without them every subnet would look as if all of it were down. */
  *#answering(examined: ReadonlyMap<Miner, Diagnosis>): Generator<Diagnosis> {
    for (const miner of this.#parts.machines()) {
      if (miner.link !== 'ok' || examined.has(miner)) continue;
      const { address } = miner.row;
      const { examination } = ANSWERS;
      yield { ...ANSWERS, address, examination: { ...examination, subject: { ...examination.subject, address } } };
    }
  }
}

/** Not one that was not asked yet. */
const isSilent = ({ link }: Miner): boolean => link !== 'ok' && link !== 'waiting';

/** What a poll that succeeded is to the rules. */
const ANSWERS: Diagnosis = diagnose({
  ...blankExamination(),
  api: [
    {
      value: {
        request: 'summary',
        outcome: 'answered',
        error: null,
        vendorCode: null,
        repairs: 0,
        isEmpty: false,
        ms: 0,
        bytes: 0,
      },
      at: 0,
      ms: 0,
      bytes: 0,
      line: 'its last poll was answered',
      command: null,
    },
  ],
});
