import { errorPercent, float, freeHeap, rateGh, responseMs } from './sim-info.ts';
import { numberOf } from './sim-store.ts';
import type { Bitaxe } from './sim-unit.ts';

/*
 * GET /api/system/statistics and its dashboard (protocols.md 6.5). A row is a function of its time, so nothing is stored.
 */

const MOST_ROWS = 720;
/** The device looks every 5 s whether a row is due. */
const LOOK_S = 5;

interface Column {
  readonly name: string;
  readonly since: number;
  readonly value: (unit: Bitaxe, at: number) => number;
}

const column = (name: string, since: number, value: Column['value']): Column => ({ name, since, value });

/** Up to v2.10, without a selection. */
const OLD: readonly Column[] = [
  column('hashRate', 8, (unit, at) => float(unit, rateGh(unit, at, 10))),
  column('temp', 8, (unit, at) => unit.chipC(at)),
  column('vrTemp', 8, (unit, at) => unit.vrC(at)),
  column('power', 8, (unit, at) => float(unit, unit.chips.powerW(at))),
  column('voltage', 8, (unit, at) => unit.chips.inputMv(at, unit.board.nominalV)),
  column('current', 8, (unit, at) => float(unit, unit.currentMa(at))),
  column('coreVoltageActual', 8, (unit, at) => unit.chips.coreMv(at)),
  column('fanspeed', 8, (unit, at) => Math.round(unit.chips.fanPercent(at))),
  column('fanrpm', 8, (unit, at) => unit.chips.fanRpm(at, 0)),
  column('wifiRSSI', 8, (unit, at) => unit.rssi(at)),
  column('freeHeap', 8, freeHeap),
];

const NEW: readonly Column[] = [
  column('hashrate', 11, (unit, at) => float(unit, rateGh(unit, at, 10))),
  column('hashrate_1m', 12, (unit, at) => float(unit, rateGh(unit, at, 60))),
  column('hashrate_10m', 12, (unit, at) => float(unit, rateGh(unit, at, 600))),
  column('hashrate_1h', 12, (unit, at) => float(unit, rateGh(unit, at, 3600))),
  column('errorPercentage', 11, (unit, at) => float(unit, errorPercent(unit, at))),
  column('asicTemp', 11, (unit, at) => unit.chipC(at)),
  column('asicTemp2', 14, (unit, at) => (unit.board.chips > 1 ? unit.chipC(at, 1) : -1)),
  column('vrTemp', 11, (unit, at) => unit.vrC(at)),
  column('asicVoltage', 11, (unit, at) => unit.chips.coreMv(at)),
  column('voltage', 11, (unit, at) => unit.chips.inputMv(at, unit.board.nominalV)),
  column('power', 11, (unit, at) => float(unit, unit.chips.powerW(at))),
  column('current', 11, (unit, at) => float(unit, unit.currentMa(at))),
  column('fanSpeed', 11, (unit, at) => Math.round(unit.chips.fanPercent(at))),
  column('fanRpm', 11, (unit, at) => unit.chips.fanRpm(at, 0)),
  column('fan2Rpm', 11, (unit, at) => (unit.board.fans > 1 ? unit.chips.fanRpm(at, 1) : 0)),
  column('wifiRssi', 11, (unit, at) => unit.rssi(at)),
  column('freeHeap', 11, freeHeap),
  column('responseTime', 13, (unit, at) => float(unit, responseMs(unit, at))),
];

/** Seconds between two rows; 0: nothing is kept. */
function periodS({ store, release }: Bitaxe): number {
  const asked =
    release.minor === 8
      ? (numberOf(store, 'statsDuration') * 60) / numberOf(store, 'statsLimit')
      : numberOf(store, 'statsFrequency');
  return Number.isFinite(asked) && asked > 0 ? Math.ceil(asked / LOOK_S) * LOOK_S : 0;
}

export const keepsStatistics = (unit: Bitaxe): boolean => periodS(unit) > 0;

/** When the rows were taken that are kept, oldest first. */
function rowTimes(unit: Bitaxe, now: number): number[] {
  const stepMs = periodS(unit) * 1000;
  if (stepMs === 0) return [];
  const most = unit.release.minor === 8 ? Math.min(MOST_ROWS, numberOf(unit.store, 'statsLimit')) : MOST_ROWS;
  const last = Math.floor((now - unit.statsSince) / stepMs);
  const first = Math.max(1, last - most + 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => unit.statsSince + (first + i) * stepMs);
}

/** The columns of `?columns=`; a comma may come percent-encoded from v2.14 on. None valid: all. */
function chosen(unit: Bitaxe, query: string): readonly Column[] {
  const { minor } = unit.release;
  const all = (minor < 11 ? OLD : NEW).filter(({ since }) => minor >= since);
  const given = /(?:^|&)columns=([^&]*)/.exec(query)?.[1];
  if (given === undefined || minor < 11) return all;
  const names = new Set((minor >= 14 ? given.replace(/%2c/gi, ',') : given).split(','));
  const some = all.filter(({ name }) => names.has(name));
  return some.length === 0 && !names.has('timestamp') ? all : some;
}

export function statistics(unit: Bitaxe, query: string, now: number): Record<string, unknown> {
  const columns = chosen(unit, query);
  return {
    currentTimestamp: now - unit.bootedAt,
    labels: [...columns.map(({ name }) => name), 'timestamp'],
    statistics: rowTimes(unit, now).map((at) => [...columns.map(({ value }) => value(unit, at)), at - unit.bootedAt]),
  };
}

/** v2.8 to v2.10: hash rate, chip temperature, power, timestamp; without labels. */
export const dashboard = (unit: Bitaxe, now: number): Record<string, unknown> => ({
  currentTimestamp: now - unit.bootedAt,
  statistics: rowTimes(unit, now).map((at) => [
    float(unit, rateGh(unit, at, 10)),
    unit.chipC(at),
    float(unit, unit.chips.powerW(at)),
    at - unit.bootedAt,
  ]),
});
