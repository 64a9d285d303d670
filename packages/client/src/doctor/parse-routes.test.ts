import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  namesOfDown,
  parseIpLink,
  parseIpRoute,
  parseProcRoute,
  parseRouteGet,
  parseRoutePrint,
} from './parse-routes.ts';

describe('a route of iproute2', () => {
  test('names its interface, its gateway and our address', () => {
    expect(
      parseIpRoute('[{"dst":"8.8.8.8","gateway":"10.9.0.3","dev":"va","prefsrc":"10.9.0.1","flags":[],"uid":0}]'),
    ).toEqual({ hasRoute: true, interface: 'va', gateway: '10.9.0.3', source: '10.9.0.1' });
  });

  test('over two interfaces is the first of them', () => {
    const text =
      '[{"dst":"default","protocol":"static","flags":[],"nexthops":[{"gateway":"10.0.4.1","dev":"eth0","weight":1,"flags":[]},{"gateway":"10.0.5.1","dev":"eth1","weight":1,"flags":[]}]}]';
    expect(parseIpRoute(text)).toEqual({ hasRoute: true, interface: 'eth0', gateway: '10.0.4.1', source: null });
  });

  test('that is to lead nowhere is none; and what is no list of routes says nothing', () => {
    expect(parseIpRoute('[{"type":"blackhole","dst":"10.6.0.0/16","flags":[]}]')).toMatchObject({ hasRoute: false });
    for (const text of ['', '[]', '{}', '[7]', '[{}]', '[{"dst":"default","nexthops":[]}]']) {
      expect(parseIpRoute(text)).toBeNull();
    }
  });
});

/** As Linux 6.18 printed it for routes to nowhere, and the numbers of two more that stand backwards. */
const PROC = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                                                       
wlan0\t00000000\t0105000A\t0003\t0\t0\t600\t00000000\t0\t0\t0                                                                              
eth0\t00000000\t0104000A\t0003\t0\t0\t100\t00000000\t0\t0\t0                                                                              
eth0\t0004000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0                                                                              
wlan0\t0005000A\t00000000\t0000\t0\t0\t600\t00FFFFFF\t0\t0\t0                                                                              
*\t0000060A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0                                                                                  
*\t0000070A\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0                                                                                  
`;

describe('a route of /proc/net/route', () => {
  test('is the narrowest that is up, and of like ones that with the lower metric', () => {
    expect(parseProcRoute(PROC, '10.0.4.21')).toMatchObject({ interface: 'eth0', gateway: null });
    expect(parseProcRoute(PROC, '10.0.5.21')).toMatchObject({ interface: 'eth0', gateway: '10.0.4.1' });
  });

  test('to nowhere is none, though there is a wider one', () => {
    expect(parseProcRoute(PROC, '10.6.0.1').hasRoute).toBe(false);
    expect(parseProcRoute(PROC, '10.7.0.1').hasRoute).toBe(false);
  });

  test('is not there in an empty table, nor where a number is none', () => {
    const [heading = ''] = PROC.split('\n');
    expect(parseProcRoute(`${heading}\n`, '10.0.4.21').hasRoute).toBe(false);
    expect(
      parseProcRoute(`${heading}\neth0\tx\t0104000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n`, '8.8.8.8').hasRoute,
    ).toBe(false);
  });
});

describe('a route of macOS', () => {
  test('by the gateway, or within our own network', () => {
    const far = `   route to: 10.0.5.21
destination: default
       mask: default
    gateway: 10.0.4.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
 recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
       0         0         0         0         0         0      1500         0
`;
    expect(parseRouteGet(far, 0)).toMatchObject({ hasRoute: true, interface: 'en0', gateway: '10.0.4.1' });
    const near = '   route to: 10.0.4.21\ndestination: 10.0.4.0\n       mask: 255.255.255.0\n  interface: en0\n';
    expect(parseRouteGet(near, 0)).toMatchObject({ hasRoute: true, interface: 'en0', gateway: null });
    const six = '   route to: 2001:db8::1\ndestination: default\n    gateway: fe80::1%en0\n  interface: en0\n';
    expect(parseRouteGet(six, 0)).toMatchObject({ gateway: 'fe80::1%en0' });
  });

  test('that is missing, or rejects', () => {
    expect(parseRouteGet('route: writing to routing socket: not in table\n', 1)).toMatchObject({ hasRoute: false });
    const rejects =
      '   route to: 10.7.0.1\n    gateway: 127.0.0.1\n  interface: lo0\n      flags: <UP,GATEWAY,REJECT,DONE>\n';
    expect(parseRouteGet(rejects, 0)).toMatchObject({ hasRoute: false });
    expect(parseRouteGet('usage: route [-dnqtv] command [[modifiers] args]\n', 64)).toBeNull();
  });
});

/** `route print -4`; the second of a German Windows, without a default route. */
const PRINT = `===========================================================================
Interface List
 12...00 15 5d 01 02 03 ......Intel(R) Ethernet Connection
  1...........................Software Loopback Interface 1
