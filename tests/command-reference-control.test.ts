import { connect as dial } from 'node:net';
import { text as textFrom } from 'node:stream/consumers';
import type { MinerOptions } from '@headframe/client';
import type { Outcome } from '@headframe/model';
import { commandMatrix } from '@headframe/model/matrix';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, type Controlled, control } from './control.testing.ts';

/*
 * The commands of the reference that change something: each as one line of JSON over a socket of the test's own, and as
 * `headframe do` does it; what the machine then shows; and what protocols.md corrects. Expectations are typed from
 * protocols.md 1.3 to 1.8, 2.6, 7.4, 8 and 9. The numbers are those of the checklist.
 */

let open: Controlled[] = [];
afterEach(async () => {
  for (const made of open) await made.close();
  open = [];
});

type Switches = Record<string, boolean>;
async function machine(family: string, profile: string, quirks: Switches = {}, miner: MinerOptions = {}) {
  const made = await control(family, profile, { quirks, miner });
  open.push(made);
  await made.miner.read();
  return made;
}
/** A build of the real cgminer 4.11.1 whose address list lets everybody write. */
const cgminer = (profile = 'two-boards') => machine('cgminer', profile, { 'open-acl': true });
/** Stock firmware with the address list of the factory, whose web page we can log in to. */
const stock = () => machine('antminer', 's19-pro', {}, { credentials: { username: 'root', password: 'root' } });
/** The older stock firmware that lets everybody write. */
const s9 = () => machine('antminer', 's9');
const luxos = () => machine('luxos', 's19k-pro');
/** As it ships but for the network: it listens there; changes from there with `writes`. */
const dcentOs = (writes = true) => machine('dcent', 's9', { 'lan-writes': writes });

type Fields = Record<string, unknown>;

/** One line of JSON, and the text that comes back. */
async function textOf(made: Controlled, command: string, parameter?: string): Promise<string> {
  const socket = dial(made.served.ports.cgminer ?? 0, '127.0.0.1');
  socket.write(`${JSON.stringify({ command, parameter })}\n`);
  return (await textFrom(socket)).replaceAll('\0', '');
}

/** Letter, code and message of what comes back. */
async function say(made: Controlled, command: string, parameter?: string) {
  const text = await textOf(made, command, parameter);
  const { STATUS, Code, Msg } = JSON.parse(/\{[^{}]*"Code":[^{}]*\}/.exec(text)?.[0] ?? '{}') as Fields;
  return [STATUS, Code, Msg];
}
const codeOf = async (made: Controlled, command: string, parameter?: string) =>
  (await say(made, command, parameter))[1];

/** What the machine itself shows now, asked without a connection and without our client: no time passes. */
const shown = (made: Controlled, command: string, name: string, parameter?: string) =>
  (ask(made.device(), made.now(), command, parameter)[name] ?? []) as Fields[];
const pools = (made: Controlled) => shown(made, 'pools', 'POOLS');
const column = (made: Controlled, name: string) => pools(made).map((one) => one[name]);
const currentPool = (made: Controlled) => shown(made, 'lcd', 'LCD')[0]?.['Current Pool'];
const config = (made: Controlled) => shown(made, 'config', 'CONFIG')[0] ?? {};
const elapsed = (made: Controlled) => Number(shown(made, 'summary', 'SUMMARY')[0]?.Elapsed);
const activeSession = (made: Controlled) => shown(made, 'session', 'SESSION')[0]?.SessionID;
const logon = (made: Controlled) => String(shown(made, 'logon', 'SESSION')[0]?.SessionID);

/** `headframe do`. */
async function run(made: Controlled, name: string, given: Fields = {}): Promise<Outcome> {
  const plan = await made.miner.plan(name, given);
  return plan.run(plan.guarded === null ? {} : { guarded: { typedAddress: made.miner.address } });
}

/** What stands for it elsewhere: the stock web page and Braiins gRPC; null where nothing of its own does. */
const matrixRow = (command: string) => commandMatrix({ commands: [command] }).commands[0];
const callsOf = (command: string) => [matrixRow(command)?.calls.antminerCgi, matrixRow(command)?.calls.braiinsGrpc];
const dcent = (command: string) => matrixRow(command)?.verified.families.dcent;
const SET_CONF = 'POST /cgi-bin/set_miner_conf.cgi';
const POOL_GROUP = 'PoolService.UpdatePoolGroup';

