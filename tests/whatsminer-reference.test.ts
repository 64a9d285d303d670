import { createHash } from 'node:crypto';
import { families } from '@headframe/families';
import { simulators } from '@headframe/families/sim';
import { serveDevice } from '@headframe/simulator';
import { describe, expect, test } from 'vitest';
import { headframe } from './cli.testing.ts';
import { FREE_PORTS } from './free-ports.ts';
import {
  ADMIN,
  act,
  alter,
  another,
  answerIn,
  codeOf,
  type Fields,
  heardBy,
  type OwnToken,
  opened,
  PASSWORD,
  say,
  sayFramed,
  saySealed,
  sealed,
  textOf,
  tokenOf,
  told,
  whatsminer,
} from './whatsminer.testing.ts';

/*
 * The reference of WhatsMiner's API V2.2: who may ask, envelopes, codes, sealing and tokens, over real sockets.
 * Expectations are typed from protocols.md 3.1 to 3.4 and the manual's own examples. The numbers are those of the
 * checklist.
 */

const MINUTE = 60_000;
/** The manual's example (protocols.md 3.2): password admin. */
const EXAMPLE = { time: '5626', salt: 'BQ5hoXV9', newsalt: 'jbzkfQls' };
const EXAMPLE_SIGN = 'w.BNbkCV6n1aNWgiBWLzT/';
const EXAMPLE_AES = '199e0a202039bb7b558db7a54697dca29cb278055b7e659a127fb844d5a2fbf6';
const EXAMPLE_SEALED =
  'DFR4+qIkIuv2gyaXIWvTL2Tw2dKfz3qcBM5l5ZHU7xWuEsE3iC/TAvZarksns0iDIVhM215unMMY5HLvDIoi/AB6Zauc2Kb1KH/JtuCvOBg=';
const OK = { STATUS: 'S', Code: 131, Msg: 'API command OK' };

const LIGHT = { on: true };
/** Out of everything that a machine can be told this hurts nobody. */
const led = (made: Awaited<ReturnType<typeof whatsminer>>) => act(made.miner, 'locate', LIGHT);

