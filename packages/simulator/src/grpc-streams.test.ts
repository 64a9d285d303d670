import type { ClientHttp2Stream } from 'node:http2';
import type { GrpcSaid } from '@headframe/families/sim';
import { describe, expect, test } from 'vitest';
import { bytes, Client, frame, messagesIn, OK, replyOf, said, serveScripts } from './grpc-client.testing.ts';
import { Hands } from './hands.testing.ts';

const EVERY = 5000;

/** A stream that counts. */
const counting = (message: (n: number) => Uint8Array = (n) => Uint8Array.of(8, n)) => {
  let n = 0;
  return {
    kind: 'server-stream' as const,
    everyMs: EVERY,
    receive: (): GrpcSaid => ({ messages: [message(n++)] }),
    next: (): GrpcSaid => ({ messages: [message(n++)] }),
    get asked() {
      return n;
    },
  };
};

/** What comes next of a stream, as hex. */
const next = (stream: ClientHttp2Stream): Promise<string[]> =>
  new Promise((done) => stream.once('data', (part: Buffer) => done(messagesIn(part))));

describe('a stream of a simulated device', () => {
  test('goes on by itself, message by message, in its own time', async () => {
    const hands = new Hands();
    const { port, until } = await serveScripts({ Status: counting() }, { timers: hands });
    const stream = new Client(port).begin('Status');
    stream.end(frame(bytes('')));
    expect(await next(stream)).toEqual(['0800']);
    for (const message of ['0801', '0802', '0803']) {
      await hands.until(EVERY, 1);
      hands.pass(EVERY);
      expect(await next(stream)).toEqual([message]);
    }
    stream.close(8);
    await until(1);
    expect(hands.waits(EVERY)).toBe(0);
  });

  test('ends with a status, and is not asked again', async () => {
    const hands = new Hands();
    const { port, closed } = await serveScripts(
      { Log: { ...counting(), next: () => ({ messages: [bytes('0a')], status: OK }) } },
      { timers: hands },
    );
    const stream = new Client(port).begin('Log');
    stream.end(frame(bytes('')));
    const reply = replyOf(stream);
    await hands.until(EVERY, 1);
    hands.pass(EVERY);
    expect(messagesIn((await reply).body)).toEqual(['0800', '0a']);
    expect((await reply).trailers).toMatchObject({ 'grpc-status': '0' });
    expect(hands.waits(EVERY)).toBe(0);
    expect(closed).toEqual(['test.Machine/Log']);
  });

  test('is not asked for more while a slow reader has not taken what was said', async () => {
    const hands = new Hands();
    // Each message is larger than the window of a stream: 64 KiB - 1 leave, the rest waits for the reader.
    const script = counting(() => Buffer.alloc(100_000, 'x'));
    const { port, until } = await serveScripts({ Log: script }, { timers: hands });
    const client = new Client(port);
    const stream = client.begin('Log');
    stream.pause();
    stream.end(frame(bytes('')));
    await new Promise((done) => stream.once('response', done));
    // A whole round trip behind the first bytes: nobody has begun to wait for the next message.
    await new Promise<void>((done, failed) => client.session.ping((error) => (error ? failed(error) : done())));
    expect([script.asked, hands.waits(EVERY)]).toEqual([1, 0]);
    stream.resume();
    await hands.until(EVERY, 1);
    expect(script.asked).toBe(1);
    hands.pass(EVERY);
    await hands.until(EVERY, 1);
    expect(script.asked).toBe(2);
    client.session.destroy();
    await until(1);
  });

  test.each([
    ['cancels it', (stream: ClientHttp2Stream) => stream.close(8)],
    ['resets it with an error', (stream: ClientHttp2Stream) => stream.close(2)],
    ['loses its connection', (stream: ClientHttp2Stream) => stream.session?.destroy()],
  ])('is over for the device when its client %s, even in the middle of a message', async (_, leave) => {
    const script = counting(() => Buffer.alloc(100_000, 'x'));
    const { port, until } = await serveScripts({ Log: script, Echo: {} });
    const stream = new Client(port).begin('Log');
    stream.pause();
    stream.end(frame(bytes('')));
    await new Promise((done) => stream.once('response', done));
    leave(stream);
    await until(1);
    expect(script.asked).toBe(1);
    expect((await new Client(port).call('Echo', bytes(''))).trailers).toMatchObject({ 'grpc-status': '0' });
  });
});

