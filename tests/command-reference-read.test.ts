import { connect as dial } from 'node:net';
import { text as textFrom } from 'node:stream/consumers';
import { connect } from '@headframe/client';
import { commandMatrix } from '@headframe/model/matrix';
import { section } from '@headframe/wire/cgminer';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, type Controlled, control } from './control.testing.ts';

/*
 * The command reference of port 4028, command by command: what the simulated machines answer to one line of JSON, what
 * the client reads or does, and what protocols.md corrects. Expectations are typed from protocols.md 1.4 to 1.8, 2.1,
 * 2.6, 7.4, 8 and 9. The numbers are those of the checklist.
 */

let open: Controlled[] = [];
afterEach(async () => {
  for (const made of open) await made.close();
  open = [];
});

async function machine(family: string, profile: string, quirks: Record<string, boolean> = {}): Promise<Controlled> {
  const made = await control(family, profile, { quirks });
  open.push(made);
  await made.miner.read();
  return made;
}
/** The real cgminer 4.11.1 with two hashboards, whose address list lets everybody write. */
const cgminer = () => machine('cgminer', 'two-boards', { 'open-acl': true });
/** The same for a caller who may only read (protocols.md 1.7). */
const readOnly = () => machine('cgminer', 'two-boards');
const fpga = () => machine('cgminer', 'fpga', { 'open-acl': true });
const sticks = () => machine('cgminer', 'usb-sticks', { 'open-acl': true });
/** Stock firmware with the address list of the factory (protocols.md 2.1), and the older one that lets everybody write. */
const stock = () => machine('antminer', 's19-pro');
const s9 = () => machine('antminer', 's9');
const luxos = (quirks: Record<string, boolean> = {}) => machine('luxos', 's19k-pro', quirks);
const dcentOs = () => machine('dcent', 's9');

type Fields = Record<string, unknown>;
interface Said {
  readonly text: string;
  readonly doc: Fields;
}

/** One line of JSON and what comes back, as the reference describes it: over a socket of the test's own. */
async function say(made: Controlled, command: string, parameter?: string): Promise<Said> {
  const socket = dial(made.served.ports.cgminer ?? 0, '127.0.0.1');
  socket.write(`${JSON.stringify({ command, parameter })}\n`);
  const text = await textFrom(socket);
  return { text, doc: documentOf(text) };
}

/** Stock Antminers leave out a comma (protocols.md 1.11), and cgminer ends with a NUL. */
const documentOf = (text: string) => JSON.parse(text.replaceAll('\0', '').replaceAll('}{', '},{')) as Fields;
const rows = (doc: Fields, name: string) => (doc[name] ?? []) as Fields[];
const row = (doc: Fields, name: string) => rows(doc, name)[0] ?? {};
const status = ({ doc }: Said) => {
  const { STATUS, Code, Msg } = row(doc, 'STATUS');
  return [STATUS, Code, Msg];
};
const codeOf = async (made: Controlled, command: string, parameter?: string) =>
  row((await say(made, command, parameter)).doc, 'STATUS').Code;

/** What the machine itself shows now, asked without a connection and without our client: no time passes. */
function shown(made: Controlled, command: string, name: string): Fields[] {
  const bytes = Buffer.from(JSON.stringify({ command }));
  const reaction = made.device().cgminer?.receive(bytes, { address: '127.0.0.1' }, made.now());
  return rows(documentOf(Buffer.concat(reaction?.chunks.map((chunk) => chunk.bytes) ?? []).toString()), name);
}

/** `headframe api`, and the records that our decoder finds in its answer. */
async function api(made: Controlled, command: string, name: string, parameter?: string) {
  const { decoded } = await made.miner.api(command, parameter);
  return section(decoded?.parts.get('')?.doc, name);
}

/** `headframe do`. */
const run = async (made: Controlled, name: string, given: Fields = {}) => (await made.miner.plan(name, given)).run();

