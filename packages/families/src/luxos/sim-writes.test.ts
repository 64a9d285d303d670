import { describe, expect, test } from 'vitest';
import { AT, ask, code, type Doc, device, first, HOUR, logon, SECOND } from './sim.testing.ts';

describe('sessions', () => {
  test('one at a time: logon gives an id of eight characters, a second one is refused', () => {
    const machine = device();
    expect(ask(machine, 'session').SESSION).toEqual([{ SessionID: '' }]);
    const reply = ask(machine, 'logon');
    const id = String(reply.SESSION?.[0]?.SessionID);
    expect(code(reply)).toEqual(['S', 316]);
    expect(id).toMatch(/^[A-Za-z0-9]{8}$/);
    expect(code(ask(machine, 'logon'))).toEqual(['E', 402]);
    expect(code(ask(machine, 'session'))).toEqual(['S', 319]);
    expect(ask(machine, 'session').SESSION).toEqual([{ SessionID: id }]);
  });

  test('it dies after one minute without use, and each use begins the minute again', () => {
    const machine = device();
    const id = logon(machine);
    expect(code(ask(machine, 'ledset', AT + 59 * SECOND, `${id},red,on`))[0]).toBe('S');
    expect(ask(machine, 'session', AT + 118 * SECOND).SESSION).toEqual([{ SessionID: id }]);
    expect(code(ask(machine, 'ledset', AT + 118 * SECOND, `${id},red,off`))[0]).toBe('S');
    // To look is no use.
    expect(ask(machine, 'session', AT + 177 * SECOND).SESSION).toEqual([{ SessionID: id }]);
    expect(ask(machine, 'session', AT + 178 * SECOND).SESSION).toEqual([{ SessionID: '' }]);
    expect(code(ask(machine, 'ledset', AT + 178 * SECOND, `${id},red,on`))).toEqual(['E', 408]);
    const next = logon(machine, AT + 179 * SECOND);
    expect(next).toMatch(/^[A-Za-z0-9]{8}$/);
    expect(next).not.toBe(id);
  });

  test('logoff needs the id, kill does not', () => {
    const machine = device();
    const id = logon(machine);
    expect(code(ask(machine, 'logoff'))).toEqual(['E', 400]);
    expect(code(ask(machine, 'logoff', AT, 'AAAAAAAA'))).toEqual(['E', 408]);
    expect(code(ask(machine, 'logoff', AT, id))[0]).toBe('S');
    expect(ask(machine, 'session').SESSION).toEqual([{ SessionID: '' }]);
    logon(machine);
    expect(code(ask(machine, 'kill'))).toEqual(['S', 318]);
    expect(code(ask(machine, 'logon'))).toEqual(['S', 316]);
  });

  test('a command that writes asks for the id first, then for its own parameters', () => {
    const machine = device();
    expect(code(ask(machine, 'curtail'))).toEqual(['E', 400]);
    expect(code(ask(machine, 'curtail', AT, 'sleep'))).toEqual(['E', 408]);
    const id = logon(machine);
    expect(code(ask(machine, 'curtail', AT, id))).toEqual(['E', 400]);
    expect(code(ask(machine, 'curtail', AT, `${id},snooze`))).toEqual(['E', 401]);
    expect(first(machine, 'config', 'CONFIG').CurtailMode).toBe('None');
  });

  test('a session command in a join has no parameter, so no session', () => {
    const joined = ask(device(), 'version+curtail') as unknown as Record<string, Doc[]>;
    expect(code(joined.curtail?.[0] as Doc)).toEqual(['E', 400]);
  });
});

