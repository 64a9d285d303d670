import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { type ConnectClass, type Look, seenValue, wasSeen } from '@headframe/model';
import { describe, expect, onTestFinished, test } from 'vitest';
import { antminerLogin, cgminerProgram, DEVICES, page } from '../devices.testing.ts';
import {
  answering,
  closedPort,
  httpServer,
  type OnConnection,
  silentPort,
  tcpServer,
} from '../links/loopback.testing.ts';
import { lookAtDevice } from './device-look.testing.ts';
import type { Remembered } from './options.ts';

const HANG: OnConnection = () => {};
const CLOSE: OnConnection = (socket) => socket.end();

/** The sockets that this process opens from now on, and how many of them there are at once. */
function counted(): { total: number; atOnce: number } {
  const count = { total: 0, atOnce: 0 };
  const opened: Socket[] = [];
  const note = (message: unknown): void => {
    opened.push((message as { socket: Socket }).socket);
    count.total++;
    count.atOnce = Math.max(count.atOnce, opened.filter((socket) => !socket.destroyed).length);
  };
  subscribe('net.client.socket', note);
  onTestFinished(() => {
    unsubscribe('net.client.socket', note);
  });
  return count;
}

const classOf = (look: Look<ConnectClass> | undefined) => (look === undefined ? undefined : seenValue(look));
const requests = (sights: readonly { readonly value: { readonly request: string } }[]) =>
  sights.map(({ value }) => value.request);
const outcomes = (sights: readonly { readonly value: { readonly outcome: string } }[]) =>
  sights.map(({ value }) => value.outcome);

describe('a stock Antminer that answers', () => {
  test('is asked version, the other four of its factory list, one outside of it and one join, then sampled', async () => {
    const asked: string[] = [];
    const cgminer = await tcpServer(cgminerProgram(DEVICES.antminer, asked));
    const http = await httpServer(antminerLogin);
    const { seen, waits } = await lookAtDevice({ cgminer: [cgminer], http: [http] });
    expect(requests(seen.api)).toEqual(['version', 'summary', 'stats', 'devs', 'pools', 'config', 'summary+pools']);
    expect(outcomes(seen.api)).toEqual([
      'answered',
      'answered',
      'answered',
      'refused-by-code',
      'answered',
      'refused-by-code',
      'answered',
    ]);
    expect(asked.slice(7)).toEqual(['summary+stats', 'summary+stats', 'summary+stats']);
    expect(seen.again).toEqual([]);
    // Its replies are typed ones that never move: nothing but seconds apart shows more.
    expect(waits.slice(0, 2)).toEqual([1000, 1000]);
    expect(seen.subject).toMatchObject({ family: 'antminer', model: 'Antminer S19 Pro', by: 'read', apiPort: cgminer });
    expect(seenValue(seen.uptimeS)).toBe(3600);
    expect(classOf(seen.ports[4028])).toBe('open');
    expect(classOf(seen.ports[80])).toBe('open');
    expect(seenValue(seen.page)).toMatchObject({ status: 401, realm: 'antMiner Configuration', stranger: null });
  });

  test('never has two connections on its API at once, and fourteen at the most', async () => {
    const cgminer = await tcpServer(cgminerProgram(DEVICES.antminer));
    const count = counted();
    // Named as it is: no stand-in has to be found by knocking.
    await lookAtDevice({}, { address: `127.0.0.1:${cgminer}` });
    expect(count.atOnce).toBe(1);
    expect(count.total).toBeLessThanOrEqual(14);
  });

  test('whose stats come cut is partial there and answered elsewhere', async () => {
    const cut = { ...DEVICES.antminer, stats: DEVICES.antminer.stats?.slice(0, 200) ?? '' };
    const cgminer = await tcpServer(cgminerProgram(cut));
    const { seen } = await lookAtDevice({ cgminer: [cgminer], http: [await closedPort()] }, { quick: true });
    const stats = seen.api.find(({ value }) => value.request === 'stats');
    expect(stats?.value).toMatchObject({ outcome: 'partial' });
    expect(seen.api[0]?.value.outcome).toBe('answered');
  });

  test('whose pools are empty is answered without a record', async () => {
    const empty = { ...DEVICES.antminer, pools: '{"STATUS":[{"STATUS":"S","Code":7,"Msg":"0"}],"POOLS":[],"id":1}' };
    const cgminer = await tcpServer(cgminerProgram(empty));
    const { seen } = await lookAtDevice({ cgminer: [cgminer], http: [await closedPort()] }, { quick: true });
    const pools = seen.api.find(({ value }) => value.request === 'pools');
    expect(pools?.value).toMatchObject({ outcome: 'answered', isEmpty: true });
    expect(pools?.line).toContain('without a record in it');
  });

  test('that denies config by code 45 is denied, with its own words', async () => {
    const denied = {
      ...DEVICES.antminer,
      config: '{"STATUS":[{"STATUS":"E","Code":45,"Msg":"Access denied to \'config\' command"}],"id":1}',
    };
    const cgminer = await tcpServer(cgminerProgram(denied));
    const { seen } = await lookAtDevice({ cgminer: [cgminer], http: [await closedPort()] }, { quick: true });
    const config = seen.api.find(({ value }) => value.request === 'config');
    expect(config?.value).toMatchObject({ outcome: 'denied', vendorCode: '45' });
    expect(config?.command).toBe(`echo '{"command":"config"}' | nc 127.0.0.1 ${cgminer}`);
  });
});

