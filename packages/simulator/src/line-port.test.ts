import { connect, type Socket } from 'node:net';
import type { SimulatedDevice } from '@headframe/families/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Hands } from './hands.testing.ts';
import { serveDevice } from './serve.ts';

/* A raw port as that of DCENT_OS: 32 conversations at once, a request ends with LF or half-close (protocols.md 9). */

const MOST = 32;
const IDLE_MS = 5000;

async function served() {
  const asked: string[] = [];
  const device: SimulatedDevice = {
    label: { family: 'test', make: 'Test', model: 'Lines', firmware: 'test' },
    cgminer: {
      port: 4028,
      admits: () => true,
      maxRequestBytes: 4096,
      idleMs: IDLE_MS,
      lines: { most: MOST },
      receive: (bytes) => {
        asked.push(Buffer.from(bytes).toString());
        return { chunks: [{ bytes: Buffer.from('{"id":1}'), afterMs: 0 }], end: 'fin' };
      },
    },
    listening: () => true,
  };
  const hands = new Hands();
  const options = { ports: { cgminer: 0 }, clock: { now: () => 0 }, timers: hands, everySecond: () => () => {} };
  const door = await serveDevice(device, { address: '127.0.0.1', ...options });
  onTestFinished(() => door.close());
  const client = async (): Promise<Client> => {
    const socket = connect({ host: '127.0.0.1', port: door.ports.cgminer ?? 0, allowHalfOpen: true });
    onTestFinished(() => void socket.destroy());
    const ending = endOf(socket);
    await new Promise((done) => socket.once('connect', done));
    return { socket, ending };
  };
  return { client, asked, hands, door };
}

interface Client {
  readonly socket: Socket;
  /** What it got, and how the connection ended for it. */
  readonly ending: Promise<string>;
}

const endOf = (socket: Socket): Promise<string> =>
  new Promise((done) => {
    let text = '';
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()));
    socket.on('end', () => done(`${text} FIN`));
    socket.on('error', (error: NodeJS.ErrnoException) => done(`${text} ${error.code}`));
  });

/** The other side has taken what was sent: it answers a client that came later. */
async function settled({ client }: Awaited<ReturnType<typeof served>>): Promise<void> {
  const { socket, ending } = await client();
  socket.write('settled\n');
  await ending;
}

describe('a request', () => {
  test('ends with LF, while the client keeps its side open, in however many pieces it comes', async () => {
    const machine = await served();
    const { socket, ending } = await machine.client();
    socket.write('{"command":');
    await settled(machine);
    socket.write('"summary"}\n');
    expect(await ending).toBe('{"id":1} FIN');
    expect(machine.asked.at(-1)).toBe('{"command":"summary"}\n');
  });

  test('ends with the half-close of the client', async () => {
    const { client, asked } = await served();
    const { socket, ending } = await client();
    socket.end('summary');
    expect(await ending).toBe('{"id":1} FIN');
    expect(asked).toEqual(['summary']);
  });

  test('is read up to its LF and no further', async () => {
    const { client, asked } = await served();
    const { socket, ending } = await client();
    socket.write('version\nsummary\n');
    expect(await ending).toBe('{"id":1} FIN');
    expect(asked).toEqual(['version\n']);
  });

  test('that never comes ends with the half-close, without a word', async () => {
    const { client, asked } = await served();
    const { socket, ending } = await client();
    socket.end();
    expect([await ending, asked]).toEqual([' FIN', []]);
  });

  test('of 4096 bytes with its LF is taken; without one it ends the connection without a word', async () => {
    const { client, asked } = await served();
    const whole = await client();
    whole.socket.write(`${'x'.repeat(4095)}\n`);
    expect(await whole.ending).toBe('{"id":1} FIN');
    const endless = await client();
    endless.socket.write('x'.repeat(4096));
    expect(await endless.ending).toBe(' FIN');
    expect(asked.map((request) => request.length)).toEqual([4096]);
  });

  test('of more bytes, a LF among them or not, is reset', async () => {
    const { client, asked } = await served();
    for (const request of ['x'.repeat(5000), `${'x'.repeat(4096)}\n`]) {
      const { socket, ending } = await client();
      socket.write(request);
      expect(await ending).toBe(' ECONNRESET');
    }
    expect(asked).toEqual([]);
  });
});

describe('a client that waits', () => {
  test('without a LF and with its side open is closed after 5 s without a word; each byte begins them anew', async () => {
    const machine = await served();
    const { socket, ending } = await machine.client();
    socket.write('summary');
    await settled(machine);
    expect(machine.hands.waits(IDLE_MS)).toBe(1);
    machine.hands.pass(IDLE_MS);
    expect(await ending).toBe(' FIN');
    expect(machine.asked).toEqual(['settled\n']);
  });

  test('keeps nobody else from being served, up to 32; one more is closed at once', async () => {
    const machine = await served();
    const waiting = await Promise.all(Array.from({ length: MOST - 1 }, () => machine.client()));
    await settled(machine);
    const last = await machine.client();
    const tooMany = await machine.client();
    expect(await tooMany.ending).toBe(' FIN');
    last.socket.write('summary\n');
    expect(await last.ending).toBe('{"id":1} FIN');
    for (const { socket } of waiting) socket.write('version\n');
    expect(new Set(await Promise.all(waiting.map(({ ending }) => ending)))).toEqual(new Set(['{"id":1} FIN']));
  });

  test('loses its connection when the machine restarts', async () => {
    const { client, door } = await served();
    const { socket } = await client();
    const closed = new Promise((done) => socket.once('close', done));
    socket.on('end', () => socket.end());
    await door.reboot(1000);
    await closed;
  });

  test('that hangs on a fault does not take the place of others', async () => {
    const machine = await served();
    await machine.door.setFaults([{ kind: 'accept-and-hang' }]);
    const hung = await machine.client();
    hung.socket.write('summary\n');
    await machine.door.setFaults([]);
    await settled(machine);
    expect(machine.asked).toEqual(['settled\n']);
  });
});
