import {
  blankFan,
  blankHashboard,
  type FamilySnapshot,
  type Fan,
  type Hashboard,
  type HashboardState,
  type HashrateWindow,
  type MachineState,
  MH,
  type Replies,
} from '@headframe/model';
import { averageHashrate, first, hashrateWindows, section, sharesFrom } from '@headframe/wire/cgminer';
import { type Fields, positive } from '@headframe/wire/json';
import { faultsOf } from './faults.ts';
import { identityOfCgminer } from './identity.ts';
import { poolsOf } from './pools.ts';
import { DEVICE_KEYS, STARTING_S } from './quirks.ts';

/** What the answers of a program of cgminer's kind mean (`protocols.md` 1.5). */
export function mapCgminer(replies: Replies): FamilySnapshot {
  const summary = first(replies.get('summary')?.doc, 'SUMMARY');
  const windows = distinct(hashrateWindows(summary));
  const hashboards = hashboardsOf(replies);
  return {
    identity: identityOfCgminer(replies),
    state: stateOf(summary, windows[0]?.hs ?? null, hashboards),
    minerUptimeS: summary.int('Elapsed'),
    systemUptimeS: null,
    hashrate: {
      currentHs: windows[0]?.hs ?? null,
      currentWindowS: windows[0]?.seconds ?? null,
      averageHs: averageHashrate(summary),
      nominalHs: sumOf(hashboards.map((board) => board.nominalHs)),
      windows,
    },
    powerW: null,
    powerBasis: null,
    powerLimitW: null,
    efficiencyJTh: null,
    ambientTempC: null,
    hashboards,
    fans: fansOf(replies),
    psu: null,
    pools: poolsOf(replies),
    shares: sharesFrom(summary),
    hardwareErrors: summary.int('Hardware Errors'),
    faults: faultsOf(replies),
  };
}

/** sgminer sends the same window in two units. */
const distinct = (windows: readonly HashrateWindow[]): HashrateWindow[] =>
  windows.filter((window, i) => window.seconds !== windows[i - 1]?.seconds);

const sumOf = (values: readonly (number | null)[]): number | null =>
  values.length === 0
    ? null
    : values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0);

/**
 * `MHS 5s` fades over some windows behind a stop, so it may lag; what the program says of its devices goes before it:
 * with all of them switched off the machine does not mine, whatever is left in the mean.
 */
function stateOf(summary: Fields, currentHs: number | null, boards: readonly Hashboard[]): MachineState {
  if (boards.length > 0 && boards.every((board) => board.state === 'disabled')) return 'paused';
  if (currentHs === null) return 'unknown';
  if (currentHs > 0) return 'mining';
  if (boards.length > 0 && boards.every((board) => board.state === 'fault')) return 'fault';
  const elapsedS = summary.num('Elapsed');
  const neverHashed = averageHashrate(summary) === 0;
  return neverHashed && elapsedS !== null && elapsedS < STARTING_S ? 'starting' : 'idle';
}

/** Each device of DEVS is one hashboard: cgminer's drivers show a board, a chain or a stick as one device. */
function hashboardsOf(replies: Replies): Hashboard[] {
  const devs = section(replies.get('devs')?.doc, 'DEVS');
  const numbers = devs.map((dev) => numberOf(dev));
  // ASICs and FPGAs of one build are both counted from 0: then only the place in the list tells them apart.
  const counted = numbers.every((number, i) => number !== null && numbers.indexOf(number) === i);
  return devs
    .map((dev, place) => hashboard(dev, counted ? (numbers[place] ?? place) : place))
    .sort((a, b) => a.slot - b.slot);
}

function numberOf(dev: Fields): number | null {
  const key = DEVICE_KEYS.find((name) => dev.has(name));
  return key === undefined ? null : dev.int(key);
}

function hashboard(dev: Fields, slot: number): Hashboard {
  const windows = hashrateWindows(dev);
  return {
    ...blankHashboard(slot),
    label: labelOf(dev),
    state: boardState(dev),
    hashrateHs: windows[0]?.hs ?? null,
    nominalHs: dev.num('Nominal MHS', MH),
    tempC: temperature(dev),
    frequencyMHz: positive(dev.num('Frequency')),
    hardwareErrors: dev.int('Hardware Errors'),
  };
}

/** Name and number as STATS writes them too: `SPN0`. */
const labelOf = (dev: Fields): string | null => {
  const name = dev.str('Name');
  return name === null ? null : `${name}${dev.str('ID') ?? ''}`;
};

const BOARD_STATES: Readonly<Record<string, HashboardState>> = {
  Alive: 'ok',
  Sick: 'fault',
  Dead: 'fault',
  NoStart: 'fault',
};

function boardState(dev: Fields): HashboardState {
  if (dev.bool('Enabled') === false) return 'disabled';
  // `Initialising` is neither well nor ill yet.
  return BOARD_STATES[dev.str('Status') ?? ''] ?? 'unknown';
}

/** Drivers without a sensor send 0.00. */
const temperature = (dev: Fields): number | null => positive(dev.num('Temperature'));

/** Some drivers put their fans into STATS (`fan1`, `Fan 2`), sgminer puts them into DEVS. Of the rest nothing is known. */
function fansOf(replies: Replies): Fan[] {
  const fans: Fan[] = [];
  for (const record of section(replies.get('stats')?.doc, 'STATS')) {
    const count = record.int('fan_num');
    for (const key of record.keys()) {
      const number = /^fan ?(\d{1,2})$/i.exec(key)?.[1];
      const rpm = record.num(key);
      if (number === undefined || rpm === null) continue;
      // A place without a fan reads 0, and so does a fan that stands: only `fan_num` tells which.
      if (rpm > 0 || (count !== null && Number(number) <= count)) {
        fans.push({ ...blankFan(fans.length), label: key, rpm });
      }
    }
  }
  for (const dev of section(replies.get('devs')?.doc, 'DEVS')) {
    const rpm = dev.num('Fan Speed');
    if (rpm === null || rpm < 0) continue;
    fans.push({ ...blankFan(fans.length), label: labelOf(dev), rpm, percent: dev.num('Fan Percent') });
  }
  return fans;
}
