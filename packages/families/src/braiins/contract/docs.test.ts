import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import {
  ActionsService,
  ApiVersionSchema,
  CoolingConfigurationSchema,
  callOf,
  fromDoc,
  GetLogResponseSchema,
  GetMinerDetailsResponseSchema,
  GetSettingsResponseSchema,
  GetTunerStateResponseSchema,
  HashboardSchema,
  methodNamed,
  PoolConfigurationSchema,
  PoolGroupConfigurationSchema,
  PoolStatsSchema,
  reflectionV1,
  SetDPSRequestSchema,
  SetPowerTargetRequestSchema,
  TemperatureSchema,
  toDoc,
} from './index.ts';

/** Bytes written by hand, as hex with spaces. */
const bytes = (hex: string) => Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (message: Uint8Array) => Array.from(message, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof HeadframeError) return `${error.code}: ${error.context.detail}`;
    throw error;
  }
  return 'no error';
}

describe('a message of a machine as a document', () => {
  test('has the zeros that are not sent, and not what may be absent', () => {
    expect(toDoc(PoolConfigurationSchema, bytes(''))).toEqual({ url: '', user: '' });
    expect(toDoc(PoolGroupConfigurationSchema, bytes(''))).toEqual({ name: '', pools: [] });
  });

  test('names fields as the contract does and gives numbers as they are', () => {
    // 1: 10464, 5: 776342690, 7: { 1: 1776446524, 2: 734529336 }, 8: "9"
    const stats = bytes('08 e0 51 28 a2 99 98 f2 02 3a 0c 08 bc d8 89 cf 06 10 b8 8e a0 de 02 42 01 39');
    expect(toDoc(PoolStatsSchema, stats)).toEqual({
      accepted_shares: 10464,
      rejected_shares: 0,
      stale_shares: 0,
      last_difficulty: 0,
      best_share: 776342690,
      generated_work: 0,
      last_share_time: { seconds: 1776446524, nanos: 734529336 },
      best_share_str: '9',
    });
  });

  test('gives a number of 64 bits that is not exact as its digits', () => {
    const version = bytes('08 ff ff ff ff ff ff ff ff ff 01 10 80 80 80 80 80 80 80 10');
    expect(toDoc(ApiVersionSchema, version)).toMatchObject({
      major: '18446744073709551615',
      minor: '9007199254740992',
    });
  });

  test('has a oneof under its name, as REST has it', () => {
    // 4: fixed_share_ratio { 1: 0.5 }
    const group = toDoc(PoolGroupConfigurationSchema, bytes('22 09 09 00 00 00 00 00 00 e0 3f'));
    expect(group).toEqual({ name: '', pools: [], load_balance_strategy: { fixedshareratio: { value: 0.5 } } });
    // 1: stable, 2: { 2: { 1: 3031 } }
    expect(toDoc(GetTunerStateResponseSchema, bytes('08 02 12 05 12 03 08 d7 17'))).toEqual({
      overall_tuner_state: 2,
      mode_state: { powertargetmodestate: { current_target: { watt: 3031 } } },
    });
  });

  test('takes the last member of a oneof, and joins a message that comes twice', () => {
    // manual {}, then auto { target 60 }, then auto { min_fan_speed 10 }
    const config = bytes('1a 00 12 0b 0a 09 09 00 00 00 00 00 00 4e 40 12 02 20 0a');
    expect(toDoc(CoolingConfigurationSchema, config)).toEqual({
      mode: { auto: { target_temperature: { degree_c: 60 }, min_fan_speed: 10 } },
    });
  });

  test('gives a wrapped number as the number, and an absent one as absent', () => {
    expect(toDoc(HashboardSchema, bytes('1a 02 08 6e'))).toEqual({ id: '', enabled: false, chips_count: 110 });
    expect(toDoc(HashboardSchema, bytes('1a 00')).chips_count).toBe(0);
    expect('chips_count' in toDoc(HashboardSchema, bytes(''))).toBe(false);
  });

  test('gives a Struct as the JSON it means', () => {
    const settings = {
      a: null,
      b: true,
      c: -1.5,
      d: 'x',
      e: [1, { f: [] }],
      ['__proto__']: { polluted: true },
    };
    const message = create(GetSettingsResponseSchema, { settings });
    const doc = toDoc(GetSettingsResponseSchema, toBinary(GetSettingsResponseSchema, message));
    expect(JSON.stringify(doc.settings)).toBe(
      '{"a":null,"b":true,"c":-1.5,"d":"x","e":[1,{"f":[]}],"__proto__":{"polluted":true}}',
    );
    expect('polluted' in {}).toBe(false);
    expect(toDoc(GetSettingsResponseSchema, fromDoc(GetSettingsResponseSchema, doc))).toEqual(doc);
  });

  test('gives bytes in base64, and temperatures that are no number as words', () => {
    expect(toDoc(GetLogResponseSchema, bytes('0a 03 66 6f 6f'))).toEqual({ chunk_data: 'Zm9v' });
    expect(toDoc(TemperatureSchema, bytes('09 00 00 00 00 00 00 f8 7f'))).toEqual({ degree_c: 'NaN' });
    expect(toDoc(TemperatureSchema, bytes('09 00 00 00 00 00 00 f0 ff'))).toEqual({ degree_c: '-Infinity' });
  });

  test('reads repeated numbers packed and one by one', () => {
    const schema = reflectionV1.ExtensionNumberResponseSchema;
    expect(toDoc(schema, bytes('12 03 01 ac 02')).extension_number).toEqual([1, 300]);
    expect(toDoc(schema, bytes('10 01 10 ac 02')).extension_number).toEqual([1, 300]);
  });
});

