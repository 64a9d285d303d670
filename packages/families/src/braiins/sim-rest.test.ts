import { sha256Hex } from '@headframe/wire/http';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE } from './sim.testing.ts';
import { Caller, caller, textOf } from './sim-doors.testing.ts';
import { formParts } from './sim-rest-multipart.ts';

const NO_TOKEN = [401, 'Missing or invalid authentication token'] as const;
const NEWEST = 's19j-pro-26.05';
const XP = 's19-xp-25.07';

describe('REST of BraiinsOS', () => {
  test('is there from 25.07 on, and says its version to everybody', () => {
    expect(new Caller({ name: XP }).rest('GET', 'version/')).toEqual([200, { major: 1, minor: 0, patch: 0 }]);
    expect(new Caller({ name: 's19-26.04' }).rest('GET', 'version/')).toEqual([200, { major: 1, minor: 3, patch: 0 }]);
    expect(new Caller({ name: 's21-plus-25.03' }).rest('GET', 'version/')[0]).toBe(404);
  });

  test('wants the token of a login, without a word before it', () => {
    const somebody = new Caller({ name: XP });
    expect(somebody.rest('GET', 'miner/details')).toEqual(NO_TOKEN);
    expect(somebody.rest('POST', 'auth/login', { username: 'admin', password: '' })[0]).toBe(401);
    const [status, body] = somebody.rest('POST', 'auth/login', { username: 'root', password: 'root' });
    expect([status, body]).toEqual([200, { token: expect.stringMatching(/^[A-Za-z0-9]{16}$/), timeout_s: 3600 }]);
    somebody.token = `Bearer ${body.token}`;
    expect(somebody.rest('GET', 'miner/details')).toEqual(NO_TOKEN);
    somebody.token = body.token;
    expect(somebody.rest('GET', 'miner/details')[0]).toBe(200);
  });

  test('keeps a token while it is used, and forgets it after an hour without use', () => {
    const somebody = caller({ name: XP });
    for (let i = 0; i < 3; i++) expect(somebody.after(HOUR - MINUTE).rest('GET', 'miner/stats')[0]).toBe(200);
    expect(somebody.after(HOUR).rest('GET', 'miner/stats')).toEqual(NO_TOKEN);
  });

  test('says 401 for ever where it does so', () => {
    const somebody = caller({ name: XP, quirks: { 'rest-401-loop': true } });
    expect(somebody.token).toMatch(/^[A-Za-z0-9]{16}$/);
    for (let i = 0; i < 3; i++) expect(somebody.rest('GET', 'miner/details')[0]).toBe(401);
    expect(somebody.rest('GET', 'version/')[0]).toBe(200);
  });

  test('has the password that was set, and none when it was taken away', () => {
    const somebody = caller();
    expect(somebody.rest('PUT', 'auth/password', { password: '1234' })).toEqual([204, '']);
    expect(new Caller().rest('POST', 'auth/login', { username: 'root', password: '1234' })[0]).toBe(200);
    expect(somebody.rest('POST', 'auth/login', { username: 'root', password: 'root' })[0]).toBe(401);
    somebody.rest('PUT', 'auth/password', { password: null });
    expect(somebody.rest('POST', 'auth/login', { username: 'root', password: '' })[0]).toBe(200);
  });

  test.each([
    ['GET', 'nothing', 404],
    ['GET', 'miner', 404],
    ['GET', 'miner/details/more', 404],
    ['POST', 'miner/details', 405],
    ['GET', 'miner/log/nothing', 400],
    ['DELETE', 'pools/nobody', 404],
  ])('refuses %s %s with %d', (verb, path, status) => {
    expect(caller({ name: NEWEST }).rest(verb, path)[0]).toBe(status);
  });

  test('takes the paths with a slash at their end without it, too', () => {
    const somebody = caller({ name: XP });
    for (const path of ['version', 'network', 'pools']) {
      expect(somebody.rest('GET', path)).toEqual(somebody.rest('GET', `${path}/`));
    }
  });

  test.each([
    ['PUT', 'actions/factory-reset'],
    ['GET', 'miner/log/bosminer'],
    ['PATCH', 'performance/power-target/relative'],
    ['PATCH', 'performance/hashrate-target/relative'],
    ['GET', 'upgrade/auto-upgrade'],
    ['POST', 'upgrade/system-upgrade'],
    ['POST', 'upgrade/restore-stock'],
  ])('has %s %s in 26.04 and not in 25.07', (verb, path) => {
    expect(new Caller({ name: XP }).rest(verb, path)[0]).toBe(404);
    expect(new Caller({ name: 's19-26.04' }).rest(verb, path)[0]).toBe(401);
  });

  test('writes a number with decimals with a point, and null for what is absent', () => {
    const somebody = caller({ name: XP });
    const text = textOf(somebody.http('GET', '/api/v1/miner/details').body);
    expect(text).toContain('"sticker_hashrate":{"gigahash_per_second":141000.0}');
    expect(text).toContain('"psu_info":{"version":117,"fw_version":null,"serial_number":null,');
    expect(text).not.toContain('status":"');
    expect(textOf(somebody.http('GET', '/api/v1/actions/locate').body)).toBe('false');
    expect(textOf(somebody.http('GET', '/api/v1/performance/mode').body)).toBe(
      '{"tunermode":{"target":{"powertarget":{"power_target":{"watt":3031}}}}}',
    );
  });

  test('keeps members back that its release does not have', () => {
    const [, old] = caller({ name: XP }).rest('GET', 'miner/stats');
    expect(Object.keys(old.pool_stats)).not.toContain('best_share_str');
    const [, newer] = caller({ name: 's19-26.04' }).rest('GET', 'miner/stats');
    expect(newer.pool_stats.best_share_str).toBe(String(newer.pool_stats.best_share));
    expect(Object.keys(caller({ name: XP }).rest('GET', 'pools/')[1][0])).toEqual(['name', 'strategy', 'pools']);
  });

  test('shows what a newer firmware says, and a member of another type', () => {
    const newer = caller({ quirks: { 'newer-firmware': true } }).rest('GET', 'miner/details')[1];
    expect([newer.status, newer.field_900]).toEqual([77, 'from the future']);
    expect(caller({ quirks: { 'wrong-types': true } }).rest('GET', 'miner/details')[1].uid).toBe(7);
  });
});

