import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ASSUMED } from './sim-assumed.ts';
import { decoded, positional } from './sim-form.ts';
import { MODELS } from './sim-models.ts';
import { firmwareOf, uploadedFile } from './sim-upgrade.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (found: Uint8Array | null) => (found === null ? null : String.fromCharCode(...found));
const runs = { seed: 6060, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

const part = (name: string, value: string, filename?: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}` +
  `\r\n\r\n${value}\r\n`;
const file = (body: string, type = 'multipart/form-data; boundary=b') => text(uploadedFile(bytes(body), type));

describe('a form with a file', () => {
  test('gives the first file, whatever stands before it and in it', () => {
    expect(file(`${part('keep', '1')}${part('firmware', 'a\r\n-b--b\r\n--', 'x.tar')}--b--\r\n`)).toBe(
      'a\r\n-b--b\r\n--',
    );
    expect(file(`${part('file', '', 'empty')}--b--\r\n`)).toBe('');
    expect(file(`${part('file', 'x', 'x')}--b--`, 'Multipart/Form-Data; charset=x; boundary="b"')).toBe('x');
    expect(file('--b\r\ncontent-disposition: form-data; filename=x\r\n\r\ny\r\n--b--')).toBe('y');
  });

  test('that is none has no file', () => {
    expect(file(`${part('file', 'x', 'x')}--b--`, 'multipart/form-data')).toBeNull();
    expect(file(`${part('file', 'x', 'x')}--b--`, 'application/json')).toBeNull();
    expect(file(`${part('file', 'x', 'x')}--b--`, 'multipart/form-data; boundary=other')).toBeNull();
    expect(file(`${part('keep', '1')}--b--`)).toBeNull();
    expect(file(part('file', 'cut', 'x'))).toBeNull();
    expect(file('--b\r\nContent-Disposition: form-data; filename="x"')).toBeNull();
    expect(file('')).toBeNull();
    expect(file(part('a', '').repeat(1000))).toBeNull();
  });

  test('comes back as it was sent, whatever bytes it has', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
        const start = bytes('--b0undary\r\nContent-Disposition: form-data; name="file"; filename="i"\r\n\r\n');
        const body = Uint8Array.from([...start, ...content, ...bytes('\r\n--b0undary--\r\n')]);
        expect(uploadedFile(body, 'multipart/form-data; boundary=b0undary')).toEqual(content);
      }),
      runs,
    );
  });

  test('that is anything at all is read or not, and never more', () => {
    const pieces = fc.constantFrom(
      '--b',
      '\r\n',
      '\r\n\r\n',
      'filename=x',
      'Content-Disposition: form-data;',
      'x',
      '-',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), fc.string(), (all, type) => {
        const body = bytes(all.join(''));
        for (const header of ['multipart/form-data; boundary=b', type]) {
          const found = uploadedFile(body, header);
          expect(found === null || found.length <= body.length).toBe(true);
        }
      }),
      runs,
    );
  });

  test('of many megabytes without an end is gone through once', () => {
    const body = new Uint8Array(8 << 20).fill(0x0d);
    body.set(bytes('--b\r\nContent-Disposition: form-data; filename=x\r\n\r\n'));
    expect(uploadedFile(body, 'multipart/form-data; boundary=b')).toBeNull();
  });
});

test('an image that is anything at all is firmware or refused with a number', () => {
  const model = MODELS[0] as (typeof MODELS)[number];
  const now = { version: 'old', compileTime: 'then' };
  const refused: unknown[] = [ASSUMED.firmwareUnreadable, ASSUMED.firmwareForOthers];
  const lines = fc.constantFrom(
    'headframe simulated firmware',
    'version: 1',
    'version: ',
    'model: x',
    'compiled: y',
    '',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 8 }), (all) => {
      const found = firmwareOf(bytes(all.join('\n')), model, now);
      if (typeof found === 'string') expect(refused).toContain(found);
      else expect(found.version).toBe('1');
    }),
    runs,
  );
});

describe('a form of the older page', () => {
  test('is read by place, and its empty fields still count', () => {
    expect(positional(bytes('a=1&b=&c=3'), ['a', 'b', 'c'], 9)).toEqual({ a: '1', b: '', c: '3' });
    expect(positional(bytes('a=1&&c=3'), ['a', 'b', 'c'], 9)).toEqual({ a: '1', b: 'c=3', c: '' });
    expect(positional(bytes('a=1234567890'), ['a'], 4)).toEqual({ a: '1234' });
  });

  test('decodes nothing that is not on the list', () => {
    expect(decoded('%3A%2F%2F%40%22%5C%20%00%41%3a')).toBe('://@%22%5C%20%00%41%3a');
  });

  test('that is anything at all gives a text for every name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const form = positional(body, ['a', 'b'], 16);
        expect([typeof form.a, typeof form.b]).toEqual(['string', 'string']);
      }),
      runs,
    );
  });
});
