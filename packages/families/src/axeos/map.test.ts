import { blankIdentity, type HttpDoc, newMemory, type Replies, type Reply, type Snapshot } from '@headframe/model';
import { SnapshotSchema } from '@headframe/model/schema';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { identify, probeKey } from '../identify.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { BitaxeDouble } from './double.testing.ts';
import { axeos } from './index.ts';

const read = async (double: BitaxeDouble): Promise<Snapshot> =>
  snapshotOf(axeos, await axeos.read(double.links, newMemory()), '10.1.10.111');

const reply = (id: string, doc: unknown): Reply => ({
  meta: { id, request: id, at: 0, ms: 1, bytes: 1, repairs: [], error: null },
  doc,
  raw: null,
  error: null,
});
const mapped = (info: Record<string, unknown>): Snapshot =>
  snapshotOf(axeos, new Map([['info', reply('info', info)]]), 'x');

describe('a Bitaxe Gamma', () => {
  test('with v2.12 is read in base units', async () => {
    const snapshot = await read(new BitaxeDouble(12));
    expect(snapshot.identity).toEqual({
      ...blankIdentity('axeos'),
      make: 'Bitaxe',
      model: 'Bitaxe Gamma',
      hardwareRevision: '601',
      firmware: 'axeos',
      firmwareVersion: 'v2.12.0',
      mac: '10:f5:12:33:bb:f0',
      hostname: 'bitaxe',
      algorithm: 'sha256d',
    });
    expect(snapshot).toMatchObject({
      state: 'mining',
      minerUptimeS: 18574,
      systemUptimeS: 18574,
      powerW: 18.75,
      powerBasis: 'measured',
      powerLimitW: null,
      hardwareErrors: 1415,
      faults: [],
      gaps: [],
      fans: [{ slot: 0, rpm: 3915, percent: 48.42 }],
      psu: { outputVoltageV: 5.09375, outputCurrentA: null },
    });
    expect(snapshot.efficiencyJTh).toBeCloseTo(17.487, 3);
    expect(snapshot.hashrate).toEqual({
      currentHs: 1072240722700,
      currentWindowS: 0,
      averageHs: null,
      nominalHs: 1071e9,
      windows: [
        { seconds: 60, hs: 1088935424800 },
        { seconds: 600, hs: 1072327148400 },
        { seconds: 3600, hs: 1071873657200 },
      ],
    });
    expect(snapshot.hashboards).toMatchObject([
      {
        slot: 0,
        state: 'ok',
        hashrateHs: 1072240722700,
        tempC: 62,
        chipTempMaxC: 60.125,
        chipTempMinC: null,
        frequencyMHz: 525,
        voltageV: 1.144,
        chipsWorking: 1,
        chipsExpected: 1,
        chips: [{ index: 0, state: 'ok', hashrateHs: 1072240722700 }],
      },
    ]);
    expect(snapshot.pools).toMatchObject([
      {
        index: 0,
        url: 'stratum+tcp://public-pool.io:21496',
        worker: 'bc1q.bitaxe',
        status: 'alive',
        active: true,
        priority: 0,
        difficulty: 1000,
        accepted: null,
      },
      { index: 1, url: 'stratum+tcp://solo.ckpool.org:3333', status: 'unknown', active: false, priority: 1 },
    ]);
    expect(snapshot.shares).toEqual({
      accepted: 4768,
      rejected: 13,
      stale: null,
      sessionBestDifficulty: 2038368,
      bestDifficulty: 49224525,
    });
  });

  test.each([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])('with v2.%i is read without a gap', async (release) => {
    const double = new BitaxeDouble(release);
    const snapshot = await read(double);
    expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot).toMatchObject({ state: 'mining', powerW: 18.75 });
    expect(snapshot.hashrate).toMatchObject({ currentHs: 1072240722700, nominalHs: 1071e9 });
    expect(snapshot.shares.bestDifficulty).toBe(release >= 11 ? 49224525 : 49_200_000);
    expect(snapshot.shares.sessionBestDifficulty).toBe(release >= 11 ? 2038368 : 2_040_000);
    expect(snapshot.hashboards[0]).toMatchObject({ frequencyMHz: 525, voltageV: 1.144, chipsExpected: 1 });
    expect(snapshot.pools.map(({ url, active }) => [url, active])).toEqual([
      ['stratum+tcp://public-pool.io:21496', true],
      ['stratum+tcp://solo.ckpool.org:3333', false],
    ]);
    // One request at every poll; what the board is once more.
    expect(double.reads).toEqual(['GET /api/system/info', 'GET /api/system/asic']);
  });

  test('says who it is from the reply of its probe alone', async () => {
    const [probe] = axeos.probes;
    if (probe === undefined) throw new Error('no probe');
    const info = new BitaxeDouble(12).info();
    const page: HttpDoc = { status: 200, headers: {}, text: '', json: info };
    const found = (doc: unknown) => identify(new Map([[probeKey(probe), reply('p', doc)]]), [axeos]);
    expect(found(page)?.identity).toMatchObject({ model: 'Bitaxe Gamma', firmwareVersion: 'v2.12.0' });
    expect(found({ ...page, json: { ...info, deviceModel: 'NerdQAxe++' } })).toBeNull();
    expect(found({ ...page, json: { model: 'LaserJet' } })).toBeNull();
    expect(found({ ...page, status: 401, text: 'Unauthorized', json: undefined })).toBeNull();
    expect(found(null)).toBeNull();
  });

  test('that does not serve our address is known by the colours of its page', () => {
    const theme = { over: 'http' as const, ask: '/api/theme' };
    const found = (json: unknown, status = 200) =>
      identify(new Map([[probeKey(theme), reply('t', { status, headers: {}, text: '', json })]]), [axeos]);
    expect(found({ colorScheme: 'dark', accentColors: {} })?.family.id).toBe('axeos');
    expect(found({ colorScheme: 'dark' })).toBeNull();
    expect(found({ colorScheme: 'dark', accentColors: {} }, 404)).toBeNull();
  });
});

