import { createHash } from 'node:crypto';
import type { Outcome } from '@headframe/model';
import { describe, expect, test, vi } from 'vitest';
import { act, type Fields, SUPER, sayFramed, saySigned, whatsminer } from './whatsminer.testing.ts';

/*
 * Every write command of port 4433 over real sockets, by our client and by one of the tests' own: once right, once without
 * a token, once with an old one, once out of range, once while the write switch is off. The values are those of
 * protocols.md 3.6.
 */

const FIRMWARE = Buffer.from('headframe simulated firmware\nversion: 20270110.12.Rel\n\nbytes');
const UPDATE = {
  file: { name: 'upgrade.bin', bytes: FIRMWARE },
  sha256: createHash('sha256').update(FIRMWARE).digest('hex'),
  version: '20270110.12.Rel',
};

type Result = Outcome['result'];

interface Signed {
  readonly cmd: string;
  readonly param?: unknown;
  /** Our action, what it is given, and how it ends. */
  readonly does: readonly [name: string, given: Fields, result: Result];
  /** Out of range, its code, and what our client is given and sends nothing for. Absent: it takes nothing. */
  readonly wrong?: { readonly param: unknown; readonly code: number; readonly given: Fields };
  readonly on?: string;
}

const own = (name: string): string => `whatsminer.${name}`;
const PATTERN = { color: 'green', period: 200, duration: 100, start: 0 };
const LED = { color: 'green', periodMs: 200, durationMs: 100, startMs: 0 };
const POOL = { pool: 'stratum+tcp://n.example:3333', worker: 'a.b', passwd: 'x' };
const ZONE = { timezone: 'CET-1', zonename: 'Europe/Berlin' };

