import { describe, expect, test } from 'vitest';
import { type DigestChallenge, parseChallenge } from './challenge.ts';
import { digestHeader, ha1, parseAuthorization, verifyDigest } from './digest.ts';

const fieldOf = (header: string, name: string): string | undefined =>
  new RegExp(`(?:[ ,])${name}="?([^",]*)"?`).exec(header)?.[1];

/** RFC 7616 3.9.1. */
const RFC_7616 = {
  user: 'Mufasa',
  password: 'Circle of Life',
  method: 'GET',
  uri: '/dir/index.html',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  nc: 1,
};
const CHALLENGE_7616: DigestChallenge = {
  realm: 'http-auth@example.org',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  qop: 'auth',
  algorithm: null,
  stale: false,
};

describe('published examples', () => {
  test('RFC 7616 3.9.1 with MD5', () => {
    const header = digestHeader({ ...RFC_7616, challenge: { ...CHALLENGE_7616, algorithm: 'MD5' } });
    expect(fieldOf(header, 'response')).toBe('8ca523f5e9506fed4657c9700eebdbec');
    expect(header).toContain('algorithm=MD5, qop=auth, nc=00000001,');
  });

  test('RFC 7616 3.9.1 with SHA-256', () => {
    const header = digestHeader({ ...RFC_7616, challenge: { ...CHALLENGE_7616, algorithm: 'SHA-256' } });
    expect(fieldOf(header, 'response')).toBe('753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
  });

  test('RFC 2617 3.5', () => {
    const header = digestHeader({
      user: 'Mufasa',
      password: 'Circle Of Life',
      method: 'GET',
      uri: '/dir/index.html',
      cnonce: '0a4f113b',
      nc: 1,
      challenge: {
        realm: 'testrealm@host.com',
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
        opaque: '5ccc069c403ebaf9f0171e9517f40e41',
        qop: 'auth',
        algorithm: null,
        stale: false,
      },
    });
    expect(fieldOf(header, 'response')).toBe('6629fae49393a05397450978507c4ef1');
    expect(fieldOf(header, 'opaque')).toBe('5ccc069c403ebaf9f0171e9517f40e41');
    expect(header).not.toContain('algorithm');
  });

  test('RFC 2069 as corrected by its errata: no qop, no counter', () => {
    const header = digestHeader({
      user: 'Mufasa',
      password: 'CircleOfLife',
      method: 'GET',
      uri: '/dir/index.html',
      cnonce: 'unused',
      nc: 1,
      challenge: {
        realm: 'testrealm@host.com',
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
        opaque: null,
        qop: null,
        algorithm: null,
        stale: false,
      },
    });
    expect(fieldOf(header, 'response')).toBe('1949323746fe6a43ef61f9606e7febea');
    expect(header).not.toMatch(/qop|nc=|cnonce|opaque/);
  });

  test('the password file that a stock Antminer ships (protocols.md 2.2)', () => {
    expect(ha1('root', 'antMiner Configuration', 'root')).toBe('23c2a2d78c0d20ec069097d7d20c4392');
  });
});

describe('the two ends', () => {
  const server = { realm: 'http-auth@example.org', users: { Mufasa: 'Circle of Life' } };
  const algorithms = [null, 'MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'] as const;

  test.each(algorithms)('agree on %s with and without qop', (algorithm) => {
    for (const qop of ['auth', null] as const) {
      const header = digestHeader({ ...RFC_7616, challenge: { ...CHALLENGE_7616, algorithm, qop } });
      expect(verifyDigest(header, 'GET', server)).toBe(true);
      expect(verifyDigest(header, 'POST', server)).toBe(false);
      expect(verifyDigest(header, 'GET', { ...server, users: { Mufasa: 'circle of life' } })).toBe(false);
      expect(verifyDigest(header, 'GET', { ...server, uri: '/dir/other.html' })).toBe(false);
    }
  });

  test('quotes and backslashes in names and passwords survive the header', () => {
    const user = 'a "quoted\\name"';
    const challenge = { ...CHALLENGE_7616, realm: 'say "hi"' };
    const header = digestHeader({ ...RFC_7616, user, challenge });
    expect(parseAuthorization(header)).toMatchObject({ user, realm: 'say "hi"' });
    expect(verifyDigest(header, 'GET', { realm: 'say "hi"', users: { [user]: 'Circle of Life' } })).toBe(true);
  });

  test('a user name beyond ASCII travels percent-encoded (RFC 7616 3.9.2)', () => {
    const header = digestHeader({ ...RFC_7616, user: 'Jäsøn Doe', challenge: CHALLENGE_7616 });
    expect(header).toContain("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe");
  });

  test.each([
    '',
    'Basic cm9vdDpyb290',
    'Digest',
    'Digest username="root"',
    'Digest username="__proto__", realm="r", nonce="n", uri="/", response="x"',
  ])('an authorization that is none is refused: %s', (header) => {
    expect(verifyDigest(header, 'GET', { realm: 'r', users: { root: 'root' } })).toBe(false);
  });
});

test('the challenge of RFC 7616 3.9.1 is answered with its first algorithm', () => {
  const both = [
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256,',
    ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",',
    ' Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5,',
    ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  ].join('');
  expect(parseChallenge(both)).toEqual({ ...CHALLENGE_7616, algorithm: 'SHA-256' });
});
