import type { MinerRow } from '@headframe/api';
import { LINK_WORDS, STATE_WORDS, UNREADABLE_WORD } from '../texts.ts';

/** Whether a device answers with something that nobody can read. */
export const isUnreadable = ({ link, reasons }: MinerRow): boolean =>
  link === 'failing' && reasons[0]?.code.startsWith('protocol/') === true;

/** The state of a machine in one or two words. */
export function stateWord(row: MinerRow): string {
  if (row.link === 'ok') return STATE_WORDS[row.state];
  return isUnreadable(row) ? UNREADABLE_WORD : LINK_WORDS[row.link];
}
