import type { Release } from './release.ts';

/** The columns of the statistics in their fixed order, and the release that brought each (protocols.md 6.5). */
const COLUMNS: readonly (readonly [name: string, since: Release])[] = [
  ['hashrate', 11],
  ['hashrate_1m', 12],
  ['hashrate_10m', 12],
  ['hashrate_1h', 12],
  ['errorPercentage', 11],
  ['asicTemp', 11],
  ['asicTemp2', 14],
  ['vrTemp', 11],
  ['asicVoltage', 11],
  ['voltage', 11],
  ['power', 11],
  ['current', 11],
  ['fanSpeed', 11],
  ['fanRpm', 11],
  ['fan2Rpm', 11],
  ['wifiRssi', 11],
  ['freeHeap', 11],
  ['responseTime', 13],
];

/** What can be asked for. `timestamp` comes by itself, always last. */
export const columnsOf = (release: Release): string[] =>
  COLUMNS.filter(([, since]) => release >= since).map(([name]) => name);
