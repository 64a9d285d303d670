import { describe, expect, test } from 'vitest';
import { controlCommands } from './control-commands.ts';
import { DebugSettings } from './debug-settings.ts';
import { poolCommands } from './pool-commands.ts';
import { asStarted, type PoolSetting, RunningPools } from './pool-list.ts';
import { createApiServer } from './server.ts';

const pool = (n: number): PoolSetting => ({ url: `stratum+tcp://p${n}:1`, user: 'u', pass: 'p' });

/** A program that does what its list says at once: it works for the best usable pool. */
function program(count = 2) {
  const told: string[] = [];
  let order: readonly number[] = [];
  let physical = count;
  const work = {
    add: () => physical++,
    use: (_: number, wanted: readonly number[]) => {
      order = wanted;
    },
    current: () => order[0] ?? null,
  };
  const pools = new RunningPools(work, asStarted(Array.from({ length: count }, (_, n) => pool(n))));
  pools.use(0);
  const debug = new DebugSettings();
  const server = createApiServer({
    description: 'cgminer 4.11.1',
    access: { listen: true, allow: 'W:0/0' },
    commands: [
      ...poolCommands({ pools, settingOf: (own) => own }),
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
        { setconfigTwoStatus: false },
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
    const { say } = program();
    expect(say('setconfig', 'queue').match(/"STATUS":\[/g)).toHaveLength(1);
    expect(say('failover-only')).toContain("Deprecated config option '(null)'");
    expect(code(say('lockstats'))).toBe(124);
  });

  test('flip the output switches by the first letter', () => {
    const { say } = program();
    expect(say('debug', 'protocol')).toContain('"Verbose":true,"Debug":false,"RPCProto":false,"PerDevice":true');
    expect(say('debug', 'n')).toContain('"Verbose":false,"Debug":false,"RPCProto":false,"PerDevice":false');
  });
});
