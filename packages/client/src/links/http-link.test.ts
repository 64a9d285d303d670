import type { IncomingMessage, RequestListener } from 'node:http';
import type { HeadframeError, HttpReply, HttpRequest } from '@headframe/model';
import { verifyDigest } from '@headframe/wire/http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { loginFor } from '../credentials.ts';
import { Deadline } from './deadline.ts';
import { httpLink } from './http-link.ts';
import type { LinkLimits } from './limits.ts';
import { answering, closedPort, failure, httpServer, silentPort, tcpServer } from './loopback.testing.ts';

const LONG_MS = 20_000;
const LIMITS: LinkLimits = { connectMs: LONG_MS, replyMs: LONG_MS, silenceMs: 100 };

interface Setup extends Partial<LinkLimits> {
  readonly request?: Partial<HttpRequest>;
  readonly signal?: AbortSignal;
}

function get(port: number, { request, signal, ...limits }: Setup = {}): Promise<HttpReply> {
  const deadline = new Deadline(LONG_MS, signal);
  onTestFinished(() => deadline.end());
  const link = httpLink({ host: '127.0.0.1', clock: systemClock, deadline, limits: { ...LIMITS, ...limits } }, port);
  return link.http({ method: 'GET', path: '/cgi-bin/summary.cgi', ...request });
}

const body = (reply: HttpReply): string => new TextDecoder().decode(reply.body);

test('an error names the path without its query, where some machines want a password', async () => {
  const path = '/cgi-bin/passwd.cgi?current_pw=old-word&new_pw=new-word';
  const hangsUp = await tcpServer((socket) => socket.once('data', () => socket.destroy()));
  const noHttp = await tcpServer(answering(() => 'this is no HTTP\r\n\r\n'));
  for (const port of [hangsUp, noHttp, await closedPort()]) {
    const error = await failure(get(port, { request: { path } }));
    expect(`${error.message} ${JSON.stringify(error.context)}`).not.toMatch(/old-word|new-word/);
  }
  const odd = await failure(get(hangsUp, { request: { path: `${path}\n` } }));
  expect(odd.message).toContain('"GET /cgi-bin/passwd.cgi" cannot be sent');
});

describe('a reply', () => {
  test('comes with its status, its headers in lower case and repeated ones joined', async () => {
    const port = await httpServer((_request, response) => {
      response.writeHead(200, [
        ['Server', 'lighttpd'],
        ['X-Twice', 'a'],
        ['X-Twice', 'b'],
      ] as never);
      response.end('{}');
    });
    const reply = await get(port);
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({ server: 'lighttpd', 'x-twice': 'a, b' });
    expect(body(reply)).toBe('{}');
  });

  test.each([301, 307, 401, 404, 500, 503])('of status %i is a reply like any other', async (status) => {
    let asked = 0;
    const port = await httpServer((_request, response) => {
      asked++;
      response.writeHead(status, { Location: '/elsewhere' }).end('no');
    });
    expect(await get(port)).toMatchObject({ status });
    expect(asked).toBe(1);
  });

  test('of a CGI script without content type and with bare line feeds can be read', async () => {
    const port = await tcpServer(answering(() => 'HTTP/1.0 200 OK\n\n{"STATUS":"S"}'));
    expect(body(await get(port))).toBe('{"STATUS":"S"}');
  });

  test('in chunks is put together', async () => {
    const port = await httpServer((_request, response) => {
      response.write('{"a":');
      response.end('1}');
    });
    expect(body(await get(port))).toBe('{"a":1}');
  });

  test('from a server that would keep the connection leaves none open', async () => {
    const closed = Promise.withResolvers<void>();
    const port = await tcpServer((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
      socket.once('end', () => socket.end());
      socket.once('close', () => closed.resolve());
      socket.resume();
    });
    expect(body(await get(port))).toBe('ok');
    await closed.promise;
  });

  test('to a POST got the body with its length', async () => {
    const port = await httpServer(async (request, response) => {
      response.end(`${request.headers['content-length']} ${await text(request)}`);
    });
    const reply = await get(port, { request: { method: 'POST', body: '{"blink":true}' } });
    expect(body(reply)).toBe('14 {"blink":true}');
  });
});

