import { createHash } from 'node:crypto';
import type { Outcome } from '@headframe/model';
import { DigestSession, parseChallenge } from '@headframe/wire/http';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, type Controlled, control } from './control.testing.ts';

/*
 * Every action on a stock Antminer, over real sockets against the simulated one: the newer web page (S21, S19), the older
 * one (S9, S17) and port 4028 with an open address list (S9). The machine's own state is then looked at by asking it
 * without our client.
 */

const ROOT = { username: 'root', password: 'root' };

let one: Controlled | undefined;
afterEach(async () => one?.close());

async function machine(
  profile: string,
  options: { quirks?: Record<string, boolean>; without?: string[]; login?: boolean } = {},
): Promise<Controlled> {
  const { quirks = {}, without = [], login = true } = options;
  one = await control('antminer', profile, { quirks, without, ...(login ? { miner: { credentials: ROOT } } : {}) });
  await one.miner.read();
  return one;
}

/** A page asked by the test itself. */
function page(made: Controlled, path: string, { password = 'root', body = '' } = {}): string {
  const session = new DigestSession('root', password, () => 'abcd');
  const method = body === '' ? 'GET' : 'POST';
  for (let i = 0; i < 3; i++) {
    const authorization = session.answer(method, path);
    const headers: Record<string, string> = authorization === null ? {} : { authorization };
    const request = { method, path, headers, body: new TextEncoder().encode(body) };
    const reply = made.device().http?.respond(request, { address: '127.0.0.1' }, made.now());
    const text = typeof reply?.body === 'string' ? reply.body : new TextDecoder().decode(reply?.body);
    if (reply?.status !== 401) return `${reply?.status === 200 ? '' : reply?.status} ${text}`.trim();
    session.accept(parseChallenge(reply.headers['www-authenticate'] ?? ''));
  }
  return 'the password is wrong';
}

interface Conf {
  readonly pools: { readonly url: string; readonly user: string; readonly pass: string }[];
  readonly [name: string]: unknown;
}
const conf = (made: Controlled): Conf => JSON.parse(page(made, '/cgi-bin/get_miner_conf.cgi')) as Conf;
const used = (made: Controlled) =>
  conf(made)
    .pools.filter(({ url }) => url !== '')
    .map(({ url, user, pass }) => [url, user, pass]);
const running = (made: Controlled) =>
  (ask(made.device(), made.now(), 'pools').POOLS as Record<string, unknown>[])
    .filter(({ URL }) => URL !== '')
    .map(({ URL, User }) => [URL, User]);
const elapsed = (made: Controlled) =>
  (ask(made.device(), made.now(), 'summary').SUMMARY as Record<string, unknown>[])[0]?.Elapsed as number;

/** The actions that were run by the tests of this file. */
const ran = new Set<string>();

async function run(made: Controlled, name: string, given: Record<string, unknown> = {}): Promise<Outcome> {
  ran.add(name);
  const plan = await made.miner.plan(name, given);
  const outcome = await plan.run(plan.guarded === null ? {} : { guarded: { typedAddress: made.miner.address } });
  for (const shown of [plan.preview, ...plan.requests, JSON.stringify(outcome.sent)]) {
    for (const secret of secretsOf(made)) expect(shown).not.toContain(secret);
  }
  return outcome;
}

/** What must not be seen: the passwords that the pools of the machine have, as long as they are no common word. */
function secretsOf(made: Controlled): string[] {
  if (!made.device().listening('http', made.now())) return [];
  const text = page(made, '/cgi-bin/get_miner_conf.cgi');
  return text.startsWith('{')
    ? (JSON.parse(text) as Conf).pools.map(({ pass }) => pass).filter((pass) => pass.length > 4)
    : [];
}

const POOLS = ['a', 'b'].map((name) => ({
  url: `stratum+tcp://${name}.example:3333`,
  worker: `acct.${name}`,
  password: `pw-of-${name}`,
}));

