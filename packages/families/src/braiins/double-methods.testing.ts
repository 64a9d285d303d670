import { CONSTRAINTS, type State } from './double-state.testing.ts';
import type { Doc } from './wire.testing.ts';

/* What every method does to the state of a machine in memory, and answers (protocols.md 7.2, the table of the interface). */

const record = (value: unknown): Doc => (value ?? {}) as Doc;
const records = (value: unknown): Doc[] => (value ?? []) as Doc[];

/** Paused by somebody, or not started. */
const PAUSED = 3;
const NORMAL = 2;
const NOT_STARTED = 1;

const REFERENCES: Readonly<Record<number, (state: State, of: 'power' | 'hashrate') => number>> = {
  1: (state, of) => (of === 'power' ? state.nominalW : 141),
  2: (_, of) => (of === 'power' ? 1700 : 60),
  3: (_, of) => (of === 'power' ? 6500 : 200),
  4: (state, of) => presentOf(state, of),
};

const UNIT = { power: 'watt', hashrate: 'terahash_per_second' } as const;

const presentOf = ({ tuner }: State, of: 'power' | 'hashrate'): number =>
  Number(record(tuner[`${of}_target`])[UNIT[of]] ?? (of === 'power' ? 3010 : 140));

/** Aims the tuner at a value, which is told. Whole watts. */
function aim(state: State, of: 'power' | 'hashrate', value: number): Doc {
  const target = { [UNIT[of]]: of === 'power' ? Math.round(value) : value };
  state.tuner = { ...state.tuner, tuner_mode: of === 'power' ? 1 : 2, [`${of}_target`]: target };
  state.activeMode = { tunermode: { target: { [`${of}target`]: { [`${of}_target`]: target } } } };
  return { [`${of}_target`]: target };
}

const amount = (message: Doc, name: string, of: 'power' | 'hashrate'): number =>
  Number(record(message[name])[UNIT[of]]);

let numbers = 100;
/** A group as it is kept: uids are given by the machine where none came. */
const kept = (group: Doc): Doc => ({
  uid: group.uid ?? `G${numbers++}`,
  name: group.name,
  strategy: group.load_balance_strategy ?? { quota: { value: 1 } },
  pools: records(group.pools).map((pool) => ({ enabled: true, ...pool, uid: pool.uid ?? `P${numbers++}` })),
});

const shownGroup = ({ uid, name, strategy, pools }: Doc): Doc => ({
  uid,
  name,
  strategy,
  pools: records(pools).map(({ password: _, ...pool }, i) => ({ ...pool, alive: true, active: i === 0 })),
});

const configuredGroup = ({ uid, name, strategy, pools }: Doc): Doc => ({
  uid,
  name,
  load_balance_strategy: strategy,
  pools,
});

const withoutSave = ({ save_action: _, ...rest }: Doc): Doc => rest;

function switchBoards(state: State, ids: unknown, enabled: boolean): Doc {
  const named = ids as string[];
  state.boards = state.boards.map((board) => (named.includes(String(board.id)) ? { ...board, enabled } : board));
  return { hashboards: named.map((id) => ({ id, is_enabled: enabled })) };
}

function setDps(state: State, message: Doc): Doc {
  const { enable, enable_shutdown, shutdown_duration, target, mode, on_start_target_percent } = message;
  const steps = record(record(target).target);
  state.dps = {
    ...state.dps,
    ...(enable === undefined ? {} : { enabled: enable }),
    ...(enable_shutdown === undefined ? {} : { shutdown_enabled: enable_shutdown }),
    ...(shutdown_duration === undefined ? {} : { shutdown_duration }),
    ...record(steps.powertarget ?? steps.hashratetarget),
    ...(mode === undefined ? {} : { mode }),
    ...(on_start_target_percent === undefined ? {} : { on_start_target_percent }),
  };
  return { enabled: state.dps.enabled };
}

function setMode(state: State, message: Doc): Doc {
  const mode = record(record(message.mode).mode);
  state.activeMode = mode;
  if (mode.manualmode !== undefined) state.hashboardConfig = { ...state.hashboardConfig, ...record(mode.manualmode) };
  return { mode };
}

