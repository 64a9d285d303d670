import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { type Farm, type FarmOptions, startFarm } from './farm.ts';
import type { MachineLine } from './orders.ts';

const farms: Farm[] = [];
afterEach(async () => {
  for (const farm of farms.splice(0)) await farm.close();
});

async function start(options: FarmOptions): Promise<Farm> {
  const farm = await startFarm(options);
  farms.push(farm);
  return farm;
}

function dial({ address, ports }: MachineLine): Socket {
  return connect({ host: address.replace(/:\d+$/, ''), port: ports.cgminer ?? 0 });
}

function version(machine: MachineLine): Promise<string> {
  const socket = dial(machine);
  socket.write('{"command":"version"}\n');
  let text = '';
  return new Promise((done) => {
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('end', () => done(text));
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
}

/** Blocks that no other run of these tests on this machine uses at the same time. */
const own = (n: number) => `127.${100 + (process.pid % 100)}.${10 * n + (Math.floor(process.pid / 100) % 10)}`;

const wrong = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe.skipIf(process.platform !== 'linux')('a farm on loopback addresses', () => {
  test('gives every machine an address of its own and the real port', async () => {
    const { machines } = await start({ count: 30, seed: 7, inProcess: true });
    expect(new Set(machines.map(({ address }) => address)).size).toBe(30);
    for (const { address, ports, make, model } of machines) {
      expect(address).toMatch(/^127(\.\d+){3}$/);
      if (ports.cgminer !== undefined) expect(ports.cgminer).toBe(4028);
      expect([4028, 80, 3333]).toContain(Object.values(ports)[0]);
      expect(make.length * model.length).toBeGreaterThan(0);
    }
    const up = machines.filter(({ ports }) => ports.cgminer !== undefined).map(version);
    expect((await Promise.all(up)).filter((text) => /VERSION|invalid cmd/.test(text)).length).toBeGreaterThan(25);
  });

  test('takes another block beside a farm that runs', async () => {
    const first = await start({ count: 3, seed: 7, inProcess: true });
    const second = await start({ count: 3, seed: 7, inProcess: true });
    const both = [...first.machines, ...second.machines].map(({ address }) => address);
    expect(new Set(both).size).toBe(6);
  });

  test('says that the block it was told to use is taken', async () => {
    const first = await start({ count: 2, seed: 7, base: `${own(1)}.1`, inProcess: true });
    expect(first.machines.map(({ address }) => address)).toEqual([`${own(1)}.1`, `${own(1)}.2`]);
    await expect(startFarm({ count: 2, seed: 7, base: `${own(1)}.1`, inProcess: true })).rejects.toEqual(
      wrong('usage/port-in-use', /4028.*--base/),
    );
  });

  test('leaves nothing open when one of its machines cannot be served', async () => {
    const blocked = await start({ count: 1, seed: 7, base: `${own(2)}.5`, inProcess: true });
    await expect(startFarm({ count: 10, seed: 7, base: `${own(2)}.1`, inProcess: true })).rejects.toEqual(
      wrong('usage/port-in-use', new RegExp(`${own(2)}.5`)),
    );
    await blocked.close();
    const again = await start({ count: 10, seed: 7, base: `${own(2)}.1`, inProcess: true });
    expect(again.machines).toHaveLength(10);
  });

  test('runs in a process of its own, which ends with it', async () => {
    const farm = await start({ count: 5, seed: 7, families: ['luxos'], base: `${own(3)}.1` });
    expect(farm.pids).toHaveLength(1);
    const [machine] = farm.machines as [MachineLine];
    expect(await version(machine)).toContain('VERSION');
    const idle = dial(machine).on('error', () => {});
    await new Promise((done) => idle.once('connect', done));
    const gone = new Promise((done) => idle.once('close', done));
    idle.resume();
    await farm.close();
    await gone;
    expect(await version(machine)).toBe('ECONNREFUSED');
  });

  test('ends when the process that started it is killed', async () => {
    const code = `import { startFarm } from ${JSON.stringify(new URL('farm.ts', import.meta.url).href)};
      console.log(JSON.stringify((await startFarm({ count: 2, seed: 7, families: ['luxos'], base: '${own(4)}.1' })).machines[0]));`;
    const flags = ['--conditions=@headframe/source', '--input-type=module', '--eval', code];
    const parent = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await new Promise<string[]>((done) => {
      createInterface({ input: parent.stdout }).once('line', (text) => done([text]));
      parent.once('exit', () => done([]));
    });
    const machine = JSON.parse(line ?? 'null') as MachineLine;
    const idle = dial(machine).on('error', () => {});
    await new Promise((done) => idle.once('connect', done));
    const gone = new Promise((done) => idle.once('close', done));
    idle.resume();
    parent.kill('SIGKILL');
    await gone;
    // Reset: the end of the process was half way through its sockets.
    expect(['ECONNREFUSED', 'ECONNRESET']).toContain(await version(machine));
  });
});

describe('a farm', () => {
  test('on an address that was given has own ports for each machine', async () => {
    const { machines } = await start({ count: 4, seed: 7, bind: '127.0.0.1', inProcess: true });
    expect(new Set(machines.map(({ address }) => address)).size).toBe(4);
    for (const machine of machines) {
      expect(machine.address).toBe(`127.0.0.1:${machine.ports.cgminer}`);
      expect(await version(machine)).toContain('{');
    }
  });

  test.each([
    [{ count: 0 }, /1 to \d+ machines/],
    [{ count: 1.5 }, /1 to \d+ machines/],
    [{ base: '10.0.0.1' }, /loopback/],
    [{ base: '127.0.0.256' }, /loopback/],
    [{ families: ['printer'] }, /no simulated family "printer"/],
    [{ bind: '203.0.113.77' }, /no such address/],
  ])('with %j is refused in one sentence', async (options, message) => {
    await expect(startFarm({ count: 1, seed: 7, inProcess: true, ...options })).rejects.toEqual(
      wrong('usage/invalid', message),
    );
  });
});
