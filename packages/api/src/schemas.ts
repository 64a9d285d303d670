import { type ErrorCode, type ErrorContext, MACHINE_STATES, SEVERITIES, type Snapshot } from '@headframe/model';
import { quantity, SnapshotSchema, text } from '@headframe/model/schema';
import { type Static, type TSchema, Type } from 'typebox';
import { DiagnosisRecordSchema, IncidentListSchema } from './diagnosis-schemas.ts';
import { CommandMatrixSchema } from './matrix-schemas.ts';

/*
 * What the daemon's HTTP interface gives. The schemas make the OpenAPI document and hold the tests to it;
 * answers are not run through a validator while the daemon serves them.
 */

const strict = { additionalProperties: false };

/** A schema by its name in the OpenAPI document, with its type. */
export const ref = <T>(name: string) => Type.Unsafe<T>({ $ref: `${name}#` });

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * How the conversation with a machine goes: `waiting` was not asked yet; `ok` answered the last time;
 * `failing` missed the last times; `unreachable` missed so often that it is asked more rarely;
 * `never-answered` has not given a single reading; `needs-credentials` answers and wants a password.
 */
export const LINK_STATES = ['waiting', 'ok', 'failing', 'unreachable', 'never-answered', 'needs-credentials'] as const;
export type LinkState = (typeof LINK_STATES)[number];

export const ReasonSchema = Type.Object(
  {
    code: Type.String({ description: 'A finding of the findings table, or an error code' }),
    severity: Type.Enum([...SEVERITIES]),
    text: Type.String({ description: 'What is wrong, in words for a person' }),
  },
  strict,
);

export const MinerRowSchema = Type.Object(
  {
    id: Type.String({ description: "Headframe's own id; an address is only where a machine was last seen" }),
    address: Type.String(),
    family: text('identity.family'),
    make: text('identity.make'),
    model: text('identity.model'),
    firmware: text('identity.firmware'),
    firmwareVersion: text('identity.firmwareVersion'),
    simulated: Type.Boolean(),
    state: Type.Enum([...MACHINE_STATES], { description: '`unknown` whenever the machine did not answer just now' }),
    link: Type.Enum([...LINK_STATES]),
    severity: orNull(Type.Enum([...SEVERITIES], { description: 'The worst of the reasons; null: nothing to say' })),
    reasons: Type.Array(ref<Reason>('Reason'), { description: 'Worst first' }),
    hashrateHs: quantity({ label: 'hashrate.currentHs', unit: 'H/s' }),
    hashrateWindowS: quantity({ label: 'hashrate.currentWindowS', unit: 's' }),
    nominalHs: quantity({ label: 'hashrate.nominalHs', unit: 'H/s' }),
    boardTempMaxC: quantity({ label: 'hashboard.tempC', unit: '°C' }),
    chipTempMaxC: quantity({ label: 'hashboard.chipTempMaxC', unit: '°C' }),
    powerW: quantity({ label: 'snapshot.powerW', unit: 'W' }),
    pool: text('pool.url'),
    worker: text('pool.worker'),
    lastAnswerAt: quantity({ label: 'snapshot.at', unit: 'epoch ms' }),
    polls: Type.Integer(),
  },
  {
    ...strict,
    description:
      'One machine as a row. All readings are null while the machine does not answer, whatever it said last.',
  },
);

export const LastErrorSchema = Type.Object(
  {
    code: Type.String(),
    message: Type.String(),
    at: Type.Number({ description: 'epoch ms' }),
    firstBytes: Type.Union([Type.String(), Type.Null()], {
      description: 'The first bytes of what the device said instead of an answer, printable',
    }),
  },
  strict,
);

export const PollStatisticsSchema = Type.Object(
  {
    polls: Type.Integer(),
    failures: Type.Integer(),
    consecutiveFailures: Type.Integer(),
    droppedTicks: Type.Integer({ description: 'Polls left out because the one before was still running' }),
    lastPollMs: orNull(Type.Number()),
    lastPollAt: orNull(Type.Number({ description: 'epoch ms' })),
    nextPollAt: orNull(Type.Number({ description: 'epoch ms; null while one is running' })),
  },
  strict,
);

