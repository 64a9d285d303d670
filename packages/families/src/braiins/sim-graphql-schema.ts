/*
 * The part of the machine's GraphQL schema that simulated machines have, written by hand: what captures hold and what public
 * clients ask (asic-rs, pyasic), with what belongs to it. Names and types are those of the vendor's schemas of 21.09, 24.09,
 * 25.03 and 25.05.1; a test compares them. Left out: metadata but that of targets and boards, the storage of the page, display,
 * Wi-Fi, initial setup, subscriptions.
 *
 * A line that not every release has ends with `# from` or `# until` a release. What is first seen in a schema is given to that
 * release and newer ones.
 */
const LINES = `
schema { query: Query mutation: Mutation }
directive @ifdef on FIELD # until 24.09

scalar Timestamp
scalar Void

type Query { events: EventQuery! bos: BosQuery! bosminer: BosminerQuery! }
type Mutation { auth: Auth! bos: BosMutation! bosminer: BosminerMutation! }

interface Error { message: String! }
type VoidResult { void: Void! }
type AttributeError implements Error { message: String! }

type Auth {
  login(username: String!, password: String!): AuthResult!
  logout: AuthResult!
  extend: AuthResult!
}
type AuthError implements Error { message: String! }
union AuthResult = VoidResult | AuthError

type EventQuery { appeals: [Appeal!]! }
type Appeal { id: ID! kind: AppealKind! timestamp: Timestamp! message: String! }
enum AppealKind { INFO SUCCESS WARNING ERROR }

type BosQuery {
  hostname: String
  uptime: BosUptime
  logTargets: [LogTarget!]!
  log(target: LogTarget!): [String!]!
  hwid: String
  info: BosInfo!
  autoUpgrade: Boolean
  network: BosNetworkConfig!
  faultLight: Boolean!
  macAddress: String # from 24.09
  errors: [ErrorEntry!]! # from 24.09
  serialNumber: String # from 25.03
}
type BosUptime { since: Timestamp! durationS: Int! }
enum LogTarget { DMESG SYSLOG BOSMINER BOSER MONITOR }
type BosInfo {
  mode: BosMode!
  version: BosVersion!
  controlBoardSocFamily: String! # from 25.03
  platform: String! # from 25.03
}
enum BosMode {
  SD
  NAND
  EMMC # from 24.09
}
type BosVersion { full: String! isPlus: Boolean! }
union BosNetworkConfig = Dhcp | StaticIp
type Dhcp { void: Void! }
type StaticIp { address: String! netmask: String! gateway: String! dnsServers: [String!]! }
type ErrorEntry { timestamp: String! message: String! errorCodes: [ErrorCode!]! components: [Component!]! } # from 24.09
type ErrorCode { code: String! reason: String! hint: String! } # from 24.09
type Component { name: String! index: Int! } # from 24.09

type BosMutation {
  reboot: BosResult!
  setPassword(newPassword: String): BosResult!
  setHostname(hostname: String!): HostnameResult!
  setFaultLight(enable: Boolean!): BosFaultLight!
  factoryReset: BosResult! # from 24.09
}
union BosResult = VoidResult | BosError
type BosError implements Error { message: String! }
type BosFaultLight { enabled: Boolean! }
union HostnameResult = HostnameOk | HostnameError
type HostnameOk { message: String! }
type HostnameError implements Error { message: String! }

type BosminerQuery { info: BosminerInfo! config: BosminerConfigResult! metadata: BosminerMetadata!
  uptime: BosminerUptime # from 24.09
}
type BosminerUptime { since: Timestamp! durationS: Int! } # from 24.09
type BosminerInfo {
  modelName: String!
  poolGroups: [GroupInfo!]!
  summary: SummaryInfo!
  workSolver: WorkSolverInfo!
  fans: [FanInfo!]
  tempCtrl: TempCtrlInfo
}
type GroupInfo { name: String! pools: [PoolInfo!]! }
type PoolInfo {
  url: String!
  user: String!
  status: PoolStatus!
  active: Boolean!
  shares: SharesInfo!
  lastDifficulty: Float!
  generatedWork: Int!
  bestShare: Int!
}
enum PoolStatus { DISABLED DEAD ALIVE }
type SharesInfo {
  acceptedDifficulty: Int!
  acceptedSolutions: Int!
  rejectedDifficulty: Int!
  rejectedSolutions: Int!
  rejectedRatio: Float!
  staleDifficulty: Int!
  staleSolutions: Int!
  staleRatio: Float!
}
type SummaryInfo {
  realHashrate: RealHashrate!
  poolStatus: PoolStatus!
  shares: SharesInfo!
  foundBlocks: Int!
  bestShare: Int!
  power: PowerInfo
  tunerStatus: TunerStatus
  dynamicPerformanceScaling: DynamicPerformanceScaling
  temperature: Temperature # until 25.05
  temperatureChip: Temperature # from 25.05
  temperatureAmbient: Temperature # from 25.05
}
type DynamicPerformanceScaling { status: DynamicPerformanceScalingStatus! statusMessage: String! }
enum DynamicPerformanceScalingStatus {
  DISABLED
  INITIAL_POWER_TARGET
  LOWERED_POWER_TARGET
  INITIAL_HASHRATE_TARGET
  LOWERED_HASHRATE_TARGET
  MINING_SHUTDOWN
}
type RealHashrate {
  mhsAv: Float!
  mhs5S: Float!
  mhs15S: Float! # from 24.09
  mhs30S: Float! # from 24.09
  mhs1M: Float!
  mhs5M: Float!
  mhs15M: Float!
  mhs30M: Float! # from 24.09
  mhs1H: Float! # from 24.09
  mhs24H: Float!
  mhsSinceRestart: Float! # from 24.09
}
type PowerInfo {
  limitW: Int
  approxConsumptionW: Int
  efficiencyWMhs: Float
  chipConsumptionW: Int # from 24.09
  estimatedEfficiencyWMhs: Float # from 25.03
}
type TunerInfo {
  status: TunerStatus!
  statusMessages: [String!]!
  loadedProfileTimestamp: Timestamp
  iteration: Int!
  uptimeS: Int!
  stageDurationS: Int!
}
enum TunerStatus { DISABLED STABLE RUNNING FAILED }
type Temperature {
  name: String! # until 25.05
  name: TemperatureType! # from 25.05
  degreesC: Float! # until 25.03
  degreesC: Float # from 25.03
}
enum TemperatureType { MAX_CHIP MAX_BOARD AMBIENT UNDEFINED INLET OUTLET CONTROL_BOARD } # from 25.05
type WorkSolverInfo {
  name: String!
  nominalMhs: Float!
  realHashrate: RealHashrate!
  hwErrorMhs15M: Float!
  hwDetails: HwDetails
  power: PowerInfo
  tuner: TunerInfo
  temperatures: [Temperature!]
  childSolvers: [WorkSolverInfo!]
  psuInfo: PsuInfo # from 25.03
}
type HwDetails {
  chips: Int
  frequencyMhz: Float
  voltageV: Float
  hbSerialNumber: String # from 25.03
  hashboardName: String # from 25.03
  chipType: String # from 25.03
}
type PsuInfo { version: Int fwVersion: Int serialNumber: String modelName: String minVoltage: Float maxVoltage: Float } # from 25.03
type FanInfo { name: String! speed: Int! rpm: Int! }
type TempCtrlInfo { targetC: Float hotC: Float dangerousC: Float }

union BosminerConfigResult = BosminerConfig | BosminerConfigError
type BosminerConfigError implements Error { message: String! }
type BosminerConfig {
  hashChainGlobal: HashChainGlobal
  tempControl: TempControl
  autotuning: Autotuning
  performanceScaling: PerformanceScaling
  groups: [GroupConfig!]!
  hashChains: [HashChain!]!
}
type HashChainGlobal { asicBoost: Boolean frequency: Float voltage: Float }
type TempControl { mode: TempControlMode targetTemp: Float hotTemp: Float dangerousTemp: Float }
enum TempControlMode {
  AUTO
  MANUAL
  DISABLED # until 25.03
  IMMERSION # from 25.03
  HYDRO # from 25.03
}
type Autotuning { enabled: Boolean mode: TunerMode powerTarget: Int hashrateTarget: Float }
enum TunerMode { POWER_TARGET HASHRATE_TARGET }
type PerformanceScaling {
  enabled: Boolean
  powerStep: Int
  minPowerTarget: Int
  hashrateStep: Float
  minHashrateTarget: Float
  shutdownEnabled: Boolean
  shutdownDuration: Float
  dpsMode: DpsMode # from 25.03
}
enum DpsMode { NORMAL BOOST } # from 25.03
type GroupConfig { id: ID! name: String! strategy: LoadBalanceStrategy pools: [PoolConfig!]! }
union LoadBalanceStrategy = QuotaStrategy | FixedShareRatioStrategy
type QuotaStrategy { quota: Int! }
type FixedShareRatioStrategy { fixedShareRatio: Float! }
type PoolConfig { id: ID! enabled: Boolean url: String! user: String! password: String }
type HashChain { name: String! enabled: Boolean frequency: Float voltage: Float }

type BosminerMetadata { hashChain: HashChainMetadata autotuning: AutotuningMetadata }
type HashChainMetadata { indexNames: [String!]! voltagePerHashChain: Boolean! enabled: BooleanMetadata! frequency: FloatMetadata! voltage: FloatMetadata! }
type BooleanMetadata { default: Boolean! }
type FloatMetadata { default: Float! min: Float max: Float step: Float unit: String }
type UsizeMetadata { default: Int! min: Int max: Int unit: String }
type AutotuningMetadata {
  enabled: BooleanMetadata!
  modes: [TunerMode!]!
  modeDefault: TunerMode!
  powerTarget: UsizeMetadata!
  hashrateTarget: FloatMetadata!
}

type BosminerMutation { config: BosminerConfigurator! start: BosminerResult! stop: BosminerResult! restart: BosminerResult! }
union BosminerResult = VoidResult | BosminerError
type BosminerError { message: String! }
type BosminerConfigurator {
  updateGroups(groups: [Group!]!): GroupListResult!
  updatePerformance(input: PerformanceIn!, apply: Boolean!): PerformanceResult!
  updateAutotuning(input: AutotuningIn!, apply: Boolean!): AutotuningResult!
}
input Group { id: ID name: String quota: Int fixedShareRatio: Float pools: [PoolConfigIn!] }
input PoolConfigIn { enabled: Boolean url: String! user: String! password: String }
union GroupListResult = GroupList | GroupListError | AttributeError
type GroupList { groups: [GroupConfig!]! }
type GroupListError implements Error { message: String! emptyName: String duplicateNames: [String!]! }
input PerformanceIn { asicBoost: Boolean globalFrequency: Float globalVoltage: Float hashChains: [HashChainSetter!] }
input HashChainSetter { name: String! enabled: Boolean frequency: Float voltage: Float }
union PerformanceResult = PerformanceOut | PerformanceError | AttributeError
type PerformanceOut { hashChainGlobal: HashChainGlobal hashChains: [HashChain!]! }
type PerformanceError implements Error { message: String! globalFrequency: String globalVoltage: String }
input AutotuningIn { mode: TunerMode powerTarget: Int hashrateTarget: Float }
union AutotuningResult = AutotuningOut | AutotuningError | AttributeError
type AutotuningOut { hashChains: [HashChain!]! autotuning: Autotuning performanceScaling: PerformanceScaling }
type AutotuningError implements Error { message: String! mode: String powerTarget: String hashrateTarget: String }
`;

/** The schema of a release. */
export function schemaText(os: number): string {
  return LINES.split('\n')
    .filter((line) => {
      const [, word, release] = / # (from|until) (\d+\.\d+)$/.exec(line) ?? [];
      return word === undefined || (word === 'from' ? os >= Number(release) : os < Number(release));
    })
    .join('\n');
}