const url = (name: string) => `stratum+tcp://${name}.example:3333`;
const [A, B, C] = ['pool-a', 'pool-b', 'pool-c'].map(url);
const NEW = { url: url('new'), worker: 'a,b\\c', password: 's3cret' };

describe('pools', () => {
  test('C-020 switchpool: says 27 at once, and works for the pool after the fallback time', async () => {
    const made = await cgminer();
    expect(await say(made, 'switchpool', '1')).toEqual(['S', 27, `Switching to pool 1:'${B}'`]);
    expect([pools(made)[1]?.Priority, currentPool(made)]).toEqual([0, A]);
    await made.pass(140_000);
    expect(currentPool(made)).toBe(B);
    expect(await run(made, 'switchPool', { pool: 2 })).toMatchObject({ result: 'done', vendorCode: '27' });
    expect(currentPool(made)).toBe(C);
    expect(await say(made, 'switchpool', '3')).toEqual(['E', 26, 'Invalid pool id 3 - range is 0 - 2']);
    expect(await say(made, 'switchpool')).toEqual(['E', 25, 'Missing pool id parameter']);
    expect(await codeOf(await luxos(), 'switchpool', '1')).toBe(27);
    expect(callsOf('switchpool')).toEqual([SET_CONF, POOL_GROUP]);
  });

  test('C-020 switchpool: refused by stock firmware, where it is the order of set_miner_conf.cgi', async () => {
    const made = await stock();
    expect(await say(made, 'switchpool', '1')).toEqual(['E', 45, "Access denied to 'switchpool' command"]);
    const [first, second] = column(made, 'URL');
    const outcome = await run(made, 'switchPool', { pool: 1 });
    expect(outcome).toMatchObject({ result: 'done', sent: [{ shown: expect.stringContaining(SET_CONF) }] });
    expect(column(made, 'URL').slice(0, 2)).toEqual([second, first]);
  });

  test('C-021 enablepool: a pool is used again; the stock page has no such switch', async () => {
    const made = await cgminer();
    expect(await codeOf(made, 'disablepool', '1')).toBe(48);
    expect(await say(made, 'enablepool', '1')).toEqual(['S', 47, `Enabling pool 1:'${B}'`]);
    expect(await say(made, 'enablepool', '1')).toEqual(['I', 49, `Pool 1:'${B}' already enabled`]);
    expect(column(made, 'Status')).not.toContain('Disabled');
    for (const other of [made, await s9(), await luxos()]) {
      ask(other.device(), other.now(), 'disablepool', '1');
      expect(await run(other, 'enablePool', { pool: 1 })).toMatchObject({ result: 'done', vendorCode: '47' });
      expect(column(other, 'Status')).not.toContain('Disabled');
    }
    await expect((await stock()).miner.plan('enablePool', { pool: 1 })).rejects.toThrow(/no switch for a single pool/);
    expect(callsOf('enablepool')).toEqual([null, POOL_GROUP]);
    expect(dcent('enablepool')).toBe('not supported');
    const dcentrald = await dcentOs();
    expect(await say(dcentrald, 'enablepool', `${logon(dcentrald)},1`)).toEqual([
      'E',
      15,
      expect.stringContaining('is not supported on DCENT_OS'),
    ]);
  });

  test('C-022 disablepool: even the last enabled pool, unless it was the only one from the start', async () => {
    const made = await cgminer();
    expect(await run(made, 'disablePool', { pool: 0 })).toMatchObject({ result: 'done', vendorCode: '48' });
    expect(await say(made, 'disablepool', '0')).toEqual(['I', 50, `Pool 0:'${A}' already disabled`]);
    expect(await codeOf(made, 'disablepool', '1')).toBe(48);
    expect(await codeOf(made, 'disablepool', '2')).toBe(48);
    expect(column(made, 'Status')).toEqual(['Disabled', 'Disabled', 'Disabled']);
    const single = await cgminer('one-pool');
    expect((await say(single, 'disablepool', '0')).slice(0, 2)).toEqual(['E', 51]);
    expect(await run(single, 'disablePool', { pool: 0 })).toMatchObject({ result: 'refused', vendorCode: '51' });
    expect(callsOf('disablepool')).toEqual([null, POOL_GROUP]);
    expect(dcent('disablepool')).toBe('not supported');
    const dcentrald = await dcentOs();
    expect(await say(dcentrald, 'disablepool', `${logon(dcentrald)},1`)).toEqual([
      'E',
      15,
      expect.stringContaining('is not supported on DCENT_OS'),
    ]);
  });

  test('C-023 addpool: commas are escaped; LuxOS wants no session id, and takes one for the URL', async () => {
    const made = await cgminer();
    expect(await say(made, 'addpool', `${url('x')},us\\,er,p`)).toEqual(['S', 55, `Added pool 3: '${url('x')}'`]);
    expect(pools(made)[3]).toMatchObject({ URL: url('x'), User: 'us,er' });
    expect(await say(made, 'addpool')).toEqual(['E', 52, 'Missing addpool details']);
    expect(await codeOf(made, 'addpool', url('x'))).toBe(53);
    const outcome = await run(made, 'addPool', { pool: NEW });
    expect(outcome).toMatchObject({ result: 'done', vendorCode: '55' });
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
    expect(pools(made)[4]).toMatchObject({ URL: NEW.url, User: 'a,b\\c' });
    const lux = await luxos();
    expect(await codeOf(lux, 'addpool', `${url('x')},user,p,1`)).toBe(55);
    expect(pools(lux).find(({ URL }) => URL === url('x'))).toMatchObject({ User: 'user', GROUP: 1 });
    expect((await say(lux, 'addpool', `${logon(lux)},${url('y')},user,p`))[0]).toBe('E');
    expect(column(lux, 'URL')).not.toContain(url('y'));
    expect(callsOf('addpool')).toEqual([SET_CONF, POOL_GROUP]);
    expect(dcent('addpool')).toBe('acts with session, not from the LAN');
    const dcentrald = await dcentOs();
    expect(await codeOf(dcentrald, 'addpool', `${url('x')},user,p`)).toBe(15);
    expect(pools(dcentrald)).toHaveLength(2);
    expect(await codeOf(dcentrald, 'addpool', `${logon(dcentrald)},${url('x')},user,p`)).toBe(7);
    expect(column(dcentrald, 'URL')).toEqual([url('x')]);
  });

  test('C-023 addpool: the page of stock firmware has three slots', async () => {
    const made = await stock();
    const named = (name: string) => ({ url: url(name), worker: 'w', password: 'x' });
    expect(await run(made, 'setPools', { pools: ['a', 'b'].map(named) })).toMatchObject({ result: 'done' });
    expect(await run(made, 'addPool', { pool: named('c') })).toMatchObject({ result: 'done' });
    expect(column(made, 'URL')).toEqual(['a', 'b', 'c'].map(url));
    const fourth = made.miner.plan('addPool', { pool: named('d') });
    await expect(fourth).rejects.toMatchObject({ code: 'support/unsupported' });
    await expect(fourth).rejects.toThrow(/room for 3 pools.*nothing was sent/);
  });

  test('C-024 removepool: the last pool moves into the number that became free', async () => {
    const made = await cgminer();
    expect(await say(made, 'removepool', '1')).toEqual(['S', 68, `Removed pool 1:'${B}'`]);
    expect(pools(made).map(({ POOL, URL }) => [POOL, URL])).toEqual([
      [0, A],
      [1, C],
    ]);
    expect((await say(made, 'removepool', '0')).slice(0, 2)).toEqual(['E', 67]);
    expect(await run(made, 'removePool', { pool: 1 })).toMatchObject({ result: 'done', vendorCode: '68' });
    expect(column(made, 'URL')).toEqual([A]);
    expect((await say(made, 'removepool', '0')).slice(0, 2)).toEqual(['E', 66]);
    expect(await run(await luxos(), 'removePool', { pool: 3 })).toMatchObject({ result: 'done', vendorCode: '68' });
    expect(callsOf('removepool')).toEqual([SET_CONF, POOL_GROUP]);
  });

  test('C-025 poolpriority: the order of all pools; LuxOS has no such command', async () => {
    const made = await cgminer();
    expect(await say(made, 'poolpriority', '2,0,1')).toEqual(['S', 73, 'Changed pool priorities']);
    expect(column(made, 'Priority')).toEqual([1, 2, 0]);
    expect(await say(made, 'poolpriority', '1,1')).toEqual(['E', 74, 'Duplicate pool specified 1']);
    expect(await run(made, 'cgminer.poolpriority', { order: '1,0,2' })).toMatchObject({ result: 'done' });
    expect(column(made, 'Priority')).toEqual([1, 0, 2]);
    expect(await codeOf(await luxos(), 'poolpriority', '1,0')).toBe(14);
    expect(callsOf('poolpriority')).toEqual([SET_CONF, POOL_GROUP]);
  });

  test('C-026 poolquota: a share of the work for each pool; LuxOS has it for its groups alone', async () => {
    const made = await cgminer();
    // The stray quote is real (protocols.md 1.6).
    expect(await say(made, 'poolquota', '1,50')).toEqual(['S', 122, `Set pool '${B}' to quota 50'`]);
    expect(column(made, 'Quota')).toEqual([1, 50, 1]);
    expect((await say(made, 'poolquota', '1,-1')).slice(0, 2)).toEqual(['E', 121]);
    expect(await run(made, 'cgminer.poolquota', { pool: 2, quota: 7 })).toMatchObject({ result: 'done' });
    expect(column(made, 'Quota')).toEqual([1, 50, 7]);
    const lux = await luxos();
    expect(await codeOf(lux, 'poolquota', '0,5')).toBe(14);
    expect(await run(lux, 'luxos.groupquota', { group: 1, quota: 5 })).toMatchObject({ result: 'done' });
    expect(shown(lux, 'groups', 'GROUPS')[1]?.Quota).toBe(5);
    expect(callsOf('poolquota')).toEqual([null, POOL_GROUP]);
  });

  test('C-039 failover-only: dead, 127 whatever it is told', async () => {
    const made = await cgminer();
    expect(await say(made, 'failover-only', 'true')).toEqual(['E', 127, "Deprecated config option 'true'"]);
    expect(await say(made, 'failover-only')).toEqual(['E', 127, "Deprecated config option '(null)'"]);
    const outcome = await run(made, 'cgminer.failover-only', { only: true });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '127' });
    expect(await codeOf(await luxos(), 'failover-only', 'true')).toBe(14);
    expect(callsOf('failover-only')).toEqual([null, null]);
  });
});

