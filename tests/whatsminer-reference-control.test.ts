import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  ADMIN,
  act,
  another,
  codeOf,
  type Fields,
  heardBy,
  opened,
  PASSWORD,
  say,
  sayFramed,
  saySealed,
  sealed,
  tokenOf,
  told,
  whatsminer,
} from './whatsminer.testing.ts';

/*
 * The write commands of WhatsMiner's API V2.2: what our client says, what a machine makes of it, and what it shows by
 * itself afterwards. Expectations are typed from protocols.md 3.3 and 3.5 and the manual. The numbers are those of the
 * checklist. Every command with and without a token stands in whatsminer-commands.test.ts.
 */

type Made = Awaited<ReturnType<typeof whatsminer>>;

const MINUTE = 60_000;
const summary = (made: Made) => told(made, 'summary');
const status = (made: Made) => told(made, 'status');
const info = (made: Made) => told(made, 'get_miner_info');
const elapsed = (made: Made) => Number(summary(made).Elapsed);
const uptime = (made: Made) => Number(summary(made).Uptime);
const powerW = (made: Made) => Number(summary(made).Power);
const preview = async (made: Made, name: string, given: Fields = {}) => (await made.miner.plan(name, given)).preview;
/** What only port 4433 tells of it. */
const system = async (made: Made) => (await sayFramed(made, { cmd: 'get.system.setting' }))?.msg as Fields;
const fans = async (made: Made) => (await sayFramed(made, { cmd: 'get.fan.setting' }))?.msg as Fields;
const OK = [131, 'API command OK'];

/** What our client says sealed, opened; what is sealed with another password is left out. */
async function saidBy(made: Made): Promise<() => readonly Fields[]> {
  const { aesKey } = await tokenOf(made);
  const heard = heardBy(made);
  return () =>
    heard
      .filter((request) => request.startsWith('{"enc"'))
      .map((request) => opened(JSON.parse(request).data, aesKey))
      .filter((inside) => inside.startsWith('{'))
      .map((inside) => {
        const { token: _, ...command } = JSON.parse(inside) as Fields;
        return command;
      });
}

describe('pools, starting and stopping', () => {
  const ONE = { url: 'stratum+tcp://one.example:3333', worker: 'a.one', password: 'x' };
  const TWO = { url: 'stratum+tcp://two.example:443', worker: 'a.two', password: 'y' };

  test('W-028 update_pools: three places, at once', async () => {
    const made = await whatsminer('m50s');
    const said = await saidBy(made);
    expect((await act(made.miner, 'setPools', { pools: [ONE, TWO] })).result).toBe('done');
    expect(said()).toEqual([
      {
        cmd: 'update_pools',
        ...{ pool1: ONE.url, worker1: ONE.worker, passwd1: 'x', pool2: TWO.url, worker2: TWO.worker, passwd2: 'y' },
        ...{ pool3: '', worker3: '', passwd3: '' },
      },
    ]);
    const before = elapsed(made);
    expect((await made.miner.read()).pools.map(({ url, worker }) => [url, worker])).toEqual([
      [ONE.url, ONE.worker],
      [TWO.url, TWO.worker],
    ]);
    // Nothing restarted for it.
    expect(before).toBeGreaterThan(172_000);
  });

  test('W-029 restart_btminer: the program alone, not the control board', async () => {
    const made = await whatsminer('m50s');
    const [program, board] = [elapsed(made), uptime(made)];
    expect((await act(made.miner, 'restartMiner')).result).toBe('done');
    expect(elapsed(made)).toBeLessThan(program);
    expect(uptime(made)).toBeGreaterThan(board);
  });

  test('W-030 power_off: it stops hashing, and the boards draw nothing', async () => {
    for (const [profile, name] of [
      ['m33s-hydro', 'btmineroff'],
      ['m50s', 'mineroff'],
    ] as const) {
      const made = await whatsminer(profile);
      expect(status(made)[name]).toBe('false');
      expect((await act(made.miner, 'pause')).result).toBe('done');
      expect(status(made)[name]).toBe('true');
      expect(powerW(made)).toBeLessThan(200);
      expect((await made.miner.read()).state).toBe('paused');
    }
  });

  test('W-031 power_on: the boards have power, and it hashes', async () => {
    const made = await whatsminer('m50s');
    await act(made.miner, 'pause');
    await made.pass(10 * MINUTE);
    expect((await act(made.miner, 'resume')).result).toBe('done');
    await made.pass(10 * MINUTE);
    expect([status(made).mineroff, (await made.miner.read()).state]).toEqual(['false', 'mining']);
  });
});

