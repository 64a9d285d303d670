import {
  blankIdentity,
  HeadframeError,
  type Links,
  newMemory,
  type Prepared,
  readParameters,
  type Snapshot,
} from '@headframe/model';
import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { blueprint } from './index.ts';
import { quirkOf } from './quirks.ts';
import { blueprintSimulator, createPickaxe, type PickaxeState } from './sim.ts';

/*
 * Client end against simulated end, without sockets. The state is typed by hand, and the expectations from it:
 * nothing here was ever printed by the code under test. Replies of a real machine, once somebody has some, come first.
 */

const NOW = 1_795_161_600_000;

const STATE: PickaxeState = {
  elapsed: 3661,
  rate: 4.02e12,
  average: 3.98e12,
  accepted: 417,
  errors: 3,
  boards: [
    { rate: 2.01e12, tempC: 58.5, chips: 24, mhz: 500 },
    { rate: 0, tempC: 31.25, chips: 0, mhz: 0 },
  ],
  fanRpm: 2280,
};

function exchange(device: SimulatedDevice, request: Uint8Array, now = NOW): Uint8Array {
  const reaction = device.cgminer?.receive(request, { address: '127.0.0.1' }, now);
  return reaction?.chunks[0]?.bytes ?? new Uint8Array();
}

const linksTo = (device: SimulatedDevice): Links => ({
  clock: { now: () => NOW },
  cgminer: {
    exchange: async (request) => ({ bytes: exchange(device, request), at: NOW, ms: 1, ended: 'fin' }),
  },
});

async function read(quirks: Record<string, boolean> = {}): Promise<Snapshot> {
  const machine = { stateAt: () => STATE, runAt: () => {} };
  const device = createPickaxe({ seed: 1, poweredAt: 0, quirks }, machine);
  return snapshotOf(blueprint, await blueprint.read(linksTo(device), newMemory()), '127.0.0.1');
}

describe('a Pickaxe', () => {
  test('tells all it knows in one connection', async () => {
    const found = await read();
    expect(new Set(found.replies.map((reply) => reply.request))).toEqual(new Set(['version+summary+stats+pools']));
    expect(found.identity).toMatchObject({ make: 'Example', model: 'Pickaxe 2', firmwareVersion: '1.4.0' });
    expect(found.state).toBe('mining');
    expect(found.minerUptimeS).toBe(3661);
    expect(found.hashrate).toMatchObject({ currentHs: 4.02e12, currentWindowS: 5, averageHs: 3.98e12 });
    expect(found.shares.accepted).toBe(417);
    expect(found.hardwareErrors).toBe(3);
    expect(found.fans.map((fan) => fan.rpm)).toEqual([2280]);
    expect(found.pools).toMatchObject([{ status: 'alive', worker: 'account.pickaxe', difficulty: 8192 }]);
    expect(found.gaps).toEqual([]);
  });

  test('lists the slot of a board that is not there', async () => {
    const found = await read();
    expect(found.hashboards.map((board) => [board.label, board.state, board.tempC, board.frequencyMHz])).toEqual([
      ['PX0', 'ok', 58.5, 500],
      ['PX1', 'missing', 31.25, null],
    ]);
  });

  test('with firmware 1.1.0 writes tenths of a degree', async () => {
    const found = await read({ 'tenths-of-a-degree': true });
    expect(found.identity.firmwareVersion).toBe('1.1.0');
    expect(found.hashboards.map((board) => board.tempC)).toEqual([58.5, 31.25]);
  });

  test('that says nothing is unknown, and every gap has its reason', () => {
    const found = snapshotOf(blueprint, new Map(), '127.0.0.1');
    expect(found.state).toBe('unknown');
    expect(found.gaps.every((gap) => gap.reason === 'not-read')).toBe(true);
    expect(found.gaps.map((gap) => gap.path)).toContain('/hashboards');
  });
});

/*
 * Actions: the exact bytes that would leave, what is made of the answer, and how the change is seen. Who sends and waits
 * is the client; a family in the registry is also run through it, on real sockets (tests/control-<family>.test.ts).
 */

