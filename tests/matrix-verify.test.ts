import { createServer, type Server } from 'node:net';
import { connect, createMiner } from '@headframe/client';
import { HeadframeError } from '@headframe/model';
import { commandMatrix, matrixCommands } from '@headframe/model/matrix';
import { type Farm, startFarm } from '@headframe/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { matrixCommand } from '../packages/cli/src/commands/matrix.ts';
import { type CheckedCommand, checkMatrix, columnOf } from '../packages/cli/src/matrix-check.ts';
import { addressOf, listening, tooWide } from './cli.testing.ts';

/** What may be sent to a machine: what the real cgminer lets a caller without write access do (protocols.md 1.4). */
const READS = [
  'version',
  'config',
  'devs',
  'edevs',
  'pools',
  'summary',
  'asc',
  'asccount',
  'pgacount',
  'notify',
  'devdetails',
  'stats',
  'estats',
  'dbgstats',
  'check',
  'coin',
  'usbstats',
  'lcd',
  'pga',
];

const machine = (family: string) =>
  startFarm({ count: 1, seed: 1, families: [family], bind: '127.0.0.1', inProcess: true });

let stock: Farm;
let luxos: Farm;
let dcent: Farm;
let braiins: Farm;
let servers: Server[] = [];

beforeAll(async () => {
  const profile = { profile: 's19-pro', bind: '127.0.0.1', inProcess: true };
  [stock, luxos, dcent, braiins] = await Promise.all([
    startFarm({ count: 1, seed: 1, ...profile }),
    machine('luxos'),
    machine('dcent'),
    machine('braiins'),
  ]);
});
afterAll(() => Promise.all([stock?.close(), luxos?.close(), dcent?.close(), braiins?.close()]));
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
  vi.restoreAllMocks();
});

/** A device on port 4028 that answers what it is told to; null: it takes the connection and says nothing. */
async function device(answer: (command: string, parameter: string) => object | null) {
  const asked: { command: string; parameter: string }[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      if (bytes[0] !== 0x7b) return socket.destroy();
      const { command, parameter = '' } = JSON.parse(bytes.toString());
      asked.push({ command, parameter });
      const reply = answer(command, parameter);
      if (reply !== null) socket.end(`${JSON.stringify(reply)}\0`);
      return socket;
    });
  });
  servers.push(server);
  return { address: await listening(server), asked };
}

const status = (STATUS: string, Code: number, more: object = {}) => ({
  STATUS: [{ STATUS, When: 1, Code, Msg: 'm', Description: 'd' }],
  ...more,
  id: 1,
});
const VERSION = status('S', 22, { VERSION: [{ CGMiner: '4.11.1', API: '3.7' }] });

async function check(address: string, replyTimeoutMs = 5_000) {
  const miner = await connect(address, { replyTimeoutMs });
  const checked = await checkMatrix(miner, commandMatrix(), columnOf(miner));
  return { column: columnOf(miner), of: new Map(checked.map((one) => [one.command, one])), checked };
}
const names = (checked: readonly CheckedCommand[]) => checked.map(({ command }) => command);

