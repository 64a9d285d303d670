import { describe, expect, test } from 'vitest';
import { ActionsService, ConfigurationService, MinerService, PoolService } from './contract/index.ts';
import { APPLY, HOUR, MINUTE, SAVE, SECOND, type Visitor, visitor } from './sim.testing.ts';
import { partsOf } from './sim-work.ts';

const { createPoolGroup, updatePoolGroup, removePoolGroup, setPoolGroups } = PoolService.method;

const A = { url: 'stratum+tcp://a.example.com:3333', user: 'w.1', password: 'secret' };
const B = { url: 'stratum2+tcp://b.example.com/u95GEReVMjK6k5YqiSFNqqTnKU4', user: 'w.2' };
const quota = (value: number) => ({ case: 'quota', value: { value } }) as const;
const fixed = (value: number) => ({ case: 'fixedShareRatio', value: { value } }) as const;

const active = (somebody: Visitor) =>
  somebody.groups.flatMap(({ pools }) => pools.filter((pool) => pool.active).map(({ url }) => url));
const accepted = (somebody: Visitor) =>
  somebody.groups.map(({ pools }) => pools.reduce((sum, { stats }) => sum + Number(stats?.acceptedShares), 0));
const pause = (somebody: Visitor) => somebody.ask(ActionsService.method.pauseMining);

describe('pools of a machine that somebody set up', () => {
  test('are one group that works for its first pool', () => {
    const [group, ...others] = visitor().groups;
    expect(others).toEqual([]);
    expect(group).toMatchObject({ name: 'Default', strategy: quota(1), uid: expect.stringMatching(/^[0-9A-F]{16}$/) });
    expect(group?.pools).toMatchObject([
      { url: 'stratum+tcp://pool.example.com:3333', enabled: true, alive: true, active: true },
      { url: 'stratum+tcp://backup.example.com:3333', enabled: true, alive: true, active: false },
    ]);
    expect(group?.pools[0]?.user).toMatch(/^account\.antminer-s19j-pro-\d+$/);
    expect(group?.pools[1]?.stats).toMatchObject({ acceptedShares: 0n, lastDifficulty: 0n, bestShareStr: '0' });
    expect(group?.pools[1]?.stats?.lastShareTime).toBeUndefined();
  });

  test('work for the second pool when the first is dead', () => {
    const somebody = visitor({ quirks: { 'dead-pool': true } });
    expect(active(somebody)).toEqual(['stratum+tcp://backup.example.com:3333']);
    expect(somebody.groups[0]?.pools[0]).toMatchObject({ alive: false, active: false, enabled: true });
  });

  test('are not there with no-pools, and it hashes nothing', () => {
    const somebody = visitor({ quirks: { 'no-pools': true } });
    expect(somebody.groups).toEqual([]);
    const { minerStats } = somebody.ask(MinerService.method.getMinerStats);
    expect(minerStats?.realHashrate?.last1h?.gigahashPerSecond).toBe(0);
  });

  test('are not active while mining is paused', () => {
    const somebody = visitor();
    pause(somebody);
    expect(active(somebody)).toEqual([]);
  });
});