const COMMANDS: readonly Signed[] = [
  {
    cmd: 'set.device.custom_data',
    param: { key: 'msg2', value: 'rack 7' },
    does: [own('set_customer_msg'), { key: 'msg2', value: 'rack 7' }, 'done'],
    wrong: { param: { key: 'msg10', value: 'x' }, code: -1, given: { key: 'msg10', value: 'x' } },
  },
  {
    cmd: 'set.fan.poweroff_cool',
    param: 1,
    does: [own('set_poweroff_cool'), { on: true }, 'done'],
    wrong: { param: 2, code: -1, given: { on: 2 } },
  },
  {
    cmd: 'set.fan.temp_offset',
    param: -5,
    does: [own('set_temp_offset'), { offsetC: -5 }, 'done'],
    wrong: { param: 1, code: -1, given: { offsetC: 1 } },
  },
  {
    cmd: 'set.fan.zero_speed',
    param: 1,
    does: [own('set_fan_zero_speed'), { on: true }, 'done'],
    wrong: { param: -1, code: -1, given: { on: -1 } },
  },
  {
    cmd: 'set.log.upload',
    param: { ip: '192.0.2.22', port: '4001', proto: 'udp' },
    does: ['setLogServer', { server: '192.0.2.22', port: 4001 }, 'done'],
    wrong: {
      param: { ip: '192.0.2.22', port: '0', proto: 'udp' },
      code: -1,
      given: { server: '192.0.2.22', port: 0 },
    },
  },
  {
    cmd: 'set.miner.cointype',
    param: { cointype: 'BTC' },
    does: [own('set.miner.cointype'), { cointype: 'BTC' }, 'done'],
    wrong: { param: { cointype: 'DOGE' }, code: -1, given: { cointype: 'DOGE' } },
  },
  {
    cmd: 'set.miner.fast_hash',
    param: 1,
    does: [own('set.miner.fast_hash'), { on: true }, 'done'],
    wrong: { param: 2, code: -1, given: { on: 2 } },
  },
  { cmd: 'set.miner.fastboot', param: 'enable', does: [own('enable_btminer_fast_boot'), {}, 'done'] },
  {
    cmd: 'set.miner.heat_mode',
    param: 'heating',
    does: [own('set_heat_mode'), { mode: 'heating' }, 'refused'],
    wrong: { param: 'roasting', code: -1, given: { mode: 'roasting' } },
  },
  {
    cmd: 'set.miner.pools',
    param: [POOL],
    does: ['setPools', { pools: ['stratum+tcp://n.example:3333,a.b,x'] }, 'done'],
    wrong: {
      param: [POOL, POOL, POOL, POOL],
      code: -1,
      given: { pools: Array.from({ length: 4 }, (_, i) => `stratum+tcp://p${i}.example:1,w,x`) },
    },
  },
  {
    cmd: 'set.miner.power',
    param: 2500,
    does: [own('set_power'), { powerW: 2500 }, 'done'],
    wrong: { param: 100_000, code: -1, given: { powerW: 100_000 } },
  },
  {
    cmd: 'set.miner.power_limit',
    param: 3000,
    does: ['setPowerLimit', { powerW: 3000 }, 'done'],
    wrong: { param: -1, code: -1, given: { powerW: -1 } },
  },
  {
    cmd: 'set.miner.power_mode',
    param: 'low',
    does: ['setPowerMode', { mode: 'low' }, 'done'],
    wrong: { param: 'turbo', code: -1, given: { mode: 'turbo' } },
  },
  {
    cmd: 'set.miner.power_percent',
    param: { percent: 80, mode: 'normal' },
    does: ['setPowerPercent', { percent: 80 }, 'done'],
    wrong: { param: { percent: 101, mode: 'normal' }, code: -1, given: { percent: 101 } },
  },
  {
    cmd: 'set.miner.report',
    param: { gap: 30 },
    does: [own('set.miner.report'), { gapS: 30 }, 'accepted-unverified'],
    wrong: { param: { gap: 286 }, code: -1, given: { gapS: 286 } },
  },
  { cmd: 'set.miner.restore_setting', does: [own('set.miner.restore_setting'), {}, 'accepted-unverified'] },
  { cmd: 'set.miner.service', param: 'restart', does: ['restartMiner', {}, 'done'] },
  {
    cmd: 'set.miner.target_freq',
    param: -10,
    does: ['setFrequency', { percent: -10 }, 'done'],
    wrong: { param: -101, code: -1, given: { percent: -101 } },
  },
  {
    cmd: 'set.miner.upfreq_speed',
    // 10 is for this port alone.
    param: 10,
    does: [own('adjust_upfreq_speed'), { speed: 10 }, 'done'],
    wrong: { param: 11, code: -1, given: { speed: 11 } },
  },
  { cmd: 'set.system.factory_reset', does: ['factoryReset', {}, 'accepted-unverified'] },
  {
    cmd: 'set.system.hostname',
    param: { hostname: 'rack-7' },
    does: ['setHostname', { hostname: 'rack-7' }, 'accepted-unverified'],
    wrong: { param: { hostname: '' }, code: -3, given: { hostname: '' } },
  },
  {
    cmd: 'set.system.led',
    param: [PATTERN],
    does: [own('set_led'), LED, 'done'],
    wrong: { param: [{ ...PATTERN, duration: 300 }], code: -1, given: { ...LED, durationMs: 300 } },
  },
  {
    cmd: 'set.system.net_config',
    param: 'dhcp',
    does: ['setNetwork', { mode: 'dhcp' }, 'done'],
    wrong: {
      param: { ip: '10.0.0.256', netmask: '255.0.0.0', gateway: '10.0.0.1', dns: '10.0.0.1' },
      code: -1,
      given: { mode: 'static', address: '10.0.0.256' },
    },
  },
  {
    cmd: 'set.system.ntp_server',
    param: '0.pool.example,1.pool.example',
    does: [own('set.system.ntp_server'), { servers: '0.pool.example,1.pool.example' }, 'done'],
    wrong: { param: 'a,,b', code: -3, given: { servers: 'a,,b' } },
  },
  { cmd: 'set.system.reboot', does: ['reboot', {}, 'done'] },
  {
    cmd: 'set.system.time_randomized',
    param: { start: 5, stop: 120 },
    does: [own('set.system.time_randomized'), { startS: 5, stopS: 120 }, 'done'],
    wrong: { param: { start: 0, stop: 121 }, code: -1, given: { startS: 0, stopS: 121 } },
  },
  {
    cmd: 'set.system.timezone',
    param: ZONE,
    does: ['setTimeZone', { timeZone: 'Europe/Berlin', posix: 'CET-1' }, 'accepted-unverified'],
    wrong: { param: { timezone: 'CST-8' }, code: -3, given: { timeZone: 'no zone', posix: 'CST-8' } },
  },
  {
    cmd: 'set.system.update_firmware',
    does: ['updateFirmware', UPDATE, 'done'],
  },
  { cmd: 'set.system.webpools', param: 'disable', does: [own('disable_web_pools'), {}, 'done'] },
  {
    cmd: 'set.user.change_passwd',
    param: { account: 'user1', old: 'user1', new: 'u1_neu' },
    does: [
      own('set.user.change_passwd'),
      { account: 'user1', newPassword: 'u1_neu', oldPassword: 'user1' },
      'accepted-unverified',
    ],
    wrong: {
      param: { account: 'user1', old: 'user1', new: 'with blank' },
      code: -1,
      given: { account: 'user1', newPassword: 'with blank', oldPassword: 'user1' },
    },
  },
  {
    cmd: 'set.user.permission',
    param: { user: 'user1', permission: 'set.system.led' },
    does: [own('set.user.permission'), { user: 'user1', commands: 'set.system.led' }, 'accepted-unverified'],
    wrong: {
      param: { user: 'super', permission: 'set.system.led' },
      code: -1,
      given: { user: 'super', commands: 'set.system.led' },
    },
  },
];