describe('the light', () => {
  test('W-032 set_led auto: the firmware has it again', async () => {
    const made = await whatsminer('m50s');
    await act(made.miner, 'locate', { on: true });
    expect(info(made).ledstat).not.toBe('auto');
    const said = await saidBy(made);
    expect((await act(made.miner, 'locate', { on: false })).result).toBe('done');
    expect(said()).toEqual([{ cmd: 'set_led', param: 'auto' }]);
    expect(info(made).ledstat).toBe('auto');
  });

  test('W-033 set_led by hand: color, period, duration and start as whole numbers, the last two within the period', async () => {
    const made = await whatsminer('m50s');
    const said = await saidBy(made);
    const pattern = { color: 'green', periodMs: 200, durationMs: 100, startMs: 50 };
    expect((await act(made.miner, 'whatsminer.set_led', pattern)).result).toBe('done');
    expect(said()).toEqual([{ cmd: 'set_led', color: 'green', period: 200, duration: 100, start: 50 }]);
    for (const wrong of [{ durationMs: 201 }, { startMs: 200 }]) {
      await expect(made.miner.plan('whatsminer.set_led', { ...pattern, ...wrong })).rejects.toThrow(/within a cycle/);
    }
    const token = await tokenOf(made);
    const beyond = { cmd: 'set_led', color: 'green', period: 200, duration: 201, start: 0 };
    expect(codeOf(await saySealed(made, beyond, token))[0]).toBe(132);
  });
});

describe('power modes', () => {
  async function mode(made: Made, word: 'low' | 'normal' | 'high') {
    const outcome = await act(made.miner, 'setPowerMode', { mode: word });
    await made.pass(10 * MINUTE);
    return [outcome.result, summary(made)['Power Mode'], status(made).power_mode, elapsed(made) < 1_800];
  }

  test('W-034 set_low_power: restarts btminer, and draws less', async () => {
    const made = await whatsminer('m60s');
    const before = powerW(made);
    expect(await mode(made, 'low')).toEqual(['done', 'Low', 'low', true]);
    expect(powerW(made)).toBeLessThan(before * 0.9);
  });

  test('W-035 set_normal_power: restarts btminer', async () => {
    const made = await whatsminer('m60s');
    await mode(made, 'low');
    expect(await mode(made, 'normal')).toEqual(['done', 'Normal', 'normal', true]);
  });

  test('W-036 set_high_power: restarts btminer, and draws more where its limit allows it', async () => {
    const made = await whatsminer('m60s');
    const before = powerW(made);
    expect(await mode(made, 'high')).toEqual(['done', 'High', 'high', true]);
    expect(powerW(made)).toBeGreaterThan(before);
  });
});

