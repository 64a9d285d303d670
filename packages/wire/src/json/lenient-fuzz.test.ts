import { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LenientResult, parseLenient } from './index.ts';

const RUNS = { seed: 20261124, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const CODES = ['protocol/malformed', 'protocol/truncated', 'link/too-large'];

/** Reads anything: a value, or null when it says properly that it cannot. What the mender mends must be JSON. */
function attempt(input: Uint8Array | string, options = {}): LenientResult | null {
  try {
    return parseLenient(input, options);
  } catch (error) {
    expect(error).toBeInstanceOf(HeadframeError);
    const { code, context } = error as HeadframeError;
    expect(CODES).toContain(code);
    expect(context.detail).not.toBe('it could not be repaired');
    return null;
  }
}

const encoder = new TextEncoder();

const key = fc.string({ maxLength: 8 }).filter((name) => name !== '__proto__');
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('}', '{', ',', '[', ']', '"', ':', '\\', '\n', '\0', 'n', 'é', '\ud83d'),
    maxLength: 12,
  }),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(
      fc.tuple(key, tie('value')).map(([name, held]) => ({ [name]: held })),
      { maxLength: 3 },
    ),
  ),
}));
const document = fc.oneof(
  fc.array(value, { minLength: 1, maxLength: 5 }),
  fc.dictionary(key, value, { minKeys: 1, maxKeys: 5, noNullPrototype: true }),
);

/** What comes back from JSON: -0 is 0, lone surrogates become U+FFFD in bytes. */
const throughBytes = (of: unknown): unknown => JSON.parse(new TextDecoder().decode(encoder.encode(JSON.stringify(of))));

