import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import type { Miner } from '../domain/miner.ts';
import { Registry } from '../domain/registry.ts';
import { aSnapshot, START, target } from '../doubles.testing.ts';
import { renderMetrics } from './metrics.ts';

const registryWith = (...addresses: string[]) => {
  const registry = new Registry({ changed: () => {}, removed: () => {} });
  return { registry, miners: addresses.map((address) => registry.add(target(address), START) as Miner) };
};

describe('the metrics', () => {
  test('a machine that answers has its readings with their units in the names', () => {
    const { registry, miners } = registryWith('10.0.0.1');
    const [miner] = miners as [Miner];
    registry.answered(miner, aSnapshot(), 42, START + 1_500);
    const text = renderMetrics(registry.all());
    const labels = `miner="${miner.id}",address="10.0.0.1"`;
    expect(text).toContain(`headframe_up{${labels}} 1\n`);
    expect(text).toContain(`headframe_poll_duration_seconds{${labels}} 0.042\n`);
    expect(text).toContain(`headframe_hashrate_hashes_per_second{${labels}} 110000000000000\n`);
    expect(text).toContain(`headframe_power_watts{${labels}} 3250\n`);
    expect(text).toContain(`headframe_fan_rpm{${labels},fan="1"} 4260\n`);
    expect(text).toContain(`headframe_hashboard_temperature_celsius{${labels},hashboard="0"} 64\n`);
    expect(text).toContain(`headframe_shares_accepted_total{${labels}} 1200\n`);
    expect(text).toContain('# TYPE headframe_shares_accepted_total counter\n');
    expect(text).toContain(`headframe_last_answer_timestamp_seconds{${labels}} ${(START + 1_500) / 1000}\n`);
    expect(text).toContain(`headframe_state{${labels},state="mining"} 1\n`);
  });

  test('a machine that fell silent is down and has no readings: a gap in the graph, not the last value', () => {
    const { registry, miners } = registryWith('10.0.0.1');
    const [miner] = miners as [Miner];
    registry.answered(miner, aSnapshot(), 42, START);
    registry.failed(miner, new HeadframeError('link/refused'), 5, START);
    const text = renderMetrics(registry.all());
    expect(text).toMatch(/^headframe_up\{.*\} 0$/m);
    expect(text).toMatch(/^headframe_poll_failures_total\{.*\} 1$/m);
    expect(text).not.toContain('headframe_hashrate');
    expect(text).not.toContain('headframe_state');
  });

  test('every line is a comment or a sample, samples of one name stand together below their help and type', () => {
    const { registry, miners } = registryWith('10.0.0.1', '10.0.0.2', '10.0.0.3');
    for (const miner of miners) registry.answered(miner, aSnapshot(), 42, START);
    const text = renderMetrics(registry.all());
    expect(text.endsWith('\n')).toBe(true);
    const seen = new Set<string>();
    let current = '';
    for (const line of text.trimEnd().split('\n')) {
      if (line.startsWith('# HELP ')) {
        current = line.split(' ')[2] ?? '';
        expect(seen.has(current)).toBe(false);
        seen.add(current);
      } else if (line.startsWith('# TYPE ')) {
        expect(line).toMatch(new RegExp(`^# TYPE ${current} (gauge|counter)$`));
      } else {
        const sample = /^([a-z_]+)\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)+)\} (-?[0-9.e+-]+)$/.exec(line);
        expect(sample, line).not.toBeNull();
        expect(sample?.[1]).toBe(current);
        expect(Number.isFinite(Number(sample?.[3]))).toBe(true);
      }
    }
    expect(seen.size).toBeGreaterThan(15);
  });

  test('what a device says of itself cannot break out of a label', () => {
    const { registry, miners } = registryWith('10.0.0.1');
    registry.answered(miners[0] as Miner, aSnapshot({ model: 'S19"} 1\nevil{a="\\' }), 42, START);
    const text = renderMetrics(registry.all());
    expect(text).toContain('model="S19\\"} 1\\nevil{a=\\"\\\\"');
    expect(text).not.toMatch(/^evil/m);
  });
});
