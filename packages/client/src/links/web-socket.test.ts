import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '../clock.ts';
import { Deadline } from './deadline.ts';
import { closedPort } from './loopback.testing.ts';
import { subscribe } from './web-socket.ts';

const limits = { connectMs: 500, replyMs: 500, silenceMs: 10 };

/** A web server on loopback whose answer to the handshake the test writes. */
async function serving(onUpgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void): Promise<number> {
  const server = createServer((_, response) => response.writeHead(404).end()).on('upgrade', onUpgrade);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** The handshake done by a library that we did not write; then the raw socket. */
const speaking = (speak: (socket: Socket) => void) =>
  serving((request, socket, head) => {
    new WebSocketServer({ noServer: true }).handleUpgrade(request, socket, head, () => speak(socket));
  });

async function listen(port: number, { limitMs = 2000, maxBytes = 1000 } = {}) {
  const deadline = new Deadline(limitMs);
  onTestFinished(() => deadline.end());
  const got: string[] = [];
  const dial = { host: '127.0.0.1', clock: systemClock, deadline, limits };
  const subscription = await subscribe(dial, port, { path: '/api/ws', maxBytes }, (message) => got.push(message));
  return { got, subscription };
}

/** A text frame of a server: not masked. */
const frame = (text: string): Buffer => Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);

describe('a WebSocket of a device', () => {
  test('is told of message by message until it is closed', async () => {
    const port = await speaking((socket) => {
      socket.write(Buffer.concat([frame('one'), frame('two')]));
      socket.write(Buffer.from([0x88, 0x02, 0x03, 0xe8]));
    });
    const { got, subscription } = await listen(port);
    expect(await subscription.ended).toBeNull();
    expect(got).toEqual(['one', 'two']);
  });

  test.each([
    ['a message that is too large', Buffer.from([0x81, 0x7f, 0, 0, 0, 1, 0, 0, 0, 0]), 'link/too-large'],
    ['a masked frame, which servers never send', Buffer.from([0x81, 0x81, 1, 2, 3, 4, 0x60]), 'protocol/malformed'],
    ['a code that does not exist', Buffer.from([0x83, 0x00]), 'protocol/malformed'],
    ['text that is no UTF-8', Buffer.from([0x81, 0x01, 0xff]), 'protocol/malformed'],
  ])('%s ends it with the reason', async (_, bytes, code) => {
    const { subscription } = await listen(await speaking((socket) => socket.write(bytes)));
    expect(await subscription.ended).toMatchObject({ code });
  });

  test('frames that never end are cut by the deadline', async () => {
    const port = await speaking((socket) => socket.write(Buffer.from([0x01, 0x01, 0x61])));
    const { subscription } = await listen(port, { limitMs: 100 });
    expect(await subscription.ended).toMatchObject({ code: 'link/timed-out-waiting' });
  });

  test('is listened to for as long as was asked, and no longer', async () => {
    const port = await speaking((socket) => socket.write(frame('one')));
    const deadline = new Deadline(5000);
    onTestFinished(() => deadline.end());
    const got: string[] = [];
    const dial = { host: '127.0.0.1', clock: systemClock, deadline, limits };
    const subscription = await subscribe(dial, port, { path: '/', forMs: 50 }, (message) => got.push(message));
    expect(await subscription.ended).toBeNull();
    expect(got).toEqual(['one']);
  });

  test('a page in place of the handshake is told as what it is', async () => {
    const port = await serving((_, socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'));
    await expect(listen(port)).rejects.toMatchObject({ code: 'protocol/wrong-shape' });
    const denied = await serving((_, socket) => socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'));
    await expect(listen(denied)).rejects.toMatchObject({ code: 'auth/rejected' });
  });

  test('nobody listens: refused', async () => {
    await expect(listen(await closedPort())).rejects.toMatchObject({ code: 'link/refused' });
  });

  test('a server that takes the connection and says nothing is not waited for', async () => {
    const port = await serving(() => {});
    await expect(listen(port)).rejects.toMatchObject({ code: 'link/timed-out-connecting' });
  });
});
