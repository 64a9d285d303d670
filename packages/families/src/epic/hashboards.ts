import {
  blankChip,
  blankHashboard,
  type Chip,
  type Hashboard,
  type HashboardState,
  MH,
  type Replies,
} from '@headframe/model';
import { Fields, positive, toNumber } from '@headframe/wire/json';
import { capabilitiesOf, hardwareOf } from './identity.ts';

/** More than any machine has: a reply is not trusted to be as short as it should be. */
const MOST_BOARDS = 16;
const MOST_CHIPS = 1000;
const MOST_SENSORS = 64;

/** `HBStatus` lists every slot, `HBs` the boards that are in use; both count them from 0 by `Index`. */
export function hashboardsOf(replies: Replies): Hashboard[] {
  const summary = new Fields(replies.get('summary')?.doc);
  const working = byIndex(summary.list('HBs'));
  const slots = byIndex(summary.list('HBStatus'));
  const numbers = [...new Set([...slots.keys(), ...working.keys()])].sort((a, b) => a - b).slice(0, MOST_BOARDS);
  const temps = byIndex(listOf(replies, 'temps'));
  const rates = byIndex(listOf(replies, 'hashrate'));
  const clocks = byIndex(listOf(replies, 'clocks'));
  const capabilities = capabilitiesOf(replies);
  const serials = serialsOf(capabilities, [...working.keys()]);
  const estimator = capabilities.sub('Performance Estimator');
  const chipCount = hardwareOf(replies)?.chipsPerBoard ?? estimator.int('Chip Count');
  const perMHz = hashesPerMHz(estimator);
  return numbers.map((slot) => {
    const record = working.get(slot) ?? new Fields(null);
    const chips = chipsOf(rates.get(slot), clocks.get(slot));
    const board = blankHashboard(slot);
    board.state = stateOf(slots.get(slot), working.get(slot));
    board.hashrateHs = toNumber(record.list('Hashrate')[0], MH);
    board.frequencyMHz = positive(record.num('Core Clock Avg'));
    board.nominalHs = perMHz === null || board.frequencyMHz === null ? null : perMHz * board.frequencyMHz;
    board.tempC = hottest(temps.get(slot)) ?? positive(record.num('Temperature'));
    board.voltageV = positive(record.num('Input Voltage'));
    board.powerW = positive(record.num('Input Power'));
    board.chipsExpected = chipCount;
    board.chipsWorking = chips.length === 0 ? null : chips.filter((chip) => chip.state === 'ok').length;
    board.serial = serials.get(slot) ?? null;
    board.chips = chips;
    return board;
  });
}

const listOf = (replies: Replies, name: string): unknown[] => {
  const doc = replies.get(name)?.doc;
  return Array.isArray(doc) ? doc : [];
};

function byIndex(list: readonly unknown[]): Map<number, Fields> {
  const records = new Map<number, Fields>();
  for (const value of list.slice(0, MOST_BOARDS)) {
    const record = new Fields(value);
    const index = record.int('Index');
    if (index !== null && index >= 0) records.set(index, record);
  }
  return records;
}

function stateOf(slot: Fields | undefined, record: Fields | undefined): HashboardState {
  if (slot?.bool('Detected') === false) return 'missing';
  if (slot?.bool('Enabled') === false) return 'disabled';
  if (record === undefined) return slot === undefined ? 'unknown' : 'fault';
  return toNumber(record.list('Hashrate')[0]) === 0 ? 'fault' : 'ok';
}

/**
 * What a board does per MHz of its clock, H/s: chips times "hashes per second per chip". The latter counts per Hz: the
 * recorded boards say that they reach 103.1 and 104.1 % of just this (110 x 894 x 487.5 MHz = 47.94 TH/s).
 */
function hashesPerMHz(estimator: Fields): number | null {
  const chips = estimator.num('Chip Count');
  const each = estimator.num('Hashes Per Second Per Chip');
  return chips === null || each === null ? null : chips * each * MH;
}

/** A list without numbers of the slots: it fits only where there are as many boards in use as serial numbers. */
function serialsOf(capabilities: Fields, slots: readonly number[]): Map<number, string> {
  const serials = capabilities.list('Board Serial Numbers');
  if (serials.length !== slots.length) return new Map();
  const found = new Map<number, string>();
  for (const [place, slot] of [...slots].sort((a, b) => a - b).entries()) {
    const serial = serials[place];
    if (typeof serial === 'string' && serial !== '') found.set(slot, serial);
  }
  return found;
}

/** The sensors of one board; 0 is one that is not there. Which is at the intake is said nowhere. */
function hottest(record: Fields | undefined): number | null {
  const readings = (record?.list('Data') ?? []).slice(0, MOST_SENSORS).flatMap((value) => {
    const tempC = positive(toNumber(value));
    return tempC === null ? [] : [tempC];
  });
  return readings.length === 0 ? null : Math.max(...readings);
}

/** `Data` of /hashrate is [MH/s, percent of what it should do, ...] for each chip, of /clocks its MHz. */
function chipsOf(rates: Fields | undefined, clocks: Fields | undefined): Chip[] {
  const clockOf = clocks?.list('Data') ?? [];
  return (rates?.list('Data') ?? []).slice(0, MOST_CHIPS).map((value, index) => {
    const hashrateHs = toNumber(Array.isArray(value) ? value[0] : null, MH);
    const chip = blankChip(index);
    chip.state = hashrateHs === null ? 'unknown' : hashrateHs > 0 ? 'ok' : 'dead';
    chip.hashrateHs = hashrateHs;
    chip.frequencyMHz = positive(toNumber(clockOf[index]));
    return chip;
  });
}
