import type { MinerRow } from '@headframe/api';
import { stateWord } from './state-word.ts';

export const SHOWS = ['all', 'sick', 'mining', 'silent'] as const;
export type Show = (typeof SHOWS)[number];

/** Whether a machine counts as sick: something is wrong that a person should look at. */
export const isSick = ({ severity }: MinerRow): boolean => severity !== null && severity !== 'info';

const isShown: Record<Show, (row: MinerRow) => boolean> = {
  all: () => true,
  sick: isSick,
  mining: ({ state }) => state === 'mining',
  silent: ({ link }) => link !== 'ok',
};

/** The rows that fit: every word of the search must be somewhere in what the row says. */
export function filterRows(rows: Iterable<MinerRow>, search: string, show: Show): MinerRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return [...rows].filter((row) => isShown[show](row) && fits(row, words));
}

function fits(row: MinerRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { make, model, family, firmware, firmwareVersion, address, pool, worker, reasons } = row;
  const texts = [make, model, family, firmware, firmwareVersion, address, pool, worker, stateWord(row)];
  const all = [...texts, ...reasons.map(({ text }) => text)].join(' ').toLowerCase();
  return words.every((word) => all.includes(word));
}
