import { HeadframeError } from '@headframe/model';
import { verifyDigest } from '@headframe/wire/http';
import { describe, expect, test } from 'vitest';
import { type ConnectOptions, connect } from './connect.ts';
import { antminerLogin, cgminerProgram, DEVICES, page } from './devices.testing.ts';
import { answering, closedPort, httpServer, silentPort, tcpServer } from './links/loopback.testing.ts';

const at = (port: number) => `127.0.0.1:${port}`;

async function failure(address: string, options?: ConnectOptions): Promise<HeadframeError> {
  const error = await connect(address, options).then(
    (miner) => `it is a ${miner.family.id}`,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HeadframeError)) throw new Error(`expected a HeadframeError, got ${String(error)}`);
  // Whatever goes wrong, the technician is told what to do next.
  expect(error.context.next).toBeDefined();
  return error;
}

describe('a machine is identified by what it says', () => {
  test.each(['antminer', 'luxos', 'cgminer'] as const)('%s, on whatever port it listens', async (family) => {
    const port = await tcpServer(cgminerProgram(DEVICES[family]));
    const miner = await connect(at(port));
    expect(miner.family.id).toBe(family);
    expect(miner.ports).toEqual({ cgminer: port });
    expect(miner.address).toBe(at(port));
  });

  test('and its model is known before the first read', async () => {
    const port = await tcpServer(cgminerProgram(DEVICES.antminer));
    expect((await connect(at(port))).identity).toMatchObject({ make: 'Bitmain', model: 'Antminer S19 Pro' });
  });

  test('a web page on a named port is asked when the API is not there', async () => {
    const port = await httpServer(antminerLogin);
    expect(await failure(at(port))).toMatchObject({ code: 'auth/required' });
  });

  test('with stand-in ports, a machine keeps the name of its host', async () => {
    const cgminer = await tcpServer(cgminerProgram(DEVICES.antminer), '127.83.0.1', 4028).catch(() => null);
    if (cgminer === null) return; // Only Linux answers on every loopback address.
    const http = await httpServer(antminerLogin, '127.83.0.1');
    const miner = await connect('127.83.0.1', { ports: { http: [http] } });
    expect(miner.address).toBe('127.83.0.1');
    expect(miner.ports).toEqual({ cgminer: 4028, http });
  });

  test('each question is asked once, one after the other', async () => {
    const asked: string[] = [];
    const port = await tcpServer(cgminerProgram(DEVICES.antminer, asked));
    await connect(at(port));
    expect(asked).toEqual(['version']);
  });
});

describe('a machine that tells nothing without a password', () => {
  const users = { realm: 'antMiner Configuration', users: { root: 'secret-1' } };

  async function guarded(): Promise<{ port: number; withoutLogin: string[] }> {
    const withoutLogin: string[] = [];
    const port = await httpServer((request, response) => {
      const { authorization = '', host } = request.headers;
      if (verifyDigest(authorization, 'GET', users)) {
        const isInfo = request.url === '/cgi-bin/get_system_info.cgi';
        response.writeHead(isInfo ? 200 : 404).end('{"minertype":"Antminer S21","macaddr":"02:00:00:00:00:01"}');
        return;
      }
      if (authorization === '') withoutLogin.push(`${host}${request.url}`);
      antminerLogin(request, response);
    });
    return { port, withoutLogin };
  }

  test('wants one: the error says which', async () => {
    const { port } = await guarded();
    const error = await failure(at(port));
    expect(error.code).toBe('auth/required');
    expect(error.message).toContain('user name and password of the web page');
  });

  test('takes the right one', async () => {
    const { port } = await guarded();
    const miner = await connect(at(port), { credentials: { username: 'root', password: 'secret-1' } });
    expect(miner.identity).toMatchObject({ family: 'antminer', model: 'Antminer S21', mac: '02:00:00:00:00:01' });
  });

  test('refuses the wrong one, and the error does not show it', async () => {
    const { port } = await guarded();
    const error = await failure(at(port), { credentials: { username: 'root', password: 'wrong-word' } });
    expect(error.code).toBe('auth/rejected');
    expect(`${error.message}${JSON.stringify(error.context)}`).not.toContain('wrong-word');
  });

  test('gets the credentials that its family and its address have', async () => {
    const { port } = await guarded();
    const wanted: string[] = [];
    await failure(at(port), {
      credentials: (host, family) => {
        wanted.push(`${host} ${family}`);
        return null;
      },
    });
    expect(wanted).toEqual(['127.0.0.1 antminer']);
  });

  test('is never sent credentials before it is identified', async () => {
    let authorizations = 0;
    const port = await httpServer((request, response) => {
      if (request.headers.authorization !== undefined) authorizations++;
      page(401, { 'WWW-Authenticate': 'Digest realm="Some Printer", nonce="1", qop="auth"' })(request, response);
    });
    const error = await failure(at(port), { credentials: { username: 'root', password: 'secret-1' } });
    expect(error.code).toBe('support/unknown-device');
    expect(error.message).toContain('Some Printer');
    expect(authorizations).toBe(0);
  });
});

