import { type Static, Type } from 'typebox';
import { FIELD_META, quantity, text, type Unit } from './quantity.ts';
import { CHIP_STATES, GAP_REASONS, HASHBOARD_STATES, MACHINE_STATES, POOL_STATES, SEVERITIES } from './states.ts';

/**
 * The snapshot: one machine at one moment. The form that every interface gives, in base units.
 *
 * A value is there, or it is null: then `gaps` says why, unless the device simply does not expose it.
 * These schemas serve the API, the generators and the tests; device replies never pass a validator.
 */

const strict = { additionalProperties: false };

/** The label of a field that is no quantity and never null. */
const labelled = (label: string, unit?: Unit) => ({ [FIELD_META]: unit === undefined ? { label } : { label, unit } });

const oneOf = <const T extends string[]>(values: readonly [...T], label: string) =>
  Type.Enum([...values], labelled(label));

export const IdentitySchema = Type.Object(
  {
    family: Type.String(labelled('identity.family')),
    make: text('identity.make'),
    model: text('identity.model'),
    hardwareRevision: text('identity.hardwareRevision'),
    firmware: text('identity.firmware'),
    firmwareVersion: text('identity.firmwareVersion'),
    apiVersion: text('identity.apiVersion'),
    mac: text('identity.mac'),
    serial: text('identity.serial'),
    hostname: text('identity.hostname'),
    controlBoard: text('identity.controlBoard'),
    algorithm: text('identity.algorithm'),
  },
  strict,
);

export const HashrateWindowSchema = Type.Object(
  {
    seconds: Type.Number(labelled('hashrate.window.seconds', 's')),
    hs: Type.Number(labelled('hashrate.window.hs', 'H/s')),
  },
  strict,
);

export const HashrateSchema = Type.Object(
  {
    currentHs: quantity({ label: 'hashrate.currentHs', unit: 'H/s', metric: 'hashrate_hashes_per_second' }),
    currentWindowS: quantity({ label: 'hashrate.currentWindowS', unit: 's' }),
    averageHs: quantity({ label: 'hashrate.averageHs', unit: 'H/s', metric: 'hashrate_average_hashes_per_second' }),
    nominalHs: quantity({ label: 'hashrate.nominalHs', unit: 'H/s', metric: 'hashrate_nominal_hashes_per_second' }),
    windows: Type.Array(HashrateWindowSchema, labelled('hashrate.windows')),
  },
  strict,
);

export const ChipSchema = Type.Object(
  {
    index: Type.Integer(labelled('chip.index')),
    state: oneOf(CHIP_STATES, 'chip.state'),
    tempC: quantity({ label: 'chip.tempC', unit: '°C' }),
    frequencyMHz: quantity({ label: 'chip.frequencyMHz', unit: 'MHz' }),
    voltageV: quantity({ label: 'chip.voltageV', unit: 'V' }),
    hashrateHs: quantity({ label: 'chip.hashrateHs', unit: 'H/s' }),
  },
  strict,
);

export const HashboardSchema = Type.Object(
  {
    slot: Type.Integer(labelled('hashboard.slot')),
    label: text('hashboard.label'),
    state: oneOf(HASHBOARD_STATES, 'hashboard.state'),
    hashrateHs: quantity({
      label: 'hashboard.hashrateHs',
      unit: 'H/s',
      metric: 'hashboard_hashrate_hashes_per_second',
    }),
    nominalHs: quantity({ label: 'hashboard.nominalHs', unit: 'H/s' }),
    tempC: quantity({ label: 'hashboard.tempC', unit: '°C', metric: 'hashboard_temperature_celsius' }),
    inletTempC: quantity({ label: 'hashboard.inletTempC', unit: '°C' }),
    outletTempC: quantity({ label: 'hashboard.outletTempC', unit: '°C' }),
    chipTempMinC: quantity({ label: 'hashboard.chipTempMinC', unit: '°C' }),
    chipTempMaxC: quantity({
      label: 'hashboard.chipTempMaxC',
      unit: '°C',
      metric: 'hashboard_chip_temperature_max_celsius',
    }),
    frequencyMHz: quantity({ label: 'hashboard.frequencyMHz', unit: 'MHz', metric: 'hashboard_frequency_megahertz' }),
    voltageV: quantity({ label: 'hashboard.voltageV', unit: 'V', metric: 'hashboard_volts' }),
    powerW: quantity({ label: 'hashboard.powerW', unit: 'W', metric: 'hashboard_power_watts' }),
    chipsWorking: quantity({ label: 'hashboard.chipsWorking', unit: 'count', metric: 'hashboard_chips_working' }),
    chipsExpected: quantity({ label: 'hashboard.chipsExpected', unit: 'count', metric: 'hashboard_chips_expected' }),
    hardwareErrors: quantity({
      label: 'hashboard.hardwareErrors',
      unit: 'count',
      metric: 'hashboard_hardware_errors_total',
      counter: true,
    }),
    serial: text('hashboard.serial'),
    chips: Type.Array(ChipSchema, labelled('hashboard.chips')),
  },
  strict,
);