describe('who may ask and who may change', () => {
  test('W-001 what is read needs no permission, what is changed has none from the factory', async () => {
    const made = await whatsminer('m60s', {
      quirks: { 'factory-password': true },
      login: { ...ADMIN, password: 'admin' },
    });
    const snapshot = await made.miner.read();
    expect([snapshot.state, snapshot.gaps]).toEqual(['mining', []]);
    expect(await led(made)).toMatchObject({
      result: 'refused',
      vendorCode: '45',
      vendorText: "can't access write cmd",
      error: { code: 'auth/writes-off' },
    });
    expect(told(made, 'get_miner_info').ledstat).toBe('auto');
  });

  test('W-002 a refusal says how it is switched on by hand: the password first, then the switch', async () => {
    for (const quirk of ['factory-password', 'write-switch-off']) {
      const password = quirk === 'factory-password' ? 'admin' : PASSWORD;
      const made = await whatsminer('m60s', { quirks: { [quirk]: true }, login: { ...ADMIN, password } });
      const { why } = await led(made);
      expect(why).toMatch(/WhatsMinerTool.*password of your own \(Password\).*Remote Ctrl, Miner API Switch/);
    }
    // Changed once and set back: then the factory's password is taken.
    const login = { username: 'admin', password: 'admin' };
    expect((await led(await whatsminer('m60s', { quirks: { 'default-passwords': true }, login }))).result).toBe('done');
  });

  test('W-003 a machine is taken by the version of its API, never by that of the manual', async () => {
    /** The manual of V1.3.8 goes down to -10 %, that of V2.2 to -100 %. */
    const slowed = async (profile: string) => {
      const { miner } = await whatsminer(profile);
      const { identity } = await miner.read();
      const plan = miner.plan('setFrequency', { percent: -50 });
      return [identity.apiVersion, await plan.then(() => 'taken').catch(({ code }) => code)];
    };
    expect(await slowed('m30s-plus')).toEqual(['1.4.0', 'usage/invalid']);
    expect(await slowed('m33s-hydro')).toEqual(['2.0.4', 'taken']);
    expect(await slowed('m50s')).toEqual(['2.0.5', 'taken']);
    expect(await slowed('m60s')).toEqual(['2.2.0', 'taken']);
    const old = await whatsminer('m30s-plus');
    expect(await say(old, { cmd: 'get_miner_info' })).toMatchObject({ Code: 14 });
    expect(codeOf(await saySealed(old, { cmd: 'adjust_power_limit', power_limit: '3000' }))[0]).toBe(14);
  });

  test('W-004 it listens on TCP port 4028', async () => {
    const { device, served } = await whatsminer('m50s');
    expect(device().cgminer?.port).toBe(4028);
    expect(families.find(({ id }) => id === 'whatsminer')?.ports.cgminer).toBe(4028);
    expect(Object.keys(served.ports)).toEqual(['cgminer']);
  });

  test('W-005 a question leaves with its connection, and a connection that is closed before one is no reply', async () => {
    const made = await whatsminer('m50s', { quirks: { 'address-refused': true } });
    await expect(made.miner.read()).rejects.toMatchObject({ code: 'link/closed-empty' });
    const good = await whatsminer('m50s');
    const heard = heardBy(good);
    await good.miner.read();
    // No connection was taken without a word on it.
    expect(heard).not.toContain('');
    expect(heard.slice(0, 3)).toEqual([
      '{"command":"summary+pools"}',
      '{"command":"edevs+devs"}',
      '{"command":"status"}',
    ]);
  });

  test('W-006 a hundred tokens, or 32 to an address before V2.2; the next is refused until they run out', async () => {
    for (const [profile, most] of [
      ['m60s', 100],
      ['m50s', 32],
    ] as const) {
      const made = await whatsminer(profile);
      for (let i = 0; i < most; i++) expect((await say(made, { cmd: 'get_token' })).Code).toBe(134);
      expect(await say(made, { cmd: 'get_token' })).toMatchObject({ Code: 136, Msg: 'over max connect' });
      expect(await led(made)).toMatchObject({ result: 'refused', error: { code: 'device/busy' }, vendorCode: '136' });
      await made.pass(30 * MINUTE);
      expect((await led(made)).result).toBe('done');
    }
  });
});

