import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactPoolUri } from './pool-uri.ts';

const redact = (uri: string): string => redactPoolUri(uri, () => 'W');

describe('a pool as an ethminer tells it', () => {
  test.each([
    ['stratum1+tcp://0xabc.rig:pass@pool.example:4444', 'stratum1+tcp://W:x@pool.example:4444'],
    ['stratum+tls://me.rig@pool.example:4444/dag', 'stratum+tls://W@pool.example:4444/dag'],
    ['stratum://me%2Erig%3Apass@pool.example:1', 'stratum://W:x@pool.example:1'],
    ['stratum://:pass@pool.example:1', 'stratum://:x@pool.example:1'],
    ['stratum://me:p@ss/w@rd@[2001:db8::1]:1', 'stratum://W:x@[2001:db8::1]:1'],
    ['simulation://0xabc.worker@127.0.0.1:1', 'simulation://W@127.0.0.1:1'],
    ['me:pass@pool.example:1', 'W:x@pool.example:1'],
    // Without a port it can be no pool; ethminer 0.19 takes it all the same (protocols.md 5.5).
    ['stratum://me:pa/ss@pool.example', 'stratum://W:x@pool.example'],
    ['me@mail.example', 'W@mail.example'],
    [
      'http://pool.example:8888/0x00000000000000000000000000000000000000e0.rig/me@mail.example',
      'http://pool.example:8888/W/W',
    ],
    [
      'http://pool.example:8888/?worker=0x00000000000000000000000000000000000000e0',
      'http://pool.example:8888/?worker=W',
    ],
    ['stratum+tcp://pool.example:4444', 'stratum+tcp://pool.example:4444'],
    ['', ''],
  ])('%s becomes %s', (uri, expected) => {
    expect(redact(uri)).toBe(expected);
  });
});

test('whatever stands in a URI, what is before its host is gone, and at once', () => {
  const numRuns = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);
  const scheme = fc.constantFrom('', 'stratum://', 'stratum2+ssl://', 'http://');
  const secret = fc.string({ maxLength: 20 }).map((text) => `${text}SECRET${text}`);
  fc.assert(
    fc.property(scheme, secret, secret, (before, user, password) => {
      expect(redact(`${before}${user}:${password}@pool.example:4444`)).not.toContain('SECRET');
    }),
    { seed: 3333, numRuns },
  );
  for (const piece of ['@', ':', '/', 'a@', '://', '0x0', '%3a', '[', '1:1@', 'a:1/']) {
    expect(redact(piece.repeat(200_000 / piece.length)).length).toBeGreaterThan(0);
  }
});
