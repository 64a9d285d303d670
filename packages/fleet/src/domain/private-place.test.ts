import { describe, expect, test } from 'vitest';
import { privatePlace } from './private-place.ts';

describe('an address that another person may have examined', () => {
  test.each([
    ['10.0.4.21', '10.0.4.21'],
    ['192.168.1.5:4028', '192.168.1.5:4028'],
    ['172.16.0.1', '172.16.0.1'],
    ['172.31.255.254:1', '172.31.255.254:1'],
    ['100.64.3.3', '100.64.3.3'],
    ['169.254.7.7', '169.254.7.7'],
    ['fd00::5', 'fd00::5'],
    ['FD00::5', 'fd00::5'],
    ['[fd00::5]', 'fd00::5'],
    ['[fe80::1]:80', '[fe80::1]:80'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['[fe80::1%eth0]:4028', '[fe80::1%eth0]:4028'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['[::ffff:a00:1]:80', '[::ffff:a00:1]:80'],
  ])('is %s of a private network', (text, place) => {
    expect(privatePlace(text, false)).toBe(place);
  });

  test.each([
    '8.8.8.8',
    '8.8.8.8:4028',
    '172.32.0.1',
    '172.15.255.255',
    '100.128.0.1',
    '192.169.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '169.254.169.254',
    '169.254.169.254:80',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    '::',
    '::ffff:8.8.8.8',
    '[::ffff:808:808]:80',
    '::8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
    '2001:db8::1',
    '[2001:db8::1]:80',
    '2001:db8::1%eth0',
    'ff02::1%eth0',
  ])('is not %s, which others reach too or which is nobody', (text) => {
    expect(privatePlace(text, true)).toBeNull();
  });

  test.each([
    '',
    ' 10.0.0.1',
    '10.0.0.1 ',
    '10.0.0.1\n',
    'printer.example',
    'localhost',
    '10.0.0.1.nip.io',
    '10.0.0.1.',
    '10.1',
    '167772161',
    '0x0a000001',
    '010.0.0.1',
    '10.0.0.256',
    '10.0.0.1:',
    '10.0.0.1:0',
    '10.0.0.1:65536',
    '10.0.0.1:4028:80',
    '10.0.0.1:080000',
    '[10.0.0.1]:80',
    '[fd00::5',
    'fd00::5]:80',
    '[fd00::5]:x',
    '[]',
    'user@10.0.0.1',
    'http://10.0.0.1',
    '10.0.0.1/8',
    '10.0.0.1%eth0',
    'fe80::1%',
  ])('is not %j, which is no address or can be read in two ways', (text) => {
    expect(privatePlace(text, true)).toBeNull();
  });

  test.each(['127.0.0.1', '127.20.0.1:4028', '::1', '[::1]:80', '::ffff:127.0.0.1', '[::ffff:7f00:1]:22'])(
    'is %s, the computer of the daemon, for those who sit at it',
    (text) => {
      expect([privatePlace(text, true) !== null, privatePlace(text, false)]).toEqual([true, null]);
    },
  );
});
