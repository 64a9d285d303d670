import { readFileSync } from 'node:fs';
import { snapshotOf } from '@headframe/families';
import type { HttpDoc, Reply } from '@headframe/model';
import { parseLenient } from '@headframe/wire/json';
import { describe, expect, test } from 'vitest';
import { axeos } from '../packages/families/src/axeos/index.ts';
import { nerdqaxe } from '../packages/families/src/nerdqaxe/index.ts';
import { sharedPath } from './shared.ts';

const path = sharedPath('captures', 'bitaxe', 'supra-401-BM1368', 'v2.4.5-3-gb5d1e36-dirty', 'system_info.json');

function recorded(): Reply {
  const raw = readFileSync(path ?? '');
  const { value: doc, repairs } = parseLenient(raw);
  const meta = { id: 'info', request: 'GET /api/system/info', at: 0, ms: 1, bytes: raw.length, repairs, error: null };
  return { meta, doc, raw, error: null };
}

describe.skipIf(path === null)('a recorded Bitaxe Supra with AxeOS v2.4.5, four seconds after its start', () => {
  test('is read as what it is: starting, cool, without a hashrate', () => {
    const snapshot = snapshotOf(axeos, new Map([['info', recorded()]]), 'x');
    expect(snapshot.identity).toEqual({
      family: 'axeos',
      make: 'Bitaxe',
      model: 'Bitaxe Supra',
      hardwareRevision: '401',
      firmware: 'axeos',
      firmwareVersion: 'v2.4.5-3-gb5d1e36-dirty',
      apiVersion: null,
      mac: '02:25:18:21:6e:99',
      serial: null,
      hostname: 'miner',
      controlBoard: null,
      algorithm: 'sha256d',
    });
    expect(snapshot).toMatchObject({
      state: 'starting',
      minerUptimeS: 4,
      systemUptimeS: 4,
      powerW: 2.65000009536743,
      powerBasis: 'measured',
      efficiencyJTh: null,
      hardwareErrors: null,
      faults: [],
      fans: [{ slot: 0, rpm: 3517, percent: 35 }],
      psu: { outputVoltageV: 5.175 },
      shares: { accepted: 0, rejected: 0, sessionBestDifficulty: 0, bestDifficulty: 483000 },
    });
    // 1276 cores at 490 MHz, which it does not reckon itself before v2.8.
    expect(snapshot.hashrate).toEqual({
      currentHs: 0,
      currentWindowS: 0,
      averageHs: null,
      nominalHs: 625240e6,
      windows: [],
    });
    expect(snapshot.hashboards).toMatchObject([
      {
        slot: 0,
        state: 'ok',
        // `vrTemp` 0 is no sensor.
        tempC: null,
        chipTempMaxC: 27,
        frequencyMHz: 490,
        voltageV: 1.172,
        chipsExpected: 1,
        chipsWorking: null,
        chips: [],
      },
    ]);
    expect(snapshot.pools).toMatchObject([
      {
        index: 0,
        url: 'stratum+tcp://btc.example.pool:3333',
        worker: 'account.worker1',
        active: true,
        status: 'unknown',
        difficulty: null,
      },
      { index: 1, url: 'stratum+tcp://btc2.example.pool:3333', active: false },
    ]);
  });

  test('is told from a NerdQAxe by what it says, and knows what it can do', () => {
    const { doc } = recorded();
    const page: HttpDoc = { status: 200, headers: {}, text: '', json: doc };
    const reply: Reply = { ...recorded(), doc: page };
    expect(axeos.probes.map((probe) => probe.is(reply))).toEqual([true, null]);
    expect(nerdqaxe.probes.map((probe) => probe.is(reply))).toEqual([false]);
    const identity = axeos.identity(new Map([['info', recorded()]]));
    const names = Object.keys(axeos.actions(identity));
    expect(names).toContain('setFan');
    expect(names).not.toContain('pause');
    expect(axeos.lacks?.(identity).setTemperatureTarget).toBe(
      'it came with v2.7, and this one has v2.4.5-3-gb5d1e36-dirty',
    );
    expect(Object.keys(axeos.own?.(identity) ?? {})).toContain('invertfanpolarity');
  });
});
