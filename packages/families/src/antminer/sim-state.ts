import { hash32, streamKey } from '../sim/counter-random.ts';
import type { DeviceSeed } from '../sim/device.ts';
import { MiningSession } from '../sim/physics.ts';
import type { AntminerModel } from './sim-models.ts';

/** What the mining program knows at one moment, in the device's own terms. Everything that is printed comes from here. */
export interface MinerState {
  /** Seconds since the mining program started. */
  readonly elapsed: number;
  /** Put to sleep: no boards, no numbers (protocols.md 2.3). */
  readonly asleep: boolean;
  /** H/s. */
  readonly rate5s: number;
  readonly rate30m: number;
  readonly rateAverage: number;
  /** One for each of the model's chains, in their order. */
  readonly boards: readonly BoardState[];
  /** Turns per minute, one for each of the model's connectors, in their order. */
  readonly fans: readonly number[];
  readonly pools: readonly PoolState[];
  /** The pool worked for, by its place; -1 for none. */
  readonly currentPool: number;
  /** W at the wall. */
  readonly power: number;
  /** What the machine complains about, by check of summary.cgi. */
  readonly complaints: Readonly<Partial<Record<'rate' | 'network' | 'fans' | 'temp', string>>>;
}

export interface BoardState {
  readonly found: boolean;
  /** H/s. */
  readonly rate: number;
  /** The four sensors of the board, whole °C; chips are 5 warmer and the controller 10 cooler, as on the real one. */
  readonly pcb: readonly number[];
  readonly errors: number;
  /** Places of chips that do not work, counted from 0. */
  readonly deadChips: readonly number[];
  readonly serial: string;
}

export interface PoolState {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly alive: boolean;
  readonly accepted: number;
  readonly rejected: number;
  readonly stale: number;
  readonly difficulty: number;
  /** Seconds since the last share; null: never one. */
  readonly lastShare: number | null;
  readonly best: number;
}

/** What stands on the machine's label and in its memory for good. */
export interface Nameplate {
  readonly mac: string;
  readonly serial: string;
  readonly hostname: string;
}

/** From power to the web page, from there to the mining program, and until it opens its port (protocols.md 1.1). */
const WEB_MS = 40_000;
const PROGRAM_MS = 60_000;
export const API_MS = 7_000;

export interface Machine {
  readonly nameplate: Nameplate;
  readonly webFrom: number;
  readonly programFrom: number;
  readonly stateAt: (now: number) => MinerState;
  /** H/s over the quarter of an hour that ends at a time. */
  readonly rateAt: (now: number) => number;
}

const POOL_NAMES = ['pool.example.org', 'fallback.example.net'];
/** Warmth of the four sensors of a board: two where the air goes in, two where it leaves. */
const PLACES = [0.72, 0.76, 1, 0.95];

/** A machine that follows the physics of the simulator. */
export function machineOf(model: AntminerModel, seed: DeviceSeed, isOn: (switchName: string) => boolean): Machine {
  const key = streamKey(seed.seed, 'antminer');
  const word = (place: number) => hash32(key, place).toString(16).padStart(8, '0').toUpperCase();
  const programFrom = seed.poweredAt + PROGRAM_MS;
  const lastBoard = model.chains.length - 1;
  const asleep = isOn('asleep');
  const session = new MiningSession({
    seed: seed.seed,
    startedAt: programFrom,
    boards: model.chains.map((_, i) => ({
      nominalHs: model.idealHs / model.chains.length,
      powerW: model.boardW,
      dead: i === lastBoard && isOn('dead-board'),
    })),
    pools: POOL_NAMES.map((_, i) => ({
      difficulty: model.poolDifficulty * model.difficultyScale,
      dead: i === 0 && isOn('dead-pool'),
    })),
    cooling: {
      fans: model.fans.length,
      maxRpm: model.maxRpm,
      minPercent: 20,
      targetC: 66,
      riseC: 24,
      ...(isOn('stalled-fan') ? { stalledFan: 0 } : {}),
    },
    idleW: model.idleW,
    level: asleep ? 0 : 1,
    startDelayS: 120,
    rampS: 180,
  });

  const board = (i: number, now: number): BoardState => ({
    found: !(i === lastBoard && isOn('dead-board')),
    rate: session.hashrateHs(now, 5, i),
    pcb: PLACES.map((warmth) => Math.round(session.sensorC(now, i, warmth))),
    errors: session.hardwareErrors(now, i),
    deadChips: i === 0 && isOn('dead-chip') ? [10] : [],
    serial: `SIM${word(10 + i)}${i}`,
  });

  const pool = (id: number, now: number): PoolState => {
    const last = session.lastShareAt(now, { pool: id });
    return {
      url: `stratum+tcp://${POOL_NAMES[id]}:3333`,
      user: `account.${model.name}-${seed.seed}`,
      password: 'x',
      alive: session.poolAlive(now, id),
      ...session.shares(now, { pool: id }),
      difficulty: model.poolDifficulty,
      lastShare: last === null ? null : Math.floor((now - last) / 1000),
      best: Math.floor(session.bestShare(now, id) / model.difficultyScale),
    };
  };

  return {
    nameplate: {
      mac: `02:${word(1).slice(0, 6)}${word(2).slice(0, 4)}`.replace(/(\w\w)(?=\w)/g, '$1:'),
      serial: `SIM${word(3)}${word(4)}`,
      hostname: 'Antminer',
    },
    webFrom: seed.poweredAt + WEB_MS,
    programFrom,
    rateAt: (now) => session.hashrateHs(now, 900),
    stateAt: (now) => ({
      elapsed: Math.floor(session.elapsedS(now)),
      asleep,
      rate5s: session.hashrateHs(now, 5),
      rate30m: session.hashrateHs(now, 1800),
      rateAverage: session.averageHs(now),
      boards: model.chains.map((_, i) => board(i, now)),
      fans: model.fans.map((_, i) => Math.round(session.fanRpm(now, i) / 60) * 60),
      pools: POOL_NAMES.map((_, id) => pool(id, now)),
      currentPool: session.currentPool(now) ?? -1,
      power: session.powerW(now),
      complaints: {
        ...(isOn('stalled-fan') ? { fans: 'fan lost' } : {}),
        ...(isOn('network-warning') ? { network: 'network connection lost' } : {}),
      },
    }),
  };
}
