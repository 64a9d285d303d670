import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../../../../tests/shared.ts';
import { catalogue, findHardware, type Hardware } from './index.ts';

describe('names as machines send them', () => {
  test('an Antminer is found by the name of its version and stats replies, in any spelling of case', () => {
    expect(findHardware('Antminer S19 Pro')).toEqual({
      make: 'Bitmain',
      model: 'Antminer S19 Pro',
      variant: null,
      wireNames: ['ANTMINER S19 PRO'],
      algorithm: 'sha256d',
      hashboards: 3,
      chipsPerBoard: 114,
      fans: 4,
      sources: 2,
      disputes: [],
    });
    expect(findHardware('ANTMINER S19K PRO')).toMatchObject({ model: 'Antminer S19k Pro', chipsPerBoard: 77, fans: 4 });
    expect(findHardware('Antminer S19k Pro')).toMatchObject({ model: 'Antminer S19k Pro' });
    expect(findHardware('AntMiner S19 XP')).toMatchObject({ model: 'Antminer S19 XP', chipsPerBoard: 110 });
    expect(findHardware('Antminer S21')).toMatchObject({ model: 'Antminer S21', hashboards: 3, chipsPerBoard: 108 });
    expect(findHardware('Antminer L7')).toMatchObject({ algorithm: 'scrypt', hashboards: 3, chipsPerBoard: 120 });
    expect(findHardware('Antminer KS5 Pro')).toMatchObject({ model: 'Antminer KS5 Pro', algorithm: 'kheavyhash' });
  });

  test('a WhatsMiner is found with and without the underscore before its hardware version', () => {
    const ve30 = { make: 'MicroBT', model: 'WhatsMiner M30S++', variant: 'VE30', hashboards: 3, chipsPerBoard: 215 };
    expect(findHardware('M30S++VE30')).toMatchObject(ve30);
    expect(findHardware('M30S++_VE30')).toMatchObject(ve30);
    expect(findHardware('WhatsMiner M30S++ VE30')).toMatchObject(ve30);
    const ve40 = { model: 'WhatsMiner M30S+', variant: 'VE40', hashboards: 3, chipsPerBoard: 156, fans: 2 };
    expect(findHardware('M30S+VE40')).toMatchObject(ve40);
    expect(findHardware('M30S+_VE40')).toMatchObject(ve40);
    expect(findHardware('M60S_VK40')).toMatchObject({ model: 'WhatsMiner M60S', variant: 'VK40', chipsPerBoard: 225 });
  });

  test('an Avalon is found by PROD and by the bare number of MODEL', () => {
    for (const name of ['Avalon Q', 'Q'])
      expect(findHardware(name)).toMatchObject({ model: 'Avalon Q', hashboards: 1 });
    for (const name of ['1246', 'Avalon 1246', 'AvalonMiner 1246']) {
      expect(findHardware(name)).toMatchObject({ make: 'Canaan', model: 'Avalon 1246', chipsPerBoard: 120, fans: 4 });
    }
    expect(findHardware('Nano3s')).toMatchObject({ model: 'Avalon Nano 3S', chipsPerBoard: 12 });
  });

  test('plus, hydro and PIC are part of the name: no model is taken for its neighbour', () => {
    expect(findHardware('Antminer S19 Pro+')).toMatchObject({ model: 'Antminer S19 Pro+', chipsPerBoard: 120 });
    expect(findHardware('Antminer S19 Pro Hyd.')).toMatchObject({
      model: 'Antminer S19 Pro Hydro',
      hashboards: 4,
      fans: 0,
    });
    expect(findHardware('Antminer S19 XP Hyd.')).toBeNull();
    expect(findHardware('Antminer S19j88NoPIC')).toMatchObject({ variant: 'No PIC', chipsPerBoard: 88 });
    expect(findHardware('Antminer S19j')).toMatchObject({ variant: null, chipsPerBoard: 114 });
    expect(findHardware('M30S++')).toBeNull();
  });

  test('an unknown name gives nothing, also one that looks like a word of the language', () => {
    for (const name of ['', ' ', 'BHB56801', 'Antminer', 'Antminer S99', 'BM1368', '__proto__', 'constructor', '\0']) {
      expect(findHardware(name)).toBeNull();
    }
  });

  test('a bare name that several makers use counts only beside its make', () => {
    expect(findHardware('KS5')).toBeNull();
    expect(findHardware('KS5', 'IceRiver')).toMatchObject({ make: 'IceRiver', model: 'KS5' });
    expect(findHardware('KS5', 'Bitmain')).toMatchObject({ make: 'Bitmain', model: 'Antminer KS5' });
    expect(findHardware('S19 Pro', 'bitmain')).toMatchObject({ model: 'Antminer S19 Pro' });
    expect(findHardware('A2', 'Bitdeer')).toMatchObject({ model: 'SealMiner A2', chipsPerBoard: 153 });
    expect(findHardware('Supra', 'Bitaxe')).toMatchObject({ model: 'Bitaxe Supra', chipsPerBoard: 1 });
    expect(findHardware('Antminer S19 Pro', 'MicroBT')).toBeNull();
  });
});

