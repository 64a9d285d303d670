import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import {
  ask,
  bytesOf,
  connect,
  device,
  envelopeOf,
  framed,
  give,
  NOW,
  POWERED,
  say,
  sealed,
  tell3,
  token,
  unframed,
  write3,
} from './sim.testing.ts';
import { createWhatsminer, OWNER_PASSWORD, whatsminerSimulator } from './sim.ts';
import { PLANS } from './sim-plan.ts';

/** Everything that a sealed command gets back, with how the connection ends. */
function sealedly(on: SimulatedDevice, cmd: string, args: object = {}, password = 'Miner_01'): string {
  const { sign, key } = token(on, password);
  const reaction = give(on, envelopeOf({ cmd, token: sign, ...args }, key));
  return `${reaction.end} ${reaction.chunks.length} ${bytesOf(reaction).toString('latin1').slice(0, 40_000)}`;
}

const framedly = (on: SimulatedDevice, body: object): string => {
  const to = on.whatsminer?.connect({ address: '10.0.0.9' }, NOW);
  if (to == null) return 'not connected';
  const reaction = to.receive(framed(JSON.stringify(body)), NOW);
  return `${reaction.end} ${bytesOf(reaction).toString('latin1')}`;
};
const info = (on: SimulatedDevice): string => framedly(on, { cmd: 'get.device.info' });

/** What to ask so that a switch shows. */
const SHOWN: Readonly<Record<string, (on: SimulatedDevice) => string>> = {
  'dead-board': (on) => say(on, '{"cmd":"edevs"}'),
  'stalled-fan': (on) => say(on, '{"cmd":"summary"}'),
  'dead-pool': (on) => say(on, '{"cmd":"pools"}'),
  asleep: (on) => say(on, '{"cmd":"summary"}'),
  'write-switch-off': (on) => sealedly(on, 'set_led', { param: 'auto' }),
  'factory-password': (on) => sealedly(on, 'set_led', { param: 'auto' }),
  'default-passwords': (on) => sealedly(on, 'set_led', { param: 'auto' }, 'admin'),
  'token-limit-reached': (on) => say(on, '{"cmd":"get_token"}', POWERED + 60_000),
  'over-max-connect': (on) => say(on, '{"cmd":"get_token"}'),
  'expired-tokens': (on) => sealedly(on, 'set_led', { param: 'auto' }),
  'token-timeout': (on) => say(on, '{"cmd":"get_token"}'),
  'token-forever': (on) => say(on, '{"cmd":"get_token"}'),
  'address-refused': (on) => String(on.cgminer?.admits({ address: '10.0.0.9' })),
  'missing-salt': (on) => say(on, '{"cmd":"get_token"}'),
  'clock-skew': (on) => say(on, '{"cmd":"get_version"}'),
  'invalid-error-code-json': (on) => say(on, '{"cmd":"get_error_code"}'),
  'msg-wrapped': (on) => say(on, '{"cmd":"summary"}'),
  'btmineroff-lie': (on) => say(on, '{"cmd":"status"}'),
  'ut-speed': (on) => say(on, '{"cmd":"get_miner_info"}'),
  'refuse-joins': (on) => say(on, '{"cmd":"summary+pools"}'),
  'long-joins': (on) => say(on, '{"cmd":"summary+devs+pools"}'),
  'text-form': (on) => say(on, 'get_token'),
  'pkcs7-reply': (on) => sealedly(on, 'set_led', { param: 'auto' }),
  'sealed-other-key': (on) => sealedly(on, 'set_led', { param: 'auto' }),
  'sealed-truncated': (on) => sealedly(on, 'set_led', { param: 'auto' }),
  'aes-garbage': (on) => sealedly(on, 'set_led', { param: 'auto' }),
  'close-on-write': (on) => sealedly(on, 'set_led', { param: 'auto' }),
  'reboot-replies': (on) => sealedly(on, 'reboot'),
  'closes-after-ready': (on) => sealedly(on, 'update_firmware'),
  'endless-log': (on) => sealedly(on, 'download_logs'),
  'log-in-one-segment': (on) => sealedly(on, 'download_logs'),
  'no-v3': info,
  'v3-long-info': info,
  'huge-frame': info,
  'truncated-frame': info,
};

/** The switches that need an error to show. */
const WITH: Readonly<Record<string, Record<string, boolean>>> = { 'invalid-error-code-json': { 'dead-board': true } };

