import { describe, expect, test } from 'vitest';
import { AT, ask, code, device, first, logon, MINUTE, message, number, POWERED_AT, unlocked } from './sim.testing.ts';
import { dcentSimulator } from './sim.ts';

const CHANGING =
  'restart quit addpool switchpool enablepool disablepool removepool voltageset frequencyset fanset curtail autotunerset atmset powertargetset profileset profilenew profilerem ledset tempctrlset netset psuset immersionswitch'.split(
    ' ',
  );

test('both profiles are beta hardware, open to the LAN and its writes unless switched off', () => {
  expect(dcentSimulator.id).toBe('dcent');
  expect(dcentSimulator.profiles.map(({ name, label }) => [name, label.model, label.firmware])).toEqual([
    ['s9', 'Antminer S9', 'dcent-os'],
    ['s19j-pro', 'Antminer S19j Pro', 'dcent-os'],
  ]);
  const on = dcentSimulator.profiles.map(({ quirks }) => Object.keys(quirks).filter((name) => quirks[name]?.on));
  expect(on).toEqual([
    ['bind-lan', 'lan-writes'],
    ['bind-lan', 'lan-writes'],
  ]);
});

test('bind-lan off: the port is closed for ever', () => {
  const machine = device({ 'bind-lan': false });
  expect([POWERED_AT, AT].map((now) => machine.listening('cgminer', now))).toEqual([false, false]);
});

describe('lan-writes off', () => {
  test.each([...CHANGING, 'kill'])('%s is denied with 45 before anything else', (name) => {
    const machine = device({ 'lan-writes': false });
    const doc = ask(machine, name, AT, `${logon(machine)},1,2,3`);
    expect(code(doc)).toEqual(['E', 45]);
    expect(message(doc)).toContain('LAN writes disabled');
    expect(message(doc)).toContain(name);
    expect(first(machine, 'session', 'SESSION').Session).toBe(1);
  });

  test('every name of a join is looked at', () => {
    const machine = device({ 'lan-writes': false });
    for (const names of ['summary+restart', 'version+kill']) expect(code(ask(machine, names))).toEqual(['E', 45]);
  });

  test('reads, joins of reads and the own session are as ever', () => {
    const machine = device({ 'lan-writes': false });
    for (const name of ['summary', 'metrics', 'systemaudit', 'limits', 'version+pools']) {
      expect(code(ask(machine, name))[0]).toBe('S');
    }
    expect(code(ask(machine, 'logoff', AT, logon(machine)))).toEqual(['S', 22]);
  });
});

test('observer-only: changes and sessions are denied with 45, reads are not', () => {
  const machine = device({ 'observer-only': true });
  for (const name of [...CHANGING, 'logon', 'logoff', 'session', 'kill', 'version+session']) {
    expect([name, ...code(ask(machine, name))]).toEqual([name, 'E', 45]);
  }
  expect(code(ask(machine, 'version+summary'))).toEqual(['S', 22]);
});

test('unproven-hardware: a valid session helps nothing where hardware or its configuration would change', () => {
  const { machine, write } = unlocked({ 'unproven-hardware': true });
  const refused: [string, string][] = [
    ['addpool', 'stratum+tcp://a.example.com:1,w,x'],
    ['voltageset', '8600'],
    ['frequencyset', '600'],
    ['fanset', '25'],
    ['curtail', 'sleep'],
    ['curtail', 'wakeup'],
    ['profileset', 'eco'],
    ['profilenew', 'eco,500,8300'],
    ['tempctrlset', 'target=50'],
    ['netset', 'dhcp=true'],
  ];
  for (const [command, value] of refused) expect([command, ...code(write(command, value))]).toEqual([command, 'E', 28]);
  expect(code(ask(machine, 'restart'))).toEqual(['E', 28]);
  expect(machine.listening('cgminer', AT + 3000)).toBe(true);
  expect(code(write('powertargetset', 'power=900'))).toEqual(['S', 33]);
});

test('restart-refused and no-fan-broker: what newer builds refuse, with 28', () => {
  const { machine, write } = unlocked({ 'restart-refused': true, 'no-fan-broker': true });
  expect(code(ask(machine, 'restart'))).toEqual(['E', 28]);
  expect(machine.listening('cgminer', AT + 3000)).toBe(true);
  const doc = write('fanset', '25');
  expect(code(doc)).toEqual(['E', 28]);
  expect(doc.FAN?.[0]).toMatchObject({ status: 'unavailable', hardware_access_attempted: false });
  expect(first(machine, 'stats', 'STATS', AT + 30 * MINUTE).temp1).toBe(55);
});

test('no-tuner: accepted, and only the small print says that nothing happened', () => {
  const { machine, write } = unlocked({ 'no-tuner': true });
  const doc = write('powertargetset', 'power=900');
  expect(code(doc)).toEqual(['S', 33]);
  expect(doc.POWER?.[0]?.runtime).toMatchObject({ channel_available: false, applied_runtime: false });
  expect(number(machine, 'metrics', 'METRICS', 'Wall Power', AT + 10 * MINUTE)).toBeGreaterThan(1250);
});

test('foreign-session: logon is refused for as long as nobody kills it', () => {
  const machine = device({ 'foreign-session': true });
  const later = AT + 24 * 60 * MINUTE;
  expect(code(ask(machine, 'logon', later))).toEqual(['E', 45]);
  expect(first(machine, 'session', 'SESSION', AT)).toEqual({ Session: 1, SessionID: '', AgeSeconds: 7160 });
  expect(ask(machine, 'kill', later).KILLED).toBe(true);
  expect(logon(machine, later)).toMatch(/^[A-Za-z0-9]{8}$/);
});

test('dead-board: the last chain is there with no chips, dead and cold', () => {
  const machine = device({ 'dead-board': true });
  expect(ask(machine, 'devs').DEVS?.map((dev) => [dev.Status, dev.Enabled, dev.chain_acn])).toEqual([
    ['Alive', 'Y', 63],
    ['Alive', 'Y', 63],
    ['Dead', 'N', 0],
  ]);
  expect(first(machine, 'stats', 'STATS')).toMatchObject({
    miner_count: 3,
    chain_acn3: 0,
    chain_rate3: '0.00',
    chain_xtime3: 'x',
    temp3: 0,
  });
  expect(ask(machine, 'notify').NOTIFY?.map((one) => one['Reason Not Well'])).toEqual(['None', 'None', 'Dead']);
  expect(number(machine, 'stats', 'STATS', 'total_rate')).toBeLessThan(10_000);
});

test('stalled-fan, dead-pool, asleep and no-pools show in what is read', () => {
  const fans = first(device({ 'stalled-fan': true }), 'stats', 'STATS');
  expect([fans.fan1, fans.fan_num]).toEqual([0, 2]);
  const pools = ask(device({ 'dead-pool': true }), 'pools').POOLS ?? [];
  expect(pools.map((pool) => [pool.Status, Number(pool.Accepted) > 0])).toEqual([
    ['Standby', false],
    ['Alive', true],
  ]);
  const asleep = device({ asleep: true });
  expect(number(asleep, 'summary', 'SUMMARY', 'GHS av')).toBe(0);
  expect(number(asleep, 'metrics', 'METRICS', 'Power')).toBe(25);
  const bare = device({ 'no-pools': true });
  expect(ask(bare, 'pools').POOLS).toHaveLength(1);
  expect(first(bare, 'pools', 'POOLS')).toMatchObject({ URL: '', User: '', Status: 'Disconnected', Accepted: 0 });
  expect(number(bare, 'summary', 'SUMMARY', 'GHS av')).toBe(0);
});
