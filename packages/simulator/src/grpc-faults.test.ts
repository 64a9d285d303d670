import { connect as dial } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type Fault, parseFault } from './faults/kinds.ts';
import { bytes, Client, frame, hex, messagesIn, replyOf, said, serveScripts } from './grpc-client.testing.ts';
import { Hands } from './hands.testing.ts';

/* What each fault means on a gRPC port: the table is in the README. */

const faults = (...texts: string[]): Fault[] => texts.map((text) => parseFault(text));
/** 100 bytes of a message, 105 in its frame. */
const LONG = Buffer.concat([bytes('0a 62'), Buffer.alloc(98, 0x61)]);

describe('a gRPC port with a fault', () => {
  test('that refuses has nobody who listens', async () => {
    const { port } = await serveScripts({ Echo: {} }, { faults: faults('refuse') });
    expect(await new Client(port).gone).toBe('ECONNREFUSED');
  });

  test('that closes says not a byte', async () => {
    const { port, opened } = await serveScripts({ Echo: {} }, { faults: faults('accept-and-close') });
    const socket = dial({ host: '127.0.0.1', port });
    let got = 0;
    socket.on('data', (part) => (got += part.length));
    await new Promise((done) => socket.on('end', done));
    expect([got, opened.length]).toEqual([0, 0]);
  });

  test('that hangs takes connections, and neither reads nor says a byte', async () => {
    const { port, served, opened } = await serveScripts({ Echo: {} }, { faults: faults('accept-and-hang@2') });
    const client = new Client(port);
    await new Promise((done) => client.session.once('connect', done));
    let settings = false;
    client.session.on('remoteSettings', () => (settings = true));
    client.begin('Echo').end(frame(bytes('0801')));
    // The second connection is served as ever.
    expect((await new Client(port).call('Echo', bytes('0802'))).trailers).toMatchObject({ 'grpc-status': '0' });
    expect([settings, opened.length]).toEqual([false, 1]);
    await served.close();
    await client.gone;
  });

  test('that drips sends a reply in pieces, a wait between each', async () => {
    const hands = new Hands();
    const { port } = await serveScripts({ Echo: {} }, { faults: faults('drip:40:100'), timers: hands });
    const stream = new Client(port).begin('Echo');
    stream.end(frame(LONG));
    const reply = replyOf(stream);
    for (const size of [40, 40, 25]) {
      const part = await new Promise<Buffer>((done) => stream.once('data', done));
      expect(part.length).toBe(size);
      if (size === 25) break;
      await hands.until(100, 1);
      hands.pass(100);
    }
    expect(messagesIn((await reply).body)).toEqual([hex(LONG)]);
    expect((await reply).trailers).toMatchObject({ 'grpc-status': '0' });
  });

  test('that drips is not waited for once the client went away', async () => {
    const hands = new Hands();
    const { port, until } = await serveScripts({ Echo: {} }, { faults: faults('drip:40:100'), timers: hands });
    const stream = new Client(port).begin('Echo');
    stream.end(frame(LONG));
    await hands.until(100, 1);
    stream.close(8);
    await until(1);
    expect(hands.waits(100)).toBe(0);
  });

  test.each([
    ['truncate:50', 50],
    ['cut:20', 21],
    ['reset-in-reply:40', 42],
  ])('such as %s breaks the connection in the middle of a message', async (fault, size) => {
    const { port, until } = await serveScripts({ Echo: {} }, { faults: faults(fault) });
    const client = new Client(port);
    const reply = await client.call('Echo', LONG);
    expect([hex(reply.body), reply.trailers]).toEqual([hex(frame(LONG).subarray(0, size)), null]);
    await client.gone;
    await until(1);
  });

  test('ends a connection with FIN or with a reset, as the fault says', async () => {
    const ends = async (fault: string) => {
      const { port } = await serveScripts({ Echo: {} }, { faults: faults(fault) });
      const socket = dial({ host: '127.0.0.1', port });
      const ended = new Promise((done) => {
        socket.on('end', () => done('fin')).on('error', (error: NodeJS.ErrnoException) => done(error.code));
      });
      socket.resume();
      socket.write(RAW_CALL);
      return ended;
    };
    expect(await ends('truncate:50')).toBe('fin');
    expect(await ends('cut:20')).toBe('fin');
    expect(await ends('reset-in-reply:40')).toBe('ECONNRESET');
    expect(await ends('reset-after-reply')).toBe('ECONNRESET');
  });

  test('that truncates leaves a short message whole', async () => {
    const { port } = await serveScripts({ Echo: {} }, { faults: faults('truncate:105') });
    expect(messagesIn((await new Client(port).call('Echo', LONG)).body)).toEqual([hex(LONG)]);
  });

  test('that resets behind the reply sends all of it first', async () => {
    const { port } = await serveScripts({ Echo: {} }, { faults: faults('reset-after-reply') });
    const client = new Client(port);
    const reply = await client.call('Echo', LONG);
    expect([messagesIn(reply.body), reply.trailers?.['grpc-status']]).toEqual([[hex(LONG)], '0']);
    await client.gone;
  });

  test('that sends garbage sends it in the place of messages, and says OK', async () => {
    const { port } = await serveScripts({ Echo: {} }, { faults: faults('garbage:33') });
    const reply = await new Client(port).call('Echo', LONG);
    expect([reply.body.length, reply.trailers?.['grpc-status']]).toEqual([33, '0']);
    expect(messagesIn(reply.body)[0]).not.toBe(hex(LONG));
  });

  test('that answers with a page does so over HTTP/2', async () => {
    const { port, opened } = await serveScripts({ Echo: {} }, { faults: faults('html') });
    const { headers, body, trailers } = await new Client(port).call('Echo', LONG);
    expect(headers).toMatchObject({ ':status': 200, 'content-type': 'text/html' });
    expect(body.toString()).toContain('<!DOCTYPE html>');
    expect([trailers, opened.length]).toEqual([null, 0]);
  });

  test.each(['missing-comma', 'no-nul', 'code-45', 'wedge'])(
    'that is about other protocols (%s) is as ever',
    async (fault) => {
      const { port } = await serveScripts({ Echo: {} }, { faults: faults(fault) });
      const reply = await new Client(port).call('Echo', LONG);
      expect([messagesIn(reply.body), reply.trailers?.['grpc-status']]).toEqual([[hex(LONG)], '0']);
    },
  );

  test('breaks a stream at the message that is too long', async () => {
    const { port } = await serveScripts(
      { Log: { kind: 'server-stream', receive: () => said(bytes('0801'), LONG, bytes('0802')) } },
      { faults: faults('truncate:60') },
    );
    const reply = await new Client(port).call('Log', bytes(''));
    expect(messagesIn(reply.body)[0]).toBe('0801');
    expect([reply.body.length, reply.trailers]).toEqual([7 + 60, null]);
  });
});