const DENIED = { code: -4, msg: 'no permission' };
/** For hydro machines alone, and this one is air-cooled. */
const NOT_HERE = 'set.miner.heat_mode';
const GOES = ['set.system.factory_reset', 'set.system.net_config', 'set.system.reboot'];

const m60s = (quirks: Readonly<Record<string, boolean>> = {}) =>
  whatsminer('m60s', { login: SUPER, quirks: { 'v3-long-info': true, ...quirks } });

describe('the write commands of port 4433', () => {
  test('are 31, none of them twice', () => {
    expect(new Set(COMMANDS.map(({ cmd }) => cmd)).size).toBe(31);
  });

  describe.each(COMMANDS)('$cmd', ({ cmd, param, does: [name, given, result] }) => {
    test('is done when it is right', async () => {
      const said = await saySigned(await m60s(), cmd, param);
      const ok = { code: 0, msg: cmd === 'set.system.update_firmware' ? 'ready' : 'ok' };
      // A machine that goes may be gone before its answer is on the way.
      if (!GOES.includes(cmd) || said !== null) {
        expect(said).toMatchObject({ ...(cmd === NOT_HERE ? { code: -1 } : ok), desc: cmd });
      }
      const { miner } = await m60s();
      const outcome = await act(miner, name, given);
      expect([outcome.result, outcome.result === result ? '' : outcome.why]).toEqual([result, '']);
    });

    test('is refused without a token, or with that of another command', async () => {
      const made = await m60s();
      expect(await sayFramed(made, { cmd, param })).toMatchObject(DENIED);
      expect(await saySigned(made, cmd, param, { token: null })).toMatchObject(DENIED);
      expect(await saySigned(made, cmd, param, { token: 'n5JRDCDx' })).toMatchObject(DENIED);
      expect(await saySigned(made, cmd, param, { account: 'admin' })).toMatchObject(DENIED);
    });

    test('is refused with a token of eleven minutes ago', async () => {
      const made = await m60s();
      expect(await saySigned(made, cmd, param, { ts: made.now() / 1000 - 660 })).toMatchObject(DENIED);
    });

    test('is refused while the write switch is off, with the way to switch it on', async () => {
      const made = await m60s({ 'write-switch-off': true });
      expect(await saySigned(made, cmd, param)).toMatchObject(DENIED);
      const outcome = await act(made.miner, name, given);
      expect(outcome).toMatchObject({ result: 'refused', error: { code: 'auth/writes-off' } });
      expect(outcome.why).toContain('Miner API Switch');
    });
  });

  const ranged = COMMANDS.flatMap(({ wrong, ...command }) => (wrong === undefined ? [] : [{ ...command, wrong }]));
  test.each(ranged)('$cmd out of range is refused, by us before anything leaves', async ({ cmd, wrong, does }) => {
    const made = await m60s();
    expect(await saySigned(made, cmd, wrong.param)).toMatchObject({ code: wrong.code, desc: cmd });
    await expect(act(made.miner, does[0], wrong.given)).rejects.toMatchObject({
      code: expect.stringMatching(/^usage\//),
    });
  });
});

/** A machine that has no memory left for anything that is changed. */
function withoutMemory(made: Awaited<ReturnType<typeof m60s>>): void {
  const port = made.device().whatsminer;
  if (port === undefined) throw new Error('no port 4433');
  const connect = port.connect.bind(port);
  vi.spyOn(port, 'connect').mockImplementation((peer, now) => {
    const conversation = connect(peer, now);
    return {
      receive: (bytes, at) => {
        if (!Buffer.from(bytes).includes('"cmd":"set.')) {
          return conversation?.receive(bytes, at) ?? { chunks: [], end: 'fin' };
        }
        const said = Buffer.from(`{"code":-5,"when":${Math.floor(at / 1000)},"msg":"out of memory","desc":""}`);
        const length = Buffer.alloc(4);
        length.writeUInt32LE(said.length);
        return { chunks: [{ bytes: Buffer.concat([length, said]), afterMs: 0 }], end: 'keep' };
      },
    };
  });
}

describe('the codes of port 4433', () => {
  test('-5 is a machine that has no memory left: busy, and not a wrong password', async () => {
    const made = await m60s();
    withoutMemory(made);
    expect(await saySigned(made, 'set.system.led', 'auto')).toMatchObject({ code: -5 });
    expect(await act(made.miner, 'locate', { on: true })).toMatchObject({
      result: 'refused',
      vendorCode: '-5',
      vendorText: 'out of memory',
      error: { code: 'device/busy' },
    });
  });

  test('each no is told apart', async () => {
    const failed = await act((await m60s()).miner, 'whatsminer.set_heat_mode', { mode: 'heating' });
    expect([failed.result, failed.vendorCode, failed.error]).toEqual(['refused', '-1', undefined]);
    const login = { username: 'super', password: 'wrong_1' };
    const { miner } = await whatsminer('m60s', { login });
    expect(await act(miner, 'locate', { on: true })).toMatchObject({
      vendorCode: '-4',
      error: { code: 'auth/rejected' },
    });
  });

  test('0, -1, -2, -3 and -4 are provoked', async () => {
    const made = await m60s();
    const codes = [
      await saySigned(made, 'set.system.led', 'auto'),
      await saySigned(made, 'set.miner.power_mode', 'turbo'),
      await saySigned(made, 'set.shell.debug', 1),
      await saySigned(made, 'set.miner.power_limit', 'much'),
      await sayFramed(made, { cmd: 'set.system.led', param: 'auto' }),
    ].map((said) => [said?.code, said?.msg]);
    expect(codes).toEqual([
      [0, 'ok'],
      [-1, 'fail'],
      [-2, 'invalid command'],
      [-3, 'invalid json item'],
      [-4, 'no permission'],
    ]);
  });
});