describe.each(['s21', 's9', 's17-pro'])('pools through the web page of an %s', (profile) => {
  // Port 4028 with its factory list, on the S9 too.
  const factory = { quirks: { 'open-acl': false } };

  test('the whole list is replaced, and is what the miner works with after its restart', async () => {
    const made = await machine(profile, factory);
    expect(await run(made, 'setPools', { pools: POOLS })).toMatchObject({ result: 'done' });
    expect(used(made)).toEqual(POOLS.map(({ url, worker, password }) => [url, worker, password]));
    expect(running(made)).toEqual(POOLS.map(({ url, worker }) => [url, worker]));
    expect(elapsed(made)).toBeLessThan(300);
  });
});

describe.each(['s21', 's17-pro'])('single pools through the web page of an %s', (profile) => {
  test('a pool is put first, taken out and added, and the passwords of the others stay', async () => {
    const made = await machine(profile);
    await run(made, 'setPools', { pools: POOLS });
    expect(await run(made, 'switchPool', { pool: 1 })).toMatchObject({ result: 'done' });
    expect(used(made)).toEqual([POOLS[1], POOLS[0]].map((pool) => [pool?.url, pool?.worker, pool?.password]));
    expect(await run(made, 'removePool', { pool: 1 })).toMatchObject({ result: 'done' });
    expect(used(made)).toEqual([['stratum+tcp://b.example:3333', 'acct.b', 'pw-of-b']]);
    const added = { url: 'stratum+ssl://c.example:443', worker: 'acct.c', password: 'pw-of-c' };
    expect(await run(made, 'addPool', { pool: added })).toMatchObject({ result: 'done' });
    expect(used(made).at(-1)).toEqual(['stratum+ssl://c.example:443', 'acct.c', 'pw-of-c']);
    expect(running(made)).toEqual([
      ['stratum+tcp://b.example:3333', 'acct.b'],
      ['stratum+ssl://c.example:443', 'acct.c'],
    ]);
  });

  test('a pool cannot be disabled: the page has no such switch, and port 4028 is closed to changes', async () => {
    const made = await machine(profile);
    const plan = made.miner.plan('disablePool', { pool: 1 });
    await expect(plan).rejects.toMatchObject({ code: 'auth/address-not-allowed', context: { vendorCode: '45' } });
    await expect(plan).rejects.toThrow(/no switch for a single pool/);
  });
});

describe('an S9 whose address list is open', () => {
  test('changes its pools over port 4028, without a restart and without a login', async () => {
    const made = await machine('s9', { login: false });
    const before = elapsed(made);
    const added = { url: 'stratum+tcp://c.example:3333', worker: 'acct.c', password: 'pw-of-c' };
    expect(await run(made, 'addPool', { pool: added })).toMatchObject({ result: 'done', vendorCode: '55' });
    expect(running(made).at(-1)).toEqual(['stratum+tcp://c.example:3333', 'acct.c']);
    const last = running(made).length - 1;
    expect(await run(made, 'disablePool', { pool: last })).toMatchObject({ result: 'done', vendorCode: '48' });
    expect(await run(made, 'enablePool', { pool: last })).toMatchObject({ result: 'done', vendorCode: '47' });
    expect(await run(made, 'switchPool', { pool: 1 })).toMatchObject({ result: 'done', vendorCode: '27' });
    expect(await run(made, 'removePool', { pool: last })).toMatchObject({ result: 'done', vendorCode: '68' });
    expect(running(made)).toHaveLength(last);
    expect(elapsed(made)).toBeGreaterThan(before);
  });

  test('replaces the whole list over port 4028 where nobody knows the login', async () => {
    const made = await machine('s9', { login: false });
    expect(await run(made, 'setPools', { pools: POOLS })).toMatchObject({ result: 'done' });
    expect(new Set(running(made).map(([url]) => url))).toEqual(new Set(POOLS.map(({ url }) => url)));
  });

  test('restarts its mining program over port 4028', async () => {
    const made = await machine('s9', { login: false });
    expect(await run(made, 'restartMiner')).toMatchObject({
      result: 'done',
      sent: [{ shown: '{"command":"restart"}' }],
    });
    expect(elapsed(made)).toBeLessThan(300);
  });

  test.each([
    ['poolpriority', { order: '1,0' }, 'done', '73'],
    ['poolquota', { pool: 1, quota: 50 }, 'done', '122'],
    ['save', {}, 'accepted-unverified', '44'],
    ['privileged', {}, 'accepted-unverified', '46'],
    ['zero', { which: 'bestshare', summary: false }, 'done', '97'],
    ['debug', { flag: 'quiet' }, 'accepted-unverified', '79'],
    ['failover-only', { only: true }, 'refused', '127'],
    ['ascdisable', { device: 0 }, 'done', '111'],
    ['ascenable', { device: 0 }, 'done', '108'],
    ['hotplug', { seconds: 5 }, 'refused', '102'],
    ['lockstats', {}, 'refused', '124'],
    ['setconfig', { name: 'queue', value: 1 }, 'refused', '83'],
    ['ascidentify', { device: 0 }, 'refused', '114'],
    ['ascset', { device: 0, option: 'help' }, 'refused', '117'],
  ])('antminer.%s %j: %s', async (name, given, result, vendorCode) => {
    const made = await machine('s9', { login: false });
    expect(await run(made, `antminer.${name}`, given)).toMatchObject({ result, vendorCode });
  });

  test('quits when that was asked for twice', async () => {
    const made = await machine('s9', { login: false });
    expect(await run(made, 'antminer.quit')).toMatchObject({ result: 'done' });
    expect(made.device().listening('cgminer', made.now())).toBe(false);
  });
});

