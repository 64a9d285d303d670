import { connect as dial } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytes, Client, frame, hex, messagesIn, OK, replyOf, said, serveScripts } from './grpc-client.testing.ts';
import { Hands } from './hands.testing.ts';

describe('a simulated gRPC port', () => {
  test('gives a message back byte for byte, in one frame, with the headers and trailers of gRPC', async () => {
    const { port, opened } = await serveScripts({ Echo: {} });
    // A varint, text, a fixed number, a group with a number within, and a field far behind.
    const message = bytes('08 96 01 12 03 61 62 63 1d 01 02 03 04 23 28 07 24 f8 ff 07 01');
    const reply = await new Client(port).call('Echo', message, { authorization: 'sesame', 'x-name': 'one' });
    expect(reply.headers[':status']).toBe(200);
    expect(reply.headers['content-type']).toMatch(/^application\/grpc(\+proto)?$/);
    expect(hex(reply.body)).toBe(`0000000015${hex(message)}`);
    expect(reply.trailers).toMatchObject({ 'grpc-status': '0' });
    expect(reply.rst).toBe(0);
    expect(opened[0]).toMatchObject({ method: 'test.Machine/Echo', peer: '127.0.0.1' });
    expect(opened[0]?.metadata).toMatchObject({ authorization: 'sesame', 'x-name': 'one' });
    expect(Object.keys(opened[0]?.metadata ?? {}).filter((name) => name.startsWith(':'))).toEqual([]);
  });

  test('gives an empty message back as one', async () => {
    const { port } = await serveScripts({ Echo: {} });
    const reply = await new Client(port).call('Echo', bytes(''));
    expect(hex(reply.body)).toBe('0000000000');
    expect(reply.trailers).toMatchObject({ 'grpc-status': '0' });
  });

  test('sends what is no message at all as it is', async () => {
    // Ends in the middle of a field; a wire type that there is none of; a field without a number.
    const broken = ['0a0561', '0f', '00', '7f'];
    const { port } = await serveScripts(
      Object.fromEntries(broken.map((text) => [`Say${text}`, { receive: () => said(bytes(text)) }])),
    );
    const client = new Client(port);
    for (const text of broken) {
      const reply = await client.call(`Say${text}`, bytes(''));
      expect(messagesIn(reply.body)).toEqual([text]);
      expect(reply.trailers).toMatchObject({ 'grpc-status': '0' });
    }
  });

  test('says with a status and its text why it refuses, and sends headers before', async () => {
    const { port } = await serveScripts({
      Refuse: {
        receive: () => ({
          messages: [],
          headers: { 'x-why': 'no' },
          status: { code: 16, message: 'Kein Zugang: 5 %' },
        }),
      },
      Strange: { receive: () => ({ messages: [], status: { code: 99, message: '' } }) },
    });
    const client = new Client(port);
    const reply = await client.call('Refuse', bytes(''));
    expect(reply.headers).toMatchObject({ ':status': 200, 'x-why': 'no' });
    expect(reply.trailers?.['grpc-status']).toBe('16');
    expect(decodeURIComponent(String(reply.trailers?.['grpc-message']))).toBe('Kein Zugang: 5 %');
    expect(reply.body.length).toBe(0);
    expect((await client.call('Strange', bytes(''))).trailers?.['grpc-status']).toBe('99');
  });

  test('does not know a method that it does not have, and never opens a call for it', async () => {
    const { port, opened } = await serveScripts({ Echo: {} });
    const client = new Client(port);
    for (const method of ['Ecco', 'test.Other/Echo', 'toString', '__proto__', 'a/b/c', 'Echo?x=1']) {
      const reply = await client.call(method, bytes('0801'));
      expect(reply.headers).toMatchObject({ ':status': 200, 'grpc-status': '12' });
      expect(reply.headers['content-type']).toBe('application/grpc');
      expect(reply.headersOnly).toBe(true);
    }
    expect(opened).toEqual([]);
    expect(messagesIn((await client.call('Echo', bytes('0801'))).body)).toEqual(['0801']);
  });

  test.each([
    ['a message with a field that ends too early', '00 00000003 0a0561', '13'],
    ['a message with a wire type that does not exist', '00 00000001 0f', '13'],
    ['a frame that ends in the middle', '00 00000009 0801', '3'],
    ['a message that is compressed without a word about how', '01 00000002 0801', '13'],
    ['a message of 4 GiB', '00 ffffffff', '8'],
    ['no message', '', '12'],
    ['two messages where one is due', '00 00000000 00 00000000', '12'],
  ])('refuses %s', async (_, sent, status) => {
    const { port, closed, until } = await serveScripts({ Echo: {} });
    const stream = new Client(port).begin('Echo');
    stream.end(bytes(sent));
    const { trailers, body } = await replyOf(stream);
    expect([trailers?.['grpc-status'], body.length]).toEqual([status, 0]);
    await until(1);
    expect(closed).toEqual(['test.Machine/Echo']);
  });

  test('refuses what is no gRPC as HTTP does', async () => {
    const { port, opened } = await serveScripts({ Echo: {} });
    const client = new Client(port);
    const status = async (headers: Record<string, string>) =>
      (await client.call('Echo', bytes(''), headers)).headers[':status'];
    expect(await status({ 'content-type': 'application/json' })).toBe(415);
    expect(await status({ 'content-type': 'application/grpc-web' })).toBe(415);
    expect(await status({ ':method': 'PUT' })).toBe(405);
    expect(opened).toEqual([]);
  });

  test('refuses a compression that it does not know', async () => {
    const { port } = await serveScripts({ Echo: {} });
    const reply = await new Client(port).call('Echo', bytes(''), { 'grpc-encoding': 'gzip' });
    expect(reply.trailers?.['grpc-status']).toBe('12');
  });

  test('lives on behind a client that does not speak HTTP/2', async () => {
    const { port } = await serveScripts({ Echo: {} });
    for (const text of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '{"command":"version"}', '\0\0\0\0']) {
      const socket = dial({ host: '127.0.0.1', port }).on('error', () => {});
      socket.end(text);
      socket.resume();
      await new Promise((done) => socket.on('close', done));
    }
    expect((await new Client(port).call('Echo', bytes('0801'))).trailers?.['grpc-status']).toBe('0');
  });
});