describe('what a Bitaxe does', () => {
  const info = new BitaxeDouble(14).info();
  const standing = { ...info, hashRate: 0, uptimeSeconds: 4000 };

  test('is told apart: mining, paused, starting, idle, too hot, broken, nothing said', () => {
    expect(mapped(info).state).toBe('mining');
    expect(mapped({ ...standing, miningPaused: true }).state).toBe('paused');
    expect(mapped({ ...info, miningPaused: true }).state).toBe('paused');
    expect(mapped({ ...standing, uptimeSeconds: 20 }).state).toBe('starting');
    expect(mapped(standing).state).toBe('idle');
    expect(mapped({ ...info, overheat_mode: 1 }).state).toBe('fault');
    expect(mapped({ ...standing, power_fault: 'UVLO' }).state).toBe('fault');
    expect(mapped({ ASICModel: 'BM1370' }).state).toBe('unknown');
  });

  test('wrong is in its faults, with its own word and text', () => {
    expect(mapped({ ...info, overheat_mode: 1 }).faults).toMatchObject([
      { code: 'chip.temperature-high', vendorCode: 'overheat_mode', severity: 'error' },
    ]);
    expect(mapped({ ...info, power_fault: 'VIN_UV', hardware_fault: 'fan' }).faults).toMatchObject([
      { code: 'psu.fault', vendorCode: 'power_fault', text: 'VIN_UV' },
      { code: 'device.fault', vendorCode: 'hardware_fault', text: 'fan' },
    ]);
    expect(mapped({ ...info, wifiRSSI: -78 }).faults).toMatchObject([
      { code: 'network.fault', text: 'Wi-Fi signal very weak: -78 dBm', severity: 'warning' },
    ]);
    // -90 is also what it says when it does not know.
    expect(mapped({ ...info, wifiRSSI: -90 }).faults).toEqual([]);
    expect(mapped({ ...info, wifiRSSI: -70 }).faults).toEqual([]);
  });
});

