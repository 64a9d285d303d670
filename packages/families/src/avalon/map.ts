import {
  blankFan,
  blankPsu,
  efficiencyJTh,
  type FamilySnapshot,
  type Fan,
  GH,
  type MachineState,
  type Pool,
  type Psu,
  type Replies,
} from '@headframe/model';
import {
  averageHashrate,
  first,
  hashrateWindows,
  lastShareAt,
  poolFrom,
  section,
  sharesFrom,
} from '@headframe/wire/cgminer';
import { faultsOf } from './faults.ts';
import { hashboardsOf, sensor } from './hashboards.ts';
import { hardwareOfAvalon, identityOfAvalon } from './identity.ts';
import type { MmRecord } from './mm-record.ts';
import { type Module, modulesOf } from './modules.ts';

/** What the answers of an Avalon mean (protocols.md 4; keys as the real Avalon Q of 2025 sends them). */
export function mapAvalon(replies: Replies): FamilySnapshot {
  const summary = first(replies.get('summary')?.doc, 'SUMMARY');
  const modules = modulesOf(replies);
  const main = modules[0]?.main;
  const windows = hashrateWindows(summary);
  const currentHs = windows[0]?.hs ?? null;
  const state = stateOf(main, currentHs);
  const powerW = sum(modules, ({ main: module }) => powerOf(module));
  return {
    identity: identityOfAvalon(replies),
    state,
    minerUptimeS: summary.int('Elapsed'),
    systemUptimeS: null,
    hashrate: {
      currentHs,
      currentWindowS: windows[0]?.seconds ?? null,
      averageHs: averageHashrate(summary),
      nominalHs: sum(modules, ({ main: module }) => scaled(module.num('GHSmm'), GH)),
      windows,
    },
    powerW,
    powerBasis:
      powerW === null
        ? null
        : modules.every(({ main: module }) => atTheWall(module) !== null)
          ? 'measured'
          : 'estimated',
    // The power target of the chosen work level (inferred, protocols.md 4).
    powerLimitW: main?.num('MPO') ?? null,
    efficiencyJTh: state === 'mining' ? efficiencyJTh(powerW, currentHs) : null,
    ambientTempC: sensor(main?.num('ITemp') ?? main?.num('Temp') ?? null),
    hashboards: hashboardsOf(modules, hardwareOfAvalon(first(replies.get('version')?.doc, 'VERSION')), state),
    fans: modules.flatMap(({ main: module }) => fansOf(module)).map((fan, slot) => ({ ...fan, slot })),
    psu: main === undefined ? null : psuOf(main),
    pools: pools(replies),
    shares: sharesFrom(summary),
    hardwareErrors: summary.int('Hardware Errors'),
    faults: modules.flatMap(({ main: module }) => faultsOf(module)),
  };
}

/**
 * `SYSTEMSTATU[Work: In Work, Hash Board: 3]`. The machine's word goes before its counters: an idle one still reports
 * averages. Off on purpose shows as a soft-off later than the last soft-on.
 */
function stateOf(main: MmRecord | undefined, currentHs: number | null): MachineState {
  const work = /Work:\s*In\s+(\w+)/i.exec(main?.text('SYSTEMSTATU') ?? '')?.[1]?.toLowerCase();
  if (work === 'init') return 'starting';
  if (work === 'idle') return (main?.num('SoftOffTime') ?? 0) > (main?.num('SoftOnTime') ?? 0) ? 'paused' : 'idle';
  if (currentHs === null) return 'unknown';
  if (currentHs > 0) return 'mining';
  return work === 'work' ? 'starting' : 'idle';
}

/**
 * Watts: at the wall where the machine measures that; else PS[4], what the supply gives out, which is a little less
 * than what it draws and so an estimate of it (protocols.md 4).
 */
const powerOf = (module: MmRecord): number | null => atTheWall(module) ?? module.nums('PS')[4] ?? null;

/** `WALLPOWER` where it is sent; on machines with seven PS values (the Q) the last one. */
function atTheWall(module: MmRecord): number | null {
  const ps = module.nums('PS');
  return module.num('WALLPOWER') ?? (ps.length === 7 ? (ps[6] ?? null) : null);
}

/** `PS[error, control voltage, board voltage, current, power, set voltage, ...]`, voltages in hundredths of a volt. */
function psuOf(main: MmRecord): Psu | null {
  const ps = main.nums('PS');
  if (ps.length < 5) return null;
  return {
    ...blankPsu(),
    outputVoltageV: scaled(ps[2] ?? null, 0.01),
    outputCurrentA: ps[3] ?? null,
    inputPowerW: atTheWall(main),
  };
}

function fansOf(module: MmRecord): Fan[] {
  const percent = module.num('FanR');
  return [1, 2, 3, 4, 5, 6, 7, 8]
    .filter((n) => module.has(`Fan${n}`))
    .map((n, slot) => ({ ...blankFan(slot), label: `Fan${n}`, rpm: module.num(`Fan${n}`), percent }));
}

function pools(replies: Replies): Pool[] {
  const reply = replies.get('pools');
  if (reply === undefined) return [];
  const elapsedS = first(replies.get('summary')?.doc, 'SUMMARY').num('Elapsed');
  return section(reply.doc, 'POOLS').map((record, position) => ({
    ...poolFrom(record, position),
    lastShareAt: lastShareAt(record, reply, elapsedS),
  }));
}

const scaled = (value: number | null, factor: number): number | null =>
  value === null ? null : Math.round(value * factor * 1e6) / 1e6;

function sum(modules: readonly Module[], of: (module: Module) => number | null): number | null {
  const values = modules.map(of).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
}
