import { type Links, newMemory, type Snapshot } from '@headframe/model';
import { describe, expect, test } from 'vitest';
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
    { rate: 2.01e12, tempC: 58.5, chips: 24 },
    { rate: 0, tempC: 31.25, chips: 0 },
  ],
  fanRpm: 2280,
};

async function read(quirks: Record<string, boolean> = {}): Promise<Snapshot> {
  const device = createPickaxe({ seed: 1, poweredAt: 0, quirks }, () => STATE);
  const links: Links = {
    clock: { now: () => NOW },
    cgminer: {
      exchange: async (request) => {
        const reaction = device.cgminer?.receive(request, { address: '127.0.0.1' }, NOW);
        return { bytes: reaction?.chunks[0]?.bytes ?? new Uint8Array(), at: NOW, ms: 1, ended: 'fin' };
      },
    },
  };
  return snapshotOf(blueprint, await blueprint.read(links, newMemory()), '127.0.0.1');
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
    expect(found.hashboards.map((board) => [board.label, board.state, board.tempC])).toEqual([
      ['PX0', 'ok', 58.5],
      ['PX1', 'missing', 31.25],
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
