import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onComputer } from './computer.testing.ts';
import { isUp, parseIpLink, parseIpRoute, parseProcRoute, parseRouteGet } from './own-routes.ts';
import { parseNetstat, parseProcTcp } from './own-sockets.ts';

describe('a route', () => {
  test('of iproute2 names its interface, its gateway and our address', () => {
    expect(
      parseIpRoute('[{"dst":"8.8.8.8","gateway":"10.9.0.3","dev":"va","prefsrc":"10.9.0.1","flags":[],"uid":0}]'),
    ).toEqual({ hasRoute: true, interface: 'va', gateway: '10.9.0.3', source: '10.9.0.1' });
  });

  // 10.0.4.0/24 over eth0, and 0.0.0.0/0 by 10.0.4.1; the numbers stand backwards.
  const PROC = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0104000A\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t0004000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
wlan0\t0005000A\t00000000\t0000\t0\t0\t600\t00FFFFFF\t0\t0\t0
`;

  test('of /proc/net/route is the narrowest that is up', () => {
    expect(parseProcRoute(PROC, '10.0.4.21')).toMatchObject({ interface: 'eth0', gateway: null });
    expect(parseProcRoute(PROC, '10.0.5.21')).toMatchObject({ interface: 'eth0', gateway: '10.0.4.1' });
    expect(parseProcRoute(PROC.split('\n').slice(0, 1).join('\n'), '10.0.4.21').hasRoute).toBe(false);
  });

  test('of macOS', () => {
    const text =
      '   route to: 10.0.5.21\ndestination: default\n       mask: default\n    gateway: 10.0.4.1\n  interface: en0\n';
    expect(parseRouteGet(text, 0)).toMatchObject({ hasRoute: true, interface: 'en0', gateway: '10.0.4.1' });
    expect(parseRouteGet('route: writing to routing socket: not in table\n', 1)).toMatchObject({ hasRoute: false });
  });
});

test('an interface is asked of `ip` where /sys is that of another network', async () => {
  const down =
    '[{"ifindex":5,"ifname":"va","flags":["NO-CARRIER","BROADCAST","MULTICAST","UP"],"mtu":1500,"operstate":"LOWERLAYERDOWN"}]';
  const { system } = onComputer({ run: async () => ({ code: 0, output: down }) });
  expect(await isUp('va', system)).toBe(false);
});

describe('sockets', () => {
  test('of IPv6 have short addresses, and IPv4 ones within it their own', () => {
    const tcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 000000000000000000000000000000AA:C001 000000FD000000000000000001000000:0FBC 01 00000000:00000000 00:00000000 00000000     0        0 77 1 0 20 4 30 10 -1
   1: 0000000000000000FFFF00000504000A:C002 0000000000000000FFFF00001504000A:0050 08 00000000:00000000 00:00000000 00000000     0        0 78 1 0 20 4 30 10 -1
`;
    expect(parseProcTcp(tcp6)).toEqual([
      { remote: 'fd00::1', port: 4028, state: 'ESTABLISHED', inode: '77' },
      { remote: '10.0.4.21', port: 80, state: 'CLOSE_WAIT', inode: '78' },
    ]);
  });

  test('of netstat are the same on Windows and macOS', () => {
    expect(parseNetstat('  TCP    10.0.4.5:50111    10.0.4.21:4028    ESTABLISHED\r\n')).toEqual([
      { remote: '10.0.4.21', port: 4028, state: 'ESTABLISHED' },
    ]);
    expect(parseNetstat('tcp4       0      0  10.0.4.5.50111   10.0.4.21.4028    CLOSE_WAIT \n')).toEqual([
      { remote: '10.0.4.21', port: 4028, state: 'CLOSE_WAIT' },
    ]);
  });
});

test('what none of these programs prints breaks nothing', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('10.0.4.21', '0004000A', '00FFFFFF', '1504000A:0FBC', '0001', '01', 'tcp', '\t', '\n'),
  );
  const text = fc.oneof(
    fc.json(),
    fc.array(cell, { maxLength: 40 }).map((cells) => cells.join(' ')),
  );
  fc.assert(
    fc.property(text, (said) => {
      parseIpRoute(said);
      parseIpLink(said);
      parseProcRoute(said, '10.0.4.21');
      parseRouteGet(said, 0);
      for (const { port } of [...parseProcTcp(said), ...parseNetstat(said)]) expect(port).toBeLessThan(100_000);
    }),
    { seed: 20_261_124, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
