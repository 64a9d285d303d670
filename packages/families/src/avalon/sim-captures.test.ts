import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../../../../tests/shared.ts';
import type { SimulatedDevice } from '../sim/device.ts';
import { decimalsOf, keyOrders, shapeDifferences } from '../sim/shapes.testing.ts';
import { avalonSimulator } from './sim.ts';

/*
 * The simulated Q beside the replies of a real one. The real one had been switched off softly in its eco mode when it
 * was asked, and had one pool: so is the simulated one, but for its second pool.
 */

const FOLDER = ['captures', 'canaan', 'avalon-q', '25052801_14a19a2'];
const folder = sharedPath(...FOLDER);
const POWERED_AT = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const NOW = POWERED_AT + 12 * HOUR;

function capture(name: string): string {
  const path = sharedPath(...FOLDER, `${name}.json`);
  if (path === null) throw new Error(`no capture ${name}`);
  return readFileSync(path, 'utf8');
}

function send(device: SimulatedDevice, request: string, now: number): string {
  const reaction = device.cgminer?.receive(Buffer.from(request), { address: '10.0.0.9' }, now);
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('latin1');
}

const ask = (device: SimulatedDevice, command: string, parameter?: string): string =>
  send(device, JSON.stringify({ command, parameter }), NOW).replace(/\0$/, '');

/** In eco mode, soft-off after ten hours of work. */
function idleQ(): SimulatedDevice {
  const q = avalonSimulator.profiles
    .find((profile) => profile.name === 'q')
    ?.create({ seed: 11, poweredAt: POWERED_AT });
  if (q === undefined) throw new Error('no profile q');
  send(q, 'ascset|0,workmode,set,0', POWERED_AT + HOUR);
  const off = (POWERED_AT + 11 * HOUR) / 1000;
  send(q, `ascset|0,softoff,1:${off}`, off * 1000 - 5000);
  return q;
}

const COMMANDS: readonly (readonly [file: string, command: string, parameter?: string])[] = [
  ['version', 'version'],
  ['summary', 'summary'],
  ['pools', 'pools'],
  ['devs', 'devs'],
  ['devdetails', 'devdetails'],
  ['config', 'config'],
  ['coin', 'coin'],
  ['stats', 'stats'],
  ['litestats', 'litestats'],
  ['check', 'check', 'summary'],
  ['ascset_help', 'ascset', '0,help'],
  ['ascset_softoff', 'ascset', `0,softoff,1:${NOW / 1000 + 5}`],
  ['ascset_softon', 'ascset', `0,softon,1:${NOW / 1000 + 5}`],
  ['ascset_workmode', 'ascset', '0,workmode,set,0'],
];

interface LongTokens {
  readonly keys: string[];
  readonly values: Map<string, string>;
}

/** Reads `Key[value]` with a reading of its own, so that both ends of the wire stay strangers. */
function tokens(text: string): LongTokens {
  const values = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(/([A-Za-z][A-Za-z0-9_ ]*)\[([^\]]*)\]/g)) values.set(key, value);
  return { keys: [...values.keys()], values };
}

/** Every run of digits is a 9: `2.449%` and `0.9%` are of one form, `2%` is not. */
const form = (value: string): string => value.replace(/\d+/g, '9');

function firstStats(json: string): Record<string, string> {
  const doc = JSON.parse(json) as { STATS: [Record<string, string>] };
  return doc.STATS[0];
}

describe.skipIf(folder === null)('a simulated Avalon Q beside a real one', () => {
  for (const [file, command, parameter] of COMMANDS) {
    test(`${file}: the same keys in the same order, the same types, numbers printed alike`, () => {
      const real = capture(file);
      const simulated = ask(idleQ(), command, parameter);
      const [ours, theirs] = [JSON.parse(simulated), JSON.parse(real)];
      expect(shapeDifferences(ours, theirs)).toEqual([]);
      expect(keyOrders(ours)).toEqual(keyOrders(theirs));
      expect(decimalsOf(simulated)).toEqual(decimalsOf(real));
      expect(ours.STATUS.map((s: Record<string, unknown>) => [s.STATUS, s.Code, s.Description])).toEqual(
        theirs.STATUS.map((s: Record<string, unknown>) => [s.STATUS, s.Code, s.Description]),
      );
    });
  }

  test('the long record has the keys of the real one in its order, and values of its form', () => {
    const real = tokens(firstStats(capture('stats'))['MM ID0:Summary'] ?? '');
    const ours = tokens(firstStats(ask(idleQ(), 'stats'))['MM ID0:Summary'] ?? '');
    expect(real.keys).toContain('Nonce Mask');
    expect(ours.keys).toEqual(real.keys);
    // Deleted by those who published the reply.
    const strangers = ['DNA'];
    for (const key of real.keys.filter((one) => !strangers.includes(one))) {
      expect([key, form(ours.values.get(key) ?? '')]).toEqual([key, form(real.values.get(key) ?? '')]);
    }
  });

  test('the long record stands between the same marks, and so do the boards', () => {
    const outside = (text: string): string => text.replace(/\[[^\]]*\]/g, '[]');
    const [real, ours] = [firstStats(capture('stats')), firstStats(ask(idleQ(), 'stats'))];
    for (const key of ['MM ID0:Summary', 'HBinfo']) expect(outside(ours[key] ?? '')).toBe(outside(real[key] ?? ''));
  });

  test('a value for each of 160 chips, temperatures in three columns', () => {
    const real = tokens(firstStats(capture('stats')).HBinfo ?? '');
    const ours = tokens(firstStats(ask(idleQ(), 'stats')).HBinfo ?? '');
    for (const key of ['PVT_T0', 'PVT_V0', 'MW0']) {
      const count = (text: string | undefined): number => text?.trim().split(/ +/).length ?? 0;
      expect([key, count(ours.values.get(key))]).toEqual([key, count(real.values.get(key))]);
    }
    expect(ours.values.get('PVT_T0')).toMatch(/^ \d\d {2}\d\d /);
    expect(real.values.get('PVT_T0')).toMatch(/^ \d\d {2}\d\d /);
  });

  test('litestats has the long record without the boards, as the real one', () => {
    const real = tokens(firstStats(capture('litestats'))['MM ID0:Summary'] ?? '');
    const ours = tokens(firstStats(ask(idleQ(), 'litestats'))['MM ID0:Summary'] ?? '');
    expect(ours.keys).toEqual(real.keys);
  });

  test('a message of ascset has the words of the real one', () => {
    const message = (json: string): string => (JSON.parse(json) as { STATUS: [{ Msg: string }] }).STATUS[0].Msg;
    const digits = (text: string): string => text.replace(/\d{6,}/, 'N');
    for (const [file, command, parameter] of COMMANDS.filter(([name]) => name.startsWith('ascset'))) {
      expect(digits(message(ask(idleQ(), command, parameter)))).toBe(digits(message(capture(file))));
    }
  });
});
