import type { MakeData } from './row.ts';

// Each row: model, variant, names on the wire, algorithm, hashboards, chips per board, fans, how many sources, disputes.

/** Makers of a few models each. */
export const others: readonly MakeData[] = [
  {
    make: 'Auradine',
    lines: [],
    rows: [
      ['AT1500', null, ['AT1500'], null, 3, 132, 4, 1],
      ['AT2880', null, ['AT2880'], null, 3, 138, 4, 1],
      ['AD2500', null, [], 'sha256d', 3, null, 0, 1],
      ['AD3500', null, [], 'sha256d', 3, null, 0, 1],
      ['AI2500', null, [], 'sha256d', 3, null, 0, 1],
      ['AI3680', null, [], 'sha256d', 3, null, 0, 1],
      ['AT1500', null, [], 'sha256d', 3, 132, 4, 1],
      ['AT2860', null, [], 'sha256d', 3, null, 4, 1],
      ['AT2880', null, [], 'sha256d', 3, null, 4, 1],
    ],
  },
  {
    make: 'Bitaxe',
    lines: ['Bitaxe'],
    rows: [
      ['Gamma', null, [], 'sha256d', 1, 1, 1, 1],
      ['Max', null, [], 'sha256d', 1, 1, 1, 1],
      ['Supra', null, [], 'sha256d', 1, 1, 1, 1],
      ['Ultra', null, [], 'sha256d', 1, 1, 1, 1],
    ],
  },
  {
    make: 'Braiins',
    lines: [],
    rows: [
      ['Mini Miner BMM 100', null, ['BRAIINS MINI MINER BMM 100'], 'sha256d', 1, 1, 1, 2],
      ['Mini Miner BMM 101', null, ['BRAIINS MINI MINER BMM 101'], 'sha256d', 1, 1, 1, 2],
    ],
  },
  {
    make: 'Elphapex',
    lines: [],
    rows: [
      ['DG1', null, ['DG1'], 'scrypt', 4, 144, 4, 2],
      ['DG1+', null, ['DG1+'], 'scrypt', 4, null, 4, 2, { chipsPerBoard: [204, 210] }],
      ['DG Home 1', null, ['DG-Home1'], 'scrypt', 4, 120, 4, 2],
    ],
  },
  {
    make: 'ePIC',
    lines: ['BlockMiner'],
    rows: [
      ['520i', null, [], 'sha256d', 3, 124, 4, 1],
      ['720i', null, [], 'sha256d', 3, 180, 4, 1],
      ['eLITE 1.0', null, [], 'scrypt', 3, 105, 4, 1],
      ['520i', null, ['BLOCKMINER 520i'], null, 3, 124, 4, 1],
    ],
  },
  {
    make: 'ePIC',
    lines: ['Antminer'],
    rows: [['S19j Pro Dual', null, ['ANTMINER S19J PRO DUAL'], null, 6, 126, 8, 1]],
  },
  {
    make: 'Fluminer',
    lines: [],
    rows: [['T3', null, [], 'sha256d', 1, 96, 4, 1]],
  },
  {
    make: 'FutureBit',
    lines: [],
    rows: [
      ['Apollo 1', null, [], null, 1, 44, 1, 1],
      ['Apollo 2', null, [], null, 1, 44, 1, 1],
    ],
  },
  {
    make: 'Goldshell',
    lines: [],
    rows: [
      ['Byte', null, [], null, null, null, null, 1],
      ['CK5', null, [], 'eaglesong', 4, 46, 4, 1],
      ['HS5', null, [], 'handshake', 4, 46, 4, 1],
      ['KD5', null, [], 'kadena', 4, 46, 4, 1],
      ['KD Box II', null, [], 'kadena', 1, 36, 2, 1],
      ['KD Box Pro', null, [], 'kadena', 1, 16, 2, 1],
      ['KD Max', null, [], 'kadena', 3, 84, 4, 1],
      ['Mini DOGE', null, [], 'scrypt', 1, 40, 2, 1],
    ],
  },
  {
    make: 'Hammer',
    lines: [],
    rows: [['D10', null, [], 'scrypt', 3, 108, 2, 1]],
  },
  {
    make: 'IceRiver',
    lines: [],
    rows: [
      ['AL3', null, [], 'blockflow', 3, 156, 4, 1],
      ['KS0', null, [], 'kheavyhash', 3, null, 0, 1],
      ['KS1', null, [], 'kheavyhash', 3, null, 4, 1],
      ['KS2', null, [], 'kheavyhash', 3, 18, 4, 1],
      ['KS3', null, [], 'kheavyhash', 3, null, 4, 1],
      ['KS3L', null, [], 'kheavyhash', 3, null, 4, 1],
      ['KS3M', null, [], 'kheavyhash', 3, 18, 4, 1],
      ['KS5', null, [], 'kheavyhash', 3, 92, 4, 1],
      ['KS5L', null, [], 'kheavyhash', 3, 18, 4, 1],
      ['KS5M', null, [], 'kheavyhash', 3, 18, 4, 1],
    ],
  },
  {
    make: 'Innosilicon',
    lines: [],
    rows: [
      ['A10X', null, [], 'ethash', 3, null, 2, 1],
      ['A11', null, [], 'ethash', 4, 8, 2, 1],
      ['A11MX', null, [], 'ethash', 4, 8, 2, 1],
      ['T3H+', null, [], 'sha256d', 3, 114, 4, 1],
    ],
  },
  {
    make: 'LuckyMiner',
    lines: [],
    rows: [
      ['LV07', null, [], 'sha256d', 1, 1, 1, 1],
      ['LV08', null, [], 'sha256d', 1, 1, 1, 1],
    ],
  },
  {
    make: 'NerdAxe',
    lines: [],
    rows: [
      ['NerdAxe', null, [], null, 1, 1, 1, 1],
      ['NerdAxe Ultra', null, [], null, 1, 1, 1, 1],
      ['NerdMiner', null, [], null, 1, 1, 1, 1],
      ['NerdQAxe', null, [], null, 1, 4, 1, 1],
    ],
  },
  {
    make: 'Bitdeer',
    lines: ['SealMiner'],
    rows: [['A2', null, [], null, 3, 153, 4, 1]],
  },
  {
    make: 'VolcMiner',
    lines: [],
    rows: [['D1', null, ['VOLCMINER D1'], 'scrypt', 3, 105, 4, 2]],
  },
];
