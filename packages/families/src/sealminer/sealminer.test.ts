import { newMemory, type Replies, type Reply } from '@headframe/model';
import { SnapshotSchema } from '@headframe/model/schema';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { identify, probeKey } from '../identify.ts';
import { linksTo } from '../sim/links.testing.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { sealminer } from './index.ts';
import { sealminerSimulator } from './sim.ts';

const POWERED = Date.UTC(2026, 5, 1);
const NOW = POWERED + 48 * 3_600_000;

async function read(quirks: Record<string, boolean> = {}, now = NOW) {
  const profile = sealminerSimulator.profiles[0];
  if (profile === undefined) throw new Error('no profile');
  const { links, asked } = linksTo(profile.create({ seed: 11, poweredAt: POWERED, quirks }), { now });
  return { snapshot: snapshotOf(sealminer, await sealminer.read(links, newMemory()), '10.0.0.9'), asked };
}

const reply = (id: string, doc: unknown): Reply => ({
  meta: { id, request: id, at: NOW, ms: 1, bytes: 1, repairs: [], error: null },
  doc,
  raw: null,
  error: null,
});
const replies = (docs: Record<string, unknown>): Replies =>
  new Map(Object.entries(docs).map(([id, doc]) => [id, reply(id, doc)]));
const mapped = (stats: unknown, summary: unknown = {}) =>
  sealminer.map(replies({ stats: { STATS: [stats] }, summary: { SUMMARY: [summary] } }), { address: 'x' });

describe('a SealMiner', () => {
  test('is known by the name of its program, and no plain cgminer is one', () => {
    const found = (version: unknown) =>
      identify(new Map([[probeKey({ over: 'cgminer', ask: 'version' }), reply('v', { VERSION: [version] })]]))?.family
        .id;
    expect(found({ BDMiner: '4.11.1', API: '3.7' })).toBe('sealminer');
    expect(found({ CGMiner: '4.11.1', API: '3.7' })).toBe('cgminer');
  });

  test('tells all it knows in one connection', async () => {
    const { snapshot, asked } = await read();
    expect(asked).toEqual(['version+summary+stats+pools']);
    expect(snapshot.state).toBe('mining');
    expect(snapshot.gaps).toEqual([]);
    expect(snapshot.powerBasis).toBe('measured');
  });

  test('with a board that does not answer and a fan that stands shows both', async () => {
    const { snapshot } = await read({ 'dead-board': true, 'stalled-fan': true });
    expect(snapshot.hashboards.map((board) => board.state)).toEqual(['ok', 'ok', 'missing']);
    expect(snapshot.fans.map((fan) => fan.rpm === 0)).toEqual([true, false, false, false]);
    expect(snapshot.hashrate.nominalHs).toBe(147_800_000_000_000);
  });

  test('whose supply complains keeps its code', async () => {
    const { snapshot } = await read({ 'psu-error': true });
    expect(snapshot.faults).toMatchObject([{ code: 'psu.fault', vendorCode: '0x00000004', component: 'psu' }]);
  });

  test('that does not hash is starting at first, then idle, at fault with an error, and never mining on silence', () => {
    const still = { 'MHS(30s)': 0 };
    expect(mapped(still, { Elapsed: 300, 'MHS av': 0 }).state).toBe('starting');
    expect(mapped(still, { Elapsed: 3000, 'MHS av': 0 }).state).toBe('idle');
    expect(mapped(still, { Elapsed: 300, 'MHS av': 5 }).state).toBe('idle');
    expect(mapped({ ...still, 'Error Code': 'E21' }).state).toBe('fault');
    expect(mapped({}).state).toBe('unknown');
  });

  test('without the windows of STATS is read by those of SUMMARY', () => {
    expect(mapped({}, { 'MHS 5s': 5, 'MHS 1m': 6 }).hashrate.windows).toEqual([
      { seconds: 5, hs: 5e6 },
      { seconds: 60, hs: 6e6 },
    ]);
  });

  test('that sends any record at all gives a snapshot of the form', () => {
    const key = fc.constantFrom(
      'Board Count',
      'Fan Count',
      '0 Online',
      '0 Temp 1',
      'MHS(30s)',
      'PSU Error',
      'Model',
      'MAC',
    );
    const record = fc.oneof(fc.dictionary(fc.oneof(key, fc.string()), fc.jsonValue()), fc.jsonValue());
    fc.assert(
      fc.property(record, record, record, (stats, summary, pool) => {
        const docs = { stats: { STATS: [stats] }, summary: { SUMMARY: [summary] }, pools: { POOLS: [pool, pool] } };
        const snapshot = snapshotOf(sealminer, replies(docs), 'x');
        expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
        expect(snapshot.hashboards.length).toBeLessThanOrEqual(16);
      }),
      { seed: 20_261_203, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
