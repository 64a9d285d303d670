import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryStore, Remembered } from '@headframe/client';
import { dataFolder } from './data-folder.ts';
import { readNotes } from './read-doctor-notes.ts';

const MOST_MACHINES = 20_000;

/** Between two times that the file is written; the rest is written when the command ends. */
const WRITE_AFTER = 250;

export interface DoctorNotes extends HistoryStore {
  /** Writes what is new. The end of the process does it too. */
  flush(): void;
}

/**
 * What the doctor knows of machines from before, in a file that only this user can read. A file that cannot be read is
 * begun anew; one that cannot be written costs nothing but the memory of this command.
 * @param folder that of the daemon unless told
 */
export function doctorNotes(folder: string = dataFolder(undefined)): DoctorNotes {
  const file = join(folder, 'doctor-notes.json');
  let known: Map<string, Remembered> | null = null;
  const changed = new Map<string, Remembered>();

  const notes: DoctorNotes = {
    recall: (address) => {
      known ??= readFile(file);
      return known.get(address) ?? null;
    },
    remember: (address, remembered) => {
      known ??= readFile(file);
      if (changed.size === 0) process.once('exit', notes.flush);
      for (const machines of [known, changed]) put(machines, address, remembered);
      if (changed.size >= WRITE_AFTER) notes.flush();
    },
    flush: () => {
      process.removeListener('exit', notes.flush);
      if (changed.size === 0) return;
      // Another command may have written since: only what is ours is laid over it.
      const all = readFile(file);
      for (const [address, remembered] of changed) put(all, address, remembered);
      changed.clear();
      write(folder, file, [...all].slice(-MOST_MACHINES));
    },
  };
  return notes;
}

/** The one that was examined last comes last. */
function put(machines: Map<string, Remembered>, address: string, remembered: Remembered): void {
  machines.delete(address);
  machines.set(address, remembered);
}

function readFile(file: string): Map<string, Remembered> {
  try {
    return readNotes(readFileSync(file, 'utf8'));
  } catch {
    return new Map();
  }
}

/** Whole or not at all: a command that is ended in the middle leaves the file as it was. */
function write(folder: string, file: string, machines: readonly (readonly [string, Remembered])[]): void {
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(temporary, `${JSON.stringify({ machines })}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    // Nothing depends on it.
    leaveNothing(temporary);
  }
}

function leaveNothing(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {
    // It was not even begun.
  }
}
