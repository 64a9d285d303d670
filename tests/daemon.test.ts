import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiClient, createApiClient, type MinerRow } from '@headframe/api';
import { type Fleet, startFleet } from '@headframe/fleet';
import { HeadframeError } from '@headframe/model';
import { type Farm, loadCapture, type Replay, serveReplay, startFarm } from '@headframe/simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sharedPath } from './shared.ts';

/* The daemon against simulated and replayed machines, over real sockets. */

let folder: string;
let fleet: Fleet;
let farm: Farm | undefined;
let replay: Replay | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headframe-'));
});

afterEach(async () => {
  await fleet?.stop();
  await farm?.close();
  await replay?.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (more: Partial<Parameters<typeof startFleet>[0]>) =>
  startFleet({ port: 0, dataDirectory: folder, pageDirectory: null, intervalMs: 1_000, log: null, ...more });

/** Asks until the rows are as they should be. */
async function rowsWhen(api: ApiClient, ready: (rows: MinerRow[]) => boolean): Promise<MinerRow[]> {
  let rows: MinerRow[] = [];
  for (let i = 0; i < 20_000 && !ready(rows); i++) rows = (await api.miners()).miners;
  expect(ready(rows), JSON.stringify(rows)).toBe(true);
  return rows;
}

const allAnswer = (count: number) => (rows: MinerRow[]) =>
  rows.length === count && rows.every(({ link }) => link === 'ok');

describe('the daemon', () => {
  test('polls a simulated farm of all families and shows what stands on the labels', async () => {
    farm = await startFarm({ count: 12, seed: 3, inProcess: true });
    fleet = await start({ targets: farm.machines.map((machine) => ({ ...machine, simulated: true })) });
    const rows = await rowsWhen(createApiClient(`http://${fleet.address}`), allAnswer(12));
    expect(new Set(rows.map(({ family }) => family))).toEqual(new Set(farm.machines.map(({ family }) => family)));
    for (const { address, family, make } of farm.machines) {
      const row = rows.find((candidate) => candidate.address === address);
      expect(row).toMatchObject({ family, make, simulated: true });
    }
  });

  test('finds the same farm by scanning its addresses, each machine once', async () => {
    farm = await startFarm({ count: 4, seed: 3, inProcess: true });
    const ports = Object.groupBy(
      farm.machines.flatMap((machine) => Object.entries(machine.ports)),
      ([protocol]) => protocol,
    );
    const extra = Object.fromEntries(
      Object.entries(ports).map(([protocol, entries = []]) => [
        protocol,
        [...new Set(entries.map(([, port]) => port))],
      ]),
    );
    fleet = await start({ scan: { ranges: farm.machines.map(({ address }) => address), ports: extra } });
    const api = createApiClient(`http://${fleet.address}`);
    const rows = await rowsWhen(api, allAnswer(4));
    expect(rows.map(({ address }) => address).sort()).toEqual(farm.machines.map(({ address }) => address).sort());
    expect(rows.every(({ simulated }) => !simulated)).toBe(true);
    expect((await api.fleet()).scan).toMatchObject({ miners: 4, error: null });
  });

  test('refuses a wrong range at once, in one sentence', async () => {
    const thrown = await start({ scan: { ranges: ['10.0.0.0/99'] } }).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(HeadframeError);
    expect((thrown as HeadframeError).code).toBe('usage/invalid');
  });

  const capture = sharedPath('captures');
  test.skipIf(capture === null)('polls a replayed machine beside the simulated ones', async () => {
    farm = await startFarm({ count: 2, seed: 3, inProcess: true });
    replay = await serveReplay(loadCapture(join(capture ?? '', CAPTURE)));
    const { ports } = replay;
    fleet = await start({
      targets: [...farm.machines, { address: '127.0.0.1', ports, family: null }],
    });
    const rows = await rowsWhen(createApiClient(`http://${fleet.address}`), allAnswer(3));
    expect(rows.find(({ address }) => address.startsWith('127.0.0.1:'))).toMatchObject({ family: 'luxos' });
  });
});

/** Of the S19k Pro under LuxOS. */
const CAPTURE = 'luxor/antminer-s19k-pro/luxos_2025.4.8.220305';