const HOUR_MS = 3_600_000;
const pickaxe = (upMs: number, quirks: Record<string, boolean> = {}): SimulatedDevice =>
  createPickaxe({ seed: 1, poweredAt: NOW - upMs, quirks });

const identity = (firmwareVersion: string) => ({ ...blankIdentity('_blueprint'), firmwareVersion });

function prepare(name: string, given: Record<string, unknown>, links: Links): Promise<Prepared> {
  const of = identity('1.4.0');
  const found = new Map(Object.entries({ ...blueprint.actions(of), ...blueprint.own?.(of) })).get(name);
  if (found === undefined) throw new Error(`no action ${name}`);
  return found.prepare(links, readParameters(name, found, given));
}

/** Sends the one step of an action and looks once, as the client does with many steps and in time. */
async function act(device: SimulatedDevice, name: string, given: Record<string, unknown>) {
  const links = linksTo(device);
  const { steps, readBack } = await prepare(name, given, links);
  const request = steps[0]?.request('');
  if (steps.length !== 1 || request === undefined || !('bytes' in request)) throw new Error('not one command');
  const bytes = exchange(device, request.bytes);
  const verdict = steps[0]?.verdict({ bytes, at: NOW, ms: 1, ended: 'fin' });
  if ('never' in readBack) throw new Error(readBack.never);
  return { sent: new TextDecoder().decode(request.bytes), verdict, seen: await readBack.look(links, NOW) };
}

/** What the device tells somebody who never heard of our client. */
const says = (device: SimulatedDevice, command: string, now = NOW): string =>
  new TextDecoder().decode(exchange(device, new TextEncoder().encode(`{"command":"${command}"}`), now));

const field = (reply: string, name: string): number => Number(new RegExp(`"${name}":([\\d.]+)`).exec(reply)?.[1]);

