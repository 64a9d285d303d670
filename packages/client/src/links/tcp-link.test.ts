import type { Socket } from 'node:net';
import { HeadframeError, type RawReply } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { Deadline } from './deadline.ts';
import type { LinkLimits } from './limits.ts';
import { answering, closedPort, failure, silentPort, tcpServer } from './loopback.testing.ts';
import { tcpLink } from './tcp-link.ts';

const REQUEST = new TextEncoder().encode('{"command":"version"}\n');
const REPLY = '{"STATUS":[{"STATUS":"S"}],"id":1}\0';
const LONG_MS = 20_000;
const LIMITS: LinkLimits = { connectMs: LONG_MS, replyMs: LONG_MS, silenceMs: 100 };

interface Setup extends Partial<LinkLimits> {
  readonly host?: string;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly maxBytes?: number;
}

function exchange(port: number, setup: Setup = {}): Promise<RawReply> {
  const { host = '127.0.0.1', deadlineMs = LONG_MS, signal, maxBytes, ...limits } = setup;
  const deadline = new Deadline(deadlineMs, signal);
  onTestFinished(() => deadline.end());
  const link = tcpLink({ host, clock: systemClock, deadline, limits: { ...LIMITS, ...limits } }, port);
  return link.exchange(REQUEST, maxBytes === undefined ? {} : { maxBytes });
}

const text = ({ bytes }: RawReply): string => new TextDecoder().decode(bytes);

describe('a reply ends', () => {
  test('when the device closes: the bytes come as sent, the request in one write with its line feed', async () => {
    const requests: string[] = [];
    const port = await tcpServer(
      answering((request) => {
        requests.push(request);
        return REPLY;
      }),
    );
    const reply = await exchange(port);
    expect(text(reply)).toBe(REPLY);
    expect(reply.ended).toBe('fin');
    expect(requests).toEqual(['{"command":"version"}\n']);
  });

  test('in as many segments as the device likes', async () => {
    const port = await tcpServer((socket) => {
      socket.once('data', async () => {
        for (const letter of REPLY) await new Promise((sent) => socket.write(letter, sent));
        socket.end();
      });
    });
    expect(text(await exchange(port))).toBe(REPLY);
  });

  test('after a short silence behind the NUL, when the device keeps the connection open', async () => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.write(REPLY)));
    expect(await exchange(port, { silenceMs: 20 })).toMatchObject({ ended: 'silence' });
  });

  test('not at a NUL that more bytes follow', async () => {
    const port = await tcpServer((socket) => {
      socket.once('data', () => {
        socket.write('first\0', () => socket.end('second\0'));
      });
    });
    expect(text(await exchange(port))).toBe('first\0second\0');
  });

  test('with a reset, when the whole reply had come before it', async () => {
    // cgminer resets behind its reply when bytes of the request stay unread.
    const port = await tcpServer((socket) => {
      socket.once('data', () => socket.write(REPLY, () => socket.resetAndDestroy()));
    });
    const reply = await exchange(port);
    expect(text(reply)).toBe(REPLY);
    // Older releases of Node (22.19) report a reset right behind data as an ordinary end.
    expect(['reset', 'fin']).toContain(reply.ended);
  });

  test('over IPv6 too', async () => {
    const port = await tcpServer(
      answering(() => REPLY),
      '::1',
    );
    expect(text(await exchange(port, { host: '::1' }))).toBe(REPLY);
  });
});

