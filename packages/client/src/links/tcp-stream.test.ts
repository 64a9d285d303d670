import { HeadframeError } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { Deadline } from './deadline.ts';
import { closedPort, type OnConnection, tcpServer } from './loopback.testing.ts';
import { openStream } from './tcp-stream.ts';

/** Messages of one length byte and so many bytes. */
const frame = (bytes: Uint8Array): number | null => {
  const length = bytes[0];
  return length === undefined || bytes.length < length + 1 ? null : length + 1;
};

async function opened(
  onConnection: OnConnection,
  limits = { connectMs: 500, replyMs: 100, silenceMs: 10 },
  limitMs = 2000,
) {
  const port = await tcpServer(onConnection);
  const deadline = new Deadline(limitMs);
  const stream = await openStream({ host: '127.0.0.1', clock: systemClock, deadline, limits }, port);
  onTestFinished(() => {
    stream.end();
    deadline.end();
  });
  return stream;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('a kept connection', () => {
  test('gives messages one by one, however they were cut on the way', async () => {
    const stream = await opened((socket) => {
      socket.write('\x03ab');
      setImmediate(() => socket.write('c\x02de\x01'));
      setImmediate(() => setImmediate(() => socket.write('f')));
    });
    const got = [await stream.read(frame), await stream.read(frame), await stream.read(frame)];
    expect(got.map(text)).toEqual(['\x03abc', '\x02de', '\x01f']);
  });

  test('answers to what is written, with its progress', async () => {
    const stream = await opened((socket) => socket.on('data', (bytes) => socket.write(bytes)));
    const sent: number[] = [];
    await stream.write(new TextEncoder().encode('\x02hi'), (bytes) => sent.push(bytes));
    expect(text(await stream.read(frame))).toBe('\x02hi');
    expect(sent).toEqual([3]);
  });

  test('a large body leaves in pieces', async () => {
    let size = 0;
    const stream = await opened((socket) =>
      socket.on('data', (bytes) => {
        size += bytes.length;
        if (size === 200_000) socket.write('\x01k');
      }),
    );
    const sent: number[] = [];
    await stream.write(new Uint8Array(200_000), (bytes) => sent.push(bytes));
    expect(text(await stream.read(frame))).toBe('\x01k');
    expect(sent.at(-1)).toBe(200_000);
    expect(sent.length).toBeGreaterThan(2);
  });

  test.each([
    ['silence', () => {}, 'link/timed-out-waiting'],
    ['a close without a byte', (socket) => socket.end(), 'link/closed-empty'],
    ['a close in the middle', (socket) => socket.end('\x05ab'), 'protocol/truncated'],
    ['a flood without a frame', (socket) => socket.end(Buffer.alloc(3_000_000, 0xff)), 'link/too-large'],
  ] as [string, OnConnection, string][])('%s is told as what it is', async (_, onConnection, code) => {
    const stream = await opened(onConnection, { connectMs: 500, replyMs: 300, silenceMs: 10 });
    const never = code === 'link/too-large' ? () => null : frame;
    await expect(stream.read(never)).rejects.toMatchObject({ code });
    await expect(stream.read(frame)).rejects.toMatchObject({ code });
  });

  test('a message that says it is too long is not waited for', async () => {
    const stream = await opened((socket) => socket.write('\x01'));
    await expect(stream.read(() => 4_000_000_000)).rejects.toMatchObject({ code: 'link/too-large' });
  });

  test('what the frame cannot make sense of ends it with that error', async () => {
    const stream = await opened((socket) => socket.write('x'));
    const bad = () => {
      throw new HeadframeError('protocol/malformed', { detail: 'no frame' });
    };
    await expect(stream.read(bad)).rejects.toMatchObject({ code: 'protocol/malformed' });
  });

  test('the deadline of the conversation ends it', async () => {
    const stream = await opened(() => {}, { connectMs: 500, replyMs: 10_000, silenceMs: 10 }, 50);
    await expect(stream.read(frame)).rejects.toMatchObject({ code: 'link/timed-out-waiting' });
  });

  test('nobody listens: refused', async () => {
    const deadline = new Deadline(500);
    const limits = { connectMs: 500, replyMs: 100, silenceMs: 10 };
    const opening = openStream({ host: '127.0.0.1', clock: systemClock, deadline, limits }, await closedPort());
    await expect(opening).rejects.toMatchObject({ code: 'link/refused' });
    deadline.end();
  });
});
