import type { MakeData } from './row.ts';

// Each row: model, variant, names on the wire, algorithm, hashboards, chips per board, fans, how many sources, disputes.

/** Canaan. The two rows of the Avalon Q are one machine under two names; they disagree about its fans. */
export const canaan: MakeData = {
  make: 'Canaan',
  lines: ['Avalon', 'AvalonMiner'],
  rows: [
    ['1026', null, ['1026'], 'sha256d', 3, 80, 2, 2],
    ['1047', null, ['1047'], 'sha256d', 3, 80, 2, 2],
    ['1066', null, ['1066'], 'sha256d', 3, 114, 4, 2],
    ['1126 Pro', null, ['1126PRO'], 'sha256d', 3, 120, 4, 2],
    ['1166 Pro', null, ['1166PRO'], 'sha256d', 3, 120, 4, 2],
    ['1246', null, ['1246'], 'sha256d', 3, 120, 4, 2],
    ['1466', null, ['1466'], null, 3, 176, 2, 1],
    ['15', null, ['15', '15PRO'], null, 3, 160, 2, 1],
    ['1566', null, ['1566'], 'sha256d', 3, 160, 2, 2],
    ['1566HA', null, ['1566HA'], null, 4, 160, 0, 1],
    ['1566HU', null, ['1566HU'], null, 3, 160, 0, 1],
    ['721', null, ['721'], 'sha256d', 4, 18, 1, 2],
    ['741', null, ['741'], 'sha256d', 4, 22, 1, 2],
    ['761', null, ['761'], 'sha256d', 4, 18, 1, 2],
    ['821', null, ['821'], 'sha256d', 4, 26, 1, 2],
    ['841', null, ['841'], 'sha256d', 4, 26, 1, 2],
    ['851', null, ['851'], 'sha256d', 4, 26, 1, 2],
    ['921', null, ['921'], 'sha256d', 4, 26, 1, 2],
    ['Q', null, ['Q'], null, 1, 160, 4, 1],
    ['Mini 3', null, [], 'sha256d', 1, 66, 1, 1],
    ['Nano 3', null, ['NANO3'], 'sha256d', 1, 10, 1, 2],
    ['Nano 3S', null, ['NANO3S'], 'sha256d', 1, 12, 1, 2],
    ['Q', null, [], 'sha256d', 1, 160, 2, 1],
  ],
};
