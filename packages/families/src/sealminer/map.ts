import {
  blankFan,
  blankFault,
  blankHashboard,
  blankIdentity,
  blankPsu,
  efficiencyJTh,
  type FamilySnapshot,
  type Fan,
  type Fault,
  type Hashboard,
  type HashrateWindow,
  type Identity,
  type MachineState,
  MH,
  type Pool,
  type Psu,
  type Replies,
} from '@headframe/model';
import { findHardware } from '@headframe/model/hardware';
import {
  averageHashrate,
  first,
  hashrateWindows,
  lastShareAt,
  poolFrom,
  section,
  sharesFrom,
} from '@headframe/wire/cgminer';
import { type Fields, positive } from '@headframe/wire/json';

/** What bdminer's replies mean: worked out from one recorded SealMiner A2 (README). */
export function mapSealminer(replies: Replies): FamilySnapshot {
  const summary = first(replies.get('summary')?.doc, 'SUMMARY');
  const stats = first(replies.get('stats')?.doc, 'STATS');
  const windows = windowsOf(stats, summary);
  const currentHs = windows[0]?.hs ?? null;
  const faults = faultsOf(stats);
  const powerW = positive(stats.num('PSU Input Power'));
  return {
    identity: identityOfSealminer(replies),
    state: stateOf(summary, currentHs, faults),
    minerUptimeS: summary.int('Elapsed'),
    systemUptimeS: stats.int('System Uptime'),
    hashrate: {
      currentHs,
      currentWindowS: windows[0]?.seconds ?? null,
      averageHs: averageHashrate(summary),
      // What it should do at its present clocks; `MHS(Rated)` is what it was sold for.
      nominalHs: positive(stats.num('MHS(Ideal)', MH)),
      windows,
    },
    powerW,
    powerBasis: powerW === null ? null : 'measured',
    powerLimitW: positive(stats.num('Power Limit')),
    efficiencyJTh: efficiencyJTh(powerW, currentHs),
    ambientTempC: null,
    hashboards: hashboardsOf(stats),
    fans: fansOf(stats),
    psu: psuOf(stats),
    pools: poolsOf(replies),
    shares: sharesFrom(summary),
    hardwareErrors: summary.int('Hardware Errors'),
    faults,
  };
}

export function identityOfSealminer(replies: Replies): Identity {
  const stats = first(replies.get('stats')?.doc, 'STATS');
  const said = stats.str('Model');
  const hardware = said === null ? null : findHardware(said, 'Bitdeer');
  return {
    ...blankIdentity('sealminer'),
    make: 'Bitdeer',
    model: hardware?.model ?? (said === null ? null : `SealMiner ${said}`),
    firmware: 'stock',
    firmwareVersion: stats.str('Firmware'),
    apiVersion: first(replies.get('version')?.doc, 'VERSION').str('API'),
    mac: stats.str('MAC')?.toLowerCase() ?? null,
    serial: stats.str('Ctrl Board SN'),
    controlBoard: stats.str('Ctrl Board'),
    algorithm: 'sha256d',
  };
}

const SPAN_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * `MHS(30s)` to `MHS(2h)` of STATS. The windows of SUMMARY are reckoned from shares (`MHS 5s` of the recorded machine is
 * 368 TH/s of 221), and only stand in where STATS is silent.
 */
function windowsOf(stats: Fields, summary: Fields): HashrateWindow[] {
  const windows: HashrateWindow[] = [];
  for (const key of stats.keys()) {
    const [, count = '', span = ''] = /^MHS\((\d{1,4})([smh])\)$/.exec(key) ?? [];
    const hs = count === '' ? null : stats.num(key, MH);
    if (hs !== null) windows.push({ seconds: Number(count) * (SPAN_S[span] ?? 1), hs });
  }
  return windows.length === 0 ? hashrateWindows(summary) : windows.sort((a, b) => a.seconds - b.seconds);
}

/** Booting took the recorded machine 222 s, and tuning 720 s more. */
const STARTING_S = 900;

