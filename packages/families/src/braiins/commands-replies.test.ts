import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { CASES } from './commands-cases.testing.ts';
import { BraiinsDouble, PASSWORD } from './double.testing.ts';
import { errorOf, perform, prepare } from './perform.testing.ts';

/* What is made of what a machine says, and what reading back sees; typed to protocols.md 7.2 and 7.3. */

const DOORS = ['grpc', 'rest'] as const;

const machineAt = (door: (typeof DOORS)[number]): BraiinsDouble => {
  const machine = new BraiinsDouble();
  if (door === 'rest') machine.open.grpc = false;
  return machine;
};

const refused =
  (vendorText: string, vendorCode = 'INVALID_ARGUMENT') =>
  () =>
    new HeadframeError('device/refused', { vendorCode, vendorText });

describe.each(DOORS)('a machine that says yes over %s and does nothing', (door) => {
  // What is so already shows, whatever it does.
  const changing = CASES.filter(
    ({ name, given, never, rest }) =>
      never !== true &&
      !(name === 'setPowerMode' && given?.mode === 'power-target') &&
      (door === 'grpc' || rest !== null),
  );
  test.each(changing.map((one) => [`${one.name} ${JSON.stringify(one.given ?? {})}`, one] as const))(
    'is not believed: %s',
    async (_, one) => {
      const machine = machineAt(door);
      one.before?.(machine.state);
      machine.lies.add(one.method);
      const { verdicts, seen } = await perform(machine, one.name, one.given);
      expect(verdicts[0]?.accepted).toBe(true);
      expect(seen?.done).toBe(false);
    },
  );
});

