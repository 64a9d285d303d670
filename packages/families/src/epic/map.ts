import {
  blankFan,
  blankFault,
  blankPool,
  blankPsu,
  efficiencyJTh,
  type FamilySnapshot,
  type Fan,
  type Fault,
  type MachineState,
  MH,
  type Pool,
  type Psu,
  type Replies,
} from '@headframe/model';
import { Fields, positive } from '@headframe/wire/json';
import { hashboardsOf } from './hashboards.ts';
import { identityOfEpic } from './identity.ts';

/** What the pages of ePIC's firmware mean: worked out from one recorded S19 XP (README), units included. */
export function mapEpic(replies: Replies): FamilySnapshot {
  const summary = new Fields(replies.get('summary')?.doc);
  const session = summary.sub('Session');
  const hashboards = hashboardsOf(replies);
  const currentHs = sumOf(hashboards.map((board) => board.hashrateHs));
  const uptimeS = session.int('Uptime');
  const powerW = positive(summary.sub('Power Supply Stats').num('Input Power'));
  const state = stateOf(summary, currentHs, uptimeS);
  return {
    identity: identityOfEpic(replies),
    state,
    minerUptimeS: uptimeS,
    systemUptimeS: null,
    hashrate: {
      currentHs,
      // The rate of a board has no window in its name.
      currentWindowS: currentHs === null ? null : 0,
      averageHs: session.num('Average MHs', MH),
      nominalHs: sumOf(hashboards.map((board) => board.nominalHs)),
      windows: [],
    },
    powerW,
    // The supply of the recorded machine says its power and neither voltage nor current: measured or reckoned, unknown.
    powerBasis: null,
    powerLimitW: null,
    efficiencyJTh: efficiencyJTh(powerW, currentHs),
    ambientTempC: null,
    hashboards,
    fans: fansOf(summary),
    psu: psuOf(summary),
    pools: poolsOf(summary, replies),
    shares: {
      accepted: session.int('Accepted'),
      rejected: session.int('Rejected'),
      stale: null,
      sessionBestDifficulty: null,
      bestDifficulty: null,
    },
    hardwareErrors: null,
    faults: faultsOf(summary, state),
  };
}

/** The sum of what is known; null where nothing is. */
const sumOf = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((sum, value) => (value === null ? sum : (sum ?? 0) + value), null);

/** Boards are found and tuned first; no hashrate then is no fault. */
const STARTING_S = 600;

/** `Mining` was recorded; `Idling` is what a known client takes for "does not mine". Any other word: not known. */
function stateOf(summary: Fields, currentHs: number | null, uptimeS: number | null): MachineState {
  const said = summary.sub('Status').str('Operating State');
  if (said === 'Idling') return 'idle';
  if (said !== 'Mining') return 'unknown';
  if ((currentHs ?? 0) > 0) return 'mining';
  return uptimeS !== null && uptimeS < STARTING_S ? 'starting' : 'idle';
}

/** Connectors without a fan are null; one that reads 0 is a fan that stands still. */
function fansOf(summary: Fields): Fan[] {
  const turns = summary.sub('Fans Rpm');
  const percent = summary.sub('Fans').num('Fans Speed');
  const fans: Fan[] = [];
  for (let n = 1; n <= MOST_FANS; n++) {
    const rpm = turns.num(`Fans Speed ${n}`);
    if (rpm !== null) fans.push({ ...blankFan(n - 1), label: `fan ${n}`, rpm, percent });
  }
  return fans;
}

const MOST_FANS = 16;

/** 0 stands for what the supply does not tell. */
function psuOf(summary: Fields): Psu | null {
  if (!summary.has('Power Supply Stats')) return null;
  const supply = summary.sub('Power Supply Stats');
  return {
    ...blankPsu(),
    inputVoltageV: positive(supply.num('Input Voltage')),
    inputCurrentA: positive(supply.num('Input Current')),
    inputPowerW: positive(supply.num('Input Power')),
    outputVoltageV: positive(supply.num('Output Voltage')),
    outputCurrentA: positive(supply.num('Output Current')),
  };
}

const MOST_POOLS = 32;

/** The configured pools; only of the one in use is anything known. */
function poolsOf(summary: Fields, replies: Replies): Pool[] {
  const stratum = summary.sub('Stratum');
  const session = summary.sub('Session');
  const inUse = stratum.int('Config Id');
  const connected = stratum.bool('IsPoolConnected');
  const sinceS = positive(session.int('Accepted')) === null ? null : session.num('Last Accepted Share Timer');
  const at = replies.get('summary')?.meta.at ?? null;
  return summary
    .list('StratumConfigs')
    .slice(0, MOST_POOLS)
    .map((value, index) => {
      const config = new Fields(value);
      const pool: Pool = { ...blankPool(index), url: config.str('pool'), worker: config.str('login'), priority: index };
      if (inUse === null) return pool;
      if (inUse !== index) return { ...pool, active: false };
      return {
        ...pool,
        // The firmware adds the machine's address or name to the configured worker.
        worker: stratum.str('Current User') ?? pool.worker,
        status: connected === null ? 'unknown' : connected ? 'alive' : 'dead',
        active: connected,
        difficulty: positive(session.num('Difficulty')),
        lastShareAt: sinceS === null || at === null ? null : at - sinceS * 1000,
      };
    });
}

/** `Last Error` has no date: while the machine mines it is history, else it may be why it does not. */
function faultsOf(summary: Fields, state: MachineState): Fault[] {
  if (state === 'mining') return [];
  const texts = [summary.sub('Status').str('Last Error'), summary.str('Last License Error')];
  return texts.flatMap((text) =>
    text === null ? [] : [{ ...blankFault('vendor.unmapped'), text: text.slice(0, 500), severity: 'warning' as const }],
  );
}
