import type { IncomingHttpHeaders, RequestListener } from 'node:http';
import { type Look, type PoolView, wasSeen } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Deadline } from '../links/deadline.ts';
import { closedPort, httpServer, tcpServer } from '../links/loopback.testing.ts';
import type { PoolAccount } from './pool-dialect.ts';
import { poolReader } from './read-pool.ts';

const OWN_NOW = Date.UTC(2025, 6, 8, 8, 8, 42);
const LAST = 1_751_962_081;
const TOKEN = 'Zm1oK8hGaDExOBaE';

function look(account: PoolAccount, signal?: AbortSignal): Promise<Look<PoolView>> {
  const deadline = new Deadline(20_000, signal);
  onTestFinished(() => deadline.end());
  return poolReader(account)({ clock: { now: () => OWN_NOW }, deadline });
}

const braiinsAt = (port: number): PoolAccount => ({
  pool: 'braiins-pool',
  url: `http://127.0.0.1:${port}`,
  account: 'alice',
  worker: 'rig3',
  token: TOKEN,
});

const ckpoolAt = (port: number): PoolAccount => ({
  pool: 'ckpool',
  url: `http://127.0.0.1:${port}`,
  account: 'a',
  worker: 'b',
});

const workers = (lastShare: number) =>
  JSON.stringify({
    btc: {
      workers: { 'alice.rig3': { state: 'ok', last_share: lastShare, hash_rate_unit: 'Gh/s', hash_rate_5m: 101_200 } },
    },
  });

/** A pool that says one thing, with a clock that is ours unless told. */
const saying =
  (body: string, status = 200, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.sendDate = false;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };

const reasonOf = (seen: Look<PoolView>): string => (wasSeen(seen) ? `seen: ${seen.line}` : seen.notSeen);

describe('a pool that is asked', () => {
  test('tells the age, the hashrate, the line and the command, and gets the token in its header alone', async () => {
    let met: { url: string | undefined; headers: IncomingHttpHeaders } | undefined;
    const body = workers(LAST);
    const port = await httpServer((request, response) => {
      met = { url: request.url, headers: request.headers };
      saying(body)(request, response);
    });
    const seen = await look(braiinsAt(port));
    expect(met?.url).toBe('/accounts/workers/json/btc/');
    expect(met?.headers).toMatchObject({ 'pool-auth-token': TOKEN, connection: 'close' });
    expect(seen).toMatchObject({
      value: { pool: 'braiins-pool', worker: 'alice.rig3', lastShareAgeS: 41, hashrateHs: 101_200_000_000_000 },
      at: OWN_NOW,
      bytes: body.length,
      line: 'braiins-pool: worker alice.rig3 sent its last share 41 s ago, 101.2 TH/s (step 1)',
      command: `curl -s -H "Pool-Auth-Token: $TOKEN" http://127.0.0.1:${port}/accounts/workers/json/btc/`,
    });
    expect(JSON.stringify(seen)).not.toContain(TOKEN);
  });

  test('is believed about the time, also behind a cache', async () => {
    const date = 'Tue, 08 Jul 2025 09:08:42 GMT';
    const hourAhead = await look(braiinsAt(await httpServer(saying(workers(LAST + 3_600), 200, { date }))));
    expect(hourAhead).toMatchObject({ value: { lastShareAgeS: 41 } });
    const held = await look(braiinsAt(await httpServer(saying(workers(LAST + 3_600), 200, { date, age: '30' }))));
    expect(held).toMatchObject({ value: { lastShareAgeS: 71 } });
    const nonsense = await look(braiinsAt(await httpServer(saying(workers(LAST), 200, { date: '0' }))));
    expect(nonsense).toMatchObject({ value: { lastShareAgeS: 41 } });
  });

  test('says so where it does not know the worker', async () => {
    const port = await httpServer(saying('{"btc": {"workers": {}}}'));
    expect(await look(braiinsAt(port))).toMatchObject({
      value: { lastShareAgeS: null, hashrateHs: null },
      line: 'braiins-pool: worker alice.rig3: the pool does not know this worker (step 1)',
    });
  });

  test('is asked a second time where the first answer sends there', async () => {
    const asked: (string | undefined)[] = [];
    const port = await httpServer((request, response) => {
      asked.push(request.url);
      const isAll = request.url === '/v1/userinfo_full/bc1q';
      const all = { result: { workers: [{ rig3: { lastest_share_ts: String(LAST), hashrate_300s: '5' } }] } };
      saying(isAll ? JSON.stringify(all) : 'not found', isAll ? 200 : 404)(request, response);
    });
    const seen = await look({ pool: 'ocean', url: `http://127.0.0.1:${port}`, account: 'bc1q', worker: 'rig3' });
    expect(asked).toEqual(['/v1/statsnap/bc1q.rig3', '/v1/userinfo_full/bc1q']);
    expect(seen).toMatchObject({ value: { lastShareAgeS: 41, hashrateHs: 5 } });
  });

  test('gets a body by POST, and the command has it', async () => {
    let sent = '';
    const port = await httpServer((request, response) => {
      request.on('data', (bytes) => {
        sent += bytes;
      });
      request.on('end', () => saying(JSON.stringify({ workers: [] }))(request, response));
    });
    const seen = await look({ ...braiinsAt(port), pool: 'f2pool' });
    expect(sent).toBe('{"mining_user_name":"alice","currency":"bitcoin"}');
    expect(wasSeen(seen) && seen.command).toBe(
      'curl -s -X POST -H "Content-Type: application/json" -H "F2P-API-SECRET: $TOKEN" ' +
        `--data '{"mining_user_name":"alice","currency":"bitcoin"}' http://127.0.0.1:${port}/v2/hash_rate/worker/list`,
    );
  });

  test('is asked at its page with account and worker in the URL', async () => {
    let met: string | undefined;
    const port = await httpServer((request, response) => {
      met = request.url;
      saying('{"idle": 41}')(request, response);
    });
    const paths = { lastShare: 'idle', lastShareIs: 'age-s' } as const;
    const url = `http://127.0.0.1:${port}/u/{worker}?w={account}`;
    const seen = await look({ pool: 'json', url, account: 'a&b', worker: "it's", paths });
    expect(met).toBe("/u/it's?w=a%26b");
    expect(wasSeen(seen) && seen.command).toBe(`curl -s 'http://127.0.0.1:${port}/u/it'\\''s?w=a%26b'`);
  });
});

