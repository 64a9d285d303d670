import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AT,
  ask,
  code,
  type Doc,
  device,
  first,
  HOUR,
  logon,
  POWERED_AT,
  SECOND,
  second,
  send,
} from './sim.testing.ts';

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
    expect([32, 33].map((s) => machine.listening('http', POWERED_AT + s * SECOND))).toEqual([false, true]);
    expect([machine.cgminer?.port, machine.http?.port]).toEqual([4028, 8080]);
    expect(machine.listening('monitor', AT)).toBe(false);
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

describe('conditions', () => {
  test('a machine that came up asleep says Sleep, hashes nothing, and its fans run slowly', () => {
    const machine = device({ asleep: true });
    expect(first(machine, 'config', 'CONFIG').CurtailMode).toBe('Sleep');
    expect(first(machine, 'summary', 'SUMMARY')).toMatchObject({ 'GHS 5s': 0, 'GHS av': 0, Accepted: 0 });
    expect(ask(machine, 'fans').FANS?.map((fan) => fan.Speed)).toEqual([20, 20, 20, 20]);
    ask(machine, 'curtail', AT, `${logon(machine)},wakeup`);
    expect(first(machine, 'summary', 'SUMMARY', AT + 180 * SECOND)['GHS 5s']).toBeGreaterThan(100_000);
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

/** What changes something but ends neither the session nor the run. */
const WRITES = (
  'atmset autotunerset curtail disableboard enableboard fanset frequencyset frequencystop hashboardoptsset ' +
  'healthchipset healthctrlset immersionswitch ledset netset powertargetset profilenew profilerem profilerestore ' +
  'profileset psuset reboot tempctrlset tempsensorset tunableswitch tunerswitch updateset voltageset'
).split(' ');
const OPEN_WRITES =
  'addgroup addpool disablepool enablepool groupquota logset pooloptsset removegroup removepool switchpool'.split(' ');

describe('nonsense', () => {
  test('whatever is sent, the answer is JSON with a status, or a join of such', () => {
    const machine = device();
    // At one and the same time it never runs out.
    const session = logon(machine);
    const request = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 200 }).map((sent) => Buffer.from(sent).toString('latin1')),
      fc.record({ command: fc.jsonValue(), parameter: fc.jsonValue() }).map((value) => JSON.stringify(value)),
      fc
        .tuple(
          fc.constantFrom(...WRITES),
          fc.oneof(
            fc.string(),
            fc.constantFrom('sleep', 'wakeup', '+3', '2.5kW,update_atm=true', 'enabled=false', '1,2,3', '1', '=', ',,'),
          ),
        )
        .map(([command, value]) => JSON.stringify({ command, parameter: `${session},${value}` })),
      fc
        .tuple(fc.constantFrom(...OPEN_WRITES), fc.oneof(fc.string(), fc.constantFrom('0', '1', '1,0', 'a,b,', 'x,2')))
        .map(([command, parameter]) => JSON.stringify({ command, parameter })),
      fc
        .array(fc.constantFrom('summary', 'pools', '__proto__', 'toString', 'curtail', ''), { maxLength: 5 })
        .map((names) => JSON.stringify({ command: names.join('+') })),
    );
    fc.assert(
      fc.property(request, (sent) => {
        const reply = JSON.parse(send(machine, sent, AT)) as Record<string, unknown>;
        expect(reply.id).toBe(1);
      }),
      { seed: 21, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
    expect(first(machine, 'summary', 'SUMMARY', AT + HOUR).Elapsed).toBe(3 * 3600 - 30);
  });
});