describe('the program', () => {
  test('C-027 save: into its own file or a named one; what was not saved is gone with a restart', async () => {
    const made = await cgminer();
    expect((await say(made, 'save'))[1]).toBe(44);
    expect(await say(made, 'save', '/none/x')).toEqual(['E', 43, "Can't open or create save file '/none/x'"]);
    ask(made.device(), made.now(), 'addpool', `${url('kept')},u,p`);
    expect(await run(made, 'cgminer.save')).toMatchObject({ result: 'accepted-unverified', vendorCode: '44' });
    ask(made.device(), made.now(), 'addpool', `${url('lost')},u,p`);
    expect(await run(made, 'restartMiner')).toMatchObject({ result: 'done' });
    expect(column(made, 'URL')).toContain(url('kept'));
    expect(column(made, 'URL')).not.toContain(url('lost'));
    expect(await codeOf(await luxos(), 'save')).toBe(14);
    expect(callsOf('save')).toEqual([null, null]);
  });

  test('C-028 restart: the program, not the machine; LuxOS has resetminer for it', async () => {
    const made = await cgminer();
    expect(JSON.parse(await textOf(made, 'restart'))).toEqual({ STATUS: 'RESTART', id: 1 });
    await made.pass(1_000);
    expect(made.device().listening('cgminer', made.now())).toBe(false);
    await made.pass(60_000);
    expect(elapsed(made)).toBeLessThan(61);
    await made.pass(600_000);
    const outcome = await run(made, 'restartMiner');
    expect(outcome).toMatchObject({ result: 'done', sent: [{ shown: '{"command":"restart"}' }] });
    expect(elapsed(made)).toBeLessThan(60);
    const lux = await luxos();
    expect(await codeOf(lux, 'restart')).toBe(14);
    expect((await run(lux, 'restartMiner')).sent[0]?.shown).toContain('"resetminer"');
    expect(elapsed(lux)).toBeLessThan(60);
    expect(callsOf('restart')).toEqual([null, 'ActionsService.Restart']);
  });

  test('C-029 quit: says BYE and is gone; done only when the address was typed once more', async () => {
    const made = await cgminer();
    await expect((await made.miner.plan('cgminer.quit')).run()).rejects.toMatchObject({ code: 'usage/not-allowed' });
    expect(await run(made, 'cgminer.quit')).toMatchObject({ result: 'done', readBack: { api: 'link/refused' } });
    const other = await cgminer();
    expect(JSON.parse(await textOf(other, 'quit'))).toEqual({ STATUS: 'BYE', id: 1 });
    await other.pass(1_000);
    expect(other.device().listening('cgminer', other.now())).toBe(false);
    expect(await codeOf(await luxos(), 'quit')).toBe(14);
    expect(callsOf('quit')).toEqual(['none | /cgi-bin/kill_bmminer.cgi', 'ActionsService.Stop']);
    expect(dcent('quit')).toBe('refused');
    expect((await say(await dcentOs(), 'quit')).slice(0, 2)).toEqual(['E', 45]);
  });

  test('C-036 setconfig: dead; two status blocks back to back, which is no JSON', async () => {
    const made = await cgminer();
    const text = await textOf(made, 'setconfig', 'queue');
    expect(text).toMatch(/"Code":127,"Msg":"Deprecated config option 'queue'".*\]\{"STATUS":\[.*"Code":83/);
    expect(() => JSON.parse(text)).toThrow();
    expect(await say(made, 'setconfig', 'foo,1')).toEqual(['E', 83, "Unknown config 'foo,1'"]);
    const outcome = await run(made, 'cgminer.setconfig', { name: 'queue' });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '127' });
    expect(await codeOf(await luxos(), 'setconfig', 'queue,1')).toBe(14);
    expect(callsOf('setconfig')).toEqual([null, null]);
  });

  test('C-037 zero: all counters or the best share, with or without a summary in the log', async () => {
    const made = await cgminer();
    const best = () => shown(made, 'summary', 'SUMMARY')[0]?.['Best Share'];
    expect(best()).not.toBe(0);
    expect((await say(made, 'zero', 'bestshare,true')).slice(0, 2)).toEqual(['S', 96]);
    expect(await say(made, 'zero')).toEqual(['E', 94, 'Missing zero parameters']);
    expect(await say(made, 'zero', 'pools,true')).toEqual(['E', 95, "Invalid zero parameter 'pools'"]);
    expect(await say(made, 'zero', 'all')).toEqual(['E', 75, 'Missing parameter: true/false']);
    const outcome = await run(made, 'cgminer.zero', { which: 'all', summary: false });
    expect(outcome).toMatchObject({ result: 'done', vendorCode: '97' });
    expect(Number(shown(made, 'summary', 'SUMMARY')[0]?.Accepted)).toBeLessThan(10);
    expect(await codeOf(await luxos(), 'zero', 'all,false')).toBe(14);
    expect(callsOf('zero')).toEqual([null, null]);
  });

  test('C-038 hotplug: how often USB devices are looked for, 0 to 9999 s; only builds with USB', async () => {
    const made = await cgminer('usb-sticks');
    expect(await say(made, 'hotplug', '9')).toEqual(['S', 100, 'Hotplug check set to 9s']);
    expect(config(made).Hotplug).toBe(9);
    expect(await say(made, 'hotplug', '10000')).toEqual(['E', 99, 'Invalid value for hotplug (10000) must be 0..9999']);
    expect(await run(made, 'cgminer.hotplug', { seconds: 0 })).toMatchObject({ result: 'done', vendorCode: '101' });
    expect(config(made).Hotplug).toBe('Disabled');
    await expect(made.miner.plan('cgminer.hotplug', { seconds: 10_000 })).rejects.toThrow(
      /0 to 9,999 s.*nothing was sent/,
    );
    expect(await say(await cgminer(), 'hotplug', '9')).toEqual(['W', 102, 'Hotplug is not available']);
    expect(await codeOf(await luxos(), 'hotplug', '9')).toBe(14);
    expect(callsOf('hotplug')).toEqual([null, null]);
  });
});

