import { HeadframeError, newMemory, type Reply, type Snapshot } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { dcent } from './index.ts';
import { DcentDouble, no, pool, said, VERSION } from './machine.testing.ts';

async function read(double: DcentDouble, memory = newMemory()): Promise<Snapshot> {
  return snapshotOf(dcent, await dcent.read(double.links(), memory), '10.0.0.9');
}

const asked = ({ got }: DcentDouble) => got.map((text) => (JSON.parse(text) as { command: string }).command);
const gapsOf = ({ gaps }: Snapshot) => gaps.map(({ path, reason }) => `${path} ${reason}`);

describe('a DCENT_OS machine', () => {
  test('tells all of a poll in one connection, under one status', async () => {
    const double = new DcentDouble();
    const snapshot = await read(double);
    expect(asked(double)).toEqual(['version+coin+summary+stats+devs+pools+metrics']);
    expect(snapshot).toMatchObject({
      identity: {
        family: 'dcent',
        make: 'Bitmain',
        model: 'Antminer S19j Pro',
        firmware: 'dcent-os',
        firmwareVersion: '0.5.0',
        apiVersion: '3.7',
        mac: 'aa:bb:cc:dd:ee:ff',
        hostname: 'heater',
        algorithm: 'sha256d',
      },
      state: 'mining',
      minerUptimeS: 7_800,
      // 1, 5 and 15 minutes repeat the average: only five seconds are a window.
      hashrate: {
        currentHs: 40_900_000_000_000,
        currentWindowS: 5,
        averageHs: 41_250_500_000_000,
        nominalHs: 103_950_000_000_000,
        windows: [{ seconds: 5, hs: 40_900_000_000_000 }],
      },
      powerW: 1_080,
      powerBasis: 'measured',
      powerLimitW: null,
      // 1080 W for 40.9 TH/s.
      efficiencyJTh: expect.closeTo(26.406, 3),
      fans: [
        { slot: 0, label: 'fan1', rpm: 2_940, percent: null },
        { slot: 1, label: 'fan2', rpm: 0, percent: null },
      ],
      hardwareErrors: 10,
    });
    expect(snapshot.replies.every(({ error, repairs }) => error === null && repairs.length === 0)).toBe(true);
    expect(gapsOf(snapshot)).toEqual(['/powerLimitW not-read', '/fans/0/percent not-read', '/fans/1/percent not-read']);
  });

  test('is asked who it is once an hour, or after a restart', async () => {
    const double = new DcentDouble();
    const memory = newMemory();
    await read(double, memory);
    double.now += 60_000;
    double.answers.summary = said(11, 'Summary', { SUMMARY: [{ Elapsed: 7_860, 'MHS 5s': 1 }] });
    expect((await read(double, memory)).identity.model).toBe('Antminer S19j Pro');
    double.now += 60_000;
    double.answers.summary = said(11, 'Summary', { SUMMARY: [{ Elapsed: 5, 'MHS 5s': 1 }] });
    await read(double, memory);
    double.now += 1_000;
    await read(double, memory);
    expect(asked(double).map((command) => command.startsWith('version+'))).toEqual([true, false, false, true]);
  });

  test('shows a hashboard that does not answer, and only what it says of the other', async () => {
    const { hashboards, faults } = await read(new DcentDouble());
    expect(hashboards).toMatchObject([
      {
        slot: 0,
        label: 'chain6',
        state: 'ok',
        hashrateHs: 21_000_000_000_000,
        tempC: 62.5,
        frequencyMHz: 525,
        voltageV: 13.7,
        chipsWorking: 126,
        chipsExpected: null,
        hardwareErrors: 3,
      },
      { slot: 1, label: 'chain7', state: 'fault', tempC: null, frequencyMHz: null, voltageV: null, chipsWorking: 0 },
    ]);
    expect(faults).toMatchObject([
      { code: 'device.fault', vendorCode: 'Dead', severity: 'error', component: 'chain7' },
    ]);
  });

  test('counts what it counts: a placeholder of its own list is no zero', async () => {
    const { shares, pools } = await read(new DcentDouble());
    expect(shares).toMatchObject({ accepted: 40, rejected: 1, stale: null, sessionBestDifficulty: 60_933.43 });
    expect(pools).toMatchObject([
      {
        index: 0,
        url: 'stratum+tcp://pool.example:3333',
        worker: 'bc1qab…wxyz',
        status: 'alive',
        active: true,
        accepted: 40,
        stale: null,
        difficulty: 512,
        lastShareAt: 1_779_999_990_000,
      },
      { index: 1, worker: 'rig.1', status: 'unknown', active: false, priority: 1, difficulty: null, lastShareAt: null },
    ]);
  });

  test.each([
    ['Donating', 'alive'],
    ['connecting', 'unknown'],
    ['Dead', 'dead'],
  ])('whose pool is %s has a pool that is %s', async (word, state) => {
    const double = new DcentDouble({ pools: said(7, 'Pools', { POOLS: [pool(0, 'stratum+tcp://a:1', 'w', word)] }) });
    expect((await read(double)).pools[0]?.status).toBe(state);
  });

  const summary = (values: object) => ({ summary: said(11, 'Summary', { SUMMARY: [{ Elapsed: 7_800, ...values }] }) });
  const words = (...list: string[]) => ({
    stats: said(70, 'Stats', {
      STATS: [{ STATS: 0, fan_num: 0 }, ...list.map((word) => ({ STATS: 6, status: word }))],
    }),
  });
  const dead = { devs: said(9, 'Devs', { DEVS: [{ ASC: 0, Name: 'chain6', Status: 'Dead', Enabled: 'N' }] }) };
  test.each<[string, Record<string, unknown>]>([
    ['unknown', summary({})],
    ['paused', { ...summary({ 'MHS 5s': 0 }), ...words('Sleeping', 'sleeping') }],
    ['idle', { ...summary({ 'MHS 5s': 0 }), ...words('Sleeping', 'mining') }],
    ['fault', { ...summary({ 'MHS 5s': 0 }), ...dead }],
    ['starting', { ...summary({ 'MHS 5s': 0, 'MHS av': 0, Elapsed: 60 }), devs: said(9, 'Devs', { DEVS: [] }) }],
    // A fresh installation does not mine until it is told to, and says so nowhere on this port.
    ['idle', { ...summary({ 'MHS 5s': 0, 'MHS av': 0 }), devs: said(9, 'Devs', { DEVS: [] }) }],
  ])('is %s', async (state, answers) => {
    expect((await read(new DcentDouble(answers))).state).toBe(state);
  });

  test('that has no rate per hashboard yet has none, and not zero', async () => {
    const devs = said(9, 'Devs', { DEVS: [0, 1].map((ASC) => ({ ASC, Status: 'Alive', 'MHS 5s': 0 })) });
    expect((await read(new DcentDouble({ devs }))).hashboards.map((board) => board.hashrateHs)).toEqual([null, null]);
    const still = new DcentDouble({ ...summary({ 'MHS 5s': 0 }), devs });
    expect((await read(still)).hashboards.map((board) => board.hashrateHs)).toEqual([0, 0]);
  });

  test.each([
    [{ 'Wall Power': 0, 'Power Live Available': false, 'Power Modeled': true }, null, null],
    [{ 'Wall Power': 1_100, 'Power Live Available': true, 'Power Modeled': true }, 1_100, 'estimated'],
    [{}, null, null],
  ])('with the power %j draws %s W, %s', async (values, powerW, powerBasis) => {
    const double = new DcentDouble({ metrics: said(70, 'Metrics', { METRICS: [values] }) });
    expect(await read(double)).toMatchObject({ powerW, powerBasis });
  });

  test('of an older build, which has no metrics, is asked for them once more and then no longer', async () => {
    const double = new DcentDouble({ metrics: no(14, 'Invalid command: metrics') });
    const memory = newMemory();
    const snapshot = await read(double, memory);
    expect(asked(double)).toEqual(['version+coin+summary+stats+devs+pools+metrics', 'metrics']);
    expect(snapshot).toMatchObject({ state: 'mining', powerW: null });
    // It does not have it, which is no gap.
    expect(gapsOf(snapshot)).not.toContain('/powerW failed');
    double.now += 60_000;
    await read(double, memory);
    expect(asked(double)[2]).toBe('summary+stats+devs+pools');
  });

  test('that listens to itself alone gives gaps, not zeros', async () => {
    const double = new DcentDouble();
    double.isClosed = true;
    const snapshot = await read(double);
    expect(snapshot).toMatchObject({ state: 'unknown', hashboards: [], pools: [], powerW: null });
    expect(gapsOf(snapshot)).toContain('/hashrate/currentHs failed');
  });
});

