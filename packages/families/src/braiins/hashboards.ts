import type { Parameter } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { invalid } from './looks.ts';
import type { Machine } from './through.ts';

/* A hashboard by the id that the machine itself gives it: a text, as a rule a number from 1 on. */

export const hashboardId = (source: string): Parameter<string> => ({
  kind: 'text',
  about: 'id of the hashboard, as the machine tells it',
  takes: 'an id of 1 to 32 letters, digits, - and _, such as 1',
  source,
  optional: false,
  secret: false,
  read: (given) => {
    const text = typeof given === 'number' ? String(given) : given;
    return typeof text === 'string' && /^[\w-]{1,32}$/.test(text) ? text : undefined;
  },
});

export const hashboardsOf = async (machine: Machine): Promise<Fields[]> =>
  (await machine.ask('GetHashboards')).list('hashboards').map((one) => new Fields(one));

/**
 * What a person should know of the board that is meant.
 * @throws HeadframeError `usage/invalid` where the machine has none with this id
 */
export async function meantBoard(machine: Machine, id: string, named: string): Promise<string> {
  const boards = await hashboardsOf(machine);
  const board = boards.find((one) => one.str('id') === id);
  if (board === undefined) {
    const ids = boards.map((one) => one.str('id')).join(', ');
    throw invalid(`${named} takes the id of a hashboard of this machine (${ids || 'it tells none'}), not ${id}`);
  }
  const serial = board.str('serial_number');
  const chips = board.int('chips_count');
  return [
    `Hashboard ${id} is number ${boards.indexOf(board) + 1} of ${boards.length}`,
    ...(serial === null ? [] : [`serial number ${serial}`]),
    ...(chips === null ? [] : [`${chips} chips`]),
  ].join(', ');
}
