import { describe, expect, test } from 'vitest';
import {
  ask,
  device,
  envelopeOf,
  MINUTE,
  NOW,
  POWERED,
  record,
  say,
  sealed,
  tell,
  token,
  understood,
} from './sim.testing.ts';

const CONNECT = 'over max connect';

describe('a token of the API on 4028', () => {
  test('comes with the last four characters of the epoch and two salts of eight', () => {
    const reply = ask(device('m60s'), 'get_token');
    expect(reply).toMatchObject({ STATUS: 'S', Code: 134, Description: '' });
    expect(Object.keys(reply.Msg as object)).toEqual(['time', 'salt', 'newsalt']);
    expect(reply.Msg).toMatchObject({
      time: '7200',
      salt: expect.stringMatching(/^[./0-9A-Za-z]{8}$/),
      newsalt: expect.stringMatching(/^[./0-9A-Za-z]{8}$/),
    });
  });

  test('has a salt that belongs to the password and a newsalt of its own', () => {
    const on = device('m60s');
    const [one, two] = [ask(on, 'get_token').Msg, ask(on, 'get_token').Msg] as Record<string, string>[];
    expect(one?.salt).toBe(two?.salt);
    expect(one?.newsalt).not.toBe(two?.newsalt);
  });

  test('lets a command through, and the reply comes sealed with the same key', () => {
    expect(tell(device('m60s'), 'set_led', { param: 'auto' })).toEqual({
      STATUS: 'S',
      When: NOW / 1000,
      Code: 131,
      Msg: 'API command OK',
      Description: '',
      wasSealed: true,
    });
  });

  test.each(['m30s-plus', 'm33s-hydro', 'm50s', 'm60s'])('ends 30 minutes after it was given out by an %s', (name) => {
    const on = device(name);
    const own = token(on);
    expect(tell(on, 'set_led', { param: 'auto' }, NOW + 29 * MINUTE, own)).toMatchObject({ Code: 131 });
    expect(tell(on, 'set_led', { param: 'auto' }, NOW + 30 * MINUTE, own)).toMatchObject({
      STATUS: 'E',
      Code: 135,
      Msg: 'check token err',
      wasSealed: false,
    });
  });

  test('is renewed by every call where the reply named a timeout, and never ends where that was 0', () => {
    const sliding = device('m60s', { 'token-timeout': true });
    expect(ask(sliding, 'get_token').Msg).toMatchObject({ timeout: '1800' });
    const own = token(sliding);
    for (let minute = 25; minute <= 100; minute += 25) {
      expect(tell(sliding, 'set_led', { param: 'auto' }, NOW + minute * MINUTE, own)).toMatchObject({ Code: 131 });
    }
    expect(tell(sliding, 'set_led', { param: 'auto' }, NOW + 131 * MINUTE, own)).toMatchObject({ Code: 135 });
    const forever = device('m60s', { 'token-forever': true });
    expect(ask(forever, 'get_token').Msg).toMatchObject({ timeout: '0' });
    const kept = token(forever);
    expect(tell(forever, 'set_led', { param: 'auto' }, NOW + 30 * 24 * 60 * MINUTE, kept)).toMatchObject({ Code: 131 });
  });

  test('is void after the password changed, and the salt is another', () => {
    const on = device('m60s');
    const own = token(on);
    const before = ask(on, 'get_token').Msg as Record<string, string>;
    expect(tell(on, 'update_pwd', { old: 'Miner_01', new: 'next_pw' }, NOW, own)).toMatchObject({
      Code: 131,
      wasSealed: true,
    });
    expect((ask(on, 'get_token').Msg as Record<string, string>).salt).not.toBe(before.salt);
    // The key of the old password opens nothing any more.
    expect(tell(on, 'set_led', { param: 'auto' }, NOW, own)).toMatchObject({ Code: 23, Msg: 'enc json load err' });
    expect(tell(on, 'set_led', { param: 'auto' }, NOW, token(on, 'next_pw'))).toMatchObject({ Code: 131 });
  });

  test('is void after a reboot', () => {
    const on = device('m60s');
    const own = token(on);
    tell(on, 'reboot', {}, NOW, own);
    expect(tell(on, 'set_led', { param: 'auto' }, NOW + 5 * MINUTE, own)).toMatchObject({ Code: 135 });
  });

  test('there are 100 of on V2.2, whoever has them', () => {
    const on = device('m60s');
    for (let i = 0; i < 100; i++) say(on, '{"cmd":"get_token"}', NOW, `10.0.1.${i}`);
    expect(ask(on, 'get_token')).toMatchObject({ STATUS: 'E', Code: 136, Msg: CONNECT });
    expect(ask(on, 'get_token', NOW + 30 * MINUTE)).toMatchObject({ Code: 134 });
  });

  test('there are 32 of for each of 16 addresses before V2.2', () => {
    const on = device('m50s');
    for (let i = 0; i < 32; i++) expect(ask(on, 'get_token')).toMatchObject({ Code: 134 });
    expect(ask(on, 'get_token')).toMatchObject({ Code: 136, Msg: CONNECT });
    const code = (address: string): unknown => JSON.parse(say(on, '{"cmd":"get_token"}', NOW, address)).Code;
    expect(Array.from({ length: 16 }, (_, i) => code(`10.0.2.${i}`))).toEqual([...Array<number>(15).fill(134), 136]);
    expect(code('10.0.2.3')).toBe(134);
  });

  test('a wrong password is told from a wrong token and from no base64', () => {
    const on = device('m60s');
    const wrong = token(on, 'wrong');
    const clear = (text: string) => JSON.parse(say(on, text)) as unknown;
    expect(tell(on, 'set_led', { param: 'auto' }, NOW, wrong)).toMatchObject({
      Code: 23,
      Msg: 'enc json load err',
      wasSealed: false,
    });
    const { key } = token(on);
    for (const inside of [{ cmd: 'reboot' }, { cmd: 'reboot', token: 'x' }, { cmd: 'reboot', token: 7 }]) {
      expect(clear(envelopeOf(inside, key))).toMatchObject({ STATUS: 'E', Code: 135 });
    }
    expect(clear('{"enc":1,"data":"%%%"}')).toMatchObject({ Code: 137 });
    expect(clear('{"enc":1,"data":7}')).toMatchObject({ Code: 23, Msg: 'json cmd err' });
    expect(clear(`{"enc":1,"data":"${sealed('{"cmd":"reboot","tok', key)}"}`)).toMatchObject({ Code: 23 });
    expect(clear('{"enc":1,"data":"QUJD"}')).toMatchObject({ Code: 23 });
    expect(understood(say(on, envelopeOf({ cmd: 'no_such' }, key)), key)).toMatchObject({ Code: 14, wasSealed: true });
  });

  test('PKCS#7 is taken where zeros are the habit', () => {
    const on = device('m60s');
    const { sign, key } = token(on);
    const text = JSON.stringify({ cmd: 'set_led', param: 'auto', token: sign });
    const padding = 16 - (text.length % 16);
    const padded = text + String.fromCharCode(padding).repeat(padding);
    expect(understood(say(on, envelopeOf(padded, key)), key)).toMatchObject({ Code: 131 });
  });
});

