import { type Static, type TSchema, Type } from 'typebox';

/* What the doctor found, as the daemon gives it. The words of the causes are those of docs/diagnosis. */

const strict = { additionalProperties: false };
const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Sentences = Type.Array(Type.String());

const UrgencySchema = Type.Enum(['dead', 'hashing-but-deaf', 'healthy', 'unknown'], {
  description: '`dead` costs money, `hashing-but-deaf` costs nothing yet',
});

const StepSchema = Type.Object(
  {
    step: orNull(Type.Integer({ description: 'Of the troubleshooting document, 1 to 18' })),
    text: Type.String(),
    command: orNull(Type.String({ description: 'What to type' })),
    fix: orNull(Type.String({ description: 'What `headframe doctor --fix` can do for it' })),
    costs: orNull(Type.String({ description: 'What it does to hashing; null: nothing' })),
  },
  strict,
);

const VerdictSchema = Type.Object(
  {
    code: Type.String({ description: 'A page of docs/diagnosis' }),
    row: orNull(Type.Integer({ description: 'Of the decision table' })),
    confidence: Type.Number({ description: '0 to 1: of verdicts of 0.9 about nine in ten are right' }),
    sentence: Type.String(),
    because: Sentences,
    doubts: Sentences,
    wouldChange: Type.String({ description: 'The single further fact that would change it' }),
    remedy: Type.Array(StepSchema),
  },
  strict,
);

const EvidenceLineSchema = Type.Object(
  {
    at: Type.Number({ description: 'epoch ms' }),
    ms: Type.Number(),
    bytes: Type.Integer(),
    line: Type.String(),
    command: orNull(Type.String({ description: 'What shows the same by hand' })),
  },
  strict,
);

/** How a port took a connection, and whether the API said anything readable: what another collector wants to know. */
const PortClassSchema = Type.Enum(['open', 'refused', 'timed-out', 'unreachable']);

export const DiagnosisRecordSchema = Type.Object(
  {
    address: Type.String(),
    from: Type.Number({ description: 'epoch ms' }),
    to: Type.Number({ description: 'epoch ms' }),
    urgency: UrgencySchema,
    sentence: Type.String(),
    verdicts: Type.Array(VerdictSchema, { description: 'Most probable first, never empty' }),
    ruledOut: Type.Array(Type.Object({ code: Type.String(), why: Type.String() }, strict)),
    remarks: Sentences,
    notSeen: Type.Array(Type.String(), { description: 'What could not be looked at, and why' }),
    evidence: Type.Array(EvidenceLineSchema),
    ports: Type.Record(Type.String(), PortClassSchema),
    answered: Type.Boolean({ description: 'The API gave a readable answer' }),
  },
  strict,
);

const IncidentRecordSchema = Type.Object(
  {
    kind: Type.Enum(['own-network', 'subnet', 'firmware', 'cause'], {
      description: 'What its machines have in common',
    }),
    code: Type.String({ description: 'A page of docs/diagnosis' }),
    row: orNull(Type.Integer({ description: 'Of the decision table' })),
    urgency: UrgencySchema,
    sentence: Type.String(),
    addresses: Type.Array(Type.String(), { description: 'As ranges: `10.0.4.1-40`' }),
    remedy: Type.Array(StepSchema),
    machines: Type.Array(Type.Object({ id: Type.String(), address: Type.String() }, strict), {
      description: 'The worst and surest first',
    }),
  },
  strict,
);

export const IncidentListSchema = Type.Object(
  {
    at: Type.Number({ description: 'epoch ms' }),
    silent: Type.Integer({ description: 'Machines that do not answer now' }),
    startedAt: orNull(Type.Number({ description: 'epoch ms; null: never' })),
    endedAt: orNull(Type.Number({ description: 'epoch ms; null while it runs' })),
    total: Type.Integer({ description: 'Machines to examine' }),
    done: Type.Integer(),
    well: Type.Integer({ description: 'Of those: healthy, or they answered again' }),
    leftOut: Type.Integer({ description: 'Silent machines beyond the first 1,000' }),
    failed: Type.Array(Type.Object({ address: Type.String(), message: Type.String() }, strict), {
      description: 'Those that could not be examined',
    }),
    incidents: Type.Array(IncidentRecordSchema, { description: 'What costs money first, then by how many' }),
  },
  strict,
);

export type DiagnosisRecord = Static<typeof DiagnosisRecordSchema>;
export type VerdictRecord = DiagnosisRecord['verdicts'][number];
export type StepRecord = VerdictRecord['remedy'][number];
export type IncidentList = Static<typeof IncidentListSchema>;
export type IncidentRecord = IncidentList['incidents'][number];
