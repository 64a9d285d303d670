import type { Miner } from '@headframe/client';
import { type ErrorSummary, HeadframeError } from '@headframe/model';
import {
  type CommandMatrix,
  cgminerText,
  expectedAsVerified,
  expectedByPage,
  type MatrixColumn,
  type MatrixRow,
  type Presence,
  type VerifiedCommand,
} from '@headframe/model/matrix';

/*
 * A device held to the command matrix. Only what the real cgminer takes for a read is run; whether there is any other
 * command is asked with `check`, which runs nothing (protocols.md 1.4, 1.7).
 */

/** One command of the matrix, and what the device made of it. */
export interface CheckedCommand {
  readonly command: string;
  /** `run`: it was sent itself; `check`: only asked after; `not-asked`: the device cannot be asked, or went silent. */
  readonly asked: 'run' | 'check' | 'not-asked';
  /** Null: the device did not tell. */
  readonly observed: Presence | null;
  /** The device's own status code and words. */
  readonly code: number | null;
  readonly said: string | null;
  /** Why there is no answer to read. */
  readonly error: ErrorSummary | null;
  /** Why it was not asked. */
  readonly why: string | null;
  /** The page's cell, with its star; null where the page has no such row or column. */
  readonly printed: string | null;
  readonly verified: string;
  readonly differsFromPage: boolean;
  readonly differsFromVerified: boolean;
}

/** The part of a `Miner` that is needed here. */
export type Asker = Pick<Miner, 'api'>;

interface Subject {
  readonly command: string;
  readonly verified: VerifiedCommand;
  readonly row: MatrixRow | null;
}

interface Observation {
  readonly asked: CheckedCommand['asked'];
  readonly observed: Presence | null;
  readonly code?: number | null;
  readonly said?: string | null;
  readonly error?: ErrorSummary;
  readonly why?: string;
}

/** What a read wants for a parameter: the first board or device, a command that every program has. */
const PARAMETERS: Readonly<Record<string, string>> = { asc: '0', pga: '0', check: 'version' };

/** A device that is silent this often in a row is left alone. */
const MOST_FAILURES = 2;

/**
 * Asks a device for every command of the matrix, one short connection each.
 * @param column what the device is held to
 * @param tell is told before each question how many are done
 * @throws HeadframeError when the device does not answer the first two questions
 */
export async function checkMatrix(
  miner: Asker,
  matrix: CommandMatrix,
  column: MatrixColumn,
  tell: (done: number, total: number) => void = () => {},
): Promise<CheckedCommand[]> {
  const subjects: Subject[] = [
    ...matrix.commands.map((row) => ({ command: row.command, verified: row.verified, row })),
    ...matrix.neighbours.map(({ command, verified }) => ({ command, verified, row: null })),
  ];
  const conversation = new Conversation(miner);
  const checked: CheckedCommand[] = [];
  for (const subject of subjects) {
    tell(checked.length, subjects.length);
    checked.push(compared(subject, column, await conversation.about(subject)));
  }
  tell(subjects.length, subjects.length);
  return checked;
}

class Conversation {
  readonly #miner: Asker;
  #failures = 0;
  #hasAnswered = false;
  /** Whether `check` can be used on this device; null until it was tried. */
  #checks: boolean | null = null;

  constructor(miner: Asker) {
    this.#miner = miner;
  }

  /** Runs a command that cgminer takes for a read, and asks after all others. */
  async about({ command, verified }: Subject): Promise<Observation> {
    if (verified.cgminer?.access === 'read') {
      const observation = await this.#ask(command, PARAMETERS[command], 'run');
      if (command === 'check') this.#checks = observation.observed === 'usable';
      return observation;
    }
    this.#checks ??= (await this.#ask('check', PARAMETERS.check, 'check')).observed === 'usable';
    if (!this.#checks) return { asked: 'not-asked', observed: null, why: 'check cannot be used' };
    return this.#ask('check', command, 'check');
  }

  async #ask(command: string, parameter: string | undefined, asked: 'run' | 'check'): Promise<Observation> {
    if (this.#failures >= MOST_FAILURES) return { asked: 'not-asked', observed: null, why: 'it had stopped answering' };
    try {
      const { decoded, error } = await this.#miner.api(command, parameter);
      this.#failures = 0;
      this.#hasAnswered = true;
      const reply = decoded?.parts.values().next().value;
      if (error !== null || reply === undefined) {
        return { asked, observed: null, ...(error === null ? {} : { error: error.summary }) };
      }
      const [{ code = null, msg = null } = {}] = reply.status;
      const observed = asked === 'run' ? ofStatus(code) : ofCheck(reply.sections.get('CHECK')?.[0]);
      return { asked, observed, code, said: msg };
    } catch (thrown) {
      if (!(thrown instanceof HeadframeError) || !thrown.code.startsWith('link/')) throw thrown;
      this.#failures++;
      if (!this.#hasAnswered && this.#failures >= MOST_FAILURES) throw thrown;
      return { asked, observed: null, error: thrown.summary };
    }
  }
}

/** Any other refusal is one of the parameter: the command is there (protocols.md 1.6). */
const ofStatus = (code: number | null): Presence => (code === 14 ? 'absent' : code === 45 ? 'denied' : 'usable');

function ofCheck(record: Record<string, unknown> | undefined): Presence | null {
  const { Exists: exists, Access: access } = record ?? {};
  if (exists === 'N') return 'absent';
  if (exists !== 'Y') return null;
  return access === 'Y' ? 'usable' : access === 'N' ? 'denied' : null;
}

function compared({ command, verified, row }: Subject, column: MatrixColumn, seen: Observation): CheckedCommand {
  const { asked, observed, code = null, said = null, error = null, why = null } = seen;
  const cell = column === 'cgminer' ? undefined : row?.printed[column];
  const differs = (expected: readonly Presence[] | null) =>
    observed !== null && expected !== null && !expected.includes(observed);
  return {
    command,
    asked,
    observed,
    code,
    said,
    error,
    why,
    printed: cell === undefined ? null : `${cell.value}${cell.inferred ? '*' : ''}`,
    verified: column === 'cgminer' ? cgminerText(verified.cgminer) : (verified.families[column] ?? ''),
    differsFromPage: row !== null && differs(expectedByPage(row, column)),
    differsFromVerified: differs(expectedAsVerified(verified, column)),
  };
}

/** Firmware as the families name it, by the column that the page has for it. */
const COLUMN_OF_FIRMWARE: Readonly<Record<string, MatrixColumn>> = {
  'braiins-os': 'braiins',
  luxos: 'luxos',
  'dcent-os': 'dcent',
};

/** The column that a machine is held to: its firmware's, that of stock Antminers, or cgminer for all else. */
export function columnOf({ family, identity }: Pick<Miner, 'family' | 'identity'>): MatrixColumn {
  if (family.id === 'antminer') return 'stock';
  return COLUMN_OF_FIRMWARE[identity.firmware ?? family.id] ?? 'cgminer';
}