/** What was found out about it where nothing is simulated. */
const matrixRow = (command: string) => commandMatrix({ commands: [command] }).commands[0];
const dcent = (command: string) => matrixRow(command)?.verified.families.dcent;

const inGh = (value: unknown) => (value as number) / 1e9;

/** What the page names of each. */
const COUNTS = ['Accepted', 'Rejected', 'Hardware Errors', 'Utility', 'Found Blocks', 'Best Share'];
const PERCENT = ['Device Hardware%', 'Device Rejected%'];
const POOL_FIELDS = [
  ...['URL', 'Status', 'Priority', 'Quota', 'Accepted', 'Rejected', 'User', 'Stratum Active'],
  ...['Last Share Time', 'Last Share Difficulty', 'Pool Rejected%', 'Pool Stale%'],
];

describe('what is read: who it is and how it does', () => {
  test('C-001 version: the keys of its record tell cgminer, a stock Antminer and LuxOS apart', async () => {
    const made = await cgminer();
    const said = await say(made, 'version');
    expect(status(said)).toEqual(['S', 22, 'CGMiner versions']);
    expect(rows(said.doc, 'VERSION')).toEqual([{ CGMiner: '4.11.1', API: '3.7' }]);
    const antminer = await stock();
    const bmminer = (await say(antminer, 'version')).doc;
    expect(Object.keys(row(bmminer, 'VERSION'))).toEqual(['BMMiner', 'API', 'Miner', 'CompileTime', 'Type']);
    expect(row(bmminer, 'VERSION')).toMatchObject({ API: '3.1', Type: 'Antminer S19 Pro' });
    expect(row(bmminer, 'STATUS').Description).toBe('cgminer 1.0.0');
    const lux = await luxos();
    const luxminer = (await say(lux, 'version')).doc;
    expect(Object.keys(row(luxminer, 'VERSION')).sort()).toEqual(['API', 'CompileTime', 'LUXminer', 'Miner', 'Type']);
    expect(row(luxminer, 'STATUS').Description).toMatch(/^LUXminer /);
    for (const [one, family, firmware, apiVersion] of [
      [made, 'cgminer', 'cgminer', '3.7'],
      [antminer, 'antminer', 'stock', '3.1'],
      [lux, 'luxos', 'luxos', '3.7'],
    ] as const) {
      const { identity } = await connect(`127.0.0.1:${one.served.ports.cgminer}`);
      expect(identity.family).toBe(family);
      expect(one.miner.identity).toMatchObject({ firmware, apiVersion });
    }
    expect(antminer.miner.identity.model).toBe('Antminer S19 Pro');
  });

  test('C-002 summary: MHS of cgminer and GHS of its forks become one unit, and nothing of it is lost', async () => {
    for (const [made, unit, hz] of [
      [await cgminer(), 'MHS', 1e6],
      [await stock(), 'GHS', 1e9],
      [await luxos(), 'GHS', 1e9],
    ] as const) {
      const said = await say(made, 'summary');
      expect(status(said)).toEqual(['S', 11, 'Summary']);
      const names = ['Elapsed', `${unit} 5s`, `${unit} av`, ...COUNTS, ...PERCENT];
      expect(Object.keys(row(said.doc, 'SUMMARY'))).toEqual(expect.arrayContaining(names));
      const summary = shown(made, 'summary', 'SUMMARY')[0] ?? {};
      const seen = await made.miner.read();
      expect(seen.minerUptimeS).toBe(summary.Elapsed);
      expect(seen.hashrate.currentWindowS).toBe(5);
      expect(inGh(seen.hashrate.currentHs)).toBeCloseTo((Number(summary[`${unit} 5s`]) * hz) / 1e9, 3);
      expect(inGh(seen.hashrate.averageHs)).toBeCloseTo((Number(summary[`${unit} av`]) * hz) / 1e9, 3);
      expect(seen.shares).toMatchObject({ accepted: summary.Accepted, rejected: summary.Rejected });
      expect(seen.hardwareErrors).toBe(summary['Hardware Errors']);
    }
  });

  test('C-003 stats: an Antminer leaves out a comma and writes its chain rates as text, and its boards are read', async () => {
    const made = await stock();
    expect((await say(made, 'stats')).text).toMatch(/"Type":"Antminer S19 Pro"\}\{"STATS":0/);
    const stats = shown(made, 'stats', 'STATS').at(-1) ?? {};
    expect(stats.chain_rate1).toEqual(expect.stringMatching(/^\d+\.\d+$/));
    expect(stats.chain_acs1).toMatch(/^[ ox]+$/);
    expect(stats.chain_acn1).toBe(114);
    expect(stats).toMatchObject({ temp1: expect.anything(), temp2_1: expect.anything(), fan_num: 4 });
    const seen = await made.miner.read();
    expect(seen.replies.find(({ id }) => id === 'stats')?.repairs).not.toEqual([]);
    expect(seen.hashboards).toHaveLength(3);
    for (const [i, board] of seen.hashboards.entries()) {
      expect(inGh(board.hashrateHs)).toBeCloseTo(Number(stats[`chain_rate${i + 1}`]), 2);
      expect(board).toMatchObject({ chipsWorking: 114, tempC: stats[`temp${i + 1}`] });
      expect(board.chipTempMaxC).toBe(stats[`temp2_${i + 1}`]);
    }
    expect(seen.fans.map(({ rpm }) => rpm)).toEqual([stats.fan1, stats.fan2, stats.fan3, stats.fan4]);
    expect(inGh(seen.hashrate.nominalHs)).toBeCloseTo(Number(stats.total_rateideal), 2);
    expect(seen.minerUptimeS).toBe(stats.Elapsed);
    // The real cgminer has a record for each device and each pool, and no chains (protocols.md 1.5).
    const records = rows((await say(await cgminer(), 'stats')).doc, 'STATS');
    expect(records.map(({ ID }) => ID)).toEqual(['BA10', 'BA11', 'POOL0', 'POOL1', 'POOL2']);
    expect(records[0]).toMatchObject({ STATS: 0, Min: 99999999 });
    expect(records[2]).toHaveProperty('Net Bytes Recv');
  });

  test('C-004 pools: an Antminer writes the age of the last share, LuxOS leaves out an empty list', async () => {
    const made = await cgminer();
    const said = await say(made, 'pools');
    expect(status(said)).toEqual(['S', 7, '3 Pool(s)']);
    expect(Object.keys(row(said.doc, 'POOLS'))).toEqual(expect.arrayContaining(POOL_FIELDS));
    ask(made.device(), made.now(), 'disablepool', '2');
    const listed = shown(made, 'pools', 'POOLS');
    const read = await made.miner.read();
    expect(read.pools.map(({ url, worker }) => [url, worker])).toEqual(listed.map(({ URL, User }) => [URL, User]));
    expect(read.pools.map(({ status, active }) => [status, active])).toEqual([
      ['alive', true],
      ['alive', false],
      ['disabled', false],
    ]);
    const antminer = await stock();
    const [first] = shown(antminer, 'pools', 'POOLS');
    expect(first).toMatchObject({ Diff: '524K', 'Last Share Time': expect.stringMatching(/^\d+:\d\d:\d\d$/) });
    expect(first).toHaveProperty('Pool Stale%%');
    const [h = 0, m = 0, s = 0] = String(first?.['Last Share Time']).split(':').map(Number);
    const asked = antminer.now();
    const [pool] = (await antminer.miner.read()).pools;
    expect(pool).toMatchObject({ accepted: first?.Accepted, rejected: first?.Rejected, stale: first?.Stale });
    expect(Math.round(((pool?.lastShareAt ?? 0) - asked) / 1000) + 0).toBe(-(h * 3600 + m * 60 + s));
    const bare = await luxos({ 'no-pools': true });
    expect((await say(bare, 'pools')).doc).not.toHaveProperty('POOLS');
    expect((await bare.miner.read()).pools).toEqual([]);
  });

  test('C-005 devs: each board with its state, temperature, rate, shares and errors', async () => {
    const made = await cgminer();
    ask(made.device(), made.now(), 'ascdisable', '1');
    const said = await say(made, 'devs');
    expect(status(said)).toEqual(['S', 9, '2 ASC(s)']);
    expect(rows(said.doc, 'DEVS').map(({ Enabled }) => Enabled)).toEqual(['Y', 'N']);
    const devs = shown(made, 'devs', 'DEVS');
    for (const name of ['Status', 'Accepted', 'Rejected']) expect(devs[0]).toHaveProperty(name);
    const { hashboards } = await made.miner.read();
    expect(hashboards.map(({ state }) => state)).toEqual(['ok', 'disabled']);
    for (const [i, board] of hashboards.entries()) {
      expect(board).toMatchObject({ tempC: devs[i]?.Temperature, hardwareErrors: devs[i]?.['Hardware Errors'] });
      expect(inGh(board.hashrateHs)).toBeCloseTo(Number(devs[i]?.['MHS 5s']) / 1e3, 3);
    }
  });

  test('C-006 devdetails: cgminer names the driver, LuxOS the chips, clock, voltage and serial number', async () => {
    const made = await cgminer();
    const said = await say(made, 'devdetails');
    expect(status(said)).toEqual(['S', 69, 'Device Details']);
    const names = ['DEVDETAILS', 'Name', 'ID', 'Driver', 'Kernel', 'Model', 'Device Path'];
    expect(rows(said.doc, 'DEVDETAILS').map((one) => Object.keys(one))).toEqual([names, names]);
    const [, second] = await api(made, 'devdetails', 'DEVDETAILS');
    expect(second?.str('Driver')).toBe('BitmineA1');
    // Its driver names no model, and none is made up.
    expect(made.miner.identity.model).toBeNull();
    const [board] = await api(await luxos(), 'devdetails', 'DEVDETAILS');
    expect(board?.keys()).toEqual(
      expect.arrayContaining(['Model', 'Chips', 'Cores', 'Frequency', 'Voltage', 'Profile', 'SerialNumber']),
    );
    expect([board?.int('Chips'), board?.num('Frequency')]).toEqual([77, 590]);
  });

  test('C-007 config: counts, strategy and operating system; bmminer keeps the old keys', async () => {
    const made = await cgminer();
    const said = await say(made, 'config');
    expect(status(said)).toEqual(['S', 33, 'CGMiner config']);
    expect(rows(said.doc, 'CONFIG')).toEqual([
      {
        'ASC Count': 2,
        'PGA Count': 0,
        'Pool Count': 3,
        Strategy: 'Failover',
        'Log Interval': 5,
        'Device Code': 'BA1 ',
        OS: 'Linux',
        Hotplug: 'None',
      },
    ]);
    // Failover: of three pools that are alive one is worked for.
    expect((await made.miner.read()).pools.filter(({ active }) => active)).toHaveLength(1);
    const [old] = await api(await s9(), 'config', 'CONFIG');
    expect(old?.keys()).toEqual(expect.arrayContaining(['Failover-Only', 'ScanTime', 'Queue', 'Expiry']));
    const lux = await luxos();
    const [config] = shown(lux, 'config', 'CONFIG');
    expect(config?.OS).toBe('LuxOS');
    expect(lux.miner.identity).toMatchObject({ hostname: config?.Hostname, serial: config?.SerialNumber });
    expect(lux.miner.identity.mac).toBe(String(config?.MACAddr).toLowerCase());
  });

  test('C-008 edevs: devs without the device that was pulled out, unless its age is asked for', async () => {
    const made = await sticks();
    expect(rows((await say(made, 'devs')).doc, 'DEVS')).toHaveLength(6);
    const said = await say(made, 'edevs');
    expect(status(said).slice(0, 2)).toEqual(['S', 9]);
    expect(rows(said.doc, 'DEVS').map(({ Name, ID }) => `${Name}${ID}`)).not.toContain('ICA2');
    expect(await api(made, 'edevs', 'DEVS')).toHaveLength(5);
    // The optional parameter, `old`, is an age in seconds.
    expect((await api(made, 'edevs', 'DEVS', '1000000')).map((one) => one.int('ID'))).toContain(2);
    expect(dcent('edevs')).toBe('unknown');
    expect(status(await say(await dcentOs(), 'edevs'))).toEqual(['E', 14, 'Invalid command: edevs']);
  });

  test('C-009 estats: stats without pools and without what was pulled out; an Avalon says everything there', async () => {
    const made = await sticks();
    const said = await say(made, 'estats');
    expect(status(said)).toEqual(['S', 70, 'CGMiner stats']);
    expect(rows(said.doc, 'STATS').map(({ ID }) => ID)).toEqual(['BTB0', 'ICA0', 'ICA1', 'BMA0', 'AVA0']);
    expect(await api(made, 'estats', 'STATS', '1000000')).toHaveLength(6);
    const avalon = await machine('avalon', 'a1246');
    const record = String(shown(avalon, 'estats', 'STATS')[0]?.['MM ID0']);
    expect(record).toMatch(/^Ver\[1246-/);
    const boards = /MGHS\[([\d. ]+)\]/.exec(record)?.[1]?.split(' ').map(Number);
    expect((await avalon.miner.read()).hashboards.map(({ hashrateHs }) => inGh(hashrateHs))).toEqual(boards);
    expect(dcent('estats')).toBe('unknown');
    expect(status(await say(await dcentOs(), 'estats'))).toEqual(['E', 14, 'Invalid command: estats']);
  });

  test('C-010 coin: the hash method and the network difficulty, and no difficulty of the block', async () => {
    const made = await cgminer();
    const said = await say(made, 'coin');
    expect(status(said)).toEqual(['S', 78, 'CGMiner coin']);
    const names = ['Hash Method', 'Current Block Time', 'Current Block Hash', 'LP', 'Network Difficulty'];
    expect(Object.keys(row(said.doc, 'COIN'))).toEqual(names);
    expect(row(said.doc, 'COIN')['Hash Method']).toBe('sha256');
    // cgminer says sha256 for the double hash of Bitcoin.
    expect(made.miner.identity.algorithm).toBe('sha256d');
  });

  test('C-011 lcd: the pool that is worked for; other keys on stock firmware, refused by its list, zeros on LuxOS', async () => {
    const made = await cgminer();
    const said = await say(made, 'lcd');
    expect(status(said)).toEqual(['S', 125, 'LCD']);
    expect(row(said.doc, 'LCD')).toMatchObject({ 'Current Pool': 'stratum+tcp://pool-a.example:3333' });
    expect((await made.miner.read()).pools.find(({ active }) => active)?.url).toBe('stratum+tcp://pool-a.example:3333');
    const [old] = await api(await s9(), 'lcd', 'LCD');
    expect(old?.keys()).toEqual(['LCD', 'GHS5s', 'GHSavg', 'temp', 'pool', 'user']);
    expect(await codeOf(await stock(), 'lcd')).toBe(45);
    const [zeros] = await api(await luxos(), 'lcd', 'LCD');
    expect(new Set(zeros?.keys().map((key) => zeros.raw(key)))).toEqual(new Set([0, '']));
  });

  test('C-012 check: whether a command is there and may be used; the list of stock firmware refuses it itself', async () => {
    const made = await readOnly();
    expect(status(await say(made, 'check', 'summary'))).toEqual(['S', 72, 'Check command']);
    for (const [command, exists, access] of [
      ['summary', true, true],
      ['quit', true, false],
      ['fans', false, false],
    ] as const) {
      const [answer] = await api(made, 'check', 'CHECK', command);
      expect([answer?.bool('Exists'), answer?.bool('Access')]).toEqual([exists, access]);
    }
    expect(status(await say(made, 'check'))).toEqual(['E', 71, 'Missing check cmd']);
    expect(status(await say(await stock(), 'check', 'summary'))).toEqual(['E', 45, "Access denied to 'check' command"]);
  });

  test('C-013 asc: the record of one board, whose number must be one; builds for FPGAs have no such command', async () => {
    const made = await cgminer();
    const said = await say(made, 'asc', '1');
    expect(status(said)).toEqual(['S', 106, 'ASC1']);
    const [{ ASC, Name, ID } = {}] = shown(made, 'devs', 'DEVS').slice(1);
    expect(row(said.doc, 'ASC')).toMatchObject({ ASC, Name, ID, Enabled: 'Y', Status: 'Alive' });
    expect((await api(made, 'asc', 'ASC', '1'))[0]?.int('ASC')).toBe(1);
    expect(status(await say(made, 'asc', '9'))).toEqual(['E', 107, 'Invalid ASC id 9 - range is 0 - 1']);
    expect(status(await say(made, 'asc'))).toEqual(['E', 15, 'Missing device id parameter']);
    expect(await codeOf(await fpga(), 'asc', '0')).toBe(14);
    expect(dcent('asc')).toBe('unknown');
    expect(await codeOf(await dcentOs(), 'asc', '0')).toBe(14);
  });

  test('C-014 asccount: how many boards there are', async () => {
    const made = await cgminer();
    expect(status(await say(made, 'asccount'))).toEqual(['S', 104, 'ASC count']);
    expect((await api(made, 'asccount', 'ASCS'))[0]?.int('Count')).toBe(2);
    expect((await api(await luxos(), 'asccount', 'ASCS'))[0]?.int('Count')).toBe(3);
  });

  test('C-015 notify: what a device went through becomes a fault of the reading; LuxOS has no such command', async () => {
    const made = await machine('cgminer', 'two-boards', { 'dead-board': true });
    const said = await say(made, 'notify');
    expect(status(said)).toEqual(['S', 60, 'Notify']);
    const [well, dead] = rows(said.doc, 'NOTIFY');
    expect(well).toMatchObject({ 'Last Not Well': 0, 'Reason Not Well': 'None', '*Dev Comms Error': 0 });
    expect(dead).toMatchObject({ NOTIFY: 1, Name: 'BA1', ID: 1 });
    expect(dead?.['Last Not Well']).toBeGreaterThan(0);
    expect((await made.miner.read()).faults).toMatchObject([{ component: 'BA11', text: dead?.['Reason Not Well'] }]);
    expect(await codeOf(await luxos(), 'notify')).toBe(14);
  });

  test('C-016 privileged: 46 for whoever may write, 45 for whoever may only read', async () => {
    const made = await cgminer();
    expect(status(await say(made, 'privileged'))).toEqual(['S', 46, 'Privileged access OK']);
    expect(await run(made, 'cgminer.privileged')).toMatchObject({ result: 'accepted-unverified', vendorCode: '46' });
    const reader = await readOnly();
    expect(status(await say(reader, 'privileged'))).toEqual(['E', 45, "Access denied to 'privileged' command"]);
    expect(await run(reader, 'cgminer.privileged')).toMatchObject({ result: 'refused', vendorCode: '45' });
  });

  test('C-017 pga: the record of an FPGA, with its frequency; builds without FPGAs have no such command', async () => {
    const made = await fpga();
    const said = await say(made, 'pga', '1');
    expect(status(said)).toEqual(['S', 57, 'PGA1']);
    expect(row(said.doc, 'PGA')).toMatchObject({ PGA: 1, Name: 'MMQ', ID: 0, Enabled: 'Y' });
    expect((await api(made, 'pga', 'PGA', '1'))[0]?.num('Frequency')).toBeGreaterThan(0);
    expect(status(await say(made, 'pga', '9'))).toEqual(['E', 58, 'Invalid PGA id 9 - range is 0 - 3']);
    for (const other of [await cgminer(), await stock(), await luxos()]) {
      expect(await codeOf(other, 'pga', '0')).toBe(14);
    }
  });

  test('C-018 debug: a write, of which the first letter counts', async () => {
    const made = await cgminer();
    const settings = async (parameter?: string) => row((await say(made, 'debug', parameter)).doc, 'DEBUG');
    const off = { Quiet: false, Verbose: false, Debug: false, RPCProto: false, PerDevice: false, WorkTime: false };
    expect(await settings()).toEqual({ Silent: false, ...off });
    for (const [parameter, name] of [
      ['q', 'Quiet'],
      ['verbose', 'Verbose'],
      ['d', 'Debug'],
      ['rpc', 'RPCProto'],
      ['perdevice', 'PerDevice'],
      ['w', 'WorkTime'],
    ] as const) {
      expect((await settings(parameter))[name], parameter).toBe(true);
      await settings('normal');
    }
    expect(await run(made, 'cgminer.debug', { flag: 'quiet' })).toMatchObject({ vendorCode: '79' });
    expect(await settings()).toMatchObject({ Quiet: true });
    expect(await settings('silent')).toMatchObject({ Silent: true });
    expect(await codeOf(await readOnly(), 'debug')).toBe(45);
  });

  test('C-019 lockstats: a write too, and only builds that keep such statistics have any', async () => {
    const made = await cgminer();
    expect(status(await say(made, 'lockstats'))).toEqual(['W', 124, 'Lock stats not enabled']);
    expect(await run(made, 'cgminer.lockstats')).toMatchObject({ result: 'refused', vendorCode: '124' });
    const keeps = await machine('cgminer', 'mixed', { 'open-acl': true });
    expect(status(await say(keeps, 'lockstats'))).toEqual(['S', 123, 'Lock stats created']);
    expect(await run(keeps, 'cgminer.lockstats')).toMatchObject({ vendorCode: '123' });
    expect(await codeOf(await readOnly(), 'lockstats')).toBe(45);
  });
});

describe('what is read: what LuxOS has beyond cgminer', () => {
  test('C-042 session: the id of the open session, which so is anybody’s; not whether there is one', async () => {
    const made = await luxos();
    expect(status(await say(made, 'session'))).toEqual(['S', 319, 'Session information']);
    expect((await api(made, 'session', 'SESSION'))[0]?.raw('SessionID')).toBe('');
    const id = row((await say(made, 'logon')).doc, 'SESSION').SessionID;
    expect(id).toMatch(/^\S{8}$/);
    expect((await api(made, 'session', 'SESSION'))[0]?.str('SessionID')).toBe(id);
    await made.pass(61_000);
    expect((await api(made, 'session', 'SESSION'))[0]?.raw('SessionID')).toBe('');
    for (const other of [await cgminer(), await s9()]) expect(await codeOf(other, 'session')).toBe(14);
  });

  test('C-044 fans: speed in RPM and percent by the number of the fan; unknown to cgminer and to stock firmware', async () => {
    const made = await luxos();
    expect(status(await say(made, 'fans'))).toEqual(['S', 202, '4 Fan(s)']);
    const fans = shown(made, 'fans', 'FANS');
    const read = await made.miner.read();
    expect(read.fans.map(({ slot, rpm, percent }) => [slot, rpm, percent])).toEqual(
      fans.map(({ ID, RPM, Speed }) => [ID, RPM, Speed]),
    );
    for (const other of [await cgminer(), await s9(), await stock()]) expect(await codeOf(other, 'fans')).toBe(14);
    expect(dcent('fans')).toBe('unknown');
    expect(status(await say(await dcentOs(), 'fans'))).toEqual(['E', 14, 'Invalid command: fans']);
  });

  test('C-045 temps: four corners of each board and no chips; unknown to stock firmware', async () => {
    const made = await luxos();
    expect(status(await say(made, 'temps'))).toEqual(['S', 201, '3 Temp(s)']);
    const temps = shown(made, 'temps', 'TEMPS');
    const corners = ['BottomLeft', 'BottomRight', 'TopLeft', 'TopRight'];
    expect(Object.keys(temps[0] ?? {}).sort()).toEqual([...corners, 'ID', 'TEMP'].sort());
    const { hashboards } = await made.miner.read();
    expect(hashboards).toHaveLength(3);
    for (const [i, board] of hashboards.entries()) {
      expect(board.tempC).toBe(Math.max(...corners.map((corner) => Number(temps[i]?.[corner]))));
      expect(board.chips.every(({ tempC }) => tempC === null)).toBe(true);
    }
    expect(await codeOf(await s9(), 'temps')).toBe(14);
  });

  test('C-046 tempctrl: the target, and from where it is hot and dangerous', async () => {
    const made = await luxos();
    const said = await say(made, 'tempctrl');
    expect(row(said.doc, 'STATUS').STATUS).toBe('S');
    expect(row(said.doc, 'TEMPCTRL')).toMatchObject({ Mode: 'Automatic', Target: 60, Hot: 70, Dangerous: 75 });
    const [limits] = await api(made, 'tempctrl', 'TEMPCTRL');
    expect(['Target', 'Hot', 'Dangerous'].map((name) => limits?.num(name))).toEqual([60, 70, 75]);
    expect(await codeOf(await cgminer(), 'tempctrl')).toBe(14);
    expect(matrixRow('tempctrl')?.verified.families.braiins).toBe('used by clients');
  });

  test('C-047 power: watts, and whether the supply measured them or the firmware estimated them', async () => {
    const made = await luxos();
    expect(status(await say(made, 'power'))).toEqual(['S', 311, 'Power usage']);
    const [power] = shown(made, 'power', 'POWER');
    expect(power).toEqual({ PSU: false, Watts: expect.any(Number) });
    const seen = await made.miner.read();
    expect([seen.powerW, seen.powerBasis]).toEqual([power?.Watts, 'estimated']);
    expect(await codeOf(await stock(), 'power')).toBe(14);
    expect(matrixRow('power')?.calls).toMatchObject({ antminerCgi: null, braiinsGrpc: 'MinerService.GetMinerStats' });
    expect(dcent('power')).toBe('unknown');
    expect(status(await say(await dcentOs(), 'power'))).toEqual(['E', 14, 'Invalid command: power']);
  });

  test('C-048 profiles: the operating points by name, with clock and voltage', async () => {
    const made = await luxos();
    expect(status(await say(made, 'profiles')).slice(0, 2)).toEqual(['S', 323]);
    const profiles = await api(made, 'profiles', 'PROFILES');
    const [lowest] = profiles;
    expect(lowest?.keys()).toEqual(expect.arrayContaining(['Profile Name', 'Frequency', 'Voltage', 'Watts', 'Step']));
    expect(profiles.map((one) => one.str('Profile Name'))).toContain('default');
    expect(await codeOf(await stock(), 'profiles')).toBe(14);
    expect(matrixRow('profiles')?.calls.braiinsGrpc).toBe('PerformanceService.ListTargetProfiles');
    expect(dcent('profiles')).toBe('unknown');
    expect(status(await say(await dcentOs(), 'profiles'))).toEqual(['E', 14, 'Invalid command: profiles']);
  });
});
