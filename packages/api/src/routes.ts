import { MATRIX_FAMILIES } from '@headframe/model/matrix';
import { type TSchema, Type } from 'typebox';
import { PATHS, TOKEN_HEADER } from './paths.ts';
import { ref } from './schemas.ts';

/** One route of the daemon as data: the server registers it, the OpenAPI document shows it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** With `:name` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly headers?: TSchema;
  readonly body?: TSchema;
  /** By HTTP status. */
  readonly answers: Readonly<Record<number, Answer>>;
}

export interface Answer {
  readonly description: string;
  readonly schema: TSchema;
  /** Absent: application/json. */
  readonly contentType?: string;
  /** Further forms of the same answer, by content type. */
  readonly alsoAs?: Readonly<Record<string, TSchema>>;
}

const error = (description: string): Answer => ({ description, schema: ref('ErrorBody') });
const text = (description: string, contentType: string): Answer => ({
  description,
  schema: Type.String(),
  contentType,
});

export const ROUTES = {
  listMiners: {
    method: 'GET',
    path: PATHS.miners,
    summary: 'All machines as rows',
    query: Type.Object(
      {
        snapshots: Type.Optional(Type.Boolean({ description: 'Add the last good snapshot of every machine' })),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: { description: 'Rows in no particular order', schema: ref('MinerList') },
      400: error('A query parameter does not fit'),
    },
  },
  getMiner: {
    method: 'GET',
    path: PATHS.miner,
    summary: 'Everything known of one machine',
    params: Type.Object({ id: Type.String() }),
    answers: {
      200: { description: 'The machine', schema: ref('MinerRecord') },
      404: error('No machine has this id'),
    },
  },
  stream: {
    method: 'GET',
    path: PATHS.stream,
    summary: 'Changes as they happen, as server-sent events',
    description:
      'Events: `miner` (a MinerRow), `removed` ({id}), `fleet` (FleetTotals), `reset` (forget all rows, all of them follow). ' +
      'A client that comes back with the header Last-Event-ID, or with `after`, gets what changed since.',
    query: Type.Object(
      { after: Type.Optional(Type.String({ description: 'An event id, or `eventId` of the list of miners' })) },
      { additionalProperties: false },
    ),
    answers: { 200: text('The stream', 'text/event-stream') },
  },
  getFleet: {
    method: 'GET',
    path: PATHS.fleet,
    summary: 'Totals of the fleet and the progress of the scan',
    answers: { 200: { description: 'The totals', schema: ref('FleetTotals') } },
  },
  getHealth: {
    method: 'GET',
    path: PATHS.health,
    summary: 'Which daemon this is',
    answers: { 200: { description: 'It runs', schema: ref('Health') } },
  },
  getMatrix: {
    method: 'GET',
    path: PATHS.matrix,
    summary: 'The commands of port 4028 and how each firmware family takes them',
    description:
      'What a page prints of 50 commands, what was verified, and the real calls behind them. Under CC BY 4.0: publisher, ' +
      'licence and changes stand in `attribution`, in CSV in comment lines, and must stay with every copy. ' +
      'CSV with `format=csv`, or when the header Accept asks for text/csv.',
    query: Type.Object(
      {
        format: Type.Optional(Type.Enum(['json', 'csv'])),
        command: Type.Optional(Type.String({ description: 'Only this command' })),
        family: Type.Optional(Type.Enum([...MATRIX_FAMILIES], { description: 'Only the column of this family' })),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: {
        description: 'The matrix',
        schema: ref('CommandMatrix'),
        alsoAs: { 'text/csv': Type.String() },
      },
      400: error('A query parameter does not fit'),
      404: error('The matrix has no such command'),
    },
  },
  examine: {
    method: 'POST',
    path: PATHS.examinations,
    summary: 'Looks at one address and says why it does not answer',
    description:
      'Takes some seconds, a minute where nothing moves. Only looks: a few short connections, nothing is changed. ' +
      'For machines of the fleet, and for IP addresses of private networks; for loopback addresses only when asked from ' +
      'the computer of the daemon.',
    body: Type.Object(
      {
        address: Type.String({
          minLength: 1,
          maxLength: 300,
          description: 'host, or host:port, or the id of a machine of the fleet',
        }),
      },
      { additionalProperties: false },
    ),
    answers: {
      200: { description: 'What was found', schema: ref('DiagnosisRecord') },
      400: error('No address'),
      403: error('Neither a machine of the fleet nor an address of a private network'),
      503: error('Too many examinations at the same time'),
    },
  },
  getIncidents: {
    method: 'GET',
    path: PATHS.incidents,
    summary: 'What happened to the machines that do not answer, each cause once',
    description: 'As far as they are examined: one switch that is down is one incident, not forty.',
    answers: { 200: { description: 'The incidents so far', schema: ref('IncidentList') } },
  },
  examineSilent: {
    method: 'POST',
    path: PATHS.incidents,
    summary: 'Examines all machines of the fleet that do not answer',
    description:
      'Eight at the same time, 1,000 at most; how far it is stands in the list of incidents. ' +
      'While one such round runs no second one begins.',
    body: Type.Object({}, { additionalProperties: false, description: 'Nothing: `{}`, as application/json' }),
    answers: {
      202: { description: 'It runs', schema: ref('IncidentList') },
      400: error('No JSON object'),
    },
  },
  stop: {
    method: 'POST',
    path: PATHS.stop,
    summary: 'Stops the daemon',
    description: 'Only from the machine it runs on, and with the token of its pid file.',
    headers: Type.Object({ [TOKEN_HEADER]: Type.Optional(Type.String()) }),
    answers: {
      202: { description: 'It stops', schema: Type.Object({ stopping: Type.Literal(true) }) },
      403: error('Not from this machine, or not the right token'),
    },
  },
  metrics: {
    method: 'GET',
    path: PATHS.metrics,
    summary: 'Readings and poll statistics for Prometheus',
    answers: { 200: text('Prometheus text format 0.0.4', 'text/plain; version=0.0.4') },
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
