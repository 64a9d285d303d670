import { HeadframeError } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sealedByOpenssl, TOKENS, WhatsminerDouble } from './machine.testing.ts';
import { codeOf, look, perform, prepare } from './perform.testing.ts';
import { got, NOW } from './reads.testing.ts';

const RUNS = { seed: 20261205, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };
const SUPER = { username: 'super', password: 'super' };
const LEFT = JSON.stringify({ time: '5626', salt: 'BQ5hoXV9', newsalt: 'jbzkfQls' });

async function errorOf(attempt: () => Promise<unknown>): Promise<HeadframeError> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof HeadframeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the token of port 4028', () => {
  test('is asked for once, and left to the next action without a secret in it', async () => {
    const double = new WhatsminerDouble();
    const { session } = await perform(double.links(), 'locate', { on: true });
    expect(session?.kept).toBe(true);
    expect(session?.key).toBe('{"time":"5626","salt":"BQ5hoXV9","newsalt":"jbzkfQls"}');
    await perform(double.links(), 'locate', { on: false }, session?.key);
    expect(double.heard.filter((one) => one === 'get_token')).toHaveLength(1);
  });

  test('that ran out is replaced once, and the command is said again', async () => {
    const double = new WhatsminerDouble({ refusesTokens: 1 });
    const { verdicts, session } = await perform(double.links(), 'reboot', {}, LEFT);
    expect(verdicts).toEqual([{ accepted: true, vendorCode: '131', vendorText: 'API command OK' }]);
    expect(double.heard).toEqual(['{"cmd":"reboot"}', 'get_token', '{"cmd":"reboot"}']);
    // What is left is the new one.
    expect(session?.key).toContain(TOKENS[0].newsalt);
  });

  test('is not asked for again and again where it is the password that is wrong', async () => {
    const double = new WhatsminerDouble({ refusesTokens: 99 });
    const error = await errorOf(() => perform(double.links(), 'reboot', {}, LEFT));
    expect(error.code).toBe('auth/rejected');
    expect(error.context).toMatchObject({ vendorCode: '135', vendorText: 'check token err' });
    expect(double.heard).toEqual(['{"cmd":"reboot"}', 'get_token', '{"cmd":"reboot"}']);
    // A fresh one that is refused at once is not replaced at all.
    const other = new WhatsminerDouble({ refusesTokens: 99 });
    expect(await codeOf(() => perform(other.links(), 'reboot'))).toBe('auth/rejected');
    expect(other.heard).toEqual(['get_token', '{"cmd":"reboot"}']);
  });

  test('made with a wrong password is garbage to the machine, which is a rejected login', async () => {
    const double = new WhatsminerDouble();
    const error = await errorOf(() => perform(double.links({ username: 'admin', password: 'wrong' }), 'reboot'));
    expect(error.code).toBe('auth/rejected');
    expect(error.context).toMatchObject({ vendorCode: '23', vendorText: 'json cmd err' });
    expect(double.heard).toEqual(['get_token', 'garbage']);
  });

  test('over the limit is busy, not a wrong password', async () => {
    const double = new WhatsminerDouble({ reads: { get_token: got('over max connect', 136, 'E') } });
    const error = await errorOf(() => perform(double.links(), 'reboot'));
    expect(error.code).toBe('device/busy');
    expect(error.context).toMatchObject({ vendorCode: '136', vendorText: 'over max connect' });
    expect(error.message).toContain('30 minutes');
  });

  test.each([
    ['closes the connection', new HeadframeError('link/closed-empty')],
    ['says 45', got('permission denied', 45, 'E')],
  ])('is refused to our address by a machine that %s', async (_, answer) => {
    const double = new WhatsminerDouble({ reads: { get_token: answer } });
    expect(await codeOf(() => perform(double.links(), 'reboot'))).toBe('auth/address-not-allowed');
  });

  test.each([
    ['without a salt', got({ time: '5626', newsalt: 'jbzkfQls' }, 134)],
    ['with a salt that is none', got({ time: '5626', salt: 'a$b', newsalt: 'jbzkfQls' }, 134)],
    ['that is a text', got('ok', 134)],
    ['that is HTML', '<html>'],
  ])('reply %s is of the wrong shape', async (_, answer) => {
    const double = new WhatsminerDouble({ reads: { get_token: answer } });
    expect(await codeOf(() => perform(double.links(), 'reboot'))).toMatch(/^protocol\//);
  });

  test('is taken with code 133 and bare, as the manual prints it', async () => {
    const parts = { time: '5626', salt: 'BQ5hoXV9', newsalt: 'jbzkfQls' };
    for (const answer of [got({ ...parts, timeout: '0' }, 133), parts]) {
      const { verdicts } = await perform(new WhatsminerDouble({ reads: { get_token: answer } }).links(), 'reboot');
      expect(verdicts[0]?.accepted).toBe(true);
    }
  });

  test('that a crash left behind in a broken form is not used', async () => {
    const double = new WhatsminerDouble();
    await perform(double.links(), 'reboot', {}, '{"time":');
    expect(double.heard).toEqual(['get_token', '{"cmd":"reboot"}']);
  });
});

