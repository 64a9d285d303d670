import {
  blankChip,
  blankHashboard,
  blankPsu,
  type Chip,
  type FamilySnapshot,
  type Fan,
  GH,
  type Hashboard,
  type MachineState,
  type Psu,
  type Replies,
} from '@headframe/model';
import {
  efficiencyOf,
  fanOf,
  hottest,
  reckonedHs,
  sharesOf,
  voltsIn,
  wifiRssiDbm,
  windowsOf,
} from '@headframe/wire/axeos';
import { Fields, positive } from '@headframe/wire/json';
import { boardOf } from './boards.ts';
import { faultsOf, isOverheated } from './faults.ts';
import { asicOf, identityOfAxeos, infoOf } from './identity.ts';
import { poolsOf } from './pools.ts';

/** What `info` means (protocols.md 6.3): GH/s, mV, W, °C, and `nominalVoltage` alone in volts. */
export function mapAxeos(replies: Replies): FamilySnapshot {
  const info = infoOf(replies);
  const asic = asicOf(replies);
  const currentHs = info.num('hashRate', GH);
  const powerW = info.num('power');
  const board = hashboard(info, asic, currentHs);
  return {
    identity: identityOfAxeos(replies),
    state: stateOf(info, currentHs),
    // Mining and firmware are one program.
    minerUptimeS: info.int('uptimeSeconds'),
    systemUptimeS: info.int('uptimeSeconds'),
    hashrate: {
      currentHs,
      // Nowhere is said over which time `hashRate` is taken.
      currentWindowS: currentHs === null ? null : 0,
      averageHs: null,
      nominalHs: board?.nominalHs ?? null,
      windows: windowsOf(info),
    },
    powerW,
    powerBasis: powerW === null ? null : 'measured',
    powerLimitW: null,
    efficiencyJTh: efficiencyOf(powerW, currentHs),
    ambientTempC: null,
    wifiRssiDbm: wifiRssiDbm(info),
    hashboards: board === null ? [] : [board],
    fans: fansOf(info),
    psu: psuOf(info),
    pools: poolsOf(info),
    shares: sharesOf(info),
    hardwareErrors: board?.hardwareErrors ?? null,
    faults: faultsOf(info),
  };
}

/** It connects, subscribes and ramps its clock up first; no hashrate then is no fault. */
const STARTING_S = 120;

function stateOf(info: Fields, currentHs: number | null): MachineState {
  if (currentHs === null) return 'unknown';
  if (info.bool('miningPaused') === true) return 'paused';
  if (isOverheated(info) || info.str('power_fault') !== null || info.str('hardware_fault') !== null) return 'fault';
  if (currentHs > 0) return 'mining';
  const uptimeS = info.int('uptimeSeconds');
  return uptimeS !== null && uptimeS < STARTING_S ? 'starting' : 'idle';
}

/** The whole device is one board. */
function hashboard(info: Fields, asic: Fields, currentHs: number | null): Hashboard | null {
  if (info.str('ASICModel') === null) return null;
  const chips = chipsOf(info);
  const expected = asic.int('asicCount') ?? info.int('asicCount') ?? boardOf(info)?.chips ?? null;
  const board = blankHashboard(0);
  board.state = currentHs === null ? 'unknown' : faultsOf(info).some(({ code }) => BROKEN.has(code)) ? 'fault' : 'ok';
  board.hashrateHs = currentHs;
  board.nominalHs = info.num('expectedHashrate', GH) ?? reckonedHs(info, expected);
  // The sensor of the voltage regulator is the one on the board; `temp` and `temp2` are on the chips. -1 and 0: none.
  board.tempC = positive(info.num('vrTemp'));
  board.chipTempMaxC = hottest(info.num('temp'), info.num('temp2'));
  board.chipTempMinC = coolest(info);
  // Set against actual: v2.14 and later tell the real clock.
  board.frequencyMHz = info.num('actualFrequency') ?? info.num('frequency');
  board.voltageV = voltsIn(info, 'coreVoltageActual') ?? voltsIn(info, 'coreVoltage');
  board.chipsExpected = expected;
  board.chipsWorking = chips.length === 0 ? null : chips.filter(({ state }) => state === 'ok').length;
  board.hardwareErrors = errorsOf(info);
  board.chips = chips;
  return board;
}

const BROKEN: ReadonlySet<string> = new Set(['chip.temperature-high', 'psu.fault', 'device.fault']);

function coolest(info: Fields): number | null {
  const [one, two] = [positive(info.num('temp')), positive(info.num('temp2'))];
  return one === null || two === null ? null : Math.min(one, two);
}

const MOST_CHIPS = 64;

/** The hashrate monitor of v2.11 and later; empty until it runs. Which sensor belongs to which chip is said nowhere. */
function chipsOf(info: Fields): Chip[] {
  const asics = info
    .sub('hashrateMonitor')
    .list('asics')
    .slice(0, MOST_CHIPS)
    .map((record) => new Fields(record));
  const totals = asics.map((record) => record.num('total', GH));
  // All of them at 0: the whole device stands still, which says nothing about a chip.
  const someHash = totals.some((hs) => hs !== null && hs > 0);
  return totals.map((hashrateHs, index) => ({
    ...blankChip(index),
    hashrateHs,
    state: hashrateHs === null || !someHash ? 'unknown' : hashrateHs > 0 ? 'ok' : 'dead',
  }));
}

function errorsOf(info: Fields): number | null {
  const counts = info
    .sub('hashrateMonitor')
    .list('asics')
    .slice(0, MOST_CHIPS)
    .map((record) => new Fields(record).int('errorCount'))
    .filter((count) => count !== null);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

/** `fan2rpm` is 0 on boards with one fan as on one whose second fan stands still: shown once it has turned. */
function fansOf(info: Fields): Fan[] {
  const rpm = info.num('fanrpm');
  const percent = info.num('fanspeed');
  if (rpm === null && percent === null) return [];
  const second = positive(info.num('fan2rpm'));
  return [fanOf(0, rpm, percent), ...(second === null ? [] : [fanOf(1, second, percent)])];
}

/**
 * What the supply gives. `current` is left out: it is that of the supply on boards with an INA260 and that of the chips
 * behind the regulator on others (18.75 W at 5.09 V and 12.0 A in the vendor's own example).
 */
function psuOf(info: Fields): Psu | null {
  const outputVoltageV = positive(voltsIn(info, 'voltage'));
  return outputVoltageV === null ? null : { ...blankPsu(), outputVoltageV };
}
