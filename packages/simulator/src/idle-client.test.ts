import { connect, type Socket } from 'node:net';
import { type SimulatedDevice, simulators } from '@headframe/families/sim';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Hands } from './hands.testing.ts';
import { serveDevice } from './serve.ts';

/* A WhatsMiner closes a connection on port 4028 that has sent nothing for ten seconds (protocols.md 3.1). */

const IDLE = 10_000;

async function served(family: string, name: string): Promise<{ hands: Hands; client: () => Socket }> {
  const profile = simulators.find(({ id }) => id === family)?.profiles.find((one) => one.name === name);
  if (profile === undefined) throw new Error('no profile');
  const device: SimulatedDevice = profile.create({ seed: 1, poweredAt: 0 });
  const hands = new Hands();
  const door = await serveDevice(device, {
    address: '127.0.0.1',
    ports: { cgminer: 0, whatsminer: 0 },
    clock: { now: () => 3_600_000 },
    timers: hands,
    everySecond: () => () => {},
  });
  onTestFinished(() => door.close());
  const client = () => {
    const socket = connect({ host: '127.0.0.1', port: door.ports.cgminer ?? 0 });
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  return { hands, client };
}

/** What came until the end, and how that was. */
function end(socket: Socket): Promise<{ said: string; failed: boolean }> {
  let said = '';
  socket.on('error', () => {});
  socket.on('data', (bytes: Buffer) => {
    said += bytes.toString('latin1');
  });
  return new Promise((done) => socket.on('close', (failed) => done({ said, failed })));
}

describe('a client of a WhatsMiner that says nothing', () => {
  test('is closed after ten seconds without a byte, and who waited behind it is answered', async () => {
    const { hands, client } = await served('whatsminer', 'm30s-plus');
    const silent = end(client());
    await hands.until(IDLE, 1);
    const asking = client();
    const answer = end(asking);
    await hands.until(IDLE, 2);
    asking.write('{"cmd":"get_version"}');
    await hands.until(IDLE, 1);
    hands.pass(IDLE);
    expect(await silent).toEqual({ said: '', failed: false });
    expect((await answer).said).toContain('"Code":131');
  });

  test('is closed while it waits for its turn, too', async () => {
    const { hands, client } = await served('whatsminer', 'm30s-plus');
    const first = end(client());
    await hands.until(IDLE, 1);
    const second = end(client());
    await hands.until(IDLE, 2);
    const asking = client();
    const answer = end(asking);
    await hands.until(IDLE, 3);
    asking.write('{"cmd":"get_version"}');
    await hands.until(IDLE, 2);
    hands.pass(IDLE);
    hands.pass(IDLE);
    expect([await first, await second]).toEqual([
      { said: '', failed: false },
      { said: '', failed: false },
    ]);
    expect((await answer).said).toContain('"Code":131');
  });

  test('is not waited for any more once it went away', async () => {
    const { hands, client } = await served('whatsminer', 'm30s-plus');
    const gone = client();
    await hands.until(IDLE, 1);
    gone.destroy();
    await hands.until(IDLE, 0);
    const asking = client();
    const answer = end(asking);
    asking.write('{"cmd":"get_version"}');
    expect((await answer).said).toContain('"Code":131');
  });
});

test('a cgminer waits for a silent client for ever', async () => {
  const { hands, client } = await served('cgminer', 'cgminer-4.11');
  const silent = client();
  await new Promise<void>((done) => silent.on('connect', done));
  const asking = client();
  const answer = end(asking);
  asking.write('{"command":"version"}');
  silent.end();
  expect((await answer).said).toContain('"STATUS"');
  expect(hands.waits(IDLE)).toBe(0);
});
