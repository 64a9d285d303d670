import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { wasSeen } from '@headframe/model';
import { afterEach, describe, expect, test } from 'vitest';
import { Deadline } from '../../links/deadline.ts';
import { apiPortOf, lookInside } from './look-inside.ts';
import { lookScript, SECTIONS, sectionsOf } from './look-script.ts';
import { type Answer, SshDouble } from './ssh-server.testing.ts';

const opened: { end?: () => void; close?: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) {
    one.end?.();
    await one.close?.();
  }
});

async function look(exec: (mark: string) => Answer, family: string | null = 'antminer', password = 'root') {
  const double = await SshDouble.start({
    password: 'root',
    exec: (command) => exec(/headframe-[0-9a-f]{16}/.exec(command)?.[0] ?? ''),
  });
  const deadline = new Deadline(20_000);
  opened.push(double, deadline);
  const access = { credentials: { username: 'root', password }, port: double.port, hostKey: null };
  const seen = await lookInside('127.0.0.1', access, family, { clock: { now: () => 1_700_000_000_000 }, deadline });
  return { seen, double };
}

const output = (mark: string, parts: Readonly<Record<string, string>>, end = true): string =>
  `${Object.entries(parts)
    .map(([name, body]) => `\n${mark}:${name}\n${body}`)
    .join('')}${end ? `\n${mark}:end\n` : ''}`;

const FULL = {
  files: '/config/cgminer.conf\n',
  'api-lines': '/config/cgminer.conf:"api-listen" : true\n/config/cgminer.conf:"api-allow" : "W:127.0.0.1"\n',
  meminfo: 'MemTotal:  118784 kB\nMemFree:   4096 kB\nMemAvailable:   11264 kB\n',
  df: 'Filesystem Size Used Available Use% Mounted on\ntmpfs 58.0M 55.1M 2.9M 95% /tmp\n',
  uptime: '5184000.00 100.00\n',
  ps: '  PID USER       VSZ STAT COMMAND\n  655 root     90000 S    /usr/bin/cgminer -p hunter2\n',
  netstat: 'tcp 0 0 0.0.0.0:4028 0.0.0.0:* LISTEN\ntcp 0 0 10.0.4.21:4028 10.0.4.77:51012 ESTABLISHED\n',
  init: '/etc/init.d/cgminer.sh\n',
  logs: 'cgminer: API bind to port 4028 failed (Address already in use)\n',
};

describe('a look inside', () => {
  test('of an Antminer whose memory and disk are full', async () => {
    const { seen, double } = await look((mark) => ({ code: 0, out: output(mark, FULL) }));
    if (!wasSeen(seen)) throw new Error(seen.notSeen);
    expect(seen.value).toEqual({
      config: { path: '/config/cgminer.conf', listen: 'true', network: null, allow: 'W:127.0.0.1' },
      freeMemoryMb: 11,
      tmpUsedPercent: 95,
      topMemory: [{ program: 'cgminer', percent: 75.8 }],
      logLines: ['cgminer: API bind to port 4028 failed (Address already in use)'],
      apiPeers: ['10.0.4.77:51012'],
      minerRuns: true,
      listensOn: ['0.0.0.0:4028'],
      restartCommand: '/etc/init.d/cgminer.sh restart',
      uptimeS: 5_184_000,
    });
    expect(seen.line).toBe(
      'SSH: 11 MB of memory free; /tmp 95 % full; the mining program runs; listens on 0.0.0.0:4028; 1 hold a connection to 4028; /config/cgminer.conf: api-listen true, api-network not set, api-allow W:127.0.0.1; most memory: cgminer 75.8 %; up 5184000 s; log: cgminer: API bind to port 4028 failed (Address already in use)',
    );
    expect(seen.command).toBe(`ssh -p ${double.port} root@127.0.0.1`);
    expect(JSON.stringify(seen)).not.toContain('hunter2');
    expect(double.commands.length).toBe(1);
    await expect.poll(() => double.connections).toBe(0);
  });

  test('that ends in the middle says so, and keeps what came', async () => {
    const { seen } = await look((mark) => ({ code: 0, out: output(mark, { meminfo: FULL.meminfo }, false) }));
    if (!wasSeen(seen)) throw new Error(seen.notSeen);
    expect(seen.value).toMatchObject({ freeMemoryMb: 11, minerRuns: null, config: null, restartCommand: null });
    expect(seen.line).toContain('the rest did not come in time');
  });

  test('of a login that is a menu and no shell says what it printed', async () => {
    const { seen } = await look(() => ({ code: 1, err: '\x1b[1mThis account is\x1b[0m not available\n' }));
    expect(seen).toEqual({
      notSeen: 'the login over SSH runs no commands (it said: This account is not available)',
    });
  });

  test('with a wrong password was not one, and the password is not told', async () => {
    const { seen } = await look(() => 'hang', 'antminer', 'hunter2');
    expect(seen).toMatchObject({ notSeen: expect.stringContaining('does not accept the user name or the password') });
    expect(JSON.stringify(seen)).not.toContain('hunter2');
  });

  test('of a log that tries to pass for a part changes nothing', () => {
    const forged = output('MARK', { logs: 'headframe-0000:uptime\n1 1\n\nMARKX:uptime\n1 1' });
    expect([...sectionsOf(forged, 'MARK').keys()]).toEqual(['logs', 'end']);
  });
});

describe('the script', () => {
  test('fits into what dropbear takes for one command, 9,000 bytes', () => {
    expect(lookScript('headframe-0123456789abcdef', 'antminer').length).toBeLessThan(8_000);
  });

  test('writes to nothing', () => {
    const script = lookScript('M', 'antminer').replaceAll('2>/dev/null', '');
    expect(script).not.toContain('>');
    expect(script).not.toMatch(/\b(rm|mv|cp|tee|kill|reboot|restart|stop|sed|dd)\b(?!-)/);
  });

  test.skipIf(process.platform === 'win32')('runs in the shell of this computer, and reaches its end', async () => {
    const { stdout } = await promisify(execFile)('sh', ['-c', lookScript('MARK', 'luxos')]);
    expect([...sectionsOf(stdout, 'MARK').keys()]).toEqual([...SECTIONS, 'end']);
  });
});

test.each([
  ['antminer', 4028],
  ['axeos', 80],
  ['ethminer', 3333],
  [null, 4028],
  ['unheard-of', 4028],
])('the API of %s is on port %d', (family, port) => {
  expect(apiPortOf(family)).toBe(port);
});
