import { describe, expect, test } from 'vitest';
import { AT, ask, device, first, HOUR, SECOND, write } from './sim.testing.ts';

const MINUTE = 60 * SECOND;
type Machine = ReturnType<typeof device>;

const pools = (machine: Machine, now = AT, ...keys: readonly string[]) =>
  ask(machine, 'pools', now).POOLS?.map((pool) => keys.map((key) => pool[key])) ?? [];
const said = (machine: Machine, command: string, parameter?: string, now = AT) => {
  const { STATUS } = ask(machine, command, now, parameter);
  return [STATUS?.[0]?.STATUS, STATUS?.[0]?.Code, STATUS?.[0]?.Msg];
};

describe('pools, without a session', () => {
  test('a new one gets the next number in the group that is named, the first one otherwise', () => {
    const machine = device();
    expect(said(machine, 'addpool', 'stratum+tcp://new.example.com:3333,me.one,x,1')).toEqual([
      'S',
      55,
      "Added pool 4: 'stratum+tcp://new.example.com:3333'",
    ]);
    // A password may be empty.
    expect(said(machine, 'addpool', 'stratum+tcp://other.example.com:3333,me.two,')[1]).toBe(55);
    expect(pools(machine, AT, 'POOL', 'GROUP', 'Priority', 'User').slice(4)).toEqual([
      [4, 1, 4, 'me.one'],
      [5, 0, 5, 'me.two'],
    ]);
    expect(first(machine, 'config', 'CONFIG')['Pool Count']).toBe(6);
    expect(said(machine, 'addpool')).toEqual(['E', 52, 'Missing addpool details']);
    expect(said(machine, 'addpool', 'stratum+tcp://a.example.com,me')).toEqual([
      'E',
      53,
      "Invalid addpool details 'stratum+tcp://a.example.com,me'",
    ]);
    expect(said(machine, 'addpool', 'stratum+tcp://a.example.com,me,x,2')[1]).toBe(401);
  });

  test('a session id before the address would be taken for the address', () => {
    const machine = device();
    const { SessionID } = first(machine, 'logon', 'SESSION');
    expect(said(machine, 'addpool', `${SessionID},stratum+tcp://a.example.com:3333,me,x`)[1]).toBe(401);
    expect(said(machine, 'addpool', `${SessionID},stratum+tcp://a.example.com:3333,me`)).toEqual([
      'S',
      55,
      `Added pool 4: '${SessionID}'`,
    ]);
  });

  test('the last pool takes the number of one that was removed', () => {
    const machine = device();
    ask(machine, 'addpool', AT, 'stratum+tcp://new.example.com:3333,me,x');
    expect(said(machine, 'removepool', '1')).toEqual([
      'S',
      68,
      "Removed pool 1:'stratum+tcp://backup.example.com:3333'",
    ]);
    expect(pools(machine, AT, 'POOL', 'URL', 'Priority')).toEqual([
      [0, 'stratum+tcp://pool.example.com:3333', 0],
      [1, 'stratum+tcp://new.example.com:3333', 3],
      [2, 'stratum+tcp://pool.example.com:3333', 1],
      [3, 'stratum+tcp://backup.example.com:3333', 2],
    ]);
    expect(said(machine, 'removepool', '0')).toEqual([
      'E',
      67,
      "Cannot remove active pool 0:'stratum+tcp://pool.example.com:3333'",
    ]);
    expect(said(machine, 'removepool', '4')).toEqual(['E', 26, 'Invalid pool id 4 - range is 0 - 3']);
    expect(said(machine, 'removepool')).toEqual(['E', 25, 'Missing pool id parameter']);
  });

  test('what a removed pool had done stays in the totals', () => {
    const machine = device();
    ask(machine, 'switchpool', AT, '1');
    const later = AT + HOUR;
    const before = first(machine, 'summary', 'SUMMARY', later).Accepted;
    expect(said(machine, 'removepool', '0', later)[1]).toBe(68);
    expect(first(machine, 'summary', 'SUMMARY', later).Accepted).toBe(before);
  });

  test('switchpool answers at once and changes the priority; the work moves two minutes later, in that group only', () => {
    const machine = device();
    expect(said(machine, 'switchpool', '1')).toEqual([
      'S',
      27,
      "Switching to pool 1:'stratum+tcp://backup.example.com:3333'",
    ]);
    expect(pools(machine, AT, 'Priority', 'Stratum Active')).toEqual([
      [1, true],
      [0, false],
      [2, true],
      [3, false],
    ]);
    expect(pools(machine, AT + 3 * MINUTE, 'Stratum Active', 'Status')).toEqual([
      [false, 'Dead'],
      [true, 'Alive'],
      [true, 'Alive'],
      [false, 'Dead'],
    ]);
  });

  test('a pool that is disabled is left after a moment, and enabled again by name', () => {
    const machine = device();
    expect(said(machine, 'disablepool', '2')).toEqual([
      'S',
      48,
      "Disabling pool 2:'stratum+tcp://pool.example.com:3333'",
    ]);
    expect(pools(machine, AT, 'Status', 'Stratum Active')[2]).toEqual(['Disabled', true]);
    expect(pools(machine, AT + 20 * SECOND, 'Status', 'Stratum Active').slice(2)).toEqual([
      ['Disabled', false],
      ['Alive', true],
    ]);
    expect(said(machine, 'disablepool', '2')).toEqual([
      'I',
      50,
      "Pool 2:'stratum+tcp://pool.example.com:3333' already disabled",
    ]);
    expect(said(machine, 'enablepool', '2', AT + MINUTE)[1]).toBe(47);
    expect(said(machine, 'enablepool', '2', AT + MINUTE)).toEqual([
      'I',
      49,
      "Pool 2:'stratum+tcp://pool.example.com:3333' already enabled",
    ]);
    expect(pools(machine, AT + 10 * MINUTE, 'Status', 'Stratum Active').slice(2)).toEqual([
      ['Alive', true],
      ['Dead', false],
    ]);
    for (const pool of ['1', '2', '3']) ask(machine, 'disablepool', AT + 10 * MINUTE, pool);
    expect(said(machine, 'disablepool', '0', AT + 10 * MINUTE)[1]).toBe(51);
  });

  test('an address that cannot be reached is never active', () => {
    const machine = device({ 'no-pools': true });
    expect(said(machine, 'addpool', 'stratum+tcp://gone.invalid:3333,me,x')[1]).toBe(55);
    expect(pools(machine, AT + HOUR, 'Status', 'Stratum Active')).toEqual([['Dead', false]]);
    expect(ask(machine, 'events', AT + HOUR).EVENTS?.map((event) => event.Code)).toEqual(['NO_ACTIVE_POOLS']);
    expect(said(machine, 'removepool', '0', AT + HOUR)[1]).toBe(66);
  });

  test('without a pool the section is missing and nothing is hashed; the first pool starts the work', () => {
    const machine = device({ 'no-pools': true });
    const reply = ask(machine, 'pools');
    expect([Object.keys(reply).sort(), reply.STATUS?.[0]?.Msg]).toEqual([['STATUS', 'id'], '0 Pool(s)']);
    expect(first(machine, 'summary', 'SUMMARY')).toMatchObject({ 'GHS 5s': 0, Accepted: 0 });
    ask(machine, 'addpool', AT, 'stratum+tcp://pool.example.com:3333,me,x');
    expect(first(machine, 'summary', 'SUMMARY', AT + 10 * MINUTE)['GHS 5m']).toBeGreaterThan(110_000);
  });

  test('pools that are added without end are refused one day', () => {
    const machine = device();
    const codes = Array.from({ length: 200 }, () => said(machine, 'addpool', 'stratum+tcp://a.example.com:1,b,')[1]);
    expect(new Set(codes)).toEqual(new Set([55, 54]));
  });
});

