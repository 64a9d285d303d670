import { describe, expect, test } from 'vitest';
import { onComputer } from './computer.testing.ts';
import type { OperatingSystem } from './operating-system.ts';
import { pingHost } from './ping.ts';

const ANSWERED = `PING 10.0.4.21 (10.0.4.21) 56(84) bytes of data.
64 bytes from 10.0.4.21: icmp_seq=1 ttl=64 time=0.443 ms

--- 10.0.4.21 ping statistics ---
1 packets transmitted, 1 received, 0% packet loss, time 0ms
rtt min/avg/max/mdev = 0.443/0.443/0.443/0.000 ms
`;
const LOST = `PING 10.0.4.21 (10.0.4.21) 56(84) bytes of data.

--- 10.0.4.21 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time 0ms
`;

/** A program ping that ends like this, one after the other. */
function pinging(platform: NodeJS.Platform, ...ends: ({ code: number; output: string } | null)[]) {
  const asked: string[] = [];
  const run: OperatingSystem['run'] = async (program, args) => {
    asked.push([program, ...args].join(' '));
    return ends[Math.min(asked.length, ends.length) - 1] ?? null;
  };
  return { looking: onComputer({ platform, run }), asked };
}

describe('a ping', () => {
  test('that is answered', async () => {
    const { looking, asked } = pinging('linux', { code: 0, output: ANSWERED });
    expect(await pingHost('10.0.4.21', looking)).toMatchObject({
      value: true,
      line: 'ping: answered in 0.443 ms',
      command: 'ping -c 1 -W 1 10.0.4.21',
    });
    expect(asked).toEqual(['ping -c 1 -W 1 10.0.4.21']);
  });

  test('of which the first packet is lost', async () => {
    const { looking } = pinging('linux', { code: 1, output: LOST }, { code: 0, output: ANSWERED });
    expect(await pingHost('10.0.4.21', looking)).toMatchObject({ value: true });
  });

  test('that is not answered', async () => {
    const { looking, asked } = pinging('linux', { code: 1, output: LOST });
    expect(await pingHost('10.0.4.21', looking)).toMatchObject({ value: false, line: 'ping: no answer to 2 packets' });
    expect(asked).toHaveLength(2);
  });

  test('on macOS, where silence is another code', async () => {
    const { looking, asked } = pinging('darwin', { code: 2, output: '' });
    expect(await pingHost('10.0.4.21', looking)).toMatchObject({ value: false });
    expect(asked[0]).toBe('ping -c 1 -W 1000 10.0.4.21');
  });

  test('on Windows, where a router that says no is no answer', async () => {
    const router = 'Antwort von 10.0.4.5: Zielhost nicht erreichbar.\r\n\r\nPakete: Gesendet = 1, Empfangen = 1\r\n';
    const answer = 'Antwort von 10.0.4.21: Bytes=32 Zeit<1ms TTL=64\r\n';
    const no = pinging('win32', { code: 0, output: router });
    expect(await pingHost('10.0.4.21', no.looking)).toMatchObject({ value: false });
    const yes = pinging('win32', { code: 0, output: answer });
    expect(await pingHost('10.0.4.21', yes.looking)).toMatchObject({ value: true, line: 'ping: answered in 1 ms' });
  });

  test.each([
    [{ code: 2, output: 'ping: socket: Operation not permitted' }, 'the program ping could not ask (it ended with 2)'],
    [{ code: 2, output: 'ping: connect: Network is unreachable' }, 'the program ping could not ask (it ended with 2)'],
    [
      { code: 1, output: 'ping: permission denied (are you root?)' },
      'the program ping could not ask (it ended with 1)',
    ],
    [null, 'the program ping is not there, or did not end within 2 s'],
  ])('that could not be made is not seen (%#)', async (end, why) => {
    const { looking } = pinging('linux', end);
    expect(await pingHost('10.0.4.21', looking)).toEqual({ notSeen: why });
  });

  test('of a name without an address is not made', async () => {
    const { looking, asked } = pinging('linux', { code: 0, output: ANSWERED });
    expect(await pingHost('miner-7.lan', looking)).toEqual({ notSeen: 'the name leads to no address' });
    expect(asked).toEqual([]);
  });
});
