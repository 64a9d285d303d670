import { describe, expect, test } from 'vitest';
import { AT, ask, code, device, first, HOUR, mhzOf, SECOND, unlocked, write } from './sim.testing.ts';

const MINUTE = 60 * SECOND;
type Machine = ReturnType<typeof device>;

const config = (machine: Machine, now = AT) => first(machine, 'config', 'CONFIG', now);
/** The first second, of the next ten minutes, in which it listens again after it did not. */
function backAfterS(machine: Machine, from = AT): number {
  let wasAway = false;
  for (let s = 0; s <= 600; s++) {
    const listens = machine.listening('cgminer', from + s * SECOND);
    expect(machine.listening('http', from + s * SECOND)).toBe(listens);
    if (listens && wasAway) return s;
    wasAway ||= !listens;
  }
  return Number.NaN;
}

describe('restarts', () => {
  test.each([
    // The reply leaves for a second, 5 s or 30 s pass, and the API opens 3 s behind the start of the miner.
    ['resetminer', 9],
    ['rebootdevice', 34],
  ])('%s: the ports are away and come back after %i s, counters begin anew, the session is gone', (command, after) => {
    const machine = device();
    expect(code(write(machine, command))[0]).toBe('S');
    expect(machine.listening('cgminer', AT)).toBe(true);
    expect(backAfterS(machine)).toBe(after);
    const back = AT + after * SECOND;
    expect(first(machine, 'summary', 'SUMMARY', back)).toMatchObject({ Elapsed: 3, Accepted: 0, 'GHS 5s': 0 });
    expect(ask(machine, 'session', back).SESSION).toEqual([{ SessionID: '' }]);
    expect(first(machine, 'summary', 'SUMMARY', back + 10 * MINUTE)['GHS 5m']).toBeGreaterThan(110_000);
    expect(ask(machine, 'version', back)).toMatchObject({ VERSION: ask(device(), 'version').VERSION });
  });

  test('what was set outlives a restart; frequency, voltage and a board that was shut down do not', () => {
    const { machine } = unlocked();
    write(machine, 'profileset', '615MHz');
    write(machine, 'fanset', 'speed=70');
    write(machine, 'disableboard', '2');
    write(machine, 'frequencyset', '0,500');
    write(machine, 'reboot', '1,0');
    write(machine, 'rebootdevice');
    const later = AT + 20 * MINUTE;
    expect(config(machine, later)).toMatchObject({ Profile: '615MHz', IsAtmEnabled: false });
    expect(ask(machine, 'fans', later).FANS?.map((fan) => fan.Speed)).toEqual([70, 70, 70, 70]);
    expect(ask(machine, 'devs', later).DEVS?.map((board) => [board.ASC, board.Enabled, board.IsUserShutdown])).toEqual([
      [2, 'N', false],
      [0, 'Y', false],
      [1, 'Y', false],
    ]);
    expect([0, 1, 2].map((board) => mhzOf(machine, board, later))).toEqual([615, 615, 0]);
  });

  test('without autosave settings and pools are as they were at power on', () => {
    const machine = device({ 'no-autosave': true });
    write(machine, 'ledset', 'red,blink');
    ask(machine, 'addpool', AT, 'stratum+tcp://new.example.com:3333,me,x');
    write(machine, 'resetminer');
    expect(config(machine)).toMatchObject({ RedLed: 'blink', 'Pool Count': 5 });
    expect(config(machine, AT + MINUTE)).toMatchObject({ RedLed: 'auto', 'Pool Count': 4 });
  });

  test('resetconfig: settings of the factory, and no pool', () => {
    const { machine } = unlocked();
    write(machine, 'netset', 'ip=192.0.2.9');
    write(machine, 'profilenew', 'mine,500,13');
    expect(code(write(machine, 'resetconfig'))[0]).toBe('S');
    const later = AT + MINUTE;
    expect(config(machine, later)).toMatchObject({ DHCP: true, IsAtmEnabled: true, 'Pool Count': 0 });
    expect(ask(machine, 'profiles', later).PROFILES).toHaveLength(25);
    expect(ask(machine, 'groups', later).GROUPS).toEqual([{ GROUP: 0, Name: 'default', Quota: 1 }]);
  });
});

