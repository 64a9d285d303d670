import { expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import { AT, device, info, SECOND, send } from './sim.testing.ts';
import { nerdqaxeSimulator } from './sim.ts';
import { totp } from './sim-otp.ts';

/** What to ask so that a switch shows. */
const SHOWN: Readonly<Record<string, (on: SimulatedDevice) => unknown>> = {
  'dead-pool': (on) => send(on, 'GET /api/system/info').text,
  'stalled-fan': (on) => info(on).fanrpm,
  'dead-chip': (on) => info(on).hashRate_1h,
  asleep: (on) => info(on).hashRate,
  otp: (on) => send(on, 'PATCH /api/system', { body: '{}' }).status,
  'strict-loopback': (on) => send(on, 'GET /api/system/info', { peer: '127.0.0.1' }).status,
  'ap-mode': (on) => info(on).hostip,
  'weak-wifi': (on) => send(on, 'GET /api/system/info').afterMs,
  'restart-cuts': (on) =>
    send(on, 'POST /api/system/restart', { headers: { 'x-totp': totp('JBSWY3DPEHPK3PXP', AT) } }).end,
};

test.each(nerdqaxeSimulator.profiles.map((profile) => [profile.name, profile] as const))(
  'every switch of a %s changes what is seen',
  (name, { quirks }) => {
    const wanted = Object.keys(SHOWN).filter((quirk) => quirk !== 'otp' || name !== 'nerdqaxe-plus-old');
    expect(Object.keys(quirks).sort()).toEqual(wanted.sort());
    for (const [quirk, { on }] of Object.entries(quirks)) {
      expect([quirk, on]).toEqual([quirk, quirk === 'otp' && name === 'nerdqaxe-plus-plus-otp']);
      const shown = SHOWN[quirk];
      expect([quirk, shown?.(device(name, { [quirk]: !on }))]).not.toEqual([quirk, shown?.(device(name))]);
      expect(shown?.(device(name, { [quirk]: on }))).toEqual(shown?.(device(name)));
    }
  },
);

test('a device that is cut by its restart restarts nevertheless', () => {
  const on = device('nerdqaxe-plus', { 'restart-cuts': true });
  expect(send(on, 'POST /api/system/restart').end).toBe('reset');
  expect(on.listening('http', AT + SECOND)).toBe(false);
});
