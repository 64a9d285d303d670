import { ACTIONS, type Action, HeadframeError, MASK } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { imageOf } from '../axeos/image.testing.ts';
import { codeOf, perform, shownBy } from '../axeos/perform.testing.ts';
import { actionsOfNerdqaxe, lacksOfNerdqaxe, ownOfNerdqaxe } from './commands.ts';
import { NerdqaxeDouble } from './double.testing.ts';

const actions = actionsOfNerdqaxe();
const own = ownOfNerdqaxe();
const byName: Readonly<Record<string, Action | undefined>> = {
  ...actions,
  ...Object.fromEntries(Object.entries(own).map(([key, one]) => [`nerdqaxe.${key}`, one])),
};
const RESTART = 'POST /api/system/restart';
const SHA256 = 'b'.repeat(64);

type Case = [name: string, given: Record<string, unknown>, writes: string[], done: boolean | null];

const CASES: Case[] = [
  [
    'setPools',
    { pools: ['stratum+tcp://a.example:3333,w.1,s3cret', 'stratum+ssl://b.example:4444,w.2'] },
    [
      'PATCH /api/system {"stratumURL":"a.example","stratumPort":3333,"stratumTLS":false,"stratumUser":"w.1","stratumPassword":"s3cret","fallbackStratumURL":"b.example","fallbackStratumPort":4444,"fallbackStratumTLS":true,"fallbackStratumUser":"w.2","fallbackStratumPassword":"x"}',
      RESTART,
    ],
    true,
  ],
  [
    'setPools',
    { pools: ['stratum+tcp://a.example:3333,w.1'], restart: 'off' },
    [
      'PATCH /api/system {"stratumURL":"a.example","stratumPort":3333,"stratumTLS":false,"stratumUser":"w.1","stratumPassword":"x","fallbackStratumURL":""}',
    ],
    true,
  ],
  ['reboot', {}, [RESTART], true],
  ['restartMiner', {}, [RESTART], true],
  ['pause', {}, ['POST /api/system/shutdown'], true],
  ['resume', {}, [RESTART], true],
  ['setFrequency', { frequencyMHz: 550 }, ['PATCH /api/system {"frequency":550}'], true],
  ['setVoltage', { voltageV: 1.2 }, ['PATCH /api/system {"coreVoltage":1200}'], true],
  ['setFan', { percent: 70 }, ['PATCH /api/system {"autofanspeed":0,"manualFanSpeed":70}'], true],
  ['setFan', { percent: 'auto' }, ['PATCH /api/system {"autofanspeed":2}'], true],
  ['setTemperatureTarget', { targetC: 60 }, ['PATCH /api/system {"pidTargetTemp":60}'], true],
  ['setHostname', { hostname: 'nerd-7' }, ['PATCH /api/system {"hostname":"nerd-7"}'], true],
  [
    'setNetwork',
    { ssid: 'Attic', wifiPass: 'long enough' },
    ['PATCH /api/system {"ssid":"Attic","wifiPass":"long enough"}', RESTART],
    true,
  ],
  [
    'setNetwork',
    { ssid: 'Attic', wifiPass: 'long enough', restart: false },
    ['PATCH /api/system {"ssid":"Attic","wifiPass":"long enough"}'],
    null,
  ],
  ['nerdqaxe.jobInterval', { intervalMs: 800 }, ['PATCH /api/system {"jobInterval":800}'], true],
  ['nerdqaxe.vrFrequency', { frequency: 30000 }, ['PATCH /api/system {"vrFrequency":30000}'], true],
  ['nerdqaxe.overheat_temp', { tempC: 75 }, ['PATCH /api/system {"overheat_temp":75}'], true],
  ['nerdqaxe.stratumDifficulty', { difficulty: 4096 }, ['PATCH /api/system {"stratumDifficulty":4096}'], true],
  ['nerdqaxe.pidP', { factor: 2.5 }, ['PATCH /api/system {"pidP":2.5}'], true],
  ['nerdqaxe.pidI', { factor: 0.2 }, ['PATCH /api/system {"pidI":0.2}'], true],
  ['nerdqaxe.pidD', { factor: 3 }, ['PATCH /api/system {"pidD":3}'], true],
  ['nerdqaxe.flipscreen', { on: true }, ['PATCH /api/system {"flipscreen":true}'], true],
  ['nerdqaxe.invertscreen', { on: true }, ['PATCH /api/system {"invertscreen":true}'], true],
  ['nerdqaxe.autoscreenoff', { on: true }, ['PATCH /api/system {"autoscreenoff":true}'], true],
  ['nerdqaxe.invertfanpolarity', { on: true }, ['PATCH /api/system {"invertfanpolarity":true}'], true],
  ['nerdqaxe.stratum_keep', { on: true }, ['PATCH /api/system {"stratum_keep":true}'], true],
  [
    'nerdqaxe.influx',
    { enable: true, port: 8087, token: 't0ken' },
    ['PATCH /api/v2/influx {"enabled":true,"port":8087,"token":"t0ken"}'],
    true,
  ],
  ['nerdqaxe.alert', { blockFound: true }, ['PATCH /api/v2/alert {"blockFoundEnable":true}'], true],
  [
    'nerdqaxe.alert',
    { webhook: 'https://hook.example/s3cret' },
    ['PATCH /api/v2/alert {"webhookUrl":"https://hook.example/s3cret"}'],
    null,
  ],
  [
    'nerdqaxe.fan',
    { fan: 1, mode: 'manual', percent: 60, targetC: 60 },
    ['PATCH /api/v2/settings {"fans":[{},{"mode":0,"manualSpeed":60,"pid":{"targetTemp":60}}]}'],
    true,
  ],
  ['nerdqaxe.fan', { fan: 1, mode: 'follow' }, ['PATCH /api/v2/settings {"fans":[{},{"mode":3}]}'], true],
  ['nerdqaxe.fan', { fan: 0, mode: 'pid' }, ['PATCH /api/v2/settings {"fans":[{"mode":2}]}'], true],
  [
    'nerdqaxe.poolMode',
    { mode: 'dual', balance: 30 },
    ['PATCH /api/v2/settings {"poolMode":1,"poolBalance":30}', RESTART],
    true,
  ],
  [
    'nerdqaxe.pool',
    { pool: 1, protocol: 'SV2', extranonce: true, verify: 'extended', maxFee: 2.5, restart: false },
    [
      'PATCH /api/v2/settings {"pools":[{},{"protocol":1,"enonceSubscribe":true,"coinbaseVerifyMode":2,"coinbaseMaxFee":2.5}]}',
    ],
    true,
  ],
  ['nerdqaxe.alert-test', {}, ['POST /api/v2/alert/test'], null],
  ['nerdqaxe.reset-stats', {}, ['POST /api/system/reset-stats'], null],
  ['nerdqaxe.otp-enroll', {}, ['POST /api/v2/otp'], null],
  ['nerdqaxe.otp', { on: true, otp: '123456' }, ['PATCH /api/v2/otp {"enabled":true}'], true],
];

