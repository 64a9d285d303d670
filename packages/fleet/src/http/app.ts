import { timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import swagger from '@fastify/swagger';
import {
  type Answer,
  type DiagnosisRecord,
  type FleetTotals,
  type Health,
  type IncidentList,
  type MinerList,
  type MinerRecord,
  PATHS,
  ROUTES,
  type Route,
  type RouteName,
  SCHEMAS,
  TOKEN_HEADER,
} from '@headframe/api';
import { HeadframeError, type Snapshot } from '@headframe/model';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Asker } from '../domain/examinations.ts';
import { answerErrors } from './errors.ts';
import type { EventStream } from './event-stream.ts';
import { isLoopback, isOwnHost } from './hosts.ts';
import { answerMatrix } from './matrix.ts';
import { SECURITY_HEADERS, servePage } from './page.ts';

/** What the HTTP interface shows, and the one thing that it can make happen. */
export interface AppParts {
  readonly version: string;
  /** What the daemon listens on: decides which `Host` headers are served. */
  readonly listenHost: string;
  /** Of the pid file. */
  readonly token: string;
  readonly pageDirectory: string | null;
  readonly events: Pick<EventStream, 'open'>;
  readonly list: () => MinerList;
  readonly snapshots: () => Iterable<readonly [id: string, snapshot: Snapshot]>;
  readonly record: (id: string) => MinerRecord | undefined;
  readonly totals: () => FleetTotals;
  readonly health: () => Health;
  /** Rejects with a HeadframeError. Ends soon after the asker went away. */
  readonly examine: (address: string, asker: Asker) => Promise<DiagnosisRecord>;
  readonly incidents: () => IncidentList;
  readonly examineSilent: () => void;
  readonly metrics: () => string;
  readonly requestStop: () => void;
  readonly onMistake: (error: HeadframeError) => void;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** The whole HTTP interface; the caller makes it listen. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    ajv: { customOptions: { removeAdditional: false } },
  });
  // The schemas describe; what leaves here was made by us and needs no second look at every request.
  app.setSerializerCompiler(() => JSON.stringify);
  answerErrors(app, parts.onMistake);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (isOwnHost(request.headers.host, parts.listenHost)) return;
    const detail = 'Headframe is not served under this name; use its IP address or localhost';
    throw new HeadframeError('usage/not-allowed', { detail });
  });
  await describe(app, parts.version);
  const handlers = handlersOf(parts);
  for (const name of Object.keys(ROUTES) as RouteName[]) register(app, ROUTES[name], handlers[name]);
  app.get(PATHS.openapi, { schema: { hide: true } }, () => app.swagger());
  await servePage(app, parts.pageDirectory);
  return app;
}

async function describe(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Headframe',
        description: 'The daemon of Headframe: every machine of the fleet, as it is now.',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema-${index}`) },
  });
  for (const [$id, schema] of Object.entries(SCHEMAS)) app.addSchema({ ...schema, $id });
}

function register(app: FastifyInstance, route: Route, handler: Handler): void {
  const { method, path, summary, description, params, query, headers, body, answers } = route;
  const response = Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)]));
  const schema = {
    summary,
    ...(description === undefined ? {} : { description }),
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    response,
  };
  app.route({ method, url: path, schema, handler });
}

const responseOf = ({ description, schema, contentType = 'application/json', alsoAs = {} }: Answer) => ({
  description,
  content: Object.fromEntries(
    Object.entries({ [contentType]: schema, ...alsoAs }).map(([type, one]) => [type, { schema: one }]),
  ),
});

function handlersOf(parts: AppParts): Record<RouteName, Handler> {
  return {
    listMiners: (request, reply) => {
      if ((request.query as { snapshots?: boolean }).snapshots !== true) return parts.list();
      return reply.type('application/json; charset=utf-8').send(Readable.from(listWithSnapshots(parts)));
    },
    getMiner: (request) => {
      const { id } = request.params as { id: string };
      const record = parts.record(id);
      if (record !== undefined) return record;
      throw new HeadframeError('usage/not-found', { detail: `No machine has the id ${id.slice(0, 100)}` });
    },
    stream: (request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200, {
        ...SECURITY_HEADERS,
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const header = request.headers['last-event-id'];
      const { after } = request.query as { after?: string };
      parts.events.open(reply.raw, typeof header === 'string' ? header : (after ?? null));
    },
    getFleet: () => parts.totals(),
    getHealth: () => parts.health(),
    getMatrix: answerMatrix,
    examine: async (request, reply) => {
      const { address } = request.body as { address: string };
      const gone = new AbortController();
      reply.raw.on('close', () => gone.abort());
      return parts.examine(address, { signal: gone.signal, isLocal: isLoopback(request.ip) });
    },
    getIncidents: () => parts.incidents(),
    examineSilent: (_request, reply) => {
      parts.examineSilent();
      return reply.code(202).send(parts.incidents());
    },
    stop: (request, reply) => {
      const token = request.headers[TOKEN_HEADER];
      if (!isLoopback(request.ip) || typeof token !== 'string' || !isSame(token, parts.token)) {
        const detail = 'Only who can read the pid file of the daemon, on its own machine, can stop it';
        throw new HeadframeError('usage/not-allowed', { detail });
      }
      reply.raw.on('finish', parts.requestStop);
      return reply.code(202).send({ stopping: true });
    },
    metrics: (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(parts.metrics()),
  };
}

/** Piece by piece: the snapshots of a large fleet together are more than the daemon should hold as one text. */
function* listWithSnapshots({ list, snapshots }: AppParts): Generator<string> {
  yield `${JSON.stringify(list()).slice(0, -1)},"snapshots":{`;
  let separator = '';
  for (const [id, snapshot] of snapshots()) {
    yield `${separator}${JSON.stringify(id)}:${JSON.stringify(snapshot)}`;
    separator = ',';
  }
  yield '}}';
}

function isSame(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
