import { ACTIONS, blankIdentity, HeadframeError, MASK } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOfAxeos, lacksOfAxeos, ownOfAxeos } from './commands.ts';
import { BitaxeDouble } from './double.testing.ts';
import { axeos } from './index.ts';
import { codeOf, perform, shownBy } from './perform.testing.ts';

const anyone = blankIdentity('axeos');
const actions = actionsOfAxeos(anyone);
const own = ownOfAxeos(anyone);

const POOLS = [
  { url: 'stratum+tcp://a.example:3333', worker: 'w.1', password: 's3cret' },
  { url: 'stratum+ssl://b.example:4444', worker: 'w.2', password: 'x' },
];
const object = (id: number, host: string, port: number, worker: string, password: string, tls: number) =>
  `{"id":${id},"stratumURL":"${host}","stratumPort":${port},"stratumUser":"${worker}","stratumPassword":"${password}","stratumTLS":${tls},"stratumProtocol":"SV1"}`;

describe('the pool list of v2.15', () => {
  test('is replaced as a whole: objects, indexes, and what is left over is cleared', async () => {
    const double = new BitaxeDouble(15);
    double.pools.push({ id: 5, stratumURL: 'old.example', stratumPort: 1, stratumUser: 'o', stratumPassword: 'p' });
    const { done, prepared } = await perform(double, actions.setPools, { pools: POOLS });
    expect(double.writes).toEqual([
      `PATCH /api/system {"pools":[${object(0, 'a.example', 3333, 'w.1', 's3cret', 0)},${object(1, 'b.example', 4444, 'w.2', 'x', 1)}],"primaryPoolIndex":0,"secondaryPoolIndex":1,"useFallbackStratum":0}`,
      'DELETE /api/system/pools/5',
      'POST /api/system/restart',
    ]);
    expect(done).toBe(true);
    expect(double.pools.map(({ id, stratumPassword }) => [id, stratumPassword])).toEqual([
      [0, 's3cret'],
      [1, 'x'],
    ]);
    expect(shownBy(prepared).join('\n')).not.toContain('s3cret');
    expect(shownBy(prepared)[0]).toContain(`"stratumPassword":"${MASK}"`);
  });

  test('of one pool stands in for itself, and clears the fallback', async () => {
    const double = new BitaxeDouble(15);
    const { done } = await perform(double, actions.setPools, { pools: POOLS.slice(0, 1), restart: false });
    expect(double.writes[0]).toMatch(/"primaryPoolIndex":0,"secondaryPoolIndex":0,"useFallbackStratum":0\}$/);
    expect(double.writes.slice(1)).toEqual(['DELETE /api/system/pools/1']);
    expect(done).toBe(true);
    expect(double.pools.map(({ id }) => id)).toEqual([0]);
  });

  test('grows by a pool at the first free place, and shrinks by one', async () => {
    const double = new BitaxeDouble(15);
    const added = await perform(double, actions.addPool, { pool: 'stratum+tcp://c.example:5555,w.3,pw' });
    expect(double.writes).toEqual([
      'PUT /api/system/pools/2 {"stratumURL":"c.example","stratumPort":5555,"stratumUser":"w.3","stratumPassword":"pw","stratumTLS":0,"stratumProtocol":"SV1"}',
    ]);
    expect(added.done).toBe(true);
    const removed = await perform(double, actions.removePool, { pool: 2 });
    expect(double.writes[1]).toBe('DELETE /api/system/pools/2');
    expect([removed.done, double.pools.length]).toEqual([true, 2]);
  });

  test('keeps a pool that is in use, in the words of the device', async () => {
    const { verdicts, done } = await perform(new BitaxeDouble(15), actions.removePool, { pool: 1 });
    expect(verdicts).toEqual([
      {
        accepted: false,
        vendorCode: '400',
        vendorText: 'Cannot delete a pool that is currently selected as primary or fallback',
      },
    ]);
    expect(done).toBe(false);
  });

  test('is switched by its indexes: who was first becomes the fallback', async () => {
    const double = new BitaxeDouble(15);
    const { done } = await perform(double, actions.switchPool, { pool: 1 });
    expect(double.writes[0]).toBe(
      'PATCH /api/system {"primaryPoolIndex":1,"secondaryPoolIndex":0,"useFallbackStratum":0}',
    );
    expect(done).toBe(true);
    expect(await codeOf(perform(double, actions.switchPool, { pool: 4 }))).toBe('usage/invalid');
  });

  test('holds the settings of a pool: the whole object goes back, its password as it is', async () => {
    const double = new BitaxeDouble(15);
    const { done } = await perform(double, own.stratumSuggestedDifficulty, { value: 512, fallback: true });
    expect(double.writes).toEqual([
      'PUT /api/system/pools/1 {"stratumURL":"solo.ckpool.org","stratumPort":3333,"stratumUser":"bc1q.bitaxe","stratumSuggestedDifficulty":512,"stratumExtranonceSubscribe":false,"stratumTLS":0,"stratumDecodeCoinbase":true,"stratumProtocol":"SV1","stratumPassword":"*****"}',
      'POST /api/system/restart',
    ]);
    expect(done).toBe(true);
    expect(double.pools[1]?.stratumPassword).toBe('old-secret');
  });

  test('has flags as booleans within its objects', async () => {
    const double = new BitaxeDouble(15);
    expect((await perform(double, own.stratumV2RequireAuth, { value: 'on' })).done).toBe(true);
    expect(double.pools[0]?.stratumV2RequireAuth).toBe(true);
    expect((await perform(double, own.stratumDecodeCoinbase, { value: 'off' })).done).toBe(true);
    expect(double.pools[0]?.stratumDecodeCoinbase).toBe(false);
  });
});