describe('a NerdQAxe++', () => {
  test.each(CASES)('does %s %j', async (name, given, writes, done) => {
    const double = new NerdqaxeDouble({ shutdown: name === 'resume' });
    const performed = await perform(double, byName[name], given);
    expect(double.writes).toEqual(writes);
    expect(performed.done).toBe(done);
    expect(performed.verdicts.every((one) => 'accepted' in one && one.accepted)).toBe(true);
    expect(shownBy(performed.prepared).join('\n')).not.toMatch(/s3cret|long enough|t0ken|123456/);
  });

  test.each(CASES.filter(([, , [first], done]) => done === true && first?.includes('PATCH /api/system')))(
    'that says yes to %s and passes it over is found out',
    async (name, given, [first]) => {
      const double = new NerdqaxeDouble();
      const [key] = Object.keys(JSON.parse(first?.slice('PATCH /api/system '.length) ?? '{}')).reverse();
      double.deaf.add(key === 'wifiPass' ? 'ssid' : key === 'fallbackStratumPassword' ? 'stratumURL' : (key ?? ''));
      double.stored.autofanspeed = name === 'setFan' && given.percent === 'auto' ? 0 : 2;
      expect((await perform(double, byName[name], given)).done).toBe(false);
    },
  );

  test('passes a flag over that is a number, so flags leave as booleans', async () => {
    const double = new NerdqaxeDouble();
    const { done } = await perform(double, own.flipscreen, { on: '1' });
    expect([done, double.writes]).toEqual([true, ['PATCH /api/system {"flipscreen":true}']]);
  });

  test('of an older version is told fanspeed, and is not told what it does not show', async () => {
    const double = new NerdqaxeDouble({ manualFanSpeed: undefined, vrFrequency: undefined, stratumTLS: undefined });
    await perform(double, actions.setFan, { percent: 40 });
    expect(double.writes).toEqual(['PATCH /api/system {"autofanspeed":0,"fanspeed":40}']);
    expect(await codeOf(perform(double, own.vrFrequency, { frequency: 30000 }))).toBe('support/unsupported');
    const tls = { pools: ['stratum+ssl://a.example:1,w'] };
    expect(await codeOf(perform(double, actions.setPools, tls))).toBe('support/unsupported');
    expect(await codeOf(perform(double, own.alert, { bestDiff: true }))).toBe('support/unsupported');
    expect(await codeOf(perform(double, own.influx, {}))).toBe('usage/invalid');
    expect(await codeOf(perform(double, own.pool, { pool: 0 }))).toBe('usage/invalid');
    expect(await codeOf(perform(double, own.pool, { pool: 0, tls: true }))).toBe('support/unsupported');
    expect(await codeOf(perform(double, own.fan, { fan: 0, mode: 'follow' }))).toBe('usage/invalid');
    double.settings.fans.pop();
    expect(await codeOf(perform(double, own.fan, { fan: 1, mode: 'pid' }))).toBe('usage/invalid');
    expect(double.writes).toHaveLength(1);
    const plain = { pools: ['stratum+tcp://a.example:1,w'], restart: false };
    await perform(double, actions.setPools, plain);
    expect(double.writes[1]).not.toContain('TLS');
  });

  test('is warned of clocks of one’s own, and not told what is a slip of the finger', async () => {
    const double = new NerdqaxeDouble();
    const { prepared } = await perform(double, actions.setFrequency, { frequencyMHz: 610 });
    expect(prepared.notes?.[0]).toBe(
      '610 MHz is a value of your own, and nothing checks it: it lists 500, 550, 600 MHz',
    );
    expect(await codeOf(perform(double, actions.setFrequency, { frequencyMHz: 6000 }))).toBe('usage/invalid');
    expect(await codeOf(perform(double, actions.setVoltage, { voltageV: 12 }))).toBe('usage/invalid');
    double.instead['GET /api/system/asic'] = double.reply(302, '');
    expect((await perform(double, actions.setFrequency, { frequencyMHz: 620 })).prepared.notes?.[0]).toMatch(
      /it lists none/,
    );
  });

  test('leaves a Bitaxe alone', async () => {
    const double = new NerdqaxeDouble({ deviceModel: undefined });
    for (const name of [
      'reboot',
      'nerdqaxe.otp',
      'nerdqaxe.otp-enroll',
      'downloadLogs',
      'nerdqaxe.dashboard',
      'nerdqaxe.wifi-scan',
      'nerdqaxe.history',
    ]) {
      expect(
        await codeOf(perform(double, byName[name], name === 'nerdqaxe.otp' ? { on: true, otp: '123456' } : {})),
      ).toBe('protocol/wrong-shape');
    }
    expect(double.writes).toEqual([]);
  });
});

