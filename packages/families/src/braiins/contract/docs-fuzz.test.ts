import { create, type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf';
import { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  contractServices,
  fromDoc,
  GetMinerConfigurationResponseSchema,
  GetSettingsResponseSchema,
  PoolGroupSchema,
  toDoc,
} from './index.ts';

const numRuns = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);
const seed = 7;

/** Every message that is sent or comes. */
const schemas = contractServices.flatMap(({ methods }) => methods.flatMap(({ input, output }) => [input, output]));
const anySchema = fc.constantFrom(...schemas);

const pool = fc.record({
  uid: fc.string(),
  url: fc.string({ unit: 'binary' }),
  user: fc.string(),
  enabled: fc.boolean(),
  alive: fc.boolean(),
  active: fc.boolean(),
  stats: fc.record({ acceptedShares: fc.bigInt(0n, 2n ** 64n - 1n), bestShareStr: fc.string() }),
});
const group = fc.record({ name: fc.string(), pools: fc.array(pool, { maxLength: 4 }), uid: fc.string() });

/** What the code under test makes of bytes: a document, or the error. Nothing else may come out. */
function tried(schema: DescMessage, bytes: Uint8Array) {
  try {
    return toDoc(schema, bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(HeadframeError);
    expect((error as HeadframeError).code).toBe('protocol/malformed');
    return null;
  }
}

describe('whatever a machine sends', () => {
  test('is a document that can be written again, or malformed', () => {
    const property = fc.property(anySchema, fc.uint8Array({ maxLength: 200 }), (schema, bytes) => {
      const doc = tried(schema, bytes);
      if (doc === null) return;
      expect(toDoc(schema, fromDoc(schema, doc))).toEqual(doc);
      expect(toDoc(schema, fromDoc(schema, JSON.parse(JSON.stringify(doc))))).toEqual(doc);
    });
    fc.assert(property, { seed, numRuns });
  });

  test('is the same document after one byte was changed, or another, or malformed', () => {
    const property = fc.property(group, fc.nat(), fc.nat(255), fc.boolean(), (init, at, byte, cut) => {
      const bytes = toBinary(PoolGroupSchema, create(PoolGroupSchema, init));
      if (bytes.length === 0) return;
      bytes[at % bytes.length] = byte;
      tried(PoolGroupSchema, cut ? bytes.subarray(0, at % bytes.length) : bytes);
    });
    fc.assert(property, { seed, numRuns });
  });
});

describe('another implementation', () => {
  test('reads what is written here, and what it writes is read here', () => {
    const property = fc.property(group, (init) => {
      const message = create(PoolGroupSchema, init);
      const doc = toDoc(PoolGroupSchema, toBinary(PoolGroupSchema, message));
      expect(fromBinary(PoolGroupSchema, fromDoc(PoolGroupSchema, doc))).toEqual(message);
      expect(doc).toMatchObject({ name: init.name, uid: init.uid });
      expect((doc.pools as { url: string; stats: { accepted_shares: unknown } }[]).map((one) => one.url)).toEqual(
        init.pools.map((one) => one.url),
      );
    });
    fc.assert(property, { seed, numRuns });
  });

  test('has the same JSON for a Struct', () => {
    const json = fc.jsonValue({ maxDepth: 4 }).filter((value) => typeof value === 'object' && !Array.isArray(value));
    const property = fc.property(json, (value) => {
      const settings = JSON.parse(JSON.stringify(value ?? {}));
      const bytes = toBinary(GetSettingsResponseSchema, create(GetSettingsResponseSchema, { settings }));
      expect(toDoc(GetSettingsResponseSchema, bytes)).toEqual({ settings });
      const written = fromBinary(GetSettingsResponseSchema, fromDoc(GetSettingsResponseSchema, { settings }));
      expect(written.settings).toEqual(settings);
    });
    fc.assert(property, { seed, numRuns });
  });
});

describe('whatever a person gives', () => {
  test('is a message, or invalid', () => {
    const property = fc.property(anySchema, fc.dictionary(fc.string(), fc.anything()), (schema, doc) => {
      try {
        fromDoc(schema, doc);
      } catch (error) {
        expect((error as HeadframeError).code).toBe('usage/invalid');
      }
    });
    fc.assert(property, { seed, numRuns });
  });

  test('under the right names is a message, or invalid', () => {
    const names = fc.constantFrom('pool_groups', 'temperature', 'tuner', 'dps', 'hashboard_config', 'mode', '$unknown');
    const tree = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.anything({ maxDepth: 1 }),
        fc.array(tie('any'), { maxLength: 2 }),
        fc.dictionary(names, tie('any'), { maxKeys: 3 }),
      ),
    })).any;
    const property = fc.property(fc.dictionary(names, tree), (doc) => {
      try {
        fromDoc(GetMinerConfigurationResponseSchema, doc);
      } catch (error) {
        expect((error as HeadframeError).code).toBe('usage/invalid');
      }
    });
    fc.assert(property, { seed, numRuns });
  });
});