describe('a device held to the matrix', () => {
  test('is only ever sent what cgminer takes for a read: everything else is asked after', async () => {
    const { address, asked } = await device((command) =>
      command === 'version' ? VERSION : status('S', 72, { CHECK: [{ Exists: 'Y', Access: 'Y' }] }),
    );
    const checked = await checkMatrix(minerAt(address), commandMatrix(), 'cgminer');
    expect(new Set(asked.map(({ command }) => command))).toEqual(new Set(READS));
    const askedAfter = asked.filter(({ command }) => command === 'check').map(({ parameter }) => parameter);
    for (const command of ['privileged', 'debug', 'lockstats', 'quit', 'curtail', 'fans', 'pause']) {
      expect(askedAfter).toContain(command);
    }
    expect(checked).toHaveLength(59);
    expect(checked.every(({ asked: how, command }) => (how === 'run') === READS.includes(command))).toBe(true);
  });

  test('a stock Antminer refuses what the page prints as read, as was verified, and check with it', async () => {
    const { of, column, checked } = await check(addressOf(stock));
    expect(column).toBe('stock');
    expect(of.get('summary')).toMatchObject({ asked: 'run', observed: 'usable', printed: 'Read', verified: 'answers' });
    expect(of.get('config')).toMatchObject({
      observed: 'denied',
      code: 45,
      differsFromPage: true,
      differsFromVerified: false,
    });
    expect(of.get('lcd')).toMatchObject({ observed: 'denied', printed: '—*', differsFromPage: false });
    expect(of.get('pga')).toMatchObject({ observed: 'absent', code: 14, differsFromPage: true });
    expect(of.get('switchpool')).toMatchObject({ asked: 'not-asked', observed: null, why: 'check cannot be used' });
    expect(names(checked.filter(({ differsFromVerified }) => differsFromVerified))).toEqual([]);
  });

  test('LuxOS says by check that it has fans, and that it has no notify', async () => {
    const { of, column } = await check(addressOf(luxos));
    expect(column).toBe('luxos');
    expect(of.get('fans')).toMatchObject({ asked: 'check', observed: 'usable', differsFromPage: false });
    expect(of.get('notify')).toMatchObject({ asked: 'run', observed: 'absent', differsFromPage: true });
    expect(of.get('notify')?.differsFromVerified).toBe(false);
    expect(of.get('poolquota')).toMatchObject({ asked: 'check', observed: 'absent', printed: 'Control' });
  });

  test('BraiinsOS has on port 4028 what its maker documents, five pool commands among it, and no session', async () => {
    const { of, column, checked } = await check(addressOf(braiins));
    expect(column).toBe('braiins');
    expect(names(checked.filter(({ differsFromVerified }) => differsFromVerified))).toEqual([]);
    expect(names(checked.filter(({ differsFromPage }) => differsFromPage))).toEqual([
      ...['notify', 'privileged'],
      ...['switchpool', 'enablepool', 'disablepool', 'addpool', 'removepool', 'tempctrl'],
    ]);
    expect(of.get('summary')).toMatchObject({ asked: 'run', observed: 'usable', code: 11, printed: 'Read' });
    expect(of.get('logon')).toMatchObject({ asked: 'check', observed: 'absent', printed: 'gRPC' });
    for (const command of ['pause', 'resume', 'tunerstatus']) {
      expect(of.get(command)).toMatchObject({ asked: 'check', observed: 'usable', verified: 'used by clients' });
    }
  });

  test('DCENT_OS knows 24 of the 50, as was verified, and its check says yes to what it always refuses', async () => {
    const { of, column, checked } = await check(addressOf(dcent));
    expect(column).toBe('dcent');
    expect(names(checked.filter(({ differsFromVerified }) => differsFromVerified))).toEqual([]);
    const known = checked.filter(({ printed, observed }) => printed !== null && observed === 'usable');
    expect(known).toHaveLength(24);
    expect(of.get('summary')).toMatchObject({ asked: 'run', observed: 'usable', code: 11, printed: 'Beta' });
    expect(of.get('estats')).toMatchObject({ asked: 'run', observed: 'absent', code: 14, differsFromPage: true });
    expect(of.get('fans')).toMatchObject({ asked: 'check', observed: 'absent', verified: 'unknown' });
    expect(of.get('quit')).toMatchObject({ asked: 'check', observed: 'usable', verified: 'refused' });
  });

  test('a machine that the page has no column for is held to the real cgminer', async () => {
    const { address } = await device((command, parameter) => {
      if (command === 'version') return VERSION;
      if (command === 'asc') return status('E', 107);
      if (command !== 'check') return status('E', 14);
      return status('S', 72, { CHECK: [{ Exists: parameter === 'fans' ? 'N' : 'Y', Access: 'N' }] });
    });
    const { of, column } = await check(address);
    expect(column).toBe('cgminer');
    expect(of.get('asc')).toMatchObject({ observed: 'usable', code: 107, differsFromVerified: false });
    expect(of.get('summary')).toMatchObject({ observed: 'absent', differsFromVerified: true, differsFromPage: false });
    expect(of.get('quit')).toMatchObject({ observed: 'denied', verified: 'write', differsFromVerified: false });
    expect(of.get('fans')).toMatchObject({ observed: 'absent', differsFromVerified: false });
  });

  test('is left alone once it has been silent twice in a row, and silence is no answer', async () => {
    let isSilent = false;
    const { address, asked } = await device((command) => {
      isSilent ||= command === 'stats';
      return isSilent ? null : VERSION;
    });
    const { of } = await check(address, 600);
    expect(asked.map(({ command }) => command).slice(-2)).toEqual(['stats', 'pools']);
    expect(of.get('stats')).toMatchObject({ asked: 'run', observed: null, differsFromVerified: false });
    expect(of.get('stats')?.error?.code).toBe('link/timed-out-waiting');
    expect(of.get('devs')).toMatchObject({ asked: 'not-asked', observed: null, why: 'it had stopped answering' });
  });

  test('an answer that cannot be read, or a check that does not say, tells nothing', async () => {
    const miner = {
      api: async (command: string) => {
        const { address } = await device(() => (command === 'summary' ? ([] as object) : status('S', 72)));
        return minerAt(address).api(command);
      },
    };
    const checked = await checkMatrix(miner, commandMatrix({ commands: ['summary', 'quit'] }), 'cgminer');
    expect(checked.map(({ observed }) => observed)).toEqual([null, null]);
    expect(checked[0]?.error?.code).toBe('protocol/wrong-shape');
  });

  test('a machine that never answers is an error', async () => {
    const api = () => Promise.reject(new HeadframeError('link/refused', { address: '127.0.0.1' }));
    await expect(checkMatrix({ api }, commandMatrix(), 'stock')).rejects.toMatchObject({ code: 'link/refused' });
  });
});