function setNetwork(state: State, message: Doc): Doc {
  const fixed = record(record(message.protocol).static);
  if (message.protocol !== undefined) state.network = { ...state.network, protocol: message.protocol };
  if (message.hostname !== undefined) state.network = { ...state.network, hostname: message.hostname };
  if (fixed.address !== undefined) state.address = String(fixed.address);
  return { network: state.network };
}

const secondsSince = (now: number, then: number): number => Math.floor((now - then) / 1_000);

type Does = (state: State, message: Doc, now: number) => Doc;

export const DOES: Readonly<Record<string, Does>> = {
  GetApiVersion: () => ({ major: 1, minor: 11, patch: 0 }),
  Start: (state, _, now) => {
    const already = state.status !== NOT_STARTED;
    if (!already) Object.assign(state, { status: NORMAL, minerStartedAt: now });
    return { already };
  },
  Stop: (state) => {
    const already = state.status === NOT_STARTED;
    state.status = NOT_STARTED;
    return { already };
  },
  PauseMining: (state) => {
    const already = state.status === PAUSED;
    state.status = PAUSED;
    return { already };
  },
  ResumeMining: (state) => {
    const already = state.status === NORMAL;
    state.status = NORMAL;
    return { already };
  },
  Restart: (state, _, now) => {
    state.minerStartedAt = now;
    return { already: true };
  },
  Reboot: (state, _, now) => {
    Object.assign(state, { startedAt: now, minerStartedAt: now });
    return {};
  },
  FactoryReset: () => ({}),
  SetLocateDeviceStatus: (state, { enable = false }) => {
    state.locate = enable === true;
    return { enabled: state.locate };
  },
  GetLocateDeviceStatus: ({ locate }) => ({ enabled: locate }),
  GetMinerConfiguration: ({ groups, cooling, tuner, dps, hashboardConfig }) => ({
    pool_groups: groups.map(configuredGroup),
    temperature: cooling,
    tuner,
    dps,
    hashboard_config: hashboardConfig,
  }),
  GetConstraints: () => CONSTRAINTS,
  GetCoolingState: () => ({ fans: [{ position: 0, rpm: 5880, target_speed_ratio: 0.5 }] }),
  SetCoolingMode: (state, { mode }) => {
    state.cooling = { mode };
    return { mode };
  },
  SetImmersionMode: (state, { enable_immersion_mode: on = false }) => {
    state.cooling = { mode: on === true ? { immersion: {} } : { auto: {} } };
    return { immersion_mode: on };
  },
  GetLicenseState: ({ license }) => license,
  ApplyContractKey: (state, { contract_key }) => {
    const successful = contract_key === 'contract-key-1';
    if (successful) state.license = { state: { valid: { type: 2, contract_name: 'Farm', dev_fee: { bsp: 150 } } } };
    return { successful };
  },
  GetMinerDetails: ({ status, minerStartedAt, startedAt, version, network }, _, now) => ({
    uid: 'M1',
    bos_version: { current: version },
    hostname: network.hostname,
    bosminer_uptime_s: status === NOT_STARTED ? 0 : secondsSince(now, minerStartedAt),
    system_uptime_s: secondsSince(now, startedAt),
    status,
  }),
  GetHashboards: ({ boards }) => ({ hashboards: boards }),
  EnableHashboards: (state, { hashboard_ids }) => switchBoards(state, hashboard_ids, true),
  DisableHashboards: (state, { hashboard_ids }) => switchBoards(state, hashboard_ids, false),
  GetNetworkInfo: ({ address }) => ({ name: 'eth0', networks: [{ address, netmask: '255.255.255.0' }] }),
  GetNetworkConfiguration: ({ network }) => ({ network }),
  SetNetworkConfiguration: setNetwork,
  GetTunerState: ({ tuner }) => ({
    overall_tuner_state: 2,
    mode_state:
      tuner.tuner_mode === 2
        ? { hashratetargetmodestate: { current_target: tuner.hashrate_target } }
        : { powertargetmodestate: { current_target: tuner.power_target } },
  }),
  ListTargetProfiles: ({ profiles }) => ({
    power_target_profiles: Array.from({ length: profiles }, (_, i) => ({ target: { watt: 3000 + i } })),
    hashrate_target_profiles: [],
  }),
  GetMinerEfficiencyProfile: () => ({ points: [{ quality: 3, power_target: { watt: 2400 } }] }),
  SetPowerTarget: (state, message) => aim(state, 'power', amount(message, 'power_target', 'power')),
  SetDefaultPowerTarget: (state) => aim(state, 'power', 3010),
  IncrementPowerTarget: (state, message) =>
    aim(state, 'power', presentOf(state, 'power') + amount(message, 'power_target_increment', 'power')),
  DecrementPowerTarget: (state, message) =>
    aim(state, 'power', presentOf(state, 'power') - amount(message, 'power_target_decrement', 'power')),
  SetRelativePowerTarget: (state, { percentage, reference }) =>
    aim(state, 'power', (Number(percentage) / 100) * (REFERENCES[Number(reference)]?.(state, 'power') ?? 0)),
  SetHashrateTarget: (state, message) => aim(state, 'hashrate', amount(message, 'hashrate_target', 'hashrate')),
  SetDefaultHashrateTarget: (state) => aim(state, 'hashrate', 140),
  IncrementHashrateTarget: (state, message) =>
    aim(state, 'hashrate', presentOf(state, 'hashrate') + amount(message, 'hashrate_target_increment', 'hashrate')),
  DecrementHashrateTarget: (state, message) =>
    aim(state, 'hashrate', presentOf(state, 'hashrate') - amount(message, 'hashrate_target_decrement', 'hashrate')),
  SetRelativeHashrateTarget: (state, { percentage, reference }) =>
    aim(state, 'hashrate', (Number(percentage) / 100) * (REFERENCES[Number(reference)]?.(state, 'hashrate') ?? 0)),
  SetDPS: setDps,
  SetPerformanceMode: setMode,
  GetActivePerformanceMode: ({ activeMode }) => ({ mode: activeMode }),
  RemoveTunedProfiles: (state) => {
    state.profiles = 0;
    return {};
  },
  SetQuickRamping: (state, { up_s = 0, down_s = 0 }) => {
    state.hashboardConfig = {
      ...state.hashboardConfig,
      quick_ramping_time_up_s: up_s,
      quick_ramping_time_down_s: down_s,
    };
    return { up_s, down_s };
  },
  SetDefaultQuickRamping: (state) => {
    state.hashboardConfig = { ...state.hashboardConfig, quick_ramping_time_up_s: 3, quick_ramping_time_down_s: 3 };
    return { up_s: 3, down_s: 3 };
  },
  GetPoolGroups: ({ groups }) => ({ pool_groups: groups.map(shownGroup) }),
  CreatePoolGroup: (state, { group }) => {
    state.groups = [...state.groups, kept(record(group))];
    return { group: configuredGroup(record(state.groups.at(-1))) };
  },
  UpdatePoolGroup: (state, { group }) => {
    const changed = kept(record(group));
    state.groups = state.groups.map((one) => (one.uid === changed.uid ? changed : one));
    return { group: configuredGroup(changed) };
  },
  RemovePoolGroup: (state, { uid }) => {
    state.groups = state.groups.filter((one) => one.uid !== uid);
    return {};
  },
  SetPoolGroups: (state, { pool_groups }) => {
    state.groups = records(pool_groups).map(kept);
    return { pool_groups: state.groups.map(configuredGroup) };
  },
  UpdateAutoUpgradeConfig: (state, message) => {
    state.autoUpgrade = withoutSave({ enabled: false, ...message });
    return state.autoUpgrade;
  },
  GetAutoUpgradeStatus: ({ autoUpgrade }) => autoUpgrade,
  RestoreStock: () => ({ successful: true }),
  GetSettingsSchema: () => ({
    schema: { properties: { min_fan_pwm: { type: 'integer' }, rambo_mode: { type: 'string' } } },
  }),
  GetSettings: ({ settings }, { include_default }) => ({
    settings: include_default === true ? { min_fan_pwm: 20, rambo_mode: 'off', ...settings } : settings,
  }),
  SetSettings: (state, { settings }) => {
    const all = Object.entries({ ...state.settings, ...record(settings) });
    state.settings = Object.fromEntries(all.filter(([, value]) => value !== null));
    return { applied: settings };
  },
  ResetAllSettings: (state) => {
    state.settings = {};
    return { settings: { min_fan_pwm: 20, rambo_mode: 'off' } };
  },
};
