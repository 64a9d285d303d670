import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import {
  actionOf,
  at,
  c,
  lookAt,
  machineOf,
  NEWER_CONF,
  newer,
  OLDER_SYSTEM,
  older,
  poolsOf,
  prepare,
  summaryOf,
  verdictOn,
} from './device.testing.ts';

/* What is made of the replies, and what reading back sees; typed to protocols.md 2.3 and 2.4. */

describe('what is made of the replies of a newer page', () => {
  const set = () => prepare(actionOf('addPool'), newer(), { pool: c });
  test.each([
    ['{"stats":"success","code":"M000","msg":"OK!"}', { accepted: true, vendorCode: 'M000', vendorText: 'OK!' }],
    ['{"stats":"error","code":"M001","msg":"bad"}', { accepted: false, vendorCode: 'M001', vendorText: 'bad' }],
    ['{"stats":"error","code":"M100","msg":"FAIL"}', { accepted: false, vendorCode: 'M100', vendorText: 'FAIL' }],
    // A code says more than the word beside it.
    ['{"stats":"success","code":"M004","msg":""}', { accepted: false, vendorCode: 'M004', vendorText: 'success' }],
    ['{"stats":"success"}', { accepted: true, vendorText: 'success' }],
    ['', 'device/busy'],
    ['<html><body>500</body></html>', 'protocol/wrong-shape'],
    ['{"stats":"succ', 'protocol/wrong-shape'],
    ['{}', 'protocol/wrong-shape'],
    ['null', 'protocol/wrong-shape'],
  ])('%j', async (body, made) => {
    expect(verdictOn(await set(), body)).toEqual(made);
  });

  test.each([
    [401, 'auth/rejected'],
    [404, 'support/unsupported'],
    [503, 'device/busy'],
  ])('status %i is %s', async (status, code) => expect(verdictOn(await set(), '', status)).toBe(code));

  test('a light that goes off says B100, which is a yes; N and P have codes of their own', async () => {
    const off = await prepare(actionOf('locate'), newer(), { on: false });
    expect(verdictOn(off, '{"code":"B100"}')).toEqual({ accepted: true, vendorCode: 'B100' });
    const name = await prepare(actionOf('setHostname'), newer(), { hostname: 'x' });
    expect(verdictOn(name, '{"stats":"error","code":"N002","msg":"Hostname invalid!"}')).toMatchObject({
      accepted: false,
      vendorCode: 'N002',
    });
    const word = await prepare(actionOf('setPassword'), newer(), { newPassword: 'x' });
    expect(verdictOn(word, '{"stats":"error","code":"P001","msg":"Current password invalid!"}')).toMatchObject({
      accepted: false,
      vendorCode: 'P001',
    });
  });

  test('a reboot that answers anything or nothing is on its way', async () => {
    const reboot = await prepare(actionOf('reboot'), newer());
    expect(verdictOn(reboot, '')).toEqual({ accepted: true });
    expect(verdictOn(reboot, '<html>')).toEqual({ accepted: true });
    expect(verdictOn(reboot, '{"stats":"error","code":"R001","msg":"no"}')).toMatchObject({ accepted: false });
    expect(reboot.steps[0]?.silenceIsFine).toBe(true);
  });
});

describe('what is made of the replies of an older page', () => {
  test.each([
    ['ok\n', { accepted: true, vendorText: 'ok' }],
    ['', 'device/busy'],
    ['<html>ok</html>', 'protocol/wrong-shape'],
    ['not ok', 'protocol/wrong-shape'],
    ['{"pools":[{"pass":"pw-a"}]}\nok', { accepted: true, vendorText: 'ok' }],
  ])('%j', async (body, made) => {
    expect(verdictOn(await prepare(actionOf('restartMiner'), older()), body)).toEqual(made);
  });

  test.each([
    ['<html><title>Updating Password</title></html>', { accepted: true }],
    ['<html><body>Invalid Password</body></html>', { accepted: false, vendorText: 'Invalid Password' }],
    ['<p>New Password does not match</p>', { accepted: false, vendorText: 'New Password does not match' }],
  ])('the password page: %s', async (body, made) => {
    expect(verdictOn(await prepare(actionOf('setPassword'), older(), { newPassword: 'x' }), body)).toEqual(made);
  });
});

