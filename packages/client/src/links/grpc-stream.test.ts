import type { GrpcLink } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { Deadline } from './deadline.ts';
import { grpcLink } from './grpc-link.ts';
import { type Called, framed, grpcServer, turns } from './grpc-server.testing.ts';
import { failure } from './loopback.testing.ts';

const METHOD = 'maker.Machine/Watch';
const NOTHING = new Uint8Array();
const LIMITS = { connectMs: 2000, replyMs: 2000, silenceMs: 10 };

function linkTo(port: number, deadline = new Deadline(10_000), replyMs = LIMITS.replyMs): GrpcLink {
  onTestFinished(() => deadline.end());
  return grpcLink({ host: '127.0.0.1', clock: systemClock, deadline, limits: { ...LIMITS, replyMs } }, port);
}

/** Field 1 as a number. */
const numbered = (number: number): Uint8Array => Uint8Array.of(0x08, number);
/** Field 1 with 16,380 bytes: with all that stands before it 16 KiB and 4 bytes on the wire. */
const PIECE = framed(Buffer.concat([Buffer.from([0x0a, 0xfc, 0x7f]), Buffer.alloc(16_380)]));
const PIECE_BYTES = 16_388;

/** Says without end, as fast as it may; tells how many bytes have gone into its connection. */
function endless(call: Called): { written: () => number; closed: Promise<number> } {
  const stream = call.begin();
  let written = 0;
  const more = (): void => {
    if (stream.destroyed) return;
    stream.write(PIECE, () => {
      written += PIECE_BYTES;
      more();
    });
  };
  more();
  const closed = new Promise<number>((resolve) => stream.once('close', () => resolve(stream.rstCode ?? -1)));
  return { written: () => written, closed };
}

async function endlessServer() {
  const told: ReturnType<typeof endless>[] = [];
  const server = await grpcServer((call) => told.push(endless(call)));
  return { server, told };
}

describe('a stream of a device', () => {
  test('gives its messages in their order, and ends with its status', async () => {
    const server = await grpcServer((call) => {
      call.begin().write(framed(numbered(1)));
      setImmediate(() => call.answer([numbered(2), '', numbered(3)]));
    });
    const got: number[][] = [];
    for await (const message of linkTo(server.port).stream({ method: METHOD }, NOTHING)) got.push([...message]);
    expect(got).toEqual([[8, 1], [8, 2], [], [8, 3]]);
  });

  test('that has nothing to say ends in order', async () => {
    const server = await grpcServer((call) => call.answer([]));
    const got: unknown[] = [];
    for await (const message of linkTo(server.port).stream({ method: METHOD }, NOTHING)) got.push(message);
    expect(got).toEqual([]);
  });

  test('is refused before, and after, its messages', async () => {
    let calls = 0;
    const server = await grpcServer((call) => {
      if (calls++ === 0) call.refuse('16');
      else call.answer([numbered(1)], { 'grpc-status': '14', 'grpc-message': 'going down' });
    });
    const link = linkTo(server.port);
    const got: number[][] = [];
    const read = async () => {
      for await (const message of link.stream({ method: METHOD }, NOTHING)) got.push([...message]);
    };
    expect((await failure(read())).code).toBe('auth/required');
    expect((await failure(read())).code).toBe('device/restarting');
    expect(got).toEqual([[8, 1]]);
  });

  test('is not asked for before its first message is', async () => {
    const { server } = await endlessServer();
    linkTo(server.port).stream({ method: METHOD }, NOTHING);
    expect(server.sessions).toHaveLength(0);
  });

  test('is told that nobody listens any more when its reader leaves; the connection stands', async () => {
    const { server, told } = await endlessServer();
    const link = linkTo(server.port);
    for (const expected of [1, 2]) {
      for await (const message of link.stream({ method: METHOD }, NOTHING)) {
        expect(message).toHaveLength(16_383);
        break;
      }
      expect(told).toHaveLength(expected);
      // CANCEL (RFC 9113, 7).
      expect(await told[expected - 1]?.closed).toBe(8);
    }
    expect(server.sessions).toHaveLength(1);
  });

  test('waits for a reader that does not ask: no more leaves the device than the buffers between hold', async () => {
    const { server, told } = await endlessServer();
    const messages = linkTo(server.port).stream({ method: METHOD }, NOTHING)[Symbol.asyncIterator]();
    await messages.next();
    // It has stopped when nothing is added between two looks.
    const written = () => told[0]?.written() ?? 0;
    await expect
      .poll(
        async () => {
          const before = written();
          await turns(50);
          return written() - before;
        },
        { timeout: 5000 },
      )
      .toBe(0);
    const stopped = written();
    // Two windows of 64 KiB and what the streams of both ends keep.
    expect(stopped).toBeLessThan(400_000);
    // Asked again, it goes on where it stopped.
    for (let i = 0; i < 100; i++) expect((await messages.next()).done).toBe(false);
    expect(written()).toBeGreaterThan(1_000_000);
    await messages.return?.();
    expect(await told[0]?.closed).toBe(8);
  });

  test('without end ends with the deadline', async () => {
    const { server, told } = await endlessServer();
    const deadline = new Deadline(150);
    const link = linkTo(server.port, deadline);
    let got = 0;
    const read = async () => {
      for await (const message of link.stream({ method: METHOD }, NOTHING)) got += message.length;
    };
    expect(await failure(read())).toMatchObject({ code: 'link/timed-out-waiting', context: { afterMs: 150 } });
    expect(got).toBeGreaterThan(0);
    await told[0]?.closed;
    await server.allClosed();
  });

  test('without end ends when it is cancelled, at once, whatever lies in the buffers', async () => {
    const { server, told } = await endlessServer();
    const cancel = new AbortController();
    const link = linkTo(server.port, new Deadline(10_000, cancel.signal));
    let behind = 0;
    const read = async () => {
      for await (const _ of link.stream({ method: METHOD }, NOTHING)) {
        if (cancel.signal.aborted) behind++;
        cancel.abort();
      }
    };
    expect((await failure(read())).code).toBe('link/cancelled');
    expect(behind).toBe(0);
    await told[0]?.closed;
    await server.allClosed();
  });

  test('ends with its conversation, also in the middle of a message', async () => {
    const server = await grpcServer((call) => call.begin().write(PIECE.subarray(0, 100)));
    const deadline = new Deadline(10_000);
    const next = linkTo(server.port, deadline).stream({ method: METHOD }, NOTHING)[Symbol.asyncIterator]().next();
    await expect.poll(() => server.sessions.length).toBe(1);
    deadline.end();
    expect((await failure(next)).message).toContain('the conversation is over (link/reset)');
    await server.allClosed();
  });

  test('may pause as long as each message keeps its own limit, and is late when one does not', async () => {
    const server = await grpcServer((call) => {
      const stream = call.begin();
      let number = 0;
      const timer = setInterval(() => {
        if (number < 4) stream.write(framed(numbered(++number)));
      }, 100);
      stream.once('close', () => clearInterval(timer));
    });
    const got: number[][] = [];
    const read = async () => {
      for await (const message of linkTo(server.port, undefined, 300).stream({ method: METHOD }, NOTHING))
        got.push([...message]);
    };
    expect((await failure(read())).code).toBe('link/timed-out-waiting');
    expect(got).toEqual([
      [8, 1],
      [8, 2],
      [8, 3],
      [8, 4],
    ]);
  });

  test('is not late while its reader thinks', async () => {
    const server = await grpcServer((call) => call.answer([numbered(1), numbered(2)]));
    const messages = linkTo(server.port, undefined, 100).stream({ method: METHOD }, NOTHING)[Symbol.asyncIterator]();
    await messages.next();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await messages.next()).toMatchObject({ done: false, value: numbered(2) });
    expect((await messages.next()).done).toBe(true);
  });

  test('drips a single message in vain: the limit is over the whole of it', async () => {
    const server = await grpcServer((call) => {
      const stream = call.begin();
      let at = 0;
      const timer = setInterval(() => stream.write(PIECE.subarray(at, ++at)), 20);
      stream.once('close', () => clearInterval(timer));
    });
    const link = linkTo(server.port, undefined, 200);
    expect((await failure(link.unary({ method: METHOD }, NOTHING))).code).toBe('link/timed-out-waiting');
  });
});