describe('one-time passwords', () => {
  const locked = () => new NerdqaxeDouble({ otp: true });

  test('open a session that carries all requests of an action, and the next ones', async () => {
    const double = locked();
    const given = { pools: ['stratum+tcp://a.example:3333,w.1'], otp: '123456' };
    const first = await perform(double, actions.setPools, given);
    expect(double.writes[0]).toBe('POST /api/v2/otp/session');
    expect(double.sentOtp).toEqual(['token-1', 'token-1']);
    expect([first.done, first.session?.key, first.session?.kept]).toEqual([true, 'token-1', true]);
    await first.session?.close(double.links);
    const next = await perform(double, own.jobInterval, { intervalMs: 700 }, first.session?.key ?? null);
    expect(next.done).toBe(true);
    expect(double.writes.filter((one) => one.includes('session'))).toHaveLength(1);
  });

  test('are shown nowhere', async () => {
    const double = locked();
    const prepared = await actions.reboot?.prepare(double.links, { otp: '123456' });
    expect(prepared?.session?.shown.open).toEqual([`POST /api/v2/otp/session\nX-TOTP: ${MASK}`]);
    expect(prepared?.steps[0]?.request('token-1').shown).toBe(`POST /api/system/restart\nX-OTP-Session: ${MASK}`);
    const off = await own.otp?.prepare(double.links, { on: false, otp: '123456' });
    expect(off?.steps[0]?.request('').shown).toBe(
      `PATCH /api/v2/otp\nContent-Type: application/json\nX-TOTP: ${MASK}\n\n{"enabled":false}`,
    );
  });

  test('that are missing, wrong or too many are told apart, and nothing is changed', async () => {
    const double = locked();
    expect(await codeOf(perform(double, actions.reboot))).toBe('auth/required');
    expect(await codeOf(perform(double, actions.reboot, { otp: '000000' }))).toBe('auth/rejected');
    expect(await codeOf(perform(double, actions.reboot, { otp: 'word' }))).toBe('usage/invalid');
    double.instead['POST /api/v2/otp/session'] = double.reply(401, 'blocked for 5 minutes');
    expect(await codeOf(perform(double, actions.reboot, { otp: '123456' }))).toBe('device/busy');
    double.instead['POST /api/v2/otp/session'] = double.reply(401, 'Unauthorized');
    expect(await codeOf(perform(double, actions.reboot, { otp: '123456' }))).toBe('auth/address-not-allowed');
    double.instead['POST /api/v2/otp/session'] = double.reply(200, '{}');
    expect(await codeOf(perform(double, actions.reboot, { otp: '123456' }))).toBe('protocol/wrong-shape');
    double.instead['POST /api/v2/otp/session'] = double.reply(500, 'Session error');
    expect(await codeOf(perform(double, actions.reboot, { otp: '123456' }))).toBe('device/refused');
    expect(double.writes.filter((one) => !one.includes('session'))).toEqual([]);
  });

  test('whose session ran out are asked for again', async () => {
    const { verdicts } = await perform(locked(), actions.reboot, {}, 'token-of-yesterday');
    expect(verdicts).toMatchObject([{ code: 'auth/rejected', context: { vendorText: 'OTP/Session required' } }]);
  });

  test('are switched off with a password of the moment, and not begun twice', async () => {
    const double = locked();
    expect(await codeOf(perform(double, own['otp-enroll']))).toBe('usage/invalid');
    const { verdicts } = await perform(double, own.otp, { on: false, otp: '999999' });
    expect(verdicts).toMatchObject([{ code: 'auth/rejected' }]);
    const { done } = await perform(double, own.otp, { on: false, otp: '123456' });
    expect([done, double.stored.otp]).toEqual([true, false]);
  });

  test('that are off ask for nothing, and send nothing', async () => {
    const double = new NerdqaxeDouble();
    const { session } = await perform(double, actions.reboot, { otp: '123456' });
    expect([session, double.sentOtp]).toEqual([null, [undefined]]);
  });
});

