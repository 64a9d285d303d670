import { newMemory, type Replies, type Reply } from '@headframe/model';
import { SnapshotSchema } from '@headframe/model/schema';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { identify, probeKey } from '../identify.ts';
import { linksTo } from '../sim/links.testing.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { elphapex } from './index.ts';
import { elphapexSimulator } from './sim.ts';

const POWERED = Date.UTC(2026, 5, 1);
const NOW = POWERED + 48 * 3_600_000;
const ROOT = { user: 'root', password: 'root' };

function device(quirks: Record<string, boolean> = {}) {
  const profile = elphapexSimulator.profiles[0];
  if (profile === undefined) throw new Error('no profile');
  return profile.create({ seed: 11, poweredAt: POWERED, quirks });
}

async function read(quirks: Record<string, boolean> = {}, login?: typeof ROOT, now = NOW) {
  const { links, asked } = linksTo(device(quirks), { now }, login);
  return { snapshot: snapshotOf(elphapex, await elphapex.read(links, newMemory()), '10.0.0.9'), asked };
}

const reply = (id: string, doc: unknown): Reply => ({
  meta: { id, request: id, at: NOW, ms: 1, bytes: 1, repairs: [], error: null },
  doc,
  raw: null,
  error: null,
});
const replies = (docs: Record<string, unknown>): Replies =>
  new Map(Object.entries(docs).map(([id, doc]) => [id, reply(id, doc)]));

describe('an Elphapex', () => {
  test('is known by the realm of its login, and no Antminer or Hammer is one', () => {
    const found = (realm: string) => {
      const headers = { 'www-authenticate': `Digest realm="${realm}", nonce="1", qop="auth"` };
      const page = { status: 401, headers, text: '', json: undefined };
      return identify(new Map([[probeKey({ over: 'http', ask: '/' }), reply('/', page)]]))?.family.id ?? null;
    };
    expect(found('DaogeMiner Configuration')).toBe('elphapex');
    expect(found('antMiner Configuration')).toBe('antminer');
    expect(found('blackMiner Configuration')).toBeNull();
    expect(found('HP LaserJet')).toBeNull();
  });

  test('without a login tells its model, where it does', () => {
    const ask = { over: 'http' as const, ask: '/cgi-bin/get_system_info.cgi' };
    const found = (minertype: string) => {
      const page = { status: 200, headers: {}, text: '', json: { minertype } };
      return identify(new Map([[probeKey(ask), reply('p', page)]]));
    };
    expect(found('DG1+')?.identity).toMatchObject({ family: 'elphapex', make: 'Elphapex', model: 'DG1+' });
    expect(found('DG-Home1')?.identity).toMatchObject({ family: 'elphapex', model: 'DG Home 1' });
    expect(found('Antminer S21')?.family.id).toBe('antminer');
    expect(found('Digital Gateway')).toBeNull();
  });

  test('says nothing without a password, and is then asked once an hour', async () => {
    const at = { now: NOW };
    const { links, asked } = linksTo(device(), at);
    const memory = newMemory();
    const snapshot = snapshotOf(elphapex, await elphapex.read(links, memory), 'x');
    expect(snapshot.state).toBe('unknown');
    expect(snapshot.gaps).toContainEqual(
      expect.objectContaining({
        path: '/hashboards',
        reason: 'denied',
        error: expect.objectContaining({ code: 'auth/required' }),
      }),
    );
    at.now += 60_000;
    await elphapex.read(links, memory);
    expect(asked).toEqual(['GET /cgi-bin/summary.cgi 401']);
  });

  test('with a password tells all but its power', async () => {
    const { snapshot } = await read({}, ROOT);
    expect(snapshot.state).toBe('mining');
    expect(snapshot.identity).toMatchObject({ model: 'DG1+', algorithm: 'scrypt', firmwareVersion: 'DG1+_SW_V1.0.2' });
    expect(snapshot.hashrate.nominalHs).toBe(14_229_000_000);
    expect(snapshot.hashrate.windows.map((window) => window.seconds)).toEqual([5, 900]);
    expect(snapshot.gaps).toEqual([
      { path: '/powerW', reason: 'not-read', error: null },
      { path: '/efficiencyJTh', reason: 'not-read', error: null },
    ]);
  });

  test('never shows or keeps a pool password', async () => {
    const { links } = linksTo(device(), { now: NOW }, ROOT);
    const conf = (await elphapex.read(links, newMemory())).get('miner_conf');
    expect(JSON.stringify(conf?.doc)).toContain('stratum+tcp://a.pool.example.org:3333');
    expect(JSON.stringify(conf?.doc)).not.toContain('123');
  });

  test('that sleeps is paused', async () => {
    expect((await read({ asleep: true }, ROOT)).snapshot.state).toBe('paused');
  });

  test('with a dead board, a stalled fan and a dead pool shows all three', async () => {
    const { snapshot } = await read({ 'dead-board': true, 'stalled-fan': true, 'dead-pool': true }, ROOT);
    expect(snapshot.hashboards.map((board) => board.state)).toEqual(['ok', 'ok', 'ok', 'missing']);
    expect(snapshot.fans.map((fan) => fan.rpm === 0)).toEqual([true, false, false, false]);
    expect(snapshot.faults).toMatchObject([
      { code: 'fan.fault', severity: 'error', text: 'fan error', component: 'fans' },
    ]);
    expect(snapshot.pools[0]).toMatchObject({ status: 'dead', accepted: 0, lastShareAt: null });
  });

  test('that sends any JSON at all gives a snapshot of the form', () => {
    const record = fc.record({
      rate_unit: fc.jsonValue(),
      rate_5s: fc.jsonValue(),
      chain: fc.array(
        fc.record({ index: fc.jsonValue(), asic_num: fc.jsonValue(), temp_chip: fc.array(fc.jsonValue()) }),
      ),
      fan: fc.array(fc.jsonValue()),
      status: fc.array(fc.jsonValue()),
    });
    const any = fc.oneof(record, fc.jsonValue());
    fc.assert(
      fc.property(any, any, any, fc.jsonValue(), (summary, stats, pool, conf) => {
        const docs = {
          summary: { SUMMARY: [summary], INFO: conf },
          stats: { STATS: [stats] },
          pools: { POOLS: [pool, pool] },
          miner_conf: conf,
          system_info: conf,
        };
        const snapshot = snapshotOf(elphapex, replies(docs), 'x');
        expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
      }),
      { seed: 20_261_204, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
