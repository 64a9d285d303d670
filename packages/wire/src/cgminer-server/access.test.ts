import { describe, expect, test } from 'vitest';
import { accessList } from './access.ts';
import type { ApiAccess, ApiCommand } from './program.ts';
import { say } from './values.ts';

const command = (name: string, access: 'read' | 'write'): ApiCommand => ({
  name,
  access,
  joinable: true,
  run: () => say(11),
});
const COMMANDS = [
  command('summary', 'read'),
  command('pools', 'read'),
  command('quit', 'write'),
  command('save', 'write'),
];

/** What an address may call, as one word; `-` when it is not served at all. */
function grant(access: ApiAccess, address: string): string {
  const found = accessList(access, COMMANDS).grantOf(address);
  return found === null
    ? '-'
    : COMMANDS.map(({ name }) => (found.allows(name) ? name : ''))
        .filter(Boolean)
        .join(' ');
}

describe('without a list', () => {
  test('api-listen lets exactly 127.0.0.1 and ::1 read', () => {
    expect(grant({ listen: true }, '127.0.0.1')).toBe('summary pools');
    expect(grant({ listen: true }, '::1')).toBe('summary pools');
    expect(grant({ listen: true }, '127.0.0.2')).toBe('-');
  });

  test('api-network lets everybody read', () => {
    expect(grant({ listen: true, network: true }, '192.168.1.7')).toBe('summary pools');
  });

  test('without api-listen nobody is served', () => {
    expect(grant({ listen: false, allow: 'W:0/0' }, '127.0.0.1')).toBe('-');
  });
});

describe('the allow list', () => {
  const allowed = (allow: string, address: string, groups?: string) =>
    grant({ listen: true, allow, ...(groups === undefined ? {} : { groups }) }, address);

  test('the first match wins, 127.0.0.1 is not implied', () => {
    expect(allowed('W:10.0.0.5,R:10.0.0.0/24', '10.0.0.5')).toBe('summary pools quit save');
    expect(allowed('W:10.0.0.5,R:10.0.0.0/24', '10.0.0.6')).toBe('summary pools');
    expect(allowed('R:10.0.0.0/24,W:10.0.0.5', '10.0.0.5')).toBe('summary pools');
    expect(allowed('W:10.0.0.5', '127.0.0.1')).toBe('-');
  });

  test('no letter and an undefined letter read; small letters are letters', () => {
    expect(allowed('10.0.0.5', '10.0.0.5')).toBe('summary pools');
    expect(allowed('Q:10.0.0.5', '10.0.0.5')).toBe('summary pools');
    expect(allowed('w:10.0.0.5', '10.0.0.5')).toBe('summary pools quit save');
  });

  test('0/0 is every address, prefix 0 on anything else is none', () => {
    expect(allowed('0/0', '2001:db8::1')).toBe('summary pools');
    expect(allowed('10.0.0.0/0', '10.0.0.1')).toBe('-');
    expect(allowed('10.0.0.0/33', '10.0.0.1')).toBe('-');
  });

  test('short addresses are padded with .0', () => {
    expect(allowed('192.168/16', '192.168.77.1')).toBe('summary pools');
    expect(allowed('10', '10.0.0.0')).toBe('summary pools');
    expect(allowed('192.168/16', '192.169.0.1')).toBe('-');
  });

  test('IPv6 stands in brackets; a mapped IPv4 peer is its IPv4 address', () => {
    expect(allowed('[2001:db8::]/32', '2001:db8:1::5')).toBe('summary pools');
    expect(allowed('[2001:db8::]/32', '2001:db9::1')).toBe('-');
    expect(allowed('10.0.0.5', '::ffff:10.0.0.5')).toBe('summary pools');
    expect(allowed('[fe80::1]', 'fe80::1%eth0')).toBe('summary pools');
  });

  test('what is no address is dropped without a word: the factory list of stock Antminers', () => {
    expect(allowed('A:0/0,W:*', '10.1.2.3', 'A:summary')).toBe('summary');
    expect(allowed('W:*,W:300.1.1.1,W:1.2.3.4/x,W:01.2.3.4,,W:1/2/3', '1.2.3.4')).toBe('-');
  });
});

describe('groups', () => {
  const groups = (list: string) => grant({ listen: true, allow: 'P:0/0', groups: list }, '10.0.0.1');

  test('a group has the commands that it names, and with * all read commands', () => {
    expect(groups('P:quit')).toBe('quit');
    expect(groups('P:quit:*,S:save')).toBe('summary pools quit');
  });

  test.each(['P:nosuch', 'P:quit,P:save', 'R:quit', 'W:quit', '1:quit'])(
    'the program does not start with %s',
    (list) => {
      expect(() => groups(list)).toThrow(/usage\/invalid/);
    },
  );
});