describe('a pool that does not tell', () => {
  test.each([
    [401, {}, '{"message": "nope"}', 'braiins-pool does not accept the token (HTTP 401): nope'],
    [403, {}, '<html>Forbidden</html>', 'braiins-pool does not accept the token (HTTP 403)'],
    [429, { 'retry-after': '90' }, '', 'braiins-pool was asked too often (HTTP 429, again in 1 min 30 s)'],
    [429, { 'retry-after': 'soon' }, '', 'braiins-pool was asked too often (HTTP 429)'],
    [404, {}, '', 'braiins-pool has no such page (HTTP 404)'],
    [502, {}, '<html>Bad gateway</html>', 'braiins-pool has a fault of its own (HTTP 502)'],
    [400, {}, '{"error": "bad coin"}', 'braiins-pool refuses the request (HTTP 400): bad coin'],
    [200, {}, '', 'braiins-pool answers with an empty page'],
    [200, {}, '{"btc": ', 'braiins-pool answers with something that is not JSON'],
    [
      200,
      {},
      '<!DOCTYPE html><title>Just a moment</title>',
      'braiins-pool answers with a web page instead of JSON; is the URL that of its API?',
    ],
    [200, { 'content-encoding': 'gzip' }, 'xx', 'braiins-pool answers in a compressed form that was not asked for'],
    [200, {}, '[]', 'braiins-pool answered in another form than its documentation has: no "workers"'],
  ])('HTTP %i %j %s', async (status, headers, body, reason) => {
    expect(reasonOf(await look(braiinsAt(await httpServer(saying(body, status, headers)))))).toBe(reason);
  });

  test('has its redirect not followed, and the token stays here', async () => {
    let visits = 0;
    const elsewhere = await httpServer((request, response) => {
      visits++;
      saying(workers(LAST))(request, response);
    });
    const port = await httpServer(saying('', 302, { location: `http://127.0.0.1:${elsewhere}/` }));
    expect(reasonOf(await look(braiinsAt(port)))).toBe(
      'braiins-pool sends us to another page, which is not followed (HTTP 302); give its URL',
    );
    expect(visits).toBe(0);
  });

  test('cannot bring the token into a line, though it repeats it where the line is cut', async () => {
    const error = `${'x'.repeat(72)}${TOKEN} is wrong`;
    const refused = await look(braiinsAt(await httpServer(saying(JSON.stringify({ error }), 400))));
    expect(reasonOf(refused)).toContain('xxx$TOKEN');
    expect(reasonOf(refused)).not.toContain('Zm1o');
  });

  test('cannot bring anything into a line that acts on a terminal', async () => {
    const message = `\u001b]0;owned\u0007\u001b[31mred\u202e\n${'y'.repeat(100_000)}`;
    const reason = reasonOf(await look(braiinsAt(await httpServer(saying(JSON.stringify({ message }), 400)))));
    expect(reason).toMatch(/^[\x20-\x7e…]{40,200}$/);
  });

  test('sends no more than 2 MiB', async () => {
    const port = await httpServer(saying(`{"worker": [${' '.repeat(2 * 1024 * 1024)}]}`));
    expect(reasonOf(await look(ckpoolAt(port)))).toBe(`ckpool (127.0.0.1:${port}) sends more than 2 MiB`);
  });

  test('does not trap the reader with brackets', async () => {
    const port = await httpServer(saying('['.repeat(1_000_000)));
    expect(reasonOf(await look(ckpoolAt(port)))).toBe('ckpool answers with something that is not JSON');
  });

  test.each([
    ['closes at once', '', 'breaks the connection (ECONNRESET)'],
    ['speaks another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'does not speak HTTP there'],
    [
      'breaks off',
      'HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{"worker": [',
      'breaks off after 12 bytes of its answer',
    ],
  ])('%s', async (_, bytes, reason) => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.end(bytes)));
    expect(reasonOf(await look(ckpoolAt(port)))).toBe(`ckpool (127.0.0.1:${port}) ${reason}`);
  });

  test('refuses the connection', async () => {
    const port = await closedPort();
    expect(reasonOf(await look(ckpoolAt(port)))).toBe(`ckpool (127.0.0.1:${port}) refuses connections (ECONNREFUSED)`);
  });

  test.each([
    ['says nothing', ''],
    ['drips', 'HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{'],
  ])('%s is waited for no longer than told', async (_, bytes) => {
    const port = await tcpServer((socket) => socket.once('data', () => socket.write(bytes)));
    const deadline = new Deadline(20_000);
    onTestFinished(() => deadline.end());
    const seen = await poolReader(ckpoolAt(port), 100)({ clock: { now: () => OWN_NOW }, deadline });
    expect(reasonOf(seen)).toMatch(/^ckpool \(127\.0\.0\.1:\d+\) does not answer within 0\.[1-9] s$/);
  });

  test('is not waited for when the examination is cancelled', async () => {
    const cancel = new AbortController();
    const port = await httpServer(() => cancel.abort());
    expect(reasonOf(await look(ckpoolAt(port), cancel.signal))).toBe(
      `ckpool (127.0.0.1:${port}) did not answer before the examination was cancelled`,
    );
    expect(reasonOf(await look(ckpoolAt(port), cancel.signal))).toBe('the examination ended before the pool was asked');
  });
});

describe('a pool is not asked at all', () => {
  test('without the token that it wants', async () => {
    const { token, ...account } = braiinsAt(1);
    expect(token).toBe(TOKEN);
    expect(reasonOf(await look(account))).toBe(
      'braiins-pool tells nothing without a token, and none was given (HEADFRAME_POOL_TOKEN)',
    );
  });

  test.each([
    [
      'http://pool.example',
      'the token for braiins-pool is not sent over http, where others can read it; give an https URL',
    ],
    ['http://8.8.8.8', 'the token for braiins-pool is not sent over http, where others can read it; give an https URL'],
    ['https://me:pw@pool.example', 'The URL of a pool holds no user name and no password'],
    ['nonsense', 'is not a URL such as https://pool.example'],
  ])('at %s', async (url, reason) => {
    const said = reasonOf(await look({ ...braiinsAt(1), url }));
    expect(said).toContain(reason);
    expect(said).not.toContain('pw');
  });

  test('with a token that would break out of its header', async () => {
    const said = reasonOf(await look({ ...braiinsAt(1), token: 'abc\r\nHost: evil' }));
    expect(said).toBe('the token for braiins-pool holds blanks or characters that no header can carry');
  });
});
