import { newMemory, type Reply } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identify, probeKey } from '../identify.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { cgminer } from './index.ts';
import { fixtureLink } from './links.testing.ts';

/*
 * VERSION records of firmware without a family of its own. The forms of VNish, Hiveon and the early Braiins OS are those
 * of real machines; that of Marathon is put together from what known clients look for.
 */

const NOW = 1_800_000_000_000;
const STATUS = [{ STATUS: 'S', When: 1, Code: 22, Msg: 'CGMiner versions', Description: 'cgminer 1.0.0' }];

function found(version: Record<string, unknown>) {
  const doc = { STATUS, VERSION: [version], id: 1 };
  const meta = { id: 'version', request: 'version', at: NOW, ms: 1, bytes: 1, repairs: [], error: null };
  const reply: Reply = { meta, doc, raw: null, error: null };
  const identity = identify(new Map([[probeKey({ over: 'cgminer', ask: 'version' }), reply]]))?.identity;
  return identity && [identity.family, identity.make, identity.model, identity.firmware, identity.firmwareVersion];
}

describe('firmware without a family is called by its name, and the machine by its model', () => {
  test.each<[Record<string, unknown>, unknown[]]>([
    [
      { CGMiner: '4.11.1', API: '3.7', Miner: '26.0.1.3', Type: 'Antminer S9 (vnish 3.8.6)' },
      ['cgminer', 'Bitmain', 'Antminer S9', 'vnish', '3.8.6'],
    ],
    [
      { BMMiner: 'VNish 1.2.7', API: '3.1', Type: 'Antminer S19j Pro' },
      ['cgminer', 'Bitmain', 'Antminer S19j Pro', 'vnish', '1.2.7'],
    ],
    [
      { BMMiner: '2.0.0 rwglr', API: '3.1', Miner: '30.0.1.3', Type: 'Antminer S9 Hiveon' },
      ['cgminer', 'Bitmain', 'Antminer S9', 'hiveon', null],
    ],
    [{ BMMiner: '2.0.0 rwglr', API: '3.1', Type: 'Antminer S9' }, ['cgminer', 'Bitmain', 'Antminer S9', 'rwglr', null]],
    [
      { API: '3.1', Miner: 'MARAFW_1.0.0', Model: 'Antminer S19 Pro (110TH)' },
      ['cgminer', 'Bitmain', 'Antminer S19 Pro', 'marathon', '1.0.0'],
    ],
    [
      { API: '3.1', Miner: 'KAONSU', Model: 'Antminer S99 Ultra' },
      ['cgminer', 'Bitmain', 'Antminer S99 Ultra', 'marathon', null],
    ],
    [
      { BMMiner: '1.0.0', API: '3.1', Type: 'Antminer S9 (mskminer)' },
      ['cgminer', 'Bitmain', 'Antminer S9', 'mskminer', null],
    ],
    [
      { BMMiner: 'bOS_am1-s9-20181127-0_c34516b0', API: '3.1', Type: 'braiins-am1-s9' },
      ['cgminer', null, 'braiins-am1-s9', 'braiins-os', 'bOS_am1-s9-20181127-0_c34516b0'],
    ],
  ])('%j', (version, expected) => {
    expect(found(version)).toEqual(expected);
  });

  test('while the stock firmware stays an Antminer, and cgminer stays cgminer', () => {
    expect(found({ BMMiner: '1.0.0', API: '3.1', Miner: '49.0.1.3', Type: 'Antminer S19 Pro' })?.[0]).toBe('antminer');
    expect(found({ CGMiner: '4.11.1', API: '3.7' })).toEqual(['cgminer', null, null, 'cgminer', '4.11.1']);
  });
});

describe('what such firmware tells at its web page, which is not asked', () => {
  const gaps = async (version: Record<string, unknown>) => {
    const docs = { version: { STATUS, VERSION: [version], id: 1 } };
    const snapshot = snapshotOf(cgminer, await cgminer.read(fixtureLink(docs, NOW).links, newMemory()), 'x');
    return snapshot.gaps;
  };

  test('is a gap', async () => {
    const found = await gaps({ CGMiner: '4.11.1', Type: 'Antminer S9 (vnish 3.8.6)' });
    for (const path of ['/powerW', '/efficiencyJTh', '/identity/mac', '/hashboards']) {
      expect(found).toContainEqual({ path, reason: 'not-read', error: null });
    }
    // The catalogue knows the model: nothing is missing.
    expect(found.map(({ path }) => path)).not.toContain('/identity/model');
  });

  test('is none of a plain cgminer, which has no other door', async () => {
    expect(await gaps({ CGMiner: '4.11.1', API: '3.7' })).toEqual([]);
  });
});

test('whatever stands in VERSION, naming the firmware ends at once', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.constantFrom('vnish', '(vnish 3', 'Antminer S9 (', 'hiveon-'),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(text, fc.constant('Type')), fc.oneof(text, fc.jsonValue())), (version) => {
      const names = found({ ...version, API: '3.1' });
      expect(names === undefined || names.every((name) => name === null || typeof name === 'string')).toBe(true);
    }),
    { seed: 20_261_205, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
