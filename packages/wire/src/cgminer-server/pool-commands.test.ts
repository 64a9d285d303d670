import { describe, expect, test } from 'vitest';
import { type ControlQuirks, controlCommands } from './control-commands.ts';
import { DebugSettings } from './debug-settings.ts';
import { type PoolQuirks, poolCommands } from './pool-commands.ts';
import { asStarted, type PoolSetting, RunningPools } from './pool-list.ts';
import { createApiServer } from './server.ts';

const pool = (n: number): PoolSetting => ({ url: `stratum+tcp://p${n}:1`, user: 'u', pass: 'p' });

/** A program that does what its list says at once: it works for the best usable pool. */
function program(count = 2, quirks: Partial<ControlQuirks & PoolQuirks> = {}, own: PoolSetting[] = []) {
  const told: string[] = [];
  let order: readonly number[] = [];
  const settings = [...Array.from({ length: count }, (_, n) => pool(n)), ...own];
  let physical = settings.length;
  const work = {
    add: () => physical++,
    use: (_: number, wanted: readonly number[]) => {
      order = wanted;
    },
    current: () => order[0] ?? null,
  };
  const pools = new RunningPools(work, asStarted(settings));
  pools.use(0);
  const debug = new DebugSettings();
  const server = createApiServer({
    description: 'cgminer 4.11.1',
    access: { listen: true, allow: 'W:0/0' },
    commands: [
      ...poolCommands({ pools, settingOf: (setting) => setting }, quirks),
      ...controlCommands(
        {
          debug,
          quit: (now) => told.push(`quit ${now}`),
          restart: (now) => told.push(`restart ${now}`),
          save: (file) => {
            told.push(`save ${file}`);
            return file ?? 'own.conf';
          },
          zero: () => told.push('zero'),
          zeroBestShare: () => told.push('zero best share'),
        },
        quirks,
      ),
    ],
  });
  const say = (command: string, parameter?: string, now = 0) => {
    const request = new TextEncoder().encode(JSON.stringify({ command, parameter }));
    return new TextDecoder().decode(server.answer(request, '10.0.0.1', now).bytes);
  };
  return { pools, told, say, order: () => order };
}

const code = (reply: string) => Number(/"Code":(-?\d+)/.exec(reply)?.[1]);

describe('the pool commands of a cgminer', () => {
  test('reach the work in the order of priority', () => {
    const { say, order, pools } = program(3);
    expect(code(say('switchpool', '2'))).toBe(27);
    expect(order()).toEqual([2, 0, 1]);
    expect(code(say('poolpriority', '1'))).toBe(73);
    expect(order()).toEqual([1, 2, 0]);
    expect(say('addpool', 'a\\,b,u,p')).toContain("Added pool 3: 'a,b'");
    expect(order()).toEqual([1, 2, 0, 3]);
    expect(code(say('removepool', '0'))).toBe(68);
    expect(pools.list.map(({ url }) => url)).toEqual(['a,b', 'stratum+tcp://p1:1', 'stratum+tcp://p2:1']);
    expect(order()).toEqual([1, 2, 3]);
  });

  test('leave a disabled pool that works a quarter of a minute later, and one that does not at once', () => {
    const { say, order, pools } = program(3);
    say('disablepool', '0', 1000);
    say('disablepool', '1', 1000);
    expect(order()).toEqual([0, 2]);
    pools.settle(15_999);
    expect(order()).toEqual([0, 2]);
    pools.settle(16_000);
    expect(order()).toEqual([2]);
  });

  test('refuse to disable the only pool that a program was started with, and to remove the one at work', () => {
    const { say } = program(1);
    expect(code(say('disablepool', '0'))).toBe(51);
    expect(code(say('removepool', '0'))).toBe(66);
    say('addpool', 'x,u,p');
    expect(code(say('removepool', '0'))).toBe(67);
    expect(code(say('disablepool', '0'))).toBe(48);
  });
});

