import {
  blankChip,
  blankFan,
  blankFault,
  blankHashboard,
  blankIdentity,
  blankPsu,
  type Chip,
  efficiencyJTh,
  type FamilySnapshot,
  type Fan,
  type Fault,
  GH,
  type Hashboard,
  type HashboardState,
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
  poolFrom,
  section,
  sharesFrom,
  sinceShare,
} from '@headframe/wire/cgminer';
import { type Fields, positive } from '@headframe/wire/json';
import { isSleep } from './asleep.ts';
import { eventFaults } from './events.ts';

/** What the answers of LuxOS mean (protocols.md 8; field names as the real S19k Pro of 2025.4.8 sends them). */
export function mapLuxos(replies: Replies): FamilySnapshot {
  const summary = first(replies.get('summary')?.doc, 'SUMMARY');
  const stats = statsRecord(replies);
  const power = first(replies.get('power')?.doc, 'POWER');
  const windows = hashrateWindows(summary);
  const currentHs = windows[0]?.hs ?? null;
  const powerW = power.num('Watts');
  return {
    identity: identityOfLuxos(replies),
    state: stateOf(replies, currentHs),
    minerUptimeS: summary.int('Elapsed'),
    systemUptimeS: null,
    hashrate: {
      currentHs,
      currentWindowS: windows[0]?.seconds ?? null,
      averageHs: averageHashrate(summary),
      nominalHs: stats.num('total_rateideal', GH),
      windows,
    },
    powerW,
    // PSU true: measured by the supply; false, as on the recorded unit: the firmware's estimate (protocols.md 8).
    powerBasis: powerW === null ? null : power.bool('PSU') === true ? 'measured' : 'estimated',
    // On models with power targeting, where it is set (Luxor's page on atm).
    powerLimitW: positive(first(replies.get('atm')?.doc, 'ATM').num('PowerTarget')),
    efficiencyJTh: efficiencyJTh(powerW, currentHs),
    ambientTempC: null,
    hashboards: hashboards(replies, stats),
    fans: section(replies.get('fans')?.doc, 'FANS').map(fan),
    psu: psu(replies),
    pools: pools(replies),
    shares: sharesFrom(summary),
    hardwareErrors: summary.int('Hardware Errors'),
    faults: faults(replies),
  };
}

export function identityOfLuxos(replies: Replies): Identity {
  const version = first(replies.get('version')?.doc, 'VERSION');
  const config = first(replies.get('config')?.doc, 'CONFIG');
  const sent = version.str('Type') ?? config.str('Model');
  const hardware = sent === null ? null : findHardware(sent, 'Bitmain');
  const boards = section(replies.get('devs')?.doc, 'DEVS').map((board) => board.str('Board'));
  return {
    ...blankIdentity('luxos'),
    make: hardware?.make ?? (sent?.startsWith('Antminer') ? 'Bitmain' : null),
    model: hardware?.model ?? sent,
    hardwareRevision: boards.every((board) => board === boards[0]) ? (boards[0] ?? null) : null,
    firmware: 'luxos',
    // `Miner` is the release; `LUXminer` adds the commit behind a dash.
    firmwareVersion: version.str('Miner') ?? version.str('LUXminer'),
    apiVersion: version.str('API'),
    mac: config.str('MACAddr')?.toLowerCase() ?? null,
    serial: config.str('SerialNumber'),
    hostname: config.str('Hostname'),
    controlBoard: config.str('ControlBoardType'),
    algorithm: hardware?.algorithm ?? null,
  };
}

/** STATS holds a header record and the record with the numbers; the second has `Elapsed`. */
const statsRecord = (replies: Replies): Fields => {
  const doc = replies.get('stats')?.doc;
  return section(doc, 'STATS').find((record) => record.has('Elapsed')) ?? first(doc, 'STATS');
};

function stateOf(replies: Replies, currentHs: number | null): MachineState {
  const config = first(replies.get('config')?.doc, 'CONFIG');
  const curtail = config.str('CurtailMode');
  // Asleep by `curtail` until wakeup, even over a restart (protocols.md 8).
  if (curtail !== null && isSleep(curtail)) return 'paused';
  const boards = section(replies.get('devs')?.doc, 'DEVS');
  if (currentHs === null) return 'unknown';
  if (currentHs > 0) return 'mining';
  if (boards.some((board) => board.bool('IsRamping') === true)) return 'starting';
  if (boards.length > 0 && boards.every((board) => board.bool('IsUserShutdown') === true)) return 'paused';
  return 'idle';
}

