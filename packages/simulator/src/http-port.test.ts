import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { faultConnection } from './faults/apply.ts';
import { Frozen } from './faults/contents.ts';
import { HttpPort } from './http-port.ts';
import { realTimers } from './timers.ts';

const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const one of open.splice(0)) 'listen' in one ? one.close() : one.destroy();
});

/** A device that says how many bytes it was sent, with room for 100, for files of 1000, and for 1500 of files at once. */
async function device(): Promise<{ readonly port: number; readonly sizes: number[] }> {
  const sizes: number[] = [];
  const web = {
    port: 80,
    respond: ({ body }: { readonly body: Uint8Array }) => {
      sizes.push(body.length);
      return { status: 200, headers: {}, body: `${body.length}` };
    },
  };
  const now = () => 0;
  const frozen = new Frozen();
  const context = { now, timers: realTimers, fault: () => faultConnection([], 'http', 0, { seed: 0, now, frozen }) };
  const port = new HttpPort(web, context, { plain: 100, file: 1000, files: 1500 });
  const server = createServer((socket) => port.take(socket, { address: '127.0.0.1' })).listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, sizes };
}

async function dial(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  open.push(socket);
  await once(socket, 'connect');
  return socket;
}

const head = (type: string, length: number) =>
  `POST /upgrade HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

async function firstLine(socket: Socket): Promise<string> {
  const [bytes] = await once(socket, 'data');
  return String(bytes).split('\r\n')[0] ?? '';
}

async function send(port: number, type: string, size: number): Promise<string> {
  const socket = await dial(port);
  socket.write(head(type, size) + 'x'.repeat(size));
  return firstLine(socket);
}

describe('the web page of a simulated machine', () => {
  test('takes a firmware file, as a form or as bytes, that is larger than any other request may be', async () => {
    const { port, sizes } = await device();
    expect(await send(port, 'application/json', 100)).toMatch(/^HTTP\/1.1 200/);
    expect(await send(port, 'multipart/form-data; boundary=b', 1000)).toMatch(/^HTTP\/1.1 200/);
    expect(await send(port, 'application/octet-stream', 1000)).toMatch(/^HTTP\/1.1 200/);
    expect(sizes).toEqual([100, 1000, 1000]);
  });

  test('refuses what is larger with 413, announced or not, before the device hears of it', async () => {
    const { port, sizes } = await device();
    expect(await send(port, 'application/json', 101)).toMatch(/^HTTP\/1.1 413/);
    const announced = await dial(port);
    announced.write(head('multipart/form-data; boundary=b', 1001));
    expect(await firstLine(announced)).toMatch(/^HTTP\/1.1 413/);
    const chunked = await dial(port);
    const start =
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
    chunked.write(`${start}3e9\r\n${'x'.repeat(1001)}\r\n0\r\n\r\n`);
    expect(await firstLine(chunked)).toMatch(/^HTTP\/1.1 413/);
    expect(sizes).toEqual([]);
  });

  test('refuses a file while others on their way fill the room for files, and takes it when they are gone', async () => {
    const { port, sizes } = await device();
    const waiting = await dial(port);
    waiting.write(head('application/octet-stream', 1000) + 'x'.repeat(999));
    // Its bytes arrive on their own connection: until they are in, there is room.
    let said = '';
    for (let i = 0; i < 50 && !said.includes('413'); i++) said = await send(port, 'application/octet-stream', 1000);
    expect(said).toMatch(/^HTTP\/1.1 413/);
    waiting.write('x');
    expect(await firstLine(waiting)).toMatch(/^HTTP\/1.1 200/);
    const before = sizes.length;
    expect(await send(port, 'application/octet-stream', 1000)).toMatch(/^HTTP\/1.1 200/);
    expect(sizes.slice(before)).toEqual([1000]);
  });
});
