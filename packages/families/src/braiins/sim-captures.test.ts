import { readFileSync } from 'node:fs';
import type { DescMessage, DescMethodUnary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../../../../tests/shared.ts';
import { shapeDifferences } from '../sim/shapes.testing.ts';
import {
  ActionsService,
  ApiVersionService,
  CoolingService,
  MinerService,
  NetworkService,
  PerformanceService,
  PoolService,
  toDoc,
} from './contract/index.ts';
import { visitor } from './sim.testing.ts';

/*
 * The messages of the simulated S19 XP under 25.07 beside the REST replies of a real one, which are the same messages as
 * documents.
 */

const FOLDER = ['captures', 'braiins', 'antminer-s19-xp', '25.07-plus_2025-08-06'];
const folder = sharedPath(...FOLDER);

function capture(name: string): unknown {
  const path = sharedPath(...FOLDER, `${name}.json`);
  if (path === null) throw new Error(`no capture ${name}`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

function simulated(method: DescMethodUnary<DescMessage, DescMessage>): unknown {
  const [bytes = new Uint8Array()] = visitor({ name: 's19-xp-25.07' }).say(method, {}).messages;
  return toDoc(method.output, bytes);
}

/** What a release does not have is absent from a document, and an empty text in a message; null is absent as well. */
function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== null && inner !== '');
  return Object.fromEntries(kept.map(([key, inner]) => [key, without(inner)]));
}

describe.skipIf(folder === null)('a simulated S19 XP under 25.07 beside a real one', () => {
  test.each([
    ['miner_details', MinerService.method.getMinerDetails],
    ['miner_stats', MinerService.method.getMinerStats],
    ['miner_hw_hashboards', MinerService.method.getHashboards],
    ['cooling_state', CoolingService.method.getCoolingState],
    ['network', NetworkService.method.getNetworkInfo],
    ['performance_tuner_state', PerformanceService.method.getTunerState],
  ])('%s has its fields', (name, method) => {
    expect(shapeDifferences(without(simulated(method)), without(capture(name)))).toEqual([]);
  });

  test('pools have its fields, but a time of a share where there was none', () => {
    const { pool_groups: groups } = simulated(PoolService.method.getPoolGroups) as { pool_groups: unknown };
    const differences = shapeDifferences(without(groups), without(capture('pools')));
    expect(differences).toEqual(['[0].pools[1].stats.last_share_time: only real']);
  });

  test('the version is the same', () => {
    expect(simulated(ApiVersionService.method.getApiVersion)).toMatchObject({ major: 1, minor: 7, patch: 0 });
    expect(capture('version')).toEqual({ major: 1, minor: 0, patch: 0 });
    expect(simulated(ActionsService.method.getLocateDeviceStatus)).toEqual({ enabled: capture('actions_locate') });
  });
});
