import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '@headframe/model';
import { type Farm, loadCapture, parseFault, type Replay, serveReplay, startFarm } from '@headframe/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { endAll, headframe, headframeWithoutReader, Running } from './cli.testing.ts';

const COMMANDS = ['scan', 'get', 'api', 'record', 'sim', 'replay', 'serve', 'stop'];

let dir: string;
/** Machines of all families on addresses of their own, from a seed. */
let farm: Farm;
/** One LuxOS machine at 127.0.0.1 and a port of its own. */
let luxos: Farm;
let silent: Farm;
let notMiner: Server;
let notMinerAddress: string;
let replay: Replay;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'headframe-cli-'));
  farm = await startFarm({ count: 8, seed: 7, inProcess: true });
  luxos = await startFarm({ count: 1, seed: 1, families: ['luxos'], bind: '127.0.0.1', inProcess: true });
  const faults = [parseFault('accept-and-hang')];
  silent = await startFarm({ count: 1, seed: 1, families: ['luxos'], bind: '127.0.0.1', inProcess: true, faults });
  notMiner = createHttpServer((_request, response) => response.end('<title>Coffee \u001b[31m\u009b1m</title>\n'));
  notMinerAddress = await listening(notMiner);
  replay = await serveReplay(loadCapture(captureFolder()));
});
afterEach(endAll);
afterAll(async () => {
  await Promise.all([farm?.close(), luxos?.close(), silent?.close(), replay?.close()]);
  notMiner?.close();
  rmSync(dir, { recursive: true, force: true });
});

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port that was free a moment ago. */
async function refused(): Promise<string> {
  const server = createServer();
  const address = await listening(server);
  server.close();
  await once(server, 'close');
  return address;
}

const addressOf = ({ machines }: Farm): string => machines[0]?.address ?? '';

/** What a machine in the field names of protocols.md 2.1 might have said; the values are made up. */
function captureFolder(): string {
  const folder = mkdtempSync(join(dir, 'capture-'));
  const status = (Code: number, Msg: string) => [
    { STATUS: 'S', When: 1_800_000_000, Code, Msg, Description: 'cgminer 1.0.0' },
  ];
  const replies = {
    version: {
      STATUS: status(22, 'CGMiner versions'),
      VERSION: [
        {
          BMMiner: '1.0.0',
          API: '3.1',
          Miner: '49.0.1.3',
          CompileTime: 'Tue Dec  6 12:00:00 CST 2022',
          Type: 'Antminer S19 Pro',
        },
      ],
      id: 1,
    },
    summary: {
      STATUS: status(11, 'Summary'),
      SUMMARY: [
        {
          Elapsed: 7200,
          'GHS 5s': 110_600.5,
          'GHS av': 109_900.25,
          Accepted: 812,
          Rejected: 3,
          Stale: 1,
          'Hardware Errors': 9,
          'Best Share': 1_234_567,
        },
      ],
      id: 1,
    },
    pools: {
      STATUS: status(7, '1 Pool(s)'),
      POOLS: [
        {
          POOL: 0,
          URL: 'stratum+tcp://pool.example.org:3333',
          Status: 'Alive',
          Priority: 0,
          Accepted: 812,
          Rejected: 3,
          Stale: 1,
          User: 'owner.\u001b[31m\u009brig',
          'Stratum Active': true,
        },
      ],
      id: 1,
    },
  };
  for (const [name, reply] of Object.entries(replies))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(reply));
  return folder;
}

const tooWide = (text: string) => text.split('\n').filter((line) => Array.from(line).length > 80);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

describe('help', () => {
  test('of the program and of every command ends well, fits 80 columns and has an example', async () => {
    const helps = await Promise.all(
      [['--help'], [], ...COMMANDS.map((name) => [name, '--help'])].map((args) => headframe(...args)),
    );
    for (const { code, out, err } of helps) {
      expect([code, err, tooWide(out)]).toEqual([0, '', []]);
      expect(out).toMatch(/\nExamples?:\n {2}headframe /);
    }
    for (const name of COMMANDS) expect(helps[0]?.out).toContain(`\n  ${name} `);
  });
});