function stateOf(summary: Fields, currentHs: number | null, faults: readonly Fault[]): MachineState {
  if (currentHs === null) return 'unknown';
  if (currentHs > 0) return 'mining';
  if (faults.length > 0) return 'fault';
  const elapsedS = summary.num('Elapsed');
  const neverHashed = averageHashrate(summary) === 0;
  return neverHashed && elapsedS !== null && elapsedS < STARTING_S ? 'starting' : 'idle';
}

/** More than any machine has: a count is not trusted to be true. */
const MOST_BOARDS = 16;
const MOST_FANS = 16;
const SENSORS = 4;

/** Numbered fields, `0 SN` and `0 Temp 3`, as many as `Board Count` says. */
function hashboardsOf(stats: Fields): Hashboard[] {
  const count = Math.min(Math.max(stats.int('Board Count') ?? 0, 0), MOST_BOARDS);
  const model = stats.str('Model');
  const chipsExpected = model === null ? null : (findHardware(model, 'Bitdeer')?.chipsPerBoard ?? null);
  return Array.from({ length: count }, (_, n): Hashboard => {
    const online = stats.bool(`${n} Online`);
    const chips = stats.int(`${n} Chip Count`);
    const rate = stats.num(`${n} MHS(Sample)`, MH);
    // Which of the four sits at the intake, and whether they are of the board or of chips, is said nowhere.
    const temps = Array.from({ length: SENSORS }, (__, i) => positive(stats.num(`${n} Temp ${i}`))).filter(
      (tempC) => tempC !== null,
    );
    return {
      ...blankHashboard(n),
      state: online === null ? 'unknown' : online ? 'ok' : stats.str(`${n} SN`) === null ? 'missing' : 'fault',
      hashrateHs: rate,
      nominalHs: positive(stats.num(`${n} MHS(Ideal)`, MH)),
      tempC: temps.length === 0 ? null : Math.max(...temps),
      frequencyMHz: positive(stats.num(`${n} Freq`)),
      chipsWorking: chips === null ? null : chips - (stats.int(`${n} Bad Chip Count`) ?? 0),
      chipsExpected,
      serial: stats.str(`${n} SN`),
    };
  });
}

/** `0 PWM` is no percentage: 112 at the same speed of all four. */
function fansOf(stats: Fields): Fan[] {
  const count = Math.min(Math.max(stats.int('Fan Count') ?? 0, 0), MOST_FANS);
  return Array.from({ length: count }, (_, n) => ({ ...blankFan(n), rpm: stats.num(`${n} Speed`) }));
}

function psuOf(stats: Fields): Psu | null {
  if (!stats.has('PSU Model') && !stats.has('PSU Input Power')) return null;
  return {
    ...blankPsu(),
    model: stats.str('PSU Model'),
    serial: stats.str('PSU SN'),
    firmwareVersion: stats.str('PSU Firmware'),
    inputVoltageV: positive(stats.num('PSU Input Voltage')),
    inputPowerW: positive(stats.num('PSU Input Power')),
    outputVoltageV: positive(stats.num('PSU Output Voltage')),
    outputCurrentA: positive(stats.num('PSU Output Current')),
    fanRpm: stats.num('PSU Fan Speed'),
    tempC: stats.num('PSU Temp AMB'),
  };
}

function poolsOf(replies: Replies): Pool[] {
  const reply = replies.get('pools');
  if (reply === undefined) return [];
  return section(reply.doc, 'POOLS').map((record, place) => ({
    ...poolFrom(record, place),
    lastShareAt: lastShareAt(record, reply, null),
  }));
}

/** `Error Code` is empty while all is well, `PSU Error` is 0x00000000. What the codes mean is published nowhere. */
function faultsOf(stats: Fields): Fault[] {
  const faults: Fault[] = [];
  const machine = stats.str('Error Code');
  if (machine !== null)
    faults.push({ ...blankFault('vendor.unmapped'), vendorCode: machine.slice(0, 200), severity: 'error' });
  const supply = stats.str('PSU Error');
  if (supply !== null && !/^(?:0x)?0*$/i.test(supply)) {
    faults.push({ ...blankFault('psu.fault'), vendorCode: supply.slice(0, 200), severity: 'error', component: 'psu' });
  }
  return faults;
}