describe('the newer web page', () => {
  test('sleeps and wakes, and both are seen at the hashrate', async () => {
    const made = await machine('s21');
    expect(await run(made, 'pause')).toMatchObject({ result: 'done', readBack: { workMode: 1, hashing: false } });
    expect(conf(made)['bitmain-work-mode']).toBe('1');
    expect((await made.miner.read()).state).toBe('paused');
    expect(await run(made, 'resume')).toMatchObject({ result: 'done', readBack: { workMode: 0, hashing: true } });
    expect((await made.miner.read()).state).toBe('mining');
  });

  test.each([
    ['s19-pro', 'low'],
    ['s19-pro', 'high'],
    ['s21', 'low'],
  ])('an %s goes to its %s mode by the number that it lists', async (profile, mode) => {
    const made = await machine(profile, { quirks: { 'multi-option': true } });
    const outcome = await run(made, 'setPowerMode', { mode });
    const listed = JSON.parse(page(made, '/cgi-bin/get_multi_option.cgi')) as {
      ModeInfo: { ModeName: string; ModeValue: unknown }[];
    };
    const wanted = listed.ModeInfo.find(({ ModeName }) => ModeName.toLowerCase().includes(mode))?.ModeValue;
    expect(outcome).toMatchObject({ result: 'done' });
    expect(Number(conf(made)['bitmain-work-mode'])).toBe(Number(wanted));
  });

  test.each([
    ['setFan', { percent: 60 }, { 'bitmain-fan-ctrl': true, 'bitmain-fan-pwm': '60' }],
    ['antminer.freq-level', { level: 90 }, { 'bitmain-freq-level': '90' }],
    ['antminer.miner-mode', { mode: 3 }, { 'bitmain-work-mode': '3' }],
  ])('%s %j stands in the configuration, and the miner was restarted for it', async (name, given, expected) => {
    const made = await machine('s19-pro');
    expect(await run(made, name, given)).toMatchObject({ result: 'done' });
    expect(conf(made)).toMatchObject(expected);
    expect(elapsed(made)).toBeLessThan(300);
  });

  test('the fan is given back to the firmware', async () => {
    const made = await machine('s19-pro');
    await run(made, 'setFan', { percent: 60 });
    expect(await run(made, 'setFan', { percent: 'auto' })).toMatchObject({ result: 'done' });
    expect(conf(made)['bitmain-fan-ctrl']).toBe(false);
  });

  test('its light blinks and stops', async () => {
    const made = await machine('s21');
    const blinking = () => JSON.parse(page(made, '/cgi-bin/get_blink_status.cgi')) as unknown;
    expect(await run(made, 'locate', { on: true })).toMatchObject({ result: 'done', vendorCode: 'B000' });
    expect(blinking()).toMatchObject({ blink: true });
    expect(await run(made, 'locate', { on: false })).toMatchObject({ result: 'done', vendorCode: 'B100' });
    expect(blinking()).toMatchObject({ blink: false });
  });

  test('its name and its network change, and what was not given stays', async () => {
    const made = await machine('s21');
    const network = () => JSON.parse(page(made, '/cgi-bin/get_network_info.cgi')) as Record<string, unknown>;
    const before = network();
    expect(await run(made, 'setHostname', { hostname: 'rack-3' })).toMatchObject({
      result: 'done',
      vendorCode: 'N000',
    });
    expect(network()).toMatchObject({ ...before, conf_hostname: 'rack-3' });
    const outcome = await run(made, 'setNetwork', {
      mode: 'static',
      address: '10.1.2.3',
      netmask: '255.255.255.0',
      gateway: '10.1.2.1',
      dns: '10.1.2.1',
    });
    expect(outcome).toMatchObject({ result: 'accepted-unverified', vendorCode: 'N000' });
    expect(outcome.why).toContain('10.1.2.3');
    expect(network()).toMatchObject({ conf_ipaddress: '10.1.2.3', conf_hostname: 'rack-3', conf_gateway: '10.1.2.1' });
  });

  test('the password changes, and the new one opens the page', async () => {
    const made = await machine('s21');
    const outcome = await run(made, 'setPassword', { newPassword: 'n3w&Word?' });
    expect(outcome).toMatchObject({ result: 'done', vendorCode: 'P000' });
    expect(JSON.stringify(outcome)).not.toContain('n3w&Word?');
    expect(page(made, '/cgi-bin/miner_type.cgi')).toBe('the password is wrong');
    expect(page(made, '/cgi-bin/miner_type.cgi', { password: 'n3w&Word?' })).toContain('miner_type');
  });
});