describe('a newer firmware', () => {
  test('has its unknown numbers of enums kept', () => {
    expect(toDoc(GetMinerDetailsResponseSchema, bytes('18 e7 07 60 ff ff ff ff ff ff ff ff ff 01'))).toMatchObject({
      platform: 999,
      status: -1,
    });
  });

  test('has its unknown fields kept, wherever they are, and written back', () => {
    // 15 varint, 16 eight bytes, 17 counted, 18 four bytes, 19 a group with field 1; and 9 within `fixed_share_ratio`
    const sent = bytes(
      '78 96 01 81 01 01 02 03 04 05 06 07 08 8a 01 02 68 69 95 01 01 02 03 04 9b 01 08 05 9c 01 22 02 48 07',
    );
    const doc = toDoc(PoolGroupConfigurationSchema, sent);
    expect(doc).toEqual({
      name: '',
      pools: [],
      load_balance_strategy: { fixedshareratio: { value: 0, $unknown: [{ no: 9, wireType: 0, bytes: '07' }] } },
      $unknown: [
        { no: 15, wireType: 0, bytes: '9601' },
        { no: 16, wireType: 1, bytes: '0102030405060708' },
        { no: 17, wireType: 2, bytes: '6869' },
        { no: 18, wireType: 5, bytes: '01020304' },
        { no: 19, wireType: 3, bytes: '08059c01' },
      ],
    });
    expect(toDoc(PoolGroupConfigurationSchema, fromDoc(PoolGroupConfigurationSchema, doc))).toEqual(doc);
  });

  test('may send a field with another type: kept as unknown, not misread', () => {
    // `name` (2, a string) as a varint, `pools` (5, messages) as four bytes, `uid` (1) in order
    expect(toDoc(PoolGroupConfigurationSchema, bytes('10 05 2d 01 02 03 04 0a 01 61'))).toEqual({
      name: '',
      pools: [],
      uid: 'a',
      $unknown: [
        { no: 2, wireType: 0, bytes: '05' },
        { no: 5, wireType: 5, bytes: '01020304' },
      ],
    });
  });
});

