import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { STRANGER_KINDS, type Stranger, type StrangerKind, startStranger } from './index.ts';

const open: Stranger[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(kind: StrangerKind): Promise<Stranger> {
  const stranger = await startStranger({ kind, address: '127.0.0.1', port: 0 });
  open.push(stranger);
  return stranger;
}
const get = async ({ port }: Stranger, path: string, method = 'GET') => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { status: response.status, server: response.headers.get('server'), text: await response.text() };
};

describe('what has got a miner’s old address', () => {
  test.each([
    ['printer', 'HP LaserJet', /^HP HTTP Server; HP LaserJet/],
    ['lamp', 'hue personal wireless lighting', /^nginx$/],
    ['nas', 'Synology', /^nginx$/],
  ] as const)('a %s shows a page of its own', async (kind, title, server) => {
    const page = await get(await start(kind), '/');
    expect(page.status).toBe(200);
    expect(page.text).toMatch(new RegExp(`<title>[^<]*${title}`));
    expect(page.server).toMatch(server);
  });

  test.each(STRANGER_KINDS)('a %s does not know what miners are asked', async (kind) => {
    const stranger = await start(kind);
    for (const path of ['/api/system/info', '/cgi-bin/stats.cgi', '/constructor'])
      expect((await get(stranger, path)).status).toBe(404);
    expect((await get(stranger, '/api/system', 'PATCH')).status).toBe(405);
    expect(await get(stranger, '/', 'HEAD')).toMatchObject({ status: 200, text: '' });
  });

  test('who speaks cgminer to it gets 400, and the port is refused when it is gone', async () => {
    const { port, close } = await start('printer');
    const ask = () =>
      new Promise<string>((done) => {
        const socket = connect({ host: '127.0.0.1', port });
        socket.write('{"command":"summary"}\n');
        socket.once('data', (bytes: Buffer) => done(String(bytes)));
        socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? ''));
      });
    expect(await ask()).toMatch(/^HTTP\/1.1 400 /);
    await close();
    expect(await ask()).toBe('ECONNREFUSED');
  });
});
