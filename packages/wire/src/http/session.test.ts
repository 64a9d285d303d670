import { describe, expect, test } from 'vitest';
import { type DigestChallenge, parseChallenge } from './challenge.ts';
import { parseAuthorization, verifyDigest } from './digest.ts';
import { DigestSession } from './session.ts';

const challenge = (nonce: string, stale = false): DigestChallenge => ({
  realm: 'antMiner Configuration',
  nonce,
  opaque: null,
  qop: 'auth',
  algorithm: null,
  stale,
});

/** A server as a list of nonces: each is good for `serves` answers. */
function server(password: string, serves: number, say: (turn: number) => DigestChallenge) {
  let turn = 0;
  let left = 0;
  let exchanges = 0;
  return {
    get exchanges() {
      return exchanges;
    },
    ask(header: string | null): DigestChallenge | 'ok' {
      exchanges++;
      const users = { realm: 'antMiner Configuration', users: { root: password } };
      const current = say(turn - 1);
      if (header !== null && left > 0 && parseAuthorization(header)?.nonce === current.nonce) {
        left--;
        if (verifyDigest(header, 'GET', users)) return 'ok';
      }
      left = serves;
      return say(turn++);
    },
  };
}

function request(session: DigestSession, ask: (header: string | null) => DigestChallenge | 'ok'): boolean {
  for (let tries = 0; tries < 10; tries++) {
    const answer = ask(session.answer('GET', '/cgi-bin/summary.cgi'));
    if (answer === 'ok') return true;
    if (!session.accept(answer)) return false;
  }
  throw new Error('the session never gave up');
}

const session = (password: string) => new DigestSession('root', password, () => 'c0ffee');

describe('a digest session', () => {
  test('asks twice the first time and once from then on, counting up', () => {
    const device = server('root', 1000, (turn) => challenge(`n${turn}`));
    const own = session('root');
    expect([1, 2, 3].map(() => request(own, device.ask))).toEqual([true, true, true]);
    expect(device.exchanges).toBe(4);
    expect(own.answer('GET', '/')).toContain('nc=00000004');
  });

  test('takes a new nonce where the old one ran out, with or without the word stale', () => {
    for (const stale of [true, false]) {
      const device = server('root', 2, (turn) => challenge(`n${turn}`, stale && turn > 0));
      const own = session('root');
      for (let i = 0; i < 6; i++) expect(request(own, device.ask)).toBe(true);
    }
  });

  test('gives up after one answer when the password is wrong', () => {
    const device = server('changed', 1000, (turn) => challenge(`n${turn}`));
    expect(request(session('root'), device.ask)).toBe(false);
    expect(device.exchanges).toBe(2);
  });

  test('gives up on a server that calls every nonce stale', () => {
    const device = server('root', 0, (turn) => challenge(`n${turn}`, true));
    expect(request(session('root'), device.ask)).toBe(false);
    expect(device.exchanges).toBe(3);
  });

  test('gives up where there is nothing to answer', () => {
    const own = session('root');
    expect(own.answer('GET', '/')).toBeNull();
    expect(own.accept(parseChallenge('Basic realm="router"'))).toBe(false);
  });

  test('refuses a user name that would break the header', () => {
    expect(() => new DigestSession('root\r\nX: 1', 'root', () => '0')).toThrow(/usage\/invalid/);
  });
});
