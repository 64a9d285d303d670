import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cgminerProgram, DEVICES } from '../devices.testing.ts';
import { httpServer, tcpServer } from '../links/loopback.testing.ts';
import { type RecordOptions, record } from './recorder.ts';

function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'headframe-record-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  return join(parent, 'machine');
}

const recordAt = (port: number, into: string, options: Partial<RecordOptions> = {}) =>
  record(`127.0.0.1:${port}`, { into, clock: { now: () => 1_795_000_000_000 }, ...options });

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

describe('a recording', () => {
  test('holds each reply as it came and in a readable form, and says what is what', async () => {
    const folder = newFolder();
    const port = await tcpServer(cgminerProgram(DEVICES.antminer));
    const recording = await recordAt(port, folder);

    expect(readdirSync(folder).sort()).toEqual([
      'pools.json',
      'pools.raw',
      'recording.json',
      'stats.json',
      'stats.raw',
      'summary.json',
      'summary.raw',
      'version.json',
      'version.raw',
    ]);
    expect(read(folder, 'summary.raw')).toBe(`${DEVICES.antminer.summary}\0`);
    expect(JSON.parse(read(folder, 'summary.json'))).toEqual(JSON.parse(DEVICES.antminer.summary ?? ''));
    expect(JSON.parse(read(folder, 'recording.json'))).toMatchObject({
      family: 'antminer',
      recordedAt: 1_795_000_000_000,
      redacted: true,
      requests: expect.arrayContaining([
        expect.objectContaining({ over: 'cgminer', ask: 'stats', file: 'stats.json', raw: 'stats.raw' }),
      ]),
    });
    expect(recording.requests.map(({ ask }) => ask).sort()).toEqual(['pools', 'stats', 'summary', 'version']);
    // What the program refused: a replay refuses it by itself.
    expect(recording.without).toContain('coin');
  });

  test('has no account of its owner in any file, in either form', async () => {
    const folder = newFolder();
    await recordAt(await tcpServer(cgminerProgram(DEVICES.antminer)), folder);
    for (const file of readdirSync(folder)) expect(read(folder, file)).not.toContain('acct.rig1');
    expect(read(folder, 'pools.raw')).toContain('"User":"account.worker1"');
  });

  test('is left as it came on request', async () => {
    const folder = newFolder();
    await recordAt(await tcpServer(cgminerProgram(DEVICES.antminer)), folder, { redact: false });
    expect(read(folder, 'pools.raw')).toBe(`${DEVICES.antminer.pools}\0`);
    expect(JSON.parse(read(folder, 'recording.json'))).toMatchObject({ redacted: false });
  });

  test('keeps a broken reply as broken as it came, beside its repaired form', async () => {
    const folder = newFolder();
    const stats = (DEVICES.antminer.stats ?? '').replace('},{"STATS"', '}{"STATS"');
    await recordAt(await tcpServer(cgminerProgram({ ...DEVICES.antminer, stats })), folder);
    expect(read(folder, 'stats.raw')).toContain('"Type":"Antminer S19 Pro"}{"STATS":0');
    expect(JSON.parse(read(folder, 'stats.json')).STATS).toHaveLength(2);
  });

  test('asks one thing at a time, and nothing that changes the machine', async () => {
    const asked: string[] = [];
    const port = await tcpServer(cgminerProgram(DEVICES.antminer, asked));
    await recordAt(port, newFolder());
    const single = asked.filter((command) => !command.includes('+'));
    expect(new Set(single).size).toBeGreaterThan(10);
    const writes = /^(add|remove|enable|disable|switch)pool|set|quit|restart|save|zero|hotplug|debug|kill|logon|reboot/;
    expect(asked.filter((command) => writes.test(command))).toEqual([]);
  });

  test('of a web page has the pages that its family reads', async () => {
    const folder = newFolder();
    const port = await httpServer((request, response) => {
      const isInfo = request.url === '/cgi-bin/get_system_info.cgi';
      response.writeHead(isInfo ? 200 : 404, { 'Content-Type': 'text/plain', 'Set-Cookie': 'session=1234' });
      response.end(isInfo ? '{"minertype":"Antminer S21","macaddr":"A0:B1:C2:D3:E4:F5","hostname":"barn-7"}' : 'no');
    });
    await recordAt(port, folder);
    expect(read(folder, 'system_info.raw')).toMatch(/"macaddr":"02:/);
    const [request] = JSON.parse(read(folder, 'recording.json')).requests;
    expect(request).toMatchObject({ over: 'http', ask: '/cgi-bin/get_system_info.cgi', status: 200 });
    expect(request.headers).toEqual({ 'content-type': 'text/plain' });
  });
});

describe('a recording that cannot be made', () => {
  test('into a folder that holds something is refused before anything is asked', async () => {
    const folder = newFolder();
    await recordAt(await tcpServer(cgminerProgram(DEVICES.cgminer)), folder);
    writeFileSync(join(folder, 'note.txt'), 'mine');
    let connections = 0;
    const port = await tcpServer(() => connections++);
    await expect(recordAt(port, folder)).rejects.toMatchObject({ code: 'usage/invalid' });
    expect(connections).toBe(0);
  });

  test('into a place where nothing can be written is one sentence', async () => {
    const file = newFolder();
    writeFileSync(file, '');
    const port = await tcpServer(cgminerProgram(DEVICES.cgminer));
    await expect(recordAt(port, join(file, 'below'))).rejects.toMatchObject({
      code: 'usage/invalid',
      message: expect.stringContaining('cannot be written'),
    });
  });

  test('of a machine that is not there leaves no folder', async () => {
    const folder = newFolder();
    const port = await tcpServer((socket) => socket.end());
    await expect(recordAt(port, folder)).rejects.toMatchObject({ code: 'link/closed-empty' });
    expect(existsSync(folder)).toBe(false);
  });

  test('to its end, as the machine goes away, keeps what came and says what is missing', async () => {
    let left = 5;
    const port = await tcpServer((socket) => {
      // The knock before the questions is a connection too.
      if (left-- > 0) cgminerProgram(DEVICES.antminer)(socket);
      else socket.end();
    });
    const { requests, without } = await recordAt(port, newFolder());
    expect(requests.map(({ ask }) => ask)).toEqual(['version', 'summary']);
    expect(without).toContain('pools');
  });
});
