import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { createApiClient, type FetchLike } from './client.ts';
import { PATHS } from './paths.ts';
import { ROUTES } from './routes.ts';
import { encodeEvent } from './stream.ts';

/** A daemon that gives one answer and remembers what it was asked. */
function daemon(status: number, body: string) {
  const asked: { url: string; method: string; headers: Record<string, string> }[] = [];
  const fetch: FetchLike = async (url, { method, headers }) => {
    asked.push({ url, method, headers });
    return { ok: status < 400, status, text: async () => body };
  };
  return { asked, api: createApiClient('http://127.0.0.1:4280/', fetch) };
}

const failure = async (promise: Promise<unknown>): Promise<HeadframeError> => {
  const thrown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(thrown).toBeInstanceOf(HeadframeError);
  return thrown as HeadframeError;
};

describe('the client of the daemon', () => {
  test('asks the routes of the contract', async () => {
    const { asked, api } = daemon(200, '{}');
    await api.miners();
    await api.miners({ snapshots: true });
    await api.miner('a/b');
    await api.fleet();
    await api.health();
    await api.matrix();
    await api.stop('secret');
    expect(asked.map(({ method, url }) => `${method} ${url.slice('http://127.0.0.1:4280'.length)}`)).toEqual([
      'GET /api/v1/miners',
      'GET /api/v1/miners?snapshots=true',
      'GET /api/v1/miners/a%2Fb',
      'GET /api/v1/fleet',
      'GET /api/v1/health',
      'GET /api/v1/matrix',
      'POST /api/v1/stop',
    ]);
    expect(asked.at(-1)?.headers['x-headframe-token']).toBe('secret');
    expect(api.streamUrl('run-7')).toBe('http://127.0.0.1:4280/api/v1/stream?after=run-7');
  });

  test("the daemon's own error arrives as it was thrown, with its sentence", async () => {
    const error = new HeadframeError('usage/not-found', { detail: 'No machine has the id x' });
    const body = JSON.stringify({ code: error.code, message: error.message, context: error.context });
    const got = await failure(daemon(404, body).api.miner('x'));
    expect(got.code).toBe('usage/not-found');
    expect(got.message).toBe(error.message);
  });

  test.each([
    [502, '<html>Bad gateway</html>', 'protocol/malformed', '<html>Bad gateway</html>'],
    [500, '{"oops": 1}', 'protocol/wrong-shape', 'HTTP status 500'],
    [500, '{"code": "made/up"}', 'protocol/wrong-shape', 'HTTP status 500'],
    [500, 'null', 'protocol/wrong-shape', 'HTTP status 500'],
  ])('something else that answers with %i %s is a %s', async (status, body, code, said) => {
    const error = await failure(daemon(status, body).api.health());
    expect(error.code).toBe(code);
    expect(error.message).toContain(said);
  });

  test('a daemon that is not there is told by the reason', async () => {
    const refused = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
    const api = createApiClient('http://127.0.0.1:4280', () => Promise.reject(refused));
    expect((await failure(api.health())).message).toContain('127.0.0.1:4280 refused the connection');
    const elsewhere = createApiClient('', () => Promise.reject(new TypeError('Failed to fetch')));
    expect((await failure(elsewhere.health())).code).toBe('link/unreachable');
  });

  test('a request that the caller cancelled says so', async () => {
    const { api } = daemon(200, '{}');
    const controller = new AbortController();
    controller.abort();
    const hanging = createApiClient('', () => Promise.reject(controller.signal.reason));
    expect((await failure(hanging.health({ signal: controller.signal }))).code).toBe('link/cancelled');
    await api.health({ signal: controller.signal });
  });
});

test('an event is one line of JSON, whatever a machine calls itself', () => {
  const text = encodeEvent('removed', { id: 'a\n\ndata: evil' }, 'run-1');
  expect(text).toBe('event: removed\nid: run-1\ndata: {"id":"a\\n\\ndata: evil"}\n\n');
});

test('every path of the contract is a route', () => {
  const paths = new Set<string>(Object.values(ROUTES).map(({ path }) => path));
  for (const path of Object.values(PATHS)) expect(paths.has(path) || path === PATHS.openapi).toBe(true);
});
