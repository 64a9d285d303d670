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
import { type Generation, generationOf } from './quirks.ts';
import { workOf } from './work-state.ts';

/** What the answers of an Avalon mean (protocols.md 4; keys as the real Avalon Q of 2025 sends them). */
export function mapAvalon(replies: Replies): FamilySnapshot {
  const summary = first(replies.get('summary')?.doc, 'SUMMARY');
  const modules = modulesOf(replies);
  const main = modules[0]?.main;
  const windows = hashrateWindows(summary);
  const currentHs = windows[0]?.hs ?? null;
  const state = stateOf(main, currentHs);
  const identity = identityOfAvalon(replies);
  const ps = generationOf(identity.model)?.ps;
  const powerW = sum(modules, ({ main: module }) => powerOf(module, ps));
  return {
    identity,
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
        : modules.every(({ main: module }) => atTheWall(module, ps) !== null)
          ? 'measured'
          : 'estimated',
    // The power target of the chosen work level (inferred, protocols.md 4).
    powerLimitW: main?.num('MPO') ?? null,
    efficiencyJTh: state === 'mining' ? efficiencyJTh(powerW, currentHs) : null,
    ambientTempC: sensor(main?.num('ITemp') ?? main?.num('Temp') ?? null),
    hashboards: hashboardsOf(modules, hardwareOfAvalon(first(replies.get('version')?.doc, 'VERSION')), state),
    fans: modules.flatMap(fansOf).map((fan, slot) => ({ ...fan, slot })),
    psu: main === undefined ? null : psuOf(main, ps),
    pools: pools(replies),
    shares: sharesFrom(summary),
    hardwareErrors: summary.int('Hardware Errors'),
    faults: modules.flatMap(({ main: module }) => faultsOf(module)),
  };
}

/** The machine's word goes before its counters: an idle one still reports averages. */
function stateOf(main: MmRecord | undefined, currentHs: number | null): MachineState {
  const { work, softOff } = main === undefined ? { work: null, softOff: false } : workOf(main);
  if (work === 'init') return 'starting';
  if (work === 'idle') return softOff ? 'paused' : 'idle';
  if (currentHs === null) return 'unknown';
  if (currentHs > 0) return 'mining';
  return work === 'work' ? 'starting' : 'idle';
}

/** Where a model has volts and watts in `PS`, if not as the A-series. */
type Ps = Generation['ps'];

/**
 * Watts: at the wall where the machine measures that; else PS[4], what the supply gives out, which is a little less
 * than what it draws and so an estimate of it (protocols.md 4).
 */
const powerOf = (module: MmRecord, ps: Ps): number | null =>
  atTheWall(module, ps) ?? (ps === undefined ? (module.nums('PS')[4] ?? null) : null);

/** `WALLPOWER` where it is sent; on machines with seven PS values (the Q) the last one. */
function atTheWall(module: MmRecord, at: Ps): number | null {
  const ps = module.nums('PS');
  return module.num('WALLPOWER') ?? (ps.length < 7 ? null : (ps[at?.watts ?? 6] ?? null));
}

/**
 * `PS[error, control voltage, board voltage, current, power, set voltage, ...]`, voltages in hundredths of a volt. The
 * Nanos have no supply of their own: there it is what their adapter gives.
 */
function psuOf(main: MmRecord, at: Ps): Psu | null {
  const ps = main.nums('PS');
  if (ps.length < 5) return null;
  const inputPowerW = atTheWall(main, at);
  if (at !== undefined) {
    return { ...blankPsu(), inputVoltageV: scaled(ps[at.inputVolts] ?? null, at.unitV), inputPowerW };
  }
  return {
    ...blankPsu(),
    outputVoltageV: scaled(ps[2] ?? null, 0.01),
    outputCurrentA: ps[3] ?? null,
    inputPowerW,
  };
}

/** `Fan1` to `Fan8`; a module of the A7 or A8 has one, `Fan`. */
function fansOf({ id, main: module }: Module): Fan[] {
  const percent = module.num('FanR');
  const of = id === 0 ? '' : `MM${id} `;
  return ['Fan', ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `Fan${n}`)]
    .filter((label) => module.has(label))
    .map((label, slot) => ({ ...blankFan(slot), label: `${of}${label}`, rpm: module.num(label), percent }));
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