describe('boards and devices', () => {
  test('C-030 ascenable: a board hashes again; on LuxOS this is enableboard', async () => {
    const made = await cgminer();
    const enabled = () => shown(made, 'devs', 'DEVS').map(({ Enabled }) => Enabled);
    ask(made.device(), made.now(), 'ascdisable', '1');
    expect(enabled()).toEqual(['Y', 'N']);
    expect(await say(made, 'ascenable', '1')).toEqual(['I', 110, 'ASC 1 sent enable message']);
    expect(await say(made, 'ascenable', '0')).toEqual(['I', 108, 'ASC 0 already enabled']);
    await made.pass(10_000);
    ask(made.device(), made.now(), 'ascdisable', '1');
    expect(await run(made, 'enableHashboard', { hashboard: 1 })).toMatchObject({ result: 'done', vendorCode: '110' });
    expect(enabled()).toEqual(['Y', 'Y']);
    const lux = await luxos();
    expect(await codeOf(lux, 'ascenable', '1')).toBe(14);
    await run(lux, 'disableHashboard', { hashboard: 1 });
    const outcome = await run(lux, 'enableHashboard', { hashboard: 1 });
    expect(outcome).toMatchObject({ result: 'done', sent: [{ shown: expect.stringContaining('"enableboard"') }] });
    expect(callsOf('ascenable')).toEqual([null, 'MinerService.EnableHashboards']);
  });

  test('C-031 ascdisable: a board stops; on LuxOS this is disableboard', async () => {
    const made = await cgminer();
    expect(await say(made, 'ascdisable', '1')).toEqual(['I', 111, 'ASC 1 set disable flag']);
    expect(await run(made, 'cgminer.ascdisable', { device: 0 })).toMatchObject({ result: 'done', vendorCode: '111' });
    expect(shown(made, 'devs', 'DEVS').map(({ Enabled }) => Enabled)).toEqual(['N', 'N']);
    expect((await made.miner.read()).state).toBe('paused');
    const lux = await luxos();
    expect(await codeOf(lux, 'ascdisable', '1')).toBe(14);
    const outcome = await run(lux, 'disableHashboard', { hashboard: 1 });
    expect(outcome).toMatchObject({ result: 'done', sent: [{ shown: expect.stringContaining('"disableboard"') }] });
    expect(shown(lux, 'devs', 'DEVS').find(({ ASC }) => ASC === 1)?.Enabled).toBe('N');
    expect(callsOf('ascdisable')).toEqual([null, 'MinerService.DisableHashboards']);
  });

  test('C-032 ascset: options of the driver, of which another driver knows nothing', async () => {
    const made = await cgminer('avalon-modules');
    const [avalon4, avalon7] = [await say(made, 'ascset', '0,help'), await say(made, 'ascset', '1,help')];
    expect([avalon4.slice(0, 2), avalon7.slice(0, 2)]).toEqual([
      ['I', 118],
      ['I', 118],
    ]);
    expect(avalon4[2]).toContain('freezesafe');
    expect(avalon7[2]).not.toContain('freezesafe');
    expect(await say(made, 'ascset', '1,reboot')).toMatchObject(['E', 120, expect.stringContaining('reboot')]);
    expect(await say(made, 'ascset', '1,nope,1')).toEqual(['E', 120, 'ASC 1 set failed: Unknown option: nope']);
    expect(await say(made, 'ascset', '1')).toEqual(['E', 116, 'Missing option after ASC number']);
    const given = { device: 2, option: 'fan', value: '50' };
    expect(await run(made, 'cgminer.ascset', given)).toMatchObject({
      result: 'accepted-unverified',
      vendorCode: '119',
      vendorText: 'ASC 2 set OK',
    });
    expect(await say(await cgminer(), 'ascset', '0,help')).toEqual(['W', 117, 'ASC 0 does not support ascset']);
    const lux = await luxos();
    expect(await codeOf(lux, 'ascset', '0,help')).toBe(14);
    expect(callsOf('ascset')).toEqual([null, null]);
  });

  test('C-033 pgaenable: builds for FPGAs alone have it', async () => {
    const made = await cgminer('fpga');
    ask(made.device(), made.now(), 'pgadisable', '0');
    expect(await say(made, 'pgaenable', '0')).toEqual(['I', 63, 'PGA 0 sent enable message']);
    expect(await say(made, 'pgaenable', '1')).toEqual(['I', 61, 'PGA 1 already enabled']);
    await made.pass(10_000);
    ask(made.device(), made.now(), 'pgadisable', '0');
    expect(await run(made, 'cgminer.pgaenable', { device: 0 })).toMatchObject({ result: 'done', vendorCode: '63' });
    expect(shown(made, 'pga', 'PGA', '0')[0]?.Enabled).toBe('Y');
    await isForFpgasAlone('pgaenable');
  });

  test('C-034 pgadisable: builds for FPGAs alone have it', async () => {
    const made = await cgminer('fpga');
    expect(await say(made, 'pgadisable', '0')).toEqual(['I', 64, 'PGA 0 set disable flag']);
    expect(await say(made, 'pgadisable', '0')).toEqual(['I', 62, 'PGA 0 already disabled']);
    expect(await run(made, 'cgminer.pgadisable', { device: 1 })).toMatchObject({ result: 'done', vendorCode: '64' });
    expect(shown(made, 'pga', 'PGA', '1')[0]?.Enabled).toBe('N');
    await isForFpgasAlone('pgadisable');
  });

  test('C-035 pgaidentify: blinks where the driver can; only the eye sees it', async () => {
    const made = await cgminer('fpga');
    expect(await say(made, 'pgaidentify', '0')).toEqual(['S', 80, 'Identify command sent to PGA0']);
    expect(await say(made, 'pgaidentify', '1')).toEqual(['W', 81, 'PGA1 does not support identify']);
    const [blinks, cannot] = [
      await run(made, 'cgminer.pgaidentify', { device: 0 }),
      await run(made, 'cgminer.pgaidentify', { device: 1 }),
    ];
    expect(blinks).toMatchObject({ result: 'accepted-unverified', vendorCode: '80' });
    expect(cannot).toMatchObject({ result: 'refused', vendorCode: '81' });
    await isForFpgasAlone('pgaidentify');
  });

  async function isForFpgasAlone(command: string): Promise<void> {
    const asic = await cgminer();
    expect(await codeOf(asic, command, '0')).toBe(14);
    expect(await run(asic, `cgminer.${command}`, { device: 0 })).toMatchObject({ result: 'refused', vendorCode: '14' });
    for (const other of [await s9(), await stock(), await luxos()]) {
      expect(await codeOf(other, command, '0')).toBe(14);
      const own = `${other.miner.family.id}.${command}`;
      expect(other.miner.capabilities.map(({ name }) => name)).not.toContain(own);
    }
    expect(matrixRow(command)?.mark).toBe('legacy-fpga');
    expect(callsOf(command)).toEqual([null, null]);
  }
});

