import { afterEach, expect, test } from 'vitest';
import { ask } from '../pools/pools.testing.ts';
import { type Farm, type FarmOptions, startFarm } from './farm.ts';

const farms: Farm[] = [];
afterEach(async () => {
  for (const farm of farms.splice(0)) await farm.close();
});

async function start(options: FarmOptions): Promise<Required<Farm>> {
  const farm = await startFarm(options);
  farms.push(farm);
  if (farm.pool === undefined) throw new Error('no pool');
  return { ...farm, pool: farm.pool };
}

interface Plain {
  readonly workers: readonly { readonly worker: string; readonly accepted: number; readonly hashrate_ths: number }[];
}

test('a farm in this process has a pool that counts what its machines submit', async () => {
  const clock = { at: 1_795_000_000_000, now: () => clock.at };
  const { pool } = await start({
    count: 20,
    seed: 7,
    inProcess: true,
    bind: '127.0.0.1',
    clock,
    pool: { kind: 'plain' },
  });
  const before = await ask<Plain>(pool, '/workers.json');
  expect(before.workers.length).toBeGreaterThan(12);
  expect(before.workers.reduce((sum, { hashrate_ths }) => sum + hashrate_ths, 0)).toBeGreaterThan(500);
  clock.at += 600_000;
  const after = await ask<Plain>(pool, '/workers.json');
  for (const { worker, accepted } of before.workers) {
    const later = after.workers.find((one) => one.worker === worker);
    expect(later?.accepted).toBeGreaterThanOrEqual(accepted);
  }
  const sum = ({ workers }: Plain) => workers.reduce((all, { accepted }) => all + accepted, 0);
  expect(sum(after)).toBeGreaterThan(sum(before) + 100);
});

test('a farm in other processes has one too, which ends with it', async () => {
  const farm = await start({ count: 6, seed: 7, bind: '127.0.0.1', pool: { kind: 'plain' } });
  const { workers } = await ask<Plain>(farm.pool, '/workers.json');
  expect(workers.length).toBeGreaterThan(3);
  await farm.close();
  await expect(ask(farm.pool, '/workers.json')).rejects.toThrow();
});

test('a farm whose pool cannot have its port does not start', async () => {
  const { pool } = await start({ count: 1, seed: 7, inProcess: true, bind: '127.0.0.1', pool: { kind: 'plain' } });
  const second = startFarm({
    ...{ count: 1, seed: 7, inProcess: true, bind: '127.0.0.1' },
    pool: { kind: 'plain', port: pool.port },
  });
  await expect(second).rejects.toMatchObject({ code: 'usage/port-in-use' });
});
