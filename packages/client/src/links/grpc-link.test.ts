import type { GrpcCall, GrpcLink } from '@headframe/model';
import { HeadframeError } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { Deadline } from './deadline.ts';
import { grpcLink } from './grpc-link.ts';
import { type Called, framed, type GrpcServer, grpcServer } from './grpc-server.testing.ts';
import { failure } from './loopback.testing.ts';

const LIMITS = { connectMs: 2000, replyMs: 4000, silenceMs: 10 };
const LONG_MS = 10_000;
const METHOD = 'maker.Machine/Do';
/** Field 1 as text, by hand: tag, length, text. */
const HELLO = Uint8Array.from([0x0a, 5, 0x68, 0x65, 0x6c, 0x6c, 0x6f]);

interface Talking {
  readonly link: GrpcLink;
  readonly deadline: Deadline;
}

function linkTo(port: number, replyMs = LIMITS.replyMs, deadline = new Deadline(LONG_MS)): Talking {
  onTestFinished(() => deadline.end());
  const dial = { host: '127.0.0.1', clock: systemClock, deadline, limits: { ...LIMITS, replyMs } };
  return { link: grpcLink(dial, port), deadline };
}

async function served(onCall: (call: Called) => void): Promise<Talking & { server: GrpcServer }> {
  const server = await grpcServer(onCall);
  return { server, ...linkTo(server.port) };
}

const unary = (link: GrpcLink, call: Partial<GrpcCall> = {}) => link.unary({ method: METHOD, ...call }, HELLO);

describe('a call with one reply', () => {
  test('brings the bytes of the message as they are, and the headers of the response', async () => {
    let asked: { path: string; token: unknown; said: Buffer[] } | null = null;
    const { link } = await served(async (call) => {
      asked = { path: call.method, token: call.headers.authorization, said: await call.said() };
      call.begin({ authorization: 'fresh' });
      call.answer([Uint8Array.from([0x10, 0x96, 0x01])]);
    });
    const reply = await unary(link, { metadata: { authorization: 'abc' } });
    expect([...reply.message]).toEqual([0x10, 0x96, 0x01]);
    expect(reply.headers).toMatchObject({ authorization: 'fresh', 'content-type': 'application/grpc' });
    expect(asked).toEqual({ path: METHOD, token: 'abc', said: [Buffer.from(HELLO)] });
  });

  test('is an empty message both ways where nothing stands in it', async () => {
    let said: Buffer[] = [];
    const { link } = await served(async (call) => {
      said = await call.said();
      call.answer(['']);
    });
    const reply = await link.unary({ method: METHOD }, new Uint8Array());
    expect(reply.message).toHaveLength(0);
    expect(said).toEqual([Buffer.alloc(0)]);
  });

  test('shares one connection with those before, after and beside it; the end of the conversation closes it', async () => {
    const { server, link, deadline } = await served((call) => call.answer([HELLO]));
    await unary(link);
    await Promise.all([unary(link), unary(link), unary(link)]);
    await unary(link);
    expect(server.sessions).toHaveLength(1);
    deadline.end();
    await server.allClosed();
    expect((await failure(unary(link))).code).toBe('link/reset');
    expect(server.sessions).toHaveLength(1);
  });

  test('opens nothing before it is asked for', async () => {
    const { server, deadline } = await served(() => {});
    deadline.end();
    await server.allClosed();
    expect(server.sessions).toHaveLength(0);
  });

  test('goes over a new connection where the device took leave of the old one', async () => {
    const { server, link } = await served((call) => {
      call.stream.session?.goaway(0);
      call.answer([HELLO]);
    });
    await unary(link);
    await unary(link);
    expect(server.sessions).toHaveLength(2);
  });

  test('refuses what is no name of a method, no message or no metadata, and sends nothing', async () => {
    const { server, link } = await served((call) => call.answer([HELLO]));
    const wrong = [
      link.unary({ method: '/etc/passwd' }, HELLO),
      link.unary({ method: 'a.b' }, HELLO),
      link.unary({ method: METHOD }, Uint8Array.of(0xff)),
      unary(link, { metadata: { authorization: 'secret\r\nx: y' } }),
      unary(link, { metadata: { 'bad name': 'x' } }),
    ];
    for (const one of wrong) {
      const { code, message } = await failure(one);
      expect(code).toBe('usage/invalid');
      expect(message).not.toContain('secret');
    }
    expect(server.sessions).toHaveLength(0);
  });
});

