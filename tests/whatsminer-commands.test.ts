import { createHash } from 'node:crypto';
import type { Outcome } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { act, codeOf, type Fields, heardBy, say, saySealed, tokenOf, whatsminer } from './whatsminer.testing.ts';

/*
 * Every write command of both APIs over real sockets, by our client and by one of the tests' own: once right, once
 * without a token, once with one that ran out, once out of range, once while the write switch is off. The values are
 * those of protocols.md 3.3 and 3.6.
 */

const MINUTE = 60_000;

const FIRMWARE = Buffer.from('headframe simulated firmware\nversion: 20270110.12.Rel\n\nbytes');
const UPDATE = {
  file: { name: 'upgrade.bin', bytes: FIRMWARE },
  sha256: createHash('sha256').update(FIRMWARE).digest('hex'),
  version: '20270110.12.Rel',
};

type Result = Outcome['result'];

interface Sealed {
  readonly cmd: string;
  /** What stands beside it. */
  readonly fields?: Fields;
  /** Our action, what it is given, and how it ends. */
  readonly does: readonly [name: string, given: Fields, result: Result];
  /** Out of range, and the code for it; what our client is given and sends nothing for. Absent: it takes nothing. */
  readonly wrong?: { readonly fields: Fields; readonly code: number; readonly given: Fields };
  /** It goes before it could answer. */
  readonly closes?: true;
  readonly on?: string;
}

const POOL = { pool1: 'stratum+tcp://n.example:3333', worker1: 'a.b', passwd1: 'x' };
const own = (name: string): string => `whatsminer.${name}`;