describe.each(['s21', 's9', 's17-pro'])('the unit, an %s', (profile) => {
  test('restarts its mining program by saving what it has', async () => {
    const made = await machine(profile, { quirks: { 'open-acl': false } });
    const before = used(made);
    expect(await run(made, 'restartMiner')).toMatchObject({ result: 'done' });
    expect(used(made)).toEqual(before);
    expect(elapsed(made)).toBeLessThan(300);
  });

  test('reboots, and is followed until it mines again', async () => {
    const made = await machine(profile);
    expect(await run(made, 'reboot')).toMatchObject({ result: 'done' });
    expect(elapsed(made)).toBeLessThan(600);
  });

  test('gives its log', async () => {
    const made = await machine(profile);
    const { result, download } = await run(made, 'downloadLogs');
    expect(result).toBe('done');
    expect(new TextDecoder().decode(download?.bytes).trim().length).toBeGreaterThan(20);
  });

  test('goes back to what the factory set', async () => {
    const made = await machine(profile);
    await run(made, 'setPools', { pools: POOLS });
    const outcome = await run(made, 'factoryReset');
    expect(outcome).toMatchObject({ result: 'done' });
    expect(JSON.stringify(used(made))).not.toContain('a.example');
  });
});

describe('habits of the newer page', () => {
  test.each([
    ['slow-config', { result: 'done', vendorCode: 'M000' }],
    ['drop-on-config', { result: 'done' }],
    ['miner-mode-key', { result: 'done', vendorCode: 'M000' }],
  ])('%s: what was saved is found by reading back', async (quirk, expected) => {
    const made = await machine('s21', { quirks: { [quirk]: true } });
    expect(await run(made, 'setPools', { pools: POOLS })).toMatchObject(expected);
    expect(running(made)).toEqual(POOLS.map(({ url, worker }) => [url, worker]));
    expect(await run(made, 'pause')).toMatchObject({ result: 'done' });
    expect((await made.miner.read()).state).toBe('paused');
    expect(await run(made, 'resume')).toMatchObject({ result: 'done' });
  });

  test('a reboot is asked for with POST: GET would be answered, and nothing done', async () => {
    const made = await machine('s21', { quirks: { 'get-reboot-does-nothing': true, 'reboot-replies': true } });
    expect(await run(made, 'reboot')).toMatchObject({ result: 'done', sent: [{ shown: 'POST /cgi-bin/reboot.cgi' }] });
    expect(elapsed(made)).toBeLessThan(600);
  });

  test('a machine that sleeps in mode 254 does so by its number', async () => {
    const made = await machine('s17-pro', { quirks: { 'sleep-254': true } });
    expect(await run(made, 'antminer.work-mode', { mode: 254 })).toMatchObject({ result: 'done' });
    expect((await made.miner.read({ fresh: true })).state).toBe('paused');
    expect(await run(made, 'antminer.work-mode', { mode: 2 })).toMatchObject({ result: 'done' });
  });
});