describe('a write over REST', () => {
  test('is in force, and is what is read', () => {
    const somebody = caller();
    expect(somebody.rest('PUT', 'performance/power-target', { watt: 2500 })).toEqual([200, { watt: 2500 }]);
    expect(somebody.rest('PATCH', 'performance/power-target/increment', { watt: 100 })).toEqual([200, { watt: 2600 }]);
    expect(somebody.rest('PATCH', 'performance/power-target/decrement', { watt: 50 })).toEqual([200, { watt: 2550 }]);
    expect(somebody.rest('GET', 'configuration/miner')[1].tuner.power_target).toEqual({ watt: 2550 });
    expect(somebody.rest('PUT', 'performance/power-target/default')).toEqual([200, { watt: 3068 }]);
    const hashrate = { terahash_per_second: 90.5 };
    expect(somebody.rest('PUT', 'performance/hashrate-target', hashrate)).toEqual([200, hashrate]);
    expect(somebody.rest('GET', 'performance/mode')[1]).toEqual({
      tunermode: { target: { hashratetarget: { hashrate_target: hashrate } } },
    });
    expect(somebody.rest('PATCH', 'performance/power-target/relative', { percentage: 50, reference: 1 })).toEqual([
      200,
      { watt: 1534 },
    ]);
  });

  test('switches boards, light, mining and fans', () => {
    const somebody = caller();
    expect(somebody.rest('PUT', 'actions/locate', true)).toEqual([200, true]);
    expect(somebody.rest('GET', 'actions/locate')).toEqual([200, true]);
    expect(somebody.rest('PATCH', 'miner/hw/hashboards', { hashboard_ids: ['2'], enable: false })).toEqual([
      200,
      { hashboards: [{ id: '2', is_enabled: false }] },
    ]);
    expect(somebody.rest('PUT', 'actions/pause')).toEqual([200, false]);
    expect(somebody.rest('PUT', 'actions/pause')).toEqual([200, true]);
    expect(somebody.rest('GET', 'miner/status')).toEqual([200, { status: 3 }]);
    expect(somebody.rest('PUT', 'actions/resume')).toEqual([200, false]);
    const mode = { manual: { fan_speed_ratio: 0.5, hot_temperature: { degree_c: 85 } } };
    expect(somebody.rest('PUT', 'cooling/mode', mode)[1].manual).toMatchObject({ fan_speed_ratio: 0.5 });
    expect(somebody.rest('GET', 'cooling/state')[1].fans[0].target_speed_ratio).toBe(0.5);
    expect(somebody.rest('PUT', 'performance/quick-ramping', { up_s: 30, down_s: 10 })).toEqual([
      200,
      { up_s: 30, down_s: 10 },
    ]);
  });

  test('makes, changes, replaces and removes groups of pools', () => {
    const somebody = caller();
    const pool = { url: 'stratum+tcp://a.example.com:3333', user: 'me' };
    const [status, made] = somebody.rest('POST', 'pools/', { name: 'second', pools: [pool] });
    expect(status).toBe(201);
    expect(made).toMatchObject({ name: 'second', load_balance_strategy: { quota: { value: 1 } }, pools: [pool] });
    const changed = { name: 'renamed', pools: [{ ...pool, enabled: false }] };
    expect(somebody.rest('PUT', `pools/${made.uid}`, changed)[1]).toMatchObject({ uid: made.uid, name: 'renamed' });
    const names = () => somebody.rest('GET', 'pools/')[1].map(({ name }: { name: string }) => name);
    expect(names()).toEqual(['Default', 'renamed']);
    expect(somebody.rest('DELETE', `pools/${made.uid}`)).toEqual([204, '']);
    expect(names()).toEqual(['Default']);
    const batch = [{ name: 'only', pools: [pool], load_balance_strategy: { fixedshareratio: { value: 0.5 } } }];
    expect(somebody.rest('PUT', 'pools/batch', batch)[1]).toMatchObject([{ name: 'only' }]);
    expect(names()).toEqual(['only']);
    expect(somebody.rest('PUT', 'pools/AAAA', changed)).toEqual([404, 'Pool group not found']);
  });

  test.each([
    ['PUT', 'performance/power-target', undefined],
    ['PUT', 'performance/power-target', null],
    ['PUT', 'performance/power-target', {}],
    ['PUT', 'performance/power-target', { watt: 'much' }],
    ['PUT', 'performance/power-target', { watt: 2500, volt: 1 }],
    ['PUT', 'performance/power-target', { watt: 1 }],
    ['PUT', 'actions/locate', 'yes'],
    ['PUT', 'cooling/mode', { turbo: {} }],
    ['PATCH', 'miner/hw/hashboards', { hashboard_ids: ['2'] }],
    ['PATCH', 'miner/hw/hashboards', { enable: true }],
    ['POST', 'auth/login', { username: 'root' }],
    ['POST', 'pools/', { name: 'x' }],
    ['POST', 'pools/', { name: 'x', pools: [{ url: 'stratum+tcp://a.example.com:1' }] }],
    ['PUT', 'pools/batch', { name: 'x', pools: [] }],
    ['PATCH', 'network/configuration', { protocol: { static: { address: '10.0.0.1' } } }],
    ['PATCH', 'upgrade/auto-upgrade', { schedule: null }],
  ])('is refused with 400: %s %s %j', (verb, path, body) => {
    const [status, text] = caller().rest(verb, path, body);
    expect(status).toBe(400);
    expect(text).not.toBe('');
  });

  test('names the member that is missing', () => {
    expect(caller().rest('PUT', 'performance/hashrate-target', {})).toEqual([
      400,
      'missing field `terahash_per_second`',
    ]);
    expect(caller({ name: XP }).rest('PUT', 'performance/dps', { enable: true })).toEqual([
      400,
      'missing field `save_action`',
    ]);
    expect(caller({ name: XP }).rest('PUT', 'performance/dps', { enable: true, save_action: 2 })[1].enabled).toBe(true);
    expect(caller().rest('PUT', 'performance/dps', { enable: true })[1].enabled).toBe(true);
  });

  test('waits for the mining program', () => {
    const somebody = caller();
    expect(somebody.rest('PUT', 'actions/stop')).toEqual([200, false]);
    expect(somebody.rest('GET', 'miner/stats')).toEqual([412, 'BOSminer is not running']);
    expect(somebody.rest('GET', 'miner/details')[1].status).toBe(1);
    expect(somebody.rest('PUT', 'actions/start')).toEqual([200, false]);
  });

  test('restarts the machine, which forgets who was there', () => {
    const somebody = caller();
    expect(somebody.rest('PUT', 'actions/reboot')).toEqual([204, '']);
    expect(somebody.after(5000).device.listening('http', somebody.now)).toBe(false);
    somebody.after(2 * MINUTE);
    expect(somebody.device.listening('http', somebody.now)).toBe(true);
    expect(somebody.rest('GET', 'miner/details')).toEqual(NO_TOKEN);
  });
});

