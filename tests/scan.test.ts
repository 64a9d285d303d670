import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Found, record, type ScanOptions, type ScanProgress, scan } from '@headframe/client';
import { simulators } from '@headframe/families/sim';
import type { Snapshot } from '@headframe/model';
import { loadCapture, serveDevice, serveReplay, startFarm } from '@headframe/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FREE_PORTS } from './free-ports.ts';
import { sharedPath } from './shared.ts';

/*
 * Discovery over real sockets, on loopback addresses: devices of the simulator, real devices' replies, and what else
 * hangs in a network. Only Linux answers on every address of 127/8; the tests that need it say so.
 */

const everyLoopback = process.platform === 'linux';
/** In place of port 80, which not everybody may bind. */
const WEB = 10_080;

/** A machine with an ordinary state: two days after power on. */
const POWERED = Date.UTC(2026, 5, 1);
const clock = { now: () => POWERED + 48 * 3_600_000 };

async function serve(server: Server, host: string, port: number): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const tcp = (host: string, port: number, onConnection: (socket: Socket) => void): Promise<number> =>
  serve(createServer(onConnection), host, port);
const web = (host: string, port: number, listener: RequestListener): Promise<number> =>
  serve(createHttpServer(listener), host, port);
const page =
  (status: number, headers: Record<string, string>, body: string): RequestListener =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

/** A simulated machine on ports of its own; `profile` as `headframe sim` knows it. */
async function simulated(family: string, address: string, ports: Partial<typeof FREE_PORTS>) {
  const profile = simulators.find(({ id }) => id === family)?.profiles[0];
  if (profile === undefined) throw new Error(`no simulator of ${family}`);
  const served = await serveDevice(profile.create({ seed: 7, poweredAt: POWERED }), { address, ports, clock });
  onTestFinished(() => served.close());
  return { served, label: profile.label };
}

async function all(
  ranges: string | string[],
  options: ScanOptions = {},
): Promise<{ found: Found[]; end: ScanProgress }> {
  const found: Found[] = [];
  let end: ScanProgress | undefined;
  const onProgress = (progress: ScanProgress) => {
    end = progress;
  };
  for await (const one of scan(ranges, { replyTimeoutMs: 500, ...options, onProgress })) found.push(one);
  if (end === undefined) throw new Error('no progress was told');
  found.sort((a, b) => (a.address < b.address ? -1 : 1));
  return { found, end };
}

