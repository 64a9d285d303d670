import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { discoverByMulticast, type MulticastFound, parseMulticastReply } from './multicast.ts';

const reply = (text: string) => parseMulticastReply(Buffer.from(text, 'latin1'));

describe('an answer', () => {
  test('names the port of the API and the description', () => {
    expect(reply('cgm-FTW-4028-rack 3, left\0')).toEqual({ apiPort: 4028, description: 'rack 3, left' });
    expect(reply('cgm-FTW-4029-\0')).toEqual({ apiPort: 4029, description: '' });
    expect(reply('cgm-FTW-4028-a-b-c\0')).toEqual({ apiPort: 4028, description: 'a-b-c' });
  });

  test('without its NUL, without a description or with another code is still one', () => {
    expect(reply('cgm-FTW-4028-x')).toEqual({ apiPort: 4028, description: 'x' });
    expect(reply('cgm-FTW-4028')).toEqual({ apiPort: 4028, description: '' });
    expect(reply('cgm-mine-4028-x\0')).toEqual({ apiPort: 4028, description: 'x' });
  });

  test('cannot bring control characters into a terminal', () => {
    expect(reply('cgm-FTW-4028-\x1b[31mred\x07\r\n\0')).toEqual({ apiPort: 4028, description: '[31mred' });
  });

  test.each([
    '',
    '\0',
    'cgm-',
    'cgm-FTW-',
    'cgm-FTW-0-x',
    'cgm-FTW-65536-x',
    'cgm-FTW-999999999999-x',
    'cgm-FTW--1-x',
    'cgm-FTW-4028x-y',
    'cgm--4028-x',
    ' cgm-FTW-4028-x',
    'CGM-FTW-4028-x',
    'cgminer-FTW-4028',
    '\0cgm-FTW-4028-x',
    `cgm-FTW-4028-${'x'.repeat(2000)}`,
  ])('that is none is ignored: %j', (text) => {
    expect(reply(text)).toBeNull();
  });

  test('of any bytes is a value or nothing', () => {
    const anyReply = fc.oneof(
      fc.uint8Array({ maxLength: 1500 }),
      fc
        .tuple(fc.constantFrom('cgm-FTW-', 'cgm-', 'cgm-x-4028-', 'cgm-FTW-4028-'), fc.uint8Array({ maxLength: 200 }))
        .map(([start, rest]) => Buffer.concat([Buffer.from(start), rest])),
    );
    fc.assert(
      fc.property(anyReply, (bytes) => {
        const found = parseMulticastReply(bytes);
        if (found === null) return;
        expect(found.apiPort).toBeGreaterThanOrEqual(1);
        expect(found.apiPort).toBeLessThanOrEqual(65_535);
        expect(found.description).not.toMatch(/\p{Cc}/u);
      }),
      { seed: 19, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});

const GROUP = '224.0.0.75';

/** Something in the group on the loopback interface; null where this computer lets nobody join it there. */
async function listener(answer: (request: string, from: RemoteInfo, socket: Socket) => void): Promise<number | null> {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  await new Promise<void>((bound) => socket.bind({ address: '0.0.0.0', port: 0 }, bound));
  try {
    socket.addMembership(GROUP, '127.0.0.1');
  } catch {
    return null;
  }
  socket.on('message', (bytes, from) => answer(bytes.toString('latin1'), from, socket));
  return socket.address().port;
}

/** Waits until it is told: for nothing less, and for nothing more. */
function handWaiting() {
  let release: () => void = () => {};
  const over = new Promise<void>((resolve) => (release = resolve));
  const wait = (_: number, signal: AbortSignal) =>
    Promise.race([
      over,
      new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    ]);
  return { wait, release: () => release() };
}

describe('looking for machines', () => {
  test('hostile answers are ignored, a machine that answers twice is told once', async ({ skip }) => {
    const waiting = handWaiting();
    const requests: string[] = [];
    const port = await listener((request, from, socket) => {
      requests.push(request);
      const say = (text: string) => socket.send(Buffer.from(text, 'latin1'), from.port, from.address);
      for (const text of ['', '\0\0', 'cgm-FTW-0-x', 'x'.repeat(9000), 'cgm-FTW-4028-one\0', 'cgm-FTW-4028-two\0']) {
        say(text);
      }
      say('cgm-FTW-4029-last\0');
    });
    if (port === null) return skip();
    const found: MulticastFound[] = [];
    const options = { port, interfaceAddress: '127.0.0.1', code: 'mine', attempts: 1, wait: waiting.wait };
    for await (const machine of discoverByMulticast({ ...options, clock: { now: () => 42 } })) {
      found.push(machine);
      if (machine.description === 'last') waiting.release();
    }
    expect(requests).toEqual([expect.stringMatching(/^cgminer-mine-\d+$/)]);
    expect(found).toEqual([
      { address: '127.0.0.1', apiPort: 4028, description: 'one', at: 42 },
      { address: '127.0.0.1', apiPort: 4029, description: 'last', at: 42 },
    ]);
  });

  test('silence ends when the time is over, after asking as often as told', async ({ skip }) => {
    const requests: string[] = [];
    let heard: () => void = () => {};
    const port = await listener((request) => {
      requests.push(request);
      heard();
    });
    if (port === null) return skip();
    const waits: number[] = [];
    // The time is over when the packet has come in.
    const wait = async (ms: number) => {
      waits.push(ms);
      if (requests.length < waits.length) await new Promise<void>((resolve) => (heard = resolve));
    };
    const machines = discoverByMulticast({ port, interfaceAddress: '127.0.0.1', waitMs: 900, attempts: 3, wait });
    expect(await machines.next()).toEqual({ done: true, value: undefined });
    expect([waits, requests.length]).toEqual([[300, 300, 300], 3]);
  });

  test('can be called off, before and while it waits', async ({ skip }) => {
    const port = await listener(() => {});
    if (port === null) return skip();
    const before = discoverByMulticast({ port, interfaceAddress: '127.0.0.1', signal: AbortSignal.abort() });
    await expect(before.next()).rejects.toMatchObject({ code: 'link/cancelled' });
    const caller = new AbortController();
    const wait = (_: number, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        caller.abort();
      });
    const while_ = discoverByMulticast({ port, interfaceAddress: '127.0.0.1', signal: caller.signal, wait });
    await expect(while_.next()).rejects.toMatchObject({ code: 'link/cancelled' });
  });

  test('whoever stops listening leaves nothing behind', async ({ skip }) => {
    const port = await listener((_, from, socket) => socket.send('cgm-FTW-4028-\0', from.port, from.address));
    if (port === null) return skip();
    const { wait } = handWaiting();
    const found: string[] = [];
    for await (const { address } of discoverByMulticast({ port, interfaceAddress: '127.0.0.1', wait })) {
      found.push(address);
      break;
    }
    expect(found).toEqual(['127.0.0.1']);
  });

  test('an address that this computer does not have is an error of ours', async () => {
    const machines = discoverByMulticast({ interfaceAddress: '192.0.2.1', waitMs: 0 });
    await expect(machines.next()).rejects.toMatchObject({ code: 'link/unreachable' });
  });

  test.each([
    { code: '' },
    { code: 'a b' },
    { code: 'x\n' },
    { port: 0 },
    { port: 70_000 },
    { group: '10.0.0.1' },
    { interfaceAddress: 'eth0' },
    { waitMs: Number.NaN },
    { attempts: 0 },
  ])('%j is refused before anything is sent', (options) => {
    expect(() => discoverByMulticast(options)).toThrow(expect.objectContaining({ code: 'usage/invalid' }));
  });
});