describe('files over REST', () => {
  test('come as they are: logs, and the archive of a format', () => {
    const somebody = caller();
    const log = somebody.http('GET', '/api/v1/miner/log/bosminer');
    expect(log.headers['Content-Type']).toBe('application/octet-stream');
    expect(textOf(log.body)).toContain('INFO BOSminer');
    const zip = somebody.http('GET', '/api/v1/miner/support-archive', '{"format":"zip"}').body;
    expect(textOf(zip).startsWith('PK')).toBe(true);
    expect(somebody.http('GET', '/api/v1/miner/support-archive', '{"format":"rar"}').status).toBe(400);
  });

  const upload = (file: string, hash: string, size = file.length): string => {
    const metadata = JSON.stringify({ size, hash, discard_settings: false, disable_cleanup: false });
    const part = (name: string, body: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${body}\r\n`;
    return `${part('metadata', metadata)}${part('data', file)}--b--\r\n`;
  };
  const type = { 'content-type': 'multipart/form-data; boundary=b' };
  const FILE = '2026-05-07-0-e6eaa788-26.05-plus and the rest';

  test('are a firmware whose checksum fits', () => {
    const somebody = caller({ name: 's19-26.04' });
    const hash = sha256Hex(new TextEncoder().encode(FILE));
    const send = (body: string) => somebody.http('POST', '/api/v1/upgrade/system-upgrade', body, type);
    expect(send(upload(FILE, '0'.repeat(64))).status).toBe(400);
    expect(send(upload(FILE, hash, 3)).status).toBe(413);
    expect(send('nothing').status).toBe(400);
    expect(send(upload(FILE, hash)).status).toBe(204);
    expect(send(upload(FILE, hash))).toMatchObject({
      status: 409,
      body: 'Another system task is already in progress.',
    });
    somebody.after(10 * MINUTE).login();
    expect(somebody.rest('GET', 'miner/details')[1].bos_version.current).toBe('2026-05-07-0-e6eaa788-26.05-plus');
  });

  test('are not taken from a form that is broken, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('--b\r\n', '--b\r\n\r\n', ''), (bytes, head) => {
        const body = Uint8Array.from([...new TextEncoder().encode(head), ...bytes]);
        const parts = formParts(body, 'multipart/form-data; boundary=b');
        expect(parts === null || parts.size <= 8).toBe(true);
      }),
      { seed: 7, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});

describe('REST under fire', () => {
  test('answers every body with a status', () => {
    const paths = fc.constantFrom(
      'PUT performance/power-target',
      'PUT performance/mode',
      'PUT performance/dps',
      'PUT cooling/mode',
      'PUT pools/batch',
      'POST pools/',
      'PATCH network/configuration',
      'PATCH miner/hw/hashboards',
      'PATCH upgrade/auto-upgrade',
      'POST auth/login',
    );
    const somebody = caller();
    const names = fc.constantFrom(
      'mode',
      'auto',
      'target',
      'pools',
      'name',
      'watt',
      'enable',
      'protocol',
      'dhcp',
      '__proto__',
    );
    const { body } = fc.letrec((tie) => ({
      body: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue(),
        fc.dictionary(names, tie('body'), { maxKeys: 3 }),
        fc.array(tie('body'), { maxLength: 2 }),
      ),
    }));
    fc.assert(
      fc.property(
        paths,
        fc.oneof(
          body.map((value) => JSON.stringify(value)),
          fc.string(),
        ),
        (path, text) => {
          const [verb = '', at = ''] = path.split(' ');
          const { status } = somebody.http(verb, `/api/v1/${at}`, text);
          expect([200, 201, 400, 401, 404, 412, 500]).toContain(status);
        },
      ),
      { seed: 7, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