describe('the envelope', () => {
  const types = (doc: Fields) => Object.fromEntries(Object.entries(doc).map(([name, value]) => [name, typeof value]));

  test('W-007 STATUS, When, Code, Msg and Description, or a list of STATUS with the data under its own name', async () => {
    const made = await whatsminer('m60s');
    const common = { STATUS: 'string', When: 'number', Code: 'number', Description: 'string' };
    expect(types(await say(made, { cmd: 'get_version' }))).toEqual({ ...common, Msg: 'object' });
    expect(types(await say(made, { cmd: 'nonsense' }))).toEqual({ ...common, Msg: 'string' });
    const listed = await say(made, { cmd: 'summary' });
    expect(Object.keys(listed)).toEqual(['STATUS', 'SUMMARY', 'id']);
    expect(listed.STATUS).toEqual([{ STATUS: 'S', Msg: 'Summary' }]);
    const wrapped = await whatsminer('m50s');
    expect(types(await say(wrapped, { cmd: 'summary' }))).toEqual({ ...common, Msg: 'object' });
    for (const one of [made, wrapped]) expect((await one.miner.read()).hashrate.currentHs).toBeGreaterThan(1e14);
  });

  test('W-008 code 14: an invalid command or data', async () => {
    const made = await whatsminer('m50s');
    expect(await say(made, { cmd: 'nonsense' })).toMatchObject({ STATUS: 'E', Code: 14, Msg: 'invalid cmd' });
    expect(await saySealed(made, { cmd: 'set_target_freq', percent: 'much' })).toMatchObject({ doc: { Code: 14 } });
    alter(made, (said, request) => (request.includes('"enc"') ? '{"STATUS":"E","Code":14,"Msg":"invalid cmd"}' : said));
    expect(await led(made)).toMatchObject({
      result: 'refused',
      error: { code: 'support/unsupported' },
      vendorCode: '14',
    });
  });

  test('W-009 code 23: invalid JSON', async () => {
    const made = await whatsminer('m50s');
    for (const text of ['{"cmd":', 'summary', '[]', '{"enc":1}']) {
      expect(await say(made, text)).toMatchObject({ STATUS: 'E', Code: 23, Msg: 'json cmd err' });
    }
    alter(made, (said, request) =>
      request.includes('"enc"') ? '{"STATUS":"E","Code":23,"Msg":"json cmd err","Description":""}' : said,
    );
    // In clear behind something sealed it is what another key's text is to the machine.
    expect(await led(made)).toMatchObject({ result: 'refused', error: { code: 'auth/rejected' }, vendorCode: '23' });
  });

  test('W-010 code 45: permission denied', async () => {
    const made = await whatsminer('m50s');
    expect(await say(made, { cmd: 'set_led', param: 'auto' })).toMatchObject({
      STATUS: 'E',
      Code: 45,
      Msg: "can't access write cmd",
    });
    const off = await whatsminer('m50s', { quirks: { 'write-switch-off': true } });
    expect(await led(off)).toMatchObject({ result: 'refused', error: { code: 'auth/writes-off' }, vendorCode: '45' });
  });

  test('W-011 code 131: done', async () => {
    const made = await whatsminer('m50s');
    expect(await saySealed(made, { cmd: 'set_led', param: 'auto' })).toMatchObject({ doc: OK });
    expect(await led(made)).toMatchObject({ result: 'done', vendorCode: '131', vendorText: 'API command OK' });
  });

  test('W-012 code 132: the command failed', async () => {
    const made = await whatsminer('m50s');
    expect(codeOf(await saySealed(made, { cmd: 'set_heat_mode', mode: 'heating' }))).toEqual([
      132,
      'API command ERROR',
    ]);
    const outcome = await act(made.miner, 'whatsminer.set_heat_mode', { mode: 'heating' });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '132', vendorText: 'API command ERROR' });
  });

  test('W-013 code 134: a token was handed out, and 133, which the examples print, is taken as well', async () => {
    const made = await whatsminer('m50s');
    expect(await say(made, { cmd: 'get_token' })).toMatchObject({ STATUS: 'S', Code: 134 });
    alter(made, (said) => said.replace('"Code":134', '"Code":133'));
    expect(await say(made, { cmd: 'get_token' })).toMatchObject({ Code: 133 });
    expect((await led(made)).result).toBe('done');
  });

  test('W-014 code 135: the token is wrong or ran out', async () => {
    const made = await whatsminer('m50s');
    const token = await tokenOf(made);
    const wrong = await saySealed(made, { cmd: 'set_led', param: 'auto' }, { ...token, sign: EXAMPLE_SIGN });
    expect(wrong).toMatchObject({ wasSealed: false, doc: { STATUS: 'E', Code: 135, Msg: 'check token err' } });
    const stillborn = await whatsminer('m50s', { quirks: { 'expired-tokens': true } });
    expect(await led(stillborn)).toMatchObject({
      result: 'refused',
      vendorCode: '135',
      error: { code: 'auth/rejected' },
    });
  });

  test('W-015 code 136: too many tokens, with a text in the place of the object', async () => {
    const made = await whatsminer('m50s', { quirks: { 'over-max-connect': true } });
    expect(await say(made, { cmd: 'get_token' })).toMatchObject({ STATUS: 'E', Code: 136, Msg: 'over max connect' });
    const outcome = await led(made);
    expect(outcome).toMatchObject({
      result: 'refused',
      error: { code: 'device/busy' },
      vendorText: 'over max connect',
    });
    expect(outcome.why).toContain('run out by themselves');
  });

  test('W-016 code 137: base64 that is none', async () => {
    const made = await whatsminer('m50s');
    const said = await say(made, { enc: 1, data: '!not base64!' });
    expect(said).toMatchObject({ STATUS: 'E', Code: 137 });
    alter(made, (reply, request) => (request.includes('"enc"') ? JSON.stringify(said) : reply));
    const outcome = await led(made);
    expect([outcome.result, outcome.vendorCode, outcome.error]).toEqual(['refused', '137', undefined]);
  });

  test('W-017 the letter is S or E, and the code decides where the two differ', async () => {
    const made = await whatsminer('m50s');
    expect((await say(made, { cmd: 'nonsense' })).STATUS).toBe('E');
    expect((await say(made, { cmd: 'status' })).STATUS).toBe('S');
    const off = await whatsminer('m50s', { quirks: { 'write-switch-off': true } });
    alter(off, (said) => said.replace('"STATUS":"E"', '"STATUS":"S"'));
    expect(await led(off)).toMatchObject({ result: 'refused', error: { code: 'auth/writes-off' } });
  });
});