describe('a mistake gets one sentence, the exit code of usage and nothing else', () => {
  test.each<[string, string[], string]>([
    [
      'a command that is nearly one',
      ['gte', '10.0.0.1'],
      "Unknown command 'gte'. Did you mean get?\nSee: headframe --help\n",
    ],
    ['a command that is none', ['frobnicate'], "Unknown command 'frobnicate'.\nSee: headframe --help\n"],
    ['a missing address', ['get'], "Missing required argument 'address'.\nSee: headframe get --help\n"],
    [
      'a flag that is nearly one',
      ['get', '10.0.0.1', '--jsn'],
      "Unknown option '--jsn'. Did you mean --json?\nSee: headframe get --help\n",
    ],
    [
      'a wrong port',
      ['get', '127.0.0.1:99999'],
      'The port in "127.0.0.1:99999" is not a number from 1 to 65535 (usage/invalid).\n',
    ],
    [
      'a wrong time limit',
      ['get', '127.0.0.1', '--timeout', '0'],
      '--timeout takes 0.1 to 600 seconds, not "0" (usage/invalid).\n',
    ],
    [
      'a wrong range',
      ['scan', '10.0.0.0/99'],
      'The prefix length in "10.0.0.0/99" is not a number from 0 to 32 (usage/invalid).\n',
    ],
    [
      'a range that is too large',
      ['scan', '10.0.0.0/8'],
      '16,777,214 addresses are more than 65,536, the most that one scan takes; give smaller ranges (usage/invalid).\n',
    ],
    [
      'a wrong number of addresses at once',
      ['scan', '127.0.0.1', '--concurrency', '0'],
      '--concurrency takes a whole number from 1 to 10000, not "0" (usage/invalid).\n',
    ],
    [
      'an empty command for a device',
      ['api', '127.0.0.1', ''],
      'Name a command, such as version, or a path, such as / (usage/invalid).\n',
    ],
    [
      'a path with a parameter',
      ['api', '127.0.0.1', '/', 'x'],
      'A path is asked with GET: it takes neither a parameter nor --text (usage/invalid).\n',
    ],
    [
      'no machines',
      ['sim', '--count', '0'],
      '--count takes a whole number from 1 to 63500, not "0" (usage/invalid).\n',
    ],
    [
      'a family that is none',
      ['sim', '--family', 'x'],
      'There is no simulated family "x"; there are antminer, avalon, cgminer, luxos (usage/invalid).\n',
    ],
    [
      'a quirk that is neither on nor off',
      ['sim', '--quirk', 'asleep=maybe'],
      '--quirk takes name=on or name=off, not "asleep=maybe" (usage/invalid).\n',
    ],
    [
      'a wrong port of the page',
      ['serve', '--port', '70000'],
      '--port takes a whole number from 0 to 65535, not "70000" (usage/invalid).\n',
    ],
    [
      'a wrong range of the daemon',
      ['serve', '--scan', '10.0.0.0/99'],
      'The prefix length in "10.0.0.0/99" is not a number from 0 to 32 (usage/invalid).\n',
    ],
    [
      'a folder that is not there',
      ['replay', '/nowhere/at-all'],
      '/nowhere/at-all is not a folder that can be read (usage/invalid).\n',
    ],
    [
      'a credentials file that is not there',
      ['get', '127.0.0.1', '--credentials', '/nowhere/at-all'],
      'The credentials file /nowhere/at-all cannot be read (ENOENT) (usage/invalid).\n',
    ],
  ])('%s', async (_what, args, sentence) => {
    expect(await headframe(...args)).toMatchObject({ code: 2, err: sentence, out: '' });
  });

  test('a fault that there is not', async () => {
    const { code, err } = await headframe('sim', '--fault', 'fire');
    expect([code, err.split('\n').length]).toEqual([2, 2]);
    expect(err).toMatch(/^There is no fault "fire"; there are refuse, black-hole, .*garbage \(usage\/invalid\)\.\n$/);
  });

  test('a program reads it as JSON', async () => {
    const { code, out } = await headframe('get', '127.0.0.1:99999', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'usage/invalid' } });
  });
});