describe('a broken link', () => {
  test('refused', async () => {
    const error = await failure(get(await closedPort()));
    expect(error).toMatchObject({ code: 'link/refused', context: { request: 'GET /cgi-bin/summary.cgi' } });
  });

  test.skipIf(process.platform !== 'linux')('timed out while connecting', async () => {
    const port = await silentPort();
    expect((await failure(get(port, { connectMs: 40 }))).code).toBe('link/timed-out-connecting');
  });

  test('timed out while waiting for a server that says nothing', async () => {
    const port = await tcpServer(() => {});
    const error = await failure(get(port, { replyMs: 40 }));
    expect(error).toMatchObject({ code: 'link/timed-out-waiting', context: { bytes: 0 } });
  });

  test('timed out while waiting for a body that never ends', async () => {
    const port = await httpServer((_request, response) => {
      const drip = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(drip));
    });
    expect((await failure(get(port, { replyMs: 80 }))).code).toBe('link/timed-out-waiting');
  });

  test('closed without a byte', async () => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.end()));
    expect((await failure(get(port))).code).toBe('link/closed-empty');
  });

  test('closed in the middle of the headers, and in the middle of the body', async () => {
    const inHeaders = await tcpServer(answering(() => 'HTTP/1.1 200 OK\r\nServer: li'));
    const inBody = await tcpServer(answering(() => 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a"'));
    expect((await failure(get(inHeaders))).code).toBe('protocol/truncated');
    expect((await failure(get(inBody))).code).toBe('protocol/truncated');
  });

  test('too large: a body of 100 MB is cut at the limit', async () => {
    const block = Buffer.alloc(64 * 1024, '[');
    let sent = 0;
    const port = await httpServer((_request, response) => {
      const flood = (): void => {
        while (sent < 100_000_000 && !response.destroyed) {
          sent += block.length;
          if (!response.write(block)) {
            response.once('drain', flood);
            return;
          }
        }
      };
      flood();
    });
    const error = await failure(get(port, { request: { maxBytes: 300_000 } }));
    expect(error).toMatchObject({ code: 'link/too-large', context: { limit: '293 KiB' } });
    expect(sent).toBeLessThan(50_000_000);
  });

  test('too large: headers without an end', async () => {
    const port = await tcpServer((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write(`X: ${'y'.repeat(1000)}\r\n`), 1);
        socket.once('close', () => clearInterval(drip));
      });
    });
    const error = await failure(get(port));
    expect(error).toMatchObject({ code: 'link/too-large', context: { limit: '32 KiB of headers' } });
  });

  test('malformed: what answers is no web server, and the error shows its first bytes', async () => {
    const port = await tcpServer(answering(() => 'STATUS=E,When=1,Code=14,Msg=Invalid command|\0'));
    const error = await failure(get(port));
    expect(error.code).toBe('protocol/malformed');
    expect(error.context.firstBytes).toMatch(/^STATUS=E,When=1/);
  });

  test('malformed: an upgrade that nobody asked for ends, one way or the other', async () => {
    const port = await tcpServer(
      answering(() => 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'),
    );
    const end = await get(port).catch((error: HeadframeError) => error);
    expect(end).toBeDefined();
  });

  test('cancelled', async () => {
    const cancel = new AbortController();
    const port = await tcpServer((socket) => socket.once('data', () => cancel.abort()));
    expect((await failure(get(port, { signal: cancel.signal }))).code).toBe('link/cancelled');
  });

  test('a path that cannot be sent is a mistake of the caller', async () => {
    expect((await failure(get(80, { request: { path: '/a b\n' } }))).code).toBe('usage/invalid');
  });
});

describe('a digest login', () => {
  const REALM = 'antMiner Configuration';

  /** A server with nonces of a limited life that counts what it was asked. */
  function guarded(lifeOfNonce: number): { listener: RequestListener; log: string[] } {
    const log: string[] = [];
    let nonce = 0;
    let left = 0;
    const listener: RequestListener = (request, response) => {
      const header = request.headers.authorization ?? '';
      const isFresh = left > 0 && header.includes(`nonce="n${nonce}"`);
      if (isFresh && verifyDigest(header, 'GET', { realm: REALM, users: { root: 'secret-1' } })) {
        left--;
        log.push(/nc=(\w+)/.exec(header)?.[1] ?? 'no nc');
        response.end('{}');
        return;
      }
      log.push('401');
      left = lifeOfNonce;
      const challenge = `Digest realm="${REALM}", nonce="n${++nonce}", qop="auth"`;
      response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
    };
    return { listener, log };
  }

  async function logIn(port: number, password: string, times: number): Promise<number[]> {
    const deadline = new Deadline(LONG_MS);
    onTestFinished(() => deadline.end());
    const digest = loginFor({ username: 'root', password }).digest;
    const link = httpLink({ host: '127.0.0.1', clock: systemClock, deadline, limits: LIMITS }, port, digest);
    expect(link.hasCredentials).toBe(true);
    const statuses: number[] = [];
    for (let i = 0; i < times; i++) statuses.push((await link.http({ method: 'GET', path: '/' })).status);
    return statuses;
  }

  test('costs one request more the first time, and none from then on', async () => {
    const { listener, log } = guarded(100);
    expect(await logIn(await httpServer(listener), 'secret-1', 3)).toEqual([200, 200, 200]);
    expect(log).toEqual(['401', '00000001', '00000002', '00000003']);
  });

  test('goes on with the new nonce when the device forgets the old one', async () => {
    const { listener, log } = guarded(2);
    expect(await logIn(await httpServer(listener), 'secret-1', 3)).toEqual([200, 200, 200]);
    expect(log).toEqual(['401', '00000001', '00000002', '401', '00000001']);
  });

  test('with a wrong password is a 401 after one try, and is no endless loop', async () => {
    const { listener, log } = guarded(100);
    expect(await logIn(await httpServer(listener), 'wrong', 1)).toEqual([401]);
    expect(log).toEqual(['401', '401']);
  });

  test('is not tried without credentials', async () => {
    const { listener, log } = guarded(100);
    expect(await get(await httpServer(listener))).toMatchObject({ status: 401 });
    expect(log).toEqual(['401']);
  });

  test('shows nothing of the credentials in an error', async () => {
    const { listener } = guarded(100);
    let requests = 0;
    const port = await httpServer((request, response) => {
      if (++requests === 2) request.socket.destroy();
      else listener(request, response);
    });
    const deadline = new Deadline(LONG_MS);
    onTestFinished(() => deadline.end());
    const digest = loginFor({ username: 'operator-7', password: 'secret-1' }).digest;
    const link = httpLink({ host: '127.0.0.1', clock: systemClock, deadline, limits: LIMITS }, port, digest);
    const error = await failure(link.http({ method: 'GET', path: '/' }));
    const shown = `${error.message} ${JSON.stringify(error.context)} ${String((error.cause as Error | undefined)?.stack)}`;
    expect(shown).not.toMatch(/secret-1|operator-7|Digest/);
  });
});

async function text(request: IncomingMessage): Promise<string> {
  let all = '';
  for await (const chunk of request) all += String(chunk);
  return all;
}
