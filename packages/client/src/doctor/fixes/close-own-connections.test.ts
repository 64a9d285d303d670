import { describe, expect, test } from 'vitest';
import type { OperatingSystem } from '../operating-system.ts';
import { closeOwnConnections } from './close-own-connections.ts';
import type { Fixing } from './fix.ts';

const TARGET = { host: '10.0.4.21', family: 'antminer' } as const;

const run = (system: Partial<OperatingSystem>) => {
  const whole = { lookup: async () => [], ...system } as OperatingSystem;
  return closeOwnConnections.run(TARGET, { system: whole } as Fixing);
};

const linux = (tcp: string | null, files: Readonly<Record<string, string>>): Partial<OperatingSystem> => ({
  platform: 'linux',
  readFile: async (path) => (path === '/proc/net/tcp' ? tcp : (files[path] ?? null)),
  readFolder: async (path) => {
    if (path === '/proc') return ['1', '77', '78', 'net'];
    const names = Object.keys(files).filter((name) => name.startsWith(`${path}/`));
    return path === '/proc/1/fd' ? null : names.map((name) => name.slice(path.length + 1));
  },
  readLink: async (path) => files[path] ?? null,
});

// 0FBC is 4028, 1504000A is 10.0.4.21, 1604000A is 10.0.4.22.
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0504000A:C001 1504000A:0FBC 01 00000000:00000000 00:00000000 00000000     0        0 1234 1 0 20 4 30 10 -1
   1: 0504000A:C002 1504000A:0FBC 08 00000000:00000000 00:00000000 00000000     0        0 1235 1 0 20 4 30 10 -1
   2: 0504000A:C003 1604000A:0FBC 01 00000000:00000000 00:00000000 00000000     0        0 1236 1 0 20 4 30 10 -1
   3: 0504000A:C004 1504000A:0FBC 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0 20 4 30 10 -1
`;

describe('our own connections to the API', () => {
  test('are named by program and pid, with how to end it; nothing is ended', async () => {
    const done = await run(
      linux(TABLE, {
        '/proc/77/comm': 'foreman\n',
        '/proc/77/fd/3': 'socket:[1234]',
        '/proc/77/fd/4': 'socket:[1235]',
        '/proc/78/comm': 'other\n',
        '/proc/78/fd/3': 'socket:[1236]',
      }),
    );
    expect(done).toEqual({
      result: 'not-done',
      said: 'Connections to 10.0.4.21 port 4028: foreman (pid 77) holds 2. Headframe ends no program: end them yourself where they may be ended, with kill 77.',
      sent: [],
    });
  });

  test('of another user are counted, as their program is not to be seen', async () => {
    const done = await run(linux(TABLE, { '/proc/77/comm': 'foreman', '/proc/77/fd/3': 'socket:[1234]' }));
    expect(done.said).toContain('a program of another user holds 1');
  });

  test('that are this very program’s are said to be, and no kill is told', async () => {
    const own = `/proc/${process.pid}`;
    const done = await run({
      ...linux(TABLE, { [`${own}/fd/3`]: 'socket:[1234]', [`${own}/fd/4`]: 'socket:[1235]', [`${own}/comm`]: 'node' }),
      readFolder: async (path) => (path === '/proc' ? [String(process.pid)] : ['3', '4']),
    });
    expect(done.said).toBe(
      `Connections to 10.0.4.21 port 4028: node (pid ${process.pid}) holds 2, which is this very program: they end with what it does now.`,
    );
  });

  test('are none: it is another’s', async () => {
    expect(await run(linux('  sl\n', {}))).toMatchObject({ result: 'done' });
  });

  test('cannot be read', async () => {
    expect(await run(linux(null, {}))).toMatchObject({ result: 'not-done' });
  });

  test('on macOS, by lsof', async () => {
    const output = 'p501\ncgrafana\nf7\nn10.0.4.5:50111->10.0.4.21:4028\nf8\nn10.0.4.5:50112->10.0.4.22:4028\n';
    const done = await run({ platform: 'darwin', run: async () => ({ code: 0, output }) });
    expect(done.said).toContain('grafana (pid 501) holds 1.');
  });

  test('on a German Windows, by netstat', async () => {
    const output =
      '  Proto  Lokale Adresse         Remoteadresse          Status           PID\r\n  TCP    10.0.4.5:50111         10.0.4.21:4028         HERGESTELLT     4711\r\n  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN         900\r\n';
    const done = await run({ platform: 'win32', run: async () => ({ code: 0, output }) });
    expect(done.said).toContain('a program (pid 4711) holds 1.');
    expect(done.said).toContain('taskkill /PID 4711');
  });
});
