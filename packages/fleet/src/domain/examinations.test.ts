import { describe, expect, test } from 'vitest';
import { DoctorDouble } from '../doubles.testing.ts';
import { Examinations } from './examinations.ts';

const asker = () => new AbortController();
const from = (one: AbortController, isLocal = true) => ({ signal: one.signal, isLocal });
const local = () => from(asker());
const remote = () => from(asker(), false);

function examinations(known: readonly string[] = []) {
  const doctor = new DoctorDouble();
  const past = (address: string) =>
    known.includes(address)
      ? {
          address,
          past: {
            firmware: { before: null, now: '1', changedAt: null },
            failures: [],
            lastAnswerAt: 5,
            lastUptimeS: 60,
            mac: null,
            pollEveryS: 10,
            subject: { family: 'antminer', make: 'Bitmain', model: null, firmware: 'stock' },
            ports: { cgminer: 4028 },
            worker: 'farm.a7',
          },
        }
      : undefined;
  return { doctor, all: new Examinations(doctor, past) };
}

/** Holds every examination until it is told. */
function hold(doctor: DoctorDouble): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  doctor.held = promise;
  return resolve;
}

describe('an examination by the daemon', () => {
  test('of a machine of the fleet begins with what the fleet knows of it', async () => {
    const { doctor, all } = examinations(['miner-7.lan']);
    expect((await all.examine('miner-7.lan', local())).verdicts[0]?.code).toBe('api.not-listening');
    expect(doctor.asked[0]?.past?.lastUptimeS).toBe(60);
  });

  test('of another address begins with nothing', async () => {
    const { doctor, all } = examinations();
    await all.examine('10.0.4.21', remote());
    expect(doctor.asked).toMatchObject([{ address: '10.0.4.21', past: null }]);
  });

  test('of what is public is refused before anybody goes there', async () => {
    const { doctor, all } = examinations();
    for (const address of ['8.8.8.8', 'printer.example']) {
      await expect(all.examine(address, local())).rejects.toMatchObject({ code: 'usage/not-allowed' });
    }
    expect(doctor.asked).toEqual([]);
  });

  test('of the computer that the daemon runs on is for those who sit there', async () => {
    const { doctor, all } = examinations();
    await expect(all.examine('127.0.0.1:22', remote())).rejects.toMatchObject({ code: 'usage/not-allowed' });
    await all.examine('127.0.0.1:22', local());
    expect(doctor.asked).toHaveLength(1);
  });

  test('is one for all who ask at the same time, and ends when the last of them went away', async () => {
    const { doctor, all } = examinations();
    const release = hold(doctor);
    const [first, second] = [asker(), asker()];
    const both = [all.examine('10.0.0.1', from(first)), all.examine('10.0.0.1', from(second))];
    first.abort();
    expect([doctor.asked.length, doctor.asked[0]?.signal.aborted]).toEqual([1, false]);
    second.abort();
    expect(doctor.asked[0]?.signal.aborted).toBe(true);
    release();
    await Promise.all(both);
  });

  test('is refused while eight others run, and possible again behind them', async () => {
    const { doctor, all } = examinations();
    const release = hold(doctor);
    const running = Array.from({ length: 8 }, (_, i) => all.examine(`10.0.0.${i + 1}`, local()));
    await expect(all.examine('10.0.1.1', local())).rejects.toMatchObject({ code: 'device/busy' });
    release();
    await Promise.all(running);
    await all.examine('10.0.1.1', local());
    expect(doctor.asked).toHaveLength(9);
  });

  test('that is asked for while the one before is being given up begins when that one ended', async () => {
    const { doctor, all } = examinations();
    const release = hold(doctor);
    const first = asker();
    const given = all.examine('10.0.0.1', from(first));
    first.abort();
    const second = all.examine('10.0.0.1', local());
    expect(doctor.asked).toHaveLength(1);
    release();
    await Promise.all([given, second]);
    expect(doctor.asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    expect(doctor.mostRunning).toBe(1);
  });

  test('ends with the daemon', async () => {
    const { doctor, all } = examinations();
    const release = hold(doctor);
    const running = all.examine('10.0.0.1', local());
    all.stop();
    expect(doctor.asked[0]?.signal.aborted).toBe(true);
    release();
    await running;
  });
});
