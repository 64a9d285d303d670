import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../../../../tests/shared.ts';
import { shapeDifferences } from '../sim/shapes.testing.ts';
import { ask, ask3, connect, type Doc, device } from './sim.testing.ts';

/*
 * Simulated machines beside the published replies of real ones: the same keys and the same types.
 */

const ROOT = ['captures', 'microbt'];
const folder = sharedPath(...ROOT);

function capture(...path: readonly string[]): Doc {
  const found = sharedPath(...ROOT, ...path);
  if (found === null) throw new Error(`no capture ${path.join('/')}`);
  return JSON.parse(readFileSync(found, 'utf8')) as Doc;
}

const OLD = ['whatsminer-3x105chips_68T', '20210322.22.REL_api-1.4.0'];

describe.skipIf(folder === null)('beside a real machine', () => {
  test.each(['summary', 'devs', 'pools', 'status', 'get_version', 'get_psu'])('API 1.4: %s', (cmd) => {
    const [simulated, real] = [ask(device('m30s-plus'), cmd), capture(...OLD, `${cmd}.json`)];
    expect(shapeDifferences(simulated, real)).toEqual([]);
  });

  test('API 1.4: codes, words and descriptions', () => {
    for (const [cmd, words] of [
      ['summary', 'Summary'],
      ['devs', '3 ASC(s)'],
      ['pools', '3 Pool(s)'],
    ] as const) {
      const [ours, theirs] = [ask(device('m30s-plus'), cmd), capture(...OLD, `${cmd}.json`)].map(
        (doc) => (doc.STATUS as Doc[])[0],
      );
      expect({ ...ours, When: 0 }).toEqual({ ...theirs, When: 0 });
      expect(ours?.Msg).toBe(words);
    }
    const status = capture(...OLD, 'status.json');
    expect(ask(device('m30s-plus'), 'status')).toEqual({ ...status, When: expect.any(Number) });
  });

  test('devdetails of an M30S+ VE40, word for word', () => {
    const real = capture('whatsminer-m30s+_ve40', 'unknown', 'devdetails.json');
    expect(ask(device('m30s-plus'), 'devdetails').DEVDETAILS).toEqual(real.DEVDETAILS);
    expect(ask(device('m33s-hydro'), 'devdetails').STATUS).toEqual(real.STATUS);
  });

  test('status of API 2.0.5: keys in their order, and the same words', () => {
    const real = capture('whatsminer-unknown-model', '20240624.18.REL_api-2.0.5', 'status.json');
    const ours = ask(device('m50s'), 'status');
    expect(Object.keys(ours)).toEqual(Object.keys(real));
    expect(Object.keys(ours.Msg as Doc)).toEqual(Object.keys(real.Msg as Doc));
    expect(ours.Msg).toEqual({ ...(real.Msg as Doc), power_mode: 'normal', power_limit_set: '' });
  });

  test('get.device.info of an M60S VK40 on port 4433', () => {
    const real = capture('whatsminer-m60s-vk40', '20251209.16.Rel2_api-3.0.2', 'get_device_info.json');
    const ours = ask3(connect(device('m60s')), 'get.device.info');
    expect(shapeDifferences(ours, real)).toEqual([]);
    const [ourMiner, realMiner] = [ours, real].map((doc) => (doc.msg as Doc).miner as Doc);
    for (const key of ['type', 'hash-board', 'board-num', 'working', 'pool-strategy', 'hash-percent', 'fast-boot']) {
      expect([key, ourMiner?.[key]]).toEqual([key, realMiner?.[key]]);
    }
    const [ourSystem, realSystem] = [ours, real].map((doc) => (doc.msg as Doc).system);
    expect(ourSystem).toEqual(realSystem);
  });
});
