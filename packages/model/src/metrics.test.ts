import { describe, expect, test } from 'vitest';
import { blankFan, blankHashboard, blankIdentity, blankPool, blankPsu } from './blank.ts';
import { snapshotFields } from './fields.ts';
import { metricKinds, metricsOf } from './metrics.ts';
import type { Snapshot } from './snapshot.ts';

/** A machine of which nothing is known. */
const silent: Snapshot = {
  schemaVersion: 1,
  address: '10.0.4.17',
  at: 1_700_000_000_000,
  identity: blankIdentity('cgminer'),
  state: 'unknown',
  minerUptimeS: null,
  systemUptimeS: null,
  hashrate: { currentHs: null, currentWindowS: null, averageHs: null, nominalHs: null, windows: [] },
  powerW: null,
  powerBasis: null,
  powerLimitW: null,
  efficiencyJTh: null,
  ambientTempC: null,
  hashboards: [],
  fans: [],
  psu: null,
  pools: [],
  shares: { accepted: null, rejected: null, stale: null, sessionBestDifficulty: null, bestDifficulty: null },
  hardwareErrors: null,
  faults: [],
  gaps: [],
  replies: [],
};

/** Samples as Prometheus writes them. */
const lines = (snapshot: Snapshot): string[] =>
  metricsOf(snapshot).map(({ name, labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
  });

describe('samples', () => {
  test('a machine that says nothing has no samples, and no zeros', () => {
    expect(lines(silent)).toEqual([]);
    expect(lines({ ...silent, hashboards: [blankHashboard(0)], fans: [blankFan(0)], psu: blankPsu() })).toEqual([]);
  });

  test('elements of lists carry their slot or index, not their place in the list', () => {
    const snapshot: Snapshot = {
      ...silent,
      hashrate: { ...silent.hashrate, currentHs: 110.6e12 },
      hashboards: [
        { ...blankHashboard(0), tempC: 64, hardwareErrors: 3 },
        { ...blankHashboard(2), tempC: 66.5 },
      ],
      fans: [{ ...blankFan(1), rpm: 0 }],
      psu: { ...blankPsu(), tempC: 41 },
      pools: [{ ...blankPool(1), accepted: 12, difficulty: 65536 }],
    };
    expect(lines(snapshot)).toEqual([
      'headframe_hashrate_hashes_per_second 110600000000000',
      'headframe_psu_temperature_celsius 41',
      'headframe_hashboard_temperature_celsius{hashboard="0"} 64',
      'headframe_hashboard_hardware_errors_total{hashboard="0"} 3',
      'headframe_hashboard_temperature_celsius{hashboard="2"} 66.5',
      'headframe_fan_rpm{fan="1"} 0',
      'headframe_pool_shares_accepted_total{pool="1"} 12',
      'headframe_pool_difficulty{pool="1"} 65536',
    ]);
  });

  test('a machine that stands still says zero where it said zero', () => {
    expect(lines({ ...silent, hashrate: { ...silent.hashrate, currentHs: 0 } })).toEqual([
      'headframe_hashrate_hashes_per_second 0',
    ]);
  });

  test('a sample says what it is and whether it only grows', () => {
    expect(metricsOf({ ...silent, hardwareErrors: 7, powerW: 3250 })).toEqual([
      {
        name: 'headframe_power_watts',
        help: 'Power draw of the machine, in W',
        type: 'gauge',
        labels: {},
        value: 3250,
      },
      {
        name: 'headframe_hardware_errors_total',
        help: 'Hardware errors of the machine',
        type: 'counter',
        labels: {},
        value: 7,
      },
    ]);
  });
});

describe('kinds of metrics', () => {
  test('are all that the schema declares, each once', () => {
    const declared = snapshotFields().flatMap((field) => field.metric ?? []);
    expect(
      metricKinds()
        .map((kind) => kind.name)
        .toSorted(),
    ).toEqual(declared.toSorted());
    expect(declared).toHaveLength(38);
  });

  test('have a label where a machine has several', () => {
    const label = (name: string) => metricKinds().find((kind) => kind.name === name)?.label;
    expect(label('headframe_hashboard_volts')).toBe('hashboard');
    expect(label('headframe_fan_percent')).toBe('fan');
    expect(label('headframe_pool_shares_stale_total')).toBe('pool');
    expect(label('headframe_psu_fan_rpm')).toBeNull();
  });
});
