import { numbersIn } from '@headframe/wire/axeos';
import type { Fields } from '@headframe/wire/json';

/* Boards and chips (protocols.md 6.7): boardVersion decides everything. */

interface Board {
  readonly versions: readonly string[];
  readonly model: string;
  readonly chip: string;
  readonly chips: number;
}

const BOARDS: readonly Board[] = [
  { versions: ['2.2', '102'], model: 'Max', chip: 'BM1397', chips: 1 },
  {
    versions: ['0.11', '201', '202', '203', '204', '205', '207'],
    model: 'Ultra',
    chip: 'BM1366',
    chips: 1,
  },
  { versions: ['302', '303'], model: 'Hex', chip: 'BM1366', chips: 6 },
  { versions: ['400', '401', '402', '403'], model: 'Supra', chip: 'BM1368', chips: 1 },
  { versions: ['600', '601', '602', '603'], model: 'Gamma', chip: 'BM1370', chips: 1 },
  { versions: ['650'], model: 'GammaDuo', chip: 'BM1370', chips: 2 },
  { versions: ['701', '702'], model: 'SupraHex', chip: 'BM1368', chips: 6 },
  { versions: ['800', '801'], model: 'GammaTurbo', chip: 'BM1370', chips: 2 },
];

/**
 * The board behind a reply; null for one that is not listed, or that has another chip than its number says: somebody
 * else's machine under the same number.
 */
export const boardOf = (info: Fields): Board | null =>
  BOARDS.find(
    ({ versions, chip }) => versions.includes(info.str('boardVersion') ?? '') && chip === info.str('ASICModel'),
  ) ?? null;

/** Whether a name that a device gives itself is one of a Bitaxe. */
export const isBitaxe = (deviceModel: string | null): boolean => BOARDS.some(({ model }) => model === deviceModel);

/** Clocks in MHz and voltages in mV that the device's own page offers. */
export interface Options {
  readonly frequencies: readonly number[];
  readonly voltages: readonly number[];
}

const steps = (from: number, to: number, by: number): number[] =>
  Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, i) => from + i * by);

const BM1370_VOLTAGES = [1000, 1060, 1100, 1150, 1200, 1250];

/** For releases without `/api/system/asic`: what v2.7 and all later ones list for the chip. */
const BY_CHIP: Readonly<Record<string, Options>> = {
  BM1397: {
    frequencies: [400, 425, 450, 475, 485, 500, 525, 550, 575, 600],
    voltages: steps(1100, 1500, 50),
  },
  BM1366: { frequencies: [400, 425, 450, 475, 485, 500, 525, 550, 575], voltages: steps(1100, 1300, 50) },
  BM1368: {
    frequencies: [400, 425, 450, 475, 485, 490, 500, 525, 550, 575],
    voltages: [1100, 1150, 1166, 1200, 1250, 1300],
  },
  BM1370: { frequencies: [400, 490, 525, 550, 600, 625], voltages: BM1370_VOLTAGES },
};

/** @param asic `/api/system/asic`; null where the release does not have it */
export function optionsOf(info: Fields, asic: Fields | null): Options | null {
  const frequencies = asic === null ? [] : numbersIn(asic, 'frequencyOptions');
  const voltages = asic === null ? [] : numbersIn(asic, 'voltageOptions');
  if (frequencies.length > 0 && voltages.length > 0) return { frequencies, voltages };
  return BY_CHIP[info.str('ASICModel') ?? ''] ?? null;
}
