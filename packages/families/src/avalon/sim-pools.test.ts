import { describe, expect, test } from 'vitest';
import { ask, command, device, first, HOUR, POWERED_AT, rebooted, SECOND, status } from './sim.testing.ts';

const AT = POWERED_AT + 2 * HOUR;
const priorities = (machine: ReturnType<typeof device>, now: number) =>
  (ask(machine, 'pools', now).POOLS ?? []).map(({ Priority, Status }) => [Priority, Status]);

describe('pools', () => {
  test('a Q has a command of its own to set them, with numbers of its own', () => {
    const q = device('q');
    const setpool = (parameter: string) => command(q, 'setpool', parameter, AT);
    expect(setpool('')).toEqual(['E', 132, 'Pool set error: no params']);
    expect(setpool('root,root,0')).toEqual([
      'E',
      132,
      'Pool set error: we need 5 | 6 arguments, your input is 3 arguments.',
    ]);
    expect(setpool('root,bad,0,stratum+tcp://n.example.com:1,me,x')).toEqual([
      'E',
      132,
      'Pool set error: userpass err',
    ]);
    expect(setpool(`root,root,0,${'u'.repeat(385)},me,x`)).toEqual([
      'E',
      132,
      'Pool set error: The pool url length is too long.',
    ]);
    expect(setpool('root,root,1,stratum+tcp://n.example.com:1,me.q,secret')).toEqual([
      'S',
      133,
      'Pool set info: \npool 1 success set to stratum+tcp://n.example.com:1\nworker is me.q\nworkerpassword is secret\nPlease reboot miner to make config work.\n',
    ]);
    expect(ask(q, 'pools', AT).POOLS?.[1]).toMatchObject({ URL: 'stratum+tcp://backup.example.com:3333' });
    const later = rebooted(q, AT);
    expect(ask(q, 'pools', later).POOLS?.[1]).toMatchObject({
      URL: 'stratum+tcp://n.example.com:1',
      User: 'me.q',
      Password: 'secret',
    });
    expect(status(ask(device('a1246'), 'setpool', AT, 'x'))).toEqual(['E', 14, 'Invalid command']);
  });

  test('time is a command of its own too, and When follows it', () => {
    const q = device('q');
    expect(command(q, 'time', '', AT)).toEqual(['I', 130, 'Time parameter is not available']);
    expect(command(q, 'time', 'get', AT)).toEqual(['I', 131, 'Time set info: time t:UTC']);
    expect(command(q, 'time', 'now', AT)).toEqual(['I', 131, 'Time set info: time unknown argument']);
    expect(command(q, 'time', 'set,t:1700000000,Asia/Tokyo', AT)).toEqual([
      'I',
      131,
      'Time set info: time t:1700000000 Asia/Tokyo',
    ]);
    expect(ask(q, 'version', AT).STATUS?.[0]?.When).toBe(1_700_000_000);
    expect(command(q, 'time', 'get', AT)).toEqual(['I', 131, 'Time set info: time t:Asia/Tokyo']);
  });

  test.each(['q', 'a1246', 'a1066'])(
    'a %s switches, orders, disables and enables them, until the next restart',
    (name) => {
      const machine = device(name);
      expect(status(ask(machine, 'switchpool', AT, '1'))?.[1]).toBe(27);
      expect(priorities(machine, AT).slice(0, 2)).toEqual([
        [1, 'Alive'],
        [0, 'Alive'],
      ]);
      // The other pool takes over after the fallback time.
      expect(
        ask(machine, 'pools', AT + 600 * SECOND)
          .POOLS?.map((pool) => pool['Stratum Active'])
          .slice(0, 2),
      ).toEqual([false, true]);
      expect(status(ask(machine, 'poolpriority', AT + 600 * SECOND, '0'))?.[1]).toBe(73);
      expect(status(ask(machine, 'disablepool', AT + 600 * SECOND, '1'))?.[1]).toBe(48);
      expect(priorities(machine, AT + 600 * SECOND).slice(0, 2)).toEqual([
        [0, 'Alive'],
        [1, 'Disabled'],
      ]);
      expect(status(ask(machine, 'enablepool', AT + 600 * SECOND, '1'))?.[1]).toBe(47);
      const later = rebooted(machine, AT + 600 * SECOND);
      expect(priorities(machine, later).slice(0, 2)).toEqual([
        [0, 'Alive'],
        [1, 'Alive'],
      ]);
      expect(status(ask(machine, 'addpool', later, 'a,b,c'))).toEqual(['E', 14, 'Invalid command']);
    },
  );

  test('pool and device still agree after a switch', () => {
    const machine = device('q');
    ask(machine, 'switchpool', AT, '1');
    const summary = first(machine, 'summary', 'SUMMARY', AT + HOUR);
    const pools = ask(machine, 'pools', AT + HOUR).POOLS ?? [];
    expect(pools.every((pool) => (pool.Accepted as number) > 0)).toBe(true);
    expect(pools.reduce((sum, pool) => sum + (pool.Accepted as number), 0)).toBe(summary.Accepted);
    expect(first(machine, 'devs', 'DEVS', AT + HOUR)['Last Share Pool']).toBe(1);
    expect(first(machine, 'lcd', 'LCD', AT + HOUR)['Current Pool']).toBe('stratum+tcp://backup.example.com:3333');
  });
});
