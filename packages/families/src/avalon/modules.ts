import type { Replies } from '@headframe/model';
import { section } from '@headframe/wire/cgminer';
import { type MmRecord, parseMmRecord } from './mm-record.ts';

/** One controller module: its summary record, and the records of its hashboards where they come apart (`HBinfo`). */
export interface Module {
  /** Its number: 0, or from 1 on behind an older controller. */
  readonly id: number;
  readonly main: MmRecord;
  readonly boards: readonly MmRecord[];
}

const MODULE_KEY = /^MM ID(\d+)/;

/** The modules that an Avalon reports: one on every machine since the A8, several behind an older AUC controller. */
export function modulesOf(replies: Replies): Module[] {
  for (const command of ['stats', 'estats', 'litestats']) {
    const modules = section(replies.get(command)?.doc, 'STATS').flatMap((record) => {
      const boards = groupsOf(record.str('HBinfo'))
        .filter(([name]) => name.startsWith('HB'))
        .map(([, board]) => board);
      return record
        .keys()
        .filter((key) => MODULE_KEY.test(key))
        .flatMap((key) => {
          const groups = new Map(groupsOf(record.str(key)));
          const main = groups.get('STATS') ?? groups.get('');
          const id = Number(MODULE_KEY.exec(key)?.[1] ?? 0);
          return main === undefined ? [] : [{ id, main, boards }];
        });
    });
    if (modules.length > 0) return modules;
  }
  return [];
}

const groupsOf = (text: string | null): [string, MmRecord][] => (text === null ? [] : [...parseMmRecord(text)]);