describe('files', () => {
  const update = (double: NerdqaxeDouble, bytes: Uint8Array, version: string) =>
    perform(double, actions.updateFirmware, {
      file: { name: 'esp-miner-NerdQAxe++.bin', bytes },
      sha256: SHA256,
      version,
    });

  test('of this very model go up, and the version that shows afterwards decides', async () => {
    const double = new NerdqaxeDouble();
    const image = imageOf({ version: 'v1.0.37', text: 'NerdQAxe++' });
    const { done } = await update(double, image, 'v1.0.37');
    expect([done, double.stored.version]).toEqual([true, 'v1.0.37']);
    expect(double.writes).toEqual([`POST /api/system/OTA <${image.length} bytes>`]);
  });

  test.each([
    ['of another model', imageOf({ version: 'v1.0.37', text: 'NerdQAxe+ NerdOCTAXE' })],
    ['of a Bitaxe', imageOf({ version: 'v2.12.2' })],
    ['that are the web page', new Uint8Array(4096)],
  ])('%s are refused before a byte of them leaves', async (_, bytes) => {
    const double = new NerdqaxeDouble();
    expect(await codeOf(update(double, bytes, 'v1.0.37'))).toBe('usage/invalid');
    expect(double.writes).toEqual([]);
  });

  test('of the web page are written', async () => {
    const double = new NerdqaxeDouble();
    const { done, verdicts } = await perform(double, own.OTAWWW, {
      file: { name: 'www.bin', bytes: new Uint8Array(2048) },
      sha256: SHA256,
    });
    expect([done, verdicts]).toEqual([null, [{ accepted: true, vendorText: 'WWW update complete' }]]);
  });
});

