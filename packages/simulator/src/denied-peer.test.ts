import { connect } from 'node:net';
import { simulators } from '@headframe/families/sim';
import { expect, onTestFinished, test } from 'vitest';
import { serveDevice } from './serve.ts';

/** How a connection from an address that may not ask ends, and how many bytes it saw. */
async function endFor(quirks: Record<string, boolean>): Promise<[string, number]> {
  const profile = simulators.find(({ id }) => id === 'cgminer')?.profiles.find(({ name }) => name === 'cgminer-4.11');
  if (profile === undefined) throw new Error('no profile');
  const device = profile.create({ seed: 1, poweredAt: 0, quirks });
  const served = await serveDevice(device, {
    address: '127.0.0.1',
    ports: { cgminer: 0 },
    clock: { now: () => 60_000 },
  });
  onTestFinished(() => served.close());
  return new Promise((resolve) => {
    // Without an allow list only 127.0.0.1 is admitted (`protocols.md` 1.7).
    const socket = connect({ host: '127.0.0.1', port: served.ports.cgminer ?? 0, localAddress: '127.0.0.2' });
    socket.on('error', () => {});
    socket.resume();
    socket.on('close', (failed) => resolve([failed ? 'reset' : 'end', socket.bytesRead]));
  });
}

test.skipIf(process.platform !== 'linux')(
  'an address that is not allowed is let in and sees an end without a byte',
  async () => {
    expect(await endFor({})).toEqual(['end', 0]);
  },
);

test.skipIf(process.platform !== 'linux')('with denied-reset it sees a reset', async () => {
  expect(await endFor({ 'denied-reset': true })).toEqual(['reset', 0]);
});