describe('headframe get', () => {
  test('prints a card of every machine of a farm that fits 80 columns and says what was not read and why', async () => {
    const { code, out, err } = await headframe('get', ...farm.machines.map(({ address }) => address));
    expect([code, err, tooWide(out)]).toEqual([0, '', []]);
    for (const { address, model } of farm.machines) {
      expect(out).toMatch(new RegExp(`^${address}  .*${model}$`, 'm'));
    }
    expect(out).toMatch(/^ {2}hashrate {3}\d+(\.\d+)? TH\/s/m);
    expect(out).toMatch(/^not in this reading$/m);
  });

  test('prints the snapshot of one machine as JSON, and one line each of several', async () => {
    const address = addressOf(luxos);
    const one = await headframe('get', address, '--json', '--sources');
    const snapshot = JSON.parse(one.out) as Snapshot;
    expect([one.code, snapshot.address, snapshot.identity.family]).toEqual([0, address, 'luxos']);
    expect(snapshot.sources?.['/hashrate/currentHs']?.reply).toBe('summary');
    const two = await headframe('get', address, replay.address, '--json');
    const lines = two.out.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Snapshot).address).sort()).toEqual(
      [address, replay.address].sort(),
    );
  });

  test('says where each value comes from when asked', async () => {
    const { out } = await headframe('get', addressOf(luxos), '--sources');
    expect(out).toMatch(/^hashrate\.currentHs +summary +\/SUMMARY\/0\/GHS 5s$/m);
  });

  test('of a port at which nothing listens says so, what to do, and ends with the code of links', async () => {
    const address = await refused();
    const { code, out, err } = await headframe('get', address);
    expect([code, out]).toEqual([5, '']);
    const [sentence, next, ...rest] = err.split('\n');
    expect(sentence).toBe(`${address} refused the connection: nothing listens on that port (link/refused).`);
    expect(next).toMatch(/^A machine that starts refuses for a minute or two: try again/);
    expect(rest).toEqual(['']);
  });

  test('of a machine that takes the connection and says nothing names the usual reason and only commands there are', async () => {
    const { code, err } = await headframe('get', addressOf(silent), '--timeout', '0.5');
    expect(code).toBe(5);
    const [sentence, next] = err.split('\n');
    expect(sentence).toMatch(
      /^127\.0\.0\.1:\d+ took the connection but sent nothing for [\d.]+ s \(link\/timed-out-waiting\)\.$/,
    );
    expect(next).toMatch(/^Often another program holds its only API slot/);
    expect(err).not.toMatch(/headframe (?!scan|get|api|record|sim|replay|serve|stop)\w/);
  });

  test('of a web server that is no miner says what it is', async () => {
    const { code, err } = await headframe('get', notMinerAddress);
    expect(code).toBe(3);
    expect(err).toMatch(/is not a machine that Headframe knows.*\(support\/unknown-device\)\.\n/);
    expect(err).not.toMatch(CONTROLS);
  });

  test('of several still reads the others when one fails, and names that one for a program', async () => {
    const gone = await refused();
    const { code, out } = await headframe('get', gone, addressOf(luxos), '--json');
    const said = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(5);
    expect(said).toContainEqual({ address: gone, error: { code: 'link/refused', message: expect.any(String) } });
    expect(said).toContainEqual(expect.objectContaining({ address: addressOf(luxos), state: 'mining' }));
  });

  test('never hands the control characters of a device to the terminal, and keeps them in JSON', async () => {
    const card = await headframe('get', replay.address);
    expect(card.out).toContain('owner.?[31m?rig');
    expect(card.out).not.toMatch(CONTROLS);
    const { out } = await headframe('get', replay.address, '--json');
    expect(out).not.toMatch(CONTROLS);
    expect((JSON.parse(out) as Snapshot).pools[0]?.worker).toBe('owner.\u001b[31m\u009brig');
  });
});

describe('headframe scan', () => {
  const ranges = () => farm.machines.map(({ address }) => address);

  test('finds the machines of a range in a table that fits 80 columns, without progress on a pipe', async () => {
    const { code, out, err } = await headframe('scan', ...ranges());
    expect([code, tooWide(out)]).toEqual([0, []]);
    expect(out.split('\n')[0]).toMatch(/^address +what +firmware +kind$/);
    for (const { address, model } of farm.machines)
      expect(out).toMatch(new RegExp(`^${address} +${model} .* miner$`, 'm'));
    expect(err).toMatch(/^8 addresses {2}8 miners {2}\d+\.\d s\n$/);
  });

  test('prints one JSON object per finding', async () => {
    const { code, out } = await headframe('scan', ...ranges(), notMinerAddress, '--json');
    const found = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(found.map(({ address }) => address).sort()).toEqual([...ranges(), notMinerAddress].sort());
    const byAddress = new Map(found.map((one) => [one.address, one]));
    for (const { address, family, model } of farm.machines) {
      expect(byAddress.get(address)).toMatchObject({ kind: 'miner', family, identity: { model } });
    }
    expect(byAddress.get(notMinerAddress)?.kind).not.toBe('miner');
  });

  test('that finds nothing says so and is no failure', async () => {
    expect(await headframe('scan', await refused())).toMatchObject({ code: 0, out: 'Nothing answered.\n' });
  });

  test.skipIf(process.platform === 'win32')('that is interrupted prints what it has found so far', async () => {
    const slow = createServer();
    const asked = once(slow, 'connection');
    const address = await listening(slow);
    const scan = new Running(['scan', addressOf(luxos), address, '--concurrency', '1']);
    // One at a time and in order: when the second is asked, the first has been found.
    const [socket] = await asked;
    const { code, out, err } = await scan.end('SIGINT');
    socket.destroy();
    slow.close();
    expect(code).toBe(130);
    expect(out).toMatch(new RegExp(`^${addressOf(luxos)} .* miner$`, 'm'));
    expect(err).toMatch(/Interrupted: the rest of the addresses was not looked at\.\n$/);
  });
});