describe('the pool list of a cgminer', () => {
  test('starts with the quotas of its configuration, 1 where none is named, and gives 1 to a pool that is added', () => {
    const { say, pools } = program(1, {}, [{ ...pool(1), quota: 7 }]);
    say('addpool', 'x,u,p');
    expect(pools.list.map(({ quota }) => quota)).toEqual([1, 7, 1]);
    expect(say('poolquota', ',4')).toContain("Set pool 'stratum+tcp://p0:1' to quota 4'");
    expect([code(say('poolquota', '1,-1')), code(say('poolquota', '3,1')), code(say('poolquota', '1'))]).toEqual([
      121, 26, 86,
    ]);
    expect(pools.list.map(({ quota }) => quota)).toEqual([4, 7, 1]);
  });

  test('counts every pool it ever had, also those that were removed', () => {
    const { say, pools } = program(2);
    say('addpool', 'x,u,p');
    say('removepool', '2');
    say('addpool', 'y,u,p');
    expect(pools.list.map(({ physical }) => physical)).toEqual([0, 1, 3]);
    expect([pools.list.length, pools.everAdded, pools.enabledCounter]).toEqual([3, 4, 4]);
  });
});

describe('a program without one of the oddities of cgminer', () => {
  test('keeps its last enabled pool, where disabling counts down', () => {
    const disabled = (quirks: Partial<PoolQuirks>) => {
      const { say } = program(2, quirks);
      return ['0', '1'].map((number) => code(say('disablepool', number)));
    };
    expect(disabled({ disableKeepsCounter: true })).toEqual([48, 48]);
    expect(disabled({ disableKeepsCounter: false })).toEqual([48, 51]);
    expect(disabled({})).toEqual([48, 48]);
  });

  test('says what setconfig lacks and goes on', () => {
    const { say, told } = program(2, { setconfigCrash: false });
    expect(say('setconfig')).toContain("Missing config parameters 'name,N'");
    expect(told).toEqual([]);
  });

  test('still has failover-only', () => {
    const { say } = program(2, { failoverOnlyDeprecated: false });
    expect(code(say('failover-only'))).toBe(75);
    expect(code(say('failover-only', 'x'))).toBe(76);
    expect(say('failover-only', 'TRUE')).toContain('Failover-Only set to true');
    expect(say('failover-only', 'f')).toContain('Failover-Only set to false');
  });

  test('counts its locks where it was built to', () => {
    expect(code(program(2, { lockTracking: true }).say('lockstats'))).toBe(123);
  });
});

describe('the other commands of a cgminer', () => {
  test('reach the program with their time', () => {
    const { say, told } = program();
    expect(say('quit', undefined, 5)).toBe('{"STATUS":"BYE","id":1}\0');
    expect(say('restart', undefined, 6)).toBe('{"STATUS":"RESTART","id":1}\0');
    expect(say('save')).toContain("Configuration saved to file 'own.conf'");
    expect(say('save', 'x')).toContain("Configuration saved to file 'x'");
    expect(code(say('save', 'no/where'))).toBe(43);
    expect([code(say('zero', 'all,f')), code(say('zero', 'bestshare,t'))]).toEqual([97, 96]);
    expect(told).toEqual(['quit 5', 'restart 6', 'save null', 'save x', 'zero', 'zero best share']);
  });

  test('say that they are deprecated once, where the second status is switched off', () => {
    const { say } = program(2, { setconfigTwoStatus: false });
    expect(say('setconfig', 'queue').match(/"STATUS":\[/g)).toHaveLength(1);
    expect(say('failover-only')).toContain("Deprecated config option '(null)'");
    expect(code(say('lockstats'))).toBe(124);
  });

  test('say twice over that a setting is gone, and end without an answer when none is named', () => {
    const { say, told } = program();
    expect(say('setconfig', 'queue').match(/"STATUS":\[/g)).toHaveLength(2);
    expect(say('setconfig', undefined, 9)).toBe('');
    expect(told).toEqual(['quit 9']);
  });

  test('flip the output switches by the first letter', () => {
    const { say } = program();
    expect(say('debug', 'protocol')).toContain('"Verbose":true,"Debug":false,"RPCProto":false,"PerDevice":true');
    expect(say('debug', 'n')).toContain('"Verbose":false,"Debug":false,"RPCProto":false,"PerDevice":false');
  });
});
