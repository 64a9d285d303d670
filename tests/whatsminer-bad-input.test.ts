import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { Outcome } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import {
  ADMIN,
  act,
  alter,
  heardBy,
  SUPER,
  say,
  saySealed,
  sealed,
  tokenOf,
  told,
  whatsminer,
} from './whatsminer.testing.ts';

/*
 * WhatsMiners that answer badly, over real sockets: what an action then says, and that nothing is taken for done that was
 * not seen.
 */

type Made = Awaited<ReturnType<typeof whatsminer>>;

/** A change that nothing tells afterwards, and one that shows. */
const UNSEEN = ['whatsminer.enable_web_pools', {}] as const;
const SEEN = ['locate', { on: true }] as const;
const wordOf = ({ result, error }: Outcome) => [result, error?.code];

const OK = '{"STATUS":"S","When":1780444800,"Code":131,"Msg":"API command OK","Description":""}';

/** Lets the machine do what it is told, and say something else than that. */
async function answering(reply: (made: Made) => Promise<string>): Promise<Made> {
  const made = await whatsminer('m50s');
  const text = await reply(made);
  alter(made, (said, request) => (request.startsWith('{"enc"') ? text : said));
  return made;
}

const keyOf = async (made: Made) => (await tokenOf(made)).aesKey;

describe('a sealed reply that cannot be opened: it may have been done, and a look decides', () => {
  test.each<[string, (made: Made) => Promise<string>, string]>([
    ['AES garbage', async () => `{"enc":"${Buffer.alloc(48, 0x5a).toString('base64')}"}`, 'protocol/cannot-decrypt'],
    [
      'bytes that are no whole blocks',
      async () => `{"enc":"${Buffer.alloc(47).toString('base64')}"}`,
      'protocol/cannot-decrypt',
    ],
    ['nothing at all', async () => '{"enc":""}', 'protocol/cannot-decrypt'],
    ['base64 that is none', async () => '{"enc":"not*base64!"}', 'protocol/cannot-decrypt'],
    ['base64 that is cut short', async () => '{"enc":"AAAAA"}', 'protocol/cannot-decrypt'],
    [
      'a wrong padding',
      async (made) => `{"enc":"${sealed(`${OK}\u0005\u0005\u0004\u0005`, await keyOf(made))}"}`,
      'protocol/cannot-decrypt',
    ],
    ['the key of somebody else', async () => `{"enc":"${sealed(OK, Buffer.alloc(32, 7))}"}`, 'protocol/cannot-decrypt'],
    [
      'JSON within that ends in the middle',
      async (made) => `{"enc":"${sealed(OK.slice(0, 40), await keyOf(made))}"}`,
      'protocol/truncated',
    ],
    ['JSON around it that ends in the middle', async () => '{"enc":"AAAAAAAAAAAAAAAAAAAAAA=', 'protocol/truncated'],
    ['a text that is no JSON', async (made) => `{"enc":"${sealed('done', await keyOf(made))}"}`, 'protocol/malformed'],
    [
      'a document that says nothing',
      async (made) => `{"enc":"${sealed('{}', await keyOf(made))}"}`,
      'protocol/wrong-shape',
    ],
  ])('%s', async (_, reply, code) => {
    const unseen = await act((await answering(reply)).miner, ...UNSEEN);
    expect(wordOf(unseen)).toEqual(['unknown', code]);
    // The light is on: seen without the reply.
    const made = await answering(reply);
    expect((await act(made.miner, ...SEEN)).result).toBe('done');
    expect(told(made, 'get_miner_info').ledstat).not.toBe('auto');
  });
});