describe('what is fetched', () => {
  const fetched = async (double: NerdqaxeDouble, name: string, given: Record<string, unknown> = {}) => {
    const { prepared } = await perform(double, byName[name], given);
    return new TextDecoder().decode((await prepared.download?.(double.links))?.bytes);
  };

  test.each([
    ['asic', '/api/system/asic'],
    ['dashboard', '/api/v2/dashboard'],
    ['settings', '/api/v2/settings'],
    ['system', '/api/v2/system'],
    ['can-nodes', '/api/v2/can/nodes'],
    ['swarm', '/api/swarm/info'],
  ])('is %s as it is', async (name, path) => {
    const double = new NerdqaxeDouble();
    expect((await fetched(double, `nerdqaxe.${name}`)).length).toBeGreaterThan(2);
    expect(double.reads.at(-1)).toBe(`GET ${path}`);
  });

  test('is the history of a time of its own clock, the log for some seconds, and no network list while it is connected', async () => {
    const double = new NerdqaxeDouble();
    expect(await fetched(double, 'nerdqaxe.history', { spanS: 1800, rows: 50 })).toContain('"history"');
    expect(double.reads.at(-1)).toBe('GET /api/system/info?ts=5400000&limit=50&history_span=1800000&cur=0');
    double.messages = ['a', 'b', 'c'];
    expect(await fetched(double, 'downloadLogs', { seconds: 2 })).toBe('a\nb\n');
    expect(await codeOf(fetched(double, 'nerdqaxe.wifi-scan'))).toBe('auth/address-not-allowed');
    const old = new NerdqaxeDouble({ hashRateTimestamp: undefined });
    expect(await codeOf(fetched(old, 'nerdqaxe.history'))).toBe('support/unsupported');
  });
});

describe('bad answers', () => {
  test('are no yes, and silence as it restarts is no failure', async () => {
    const double = new NerdqaxeDouble();
    double.instead['PATCH /api/system'] = double.reply(200, '<html>');
    expect((await perform(double, actions.setFan, { percent: 10 })).verdicts).toMatchObject([
      { code: 'protocol/wrong-shape' },
    ]);
    double.instead['PATCH /api/system'] = double.reply(400, 'Invalid JSON');
    expect((await perform(double, actions.setFan, { percent: 10 })).verdicts).toEqual([
      { accepted: false, vendorCode: '400', vendorText: 'Invalid JSON' },
    ]);
    double.instead['POST /api/v2/alert/test'] = double.reply(500, 'Send failed');
    expect((await perform(double, own['alert-test'])).verdicts).toEqual([
      { accepted: false, vendorCode: '500', vendorText: 'Send failed' },
    ]);
    double.instead['POST /api/system/restart'] = () => {
      double.restart();
      return new HeadframeError('link/closed-empty');
    };
    expect((await perform(double, actions.reboot)).done).toBe(true);
  });
});

test('every action of the vocabulary is there or has a reason', () => {
  const there = { ...actions, ...lacksOfNerdqaxe() };
  expect(Object.keys(there).sort()).toEqual(Object.keys(ACTIONS).sort());
});
