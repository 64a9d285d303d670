import { type GrpcLink, HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { Deadline } from './deadline.ts';
import { grpcLink } from './grpc-link.ts';
import { frame, framed, frameServer, grpcServer, number32, turns } from './grpc-server.testing.ts';
import { closedPort, failure, type OnConnection, silentPort, tcpServer } from './loopback.testing.ts';

const METHOD = 'maker.Machine/Do';
const RUNS = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);
const LIMITS = { connectMs: 2000, replyMs: 2000, silenceMs: 10 };

function linkTo(port: number, limits: Partial<typeof LIMITS> = {}, deadline = new Deadline(10_000)): GrpcLink {
  onTestFinished(() => deadline.end());
  return grpcLink({ host: '127.0.0.1', clock: systemClock, deadline, limits: { ...LIMITS, ...limits } }, port);
}

const ask = (link: GrpcLink) => link.unary({ method: METHOD }, new Uint8Array());

describe('a port', () => {
  test('where nothing listens refuses', async () => {
    expect((await failure(ask(linkTo(await closedPort())))).code).toBe('link/refused');
  });

  test('that drops packets ends the attempt with its own limit', async () => {
    const link = linkTo(await silentPort(), { connectMs: 80 });
    expect((await failure(ask(link))).code).toBe('link/timed-out-connecting');
  });

  test('that drops packets ends with a conversation that is cancelled, all its calls together', async () => {
    const cancel = new AbortController();
    const link = linkTo(await silentPort(), {}, new Deadline(10_000, cancel.signal));
    const both = [failure(ask(link)), failure(ask(link))];
    setImmediate(() => cancel.abort());
    expect((await Promise.all(both)).map(({ code }) => code)).toEqual(['link/cancelled', 'link/cancelled']);
  });

  test('that drops packets ends with a conversation that is over', async () => {
    const deadline = new Deadline(10_000);
    const asked = failure(ask(linkTo(await silentPort(), {}, deadline)));
    setImmediate(() => deadline.end());
    expect((await asked).code).toBe('link/reset');
  });

  test('is not asked when the conversation was cancelled before', async () => {
    let connections = 0;
    const port = await tcpServer(() => connections++);
    const link = linkTo(port, {}, new Deadline(10_000, AbortSignal.abort()));
    expect((await failure(ask(link))).code).toBe('link/cancelled');
    expect(connections).toBe(0);
  });

  test.each([
    [
      'the page of HTTP/1.1',
      (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
      'protocol/malformed',
    ],
    [
      'a web server that waits for more',
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'),
      'protocol/malformed',
    ],
    ['garbage', (socket) => socket.write(Buffer.alloc(200, 0xaa)), 'protocol/malformed'],
    ['a NUL and JSON, as cgminer would', (socket) => socket.end('{"STATUS":[{"Code":14}]}\0'), 'protocol/malformed'],
    ['a close without a byte', (socket) => socket.end(), 'link/closed-empty'],
    ['a reset without a byte', (socket) => socket.resetAndDestroy(), 'link/closed-empty'],
    ['a close behind its greeting', (socket) => socket.end(frame('settings', 0)), 'link/reset'],
    ['silence', () => {}, 'link/timed-out-waiting'],
    ['a greeting and silence', (socket) => socket.write(frame('settings', 0)), 'link/timed-out-waiting'],
  ] as [string, OnConnection, string][])('that answers with %s', async (_, answer, code) => {
    const port = await tcpServer((socket) => socket.once('data', () => answer(socket)));
    const link = linkTo(port, { replyMs: 300 });
    expect(await failure(ask(link))).toMatchObject({ code, context: { request: METHOD } });
  });
});

/** Field 1 with so many bytes. */
const message = (bytes: number): Buffer =>
  Buffer.concat([Buffer.from([0x0a, 0x80 | (bytes & 0x7f), bytes >> 7]), Buffer.alloc(bytes)]);

describe('a stream that breaks', () => {
  const three = frame('data', 1, Buffer.concat([framed(message(200)), framed(message(300)), framed(message(400))]));
  const goaway = (code: number) => frame('goaway', 0, number32(1, code));

  test.each([
    ['RST_STREAM with INTERNAL_ERROR', [three, frame('reset', 1, number32(2))], 'INTERNAL_ERROR'],
    ['RST_STREAM with CANCEL', [three, frame('reset', 1, number32(8))], 'CANCEL'],
    ['RST_STREAM with a code that is none', [three, frame('reset', 1, number32(99))], '99'],
    ['GOAWAY with INTERNAL_ERROR', [three, goaway(2)], 'INTERNAL_ERROR'],
    ['GOAWAY with ENHANCE_YOUR_CALM', [three, goaway(11)], 'ENHANCE_YOUR_CALM'],
  ])('by %s gives what came before, then link/reset', async (_, frames, words) => {
    const link = linkTo(await frameServer(frames));
    const got: number[] = [];
    const reading = async () => {
      for await (const one of link.stream({ method: METHOD }, new Uint8Array())) {
        got.push(one.length);
        // A reader that is slower than the end.
        await turns(20);
      }
    };
    const error = await failure(reading());
    expect(error.code).toBe('link/reset');
    expect(error.message).toContain(words);
    expect(got).toEqual([203, 303, 403]);
  });

  test.each([
    ['closes', (socket) => socket.end()],
    ['resets the connection', (socket) => setTimeout(() => socket.resetAndDestroy(), 50)],
  ] as [string, OnConnection][])('as the device %s gives what came before', async (_, then) => {
    const link = linkTo(await frameServer([three], then));
    const got: number[] = [];
    const reading = async () => {
      for await (const one of link.stream({ method: METHOD }, new Uint8Array())) got.push(one.length);
    };
    expect((await failure(reading())).code).toBe('link/reset');
    expect(got).toEqual([203, 303, 403]);
  });

  test('goes on where the device takes leave and lets its calls end', async () => {
    const link = linkTo(
      await frameServer([goaway(0), three, frame('data', 1, framed(message(1))), frame('reset', 1, number32(8))]),
    );
    const got: number[] = [];
    const reading = async () => {
      for await (const one of link.stream({ method: METHOD }, new Uint8Array())) got.push(one.length);
    };
    expect((await failure(reading())).code).toBe('link/reset');
    expect(got).toEqual([203, 303, 403, 4]);
  });

  test('gives all that lay in the buffers of a reader that had not asked yet', async () => {
    const many = Array.from({ length: 60 }, () => frame('data', 1, framed(message(1000))));
    const link = linkTo(await frameServer([...many, frame('reset', 1, number32(2))]));
    let got = 0;
    const reading = async () => {
      for await (const _ of link.stream({ method: METHOD }, new Uint8Array())) {
        if (got++ === 0) await turns(100);
      }
    };
    expect((await failure(reading())).code).toBe('link/reset');
    expect(got).toBe(60);
  });
});

describe('whatever a device sends', () => {
  test('a message of any fields arrives byte for byte, and so does one of ours', async () => {
    const server = await grpcServer(async (call) => call.answer(await call.said()));
    const link = linkTo(server.port, {}, new Deadline(600_000));
    const varint = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(bytesOfVarint);
    const number = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2 ** 29 - 1 }));
    const value = fc.oneof(
      varint.map((bytes) => ({ type: 0, bytes })),
      fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => ({ type: 1, bytes: [...bytes] })),
      fc
        .uint8Array({ maxLength: 300 })
        .map((bytes) => ({ type: 2, bytes: [...bytesOfVarint(BigInt(bytes.length)), ...bytes] })),
      fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => ({ type: 5, bytes: [...bytes] })),
    );
    const field = fc
      .tuple(number, value)
      .map(([no, { type, bytes }]) => [...bytesOfVarint(BigInt(no) * 8n + BigInt(type)), ...bytes]);
    const group = fc
      .tuple(fc.integer({ min: 1, max: 15 }), fc.array(field, { maxLength: 3 }))
      .map(([no, fields]) => [no * 8 + 3, ...fields.flat(), no * 8 + 4]);
    const messages = fc.array(fc.oneof(field, group), { maxLength: 8 }).map((fields) => fields.flat());
    await fc.assert(
      fc.asyncProperty(messages, async (bytes) => {
        const reply = await link.unary({ method: METHOD }, Uint8Array.from(bytes));
        expect([...reply.message]).toEqual(bytes);
      }),
      { seed: 50_051, numRuns: Math.min(RUNS, 5000) },
    );
    expect(server.sessions).toHaveLength(1);
  }, 120_000);

  test('a body of any bytes with any status is a reply or a coded error', async () => {
    let body: Uint8Array = new Uint8Array();
    let trailers: Record<string, string> = {};
    const server = await grpcServer((call) => {
      call.begin().on('wantTrailers', () => call.stream.sendTrailers(trailers));
      call.stream.end(body);
    });
    const link = linkTo(server.port, {}, new Deadline(600_000));
    const status = fc.oneof(
      fc.constant('0'),
      fc.integer({ min: 0, max: 20 }).map(String),
      fc.stringMatching(/^[ -~]{0,8}$/),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 64 }).map((one) => framed(one)),
      fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 3 }).map((all) => Buffer.concat(all.map(framed))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, status, fc.stringMatching(/^[ -~]{0,30}$/), async (sent, told, text) => {
        body = sent;
        trailers = { 'grpc-status': told, 'grpc-message': text };
        const error = await ask(link).then(() => null, asOurs);
        expect(error?.code).not.toBe('internal');
      }),
      { seed: 50_052, numRuns: Math.min(RUNS, 5000) },
    );
  }, 120_000);

  test('any bytes in the place of HTTP/2 are a coded error', async () => {
    let bytes: Uint8Array = new Uint8Array();
    const port = await tcpServer((socket) => socket.end(bytes));
    const frames = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 255 }),
        fc.uint8Array({ maxLength: 40 }),
      ),
      { maxLength: 6 },
    );
    const framesOf = frames.map((all) =>
      Buffer.concat([
        frame('settings', 0),
        ...all.map(([type, stream, flags, payload]) => {
          const one = frame('data', stream, payload, flags);
          one[3] = type;
          return one;
        }),
      ]),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 60 }), framesOf), async (sent) => {
        bytes = sent;
        const deadline = new Deadline(5000);
        try {
          const error = await ask(
            grpcLink({ host: '127.0.0.1', clock: systemClock, deadline, limits: LIMITS }, port),
          ).then(() => null, asOurs);
          expect(error?.code).toMatch(/^(link|protocol)\//);
        } finally {
          deadline.end();
        }
      }),
      { seed: 50_053, numRuns: Math.min(RUNS, 1000) },
    );
  }, 120_000);
});

function asOurs(thrown: unknown): HeadframeError {
  if (thrown instanceof HeadframeError) return thrown;
  throw thrown;
}

function bytesOfVarint(value: bigint): number[] {
  const bytes: number[] = [];
  for (; value > 127n; value >>= 7n) bytes.push(Number(value & 127n) | 128);
  return [...bytes, Number(value)];
}