/** In the order of protocols.md 3.3. `accepted-unverified` is what the API has nothing to look at for. */
const COMMANDS: readonly Sealed[] = [
  {
    cmd: 'update_pools',
    fields: POOL,
    does: ['setPools', { pools: ['stratum+tcp://n.example:3333,a.b,x'] }, 'done'],
    wrong: {
      fields: { pool1: '', worker1: '', passwd1: '' },
      code: 14,
      given: { pools: Array.from({ length: 4 }, (_, i) => `stratum+tcp://p${i}.example:1,w,x`) },
    },
  },
  { cmd: 'restart_btminer', does: ['restartMiner', {}, 'done'] },
  { cmd: 'power_off', fields: { respbefore: 'true' }, does: ['pause', {}, 'done'] },
  { cmd: 'power_on', does: ['resume', {}, 'done'] },
  {
    cmd: 'set_led',
    fields: { color: 'green', period: 200, duration: 100, start: 0 },
    does: [own('set_led'), { color: 'green', periodMs: 200, durationMs: 100, startMs: 0 }, 'done'],
    wrong: {
      fields: { color: 'green', period: 200, duration: 300, start: 0 },
      code: 132,
      given: { color: 'green', periodMs: 200, durationMs: 300, startMs: 0 },
    },
  },
  { cmd: 'set_low_power', does: ['setPowerMode', { mode: 'low' }, 'done'] },
  { cmd: 'set_normal_power', does: ['setPowerMode', { mode: 'normal' }, 'done'] },
  { cmd: 'set_high_power', does: ['setPowerMode', { mode: 'high' }, 'done'] },
  {
    cmd: 'update_firmware',
    does: ['updateFirmware', UPDATE, 'done'],
    wrong: { fields: {}, code: 131, given: { ...UPDATE, sha256: '0'.repeat(64) } },
  },
  { cmd: 'reboot', does: ['reboot', {}, 'done'], closes: true },
  { cmd: 'factory_reset', does: ['factoryReset', {}, 'accepted-unverified'], closes: true },
  {
    cmd: 'update_pwd',
    fields: { old: 'Miner_01', new: 'neu_2' },
    does: ['setPassword', { newPassword: 'neu_2' }, 'done'],
    wrong: { fields: { old: 'Miner_01', new: 'nine_long' }, code: 132, given: { newPassword: 'nine_long' } },
  },
  {
    cmd: 'net_config',
    fields: { param: 'dhcp' },
    does: ['setNetwork', { mode: 'dhcp' }, 'done'],
    closes: true,
    wrong: {
      fields: { ip: '10.0.0.256', mask: '255.0.0.0', gate: '10.0.0.1', dns: '10.0.0.1', host: 'h' },
      code: 132,
      given: { mode: 'static', address: '10.0.0.256' },
    },
  },
  { cmd: 'download_logs', does: ['downloadLogs', {}, 'done'] },
  {
    cmd: 'set_target_freq',
    fields: { percent: '-10' },
    does: ['setFrequency', { percent: -10 }, 'done'],
    wrong: { fields: { percent: '101' }, code: 132, given: { percent: 101 } },
  },
  { cmd: 'enable_btminer_fast_boot', does: [own('enable_btminer_fast_boot'), {}, 'done'] },
  { cmd: 'disable_btminer_fast_boot', does: [own('disable_btminer_fast_boot'), {}, 'done'] },
  { cmd: 'enable_web_pools', does: [own('enable_web_pools'), {}, 'accepted-unverified'] },
  { cmd: 'disable_web_pools', does: [own('disable_web_pools'), {}, 'accepted-unverified'] },
  {
    cmd: 'set_hostname',
    fields: { hostname: 'rack-7' },
    does: ['setHostname', { hostname: 'rack-7' }, 'accepted-unverified'],
    wrong: { fields: { hostname: '' }, code: 14, given: { hostname: 'rack 7' } },
  },
  {
    cmd: 'set_zone',
    fields: { timezone: 'CST-8', zonename: 'Asia/Shanghai' },
    does: ['setTimeZone', { timeZone: 'Asia/Shanghai', posix: 'CST-8' }, 'accepted-unverified'],
    wrong: { fields: { timezone: 'CST-8' }, code: 14, given: { timeZone: 'no zone', posix: 'CST-8' } },
  },
  {
    cmd: 'load_log',
    fields: { ip: '192.0.2.22', port: '4001', proto: 'udp' },
    does: ['setLogServer', { server: '192.0.2.22', port: 4001 }, 'accepted-unverified'],
    wrong: {
      fields: { ip: '192.0.2.22', port: '65536', proto: 'udp' },
      code: 132,
      given: { server: '192.0.2.22', port: 65_536 },
    },
  },
  {
    cmd: 'set_power_pct',
    fields: { percent: '80' },
    does: ['setPowerPercent', { percent: 80, way: 'fast' }, 'done'],
    wrong: { fields: { percent: '101' }, code: 132, given: { percent: 101, way: 'fast' } },
  },
  {
    cmd: 'set_power_pct_v2',
    fields: { percent: '80' },
    does: ['setPowerPercent', { percent: 80 }, 'done'],
    wrong: { fields: { percent: '-1' }, code: 132, given: { percent: -1 } },
  },
  {
    cmd: 'set_power',
    fields: { power: '2500' },
    does: [own('set_power'), { powerW: 2500 }, 'done'],
    wrong: { fields: { power: '100000' }, code: 132, given: { powerW: 100_000 } },
  },
  { cmd: 'restore_power_pct', does: [own('restore_power_pct'), {}, 'done'] },
  {
    cmd: 'set_temp_offset',
    fields: { temp_offset: '-5' },
    does: [own('set_temp_offset'), { offsetC: -5 }, 'accepted-unverified'],
    wrong: { fields: { temp_offset: '-31' }, code: 132, given: { offsetC: -31 } },
  },
  {
    cmd: 'adjust_power_limit',
    fields: { power_limit: '3000' },
    does: ['setPowerLimit', { powerW: 3000 }, 'done'],
    wrong: { fields: { power_limit: '100000' }, code: 132, given: { powerW: 100_000 } },
  },
  {
    cmd: 'adjust_upfreq_speed',
    fields: { upfreq_speed: '4' },
    does: [own('adjust_upfreq_speed'), { speed: 4 }, 'done'],
    // 10 is for port 4433 alone.
    wrong: { fields: { upfreq_speed: '10' }, code: 132, given: { speed: 10 } },
  },
  {
    cmd: 'set_poweroff_cool',
    fields: { poweroff_cool: '1' },
    does: [own('set_poweroff_cool'), { on: true }, 'accepted-unverified'],
    wrong: { fields: { poweroff_cool: '2' }, code: 132, given: { on: 2 } },
  },
  {
    cmd: 'set_fan_zero_speed',
    fields: { fan_zero_speed: '1' },
    does: [own('set_fan_zero_speed'), { on: true }, 'accepted-unverified'],
    wrong: { fields: { fan_zero_speed: '2' }, code: 132, given: { on: 2 } },
  },
  {
    cmd: 'set_heat_mode',
    fields: { mode: 'heating' },
    does: [own('set_heat_mode'), { mode: 'heating' }, 'accepted-unverified'],
    wrong: { fields: { mode: 'normal' }, code: 132, given: { mode: 'normal' } },
    on: 'm33s-hydro',
  },
  { cmd: 'disable_btminer_init', does: [own('disable_btminer_init'), {}, 'accepted-unverified'] },
  { cmd: 'enable_btminer_init', does: [own('enable_btminer_init'), {}, 'accepted-unverified'] },
  {
    cmd: 'set_customer_msg',
    fields: { key: 'msg2', val: 'rack 7' },
    does: [own('set_customer_msg'), { key: 'msg2', value: 'rack 7' }, 'done'],
    wrong: { fields: { key: 'msg10', val: 'x' }, code: 132, given: { key: 'msg10', value: 'x' } },
  },
  { cmd: 'get_customer_msg', does: [own('get_customer_msg'), {}, 'done'] },
];