describe('firmware', () => {
  const VERSION = '20270110.12.Rel';
  const BYTES = Buffer.from(`headframe simulated firmware\nversion: ${VERSION}\n\n${'x'.repeat(70_000)}`);
  const UPDATE = {
    file: { name: 'upgrade.bin', bytes: BYTES },
    sha256: createHash('sha256').update(BYTES).digest('hex'),
    version: VERSION,
  };

  test('W-037 update_firmware, first: the request, and ready', async () => {
    const made = await whatsminer('m50s');
    expect(await saySealed(made, { cmd: 'update_firmware' })).toMatchObject({
      wasSealed: true,
      doc: { Code: 131, Msg: 'ready' },
    });
    const said = await saidBy(made);
    await act(made.miner, 'updateFirmware', UPDATE);
    expect(said()).toEqual([{ cmd: 'update_firmware' }]);
  });

  test('W-038 update_firmware, second: four bytes of size, little-endian, and the file, on the same connection', async () => {
    const made = await whatsminer('m50s');
    const { aesKey, sign } = await tokenOf(made);
    const socket = dial(made.served.ports.cgminer ?? 0, '127.0.0.1');
    const inside = JSON.stringify({ cmd: 'update_firmware', token: sign });
    socket.write(JSON.stringify({ enc: 1, data: sealed(inside, aesKey) }));
    await once(socket, 'data');
    const size = Buffer.alloc(4);
    size.writeUInt32LE(BYTES.length);
    socket.write(Buffer.concat([size, BYTES]));
    const [last] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(JSON.parse(opened(JSON.parse(last.toString()).enc, aesKey))).toMatchObject({ Code: 131, Msg: 'Updated' });
    // Our client's bytes, as the machine heard them behind its request.
    const other = await whatsminer('m50s');
    const heard = heardBy(other);
    expect(await act(other.miner, 'updateFirmware', UPDATE)).toMatchObject({ result: 'done', vendorText: 'Updated' });
    const request = heard.findIndex((one) => one.startsWith('{"enc"'));
    const file = heard.slice(request + 1).join('');
    expect(Buffer.from(file.slice(0, 4), 'latin1').readUInt32LE()).toBe(BYTES.length);
    expect(file.slice(4)).toContain(`version: ${VERSION}`);
  });

  test('W-039 update_firmware, third: it shows in fw_ver, and in the summary of older machines', async () => {
    const made = await whatsminer('m50s');
    expect(told(made, 'get_version').fw_ver).toBe('20240624.18.REL');
    expect((await act(made.miner, 'updateFirmware', UPDATE)).result).toBe('done');
    await made.pass(10 * MINUTE);
    expect([told(made, 'get_version').fw_ver, status(made).FirmwareVersion]).toEqual([VERSION, VERSION]);
    const old = await whatsminer('m30s-plus');
    expect((await act(old.miner, 'updateFirmware', UPDATE)).result).toBe('done');
    await old.pass(10 * MINUTE);
    expect(summary(old)['Firmware Version']).toBe(`'${VERSION}'`);
  });
});

