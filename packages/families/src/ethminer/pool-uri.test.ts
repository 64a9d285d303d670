import { MASK } from '@headframe/model';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskedUri, splitUri, uriOf } from './pool-uri.ts';

test.each([
  ['stratum+tcp://0xab.rig@a.example:4444', 'stratum+tcp://a.example:4444', '0xab.rig', null],
  ['stratum1+ssl://0xab.rig:pw@a.example:4444', 'stratum1+ssl://a.example:4444', '0xab.rig', 'pw'],
  // As recorded: ethminer stores whatever it is given.
  ['stratum://us%20er:p%40ss@127.0.0.1:4444/path?x=1#f', 'stratum://127.0.0.1:4444/path?x=1#f', 'us er', 'p@ss'],
  ['stratum+tcp://user.größe@127.0.0.1:4444', 'stratum+tcp://127.0.0.1:4444', 'user.größe', null],
  ['http://127.0.0.1:8545', 'http://127.0.0.1:8545', null, null],
  ['bogus', 'bogus', null, null],
  ['', null, null, null],
  ['stratum+tcp://100%@a.example:1', 'stratum+tcp://a.example:1', '100%', null],
  ['a.example:4444', 'a.example:4444', null, null],
  // An e-mail address behind the port is no user.
  ['stratum1+tcp://0xab@a.example:4444/me@mail.example', 'stratum1+tcp://a.example:4444/me@mail.example', '0xab', null],
])('%s', (uri, url, worker, password) => {
  expect(splitUri(uri)).toEqual({ url, worker, password });
});

test.each([
  ['stratum://w:secret@a.example:1', `stratum://w:${MASK}@a.example:1`],
  ['stratum://w%3Asecret@a.example:1', `stratum://w%3A${MASK}@a.example:1`],
  ['stratum://w@a.example:1', 'stratum://w@a.example:1'],
  ['bogus', 'bogus'],
])('%s is shown as %s', (uri, shown) => {
  expect(maskedUri(uri)).toBe(shown);
});

test('what a pool is made of comes back out of its URI', () => {
  const word = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).filter((text) => !text.includes(':'));
  fc.assert(
    fc.property(word, fc.string({ maxLength: 30, unit: 'grapheme' }), (worker, password) => {
      const uri = uriOf({ url: 'stratum+tcp://a.example:4444', worker, password });
      expect(splitUri(uri)).toEqual({ url: 'stratum+tcp://a.example:4444', worker, password: password || null });
      if (password.length > 3) expect(maskedUri(uri)).not.toContain(`:${encodeURIComponent(password)}@`);
    }),
    { seed: 3333, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});

test('whatever a rig calls a connection, it is taken apart', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 100 }), fc.string({ unit: 'binary', maxLength: 50 })), (uri) => {
      expect(() => [splitUri(uri), maskedUri(uri)]).not.toThrow();
    }),
    { seed: 3333, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