describe('sleep', () => {
  test.each(['resetminer', 'rebootdevice', 'updaterun', 'resetconfig'])(
    'outlives %s; only wakeup ends it',
    (command) => {
      const machine = device();
      write(machine, 'curtail', 'sleep');
      write(machine, command);
      const later = AT + HOUR;
      expect(machine.listening('cgminer', later)).toBe(true);
      expect(config(machine, later)).toMatchObject({ CurtailMode: 'Sleep', IsPowerSupplyOn: false });
      write(machine, 'curtail', 'wakeup', later);
      expect(config(machine, later)).toMatchObject({ CurtailMode: 'None', IsPowerSupplyOn: true });
    },
  );

  test('the first wakeup after a restart cannot be unsafe; the next one can, and takes no ramp', () => {
    const machine = device();
    const mhzAfter2S = (now: number) => mhzOf(machine, 0, now + 2 * SECOND);
    write(machine, 'curtail', 'sleep');
    expect(code(write(machine, 'curtail', 'wakeup,mode=unsafe'))).toEqual(['S', 335]);
    expect(mhzAfter2S(AT)).toBe(590);
    write(machine, 'curtail', 'sleep', AT + MINUTE);
    write(machine, 'rebootdevice', '', AT + MINUTE);
    const back = AT + 2 * MINUTE;
    const refused = write(machine, 'curtail', 'wakeup,mode=unsafe', back);
    expect([code(refused)[0], refused.STATUS?.[0]?.Msg]).toEqual([
      'E',
      'Unsafe mode is not available for the first wakeup after a restart',
    ]);
    expect(config(machine, back).CurtailMode).toBe('Sleep');
    expect(code(write(machine, 'curtail', 'wakeup', back))).toEqual(['S', 335]);
    expect(mhzAfter2S(back)).toBeLessThan(100);
    write(machine, 'curtail', 'sleep', back + MINUTE);
    expect(code(write(machine, 'curtail', 'wakeup,mode=unsafe', back + MINUTE))).toEqual(['S', 335]);
  });

  test('larger steps wake it faster; a mode or a step that is none is refused', () => {
    const mhz = (parameter: string) => {
      const machine = device();
      write(machine, 'curtail', 'sleep');
      write(machine, 'curtail', `wakeup${parameter}`);
      return mhzOf(machine, 0, AT + 20 * SECOND);
    };
    expect(mhz('')).toBeLessThan(100);
    expect(mhz(',frequency_step=50')).toBe(590);
    // By place the voltage step is the first.
    expect(mhz(',0.5,50')).toBe(590);
    const machine = device();
    for (const wrong of ['wakeup,mode=safe', 'sleep,50', 'wakeup,frequency_step=0', 'idle']) {
      expect([wrong, ...code(write(machine, 'curtail', wrong))]).toEqual([wrong, 'E', 401]);
    }
  });
});

describe('boards', () => {
  const board = (machine: Machine, now: number) => ask(machine, 'devs', now).DEVS?.find((one) => one.ASC === 1) ?? {};

  test('reboot takes a board off and starts it again after five seconds and its start', () => {
    const machine = device();
    const reply = write(machine, 'reboot', '1');
    expect([...code(reply), reply.STATUS?.[0]?.Msg, reply.REBOOT]).toEqual([
      'S',
      305,
      'Reboot Scheduled',
      [{ Board: 1, IsShutdown: false }],
    ]);
    expect(board(machine, AT + 20 * SECOND)).toMatchObject({ Status: 'Dead', 'MHS 5s': 0, IsUserShutdown: false });
    expect(machine.listening('cgminer', AT + 20 * SECOND)).toBe(true);
    expect(board(machine, AT + 30 * SECOND)).toMatchObject({ Status: 'Alive', IsRamping: true, 'Device Elapsed': 5 });
    expect(board(machine, AT + HOUR)['MHS 5m']).toBeGreaterThan(38_000_000);
  });

  test('with a delay it waits so long; with none left it stays off until it is enabled', () => {
    const machine = device();
    write(machine, 'reboot', '1,300');
    expect(board(machine, AT + 310 * SECOND).Status).toBe('Dead');
    expect(board(machine, AT + 321 * SECOND).Status).toBe('Alive');
    const later = AT + HOUR;
    expect(write(machine, 'reboot', '1,-1', later).REBOOT).toEqual([{ Board: 1, IsShutdown: true }]);
    expect(board(machine, later + HOUR)).toMatchObject({ Status: 'Dead', IsUserShutdown: true, Enabled: 'Y' });
    write(machine, 'enableboard', '1', later + HOUR);
    expect(board(machine, later + HOUR)).toMatchObject({ Status: 'Alive', IsUserShutdown: false });
    for (const wrong of ['3', '1,soon', 'all']) {
      expect([wrong, ...code(write(machine, 'reboot', wrong))]).toEqual([wrong, 'E', 401]);
    }
  });

  test('a later reboot replaces one that is under way', () => {
    const machine = device();
    write(machine, 'reboot', '1,5');
    write(machine, 'reboot', '1,600');
    expect(board(machine, AT + 500 * SECOND).Status).toBe('Dead');
    expect(board(machine, AT + 700 * SECOND).Status).toBe('Alive');
  });

  test('a board that is disabled hashes nothing and cools down; the others go on', () => {
    const machine = device();
    write(machine, 'disableboard', '1');
    const later = AT + 20 * MINUTE;
    expect(board(machine, later)).toMatchObject({ Enabled: 'N', 'MHS 15m': 0, 'Nominal MHS': 0 });
    const temps = ask(machine, 'temps', later).TEMPS?.map((one) => one.TopLeft as number) ?? [];
    expect(temps[1]).toBeLessThan((temps[0] ?? 0) - 15);
    const summary = first(machine, 'summary', 'SUMMARY', later);
    expect(Math.abs(Number(summary['GHS 5m']) / 1000 - 81.2)).toBeLessThan(4);
    expect(Number(first(machine, 'power', 'POWER', later).Watts)).toBeLessThan(2000);
  });
});