describe('pools before v2.15', () => {
  test('are a host without a scheme and a port, whatever the document shows', async () => {
    const double = new BitaxeDouble(9);
    await perform(double, actions.setPools, { pools: POOLS.slice(0, 1) });
    expect(double.writes[0]).toBe(
      'PATCH /api/system {"stratumURL":"a.example","stratumPort":3333,"stratumUser":"w.1","stratumPassword":"s3cret","fallbackStratumURL":""}',
    );
  });

  test('cannot be three, encrypted before v2.13, of version 2 before v2.14, or without a port', async () => {
    const attempt = (release: number, ...urls: string[]) =>
      codeOf(
        perform(new BitaxeDouble(release), actions.setPools, {
          pools: urls.map((url) => ({ url, worker: 'w', password: 'x' })),
        }),
      );
    const plain = 'stratum+tcp://a.example:1';
    expect(await attempt(14, plain, plain, plain)).toBe('usage/invalid');
    expect(await attempt(12, 'stratum+ssl://a.example:1')).toBe('support/unsupported');
    expect(await attempt(13, 'stratum2+tcp://a.example:1/key')).toBe('support/unsupported');
    expect(await attempt(13, 'stratum+tcp://a.example')).toBe('usage/invalid');
    expect(await attempt(13, 'stratum+tcp://a.example:0')).toBe('usage/invalid');
    expect(await attempt(13, 'http://a.example:80')).toBe('usage/invalid');
  });

  test('of Stratum V2 carry the key of the pool', async () => {
    const double = new BitaxeDouble(14);
    const pools = [{ url: 'stratum2+tcp://a.example:34254/9bXiEd', worker: 'w', password: 'x' }];
    const { done } = await perform(double, actions.setPools, { pools });
    expect(double.writes[0]).toContain('"stratumProtocol":"SV2","stratumV2AuthorityPubkey":"9bXiEd"');
    expect(done).toBe(true);
  });

  test('are switched only where there is a fallback', async () => {
    const double = new BitaxeDouble(12, { fallbackStratumURL: '' });
    expect(await codeOf(perform(double, actions.switchPool, { pool: 1 }))).toBe('usage/invalid');
    expect(double.writes).toEqual([]);
  });
});

