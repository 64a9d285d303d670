import { expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import { AT, device, info, MINUTE, POWERED, SECOND, send } from './sim.testing.ts';
import { axeosSimulator } from './sim.ts';

const page = (on: SimulatedDevice, now = AT) => send(on, 'GET /api/system/info', { now });

/** What to ask so that a switch shows. */
const SHOWN: Readonly<Record<string, (on: SimulatedDevice) => unknown>> = {
  'dead-pool': (on) => info(on).isUsingFallbackStratum,
  'stalled-fan': (on) => info(on).fanrpm,
  'dead-chip': (on) => info(on).hashRate,
  asleep: (on) => info(on).miningPaused,
  overheated: (on) => info(on).overheat_mode,
  'strict-loopback': (on) => send(on, 'GET /api/system/info', { peer: '127.0.0.1' }).status,
  'ap-mode': (on) => page(on).text,
  'weak-wifi': (on) => page(on).afterMs,
  'sockets-exhausted': (on) => page(on).afterMs,
  'brown-outs': (on) => info(on).uptimeSeconds,
  'restart-cuts': (on) => send(on, 'POST /api/system/restart').end,
  'self-test': (on) => on.listening('http', POWERED + MINUTE),
  'no-sensor': (on) => info(on).temp,
  'unknown-board': (on) => info(on).boardVersion,
  'power-fault': (on) => info(on).power_fault,
  'hardware-fault': (on) => info(on).hardware_fault,
  'block-found': (on) => info(on).blockFound,
  'scan-busy': (on) => send(on, 'GET /api/system/wifi/scan').status,
};

test.each(axeosSimulator.profiles.map((profile) => [profile.name, profile] as const))(
  'every switch of a %s is off, and on it changes what is seen',
  (name, { quirks }) => {
    for (const [quirk, { on }] of Object.entries(quirks)) {
      const shown = SHOWN[quirk];
      expect([quirk, on, typeof shown]).toEqual([quirk, false, 'function']);
      expect([quirk, shown?.(device(name, { [quirk]: true }))]).not.toEqual([quirk, shown?.(device(name))]);
      expect(shown?.(device(name, { [quirk]: false }))).toEqual(shown?.(device(name)));
    }
  },
);

test('together the profiles have every switch', () => {
  const all = new Set(axeosSimulator.profiles.flatMap(({ quirks }) => Object.keys(quirks)));
  expect([...all].sort()).toEqual(Object.keys(SHOWN).sort());
});

test('a weak supply restarts the device again and again, and cuts requests that are under way', () => {
  const on = device('gamma', { 'brown-outs': true });
  let cut = 0;
  let restarts = 0;
  let last = 0;
  for (let now = POWERED + MINUTE; now < POWERED + 60 * MINUTE; now += SECOND) {
    if (!on.listening('http', now)) continue;
    const reply = page(on, now);
    if (reply.end === 'reset') cut++;
    const uptime = Number(JSON.parse(reply.text).uptimeSeconds);
    if (uptime < last) restarts++;
    last = uptime;
  }
  expect(restarts).toBeGreaterThanOrEqual(4);
  expect(cut).toBeGreaterThanOrEqual(4);
  expect(info(device('ultra', { 'brown-outs': true })).resetReason).toBe('Brownout reset (software or hardware)');
});

test('a device that is cut by its restart restarts nevertheless', () => {
  const on = device('gamma', { 'restart-cuts': true });
  expect(send(on, 'POST /api/system/restart').end).toBe('reset');
  expect(on.listening('http', AT + SECOND)).toBe(false);
  expect(info(on, AT + MINUTE).uptimeSeconds).toBe(60);
});
