import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SimulatedConversation } from '../sim/device.ts';
import {
  bytesOf,
  connect,
  device,
  digest3,
  envelopeOf,
  framed,
  give,
  MINUTE,
  NOW,
  say,
  sealed,
  token,
  unframed,
} from './sim.testing.ts';

const runs = { seed: 4433, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

const V2 = [
  ...['summary', 'pools', 'edevs', 'devs', 'devdetails', 'get_psu', 'get_version', 'get_token', 'status'],
  ...['get_miner_info', 'get_error_code', 'update_pools', 'restart_btminer', 'power_off', 'power_on', 'set_led'],
  ...['set_low_power', 'set_high_power', 'update_firmware', 'reboot', 'net_config', 'download_logs', 'set_target_freq'],
  ...['set_hostname', 'set_zone', 'load_log', 'set_power_pct', 'set_power_pct_v2', 'set_power', 'adjust_power_limit'],
  ...[
    'adjust_upfreq_speed',
    'set_heat_mode',
    'set_temp_offset',
    'set_customer_msg',
    'get_customer_msg',
    'summary+pools',
  ],
];
const V3 = [
  ...['get.device.info', 'get.device.custom_data', 'get.log.download', 'get.miner.history', 'get.miner.status'],
  ...['set.device.custom_data', 'set.log.upload', 'set.miner.cointype', 'set.miner.pools', 'set.miner.power'],
  ...['set.miner.power_percent', 'set.miner.report', 'set.miner.service', 'set.miner.target_freq', 'set.system.led'],
  ...['set.system.hostname', 'set.system.net_config', 'set.system.ntp_server', 'set.system.timezone'],
  ...['set.system.time_randomized', 'set.user.change_passwd', 'set.user.permission', 'set.miner.restore_setting'],
];

const values = fc.oneof(
  fc.constantFrom(
    '0',
    '1',
    '-10',
    '50',
    '99999',
    'auto',
    'dhcp',
    'red',
    '10.0.0.1',
    'tcp',
    'stratum+tcp://p:1',
    '',
    'msg1',
  ),
  fc.constantFrom('summary+pools', 'CST-8', 'start', 'stop', 'fast', 'user1', '9e9', '<x>+99:99'),
  fc.integer(),
  fc.jsonValue(),
);
const keys = fc.constantFrom(
  ...['percent', 'power', 'power_limit', 'upfreq_speed', 'param', 'color', 'period', 'duration', 'start', 'stop', 'ip'],
  ...['mask', 'gate', 'dns', 'host', 'hostname', 'timezone', 'zonename', 'port', 'proto', 'key', 'val', 'mode', 'info'],
  ...[
    'pool1',
    'worker1',
    'passwd1',
    'pool',
    'worker',
    'passwd',
    'begin',
    'end',
    'gap',
    'user',
    'permission',
    'cointype',
  ],
  ...['account', 'old', 'new', 'value', '__proto__', 'constructor', 'enc'],
);
const args = fc.dictionary(keys, values, { maxKeys: 6 });

describe('whatever is sent', () => {
  test('to port 4028 as bytes, it answers with JSON or closes, and goes on', () => {
    const on = device('m60s', { 'text-form': true });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.string().map((s) => Buffer.from(s)),
        ),
        (bytes) => {
          const reaction = give(on, bytes);
          expect(reaction.end).toBe('fin');
          if (bytes.length > 0) expect(JSON.parse(bytesOf(reaction).toString())).toHaveProperty('Code');
        },
      ),
      runs,
    );
    expect(say(on, '{"cmd":"status"}')).toContain('"Code":131');
  });

  test('to port 4028 sealed with the right key, it answers sealed or in clear', () => {
    const on = device('m60s', { 'reboot-replies': true });
    let now = NOW;
    fc.assert(
      fc.property(fc.constantFrom(...V2), args, (cmd, more) => {
        now += MINUTE;
        const { sign, key } = token(on, 'Miner_01', now);
        const reaction = give(on, envelopeOf({ ...more, cmd, token: sign }, key), now);
        expect(['fin', 'keep']).toContain(reaction.end);
        expect(reaction.chunks.length).toBeGreaterThan(0);
        // The readers go on, once the machine is up again.
        expect(say(on, '{"cmd":"summary+pools"}', now + 59_000)).toMatch(/^[{S]/);
        expect(JSON.parse(say(on, '{"cmd":"get_miner_info"}', now + 59_000))).toMatchObject({ Code: 131 });
      }),
      runs,
    );
  });

  test('to port 4028 as cipher text, it is refused in clear', () => {
    const on = device('m60s');
    const { key } = token(on);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.base64String(),
          fc.string(),
          fc.string().map((s) => sealed(s, key)),
        ),
        (data) => {
          const text = say(on, JSON.stringify({ enc: 1, data }));
          expect(JSON.parse(text)).toMatchObject({ STATUS: 'E' });
        },
      ),
      runs,
    );
  });

  test('to port 4433 as bytes, in whatever pieces, it answers with frames or closes', () => {
    const on = device('m60s');
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 8 }), (pieces) => {
        const to = connect(on);
        for (const piece of pieces) {
          const reaction = to.receive(piece, NOW);
          expect(unframed(bytesOf(reaction)).rest.length).toBe(0);
          if (reaction.end === 'fin') return;
          expect(reaction.end).toBe('keep');
        }
      }),
      runs,
    );
  });

  test('to port 4433 in frames, signed or not, every frame is answered once', () => {
    const on = device('m60s');
    let to: SimulatedConversation = connect(on);
    let now = NOW;
    const params = fc.oneof(values, args, fc.array(args, { maxLength: 4 }));
    fc.assert(
      fc.property(fc.constantFrom(...V3), params, fc.boolean(), (cmd, param, seals) => {
        now += MINUTE;
        const request = seals ? { cmd, param } : { ...signedBy(to, cmd, now), param };
        const reaction = to.receive(framed(JSON.stringify(request)), now);
        const { bodies } = unframed(bytesOf(reaction));
        expect(JSON.parse(bodies.find((body) => body.includes(`"desc":"${cmd}"`)) ?? 'null')).toMatchObject({
          desc: cmd,
        });
        if (reaction.end !== 'keep' || cmd === 'get.log.download') to = connect(on, now);
        now += MINUTE;
      }),
      runs,
    );
  });
});

function signedBy(to: SimulatedConversation, cmd: string, now: number): object {
  const salted =
    unframed(bytesOf(to.receive(framed('{"cmd":"get.device.info","param":"salt"}'), now))).bodies.at(-1) ?? '';
  const { salt } = (JSON.parse(salted) as { msg: { salt: string } }).msg;
  const ts = Math.floor(now / 1000);
  const token = digest(cmd, salt, ts);
  return { cmd, ts, token, account: 'super' };
}

const digest = (cmd: string, salt: string, ts: number): string =>
  digest3(cmd, 'Miner_01', salt, ts).toString('base64').slice(0, 8);
