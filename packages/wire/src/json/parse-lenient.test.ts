import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { parseLenient } from './index.ts';

const encoder = new TextEncoder();

/** Reads a text as bytes and as a string; both must agree. */
function read(text: string, options = {}) {
  const result = parseLenient(encoder.encode(text), options);
  expect(parseLenient(text, options)).toEqual(result);
  return result;
}

const repairsOf = (text: string) => read(text).repairs.map(({ kind, offset }) => `${kind}@${offset}`);

function failure(input: string | Uint8Array, options = {}): HeadframeError {
  try {
    parseLenient(input, options);
  } catch (error) {
    if (error instanceof HeadframeError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('what is JSON', () => {
  test('a reply without flaws reads as JSON.parse reads it and reports nothing', () => {
    const text = '{"STATUS":[{"Code":70,"Msg":"a \\"b\\" \\u00e9 é"}],"STATS":[],"n":-1.5e3,"t":true,"z":null}';
    expect(read(text)).toEqual({ value: JSON.parse(text), repairs: [] });
  });

  test('one NUL behind a reply is how cgminer ends it', () => {
    expect(read('{"id":1}\0')).toEqual({ value: { id: 1 }, repairs: [] });
    expect(read(' {"id":1}\r\n\0')).toEqual({ value: { id: 1 }, repairs: [] });
  });

  test('an Avalon that ends its reply with NUL and newline, or two NULs, loses no field', () => {
    expect(read('{"a":1,"id":1}\0\n').value).toEqual({ a: 1, id: 1 });
    expect(repairsOf('{"a":1,"id":1}\0\n')).toEqual(['trailing-nul@15']);
    expect(repairsOf('{"a":1,"id":1}\0\0')).toEqual(['trailing-nul@15']);
  });

  test('a key __proto__ becomes a property of its own and reaches no prototype', () => {
    for (const text of ['{"__proto__":{"polluted":1},"a":[1]}', '{"__proto__":{"polluted":1},"a":[1}']) {
      const { value } = read(text);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.keys(value as object)).toEqual(['__proto__', 'a']);
      expect(({} as { polluted?: number }).polluted).toBeUndefined();
    }
  });

  test('of two members with one key the last one stays, as in JSON.parse', () => {
    expect(read('{"a":1,"a":2}')).toEqual({ value: { a: 2 }, repairs: [] });
  });

  test('who asks for it gets told of keys that come twice, and the one that is wanted', () => {
    const text = '{"x":[{"a":1}],"y":{"a":2,"a":[1,2],"b":3},"x":[{"a":4}]}';
    expect(read(text, { duplicates: 'first' })).toEqual({
      value: { x: [{ a: 1 }], y: { a: 2, b: 3 } },
      repairs: [
        { kind: 'duplicate-key', offset: 26 },
        { kind: 'duplicate-key', offset: 43 },
      ],
    });
    expect(read(text, { duplicates: 'last' }).value).toEqual({ x: [{ a: 4 }], y: { a: [1, 2], b: 3 } });
    expect(read('{"a":1,"b":2}', { duplicates: 'first' }).repairs).toEqual([]);
    // Flaws within a member that goes leave no trace in what stays.
    expect(read('{"a":1,"a":{"b":nan},"c":2}', { duplicates: 'first' }).value).toEqual({ a: 1, c: 2 });
  });
});

describe('what devices get wrong', () => {
  test('a stock Antminer without the comma in stats still reports both records', () => {
    const text = '{"STATS":[{"BMMiner":"2.0.0"}{"STATS":0,"Elapsed":5}],"id":1}\0';
    expect(read(text).value).toEqual({ STATS: [{ BMMiner: '2.0.0' }, { STATS: 0, Elapsed: 5 }], id: 1 });
    expect(repairsOf(text)).toEqual(['missing-comma@29']);
  });

  test('a comma that is missing between members is put in, whatever stands before it', () => {
    for (const value of ['"8"', '8', 'true', '[1]', '{}']) {
      const text = `{"a":${value}"temp0":"33.5"}`;
      expect(read(text).value).toEqual({ a: JSON.parse(value), temp0: '33.5' });
      expect(repairsOf(text)).toEqual([`missing-comma@${5 + value.length}`]);
    }
    expect(read('["a" "b"\n["c"]]').value).toEqual(['a', 'b', ['c']]);
  });

  test('a WhatsMiner power supply that lacks the quote and the comma before temp0 keeps both fields', () => {
    expect(read('{"vendor":"8"temp0":"33.5"}').value).toEqual({ vendor: '8', temp0: '33.5' });
    expect(read('{"vendor":""temp0":"33.5"}').value).toEqual({ vendor: '', temp0: '33.5' });
    expect(repairsOf('{"vendor":"8"temp0":"33.5"}')).toEqual(['missing-quote@13']);
  });

  test('commas that are too many go, and each place is told once', () => {
    expect(read('{"a":[1,],}').value).toEqual({ a: [1] });
    expect(repairsOf('{"a":[1,],}')).toEqual(['extra-comma@7', 'extra-comma@9']);
    expect(read('[,{"a":1},,{"b":2} , , ]').value).toEqual([{ a: 1 }, { b: 2 }]);
    expect(repairsOf('[,{"a":1},,{"b":2} , , ]')).toEqual(['extra-comma@1', 'extra-comma@10', 'extra-comma@19']);
    expect(read('{,"a":1}').value).toEqual({ a: 1 });
    expect(read('[,]').value).toEqual([]);
  });

  test('a reply that starts with a comma is an object without its first brace', () => {
    expect(read(',"id":1}\0').value).toEqual({ id: 1 });
    expect(repairsOf(',"id":1}\0')).toEqual(['extra-comma@0', 'missing-open@1']);
    expect(read(',{"id":1}').value).toEqual({ id: 1 });
  });

  test('a pool user with a line break or another control character keeps it', () => {
    const text = '{"User":"a\nb\u0001","URL":"x\ty"}';
    expect(read(text).value).toEqual({ User: 'a\nb\u0001', URL: 'x\ty' });
    expect(repairsOf(text)).toEqual(['control-character@10', 'control-character@23']);
  });

  test('line breaks between tokens are JSON, other control characters there go', () => {
    expect(read('{\r\n"a"\n:\t1}')).toEqual({ value: { a: 1 }, repairs: [] });
    expect(read('{"a":\u000b1}').value).toEqual({ a: 1 });
    expect(repairsOf('{"a":\u000b1}')).toEqual(['control-character@5']);
  });

  test('a bare inf or nan is null, a quoted one stays the text that it is', () => {
    for (const word of ['inf', 'nan', '-nan', '-inf', '+inf', 'NaN', 'Infinity', '-Infinity', 'INF', '-nan(ind)']) {
      expect(read(`{"a":${word},"b":[${word}]}`).value, word).toEqual({ a: null, b: [null] });
    }
    expect(repairsOf('{"a":nan,"b":-inf}')).toEqual(['not-a-number@5', 'not-a-number@13']);
    expect(read('{"a":"inf","b":"nan"}')).toEqual({ value: { a: 'inf', b: 'nan' }, repairs: [] });
  });

  test('a WhatsMiner error list written with colons is a list of one-key objects', () => {
    const text = '{"error_code":["329":"2026-01-02 03:04:05","206":"2026-01-02 03:04:06"],"other":["x","y"]}';
    expect(read(text).value).toEqual({
      error_code: [{ '329': '2026-01-02 03:04:05' }, { '206': '2026-01-02 03:04:06' }],
      other: ['x', 'y'],
    });
    expect(repairsOf(text)).toEqual(['colon-list@15', 'colon-list@43']);
    expect(read('[["1":{"a":[2]}],"3" : nan]').value).toEqual([[{ '1': { a: [2] } }], { '3': null }]);
  });

  test('of two documents the first one counts', () => {
    expect(read('{"id":1}\0{"id":1},"id":1}\0').value).toEqual({ id: 1 });
    expect(repairsOf('{"id":1}\0{"id":1},"id":1}\0')).toEqual(['second-document@9']);
    expect(repairsOf('{"id":1}{"id":2}')).toEqual(['second-document@8']);
    expect(repairsOf('{"id":1}\n[]')).toEqual(['second-document@9']);
    expect(repairsOf('{"id":1}}')).toEqual(['trailing-bytes@8']);
    expect(repairsOf('{"id":1} ok')).toEqual(['trailing-bytes@9']);
  });

  test('of two status blocks back to back the first one counts', () => {
    const text = '{"STATUS":[{"Code":127}]{"STATUS":[{"Code":83}],"id":1}\0';
    expect(read(text).value).toEqual({ STATUS: [{ Code: 127 }] });
    expect(repairsOf(text)).toEqual(['missing-close@24', 'second-document@24']);
  });

  test('sgminer says goodbye with a key that has no value', () => {
    expect(read('{"BYE","id":1}').value).toEqual({ BYE: null, id: 1 });
    expect(repairsOf('{"BYE","id":1}')).toEqual(['missing-value@6']);
    expect(read('{"a":,"b":}').value).toEqual({ a: null, b: null });
  });

  test('a bracket that is missing within the document is put in', () => {
    expect(read('{"STATS":[{"a":1,"b":2],"id":1}').value).toEqual({ STATS: [{ a: 1, b: 2 }], id: 1 });
    expect(read('{"STATS":[{"a":1},"id":1}').value).toEqual({ STATS: [{ a: 1 }, { id: 1 }] });
    expect(read('{"a":[1,2}').value).toEqual({ a: [1, 2] });
    expect(repairsOf('{"a":[1,2}')).toEqual(['missing-close@9']);
    expect(repairsOf('{"a":1],"b":2}')).toEqual(['extra-close@6']);
  });

  test('a backslash that escapes nothing is a backslash', () => {
    expect(read('{"a":"C:\\xyz\\u12","b":"\\\\\\"\\u0041"}').value).toEqual({ a: 'C:\\xyz\\u12', b: '\\"A' });
    expect(repairsOf('{"a":"C:\\xyz\\u12"}')).toEqual(['bad-escape@8', 'bad-escape@12']);
  });

  test('numbers that JSON does not allow are numbers all the same', () => {
    expect(read('{"a":+5,"b":007,"c":.5,"d":5.,"e":-01.50}').value).toEqual({ a: 5, b: 7, c: 0.5, d: 5, e: -1.5 });
    expect(repairsOf('[+5]')).toEqual(['odd-number@1']);
  });

  test('bytes that are not UTF-8 are replaced, and the first place is told', () => {
    const bytes = new Uint8Array([...encoder.encode('{"ü":"a'), 0xff, 0xfe, ...encoder.encode('b\ufffd"}')]);
    expect(parseLenient(bytes)).toEqual({
      value: { ü: 'a\ufffd\ufffdb\ufffd' },
      repairs: [{ kind: 'invalid-utf8', offset: 8 }],
    });
  });

  test('places are counted in bytes', () => {
    expect(repairsOf('{"größe":1"b":2}')).toEqual(['missing-comma@12']);
  });

  test('a byte order mark is skipped', () => {
    expect(read('\ufeff{"a":1}')).toEqual({ value: { a: 1 }, repairs: [] });
  });

  test('what a string holds is never taken for structure', () => {
    const strings = ['}{', ',}', '[,{', ',]', '""temp0', '{"a":', 'nan', '\\\\', ',"id":1}', '[['];
    for (const held of strings) {
      const value = { a: [{ b: held }, { c: held }] };
      const text = JSON.stringify(value);
      expect(read(text), held).toEqual({ value, repairs: [] });
      expect(read(text.replace('},{', '}{')).value, held).toEqual(value);
      expect(read(`${text.slice(0, -1)},}`).value, held).toEqual(value);
    }
  });
});

describe('a reply that is cut short', () => {
  test('keeps what was complete, at any depth, and drops the rest', () => {
    const cases: [string, unknown, number][] = [
      ['{"S":[{"a":1,"b":"x"},{"a":2,"b":"y', { S: [{ a: 1, b: 'x' }, { a: 2 }] }, 28],
      ['{"S":[{"a":1,"b":"x"},{"a', { S: [{ a: 1, b: 'x' }] }, 21],
      ['{"a":{"b":[1,[2,3],4', { a: { b: [1, [2, 3]] } }, 18],
      ['{"a":true', { a: true }, 9],
      ['{"a":"b"', { a: 'b' }, 8],
      ['{"a":1,', { a: 1 }, 6],
      ['{"a":1,"b":12', { a: 1 }, 6],
      ['{"a":1,"b":fal', { a: 1 }, 6],
      ['{"a":1,"b', { a: 1 }, 6],
      ['{"a":1,"b":', { a: 1 }, 6],
      ['{"a":1,"b":"\\', { a: 1 }, 6],
      ['{"a":1,"b":"\\u00', { a: 1 }, 6],
      ['{"a":[{}', { a: [{}] }, 8],
      ['{"a":{}"b":tru', { a: {} }, 7],
    ];
    for (const [text, value, offset] of cases) {
      expect(read(text), text).toEqual({ value, repairs: [{ kind: 'truncated', offset }] });
    }
  });

  test('a list written with colons is cut like any other', () => {
    const text = '["329":"date","330":"da';
    expect(read(text).value).toEqual([{ '329': 'date' }]);
    expect(repairsOf(text)).toEqual(['colon-list@1', 'truncated@13']);
  });

  test('a list written with colons is cut like any other', () => {
    const text = '["329":"date","330":"da';
    expect(read(text).value).toEqual([{ '329': 'date' }]);
    expect(repairsOf(text)).toEqual(['colon-list@1', 'truncated@13']);
  });

  test('says so when nothing was complete', () => {
    for (const text of ['{', '[', '{"a', '{"a"', '{"a":', '{"a":1', '{"a":[{"b":"c', '[[[[', '{"a":"b\\']) {
      expect(failure(text).code, text).toBe('protocol/truncated');
      expect(failure(encoder.encode(text)).code, text).toBe('protocol/truncated');
    }
  });

  test('flaws before the cut are mended too, flaws behind the last complete member are not told', () => {
    expect(repairsOf('{"a":[{"x":nan}{"y":2},],"b":{"c":nan,"d":"\n')).toEqual([
      'not-a-number@11',
      'missing-comma@15',
      'extra-comma@22',
      'not-a-number@34',
      'truncated@37',
    ]);
  });
});

describe('what cannot be read', () => {
  test('is malformed, with the place and the first bytes', () => {
    const error = failure('{"a":1 2}');
    expect(error.code).toBe('protocol/malformed');
    expect(error.context).toMatchObject({ offset: 7, firstBytes: '{"a":1 2}', bytes: 9 });
    for (const text of [
      '',
      '\0',
      'x',
      'Socket connect failed: Connection refused\n',
      '"a" 1',
      '{a:1}',
      "{'a':1}",
      '{"a" 1}',
      '[1:2]',
      '{"a":yes}',
    ]) {
      expect(failure(text).code, text).toBe('protocol/malformed');
    }
  });

  test('is too large over the limit, before anything is read', () => {
    expect(failure(new Uint8Array((1 << 20) + 1)).code).toBe('link/too-large');
    expect(failure('[]        ', { maxBytes: 9 }).message).toContain('more than 9 bytes');
    expect(parseLenient(`[${' '.repeat((1 << 20) - 2)}]`).value).toEqual([]);
  });

  test('nesting is bounded before JSON.parse sees it', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parseLenient(nested(64))).not.toThrow();
    expect(failure(nested(65)).code).toBe('protocol/malformed');
    expect(failure(`{"a":1}${'['.repeat(100)}`).code).toBe('protocol/malformed');
    expect(failure('['.repeat(1 << 20)).code).toBe('protocol/malformed');
    expect(failure('{"a":'.repeat(200_000)).code).toBe('protocol/malformed');
    expect(failure('[[]]', { maxDepth: 1 }).code).toBe('protocol/malformed');
  });

  test('brackets in strings neither count as depth nor hide it', () => {
    const braces = `["${'[{'.repeat(200)}"]`;
    expect(parseLenient(braces).value).toEqual(['[{'.repeat(200)]);
    const hidden = `["${']}'.repeat(200)}",${'['.repeat(70)}${']'.repeat(70)}]`;
    expect(failure(hidden).code).toBe('protocol/malformed');
    const forged = `[${'{"},{":'.repeat(70)}1${'}'.repeat(70)}]`;
    expect(failure(forged).code).toBe('protocol/malformed');
  });

  test('a flat list of many records is not deep', () => {
    const list = Array.from({ length: 2000 }, (_, chip) => ({ chip, ok: true }));
    expect(parseLenient(JSON.stringify({ list })).value).toEqual({ list });
    expect(parseLenient(JSON.stringify({ list }, null, 1)).value).toEqual({ list });
  });

  test('more values than any device sends are too large, mended or not', () => {
    const many = `{${Array.from({ length: 40_001 }, (_, n) => `"k${n}":1`).join()}}`;
    expect(failure(many).code).toBe('link/too-large');
    expect(failure(many.slice(0, -1)).code).toBe('link/too-large');
    expect(failure('[1,2,3]', { maxValues: 1, maxBytes: 10 }).code).toBe('link/too-large');
    expect(parseLenient(JSON.stringify(Array(40_000).fill(1))).repairs).toEqual([]);
  });

  test('a reply that needs thousands of repairs is garbage', () => {
    expect(failure(`{"a":"${'\n'.repeat(5000)}"}`).code).toBe('protocol/malformed');
  });

  test('a hundred repairs are listed and no more', () => {
    const result = parseLenient(`[${'nan,'.repeat(500)}nan]`);
    expect(result.value).toEqual(Array(501).fill(null));
    expect(result.repairs.length).toBe(100);
  });
});
