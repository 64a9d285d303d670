import { commandMatrix } from '@headframe/model/matrix';
import { expect, test } from 'vitest';
import { FAMILIES, filterCommands, parseMatrixSearch } from './matrix-filter.ts';

const { commands } = commandMatrix();
const names = (search: Parameters<typeof filterCommands>[1], families = FAMILIES) =>
  filterCommands(commands, search, families).map(({ command }) => command);

test('without a search all 50 commands are shown', () => {
  expect(names({})).toHaveLength(50);
});

test('every word of the search must be somewhere in the row, in the columns that are shown', () => {
  expect(names({ find: 'pool PRIORITY order' })).toEqual(['poolpriority']);
  expect(names({ find: 'set_miner_conf curtail' })).toEqual(['curtail']);
  expect(names({ find: 'fans clients' })).toEqual(['fans']);
  expect(names({ find: 'fans clients' }, ['luxos'])).toEqual([]);
});

test('rows whose views differ are those that differ in a column that is shown', () => {
  expect(names({ differing: true }, ['braiins'])).toEqual([
    'notify',
    'privileged',
    'switchpool',
    'enablepool',
    'disablepool',
    'addpool',
    'removepool',
    'tempctrl',
  ]);
});

test('what does not fit in the address is left out', () => {
  expect(parseMatrixSearch({ find: 4028, family: 'luxos', differing: true })).toEqual({
    find: '4028',
    family: 'luxos',
    differing: true,
  });
  expect(parseMatrixSearch({ find: {}, family: 'avalon', differing: 'yes' })).toEqual({});
});
