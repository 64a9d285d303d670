import { describe, expect, test } from 'vitest';
import { INTERFACES, onComputer } from './computer.testing.ts';
import type { OperatingSystem } from './operating-system.ts';
import { defaultGateway, downInterfaces, isUp, routeTo } from './own-routes.ts';

type Said = { readonly code: number; readonly output: string };

/** What each program says, by its line; any other is not there. */
const on = (platform: NodeJS.Platform, programs: Readonly<Record<string, string | Said>>, table?: string) => {
  const run: OperatingSystem['run'] = async (program, args) => {
    const said = programs[[program, ...args].join(' ')];
    return typeof said === 'string' ? { code: 0, output: said } : (said ?? null);
  };
  const readFile = async (path: string) => (path === '/proc/net/route' ? (table ?? null) : null);
  return onComputer({ platform, run, readFile, interfaces: INTERFACES });
};

const HEADING = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const TABLE = `${HEADING}eth0\t00000000\t0104000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n`;

describe('the way to an address', () => {
  // What iproute2 said for no route, for unreachable, blackhole and prohibit: it ends with 2 each time.
  test.each(['Network is unreachable', 'No route to host', 'Invalid argument', 'Permission denied'])(
    'is not there when ip says "%s"',
    async (why) => {
      const { system } = on('linux', {
        'ip -j route get 10.0.4.21': { code: 2, output: `RTNETLINK answers: ${why}\n` },
      });
      expect(await routeTo('10.0.4.21', system)).toMatchObject({ hasRoute: false, interface: null });
    },
  );

  test('is read from /proc where ip may not ask, or is that of BusyBox, or is not there', async () => {
    const ways: Readonly<Record<string, Said>>[] = [
      { 'ip -j route get 8.8.8.8': { code: 2, output: 'RTNETLINK answers: Operation not permitted\n' } },
      { 'ip -j route get 8.8.8.8': { code: 1, output: "ip: invalid option -- 'j'\n" } },
      {},
    ];
    for (const programs of ways) {
      const { system } = on('linux', programs, TABLE);
      expect(await routeTo('8.8.8.8', system)).toMatchObject({ interface: 'eth0', gateway: '10.0.4.1' });
    }
    expect(await routeTo('8.8.8.8', on('linux', {}).system)).toBeNull();
    expect(await routeTo('2001:db8::1', on('linux', {}, TABLE).system)).toBeNull();
  });

  test('of a link-local address is asked over its zone', async () => {
    const { system } = on('linux', { 'ip -j route get fe80::21 dev eth0': '[{"dst":"fe80::21","dev":"eth0"}]' });
    expect(await routeTo('fe80::21%eth0', system)).toMatchObject({ hasRoute: true, interface: 'eth0' });
  });

  test('on Windows has the name of the interface that has our address', async () => {
    const { system } = on('win32', { 'route print -4': '  10.0.4.0    255.255.255.0   On-link   10.0.4.5    281\r\n' });
    expect(await routeTo('10.0.4.21', system)).toMatchObject({ interface: 'eth0', source: '10.0.4.5' });
    expect(await routeTo('fd00:4::21', system)).toBeNull();
  });

  test('on macOS is asked for IPv6 as such; a name leads nowhere', async () => {
    const { system } = on('darwin', { 'route -n get -inet6 fd00:4::21': '  interface: en0\n' });
    expect(await routeTo('fd00:4::21', system)).toMatchObject({ interface: 'en0' });
    expect(await routeTo('miner-21.lan', system)).toBeNull();
  });
});

describe('the default gateway', () => {
  test('of Linux, of IPv6 too, and from /proc', async () => {
    const linux = on('linux', {
      'ip -j route show default': '[{"dst":"default","gateway":"10.0.4.1","dev":"eth0","flags":[]}]',
      'ip -j -6 route show default': '[{"dst":"default","gateway":"fe80::1","dev":"eth0","flags":[]}]',
    });
    expect(await defaultGateway(linux)).toBe('10.0.4.1');
    expect(await defaultGateway(linux, 6)).toBe('fe80::1');
    expect(await defaultGateway(on('linux', {}, TABLE))).toBe('10.0.4.1');
    expect(await defaultGateway(on('linux', { 'ip -j route show default': '[]' }, HEADING))).toBeNull();
  });

  test('of Windows and macOS', async () => {
    const windows = on('win32', { 'route print -4': '  0.0.0.0    0.0.0.0   10.0.4.1   10.0.4.5    25\r\n' });
    expect(await defaultGateway(windows)).toBe('10.0.4.1');
    const mac = on('darwin', { 'route -n get default': '    gateway: 10.0.4.1\n  interface: en0\n' });
    expect(await defaultGateway(mac)).toBe('10.0.4.1');
    expect(await defaultGateway(on('darwin', {}))).toBeNull();
  });
});

test('an interface is asked of `ip` where /sys is that of another network', async () => {
  const down =
    '[{"ifindex":5,"ifname":"va","flags":["NO-CARRIER","BROADCAST","MULTICAST","UP"],"mtu":1500,"operstate":"LOWERLAYERDOWN"}]';
  const { system } = onComputer({ run: async () => ({ code: 0, output: down }) });
  expect(await isUp('va', system)).toBe(false);
});

test('interfaces that are down are asked of Linux alone', async () => {
  const links = '[{"ifname":"eth0","operstate":"DOWN","link_type":"ether"}]';
  expect(await downInterfaces(on('linux', { 'ip -j -d link show': links }).system)).toEqual(['eth0']);
  expect(await downInterfaces(on('darwin', { 'ip -j -d link show': links }).system)).toEqual([]);
});
