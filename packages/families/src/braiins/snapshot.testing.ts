import { newMemory, type Snapshot } from '@headframe/model';
import { snapshotOf } from '../snapshot-of.ts';
import { braiins } from './index.ts';
import { Machine, ROOT } from './machine.testing.ts';

/* A reading of the machine of these tests, and what it tells otherwise. */

export type Doc = Record<string, unknown>;

/** What is read of a machine over gRPC and port 4028, after a change to it. */
export async function read(change: (machine: Machine) => void = () => {}): Promise<Snapshot> {
  const machine = new Machine();
  change(machine);
  return snapshotOf(braiins, await braiins.read(machine.links(ROOT), newMemory()), '10.0.0.7');
}

export const details = (machine: Machine, change: Doc): void => {
  machine.api.GetMinerDetails = { ...(machine.api.GetMinerDetails as Doc), ...change };
};

const solverStats = (gigahash_per_second: number): Doc => ({
  real_hashrate: Object.fromEntries(
    ['last_5s', 'last_15s', 'last_30s', 'last_1m', 'last_5m', 'last_15m'].map((name) => [
      name,
      { gigahash_per_second },
    ]),
  ),
  nominal_hashrate: { gigahash_per_second },
});

export const hashes = (machine: Machine, gigahash: number): void => {
  machine.api.GetMinerStats = { ...(machine.api.GetMinerStats as Doc), miner_stats: solverStats(gigahash) };
};

const summary = (machine: Machine, change: Doc): void => {
  const doc = machine.commands.summary as { SUMMARY: Doc[] };
  machine.commands.summary = { ...doc, SUMMARY: [{ ...doc.SUMMARY[0], ...change }] };
};

export const commandsHash = (machine: Machine, mhs: number): void =>
  summary(machine, Object.fromEntries(['5s', '1m', '5m', '15m', '24h'].map((window) => [`MHS ${window}`, mhs])));