describe('an upload to a simulated device', () => {
  test('is heard message by message, however the network cuts it, and answered at its end', async () => {
    const heard: number[] = [];
    const { port } = await serveScripts({
      Upgrade: {
        kind: 'client-stream',
        receive: (message) => {
          heard.push(message.length);
          return { messages: [] };
        },
        end: () => said(Uint8Array.of(8, heard.length)),
      },
    });
    const stream = new Client(port).begin('Upgrade');
    const part = Buffer.concat([bytes('0a ff 7f'), Buffer.alloc(16_383, 7)]);
    const all = Buffer.concat(Array.from({ length: 50 }, () => frame(part)));
    for (let at = 0; at < all.length; at += 9_999) stream.write(all.subarray(at, at + 9_999));
    stream.end();
    const reply = await replyOf(stream);
    expect(heard).toEqual(Array.from({ length: 50 }, () => 16_386));
    expect(messagesIn(reply.body)).toEqual(['0832']);
    expect(reply.trailers).toMatchObject({ 'grpc-status': '0' });
  });

  test('that is refused at its first message ends there: the client is told to stop', async () => {
    const { port, until } = await serveScripts({
      Upgrade: {
        kind: 'client-stream',
        receive: () => ({ messages: [], status: { code: 7, message: 'not now' } }),
      },
    });
    const stream = new Client(port).begin('Upgrade');
    const reply = replyOf(stream);
    stream.write(frame(bytes('0801')));
    // Never ended by the client.
    const { trailers, rst } = await reply;
    expect([trailers?.['grpc-status'], rst]).toEqual(['7', 0]);
    await until(1);
  });

  test('whose client goes away is never heard to its end', async () => {
    let ended = false;
    let heard = () => {};
    const first = new Promise<void>((done) => (heard = done));
    const { port, until } = await serveScripts({
      Upgrade: {
        kind: 'client-stream',
        receive: () => {
          heard();
          return { messages: [] };
        },
        end: () => {
          ended = true;
          return said();
        },
      },
    });
    const client = new Client(port);
    client.begin('Upgrade').write(frame(bytes('0801')));
    await first;
    client.session.destroy();
    await until(1);
    expect(ended).toBe(false);
  });
});

describe('a conversation with a simulated device', () => {
  test('has an answer to each question before the next one is asked, until the client ends it', async () => {
    const { port, until } = await serveScripts({
      Reflect: { kind: 'both-stream', receive: (message) => ({ messages: [message, message] }), end: () => said() },
    });
    const stream = new Client(port).begin('Reflect');
    const reply = replyOf(stream);
    const parts: string[] = [];
    for (const text of ['0801', '0802', '']) {
      stream.write(frame(bytes(text)));
      while (parts.filter((part) => part === text).length < 2) parts.push(...(await next(stream)));
    }
    stream.end();
    expect((await reply).trailers).toMatchObject({ 'grpc-status': '0' });
    expect(parts).toEqual(['0801', '0801', '0802', '0802', '', '']);
    await until(1);
  });

  test('that goes on by itself also hears', async () => {
    const hands = new Hands();
    const { port, until } = await serveScripts(
      {
        Both: {
          kind: 'both-stream',
          everyMs: EVERY,
          receive: (message) => ({ messages: [message] }),
          next: () => ({ messages: [bytes('10 01')] }),
        },
      },
      { timers: hands },
    );
    const stream = new Client(port).begin('Both');
    stream.write(frame(bytes('0801')));
    expect(await next(stream)).toEqual(['0801']);
    await hands.until(EVERY, 1);
    stream.write(frame(bytes('0802')));
    expect(await next(stream)).toEqual(['0802']);
    hands.pass(EVERY);
    expect(await next(stream)).toEqual(['1001']);
    stream.close(8);
    await until(1);
    expect(hands.waits(EVERY)).toBe(0);
  });
});