export const FanSchema = Type.Object(
  {
    slot: Type.Integer(labelled('fan.slot')),
    label: text('fan.label'),
    rpm: quantity({ label: 'fan.rpm', unit: 'rpm', metric: 'fan_rpm' }),
    percent: quantity({ label: 'fan.percent', unit: '%', metric: 'fan_percent' }),
  },
  strict,
);

export const PsuSchema = Type.Object(
  {
    model: text('psu.model'),
    serial: text('psu.serial'),
    firmwareVersion: text('psu.firmwareVersion'),
    inputVoltageV: quantity({ label: 'psu.inputVoltageV', unit: 'V', metric: 'psu_input_volts' }),
    inputCurrentA: quantity({ label: 'psu.inputCurrentA', unit: 'A', metric: 'psu_input_amperes' }),
    inputPowerW: quantity({ label: 'psu.inputPowerW', unit: 'W', metric: 'psu_input_power_watts' }),
    outputVoltageV: quantity({ label: 'psu.outputVoltageV', unit: 'V', metric: 'psu_output_volts' }),
    outputCurrentA: quantity({ label: 'psu.outputCurrentA', unit: 'A', metric: 'psu_output_amperes' }),
    fanRpm: quantity({ label: 'psu.fanRpm', unit: 'rpm', metric: 'psu_fan_rpm' }),
    tempC: quantity({ label: 'psu.tempC', unit: '°C', metric: 'psu_temperature_celsius' }),
  },
  strict,
);

export const PoolSchema = Type.Object(
  {
    index: Type.Integer(labelled('pool.index')),
    url: text('pool.url'),
    worker: text('pool.worker'),
    status: oneOf(POOL_STATES, 'pool.status'),
    active: Type.Union([Type.Boolean(), Type.Null()], labelled('pool.active')),
    priority: quantity({ label: 'pool.priority', unit: 'count' }),
    accepted: quantity({
      label: 'pool.accepted',
      unit: 'count',
      metric: 'pool_shares_accepted_total',
      counter: true,
    }),
    rejected: quantity({
      label: 'pool.rejected',
      unit: 'count',
      metric: 'pool_shares_rejected_total',
      counter: true,
    }),
    stale: quantity({ label: 'pool.stale', unit: 'count', metric: 'pool_shares_stale_total', counter: true }),
    difficulty: quantity({ label: 'pool.difficulty', unit: 'difficulty', metric: 'pool_difficulty' }),
    lastShareAt: quantity({ label: 'pool.lastShareAt', unit: 'epoch ms' }),
  },
  strict,
);

export const SharesSchema = Type.Object(
  {
    accepted: quantity({ label: 'shares.accepted', unit: 'count', metric: 'shares_accepted_total', counter: true }),
    rejected: quantity({ label: 'shares.rejected', unit: 'count', metric: 'shares_rejected_total', counter: true }),
    stale: quantity({ label: 'shares.stale', unit: 'count', metric: 'shares_stale_total', counter: true }),
    sessionBestDifficulty: quantity({
      label: 'shares.sessionBestDifficulty',
      unit: 'difficulty',
      metric: 'best_share_session_difficulty',
    }),
    bestDifficulty: quantity({
      label: 'shares.bestDifficulty',
      unit: 'difficulty',
      metric: 'best_share_difficulty',
    }),
  },
  strict,
);

export const FaultSchema = Type.Object(
  {
    code: Type.String(labelled('fault.code')),
    vendorCode: text('fault.vendorCode'),
    text: text('fault.text'),
    severity: oneOf(SEVERITIES, 'fault.severity'),
    component: text('fault.component'),
    at: quantity({ label: 'fault.at', unit: 'epoch ms' }),
  },
  strict,
);

export const ErrorSummarySchema = Type.Object(
  { code: Type.String(labelled('error.code')), message: Type.String(labelled('error.message')) },
  strict,
);

export const GapSchema = Type.Object(
  {
    path: Type.String(labelled('gap.path')),
    reason: oneOf(GAP_REASONS, 'gap.reason'),
    error: Type.Union([ErrorSummarySchema, Type.Null()], labelled('gap.error')),
  },
  strict,
);

/** What one reply says of a value. */
const SaidSchema = (label: string) =>
  Type.Object(
    {
      reply: Type.String(labelled('said.reply')),
      value: Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()], labelled('said.value')),
    },
    { ...strict, ...labelled(label) },
  );

/** Two doors of one machine say of one value what cannot both be true. */
export const DisagreementSchema = Type.Object(
  {
    path: Type.String(labelled('disagreement.path')),
    believed: SaidSchema('disagreement.believed'),
    other: SaidSchema('disagreement.other'),
    why: Type.String(labelled('disagreement.why')),
  },
  strict,
);

