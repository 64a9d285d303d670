import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import {
  type PoolGroupConfigurationSchema,
  type PoolGroupSchema,
  PoolService,
  type PoolStatsSchema,
} from './contract/index.ts';
import { type Served, serve } from './sim-api.ts';
import { keepOf, timestamp } from './sim-api-units.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { groups, poolReading, type ShareReading } from './sim-readings.ts';
import { inRange, notEmpty, REFUSE, required } from './sim-refusal.ts';
import type { GroupSetting, PoolSetting, Strategy } from './sim-state.ts';
import type { WorkGroup } from './sim-work.ts';

type Configuration = MessageShape<typeof PoolGroupConfigurationSchema>;

// Out

export const poolStats = (shares: ShareReading): MessageInitShape<typeof PoolStatsSchema> => ({
  acceptedShares: BigInt(shares.accepted),
  rejectedShares: BigInt(shares.rejected),
  staleShares: BigInt(shares.stale),
  lastDifficulty: BigInt(shares.lastDifficulty),
  bestShare: BigInt(shares.bestShare),
  bestShareStr: String(shares.bestShare),
  generatedWork: BigInt(shares.generatedWork),
  ...(shares.lastShareAt !== null && { lastShareTime: timestamp(shares.lastShareAt) }),
});

const quotaOrShare = ({ kind, value }: Strategy) =>
  kind === 'quota'
    ? ({ case: 'quota', value: { value } } as const)
    : ({ case: 'fixedShareRatio', value: { value } } as const);

function liveGroup(machine: BraiinsMachine, now: number, group: WorkGroup): MessageInitShape<typeof PoolGroupSchema> {
  const pools = group.pools.map((pool) => {
    const { alive, active, shares } = poolReading(machine, now, pool);
    const { uid, url, user, enabled } = pool.setting;
    return { uid, url, user, enabled, alive, active, stats: poolStats(shares) };
  });
  return { uid: group.uid, name: group.setting.name, strategy: quotaOrShare(group.setting.strategy), pools };
}

export const groupConfiguration = (group: GroupSetting): MessageInitShape<typeof PoolGroupConfigurationSchema> => ({
  uid: group.uid,
  name: group.name,
  loadBalanceStrategy: quotaOrShare(group.strategy),
  pools: group.pools.map(({ password, ...pool }) => ({ ...pool, ...(password !== null && { password }) })),
});

// In

const POOL_URL = /^stratum2?\+(tcp|ssl|tls):\/\/[^/\s:]+(:\d{1,5})?(\/\S*)?$/;

function strategyOf({ loadBalanceStrategy: { case: kind, value } }: Configuration): Strategy {
  if (kind === 'fixedShareRatio') {
    return { kind: 'fixed', value: inRange('fixed share ratio', value.value, { min: 0, max: 1 }) };
  }
  return { kind: 'quota', value: kind === 'quota' ? inRange('quota', value.value, { min: 1, max: 1_000_000 }) : 1 };
}

/** @param before what the group was; null for a new one, whose pools are new too */
function groupOf(machine: BraiinsMachine, group: Configuration, before: GroupSetting | null): GroupSetting {
  const name = notEmpty('group name', group.name);
  const pools = group.pools.map(({ uid, url, user, password, enabled }): PoolSetting => {
    if (!POOL_URL.test(notEmpty('pool url', url))) throw REFUSE.invalid(`pool url '${url}' is not valid`);
    const known = before?.pools.some((pool) => pool.uid === uid) ?? false;
    return {
      uid: known && uid !== undefined ? uid : machine.newUid(),
      url,
      user: notEmpty('pool user', user),
      password: password ?? null,
      enabled: enabled ?? true,
    };
  });
  const uids = new Set(pools.map(({ uid }) => uid));
  if (uids.size < pools.length) throw REFUSE.invalid(`a pool is twice in group '${name}'`);
  return { uid: before?.uid ?? machine.newUid(), name, strategy: strategyOf(group), pools };
}

function checked(all: readonly GroupSetting[]): readonly GroupSetting[] {
  const fixed = all.reduce((sum, { strategy: { kind, value } }) => sum + (kind === 'fixed' ? value : 0), 0);
  inRange('sum of fixed share ratios', fixed, { min: 0, max: 1 });
  inRange('number of pool groups', all.length, { min: 0, max: MOST_GROUPS });
  for (const { name, pools } of all)
    inRange(`number of pools in group '${name}'`, pools.length, { min: 0, max: MOST_POOLS });
  if (new Set(all.map(({ uid }) => uid)).size < all.length) throw REFUSE.invalid('a pool group is given twice');
  return all;
}

/** Ours: no limit is published. */
const MOST_GROUPS = 16;
const MOST_POOLS = 32;

/** An absent uid: before 25.07 the field could not be absent and was empty. */
const given = (uid: string | undefined): string | null => (uid === undefined || uid === '' ? null : uid);

const find = ({ saved }: BraiinsMachine, uid: string): GroupSetting => {
  const found = saved.groups.find((group) => group.uid === uid);
  // Of the published REST description: 404.
  if (found === undefined) throw REFUSE.notFound('Pool group not found');
  return found;
};

const { method } = PoolService;

export const pools: readonly Served[] = [
  serve(method.getPoolGroups, (machine, _, now) => {
    machine.needMiner(now);
    return { poolGroups: groups(machine).map((group) => liveGroup(machine, now, group)) };
  }),
  serve(method.createPoolGroup, (machine, { saveAction, group }, now) => {
    const keep = keepOf(saveAction);
    const wanted = required('group', group);
    if (given(wanted.uid) !== null) throw REFUSE.invalid('uid of a new pool group must not be specified');
    const made = groupOf(machine, wanted, null);
    const next = checked([...machine.saved.groups, made]);
    machine.configure(now, (config) => ({ ...config, groups: next }), keep);
    return { group: groupConfiguration(made) };
  }),
  serve(method.updatePoolGroup, (machine, { saveAction, group }, now) => {
    const keep = keepOf(saveAction);
    const wanted = required('group', group);
    const before = find(machine, notEmpty('group uid', given(wanted.uid) ?? ''));
    for (const { uid } of wanted.pools) {
      const one = given(uid);
      if (one !== null && !before.pools.some((pool) => pool.uid === one))
        throw REFUSE.notFound(`Pool ${one} not found`);
    }
    const made = groupOf(machine, wanted, before);
    const next = checked(machine.saved.groups.map((one) => (one === before ? made : one)));
    machine.configure(now, (config) => ({ ...config, groups: next }), keep);
    return { group: groupConfiguration(made) };
  }),
  serve(method.removePoolGroup, (machine, { saveAction, uid }, now) => {
    const keep = keepOf(saveAction);
    const gone = find(machine, notEmpty('group uid', uid));
    const next = machine.saved.groups.filter((group) => group !== gone);
    machine.configure(now, (config) => ({ ...config, groups: next }), keep);
    return {};
  }),
  serve(method.setPoolGroups, (machine, { saveAction, poolGroups }, now) => {
    const keep = keepOf(saveAction);
    const before = (group: Configuration) => machine.saved.groups.find(({ uid }) => uid === given(group.uid)) ?? null;
    const next = checked(poolGroups.map((group) => groupOf(machine, group, before(group))));
    machine.configure(now, (config) => ({ ...config, groups: next }), keep);
    return { poolGroups: next.map(groupConfiguration) };
  }),
];
