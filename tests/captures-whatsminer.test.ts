import { readFileSync } from 'node:fs';
import { snapshotOf } from '@headframe/families';
import type { Reply } from '@headframe/model';
import { parseLenient } from '@headframe/wire/json';
import { describe, expect, test } from 'vitest';
import { whatsminer } from '../packages/families/src/whatsminer/index.ts';
import { sharedPath } from './shared.ts';

const folder = sharedPath('captures', 'microbt');

/** @param at when it was recorded, epoch ms: the machine's own time */
function reply(name: string, path: string, at: number): [string, Reply] {
  const raw = readFileSync(`${folder}/${path}`);
  const { value: doc, repairs } = parseLenient(raw);
  return [
    name,
    { meta: { id: name, request: name, at, ms: 1, bytes: raw.length, repairs, error: null }, doc, raw, error: null },
  ];
}

describe.skipIf(folder === null)('recorded WhatsMiners', () => {
  test('a machine of 3 times 105 chips with API 1.4 mines, though its status says off', () => {
    const at = 1_761_061_372_000;
    const path = 'whatsminer-3x105chips_68T/20210322.22.REL_api-1.4.0';
    const names = ['summary', 'pools', 'devs', 'status', 'get_version', 'get_psu'];
    const snap = snapshotOf(whatsminer, new Map(names.map((name) => reply(name, `${path}/${name}.json`, at))), 'x');
    expect(snap).toMatchObject({
      state: 'mining',
      minerUptimeS: 10154,
      systemUptimeS: 10792,
      powerW: 3417,
      powerLimitW: 3500,
      hardwareErrors: 69,
      faults: [],
    });
    expect(snap.identity).toMatchObject({
      make: 'MicroBT',
      model: null,
      firmwareVersion: '20210322.22.REL',
      apiVersion: '1.4.0',
      mac: '02:16:c9:50:c0:6f',
      controlBoard: 'ALLWINNER_H3 V8',
    });
    expect(snap.hashrate).toMatchObject({
      currentHs: 70668114520000,
      currentWindowS: 5,
      averageHs: 67753251190000,
      nominalHs: 68796e9,
    });
    expect(snap.hashrate.windows.map(({ seconds }) => seconds)).toEqual([5, 60, 300, 900]);
    expect(
      snap.hashboards.map(
        ({ slot, state, chipsWorking, tempC, chipTempMaxC, frequencyMHz, hardwareErrors, serial }) => [
          slot,
          state,
          chipsWorking,
          tempC,
          chipTempMaxC,
          frequencyMHz,
          hardwareErrors,
          serial,
        ],
      ),
    ).toEqual([
      [0, 'ok', 105, 70, 90, 650, 15, '9FBA01F5780E3EDBCDB8'],
      [1, 'ok', 105, 69.5, 90.11, 652, 47, '38CE9B2550232A467394'],
      [2, 'ok', 105, 71.5, 92.5, 643, 7, '92E7EA90826F4D011AD3'],
    ]);
    expect(snap.fans.map(({ rpm }) => rpm)).toEqual([6450, 6480]);
    expect(snap.psu).toMatchObject({ model: 'P21-12-3600-E', firmwareVersion: '102220.009', fanRpm: 9060 });
    expect(
      snap.pools.map(({ index, url, status, active, accepted }) => [index, url, status, active, accepted]),
    ).toEqual([
      [1, 'stratum+tcp://btc.example.pool:3333', 'alive', true, 2338],
      [2, 'stratum+tcp://btc2.example.pool:3333', 'alive', false, 0],
      [3, 'stratum+tcp://btc3.example.pool:3333', 'alive', false, 0],
    ]);
    expect(snap.pools[0]?.lastShareAt).toBe(1_761_061_365_000);
    expect(snap.shares).toMatchObject({ accepted: 2338, rejected: 0, stale: 0, sessionBestDifficulty: 41127493 });
  });

  test('an M30S+ is known by devdetails alone', () => {
    const devdetails = reply('devdetails', 'whatsminer-m30s+_ve40/unknown/devdetails.json', 0);
    expect(whatsminer.identity(new Map([devdetails]))).toMatchObject({
      model: 'WhatsMiner M30S+',
      hardwareRevision: 'VE40',
    });
    const probe = whatsminer.probes.find(({ ask }) => ask === 'devdetails');
    expect(probe?.is(devdetails[1])).toBe(true);
  });

  test('a machine of API 2.0.5 tells its limit and its firmware in status', () => {
    const path = 'whatsminer-unknown-model/20240624.18.REL_api-2.0.5/status.json';
    const snap = snapshotOf(whatsminer, new Map([reply('status', path, 1_773_953_446_000)]), 'x');
    expect(snap).toMatchObject({ powerLimitW: 3600, state: 'unknown', faults: [] });
    expect(snap.identity.firmwareVersion).toBe('20240624.18.REL');
  });

  test('an M60S of API 3.0.2 is known by get.device.info', () => {
    const path = 'whatsminer-m60s-vk40/20251209.16.Rel2_api-3.0.2/get_device_info.json';
    const info = reply('whatsminer:get.device.info', path, 1_773_869_570_000);
    expect(whatsminer.identity(new Map([info]))).toMatchObject({
      model: 'WhatsMiner M60S',
      hardwareRevision: 'VK40',
      firmwareVersion: '20251209.16.Rel2',
      apiVersion: '3.0.2',
      mac: '02:a2:12:29:e4:7a',
      hostname: 'miner',
      controlBoard: 'CB6V10',
      algorithm: 'sha256d',
    });
    const snap = snapshotOf(whatsminer, new Map([info]), 'x');
    expect(snap.psu).toMatchObject({
      model: 'P221B',
      serial: '500000000000001',
      firmwareVersion: '230224.220429',
      fanRpm: 6344,
    });
    expect(snap.faults).toEqual([]);
    expect(whatsminer.probes.find(({ ask }) => ask === 'get.device.info')?.is(info[1])).toBe(true);
  });
});
