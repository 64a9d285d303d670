import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiClient, PATHS } from '@headframe/api';
import { HeadframeError } from '@headframe/model';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { daemonFilePath, readDaemonFile, runningDaemon, stopDaemon } from './adapters/pid-file.ts';
import { systemClock } from './adapters/system-clock.ts';
import { type DaemonParts, type Fleet, startDaemon } from './daemon.ts';
import { SCHEDULE_DEFAULTS } from './domain/schedule.ts';
import { aSnapshot, DoctorDouble, hangs, PollerDouble, target } from './doubles.testing.ts';

let folder: string;
let poller: PollerDouble;
let running: Fleet[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headframe-'));
  poller = new PollerDouble(systemClock);
  running = [];
});

afterEach(async () => {
  for (const fleet of running) await fleet.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(more: Partial<DaemonParts> = {}): Promise<Fleet> {
  const fleet = await startDaemon({
    host: '127.0.0.1',
    port: 0,
    dataDirectory: folder,
    pageDirectory: null,
    version: '1.2.3',
    targets: [],
    scanRanges: [],
    schedule: { ...SCHEDULE_DEFAULTS, intervalMs: 50, firstWithinMs: 1 },
    deadlineMs: 1_000,
    clock: systemClock,
    poller,
    scanner: { scan: async function* () {} },
    doctor: new DoctorDouble(),
    log: null,
    ...more,
  });
  running.push(fleet);
  return fleet;
}

const failure = (promise: Promise<unknown>): Promise<HeadframeError> =>
  promise.then(
    () => expect.fail('it should have been refused'),
    (thrown: unknown) => {
      expect(thrown).toBeInstanceOf(HeadframeError);
      return thrown as HeadframeError;
    },
  );

/** Reads the stream until an event of this name has come. */
function firstEvent(url: string, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const ask = request(url, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const block = text.split('\n\n').find((part) => part.startsWith(`event: ${name}\n`) && part.includes('data: '));
        if (block === undefined) return;
        ask.destroy();
        resolve(block);
      });
    });
    ask.on('error', reject);
    ask.end();
  });
}

describe('a daemon on a real socket', () => {
  test('polls its machines and tells of them over the API and the stream', async () => {
    poller.machines.set('127.0.0.9', () => aSnapshot({ address: '127.0.0.9' }));
    const fleet = await start({ targets: [target('127.0.0.9', { simulated: true })] });
    const api = createApiClient(`http://${fleet.address}`);
    expect(await firstEvent(api.streamUrl(), 'miner')).toContain('"address":"127.0.0.9"');
    for (let i = 0; i < 1_000 && (await api.fleet()).byLink.ok === 0; i++);
    const { miners } = await api.miners();
    expect(miners[0]).toMatchObject({ address: '127.0.0.9', state: 'mining', simulated: true });
    expect((await api.miner(miners[0]?.id ?? '')).snapshot?.state).toBe('mining');
    expect((await failure(api.miner('nobody'))).message).toBe('No machine has the id nobody (usage/not-found).');
    fleet.add([target('127.0.0.10')]);
    expect((await api.fleet()).machines).toBe(2);
  });

  test('stops while a machine hangs and a page listens, and gives port and folder back', async () => {
    poller.machines.set('127.0.0.9', hangs);
    const fleet = await start({ targets: [target('127.0.0.9')] });
    await firstEvent(`http://${fleet.address}${PATHS.stream}`, 'fleet');
    await fleet.stop();
    await fleet.stopped;
    expect(existsSync(daemonFilePath(folder))).toBe(false);
    expect((await failure(createApiClient(`http://${fleet.address}`).health())).code).toBe('link/refused');
    const [, port] = fleet.address.split(':');
    await start({ port: Number(port) });
  });

  test('a scan shows its progress, and what it finds is polled', async () => {
    poller.machines.set('127.0.0.9', () => aSnapshot({ address: '127.0.0.9' }));
    const fleet = await start({
      scanRanges: ['127.0.0.0/28'],
      scanner: {
        async *scan(ranges, { onProgress }) {
          expect(ranges).toEqual(['127.0.0.0/28']);
          onProgress(8, 16);
          yield { kind: 'miner', target: target('127.0.0.9') };
          yield { kind: 'other-device' };
          yield { kind: 'unreadable', target: target('127.0.0.10') };
        },
      },
    });
    const api = createApiClient(`http://${fleet.address}`);
    for (let i = 0; i < 1_000 && (await api.fleet()).byLink.ok === 0; i++);
    expect(await api.fleet()).toMatchObject({
      machines: 2,
      scan: { running: false, done: 8, total: 16, miners: 1, otherDevices: 1, error: null },
    });
  });

  test('a scan that cannot be done says why, and the daemon runs on', async () => {
    const fleet = await start({
      scanRanges: ['nonsense'],
      scanner: {
        scan: () => {
          throw new HeadframeError('usage/invalid', { detail: '"nonsense" is no range' });
        },
      },
    });
    expect((await createApiClient(`http://${fleet.address}`).fleet()).scan).toMatchObject({
      running: false,
      error: { code: 'usage/invalid', message: '"nonsense" is no range (usage/invalid).' },
    });
  });
});