describe('who it is', () => {
  const reply = (doc: unknown): Reply => ({
    meta: { id: 'version', request: 'version', at: 1, ms: 1, bytes: 1, repairs: [], error: null },
    doc,
    raw: null,
    error: null,
  });
  const probe = (doc: unknown) => dcent.probes[0]?.is(reply(doc));
  const DAEMON = 'dcentrald/1.4.2';
  const version = (values: object, description?: string) => ({
    STATUS: [{ STATUS: 'S', Code: 22, Msg: 'Version', ...(description !== undefined && { Description: description }) }],
    VERSION: [values],
  });

  test.each([
    ['C-060 its marker', version({ CGMiner: '4.11.1', Firmware: 'DCENTOS' })],
    ['its own key', version({ BMMiner: '2.0.0', DCENTOS: '1.4.2' })],
    ['its daemon', version({ Miner: DAEMON })],
    ['how it signs', version({ API: '3.7' }, DAEMON)],
  ])('is told by %s', (_, doc) => {
    expect(probe(doc)).toBe(true);
  });

  test.each([
    ['cgminer', version({ CGMiner: '4.11.1', API: '3.7' }, 'cgminer 4.11.1')],
    ['LuxOS', version({ LUXminer: '2025.4.8', Type: 'Antminer S19k Pro' }, 'LUXminer 2025.4.8')],
    ['a stock Antminer', version({ BMMiner: '1.0.0', Type: 'Antminer S19 Pro' })],
  ])('is not told by a reply of %s, and by no reply nothing', (_, doc) => {
    expect(probe(doc)).toBe(false);
    expect(probe(null)).toBeNull();
  });

  test.each([
    ['Antminer S9', ['Bitmain', 'Antminer S9', null]],
    ['Antminer (BM1368)', ['Bitmain', null, null]],
    ['Antminer (unknown ASIC)', ['Bitmain', null, null]],
    ['BHB42831', ['Bitmain', null, 'BHB42831']],
    ['Antminer Z99', ['Bitmain', 'Antminer Z99', null]],
  ])('with the type %s it is %j', (Type, expected) => {
    const { make, model, hardwareRevision } = dcent.identity(new Map([['version', reply(version({ Type }))]]));
    expect([make, model, hardwareRevision]).toEqual(expected);
  });

  test('it is the version of its daemon, wherever that stands', () => {
    const versionOf = (doc: unknown) => dcent.identity(new Map([['version', reply(doc)]])).firmwareVersion;
    expect(versionOf(version({ DCENTOS: VERSION, CGMiner: DAEMON }))).toBe('0.5.0');
    expect(versionOf(version({ BMMiner: DAEMON }))).toBe('1.4.2');
    expect(versionOf(version({}, DAEMON))).toBe('1.4.2');
    expect(versionOf(version({ CGMiner: '4.11.1' }))).toBeNull();
  });
});