describe('a status that is not OK', () => {
  test.each([
    ['1', 'CANCELLED', 'device/refused'],
    ['2', 'UNKNOWN', 'device/refused'],
    ['3', 'INVALID_ARGUMENT', 'device/refused'],
    ['4', 'DEADLINE_EXCEEDED', 'link/timed-out-waiting'],
    ['5', 'NOT_FOUND', 'device/refused'],
    ['7', 'PERMISSION_DENIED', 'auth/rejected'],
    ['8', 'RESOURCE_EXHAUSTED', 'device/busy'],
    ['9', 'FAILED_PRECONDITION', 'device/refused'],
    ['12', 'UNIMPLEMENTED', 'support/unsupported'],
    ['13', 'INTERNAL', 'device/refused'],
    ['14', 'UNAVAILABLE', 'device/restarting'],
    ['16', 'UNAUTHENTICATED', 'auth/required'],
    ['77', '77', 'device/refused'],
  ])('%s is %s and becomes %s, in the headers alone and behind a message', async (status, name, code) => {
    let isShort = true;
    const { link } = await served((call) => {
      if (isShort) call.refuse(status, 'no%20such%20pool%3A%20%C3%A9');
      else call.answer([HELLO], { 'grpc-status': status, 'grpc-message': 'plain text' });
    });
    const short = await failure(unary(link));
    expect(short).toMatchObject({
      code,
      context: { vendorCode: name, vendorText: 'no such pool: é', request: METHOD },
    });
    isShort = false;
    expect(await failure(unary(link))).toMatchObject({ code, context: { vendorCode: name, vendorText: 'plain text' } });
  });

  test('keeps a text that is not encoded as it should be, and hides a token in it', async () => {
    const { link } = await served((call) => call.refuse('16', 'token s3cr3t is 100% over'));
    const error = await failure(unary(link, { metadata: { authorization: 's3cr3t' } }));
    expect(error.context.vendorText).toBe('token •••••• is 100% over');
    expect(JSON.stringify(error)).not.toContain('s3cr3t');
  });

  test.each([
    ['a status that is no number', { 'grpc-status': 'fine' }, 'protocol/wrong-shape'],
    ['details that are garbage', { 'grpc-status': '5', 'grpc-status-details-bin': '%%%' }, 'device/refused'],
  ])('%s is an error too', async (_, trailers, code) => {
    const { link } = await served((call) => call.answer([HELLO], trailers));
    expect((await failure(unary(link))).code).toBe(code);
  });
});

describe('a reply that cannot be', () => {
  const raw = (bytes: Uint8Array) => (call: Called) => {
    call.begin().on('wantTrailers', () => call.stream.sendTrailers({ 'grpc-status': '0' }));
    call.stream.end(bytes);
  };

  test.each([
    ['a field of 5 bytes of which 2 came', framed('\x0a\x05ab'), 'protocol/malformed'],
    ['wire type 7', framed('\x0f'), 'protocol/malformed'],
    ['field number 0', framed('\x00\x01'), 'protocol/malformed'],
    ['an endless varint', framed(Buffer.alloc(20, 0xff)), 'protocol/malformed'],
    ['a group that never ends', framed('\x0b\x0b\x0b'), 'protocol/malformed'],
    ['groups 200 deep', framed(Buffer.alloc(200, 0x0b)), 'protocol/malformed'],
    ['a compressed message that nobody asked for', Buffer.from([1, 0, 0, 0, 1, 0]), 'protocol/malformed'],
    ['a message shorter than it says', Buffer.from([0, 0, 0, 0, 9, 1]), 'protocol/truncated'],
    ['a length cut in the middle', Buffer.from([0, 0, 0]), 'protocol/truncated'],
    ['no message at all', Buffer.alloc(0), 'protocol/wrong-shape'],
    ['two messages', Buffer.concat([framed(HELLO), framed(HELLO)]), 'protocol/wrong-shape'],
    ['a message of 4 GiB', Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1]), 'link/too-large'],
  ])('%s', async (_, bytes, code) => {
    const { link } = await served(raw(bytes));
    expect((await failure(unary(link))).code).toBe(code);
    // And the connection stands: another call is none the worse for it.
    expect((await failure(unary(link))).code).toBe(code);
  });

  test('is cut at its limit, whatever else the device would send', async () => {
    let reset: Promise<void> | null = null;
    const { link } = await served((call) => {
      reset = new Promise((resolve) => call.stream.once('close', () => resolve()));
      call.begin().write(framed(new Uint8Array(5000)));
    });
    const error = await failure(unary(link, { maxBytes: 4096 }));
    expect(error).toMatchObject({ code: 'link/too-large', context: { limit: '4 KiB' } });
    await reset;
  });

  test('that ends without a status', async () => {
    const { link } = await served((call) => {
      call.stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      call.stream.end(framed(HELLO));
    });
    expect((await failure(unary(link))).code).toBe('protocol/truncated');
  });

  test.each([
    [{ ':status': 404, 'content-type': 'text/html' }, 'HTTP status 404'],
    [{ ':status': 200, 'content-type': 'text/html' }, 'HTTP status 200'],
    [{ ':status': 200 }, 'HTTP status 200'],
  ])('of a web server', async (headers, words) => {
    const { link } = await served((call) => {
      call.stream.respond(headers);
      call.stream.end('<html>');
    });
    expect(await failure(unary(link))).toMatchObject({
      code: 'protocol/wrong-shape',
      context: { detail: expect.stringContaining(words) },
    });
  });
});