describe('sealing', () => {
  /** All names within a document, in their order. */
  const namesIn = (doc: unknown): string[] => JSON.stringify(doc).match(/"[^"]+":/g) ?? [];

  test('W-018 reads in clear or sealed, writes sealed alone', async () => {
    const made = await whatsminer('m60s');
    const token = await tokenOf(made);
    for (const cmd of ['summary', 'pools', 'edevs', 'devs', 'devdetails', 'get_psu', 'get_version', 'status']) {
      const inClear = await say(made, { cmd });
      const answer = await saySealed(made, { cmd }, token);
      // Time goes on between the two, and what is measured with it.
      expect([cmd, answer?.wasSealed, namesIn(answer?.doc)]).toEqual([cmd, true, namesIn(inClear)]);
    }
    expect((await saySealed(made, { cmd: 'get_miner_info' }, token))?.doc.Code).toBe(131);
    expect((await saySealed(made, { cmd: 'get_error_code' }, token))?.doc.Code).toBe(131);
    expect((await say(made, { cmd: 'set_led', param: 'auto' })).Code).toBe(45);
    // Our client reads sealed where it looks whether a new password is taken.
    expect((await act(made.miner, 'setPassword', { newPassword: 'neu_2' })).result).toBe('done');
  });

  test('W-019 AES-256 in ECB over zero padding, in base64; PKCS#7 is taken as well', async () => {
    const made = await whatsminer('m50s');
    const token = await tokenOf(made);
    const inside = JSON.stringify({ cmd: 'set_led', param: 'auto', token: token.sign });
    for (const padding of ['zero', 'pkcs7'] as const) {
      const data = sealed(inside, token.aesKey, padding);
      const answer = answerIn(await textOf(made, JSON.stringify({ enc: 1, data })), token);
      expect(answer).toMatchObject({ wasSealed: true, doc: OK });
    }
    const padded = await whatsminer('m50s', { quirks: { 'pkcs7-reply': true } });
    expect((await led(padded)).result).toBe('done');
  });

  test('W-020 the text form of V1 is understood where it is switched on, and never sent by us', async () => {
    const made = await whatsminer('m50s', { quirks: { 'text-form': true } });
    const { aesKey, sign } = await tokenOf(made);
    const said = await textOf(made, `enc|${sealed(`token,${sign}|set_led|auto`, aesKey)}`);
    const [, data = ''] = /^enc\|(\S+)$/.exec(said) ?? [];
    expect(JSON.parse(opened(data, aesKey))).toMatchObject(OK);
    // And then the whole epoch is told.
    const { time } = JSON.parse(await textOf(made, 'get_token')).Msg;
    expect(time).toBe(String(Math.floor(made.now() / 1000)));
    const heard = heardBy(made);
    await led(made);
    expect(heard.every((request) => request.startsWith('{'))).toBe(true);
    const usual = await whatsminer('m50s');
    expect(await say(usual, `enc|${sealed('token,x|set_led|auto', aesKey)}`)).toMatchObject({ Code: 23 });
  });

  /** A machine that hands out the manual's own token, and what our client then says to it. */
  async function example(): Promise<{ readonly heard: readonly string[]; readonly result: string }> {
    const login = { username: 'admin', password: 'admin' };
    const made = await whatsminer('m50s', { quirks: { 'default-passwords': true }, login });
    const heard: string[] = [];
    const key = Buffer.from(EXAMPLE_AES, 'hex');
    alter(made, (said, request) => {
      if (request.includes('get_token')) {
        heard.push(request);
        return JSON.stringify({ STATUS: 'S', When: 1_643_187_652, Code: 134, Msg: EXAMPLE, Description: '' });
      }
      if (!request.includes('"enc"')) return said;
      heard.push(request);
      return JSON.stringify({ enc: sealed('{"STATUS":"S","Code":131,"Msg":"API command OK"}', key) });
    });
    return { heard, result: (await act(made.miner, 'locate', { on: false })).result };
  }

  test('W-021 the key is the hash part of md5crypt over password and salt', async () => {
    // `openssl passwd -1 -salt BQ5hoXV9 admin` ends with RxmaDUO33TS7O26yeMHZ81: its SHA-256 opens what we sealed.
    const [, request = ''] = (await example()).heard;
    const key = createHash('sha256').update('RxmaDUO33TS7O26yeMHZ81').digest();
    expect(opened(JSON.parse(request).data, key)).toMatch(/^\{"cmd":"set_led"/);
  });

  test('W-022 the AES key is the SHA-256 of the key’s text', async () => {
    const [, request = ''] = (await example()).heard;
    expect(opened(JSON.parse(request).data, Buffer.from(EXAMPLE_AES, 'hex'))).toBe(
      `{"cmd":"set_led","param":"auto","token":"${EXAMPLE_SIGN}"}`,
    );
  });

  test('W-023 a request is {"enc":1,"data":…}, its reply {"enc":…}', async () => {
    const { heard, result } = await example();
    expect(heard[1]).toBe(`{"enc":1,"data":"${EXAMPLE_SEALED}"}`);
    expect(result).toBe('done');
    const made = await whatsminer('m50s');
    const token = await tokenOf(made);
    const data = sealed(`{"cmd":"set_led","param":"auto","token":"${token.sign}"}`, token.aesKey);
    expect(Object.keys(await say(made, { enc: 1, data }))).toEqual(['enc']);
  });

  test('W-024 the flow: a token, the sealed command, and what comes is opened', async () => {
    const made = await whatsminer('m50s');
    const heard = heardBy(made);
    expect(await led(made)).toMatchObject({ result: 'done', vendorText: 'API command OK' });
    expect(heard.map((request) => request.replace(/"data":"[^"]+"/, '"data":…'))).toEqual([
      '{"cmd":"get_token"}',
      '{"enc":1,"data":…}',
      '{"command":"get_miner_info"}',
    ]);
  });
});

describe('the token', () => {
  test('W-025 get_token is asked and answered in clear: time, salt and newsalt as texts', async () => {
    const made = await whatsminer('m50s');
    const { Msg } = await say(made, '{"cmd":"get_token"}');
    expect(Msg).toEqual({
      time: expect.stringMatching(/^\d{4}$/),
      salt: expect.stringMatching(/^[\w./]{8}$/),
      newsalt: expect.stringMatching(/^[\w./]{8}$/),
    });
    // Our client asks it so, too.
    const heard = heardBy(made);
    await led(made);
    expect(heard[0]).toBe('{"cmd":"get_token"}');
  });

  test('W-026 time is the end of the epoch, salt is that of the password, newsalt is new each time', async () => {
    const made = await whatsminer('m50s');
    const first = (await tokenOf(made)).told;
    const second = (await tokenOf(made)).told;
    expect(first.time).toBe(String(Math.floor(made.now() / 1000)).slice(-4));
    expect(second.salt).toBe(first.salt);
    expect(second.newsalt).not.toBe(first.newsalt);
    await act(made.miner, 'setPassword', { newPassword: 'neu_2' });
    expect((await tokenOf(made)).told.salt).not.toBe(first.salt);
    // A build that sends the whole epoch is signed for by its last four characters.
    const whole = await whatsminer('m50s');
    alter(whole, (said) => said.replace(/"time":"(\d{4})"/, '"time":"179502$1"'));
    expect((await led(whole)).result).toBe('done');
  });

  test('W-027 the sign is the hash part of md5crypt over key and time, and stands as token in the command', async () => {
    // The manual's own values: time 5626, salt BQ5hoXV9, newsalt jbzkfQls.
    const login = { username: 'admin', password: 'admin' };
    const made = await whatsminer('m50s', { quirks: { 'default-passwords': true }, login });
    const signs: unknown[] = [];
    alter(made, (said, request) => {
      if (request.includes('get_token')) return JSON.stringify({ STATUS: 'S', Code: 134, Msg: EXAMPLE });
      if (!request.includes('"enc"')) return said;
      signs.push(JSON.parse(opened(JSON.parse(request).data, Buffer.from(EXAMPLE_AES, 'hex'))).token);
      return said;
    });
    await led(made);
    expect(signs).toEqual([EXAMPLE_SIGN]);
  });
});

describe('tokens of several programs', () => {
  test('sixty writes of one program take one of them', async () => {
    const made = await whatsminer('m50s');
    const heard = heardBy(made);
    for (let i = 0; i < 60; i++) expect((await act(made.miner, 'locate', { on: i % 2 === 0 })).result).toBe('done');
    expect(heard.filter((request) => request.includes('get_token'))).toHaveLength(1);
  });

  test('two programs that share no memory do not exhaust them, with a stranger beside them', async () => {
    const made = await whatsminer('m50s');
    const [one, other] = [another(made), another(made)];
    const heard = heardBy(made);
    const began = made.now();
    let stranger: OwnToken = await tokenOf(made);
    // Two hours: each token lives for half of one.
    for (let i = 0; i < 120; i++) {
      if (i % 30 === 0) stranger = await tokenOf(made);
      expect((await act(i % 2 === 0 ? one : other, 'locate', { on: i % 4 < 2 })).result).toBe('done');
      expect(codeOf(await saySealed(made, { cmd: 'set_led', param: 'auto' }, stranger))).toEqual([
        131,
        'API command OK',
      ]);
      await made.pass(MINUTE);
    }
    const tokens = heard.filter((request) => request === '{"cmd":"get_token"}').length;
    const halfHours = Math.ceil((made.now() - began) / (30 * MINUTE));
    // Four are the stranger's.
    expect(tokens).toBeLessThanOrEqual(4 + 2 * halfHours);
    expect(tokens).toBeLessThan(32);
  });

  test('a wrong clock is a finding', async () => {
    const made = await whatsminer('m50s', { quirks: { 'clock-skew': true } });
    const { faults } = await made.miner.read();
    expect(faults).toMatchObject([{ code: 'clock.skew', text: 'its clock is 120 min ahead of ours' }]);
    expect((await led(made)).result).toBe('done');
    const newer = await whatsminer('m60s', { quirks: { 'clock-skew': true }, without: ['cgminer'] });
    expect((await newer.miner.read()).faults).toMatchObject([{ code: 'clock.skew' }]);
    expect(await sayFramed(newer, { cmd: 'get.device.info', param: 'salt' })).toMatchObject({ code: 0 });
  });

  test('a wrong clock stands in what headframe get prints', async () => {
    const profile = simulators.find(({ id }) => id === 'whatsminer')?.profiles.find(({ name }) => name === 'm60s');
    const poweredAt = Date.now() - 48 * 60 * MINUTE;
    const device = profile?.create({ seed: 1, poweredAt, quirks: { 'clock-skew': true } });
    if (device === undefined) throw new Error('no M60S');
    const clock = { now: Date.now };
    const served = await serveDevice(device, { address: '127.0.0.1', ports: FREE_PORTS, clock });
    try {
      const { code, out } = await headframe('get', `127.0.0.1:${served.ports.cgminer}`);
      expect([code, out]).toEqual([0, expect.stringContaining('its clock is 120 min ahead of ours')]);
    } finally {
      await served.close();
    }
  });
});
