import { describe, expect, test } from 'vitest';
import { AT, ask, code, device, first, logon, mhzOf, SECOND, unlocked, write } from './sim.testing.ts';

const MINUTE = 60 * SECOND;

describe('the lock of ATM', () => {
  test.each([
    ['profileset', '340MHz'],
    ['frequencyset', '0,600'],
    ['voltageset', '0,13.2'],
    ['tunerswitch', 'on'],
  ])('%s is refused while it runs, unless ATM may be updated', (command, parameter) => {
    const machine = device();
    const id = logon(machine);
    const refused = ask(machine, command, AT, `${id},${parameter}`);
    expect([refused.STATUS?.[0]?.STATUS, refused.STATUS?.[0]?.Msg]).toEqual([
      'E',
      'Cannot run this command while ATM is running',
    ]);
    expect(code(ask(machine, command, AT, `${id},${parameter},update_atm=false`))[0]).toBe('E');
    expect(ask(machine, 'systemaudit').SYSTEMAUDIT).toEqual([]);
    expect(code(ask(machine, command, AT, `${id},${parameter},update_atm=true`))[0]).toBe('S');
    expect(ask(machine, 'systemaudit').SYSTEMAUDIT?.map((one) => one.Command)).toEqual([command]);
  });

  test('bounds are profiles by name or by their step, and an empty one is none', () => {
    const machine = device();
    expect(code(write(machine, 'atmset', 'min_profile=-4,max_profile=+1,temp_window=3.5'))).toEqual(['S', 340]);
    expect(first(machine, 'atm', 'ATM')).toMatchObject({
      Enabled: true,
      MinProfile: '490MHz',
      MinProfileStep: '-4',
      MaxProfile: '615MHz',
      MaxProfileStep: '1',
      TempWindow: 3.5,
    });
    write(machine, 'atmset', 'min_profile=');
    expect(first(machine, 'atm', 'ATM')).toMatchObject({ MinProfile: '', MinProfileStep: '' });
    for (const wrong of ['min_profile=fastest', 'enabled=maybe', 'startup_minutes=-1', 'speed=3', 'true']) {
      expect([wrong, ...code(write(machine, 'atmset', wrong))]).toEqual([wrong, 'E', 401]);
    }
  });

  test('turned off with prevent_oc, a machine above its nominal profile goes back to it', () => {
    const { machine } = unlocked();
    write(machine, 'profileset', '+4');
    write(machine, 'atmset', 'enabled=true');
    write(machine, 'atmset', 'enabled=false');
    expect(first(machine, 'config', 'CONFIG').Profile).toBe('690MHz');
    write(machine, 'atmset', 'enabled=false,prevent_oc=true');
    expect(first(machine, 'config', 'CONFIG')).toMatchObject({ Profile: 'default', IsAtmEnabled: false });
  });
});

describe('frequency and voltage', () => {
  test('one board goes to its frequency along a ramp; the others stay', () => {
    const { machine } = unlocked();
    const reply = write(machine, 'frequencyset', '1,450');
    expect([...code(reply), reply.RAMP]).toEqual([
      'S',
      302,
      [{ Board: 1, Frequency: 450, FrequencyStep: 5, TargetChip: 'all' }],
    ]);
    const boards = (now: number) =>
      [...(ask(machine, 'devs', now).DEVS ?? [])].sort((a, b) => Number(a.ASC) - Number(b.ASC));
    expect(boards(AT + 60 * SECOND).map((board) => board.IsRamping)).toEqual([false, true, false]);
    const later = AT + 30 * MINUTE;
    expect(boards(later).map((board) => board.IsRamping)).toEqual([false, false, false]);
    const freqs = (board: string) => ask(machine, 'frequencyget', later, board).FREQUENCY?.[0]?.Freqs as number[];
    expect([freqs('0')[0], freqs('1')[0], freqs('1')[76], freqs('2')[0]]).toEqual([590, 450, 450, 590]);
    // 77 chips at 0.894 GH/s a MHz.
    const [, slow] = boards(later);
    expect(Math.abs(Number(slow?.['MHS 5m']) / 1e6 - 30.98)).toBeLessThan(1.5);
    expect(slow?.['Nominal MHS']).toBeCloseTo(77 * 0.894 * 450 * 1000, -3);
    expect(Number(first(machine, 'power', 'POWER', later).Watts)).toBeLessThan(2650);
  });

  test('one chip of a board', () => {
    const { machine } = unlocked();
    const reply = write(machine, 'frequencyset', '2,500,10');
    expect(reply.RAMP).toEqual([{ Board: 2, Frequency: 500, FrequencyStep: 5, TargetChip: '10' }]);
    expect(ask(machine, 'frequencyget', AT, '2,10').FREQUENCY?.[0]?.Freqs).toEqual([500]);
    expect(ask(machine, 'frequencyget', AT, '2,11').FREQUENCY?.[0]?.Freqs).toEqual([590]);
  });

  test('one supply feeds all boards', () => {
    const { machine } = unlocked();
    const before = first(machine, 'power', 'POWER').Watts as number;
    write(machine, 'voltageset', '1,14');
    expect(ask(machine, 'voltageget', AT, '2').VOLTAGE).toEqual([{ Board: 2, Voltage: 14 }]);
    expect(first(machine, 'power', 'POWER').Watts as number).toBeGreaterThan(before + 100);
    write(machine, 'profileset', 'default');
    expect(ask(machine, 'voltageget', AT, '2').VOLTAGE).toEqual([{ Board: 2, Voltage: 13.5 }]);
  });

  test('what is outside of limits, or no number, or another board, is refused', () => {
    const { machine } = unlocked();
    const limits = first(machine, 'limits', 'LIMITS');
    expect([limits.FrequencyMin, limits.FrequencyMax, limits.VoltageMin, limits.VoltageMax]).toEqual([
      190, 790, 11.88, 14.7,
    ]);
    for (const wrong of ['0,189', '0,791', '0,6e2', '0,500.5', '3,500', 'x,500', '0,500,77']) {
      expect([wrong, ...code(write(machine, 'frequencyset', wrong))]).toEqual([wrong, 'E', 401]);
    }
    for (const wrong of ['0,11.87', '0,14.71', '0,NaN', '-1,13']) {
      expect([wrong, ...code(write(machine, 'voltageset', wrong))]).toEqual([wrong, 'E', 401]);
    }
    for (const command of ['frequencyset', 'voltageset']) {
      expect(code(write(machine, command, '0'))).toEqual(['E', 400]);
    }
  });

  test('asleep neither is possible', () => {
    const { machine } = unlocked();
    write(machine, 'curtail', 'sleep');
    for (const [command, parameter] of [
      ['frequencyset', '0,500'],
      ['voltageset', '0,13'],
      ['reboot', '0'],
    ] as const) {
      const { STATUS } = write(machine, command, parameter);
      expect([command, STATUS?.[0]?.STATUS, STATUS?.[0]?.Msg]).toEqual([
        command,
        'E',
        'Cannot run this command in sleep mode',
      ]);
    }
  });
});