describe('what is no machine of ours is told as what it is', () => {
  test('a printer', async () => {
    const port = await httpServer(
      page(200, { Server: 'HP HTTP Server; HP LaserJet M404' }, '<title>HP LaserJet</title>'),
    );
    const error = await failure(at(port));
    expect(error.code).toBe('support/unknown-device');
    expect(error.message).toContain(`a printer (HP) answers on port ${port}`);
  });

  test('a WhatsMiner, by how it refuses', async () => {
    const refusal = '{"STATUS":"E","When":1790000000,"Code":14,"Msg":"invalid cmd","Description":"whatsminer v1.3"}';
    const port = await tcpServer(answering(() => refusal));
    expect((await failure(at(port))).message).toContain('a WhatsMiner; not supported yet');
  });

  test('a web server on the port of the API is asked as one', async () => {
    const port = await httpServer(page(200, {}, '<title>Miner Web Dashboard</title>'), '127.83.0.2', 4028).catch(
      () => null,
    );
    if (port === null) return; // Only Linux answers on every loopback address.
    expect((await failure('127.83.0.2')).message).toContain(
      'an ePIC miner (its API on port 4028 tells nothing of it) answers on port 4028',
    );
  });

  test('garbage shows with its first bytes', async () => {
    const port = await tcpServer(answering(() => '\u0001\u0002garbage'));
    const error = await failure(at(port));
    expect(error.code).toMatch(/^protocol\//);
    expect(error.message).toContain('\\x01\\x02garbage');
  });
});

describe('when nothing answers, the most telling reason is given', () => {
  test('refused', async () => {
    expect((await failure(at(await closedPort()))).code).toBe('link/refused');
  });

  test.skipIf(process.platform !== 'linux')('refused on all ports: they are named', async () => {
    const error = await failure('127.83.0.3');
    expect(error.code).toBe('link/refused');
    expect(error.message).toMatch(/tried 4028, 80(, \d+)* and \d+/);
  });

  test.skipIf(process.platform !== 'linux')('no answer to the connection', async () => {
    const error = await failure(at(await silentPort()), { connectTimeoutMs: 50 });
    expect(error.code).toBe('link/timed-out-connecting');
  });

  test('closed without a byte', async () => {
    const error = await failure(at(await tcpServer((socket) => socket.end())));
    expect(error.code).toBe('link/closed-empty');
    expect(error.message).toContain('api-allow');
  });

  test('silent', async () => {
    const error = await failure(at(await tcpServer(() => {})), { replyTimeoutMs: 40 });
    expect(error.code).toBe('link/timed-out-waiting');
    expect(error.message).toContain('another program holds its only API slot');
  });

  test('a name that does not resolve', async () => {
    expect((await failure('no-such-miner.invalid')).code).toBe('link/name-not-found');
  });

  test('cancelled', async () => {
    const cancel = new AbortController();
    const port = await tcpServer(() => cancel.abort());
    await expect(connect(at(port), { signal: cancel.signal })).rejects.toMatchObject({ code: 'link/cancelled' });
  });
});

test('a wrong address is a mistake of the caller, told at once', async () => {
  await expect(connect('10.0.0.999')).rejects.toMatchObject({ code: 'usage/invalid' });
});
