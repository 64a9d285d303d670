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
  wifiFault,
  wifiRssiDbm,
  windowsOf,
} from '@headframe/wire/axeos';
import { Fields, positive, toNumber } from '@headframe/wire/json';
import { identityOfNerdqaxe, infoOf } from './identity.ts';
import { poolsOf } from './pools.ts';

/** What `info` of the branch means (protocols.md 6.6): units as in AxeOS, several chips and fans. */
export function mapNerdqaxe(replies: Replies): FamilySnapshot {
  const info = infoOf(replies);
  const currentHs = info.num('hashRate', GH);
  const powerW = info.num('power');
  const board = hashboard(info, currentHs);
  const wifi = wifiFault(info);
  return {
    identity: identityOfNerdqaxe(replies),
    state: stateOf(info, currentHs),
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
    // `duplicateHWNonces` counts results that came twice, which is no error of a chip.
    hardwareErrors: null,
    faults: wifi === null ? [] : [wifi],
  };
}

const STARTING_S = 120;

/** `shutdown`: its chips are without power until it is started again, while its web server goes on. */
function stateOf(info: Fields, currentHs: number | null): MachineState {
  if (currentHs === null) return 'unknown';
  if (info.bool('shutdown') === true) return 'paused';
  if (currentHs > 0) return 'mining';
  const uptimeS = info.int('uptimeSeconds');
  return uptimeS !== null && uptimeS < STARTING_S ? 'starting' : 'idle';
}

function hashboard(info: Fields, currentHs: number | null): Hashboard | null {
  if (info.str('ASICModel') === null) return null;
  const expected = info.int('asicCount');
  const chips = chipsOf(info);
  const temps = chips.flatMap(({ tempC }) => (tempC === null ? [] : [tempC]));
  const board = blankHashboard(0);
  board.state = currentHs === null ? 'unknown' : info.bool('shutdown') === true ? 'disabled' : 'ok';
  board.hashrateHs = currentHs;
  board.nominalHs = reckonedHs(info, expected);
  board.tempC = hottest(info.num('vrTemp'), info.num('vrTempInt'));
  // `temp` is that of the hottest chip.
  board.chipTempMaxC = positive(info.num('temp')) ?? hottest(...temps);
  board.chipTempMinC = temps.length > 1 ? Math.min(...temps) : null;
  board.frequencyMHz = info.num('frequency');
  board.voltageV = voltsIn(info, 'coreVoltageActual') ?? voltsIn(info, 'coreVoltage');
  board.chipsExpected = expected;
  board.chips = chips;
  return board;
}

const MOST_CHIPS = 64;

/** `asicTemps` has one reading for each chip; 0 and -1 are none. */
const chipsOf = (info: Fields): Chip[] =>
  info
    .list('asicTemps')
    .slice(0, MOST_CHIPS)
    .map((value, index) => ({ ...blankChip(index), tempC: positive(toNumber(value)) }));

const MOST_FANS = 8;

/** Newer versions list their fans; older ones tell how many there are, so that one that stands still is seen. */
function fansOf(info: Fields): Fan[] {
  const listed = info
    .list('fans')
    .slice(0, MOST_FANS)
    .map((record) => new Fields(record));
  if (listed.some((fan) => fan.has('rpm'))) {
    return listed.map((fan, slot) => ({
      ...fanOf(slot, fan.num('rpm'), fan.num('speedPerc')),
      label: fan.str('label'),
    }));
  }
  const rpm = info.num('fanrpm');
  const percent = info.num('fanspeed');
  if (rpm === null && percent === null) return [];
  const second = info.num('fanrpm2');
  const count = info.int('fanCount') ?? ((second ?? 0) > 0 ? 2 : 1);
  return [fanOf(0, rpm, percent), ...(count > 1 ? [fanOf(1, second, info.num('fanspeed2'))] : [])];
}

/** `voltage` is that of its supply, in mV; `minVoltage` and `maxVoltage` are volts. `currentA` is the supply's too. */
function psuOf(info: Fields): Psu | null {
  const outputVoltageV = positive(voltsIn(info, 'voltage'));
  const outputCurrentA = positive(info.num('currentA'));
  return outputVoltageV === null && outputCurrentA === null ? null : { ...blankPsu(), outputVoltageV, outputCurrentA };
}
