import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { OperatingSystem } from '@headframe/client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { apply, elapsedOf, patient } from './fixes.testing.ts';

/* What a fix does around a machine, without changing it: waiting for it, looking for it, and looking at our own side. */

describe('waiting', () => {
  test.each([
    ['antminer', 's21'],
    ['whatsminer', 'm50s'],
    ['luxos', 's19k-pro'],
    ['axeos', 'gamma'],
    ['ethminer', 'rig-6'],
  ] as const)('for %s %s, which refuses for 40 s: it answers at the second time', async (id, name) => {
    const it = await patient(id, name, '127.93.3.1');
    await it.served.reboot(40_000);
    const { outcome, proposals, waited } = await apply(it, 'wait-and-retry');
    expect(outcome).toMatchObject({ result: 'done', said: 'The API answers again after 60 s.', sent: [] });
    expect(waited).toEqual([30_000, 30_000]);
    expect(proposals[0]?.does).toContain('It changes nothing and interrupts nothing.');
  });

  test('for one that is away for longer than 90 s ends, and says so', async () => {
    const it = await patient('antminer', 's21', '127.93.3.2');
    await it.served.reboot(91_000);
    const { outcome, waited } = await apply(it, 'wait-and-retry');
    expect(outcome).toMatchObject({
      result: 'not-done',
      said: 'The API does not answer after 90 s either.',
      error: { code: 'link/refused' },
    });
    expect(waited).toEqual([30_000, 30_000, 30_000]);
    expect(it.heard).toEqual([]);
  });

  test('helps with a machine that nobody knows as well: it is asked who it is, and nothing else is sent', async () => {
    const it = await patient('dcent', 's9', '127.93.3.3');
    await it.served.reboot(10_000);
    const { ports, ...target } = it.target;
    const unknown = { ...target, family: null, apiPort: ports?.cgminer ?? 0 };
    const { outcome } = await apply(it, 'wait-and-retry', {}, unknown);
    expect(outcome).toMatchObject({ result: 'done', said: 'The API answers again after 30 s.' });
    expect(it.heard.filter((request) => /restart|quit|logon|reboot/.test(request))).toEqual([]);
    expect(elapsedOf(it)).toBeGreaterThan(172_000);
  });
});

/** Another program of this computer that connects and stays silent, as a forgotten monitor does. */
async function idler(host: string, port: number) {
  const text = `require('node:net').connect(${port}, '${host}', () => console.log('there')).on('error', () => {});`;
  const child = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe.runIf(process.platform === 'linux')('our own connections to the API', () => {
  test('are named by program and pid, nothing is ended, and once it has gone it is no longer named', async () => {
    const it = await patient('dcent', 's9', '127.93.3.4');
    const apiPort = it.target.ports?.cgminer ?? 0;
    const target = { ...it.target, apiPort };
    const child = await idler('127.93.3.4', apiPort);
    const held = await apply(it, 'close-own-connections', {}, target);
    expect(held.outcome).toMatchObject({ result: 'not-done', sent: [] });
    expect(held.outcome.said).toContain(`(pid ${child.pid}) holds 1. Headframe ends no program`);
    expect(held.outcome.said).toContain(`kill ${child.pid}.`);
    expect(held.proposals[0]?.does).toContain('It ends none of them');
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const gone = await apply(it, 'close-own-connections', {}, target);
    expect(gone.outcome).toMatchObject({ result: 'done' });
    expect(gone.outcome.said).toContain(`No program of this computer holds a connection to 127.93.3.4 port ${apiPort}`);
  });

  test('to another port or another machine are nobody’s business', async () => {
    const it = await patient('dcent', 's9', '127.93.3.5');
    const other = await patient('dcent', 's9', '127.93.3.6');
    const apiPort = it.target.ports?.cgminer ?? 0;
    await idler('127.93.3.6', other.target.ports?.cgminer ?? 0);
    const { outcome } = await apply(it, 'close-own-connections', {}, { ...it.target, apiPort });
    expect(outcome).toMatchObject({ result: 'done' });
  });
});

/** A computer whose neighbour table names one machine. */
const knowing = (address: string | null, mac: string): OperatingSystem => ({
  platform: 'linux',
  readFile: async () => null,
  readFolder: async () => null,
  readLink: async () => null,
  run: async (program) => {
    if (program !== 'ip') return null;
    const entry = { dst: address, dev: 'eth0', lladdr: mac, state: ['REACHABLE'], used: 1, confirmed: 1, updated: 1 };
    return { code: 0, output: JSON.stringify(address === null ? [] : [entry]) };
  },
  lookup: async () => [],
  interfaces: () => ({}),
  isAdministrator: false,
});

describe('the address that a machine has now', () => {
  const MAC = '02:ab:12:34:56:78';
  const target = { host: '127.93.3.7', family: 'antminer', mac: MAC, ranges: '127.93.3.8/30' };

  test('is found by its MAC, also of a machine that nobody knows', async () => {
    const it = await patient('dcent', 's9', '127.93.3.7');
    const system = knowing('127.93.3.9', MAC);
    const { outcome, proposals } = await apply(it, 'find-by-mac', { system }, { ...target, family: null });
    expect(outcome).toMatchObject({
      result: 'done',
      address: '127.93.3.9',
      said: `${MAC} is at 127.93.3.9 now, and no longer at 127.93.3.7.`,
    });
    expect(proposals[0]?.does).toContain(`${MAC}, which was at 127.93.3.7, in 127.93.3.8/30`);
  });

  test('is the one that it had', async () => {
    const it = await patient('dcent', 's9', '127.93.3.7');
    const { outcome } = await apply(it, 'find-by-mac', { system: knowing('127.93.3.7', MAC) }, target);
    expect(outcome).toMatchObject({ result: 'done', said: `${MAC} is still at 127.93.3.7.` });
  });

  test('is not found: nobody in the range has that MAC', async () => {
    const it = await patient('dcent', 's9', '127.93.3.7');
    for (const system of [knowing(null, MAC), knowing('127.93.3.9', '02:ab:12:34:56:79')]) {
      const { outcome } = await apply(it, 'find-by-mac', { system }, target);
      expect(outcome).toMatchObject({
        result: 'not-done',
        said: expect.stringContaining('No address answers for 02:ab'),
      });
      expect(outcome.address).toBeUndefined();
    }
  });

  test('of what is no MAC is not looked for', async () => {
    const it = await patient('dcent', 's9', '127.93.3.7');
    const { outcome } = await apply(it, 'find-by-mac', { system: knowing(null, MAC) }, { ...target, mac: 'ff' });
    expect(outcome).toMatchObject({ result: 'refused', error: { code: 'usage/invalid' } });
  });
});