test('no timer and no socket is left when the conversation is over, however its calls ended', async () => {
  const alive = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  let calls = 0;
  const server = await grpcServer((call) => {
    calls++;
    if (call.method.endsWith('Silent')) return;
    if (call.method.endsWith('Refused')) call.refuse('7');
    else if (call.method.endsWith('Endless')) endless(call);
    else call.answer([numbered(1)]);
  });
  await expect.poll(alive).toBe(0);
  const signal = new AbortController().signal;
  let listening = 0;
  const watched = {
    aborted: signal.aborted,
    addEventListener: () => listening++,
    removeEventListener: () => listening--,
  } as unknown as AbortSignal;
  const deadline = new Deadline(30_000, watched);
  const watchers = { count: 0 };
  const { watch, unwatch } = deadline;
  deadline.watch = (onStop) => {
    watchers.count++;
    watch.call(deadline, onStop);
  };
  deadline.unwatch = (onStop) => {
    watchers.count--;
    unwatch.call(deadline, onStop);
  };
  const link = linkTo(server.port, deadline, 20_000);
  const timers = countTimers();
  await link.unary({ method: 'a.B/Fine' }, NOTHING);
  await failure(link.unary({ method: 'a.B/Refused' }, NOTHING));
  await failure(link.unary({ method: 'a.B/Silent', replyMs: 30 }, NOTHING));
  for await (const _ of link.stream({ method: 'a.B/Endless' }, NOTHING)) break;
  await link.upload({ method: 'a.B/Up' }, [numbered(1), numbered(2)]);
  expect(calls).toBe(5);
  expect(watchers.count).toBe(0);
  expect(timers()).toBe(0);
  deadline.end();
  await server.allClosed();
  expect(listening).toBe(0);
  await expect.poll(alive).toBe(0);
});

/** How many timers set from now on still wait. */
function countTimers(): () => number {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  const waiting = new Set<unknown>();
  globalThis.setTimeout = ((run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => {
    const timer = real.setTimeout(() => {
      waiting.delete(timer);
      run(...args);
    }, ms);
    waiting.add(timer);
    return timer;
  }) as typeof setTimeout;
  globalThis.clearTimeout = ((timer: NodeJS.Timeout) => {
    waiting.delete(timer);
    real.clearTimeout(timer);
  }) as typeof clearTimeout;
  onTestFinished(() => {
    Object.assign(globalThis, real);
  });
  return () => waiting.size;
}
