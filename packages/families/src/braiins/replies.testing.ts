/*
 * What the machine of `machine.testing.ts` says, an Antminer S19J Pro with 26.01: typed to protocols.md 7, the published
 * OpenAPI description and the vendor's page on the BOSminer API.
 */

export const NOW = 1_790_000_000_000;

type Doc = Readonly<Record<string, unknown>>;

const gh = (gigahash_per_second: number): Doc => ({ gigahash_per_second });
const degrees = (degree_c: number): Doc => ({ degree_c });

const realRate = (last_5s: number, last_1m: number, since_restart: number): Doc => ({
  last_5s: gh(last_5s),
  last_15s: gh(last_5s),
  last_30s: gh(last_5s),
  last_1m: gh(last_1m),
  last_5m: gh(last_1m),
  last_15m: gh(last_1m),
  last_30m: gh(last_1m),
  last_1h: gh(last_1m),
  last_24h: gh(last_1m),
  since_restart: gh(since_restart),
});

export const board = (id: string, more: Doc = {}): Doc => ({
  id,
  enabled: true,
  chips_count: 126,
  current_voltage: { volt: 13.7 },
  current_frequency: { hertz: 525_000_000 },
  highest_chip_temp: { id: 7, location: 1, temperature: degrees(72.5) },
  board_temp: degrees(61),
  lowest_inlet_temp: degrees(38),
  highest_outlet_temp: degrees(60.5),
  stats: { real_hashrate: realRate(34_000, 33_500, 33_000), nominal_hashrate: gh(34_200), best_share: 12 },
  serial_number: `BOARD-${id}`,
  board_name: 'BHB42601',
  ...more,
});

const pool = (uid: string, url: string, active: boolean, stats: Doc): Doc => ({
  uid,
  url,
  user: 'acct.rig7',
  enabled: true,
  alive: true,
  active,
  stats,
});

const NO_SHARES: Doc = { accepted_shares: 0, rejected_shares: 0, stale_shares: 0 };

/** What is behind the login, by the name of the method. */
export const API: Readonly<Record<string, unknown>> = {
  GetApiVersion: { major: 1, minor: 9, patch: 0 },
  GetMinerDetails: {
    uid: 'aabbccdd',
    miner_identity: { brand: 1, model: 15, name: 'Antminer S19J Pro', miner_model: 'Antminer S19J Pro' },
    platform: 3,
    bos_mode: 3,
    bos_version: { current: '2026-01-20-0-aabbccdd-26.01-plus', major: '2022-09-13-0-11012d53-22.08-plus' },
    hostname: 'rig7',
    mac_address: '02:00:00:AA:BB:CC',
    sticker_hashrate: gh(104_000),
    bosminer_uptime_s: 86_400,
    system_uptime_s: 90_000,
    status: 2,
    kernel_version: '4.4',
    psu_info: { version: 113, fw_version: 5, serial_number: 'PSU77', model_name: 'APW121215a' },
    control_board_soc_family: 2,
    serial_number: 'SER123',
  },
  GetMinerStats: {
    pool_stats: { accepted_shares: 5000, rejected_shares: 12, stale_shares: 3, best_share: 900 },
    miner_stats: {
      real_hashrate: realRate(102_000, 101_500, 100_000),
      nominal_hashrate: gh(102_600),
      error_hashrate: { megahash_per_second: 20 },
      best_share: 5_000_000,
      best_share_str: '20000000000000000000',
    },
    power_stats: { approximated_consumption: { watt: 3060 }, efficiency: { joule_per_terahash: 30 } },
  },
  GetHashboards: { hashboards: [board('1'), board('2'), board('3')] },
  GetCoolingState: {
    fans: [
      { position: 0, rpm: 5000, target_speed_ratio: 0.6 },
      { position: 1, rpm: 5010, target_speed_ratio: 0.6 },
      { position: 2, rpm: 4990, target_speed_ratio: 0.6 },
      { position: 3, rpm: 4980, target_speed_ratio: 0.6 },
    ],
    highest_temperature: { location: 1, temperature: degrees(72.5) },
  },
  GetPoolGroups: {
    pool_groups: [
      {
        name: 'main',
        strategy: { quota: { value: 3 } },
        pools: [
          pool('P1', 'stratum+tcp://one.example:3333', true, {
            accepted_shares: 4990,
            rejected_shares: 12,
            stale_shares: 3,
            last_difficulty: 65_536,
            last_share_time: { seconds: 1_789_999_990, nanos: 500_000_000 },
          }),
          pool('P2', 'stratum+tcp://two.example:3333', false, NO_SHARES),
        ],
      },
      {
        name: 'gift',
        strategy: { fixedshareratio: { value: 0.1 } },
        pools: [
          {
            ...pool('P3', 'stratum+tcp://three.example:3333', true, { ...NO_SHARES, accepted_shares: 10 }),
            alive: false,
          },
        ],
      },
    ],
  },
  GetTunerState: {
    overall_tuner_state: 2,
    mode_state: { powertargetmodestate: { current_target: { watt: 3100 } } },
  },
  GetErrors: { errors: [] },
  GetMinerConfiguration: {
    pool_groups: [
      { name: 'main', pools: [{ url: 'stratum+tcp://one.example:3333', user: 'a', password: 'poolpass' }] },
    ],
    tuner: { enabled: true, tuner_mode: 1, power_target: { watt: 3100 } },
  },
  GetConstraints: {},
  GetNetworkInfo: { name: 'eth0', mac_address: '02:00:00:AA:BB:CC', hostname: 'rig7', protocol: 1 },
  GetNetworkConfiguration: { network: { hostname: 'rig7', protocol: { dhcp: {} } } },
  GetLicenseState: { state: { valid: { type: 1, contract_name: 'standard', dev_fee: { bsp: 200 } } } },
  GetLocateDeviceStatus: { enabled: false },
  GetActivePerformanceMode: { mode: { tunermode: {} } },
  GetAutoUpgradeStatus: { enabled: true },
  GetMinerStatus: { status: 2 },
};

