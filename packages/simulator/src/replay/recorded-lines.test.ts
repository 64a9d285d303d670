import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadCapture } from './capture.ts';
import { RecordedLines } from './recorded-lines.ts';
import { type Replay, serveReplay } from './serve-replay.ts';

/* The forms are those of protocols.md 5.3 to 5.5 and 5.7; the values are made up. */

const SCRAMBLER = '{"id":1,"jsonrpc":"2.0","result":{"noncescrambler":16704043538687679721,"segmentwidth":40}}';
const METHODS: Readonly<Record<string, string>> = {
  miner_ping: '{"id":17,"jsonrpc":"2.0","result":"pong"}',
  miner_getscramblerinfo: SCRAMBLER,
};

const conversation = (password: string | null = null) =>
  new RecordedLines({ recorded: (method) => (Object.hasOwn(METHODS, method) ? METHODS[method] : undefined), password });

function say(talk: RecordedLines, text: string): { said: string; end: string } {
  const { chunks, end } = talk.receive(Buffer.from(text));
  return { said: Buffer.concat(chunks.map(({ bytes }) => bytes)).toString('latin1'), end };
}

const ping = (id: unknown = 1) => `${JSON.stringify({ id, jsonrpc: '2.0', method: 'miner_ping' })}\n`;
const asks = (method: string, rest: object = {}) => `${JSON.stringify({ id: 9, jsonrpc: '2.0', method, ...rest })}\n`;

describe('a replayed ethminer', () => {
  test('answers a method with what was recorded, under the id of the request, and stays', () => {
    const talk = conversation();
    expect(say(talk, ping(3))).toEqual({ said: '{"id":3,"jsonrpc":"2.0","result":"pong"}\n', end: 'keep' });
    expect(say(talk, ping('a"b')).said).toBe('{"id":"a\\"b","jsonrpc":"2.0","result":"pong"}\n');
    expect(say(talk, asks('miner_getscramblerinfo')).said).toBe(`${SCRAMBLER.replace('"id":1', '"id":9')}\n`);
  });

  test('puts requests together that the network cut, and answers each of those that it joined', () => {
    const talk = conversation();
    expect(say(talk, '{"id":1,"jsonrpc":"2.0",').said).toBe('');
    expect(say(talk, `"method":"miner_ping"}\r\n\n${ping(2)}`).said).toBe(
      '{"id":1,"jsonrpc":"2.0","result":"pong"}\n{"id":2,"jsonrpc":"2.0","result":"pong"}\n',
    );
  });

  test.each([
    ['another method', asks('miner_getstathr'), '{"error":{"code":-32601,"message":"Method not found"},"id":9'],
    ['a write', asks('miner_restart'), '{"error":{"code":-32601,"message":"Method not available"},"id":9'],
    ['a member of every object', asks('constructor'), '{"error":{"code":-32601,"message":"Method not found"},"id":9'],
    [
      'cgminer',
      '{"command":"version"}\n',
      '{"error":{"code":-32600,"message":"Invalid Request (missing or empty id)"},"id":null',
    ],
    [
      'a clock as id',
      ping(1_795_000_000_000),
      '{"error":{"code":-32600,"message":"Invalid Request (id has invalid type)"},"id":null',
    ],
    ['JSON-RPC 1', '{"id":1,"method":"miner_ping"}\n', '{"error":{"code":-32600,"message":"Invalid Request"},"id":1'],
    ['no JSON', 'version\n', '{"error":{"errorcode":"-32700","message":"Json parse error"},"id":null'],
  ])('refuses %s as the real program does', (_, request, refusal) => {
    expect(say(conversation(), request)).toEqual({ said: `${refusal},"jsonrpc":"2.0"}\n`, end: 'keep' });
  });

  test('asks for the password that it was given, on each connection', () => {
    const needed = '{"error":{"code":-403,"message":"Authorization needed"},"id":1,"jsonrpc":"2.0"}\n';
    const talk = conversation('Rig_01!#');
    expect(say(talk, ping()).said).toBe(needed);
    expect(say(talk, asks('api_authorize', { params: { psw: 'rig' } })).said).toContain('"code":-401');
    expect(say(talk, asks('api_authorize', { params: { psw: 'Rig_01!#' } })).said).toBe('{"id":9,"jsonrpc":"2.0"}\n');
    expect(say(talk, ping()).said).toContain('"result":"pong"');
    expect(say(talk, asks('api_authorize')).said).toContain('"code":-401');
    expect(say(talk, ping()).said).toBe(needed);
  });

  test('has no page, and ends behind saying so; a line without an end is no request', () => {
    const talk = conversation();
    expect(say(talk, 'GET / HTTP/1.1\r\n')).toEqual({ said: expect.stringMatching(/^HTTP\/1\.1 404 /), end: 'fin' });
    expect(say(talk, ping())).toEqual({ said: '', end: 'fin' });
    expect(say(conversation(), 'x'.repeat(70_000))).toEqual({ said: '', end: 'fin' });
  });

  test('takes whatever comes, and answers in lines of JSON', () => {
    const piece = fc.oneof(
      fc.json().map((text) => `${text}\n`),
      fc
        .record({ id: fc.jsonValue(), jsonrpc: fc.constant('2.0'), method: fc.constantFrom('miner_ping', 'x') })
        .map((request) => `${JSON.stringify(request)}\n`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const talk = conversation();
        for (const text of pieces) {
          const { said, end } = say(talk, text);
          if (end === 'keep')
            for (const line of said.split('\n').slice(0, -1)) expect(JSON.parse(line).jsonrpc).toBe('2.0');
        }
      }),
      { seed: 3333, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});

async function replay(files: Readonly<Record<string, string>>): Promise<Replay> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const served = await serveReplay(loadCapture(folder), { clock: { now: () => 7000 } });
  onTestFinished(() => served.close());
  return served;
}

/** The first line of the answer. */
function ask({ address }: Replay, request: string): Promise<string> {
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(request);
  return new Promise((done, failed) => {
    let text = '';
    socket.on('data', (part: Buffer) => {
      text += part.toString('latin1');
      if (text.includes('\n')) done(text);
    });
    socket.on('error', failed);
  });
}

const STAT1 =
  '{"id":1,"jsonrpc":"2.0","result":["ethminer-0.17.1","7","60800;12;0","30400;30400","0;0;0","off;off","61;40;62;41","pool.example:4444","0;0;0;0"]}';

describe('a folder of replies to methods', () => {
  test('is an ethminer by what they say, at the one port that it has', async () => {
    const served = await replay({ 'miner_getstat1.json': STAT1, 'miner_getscramblerinfo.json': SCRAMBLER });
    expect(Object.keys(served.ports)).toEqual(['ethminer']);
    expect(await ask(served, asks('miner_getstat1'))).toBe(`${STAT1.replace('"id":1', '"id":9')}\n`);
    expect(served.missing).toEqual(['stats', 'miner_getconnections']);
  });

  test('misses no reply that another method of its release gives', async () => {
    const hr = '{"id":1,"jsonrpc":"2.0","result":{"ethhashrate":60800000}}';
    const served = await replay({ 'miner_getstat1.json': STAT1, 'miner_getstathr.json': hr });
    expect(served.missing).toEqual(['miner_getconnections']);
  });
});
