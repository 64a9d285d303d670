import { blankChip, blankHashboard, type Chip, GH, type Hashboard, type MachineState } from '@headframe/model';
import type { Hardware } from '@headframe/model/hardware';
import { positive } from '@headframe/wire/json';
import type { MmRecord } from './mm-record.ts';
import type { Module } from './modules.ts';

/** Per-board keys carry the board's number at their end (`PVT_T0`, `SF1`); lists have one value per board (`MGHS`). */
export function hashboardsOf(modules: readonly Module[], hardware: Hardware | null, state: MachineState): Hashboard[] {
  const boards = modules.flatMap((module) => boardsOf(module, hardware, state));
  const expected = hardware?.hashboards ?? null;
  // One module is the whole machine; behind an older controller each module is a machine of its own.
  const [only] = modules.length === 1 ? modules : [];
  const says = only !== undefined && saysBoards(only);
  for (let slot = boards.length; says && expected !== null && slot < expected; slot++) {
    boards.push({ ...blankHashboard(slot), state: 'missing', chipsExpected: hardware?.chipsPerBoard ?? null });
  }
  return boards.map((board, slot) => ({ ...board, slot }));
}

function boardsOf(module: Module, hardware: Hardware | null, state: MachineState): Hashboard[] {
  const { main } = module;
  const { count, absent } = boardCount(module, hardware);
  let missing = absent;
  const single = count === 1;
  const average = main.nums('MGHS');
  const hottest = main.nums('MTmax');
  const errors = main.nums('MH');
  const driven = drivenBoards(main) > 0;
  const unpowered = (n: number): boolean => driven && main.nums('Vo')[n] === 0;
  // The Nanos have one sensor behind their board, `OTemp`.
  const outlet = sensor(main.num('HBOTemp')) ?? sensor(main.num('OTemp'));
  return Array.from({ length: count }, (_, n) => {
    const chips = chipsOf(module, n);
    const summed = chipsInWords(main, n);
    const chipTemps = [...chips.flatMap((chip) => chip.tempC ?? []), ...summed];
    const max = positive(hottest[n] ?? (single ? main.num('TMax') : null));
    // A machine that stopped keeps sending its last chip readings; then TMax is 0, and they are no temperatures of now.
    const current = max !== null || (state === 'mining' && (main.num('TMax') ?? 1) > 0);
    // The machine counts fewer boards than it lists: those without a rate and a temperature are the ones that are gone.
    if (missing > 0 && (average[n] ?? 0) === 0 && max === null) {
      missing--;
      return { ...blankHashboard(n), state: 'missing', chipsExpected: hardware?.chipsPerBoard ?? null };
    }
    const rate = single && main.has('GHSspd') ? main.num('GHSspd') : state === 'mining' ? (average[n] ?? null) : null;
    return {
      ...blankHashboard(n),
      state:
        state === 'mining' && (unpowered(n) || (rate === 0 && chips.every((chip) => chip.state !== 'ok')))
          ? 'fault'
          : 'ok',
      hashrateHs: rate === null ? null : rate * GH,
      nominalHs: single ? scale(main.num('GHSmm'), GH) : null,
      tempC: single ? (outlet ?? sensor(main.num('HBITemp'))) : null,
      inletTempC: single ? sensor(main.num('HBITemp')) : null,
      outletTempC: single ? outlet : null,
      chipTempMinC: current && chipTemps.length > 0 ? Math.min(...chipTemps) : null,
      chipTempMaxC: current ? (max ?? (chipTemps.length > 0 ? Math.max(...chipTemps) : null)) : null,
      frequencyMHz: main.num('Freq'),
      voltageV: null,
      chipsWorking:
        chips.length > 0 ? chips.filter((chip) => chip.state === 'ok').length : single ? main.num('TA') : null,
      chipsExpected: hardware?.chipsPerBoard ?? null,
      hardwareErrors: errors[n] ?? (single ? main.num('HW') : null),
      chips,
    };
  });
}

/** The machine says how many boards it sees; where it does not, the longest per-board list tells. */
function boardCount(module: Module, hardware: Hardware | null): { count: number; absent: number } {
  const said = saidBoards(module);
  const listed = listedBoards(module);
  // The shortest record of a Nano 3S has no list at all, and the rate of its only board.
  const only = hardware?.hashboards === 1 && module.main.has('GHSspd') ? 1 : 0;
  const count = Math.min(listed > 0 ? listed : (said ?? only), MOST_BOARDS);
  return { count, absent: said === null ? 0 : Math.max(0, count - said) };
}

function saidBoards({ main }: Module): number | null {
  const said = /Hash Board:\s*(\d+)/i.exec(main.text('SYSTEMSTATU') ?? '')?.[1];
  return said === undefined ? null : Number(said);
}

const listedBoards = ({ main, boards }: Module): number =>
  Math.max(main.nums('MGHS').length, main.nums('MTmax').length, boards.length, drivenBoards(main));

/** Whether the record tells anything of how many boards there are: only then is one missing. */
const saysBoards = (module: Module): boolean => saidBoards(module) !== null || listedBoards(module) > 0;

const MOST_BOARDS = 16;

/** The drivers of the A7 and A8 have neither list: they count errors and voltages of each board (protocols.md 1.10). */
const drivenBoards = (main: MmRecord): number => (main.has('Vi') ? main.nums('MH').length : 0);

/** `PVT_Tn` °C and `PVT_Vn` mV, one value per chip; in the summary record (A-series) or in the board's own (`HBn`). */
function chipsOf({ main, boards }: Module, board: number): Chip[] {
  const record: MmRecord = boards[board] ?? main;
  const temps = record.nums(`PVT_T${board}`);
  const millivolts = record.nums(`PVT_V${board}`);
  return temps.map((tempC, index) => {
    const mv = millivolts[index] ?? null;
    return {
      ...blankChip(index),
      state: tempC === null ? 'unknown' : tempC > 0 ? 'ok' : 'dead',
      tempC: tempC === null || tempC <= 0 ? null : tempC,
      voltageV: mv === null ? null : mv / 1000,
    };
  });
}

/**
 * The driver of the A7 sends the coldest and the hottest chip of each board in one word: `PVT_T[0-76/6-90/85 ...]` is
 * chip 0 at 76 °C, chip 6 at 90 °C, 85 °C on the average.
 */
function chipsInWords(main: MmRecord, board: number): number[] {
  const found = /^-?\d+-(-?\d+)\/-?\d+-(-?\d+)\/-?\d+$/.exec(main.text('PVT_T')?.split(/\s+/)[board] ?? '');
  return found === null ? [] : [Number(found[1]), Number(found[2])].filter((tempC) => tempC > 0);
}

/** A sensor that is not fitted reads -273. */
export const sensor = (tempC: number | null): number | null => (tempC === null || tempC <= -100 ? null : tempC);
const scale = (value: number | null, factor: number): number | null => (value === null ? null : value * factor);
