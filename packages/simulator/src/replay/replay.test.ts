import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestHeader, parseChallenge } from '@headframe/wire/http';
import { afterEach, describe, expect, test } from 'vitest';
import { asText } from './as-text.ts';
import { loadCapture } from './capture.ts';
import { compact } from './compact.ts';
import { type Replay, type ReplayOptions, serveReplay } from './serve-replay.ts';

/* Samples are our own, in the form of a stock Antminer (protocols.md 2.1) and of LuxOS (8). */

const status = (code: number, msg: string, by = 'cgminer 1.0.0') =>
  `"STATUS": [{"STATUS": "S", "When": 5, "Code": ${code}, "Msg": "${msg}", "Description": "${by}"}]`;
const VERSION = `{${status(22, 'CGMiner versions')}, "VERSION": [{"BMMiner": "1.0.0", "API": "3.1", "Miner": "49.0.1.3", "Type": "Antminer S19 Pro"}], "id": 1}`;
const SUMMARY = `{
  ${status(11, 'Summary')},
  "SUMMARY": [
    { "Elapsed": 9, "GHS 5s": 110566.50, "Utility": 0E-8, "Best Share": 12904207043123456789 }
  ],
  "id": 1
}`;
const LUX_VERSION = `{${status(22, 'LUXminer versions', 'LUXminer 2025.4.8')}, "VERSION": [{"API": "3.7", "LUXminer": "2025.4.8", "Type": "Antminer S19k Pro"}], "id": 1}`;
const SYSTEM = '{ "minertype": "Antminer S21", "macaddr": "02:00:00:00:00:01", "firmware_type": "Release" }';

const folders: string[] = [];
const replays: Replay[] = [];
afterEach(async () => {
  for (const replay of replays.splice(0)) await replay.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'replay-'));
  folders.push(path);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

async function replay(files: Record<string, string>, options: ReplayOptions = {}): Promise<Replay> {
  const served = await serveReplay(loadCapture(folder(files)), { clock: { now: () => 7000 }, ...options });
  replays.push(served);
  return served;
}

function ask(served: Replay, text: string): Promise<string> {
  const socket = connect(served.ports.cgminer ?? 0, '127.0.0.1');
  socket.write(text);
  const parts: Buffer[] = [];
  return new Promise((done, failed) => {
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.on('end', () => done(Buffer.concat(parts).toString('latin1')));
    socket.on('error', failed);
  });
}

function get(served: Replay, path: string, headers = {}): Promise<{ status: number; body: string; auth: string }> {
  return new Promise((done, failed) => {
    httpGet({ host: '127.0.0.1', port: served.ports.http, path, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (part) => {
        body += part;
      });
      const auth = String(response.headers['www-authenticate'] ?? '');
      response.on('end', () => done({ status: response.statusCode ?? 0, body, auth }));
    }).on('error', failed);
  });
}

const antminer = { 'version.json': VERSION, 'summary.json': SUMMARY };
const code = (number: number, message: string, tail = '') =>
  `{"STATUS":[{"STATUS":"E","When":7,"Code":${number},"Msg":"${message}"${tail}}],"id":1}`;
const DENIED = code(45, "Access denied to 'config' command", ',"Description":"cgminer 1.0.0"');

