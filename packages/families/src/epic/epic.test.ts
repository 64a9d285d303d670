import { newMemory, type Replies, type Reply } from '@headframe/model';
import { SnapshotSchema } from '@headframe/model/schema';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { identify, probeKey } from '../identify.ts';
import { linksTo } from '../sim/links.testing.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { epic } from './index.ts';
import { epicSimulator } from './sim.ts';

const POWERED = Date.UTC(2026, 5, 1);
const NOW = POWERED + 48 * 3_600_000;

function device(quirks: Record<string, boolean> = {}) {
  const profile = epicSimulator.profiles[0];
  if (profile === undefined) throw new Error('no profile');
  return profile.create({ seed: 11, poweredAt: POWERED, quirks });
}

async function read(quirks: Record<string, boolean> = {}) {
  const { links, asked } = linksTo(device(quirks), { now: NOW });
  return { snapshot: snapshotOf(epic, await epic.read(links, newMemory()), '10.0.0.9'), asked };
}

const reply = (id: string, doc: unknown): Reply => ({
  meta: { id, request: id, at: NOW, ms: 1, bytes: 1, repairs: [], error: null },
  doc,
  raw: null,
  error: null,
});
const replies = (docs: Record<string, unknown>): Replies =>
  new Map(Object.entries(docs).map(([id, doc]) => [id, reply(id, doc)]));
const page = (json: unknown) => ({ status: 200, headers: {}, text: '', json });

describe('an ePIC machine', () => {
  test('is known by what it can be set to, and by nothing less', () => {
    const ask = { over: 'http' as const, ask: '/capabilities' };
    const found = (json: unknown) => identify(new Map([[probeKey(ask), reply('p', page(json))]]));
    expect(found({ Model: 'AntMiner S19 XP', 'Max HBs': 3 })).toMatchObject({
      family: { id: 'epic' },
      identity: { make: 'Bitmain', model: 'Antminer S19 XP', firmware: 'epic' },
    });
    expect(found({ Model: 'BlockMiner 720i', 'Max HBs': 3 })?.identity).toMatchObject({ make: 'ePIC' });
    expect(found({ Model: 'LaserJet' })).toBeNull();
    expect(found({ model: 'x' })).toBeNull();
    expect(found(undefined)).toBeNull();
  });

  test('is asked for its live pages at every poll, for the rest once an hour', async () => {
    const at = { now: NOW };
    const { links, asked } = linksTo(device(), at);
    const memory = newMemory();
    const live = ['GET /summary 200', 'GET /temps 200', 'GET /hashrate 200', 'GET /clocks 200'];
    await epic.read(links, memory);
    expect(asked.splice(0)).toEqual([...live, 'GET /capabilities 200', 'GET /network 200']);
    at.now += 60_000;
    const second = await epic.read(links, memory);
    expect(asked.splice(0)).toEqual(live);
    expect(second.get('capabilities')?.meta.at).toBe(NOW);
    at.now += 3_600_000;
    await epic.read(links, memory);
    expect(asked).toHaveLength(6);
  });

  test('never shows or keeps a pool password', async () => {
    const { links } = linksTo(device(), { now: NOW });
    const kept = await epic.read(links, newMemory());
    expect(JSON.stringify(kept.get('summary')?.doc)).not.toMatch(/password/i);
    expect(new TextDecoder().decode(kept.get('summary')?.raw ?? new Uint8Array())).not.toMatch(/password/i);
  });

  test('has a missing board, a board that is switched off, and a fan that stands', async () => {
    const { snapshot } = await read({ 'dead-board': true, 'disabled-board': true, 'stalled-fan': true });
    expect(snapshot.hashboards.map((board) => board.state)).toEqual(['disabled', 'ok', 'missing']);
    expect(snapshot.fans.map((fan) => fan.rpm === 0)).toEqual([true, false, false, false]);
    expect(snapshot.hashrate.nominalHs).toBe(47_940_750_000_000); // 110 x 894 x 487.5 MHz, one board
    expect(snapshot.gaps).toEqual([]);
  });

  test('that idles is idle, and its last error may be why', async () => {
    expect((await read({ asleep: true })).snapshot.state).toBe('idle');
    const summary = { Status: { 'Operating State': 'Idling', 'Last Error': 'PSU comms lost' }, HBs: [] };
    expect(epic.map(replies({ summary }), { address: 'x' }).faults).toMatchObject([{ text: 'PSU comms lost' }]);
  });

  test('with a word for its state that we do not know is unknown, never mining', () => {
    const summary = { Status: { 'Operating State': 'Pondering' }, HBs: [{ Index: 0, Hashrate: [5e7, 100, 1] }] };
    expect(epic.map(replies({ summary }), { address: 'x' }).state).toBe('unknown');
  });

  test('that cannot make a page says so with a 200, and that is a refusal', async () => {
    const { links } = linksTo(device(), { now: NOW });
    const refusing = {
      ...links,
      http: {
        hasCredentials: false,
        http: async () => {
          const body = new TextEncoder().encode('{"result":false,"error":"not now"}');
          return { status: 200, headers: {}, body, at: NOW, ms: 1 };
        },
      },
    };
    const kept = await epic.read(refusing, newMemory());
    expect(kept.get('temps')?.error).toMatchObject({ code: 'device/refused', context: { vendorText: 'not now' } });
    const snapshot = snapshotOf(epic, kept, 'x');
    expect(snapshot.state).toBe('unknown');
    expect(snapshot.gaps).toContainEqual(expect.objectContaining({ path: '/hashboards', reason: 'failed' }));
  });

  test('that sends any JSON at all gives a snapshot of the form', () => {
    const names = ['summary', 'temps', 'hashrate', 'clocks', 'capabilities', 'network'];
    const boards = fc.array(
      fc.record({ Index: fc.jsonValue(), Data: fc.jsonValue(), Hashrate: fc.jsonValue(), Detected: fc.jsonValue() }),
    );
    const summary = fc.record({
      Status: fc.jsonValue(),
      HBs: boards,
      HBStatus: boards,
      StratumConfigs: fc.array(fc.jsonValue()),
      Session: fc.jsonValue(),
    });
    const docs = fc.record(Object.fromEntries(names.map((name) => [name, fc.oneof(fc.jsonValue(), summary, boards)])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(docs, (some) => {
        const snapshot = snapshotOf(epic, replies(some as Record<string, unknown>), 'x');
        expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
      }),
      { seed: 20_261_202, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
