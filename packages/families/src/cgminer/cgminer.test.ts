import { readFileSync } from 'node:fs';
import { newMemory, reading } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import { sourcesOf } from '../sources.ts';
import { cgminer } from './index.ts';
import { fixtureLink } from './links.testing.ts';

type Docs = Record<string, Record<string, unknown>>;

const NOW = 1_800_000_000_000;
const fixture = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
const switching = (): Docs => fixture<Docs>('switching.replies');

async function snapshot(docs: Docs, now = NOW) {
  const replies = await cgminer.read(fixtureLink(docs, now).links, newMemory());
  return snapshotOf(cgminer, replies, '10.0.0.7');
}

/** The records of a section, to be changed in place. */
const records = (docs: Docs, name: string, section: string): Record<string, unknown>[] =>
  (docs[name]?.[section] ?? []) as Record<string, unknown>[];

/** The fixture with fields of the first record of a section changed. */
function changed(section: string, name: string, fields: Record<string, unknown>): Docs {
  const docs = switching();
  Object.assign(records(docs, name, section)[0] ?? {}, fields);
  return docs;
}

describe('a machine with a sick board, in the middle of a pool switch', () => {
  test('maps to the snapshot that was written by hand', async () => {
    const { schemaVersion, address, at, gaps, replies, ...mapped } = await snapshot(switching());
    expect(mapped).toEqual(fixture('switching.snapshot'));
    expect([schemaVersion, address, at, gaps]).toEqual([1, '10.0.0.7', NOW, []]);
    expect(replies.map((reply) => reply.id)).toEqual([
      'version',
      'config',
      'devdetails',
      'coin',
      'summary',
      'devs',
      'pools',
      'lcd',
      'notify',
      'stats',
    ]);
  });

  test('every value can be traced to its field', async () => {
    const replies = await cgminer.read(fixtureLink(switching(), NOW).links, newMemory());
    const sources = sourcesOf(cgminer, replies, '10.0.0.7');
    expect(sources['/hashrate/averageHs']).toEqual({ reply: 'summary', field: '/SUMMARY/0/MHS av' });
    expect(sources['/hashboards/0/tempC']).toEqual({ reply: 'devs', field: '/DEVS/0/Temperature' });
    expect(sources['/pools/0/worker']).toEqual({ reply: 'pools', field: '/POOLS/0/User' });
  });
});

describe('which pool is active', () => {
  const active = async (docs: Docs) => (await snapshot(docs)).pools.map((pool) => pool.active);

  test('without lcd, of two connected pools we say of none that it is', async () => {
    const { lcd: _, ...docs } = switching();
    expect(await active(docs)).toEqual([null, null, false, null, false]);
  });

  test('a balancing strategy works for every connected pool', async () => {
    expect(await active(changed('CONFIG', 'config', { Strategy: 'Load Balance' }))).toEqual([
      true,
      true,
      false,
      null,
      false,
    ]);
  });

  test('a current pool without Stratum is known from lcd alone', async () => {
    const docs = changed('LCD', 'lcd', { 'Current Pool': 'http://four.example:8332', User: 'farm.b' });
    expect(await active(docs)).toEqual([false, false, false, true, false]);
  });
});

describe('state', () => {
  const state = async (section: string, name: string, fields: Record<string, unknown>) =>
    (await snapshot(changed(section, name, fields))).state;
  const still = { 'MHS av': 0, 'MHS 20s': 0, 'MHS 1m': 0 };

  test('no rate yet in the first two minutes is starting, later it is idle', async () => {
    expect(await state('SUMMARY', 'summary', { ...still, Elapsed: 8 })).toBe('starting');
    expect(await state('SUMMARY', 'summary', { ...still, Elapsed: 500 })).toBe('idle');
  });

  test('a machine that hashed before and stopped is idle', async () => {
    expect(await state('SUMMARY', 'summary', { 'MHS 20s': 0 })).toBe('idle');
  });

  test('with every device switched off it is paused, whatever is left in the mean', async () => {
    const docs = switching();
    for (const dev of records(docs, 'devs', 'DEVS')) dev.Enabled = 'N';
    expect((await snapshot(docs)).state).toBe('paused');
  });

  test('with every device dead it is at fault', async () => {
    const docs = changed('SUMMARY', 'summary', still);
    docs.devs = { ...docs.devs, DEVS: [{ ASC: 0, Name: 'BA1', ID: 0, Enabled: 'Y', Status: 'Dead' }] };
    expect((await snapshot(docs)).state).toBe('fault');
  });

  test('silence about the rate is unknown, never mining', async () => {
    const { summary: _, ...docs } = switching();
    expect((await snapshot(docs)).state).toBe('unknown');
  });
});

describe('what is not there', () => {
  test('a command that the firmware does not have is no gap', async () => {
    const { stats: _, ...docs } = switching();
    const without = await snapshot(docs);
    expect(without.fans).toEqual([]);
    expect(without.gaps).toEqual([]);
    expect(reading(without, '/fans').kind).toBe('not-exposed');
  });

  test('a denied command is a gap on exactly what it feeds', async () => {
    const docs = switching();
    const status = { STATUS: 'E', When: 1, Code: 45, Msg: "Access denied to 'devs' command", Description: 'x' };
    docs.devs = { STATUS: [status], id: 1 };
    const denied = await snapshot(docs);
    expect(denied.gaps.map(({ path, reason, error }) => [path, reason, error?.code])).toEqual([
      ['/hashboards', 'denied', 'auth/address-not-allowed'],
    ]);
  });

  test('no device at all is an answer: no hashboards, no gap', async () => {
    const docs = switching();
    for (const name of ['devs', 'notify', 'devdetails']) {
      docs[name] = { STATUS: [{ STATUS: 'E', When: 1, Code: 10, Msg: 'No ASCs', Description: 'x' }], id: 1 };
    }
    const empty = await snapshot(docs);
    expect([empty.hashboards, empty.faults, empty.gaps]).toEqual([[], [], []]);
  });
});

