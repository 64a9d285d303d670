import { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeReply, section, statusOf } from './index.ts';

const RUNS = { seed: 20261124, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const CODES = ['protocol/malformed', 'protocol/truncated', 'protocol/wrong-shape', 'link/too-large', 'link/refused'];

const encoder = new TextEncoder();

/** Decodes anything; whatever comes out can be read by what maps use. */
function attempt(bytes: Uint8Array, asked?: string): void {
  try {
    const { parts } = decodeReply(bytes, asked === undefined ? {} : { asked });
    for (const { doc, status } of parts.values()) {
      expect(statusOf(doc)).toEqual(status[0] ?? null);
      for (const name of ['POOLS', '__proto__', 'STATUS']) for (const record of section(doc, name)) record.num('POOL');
    }
  } catch (error) {
    expect(error).toBeInstanceOf(HeadframeError);
    expect(CODES).toContain((error as HeadframeError).code);
  }
}

const REPLIES = [
  '{"STATUS":[{"STATUS":"S","When":1794000000,"Code":7,"Msg":"1 Pool(s)"}],"POOLS":[{"POOL":0,"User":"a"}],"id":1}\0',
  '{"summary":[{"STATUS":[{"STATUS":"S","Code":11}],"SUMMARY":[{"Elapsed":9}],"id":1}],"x":[{"STATUS":"E"}],"id":1}\0',
  'STATUS=S,When=1794000000,Code=7,Msg=2 Pool(s),Description=c|POOL=0,User=a\\,b|POOL=1,User=c|\0',
  'CMD=summary|STATUS=S,When=1,Code=11,Msg=Summary|SUMMARY,Elapsed=9,MHS av=1.50|CMD=x|STATUS=E,Code=14|\0',
  '{"SUMMARY":[{"Elapsed":9}],"X":[{"a":1}],"_N":"n","STATUS":[{"STATUS":"S","Code":22,"Msg":"Batch"}],"id":1}',
].map((text) => encoder.encode(text));

/** Text as cgminer escapes it. */
const escaped = (text: string): string => text.replace(/[|,=\\]/g, '\\$&');

describe('replies of anything', () => {
  test('random bytes give a reply or a coded error', () => {
    const asked = fc.constantFrom(undefined, 'summary', 'summary+pools', 'x+x');
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), asked, attempt), RUNS);
  });

  test('random pieces of the text form give a reply or a coded error', () => {
    const piece = fc.constantFrom(
      ...[
        'STATUS',
        'CMD',
        'POOL',
        'ASC',
        '__proto__',
        '=',
        ',',
        '|',
        '\\',
        'S',
        '14',
        '106',
        'Code=106',
        '\0',
        '\n',
        'é',
      ],
    );
    const start = fc.constantFrom('', 'STATUS=S,', 'STATUS=S|', 'CMD=x|', 'STATUS=S,Code=106|');
    const soup = fc.tuple(start, fc.array(piece, { maxLength: 30 })).map(([head, pieces]) => head + pieces.join(''));
    fc.assert(
      fc.property(soup, fc.constantFrom(undefined, 'a+b'), (text, asked) => attempt(encoder.encode(text), asked)),
      RUNS,
    );
  });

  test('replies with bytes changed at random give a reply or a coded error', () => {
    const change = fc.tuple(fc.nat(200), fc.nat(255), fc.constantFrom(0, 1));
    const changes = fc.array(change, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.constantFrom(...REPLIES), changes, fc.boolean(), (reply, list, joined) => {
        const bytes = [...reply];
        for (const [at, byte, drop] of list) bytes.splice(at % bytes.length, 1, ...(drop === 1 ? [] : [byte]));
        attempt(Uint8Array.from(bytes), joined ? 'summary+x' : 'pools');
      }),
      RUNS,
    );
  });

  test('whatever a record holds comes back from the text form as it was', () => {
    const key = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => !/^(STATUS|CMD|__proto__)$/.test(name));
    const mark = fc.constantFrom('|', ',', '=', '\\', 'a', ' ', 'é', '"', '}{');
    const value = fc.string({ unit: mark, maxLength: 10 });
    const record = fc.dictionary(key, value, { minKeys: 1, maxKeys: 6, noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 4 }), (records) => {
        const fields = (held: object) =>
          Object.entries(held).map(([name, text]) => `,${escaped(name)}=${escaped(text)}`);
        const text = `STATUS=S,When=1,Code=70,Msg=m|${records.map((held, n) => `STATS=${n}${fields(held).join('')}|`).join('')}\0`;
        const { parts, repairs } = decodeReply(encoder.encode(text));
        const expected = records.map((held, n) => ({ STATS: String(n), ...held }));
        expect(repairs).toEqual([]);
        expect(parts.get('')?.sections.get('STATS') ?? []).toEqual(expected);
      }),
      RUNS,
    );
  });
});