describe('a Pickaxe that is told something', () => {
  test('runs at another frequency, and it is seen at its boards', async () => {
    const device = pickaxe(HOUR_MS);
    expect(await act(device, 'setFrequency', { frequencyMHz: '450 MHz' })).toEqual({
      sent: '{"command":"freqset","parameter":"450"}\n',
      verdict: { accepted: true, vendorCode: '200', vendorText: 'Frequency 450' },
      seen: { done: true, values: { frequencyMHz: [450, 450] } },
    });
    // Nine tenths of its 4 TH/s.
    expect(Math.abs(field(says(device, 'summary', NOW + HOUR_MS), 'MHS 5s') - 3.6e6)).toBeLessThan(0.2e6);
    expect(field(says(device, 'stats'), 'Frequency')).toBe(450);
  });

  test('is done when all boards run at it: a slot without one stays at 0', async () => {
    let mhz = 500;
    const boards = () => STATE.boards.map((board) => (board.chips > 0 ? { ...board, mhz } : board));
    const machine = {
      stateAt: () => ({ ...STATE, boards: boards() }),
      runAt: (_: number, wanted: number) => {
        mhz = wanted;
      },
    };
    const { seen } = await act(createPickaxe({ seed: 1, poweredAt: 0 }, machine), 'setFrequency', {
      frequencyMHz: 550,
    });
    expect(seen).toEqual({ done: true, values: { frequencyMHz: [550] } });
  });

  test('says yes to 600 MHz, shows them in config and runs at 500: that is not done', async () => {
    const device = pickaxe(HOUR_MS, { 'boards-of-500-mhz': true });
    const { verdict, seen } = await act(device, 'setFrequency', { frequencyMHz: 600 });
    expect(verdict).toMatchObject({ accepted: true, vendorCode: '200' });
    expect(seen).toEqual({ done: false, values: { frequencyMHz: [500, 500] } });
    expect(says(device, 'config')).toContain('"Frequency":600');
  });

  test('refuses a frequency while it warms up, in its own words', async () => {
    const device = pickaxe(60_000);
    const { verdict, seen } = await act(device, 'setFrequency', { frequencyMHz: 450 });
    expect(verdict).toEqual({ accepted: false, vendorCode: '201', vendorText: 'Warming up' });
    expect(seen.done).toBe(false);
  });

  test('is not asked for what is out of its range, and the source of the range is named', async () => {
    const links = linksTo(pickaxe(HOUR_MS));
    const message = /setFrequency takes 300 to 600 MHz on this machine \(Pickaxe freqset\); nothing was sent/;
    expect(() => prepare('setFrequency', { frequencyMHz: 700 }, links)).toThrow(message);
    expect(() => prepare('fancap', {}, links)).toThrow(
      /fancap needs rpm \(most that the fan does\): 1,000 to 4,000 rpm/,
    );
  });

  test('keeps its fan slow, by a command of its own', async () => {
    const device = pickaxe(HOUR_MS);
    expect(field(says(device, 'stats'), 'Fan')).toBeGreaterThan(1000);
    expect(await act(device, 'fancap', { rpm: 1000 })).toEqual({
      sent: '{"command":"fancap","parameter":"1000"}\n',
      verdict: { accepted: true, vendorCode: '202', vendorText: 'Fan cap 1000' },
      seen: { done: true, values: { rpm: 1000 } },
    });
    expect(field(says(device, 'stats'), 'Fan')).toBe(1000);
  });

  test.each([
    ['cut before its letter', '{"STATUS":[{"STA'],
    ['cut before its code', '{"STATUS":[{"STATUS":"S","When":1795161600,"Co'],
    ['a page', '<html>Busy</html>'],
    ['nothing', ''],
  ])('an answer that is %s is no yes', async (_, answer) => {
    const { steps } = await prepare('fancap', { rpm: 1000 }, linksTo(pickaxe(HOUR_MS)));
    const reply = { bytes: new TextEncoder().encode(answer), at: NOW, ms: 1, ended: 'fin' } as const;
    expect(() => steps[0]?.verdict(reply)).toThrow(HeadframeError);
  });

  test('that does not answer when it is looked at is not known to have done it', async () => {
    const { readBack } = await prepare('fancap', { rpm: 1000 }, linksTo(pickaxe(HOUR_MS)));
    const gone = new HeadframeError('link/refused', {});
    const links: Links = { clock: { now: () => NOW }, cgminer: { exchange: () => Promise.reject(gone) } };
    await expect('look' in readBack && readBack.look(links, NOW)).rejects.toMatchObject({ code: 'link/refused' });
  });

  test('with firmware 1.1.0 cannot change its frequency, and why not is told', () => {
    const old = identity('1.1.0');
    expect(blueprint.actions(old).setFrequency).toBeUndefined();
    expect(blueprint.lacks?.(old).setFrequency).toBe('freqset came with firmware 1.2.0');
    expect(blueprint.lacks?.(identity('1.2.0')).setFrequency).toBeUndefined();
    expect(says(pickaxe(HOUR_MS, { 'tenths-of-a-degree': true }), 'freqset')).toContain('"Code":14');
  });
});

test('a simulated Pickaxe is found once it has booted, and hashes about as it should', () => {
  const [profile] = blueprintSimulator.profiles;
  const device = profile?.create({ seed: 7, poweredAt: NOW });
  const open = [0, 29_000, 31_000].map((after) => device?.listening('cgminer', NOW + after));
  expect(open).toEqual([false, false, true]);
  const request = new TextEncoder().encode('{"command":"summary"}');
  const reaction = device?.cgminer?.receive(request, { address: '127.0.0.1' }, NOW + 3_600_000);
  const summary = new TextDecoder().decode(reaction?.chunks[0]?.bytes);
  expect(Number(/"MHS 5s":([\d.]+)/.exec(summary)?.[1]) / 4e6).toBeCloseTo(1, 0);
});

test('the quirk of old firmware ends with 1.2.0', () => {
  expect(['1.1.9', '0.9', '1.2.0', '1.10.0', '2.0.0'].map((version) => quirkOf(version) !== null)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(quirkOf(null)).toBeNull();
});