const NO_PERMISSION = "can't access write cmd";

describe('the write commands of port 4028', () => {
  test('are 36, none of them twice', () => {
    expect(new Set(COMMANDS.map(({ cmd }) => cmd)).size).toBe(36);
  });

  describe.each(COMMANDS)('$cmd', ({ cmd, fields = {}, does: [name, given, result], closes, on = 'm60s' }) => {
    test('is done when it is right', async () => {
      const made = await whatsminer(on);
      const answer = await saySealed(made, { cmd, ...fields });
      if (closes) expect(answer).toBeNull();
      else expect(answer).toMatchObject({ wasSealed: true, doc: { STATUS: 'S', Code: 131, Description: '' } });
      const { miner } = await whatsminer(on);
      const outcome = await act(miner, name, given);
      expect([outcome.result, outcome.result === result ? '' : outcome.why]).toEqual([result, '']);
    });

    test('is refused without a token', async () => {
      const made = await whatsminer(on, { login: null, without: ['whatsminer'] });
      expect(await say(made, { cmd, ...fields })).toMatchObject({ STATUS: 'E', Code: 45, Msg: NO_PERMISSION });
      const token = await tokenOf(made);
      const without = await saySealed(made, { cmd, ...fields }, { ...token, sign: '' });
      expect(without).toMatchObject({ wasSealed: false, doc: { STATUS: 'E', Code: 135, Msg: 'check token err' } });
      await expect(made.miner.plan(name, given)).rejects.toMatchObject({ code: 'auth/required' });
    });

    test('is refused with a token that ran out, and done by us with a new one', async () => {
      const made = await whatsminer(on);
      const token = await tokenOf(made);
      // The client's own is as old.
      expect((await act(made.miner, own('enable_web_pools'))).result).toBe('accepted-unverified');
      await made.pass(30 * MINUTE);
      expect(codeOf(await saySealed(made, { cmd, ...fields }, token))).toEqual([135, 'check token err']);
      const heard = heardBy(made);
      const outcome = await act(made.miner, name, given);
      expect([outcome.result, outcome.result === result ? '' : outcome.why]).toEqual([result, '']);
      // A look with a new password needs a token of its own.
      const tokens = heard.filter((request) => request.includes('get_token'));
      expect(tokens).toHaveLength(cmd === 'update_pwd' ? 2 : 1);
    });

    test('is refused while the write switch is off, with the way to switch it on', async () => {
      const made = await whatsminer(on, { quirks: { 'write-switch-off': true } });
      const answer = await saySealed(made, { cmd, ...fields });
      expect(answer).toMatchObject({ wasSealed: false, doc: { STATUS: 'E', Code: 45, Msg: NO_PERMISSION } });
      const outcome = await act(made.miner, name, given);
      expect(outcome).toMatchObject({ result: 'refused', error: { code: 'auth/writes-off' }, vendorCode: '45' });
      expect(outcome.why).toContain('Miner API Switch');
    });
  });

  const ranged = COMMANDS.flatMap(({ wrong, ...command }) => (wrong === undefined ? [] : [{ ...command, wrong }]));
  test.each(ranged)('$cmd out of range is refused, by us before anything leaves', async (command) => {
    const { cmd, wrong, does, on = 'm60s' } = command;
    const made = await whatsminer(on);
    // A file is named beside the command, and not in it.
    if (cmd !== 'update_firmware') {
      const answer = await saySealed(made, { cmd, ...wrong.fields });
      expect(answer).toMatchObject({ wasSealed: true, doc: { STATUS: 'E', Code: wrong.code } });
    }
    const heard = heardBy(made);
    const usage = { code: expect.stringMatching(/^usage\//) };
    await expect(act(made.miner, does[0], wrong.given)).rejects.toMatchObject(usage);
    expect(heard.filter((request) => /"enc"|get_token/.test(request))).toEqual([]);
  });
});