describe('a replayed stock Antminer', () => {
  test('says what was recorded, one line, every number as it was written, a NUL behind it', async () => {
    const served = await replay(antminer);
    expect(await ask(served, '{"command":"summary"}\n')).toBe(
      '{"STATUS":[{"STATUS":"S","When":5,"Code":11,"Msg":"Summary","Description":"cgminer 1.0.0"}],' +
        '"SUMMARY":[{"Elapsed":9,"GHS 5s":110566.50,"Utility":0E-8,"Best Share":12904207043123456789}],"id":1}\0',
    );
  });

  test('answers 14 to a command of the factory list that was not recorded, 45 to every other', async () => {
    const served = await replay(antminer);
    expect(await ask(served, '{"command":"stats"}')).toBe(`${code(14, 'Invalid command')}\0`);
    expect(await ask(served, '{"command":"config"}')).toBe(`${DENIED}\0`);
  });

  test('composes a join from single replies, with the gaps inside', async () => {
    const served = await replay(antminer);
    expect(await ask(served, '{"command":"version+pools+config"}')).toBe(
      `{"version":[${compact(VERSION)}],"pools":[${code(14, 'Invalid command')}],"config":[${DENIED}],"id":1}\0`,
    );
  });

  test('answers text requests in text', async () => {
    const served = await replay(antminer);
    expect(await ask(served, 'summary')).toBe(
      'STATUS=S,When=5,Code=11,Msg=Summary,Description=cgminer 1.0.0|' +
        'SUMMARY,Elapsed=9,GHS 5s=110566.50,Utility=0E-8,Best Share=12904207043123456789|\0',
    );
    expect(await ask(served, 'stats')).toBe('STATUS=E,When=7,Code=14,Msg=Invalid command|\0');
  });

  test('names what a read asks and what was not recorded', async () => {
    const { missing } = await replay(antminer);
    expect(missing).toContain('stats');
    expect(missing).not.toContain('summary');
  });

  test('has 404 for pages that were not recorded, and asks for a password only when one was given', async () => {
    const open = await replay({ 'system_info.json': SYSTEM });
    expect((await get(open, '/')).status).toBe(404);
    expect(JSON.parse((await get(open, '/cgi-bin/get_system_info.cgi')).body)).toMatchObject({
      minertype: 'Antminer S21',
    });
    expect(open.address).toBe(`127.0.0.1:${open.ports.http}`);

    const locked = await replay({ 'system_info.json': SYSTEM }, { password: 'secret' });
    const path = '/cgi-bin/get_system_info.cgi';
    const refused = await get(locked, path);
    expect(refused.status).toBe(401);
    const challenge = parseChallenge(refused.auth);
    if (challenge === null) throw new Error('no challenge');
    const answer = (password: string) =>
      digestHeader({ user: 'root', password, method: 'GET', uri: path, challenge, nc: 1, cnonce: 'abc' });
    expect((await get(locked, path, { authorization: answer('wrong') })).status).toBe(401);
    expect((await get(locked, path, { authorization: answer('secret') })).status).toBe(200);
  });
});

describe('a replayed LuxOS', () => {
  test('closes behind its reply without a NUL, and takes the parameter of a file name', async () => {
    const chips = `{${status(348, 'Health', 'LUXminer 2025.4.8')}, "CHIPS": [], "id": 1}`;
    const served = await replay({ 'version.json': LUX_VERSION, 'healthchipget_1.json': chips });
    expect(await ask(served, '{"command":"version"}')).toBe(compact(LUX_VERSION));
    expect(await ask(served, '{"command":"healthchipget","parameter":"1"}')).toBe(compact(chips));
    expect(await ask(served, '{"command":"healthchipget","parameter":"2"}')).toBe(code(14, 'Invalid command'));
  });
});

describe('capture folders', () => {
  test('of nothing, or none at all, are refused in one sentence', () => {
    const wrong = expect.objectContaining({ code: 'usage/invalid' });
    expect(() => loadCapture('/no/such/folder')).toThrow(wrong);
    expect(() => loadCapture(folder({ 'notes.txt': 'x' }))).toThrow(wrong);
  });

  test('with a recording.json cannot reach files outside of the folder', () => {
    const requests = [{ over: 'cgminer', ask: 'version', raw: '../../etc/passwd' }];
    expect(() => loadCapture(folder({ 'recording.json': JSON.stringify({ requests }) }))).toThrow(/outside/);
  });
});

describe('compact and text forms', () => {
  test('strings keep their blanks and escapes', () => {
    expect(compact('{ "a b" : "x \\" y" ,\n\t"c" : [ 1.50 , true ] }')).toBe('{"a b":"x \\" y","c":[1.50,true]}');
  });

  test('lists have no heading, what users gave is escaped, sorted statuses are put in order', () => {
    const pools =
      '{"POOLS":[{"POOL":0,"URL":"stratum+tcp://x:1/a=b","User":"a|b"}],"STATUS":[{"Code":7,"STATUS":"S"}],"id":1}';
    expect(asText(pools)).toBe('STATUS=S,Code=7|POOL=0,URL=stratum+tcp://x:1/a\\=b,User=a\\|b|');
    expect(asText('[1]')).toBeNull();
    expect(asText('{"STATUS":"S"}')).toBeNull();
    expect(asText('not json')).toBeNull();
  });
});