describe.each(DOORS)('a machine over %s', (door) => {
  test('that refuses is quoted', async () => {
    const machine = machineAt(door);
    const code = door === 'grpc' ? 'INVALID_ARGUMENT' : '400';
    machine.fails.set('SetPowerTarget', refused('power target [2500W] is not in allowed range', code));
    const error = await errorOf(() => perform(machine, 'setPowerLimit', { powerW: 2500 }));
    expect(error).toMatchObject({ code: 'device/refused', context: { vendorCode: code } });
    expect(error.context.vendorText).toContain('is not in allowed range');
  });

  test('that falls silent is asked once only, and shows what it did', async () => {
    const machine = machineAt(door);
    machine.fails.set('SetPowerTarget', () => new HeadframeError('link/timed-out-waiting'));
    const error = await errorOf(() => perform(machine, 'setPowerLimit', { powerW: 2500 }));
    expect(error.code).toBe('link/timed-out-waiting');
    expect(machine.writes).toHaveLength(1);
  });

  test('whose answer cannot be read is not asked again', async () => {
    const machine = machineAt(door);
    machine.garbles.add('SetPowerTarget');
    const error = await errorOf(() => perform(machine, 'setPowerLimit', { powerW: 2500 }));
    expect(error.code).toMatch(/^protocol\//);
    expect(machine.writes).toHaveLength(1);
  });

  test('whose token is over between the look and the change is logged in to again, and changed once', async () => {
    const machine = machineAt(door);
    const { seen } = await perform(machine, 'setPowerLimit', { powerW: 2500 }, () => machine.expire());
    expect(seen?.done).toBe(true);
    expect(machine.logins).toBe(2);
    expect(machine.writes).toHaveLength(1);
  });

  test('whose token is over again and again refuses us: no third login', async () => {
    const machine = machineAt(door);
    machine.fails.set('SetPowerTarget', () => {
      machine.expire();
      return new HeadframeError('auth/required', { vendorCode: 'UNAUTHENTICATED' });
    });
    const error = await errorOf(() => perform(machine, 'setPowerLimit', { powerW: 2500 }));
    expect(error.code).toBe('auth/rejected');
    expect(machine.logins).toBe(2);
  });

  test('whose password is another refuses us before anything is changed', async () => {
    const machine = machineAt(door);
    machine.password = 'theirs';
    const error = await errorOf(() => perform(machine, 'setPools', { pools: 'stratum+tcp://a.example:1,w,secret-pw' }));
    expect(error.code).toBe('auth/rejected');
    expect(machine.writes).toEqual([]);
    expect(String(error)).not.toContain(PASSWORD);
  });

  test('whose login nobody knows is asked for its version only', async () => {
    const machine = machineAt(door);
    const error = await errorOf(() => prepare(machine.links(null), 'setPowerLimit', { powerW: 2500 }));
    expect(error.code).toBe('auth/required');
    expect(machine.heard.map(({ method }) => method)).toEqual(door === 'grpc' ? ['GetApiVersion'] : ['GetApiVersion']);
  });

  test('that says what it was told already is believed, and quoted', async () => {
    const machine = machineAt(door);
    machine.state.status = 3;
    machine.alters.set('PauseMining', () => ({ already: true, already_paused: true }));
    const { verdicts, seen } = await perform(machine, 'pause');
    expect(verdicts).toEqual([{ accepted: true, vendorText: 'it was paused already' }]);
    expect(seen).toEqual({ done: true, values: { status: 'paused', minerUptimeS: expect.any(Number) } });
  });

  test('that says that a contract key was not installed has refused it', async () => {
    const { verdicts } = await perform(machineAt(door), 'braiins.applycontractkey', { contractKey: 'wrong' });
    expect(verdicts).toEqual([{ accepted: false, vendorCode: 'successful', vendorText: 'it says successful: false' }]);
  });

  test('shows a state that a newer release may have as its number', async () => {
    const machine = machineAt(door);
    machine.state.status = 9;
    machine.lies.add('PauseMining');
    const { seen } = await perform(machine, 'pause');
    expect(seen).toMatchObject({ done: false, values: { status: 'unknown (9)' } });
  });
});

test.each(DOORS)('a configuration over %s that cannot be read is not quoted: it holds passwords', async (door) => {
  const machine = machineAt(door);
  machine.garbles.add('GetMinerConfiguration');
  const error = await errorOf(() => perform(machine, 'switchPool', { pool: 1 }));
  expect(error.code).toMatch(/^protocol\//);
  expect(`${error.message} ${JSON.stringify(error.context)} ${String(error.cause)}`).not.toContain('secret');
});

test('a machine that goes away for its restart is looked at until it is back', async () => {
  const machine = new BraiinsDouble();
  const prepared = await prepare(machine.links(), 'reboot');
  expect(prepared.steps.map(({ silenceIsFine }) => silenceIsFine)).toEqual([true]);
  expect(prepared.readBack).toMatchObject({ restarts: true, withinMs: 600_000 });
});

describe('what must stay secret is not shown, nor in an error that repeats it', () => {
  test.each([
    ['setPassword', { newPassword: 'hush-hush-1' }, 'SetPassword', 'hush-hush-1'],
    ['braiins.applycontractkey', { contractKey: 'hush-hush-2' }, 'ApplyContractKey', 'hush-hush-2'],
    ['setPools', { pools: 'stratum+tcp://a.example:1,w,hush-hush-3' }, 'SetPoolGroups', 'hush-hush-3'],
    // What the machine keeps is written back, and not shown either.
    ['switchPool', { pool: 1 }, 'UpdatePoolGroup', 'secret-one'],
  ] as const)('%s', async (name, given, method, hush) => {
    for (const door of DOORS) {
      const machine = machineAt(door);
      machine.fails.set(
        method,
        refused(`${'.'.repeat(30)}"${hush}" is too short, and so is x`, door === 'grpc' ? 'INTERNAL' : '400'),
      );
      const { steps, notes } = await prepare(machine.links(), name, given);
      const [request] = steps.map((step) => step.request(''));
      expect(request?.shown).toContain('••••••');
      expect(request?.shown).not.toContain(hush);
      expect(JSON.stringify(notes ?? [])).not.toContain(hush);
      const error = await errorOf(() => perform(machine, name, given));
      expect(error.code).toBe('device/refused');
      expect(`${error.message} ${JSON.stringify(error.context)} ${String(error.cause)}`).not.toContain(
        hush.slice(0, 8),
      );
      expect(error.context.vendorText).toContain('....');
    }
  });
});

describe('before 24.03, when only a stream told the status, a machine', () => {
  const older = (status: number): BraiinsDouble => {
    const machine = new BraiinsDouble();
    machine.alters.set('GetMinerDetails', ({ status: _, ...details }) => details);
    machine.streams.set('GetMinerStatus', [{ status }]);
    return machine;
  };

  test('is seen to be paused', async () => {
    const { seen } = await perform(older(3), 'pause');
    expect(seen).toMatchObject({ done: true, values: { status: 'paused' } });
  });

  test('is seen not to be paused', async () => {
    const { seen } = await perform(older(2), 'pause');
    expect(seen).toMatchObject({ done: false, values: { status: 'normal' } });
  });
});