export const RepairSchema = Type.Object(
  { kind: Type.String(labelled('repair.kind')), offset: Type.Integer(labelled('repair.offset')) },
  strict,
);

export const ReplyMetaSchema = Type.Object(
  {
    id: Type.String(labelled('reply.id')),
    request: Type.String(labelled('reply.request')),
    at: Type.Number(labelled('reply.at', 'epoch ms')),
    ms: Type.Number(labelled('reply.ms', 'ms')),
    bytes: Type.Integer(labelled('reply.bytes')),
    repairs: Type.Array(RepairSchema, labelled('reply.repairs')),
    error: Type.Union([ErrorSummarySchema, Type.Null()], labelled('reply.error')),
  },
  strict,
);

export const SourceSchema = Type.Object(
  { reply: Type.String(labelled('source.reply')), field: Type.String(labelled('source.field')) },
  strict,
);

export const SnapshotSchema = Type.Object(
  {
    schemaVersion: Type.Literal(1, labelled('snapshot.schemaVersion')),
    address: Type.String(labelled('snapshot.address')),
    at: Type.Number(labelled('snapshot.at', 'epoch ms')),
    identity: IdentitySchema,
    state: oneOf(MACHINE_STATES, 'snapshot.state'),
    minerUptimeS: quantity({ label: 'snapshot.minerUptimeS', unit: 's', metric: 'miner_uptime_seconds' }),
    systemUptimeS: quantity({ label: 'snapshot.systemUptimeS', unit: 's', metric: 'system_uptime_seconds' }),
    hashrate: HashrateSchema,
    powerW: quantity({ label: 'snapshot.powerW', unit: 'W', metric: 'power_watts' }),
    powerBasis: Type.Union(
      [Type.Literal('measured'), Type.Literal('estimated'), Type.Null()],
      labelled('snapshot.powerBasis'),
    ),
    powerLimitW: quantity({ label: 'snapshot.powerLimitW', unit: 'W', metric: 'power_limit_watts' }),
    efficiencyJTh: quantity({
      label: 'snapshot.efficiencyJTh',
      unit: 'J/TH',
      metric: 'efficiency_joules_per_terahash',
    }),
    ambientTempC: quantity({ label: 'snapshot.ambientTempC', unit: '°C', metric: 'ambient_temperature_celsius' }),
    // Only where a machine has a radio: the others leave it out.
    wifiRssiDbm: Type.Optional(quantity({ label: 'snapshot.wifiRssiDbm', unit: 'dBm', metric: 'wifi_rssi_dbm' })),
    hashboards: Type.Array(HashboardSchema, labelled('snapshot.hashboards')),
    fans: Type.Array(FanSchema, labelled('snapshot.fans')),
    psu: Type.Union([PsuSchema, Type.Null()], labelled('snapshot.psu')),
    pools: Type.Array(PoolSchema, labelled('snapshot.pools')),
    shares: SharesSchema,
    hardwareErrors: quantity({
      label: 'snapshot.hardwareErrors',
      unit: 'count',
      metric: 'hardware_errors_total',
      counter: true,
    }),
    faults: Type.Array(FaultSchema, labelled('snapshot.faults')),
    // Only where a machine has several doors and they disagree: the others leave it out.
    disagreements: Type.Optional(Type.Array(DisagreementSchema, labelled('snapshot.disagreements'))),
    gaps: Type.Array(GapSchema, labelled('snapshot.gaps')),
    replies: Type.Array(ReplyMetaSchema, labelled('snapshot.replies')),
    sources: Type.Optional(Type.Record(Type.String(), SourceSchema, labelled('snapshot.sources'))),
  },
  strict,
);

export type Identity = Static<typeof IdentitySchema>;
export type Hashrate = Static<typeof HashrateSchema>;
export type HashrateWindow = Static<typeof HashrateWindowSchema>;
export type Chip = Static<typeof ChipSchema>;
export type Hashboard = Static<typeof HashboardSchema>;
export type Fan = Static<typeof FanSchema>;
export type Psu = Static<typeof PsuSchema>;
export type Pool = Static<typeof PoolSchema>;
export type Shares = Static<typeof SharesSchema>;
export type Fault = Static<typeof FaultSchema>;
export type Gap = Static<typeof GapSchema>;
export type GapReason = (typeof GAP_REASONS)[number];
export type Disagreement = Static<typeof DisagreementSchema>;
export type Repair = Static<typeof RepairSchema>;
export type ReplyMeta = Static<typeof ReplyMetaSchema>;
export type ErrorSummary = Static<typeof ErrorSummarySchema>;
export type Source = Static<typeof SourceSchema>;
export type Snapshot = Static<typeof SnapshotSchema>;
export type MachineState = (typeof MACHINE_STATES)[number];
export type HashboardState = (typeof HASHBOARD_STATES)[number];
export type PoolState = (typeof POOL_STATES)[number];
export type ChipState = (typeof CHIP_STATES)[number];
export type Severity = (typeof SEVERITIES)[number];
