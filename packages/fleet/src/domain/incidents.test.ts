import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import {
  aDeadDiagnosis,
  aDiagnosis,
  aSnapshot,
  DoctorDouble,
  ManualClock,
  settle,
  target,
} from '../doubles.testing.ts';
import { Examinations } from './examinations.ts';
import { Incidents } from './incidents.ts';
import { pastOf } from './machine-log.ts';
import type { Miner } from './miner.ts';
import { Registry } from './registry.ts';

const timedOut = new HeadframeError('link/timed-out-connecting', { afterMs: 3_000 });

/** A fleet of machines that answer, and of those that do not. */
function fleet(answering: readonly string[], silent: readonly string[]) {
  const clock = new ManualClock();
  const registry = new Registry({ changed: () => {}, removed: () => {} });
  const doctor = new DoctorDouble();
  const mistakes: HeadframeError[] = [];
  const add = (address: string) => registry.add(target(address), clock.now()) as Miner;
  const miners = new Map([...answering, ...silent].map((address) => [address, add(address)]));
  const answer = (address: string) =>
    registry.answered(miners.get(address) as Miner, aSnapshot({ address }), 5, clock.now());
  for (const address of answering) answer(address);
  for (const address of silent) registry.failed(miners.get(address) as Miner, timedOut, 3_000, clock.now());
  const incidents = new Incidents({
    clock,
    examinations: new Examinations(doctor, () => undefined),
    machines: () => registry.all(),
    known: (miner) => ({ address: miner.row.address, past: pastOf(miner, 10) }),
    onMistake: (error) => mistakes.push(error),
  });
  return { clock, registry, doctor, incidents, miners, answer, mistakes };
}

const range = (subnet: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${subnet}.${from + i}`);

/** Lets a round of examinations go on to its end. */
async function untilEnded(incidents: Incidents): Promise<void> {
  for (let i = 0; i < 1_000 && incidents.list().endedAt === null; i++) await settle();
  expect(incidents.list().endedAt).not.toBeNull();
}

describe('the machines that do not answer', () => {
  test('are examined when somebody asks for it, not before', () => {
    const { incidents, doctor } = fleet(['10.0.1.1'], ['10.0.1.2', '10.0.1.3']);
    expect(incidents.list()).toMatchObject({ silent: 2, startedAt: null, endedAt: null, total: 0, incidents: [] });
    expect(doctor.asked).toEqual([]);
  });

  test('are one incident where a whole subnet of them is down', async () => {
    const { incidents, doctor } = fleet(range('10.0.1', 1, 6), range('10.0.4', 1, 40));
    doctor.finds = aDeadDiagnosis;
    incidents.start();
    await untilEnded(incidents);
    const { incidents: found, ...rest } = incidents.list();
    expect(rest).toMatchObject({ silent: 40, total: 40, done: 40, well: 0, leftOut: 0, failed: [] });
    expect(found.map(({ kind, addresses, machines }) => [kind, addresses, machines.length])).toEqual([
      ['subnet', ['10.0.4.1-40'], 40],
    ]);
    expect(found[0]?.sentence).toContain('all 40 machines of 10.0.4.0/24');
    expect(found[0]?.remedy[0]?.text).toContain('the switch');
  });

  test('are not the fault of a subnet in which most others answer', async () => {
    const { incidents, doctor } = fleet(range('10.0.4', 50, 40), range('10.0.4', 1, 5));
    doctor.finds = aDeadDiagnosis;
    incidents.start();
    await untilEnded(incidents);
    expect(incidents.list().incidents.map(({ kind, addresses }) => [kind, addresses])).toEqual([
      ['cause', ['10.0.4.1-5']],
    ]);
  });

  test('lead from an incident to each of them', async () => {
    const { incidents, miners } = fleet(['10.0.1.1'], ['10.0.1.2']);
    incidents.start();
    await untilEnded(incidents);
    expect(incidents.list().incidents).toMatchObject([
      {
        kind: 'cause',
        code: 'api.not-listening',
        row: 7,
        urgency: 'hashing-but-deaf',
        machines: [{ id: miners.get('10.0.1.2')?.id, address: '10.0.1.2' }],
      },
    ]);
  });

  test('are examined eight at a time, each with what is known of it; a second request begins no second round', async () => {
    const { incidents, doctor } = fleet([], range('10.0.1', 1, 20));
    const { promise, resolve } = Promise.withResolvers<void>();
    doctor.held = promise;
    incidents.start();
    incidents.start();
    await settle();
    expect(doctor.asked).toHaveLength(8);
    expect(incidents.list()).toMatchObject({ total: 20, done: 0, endedAt: null });
    resolve();
    await untilEnded(incidents);
    expect([doctor.asked.length, doctor.mostRunning]).toEqual([20, 8]);
    expect(doctor.asked[0]?.past).toMatchObject({ ports: { cgminer: 4028 }, pollEveryS: 10 });
  });

  test('are the first thousand of more', async () => {
    const { incidents, doctor } = fleet(
      [],
      [...range('10.0.1', 1, 250), ...range('10.0.2', 1, 250), ...range('10.0.3', 1, 250), ...range('10.0.4', 1, 253)],
    );
    incidents.start();
    await untilEnded(incidents);
    expect(incidents.list()).toMatchObject({ silent: 1_003, total: 1_000, done: 1_000, leftOut: 3 });
    expect(doctor.asked).toHaveLength(1_000);
  });

  test('that answer again when their turn comes are left alone', async () => {
    const { incidents, doctor, answer } = fleet([], range('10.0.1', 1, 9));
    const { promise, resolve } = Promise.withResolvers<void>();
    doctor.held = promise;
    incidents.start();
    answer('10.0.1.9');
    resolve();
    await untilEnded(incidents);
    expect(doctor.asked.map(({ address }) => address)).not.toContain('10.0.1.9');
    expect(incidents.list()).toMatchObject({ total: 9, done: 9, well: 1, silent: 8 });
  });

  test('that cannot be examined are told with the reason', async () => {
    const { incidents, doctor, mistakes } = fleet([], ['10.0.1.1', '10.0.1.2']);
    doctor.finds = (address) => {
      if (address === '10.0.1.1') throw new HeadframeError('usage/invalid', { detail: 'No address' });
      return aDiagnosis(address);
    };
    incidents.start();
    await untilEnded(incidents);
    expect(incidents.list()).toMatchObject({ done: 2, failed: [{ address: '10.0.1.1' }] });
    expect(incidents.list().incidents).toHaveLength(1);
    expect(mistakes).toEqual([]);
  });

  test('are left alone when the daemon stops', async () => {
    const { incidents, doctor } = fleet([], range('10.0.1', 1, 20));
    const { promise, resolve } = Promise.withResolvers<void>();
    doctor.held = promise;
    incidents.start();
    await settle();
    const stopped = incidents.stop();
    expect(doctor.asked.every(({ signal }) => signal.aborted)).toBe(true);
    resolve();
    await stopped;
    expect(doctor.asked).toHaveLength(8);
    incidents.start();
    expect(doctor.asked).toHaveLength(8);
  });
});