describe('a device whose API is deaf', () => {
  test('by closing every connection is asked twice, and once more after a wait', async () => {
    const cgminer = await tcpServer(CLOSE);
    const count = counted();
    const { seen, waits } = await lookAtDevice({}, { address: `127.0.0.1:${cgminer}` });
    expect(requests(seen.api)).toEqual(['version', 'summary']);
    expect(outcomes(seen.api)).toEqual(['closed-empty', 'closed-empty']);
    expect(outcomes(seen.again)).toEqual(['closed-empty']);
    expect(waits).toEqual([1500]);
    expect(count.total).toBe(3);
    expect(seen.api[0]?.line).toBe(`${cgminer} version: took the connection and closed it after 0 bytes`);
  });

  test('by silence gets two requests and no third', async () => {
    const cgminer = await tcpServer(HANG);
    const count = counted();
    const { seen, waits } = await lookAtDevice({}, { address: `127.0.0.1:${cgminer}`, replyMs: 40 });
    expect(outcomes(seen.api)).toEqual(['silent']);
    expect(outcomes(seen.again)).toEqual(['silent']);
    expect(waits).toEqual([1500]);
    expect(count).toMatchObject({ total: 2, atOnce: 1 });
    expect(wasSeen(seen.samples)).toBe(false);
  });

  test('for a quick look gets one request', async () => {
    const cgminer = await tcpServer(HANG);
    const count = counted();
    const { seen } = await lookAtDevice({}, { address: `127.0.0.1:${cgminer}`, replyMs: 40, quick: true });
    expect(seen.again).toEqual([]);
    expect(count.total).toBe(1);
  });

  test('after it answered once shows both, and the rest is left alone', async () => {
    const program = cgminerProgram(DEVICES.cgminer);
    let connections = 0;
    const cgminer = await tcpServer((socket) => (++connections === 1 ? program(socket) : undefined));
    const { seen } = await lookAtDevice({}, { address: `127.0.0.1:${cgminer}`, replyMs: 40 });
    expect(requests(seen.api)).toEqual(['version', 'summary']);
    expect(outcomes(seen.api)).toEqual(['answered', 'silent']);
    expect(outcomes(seen.again)).toEqual(['silent']);
    expect(connections).toBe(3);
    expect(seen.subject).toMatchObject({ family: 'cgminer', by: 'read' });
  });

  test('only for a moment answers the second look, and then everything', async () => {
    const program = cgminerProgram(DEVICES.antminer);
    let connections = 0;
    const cgminer = await tcpServer((socket) => (++connections === 1 ? undefined : program(socket)));
    const { seen } = await lookAtDevice({}, { address: `127.0.0.1:${cgminer}`, replyMs: 40 });
    expect(outcomes(seen.again)).toEqual(['answered']);
    expect(requests(seen.api)).toContain('summary+pools');
    expect(seen.subject).toMatchObject({ family: 'antminer', by: 'read' });
  });

  test('in the middle of a reply is partial, with its bytes', async () => {
    const cgminer = await tcpServer((socket) => socket.once('data', () => socket.write('{"STATUS":[{"STA')));
    const { seen } = await lookAtDevice({}, { address: `127.0.0.1:${cgminer}`, replyMs: 40, quick: true });
    expect(seen.api[0]?.value).toMatchObject({ outcome: 'partial', bytes: 16, error: 'link/timed-out-waiting' });
  });

  test('because nothing listens is refused: the port says so, and the second look', async () => {
    const cgminer = await closedPort();
    const { seen } = await lookAtDevice({}, { address: `127.0.0.1:${cgminer}` });
    expect(seen.api).toEqual([]);
    expect(classOf(seen.ports[cgminer])).toBe('refused');
    expect(seen.again.map(({ value }) => value.error)).toEqual(['link/refused']);
  });

  test('because nothing listens is asked once more after 90 s by who is patient', async () => {
    const { waits } = await lookAtDevice({}, { address: `127.0.0.1:${await closedPort()}`, patient: true });
    expect(waits).toEqual([1500, 90_000]);
  });

  test.skipIf(process.platform !== 'linux')('behind a firewall that drops is not asked again', async () => {
    const cgminer = await silentPort();
    const { seen, waits } = await lookAtDevice({}, { address: `127.0.0.1:${cgminer}` });
    expect(classOf(seen.ports[cgminer])).toBe('timed-out');
    expect(waits).toEqual([]);
    expect([seen.api, seen.again]).toEqual([[], []]);
  });
});

