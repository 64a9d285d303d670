import { simulators } from '@headframe/families/sim';
import { expect, onTestFinished, test } from 'vitest';
import type { Fault } from './faults/kinds.ts';
import { Hands } from './hands.testing.ts';
import { ask, pool } from './pools/pools.testing.ts';
import { type ServeOptions, serveDevice } from './serve.ts';

/*
 * What a served machine does for its pools while something is wrong with it.
 */

const MINUTE = 60_000;
const NOW = 1_795_000_020_000;

/** An S19 Pro that has run for a day. */
async function machine(options: Partial<ServeOptions> = {}, anew = true) {
  const profile = simulators.find(({ id }) => id === 'antminer')?.profiles.find(({ name }) => name === 's19-pro');
  if (profile === undefined) throw new Error('no S19 Pro');
  const clock = { at: NOW };
  const create = (poweredAt: number) => profile.create({ seed: 4, poweredAt });
  const served = await serveDevice(create(NOW - 1440 * MINUTE), {
    address: '127.0.0.1',
    ports: { cgminer: 0, http: 0, monitor: 0 },
    clock: { now: () => clock.at },
    timers: new Hands(),
    ...(anew && { recreate: create }),
    ...options,
  });
  onTestFinished(() => served.close());
  return { served, clock, accepted: (now?: number) => served.work(now).reduce((sum, one) => sum + one.accepted, 0) };
}

const onTheWire: Fault[] = [
  { kind: 'refuse' },
  { kind: 'wedge' },
  { kind: 'accept-and-hang' },
  { kind: 'accept-and-close' },
];

test.each(onTheWire)('a machine that is deaf by $kind hashes on', async (fault) => {
  const { clock, accepted } = await machine({ faults: [fault] });
  const before = accepted();
  clock.at += 10 * MINUTE;
  expect(accepted()).toBeGreaterThan(before + 10);
});

test('a machine that reboots submits nothing until it hashes again, and counts from zero', async () => {
  const { served, clock, accepted } = await machine();
  expect(accepted()).toBeGreaterThan(1000);
  await served.reboot(5 * MINUTE);
  expect(accepted()).toBe(0);
  clock.at += 5 * MINUTE;
  await served.look();
  expect(accepted()).toBe(0);
  clock.at += 30 * MINUTE;
  const again = accepted();
  expect(again).toBeGreaterThan(10);
  expect(again).toBeLessThan(200);
});

test('a machine that nobody makes anew stands still while it is down', async () => {
  const { served, clock, accepted } = await machine({}, false);
  const before = accepted();
  await served.reboot(5 * MINUTE);
  clock.at += 4 * MINUTE;
  expect(accepted()).toBe(before);
});

test('a pool goes on counting over a reboot, and sees the last share from before it', async () => {
  const { served, clock } = await machine();
  const { pool: of } = await pool('plain', [served], { clock: { now: () => clock.at } });
  const seen = async () => {
    const { workers } = await ask<{ workers: { accepted: number; last_share: string }[] }>(of, '/workers.json');
    return { accepted: workers[0]?.accepted ?? 0, at: Date.parse(workers[0]?.last_share ?? '') };
  };
  const before = await seen();
  expect(before.accepted).toBe(served.work().reduce((sum, one) => sum + one.accepted, 0));
  await served.reboot(MINUTE);
  clock.at += 3 * MINUTE;
  expect(await seen()).toEqual(before);
  clock.at += 30 * MINUTE;
  const after = await seen();
  expect(after.accepted).toBe(before.accepted + served.work().reduce((sum, one) => sum + one.accepted, 0));
  expect(after.at).toBeGreaterThan(before.at);
});