describe('where two tables disagree, nobody knows', () => {
  test('the chips of a DG1+ are 204 to one table and 210 to the other', () => {
    expect(findHardware('DG1+')).toMatchObject({
      hashboards: 4,
      chipsPerBoard: null,
      disputes: [{ field: 'chipsPerBoard', values: [204, 210] }],
    });
  });

  test('the hashboards of an M33S++ VH30 are 4 or 3', () => {
    expect(findHardware('M33S++VH30')).toMatchObject({
      hashboards: null,
      fans: 0,
      disputes: [{ field: 'hashboards', values: [4, 3] }],
    });
  });

  test('the Avalon Q stands in the tables under two names, with 4 fans and with 2', () => {
    expect(findHardware('Q')).toMatchObject({
      algorithm: 'sha256d',
      chipsPerBoard: 160,
      fans: null,
      sources: 2,
      disputes: [{ field: 'fans', values: [4, 2] }],
    });
  });

  test('a number that only one of the two names has is known', () => {
    expect(findHardware('AT2880')).toMatchObject({ algorithm: 'sha256d', chipsPerBoard: 138, disputes: [] });
  });
});

test('every maker has as many devices as the tables list, less those that they list twice', () => {
  const counts: Record<string, number> = {};
  for (const { make } of catalogue()) counts[make] = (counts[make] ?? 0) + 1;
  expect(counts).toEqual({
    Auradine: 7, // 9 rows: AT1500 and AT2880 twice
    Bitaxe: 4,
    Bitdeer: 1,
    Bitmain: 65,
    Braiins: 2,
    Canaan: 22, // 23 rows: Avalon Q twice
    Elphapex: 3,
    Fluminer: 1,
    FutureBit: 2,
    Goldshell: 8,
    Hammer: 1,
    IceRiver: 10,
    Innosilicon: 4,
    LuckyMiner: 2,
    MicroBT: 500,
    NerdAxe: 4,
    VolcMiner: 1,
    ePIC: 4, // 5 rows: BlockMiner 520i twice
  });
});

test('no two devices share a name, and every device is found under its own', () => {
  for (const device of catalogue()) {
    const name = device.variant === null ? device.model : `${device.model} ${device.variant}`;
    expect(findHardware(name, device.make)).toEqual(device);
    for (const wireName of device.wireNames) expect(findHardware(wireName)).toEqual(device);
  }
});

/** The algorithms of the tables in the words of the snapshot. */
const ALGORITHMS: Record<string, string | null> = {
  '': null,
  'Generic (Unknown)': null,
  SHA256: 'sha256d',
  Scrypt: 'scrypt',
  X11: 'x11',
  Blake256: 'blake256',
  EtHash: 'ethash',
  Handshake: 'handshake',
  Eaglesong: 'eaglesong',
  Kadena: 'kadena',
  KHeavyHash: 'kheavyhash',
  Equihash: 'equihash',
  BlockFlow: 'blockflow',
};

const csv = sharedPath('hardware.csv');

describe.skipIf(csv === null)('the tables that the catalogue was made from', () => {
  const rows = csv === null ? [] : rowsOf(readFileSync(csv, 'utf8'));

  test('every one of their 645 rows says what findHardware says, or a dispute explains the difference', () => {
    expect(rows).toHaveLength(645);
    for (const row of rows) {
      const found = lookUp(row);
      const about = `${row.make} ${row.model} ${row.variant}`;
      expect(found, about).not.toBeNull();
      if (found === null) continue;
      const algorithm = ALGORITHMS[row.algorithm];
      expect(algorithm, about).not.toBeUndefined();
      if (algorithm !== null) expect(found.algorithm, about).toBe(algorithm);
      expect(found.sources, about).toBeGreaterThanOrEqual(row.agreement === 'one source' ? 1 : 2);
      for (const [field, sent] of [
        ['hashboards', row.hashboards],
        ['chipsPerBoard', row.chips_per_board],
        ['fans', row.fans],
      ] as const) {
        const dispute = found.disputes.find((one) => one.field === field);
        // A Goldshell Byte takes one or two cards of several kinds: its zeros are no counts.
        if (sent === '' || row.model === 'Byte') continue;
        if (dispute === undefined) expect(found[field], `${about} ${field}`).toBe(Number(sent));
        else {
          expect(found[field], `${about} ${field}`).toBeNull();
          expect(dispute.values, `${about} ${field}`).toContain(Number(sent));
        }
      }
    }
  });

  test('every disagreement that they note is a dispute', () => {
    const noted = rows.filter((row) => row.agreement.startsWith('disagree'));
    expect(noted).toHaveLength(6);
    for (const row of noted) {
      const [, field, one, other] = /^disagree: (hashboards|chips) (\d+) or (\d+)$/.exec(row.agreement) ?? [];
      expect(lookUp(row)?.disputes, row.model).toEqual([
        { field: field === 'chips' ? 'chipsPerBoard' : 'hashboards', values: [Number(one), Number(other)] },
      ]);
    }
  });
});

interface CsvRow {
  make: string;
  model: string;
  variant: string;
  names_on_the_wire: string;
  algorithm: string;
  hashboards: string;
  chips_per_board: string;
  fans: string;
  agreement: string;
}

/** No field of the file is quoted. */
function rowsOf(text: string): CsvRow[] {
  const [head = '', ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map(
    (line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])) as unknown as CsvRow,
  );
}

/** Rows without a name on the wire are known by what the tables call them, these by what people do. */
const RENAMED: Record<string, string> = { AvalonQHome: 'Avalon Q' };

function lookUp(row: CsvRow): Hardware | null {
  const make = row.make === 'SealMiner' ? 'Bitdeer' : row.make;
  const names = row.names_on_the_wire.split('|').filter((name) => name !== '');
  // The tables know NerdAxes by the type of their chip, which other boards have too: that names no machine.
  if (names.length === 0 || make === 'NerdAxe') return findHardware(RENAMED[row.variant] ?? row.model, make);
  const [first, ...rest] = names.map((name) => findHardware(name));
  for (const other of rest) expect(other).toEqual(first);
  return first ?? null;
}
