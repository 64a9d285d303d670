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
  /** By HTTP status. */
  readonly answers: Readonly<Record<number, Answer>>;
}

export interface Answer {
  readonly description: string;
  readonly schema: TSchema;
  /** Absent: application/json. */
  readonly contentType?: string;
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