describe('what port 4028 says no with', () => {
  test('the write switch is off, and how it is switched on', async () => {
    const double = new WhatsminerDouble({ writes: { reboot: got("can't access write cmd", 45, 'E') } });
    const error = await errorOf(() => perform(double.links(), 'reboot'));
    expect(error.code).toBe('auth/writes-off');
    expect(error.context).toMatchObject({ vendorCode: '45', vendorText: "can't access write cmd" });
    expect(error.message).toContain('WhatsMinerTool');
  });

  test('an unknown command', async () => {
    const double = new WhatsminerDouble({ writes: { set_power: got('invalid cmd', 14, 'E') } });
    expect(await codeOf(() => perform(double.links(), 'whatsminer.set_power', { powerW: 3000 }))).toBe(
      'support/unsupported',
    );
  });

  test.each([
    [132, 'API command ERROR'],
    [137, 'enc base64 error'],
    [23, 'json cmd err'],
  ])('code %d is a refusal with its text', async (code, text) => {
    const double = new WhatsminerDouble({ writes: { reboot: got(text, code, 'E') } });
    const { verdicts } = await perform(double.links(), 'reboot');
    expect(verdicts).toEqual([{ accepted: false, vendorCode: String(code), vendorText: text }]);
  });

  test.each([
    [
      'sealed with another key',
      sealedByOpenssl('{"STATUS":"S","Code":131}', '11'.repeat(32)),
      'protocol/cannot-decrypt',
    ],
    ['no base64', '***', 'protocol/cannot-decrypt'],
    ['JSON that is cut', sealedByOpenssl('{"STATUS":"S","Code":131,"Msg":"API co'), 'protocol/truncated'],
    ['no JSON', sealedByOpenssl('hello'), 'protocol/malformed'],
    ['a document that says nothing', sealedByOpenssl('{}'), 'protocol/wrong-shape'],
  ])('a reply that is %s is as good as none', async (_, enc, code) => {
    const double = new WhatsminerDouble({ writes: { reboot: enc } });
    expect(await codeOf(() => perform(double.links(), 'reboot'))).toBe(code);
  });

  test('a machine that reboots before it answers is silent', async () => {
    const double = new WhatsminerDouble({ writes: { reboot: new HeadframeError('link/closed-empty') } });
    expect(await codeOf(() => perform(double.links(), 'reboot'))).toBe('link/closed-empty');
    expect((await prepare(double.links(), 'reboot')).steps[0]?.silenceIsFine).toBe(true);
    expect((await prepare(double.links(), 'whatsminer.set_temp_offset', { offsetC: 0 })).steps[0]?.silenceIsFine).toBe(
      undefined,
    );
  });

  test('a new password is tried with a sealed read', async () => {
    const double = new WhatsminerDouble();
    const { prepared } = await perform(double.links(), 'setPassword', { newPassword: 'admin' });
    expect((await look(double.links(), prepared)).done).toBe(true);
    const other = await prepare(double.links(), 'setPassword', { newPassword: 'geheim_1' });
    expect((await look(double.links(), other)).done).toBe(false);
  });
});