describe.each(whatsminerSimulator.profiles.map(({ name, quirks }) => [name, quirks] as const))('%s', (name, quirks) => {
  test('has a test for each of its switches', () => {
    expect(Object.keys(quirks).filter((quirk) => SHOWN[quirk] === undefined)).toEqual([]);
  });

  test.each(Object.keys(quirks))('%s changes what is sent', (quirk) => {
    const shown = (on: boolean) => SHOWN[quirk]?.(device(name, { ...WITH[quirk], [quirk]: on }));
    expect(shown(true)).not.toBe(shown(false));
    expect(shown(quirks[quirk]?.on ?? false)).toBe(SHOWN[quirk]?.(device(name, WITH[quirk] ?? {})));
  });
});

test('the switches that a machine comes with', () => {
  const on = whatsminerSimulator.profiles.map(({ name, quirks }) => [
    name,
    Object.keys(quirks).filter((quirk) => quirks[quirk]?.on === true),
  ]);
  expect(on).toEqual([
    ['m30s-plus', ['btmineroff-lie', 'long-joins']],
    ['m33s-hydro', ['invalid-error-code-json']],
    ['m50s', ['msg-wrapped']],
    ['m60s', []],
  ]);
});

test('the V1 form has the whole epoch in its token, and a command with one parameter', () => {
  const on = device('m30s-plus', { 'text-form': true });
  expect(JSON.parse(say(on, 'get_token'))).toMatchObject({ Code: 134, Msg: { time: '1795007200' } });
  const { sign, key } = token(on);
  const reply = say(on, `enc|${sealed(`token,${sign}|set_led|auto`, key)}`);
  expect(reply).toMatch(/^enc\|[A-Za-z0-9+/]+=*$/);
  expect(JSON.parse(say(on, `enc|${sealed('token,wrong|set_led|auto', key)}`))).toMatchObject({ Code: 135 });
  expect(JSON.parse(say(on, 'enc|QUJD'))).toMatchObject({ Code: 23 });
  expect(JSON.parse(say(device('m30s-plus'), 'get_token'))).toMatchObject({ Code: 23 });
});

test('a write that closes without a reply was done', () => {
  const on = device('m60s', { 'close-on-write': true });
  const { sign, key } = token(on);
  const low = envelopeOf({ cmd: 'set_low_power', token: sign }, key);
  expect(give(on, low)).toEqual({ chunks: [], end: 'fin' });
  expect(ask(on, 'status').Msg).toMatchObject({ power_mode: 'low' });
  const to = connect(on);
  const high = to.receive(framed(JSON.stringify(write3(to, 'set.miner.power_mode', 'high', {}))), NOW);
  expect(high).toEqual({ chunks: [], end: 'fin' });
  expect(ask(on, 'status').Msg).toMatchObject({ power_mode: 'high' });
});

test('a refused address is closed without a byte on both ports', () => {
  const on = device('m60s', { 'address-refused': true });
  expect(on.cgminer?.admits({ address: '10.0.0.9' })).toBe(false);
  expect(on.whatsminer?.connect({ address: '10.0.0.9' }, NOW)).toBeNull();
});

test('a frame can say 4 GB, or have half of its JSON', () => {
  const huge = connect(device('m60s', { 'huge-frame': true })).receive(framed('{"cmd":"get.fan.setting"}'), NOW);
  expect(bytesOf(huge).subarray(0, 5).toString('latin1')).toBe('\xff\xff\xff\xff{');
  const half = connect(device('m60s', { 'truncated-frame': true })).receive(framed('{"cmd":"get.fan.setting"}'), NOW);
  expect(() => JSON.parse(unframed(bytesOf(half)).bodies[0] ?? '')).toThrow();
});

test('both passwords are the owner’s, which a test may choose', () => {
  expect(OWNER_PASSWORD).toBe('Miner_01');
  const plan = PLANS.find(([name]) => name === 'm60s')?.[1];
  if (plan === undefined) throw new Error('no m60s');
  const on = createWhatsminer(plan, { seed: 1, poweredAt: POWERED }, { password: 'mine', superPassword: 'other' });
  expect(sealedly(on, 'set_led', { param: 'auto' }, 'mine')).toMatch(/^fin 1 \{"enc":/);
  expect(tell3(connect(on), 'set.system.led', 'auto', { password: 'other' })).toMatchObject({ code: 0 });
});
