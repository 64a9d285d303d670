import { newMemory } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import type { SimulatedDevice } from '../sim/device.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { cgminer } from './index.ts';
import { simulatedLink } from './links.testing.ts';
import { cgminerSimulator } from './sim.ts';
import { cgminerDevice } from './sim-device.ts';
import { CGMINER_4_11 } from './sim-standard-plan.ts';

const POWERED_AT = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;

function profile(name: string, quirks: Record<string, boolean> = {}, seed = 7): SimulatedDevice {
  const found = cgminerSimulator.profiles.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found.create({ seed, poweredAt: POWERED_AT, quirks });
}

/** The machine of the recordings, with write access for 127.0.0.1. */
const writable = (): SimulatedDevice =>
  cgminerDevice(
    { ...CGMINER_4_11, access: { listen: true, allow: 'W:127.0.0.1' } },
    { seed: 7, poweredAt: POWERED_AT },
    { family: 'cgminer', make: '', model: '', firmware: '' },
  );

function ask(device: SimulatedDevice, command: string, now: number): string {
  const reaction = device.cgminer?.receive(Buffer.from(command), { address: '127.0.0.1' }, now);
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('latin1');
}

async function snapshot(device: SimulatedDevice, now: number) {
  const replies = await cgminer.read(simulatedLink(device, now).links, newMemory());
  return snapshotOf(cgminer, replies, '127.0.0.1');
}

describe('a simulated machine, read by the family', () => {
  test('the machine for farms mines with two boards near its nominal rate', async () => {
    const read = await snapshot(profile('two-boards'), POWERED_AT + 6 * HOUR);
    expect(read.state).toBe('mining');
    expect(read.gaps).toEqual([]);
    expect(read.hashboards.map((board) => [board.slot, board.label, board.state])).toEqual([
      [0, 'BA10', 'ok'],
      [1, 'BA11', 'ok'],
    ]);
    expect(read.hashrate.averageHs).toBeGreaterThan(1e12);
    expect(read.hashrate.averageHs).toBeLessThan(1.08e12);
    expect(read.hashrate.windows.map((window) => window.seconds)).toEqual([5, 60, 300, 900]);
    expect(read.pools.map((pool) => pool.active)).toEqual([true, false, false]);
    expect(read.pools[0]?.accepted).toBe(read.shares.accepted);
    expect(read.minerUptimeS).toBe(6 * 3600 - 21);
  });

  test('a dead board is a fault with its reason, and does not hash', async () => {
    const read = await snapshot(profile('two-boards', { 'dead-board': true }), POWERED_AT + HOUR);
    expect(read.hashboards.map((board) => [board.state, (board.hashrateHs ?? -1) > 0])).toEqual([
      ['ok', true],
      ['fault', false],
    ]);
    expect(read.faults).toMatchObject([
      { code: 'device.fault', vendorCode: 'Dead', text: 'Device dead - idle for 600s', component: 'BA11' },
    ]);
  });

  test('with a dead first pool the second one is worked for', async () => {
    const read = await snapshot(profile('two-boards', { 'dead-pool': true }), POWERED_AT + HOUR);
    expect(read.pools.map((pool) => [pool.status, pool.active])).toEqual([
      ['dead', false],
      ['alive', true],
      ['alive', false],
    ]);
  });

  test('the machine of the recordings mines and never finds a share', async () => {
    const read = await snapshot(profile('cgminer-4.11'), POWERED_AT + HOUR);
    expect([read.state, read.shares.accepted, read.hashboards[0]?.tempC]).toEqual(['mining', 0, 64]);
    expect(read.pools[0]?.lastShareAt).toBeNull();
  });

  test('a machine without devices is idle with no hashboards and no gaps', async () => {
    const read = await snapshot(profile('cgminer-no-devices'), POWERED_AT + HOUR);
    expect([read.state, read.hashboards, read.gaps]).toEqual(['idle', [], []]);
  });

  test.each(['no-nul', 'join-double-reply'])('the reading is the same with %s', async (quirk) => {
    const off = await snapshot(profile('two-boards', { [quirk]: false }), POWERED_AT + HOUR);
    const on = await snapshot(profile('two-boards', { [quirk]: true }), POWERED_AT + HOUR);
    expect({ ...on, replies: [] }).toEqual({ ...off, replies: [] });
  });
});

