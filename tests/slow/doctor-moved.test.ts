import { simulators } from '@headframe/families/sim';
import { expect, test } from 'vitest';
import type { PlacedMachine } from '../doctor/in-network.ts';
import { examineFrom, serve } from '../doctor/networks.ts';
import { describeInNetworks, inNetwork } from '../namespaces.testing.ts';

/*
 * One machine, its technician, and what became of its address: it moved, a printer has it now, its name is stale, a second
 * host gets through where we do not.
 */

const MINER_MAC = '02:00:5e:00:53:aa';
const OLD = '10.78.0.21';
const NEW = '10.78.0.77';
const FAMILIES = ['antminer', 'whatsminer', 'axeos', 'ethminer'] as const;

const machine = (address: string, family: string): PlacedMachine => {
  const profile = simulators.find(({ id }) => id === family)?.profiles[0]?.name ?? '';
  return { address, family, profile, seed: 1, uptimeMs: 40 * 3_600_000 };
};

describeInNetworks('an address that is not the machine any more', () => {
  test.each(FAMILIES)('a lease moved: the MAC of the %s is known, and is at another address now', async (family) => {
    await inNetwork(async (network) => {
      const technician = await network.host('technician', { addresses: ['10.78.0.2/24'] });
      const miner = await network.host('miner', { addresses: [`${NEW}/24`], mac: MINER_MAC });
      await serve(miner, [machine(NEW, family)]);
      // As a monitor that scans would have: the neighbour table knows the new address.
      await technician.ping(NEW);
      const [found] = await examineFrom(technician, [{ address: OLD, family, pool: 'fresh', expectedMac: MINER_MAC }]);
      expect(found?.code).toBe('address.moved');
      expect(`${found?.sentence} ${found?.evidence.join(' ')}`).toContain(NEW);
      expect(found?.urgency).toBe('hashing-but-deaf');
    });
  });

  test.each(FAMILIES)('a printer has the address of the %s now', async (family) => {
    await inNetwork(async (network) => {
      const technician = await network.host('technician', { addresses: ['10.78.0.2/24'] });
      const printer = await network.host('printer', { addresses: [`${OLD}/24`] });
      await printer.start(printer.node('tests/doctor/serve-printer.ts', OLD), /^ready$/);
      const miner = await network.host('miner', { addresses: [`${NEW}/24`], mac: MINER_MAC });
      await serve(miner, [machine(NEW, family)]);
      await technician.ping(NEW);
      const [found] = await examineFrom(technician, [{ address: OLD, family, pool: 'fresh', expectedMac: MINER_MAC }]);
      expect(found?.code).toBe('address.taken');
      expect(found?.evidence.join(' ')).toMatch(/printer/i);
    });
  });

  test('a name still leads to where the machine was', async () => {
    await inNetwork(async (network) => {
      const technician = await network.host('technician', { addresses: ['10.78.0.2/24'] });
      const miner = await network.host('miner', { addresses: [`${NEW}/24`], mac: MINER_MAC });
      await serve(miner, [machine(NEW, 'antminer')]);
      await technician.names({ 'rig7.lan': OLD });
      await technician.ping(NEW);
      const remembered = { mac: MINER_MAC, address: NEW };
      const [found] = await examineFrom(technician, [
        { address: 'rig7.lan', family: 'antminer', pool: 'fresh', remembered },
      ]);
      expect(found?.code).toBe('address.moved');
    });
  });
});

describeInNetworks('a second pair of eyes', () => {
  test('a daemon on another host gets through to 4028, and we do not: it is our own side', async () => {
    await inNetwork(async (network) => {
      const technician = await network.host('technician', { addresses: ['10.78.0.2/24'] });
      const other = await network.host('other', { addresses: ['10.78.0.3/24'] });
      const miner = await network.host('miner', { addresses: [`${OLD}/24`], mac: MINER_MAC });
      await serve(miner, [machine(OLD, 'antminer')]);
      await other.start(other.node('tests/doctor/serve-daemon.ts', '10.78.0.3', '4280'), /^ready$/);
      // On the miner's side, and from us alone: our own rules say nothing, as an antivirus would not show there.
      await miner.nft(
        'table inet headframe { chain input { type filter hook input priority 0; ip saddr 10.78.0.2 tcp dport 4028 drop; } }',
      );
      const errand = { address: OLD, family: 'antminer', pool: 'fresh', vantage: ['http://10.78.0.3:4280'] } as const;
      const [found] = await examineFrom(technician, [errand]);
      expect(found?.code).toBe('own-host.firewall');
      expect(found?.confidence).toBeGreaterThanOrEqual(0.8);
    });
  });

  test('nor does the other one: something in the network drops it', async () => {
    await inNetwork(async (network) => {
      const technician = await network.host('technician', { addresses: ['10.78.0.2/24'] });
      const other = await network.host('other', { addresses: ['10.78.0.3/24'] });
      const miner = await network.host('miner', { addresses: [`${OLD}/24`], mac: MINER_MAC });
      await serve(miner, [machine(OLD, 'antminer')]);
      await other.start(other.node('tests/doctor/serve-daemon.ts', '10.78.0.3', '4280'), /^ready$/);
      await network.swallow({ port: 4028 });
      const errand = { address: OLD, family: 'antminer', pool: 'fresh', vantage: ['http://10.78.0.3:4280'] } as const;
      const [found] = await examineFrom(technician, [errand]);
      expect(found?.code).toBe('network.filtered');
      expect(found?.confidence).toBeGreaterThanOrEqual(0.9);
    });
  });
});