describe('bytes that are no message', () => {
  const malformed = (hex: string) => codeOf(() => toDoc(PoolGroupConfigurationSchema, bytes(hex)));

  test.each([
    ['end in a tag', '80'],
    ['end in a number', '08'],
    ['end in the count', '12'],
    ['end in a string', '12 05 61'],
    ['claim four gigabytes', '12 ff ff ff ff 0f 61'],
    ['claim more for the inner message than the outer one has', '2a 04 12 05 61 62 63 64 65'],
    ['have a field of number 0', '00 01'],
    ['have a wire type that there is not', '0f'],
    ['end a group that was not begun', '0c'],
    ['begin a group and do not end it', '9b 01 08 05'],
    ['have a number of eleven bytes', '78 ff ff ff ff ff ff ff ff ff ff 01'],
    ['have text that is not UTF-8', '12 02 c3 28'],
  ])('that %s', (_, hex) => {
    expect(malformed(hex)).toMatch(/^protocol\/malformed: braiins\.bos\.v1\.PoolGroupConfiguration: ./);
  });

  test('go no deeper than 64 messages', () => {
    // Struct { fields: { '': Value { struct_value: ... } } }
    let struct = new Uint8Array();
    const counted = (tag: number, content: Uint8Array) => {
      const size = content.length < 128 ? [content.length] : [(content.length & 127) | 128, content.length >> 7];
      return Uint8Array.from([tag, ...size, ...content]);
    };
    for (let level = 0; level < 40; level++) struct = counted(0x0a, counted(0x12, counted(0x2a, struct)));
    const deep = counted(0x0a, struct);
    expect(codeOf(() => toDoc(GetSettingsResponseSchema, deep))).toMatch(/^protocol\/malformed: .*64 deep/);
    const groups = Uint8Array.from([...Array(1000).fill(0x7b), ...Array(1000).fill(0x7c)]);
    expect(codeOf(() => toDoc(PoolConfigurationSchema, groups))).toMatch(/^protocol\/malformed/);
  });

  test('hold no more than 100000 values, however small', () => {
    const many = new Uint8Array(400_000).fill(0);
    for (let at = 0; at < many.length; at += 2) many[at] = 0x2a;
    expect(codeOf(() => toDoc(PoolGroupConfigurationSchema, many))).toMatch(/more than 100000 values/);
  });

  test('are not shown: they may hold a password', () => {
    const secret = Uint8Array.from([0x22, 0x20, ...new TextEncoder().encode('hunter2')]);
    expect(codeOf(() => toDoc(PoolConfigurationSchema, secret))).not.toContain('hunter');
  });
});

