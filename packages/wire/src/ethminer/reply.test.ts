import { HeadframeError } from '@headframe/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rpcRefusal } from './refusals.ts';
import { decodeLine, lineLength } from './reply.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const decode = (text: string) => decodeLine(bytes(text));
const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
    return 'none';
  } catch (error) {
    if (error instanceof HeadframeError) return error.code;
    throw error;
  }
};

describe('a line', () => {
  test.each([
    ['{"id":1}\n', 9],
    ['{"id":1}\n{"id":2}\n', 9],
    // Blank lines are nothing; CR belongs to the line's end.
    ['\n\n{"id":1}\r\n', 12],
    ['{"id":1', null],
    ['', null],
    ['\n\n\n', null],
  ])('of %j ends at %s', (text, length) => {
    expect(lineLength(bytes(text), false)).toBe(length);
  });

  test('without a line feed ends where the peer closed', () => {
    // As cgminer answers on a port that somebody took for that of ethminer.
    expect(lineLength(bytes('{"STATUS":[]}\0'), true)).toBe(14);
    expect(lineLength(bytes(''), true)).toBeNull();
  });

  test('is not waited for when something else comes', () => {
    expect(codeOf(() => lineLength(new Uint8Array(64).fill(0x4a), false))).toBe('protocol/malformed');
    expect(lineLength(bytes('SSH-2.0-x'), false)).toBeNull();
  });
});

describe('a reply', () => {
  test('brings its id, its result and no error', () => {
    expect(decode('{"id":1,"jsonrpc":"2.0","result":"pong"}\n')).toMatchObject({ id: 1, result: 'pong', error: null });
  });

  test('of api_authorize has neither a result nor an error', () => {
    expect(decode('{"id":2,"jsonrpc":"2.0"}\n')).toMatchObject({ id: 2, result: undefined, error: null });
  });

  test('keeps a nonce exactly', () => {
    const { doc } = decode('{"id":0,"jsonrpc":"2.0","result":{"noncescrambler":16704043538687679721}}\n');
    expect(doc).toMatchObject({ result: { noncescrambler: '16704043538687679721' } });
  });

  test.each([
    ['{"error":{"code":-403,"message":"Authorization needed"},"id":1}', '-403', 'Authorization needed'],
    ['{"error":{"errorcode":"-32700","message":"Json parse error"},"id":null}', '-32700', 'Json parse error'],
    ['{"error":{"errorcode":"500","message":"no"},"id":null}', '500', 'no'],
    // An error without any code.
    ['{"error":{"message":"Bad value in \'noncescrambler\'"},"id":124}', null, "Bad value in 'noncescrambler'"],
    // A Stratum server.
    ['{"id":1,"result":null,"error":[20,"Not supported.",null]}', '20', 'Not supported.'],
    ['{"id":1,"error":"no"}', null, 'no'],
  ])('of %s says why', (text, code, message) => {
    expect(decode(text).error).toEqual({ code, message });
  });

  test.each([
    ['a batch', '[{"id":1,"result":"pong"}]', 'protocol/wrong-shape'],
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n', 'protocol/malformed'],
    ['a banner', 'SSH-2.0-OpenSSH_9.2\r\n', 'protocol/malformed'],
    ['nothing', ' \r\n', 'protocol/malformed'],
    ['a number', '5555\n', 'protocol/malformed'],
    ['the end of a line', '{"id":1,"jsonrpc":"2.0","result":{"a":', 'protocol/truncated'],
    ['an id that is true', '{"id":true,"result":1}', 'protocol/wrong-shape'],
    ['an id that is a list', '{"id":[1],"result":1}', 'protocol/wrong-shape'],
    ['the reply of a cgminer', '{"STATUS":[{"STATUS":"E","Code":24}]}\0', 'protocol/wrong-shape'],
    ['100 nested lists', `{"id":1,"result":${'['.repeat(100)}${']'.repeat(100)}}`, 'protocol/malformed'],
  ])('that is %s cannot be read', (_, text, code) => {
    expect(codeOf(() => decode(text))).toBe(code);
  });

  test('that is a notification answers nothing', () => {
    expect(decode('{"jsonrpc":"2.0","method":"mining.notify","params":[]}').id).toBeUndefined();
  });
});

test.each([
  ['-403', 'Authorization needed', 'auth/required'],
  ['-401', 'Invalid password', 'auth/rejected'],
  ['-32601', 'Method not found', 'support/unsupported'],
  ['-32601', 'Method not available', 'auth/writes-off'],
  ['-32601', 'METHOD_NOT_FOUND: The method being requested is not available on this server', 'support/unsupported'],
  ['-422', 'Outstanding operations. Retry ...', 'device/busy'],
  ['-422', 'Index out-of bounds.', 'device/refused'],
  ['-460', "Can't delete active connection", 'device/refused'],
  ['-32602', "Missing 'params'", 'device/refused'],
  ['-32600', 'Invalid Request', 'device/refused'],
  ['500', 'Type is not convertible to string', 'device/refused'],
  [null, "Bad value in 'noncescrambler'", 'device/refused'],
])('%s "%s" means %s', (code, message, wanted) => {
  const error = rpcRefusal({ code, message }, 'miner_x');
  expect(error.code).toBe(wanted);
  expect(error.context).toMatchObject({ vendorText: message, ...(code === null ? {} : { vendorCode: code }) });
});

describe('whatever comes', () => {
  const numRuns = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);
  const ids = fc.oneof(fc.constant(1), fc.jsonValue(), fc.double(), fc.bigInt().map(String));
  const members = fc.record(
    { id: ids, jsonrpc: fc.jsonValue(), result: fc.jsonValue(), error: fc.jsonValue(), method: fc.string() },
    { requiredKeys: [] },
  );
  const texts = fc.oneof(
    members.map((object) => JSON.stringify(object)),
    fc.array(members, { maxLength: 3 }).map((list) => JSON.stringify(list)),
    // Longer integers than JavaScript has, hexadecimal garbage, HTTP.
    fc.bigInt().map((number) => `{"id":1,"result":{"n":${number},"h":"0x${number.toString(36)}"}}`),
    fc.constantFrom('GET / HTTP/1.1\r\n', 'HTTP/1.1 200 Ok Error\r\n', '{}', '[]', '5', '{"id":1e400}'),
    fc.string({ maxLength: 200 }),
  );
  const broken = fc.tuple(texts, fc.nat(200), fc.uint8Array({ maxLength: 4 })).map(([text, at, inserted]) => {
    const whole = bytes(text);
    return Uint8Array.from([...whole.subarray(0, at), ...inserted, ...whole.subarray(at)]);
  });

  test('a line is read or an error of the table', () => {
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 300 })), fc.boolean(), (input, ended) => {
        expect(codeOf(() => lineLength(input, ended))).toMatch(/^(none|protocol\/malformed)$/);
        expect(codeOf(() => decodeLine(input))).toMatch(/^(none|protocol\/\S+|link\/too-large)$/);
      }),
      { seed: 3333, numRuns },
    );
  });

  test('a whole number of any length keeps its digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 80n), max: 1n << 80n }), (number) => {
        const { result } = decode(`{"id":1,"result":${number}}`);
        expect(BigInt(result as string | number)).toBe(number);
      }),
      { seed: 3333, numRuns },
    );
  });
});