describe('the device as a state machine', () => {
  test('asking changes nothing: who was asked two hundred times says the same', () => {
    const quiet = profile('two-boards');
    const asked = profile('two-boards');
    for (let i = 0; i < 200; i++) ask(asked, 'summary+pools+devs', POWERED_AT + 60_000 + i * 15_000);
    const at = POWERED_AT + 2 * HOUR;
    expect(ask(asked, 'summary+pools+devs+stats', at)).toBe(ask(quiet, 'summary+pools+devs+stats', at));
  });

  test('counters never fall and agree with each other', () => {
    const device = profile('two-boards');
    let before = [0, 0];
    for (let minutes = 2; minutes < 120; minutes += 7) {
      const summary = ask(device, 'summary', POWERED_AT + minutes * 60_000);
      const now = ['Accepted', 'Total MH'].map((name) => Number(new RegExp(`,${name}=([\\d.]+)`).exec(summary)?.[1]));
      expect(now.every((value, i) => value >= (before[i] ?? 0))).toBe(true);
      before = now;
    }
    const pools = ask(device, 'pools', POWERED_AT + 2 * HOUR);
    const sum = [...pools.matchAll(/,Accepted=(\d+)/g)].reduce((total, match) => total + Number(match[1]), 0);
    expect(ask(device, 'summary', POWERED_AT + 2 * HOUR)).toContain(`,Accepted=${sum},`);
  });

  test('the API opens 6 to 7 s after the start and after a restart, and never again after quit', () => {
    const device = writable();
    const open = (ms: number) => device.listening('cgminer', POWERED_AT + ms);
    expect([open(0), open(6_000), open(7_000)]).toEqual([false, false, true]);
    expect(ask(device, 'restart', POWERED_AT + 60_000)).toBe('RESTART\0');
    expect([open(61_000), open(66_000), open(67_000)]).toEqual([false, false, true]);
    expect(ask(device, 'quit', POWERED_AT + 90_000)).toBe('BYE\0');
    expect([open(91_000), open(990_000)]).toEqual([false, false]);
    expect(device.listening('http', POWERED_AT + 60_000)).toBe(false);
  });

  test('debug changes its flags for everybody', () => {
    const device = writable();
    expect(ask(device, 'debug|quiet', POWERED_AT + 60_000)).toContain('Quiet=true');
    expect(ask(device, 'debug', POWERED_AT + 61_000)).toContain('Quiet=true');
  });

  test('switchpool answers at once and switches after the fallback time', () => {
    const device = writable();
    const at = POWERED_AT + 60_000;
    const current = (ms: number) => /Current Pool=([^,]*)/.exec(ask(device, 'lcd', at + ms))?.[1];
    expect(ask(device, 'switchpool|2', at)).toContain("Code=27,Msg=Switching to pool 2:'stratum+tcp://127.0.0.1:3335'");
    expect(ask(device, 'pools', at)).toMatch(/POOL=2,.*?,Priority=0,/);
    expect(current(125_000)).toBe('stratum+tcp://127.0.0.1:3333');
    expect(current(135_000)).toBe('stratum+tcp://127.0.0.1:3335');
  });

  test('removepool moves the last pool into the free number', () => {
    const device = writable();
    const at = POWERED_AT + 60_000;
    expect(ask(device, 'removepool|1', at)).toContain("Code=68,Msg=Removed pool 1:'stratum+tcp://127.0.0.1:3334'");
    expect(ask(device, 'pools', at)).toMatch(/POOL=1,URL=stratum\+tcp:\/\/127\.0\.0\.1:3335,.*?,Priority=1,/);
  });

  test('after save and restart every pool is there twice', () => {
    const device = writable();
    ask(device, 'save', POWERED_AT + 60_000);
    ask(device, 'restart', POWERED_AT + 61_000);
    expect(ask(device, 'pools', POWERED_AT + 80_000)).toContain('Msg=6 Pool(s)');
  });

  test('a disabled device stands still, and does not count what it missed', () => {
    const device = writable();
    const total = (ms: number) => Number(/Total MH=([\d.]+)/.exec(ask(device, 'devs', POWERED_AT + ms))?.[1]);
    ask(device, 'ascdisable|0', POWERED_AT + 100_000);
    const stopped = total(100_000);
    expect(ask(device, 'asc|0', POWERED_AT + 150_000)).toContain('Enabled=N');
    expect(total(200_000)).toBe(stopped);
    ask(device, 'ascenable|0', POWERED_AT + 200_000);
    expect(total(200_000)).toBe(stopped);
    expect(total(260_000)).toBeGreaterThan(stopped);
  });

  test('zero all begins the counters again', () => {
    const device = writable();
    expect(ask(device, 'zero|all,false', POWERED_AT + HOUR)).toContain('Code=97,Msg=Zeroed All stats without summary');
    expect(ask(device, 'summary', POWERED_AT + HOUR + 3_000)).toContain('SUMMARY,Elapsed=3,');
  });

  test('without an allow list only 127.0.0.1 may read, and nobody may write', () => {
    const device = profile('cgminer-4.11');
    expect(device.cgminer?.admits({ address: '127.0.0.2' })).toBe(false);
    expect(ask(device, 'debug', POWERED_AT + 60_000)).toContain('Code=45');
  });
});