describe('reading', () => {
  const EVERY_POLL = 'summary+devs+pools+lcd+notify+stats';

  test('one connection a poll; what hardly changes is asked once an hour', async () => {
    const docs = switching();
    const link = fixtureLink(docs, NOW);
    const memory = newMemory();
    for (const minutes of [0, 1, 59, 60]) {
      link.now = NOW + minutes * 60_000;
      Object.assign(records(docs, 'summary', 'SUMMARY')[0] ?? {}, { Elapsed: 7200 + minutes * 60 });
      await cgminer.read(link.links, memory);
    }
    expect(link.asked).toEqual([
      `version+config+devdetails+coin+${EVERY_POLL}`,
      EVERY_POLL,
      EVERY_POLL,
      `version+config+devdetails+coin+${EVERY_POLL}`,
    ]);
  });

  test('after a restart everything is asked again', async () => {
    const docs = switching();
    const link = fixtureLink(docs, NOW);
    const memory = newMemory();
    await cgminer.read(link.links, memory);
    Object.assign(records(docs, 'summary', 'SUMMARY')[0] ?? {}, { Elapsed: 3 });
    link.now += 10_000;
    await cgminer.read(link.links, memory);
    await cgminer.read(link.links, memory);
    expect(link.asked.at(-1)).toContain('version+');
  });

  test('without the protocol nothing is asked', async () => {
    expect((await cgminer.read({ clock: { now: () => NOW } }, newMemory())).size).toBe(0);
  });
});

describe('identification', () => {
  const identity = async (version: Record<string, unknown>) => {
    const docs = switching();
    docs.version = { ...docs.version, VERSION: [version] };
    return (await snapshot(docs)).identity;
  };

  test.each([
    [{ CGMiner: '4.11.1', API: '3.7' }, 'cgminer', '4.11.1'],
    [{ BFGMiner: '5.5.0', API: '3.3' }, 'bfgminer', '5.5.0'],
    [{ CGMiner: '4.2.2', SGMiner: '5.6.1', API: '4.0' }, 'sgminer', '5.6.1'],
    [{ BMMiner: '2.0.0', API: '3.1' }, 'bmminer', '2.0.0'],
    [{ 'BOSminer+': '22.08', API: '3.7' }, 'braiins-os', '22.08'],
    [{ API: '3.7' }, 'cgminer', '4.10.0'],
  ])('%o is %s %s', async (version, firmware, firmwareVersion) => {
    expect(await identity(version)).toMatchObject({ firmware, firmwareVersion });
  });

  test('a type that the catalogue knows names make, model and algorithm', async () => {
    expect(await identity({ BMMiner: '2.0.0', API: '3.1', Type: 'Antminer S9' })).toMatchObject({
      make: 'Bitmain',
      model: 'Antminer S9',
    });
    expect(await identity({ CGMiner: '4.9.0', API: '3.1', Type: 'Nobody X1' })).toMatchObject({
      make: null,
      model: 'Nobody X1',
    });
  });

  test('a refusal is no verdict, a version is', async () => {
    const [probe] = cgminer.probes;
    const replies = await cgminer.read(fixtureLink(switching(), NOW).links, newMemory());
    const version = replies.get('version');
    if (probe === undefined || version === undefined) throw new Error('nothing was read');
    expect(probe.is(version)).toBe(true);
    expect(probe.is({ ...version, doc: null })).toBe(null);
    expect(probe.is({ ...version, doc: { VERSION: [] } })).toBe(null);
  });
});

describe('other devices of its kind', () => {
  test('FPGAs and ASICs that are both counted from 0 are told apart by their place', async () => {
    const docs = switching();
    docs.devs = {
      ...docs.devs,
      DEVS: [
        { ASC: 0, Name: 'BMM', ID: 0, Enabled: 'Y', Status: 'Alive', 'KHS 5s': '12.5' },
        { PGA: 0, Name: 'ZTX', ID: 0, Enabled: 'Y', Status: 'Initialising', 'GHS 5s': 1, Frequency: 210 },
      ],
    };
    const { hashboards } = await snapshot(docs);
    expect(
      hashboards.map(({ slot, label, state, hashrateHs, frequencyMHz }) => [
        slot,
        label,
        state,
        hashrateHs,
        frequencyMHz,
      ]),
    ).toEqual([
      [0, 'BMM0', 'ok', 12_500, null],
      [1, 'ZTX0', 'unknown', 1e9, 210],
    ]);
  });

  test('a graphics card of sgminer has its fan in DEVS', async () => {
    const docs = switching();
    docs.devs = {
      ...docs.devs,
      DEVS: [{ GPU: 0, Enabled: 'Y', Status: 'Alive', 'Fan Speed': 2400, 'Fan Percent': 60 }],
    };
    docs.stats = { ...docs.stats, STATS: [] };
    expect((await snapshot(docs)).fans).toEqual([{ slot: 0, label: null, rpm: 2400, percent: 60 }]);
  });

  test('any JSON in place of any reply gives a snapshot', async () => {
    const names = Object.keys(switching());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.json({ maxDepth: 4 }), async (name, json) => {
        const docs = switching();
        const section = Object.keys(docs[name] ?? {}).find((key) => key === key.toUpperCase() && key !== 'STATUS');
        docs[name] = { ...docs[name], [section ?? 'X']: JSON.parse(json) as unknown };
        expect((await snapshot(docs)).schemaVersion).toBe(1);
      }),
      { seed: 5, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) / 5 },
    );
  });
});
