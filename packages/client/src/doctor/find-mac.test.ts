import { describe, expect, test } from 'vitest';
import { failure } from '../links/loopback.testing.ts';
import { INTERFACES, onComputer, saying } from './computer.testing.ts';
import { findMac } from './find-mac.ts';
import type { OperatingSystem } from './operating-system.ts';

const MAC = '00:11:22:33:44:55';
const entry = (dst: string, state: string) => `{"dst":"${dst}","dev":"eth0","lladdr":"${MAC}","state":["${state}"]}`;

/** Only addresses of loopback are knocked at: nothing leaves this computer. */
const RANGE = '127.0.0.8/29';

const on = (run: OperatingSystem['run']) => {
  let now = 0;
  return { ...onComputer({ run, interfaces: INTERFACES }), clock: { now: () => (now += 10_000) } };
};

describe('a machine that was at another address', () => {
  test('is found in the table without a question, in whatever form its MAC is written', async () => {
    const looking = on(saying(`[${entry('10.0.4.77', 'REACHABLE')}]`));
    expect(await findMac('0:11:22:33:44:55', RANGE, looking)).toBe('10.0.4.77');
    expect(looking.waits).toEqual([]);
  });

  test('is found after the addresses were knocked at', async () => {
    const looking = on(saying('[]', `[${entry('10.0.4.78', 'REACHABLE')}]`));
    expect(await findMac(MAC, RANGE, looking)).toBe('10.0.4.78');
    expect(looking.waits).toEqual([150]);
  });

  test('is not where an old entry says, when nobody answers there any more', async () => {
    let reads = 0;
    const looking = on(async (program) => {
      if (program === 'ping') return { code: 1, output: '' };
      return { code: 0, output: `[${entry('10.0.4.79', ++reads < 5 ? 'STALE' : 'FAILED')}]` };
    });
    expect(await findMac(MAC, RANGE, looking)).toBeNull();
  });

  test('is nowhere', async () => {
    expect(await findMac(MAC, RANGE, on(saying('[]')))).toBeNull();
  });
});

test.each([
  ['', RANGE],
  ['miner-7', RANGE],
  [MAC, '10.0.0.0/8'],
  // In none of our networks, and of IPv6.
  [MAC, '192.168.7.0/24'],
  [MAC, 'fd00:4::/120'],
])('%s in %s is no question', async (mac, range) => {
  expect((await failure(findMac(mac, range, on(saying('[]'))))).code).toBe('usage/invalid');
});