test('whatever bytes come as messages, a call ends with a status and the port lives on', async () => {
  const { port, opened, closed } = await serveScripts({ Echo: {}, Talk: { kind: 'both-stream', end: () => said() } });
  const client = new Client(port);
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((some) => frame(some)),
    fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some)),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('Echo', 'Talk'), fc.array(piece, { maxLength: 4 }), async (method, pieces) => {
      const stream = client.begin(method);
      for (const some of pieces) stream.write(some);
      stream.end();
      const { trailers, rst } = await replyOf(stream);
      expect(trailers?.['grpc-status']).toMatch(/^(0|3|8|12|13)$/);
      expect(rst).toBe(0);
    }),
    { seed: 7, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
  expect(closed.length).toBe(opened.length);
});

describe('the deadline of a call', () => {
  test('that is over ends it with its own status', async () => {
    const hands = new Hands();
    const { port, closed } = await serveScripts({ Wait: { receive: () => ({ messages: [] }) } }, { timers: hands });
    const reply = new Client(port).call('Wait', bytes(''), { 'grpc-timeout': '2S' });
    await hands.until(2000, 1);
    hands.pass(2000);
    expect((await reply).trailers?.['grpc-status']).toBe('4');
    expect(closed).toEqual(['test.Machine/Wait']);
  });

  test.each([
    ['90H', 324_000_000],
    ['3M', 180_000],
    ['250m', 250],
    ['1500u', 2],
    ['1n', 1],
  ])('is read in all units: %s', async (text, ms) => {
    const hands = new Hands();
    const { port, until } = await serveScripts({ Wait: { receive: () => ({ messages: [] }) } }, { timers: hands });
    const stream = new Client(port).begin('Wait', { 'grpc-timeout': text });
    await hands.until(ms, 1);
    stream.close(8);
    await until(1);
    expect(hands.waits(ms)).toBe(0);
  });

  test('that cannot be read is refused', async () => {
    const { port } = await serveScripts({ Echo: {} });
    const reply = await new Client(port).call('Echo', bytes(''), { 'grpc-timeout': 'soon' });
    expect(reply.trailers?.['grpc-status']).toBe('3');
  });
});