describe('the machine itself', () => {
  test('W-040 reboot: the control board, and no reply as a rule', async () => {
    const made = await whatsminer('m50s');
    expect(await saySealed(made, { cmd: 'reboot' })).toBeNull();
    const other = await whatsminer('m50s');
    expect((await act(other.miner, 'reboot')).result).toBe('done');
    expect(uptime(other)).toBeLessThan(600);
    const answering = await whatsminer('m50s', { quirks: { 'reboot-replies': true } });
    expect(codeOf(await saySealed(answering, { cmd: 'reboot' }))).toEqual(OK);
  });

  test('W-041 factory_reset: warned of before, and afterwards nothing is as it was', async () => {
    const made = await whatsminer('m60s');
    await act(made.miner, 'setPowerMode', { mode: 'low' });
    await act(made.miner, 'setHostname', { hostname: 'rack-7' });
    const words = await preview(made, 'factoryReset');
    expect(words).toMatch(/[Nn]etwork settings, passwords, permissions of users, power mode, power limit/);
    expect(words).toMatch(/address may change, the password is admin again/);
    const outcome = await act(made.miner, 'factoryReset');
    expect(outcome.result).toBe('accepted-unverified');
    expect(outcome.why).toContain('MAC address');
    await made.pass(10 * MINUTE);
    expect([summary(made)['Power Mode'], info(made).hostname]).toEqual(['Normal', 'WhatsMiner']);
    const login = { ...ADMIN, password: 'admin' };
    expect(await act(another(made, { credentials: login }), 'locate', { on: true })).toMatchObject({
      result: 'refused',
      error: { code: 'auth/writes-off' },
    });
  });

  test('W-042 update_pwd: letters, digits and underline, eight bytes at most', async () => {
    const made = await whatsminer('m50s');
    for (const newPassword of ['nine_long', 'with-dash', 'ä', '']) {
      await expect(made.miner.plan('setPassword', { newPassword })).rejects.toMatchObject({
        code: expect.stringMatching(/^usage\//),
      });
    }
    const said = await saidBy(made);
    expect((await act(made.miner, 'setPassword', { newPassword: 'Neu_8888' })).result).toBe('done');
    expect(said()[0]).toEqual({ cmd: 'update_pwd', old: PASSWORD, new: 'Neu_8888' });
  });

  test('W-043 update_pwd: every token is void, and the next action takes a new one', async () => {
    const made = await whatsminer('m50s');
    const stranger = await tokenOf(made);
    expect((await act(made.miner, 'setPassword', { newPassword: 'neu_2' })).result).toBe('done');
    // It is sealed with the old key: that alone is not understood any more.
    expect(codeOf(await saySealed(made, { cmd: 'set_led', param: 'auto' }, stranger))[0]).toBe(23);
    const later = another(made, { credentials: { ...ADMIN, password: 'neu_2' } });
    expect((await act(later, 'locate', { on: true })).result).toBe('done');
    expect((await tokenOf(made, 'neu_2')).told.salt).not.toBe(stranger.told.salt);
  });

  test('W-044 net_config dhcp: the machine restarts, and shows it', async () => {
    const made = await whatsminer('m50s');
    expect((await act(made.miner, 'setNetwork', { mode: 'static' })).result).toBe('done');
    expect(info(made).proto).toBe('static');
    const said = await saidBy(made);
    expect((await act(made.miner, 'setNetwork', { mode: 'dhcp' })).result).toBe('done');
    // Its restart ended the token: it is said once more, with a new one.
    const dhcp = { cmd: 'net_config', param: 'dhcp' };
    expect(said()).toEqual([dhcp, dhcp]);
    await made.pass(5 * MINUTE);
    expect([info(made).proto, uptime(made) < 900]).toEqual(['dhcp', true]);
  });

  test('W-045 net_config static: ip, mask, gate, two name servers with a blank between, and host', async () => {
    const made = await whatsminer('m50s');
    const said = await saidBy(made);
    const given = { address: '10.0.0.7', netmask: '255.255.0.0', gateway: '10.0.0.1', dns: '10.0.0.1 10.0.0.2' };
    const outcome = await act(made.miner, 'setNetwork', { mode: 'static', ...given });
    // It is to be looked for at its new address.
    expect([outcome.result, outcome.why]).toEqual(['accepted-unverified', expect.stringContaining('10.0.0.7')]);
    expect(said()).toEqual([
      {
        cmd: 'net_config',
        ...{ ip: '10.0.0.7', mask: '255.255.0.0', gate: '10.0.0.1', dns: '10.0.0.1 10.0.0.2', host: 'WhatsMiner' },
      },
    ]);
    await made.pass(10 * MINUTE);
    expect(info(made)).toMatchObject({ proto: 'static', ip: '10.0.0.7', netmask: '255.255.0.0', gateway: '10.0.0.1' });
  });

  test('W-046 download_logs: its length as a text, and then the file on the same connection', async () => {
    for (const quirk of ['msg-wrapped', 'log-in-one-segment']) {
      const made = await whatsminer('m50s', { quirks: { [quirk]: true } });
      const answer = await saySealed(made, { cmd: 'download_logs' });
      const Msg = { logfilelen: expect.stringMatching(/^\d+$/) };
      expect(answer?.doc).toMatchObject({ Code: 131, Msg });
      const { result, download } = await act(made.miner, 'downloadLogs');
      expect(result).toBe('done');
      // The log grows by what was done meanwhile.
      expect(gunzipSync(download?.bytes ?? new Uint8Array()).toString('latin1')).toContain('api download_logs');
    }
  });
});

describe('clock and start', () => {
  test('W-047 set_target_freq: percent as a text against normal mode, with a restart', async () => {
    const made = await whatsminer('m50s');
    const said = await saidBy(made);
    const before = Number(summary(made)['Target Freq']);
    expect((await act(made.miner, 'setFrequency', { percent: -20 })).result).toBe('done');
    expect(said()).toEqual([{ cmd: 'set_target_freq', percent: '-20' }]);
    await made.pass(MINUTE);
    expect([status(made).hash_percent, elapsed(made) < 900]).toEqual(['-20', true]);
    expect(Number(summary(made)['Target Freq'])).toBe(Math.round(before * 0.8));
    expect((await act(made.miner, 'setFrequency', { percent: 0 })).result).toBe('done');
    await made.pass(MINUTE);
    expect(Number(summary(made)['Target Freq'])).toBe(before);
  });

  test('W-048 set_target_freq: of air-cooled and hydro units alike', async () => {
    for (const profile of ['m33s-hydro', 'm60s']) {
      const made = await whatsminer(profile);
      expect((await act(made.miner, 'setFrequency', { percent: -10 })).result).toBe('done');
      expect(status(made).hash_percent).toBe('-10');
    }
  });

  test('W-049 enable_btminer_fast_boot: at the next start, as the preview says', async () => {
    const made = await whatsminer('m60s');
    expect(await preview(made, 'whatsminer.enable_btminer_fast_boot')).toMatch(
      /next start[\s\S]*power target first[\s\S]*hardly changes/,
    );
    const before = elapsed(made);
    expect((await act(made.miner, 'whatsminer.enable_btminer_fast_boot')).result).toBe('done');
    expect(summary(made)['Btminer Fast Boot']).toBe('enable');
    expect(elapsed(made)).toBeGreaterThanOrEqual(before);
  });

  test('W-050 disable_btminer_fast_boot: at the next start', async () => {
    const made = await whatsminer('m60s');
    await act(made.miner, 'whatsminer.enable_btminer_fast_boot');
    expect(await preview(made, 'whatsminer.disable_btminer_fast_boot')).toContain('next start');
    expect((await act(made.miner, 'whatsminer.disable_btminer_fast_boot')).result).toBe('done');
    expect(summary(made)['Btminer Fast Boot']).toBe('disable');
  });

  test('W-070 disable_btminer_init: it boots and does not mine', async () => {
    const made = await whatsminer('m60s');
    expect((await act(made.miner, 'whatsminer.disable_btminer_init')).result).toBe('accepted-unverified');
    expect((await made.miner.read()).state).toBe('mining');
    await saySealed(made, { cmd: 'reboot' });
    await made.pass(20 * MINUTE);
    expect((await made.miner.read()).hashrate.currentHs ?? 0).toBe(0);
  });

  test('W-071 enable_btminer_init: it mines when it boots', async () => {
    const made = await whatsminer('m60s');
    await act(made.miner, 'whatsminer.disable_btminer_init');
    expect((await act(made.miner, 'whatsminer.enable_btminer_init')).result).toBe('accepted-unverified');
    await saySealed(made, { cmd: 'reboot' });
    await made.pass(20 * MINUTE);
    expect((await made.miner.read()).state).toBe('mining');
  });
});

describe('names, zone and logs', () => {
  test('W-051 enable_web_pools: at once, and nothing of port 4028 tells it', async () => {
    const made = await whatsminer('m60s');
    await act(made.miner, 'whatsminer.disable_web_pools');
    const outcome = await act(made.miner, 'whatsminer.enable_web_pools');
    expect([outcome.result, outcome.why]).toEqual(['accepted-unverified', expect.stringContaining('web page')]);
    expect((await system(made))['web-pool']).toBe(1);
  });

  test('W-052 disable_web_pools: at once', async () => {
    const made = await whatsminer('m60s');
    expect((await act(made.miner, 'whatsminer.disable_web_pools')).result).toBe('accepted-unverified');
    expect((await system(made))['web-pool']).toBe(0);
  });

  test('W-053 set_hostname: shown after the network restarted', async () => {
    const made = await whatsminer('m50s');
    expect(await preview(made, 'setHostname', { hostname: 'rack-7' })).toContain('network restarts');
    expect((await act(made.miner, 'setHostname', { hostname: 'rack-7' })).result).toBe('accepted-unverified');
    expect(info(made).hostname).toBe('WhatsMiner');
    expect((await act(made.miner, 'reboot')).result).toBe('done');
    expect(info(made).hostname).toBe('rack-7');
    expect((await made.miner.read({ fresh: true })).identity.hostname).toBe('rack-7');
  });

  test('W-054 set_zone: timezone and zonename, after the network restarted', async () => {
    const made = await whatsminer('m60s');
    const said = await saidBy(made);
    await act(made.miner, 'setTimeZone', { timeZone: 'Europe/Berlin', posix: 'CET-1CEST' });
    expect(said()).toEqual([{ cmd: 'set_zone', timezone: 'CET-1CEST', zonename: 'Europe/Berlin' }]);
    expect(await system(made)).toMatchObject({ timezone: 'CST-8', zonename: 'Asia/Shanghai' });
    await act(made.miner, 'reboot');
    expect(await system(made)).toMatchObject({ timezone: 'CET-1CEST', zonename: 'Europe/Berlin' });
  });

  test('W-055 load_log: ip, port and proto as texts', async () => {
    const made = await whatsminer('m60s');
    const said = await saidBy(made);
    await act(made.miner, 'setLogServer', { server: '192.0.2.22', port: 4001, protocol: 'tcp' });
    expect(said()).toEqual([{ cmd: 'load_log', ip: '192.0.2.22', port: '4001', proto: 'tcp' }]);
    expect((await system(made))['log-upload']).toEqual({ ip: '192.0.2.22', port: '4001', proto: 'tcp' });
  });

  test('W-072 set_customer_msg: CustomerSn and msg0 to msg9, under 128 bytes each', async () => {
    const made = await whatsminer('m50s');
    for (const key of ['CustomerSn', 'msg0', 'msg9']) {
      expect((await act(made.miner, 'whatsminer.set_customer_msg', { key, value: `of ${key}` })).result).toBe('done');
    }
    const most = { key: 'msg1', value: 'x'.repeat(127) };
    expect((await act(made.miner, 'whatsminer.set_customer_msg', most)).result).toBe('done');
    for (const wrong of [
      { key: 'msg1', value: 'x'.repeat(128) },
      { key: 'msg10', value: 'x' },
    ]) {
      await expect(made.miner.plan('whatsminer.set_customer_msg', wrong)).rejects.toMatchObject({
        code: expect.stringMatching(/^usage\//),
      });
    }
  });

  test('W-073 get_customer_msg: reads them, and wants a token', async () => {
    const made = await whatsminer('m50s');
    await act(made.miner, 'whatsminer.set_customer_msg', { key: 'msg3', value: 'rack 7' });
    expect((await say(made, { cmd: 'get_customer_msg' })).Code).toBe(45);
    const { result, download } = await act(made.miner, 'whatsminer.get_customer_msg');
    expect(result).toBe('done');
    expect(JSON.parse(Buffer.from(download?.bytes ?? []).toString())).toMatchObject({ msg3: 'rack 7' });
  });
});

describe('power', () => {
  test('W-056 set_power_pct: percent as a text, within a second', async () => {
    const made = await whatsminer('m50s');
    const before = powerW(made);
    const said = await saidBy(made);
    expect((await act(made.miner, 'setPowerPercent', { percent: 80, way: 'fast' })).result).toBe('done');
    expect(said()).toEqual([{ cmd: 'set_power_pct', percent: '80' }]);
    expect(powerW(made) / before).toBeCloseTo(0.8, 1);
    const token = await tokenOf(made);
    expect(codeOf(await saySealed(made, { cmd: 'set_power_pct', percent: '60' }, token))).toEqual(OK);
    await made.pass(1_000);
    expect(powerW(made) / before).toBeCloseTo(0.6, 1);
  });

  test('W-057 set_power_pct: the preview warns, and a value that is too low makes it restart by itself', async () => {
    const made = await whatsminer('m50s');
    const words = await preview(made, 'setPowerPercent', { percent: 80, way: 'fast' });
    expect(words).toMatch(/only about/);
    expect(words).toMatch(/depends on the unit, the air and the cooling: too low makes it unstable, and it restarts/);
    expect(words).toMatch(/For short use/);
    expect(words).toMatch(/loses more performance/);
    const token = await tokenOf(made);
    await saySealed(made, { cmd: 'set_power_pct', percent: '10' }, token);
    await made.pass(5 * MINUTE);
    expect(elapsed(made)).toBeLessThan(300);
  });

  test('W-058 set_power_pct_v2: takes minutes', async () => {
    const made = await whatsminer('m50s');
    const before = powerW(made);
    const token = await tokenOf(made);
    expect(codeOf(await saySealed(made, { cmd: 'set_power_pct_v2', percent: '60' }, token))).toEqual(OK);
    await made.pass(1_000);
    expect(powerW(made) / before).toBeGreaterThan(0.9);
    await made.pass(5 * MINUTE);
    expect(powerW(made) / before).toBeCloseTo(0.6, 1);
    expect(await preview(made, 'setPowerPercent', { percent: 80 })).toMatch(/within minutes, for a small loss/);
  });

  test('W-059 set_power_pct_v2: 100 is the most, and for a lasting level the preview names the better ways', async () => {
    const made = await whatsminer('m50s');
    await expect(made.miner.plan('setPowerPercent', { percent: 101 })).rejects.toMatchObject({ code: 'usage/invalid' });
    const words = await preview(made, 'setPowerPercent', { percent: 90 });
    expect(words).toMatch(/too low makes it unstable/);
    expect(words).toMatch(/lasts?, set-power-limit or set-frequency|that is to last, set-power-limit or set-frequency/);
  });

  test('W-060 set_power: power as a text, in watts by its twin of port 4433', async () => {
    const made = await whatsminer('m60s');
    const said = await saidBy(made);
    expect((await act(made.miner, 'whatsminer.set_power', { powerW: 2500 })).result).toBe('done');
    expect(said()).toEqual([{ cmd: 'set_power', power: '2500' }]);
    expect(Math.abs(powerW(made) - 2500)).toBeLessThan(125);
    expect(await preview(made, 'whatsminer.set_power', { powerW: 2500 })).toContain('prints no unit');
  });

  test('W-061 restore_power_pct: takes both back', async () => {
    for (const way of ['fast', 'normal']) {
      const made = await whatsminer('m60s');
      const before = powerW(made);
      await act(made.miner, 'setPowerPercent', { percent: 60, way });
      await made.pass(5 * MINUTE);
      expect(powerW(made) / before).toBeCloseTo(0.6, 1);
      expect((await act(made.miner, 'whatsminer.restore_power_pct')).result).toBe('done');
      await made.pass(5 * MINUTE);
      expect(powerW(made) / before).toBeCloseTo(1, 1);
    }
  });

  test('W-063 adjust_power_limit: shown by summary and status, with a restart', async () => {
    const made = await whatsminer('m50s');
    const said = await saidBy(made);
    expect((await act(made.miner, 'setPowerLimit', { powerW: 3000 })).result).toBe('done');
    expect(said()).toEqual([{ cmd: 'adjust_power_limit', power_limit: '3000' }]);
    await made.pass(10 * MINUTE);
    expect([summary(made)['Power Limit'], status(made).power_limit_set]).toEqual([3000, '3000']);
    expect([elapsed(made) < 1_800, powerW(made) <= 3050]).toEqual([true, true]);
    expect((await made.miner.read()).powerLimitW).toBe(3000);
  });

  test('W-064 adjust_power_limit: not above the ordinary power, says the preview', async () => {
    const made = await whatsminer('m50s');
    expect(await preview(made, 'setPowerLimit', { powerW: 3000 })).toMatch(/not above the ordinary power/);
    expect(await preview(made, 'setPowerLimit', { powerW: 3700 })).toMatch(/above its present limit of 3600 W/);
    expect(await preview(made, 'setPowerLimit', { powerW: 3000 })).not.toMatch(/above its present limit/);
  });

  test('W-065 adjust_upfreq_speed: 0 to 9, shown by get_miner_info', async () => {
    const made = await whatsminer('m50s');
    expect((await act(made.miner, 'whatsminer.adjust_upfreq_speed', { speed: 9 })).result).toBe('done');
    expect(info(made).upfreq_speed).toBe('9');
    // 10 is for port 4433.
    await expect(act(made.miner, 'whatsminer.adjust_upfreq_speed', { speed: 10 })).rejects.toThrow(/takes 0 to 9/);
  });

  test('W-066 adjust_upfreq_speed: the preview warns, and more so while fast boot is on', async () => {
    const made = await whatsminer('m60s');
    const words = () => preview(made, 'whatsminer.adjust_upfreq_speed', { speed: 5 });
    expect(await words()).toMatch(
      /further hashrate and power are from their targets[\s\S]*Not together with fast boot/,
    );
    expect(await words()).not.toMatch(/is on at this machine/);
    await act(made.miner, 'whatsminer.enable_btminer_fast_boot');
    expect(await words()).toMatch(/Fast boot is on at this machine/);
  });
});

describe('cooling', () => {
  test('W-062 set_temp_offset: -30 to 0 at the next start, air-cooled units alone', async () => {
    const made = await whatsminer('m60s');
    const said = await saidBy(made);
    const before = Number(summary(made)['Fan Speed In']);
    expect((await act(made.miner, 'whatsminer.set_temp_offset', { offsetC: -20 })).result).toBe('accepted-unverified');
    expect(said()).toEqual([{ cmd: 'set_temp_offset', temp_offset: '-20' }]);
    expect((await fans(made))['fan-temp-offset']).toBe(-20);
    expect(Number(summary(made)['Fan Speed In'])).toBeLessThan(before * 1.1);
    await act(made.miner, 'restartMiner');
    await made.pass(30 * MINUTE);
    expect(Number(summary(made)['Fan Speed In'])).toBeGreaterThan(before * 1.1);
    const hydro = await whatsminer('m33s-hydro');
    expect(codeOf(await saySealed(hydro, { cmd: 'set_temp_offset', temp_offset: '-5' }))[0]).toBe(14);
    expect(await preview(made, 'whatsminer.set_temp_offset', { offsetC: -5 })).toMatch(/air-cooled[\s\S]*next start/);
  });

  test('W-067 set_poweroff_cool: 0 or 1: the fans go on when mining stops', async () => {
    const made = await whatsminer('m60s');
    const said = await saidBy(made);
    expect((await act(made.miner, 'whatsminer.set_poweroff_cool', { on: true })).result).toBe('accepted-unverified');
    expect(said()).toEqual([{ cmd: 'set_poweroff_cool', poweroff_cool: '1' }]);
    expect((await fans(made))['fan-poweroff-cool']).toBe(1);
    await act(made.miner, 'pause');
    await made.pass(MINUTE);
    expect(Number(summary(made)['Fan Speed In'])).toBeGreaterThan(0);
  });

  test('W-068 set_fan_zero_speed: 0 or 1', async () => {
    const made = await whatsminer('m60s');
    const said = await saidBy(made);
    expect((await act(made.miner, 'whatsminer.set_fan_zero_speed', { on: true })).result).toBe('accepted-unverified');
    expect((await act(made.miner, 'whatsminer.set_fan_zero_speed', { on: false })).result).toBe('accepted-unverified');
    expect(said()).toEqual([
      { cmd: 'set_fan_zero_speed', fan_zero_speed: '1' },
      { cmd: 'set_fan_zero_speed', fan_zero_speed: '0' },
    ]);
    expect((await fans(made))['fan-zero-speed']).toBe(0);
  });

  test('W-069 set_heat_mode: anti-icing or heating, hydro units alone', async () => {
    const made = await whatsminer('m33s-hydro');
    const said = await saidBy(made);
    for (const mode of ['heating', 'anti-icing']) {
      expect((await act(made.miner, 'whatsminer.set_heat_mode', { mode })).result).toBe('accepted-unverified');
      await made.pass(10 * MINUTE);
    }
    expect(said()).toEqual([
      { cmd: 'set_heat_mode', mode: 'heating' },
      { cmd: 'set_heat_mode', mode: 'anti-icing' },
    ]);
    // The mode that keeps the power has no printed value, and none is made up.
    await expect(made.miner.plan('whatsminer.set_heat_mode', { mode: 'power-keeping' })).rejects.toThrow(
      /takes anti-icing/,
    );
    const air = await whatsminer('m50s');
    expect(await act(air.miner, 'whatsminer.set_heat_mode', { mode: 'heating' })).toMatchObject({
      result: 'refused',
      vendorCode: '132',
    });
  });
});