describe('headframe api', () => {
  test('prints the answer as JSON', async () => {
    const { code, out, err } = await headframe('api', replay.address, 'version');
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ STATUS: [{ Code: 22 }], VERSION: [{ Type: 'Antminer S19 Pro' }] });
  });

  test('prints the bytes as they came, the closing NUL included', async () => {
    const { code, bytes } = await headframe('api', replay.address, 'summary', '--raw');
    expect(code).toBe(0);
    expect(bytes.at(-1)).toBe(0);
    expect(bytes.subarray(0, 11).toString()).toBe('{"STATUS":[');
  });

  test('asks in the text form', async () => {
    const cgminer = await startFarm({ count: 1, seed: 1, families: ['cgminer'], bind: '127.0.0.1', inProcess: true });
    const { code, bytes } = await headframe('api', addressOf(cgminer), 'version', '--text', '--raw');
    const read = await headframe('api', addressOf(cgminer), 'version', '--text');
    await cgminer.close();
    expect([code, read.code]).toEqual([0, 0]);
    expect(bytes.toString('latin1')).toMatch(/^STATUS=S,When=\d+,Code=22,Msg=CGMiner versions,.*\|VERSION,.*\|\0$/);
    expect(JSON.parse(read.out)).toMatchObject({ VERSION: [{ API: expect.any(String) }] });
  });

  test.each([
    ['that the machine does not have', 'code 14', 14],
    ['that its address list denies', 'code 45', 45],
  ])('of a command %s prints that answer (%s) and ends well', async (_what, _name, wanted) => {
    const address = wanted === 45 ? replay.address : addressOf(luxos);
    const { code, out } = await headframe('api', address, 'nosuchcommand');
    expect([code, JSON.parse(out).STATUS[0].Code]).toEqual([0, wanted]);
  });

  test('asks for a page by its path, and a page is no way to the terminal either', async () => {
    const { code, out } = await headframe('api', notMinerAddress, '/');
    expect([code, out]).toEqual([0, '<title>Coffee ?[31m?1m</title>\n']);
  });
});

describe('headframe sim', () => {
  test('says every machine in a line of JSON, then that it is ready, and ends when asked to', async () => {
    const sim = new Running(['sim', '--count', '3', '--seed', '7', '--json']);
    const machines = [await sim.line(), await sim.line(), await sim.line()].map((line) => JSON.parse(line));
    for (const machine of machines) {
      expect(Object.keys(machine)).toEqual(['address', 'ports', 'family', 'make', 'model', 'firmware']);
    }
    expect(await sim.line()).toBe('{"ready": true}');
    const { code, out } = await headframe('get', machines[0].address, '--json');
    expect([code, (JSON.parse(out) as Snapshot).identity.model]).toEqual([0, machines[0].model]);
    expect(await sim.end()).toMatchObject({ code: process.platform === 'win32' ? 'SIGTERM' : 0, err: '' });
  });

  test('shows its machines to a person in 80 columns with what to do next', async () => {
    const sim = new Running(['sim', '--count', '2', '--seed', '7']);
    const lines: string[] = [];
    for (let line = ''; line !== 'They live until Ctrl-C.' && lines.length < 10; lines.push(line))
      line = await sim.line();
    expect(lines[0]).toMatch(/^address +model +firmware +ports$/);
    expect(lines.find((line) => line.startsWith('Look at one: ./headframe get '))).toBeDefined();
    expect(tooWide(lines.join('\n'))).toEqual([]);
    await sim.end();
  });

  test('lists machines, quirks and faults in 80 columns', async () => {
    const { code, out } = await headframe('sim', '--list');
    expect([code, tooWide(out)]).toEqual([0, []]);
    for (const word of ['--family luxos', 's19-pro', 'stats-without-comma', 'drip:16:100']) expect(out).toContain(word);
  });
});