describe('clients beside each other', () => {
  test('are served on ten connections with ten calls each', async () => {
    const { port, opened, closed } = await serveScripts({ Echo: {} });
    const clients = Array.from({ length: 10 }, () => new Client(port));
    const replies = await Promise.all(
      clients.flatMap((client, i) =>
        Array.from({ length: 10 }, async (_, j) => {
          const message = bytes(`08${(10 * i + j).toString(16).padStart(2, '0')}`);
          return [hex(message), messagesIn((await client.call('Echo', message)).body)];
        }),
      ),
    );
    for (const [sent, got] of replies) expect(got).toEqual([sent]);
    expect([opened.length, closed.length]).toEqual([100, 100]);
  });

  test('are not kept waiting by one whose call goes on', async () => {
    const { port } = await serveScripts({
      Echo: {},
      Wait: { kind: 'server-stream', receive: (message) => ({ messages: [message] }) },
    });
    const first = new Client(port);
    const waiting = first.begin('Wait');
    waiting.end(frame(bytes('0801')));
    await new Promise((done) => waiting.once('data', done));
    expect(messagesIn((await first.call('Echo', bytes('0802'))).body)).toEqual(['0802']);
    expect(messagesIn((await new Client(port).call('Echo', bytes('0803'))).body)).toEqual(['0803']);
  });

  test('are 32 at most; the next is closed without a byte', async () => {
    const { port } = await serveScripts({ Echo: {} });
    const clients = Array.from({ length: 32 }, () => new Client(port));
    for (const client of clients) await client.call('Echo', bytes(''));
    const socket = dial({ host: '127.0.0.1', port }).on('error', () => {});
    let got = 0;
    socket.on('data', (part) => (got += part.length));
    await new Promise((done) => socket.on('close', done));
    expect(got).toBe(0);
  });

  test('lose their connections when the machine restarts, and find another device behind the port', async () => {
    const { served, port, until } = await serveScripts({
      Wait: { kind: 'server-stream', receive: (message) => ({ messages: [message] }) },
    });
    const client = new Client(port);
    const stream = client.begin('Wait');
    stream.end(frame(bytes('0801')));
    await new Promise((done) => stream.once('data', done));
    await served.reboot(60_000);
    await client.gone;
    await until(1);
    expect(await new Client(port).gone).toBe('ECONNREFUSED');
  });
});

test('a device breaks a call off behind its messages, or the whole connection', async () => {
  const { port, until } = await serveScripts({
    Reset: { kind: 'server-stream', receive: (message) => ({ messages: [message, message], breaks: 'rst' }) },
    Leave: { kind: 'server-stream', receive: (message) => ({ messages: [message], breaks: 'goaway', status: OK }) },
    Wait: { kind: 'server-stream', receive: (message) => ({ messages: [message] }) },
  });
  const client = new Client(port);
  const broken = await client.call('Reset', bytes('0801'));
  expect([messagesIn(broken.body), broken.trailers, broken.rst]).toEqual([['0801', '0801'], null, 2]);
  const beside = client.begin('Wait');
  beside.end(frame(bytes('0805')));
  const besideReply = replyOf(beside);
  await new Promise((done) => beside.once('data', done));
  const left = await client.call('Leave', bytes('0802'));
  await client.gone;
  expect([messagesIn(left.body), left.trailers]).toEqual([['0802'], null]);
  expect((await besideReply).trailers).toBeNull();
  expect(client.goaway).toBe(0);
  await until(3);
});
