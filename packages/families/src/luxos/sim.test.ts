import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import { luxosSimulator } from './sim.ts';

const POWERED_AT = Date.UTC(2026, 0, 5, 6);
const SECOND = 1000;
const HOUR = 3_600_000;
const AT = POWERED_AT + 2 * HOUR;

function device(quirks: Record<string, boolean> = {}, seed = 3, name = 's19k-pro'): SimulatedDevice {
  const found = luxosSimulator.profiles.find((profile) => profile.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found.create({ seed, poweredAt: POWERED_AT, quirks });
}

function send(machine: SimulatedDevice, request: string, now: number): string {
  const reaction = machine.cgminer?.receive(Buffer.from(request), { address: '10.0.0.9' }, now);
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('utf8');
}

type Doc = Record<string, Record<string, unknown>[]>;

const ask = (machine: SimulatedDevice, command: string, now = AT, parameter?: string): Doc =>
  JSON.parse(send(machine, JSON.stringify({ command, parameter }), now)) as Doc;

const first = (machine: SimulatedDevice, command: string, section: string, now = AT): Record<string, unknown> =>
  ask(machine, command, now)[section]?.[0] ?? {};

/** The record of stats with the numbers. */
const second = (machine: SimulatedDevice): Record<string, unknown> => ask(machine, 'stats').STATS?.[1] ?? {};

const code = (doc: Doc): unknown[] => [doc.STATUS?.[0]?.STATUS, doc.STATUS?.[0]?.Code];

const logon = (machine: SimulatedDevice, now = AT): string =>
  String(ask(machine, 'logon', now).SESSION?.[0]?.SessionID ?? '');

describe('the wire', () => {
  test('one reply without a NUL, a status with the version of LUXminer, and id 1; then the end', () => {
    const machine = device();
    const reaction = machine.cgminer?.receive(Buffer.from('{"command":"version"}\n'), { address: '::1' }, AT);
    expect(reaction?.end).toBe('fin');
    const text = Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('utf8');
    expect(text).not.toContain('\0');
    expect(text.endsWith('"id":1}')).toBe(true);
    expect(JSON.parse(text)).toMatchObject({
      STATUS: [{ STATUS: 'S', Code: 22, When: AT / 1000, Description: 'LUXminer 2025.7.10.152155-6e13fb74' }],
      VERSION: [{ LUXminer: '2025.7.10.152155-6e13fb74', API: '3.7', Type: 'Antminer S19k Pro' }],
      id: 1,
    });
  });

  test('keys are sorted, and floats keep a point', () => {
    expect(send(device(), '{"command":"voltageget","parameter":"1"}', AT)).toBe(
      `{"STATUS":[{"Code":307,"Description":"LUXminer 2025.7.10.152155-6e13fb74","Msg":"Get Voltage","STATUS":"S","When":${AT / 1000}}],"VOLTAGE":[{"Board":1,"Voltage":13.5}],"id":1}`,
    );
    expect(send(device(), '{"command":"temps"}', AT)).toMatch(/"TopLeft":\d+\.0,/);
  });

  test('what is no JSON object, has no command, or names an unknown one', () => {
    const machine = device();
    const of = (request: string): unknown[] => code(JSON.parse(send(machine, request, AT)) as Doc);
    expect(of('summary')).toEqual(['E', 23]);
    expect(of('{"command":"summary"')).toEqual(['E', 23]);
    expect(of('[1]')).toEqual(['E', 23]);
    expect(of('{"cmd":"summary"}')).toEqual(['E', 24]);
    for (const name of ['notify', 'Summary', 'constructor', '__proto__', 'poolpriority', 'save']) {
      expect([name, ...of(JSON.stringify({ command: name }))]).toEqual([name, 'E', 14]);
    }
    expect(send(machine, '', AT)).toBe('');
  });

  test('joined commands come as an array each, an unknown one with its refusal; or are refused by a switch', () => {
    const joined = ask(device(), 'version+summary+nonsense') as unknown as Record<string, Doc[]>;
    expect(Object.keys(joined).sort()).toEqual(['id', 'nonsense', 'summary', 'version']);
    expect(joined.summary?.[0]?.SUMMARY).toHaveLength(1);
    expect(joined.summary?.[0]?.id).toBe(1);
    expect(code(joined.nonsense?.[0] as Doc)).toEqual(['E', 14]);
    expect(code(ask(device({ 'refuse-joins': true }), 'version+summary'))).toEqual(['E', 14]);
  });

  test('it listens when the miner has started', () => {
    const machine = device();
    expect([32, 33].map((s) => machine.listening('cgminer', POWERED_AT + s * SECOND))).toEqual([false, true]);
    expect(machine.listening('http', AT)).toBe(false);
    expect(machine.http).toBeUndefined();
  });
});

describe('what it says', () => {
  test('summary in GHS, near what the profile promises; a total that is an average', () => {
    const summary = first(device(), 'summary', 'SUMMARY') as Record<string, number>;
    const ideal = first(device(), 'config', 'CONFIG').NameplateTHS as number;
    expect(ideal).toBe(121.8);
    expect(Math.abs((summary['GHS 5m'] ?? 0) / 1000 - ideal)).toBeLessThan(5);
    expect((summary['Total MH'] ?? 0) / 1000).toBeCloseTo(summary['GHS av'] ?? 0, 1);
    expect(summary.Elapsed).toBe(2 * 3600 - 30);
  });

  test('stats: chain rates are averages, the total rate their mean, the fourth connector is empty', () => {
    const stats = second(device());
    const rates = [1, 2, 3, 4].map((slot) => stats[`chain_rate${slot}`]);
    expect(rates.map((rate) => typeof rate)).toEqual(['string', 'string', 'string', 'string']);
    expect(rates[3]).toBe('0');
    const sum = rates.reduce((all: number, rate) => all + Number(rate), 0);
    expect(stats['total rate']).toBeCloseTo(sum / 3, 1);
    expect(stats['GHS av']).toBeCloseTo(sum, 1);
    expect([stats.total_acn, stats.miner_count, stats.chain_acn4, stats.chain_acs4]).toEqual([4, 3, 0, '']);
    expect(String(stats.chain_acs1).replace(/ /g, '')).toBe('o'.repeat(77));
    const devs = ask(device(), 'devs').DEVS ?? [];
    const board0 = devs.find((board) => board.ASC === 0);
    expect(Number(rates[0])).toBeCloseTo((board0?.['MHS av'] as number) / 1000, 1);
  });

  test('DEVS come in the order 2, 0, 1, and edevs is the same', () => {
    expect(ask(device(), 'devs').DEVS?.map((board) => board.ASC)).toEqual([2, 0, 1]);
    expect(ask(device(), 'edevs')).toEqual(ask(device(), 'devs'));
    expect(ask(device(), 'asc', AT, '1').ASC?.[0]).toEqual(ask(device(), 'devs').DEVS?.[2]);
    expect(ask(device(), 'asccount').ASCS).toEqual([{ Count: 3 }]);
  });

  test('two groups with an active pool each; a pool that was never used shows the elapsed time', () => {
    const pools = ask(device(), 'pools').POOLS ?? [];
    expect(pools.map((pool) => [pool.POOL, pool.GROUP, pool['Stratum Active'], pool.Status])).toEqual([
      [0, 0, true, 'Alive'],
      [1, 0, false, 'Dead'],
      [2, 1, true, 'Alive'],
      [3, 1, false, 'Dead'],
    ]);
    expect(pools.map((pool) => (pool.Accepted as number) > 100)).toEqual([true, false, true, false]);
    // Two hours less the 30 s of the boot.
    expect(pools[1]?.['Last Share Time']).toBe('01:59:30');
    expect(pools[0]?.['Last Share Time']).toMatch(/^00:0[0-4]:\d\d$/);
    expect(pools.reduce((sum, pool) => sum + (pool.Accepted as number), 0)).toBe(
      first(device(), 'summary', 'SUMMARY').Accepted,
    );
    expect(ask(device(), 'groups').GROUPS?.map((group) => group.GROUP)).toEqual([0, 1]);
  });

  test('one chip, one board, all boards: what the parameter says', () => {
    const machine = device();
    expect(ask(machine, 'healthchipget', AT, '2').CHIPS).toHaveLength(77);
    expect(ask(machine, 'healthchipget', AT, '2,9').CHIPS).toEqual([ask(machine, 'healthchipget', AT, '2').CHIPS?.[9]]);
    expect(ask(machine, 'frequencyget', AT, '0').FREQUENCY?.[0]).toMatchObject({ Board: 0, Count: 77 });
    expect(code(ask(machine, 'healthchipget'))).toEqual(['E', 400]);
    expect(code(ask(machine, 'voltageget'))).toEqual(['E', 400]);
    for (const parameter of ['3', '-1', 'x', '0,77']) {
      expect([parameter, ...code(ask(machine, 'healthchipget', AT, parameter))]).toEqual([parameter, 'E', 401]);
    }
  });

  test('lcd is all zeros; check knows commands with and without a session', () => {
    const values = Object.values(first(device(), 'lcd', 'LCD'));
    expect(values.every((value) => value === 0 || value === '')).toBe(true);
    const check = (name: string) => ask(device(), 'check', AT, name).CHECK?.[0];
    expect(check('summary')).toEqual({ Exists: 'Y', Access: 'Y' });
    expect(check('curtail')).toEqual({ Exists: 'Y', Access: 'Y' });
    expect(check('notify')).toEqual({ Exists: 'N', Access: 'N' });
  });

  test('power is an estimate that follows the profile', () => {
    expect(first(device(), 'power', 'POWER').PSU).toBe(false);
    expect(Math.abs((first(device(), 'power', 'POWER').Watts as number) - 2794)).toBeLessThan(60);
    expect(ask(device(), 'profiles').PROFILES).toHaveLength(25);
    const nominal = ask(device({}, 3, 's19j-pro'), 'profiles').PROFILES?.find((profile) => profile.Step === '0');
    expect(nominal).toMatchObject({ 'Profile Name': 'default', Frequency: 545, Voltage: 13.8, Hashrate: 105.8 });
  });
});

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

describe('conditions', () => {
  test('a machine that came up asleep says Sleep, hashes nothing, and its fans run slowly', () => {
    const machine = device({ asleep: true });
    expect(first(machine, 'config', 'CONFIG').CurtailMode).toBe('Sleep');
    expect(first(machine, 'summary', 'SUMMARY')).toMatchObject({ 'GHS 5s': 0, 'GHS av': 0, Accepted: 0 });
    expect(ask(machine, 'fans').FANS?.map((fan) => fan.Speed)).toEqual([20, 20, 20, 20]);
    ask(machine, 'curtail', AT, `${logon(machine)},wakeup,mode=unsafe`);
    expect(first(machine, 'summary', 'SUMMARY', AT + 60 * SECOND)['GHS 5s']).toBeGreaterThan(100_000);
  });

  test('a board that is not detected is in no list, and its connector is empty in stats', () => {
    const machine = device({ 'dead-board': true });
    expect(ask(machine, 'devs').DEVS?.map((board) => board.ASC)).toEqual([1, 0]);
    expect(ask(machine, 'temps').TEMPS).toHaveLength(2);
    const stats = second(machine);
    expect([stats.chain_acn3, stats.chain_acs3, stats.chain_rate3, stats.temp_chip3]).toEqual([0, '', '0', '0-0-0-0']);
    expect(code(ask(machine, 'voltageget', AT, '2'))).toEqual(['E', 401]);
    expect(ask(machine, 'events').EVENTS?.map((event) => event.Code)).toEqual(['BOARD_NOT_DETECTED']);
  });

  test('a dead chip is an x in stats and not healthy', () => {
    const machine = device({ 'dead-chip': true });
    const map = String(second(machine).chain_acs1).replace(/ /g, '');
    expect(map.match(/x/g)).toHaveLength(1);
    const chips = ask(machine, 'healthchipget', AT, '0').CHIPS ?? [];
    expect(chips.filter((chip) => chip.Healthy === 'N').map((chip) => [chip.Chip, chip.Score])).toEqual([
      [map.indexOf('x'), 0],
    ]);
  });

  test('a fan that stands still, and a first pool that is dead', () => {
    const machine = device({ 'stalled-fan': true, 'dead-pool': true });
    expect(ask(machine, 'fans').FANS?.map((fan) => fan.RPM === 0)).toEqual([true, false, false, false]);
    expect(ask(machine, 'events').EVENTS?.map((event) => event.Code)).toEqual(['FAN_FAILURE']);
    expect(ask(machine, 'pools').POOLS?.map((pool) => pool['Stratum Active'])).toEqual([false, true, true, false]);
  });
});

describe('time', () => {
  const COMMANDS = 'summary pools devs stats temps fans power healthchipget events'.split(' ');

  test('a machine that was asked a thousand times says the same as one that was asked once', () => {
    const [often, once] = [device(), device()];
    for (const machine of [often, once]) ask(machine, 'curtail', AT, `${logon(machine)},sleep`);
    const end = AT + 4 * HOUR;
    for (let at = AT; at < end; at += 60 * SECOND) for (const command of COMMANDS) ask(often, command, at, '1');
    for (const command of COMMANDS) expect(ask(often, command, end, '1')).toEqual(ask(once, command, end, '1'));
    expect(ask(once, 'summary', end)).not.toEqual(ask(device({}, 4), 'summary', end));
  });
});