/** DEVS come in the order 2, 0, 1 on the recorded unit: their own number is the slot (protocols.md 8). */
function hashboards(replies: Replies, stats: Fields): Hashboard[] {
  const devs = section(replies.get('devs')?.doc, 'DEVS');
  const hardware = findHardware(identityOfLuxos(replies).model ?? '', 'Bitmain');
  const chipsPerBoard = hardware?.chipsPerBoard ?? null;
  const boards = devs.map((dev, position): Hashboard => {
    const slot = dev.int('ASC') ?? position;
    const corners = cornerTemps(replies, slot);
    return {
      ...blankHashboard(slot),
      label: dev.str('Connector'),
      state: boardState(dev),
      hashrateHs: dev.num('MHS 5s', MH),
      nominalHs: dev.num('Nominal MHS', MH),
      tempC: corners.hottest ?? dev.num('Temperature'),
      inletTempC: corners.intake,
      outletTempC: corners.exhaust,
      frequencyMHz: stats.num(`freq${slot + 1}`),
      voltageV: first(replies.get(`voltageget_${slot}`)?.doc, 'VOLTAGE').num('Voltage'),
      // The chain map marks each working chip with `o`; chain_acn counts the chips that were found.
      chipsWorking: countWorking(stats.str(`chain_acs${slot + 1}`)) ?? stats.int(`chain_acn${slot + 1}`),
      chipsExpected: chipsPerBoard,
      hardwareErrors: dev.int('Hardware Errors'),
      serial: dev.str('SerialNumber'),
      chips: section(replies.get(`healthchipget_${slot}`)?.doc, 'CHIPS').map(chip),
    };
  });
  // A board that is gone is not listed; the catalogue knows how many there should be.
  for (let slot = 0; boards.length > 0 && slot < (hardware?.hashboards ?? 0); slot++) {
    if (boards.every((board) => board.slot !== slot)) {
      boards.push({ ...blankHashboard(slot), state: 'missing', chipsExpected: chipsPerBoard });
    }
  }
  return boards.sort((a, b) => a.slot - b.slot);
}

function boardState(dev: Fields): HashboardState {
  if (dev.bool('Enabled') === false || dev.bool('IsUserShutdown') === true) return 'disabled';
  const status = dev.str('Status');
  if (status === 'Alive') return 'ok';
  return status === 'Dead' || status === 'Sick' || status === 'NoStart' ? 'fault' : 'unknown';
}

const countWorking = (map: string | null): number | null => (map === null ? null : map.split('o').length - 1);

interface Corners {
  hottest: number | null;
  intake: number | null;
  exhaust: number | null;
}

/** TEMPS has four corners per board; METADATA says which of them lie at the intake and which at the exhaust. */
function cornerTemps(replies: Replies, slot: number): Corners {
  const doc = replies.get('temps')?.doc;
  const record = section(doc, 'TEMPS').find((temps) => temps.int('TEMP') === slot || temps.int('ID') === slot);
  const labels = first(doc, 'METADATA');
  const corners: Corners = { hottest: null, intake: null, exhaust: null };
  for (const corner of ['TopLeft', 'TopRight', 'BottomLeft', 'BottomRight']) {
    const temp = record?.num(corner) ?? null;
    const label = labels.sub(corner).str('Label') ?? '';
    corners.hottest = hotter(corners.hottest, temp);
    if (label.includes('Intake')) corners.intake = hotter(corners.intake, temp);
    if (label.includes('Exhaust')) corners.exhaust = hotter(corners.exhaust, temp);
  }
  return corners;
}

/** A sensor that is not there reads 0. */
const hotter = (a: number | null, b: number | null): number | null =>
  b === null || b === 0 ? a : a === null ? b : Math.max(a, b);

function chip(record: Fields, position: number): Chip {
  const hashing = record.num('HashCount');
  const healthy = record.bool('Healthy');
  return {
    ...blankChip(record.int('Chip') ?? position),
    state: healthy === null ? 'unknown' : healthy ? 'ok' : hashing === 0 ? 'dead' : 'weak',
    frequencyMHz: record.num('Frequency'),
    hashrateHs: record.num('GHS 1m', GH),
  };
}

function fan(record: Fields, position: number): Fan {
  return {
    ...blankFan(record.int('ID') ?? position),
    label: record.str('FAN'),
    rpm: record.num('RPM'),
    percent: record.num('Speed'),
  };
}

function psu(replies: Replies): Psu | null {
  const label = first(replies.get('config')?.doc, 'CONFIG').str('PSULabel');
  return label === null ? null : { ...blankPsu(), model: label };
}

/** A pool that never had a share shows the uptime as the time since the last one (protocols.md 8). */
function pools(replies: Replies): Pool[] {
  const reply = replies.get('pools');
  return section(reply?.doc, 'POOLS').map((record, position) => {
    const pool = poolFrom(record, position);
    const never = pool.accepted === 0 && pool.rejected === 0 && pool.stale === 0;
    const since = never ? null : sinceShare(record.str('Last Share Time'));
    return { ...pool, lastShareAt: since === null || reply === undefined ? null : reply.meta.at - since * 1000 };
  });
}

/** `SystemStatus` is `Normal` on a sound machine; any other word is the machine's own complaint, kept as it is. */
function faults(replies: Replies): Fault[] {
  const status = first(replies.get('config')?.doc, 'CONFIG').str('SystemStatus');
  const events = eventFaults(replies.get('events')?.doc);
  if (status === null || status === 'Normal') return events;
  const own = { ...blankFault('vendor.unmapped'), vendorCode: 'SystemStatus', text: status, component: 'system' };
  return [own, ...events];
}
