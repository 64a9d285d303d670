import { afterEach, describe, expect, test } from 'vitest';
import { ask, type Controlled, control } from './control.testing.ts';

/*
 * Every action on a cgminer, over real sockets against the simulated one, whose own state is then looked at by asking it
 * without our client.
 */

let one: Controlled | undefined;
afterEach(async () => one?.close());

async function machine(
  profile = 'two-boards',
  quirks: Record<string, boolean> = { 'open-acl': true },
): Promise<Controlled> {
  one = await control('cgminer', profile, { quirks });
  await one.miner.read();
  return one;
}

type Record1 = Record<string, unknown>;
const list = (made: Controlled, command: string, section: string) =>
  ask(made.device(), made.now(), command)[section] as Record1[];
const poolsOf = (made: Controlled) => list(made, 'pools', 'POOLS').map(({ URL, User, Status }) => [URL, User, Status]);

describe('pools of a cgminer', () => {
  test('a pool is added as it was meant, commas and backslashes in it, and its password is not shown', async () => {
    const made = await machine();
    const before = poolsOf(made).length;
    const plan = await made.miner.plan('addPool', {
      pool: { url: 'stratum+tcp://new.example:3333', worker: 'a,b\\c', password: 's3cret' },
    });
    expect(plan.requests).toEqual([
      '{"command":"addpool","parameter":"stratum+tcp://new.example:3333,a\\\\,b\\\\\\\\c,••••••"}',
    ]);
    expect(plan.preview).not.toContain('s3cret');
    const outcome = await plan.run();
    expect(outcome).toMatchObject({ result: 'done', vendorCode: '55' });
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
    expect(poolsOf(made)[before]?.slice(0, 2)).toEqual(['stratum+tcp://new.example:3333', 'a,b\\c']);
  });

  test('switchpool is done when the pool is worked for, not when it is answered', async () => {
    const made = await machine();
    const asked = made.now();
    const wanted = list(made, 'pools', 'POOLS')[1]?.URL;
    const outcome = await (await made.miner.plan('switchPool', { pool: 1 })).run();
    expect(outcome).toMatchObject({ result: 'done', vendorCode: '27', readBack: { currentPool: wanted, priority: 0 } });
    expect(made.now() - asked).toBeGreaterThan(100_000);
    expect(list(made, 'lcd', 'LCD')[0]?.['Current Pool']).toBe(wanted);
  });

  test('a pool that the machine does not have is refused before anything is sent', async () => {
    const made = await machine();
    await expect(made.miner.plan('switchPool', { pool: 7 })).rejects.toMatchObject({ code: 'usage/invalid' });
    await expect(made.miner.plan('switchPool', { pool: -1 })).rejects.toThrow(/0 to 99.*nothing was sent/);
  });

  test('a pool is disabled, enabled and removed', async () => {
    const made = await machine();
    expect(await (await made.miner.plan('disablePool', { pool: 1 })).run()).toMatchObject({ result: 'done' });
    expect(poolsOf(made)[1]?.[2]).toBe('Disabled');
    expect(await (await made.miner.plan('enablePool', { pool: 1 })).run()).toMatchObject({ result: 'done' });
    expect(poolsOf(made)[1]?.[2]).not.toBe('Disabled');
    const left = poolsOf(made).length - 1;
    expect(await (await made.miner.plan('removePool', { pool: 1 })).run()).toMatchObject({ result: 'done' });
    expect(poolsOf(made)).toHaveLength(left);
  });

  test('the whole list is replaced, in the order that was given', async () => {
    const made = await machine();
    const wanted = ['a', 'b', 'c'].map((name) => ({
      url: `stratum+tcp://${name}.example:1`,
      worker: name,
      password: 'x',
    }));
    const outcome = await (await made.miner.plan('setPools', { pools: wanted })).run();
    expect(outcome).toMatchObject({ result: 'done' });
    const now = list(made, 'pools', 'POOLS').sort((a, b) => Number(a.Priority) - Number(b.Priority));
    expect(now.map(({ URL, User }) => [URL, User])).toEqual(wanted.map(({ url, worker }) => [url, worker]));
  });

  test('a refusal is given with the code and the text of the device', async () => {
    const made = await machine();
    // The pool in use.
    const outcome = await (await made.miner.plan('removePool', { pool: 0 })).run();
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '67' });
    expect(outcome.vendorText).toMatch(/^Cannot remove active pool 0/);
  });
});

