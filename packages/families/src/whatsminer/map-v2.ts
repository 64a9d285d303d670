import {
  blankFan,
  blankPsu,
  efficiencyJTh,
  type FamilySnapshot,
  type Fan,
  GH,
  type HashrateWindow,
  type MachineState,
  MH,
  type Pool,
  type Psu,
  type Replies,
  type Shares,
} from '@headframe/model';
import { averageHashrate, hashrateWindows, lastShareAt, poolFrom, sharesFrom } from '@headframe/wire/cgminer';
import { type Fields, positive } from '@headframe/wire/json';
import { dataIn, recordsIn } from '@headframe/wire/whatsminer';
import { summaryOf } from './dialect.ts';
import { faultsOf } from './faults.ts';
import { boardsV2 } from './hashboards.ts';
import { identityOfWhatsminer, knownHardware } from './identity.ts';
import { hasQuirk } from './quirks.ts';

/** What the answers on port 4028 mean (protocols.md 3.4). */
export function mapV2(replies: Replies): FamilySnapshot {
  const identity = identityOfWhatsminer(replies);
  const hardware = knownHardware(identity);
  const summary = summaryOf(replies);
  const windows = hashrateWindows(summary);
  const current = currentOf(summary, windows);
  const hashboards = boardsV2(replies, hardware);
  const pools = poolsOf(replies, summary.num('Elapsed'));
  // -1 where the supply does not tell.
  const powerW = positive(summary.num('Power'));
  return {
    identity,
    state: stateOf(replies, summary, current.hs, identity.apiVersion),
    minerUptimeS: summary.int('Elapsed'),
    systemUptimeS: summary.int('Uptime'),
    hashrate: {
      currentHs: current.hs,
      currentWindowS: current.seconds,
      averageHs: averageHashrate(summary),
      nominalHs: positive(summary.num('Factory GHS', GH)),
      windows,
    },
    powerW,
    powerBasis: powerW === null ? null : 'measured',
    powerLimitW: positive(summary.num('Power Limit') ?? dataIn(replies.get('status')?.doc).num('power_limit_set')),
    efficiencyJTh: efficiencyJTh(powerW, current.hs),
    ambientTempC: summary.num('Env Temp'),
    hashboards,
    fans: fansOf(summary, hardware?.fans ?? null),
    psu: psuOf(replies, summary),
    pools,
    shares: sharesOf(summary, pools),
    hardwareErrors: summary.int('Hardware Errors'),
    faults: faultsOf(replies),
  };
}

/** The shortest window; `HS RT` is MH/s despite its name and stands in where none is sent. */
function currentOf(summary: Fields, windows: readonly HashrateWindow[]): { hs: number | null; seconds: number | null } {
  const shortest = windows[0];
  return shortest === undefined
    ? { hs: summary.num('HS RT', MH), seconds: null }
    : { hs: shortest.hs, seconds: shortest.seconds };
}

/** Whether `status` says that the miner is switched off, in its older and newer words. Null: it does not say. */
export const saysOff = (status: Fields): boolean | null => status.bool('mineroff') ?? status.bool('btmineroff');

function stateOf(replies: Replies, summary: Fields, currentHs: number | null, apiVersion: string | null): MachineState {
  if (currentHs !== null && currentHs > 0) return 'mining';
  const isOff = saysOff(dataIn(replies.get('status')?.doc)) === true;
  // Never "off" by the word alone where it lies (protocols.md 3.4): there the mining program must be silent too.
  if (isOff && (currentHs === null || !hasQuirk('offLies', apiVersion))) return 'paused';
  if (currentHs === null) return 'unknown';
  const boards = recordsIn(replies.get('edevs')?.doc, 'DEVS');
  const rising = boards.some((board) => board.int('Upfreq Complete') === 0);
  return rising || summary.bool('Hash Stable') === false ? 'starting' : 'idle';
}

function fansOf(summary: Fields, known: number | null): Fan[] {
  // 0 on a machine without fans, and on one whose fans stand still: the model parts the two.
  const liquid = summary.list('Liquid Cooling').length > 0 || summary.bool('Liquid Cooling') === true;
  const rpms = [summary.num('Fan Speed In'), summary.num('Fan Speed Out')];
  if (known === 0 || (liquid && rpms.every((rpm) => rpm === 0))) return [];
  return rpms.flatMap((rpm, slot) =>
    rpm === null ? [] : [{ ...blankFan(slot), label: FAN_LABELS[slot] ?? null, rpm }],
  );
}

/** By their names; the comments of the manual swap the two (protocols.md 3.4). */
export const FAN_LABELS = ['In', 'Out'];

function psuOf(replies: Replies, summary: Fields): Psu | null {
  const psu = dataIn(replies.get('get_psu')?.doc);
  const fanRpm = psu.num('fan_speed') ?? summary.num('Power Fanspeed');
  if (psu.keys().length === 0 && fanRpm === null) return null;
  return {
    ...blankPsu(),
    model: psu.str('model') ?? psu.str('name'),
    serial: psu.str('serial_no'),
    firmwareVersion: psu.str('sw_version'),
    // 10 mV, mA and W here; V, A and W on port 4433.
    inputVoltageV: inHundredths(psu.num('vin')),
    inputCurrentA: inThousandths(psu.num('iin')),
    inputPowerW: psu.num('pin'),
    fanRpm,
    tempC: psu.num('temp0'),
  };
}

const inHundredths = (value: number | null): number | null => (value === null ? null : value / 100);
const inThousandths = (value: number | null): number | null => (value === null ? null : value / 1000);

function poolsOf(replies: Replies, elapsedS: number | null): Pool[] {
  const reply = replies.get('pools');
  if (reply === undefined) return [];
  return recordsIn(reply.doc, 'POOLS').map((record, position) => ({
    ...poolFrom(record, position),
    lastShareAt: lastShareAt(record, reply, elapsedS),
  }));
}

/** Newer builds count shares per pool only. */
function sharesOf(summary: Fields, pools: readonly Pool[]): Shares {
  const shares = sharesFrom(summary);
  const sum = (key: 'accepted' | 'rejected' | 'stale'): number | null => {
    const counts = pools.map((pool) => pool[key]);
    return counts.length === 0 || counts.includes(null)
      ? null
      : counts.reduce<number>((all, one) => all + (one ?? 0), 0);
  };
  return {
    ...shares,
    accepted: shares.accepted ?? sum('accepted'),
    rejected: shares.rejected ?? sum('rejected'),
    stale: shares.stale ?? sum('stale'),
  };
}