describe('reading back', () => {
  const sentAt = at.now - 60_000;
  const wanted = poolsOf(['stratum+tcp://c.example:25', 'acct.c']);

  test('pools are done when the mining program works with them, in this order', async () => {
    const prepared = await prepare(actionOf('setPools'), newer(), { pools: [c] });
    expect(await lookAt(prepared, machineOf({ commands: { pools: wanted } }), sentAt)).toBe(true);
    const others = poolsOf(['stratum+tcp://c.example:25', 'acct.c'], ['stratum+tcp://a.example:3333', 'acct.a']);
    expect(await lookAt(prepared, machineOf({ commands: { pools: others } }), sentAt)).toBe(false);
    const worker = poolsOf(['stratum+tcp://c.example:25', 'acct.d']);
    expect(await lookAt(prepared, machineOf({ commands: { pools: worker } }), sentAt)).toBe(false);
    expect(await lookAt(prepared, machineOf({ commands: { pools: new HeadframeError('link/refused') } }), sentAt)).toBe(
      'link/refused',
    );
  });

  test('pools are read from the page where port 4028 is closed', async () => {
    const prepared = await prepare(actionOf('setPools'), newer(), { pools: [c] });
    const page =
      '{"STATUS":{"STATUS":"S"},"POOLS":[{"index":0,"url":"stratum+tcp://c.example:25","user":"acct.c","status":"Alive","priority":0},{"index":1,"url":"","user":""}]}';
    expect(await lookAt(prepared, machineOf({ pages: { 'GET /cgi-bin/pools.cgi': page } }), sentAt)).toBe(true);
    const old = await prepare(actionOf('setPools'), older(), { pools: [c] });
    expect(await lookAt(old, machineOf({ pages: { 'GET /cgi-bin/miner_pools.cgi': wanted } }), sentAt)).toBe(true);
  });

  test('a setting is done when it stands there and the program was started since', async () => {
    const prepared = await prepare(actionOf('setFan'), newer(), { percent: 60 });
    const after = NEWER_CONF.replace(
      '"bitmain-fan-ctrl":false,"bitmain-fan-pwm":"100"',
      '"bitmain-fan-ctrl":true,"bitmain-fan-pwm":"60"',
    );
    const shows = (config: string, elapsed: number) =>
      newer({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': config }, commands: { summary: summaryOf(elapsed) } });
    expect(await lookAt(prepared, shows(after, 30), sentAt)).toBe(true);
    // It says OK and does nothing; it writes and does not restart.
    expect(await lookAt(prepared, shows(NEWER_CONF, 30), sentAt)).toBe(false);
    expect(await lookAt(prepared, shows(after, 5000), sentAt)).toBe(false);
  });

  test('a pause is done when nothing is hashed any more, a resumption when something is', async () => {
    const asleep = NEWER_CONF.replace('"bitmain-work-mode":"0"', '"bitmain-work-mode":"1"');
    const shows = (config: string, summary: string) =>
      newer({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': config }, commands: { summary } });
    const empty = '{"STATUS":[{"STATUS":"S","When":1,"Code":11,"Msg":"Summary"}],"SUMMARY":[],"id":1}';
    const pause = await prepare(actionOf('pause'), newer());
    expect(await lookAt(pause, shows(asleep, empty), sentAt)).toBe(true);
    expect(await lookAt(pause, shows(asleep, summaryOf(90_000)), sentAt)).toBe(false);
    expect(await lookAt(pause, shows(NEWER_CONF, empty), sentAt)).toBe(false);
    const resume = await prepare(actionOf('resume'), newer());
    expect(await lookAt(resume, shows(NEWER_CONF, summaryOf(100, 0)), sentAt)).toBe(false);
    expect(await lookAt(resume, shows(NEWER_CONF, summaryOf(400)), sentAt)).toBe(true);
    expect(await lookAt(resume, shows(asleep, empty), sentAt)).toBe(false);
  });

  test('a restart is done when the uptime is shorter than the time since', async () => {
    const reboot = await prepare(actionOf('reboot'), newer());
    expect(await lookAt(reboot, machineOf({ commands: { summary: summaryOf(59) } }), sentAt)).toBe(true);
    expect(await lookAt(reboot, machineOf({ commands: { summary: summaryOf(90_000) } }), sentAt)).toBe(false);
  });

  test('a light is read from its own page; one that says OK and stays dark is not done', async () => {
    const on = await prepare(actionOf('locate'), newer(), { on: true });
    const status = (blink: string) => newer({ pages: { 'GET /cgi-bin/get_blink_status.cgi': `{"blink":${blink}}` } });
    expect(await lookAt(on, status('true'))).toBe(true);
    expect(await lookAt(on, status('false'))).toBe(false);
    expect(await lookAt(on, newer({ pages: { 'GET /cgi-bin/get_blink_status.cgi': '<html>' } }))).toBe(
      'protocol/malformed',
    );
  });

  test('network values that the older page silently kept are not done', async () => {
    const prepared = await prepare(actionOf('setHostname'), older(), { hostname: 'rack-9' });
    expect(await lookAt(prepared, older())).toBe(false);
    const renamed = OLDER_SYSTEM.replace('"hostname":"antMiner"', '"hostname":"rack-9"');
    expect(await lookAt(prepared, older({ pages: { 'GET /cgi-bin/get_system_info.cgi': renamed } }))).toBe(true);
  });

  test('a new password is done when the page opens with it', async () => {
    const prepared = await prepare(actionOf('setPassword'), newer(), { newPassword: 'x' });
    expect(await lookAt(prepared, newer({ as: newer() }))).toBe(true);
    expect(await lookAt(prepared, newer({ as: newer({ login: false }) }))).toBe('auth/required');
  });

  test('a version counts as the machine writes it or as its date', async () => {
    const file = { name: 'f', bytes: new Uint8Array(1) };
    const update = (version: string) =>
      prepare(actionOf('updateFirmware'), newer(), { file, sha256: '0'.repeat(64), version });
    expect(await lookAt(await update('2022-12-06'), newer())).toBe(true);
    expect(await lookAt(await update('Tue Dec  6 16:12:30 CST 2022'), newer())).toBe(true);
    expect(await lookAt(await update('2023-01-01'), newer())).toBe(false);
    const version =
      '{"STATUS":[{"STATUS":"S","When":1,"Code":22,"Msg":"x"}],"VERSION":[{"BMMiner":"1.0.0","CompileTime":"Sun Jan  1 10:00:00 CST 2023"}],"id":1}';
    // The password is the factory's again: port 4028 still tells.
    const locked = machineOf({ login: false, commands: { version } });
    expect(await lookAt(await update('2023-01-01'), locked)).toBe(true);
  });

  test('an ended program refuses; a slow one does not count as ended', async () => {
    const kill = await prepare(actionOf('kill-bmminer'), older());
    const page = { 'GET /cgi-bin/miner_summary.cgi': 'Socket connect failed: Connection refused\n' };
    expect(await lookAt(kill, older({ pages: page, commands: { summary: new HeadframeError('link/refused') } }))).toBe(
      true,
    );
    expect(await lookAt(kill, older({ commands: { summary: summaryOf(70) } }))).toBe(false);
    expect(
      await lookAt(kill, older({ pages: page, commands: { summary: new HeadframeError('link/timed-out-waiting') } })),
    ).toBe('link/timed-out-waiting');
  });

  test('a static address elsewhere cannot be read back here', async () => {
    const given = { mode: 'static', address: '10.0.0.9' };
    expect(await lookAt(await prepare(actionOf('setNetwork'), older(), given), older())).toContain('10.0.0.9');
  });
});