test('a machine that restarts again and again refuses in between, and its calls are cut', async () => {
  let up = true;
  const { served, port, until } = await serveScripts(
    { Wait: { kind: 'server-stream', receive: (message) => ({ messages: [message] }) } },
    { listening: () => up },
  );
  const client = new Client(port);
  const stream = client.begin('Wait');
  stream.end(frame(bytes('0801')));
  await new Promise((done) => stream.once('data', done));
  up = false;
  await served.look();
  await client.gone;
  await until(1);
  expect(await new Client(port).gone).toBe('ECONNREFUSED');
  up = true;
  await served.look();
  const again = new Client(port).begin('Wait');
  again.end(frame(bytes('0802')));
  await new Promise((done) => again.once('data', done));
  again.close(8);
  await until(2);
});

/**
 * The bytes of a client: preface, empty SETTINGS, and a POST of the message on stream 1. The headers are literals
 * without an index and without Huffman (RFC 7541, 6.2.2), but for `:method: POST` and `:scheme: http` (3 and 6).
 */
const RAW_CALL = ((): Buffer => {
  const text = (value: string) => Buffer.concat([Buffer.of(value.length), Buffer.from(value)]);
  const header = (name: string, value: string) => Buffer.concat([Buffer.of(0), text(name), text(value)]);
  const http2Frame = (type: number, flags: number, stream: number, payload: Uint8Array) => {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head.set([type, flags, 0, 0, 0, stream], 3);
    return Buffer.concat([head, payload]);
  };
  const headers = Buffer.concat([
    Buffer.of(0x83, 0x86),
    header(':path', '/test.Machine/Echo'),
    header(':authority', 'machine'),
    header('content-type', 'application/grpc'),
    header('te', 'trailers'),
  ]);
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    http2Frame(4, 0, 0, Buffer.alloc(0)),
    http2Frame(1, 4, 1, headers),
    http2Frame(0, 1, 1, frame(LONG)),
  ]);
})();
