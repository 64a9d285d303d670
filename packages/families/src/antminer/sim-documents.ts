import { unicode } from './sim-config.ts';
import type { AntminerModel } from './sim-models.ts';
import type { BoardState, MinerState, PoolState } from './sim-state.ts';
import { chipMap } from './sim-stats.ts';
import { shortened, since } from './sim-text.ts';
import type { AntminerUnit } from './sim-unit.ts';

/*
 * summary, stats and pools as the newer web page sends them, and port 4028 when asked with `new_api`
 * (protocols.md 2.1, 2.3).
 */

/** A number that is printed with a decimal point even where it is whole, as C's JSON library does. */
class Real {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

const real = (value: number): Real => new Real(Math.round(value * 100) / 100);

/** JSON in the spacing of the device: a blank behind each comma and colon. */
export function printed(value: unknown): string {
  if (value instanceof Real) return Number.isInteger(value.value) ? `${value.value}.0` : String(value.value);
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${printed(inner)}`);
  return `{${members.join(', ')}}`;
}

type Document = (unit: AntminerUnit, now: number) => string;

/** The three documents by the command, or the page, that asks for them. */
export const CGI_DOCUMENTS: Readonly<Record<'summary' | 'stats' | 'pools', Document>> = {
  summary: (unit, now) => {
    const state = unit.stateAt(now);
    return cgiDocument(unit, 'summary', 'SUMMARY', state.asleep ? [] : [summary(unit.model, state)], now);
  },
  stats: (unit, now) => {
    const state = unit.stateAt(now);
    return cgiDocument(unit, 'stats', 'STATS', state.asleep ? [] : [stats(unit.model, state)], now);
  },
  pools: (unit, now) => {
    const state = unit.stateAt(now);
    const all = state.pools.map((p, id) => pool(p, id, state));
    return cgiDocument(unit, 'pools', 'POOLS', all, now);
  },
};

/** STATUS is an object here, where cgminer has a list (2.3). Without a section: nothing but that it was done. */
export const cgiDocument = (
  { model, firmware }: AntminerUnit,
  message: string,
  section: string | null,
  records: readonly unknown[],
  now: number,
) =>
  printed({
    STATUS: { STATUS: 'S', when: Math.floor(now / 1000), Msg: message, api_version: '1.0.0' },
    INFO: { miner_version: model.minerVersion, CompileTime: firmware.compileTime, type: model.type },
    ...(section === null ? {} : { [section]: records }),
  });

/** The last six hours in steps of a quarter of an hour: chart.cgi, and `rate` with `new_api`. */
export function rateSeries(unit: AntminerUnit, now: number) {
  const { model } = unit;
  const steps = Array.from({ length: 24 }, (_, i) => now - (23 - i) * 900_000);
  return [
    {
      unit: `${model.unit.name}/s`,
      xAxis: steps.map((at) => new Date(at).toISOString().slice(11, 16)),
      series: [{ name: 'rate', data: steps.map((at) => Math.round(unit.rateAt(at) / model.unit.hs)) }],
    },
  ];
}

const rates = (model: AntminerModel, state: MinerState) => ({
  elapsed: state.elapsed,
  rate_5s: real(state.rate5s / model.unit.hs),
  rate_30m: real(state.rate30m / model.unit.hs),
  rate_avg: real(state.rateAverage / model.unit.hs),
  rate_ideal: real(model.idealHs / model.unit.hs),
  rate_unit: `${model.unit.name}/s`,
});

const errors = (state: MinerState): number => state.boards.reduce((all, board) => all + board.errors, 0);

/** What the machine checks about itself, each with its complaint if it has one. */
export const checks = (state: MinerState) =>
  (['rate', 'network', 'fans', 'temp'] as const).map((type) => {
    const msg = state.complaints[type];
    return {
      type,
      status: msg === undefined ? 's' : type === 'fans' ? 'e' : 'w',
      code: msg === undefined ? 0 : 1,
      msg: msg ?? '',
    };
  });

function summary(model: AntminerModel, state: MinerState) {
  return {
    ...rates(model, state),
    hw_all: errors(state),
    bestshare: Math.max(0, ...state.pools.map((p) => p.best)),
    status: checks(state),
  };
}

function stats(model: AntminerModel, state: MinerState) {
  const chains = state.boards.flatMap((board, index) => (board.found ? [chain(model, state, board, index)] : []));
  return {
    ...rates(model, state),
    chain_num: chains.length,
    fan_num: state.fans.length,
    fan: state.fans,
    hwp_total: real(0),
    'miner-mode': state.workMode ?? 0,
    'freq-level': state.freqLevel ?? 100,
    ...(model.power === 'watt'
      ? { watt: Math.round(state.power), jt: real(state.power / Math.max(1, state.rate5s / 1e12)) }
      : {}),
    chain: chains,
  };
}

const chain = (model: AntminerModel, state: MinerState, board: BoardState, index: number) => ({
  index,
  freq_avg: state.frequencyMHz ?? model.frequencyMHz,
  rate_ideal: real(model.idealHs / model.chains.length / model.unit.hs),
  rate_real: real(board.rate / model.unit.hs),
  asic_num: model.chipsPerBoard,
  asic: chipMap(model, board),
  temp_pic: board.pcb.map((temp) => temp - 10),
  temp_pcb: board.pcb,
  temp_chip: board.pcb.map((temp) => temp + 5),
  hw: board.errors,
  eeprom_loaded: true,
  sn: board.serial,
  hwp: real(0),
  tpl: [],
});

const pool = (from: PoolState, index: number, state: MinerState) => ({
  index,
  url: unicode(from.url),
  user: unicode(from.user),
  status: from.enabled === false ? 'Disabled' : from.alive ? 'Alive' : 'Dead',
  priority: from.priority ?? index,
  getworks: Math.floor(state.elapsed / 30),
  accepted: from.accepted,
  rejected: from.rejected,
  discarded: 0,
  stale: from.stale,
  diff: index === state.currentPool ? shortened(from.difficulty) : '',
  diff1: 0,
  diffa: real(from.accepted * from.difficulty),
  diffr: real(from.rejected * from.difficulty),
  diffs: real(0),
  lsdiff: from.lastShare === null ? 0 : from.difficulty,
  lstime: since(from.lastShare),
});
