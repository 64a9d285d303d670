import { describe, expect, test } from 'vitest';
import { failure, tcpServer } from '../links/loopback.testing.ts';
import { examine } from './examine.ts';

describe('an examination', () => {
  test('of an address that cannot be is refused', async () => {
    expect((await failure(examine('10.0.0.256'))).code).toBe('usage/invalid');
  });

  test('that is cancelled ends with that, and leaves no connection open', async () => {
    const controller = new AbortController();
    let closed = () => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const cgminer = await tcpServer((socket) => {
      socket.on('end', () => closed());
      socket.once('data', () => controller.abort());
    });
    const error = await failure(examine(`127.0.0.1:${cgminer}`, { signal: controller.signal }));
    expect(error.code).toBe('link/cancelled');
    await gone;
  });
});
