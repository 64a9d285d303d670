import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulators } from '@headframe/families/sim';
import type { Snapshot } from '@headframe/model';
import { type Farm, loadCapture, parseFault, type Replay, serveReplay, startFarm } from '@headframe/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  addressOf,
  captureFolder,
  endAll,
  headframe,
  headframeWithoutReader,
  listening,
  Running,
  tooWide,
} from './cli.testing.ts';

const COMMANDS = [
  'scan',
  'get',
  'do',
  'actions',
  'matrix',
  'doctor',
  'api',
  'record',
  'sim',
  'replay',
  'serve',
  'stop',
];

const FAMILIES = simulators
  .map(({ id }) => id)
  .sort()
  .join(', ');

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
  replay = await serveReplay(loadCapture(captureFolder(dir)));
});
afterEach(endAll);
afterAll(async () => {
  await Promise.all([farm?.close(), luxos?.close(), silent?.close(), replay?.close()]);
  notMiner?.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The line of a machine. */
const lineOf = (out: string, address: string) => out.split('\n').find((line) => line.startsWith(`${address} `)) ?? '';

/** A port that was free a moment ago. */
async function refused(): Promise<string> {
  const server = createServer();
  const address = await listening(server);
  server.close();
  await once(server, 'close');
  return address;
}

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
      `There is no simulated family "x"; there are ${FAMILIES} (usage/invalid).\n`,
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
    expect(err).toMatch(
      /^There is no fault "fire"; there are refuse, black-hole, .*garbage, .*answer-once \(usage\/invalid\)\.\n$/,
    );
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
      expect(lineOf(out, address), model).toSatisfy((line: string) => line.endsWith(` ${model}`));
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
    const [sentence, next, doctor, ...rest] = err.split('\n');
    expect(sentence).toBe(`${address} refused the connection: nothing listens on that port (link/refused).`);
    expect(next).toMatch(/^A machine that starts refuses for a minute or two: try again/);
    expect(doctor).toBe(`Next: headframe doctor ${address}`);
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
    expect(err).not.toMatch(/headframe (?!scan|get|doctor|api|record|sim|replay|serve|stop)\w/);
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
      expect(lineOf(out, address), model).toSatisfy(
        (line: string) => line.includes(` ${model} `) && line.endsWith(' miner'),
      );
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

describe('a reader that has seen enough', () => {
  test.each([['--help'], ['sim --list'], ['get ADDRESS --json']])('ends %s without a word', async (line) => {
    const args = line.replace('ADDRESS', replay.address).split(' ');
    expect(await headframeWithoutReader(...args)).toEqual({ code: 0, err: '' });
  });
});
