import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tcpServer } from '../links/loopback.testing.ts';
import { type RecordOptions, record } from './recorder.ts';

/* A rig as protocols.md 5.3 to 5.5 have it: the forms are from there, the values are made up. */

const ACCOUNT = '0x00000000000000000000000000000000000000e0.barn7';
const URI = `stratum1+tcp://${ACCOUNT}:Hunter2%40@pool-a.example:4444`;
const REPLIES: Readonly<Record<string, string>> = {
  miner_ping: '"pong"',
  miner_getstat1:
    '["ethminer-0.19.0","7","60800;12;0","30400;30400","0;0;0","off;off","61;40;62;41","pool-a.example:4444","0;0;0;0"]',
  miner_getstatdetail: `{"connection":{"connected":true,"switches":1,"uri":"${URI}"},"devices":[{"_index":0,"_mode":"CUDA","hardware":{"name":"GeForce GTX 1070 8.00 GB","pci":"01:00.0","sensors":[61,40,116],"type":"GPU"},"mining":{"hashrate":"0x01cfde00","pause_reason":null,"paused":false,"segment":["0xe7d0af18bc235ce9","0xe7d0af19bc235ce9"],"shares":[12,0,0,33]}}],"host":{"name":"barn-7","runtime":420,"version":"ethminer-0.19.0"},"mining":{"difficulty":3999938964,"epoch":218,"epoch_changes":1,"hashrate":"0x01cfde00","shares":[12,0,0,33]},"monitors":null}`,
  miner_getconnections: `[{"active":true,"index":0,"uri":"${URI}"},{"active":false,"index":1,"uri":"http://pool-b.example:8888/${ACCOUNT}/me@mail.example"}]`,
  miner_getscramblerinfo: '{"noncescrambler":16704043538687679721,"segmentwidth":40,"segments":[]}',
};
const PASSWORD = 'Rig_01!#';

/** Requests of ours end in LF and come one at a time; the connection stays. */
function rig(asked: string[], { password = '', replies = REPLIES } = {}): (socket: Socket) => void {
  return (socket) => {
    let authorised = password === '';
    socket.on('data', (bytes) => {
      const { id, method, params } = JSON.parse(bytes.toString('utf8'));
      const say = (rest: string) => socket.write(`{${rest}}\n`);
      if (id === undefined) return say('"error":{"code":-32600,"message":"Invalid Request"},"id":null,"jsonrpc":"2.0"');
      asked.push(method);
      const no = (error: string) => say(`"error":${error},"id":${id},"jsonrpc":"2.0"`);
      if (method === 'api_authorize') {
        authorised = params.psw === password;
        return authorised ? say(`"id":${id},"jsonrpc":"2.0"`) : no('{"code":-401,"message":"Invalid password"}');
      }
      if (!authorised) return no('{"code":-403,"message":"Authorization needed"}');
      const result = replies[method];
      if (result === undefined) return no('{"code":-32601,"message":"Method not found"}');
      return say(`"id":${id},"jsonrpc":"2.0","result":${result}`);
    });
  };
}

function newFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'headframe-record-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  return join(parent, 'rig');
}

/** At a port that is not its own, a rig is known by what it says to a cgminer's question, behind which it waits on. */
const recordAt = (port: number, into: string, options: Partial<RecordOptions> = {}) =>
  record(`127.0.0.1:${port}`, { into, clock: { now: () => 1_795_000_000_000 }, replyTimeoutMs: 300, ...options });

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

describe('the recording of an ethminer', () => {
  test('has one reply for each method that only tells, and names those that it does not have', async () => {
    const folder = newFolder();
    const asked: string[] = [];
    const recording = await recordAt(await tcpServer(rig(asked)), folder);
    expect(readdirSync(folder).sort()).toEqual([
      'miner_getconnections.json',
      'miner_getconnections.raw',
      'miner_getscramblerinfo.json',
      'miner_getscramblerinfo.raw',
      'miner_getstat1.json',
      'miner_getstat1.raw',
      'miner_getstatdetail.json',
      'miner_getstatdetail.raw',
      'miner_ping.json',
      'miner_ping.raw',
      'recording.json',
    ]);
    expect(recording.without).toEqual(['miner_getstathr']);
    expect(read(folder, 'miner_ping.raw')).toMatch(/^\{"id":\d+,"jsonrpc":"2\.0","result":"pong"\}\n$/);
    expect(JSON.parse(read(folder, 'recording.json'))).toMatchObject({
      family: 'ethminer',
      redacted: true,
      requests: expect.arrayContaining([
        expect.objectContaining({ over: 'ethminer', ask: 'miner_getstat1', raw: 'miner_getstat1.raw' }),
      ]),
    });
    expect(asked.filter((method) => !/^miner_(ping|get\w+)$/.test(method))).toEqual([]);
  });

  test('keeps a nonce of 64 bits to its last digit, in both forms', async () => {
    const folder = newFolder();
    await recordAt(await tcpServer(rig([])), folder);
    expect(read(folder, 'miner_getscramblerinfo.raw')).toContain('"noncescrambler":16704043538687679721,');
    expect(read(folder, 'miner_getscramblerinfo.json')).toContain('"noncescrambler": "16704043538687679721"');
  });

  test('has neither account nor password of a pool, nor the name of the rig, in any file', async () => {
    const folder = newFolder();
    await recordAt(await tcpServer(rig([])), folder);
    for (const file of readdirSync(folder)) {
      expect(read(folder, file)).not.toMatch(/00e0|barn.?7|Hunter2|mail\.example/);
    }
    const uri = 'stratum1+tcp://account.worker1:x@pool-a.example:4444';
    expect(read(folder, 'miner_getstatdetail.raw')).toContain(`"uri":"${uri}"`);
    expect(JSON.parse(read(folder, 'miner_getconnections.json')).result).toEqual([
      { active: true, index: 0, uri },
      { active: false, index: 1, uri: 'http://pool-b.example:8888/account.worker1/account.worker2' },
    ]);
    expect(read(folder, 'miner_getstatdetail.raw')).toContain('"name":"GeForce GTX 1070 8.00 GB"');
  });

  test('that wants a password has everything but that password, redacted or not', async () => {
    for (const redact of [true, false]) {
      const folder = newFolder();
      const asked: string[] = [];
      const credentials = { username: '', password: PASSWORD };
      const port = await tcpServer(rig(asked, { password: PASSWORD }));
      const { requests } = await recordAt(port, folder, { credentials, redact });
      expect(asked).toContain('api_authorize');
      expect(requests.map(({ ask }) => ask).sort()).toEqual(Object.keys(REPLIES).sort());
      for (const file of readdirSync(folder)) expect(read(folder, file)).not.toMatch(/Rig_01|psw|api_authorize/);
    }
  });

  test('keeps a line that cannot be read as it came', async () => {
    const folder = newFolder();
    const port = await tcpServer(rig([], { replies: { ...REPLIES, miner_getscramblerinfo: '{"device_count":' } }));
    const { requests } = await recordAt(port, folder);
    expect(read(folder, 'miner_getscramblerinfo.raw')).toMatch(/"result":\{"device_count":\}\n$/);
    expect(requests.find(({ ask }) => ask === 'miner_getscramblerinfo')?.file).toBeNull();
  });
});
