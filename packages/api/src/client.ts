import { ERRORS, type ErrorCode, type ErrorContext, HeadframeError } from '@headframe/model';
import type { CommandMatrix } from '@headframe/model/matrix';
import type { DiagnosisRecord, IncidentList } from './diagnosis-schemas.ts';
import { minerPath, PATHS, TOKEN_HEADER } from './paths.ts';
import type { ErrorBody, FleetTotals, Health, MinerList, MinerRecord } from './schemas.ts';

/** The part of `fetch` that the client uses; every runtime's own fits. */
export type FetchLike = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignal },
) => Promise<{ ok: boolean; status: number; text(): Promise<string> }>;

export interface RequestOptions {
  readonly signal?: AbortSignal;
}

/** A typed client of the daemon. Rejects with a {@link HeadframeError}: the daemon's own, or `link/*` when it does not answer. */
export interface ApiClient {
  miners(options?: RequestOptions & { readonly snapshots?: boolean }): Promise<MinerList>;
  miner(id: string, options?: RequestOptions): Promise<MinerRecord>;
  fleet(options?: RequestOptions): Promise<FleetTotals>;
  health(options?: RequestOptions): Promise<Health>;
  /** The commands of port 4028, with the attribution that every copy must carry. */
  matrix(options?: RequestOptions): Promise<CommandMatrix>;
  /** Looks at one address, or machine by its id, and says why it does not answer; takes some seconds. */
  examine(address: string, options?: RequestOptions): Promise<DiagnosisRecord>;
  /** What happened to the machines that do not answer, as far as they are examined. */
  incidents(options?: RequestOptions): Promise<IncidentList>;
  /** Begins to examine all machines that do not answer. */
  examineSilent(options?: RequestOptions): Promise<IncidentList>;
  /** @param token from the daemon's pid file */
  stop(token: string, options?: RequestOptions): Promise<void>;
  /** The address of the event stream. @param after an event id to go on from */
  streamUrl(after?: string): string;
}

/**
 * @param baseUrl such as `http://127.0.0.1:4280`; the empty string means "the same origin" in a browser
 */
export function createApiClient(baseUrl: string, fetch: FetchLike = runtimeFetch()): ApiClient {
  const base = baseUrl.replace(/\/+$/, '');

  async function ask<T>(
    method: 'GET' | 'POST',
    path: string,
    options: RequestOptions & { readonly body?: object },
    headers = {},
  ): Promise<T> {
    const address = base.replace(/^https?:\/\//, '');
    const context: ErrorContext = { ...(address === '' ? {} : { address }), request: `${method} ${path}` };
    const { reply, body } = await (async () => {
      try {
        const content = options.body === undefined ? {} : { 'content-type': 'application/json' };
        const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
        const init = { method, headers: { accept: 'application/json', ...content, ...headers }, ...body };
        const reply = await fetch(
          base + path,
          options.signal === undefined ? init : { ...init, signal: options.signal },
        );
        return { reply, body: await reply.text() };
      } catch (thrown) {
        throw new HeadframeError(
          options.signal?.aborted === true ? 'link/cancelled' : linkCode(thrown),
          context,
          thrown,
        );
      }
    })();
    const value = parse(body, context);
    if (!reply.ok) throw errorOf(value, reply.status, context);
    return value as T;
  }

  return {
    miners: ({ snapshots, ...options } = {}) =>
      ask('GET', snapshots === true ? `${PATHS.miners}?snapshots=true` : PATHS.miners, options),
    miner: (id, options = {}) => ask('GET', minerPath(id), options),
    fleet: (options = {}) => ask('GET', PATHS.fleet, options),
    health: (options = {}) => ask('GET', PATHS.health, options),
    matrix: (options = {}) => ask('GET', PATHS.matrix, options),
    examine: (address, options = {}) => ask('POST', PATHS.examinations, { ...options, body: { address } }),
    incidents: (options = {}) => ask('GET', PATHS.incidents, options),
    examineSilent: (options = {}) => ask('POST', PATHS.incidents, { ...options, body: {} }),
    stop: async (token, options = {}) => {
      await ask('POST', PATHS.stop, options, { [TOKEN_HEADER]: token });
    },
    streamUrl: (after) => `${base}${PATHS.stream}${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
  };
}

function runtimeFetch(): FetchLike {
  const { fetch } = globalThis as unknown as { fetch: FetchLike };
  return (url, init) => fetch(url, init);
}

/** What Node's fetch keeps in the cause of its "fetch failed"; a browser tells nothing apart. */
function linkCode(thrown: unknown): ErrorCode {
  const cause = thrown instanceof Error ? (thrown.cause as { code?: unknown } | undefined) : undefined;
  if (cause?.code === 'ECONNREFUSED') return 'link/refused';
  if (cause?.code === 'ECONNRESET') return 'link/reset';
  return 'link/unreachable';
}

function parse(body: string, context: ErrorContext): unknown {
  try {
    return JSON.parse(body);
  } catch (thrown) {
    const firstBytes = body.slice(0, 64).replace(/[^\x20-\x7e]/g, '.');
    throw new HeadframeError('protocol/malformed', { ...context, firstBytes }, thrown);
  }
}

/** The daemon's error as it was thrown there: code and context make the same sentence here. */
function errorOf(value: unknown, status: number, context: ErrorContext): HeadframeError {
  const body = value as Partial<ErrorBody> | null;
  if (typeof body?.code === 'string' && Object.hasOwn(ERRORS, body.code)) {
    return new HeadframeError(body.code, body.context ?? {});
  }
  return new HeadframeError('protocol/wrong-shape', { ...context, detail: `HTTP status ${status}` });
}