describe('a token that is none: nothing is sealed with it, and nothing has happened', () => {
  test.each<[string, string, string]>([
    ['no salt', '{"STATUS":"S","Code":134,"Msg":{"time":"5626","newsalt":"jbzkfQls"}}', 'protocol/wrong-shape'],
    ['no newsalt', '{"STATUS":"S","Code":134,"Msg":{"time":"5626","salt":"BQ5hoXV9"}}', 'protocol/wrong-shape'],
    ['no time', '{"STATUS":"S","Code":134,"Msg":{"salt":"BQ5hoXV9","newsalt":"jbzkfQls"}}', 'protocol/wrong-shape'],
    [
      'a salt of no use',
      '{"STATUS":"S","Code":134,"Msg":{"time":"1","salt":"$1$","newsalt":"x"}}',
      'protocol/wrong-shape',
    ],
    ['a text', '{"STATUS":"S","Code":134,"Msg":"here you are"}', 'protocol/wrong-shape'],
    ['the half of it', '{"STATUS":"S","Code":134,"Msg":{"time":"56', 'protocol/wrong-shape'],
    ['a page', '<html>busy</html>', 'protocol/malformed'],
  ])('%s', async (_, reply, code) => {
    const made = await whatsminer('m50s');
    alter(made, (said, request) => (request.includes('get_token') ? reply : said));
    const heard = heardBy(made);
    const outcome = await act(made.miner, ...SEEN);
    expect(wordOf(outcome)).toEqual(['failed', code]);
    expect(heard.filter((request) => request.startsWith('{"enc"'))).toEqual([]);
    expect(told(made, 'get_miner_info').ledstat).toBe('auto');
  });

  test('no salt on port 4433', async () => {
    const { miner } = await whatsminer('m60s', { login: SUPER, quirks: { 'missing-salt': true } });
    expect(wordOf(await act(miner, ...SEEN))).toEqual(['failed', 'protocol/wrong-shape']);
  });
});

describe('why it does not take a change is told apart', () => {
  const wrong = { ...ADMIN, password: 'wrong_1' };
  test.each([
    ['too many tokens', ADMIN, { 'over-max-connect': true }, 'device/busy', '136'],
    ['strangers hold them all', ADMIN, { 'token-limit-reached': true, 'token-forever': true }, 'device/busy', '136'],
    ['an address that is refused', ADMIN, { 'address-refused': true }, 'auth/address-not-allowed', undefined],
    ['a wrong password', wrong, {}, 'auth/rejected', '23'],
    ['tokens that never work', ADMIN, { 'expired-tokens': true }, 'auth/rejected', '135'],
    ['the switch that is off', ADMIN, { 'write-switch-off': true }, 'auth/writes-off', '45'],
  ])('%s', async (_, login, quirks, code, vendorCode) => {
    const made = await whatsminer('m50s', { login, quirks });
    const heard = heardBy(made);
    const outcome = await act(made.miner, ...SEEN);
    expect([outcome.result, outcome.error?.code, outcome.vendorCode]).toEqual(['refused', code, vendorCode]);
    // None of them makes it ask again and again.
    expect(heard.filter((request) => request.includes('get_token')).length).toBeLessThanOrEqual(2);
  });

  test('an address that answers 45 on get_token is not served either', async () => {
    const made = await whatsminer('m50s');
    alter(made, (said, request) =>
      request.includes('get_token') ? '{"STATUS":"E","Code":45,"Msg":"permission denied"}' : said,
    );
    expect((await act(made.miner, ...SEEN)).error?.code).toBe('auth/address-not-allowed');
  });
});

describe('frames of port 4433', () => {
  test.each([
    ['a length of 4 GB', 'huge-frame', 'protocol/malformed'],
    ['JSON that ends in the middle', 'truncated-frame', 'protocol/truncated'],
  ])('%s: it is not read, and nothing is changed', async (_, quirk, code) => {
    const made = await whatsminer('m60s', { login: SUPER, quirks: { [quirk]: true }, without: ['cgminer'] });
    await expect(made.miner.read()).rejects.toMatchObject({ code });
    expect(wordOf(await act(made.miner, ...SEEN))).toEqual(['failed', code]);
    expect(told(made, 'get_miner_info').ledstat).toBe('auto');
  });

  test('a machine that has both APIs is read at the other one', async () => {
    const { miner } = await whatsminer('m60s', { quirks: { 'huge-frame': true } });
    expect((await miner.read()).state).toBe('mining');
  });
});

