import { describe, expect, test } from 'vitest';
import { AT, ask, code, device, first, logon, MINUTE, message, SECOND } from './sim.testing.ts';

const SESSION_COMMANDS = [
  'addpool',
  'switchpool',
  'enablepool',
  'disablepool',
  'removepool',
  'voltageset',
  'frequencyset',
  'fanset',
  'curtail',
  'autotunerset',
  'atmset',
  'powertargetset',
  'profileset',
  'profilenew',
  'profilerem',
  'ledset',
  'tempctrlset',
  'netset',
  'psuset',
  'immersionswitch',
];

describe('a session', () => {
  test('has an id of eight letters and digits, told once; session never tells it', () => {
    const machine = device();
    const doc = ask(machine, 'logon');
    expect(code(doc)).toEqual(['S', 22]);
    expect(message(doc)).toBe('Session created');
    expect(doc.SESSION?.[0]?.SessionID).toMatch(/^[A-Za-z0-9]{8}$/);
    expect(first(machine, 'session', 'SESSION', AT + 90 * SECOND)).toEqual({
      Session: 1,
      SessionID: '',
      AgeSeconds: 90,
    });
    expect(first(device(), 'session', 'SESSION')).toEqual({ Session: 0, SessionID: '', AgeSeconds: 0 });
  });

  test('keeps out a second one with 45', () => {
    const machine = device();
    logon(machine);
    expect(code(ask(machine, 'logon'))).toEqual(['E', 45]);
  });

  test('is ended by logoff with its id only, and by kill with any', () => {
    const machine = device();
    const id = logon(machine);
    for (const given of [undefined, '', 'WRONGONE', `x${id}`]) {
      expect(code(ask(machine, 'logoff', AT, given))).toEqual(['E', 15]);
    }
    expect(code(ask(machine, 'logoff', AT, ` ${id} ,more`))).toEqual(['S', 22]);
    expect(code(ask(machine, 'logoff', AT, id))).toEqual(['E', 15]);
    const other = logon(machine);
    expect(other).not.toBe(id);
    expect(ask(machine, 'kill', AT, 'ZZZZZZZZ').KILLED).toBe(true);
    const nothing = ask(machine, 'kill');
    expect([nothing.KILLED, ...code(nothing)]).toEqual([false, 'S', 22]);
  });

  test('lives 600 s behind its last use; asking for it is no use', () => {
    const machine = device();
    const id = logon(machine);
    const used = AT + 599 * SECOND;
    expect(code(ask(machine, 'ledset', used, id))).toEqual(['S', 33]);
    expect(first(machine, 'session', 'SESSION', used + 599 * SECOND).Session).toBe(1);
    expect(first(machine, 'session', 'SESSION', used + 600 * SECOND).Session).toBe(0);
    expect(code(ask(machine, 'ledset', used + 600 * SECOND, id))).toEqual(['E', 15]);
    expect(logon(machine, used + 600 * SECOND)).not.toBe('');
  });

  test('ends with the daemon', () => {
    const machine = device();
    const id = logon(machine);
    ask(machine, 'restart');
    const later = AT + MINUTE;
    expect(first(machine, 'session', 'SESSION', later).Session).toBe(0);
    expect(logon(machine, later)).not.toBe(id);
  });

  test('may be opened and ended in a join, which has only one status for it', () => {
    const machine = device();
    const doc = ask(machine, 'version+logon');
    expect(doc.SESSION?.[0]?.SessionID).toMatch(/^[A-Za-z0-9]{8}$/);
    expect(ask(machine, 'summary+kill').KILLED).toBe(true);
  });
});

describe.each(SESSION_COMMANDS)('%s', (name) => {
  test('wants a session: 15 without one, whatever is given, 15 without an id, 45 with a wrong one', () => {
    const machine = device();
    expect(code(ask(machine, name))).toEqual(['E', 15]);
    expect(code(ask(machine, name, AT, 'anything,1,2,3'))).toEqual(['E', 15]);
    expect(message(ask(machine, name))).toContain('no active session');
    logon(machine);
    expect(code(ask(machine, name))).toEqual(['E', 15]);
    expect(code(ask(machine, name, AT, ',1,2,3'))).toEqual(['E', 15]);
    expect(message(ask(machine, name, AT, ' ,1'))).toContain('SessionID required');
    expect(code(ask(machine, name, AT, 'WRONGSID,1,2,3'))).toEqual(['E', 45]);
  });
});

test.each([
  ['addpool'],
  ['addpool', 'stratum+tcp://a.example.com:1', 'w'],
  ['voltageset'],
  ['voltageset', '13.8'],
  ['frequencyset', 'fast'],
  ['fanset'],
  ['fanset', 'min_fans=2'],
  ['fanset', 'speed=-1'],
  ['curtail', 'doze'],
  ['autotunerset'],
  ['autotunerset', 'enabled=maybe'],
  ['atmset', 'true'],
  ['powertargetset'],
  ['powertargetset', 'power=1.5kW'],
  ['powertargetset', 'power=4294967296'],
  ['profileset'],
  ['profilenew', 'eco', '500'],
  ['profilerem'],
  ['tempctrlset'],
  ['tempctrlset', '55', '65', '75'],
  ['netset', 'ip=192.0.2.9'],
])('%s with %s, %s misses something: 28', (name, ...rest) => {
  const machine = device();
  expect(code(ask(machine, name, AT, [logon(machine), ...rest].join(',')))).toEqual(['E', 28]);
});

test.each(['switchpool', 'enablepool', 'disablepool', 'removepool'])(
  '%s is not supported, also with a session',
  (name) => {
    const machine = device();
    const doc = ask(machine, name, AT, `${logon(machine)},0`);
    expect(code(doc)).toEqual(['E', 15]);
    expect(message(doc)).toContain('is not supported on DCENT_OS');
  },
);

test.each(['psuset', 'immersionswitch', 'profilerem'])('%s is an error, also with a session', (name) => {
  const machine = device();
  expect(code(ask(machine, name, AT, `${logon(machine)},on`))).toEqual(['E', 15]);
});

test('quit is refused with 45 and nothing ends', () => {
  const machine = device();
  expect(code(ask(machine, 'quit'))).toEqual(['E', 45]);
  expect(machine.listening('cgminer', AT + 3 * SECOND)).toBe(true);
});