describe('clock and voltage', () => {
  test('that its page does not offer want overclockEnabled, which the device does not check', async () => {
    const double = new BitaxeDouble(12);
    await expect(perform(double, actions.setFrequency, { frequencyMHz: 570.5 })).rejects.toThrow(
      /570.5 MHz is none of the values of this device \(it lists 400, 490, 525, 550, 600, 625 MHz\), and overclockEnabled is off/,
    );
    expect(await codeOf(perform(double, actions.setVoltage, { voltageV: 1.13 }))).toBe('usage/invalid');
    double.stored.overclockEnabled = 1;
    const { done, prepared } = await perform(double, actions.setFrequency, { frequencyMHz: 570.5 });
    expect(prepared.notes?.[0]).toMatch(/a value of your own, and nothing checks it/);
    expect([done, double.stored.frequency]).toEqual([true, 570.5]);
  });

  test('far beyond everything are a slip of the finger, whatever is allowed', async () => {
    const double = new BitaxeDouble(12, { overclockEnabled: 1 });
    expect(await codeOf(perform(double, actions.setFrequency, { frequencyMHz: 5250 }))).toBe('usage/invalid');
    expect(await codeOf(perform(double, actions.setVoltage, { voltageV: 12 }))).toBe('usage/invalid');
    expect(double.writes).toEqual([]);
  });

  test('have no page that lists them before v2.7: the list of its chip counts', async () => {
    const double = new BitaxeDouble(4);
    expect((await perform(double, actions.setFrequency, { frequencyMHz: 490 })).prepared.notes).toBeUndefined();
    expect(double.reads).not.toContain('GET /api/system/asic');
    const noted = await perform(double, actions.setFrequency, { frequencyMHz: 500 });
    expect(noted.prepared.notes?.[0]).toMatch(/500 MHz is a value of your own/);
    expect(await codeOf(perform(double, actions.setFrequency, { frequencyMHz: 490.5 }))).toBe('usage/invalid');
  });

  test('count when the hardware does it, not when the setting repeats it', async () => {
    const double = new BitaxeDouble(14);
    const lie = { ...double.info(), frequency: 600, actualFrequency: 525, coreVoltage: 1250, coreVoltageActual: 1100 };
    double.instead['GET /api/system/info'] = () => double.json(lie);
    const clock = await perform(double, actions.setFrequency, { frequencyMHz: 600 });
    expect([clock.done, clock.values]).toEqual([false, { frequency: 600, actualFrequency: 525 }]);
    const voltage = await perform(double, actions.setVoltage, { voltageV: 1.25 });
    expect([voltage.done, voltage.values]).toEqual([false, { coreVoltage: 1250, coreVoltageActual: 1100 }]);
    Object.assign(lie, { miningPaused: true, actualFrequency: 0 });
    expect((await perform(double, actions.setFrequency, { frequencyMHz: 600 })).done).toBe(true);
  });
});

describe('the unit', () => {
  test.each([
    [12, 'System will restart shortly.'],
    [13, 'System will restart shortly.'],
  ])('v2.%i restarts, and is followed until it is back', async (release, vendorText) => {
    const double = new BitaxeDouble(release);
    const { done, values, verdicts } = await perform(double, actions.reboot);
    expect(double.writes).toEqual(['POST /api/system/restart']);
    expect(verdicts).toEqual([{ accepted: true, vendorText }]);
    expect(done).toBe(true);
    expect(values.systemUptimeS).toBeLessThan(60);
    expect((await perform(double, actions.restartMiner)).done).toBe(true);
  });

  test('that says it restarts and does not is found out', async () => {
    const double = new BitaxeDouble(12);
    double.instead['POST /api/system/restart'] = double.reply(200, 'System will restart shortly.');
    expect((await perform(double, actions.reboot)).done).toBe(false);
  });

  test('that drops the connection as it restarts is no failure', async () => {
    const double = new BitaxeDouble(12);
    double.instead['POST /api/system/restart'] = () => {
      double.restart();
      return new HeadframeError('link/reset');
    };
    expect((await perform(double, actions.reboot)).done).toBe(true);
  });

  test('pauses and resumes from v2.14 on', async () => {
    const double = new BitaxeDouble(14);
    expect((await perform(double, actions.pause)).done).toBe(true);
    expect(double.stored.miningPaused).toBe(true);
    expect((await perform(double, actions.resume)).done).toBe(true);
    expect(double.writes).toEqual(['POST /api/system/pause', 'POST /api/system/resume']);
    expect(lacksOfAxeos({ ...anyone, firmwareVersion: 'v2.13.1' }).pause).toBe(
      'it came with v2.14, and this one has v2.13.1',
    );
  });

  test.each([12, 14])(
    'v2.%i says Hi! by a toggle that is turned once more where it turned the wrong way',
    async (release) => {
      const double = new BitaxeDouble(release);
      expect((await perform(double, actions.locate, { on: true })).done).toBeNull();
      expect([double.saysHi, double.writes.length]).toEqual([true, 1]);
      await perform(double, actions.locate, { on: true });
      expect([double.saysHi, double.writes.length]).toEqual([true, 3]);
      await perform(double, actions.locate, { on: false });
      expect([double.saysHi, double.writes.length]).toEqual([false, 4]);
    },
  );

  test('takes the message of a found block away, changes its colours, and starts another partition', async () => {
    const double = new BitaxeDouble(15);
    expect((await perform(double, own['blockFound-dismiss'])).done).toBe(true);
    const colours = await perform(double, own.theme, { colorScheme: 'light', primaryColor: '#00ff00' });
    expect([colours.done, double.theme]).toEqual([true, { colorScheme: 'light', primaryColor: '#00ff00' }]);
    const { done } = await perform(double, own.boot, { partition: 'ota_0' });
    expect([done, double.stored.runningPartition]).toEqual([true, 'ota_0']);
    expect(await codeOf(perform(double, own.boot, { partition: 'ota_9' }))).toBe('usage/invalid');
  });

  test('keeps the colours that are not to change before v2.15', async () => {
    const double = new BitaxeDouble(8);
    expect((await perform(double, own.theme, { colorScheme: 'light' })).done).toBe(true);
    expect(double.theme).toEqual({ colorScheme: 'light', accentColors: { '--p': '#F80421' } });
    expect(await codeOf(perform(double, own.theme, { colorScheme: 'dark', primaryColor: 'red' }))).toBe(
      'support/unsupported',
    );
  });

  test('joins an open Wi-Fi with an empty password, which v2.11 alone refuses', async () => {
    const double = new BitaxeDouble(10);
    await perform(double, actions.setNetwork, { ssid: 'Open' });
    expect(double.writes[0]).toBe('PATCH /api/system {"ssid":"Open","wifiPass":""}');
    expect(await codeOf(perform(new BitaxeDouble(11), actions.setNetwork, { ssid: 'Open' }))).toBe(
      'support/unsupported',
    );
  });

  test('never shows the password of the Wi-Fi', async () => {
    const { prepared } = await perform(new BitaxeDouble(12), actions.setNetwork, {
      ssid: 'Attic',
      wifiPass: 'very s3cret',
    });
    expect(shownBy(prepared).join('\n')).not.toContain('very s3cret');
    expect(shownBy(prepared)[0]).toBe(
      `PATCH /api/system\nContent-Type: application/json\n\n{"ssid":"Attic","wifiPass":"${MASK}"}`,
    );
  });
});