describe('a stranger', () => {
  test('that is a printer is named, and asked for nothing but its first page', async () => {
    const paths: string[] = [];
    const printer = page(200, { Server: 'HP HTTP Server; HP LaserJet' }, '<title>HP LaserJet 400</title>');
    const http = await httpServer((request, response) => {
      paths.push(request.url ?? '');
      printer(request, response);
    });
    const { seen } = await lookAtDevice({ http: [http], cgminer: [await closedPort()] }, { quick: true });
    expect(seenValue(seen.page)).toMatchObject({ stranger: 'a printer (HP)', isMiner: false });
    expect(paths).toEqual(['/']);
    expect(seen.subject).toMatchObject({ family: null, by: 'assumed', apiPort: expect.any(Number) });
  });

  test('where a machine is remembered is examined as that machine', async () => {
    const remembered: Remembered = {
      subject: { family: 'antminer', make: 'Bitmain', model: 'Antminer S19', firmware: 'stock' },
      firmware: { before: null, now: '49.0.1.3', changedAt: null },
      lastAnswerAt: null,
      lastUptimeS: null,
      failures: [],
      mac: null,
      pollEveryS: null,
    };
    const ports = { http: [await closedPort()], cgminer: [await closedPort()] };
    const { seen } = await lookAtDevice(ports, { remembered, quick: true });
    expect(seen.subject).toMatchObject({ family: 'antminer', model: 'Antminer S19', by: 'remembered' });
  });

  test('that greets with ten megabytes and escapes on 4028 is cut off, and its line is clean', async () => {
    const cgminer = await tcpServer((socket) => {
      for (let i = 0; i < 10; i++) socket.write(Buffer.alloc(1024 * 1024, '\u001b[2J'));
    });
    const { seen } = await lookAtDevice({}, { address: `127.0.0.1:${cgminer}`, quick: true });
    expect(seen.api[0]?.value).toMatchObject({ outcome: 'malformed', error: 'link/too-large' });
    expect(seen.api[0]?.line).toBe(`${cgminer} version: sent more than 64 KiB and was cut off`);
  });

  test('whose web server writes escapes into its name shows them as text', async () => {
    const http = await httpServer(page(200, {}, '<title>\u001b[31mOwned\u001b[0m</title>'));
    const { seen } = await lookAtDevice({ http: [http], cgminer: [await closedPort()] }, { quick: true });
    expect(seenValue(seen.page)?.title).toBe('\\x1b[31mOwned\\x1b[0m');
  });

  test('that is a web server on 4028 is foreign there', async () => {
    const cgminer = await tcpServer(answering(() => 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'));
    const ports = { cgminer: [cgminer], http: [await closedPort()] };
    const { seen } = await lookAtDevice(ports, { quick: true });
    expect(seen.api[0]?.value.outcome).toBe('foreign');
    expect(requests(seen.api)).toEqual(['version', 'summary']);
  });
});

describe('an AxeOS device', () => {
  const info = (body: Record<string, unknown>) =>
    httpServer((request, response) => {
      const isInfo = request.url === '/api/system/info';
      if (isInfo && request.headers.origin !== undefined) response.writeHead(401).end('Unauthorized');
      else if (isInfo) response.writeHead(200).end(JSON.stringify(body));
      else response.writeHead(200).end('<title>AxeOS</title>');
    });

  test('tells its signal, and refuses the page of another site only', async () => {
    const http = await info({ ASICModel: 'BM1370', version: 'v2.9.0', wifiRSSI: -71, uptimeSeconds: 60, temp: 55 });
    const { seen } = await lookAtDevice({ http: [http], cgminer: [await closedPort()] }, { quick: true });
    expect(seen.subject).toMatchObject({ family: 'axeos', apiPort: http });
    expect(seenValue(seen.axe)).toEqual({ statusWithoutOrigin: 200, statusWithOrigin: 401, rssiDbm: -71 });
    expect(requests(seen.api)).toEqual(['GET /api/system/info']);
    expect(seenValue(seen.samples)?.count).toBe(3);
  });
});