describe('a pool group', () => {
  test('is made, gets ids, and shares the work by quota', () => {
    const somebody = visitor();
    const group = { name: 'second', loadBalanceStrategy: quota(3), pools: [A, B] };
    const made = somebody.ask(createPoolGroup, { saveAction: APPLY, group }).group;
    expect(made).toMatchObject({ name: 'second', loadBalanceStrategy: quota(3) });
    expect(made?.pools).toMatchObject([
      { url: A.url, user: 'w.1', password: 'secret', enabled: true },
      { url: B.url, user: 'w.2', enabled: true },
    ]);
    expect(made?.pools[1]?.password).toBeUndefined();
    expect(new Set([made?.uid, made?.pools[0]?.uid, made?.pools[1]?.uid]).size).toBe(3);
    const before = accepted(somebody);
    const after = accepted(somebody.after(10 * HOUR).login());
    const [first = 0, second = 0] = after.map((count, i) => count - (before[i] ?? 0));
    // Three quarters of about 3700 shares.
    expect(second / (first + second)).toBeCloseTo(0.75, 1);
    expect(active(somebody)).toEqual(['stratum+tcp://pool.example.com:3333', A.url]);
  });

  test('is written back with its pools in another order, and its counts go on', () => {
    const somebody = visitor();
    const [group] = somebody.groups;
    const pools = (group?.pools ?? []).map(({ uid, url, user }) => ({ uid, url, user }));
    const [shares] = accepted(somebody);
    const written = somebody.ask(updatePoolGroup, {
      saveAction: APPLY,
      group: { uid: group?.uid ?? '', name: 'Default', pools: pools.reverse() },
    });
    expect(written.group?.pools.map(({ url }) => url)).toEqual([
      'stratum+tcp://backup.example.com:3333',
      'stratum+tcp://pool.example.com:3333',
    ]);
    const [now] = somebody.groups;
    expect(now?.uid).toBe(group?.uid);
    expect(now?.pools.map(({ uid }) => uid)).toEqual(pools.map(({ uid }) => uid));
    expect(Number(now?.pools[1]?.stats?.acceptedShares)).toBe(shares);
    // The better pool is taken once it was alive for two minutes.
    expect(active(somebody.after(3 * MINUTE))).toEqual(['stratum+tcp://backup.example.com:3333']);
  });

  test('leaves a pool that was disabled at once', () => {
    const somebody = visitor();
    const [group] = somebody.groups;
    const pools = (group?.pools ?? []).map(({ uid, url, user }, i) => ({ uid, url, user, enabled: i === 1 }));
    somebody.ask(updatePoolGroup, { saveAction: APPLY, group: { uid: group?.uid ?? '', name: 'Default', pools } });
    expect(active(somebody.after(SECOND))).toEqual(['stratum+tcp://backup.example.com:3333']);
    expect(somebody.groups[0]?.pools[0]).toMatchObject({ enabled: false, alive: false });
  });

  test('is removed, and the last one takes the work with it', () => {
    const somebody = visitor();
    const [group] = somebody.groups;
    somebody.ask(removePoolGroup, { saveAction: APPLY, uid: group?.uid ?? '' });
    expect(somebody.groups).toEqual([]);
    const { minerStats } = somebody.after(10 * MINUTE).ask(MinerService.method.getMinerStats);
    expect(minerStats?.realHashrate?.last5m?.gigahashPerSecond).toBe(0);
  });

  test('that was saved alone is in force after a restart', () => {
    const somebody = visitor();
    const poolGroups = [{ name: 'only', pools: [A] }];
    somebody.ask(setPoolGroups, { saveAction: SAVE, poolGroups });
    expect(somebody.groups[0]?.name).toBe('Default');
    const { poolGroups: saved } = somebody.ask(ConfigurationService.method.getMinerConfiguration);
    expect(saved).toMatchObject([{ name: 'only', pools: [{ url: A.url, password: 'secret' }] }]);
    somebody.ask(ActionsService.method.restart);
    expect(somebody.after(MINUTE).groups).toMatchObject([{ name: 'only', pools: [{ url: A.url, active: true }] }]);
  });

  test('is refused with a reason', () => {
    const somebody = visitor();
    const create = (group: object) => somebody.refusal(createPoolGroup, { saveAction: APPLY, group });
    // Word for word what a 26.01 says of a group without a name.
    expect(create({ name: '', pools: [A] })).toEqual([
      3,
      "group name '' length (0) is out-of-range (min: Some(1), max: None)",
    ]);
    expect(create({ name: 'x', uid: 'group1', pools: [A] })[0]).toBe(3);
    expect(create({ name: 'x', pools: [{ ...A, url: 'http://a.example.com' }] })).toEqual([
      3,
      "pool url 'http://a.example.com' is not valid",
    ]);
    expect(create({ name: 'x', pools: [{ ...A, user: '' }] })[0]).toBe(3);
    expect(create({ name: 'x', loadBalanceStrategy: fixed(1.5), pools: [A] })).toEqual([
      3,
      'fixed share ratio [1.5] is not in allowed range [Some(0), Some(1)]',
    ]);
    expect(create({ name: 'x', loadBalanceStrategy: quota(0), pools: [A] })[0]).toBe(3);
    expect(somebody.refusal(createPoolGroup, { saveAction: APPLY })).toEqual([3, 'group is required']);
    expect(somebody.refusal(createPoolGroup, { group: { name: 'x', pools: [A] } })[0]).toBe(3);
    expect(somebody.refusal(updatePoolGroup, { saveAction: APPLY, group: { name: 'x' } })[0]).toBe(3);
    expect(somebody.refusal(updatePoolGroup, { saveAction: APPLY, group: { uid: 'FF', name: 'x' } })).toEqual([
      5,
      'Pool group not found',
    ]);
    expect(somebody.refusal(removePoolGroup, { saveAction: APPLY, uid: 'FF' })[0]).toBe(5);
    const uid = somebody.groups[0]?.uid ?? '';
    const strangers = { uid, name: 'x', pools: [{ ...A, uid: 'FF' }] };
    expect(somebody.refusal(updatePoolGroup, { saveAction: APPLY, group: strangers })).toEqual([
      5,
      'Pool FF not found',
    ]);
    expect(somebody.groups).toHaveLength(1);
  });
});

test('whoever changes pools for ever does not fill the memory: the mining program starts anew', () => {
  const somebody = visitor();
  for (let i = 0; i < 120; i++) {
    const pools = [{ ...A, url: `stratum+tcp://p${i}.example.com:3333` }];
    somebody.after(MINUTE).ask(setPoolGroups, { saveAction: APPLY, poolGroups: [{ name: 'g', pools }] });
  }
  expect(somebody.after(MINUTE).groups).toMatchObject([{ pools: [{ url: 'stratum+tcp://p119.example.com:3333' }] }]);
  expect(somebody.ask(MinerService.method.getMinerDetails).bosminerUptimeS).toBeLessThan(30n * 60n);
});

describe('the part of the work that a group gets', () => {
  const pool = { uid: '1', url: A.url, user: 'w', password: null, enabled: true };
  const group = (kind: 'quota' | 'fixed', value: number, enabled = true) => ({
    strategy: { kind, value },
    pools: [{ ...pool, enabled }],
  });

  test.each([
    ['quotas', [group('quota', 1), group('quota', 3)], [0.25, 0.75]],
    ['a fixed share beside a quota', [group('fixed', 0.2), group('quota', 7)], [0.2, 0.8]],
    ['fixed shares alone', [group('fixed', 0.2), group('fixed', 0.6)], [0.25, 0.75]],
    ['a group without an enabled pool', [group('quota', 1, false), group('quota', 1)], [0, 1]],
    ['a share of nothing', [group('fixed', 0), group('quota', 1)], [0, 1]],
    ['no group', [], []],
  ])('%s', (_, groups, parts) => {
    expect(partsOf(groups)).toHaveLength(parts.length);
    for (const [i, part] of partsOf(groups).entries()) expect(part).toBeCloseTo(parts[i] ?? Number.NaN, 9);
  });
});