/** Nothing is asked to find out who it is. */
function minerAt(address: string) {
  const [host = '', port = ''] = address.split(':');
  return createMiner({ host, family: 'cgminer', ports: { cgminer: Number(port) } });
}

describe('headframe matrix', () => {
  /** Runs the command in this process. */
  async function run(options: Partial<Parameters<typeof matrixCommand>[0]> = {}): Promise<string> {
    let out = '';
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += text;
      return true;
    });
    try {
      expect(await matrixCommand({ timeout: '10', ...options })).toBe(0);
    } finally {
      spy.mockRestore();
    }
    return out;
  }
  const attribution = /"Miner API Command Reference" by D-Central, CC BY 4\.0[\s\S]*24 dashes restored/;

  test('shows both views of all families in 80 columns, with the attribution', async () => {
    const out = await run();
    expect(tooWide(out)).toEqual([]);
    expect(out).toMatch(attribution);
    expect(out).toMatch(/^config {9}R {2}Read\/45 +Read\/yes +Read\/yes +Beta\/yes$/m);
    expect(out).toMatch(/^logoff {9}C {2}—\*\/14 +gRPC\/no +Control\*\/session +TBD\/acts$/m);
    expect(out.split('\n').filter((line) => matrixCommands().some((name) => line.startsWith(`${name} `)))).toHaveLength(
      50,
    );
    expect(out.replaceAll(/\s+/g, ' ')).toContain('operating points at run time, not factory presets');
  });

  test('shows one family in full words, and everything about one command', async () => {
    const family = await run({ family: 'braiins' });
    expect(tooWide(family)).toEqual([]);
    expect(family).toMatch(/^addpool +control +gRPC +documented, partly works +differs$/m);
    expect(family).toMatch(attribution);
    const card = await run({ command: 'curtail' });
    expect(tooWide(card)).toEqual([]);
    expect(card).toMatch(/^LuxOS {12}printed: Control\*; verified: listed, with session$/m);
    expect(card).toMatch(/^Braiins gRPC {5}ActionsService.PauseMining \+ ActionsService.ResumeMining$/m);
    expect(card).toMatch(attribution);
  });

  test('gives CSV and JSON, each with the attribution', async () => {
    const csv = await run({ csv: true, family: 'stock' });
    expect(csv).toMatch(/^# "Miner API Command Reference" by D-Central, CC BY 4\.0 /);
    expect(csv.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toHaveLength(51);
    const json = JSON.parse(await run({ json: true }));
    expect(json.attribution).toMatchObject({ publisher: 'D-Central', licence: 'CC BY 4.0' });
    expect(json.commands).toHaveLength(50);
  });

  test('with --verify says where a machine differs, and whether from the page or from both', async () => {
    const out = await run({ verify: addressOf(stock) });
    expect(tooWide(out)).toEqual([]);
    expect(out).toContain('Held to the column of Stock Antminer.');
    expect(out).toMatch(/^config {6}denied \(45\) +Read +denied +the page$/m);
    expect(out).toMatch(/^Not known of \d+ \(check cannot be used\): /m);
    expect(out).toMatch(attribution);
    const json = JSON.parse(await run({ verify: addressOf(stock), json: true, family: 'luxos', command: 'config' }));
    expect(json).toMatchObject({ family: 'antminer', heldTo: 'luxos', attribution: { licence: 'CC BY 4.0' } });
    expect(json.commands).toMatchObject([
      { command: 'config', observed: 'denied', differsFromPage: true, differsFromVerified: true },
    ]);
  });

  test.each([
    [{ family: 'avalon' }, '--family takes one of stock, braiins, luxos, dcent, not "avalon"'],
    [{ command: 'shutdown' }, 'The matrix has no command "shutdown"'],
    [{ csv: true, json: true }, '--csv goes with neither --json nor --verify'],
  ])('%j is a mistake of usage', async (options, said) => {
    await expect(matrixCommand({ timeout: '10', ...options })).rejects.toThrow(said);
  });
});