describe('writing', () => {
  test('is not possible in clear', () => {
    expect(ask(device('m60s'), 'reboot')).toMatchObject({ STATUS: 'E', Code: 45, Msg: "can't access write cmd" });
    expect(ask(device('m60s'), 'get_customer_msg')).toMatchObject({ Code: 45 });
  });

  test('is refused in clear while the switch of the vendor tool is off', () => {
    const on = device('m60s', { 'write-switch-off': true });
    expect(tell(on, 'set_low_power')).toMatchObject({ Code: 45, Msg: "can't access write cmd", wasSealed: false });
    expect(record(on, 'status')).toMatchObject({ power_mode: 'normal' });
  });

  test('is refused with the password of the factory, unless that was changed and set back', () => {
    const never = device('m60s', { 'factory-password': true });
    expect(tell(never, 'set_led', { param: 'auto' }, NOW, token(never, 'admin'))).toMatchObject({ Code: 45 });
    const again = device('m60s', { 'default-passwords': true });
    expect(tell(again, 'set_led', { param: 'auto' }, NOW, token(again, 'admin'))).toMatchObject({ Code: 131 });
  });

  test('strangers can hold all tokens for half an hour', () => {
    const on = device('m50s', { 'token-limit-reached': true });
    expect(ask(on, 'get_token', POWERED + 2 * MINUTE)).toMatchObject({ Code: 136, Msg: CONNECT });
    expect(ask(on, 'get_token', POWERED + 31 * MINUTE)).toMatchObject({ Code: 134 });
  });
});
