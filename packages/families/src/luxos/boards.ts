import { HeadframeError, integer, type Links, optional } from '@headframe/model';
import { askDocument, section } from '@headframe/wire/cgminer';
import type { Fields } from '@headframe/wire/json';

/** LuxOS counts hashboards from 0, and reads 0 to 3 as one (protocols.md 8). */
export const hashboard = integer({
  about: 'hashboard, by its number in devs',
  min: 0,
  max: 3,
  source: 'LuxOS API, board numbers',
});

export const someHashboard = optional({ ...hashboard, about: 'hashboard, by its number in devs; all if left out' });

/** Records of DEVS by board number. They come in any order (protocols.md 8). */
export async function boardsOf(links: Links): Promise<Map<number, Fields>> {
  const devs = section(await askDocument(links, 'devs'), 'DEVS');
  const boards = devs.map((record, place): [number, Fields] => [record.int('ASC') ?? place, record]);
  return new Map(boards.sort(([a], [b]) => a - b));
}

/**
 * The hashboards that are meant.
 * @param given undefined: all
 * @throws HeadframeError `usage/invalid` when this machine has no such board; nothing was sent
 */
export async function meantBoards(links: Links, given: number | undefined): Promise<number[]> {
  const boards = [...(await boardsOf(links)).keys()];
  if (given === undefined && boards.length > 0) return boards;
  if (given !== undefined && boards.includes(given)) return [given];
  const which = given === undefined ? 'hashboards' : `hashboard ${given}`;
  const detail = `This machine has no ${which} (it has: ${boards.join(', ') || 'none'}); nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}