describe('writes', () => {
  test('sleep stops the work and the supply, wakeup brings both back', () => {
    const machine = device();
    const reply = ask(machine, 'curtail', AT, `${logon(machine)},sleep`);
    expect([...code(reply), reply.CURTAIL]).toEqual(['S', 335, [{ Action: 'sleep mode' }]]);
    const later = AT + 20 * 60 * SECOND;
    expect(first(machine, 'config', 'CONFIG', later)).toMatchObject({ CurtailMode: 'Sleep', IsPowerSupplyOn: false });
    const summary = first(machine, 'summary', 'SUMMARY', later);
    expect([summary['GHS 5s'], summary['GHS 1m'], summary['GHS 15m']]).toEqual([0, 0, 0]);
    expect(summary['GHS av']).toBeGreaterThan(80_000);
    expect(first(machine, 'power', 'POWER', later).Watts).toBeLessThan(60);
    expect(ask(machine, 'fans', later).FANS?.map((fan) => fan.Speed)).toEqual([20, 20, 20, 20]);
    expect(first(machine, 'fans', 'FANS', later).RPM).toBeGreaterThan(900);
    expect(ask(machine, 'voltageget', later, '0').VOLTAGE).toEqual([{ Board: 0, Voltage: 0 }]);
    expect(ask(machine, 'events', later).EVENTS?.map((event) => event.Code)).toEqual(['SLEEP']);
    ask(machine, 'curtail', later, `${logon(machine, later)},wakeup`);
    expect(ask(machine, 'devs', later + 30 * SECOND).DEVS?.map((board) => board.IsRamping)).toEqual([true, true, true]);
    expect(first(machine, 'summary', 'SUMMARY', later + HOUR)['GHS 5m']).toBeGreaterThan(110_000);
  });

  test('a profile is refused while ATM runs, unless the request says so', () => {
    const machine = device();
    const id = logon(machine);
    const refused = ask(machine, 'profileset', AT, `${id},340MHz`);
    expect([refused.STATUS?.[0]?.STATUS, refused.STATUS?.[0]?.Msg]).toEqual([
      'E',
      'Cannot run this command while ATM is running',
    ]);
    const reply = ask(machine, 'profileset', AT, `${id},340MHz,update_atm=true`);
    expect([...code(reply), reply.PROFILE]).toEqual([
      'S',
      321,
      [{ Board: 0, FrequencyStep: 5, Profile: '340MHz', VoltageStep: 0.05 }],
    ]);
    const later = AT + 30 * 60 * SECOND;
    expect(first(machine, 'config', 'CONFIG', later)).toMatchObject({ Profile: '340MHz', ProfileStep: '-10' });
    expect(Math.abs((first(machine, 'power', 'POWER', later).Watts as number) - 1414)).toBeLessThan(40);
    expect(Math.abs((first(machine, 'summary', 'SUMMARY', later)['GHS 5m'] as number) / 1000 - 70.2)).toBeLessThan(3);
    expect(ask(machine, 'voltageget', later, '2').VOLTAGE).toEqual([{ Board: 2, Voltage: 12 }]);
  });

  test('profiles are found by step, by rate and by power', () => {
    const machine = device();
    const id = logon(machine);
    expect(code(ask(machine, 'atmset', AT, `${id},enabled=false`))).toEqual(['S', 340]);
    expect(first(machine, 'atm', 'ATM').Enabled).toBe(false);
    const chosen = (selector: string) => ask(machine, 'profileset', AT, `${id},${selector}`).PROFILE?.[0]?.Profile;
    expect(['+1', '-16', '96.0THs', '2.0kW', '3200W', '0,default'].map(chosen)).toEqual([
      '615MHz',
      '190MHz',
      '465MHz',
      '465MHz',
      '640MHz',
      'default',
    ]);
    expect(code(ask(machine, 'profileset', AT, `${id},fastest`))).toEqual(['E', 401]);
  });

  test('temperatures must not decrease', () => {
    const machine = device();
    const id = logon(machine);
    expect(code(ask(machine, 'tempctrlset', AT, `${id},65,60,75`))).toEqual(['E', 401]);
    expect(code(ask(machine, 'tempctrlset', AT, `${id},hot_temp=warm`))).toEqual(['E', 401]);
    expect(code(ask(machine, 'tempctrlset', AT, `${id},55,65,80`))).toEqual(['S', 330]);
    expect(first(machine, 'tempctrl', 'TEMPCTRL')).toMatchObject({ Target: 55, Hot: 65, Dangerous: 80 });
  });
});