/** What a recording keeps of a reading: all but when and where it was made, and what is redacted. */
function lasting(text: string): Snapshot {
  const { at, address, replies, ...rest } = JSON.parse(text.replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')) as Snapshot;
  const pools = rest.pools.map((pool) => ({ ...pool, worker: null }));
  return { ...rest, pools } as Snapshot;
}

describe('headframe replay and record', () => {
  test('a recorded machine is told in the first line, with its ports where it has several', async () => {
    const running = new Running(['replay', captureFolder(), '--json']);
    const { address, ports } = JSON.parse(await running.line());
    expect(address).toBe(`127.0.0.1:${ports.cgminer}`);
    expect(Object.keys(ports)).toEqual(['cgminer', 'http']);
    expect(await running.end()).toMatchObject({ code: process.platform === 'win32' ? 'SIGTERM' : 0, err: '' });
  });

  test('for a person it says what it is, what was not recorded and how to read it', async () => {
    const running = new Running(['replay', captureFolder()]);
    expect(await running.line()).toMatch(
      /^Bitmain Antminer S19 Pro is at 127\.0\.0\.1:\d+ \(cgminer \d+, http \d+\)\.$/,
    );
    expect(await running.line()).toMatch(/^Not recorded: .*stats.*\.$/);
    expect(await running.line()).toMatch(/^Read it: \.\/headframe get 127\.0\.0\.1:\d+$/);
    await running.end();
  });

  test('a port that is taken is one sentence', async () => {
    const { code, err } = await headframe('replay', captureFolder(), '--port', String(replay.ports.cgminer));
    expect([code, err.split('\n').length]).toEqual([2, 2]);
    expect(err).toContain('(usage/port-in-use)');
  });

  test('a machine that was recorded and is replayed reads the same, but for what belongs to its owner', async () => {
    const into = join(dir, 'recorded');
    const { code, out } = await headframe('record', replay.address, '--into', into);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^3 answers of this antminer machine are in ${into}\n`));
    const said = readdirSync(into)
      .map((file) => readFileSync(join(into, file), 'latin1'))
      .join('');
    expect(said).not.toContain('owner.');

    const again = new Running(['replay', into, '--json']);
    const { address } = JSON.parse(await again.line());
    const [before, after] = await Promise.all([
      headframe('get', replay.address, '--json'),
      headframe('get', address, '--json'),
    ]);
    expect((JSON.parse(after.out) as Snapshot).pools[0]?.worker).toBe('account.worker1');
    expect(lasting(after.out)).toEqual(lasting(before.out));
    await again.end();

    const second = await headframe('record', replay.address, '--into', into);
    expect(second).toMatchObject({
      code: 2,
      err: `${into} holds something already; name a new folder (usage/invalid).\n`,
    });
  });
});

describe('a reader that has seen enough', () => {
  test.each([['--help'], ['sim --list'], ['get ADDRESS --json']])('ends %s without a word', async (line) => {
    const args = line.replace('ADDRESS', replay.address).split(' ');
    expect(await headframeWithoutReader(...args)).toEqual({ code: 0, err: '' });
  });
});

describe('headframe serve', () => {
  test('polls what it is given, is found by a second start, and is ended by headframe stop', {
    timeout: 90_000,
  }, async () => {
    const data = join(dir, 'data');
    const first = new Running(['serve', '--add', addressOf(luxos), '--port', '0', '--data', data, '--log', 'silent']);
    const [, url = ''] = /^Headframe is at (http:\/\/127\.0\.0\.1:\d+)$/.exec(await first.line()) ?? [];
    expect(await first.line()).toBe(`It is polling ${addressOf(luxos)}.`);

    await untilTold(`${url}/api/v1/stream`, '"state":"mining"');
    const rows = await (await fetch(`${url}/api/v1/miners`)).json();
    expect(JSON.stringify(rows)).toContain(luxos.machines[0]?.model);

    const second = await headframe('serve', '--port', '0', '--data', data);
    expect(second).toMatchObject({
      code: 2,
      err: `Headframe already runs at ${url} (usage/already-running).\nOpen that address, or stop it with: ./headframe stop\n`,
    });
    const taken = await headframe('serve', '--port', new URL(url).port, '--data', join(dir, 'other-data'));
    expect([taken.code, taken.err]).toEqual([2, expect.stringContaining('(usage/port-in-use)')]);

    expect(await headframe('stop', '--data', data)).toMatchObject({ code: 0, out: `Stopped the daemon at ${url}.\n` });
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(await headframe('stop', '--data', data)).toMatchObject({ code: 0, out: 'No daemon runs here.\n' });
  });
});

/** Reads a stream until it has said something. */
async function untilTold(url: string, words: string): Promise<void> {
  const end = new AbortController();
  const { body } = await fetch(url, { signal: end.signal });
  let said = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    said += chunk;
    if (said.includes(words)) return end.abort();
    if (said.length > 1_000_000) break;
  }
  throw new Error(`the stream never said ${words}: ${said.slice(0, 2_000)}`);
}