export const MinerRecordSchema = Type.Object(
  {
    at: Type.Number({ description: "The daemon's clock, epoch ms: the ages in here count from it" }),
    row: ref<MinerRow>('MinerRow'),
    ports: Type.Record(Type.String(), Type.Integer()),
    addedAt: Type.Number(),
    lastError: orNull(ref<LastError>('LastError')),
    statistics: ref<PollStatistics>('PollStatistics'),
    snapshot: orNull(ref<Snapshot>('Snapshot')),
  },
  {
    ...strict,
    description:
      'Everything known of one machine. `snapshot` is the last good reading, also when the machine is silent by now: `row` says so.',
  },
);

export const ScanProgressSchema = Type.Object(
  {
    ranges: Type.Array(Type.String()),
    running: Type.Boolean(),
    done: Type.Integer({ description: 'addresses asked' }),
    total: Type.Integer({ description: 'addresses in the ranges' }),
    miners: Type.Integer(),
    needCredentials: Type.Integer(),
    otherDevices: Type.Integer(),
    startedAt: Type.Number(),
    error: orNull(Type.Object({ code: Type.String(), message: Type.String() }, strict)),
  },
  strict,
);

const counts = <K extends string>(keys: readonly K[]) =>
  Type.Object(
    Object.fromEntries(keys.map((key) => [key, Type.Integer()])) as Record<K, ReturnType<typeof Type.Integer>>,
    strict,
  );

export const FleetTotalsSchema = Type.Object(
  {
    at: Type.Number({ description: "The daemon's clock, epoch ms" }),
    machines: Type.Integer(),
    simulated: Type.Integer(),
    sick: Type.Integer({ description: 'machines with a reason of severity warning or worse' }),
    byState: counts(MACHINE_STATES),
    byLink: counts(LINK_STATES),
    hashrateHs: Type.Number({ description: 'of the machines that answer and say it' }),
    nominalHs: Type.Number(),
    powerW: Type.Number(),
    powerKnown: Type.Integer({ description: 'machines that `powerW` is the sum of' }),
    scan: orNull(ref<ScanProgress>('ScanProgress')),
  },
  strict,
);

export const MinerListSchema = Type.Object(
  {
    at: Type.Number({ description: "The daemon's clock, epoch ms" }),
    eventId: Type.String({
      description: 'Where the event stream stands: `GET /api/v1/stream?after=` goes on from here',
    }),
    miners: Type.Array(ref<MinerRow>('MinerRow')),
    totals: ref<FleetTotals>('FleetTotals'),
    snapshots: Type.Optional(
      Type.Record(Type.String(), ref<Snapshot>('Snapshot'), { description: 'By miner id, with `snapshots=true`' }),
    ),
  },
  strict,
);

export const HealthSchema = Type.Object(
  {
    pid: Type.Integer(),
    version: Type.String(),
    startedAt: Type.Number({ description: 'epoch ms' }),
    address: Type.String({ description: 'host:port' }),
  },
  strict,
);

export const ErrorBodySchema = Type.Object(
  {
    code: Type.String({ description: 'A code of the error table' }),
    message: Type.String(),
    context: Type.Record(Type.String(), Type.Unknown()),
  },
  strict,
);

export type Reason = Static<typeof ReasonSchema>;
export type MinerRow = Static<typeof MinerRowSchema>;
export type LastError = Static<typeof LastErrorSchema>;
export type PollStatistics = Static<typeof PollStatisticsSchema>;
export type MinerRecord = Static<typeof MinerRecordSchema>;
export type ScanProgress = Static<typeof ScanProgressSchema>;
export type FleetTotals = Static<typeof FleetTotalsSchema>;
export type MinerList = Static<typeof MinerListSchema>;
export type Health = Static<typeof HealthSchema>;
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  context: ErrorContext;
}

/** Every named schema of the OpenAPI document; `$ref: 'Name#'` leads here. */
export const SCHEMAS = {
  Snapshot: SnapshotSchema,
  Reason: ReasonSchema,
  MinerRow: MinerRowSchema,
  LastError: LastErrorSchema,
  PollStatistics: PollStatisticsSchema,
  MinerRecord: MinerRecordSchema,
  ScanProgress: ScanProgressSchema,
  FleetTotals: FleetTotalsSchema,
  MinerList: MinerListSchema,
  Health: HealthSchema,
  CommandMatrix: CommandMatrixSchema,
  DiagnosisRecord: DiagnosisRecordSchema,
  IncidentList: IncidentListSchema,
  ErrorBody: ErrorBodySchema,
} as const satisfies Record<string, TSchema>;