describe('the older web page', () => {
  test('says beforehand that it resets the address list of port 4028, and does', async () => {
    const made = await machine('s9', { quirks: { 'open-acl': false } });
    const plan = await made.miner.plan('setPools', { pools: POOLS });
    expect(plan.preview).toContain('puts the address list of port 4028 back to what the factory set');
    const allowed = () => (ask(made.device(), made.now(), 'privileged').STATUS as { Code: number }[])[0]?.Code;
    expect(allowed()).toBe(45);
    await run(made, 'setPools', { pools: POOLS });
    // The factory of an S9 lets everybody write.
    expect(allowed()).toBe(46);
  });

  test('cannot carry a quote, and says where it stands before anything is sent', async () => {
    const made = await machine('s17-pro');
    const pools = [{ ...POOLS[0], worker: 'acct."x"' }];
    await expect(made.miner.plan('setPools', { pools })).rejects.toThrow(
      /The worker of pool 1 holds "\\"".*nothing was sent/,
    );
    const secret = [{ ...POOLS[0], password: 'qwx\\yz' }];
    const refused = made.miner.plan('setPools', { pools: secret });
    await expect(refused).rejects.toThrow(/The password of pool 1 holds a character/);
    await expect(refused).rejects.not.toThrow(/qwx|yz/);
  });

  test.each([
    ['setFan', { percent: 70 }, { 'bitmain-fan-ctrl': true, 'bitmain-fan-pwm': '70' }],
    ['setFrequency', { frequencyMHz: 500 }, { 'bitmain-freq': '500' }],
    ['antminer.voltage', { voltage: '1680' }, { 'bitmain-voltage': '1680' }],
    ['antminer.work-mode', { mode: 2 }, { 'bitmain-work-mode': '2' }],
  ])('%s %j stands in the configuration, and the miner was restarted for it', async (name, given, expected) => {
    const made = await machine('s17-pro');
    const pools = used(made);
    expect(await run(made, name, given)).toMatchObject({ result: 'done' });
    expect(conf(made)).toMatchObject(expected);
    expect(used(made)).toEqual(pools);
    expect(elapsed(made)).toBeLessThan(300);
  });

  test('the fan is given back to the firmware', async () => {
    const made = await machine('s17-pro');
    await run(made, 'setFan', { percent: 70 });
    expect(await run(made, 'setFan', { percent: 'auto' })).toMatchObject({ result: 'done' });
    expect(conf(made)['bitmain-fan-ctrl'] ?? false).toBe(false);
  });

  test('a voltage in hundredths of a volt is set, and one that is a code is left alone', async () => {
    const made = await machine('s17-pro');
    await run(made, 'antminer.voltage', { voltage: '1650' });
    expect(await run(made, 'setVoltage', { voltageV: 16.2 })).toMatchObject({ result: 'done' });
    expect(conf(made)['bitmain-voltage']).toBe('1620');
    await expect(made.miner.plan('setVoltage', { voltageV: 24 })).rejects.toThrow(/takes 12.96 to 19.44 V/);
    await run(made, 'antminer.voltage', { voltage: '0706' });
    await expect(made.miner.plan('setVoltage', { voltageV: 16 })).rejects.toThrow(/reads "0706"/);
  });

  test('its light blinks and stops, and a second start is not sent', async () => {
    const made = await machine('s9');
    const blinking = () => page(made, '/cgi-bin/blink.cgi', { body: 'action=onPageLoaded' });
    expect(await run(made, 'locate', { on: true })).toMatchObject({ result: 'done' });
    expect(blinking()).toContain('true');
    expect(await run(made, 'locate', { on: true })).toMatchObject({ result: 'done', sent: [] });
    expect(await run(made, 'locate', { on: false })).toMatchObject({ result: 'done' });
    expect(blinking()).toContain('false');
  });

  test('its name and its network change, and what was not given stays', async () => {
    const made = await machine('s9');
    const system = () => JSON.parse(page(made, '/cgi-bin/get_system_info.cgi')) as Record<string, unknown>;
    expect(await run(made, 'setHostname', { hostname: 'rack-9' })).toMatchObject({ result: 'done' });
    expect(system()).toMatchObject({ hostname: 'rack-9', nettype: 'DHCP' });
    const moved = await run(made, 'setNetwork', {
      mode: 'static',
      address: '10.1.2.9',
      netmask: '255.255.255.0',
      gateway: '10.1.2.1',
    });
    expect(moved).toMatchObject({ result: 'accepted-unverified', vendorText: 'ok' });
    expect(await run(made, 'setNetwork', { mode: 'dhcp' })).toMatchObject({ result: 'done' });
    expect(system()).toMatchObject({ hostname: 'rack-9', nettype: 'DHCP' });
  });

  test('the password changes, and is neither shown nor named', async () => {
    const made = await machine('s9');
    const plan = await made.miner.plan('setPassword', { newPassword: 'n3w-w0rd' });
    expect(plan.requests).toEqual(['GET /cgi-bin/passwd.cgi?current_pw=••••••&new_pw=••••••&new_pw_ctrl=••••••']);
    const outcome = await run(made, 'setPassword', { newPassword: 'n3w-w0rd' });
    expect(outcome).toMatchObject({ result: 'done' });
    expect(JSON.stringify(outcome)).not.toContain('n3w-w0rd');
    expect(page(made, '/cgi-bin/monitor.cgi', { password: 'n3w-w0rd' })).not.toContain('password is wrong');
  });

  test('takes no password that would have to be escaped: nobody knows what its script undoes', async () => {
    const made = await machine('s9');
    const plan = made.miner.plan('setPassword', { newPassword: 'with&sign' });
    await expect(plan).rejects.toThrow(/letters, digits and .*the new password has others; nothing was sent/);
  });

  test('the mining program is ended, and a reboot brings it back', async () => {
    const made = await machine('s9');
    expect(await run(made, 'antminer.kill-bmminer')).toMatchObject({ result: 'done' });
    expect(made.device().listening('cgminer', made.now())).toBe(false);
    expect(await run(made, 'reboot')).toMatchObject({ result: 'done' });
  });

  test('shutdown_slowly.cgi wants the address typed again, and what it did is not guessed', async () => {
    const made = await machine('s9');
    const plan = await made.miner.plan('antminer.shutdown-slowly');
    await expect(plan.run()).rejects.toMatchObject({ code: 'usage/not-allowed' });
    expect(await run(made, 'antminer.shutdown-slowly')).toMatchObject({ result: 'accepted-unverified' });
  });

  test('reset_miner_conf.cgi prints the configuration, of which nothing is shown', async () => {
    const made = await machine('s17-pro');
    await run(made, 'setPools', { pools: POOLS });
    const outcome = await run(made, 'antminer.reset-miner-conf');
    expect(outcome).toMatchObject({ result: 'done' });
    expect(JSON.stringify(outcome)).not.toMatch(/pw-of|stratum/);
    expect(JSON.stringify(used(made))).not.toContain('a.example');
  });

  test.each([
    ['monitor', 'antminer-top.txt'],
    ['status-api', 'antminer-status.txt'],
    ['log-backup', 'antminer-logs.tar'],
    ['backup', 'antminer-backup.tar'],
  ])('antminer.%s brings %s', async (name, file) => {
    const made = await machine('s9');
    const { result, download } = await run(made, `antminer.${name}`);
    expect([result, download?.name]).toEqual(['done', file]);
    expect(download?.bytes.length).toBeGreaterThan(10);
  });

  test('has no pause, and says what there is instead', async () => {
    const made = await machine('s17-pro');
    await expect(made.miner.plan('pause')).rejects.toThrow(/older web page.*antminer.work-mode/);
    const s9 = await machine('s9');
    await expect(s9.miner.plan('pause')).rejects.toMatchObject({ code: 'support/unsupported' });
  });
});