describe('refusals and bad answers', () => {
  const wanted = { targetC: 60 };
  const answering = (status: number, text: string) => {
    const double = new BitaxeDouble(12);
    double.instead['PATCH /api/system'] = double.reply(status, text);
    return perform(double, actions.setTemperatureTarget, wanted).then(({ verdicts }) => verdicts[0]);
  };

  test('are the device’s own words', async () => {
    expect(await answering(400, 'Wrong API input')).toEqual({
      accepted: false,
      vendorCode: '400',
      vendorText: 'Wrong API input',
    });
    expect(await answering(500, 'content too long')).toMatchObject({ accepted: false, vendorCode: '500' });
    expect(await answering(401, 'Unauthorized')).toMatchObject({
      code: 'auth/address-not-allowed',
      context: { vendorCode: '401', vendorText: 'Unauthorized' },
    });
    expect(await answering(404, '{"error":"unknown route"}')).toMatchObject({ code: 'support/unsupported' });
    expect(await answering(302, 'Redirect to the captive portal')).toMatchObject({ code: 'support/unsupported' });
  });

  test('of another program are no yes', async () => {
    expect(await answering(200, '<html>router</html>')).toMatchObject({ code: 'protocol/wrong-shape' });
    expect(await answering(200, '')).toEqual({ accepted: true });
  });

  test('leave an unknown machine alone: a NerdQAxe, and what names no chip', async () => {
    for (const info of ['{"ASICModel":"BM1370","deviceModel":"NerdQAxe++"}', '{"model":"x"}', '[]']) {
      const double = new BitaxeDouble(12);
      double.instead['GET /api/system/info'] = double.reply(200, info);
      expect(await codeOf(perform(double, actions.reboot))).toBe('protocol/wrong-shape');
      expect(double.writes).toEqual([]);
    }
  });

  test('of the look before keep everything from being sent', async () => {
    for (const [given, code] of [
      [401, 'auth/address-not-allowed'],
      [500, 'device/refused'],
    ] as const) {
      const double = new BitaxeDouble(12);
      double.instead['GET /api/system/info'] = double.reply(given, 'Unauthorized');
      expect(await codeOf(perform(double, actions.reboot))).toBe(code);
      expect(double.writes).toEqual([]);
    }
    const cut = new BitaxeDouble(12);
    cut.instead['GET /api/system/info'] = cut.reply(200, '<html>');
    expect(await codeOf(perform(cut, actions.reboot))).toMatch(/^protocol\//);
  });
});

test('every action of the vocabulary is there or has a reason', () => {
  for (const firmwareVersion of [null, 'v2.4.0', 'v2.11.2', 'v2.15.1', 'a1b2c3d']) {
    const identity = { ...anyone, firmwareVersion };
    const there = { ...actionsOfAxeos(identity), ...lacksOfAxeos(identity) };
    expect(Object.keys(there).sort()).toEqual(Object.keys(ACTIONS).sort());
    for (const reason of Object.values(lacksOfAxeos(identity))) expect(reason.length).toBeGreaterThan(10);
  }
  expect(axeos.id).toBe('axeos');
});