describe('the session of LuxOS, and what wants it', () => {
  test('C-040 logon: one session at a time, which ends after a minute without use', async () => {
    const made = await luxos();
    expect(await say(made, 'logon')).toEqual(['S', 316, 'Session created']);
    expect(activeSession(made)).toMatch(/^\S{8}$/);
    expect(await say(made, 'logon')).toEqual(['E', 402, 'Another session is active']);
    expect(await run(made, 'setFan', { percent: 61 })).toMatchObject({
      result: 'refused',
      vendorCode: '402',
      sent: [],
    });
    await made.pass(61_000);
    expect(activeSession(made)).toBe('');
    const plan = await made.miner.plan('setFan', { percent: 61 });
    expect(plan.requests).toEqual([
      '{"command":"logon"}',
      '{"command":"fanset","parameter":"<session>,speed=61"}',
      '{"command":"logoff","parameter":"<session>"}',
    ]);
    expect(await plan.run()).toMatchObject({ result: 'done' });
    expect(callsOf('logon')).toEqual([null, 'AuthenticationService.Login']);
  });

  test('C-041 logoff: closes the session that it names, and no other', async () => {
    const made = await luxos();
    const id = logon(made);
    expect((await say(made, 'logoff', 'zzzzzzzz')).slice(0, 2)).toEqual(['E', 408]);
    expect(activeSession(made)).toBe(id);
    expect((await say(made, 'logoff', id))[0]).toBe('S');
    expect(activeSession(made)).toBe('');
    // Whatever is done in a session, it is closed behind it.
    expect(await run(made, 'setFan', { percent: 61 })).toMatchObject({ result: 'done' });
    expect(activeSession(made)).toBe('');
    expect(callsOf('logoff')).toEqual([null, null]);
  });

  test('C-043 kill: ends whatever session is open, and needs no id for it', async () => {
    const made = await luxos();
    const id = logon(made);
    expect((await say(made, 'kill')).slice(0, 2)).toEqual(['S', 318]);
    expect(activeSession(made)).toBe('');
    expect(await codeOf(made, 'fanset', `${id},speed=61`)).toBe(408);
    logon(made);
    expect(await run(made, 'luxos.kill')).toMatchObject({ result: 'done', vendorCode: '318' });
    expect(activeSession(made)).toBe('');
    expect(dcent('kill')).toBe('acts, not from the LAN');
    for (const [writes, code] of [
      [true, 22],
      [false, 45],
    ] as const) {
      const dcentrald = await dcentOs(writes);
      logon(dcentrald);
      expect(await codeOf(dcentrald, 'kill')).toBe(code);
      expect(shown(dcentrald, 'session', 'SESSION')[0]?.Session).toBe(writes ? 0 : 1);
    }
  });

  test('C-049 profileset: the name behind the session id; refused while ATM runs unless told otherwise', async () => {
    const made = await luxos();
    const id = logon(made);
    expect(await say(made, 'profileset', 'zzzzzzzz,565MHz')).toEqual(['E', 408, 'Invalid session_id']);
    expect((await say(made, 'profileset', `${id},565MHz`))[2]).toBe('Cannot run this command while ATM is running');
    expect(await say(made, 'profileset', `${id},565MHz,update_atm=true`)).toEqual(['S', 321, 'Profile Set']);
    const set = ask(made.device(), made.now(), 'profileset', `${id},540MHz,update_atm=true`).PROFILE;
    expect(set).toMatchObject([{ Profile: '540MHz', FrequencyStep: 5, VoltageStep: 0.05 }]);
    ask(made.device(), made.now(), 'logoff', id);
    const refused = await run(made, 'setProfile', { profile: '565MHz' });
    expect(refused).toMatchObject({ result: 'refused', vendorText: 'Cannot run this command while ATM is running' });
    const outcome = await run(made, 'setProfile', { profile: '565MHz', updateAtm: true });
    expect(outcome).toMatchObject({ result: 'done', vendorCode: '321', readBack: { profile: '565MHz' } });
    expect(config(made).Profile).toBe('565MHz');
    const steps = { profile: '540MHz', frequencyStepMHz: 10, voltageStepV: 0.1, updateAtm: true };
    expect(await run(made, 'luxos.profileset', steps)).toMatchObject({ result: 'done', vendorCode: '321' });
    expect(callsOf('profileset')).toEqual([null, 'PerformanceService.SetPowerTarget']);
  });

  test('C-050 curtail: sleep outlives a restart, and only wakeup ends it', async () => {
    const made = await luxos();
    const id = logon(made);
    expect((await say(made, 'curtail', 'sleep')).slice(0, 2)).toEqual(['E', 408]);
    expect((await say(made, 'curtail', `${id},sleep`)).slice(0, 2)).toEqual(['S', 335]);
    expect(config(made).CurtailMode).toBe('Sleep');
    ask(made.device(), made.now(), 'logoff', id);
    expect(await run(made, 'reboot')).toMatchObject({ result: 'done' });
    expect((await made.miner.read()).state).toBe('paused');
    const unsafe = await run(made, 'luxos.curtail', { action: 'wakeup', mode: 'unsafe' });
    expect(unsafe.result).toBe('refused');
    expect(await run(made, 'resume')).toMatchObject({ result: 'done', vendorCode: '335' });
    expect(config(made).CurtailMode).toBe('None');
    const asleep = await run(made, 'pause');
    expect(asleep).toMatchObject({ result: 'done', sent: [{ shown: expect.stringContaining('<session>,sleep') }] });
    expect(callsOf('curtail')).toEqual([SET_CONF, 'ActionsService.PauseMining + ActionsService.ResumeMining']);
  });
});