describe('a document as a message', () => {
  test('is written as the contract says', () => {
    expect(hexOf(fromDoc(SetPowerTargetRequestSchema, { save_action: 2, power_target: { watt: 3000 } }))).toBe(
      '08 02 12 03 08 b8 17',
    );
    const group = {
      uid: '',
      name: 'a',
      load_balance_strategy: { quota: { value: 1 } },
      pools: [{ url: 'b', user: '' }],
    };
    expect(hexOf(fromDoc(PoolGroupConfigurationSchema, group))).toBe('0a 00 12 01 61 1a 02 08 01 2a 03 12 01 62');
  });

  test('has null and undefined for what is not set, and says an optional zero', () => {
    expect(hexOf(fromDoc(SetDPSRequestSchema, { enable: false, mode: null, target: undefined }))).toBe('10 00');
  });

  test('takes bytes as they are or in base64, digits for 64 bits, words for what is no number', () => {
    const log = { chunk_data: Uint8Array.from([102, 111, 111]) };
    expect(hexOf(fromDoc(GetLogResponseSchema, log))).toBe('0a 03 66 6f 6f');
    expect(hexOf(fromDoc(GetLogResponseSchema, { chunk_data: 'Zm9v' }))).toBe('0a 03 66 6f 6f');
    expect(fromBinary(ApiVersionSchema, fromDoc(ApiVersionSchema, { major: '18446744073709551615' })).major).toBe(
      18446744073709551615n,
    );
    expect(hexOf(fromDoc(TemperatureSchema, { degree_c: '-Infinity' }))).toBe('09 00 00 00 00 00 00 f0 ff');
  });

  test('packs repeated numbers', () => {
    const schema = reflectionV1.ExtensionNumberResponseSchema;
    expect(hexOf(fromDoc(schema, { extension_number: [1, 300] }))).toBe('12 03 01 ac 02');
    expect(hexOf(fromDoc(schema, { extension_number: [] }))).toBe('');
  });

  const wrong: [string, Record<string, unknown>, string][] = [
    ['a member that is not in it', { nmae: 'x' }, 'there is no "nmae" in it'],
    ['a number for text', { name: 0 }, '.name: a string is needed'],
    ['text of half a character', { name: '\ud800' }, '.name: text of whole characters'],
    ['a list for an object', { load_balance_strategy: [] }, '.load_balance_strategy: an object is needed'],
    ['no member of a oneof', { load_balance_strategy: {} }, 'one of quota, fixedshareratio is needed'],
    [
      'two members of a oneof',
      { load_balance_strategy: { quota: { value: 1 }, fixedshareratio: { value: 1 } } },
      'one of quota, fixedshareratio is needed',
    ],
    ['the flat name of a oneof', { quota: { value: 1 } }, 'there is no "quota" in it'],
    ['a negative quota', { load_balance_strategy: { quota: { value: -1 } } }, '.quota.value: a whole number from 0'],
    ['half a quota', { load_balance_strategy: { quota: { value: 0.5 } } }, '.quota.value: a whole number from 0'],
    ['text for a ratio', { load_balance_strategy: { fixedshareratio: { value: '1' } } }, '.value: a number is needed'],
    ['one pool for a list', { pools: { url: 'x' } }, '.pools: a list is needed'],
    ['a pool that is null', { pools: [null] }, '.pools[0]: an object is needed'],
    ['a number for a switch', { pools: [{ enabled: 1 }] }, '.pools[0].enabled: true or false is needed'],
    ['an unknown field without bytes', { $unknown: [{ no: 9, wireType: 0 }] }, '$unknown[0]: no field can be written'],
    ['an unknown field of number 0', { $unknown: [{ no: 0, wireType: 0, bytes: '01' }] }, '$unknown[0].no: a whole'],
  ];
  test.each(wrong)('is refused with %s', (_, doc, reason) => {
    const said = codeOf(() => fromDoc(PoolGroupConfigurationSchema, doc));
    expect(said).toMatch(/^usage\/invalid: PoolGroupConfiguration/);
    expect(said).toContain(reason);
  });

  test('is refused with a number of 64 bits that is not exact or does not fit', () => {
    for (const major of [-1, 0.5, 2 ** 53, '18446744073709551616', 'x', '', true, 1e300]) {
      expect(codeOf(() => fromDoc(ApiVersionSchema, { major }))).toMatch(/^usage\/invalid: ApiVersion\.major/);
    }
  });

  test('is refused when it is endless', () => {
    const settings: Record<string, unknown> = {};
    settings.again = settings;
    expect(codeOf(() => fromDoc(GetSettingsResponseSchema, { settings }))).toMatch(/^usage\/invalid: .*64 deep/);
  });

  test('is not shown in the error: it may hold a password', () => {
    const doc = { password: { secret: 'hunter2' } };
    expect(codeOf(() => fromDoc(PoolConfigurationSchema, doc))).toBe(
      'usage/invalid: PoolConfiguration.password: a string is needed',
    );
  });
});

describe('the name of a call', () => {
  test('is the service, a slash and the method', () => {
    expect(callOf(ActionsService.method.pauseMining)).toBe('braiins.bos.v1.ActionsService/PauseMining');
  });

  test('finds the method again, and nothing for another name', () => {
    expect(methodNamed('braiins.bos.ApiVersionService/GetApiVersion')?.output).toBe(ApiVersionSchema);
    expect(methodNamed('braiins.bos.v1.ActionsService/Explode')).toBeUndefined();
    expect(methodNamed('__proto__')).toBeUndefined();
  });
});