describe('what port 4433 says no with', () => {
  test('a wrong password', async () => {
    const double = new WhatsminerDouble();
    const error = await errorOf(() => perform(double.links({ username: 'super', password: 'x' }), 'reboot'));
    expect(error.code).toBe('auth/rejected');
    expect(error.context).toMatchObject({ vendorCode: '-4', vendorText: 'no permission' });
  });

  test('a user who may not', async () => {
    const double = new WhatsminerDouble();
    const error = await errorOf(() => perform(double.links({ username: 'user1', password: 'super' }), 'reboot'));
    expect(error.code).toBe('auth/rejected');
    expect(error.message).toContain('set.user.permission');
  });

  test('the write switch is off', async () => {
    const info = { system: { apiswitch: '0' }, salt: 'BQ5hoXV9' };
    const double = new WhatsminerDouble({
      reads: { 'get.device.info': info },
      writes: { 'set.system.reboot': { code: -4, when: 1, msg: 'no permission', desc: '' } },
    });
    const error = await errorOf(() => perform(double.links(SUPER), 'reboot'));
    expect(error.code).toBe('auth/writes-off');
    expect(error.message).toContain('WhatsMinerTool');
    expect(double.openConnections).toBe(0);
  });

  test.each([
    [{ code: -1, when: 1, msg: 'fail', desc: '' }, 'none'],
    [{ code: -2, when: 1, msg: 'invalid command', desc: '' }, 'support/unsupported'],
    [{ code: -5, when: 1, msg: 'no memory', desc: '' }, 'device/busy'],
    [{ msg: 'ok' }, 'protocol/wrong-shape'],
  ])('%j is %s', async (answer, code) => {
    const double = new WhatsminerDouble({ writes: { 'set.system.reboot': answer } });
    expect(await codeOf(() => perform(double.links(SUPER), 'reboot'))).toBe(code);
  });

  test('a machine that gives no salt', async () => {
    const double = new WhatsminerDouble({ reads: { 'get.device.info': { system: {} } } });
    expect(await codeOf(() => perform(double.links(SUPER), 'reboot'))).toBe('protocol/wrong-shape');
    expect(double.openConnections).toBe(0);
  });

  test("signs by the machine's clock where ours is another", async () => {
    const double = new WhatsminerDouble();
    double.now = NOW + 86_400_000;
    const { verdicts } = await perform(double.links(SUPER), 'reboot');
    expect(verdicts[0]?.accepted).toBe(true);
  });
});

describe('which door', () => {
  test('without a login no change is possible', async () => {
    const error = await errorOf(() => prepare(new WhatsminerDouble().links(null), 'reboot'));
    expect(error.code).toBe('auth/required');
    expect(error.message).toContain('4433');
  });

  test('a command that only the other door has is said to be there', async () => {
    const links = new WhatsminerDouble().links();
    expect(await codeOf(() => prepare(links, 'whatsminer.set.miner.cointype', { cointype: 'BTC' }))).toBe(
      'support/unsupported',
    );
    const newer = new WhatsminerDouble().links(SUPER);
    expect((await errorOf(() => prepare(newer, 'whatsminer.restore_power_pct'))).message).toContain(
      'password of admin',
    );
  });

  test('the account of a door that is closed is of no use', async () => {
    const { whatsminer: _, ...older } = new WhatsminerDouble().links(SUPER);
    expect(await codeOf(() => prepare(older, 'reboot'))).toBe('auth/required');
    const { cgminer: __, ...newer } = new WhatsminerDouble().links();
    expect(await codeOf(() => prepare(newer, 'reboot'))).toBe('auth/required');
  });
});

describe('replies of anything', () => {
  const coded = async (attempt: () => Promise<unknown>): Promise<void> => {
    const code = await codeOf(attempt);
    expect(code).toMatch(/^(none|protocol\/|auth\/|device\/|support\/|link\/)/);
  };

  test('to a sealed command give a verdict or a coded error', async () => {
    const answer = fc.oneof(
      fc.string(),
      fc.json().map((text) => sealedByOpenssl(text)),
      fc.object(),
    );
    const property = fc.asyncProperty(answer, async (enc) => {
      await coded(() => perform(new WhatsminerDouble({ writes: { reboot: enc } }).links(), 'reboot'));
    });
    await fc.assert(property, RUNS);
  });

  test('to get_token give a token or a coded error', async () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('5626', 'BQ5hoXV9', 'a$b', ''), fc.integer());
    const answer = fc.oneof(
      fc.anything(),
      fc.record({ time: part, salt: part, newsalt: part }).map((msg) => got(msg, 134)),
    );
    const property = fc.asyncProperty(answer, async (value) => {
      await coded(() => perform(new WhatsminerDouble({ reads: { get_token: value ?? null } }).links(), 'reboot'));
    });
    await fc.assert(property, { ...RUNS, numRuns: Math.min(RUNS.numRuns, 300) });
  });

  test('to a signed command give a verdict or a coded error', async () => {
    const property = fc.asyncProperty(fc.object(), fc.oneof(fc.object(), fc.string()), async (info, answer) => {
      const reads = { 'get.device.info': { ...info, salt: 'BQ5hoXV9' } };
      await coded(() =>
        perform(new WhatsminerDouble({ reads, writes: { 'set.system.reboot': answer } }).links(SUPER), 'reboot'),
      );
    });
    await fc.assert(property, RUNS);
  });
});