describe('the network and the light', () => {
  test('an address that is kept, and back to DHCP', () => {
    const machine = device();
    const before = config(machine);
    write(machine, 'netset', 'ip=192.0.2.200,mask=255.255.255.192,gateway=192.0.2.193,dns=192.0.2.53');
    expect(config(machine)).toMatchObject({
      DHCP: false,
      IPAddr: '192.0.2.200',
      Netmask: '255.255.255.192',
      BcastAddr: '192.0.2.255',
      Gateway: '192.0.2.193',
      'DNS Servers': '192.0.2.53',
    });
    for (const back of ['dhcp', 'dhcp=true']) {
      write(machine, 'netset', 'ip=192.0.2.200');
      expect(config(machine).DHCP).toBe(false);
      write(machine, 'netset', back);
      expect(config(machine)).toEqual(before);
    }
    for (const wrong of ['ip=192.0.2.256', 'ip=192.0.2', 'mask=24', 'host=miner', 'dhcp=true,ip=192.0.2.7', 'static']) {
      expect([wrong, ...code(write(machine, 'netset', wrong))]).toEqual([wrong, 'E', 401]);
    }
    expect(config(machine)).toEqual(before);
  });

  test('the red light, and no other', () => {
    const machine = device();
    for (const state of ['on', 'off', 'blink', 'auto']) {
      write(machine, 'ledset', `red,${state}`);
      expect(config(machine).RedLed).toBe(state);
    }
    expect(code(write(machine, 'ledset', 'green,on'))).toEqual(['E', 401]);
    expect(code(write(machine, 'ledset', 'red,dim'))).toEqual(['E', 401]);
    expect(code(write(machine, 'ledset', 'red'))).toEqual(['E', 400]);
  });
});

describe('updates', () => {
  const version = (machine: Machine, now: number) => first(machine, 'version', 'VERSION', now).LUXminer;

  test('an update is fetched while the machine goes on, then it restarts with another version', () => {
    const machine = device();
    expect(ask(machine, 'updatecheck').UPDATECHECK).toEqual([
      {
        Source: 'https://updates.example.com/stable',
        UpdateAvailable: true,
        Version: '2026.3.31.164710-89ce49f',
      },
    ]);
    const reply = write(machine, 'updaterun');
    expect([...code(reply), reply.STATUS?.[0]?.Msg]).toEqual(['S', 333, 'Update check triggered']);
    expect(version(machine, AT + MINUTE)).toBe('2025.7.10.152155-6e13fb74');
    expect(backAfterS(machine)).toBe(123);
    const later = AT + 3 * MINUTE;
    expect(version(machine, later)).toBe('2026.3.31.164710-89ce49f');
    expect(ask(machine, 'pools', later).STATUS?.[0]?.Description).toBe('LUXminer 2026.3.31.164710-89ce49f');
    expect(first(machine, 'stats', 'STATS', later).Miner).toBe('2026.3.31.164710');
    // There is nothing newer: it goes on.
    write(machine, 'updaterun', '', later);
    expect(backAfterS(machine, later)).toBeNaN();
  });

  test('a source whose path names a version brings that version', () => {
    const machine = device();
    write(machine, 'updateset', 'source=https://updates.example.com/2025.4.8.220305/s19kpro.bin');
    expect(config(machine).UpdateSource).toBe('https://updates.example.com/2025.4.8.220305/s19kpro.bin');
    write(machine, 'updaterun');
    expect(version(machine, AT + 5 * MINUTE)).toBe('2025.4.8.220305');
  });

  test('what the user asks for can be switched off', () => {
    const machine = device();
    write(machine, 'updateset', 'on_user=off,on_startup=full,on_timeout=full,timeout=30');
    expect(config(machine)).toMatchObject({
      UpdateOnUser: 'off',
      UpdateOnStartup: 'full',
      UpdateOnTimeout: 'full',
      UpdateTimeout: 30,
    });
    write(machine, 'updaterun');
    expect(backAfterS(machine)).toBeNaN();
    for (const wrong of ['source=ftp://a', 'source=', 'on_user=sometimes', 'timeout=0', 'url=https://a']) {
      expect([wrong, ...code(write(machine, 'updateset', wrong))]).toEqual([wrong, 'E', 401]);
    }
  });
});
