import { createServer } from 'node:http';
import { type Found, scan } from '@headframe/client';
import { describe, expect, onTestFinished, test } from 'vitest';

/*
 * Port 6060 of a stock Antminer in a scan (protocols.md 0, 2.5): what it says is evidence where nothing else answers.
 * Only Linux answers on every address of 127/8.
 */

async function monitor(
  address: string,
  answer: (path: string) => { status?: number; body: string },
): Promise<string[]> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { status = 200, body } = answer(request.url ?? '');
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(6060, address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return asked;
}

async function all(range: string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const one of scan(range, { connectTimeoutMs: 500, replyTimeoutMs: 2000 })) found.push(one);
  return found;
}

describe.skipIf(process.platform !== 'linux')('a host with port 6060 alone', () => {
  test('that tells a serial number is a stock Antminer, read there and asked for nothing else', async () => {
    const asked = await monitor('127.85.0.1', () => ({ body: 'SMTTYRHBDJAAI0G31' }));
    expect(await all('127.85.0.1')).toMatchObject([
      { family: 'antminer', kind: 'miner', ports: { monitor: 6060 }, identity: { serial: 'SMTTYRHBDJAAI0G31' } },
    ]);
    expect(asked).toEqual(['GET /get_sn']);
  });

  test('that does not know the page, in the words of that service, is one as well', async () => {
    await monitor('127.85.0.2', () => ({ body: 'error 6060 cmd' }));
    expect(await all('127.85.0.2')).toMatchObject([{ family: 'antminer', identity: { serial: null } }]);
  });

  test('that is some web server is none', async () => {
    await monitor('127.85.0.3', () => ({ status: 404, body: '404 page not found' }));
    expect((await all('127.85.0.3')).map(({ family }) => family)).toEqual([null]);
  });
});