describe('profiles', () => {
  test('the steps of a change, by place and by key, are in the reply; larger steps are faster', () => {
    const steps = (parameter: string) => {
      const { machine } = unlocked();
      const { PROFILE } = write(machine, 'profileset', parameter);
      const mhz = mhzOf(machine, 0, AT + 20 * SECOND);
      return [PROFILE?.[0]?.FrequencyStep, PROFILE?.[0]?.VoltageStep, mhz];
    };
    const [usual, slow] = [steps('340MHz'), steps('340MHz,1')];
    expect([usual.slice(0, 2), slow.slice(0, 2)]).toEqual([
      [5, 0.05],
      [1, 0.05],
    ]);
    expect(Number(slow[2])).toBeGreaterThan(Number(usual[2]));
    expect(steps('340MHz,100,0.2')).toEqual([100, 0.2, 340]);
    expect(steps('voltage_step=0.2,340MHz,frequency_step=100')).toEqual([100, 0.2, 340]);
    const { machine } = unlocked();
    for (const wrong of ['340MHz,0', '340MHz,101', '340MHz,5,0.001', '340MHz,frequency_step=fast']) {
      expect([wrong, ...code(write(machine, 'profileset', wrong))]).toEqual([wrong, 'E', 401]);
    }
    expect(first(machine, 'config', 'CONFIG').Profile).toBe('default');
  });

  test('one that somebody made can be set, shown and removed, but not while it is used', () => {
    const { machine } = unlocked();
    for (const wrong of ['mine,100,13', 'mine,500,20', ',500,13', 'a/b,500,13']) {
      expect([wrong, ...code(write(machine, 'profilenew', wrong))]).toEqual([wrong, 'E', 401]);
    }
    expect(code(write(machine, 'profilenew', 'mine,500'))).toEqual(['E', 400]);
    write(machine, 'profilenew', 'mine,500,13.0');
    expect(ask(machine, 'profileget', AT, 'mine').PROFILE).toEqual([
      expect.objectContaining({ 'Profile Name': 'mine', Step: '', Frequency: 500, Voltage: 13, IsDynamic: false }),
    ]);
    expect(code(ask(machine, 'profileget', AT, 'yours'))).toEqual(['E', 401]);
    write(machine, 'profileset', 'mine');
    expect(first(machine, 'config', 'CONFIG')).toMatchObject({ Profile: 'mine', ProfileStep: '' });
    expect(code(write(machine, 'profilerem', 'mine'))[0]).toBe('E');
    write(machine, 'profileset', 'default');
    expect(code(write(machine, 'profilerem', 'mine'))[0]).toBe('S');
    expect(code(write(machine, 'profilerem', 'mine'))).toEqual(['E', 401]);
    expect(code(write(machine, 'profilerem', 'default'))[0]).toBe('E');
    expect(ask(machine, 'profiles').PROFILES).toHaveLength(25);
  });

  test('a power target takes the profile that fits below it, and stands in atm until a profile is set', () => {
    const { machine } = unlocked();
    expect(first(machine, 'atm', 'ATM')).not.toHaveProperty('PowerTarget');
    expect(code(write(machine, 'powertargetset', 'power=2000'))[0]).toBe('S');
    expect(first(machine, 'atm', 'ATM').PowerTarget).toBe(2000);
    const { Watts } = first(machine, 'power', 'POWER', AT + 30 * MINUTE) as { Watts: number };
    expect(Watts).toBeLessThan(2040);
    expect(Watts).toBeGreaterThan(1850);
    for (const wrong of ['power=100', 'power=9000', 'power=much', '2000', 'watts=2000']) {
      expect([wrong, ...code(write(machine, 'powertargetset', wrong))]).toEqual([wrong, 'E', 401]);
    }
    write(machine, 'profileset', 'default');
    expect(first(machine, 'atm', 'ATM')).not.toHaveProperty('PowerTarget');
  });
});
