import { blankIdentity, newMemory, type Replies, type Reply, type Snapshot } from '@headframe/model';
import { SnapshotSchema } from '@headframe/model/schema';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { identify, probeKey } from '../identify.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { NerdqaxeDouble } from './double.testing.ts';
import { nerdqaxe } from './index.ts';

const reply = (id: string, doc: unknown): Reply => ({
  meta: { id, request: id, at: 0, ms: 1, bytes: 1, repairs: [], error: null },
  doc,
  raw: null,
  error: null,
});
const mapped = (info: Record<string, unknown>): Snapshot =>
  snapshotOf(
    nerdqaxe,
    new Map([
      ['info', reply('info', info)],
      ['asic', reply('asic', {})],
    ]),
    'x',
  );

describe('a NerdQAxe++', () => {
  const info = new NerdqaxeDouble().info();

  test('is read in base units, with its four chips and two fans', async () => {
    const double = new NerdqaxeDouble();
    const snapshot = snapshotOf(nerdqaxe, await nerdqaxe.read(double.links, newMemory()), '192.168.1.50');
    expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.identity).toEqual({
      ...blankIdentity('nerdqaxe'),
      make: 'NerdAxe',
      model: 'NerdQAxe++',
      firmware: 'nerdqaxe',
      firmwareVersion: 'v1.0.36',
      mac: 'aa:bb:cc:dd:ee:01',
      hostname: 'nerdqaxe',
      algorithm: 'sha256d',
    });
    expect(snapshot).toMatchObject({
      state: 'mining',
      minerUptimeS: 86400,
      powerW: 76.5,
      powerBasis: 'measured',
      hardwareErrors: null,
      faults: [],
      psu: { outputVoltageV: 12.0125, outputCurrentA: 6.368 },
      fans: [
        { slot: 0, rpm: 2400, percent: 55 },
        { slot: 1, rpm: 0, percent: 50 },
      ],
      shares: { accepted: 5000, rejected: 7, bestDifficulty: 4_290_000_000, sessionBestDifficulty: 12_300_000 },
    });
    expect(snapshot.hashrate).toEqual({
      currentHs: 4896500000000,
      currentWindowS: 0,
      averageHs: null,
      // 2040 cores, 4 chips, 600 MHz.
      nominalHs: 4896e9,
      windows: [
        { seconds: 60, hs: 4890e9 },
        { seconds: 600, hs: 4880e9 },
        { seconds: 3600, hs: 4870e9 },
        { seconds: 86400, hs: 4860e9 },
      ],
    });
    expect(snapshot.hashboards).toMatchObject([
      {
        state: 'ok',
        tempC: 66.5,
        chipTempMaxC: 58.5,
        chipTempMinC: 56.25,
        frequencyMHz: 600,
        voltageV: 1.142,
        chipsExpected: 4,
        chipsWorking: null,
      },
    ]);
    expect(snapshot.hashboards[0]?.chips.map(({ tempC }) => tempC)).toEqual([57.5, 58.5, 56.25, null]);
    expect(double.reads).toEqual(['GET /api/system/info', 'GET /api/system/asic']);
  });

  test('is paused while its chips are without power, which its web server survives', () => {
    const down = mapped({ ...info, shutdown: true, hashRate: 0 });
    expect([down.state, down.hashboards[0]?.state]).toEqual(['paused', 'disabled']);
    expect(mapped({ ...info, hashRate: 0, uptimeSeconds: 30 }).state).toBe('starting');
    expect(mapped({ ...info, hashRate: 0 }).state).toBe('idle');
    expect(mapped({ ASICModel: 'BM1370', deviceModel: 'NerdAxe' }).state).toBe('unknown');
  });

  test('of a newer version lists its fans, with their names', () => {
    const fans = [
      { label: 'ASIC', mode: 2, rpm: 3200, speedPerc: 72 },
      { label: 'VR', mode: 3, rpm: 0, speedPerc: 65 },
    ];
    expect(mapped({ ...info, fans }).fans).toEqual([
      { slot: 0, label: 'ASIC', rpm: 3200, percent: 72 },
      { slot: 1, label: 'VR', rpm: 0, percent: 65 },
    ]);
  });

  test('tells its best difficulty as a text or as a number', () => {
    expect(mapped({ ...info, bestDiff: 4294967296 }).shares.bestDifficulty).toBe(4294967296);
  });

  test('is told from AxeOS by the name of its model', () => {
    const [probe] = nerdqaxe.probes;
    if (probe === undefined) throw new Error('no probe');
    const found = (json: unknown) =>
      identify(new Map([[probeKey(probe), reply('p', { status: 200, headers: {}, text: '', json })]]), [nerdqaxe]);
    expect(found(info)?.identity).toMatchObject({ make: 'NerdAxe', model: 'NerdQAxe++' });
    expect(found({ ASICModel: 'BM1370' })).toBeNull();
    expect(found({ deviceModel: 'x' })).toBeNull();
    expect(found(undefined)).toBeNull();
  });
});

describe('its pools', () => {
  const info = new NerdqaxeDouble().info();
  const brief = (more: Record<string, unknown>) =>
    mapped({ ...info, ...more }).pools.map(({ active, status, difficulty, accepted }) => [
      active,
      status,
      difficulty,
      accepted,
    ]);
  const both = [
    { connected: true, poolDifficulty: 2048, accepted: 10, rejected: 1 },
    { connected: false, poolDifficulty: 512, accepted: 20, rejected: 2 },
  ];

  test('are failover, and say which is used', () => {
    expect(brief({})).toEqual([
      [null, 'unknown', null, null],
      [null, 'unknown', null, null],
    ]);
    expect(brief({ stratum: { usingFallback: false, pools: both } })).toEqual([
      [true, 'alive', 2048, null],
      [false, 'unknown', null, null],
    ]);
    expect(brief({ isUsingFallbackStratum: true })).toEqual([
      [false, 'unknown', null, null],
      [true, 'unknown', 2048, null],
    ]);
    expect(brief({ stratum: { usingFallback: true, pools: [both[1]] } })[1]).toEqual([true, 'dead', 512, null]);
  });

  test('are worked for both at once, each with counters of its own', () => {
    expect(brief({ stratum: { activePoolMode: 1, pools: both } })).toEqual([
      [true, 'alive', 2048, 10],
      [false, 'dead', 512, 20],
    ]);
  });
});

test('whatever a device sends makes a snapshot of the form', () => {
  const info = new NerdqaxeDouble().info();
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('4.29G', -1, 0, 1e300, '', true, null));
  const keys = [...Object.keys(info), 'stratum', 'isUsingFallbackStratum'];
  const hostile = fc
    .tuple(fc.dictionary(fc.constantFrom(...keys), value), fc.boolean())
    .map(([changes, bare]): Replies => new Map([['info', reply('info', bare ? changes : { ...info, ...changes })]]));
  fc.assert(
    fc.property(hostile, (replies) => {
      expect([...Value.Errors(SnapshotSchema, snapshotOf(nerdqaxe, replies, 'x'))]).toEqual([]);
    }),
    { seed: 6, numRuns: Math.ceil(Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) / 4) },
  );
});
