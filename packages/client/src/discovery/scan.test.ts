import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, onTestFinished, test } from 'vitest';
import { closedPort, silentPort } from '../links/loopback.testing.ts';
import { type ScanProgress, scan } from './scan.ts';

/** How many sockets this process opens from now on. */
function countSockets(): () => number {
  let opened = 0;
  const count = () => {
    opened++;
  };
  subscribe('net.client.socket', count);
  onTestFinished(() => {
    unsubscribe('net.client.socket', count);
  });
  return () => opened;
}

async function endOf(range: string): Promise<ScanProgress | undefined> {
  let end: ScanProgress | undefined;
  const onProgress = (progress: ScanProgress) => {
    end = progress;
  };
  for await (const { address } of scan(range, { connectTimeoutMs: 40, onProgress })) {
    throw new Error(`nothing should have been found, and ${address} was`);
  }
  return end;
}

describe('an address', () => {
  test.skipIf(process.platform !== 'linux')(
    'without an answer is looked at twice before it counts as silent',
    async () => {
      const port = await silentPort();
      const sockets = countSockets();
      expect(await endOf(`127.0.0.1:${port}`)).toMatchObject({ done: 1, silent: 1, refused: 0 });
      expect(sockets()).toBe(2);
    },
  );

  test('that refuses is settled at once', async () => {
    const port = await closedPort();
    const sockets = countSockets();
    expect(await endOf(`127.0.0.1:${port}`)).toMatchObject({ done: 1, silent: 0, refused: 1 });
    expect(sockets()).toBe(1);
  });
});
