import {
  blankFan,
  blankPool,
  blankPsu,
  efficiencyJTh,
  type FamilySnapshot,
  type Fan,
  type HashrateWindow,
  type MachineState,
  type Pool,
  type PoolState,
  type Psu,
  type Replies,
  TH,
} from '@headframe/model';
import { type Fields, positive } from '@headframe/wire/json';
import { envelope } from '@headframe/wire/whatsminer';
import { infoReply, infoSection, recordsOf, statusSection } from './dialect.ts';
import { faultsOf } from './faults.ts';
import { boardsV3 } from './hashboards.ts';
import { identityOfWhatsminer, knownHardware } from './identity.ts';
import { FAN_LABELS } from './map-v2.ts';

/**
 * What the answers on port 4433 mean: `get.device.info` and `get.miner.status` (protocols.md 3.6; the names of the
 * fields are those of the vendor's page of V3 and of one recorded M60S).
 */
export function mapV3(replies: Replies): FamilySnapshot {
  const identity = identityOfWhatsminer(replies);
  const hardware = knownHardware(identity);
  const status = statusSection(replies);
  const summary = status.sub('summary');
  const windows = windowsOf(summary);
  const currentHs = windows[0]?.hs ?? summary.num('hash-realtime', TH);
  const powerW = positive(summary.num('power-realtime'));
  return {
    identity,
    state: stateOf(replies, summary, currentHs),
    minerUptimeS: summary.int('elapsed'),
    systemUptimeS: summary.int('bootup-time'),
    hashrate: {
      currentHs,
      currentWindowS: windows[0]?.seconds ?? null,
      averageHs: summary.num('hash-average', TH),
      nominalHs: positive(summary.num('factory-hash', TH)),
      windows,
    },
    powerW,
    powerBasis: powerW === null ? null : 'measured',
    powerLimitW: positive(summary.num('power-limit')),
    efficiencyJTh: efficiencyJTh(powerW, currentHs),
    ambientTempC: summary.num('environment-temperature'),
    hashboards: boardsV3(replies, hardware),
    fans: fansOf(summary, hardware?.fans ?? null),
    psu: psuOf(replies),
    pools: recordsOf(status.list('pools')).map((record, position) => poolOf(record, position, replies)),
    shares: { accepted: null, rejected: null, stale: null, sessionBestDifficulty: null, bestDifficulty: null },
    hardwareErrors: null,
    faults: faultsOf(replies),
  };
}

function windowsOf(summary: Fields): HashrateWindow[] {
  const windows: HashrateWindow[] = [];
  for (const [field, seconds] of [
    ['hash-1min', 60],
    ['hash-15min', 900],
  ] as const) {
    const hs = summary.num(field, TH);
    if (hs !== null) windows.push({ seconds, hs });
  }
  return windows;
}

function stateOf(replies: Replies, summary: Fields, currentHs: number | null): MachineState {
  if (currentHs !== null && currentHs > 0) return 'mining';
  if (infoSection(replies, 'miner').bool('working') === false) return 'paused';
  if (currentHs === null) return 'unknown';
  return summary.int('up-freq-finish') === 0 ? 'starting' : 'idle';
}

function fansOf(summary: Fields, known: number | null): Fan[] {
  if (known === 0) return [];
  return [summary.num('fan-speed-in'), summary.num('fan-speed-out')].flatMap((rpm, slot) =>
    rpm === null ? [] : [{ ...blankFan(slot), label: FAN_LABELS[slot] ?? null, rpm }],
  );
}

function psuOf(replies: Replies): Psu | null {
  const power = infoSection(replies, 'power');
  if (power.keys().length === 0) return null;
  const vout = power.num('vout');
  return {
    ...blankPsu(),
    model: power.str('model') ?? power.str('type'),
    serial: power.str('sn'),
    firmwareVersion: power.str('swversion'),
    inputVoltageV: power.num('vin'),
    inputCurrentA: power.num('iin'),
    inputPowerW: power.num('pin'),
    // 1209 is 12.09 V by the vendor's own example.
    outputVoltageV: vout === null ? null : vout / 100,
    fanRpm: power.num('fanspeed'),
    tempC: power.num('temp0'),
  };
}

const POOL_STATES: ReadonlyMap<string, PoolState> = new Map([
  ['alive', 'alive'],
  ['dead', 'dead'],
  ['disabled', 'disabled'],
  ['rejecting', 'rejecting'],
]);

function poolOf(record: Fields, position: number, replies: Replies): Pool {
  return {
    ...blankPool(record.int('id') ?? position),
    url: record.str('url'),
    worker: record.str('account'),
    status: POOL_STATES.get(record.str('status')?.toLowerCase() ?? '') ?? 'unknown',
    active: record.bool('stratum-active'),
    difficulty: positive(record.num('stratum-diff')),
    lastShareAt: shareAt(positive(record.num('last-share-time')), replies),
  };
}

/** Epoch seconds of the machine's clock, corrected by what it thought the time of its reply was. */
function shareAt(told: number | null, replies: Replies): number | null {
  const reply = replies.get('pools') ?? infoReply(replies);
  const when = envelope(reply?.doc).when;
  if (told === null) return null;
  return reply === undefined || when === null ? told * 1000 : reply.meta.at - (when - told) * 1000;
}