===========================================================================

IPv4 Route Table
===========================================================================
Active Routes:
Network Destination        Netmask          Gateway       Interface  Metric
          0.0.0.0          0.0.0.0         10.0.4.1         10.0.4.5     25
         10.0.4.0    255.255.255.0         On-link          10.0.4.5    281
         10.0.4.5  255.255.255.255         On-link          10.0.4.5    281
        127.0.0.0        255.0.0.0         On-link         127.0.0.1    331
        224.0.0.0        240.0.0.0         On-link         127.0.0.1    331
===========================================================================
Persistent Routes:
  Network Address          Netmask  Gateway Address  Metric
          0.0.0.0          0.0.0.0         10.0.4.1       1
===========================================================================
`.replaceAll('\n', '\r\n');
const PRINT_GERMAN = `Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
         10.0.4.0    255.255.255.0   Auf Verbindung          10.0.4.5    281
        127.0.0.0        255.0.0.0   Auf Verbindung         127.0.0.1    331
`;

test('a route of Windows is that of our address on its interface', () => {
  expect(parseRoutePrint(PRINT, '10.0.4.21')).toEqual({
    hasRoute: true,
    interface: '10.0.4.5',
    gateway: null,
    source: '10.0.4.5',
  });
  expect(parseRoutePrint(PRINT, '10.0.5.21')).toMatchObject({ gateway: '10.0.4.1' });
  expect(parseRoutePrint(PRINT_GERMAN, '10.0.4.21')).toMatchObject({ hasRoute: true, gateway: null });
  expect(parseRoutePrint(PRINT_GERMAN, '10.0.5.21')).toMatchObject({ hasRoute: false });
  expect(parseRoutePrint('The requested operation requires elevation.\r\n', '10.0.5.21')).toBeNull();
});

test('interfaces that are down are named, but for loopback and bridges on which nobody is', () => {
  const links = `[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"operstate":"DOWN","link_type":"loopback"},
{"ifindex":2,"ifname":"eth0","flags":["BROADCAST","MULTICAST"],"mtu":1500,"operstate":"DOWN","link_type":"ether"},
{"ifindex":3,"ifname":"eth1","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"operstate":"UP","link_type":"ether"},
{"ifindex":4,"ifname":"eth2","flags":["NO-CARRIER","UP"],"operstate":"LOWERLAYERDOWN","link_type":"ether"},
{"ifindex":5,"ifname":"docker0","flags":["NO-CARRIER","UP"],"operstate":"DOWN","link_type":"ether","linkinfo":{"info_kind":"bridge"}}]`;
  expect(namesOfDown(links)).toEqual(['eth0', 'eth2']);
  expect(parseIpLink(links)).toBe('DOWN');
});

test('what none of these programs prints breaks nothing', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('10.0.4.21', '255.255.255.0', '0004000A', '00FFFFFF', '0001', '281', 'On-link', '\t', '\n', ' '),
    fc.constantFrom('interface:', 'gateway:', 'flags:', 'en0', '*'),
  );
  const text = fc.oneof(
    fc.json(),
    fc.array(fc.object(), { maxLength: 3 }).map((list) => JSON.stringify(list)),
    fc.array(cell, { maxLength: 60 }).map((cells) => cells.join(' ')),
  );
  const isRoute = (route: { hasRoute: boolean; interface: string | null } | null) =>
    route === null || route.hasRoute === (route.interface !== null);
  fc.assert(
    fc.property(text, (said) => {
      expect(typeof parseIpLink(said)).toMatch(/string|object/);
      expect(namesOfDown(said).every((name) => typeof name === 'string')).toBe(true);
      const routes = [parseIpRoute(said), parseRouteGet(said, 0)];
      for (const host of ['10.0.4.21', '0.0.0.0', '255.255.255.255']) {
        routes.push(parseProcRoute(said, host), parseRoutePrint(said, host));
      }
      expect(routes.every(isRoute)).toBe(true);
    }),
    { seed: 20_261_124, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