/** The paths of the REST API behind `/api/v1/`, by the method whose message they give. */
export const PATHS: Readonly<Record<string, string>> = {
  'version/': 'GetApiVersion',
  'miner/details': 'GetMinerDetails',
  'miner/stats': 'GetMinerStats',
  'miner/hw/hashboards': 'GetHashboards',
  'cooling/state': 'GetCoolingState',
  'pools/': 'GetPoolGroups',
  'performance/tuner-state': 'GetTunerState',
  'miner/errors': 'GetErrors',
  'configuration/miner': 'GetMinerConfiguration',
  'configuration/constraints': 'GetConstraints',
  'network/': 'GetNetworkInfo',
  'network/configuration': 'GetNetworkConfiguration',
  'license/license': 'GetLicenseState',
  'actions/locate': 'GetLocateDeviceStatus',
  'performance/mode': 'GetActivePerformanceMode',
  'upgrade/auto-upgrade': 'GetAutoUpgradeStatus',
};

const status = (Code: number, Msg: string): Doc => ({
  STATUS: [{ STATUS: 'S', When: NOW / 1000, Code, Msg, Description: 'BOSer boser-openwrt 0.1.0-aabbccdd' }],
});

const dev = (ASC: number, ID: number): Doc => ({
  ASC,
  ID,
  Name: '',
  Enabled: 'Y',
  Status: 'Alive',
  'MHS 5s': 34_000_000,
  'MHS 1m': 33_500_000,
  'Nominal MHS': 34_200_000,
  'Hardware Errors': 5 + ASC,
});

const detail = (DEVDETAILS: number, ID: number): Doc => ({
  DEVDETAILS,
  ID,
  Chips: 126,
  Cores: 0,
  Frequency: 525_000_000,
  Voltage: 13.7,
  Model: 'Antminer S19J Pro',
  Name: `Hash Chain ${ID}`,
});

const chain = (HashchainIndex: number): Doc => ({
  HashchainIndex,
  ApproximatePowerConsumptionWatt: 980,
  PowerLimitWatt: 1000,
  Status: 'Stable',
  TunerRunning: false,
});

export const COMMANDS: Readonly<Record<string, unknown>> = {
  version: { ...status(22, 'BOSer versions'), VERSION: [{ API: '3.7', BOSer: 'boser-openwrt 0.1.0-aabbccdd' }] },
  summary: {
    ...status(11, 'Summary'),
    SUMMARY: [
      {
        Elapsed: 86_400,
        'MHS 5s': 101_800_000,
        'MHS 1m': 101_500_000,
        'MHS 5m': 101_500_000,
        'MHS 15m': 101_500_000,
        'MHS 24h': 101_500_000,
        'MHS av': 100_000_000,
        Accepted: 5000,
        Rejected: 12,
        Stale: 3,
        'Best Share': 4_000_000,
        'Hardware Errors': 18,
      },
    ],
  },
  devs: { ...status(9, '3 ASC(s)'), DEVS: [dev(0, 1), dev(1, 2), dev(2, 3)] },
  pools: {
    ...status(7, '3 Pool(s)'),
    POOLS: ['one', 'two', 'three'].map((name, POOL) => ({
      POOL,
      URL: `stratum+tcp://${name}.example:3333`,
      User: 'acct.rig7',
      Status: name === 'three' ? 'Dead' : 'Alive',
      'Stratum Active': name !== 'two',
      Accepted: 5,
    })),
  },
  fans: { ...status(202, '4 Fan(s)'), FANS: [0, 1, 2, 3].map((FAN) => ({ FAN, ID: FAN, RPM: 5000, Speed: 60 })) },
  temps: { ...status(201, '3 Temp(s)'), TEMPS: [1, 2, 3].map((ID) => ({ TEMP: ID - 1, ID, Board: 61, Chip: 72.5 })) },
  tempctrl: { ...status(200, 'Temperature control'), TEMPCTRL: [{ Mode: 'Automatic', Target: 75, Hot: 90 }] },
  tunerstatus: {
    ...status(203, 'Tuner Status'),
    TUNERSTATUS: [
      {
        ApproximateChainPowerConsumption: 2940,
        ApproximateMinerPowerConsumption: 3060,
        PowerLimit: 3100,
        TunerChainStatus: [chain(1), chain(2), chain(3)],
      },
    ],
  },
  devdetails: { ...status(69, 'Device Details'), DEVDETAILS: [detail(0, 1), detail(1, 2), detail(2, 3)] },
};