describe('messages that go up', () => {
  const upload = (
    link: GrpcLink,
    messages: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    told?: (n: number) => void,
  ) => link.upload({ method: METHOD }, messages, told);

  test('arrive in their order, with their progress, and have one reply', async () => {
    let said: Buffer[] = [];
    const { link } = await served(async (call) => {
      said = await call.said();
      call.answer([HELLO]);
    });
    const sent: number[] = [];
    const pieces = [HELLO, new Uint8Array(), Uint8Array.of(0x10, 1)];
    const reply = await upload(link, pieces, (bytes) => sent.push(bytes));
    expect([...reply.message]).toEqual([...HELLO]);
    expect(said.map((one) => [...one])).toEqual([[...HELLO], [], [0x10, 1]]);
    expect(sent).toEqual([7, 7, 9]);
  });

  test('stop when the device says no in the middle', async () => {
    let given = 0;
    let isDone = false;
    function* endless() {
      try {
        for (;;) {
          given++;
          yield Buffer.concat([Buffer.from([0x0a, 0x80, 0x80, 0x02]), Buffer.alloc(32_768)]);
        }
      } finally {
        isDone = true;
      }
    }
    const { link } = await served((call) => call.refuse('8', 'an upgrade is running'));
    const error = await failure(upload(link, endless()));
    expect(error).toMatchObject({ code: 'device/busy', context: { vendorText: 'an upgrade is running' } });
    expect(given).toBeLessThan(100);
    await expect.poll(() => isDone).toBe(true);
  });

  test('wait while the device takes none, and end with the limit', async () => {
    let given = 0;
    function* endless() {
      for (;;) {
        given++;
        yield Buffer.concat([Buffer.from([0x0a, 0x80, 0x80, 0x02]), Buffer.alloc(32_768)]);
      }
    }
    const server = await grpcServer((call) => call.stream.pause());
    const { link } = linkTo(server.port, 300);
    const error = await failure(upload(link, endless()));
    expect(error.code).toBe('link/timed-out-waiting');
    // The windows of HTTP/2 and the buffers of both ends hold less than this.
    expect(given).toBeLessThan(32);
  });

  test('end with the mistake of who gives them, and the device is told', async () => {
    let reset: Promise<void> | null = null;
    const { link } = await served((call) => {
      reset = new Promise((resolve) => call.stream.once('close', () => resolve()));
    });
    async function* broken() {
      yield HELLO;
      throw new HeadframeError('usage/invalid', { detail: 'the file changed' });
    }
    expect(await failure(upload(link, broken()))).toMatchObject({ code: 'usage/invalid', message: /the file changed/ });
    await reset;
  });

  test('may take longer than the limit of a reply, as long as they move', async () => {
    const server = await grpcServer(async (call) => {
      await call.said();
      call.answer([HELLO]);
    });
    const { link } = linkTo(server.port, 400);
    async function* slow() {
      for (let i = 0; i < 4; i++) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        yield HELLO;
      }
    }
    expect([...(await upload(link, slow())).message]).toEqual([...HELLO]);
  });
});