describe('the pid file', () => {
  test('says who runs where, and only its user can read the token', async () => {
    const fleet = await start();
    expect(readDaemonFile(folder)).toMatchObject({ pid: process.pid, address: fleet.address });
    expect(readDaemonFile(folder)?.token.length).toBeGreaterThanOrEqual(32);
    if (process.platform !== 'win32') expect(statSync(daemonFilePath(folder)).mode & 0o777).toBe(0o600);
  });

  test('a second daemon on the same folder is told where the first one runs', async () => {
    const fleet = await start();
    const error = await failure(start());
    expect(error.code).toBe('usage/already-running');
    expect(error.message).toContain(`Headframe already runs at http://${fleet.address}`);
    expect((await createApiClient(`http://${fleet.address}`).health()).pid).toBe(process.pid);
  });

  test.each([
    ['of a process that is gone', { pid: 999_999_999, address: '127.0.0.1:1', startedAt: 0, token: 'old' }],
    ['that is cut off', '{"pid": 1'],
    ['that is something else', []],
  ])('a file %s is replaced', async (_, content) => {
    writeFileSync(daemonFilePath(folder), typeof content === 'string' ? content : JSON.stringify(content));
    const fleet = await start();
    expect(readDaemonFile(folder)).toMatchObject({ pid: process.pid, address: fleet.address });
  });

  test('a stranger that took over the port of a daemon that is gone is not taken for it', async () => {
    const stranger = createServer((_, reply) => reply.end('{"pid": 1}'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    const content = { pid: 2, address: `127.0.0.1:${port}`, startedAt: 0, token: 'old' };
    writeFileSync(daemonFilePath(folder), JSON.stringify(content));
    expect(await runningDaemon(folder)).toBeNull();
    stranger.closeAllConnections();
    stranger.close();
  });

  test('a daemon that stops leaves the file of its successor alone', async () => {
    const fleet = await start();
    const other = JSON.stringify({ pid: 1, address: '127.0.0.1:1', startedAt: 0, token: 'other' });
    writeFileSync(daemonFilePath(folder), other);
    await fleet.stop();
    expect(readFileSync(daemonFilePath(folder), 'utf8')).toBe(other);
  });

  test('stopping over it ends the daemon; where none runs there is nothing to stop', async () => {
    const fleet = await start();
    expect(await stopDaemon(folder)).toEqual({ pid: process.pid, address: fleet.address, stopped: true });
    await fleet.stopped;
    expect(await stopDaemon(folder)).toBeNull();
  });
});

describe('where it listens', () => {
  test('a port that is taken is one sentence with the way out', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const error = await failure(start({ port }));
    expect(error.code).toBe('usage/port-in-use');
    expect(error.message).toBe(
      `127.0.0.1:${port} is in use by another program (usage/port-in-use). Choose another with --port.`,
    );
    expect(readDaemonFile(folder)).toBeNull();
    other.close();
  });

  test('an address that is not ours is one sentence too', async () => {
    const error = await failure(start({ host: '192.0.2.1' }));
    expect(error.code).toBe('usage/invalid');
    expect(error.message).toContain('Headframe cannot listen on 192.0.2.1:0');
  });
});