/** Writes a value as a device might: `choose` says at each place whether and how it errs. */
function writeBadly(of: unknown, choose: (ways: number) => number): string {
  if (of === null) return ['null', 'nan', '-inf', 'Infinity', '-nan'][choose(8)] ?? 'null';
  if (typeof of === 'string') return string(of, choose);
  if (typeof of !== 'object') return JSON.stringify(of);
  const isArray = Array.isArray(of);
  const entries = Object.entries(of);
  const onePairEach = isArray && of.length > 0 && of.every((item) => isRecord(item) && Object.keys(item).length === 1);
  const asPairs = onePairEach && choose(2) === 1;
  const members = entries.map(([name, held]) => {
    if (asPairs) return Object.entries(held).map(([inner, deep]) => pair(inner, deep, choose))[0] as string;
    return isArray ? writeBadly(held, choose) : pair(name, held, choose);
  });
  let out = choose(8) === 1 ? ',' : '';
  members.forEach((member, at) => {
    const mayMiss =
      /^["{[]/.test(member) && !(asPairs === false && isArray && member.startsWith('"') && choose(2) === 0);
    if (at > 0) out += choose(3) === 1 && mayMiss ? ['', ' ', '\n'][choose(3)] : ([',', ',,', ', ,'][choose(8)] ?? ',');
    out += member;
  });
  if (members.length > 0) out += ['', ',', ' ,\t'][choose(8)] ?? '';
  return isArray ? `[${out}]` : `{${out}}`;
}

const isRecord = (of: unknown): of is Record<string, unknown> =>
  typeof of === 'object' && of !== null && !Array.isArray(of);

const pair = (name: string, held: unknown, choose: (ways: number) => number): string =>
  `${string(name, choose)}${choose(6) === 1 ? ' ' : ''}:${writeBadly(held, choose)}`;

/** A string with its control characters raw now and then. */
const string = (of: string, choose: (ways: number) => number): string =>
  choose(3) === 1
    ? `"${of.replace(/[\\"]/g, '\\$&').replace(/[\ud800-\udfff]/g, (unit) => JSON.stringify(unit).slice(1, -1))}"`
    : JSON.stringify(of);

/** Whether `part` is `whole` with members missing from ends only: nothing in it was made up or changed. */
function isPart(part: unknown, whole: unknown): boolean {
  if (typeof part !== 'object' || part === null) return Object.is(part, whole);
  if (typeof whole !== 'object' || whole === null || Array.isArray(part) !== Array.isArray(whole)) return false;
  return Object.entries(part).every(
    ([name, held]) => Object.hasOwn(whole, name) && isPart(held, (whole as Record<string, unknown>)[name]),
  );
}

describe('the lenient reader, on anything', () => {
  test('random bytes give a value or a coded error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void attempt(bytes)),
      RUNS,
    );
  });

  test('random pieces of JSON give a value or a coded error', () => {
    const piece = fc.constantFrom(
      ...['{', '}', '[', ']', ',', ':', '"', '"a"', '"b":', '1', '-', '2.5', 'nan', 'true', 'tru', '\\', '\\u12', '\n'],
      ...[' ', '\0', '{"c":1}', '"x', '\u000b', 'é', '+', '0', 'e', '[{', '}{', ',}', '__proto__'],
    );
    const soup = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(soup, fc.constantFrom(undefined, 'first', 'last'), (pieces, duplicates) => {
        const options = duplicates === undefined ? {} : { duplicates };
        expect(attempt(encoder.encode(pieces), options)).toEqual(attempt(pieces, options));
      }),
      RUNS,
    );
  });

  test('what is JSON reads as JSON.parse reads it, without a repair', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, 2), fc.constantFrom('', '\0', '\n', '\n\0'), (of, indent, behind) => {
        const clean = JSON.stringify(of, null, indent);
        expect(parseLenient(`${clean}${behind}`)).toEqual({ value: JSON.parse(clean), repairs: [] });
        expect(parseLenient(encoder.encode(`${clean}${behind}`))).toEqual({ value: throughBytes(of), repairs: [] });
      }),
      RUNS,
    );
  });

  test('flaws of the known kinds give the value that was meant', () => {
    fc.assert(
      fc.property(document, fc.array(fc.nat(999), { minLength: 60, maxLength: 60 }), (of, choices) => {
        let at = 0;
        const choose = (ways: number) => (choices[at++ % choices.length] as number) % ways;
        const behind = ['', '\0', '\0\n', '\0\0', '\0{"id":1},"id":1}\0', ' {}'][choose(6)];
        const badly = `${writeBadly(of, choose)}${behind}`;
        expect(parseLenient(encoder.encode(badly)).value, badly).toEqual(throughBytes(of));
      }),
      RUNS,
    );
  });

  test('a reply cut anywhere gives a part of what was meant, and nothing that was not', () => {
    fc.assert(
      fc.property(document, fc.nat(), (of, where) => {
        const bytes = encoder.encode(JSON.stringify(of));
        const cut = attempt(bytes.subarray(0, where % bytes.length));
        if (cut !== null) {
          expect(isPart(cut.value, throughBytes(of))).toBe(true);
          // A cut within a character leaves bytes that are not UTF-8; they are in what was left out.
          expect(cut.repairs.map(({ kind }) => kind).filter((kind) => kind !== 'invalid-utf8')).toEqual(['truncated']);
        }
      }),
      RUNS,
    );
  });

  test('a reply with bytes changed at random gives a value or a coded error', () => {
    const reply = encoder.encode(
      '{"STATUS":[{"STATUS":"S","When":1794000000,"Code":70,"Msg":"CGMiner stats"}],"STATS":[{"BMMiner":"2.0.0"}' +
        '{"STATS":0,"GHS 5s":"95412.77","temp":[61,62.5,-1e2],"chain_acs1":" oooo","on":true,"\\u0041":null}],"id":1}\0',
    );
    const change = fc.tuple(fc.nat(reply.length - 1), fc.nat(255), fc.constantFrom('set', 'cut', 'double'));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        let bytes = [...reply];
        for (const [at, byte, how] of changes) {
          if (how === 'set') bytes[at % bytes.length] = byte;
          else if (how === 'cut') bytes.splice(at % bytes.length, 1);
          else bytes = [...bytes.slice(0, at), ...bytes.slice(at / 2)];
        }
        attempt(Uint8Array.from(bytes));
      }),
      RUNS,
    );
  });
});
