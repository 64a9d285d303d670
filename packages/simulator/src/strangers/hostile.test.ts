import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Timers } from '../timers.ts';
import { startStranger } from './start-stranger.ts';

/** Hands that only the test turns: what waits, in order. */
function hands() {
  const waiting: { then: () => void }[] = [];
  const timers: Timers = {
    after: (_, then) => {
      const entry = { then };
      waiting.push(entry);
      return () => void waiting.splice(waiting.indexOf(entry) >>> 0, 1);
    },
  };
  return { waiting, timers };
}

test('a hostile stranger sends escapes in its banner, its title and its realm, and then drops without end', async () => {
  const { waiting, timers } = hands();
  const stranger = await startStranger({ kind: 'hostile', address: '127.0.0.1', port: 0, timers });
  onTestFinished(() => stranger.close());
  const socket = connect({ host: '127.0.0.1', port: stranger.port });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  let text = '';
  const until = (bytes: number) =>
    new Promise<void>((done) => {
      const more = (part?: Buffer) => {
        text += part?.toString('latin1') ?? '';
        if (text.length < bytes) return;
        socket.off('data', more);
        done();
      };
      socket.on('data', more);
      more();
    });
  await until(4096);
  const acts = '\x1b]0;owned\x07\x1b[2J\x1b[31m';
  expect(text.startsWith(`HTTP/1.1 401 ${acts}`)).toBe(true);
  expect(text).toContain(`\r\nServer: ${acts}`);
  expect(text).toContain(`\r\nWWW-Authenticate: Basic realm="${acts}`);
  expect(text).toContain('\r\nContent-Length: 10485760\r\n');
  expect(text).toContain(`<title>${acts}`);
  expect(text).toContain('\r\nHP LaserJet\0</title>');

  const before = text.length;
  for (let i = 1; i <= 3; i++) {
    waiting.shift()?.then();
    await until(before + i * 1024);
  }
  expect(text.length).toBe(before + 3 * 1024);
  // It goes on until its reader does not want any more.
  expect(waiting).toHaveLength(1);
  socket.destroy();
  await stranger.close();
  await expect.poll(() => waiting.length).toBe(0);
});