describe('the log', () => {
  test.each([
    ['m50s', ADMIN],
    ['m60s', SUPER],
  ])('of an %s that goes on for ever is cut where it was said to end', async (profile, login) => {
    const made = await whatsminer(profile, { login, quirks: { 'endless-log': true } });
    const { result, download } = await act(made.miner, 'downloadLogs');
    expect(result).toBe('done');
    expect(gunzipSync(download?.bytes ?? new Uint8Array()).toString('latin1')).toContain('boot');
    // The connection is ended by us: the machine has its port back.
    expect((await made.miner.read()).state).toBe('mining');
  });

  test('longer than anybody has is not begun with', async () => {
    const made = await answering(
      async (one) =>
        `{"enc":"${sealed('{"STATUS":"S","Code":131,"Msg":{"logfilelen":"9999999999"}}', await keyOf(one))}"}`,
    );
    expect(wordOf(await act(made.miner, 'downloadLogs'))).toEqual(['failed', 'link/too-large']);
  });

  test('whose length is not said, or no number, is not read', async () => {
    for (const msg of ['{}', '{"logfilelen":"-1"}', '{"logfilelen":"all"}', '"here"']) {
      const text = `{"STATUS":"S","Code":131,"Msg":${msg}}`;
      const made = await answering(async (one) => `{"enc":"${sealed(text, await keyOf(one))}"}`);
      expect([msg, ...wordOf(await act(made.miner, 'downloadLogs'))]).toEqual([msg, 'failed', 'protocol/wrong-shape']);
    }
  });

  test('that ends before its end is not handed over', async () => {
    const made = await answering(
      async (one) =>
        `{"enc":"${sealed('{"STATUS":"S","Code":131,"Msg":{"logfilelen":"5000"}}', await keyOf(one))}"}half of it`,
    );
    const outcome = await act(made.miner, 'downloadLogs');
    expect([outcome.result, outcome.error?.code, outcome.download]).toEqual([
      'failed',
      'protocol/truncated',
      undefined,
    ]);
  });
});

describe('a firmware target', () => {
  const bytes = Buffer.from('headframe simulated firmware\nversion: 20270110.12.Rel\n\nbytes');

  test.each([
    ['m50s', ADMIN],
    ['m60s', SUPER],
  ])('%s that closes behind ready has not been updated, and nobody says that it was', async (profile, login) => {
    const made = await whatsminer(profile, { login, quirks: { 'closes-after-ready': true } });
    const before = told(made, 'get_version').fw_ver;
    const given = {
      file: { name: 'upgrade.bin', bytes },
      sha256: createHash('sha256').update(bytes).digest('hex'),
      version: '20270110.12.Rel',
    };
    const outcome = await act(made.miner, 'updateFirmware', given);
    expect(['unknown', 'failed']).toContain(outcome.result);
    expect(told(made, 'get_version').fw_ver).toBe(before);
    // A file that is another one than was meant never leaves.
    const heard = heardBy(made);
    await expect(act(made.miner, 'updateFirmware', { ...given, sha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: expect.stringMatching(/^usage\//),
    });
    expect(heard.filter((request) => request.startsWith('{"enc"'))).toEqual([]);
  });

  test('that takes the file and refuses it says so', async () => {
    const made = await whatsminer('m50s');
    const foreign = Buffer.from('headframe simulated firmware\nversion: 20270110.12.Rel\nmodel: M99\n\nbytes');
    const outcome = await act(made.miner, 'updateFirmware', {
      file: { name: 'upgrade.bin', bytes: foreign },
      sha256: createHash('sha256').update(foreign).digest('hex'),
      version: '20270110.12.Rel',
    });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '132' });
  });
});

test('a machine that is told nonsense goes on', async () => {
  const made = await whatsminer('m50s');
  for (const text of [
    '',
    '\0',
    '{"enc":1,"data":""}',
    '{"enc":1,"data":"AAAA"}',
    '{"cmd":{}}',
    '[[[[',
    'x'.repeat(5000),
  ]) {
    if (text !== '') await say(made, text);
  }
  expect(await saySealed(made, { cmd: 'set_led', param: 'auto' })).toMatchObject({ doc: { Code: 131 } });
});