test('whatever it sends, a reading ends in a snapshot', async () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom('Y', 'Dead', 1e308, -1, '1,2', ['Stale', 5]));
  const key = fc.oneof(
    fc.constantFrom('Elapsed', 'MHS 5s', 'fan_num', 'fan1', 'status', 'Status', 'User', 'Type', 'ASC', 'Wall Power'),
    fc.constantFrom('_DCENTUnsupported', '__proto__', 'Firmware', 'Last Share Time'),
  );
  const section = fc.oneof(fc.array(fc.dictionary(key, value), { maxLength: 4 }), value);
  const names = {
    version: 'VERSION',
    summary: 'SUMMARY',
    stats: 'STATS',
    devs: 'DEVS',
    pools: 'POOLS',
    metrics: 'METRICS',
  };
  const all = fc.record(Object.fromEntries(Object.keys(names).map((name) => [name, section])));
  await fc.assert(
    fc.asyncProperty(all, async (sections) => {
      const answers = Object.entries(names).map(([name, key]) => [name, said(1, 'x', { [key]: sections[name] })]);
      const snapshot = await read(new DcentDouble(Object.fromEntries(answers)));
      expect(snapshot.identity.family).toBe('dcent');
      expect(snapshot.fans.length).toBeLessThanOrEqual(16);
      for (const { error } of snapshot.replies) expect(error?.code).not.toBe('internal');
    }),
    { seed: 9, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});

test('a reply that is cut, no JSON or nothing is an error of the table', async () => {
  for (const text of [
    '',
    '{"STATUS":[{"STA',
    '<html>no</html>',
    '[]',
    '{"STATUS":[{"STATUS":"E","Code":45,"Msg":"no"}]}',
  ]) {
    const exchange = async () => ({ bytes: new TextEncoder().encode(text), at: 1, ms: 1, ended: 'fin' as const });
    const replies = await dcent.read({ clock: { now: () => 1 }, cgminer: { exchange } }, newMemory());
    for (const { error, doc } of replies.values()) {
      expect(doc).toBeNull();
      expect(error).toBeInstanceOf(HeadframeError);
      expect(error?.code).not.toBe('internal');
    }
  }
});
