import { type DeviceProfile, type FamilySimulator, simulators } from '@headframe/families/sim';
import { describe, expect, test } from 'vitest';
import { addressFrom, addressIn } from './addresses.ts';
import { processesFor } from './descriptors.ts';
import { planMachines } from './machines.ts';

const all = planMachines(simulators, { count: 2000, seed: 7 });

describe('the machines of a farm', () => {
  test('are the same for the same seed, and a larger farm begins with the machines of a smaller one', () => {
    expect(planMachines(simulators, { count: 200, seed: 7 })).toEqual(all.slice(0, 200));
    expect(planMachines(simulators, { count: 200, seed: 8 })).not.toEqual(all.slice(0, 200));
  });

  test('are mostly stock Antminers, then Avalons, then LuxOS, and few generic ones', () => {
    const count = (id: string) => all.filter(({ profile }) => profile.label.family === id).length;
    const counts = ['antminer', 'avalon', 'luxos', 'cgminer'].map(count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts[3]).toBeGreaterThan(0);
  });

  test('are sick in a few of a hundred, and only in ways that their kind knows', () => {
    const sick = all.filter(({ condition }) => condition !== null);
    expect(sick.length).toBeGreaterThan(0.04 * all.length);
    expect(sick.length).toBeLessThan(0.1 * all.length);
    for (const { profile, condition } of sick) expect(Object.keys(profile.quirks)).toContain(condition);
  });

  test('can be of one family or one profile, and a name that is none is named with those there are', () => {
    const some = planMachines(simulators, { count: 20, seed: 7, families: ['luxos'] });
    expect(new Set(some.map(({ profile }) => profile.label.family))).toEqual(new Set(['luxos']));
    const wrong = (mix: object, part: string) =>
      expect(() => planMachines(simulators, { count: 1, seed: 1, ...mix })).toThrow(part);
    wrong({ families: ['printer'] }, 'antminer');
    wrong({ profile: 's99' }, 's19-pro');
    wrong({ quirks: { 'no-such': true } }, 'no-such');
  });

  test('leave rare profiles to those who ask for them', () => {
    const profile = (name: string, rare: boolean): DeviceProfile => ({
      name,
      label: { family: 'x', make: 'X', model: name, firmware: 'x' },
      ...(rare ? { rare: true as const } : {}),
      quirks: {},
      create: () => ({ label: { family: 'x', make: 'X', model: name, firmware: 'x' }, listening: () => true }),
    });
    const own: FamilySimulator[] = [{ id: 'x', profiles: [profile('usual', false), profile('odd', true)] }];
    expect(new Set(planMachines(own, { count: 50, seed: 1 }).map((m) => m.profile.name))).toEqual(new Set(['usual']));
    expect(planMachines(own, { count: 1, seed: 1, profile: 'odd' })[0]?.profile.name).toBe('odd');
    const others: FamilySimulator[] = [...own, { id: 'y', profiles: [profile('seldom', true)] }];
    expect(planMachines(others, { count: 50, seed: 1 }).some((m) => m.profile.name === 'seldom')).toBe(false);
    expect(planMachines(others, { count: 1, seed: 1, families: ['y'] })[0]?.profile.name).toBe('seldom');
  });
});

describe('addresses', () => {
  test('leave out the bytes 0 and 255 at their end', () => {
    expect([0, 1, 253, 254, 999].map((i) => addressIn(0, i))).toEqual([
      '127.20.0.1',
      '127.20.0.2',
      '127.20.0.254',
      '127.20.1.1',
      '127.20.3.238',
    ]);
  });

  test('count on from one that was given, up to the end of loopback', () => {
    expect([0, 1, 2].map((i) => addressFrom('127.9.0.253', i))).toEqual(['127.9.0.253', '127.9.0.254', '127.9.1.1']);
    expect(addressFrom('127.255.255.254', 1)).toBeNull();
  });
});

describe('descriptors', () => {
  test('decide over how many processes a farm spreads', () => {
    expect(processesFor(200, 2, 20_000)).toBe(1);
    expect(processesFor(1000, 2, 20_000)).toBe(1);
    expect(processesFor(2000, 2, 20_000)).toBe(2);
    expect(processesFor(200, 2, 256)).toBe(3);
    expect(processesFor(200, 2, null)).toBe(1);
  });

  test('that are too few are named with the limit and the way out, before anything is started', () => {
    expect(() => processesFor(5000, 2, 256)).toThrow(/limit is 256.*ulimit -n \d+/s);
    expect(() => processesFor(1, 2, 30)).toThrow(/limit is 30/);
  });
});