const FIRMWARE = 'headframe simulated firmware\nversion: FR-1.13(260110-S21)\n\nanything';
const SHA256 = createHash('sha256').update(FIRMWARE).digest('hex');
const file = { name: 'S21 new.bmu', bytes: new TextEncoder().encode(FIRMWARE) };

describe('firmware', () => {
  test.each(['s21', 's9'])('is sent to an %s and followed until the machine shows the version', async (profile) => {
    const made = await machine(profile);
    const given = { file, sha256: SHA256, version: 'FR-1.13(260110-S21)' };
    const plan = await made.miner.plan('updateFirmware', given);
    expect(plan.requests[0]).toContain(`filename="S21_new.bmu"`);
    expect(plan.requests[0]).toContain(`<${file.bytes.length} bytes, SHA-256 ${SHA256}>`);
    expect(await run(made, 'updateFirmware', given)).toMatchObject({
      result: 'done',
      readBack: { versions: expect.arrayContaining(['FR-1.13(260110-S21)']) },
    });
    expect(page(made, '/cgi-bin/get_system_info.cgi')).toContain('FR-1.13(260110-S21)');
  });

  test('without the settings the pools are those of the factory', async () => {
    const made = await machine('s21');
    await run(made, 'setPools', { pools: POOLS });
    const given = { file, sha256: SHA256, version: 'FR-1.13(260110-S21)', keepSettings: false };
    expect(await run(made, 'updateFirmware', given)).toMatchObject({ result: 'done' });
    expect(JSON.stringify(used(made))).not.toContain('a.example');
  });

  test('another file than the one that was meant is not sent', async () => {
    const made = await machine('s21');
    const given = { file, sha256: '0'.repeat(64), version: '1' };
    await expect(made.miner.plan('updateFirmware', given)).rejects.toThrow(/SHA-256.*nothing was sent/);
  });

  test('what the machine does not take is refused in its words', async () => {
    const made = await machine('s21');
    const wrong = { name: 'x', bytes: new TextEncoder().encode('no firmware') };
    const sha256 = createHash('sha256').update('no firmware').digest('hex');
    const outcome = await run(made, 'updateFirmware', { file: wrong, sha256, version: '1' });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: 'U001' });
  });
});

