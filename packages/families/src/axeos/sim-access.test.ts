import { describe, expect, test } from 'vitest';
import { gamma, RELEASES, said, send, socket } from './sim.testing.ts';

/*
 * The 401 rule of protocols.md 6.1, by release, peer and Origin.
 */

const status = (minor: number, path: string, sent: { peer?: string; headers?: Record<string, string> }, quirks = {}) =>
  send(gamma(minor, quirks), `GET ${path}`, sent).status;
const from = (origin: string, peer = '192.168.1.5') => ({ peer, headers: { origin } });
const INFO = '/api/system/info';

describe.each(RELEASES)('AxeOS v2.%i', (minor) => {
  const shut = minor >= 5 ? 401 : 200;

  test('lets private peers in and no others; v2.4 everybody', () => {
    for (const peer of ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.178.20', '::ffff:10.1.2.3'])
      expect([peer, status(minor, INFO, { peer })]).toEqual([peer, 200]);
    for (const peer of ['8.8.8.8', '172.32.0.1', '192.169.0.1', '100.64.0.1', 'fe80::1', '2001:db8::1', ''])
      expect([peer, status(minor, INFO, { peer })]).toEqual([peer, shut]);
  });

  test('takes an Origin of a private address alone', () => {
    expect(status(minor, INFO, from('http://10.1.2.3'))).toBe(200);
    expect(status(minor, INFO, from('http://8.8.8.8'))).toBe(shut);
    expect(status(minor, INFO, from('https://10.1.2.3'))).toBe(minor === 5 ? 200 : shut);
    expect(status(minor, INFO, from('http://example.org'))).toBe(shut);
    // A port makes 15 characters more than an address, which v2.5 takes for none at all.
    expect(status(minor, INFO, from('http://192.168.178.20:8080'))).toBe(minor === 5 ? 200 : shut);
    expect(status(minor, INFO, from('http://10.1.2.3:80'))).toBe(shut);
  });

  test('takes local names from v2.15 on, whoever the peer is', () => {
    const named = minor === 15 || minor === 4 ? 200 : 401;
    for (const origin of [
      'http://localhost',
      'http://localhost:4200',
      'http://axe.local',
      'http://bitaxe',
      'http://nas:80',
    ])
      expect([origin, status(minor, INFO, from(origin, '8.8.8.8'))]).toEqual([origin, named]);
  });

  test('leaves scan, theme and static files open up to v2.14', () => {
    const open = minor === 15 ? 401 : 200;
    const peer = '8.8.8.8';
    expect(status(minor, '/', { peer })).toBe(200);
    expect(status(minor, '/nothing', { peer })).toBe(302);
    if (minor >= 5) expect(status(minor, '/api/theme', { peer })).toBe(open);
    if (minor >= 6) expect(status(minor, '/api/system/wifi/scan', { peer })).toBe(open);
    expect(status(minor, '/recovery', { peer })).toBe(shut);
    if (minor >= 9) expect(status(minor, '/api/nothing', { peer })).toBe(401);
  });

  test('is open to everybody as an access point', () => {
    expect(status(minor, INFO, { peer: '8.8.8.8' }, { 'ap-mode': true })).toBe(200);
  });
});

test('the refusal is a text without CORS headers; what is granted has them', () => {
  const refused = send(gamma(12), `GET ${INFO}`, { peer: '8.8.8.8' });
  expect([refused.text, refused.headers['content-type']]).toEqual(['Unauthorized', 'text/html']);
  expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
  expect(send(gamma(12), `GET ${INFO}`).headers).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': 'Content-Type',
  });
  expect(said(gamma(12), 'OPTIONS /api/system')).toBe('200 ');
});

test('loopback counts as the private network, unless told otherwise', () => {
  expect(status(12, INFO, { peer: '127.0.0.1' })).toBe(200);
  expect(status(12, INFO, { peer: '::1' })).toBe(200);
  expect(status(12, INFO, { peer: '127.0.0.1' }, { 'strict-loopback': true })).toBe(401);
});

test('a WebSocket is refused after its handshake up to v2.14, and instead of it from v2.15', () => {
  const late = socket(gamma(12), '/api/ws', { peer: '8.8.8.8' });
  const bytes = typeof late === 'object' && 'insteadOfFrames' in late ? (late.insteadOfFrames as Uint8Array) : null;
  expect(new TextDecoder().decode(bytes ?? new Uint8Array())).toBe(
    'HTTP/1.1 401 Unauthorized\r\ncontent-type: text/html\r\ncontent-length: 12\r\n\r\nUnauthorized',
  );
  expect(socket(gamma(15), '/api/ws', { peer: '8.8.8.8' })).toBe('401 Unauthorized');
});