describe('other boards and builds', () => {
  const info = new BitaxeDouble(12).info();

  test.each([
    ['2.2', 'BM1397', 'Bitaxe Max'],
    ['102', 'BM1397', 'Bitaxe Max'],
    ['0.11', 'BM1366', 'Bitaxe Ultra'],
    ['207', 'BM1366', 'Bitaxe Ultra'],
    ['302', 'BM1366', 'Bitaxe Hex'],
    ['401', 'BM1368', 'Bitaxe Supra'],
    ['602', 'BM1370', 'Bitaxe Gamma'],
    ['650', 'BM1370', 'Bitaxe GammaDuo'],
    ['702', 'BM1368', 'Bitaxe SupraHex'],
    ['801', 'BM1370', 'Bitaxe GammaTurbo'],
  ])('board %s with %s is a %s', (boardVersion, ASICModel, model) => {
    expect(mapped({ ...info, boardVersion, ASICModel }).identity).toMatchObject({ make: 'Bitaxe', model });
  });

  test('that are not listed are nobody’s until they say a name', () => {
    expect(mapped({ ...info, boardVersion: '999' }).identity).toMatchObject({ make: null, model: null });
    expect(mapped({ ...info, boardVersion: '401', ASICModel: 'BM1366' }).identity.model).toBeNull();
    const named = (deviceModel: string) =>
      snapshotOf(
        axeos,
        new Map([
          ['info', reply('info', { ...info, boardVersion: '999' })],
          ['asic', reply('asic', { deviceModel, asicCount: 2 })],
        ]),
        'x',
      );
    expect(named('LV08').identity).toMatchObject({ make: null, model: 'LV08' });
    expect(named('Gamma').identity).toMatchObject({ make: 'Bitaxe', model: 'Bitaxe Gamma' });
    expect(named('LV08').hashboards[0]?.chipsExpected).toBe(2);
  });

  test('with six chips show a dead one, and a second fan once it has turned', () => {
    const asics = [200, 200, 0, 200, 200, 200].map((total, i) => ({ total, errorCount: i }));
    const hex = mapped({ ...info, boardVersion: '302', ASICModel: 'BM1366', hashrateMonitor: { asics }, fan2rpm: 900 });
    expect(hex.hashboards[0]).toMatchObject({ chipsExpected: 6, chipsWorking: 5, hardwareErrors: 15 });
    expect(hex.hashboards[0]?.chips.map(({ state }) => state)).toEqual(['ok', 'ok', 'dead', 'ok', 'ok', 'ok']);
    expect(hex.fans.map(({ rpm }) => rpm)).toEqual([3915, 900]);
    // Until its monitor runs it says nothing of its chips.
    expect(mapped({ ...info, hashrateMonitor: { asics: [] } }).hashboards[0]).toMatchObject({
      chipsWorking: null,
      hardwareErrors: null,
    });
  });
});

describe('pools', () => {
  const info = new BitaxeDouble(12).info();
  const first = (more: Record<string, unknown>) => mapped({ ...info, ...more }).pools[0];

  test('are what is told: encrypted, with a scheme of their own, of version 2, or none', () => {
    expect(first({ stratumTLS: 1 })?.url).toBe('stratum+ssl://public-pool.io:21496');
    expect(first({ stratumURL: 'stratum+tcp://pool.example.com', stratumPort: 3333 })?.url).toBe(
      'stratum+tcp://pool.example.com:3333',
    );
    expect(first({ stratumProtocol: 'SV2', stratumV2AuthorityPubkey: '9bX' })?.url).toBe(
      'stratum2+tcp://public-pool.io:21496/9bX',
    );
    expect(mapped({ ...info, fallbackStratumURL: '' }).pools).toHaveLength(1);
  });

  test('that are in use show whether they are connected, as far as a release says', () => {
    expect(first({ poolAddrFamily: 0 })?.status).toBe('dead');
    expect(first({ poolAddrFamily: undefined })?.status).toBe('unknown');
    expect(first({ poolConnectionInfo: 'IPv6 (TLS)' })?.status).toBe('alive');
    expect(first({ poolConnectionInfo: 'Not Connected' })?.status).toBe('dead');
    expect(mapped({ ...info, isUsingFallbackStratum: 1 }).pools.map(({ active, status }) => [active, status])).toEqual([
      [false, 'unknown'],
      [true, 'alive'],
    ]);
  });

  test('of v2.15 are a list of which two are used', () => {
    const double = new BitaxeDouble(15);
    double.pools.push({ id: 7, stratumURL: 'c.example', stratumPort: 1, stratumUser: 'w', stratumTLS: 2 });
    Object.assign(double.stored, { primaryPoolIndex: 7, secondaryPoolIndex: 0 });
    expect(
      mapped(double.info()).pools.map(({ index, url, active, priority, status }) => [
        index,
        url,
        active,
        priority,
        status,
      ]),
    ).toEqual([
      [0, 'stratum+tcp://public-pool.io:21496', false, 1, 'unknown'],
      [1, 'stratum+tcp://solo.ckpool.org:3333', false, null, 'disabled'],
      [7, 'stratum+ssl://c.example:1', true, 0, 'alive'],
    ]);
  });
});

test('whatever a device sends makes a snapshot of the form', () => {
  const info = new BitaxeDouble(15).info();
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('49.2M', -1, 0, 1e300, '', '-nan', true, null));
  const hostile = fc
    .tuple(fc.dictionary(fc.constantFrom(...Object.keys(info)), value), fc.jsonValue(), fc.boolean())
    .map(([changes, asic, bare]): Replies => {
      const doc = bare ? changes : { ...info, ...changes };
      return new Map([
        ['info', reply('info', doc)],
        ['asic', reply('asic', asic)],
      ]);
    });
  fc.assert(
    fc.property(hostile, (replies) => {
      const snapshot = snapshotOf(axeos, replies, 'x');
      expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
    }),
    { seed: 6, numRuns: Math.ceil(Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) / 4) },
  );
});