describe.skipIf(!everyLoopback)('a range with all kinds of devices', () => {
  test('gives the machines, what wants a password, and the names of the strangers', async () => {
    await simulated('antminer', '127.84.0.1', { cgminer: 4028, http: WEB });
    await simulated('luxos', '127.84.0.2', { cgminer: 4028, http: 8080 });
    await simulated('avalon', '127.84.0.3', { cgminer: 4028 });
    await simulated('cgminer', '127.84.0.4', { cgminer: 4028 });
    const digest = 'Digest realm="antMiner Configuration", nonce="1", qop="auth"';
    await web('127.84.0.5', WEB, page(401, { 'WWW-Authenticate': digest }, ''));
    await web('127.84.0.6', WEB, page(200, { Server: 'HP HTTP Server; HP LaserJet' }, ''));
    await web('127.84.0.7', WEB, page(200, {}, '<title>AxeOS</title>'));
    await tcp('127.84.0.8', 4028, (socket) => socket.end());
    await tcp('127.84.0.9', 4028, (socket) => socket.end('\u0001 what?'));
    await tcp('127.84.0.10', 4028, () => {});

    const { found, end } = await all('127.84.0.0/28', { ports: { http: [WEB] }, exclude: '127.84.0.13' });
    expect(found.map(({ address, kind, family, what }) => [address, kind, family ?? what]).sort()).toEqual(
      [
        ['127.84.0.1', 'miner', 'antminer'],
        ['127.84.0.2', 'miner', 'luxos'],
        ['127.84.0.3', 'miner', 'avalon'],
        ['127.84.0.4', 'miner', 'cgminer'],
        // What it can be read at is no port of its family.
        [`127.84.0.5:${WEB}`, 'needs-credentials', 'antminer'],
        ['127.84.0.6', 'not-a-miner', 'a printer (HP)'],
        ['127.84.0.7', 'unknown', 'a Bitaxe (AxeOS); not supported yet'],
        ['127.84.0.8', 'unknown', null],
        ['127.84.0.9', 'unknown', null],
        ['127.84.0.10', 'unknown', null],
      ].sort(),
    );
    expect(end).toEqual({ addresses: 13, done: 13, miners: 4, needCredentials: 1, others: 5, refused: 3, silent: 0 });

    const evidence = (host: string) => found.find((one) => one.host === host)?.evidence;
    const of = (port: number, code: string | null) => expect.objectContaining({ port, code });
    expect(evidence('127.84.0.8')).toContainEqual(of(4028, 'link/closed-empty'));
    expect(evidence('127.84.0.10')).toContainEqual(of(4028, 'link/timed-out-waiting'));
    const garbled = evidence('127.84.0.9')?.find(({ port }) => port === 4028);
    expect(garbled).toMatchObject({ code: expect.stringMatching(/^protocol\//), said: '\\x01 what?' });
    expect(evidence('127.84.0.5')).toContainEqual(
      expect.objectContaining({ port: WEB, said: 'HTTP 401, realm "antMiner Configuration"' }),
    );
  });

  test('gives machines that can be read as they were found', async () => {
    const { label } = await simulated('antminer', '127.84.1.1', { cgminer: 4028, http: WEB });
    const { found } = await all('127.84.1.1', { ports: { http: [WEB] } });
    expect(found).toMatchObject([{ identity: { model: label.model }, ports: { cgminer: 4028, http: WEB } }]);
    const miner = await connect('127.84.1.1', { ports: { http: [WEB] }, clock });
    expect((await miner.read()).identity.model).toBe(label.model);
  });

  test('finds the machines of a farm, each once', async () => {
    const farm = await startFarm({ count: 12, seed: 7, inProcess: true });
    onTestFinished(() => farm.close());
    const standIn = farm.standIns[80];
    const addresses = farm.machines.map(({ address }) => address);
    const { found, end } = await all(addresses, standIn === undefined ? {} : { ports: { http: [standIn] } });
    expect(found.map(({ address }) => address)).toEqual([...addresses].sort());
    expect(end.miners + end.needCredentials).toBe(12);
    const families = new Map(farm.machines.map(({ address, family }) => [address, family]));
    for (const { address, family } of found) expect(family).toBe(families.get(address));
  });

  test('keeps to its limit of addresses in work', async () => {
    let [talking, most] = [0, 0];
    for (let i = 1; i <= 12; i++) {
      await tcp(`127.84.2.${i}`, 4028, (socket) => {
        socket.once('data', () => {
          most = Math.max(most, ++talking);
          setImmediate(() => {
            talking--;
            socket.end('{}\0');
          });
        });
      });
    }
    for (const limit of [{ concurrency: 1 }, { perSubnet: 1 }]) {
      most = 0;
      const { end } = await all('127.84.2.1-12', limit);
      expect([end.others, most]).toEqual([12, 1]);
    }
  });
});

describe('named ports', () => {
  test('are tried with every protocol', async () => {
    const cgminer = await simulated('avalon', '127.0.0.1', { cgminer: 0 });
    const printer = await web('127.0.0.1', 0, page(200, { Server: 'EPSON_Linux UPnP/1.0' }, ''));
    const port = cgminer.served.ports.cgminer;
    const { found } = await all(`127.0.0.1:${port} 127.0.0.1:${printer}`);
    expect(found.map(({ address, kind }) => [address, kind])).toEqual(
      [
        [`127.0.0.1:${port}`, 'miner'],
        [`127.0.0.1:${printer}`, 'not-a-miner'],
      ].sort(),
    );
  });

  const captures = ['bitmain/antminer-s19-pro', 'bitmain/antminer-s21', 'canaan/avalon-q', 'luxor/antminer-s19k-pro'];
  const folder = sharedPath('captures');
  test.skipIf(folder === null)('of real devices’ replies show the real devices', async () => {
    const replays = await Promise.all(
      captures.map(async (path) => {
        const parent = join(folder ?? '', path);
        const replay = await serveReplay(loadCapture(join(parent, readdirSync(parent)[0] as string)));
        onTestFinished(() => replay.close());
        return replay.address;
      }),
    );
    const { found, end } = await all(replays);
    expect(end.miners).toBe(4);
    const models = found.map(({ identity }) => identity?.model).sort();
    expect(models).toEqual(['Antminer S19 Pro', 'Antminer S19k Pro', 'Antminer S21', 'Avalon Q']);
  });
});

describe('a login', () => {
  const folder = sharedPath('captures', 'bitmain', 'antminer-s21', 'stock_FR-1.12_251009-S21');

  test.skipIf(folder === null)('with the right password makes a machine of what only wanted one', async () => {
    const password = 'not-the-default-7';
    const replay = await serveReplay(loadCapture(folder ?? ''), { password });
    onTestFinished(() => replay.close());
    const kinds = async (credentials?: ScanOptions['credentials']) =>
      (await all(replay.address, credentials === undefined ? {} : { credentials })).found.map(({ kind }) => kind);
    expect(await kinds()).toEqual(['needs-credentials']);
    expect(await kinds({ username: 'root', password: 'wrong' })).toEqual(['needs-credentials']);
    expect(await kinds({ username: 'root', password })).toEqual(['miner']);
  });
});

describe('a scan', () => {
  test('tells a name that does not resolve', async () => {
    const { found, end } = await all('no-such-miner.invalid');
    expect(end.others).toBe(1);
    expect(found).toMatchObject([{ kind: 'unknown', what: 'a name that does not resolve to an address' }]);
  });

  test('ends when its reader has seen enough, and leaves no connection behind', async () => {
    const closed = Promise.withResolvers<void>();
    const silent = await tcp('127.0.0.1', 0, (socket) => {
      socket.resume();
      // The first connection is the knock, the second the question.
      socket.once('close', () => closed.resolve());
    });
    const stranger = await web('127.0.0.1', 0, page(200, {}, ''));
    for await (const { address } of scan([`127.0.0.1:${stranger}`, `127.0.0.1:${silent}`])) {
      expect(address).toBe(`127.0.0.1:${stranger}`);
      break;
    }
    await closed.promise;
  });

  test('ends when it is cancelled', async () => {
    const cancel = new AbortController();
    const port = await tcp('127.0.0.1', 0, (socket) => socket.once('data', () => cancel.abort()));
    await expect(all(`127.0.0.1:${port}`, { signal: cancel.signal })).rejects.toMatchObject({ code: 'link/cancelled' });
    await expect(all(`127.0.0.1:${port}`, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'link/cancelled',
    });
  });

  test('of a wrong range is refused at once', () => {
    expect(() => scan('10.0.0.0/8')).toThrow(/65,536/);
    expect(() => scan('10.0.0.1', { concurrency: 0 })).toThrow('concurrency is a whole number of at least 1, not 0');
  });
});

describe('a recording, played again, gives the same snapshot', () => {
  /** What depends on the moment of the poll, and what a recording takes out. */
  function comparable(snapshot: Snapshot) {
    const { address: _, at: __, replies, sources: ___, ...rest } = snapshot;
    return {
      ...rest,
      identity: { ...rest.identity, mac: null, serial: null, hostname: null },
      hashboards: rest.hashboards.map((board) => ({ ...board, serial: null })),
      psu: rest.psu && { ...rest.psu, serial: null },
      pools: rest.pools.map((pool) => ({ ...pool, worker: null })),
      gaps: rest.gaps.map(({ path, reason, error }) => ({ path, reason, code: error?.code })),
      replies: replies.map(({ id, error }) => [id, error?.code]).sort(),
    };
  }

  test.each(simulators.map(({ id }) => id))('%s', async (id) => {
    const { served } = await simulated(id, '127.0.0.1', FREE_PORTS);
    const parent = mkdtempSync(join(tmpdir(), 'headframe-played-'));
    onTestFinished(() => rmSync(parent, { recursive: true }));
    const into = join(parent, 'machine');
    const address = `127.0.0.1:${served.ports.cgminer ?? served.ports.http ?? served.ports.ethminer}`;
    // An Elphapex says nothing without its login; the played one asks for none.
    const login = id === 'elphapex' ? { credentials: { username: 'root', password: 'root' } } : {};
    // At a port that is not its own an ethminer is known by what it says to another question, behind which it waits on.
    const limits = { clock, replyTimeoutMs: 500 };
    const before = await (await connect(address, { ...limits, ...login })).read();
    await record(address, { into, ...limits, ...login });

    const replay = await serveReplay(loadCapture(into), { clock });
    onTestFinished(() => replay.close());
    const after = await (await connect(replay.address, limits)).read();
    expect(comparable(after)).toEqual(comparable(before));
    expect(after.pools.map(({ worker }) => worker)).not.toEqual(before.pools.map(({ worker }) => worker));
  });
});
