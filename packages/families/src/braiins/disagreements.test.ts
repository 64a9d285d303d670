import type { Snapshot } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import type { Machine } from './machine.testing.ts';
import { board } from './replies.testing.ts';
import { commandsHash, type Doc, details, read } from './snapshot.testing.ts';

describe('doors that disagree', () => {
  const paths = (now: Snapshot): unknown[] =>
    (now.disagreements ?? []).map(({ path, believed, other }) => [path, believed.value, other.value]);

  test('say so, with who was believed and why', async () => {
    const now = await read((machine) => {
      const doc = machine.commands.tunerstatus as { TUNERSTATUS: Doc[] };
      machine.commands.tunerstatus = { ...doc, TUNERSTATUS: [{ ...doc.TUNERSTATUS[0], PowerLimit: 2500 }] };
    });
    expect(now.powerLimitW).toBe(3100);
    expect(now.disagreements).toEqual([
      {
        path: '/powerLimitW',
        believed: { reply: 'grpc:PerformanceService.GetTunerState', value: 3100 },
        other: { reply: 'tunerstatus', value: 2500 },
        why: 'it tells the target that the tuner works for now',
      },
    ]);
  });

  test('about the state: paused here, hashing there', async () => {
    const now = await read((machine) => details(machine, { status: 3 }));
    expect(now.state).toBe('paused');
    expect(paths(now)).toEqual([['/state', 'paused', 'mining']]);
  });

  test('about the hashrate only where it is more than a fifth', async () => {
    expect(paths(await read((machine) => commandsHash(machine, 85_000_000)))).toEqual([]);
    expect(paths(await read((machine) => commandsHash(machine, 70_000_000)))).toEqual([
      ['/hashrate/windows/5/hs', 101.5e12, 70e12],
    ]);
  });

  test('about hashboards: how many, their chips, and temperatures that are far apart', async () => {
    const now = await read((machine) => {
      const doc = machine.commands.devdetails as { DEVDETAILS: Doc[] };
      machine.commands.devdetails = {
        ...doc,
        DEVDETAILS: doc.DEVDETAILS.map((detail) => (detail.ID === 3 ? { ...detail, Chips: 120 } : detail)),
      };
      const temps = machine.commands.temps as { TEMPS: Doc[] };
      machine.commands.temps = {
        ...temps,
        TEMPS: temps.TEMPS.map((temp) => (temp.ID === 1 ? { ...temp, Chip: 50, Board: 50 } : temp)),
      };
      machine.api.GetHashboards = { hashboards: [board('1'), board('3')] };
    });
    expect(paths(now)).toEqual([
      ['/hashboards', 2, 3],
      ['/hashboards/0/chipTempMaxC', 72.5, 50],
      ['/hashboards/2/chipsWorking', 126, 120],
    ]);
  });

  test('about pools: another worker, another pool at work; another order is none', async () => {
    const change = (edit: (pools: Doc[]) => Doc[]) => (machine: Machine) => {
      const doc = machine.commands.pools as { POOLS: Doc[] };
      machine.commands.pools = { ...doc, POOLS: edit(doc.POOLS) };
    };
    expect(paths(await read(change((pools) => pools.toReversed())))).toEqual([]);
    expect(paths(await read(change((pools) => pools.map((pool) => ({ ...pool, User: 'thief' })))))).toEqual([
      ['/pools/0/worker', 'acct.rig7', 'thief'],
      ['/pools/1/worker', 'acct.rig7', 'thief'],
      ['/pools/2/worker', 'acct.rig7', 'thief'],
    ]);
    expect(paths(await read(change((pools) => pools.map((pool) => ({ ...pool, 'Stratum Active': true })))))).toEqual([
      ['/pools/1/active', false, true],
    ]);
    expect(paths(await read(change((pools) => pools.slice(0, 2))))).toEqual([['/pools', 3, 2]]);
  });

  test('about the MAC address, within one door', async () => {
    const now = await read((machine) => {
      machine.api.GetNetworkInfo = { name: 'eth0', mac_address: '02:00:00:00:00:01' };
    });
    expect(now.identity.mac).toBe('02:00:00:aa:bb:cc');
    expect(now.disagreements).toMatchObject([
      {
        path: '/identity/mac',
        believed: { reply: 'grpc:MinerService.GetMinerDetails', value: '02:00:00:aa:bb:cc' },
        other: { reply: 'grpc:NetworkService.GetNetworkInfo', value: '02:00:00:00:00:01' },
      },
    ]);
  });
});
