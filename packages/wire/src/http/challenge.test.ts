import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseChallenge, parseChallenges, realmOf } from './challenge.ts';

const runs = { seed: 20_261_120, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const PATIENCE_MS = 30_000 + 5 * runs.numRuns;

describe('a challenge is read from', () => {
  test('the header of a stock Antminer', () => {
    expect(parseChallenge('Digest realm="antMiner Configuration", nonce="66b0c1a4:0f", qop="auth"')).toEqual({
      realm: 'antMiner Configuration',
      nonce: '66b0c1a4:0f',
      opaque: null,
      qop: 'auth',
      algorithm: null,
      stale: false,
    });
  });

  test('a header with other schemes before it, blanks around signs and commas in quotes', () => {
    const header =
      'Negotiate dG9rZW4=, Basic realm="a, \\"b\\"",Digest  REALM = "c, d" ,nonce=n1,STALE=TRUE,, qop="auth-int,auth"';
    expect(parseChallenge(header)).toMatchObject({ realm: 'c, d', nonce: 'n1', stale: true, qop: 'auth' });
    expect(parseChallenges(header).map((c) => c.scheme)).toEqual(['negotiate', 'basic', 'digest']);
    expect(realmOf(header)).toBe('a, "b"');
  });

  test('a header without commas, and one without quotes', () => {
    expect(parseChallenge('Digest realm="a" nonce="b"')).toMatchObject({ realm: 'a', nonce: 'b', qop: null });
    expect(parseChallenge('Digest realm=a, nonce=b, algorithm=md5, qop=auth')).toMatchObject({ algorithm: 'MD5' });
  });

  test('a header with an algorithm that is not known here, before one that is', () => {
    const header =
      'Digest realm="r", nonce="1", algorithm=SHA-512-256, Digest realm="r", nonce="2", algorithm=MD5-sess';
    expect(parseChallenge(header)).toMatchObject({ nonce: '2', algorithm: 'MD5-sess' });
  });

  test('a header that names the nonce twice: the first counts', () => {
    expect(parseChallenge('Digest realm="r", nonce="first", nonce="second"')).toMatchObject({ nonce: 'first' });
  });
});

describe('there is no challenge in', () => {
  test.each([
    '',
    'Basic realm="x"',
    'Digest',
    'Digest realm="no nonce"',
    'Digest nonce="no realm"',
    'Digest realm="open, nonce="n"',
    'Digest realm="r", nonce="n", qop="auth-int"',
    'Digest realm="r", nonce="n", algorithm=token',
    'Digest realm="r\r\nInjected: 1", nonce="n"',
    '=',
    ',,,,',
    '"',
    'realm="r", nonce="n"',
  ])('%j', (header) => {
    expect(parseChallenge(header)).toBeNull();
  });
});

describe('whatever a server sends', () => {
  const pieces = fc.constantFrom(
    'Digest ',
    'realm=',
    'nonce=',
    '"',
    '\\',
    ',',
    ' ',
    '=',
    'qop="auth"',
    'stale=true',
    'x',
    'MD5',
  );
  const noise = fc.oneof(
    fc.string({ maxLength: 400 }),
    fc.array(pieces, { maxLength: 60 }).map((p) => p.join('')),
  );

  test(
    'reading it gives a challenge or null, never an exception and never a control character',
    () => {
      fc.assert(
        fc.property(noise, (header) => {
          const challenge = parseChallenge(header);
          if (challenge === null) return;
          for (const text of [challenge.realm, challenge.nonce, challenge.opaque ?? '']) {
            expect(text).not.toMatch(/[\r\n]/);
          }
        }),
        runs,
      );
    },
    PATIENCE_MS,
  );

  test(
    'a challenge that is well formed is read as it was meant',
    () => {
      const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', ',', '"', '\\', '=', '/'), maxLength: 20 });
      fc.assert(
        fc.property(text, text, fc.boolean(), (realm, nonce, stale) => {
          const quote = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;
          const header = `Digest realm=${quote(realm)}, nonce=${quote(nonce)}, stale=${stale}`;
          expect(parseChallenge(header)).toMatchObject({ realm, nonce, stale });
        }),
        runs,
      );
    },
    PATIENCE_MS,
  );

  test('a header of half a megabyte of quotes or commas is read at once', () => {
    for (const piece of ['"', ',', 'a', 'a=', 'Digest ', '\\', 'a="b",']) {
      expect(() => parseChallenge(`Digest ${piece.repeat(524_288 / piece.length)}`)).not.toThrow();
    }
  });
});
