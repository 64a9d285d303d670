import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { suggestRanges } from './suggest-ranges.ts';

const ipv4 = (cidr: string, internal = false): NetworkInterfaceInfo => ({
  address: cidr.slice(0, cidr.indexOf('/')),
  cidr,
  netmask: '',
  mac: '00:00:00:00:00:00',
  internal,
  family: 'IPv4',
});

describe('ranges are proposed', () => {
  test('for the private networks of this computer', () => {
    const ranges = suggestRanges({ eth0: [ipv4('192.168.1.77/24')], wlan0: [ipv4('10.4.16.9/26')] });
    expect(ranges).toEqual(['192.168.1.0/24', '10.4.16.0/26']);
  });

  test('of a large network, only around this computer', () => {
    expect(suggestRanges({ enp3s0: [ipv4('10.20.31.5/8')] })).toEqual(['10.20.28.0/22']);
  });

  test('once for two interfaces in one network', () => {
    expect(suggestRanges({ eth0: [ipv4('10.0.0.5/24')], wlan0: [ipv4('10.0.0.6/24')] })).toEqual(['10.0.0.0/24']);
  });
});

describe('ranges are never proposed', () => {
  test.each(['lo', 'docker0', 'br-5f2a', 'veth12ab', 'cni0', 'virbr0', 'flannel.1', 'tun0', 'wg0', 'vEthernet (WSL)'])(
    'for %s',
    (name) => {
      expect(suggestRanges({ [name]: [ipv4('172.17.0.1/16')] })).toEqual([]);
    },
  );

  test('for public, internal and link-local addresses, nor for a point-to-point link', () => {
    expect(
      suggestRanges({
        eth0: [ipv4('203.0.113.5/24'), ipv4('127.0.0.1/8', true), ipv4('169.254.3.4/16'), ipv4('10.0.0.1/31')],
      }),
    ).toEqual([]);
  });
});