describe('a connection fails', () => {
  test('refused: nothing listens', async () => {
    expect((await failure(exchange(await closedPort()))).code).toBe('link/refused');
  });

  test.skipIf(process.platform !== 'linux')('timed out while connecting: packets vanish', async () => {
    const port = await silentPort();
    const error = await failure(exchange(port, { connectMs: 50 }));
    expect(error.code).toBe('link/timed-out-connecting');
    expect(error.message).toMatch(/^127\.0\.0\.1:\d+ did not answer the connection attempt within [\d.]+ s/);
  });

  test('timed out while waiting: taken and never answered', async () => {
    const port = await tcpServer(() => {});
    const error = await failure(exchange(port, { replyMs: 40 }));
    expect(error).toMatchObject({ code: 'link/timed-out-waiting', context: { bytes: 0 } });
  });

  test('timed out while waiting: the limit of the reply holds though that of connecting is longer', async () => {
    const port = await tcpServer(() => {});
    expect((await failure(exchange(port, { replyMs: 40, connectMs: LONG_MS }))).code).toBe('link/timed-out-waiting');
    expect((await failure(exchange(port, { replyMs: 40, connectMs: 30 }))).code).toBe('link/timed-out-waiting');
  });

  test('timed out while waiting: a part came, and the error shows how much and how it began', async () => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.write('{"STATUS":')));
    const error = await failure(exchange(port, { replyMs: 60 }));
    expect(error).toMatchObject({ code: 'link/timed-out-waiting', context: { bytes: 10, firstBytes: '{"STATUS":' } });
  });

  test('timed out while waiting: an endless drip does not move the limit', async () => {
    const port = await tcpServer((socket) => {
      const drip = setInterval(() => socket.write('x'), 5);
      socket.once('close', () => clearInterval(drip));
    });
    const error = await failure(exchange(port, { replyMs: 80 }));
    expect(error.code).toBe('link/timed-out-waiting');
    expect(error.context.bytes).toBeGreaterThan(0);
  });

  test('timed out while waiting: an endless drip of NULs is no end of a reply', async () => {
    const port = await tcpServer((socket) => {
      const drip = setInterval(() => socket.write('\0'), 5);
      socket.once('close', () => clearInterval(drip));
    });
    expect((await failure(exchange(port, { replyMs: 80, silenceMs: LONG_MS }))).code).toBe('link/timed-out-waiting');
  });

  test('timed out while waiting: the deadline of the whole conversation is shorter than that of one reply', async () => {
    const port = await tcpServer(() => {});
    expect((await failure(exchange(port, { deadlineMs: 40 }))).code).toBe('link/timed-out-waiting');
  });

  test('closed empty: taken and closed without a byte, as an address list does', async () => {
    const port = await tcpServer((socket) => socket.end());
    expect((await failure(exchange(port))).code).toBe('link/closed-empty');
  });

  test('closed empty: reset without a byte is the same, only the timing differs', async () => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect((await failure(exchange(port))).code).toBe('link/closed-empty');
  });

  test('reset: in the middle of the reply', async () => {
    const port = await tcpServer((socket) => {
      socket.once('data', () => socket.write('{"STATUS":[', () => socket.resetAndDestroy()));
    });
    // Older releases of Node (22.19) report it as an ordinary end: then the codec finds that the reply is cut.
    const end = await exchange(port).catch((error: HeadframeError) => error);
    if (end instanceof HeadframeError) expect(end).toMatchObject({ code: 'link/reset', context: { bytes: 11 } });
    else expect(text(end)).toBe('{"STATUS":[');
  });

  test('too large: a flood of 100 MB is cut at the limit', async () => {
    const block = Buffer.alloc(64 * 1024, '[');
    let sent = 0;
    const port = await tcpServer((socket) => {
      const flood = (): void => {
        while (sent < 100_000_000 && !socket.destroyed) {
          sent += block.length;
          if (!socket.write(block)) {
            socket.once('drain', flood);
            return;
          }
        }
      };
      socket.once('data', flood);
    });
    const error = await failure(exchange(port));
    expect(error.code).toBe('link/too-large');
    expect(error.message).toContain('sent more than 1 MiB');
    expect(sent).toBeLessThan(50_000_000);
  });

  test('too large: by the limit of the family', async () => {
    const port = await tcpServer(answering(() => 'x'.repeat(2000)));
    const error = await failure(exchange(port, { maxBytes: 1500 }));
    expect(error.message).toContain('sent more than 1.5 KiB');
  });

  test('name not found: a name under .invalid never resolves', async () => {
    expect((await failure(exchange(4028, { host: 'no-such-miner.invalid' }))).code).toBe('link/name-not-found');
  });
});

describe('cancelling', () => {
  test('ends a waiting exchange, and the connection with it', async () => {
    const cancel = new AbortController();
    let closed: Promise<void> | undefined;
    const port = await tcpServer((socket: Socket) => {
      socket.resume();
      closed = new Promise((resolve) => socket.once('close', () => resolve()));
      socket.once('end', () => socket.end());
      cancel.abort();
    });
    expect((await failure(exchange(port, { signal: cancel.signal }))).code).toBe('link/cancelled');
    await closed;
  });

  test('before it begins opens no connection', async () => {
    let connections = 0;
    const port = await tcpServer(() => connections++);
    expect((await failure(exchange(port, { signal: AbortSignal.abort() }))).code).toBe('link/cancelled');
    expect(connections).toBe(0);
  });

  test('leaves no listener behind on the signal of a reader that goes on', async () => {
    const port = await tcpServer(answering(() => REPLY));
    let listening = 0;
    const watched = {
      aborted: false,
      addEventListener: () => listening++,
      removeEventListener: () => listening--,
    } as unknown as AbortSignal;
    const deadline = new Deadline(LONG_MS, watched);
    await tcpLink({ host: '127.0.0.1', clock: systemClock, deadline, limits: LIMITS }, port).exchange(REQUEST);
    deadline.end();
    expect(listening).toBe(0);
  });
});

test('the connection is gone when the reply is there, also where the device would keep it', async () => {
  let server: Socket | undefined;
  const port = await tcpServer((socket) => {
    server = socket;
    socket.once('data', () => socket.write(REPLY));
    socket.once('end', () => socket.end());
    socket.resume();
  });
  await exchange(port, { silenceMs: 10 });
  await new Promise((resolve) => server?.once('close', resolve));
  expect(server?.destroyed).toBe(true);
});

test('our side is never half-closed while the device still thinks', async () => {
  let ended = false;
  const port = await tcpServer((socket) => {
    socket.once('end', () => {
      ended = true;
    });
    socket.once('data', () => setImmediate(() => socket.end(ended ? 'half-closed' : REPLY)));
  });
  expect(text(await exchange(port))).toBe(REPLY);
});