describe('groups', () => {
  const rate = (machine: Machine, pool: number, from: number, to: number) => {
    const accepted = (now: number) => ask(machine, 'pools', now).POOLS?.[pool]?.Accepted as number;
    return accepted(to) - accepted(from);
  };

  test('the quota divides the work, and stands with the pools', () => {
    const machine = device();
    expect(said(machine, 'groupquota', '1,3').slice(0, 1)).toEqual(['S']);
    expect(ask(machine, 'groups')).toMatchObject({
      STATUS: [{ STATUS: 'S', Code: 324, Msg: 'List groups' }],
      GROUPS: [
        { GROUP: 0, Name: 'default', Quota: 1 },
        { GROUP: 1, Name: 'second', Quota: 3 },
      ],
    });
    expect(pools(machine, AT, 'Quota')).toEqual([[1], [1], [3], [3]]);
    const [one, three] = [rate(machine, 0, AT, AT + 8 * HOUR), rate(machine, 2, AT, AT + 8 * HOUR)];
    expect(three / one).toBeGreaterThan(2.6);
    expect(three / one).toBeLessThan(3.4);
    // The frequency has not changed.
    expect(ask(machine, 'frequencyget', AT + HOUR, '0').FREQUENCY?.[0]?.Freqs).toContain(590);
  });

  test('a group without a pool gets no work; with one it does; removed, its pools go with it', () => {
    const machine = device();
    expect(said(machine, 'addgroup', 'third,2')[0]).toBe('S');
    expect(first(machine, 'summary', 'SUMMARY', AT + 10 * MINUTE)['GHS 5m']).toBeGreaterThan(110_000);
    ask(machine, 'addpool', AT + HOUR, 'stratum+tcp://third.example.com:3333,me,x,2');
    expect(rate(machine, 4, AT + HOUR, AT + 9 * HOUR)).toBeGreaterThan(
      rate(machine, 0, AT + HOUR, AT + 9 * HOUR) * 1.6,
    );
    expect(said(machine, 'removegroup', '1', AT + 9 * HOUR)[0]).toBe('S');
    expect(ask(machine, 'groups', AT + 9 * HOUR).GROUPS?.map((group) => [group.GROUP, group.Name])).toEqual([
      [0, 'default'],
      [1, 'third'],
    ]);
    expect(pools(machine, AT + 9 * HOUR, 'POOL', 'GROUP', 'URL').map(([, group]) => group)).toEqual([0, 0, 1]);
    expect(first(machine, 'summary', 'SUMMARY', AT + 10 * HOUR)['GHS 5m']).toBeGreaterThan(110_000);
  });

  test('what is missing or wrong', () => {
    const machine = device();
    expect(said(machine, 'addgroup', 'third')[1]).toBe(400);
    expect(said(machine, 'addgroup', 'third,much')[1]).toBe(401);
    expect(said(machine, 'groupquota', '2,1')[1]).toBe(401);
    expect(said(machine, 'groupquota', '0')[1]).toBe(400);
    expect(said(machine, 'groupquota', '0,-1')[1]).toBe(401);
    expect(said(machine, 'removegroup', '0')[0]).toBe('E');
    expect(said(machine, 'removegroup', 'second')[1]).toBe(401);
    expect(said(machine, 'logset', 'loud')[1]).toBe(401);
    expect(said(machine, 'pooloptsset', 'reconnect_timeout=0')[1]).toBe(401);
  });

  test('the level of the log and the options of pools, without a session', () => {
    const machine = device();
    expect([said(machine, 'logset', 'debug')[0], said(machine, 'pooloptsset', 'reconnect_timeout=7')[0]]).toEqual([
      'S',
      'S',
    ]);
    expect(first(machine, 'config', 'CONFIG').LogFileLevel).toBe('debug');
    expect(ask(machine, 'poolopts').POOLOPTS).toEqual([{ ReconnectTimeout: 7 }]);
  });
});

describe('a restart', () => {
  test('keeps groups and pools in the order of their priority, and counts anew', () => {
    const machine = device();
    ask(machine, 'switchpool', AT, '3');
    ask(machine, 'groupquota', AT, '0,5');
    write(machine, 'resetminer');
    const later = AT + MINUTE;
    expect(machine.listening('cgminer', later)).toBe(true);
    expect(pools(machine, later, 'POOL', 'GROUP', 'Priority', 'Accepted')).toEqual([
      [0, 1, 0, 0],
      [1, 0, 1, 0],
      [2, 0, 2, 0],
      [3, 1, 3, 0],
    ]);
    expect(first(machine, 'groups', 'GROUPS', later).Quota).toBe(5);
  });
});
