import { type ConnectClass, HIGH_CLOSED_PORT, type Look, wasSeen } from '@headframe/model';
import { expect, test } from 'vitest';
import { closedPort, silentPort, tcpServer } from '../links/loopback.testing.ts';
import { knockAtHighPort, knockOnce } from './connect-class.ts';
import { testLooking } from './device-look.testing.ts';

const shown = (look: Look<ConnectClass> | undefined) => (look !== undefined && wasSeen(look) ? look.value : look);

test('a port that is open is knocked at and left without a byte', async () => {
  let bytes = 0;
  let gone = () => {};
  const closed = new Promise<void>((resolve) => (gone = resolve));
  const port = await tcpServer((socket) => {
    socket.on('data', (chunk) => (bytes += chunk.length));
    socket.on('end', () => socket.end());
    socket.on('close', () => gone());
  });
  const look = await knockOnce('127.0.0.1', port, testLooking());
  await closed;
  expect(shown(look)).toBe('open');
  expect(look).toMatchObject({ command: `nc -zv 127.0.0.1 ${port}` });
  expect(bytes).toBe(0);
});

test('a port where nothing listens is refused', async () => {
  const port = await closedPort();
  const look = await knockOnce('127.0.0.1', port, testLooking());
  expect(shown(look)).toBe('refused');
});

test.skipIf(process.platform !== 'linux')('a port that is dropped times out', async () => {
  expect(shown(await knockOnce('127.0.0.1', await silentPort(), testLooking()))).toBe('timed-out');
});

test('a high port that is open by chance is tried a second time elsewhere', async () => {
  const ports = [await tcpServer(() => {}), await closedPort()];
  const looks = await knockAtHighPort('127.0.0.1', testLooking(), () => ports.shift() ?? 0);
  expect(shown(looks[HIGH_CLOSED_PORT])).toBe('refused');
  expect(ports).toEqual([]);
});

test('an examination that was cancelled did not look', async () => {
  const look = await knockOnce('127.0.0.1', await closedPort(), testLooking(AbortSignal.abort()));
  expect(look).toEqual({ notSeen: 'the examination ended before' });
});