describe('what the newer page and port 6060 have beside it', () => {
  test.each([
    ['chart', 'RATE'],
    ['multi-option', 'ModeInfo'],
    ['log-history', ''],
    ['log-download', ''],
  ])('antminer.%s', async (name, has) => {
    const made = await machine('s21');
    const { result, download } = await run(made, `antminer.${name}`);
    expect(result).toBe('done');
    expect(new TextDecoder().decode(download?.bytes)).toContain(has);
  });

  test.each(['stats', 'summary', 'pools', 'rate', 'warning'])(
    'port 4028 tells %s in the shape of the page',
    async (what) => {
      const made = await machine('s21', { login: false });
      const { result, download } = await run(made, 'antminer.new-api', { command: what });
      expect(result).toBe('done');
      // Its STATUS is an object and not a list.
      expect(new TextDecoder().decode(download?.bytes)).toMatch(/"STATUS":\s*\{|error_message/);
    },
  );

  test('reload is sent, and what it did is not guessed', async () => {
    const made = await machine('s21', { login: false });
    const outcome = await run(made, 'antminer.reload');
    expect(outcome.sent).toMatchObject([{ shown: '{"command":"reload","new_api":true}' }]);
    expect(outcome.result).toBe('accepted-unverified');
  });

  test.each(['sn', 'warning', 'power', 'rate', 'status'])('port 6060 tells %s', async (what) => {
    const made = await machine('s21');
    const { result, download } = await run(made, 'antminer.port-6060', { page: what });
    expect(result).toBe('done');
    expect(download?.bytes.length).toBeGreaterThan(0);
  });

  test('port 6060 cannot be asked for anything else', async () => {
    const made = await machine('s21');
    for (const page of ['shutdown', '/shutdown', 'sn/../shutdown', 'test', 'SHUTDOWN']) {
      await expect(made.miner.plan('antminer.port-6060', { page })).rejects.toMatchObject({ code: 'usage/invalid' });
    }
    expect((await made.miner.read()).state).toBe('mining');
  });
});

test('every action that these machines have was run', async () => {
  const all = new Set<string>();
  for (const profile of ['s21', 's9', 's17-pro']) {
    const made = await machine(profile);
    for (const { name, action } of made.miner.capabilities) if (action !== null) all.add(name);
    await made.close();
  }
  expect([...all].filter((name) => !ran.has(name))).toEqual([]);
});