describe('devices and the program', () => {
  test('a hashboard is switched off and on again', async () => {
    const made = await machine();
    expect(await (await made.miner.plan('disableHashboard', { hashboard: 1 })).run()).toMatchObject({
      result: 'done',
      vendorCode: '111',
    });
    expect(list(made, 'devs', 'DEVS')[1]?.Enabled).toBe('N');
    expect(await (await made.miner.plan('enableHashboard', { hashboard: 1 })).run()).toMatchObject({
      result: 'done',
      vendorCode: '110',
    });
    expect(list(made, 'devs', 'DEVS')[1]?.Enabled).toBe('Y');
  });

  test('a restart is followed until the API is back and Elapsed starts anew', async () => {
    const made = await machine();
    const outcome = await (await made.miner.plan('restartMiner')).run();
    expect(outcome).toMatchObject({ result: 'done', sent: [{ shown: '{"command":"restart"}' }] });
    expect(Number(list(made, 'summary', 'SUMMARY')[0]?.Elapsed)).toBeLessThan(60);
  });

  test('quit is guarded, and then the program is gone', async () => {
    const made = await machine();
    const plan = await made.miner.plan('cgminer.quit');
    await expect(plan.run()).rejects.toMatchObject({ code: 'usage/not-allowed' });
    expect(await plan.run({ guarded: { typedAddress: made.miner.address } })).toMatchObject({
      result: 'done',
      readBack: { api: 'link/refused' },
    });
  });
});

describe("what is cgminer's own", () => {
  const cases: [name: string, given: Record<string, unknown>, result: string, code: string][] = [
    ['poolpriority', { order: '1,0' }, 'done', '73'],
    ['poolquota', { pool: 1, quota: 50 }, 'done', '122'],
    ['save', {}, 'accepted-unverified', '44'],
    ['privileged', {}, 'accepted-unverified', '46'],
    ['zero', { which: 'bestshare', summary: false }, 'done', '97'],
    ['hotplug', { seconds: 5 }, 'refused', '102'],
    ['debug', { flag: 'quiet' }, 'accepted-unverified', '79'],
    ['failover-only', { only: true }, 'refused', '127'],
    ['lockstats', {}, 'refused', '124'],
    ['ascdisable', { device: 1 }, 'done', '111'],
    ['ascenable', { device: 0 }, 'done', '108'],
    ['pgadisable', { device: 0 }, 'refused', '14'],
  ];
  test.each(cases)('%s %j: %s, code %s', async (name, given, result, code) => {
    const made = await machine();
    expect(await (await made.miner.plan(`cgminer.${name}`, given)).run()).toMatchObject({ result, vendorCode: code });
  });

  const others: [profile: string, name: string, given: Record<string, unknown>, result: string, code: string][] = [
    ['fpga', 'pgadisable', { device: 0 }, 'done', '64'],
    ['fpga', 'pgaenable', { device: 0 }, 'done', '61'],
    ['fpga', 'pgaidentify', { device: 0 }, 'accepted-unverified', '80'],
    ['fpga', 'pgaset', { device: 0, option: 'help' }, 'refused', '90'],
    ['usb-sticks', 'ascidentify', { device: 0 }, 'refused', '114'],
    ['usb-sticks', 'ascidentify', { device: 1 }, 'accepted-unverified', '113'],
    ['usb-sticks', 'ascset', { device: 0, option: 'help' }, 'accepted-unverified', '118'],
    ['usb-sticks', 'hotplug', { seconds: 7 }, 'done', '100'],
    ['usb-sticks', 'hotplug', { seconds: 0 }, 'done', '101'],
  ];
  test.each(others)('on %s: %s %j: %s, code %s', async (profile, name, given, result, code) => {
    const made = await machine(profile);
    const outcome = await (await made.miner.plan(`cgminer.${name}`, given)).run();
    expect(outcome).toMatchObject({ result, vendorCode: code });
    if (name === 'pgadisable') expect(list(made, 'devs', 'DEVS')[0]?.Enabled).toBe('N');
    if (name === 'hotplug') {
      expect(list(made, 'config', 'CONFIG')[0]?.Hotplug).toBe(given.seconds === 0 ? 'Disabled' : given.seconds);
    }
  });

  test('setconfig of a deprecated name alone answers with two statuses back to back: still a refusal, not a riddle', async () => {
    const made = await machine();
    const bare = await (await made.miner.plan('cgminer.setconfig', { name: 'queue' })).run();
    expect(bare).toMatchObject({ result: 'refused', vendorCode: '127' });
    const both = await (await made.miner.plan('cgminer.setconfig', { name: 'queue', value: 1 })).run();
    expect(both).toMatchObject({ result: 'refused', vendorCode: '83', vendorText: "Unknown config 'queue,1'" });
  });
});
