import { expect, test } from 'vitest';
import { INTERFACES } from './computer.testing.ts';
import { distanceOf } from './own-network.ts';

test.each([
  ['127.0.0.1', 'here'],
  ['::1', 'here'],
  ['10.0.4.5', 'here'],
  ['fd00:4:0:0:0:0:0:5', 'here'],
  ['10.0.4.21', 'near'],
  ['::ffff:10.0.4.21', 'near'],
  ['fd00:4::21', 'near'],
  ['fe80::21%eth0', 'near'],
  ['10.0.5.21', 'far'],
  ['fd00:5::21', 'far'],
  ['miner-7.lan', 'far'],
] as const)('%s is %s', (host, distance) => {
  expect(distanceOf(host, INTERFACES())).toBe(distance);
});
