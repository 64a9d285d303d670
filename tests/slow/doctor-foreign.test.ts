import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Diagnosis } from '@headframe/diagnosis';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { describeWith, type Foreign, programPath, startForeign } from '../doctor/foreign.ts';
import type { PlacedMachine } from '../doctor/in-network.ts';
import { becauseOf, codeOf, diagnosed, knownOf, machineAt, profileOf, UPTIME_MS } from '../doctor/machine-at.ts';
import { examineFrom, serve } from '../doctor/networks.ts';
import { describeInNetworks, inNetwork } from '../namespaces.testing.ts';

/*
 * Faults that somebody else's program makes: a real idle client, a real web server at the address, real rules of iptables.
 */

/** 127.88.x.y: nobody else's. Each machine has an address of its own. */
let addresses = 0;
const nextAddress = (): string => `127.88.1.${++addresses}`;

const running: Foreign[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.end();
});

async function start(...parameters: Parameters<typeof startForeign>): Promise<Foreign> {
  const foreign = await startForeign(...parameters);
  running.push(foreign);
  return foreign;
}

const placed = (address: string, family: string): PlacedMachine => ({
  address,
  family,
  profile: profileOf(family).name,
  seed: 1,
  uptimeMs: UPTIME_MS,
});

/** It connects, says so, and nothing else. */
const idleClient = (address: string): Promise<Foreign> =>
  start(['nc', '-v', '-n', address, '4028'], /Connection to .* 4028 port .* succeeded/);

describeWith(['nc'], 'an idle netcat on port 4028', () => {
  test.each(['antminer', 'avalon'])('keeps everybody out of an %s until it ends, and is named', async (family) => {
    const address = nextAddress();
    const known = await machineAt(address, family);
    const nc = await idleClient(address);
    const blocked = await diagnosed(address, known);
    expect(codeOf(blocked)).toBe('api.blocked');
    expect(blocked.verdicts[0]?.confidence).toBeGreaterThanOrEqual(0.9);
    expect(becauseOf(blocked)).toContain(`this computer holds a connection to it (nc (${nc.pid}), ESTABLISHED)`);

    await nc.end();
    const well = await diagnosed(address, known);
    expect(codeOf(well)).toBe('healthy');
    expect(JSON.stringify(well)).not.toContain(`nc (${nc.pid})`);
  });

  test.each(['antminer', 'avalon'])('a second one of the same %s goes on where the first ends', async (family) => {
    const address = nextAddress();
    const known = await machineAt(address, family);
    const first = await idleClient(address);
    const second = await idleClient(address);
    const both = await diagnosed(address, known);
    expect(codeOf(both)).toBe('api.blocked');
    expect(becauseOf(both)).toContain(`nc (${first.pid})`);
    expect(becauseOf(both)).toContain(`nc (${second.pid})`);

    await first.end();
    const one = await diagnosed(address, known);
    expect(codeOf(one)).toBe('api.blocked');
    expect(becauseOf(one)).not.toContain(`nc (${first.pid})`);
    expect(becauseOf(one)).toContain(`nc (${second.pid})`);

    await second.end();
    expect(codeOf(await diagnosed(address, known))).toBe('healthy');
  });
});

describeInNetworks('an idle netcat on another computer', () => {
  test.each(['antminer', 'avalon'])('blocks the %s as well, and nobody here is blamed', async (family) => {
    await inNetwork(async (network) => {
      const address = '10.79.0.21';
      const technician = await network.host('technician', { addresses: ['10.79.0.2/24'] });
      const monitor = await network.host('monitor', { addresses: ['10.79.0.3/24'] });
      const miner = await network.host('miner', { addresses: [`${address}/24`] });
      await serve(miner, [placed(address, family)]);
      const nc = await monitor.start(['sh', '-c', `exec nc -v -n ${address} 4028 2>&1`], /succeeded/);
      const errand = { address, family, pool: 'fresh' } as const;
      const [blocked] = await examineFrom(technician, [errand]);
      expect(blocked?.code).toBe('api.blocked');
      expect(blocked?.urgency).toBe('hashing-but-deaf');
      expect(blocked?.evidence.join('\n')).not.toMatch(/\bnc \(|holds a connection/);
      await nc.stop();
      const [well] = await examineFrom(technician, [errand]);
      expect(well?.code).toBe('healthy');
    });
  });
});

/* The page of a printer at the address where an Antminer was. */

const PRINTER = `<!DOCTYPE html>
<html><head><title>HP LaserJet Pro MFP M227fdw</title></head>
<body><h1>HP LaserJet Pro MFP M227fdw</h1><p>Device status: Ready</p></body></html>
`;

async function printerAt(command: (address: string, folder: string) => readonly string[]): Promise<Diagnosis> {
  const address = nextAddress();
  const folder = mkdtempSync(join(tmpdir(), 'headframe-printer-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'index.html'), PRINTER);
  await start(command(address, folder), { address, port: 80 });
  return diagnosed(address, knownOf('antminer', address));
}

function isTaken(diagnosis: Diagnosis): void {
  expect(codeOf(diagnosis)).toBe('address.taken');
  expect(diagnosis.verdicts[0]?.confidence).toBeGreaterThanOrEqual(0.8);
  expect(diagnosis.sentence).toMatch(/printer/);
  expect(becauseOf(diagnosis)).toContain('title "HP LaserJet Pro MFP M227fdw"');
}

describeWith(['python3'], "a printer's page at the old address of an Antminer, from Python's web server", () => {
  test('says that the address is taken', async () => {
    isTaken(
      await printerAt((address, folder) => [
        ...['python3', '-u', '-m', 'http.server', '80'],
        ...['--bind', address, '--directory', folder],
      ]),
    );
  });
});

// Only where there is one: BusyBox is built with it or without.
test.skipIf(programPath('busybox') === null)(
  "a printer's page at the old address of an Antminer, from BusyBox's web server",
  async (context) => {
    const served = await printerAt((address, folder) => [
      ...['busybox', 'httpd', '-f', '-p', `${address}:80`],
      ...['-h', folder],
    ]).catch((error: Error) => {
      if (/applet not found/.test(error.message)) context.skip('this BusyBox has no httpd');
      throw error;
    });
    isTaken(served);
  },
);

/* The other way to the firewall of Linux; nftables itself is in the tests of networks. */

const iptables = programPath('iptables-nft');
if (iptables !== null) {
  describeInNetworks('rules of our own that iptables has made', () => {
    test.each([
      ['DROP', ['-j', 'DROP']],
      ['REJECT', ['-j', 'REJECT', '--reject-with', 'tcp-reset']],
    ])('%s on the way to 4028 is our own firewall', async (_, how) => {
      await inNetwork(async (network) => {
        const address = '10.79.0.21';
        const technician = await network.host('technician', { addresses: ['10.79.0.2/24'] });
        const miner = await network.host('miner', { addresses: [`${address}/24`] });
        await serve(miner, [placed(address, 'antminer')]);
        await technician.must(iptables, '-A', 'OUTPUT', '-p', 'tcp', '-d', address, '--dport', '4028', ...how);
        const errand = { address, family: 'antminer', pool: 'fresh' } as const;
        const [stopped] = await examineFrom(technician, [errand]);
        expect(stopped?.code).toBe('own-host.firewall');
        expect(stopped?.confidence).toBeGreaterThanOrEqual(0.8);
        await technician.must(iptables, '-F', 'OUTPUT');
        const [well] = await examineFrom(technician, [errand]);
        expect(well?.code).toBe('healthy');
      });
    });
  });
}
