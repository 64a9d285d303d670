import { expect, test } from 'vitest';
import { describeInNetworks, type Host, inNetwork, type Network } from './namespaces.testing.ts';
import type { Served } from './serve-machines.ts';

/*
 * The rig of networks itself: what a technician's computer sees of a machine is what was done to the network, and nothing
 * of Headframe's client takes part.
 */

const MINER = '10.77.0.21';
const serve = (host: Host, ...plan: Served[]) =>
  host.start(host.node('tests/serve-machines.ts', JSON.stringify(plan)), /^\[/);
const antminer: Served = { family: 'antminer', profile: 's19-pro', address: MINER };

async function withMiner(
  work: (parts: { network: Network; technician: Host; miner: Host }) => Promise<void>,
): Promise<void> {
  await inNetwork(async (network) => {
    const technician = await network.host('technician', { addresses: ['10.77.0.5/24'] });
    const miner = await network.host('miner', { addresses: [`${MINER}/24`], mac: '02:00:5e:10:00:21' });
    await serve(miner, antminer);
    await work({ network, technician, miner });
  });
}

const summary = (host: Host) => host.run(['nc', '-n', '-w', '3', MINER, '4028'], { input: '{"command":"summary"}\n' });

describeInNetworks('a technician and a miner on one switch', () => {
  test('everything goes through: ping, an open port, a reply, its MAC', async () => {
    await withMiner(async ({ technician }) => {
      expect(await technician.ping(MINER)).toBe(true);
      expect(await technician.connect(MINER, 4028)).toBe('open');
      expect(await technician.connect(MINER, 4999)).toBe('refused');
      expect((await summary(technician)).stdout).toContain('"SUMMARY":[{"Elapsed":');
      expect(await technician.neighbour(MINER)).toBe('02:00:5e:10:00:21');
      expect((await technician.must('ls', '/sys/class/net')).split(/\s+/)).toContain('eth0');
    });
  });

  test('a drop rule of its own makes the port silent for the technician alone, a reject rule refused', async () => {
    await withMiner(async ({ network, technician }) => {
      const other = await network.host('another computer', { addresses: ['10.77.0.6/24'] });
      await technician.firewall('output', { port: 4028, how: 'drop' });
      expect(await technician.connect(MINER, 4028, 1)).toBe('timed-out');
      expect(await technician.connect(MINER, 80)).toBe('open');
      expect(await other.connect(MINER, 4028)).toBe('open');
      await technician.noFirewall();
      await technician.firewall('output', { port: 4028, how: 'reset' });
      expect(await technician.connect(MINER, 4028)).toBe('refused');
      await technician.noFirewall();
      expect(await technician.connect(MINER, 4028)).toBe('open');
    });
  });

  test('a filter on the way is silent for everybody, and lets ping and other ports through', async () => {
    await withMiner(async ({ network, technician }) => {
      const other = await network.host('another computer', { addresses: ['10.77.0.6/24'] });
      await network.swallow({ port: 4028, to: MINER });
      expect(await Promise.all([technician, other].map((host) => host.connect(MINER, 4028, 1)))).toEqual([
        'timed-out',
        'timed-out',
      ]);
      expect(await technician.connect(MINER, 4999)).toBe('refused');
      expect(await technician.ping(MINER)).toBe(true);
      await network.swallowNothing();
      expect(await technician.connect(MINER, 4028)).toBe('open');
    });
  });

  test('a machine whose cable is out has no MAC and no answer, and comes back', async () => {
    await withMiner(async ({ network, technician, miner }) => {
      await network.unplug(miner);
      await technician.forgetNeighbours();
      expect(await technician.ping(MINER)).toBe(false);
      expect(await technician.connect(MINER, 4028, 5)).toBe('unreachable');
      expect(await technician.neighbour(MINER)).toBeNull();
      await network.plugIn(miner);
      expect(await technician.connect(MINER, 4028)).toBe('open');
    });
  });

  test('a machine moves to another address, and a printer takes its old one', async () => {
    await withMiner(async ({ network, technician, miner }) => {
      await miner.removeAddress(`${MINER}/24`);
      await miner.addAddress('10.77.0.99/24');
      const printer = await network.host('printer', { addresses: [`${MINER}/24`], mac: '02:00:5e:20:00:01' });
      await serve(printer, { stranger: 'printer', address: MINER });
      await technician.forgetNeighbours();
      expect(await technician.connect(MINER, 4028)).toBe('refused');
      const page = await technician.run(['nc', '-n', '-w', '3', MINER, '80'], {
        input: 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      });
      expect(page.stdout).toContain('HP LaserJet');
      expect(await technician.neighbour(MINER)).toBe('02:00:5e:20:00:01');
      expect(await technician.ping('10.77.0.99')).toBe(true);
      expect(await technician.neighbour('10.77.0.99')).toBe('02:00:5e:10:00:21');
    });
  });

  test('the technician’s own interface is down, or his route is missing', async () => {
    await withMiner(async ({ technician }) => {
      await technician.noRouteTo('10.77.0.0/24');
      expect(await technician.connect(MINER, 4028)).toBe('unreachable');
      await technician.must('ip', 'route', 'add', '10.77.0.0/24', 'dev', 'eth0');
      expect(await technician.connect(MINER, 4028)).toBe('open');
      await technician.link('down');
      expect(await technician.connect(MINER, 4028)).toBe('unreachable');
    });
  });

  test('a name leads where the hosts file says, and elsewhere when that is changed', async () => {
    await withMiner(async ({ technician }) => {
      await technician.names({ 'miner-21.lan': MINER });
      expect(await technician.must('getent', 'hosts', 'miner-21.lan')).toContain(MINER);
      await technician.names({ 'miner-21.lan': '10.77.0.99' });
      expect(await technician.must('getent', 'hosts', 'miner-21.lan')).toContain('10.77.0.99');
    });
  });
});

describeInNetworks('two networks with a router between them', () => {
  test('its rule for one port swallows or refuses that port, and nobody has a MAC of the other side', async () => {
    await inNetwork(async (network) => {
      const router = await network.router(
        'router',
        { addresses: ['10.77.0.1/24'] },
        { addresses: ['10.78.0.1/24'], lan: 'mining' },
      );
      const technician = await network.host('technician', { addresses: ['10.77.0.5/24'] });
      const miner = await network.host('miner', { addresses: ['10.78.0.21/24'], lan: 'mining' });
      await technician.defaultRoute('10.77.0.1');
      await miner.defaultRoute('10.78.0.1');
      await serve(miner, { ...antminer, address: '10.78.0.21' });
      expect(await technician.connect('10.78.0.21', 4028)).toBe('open');
      expect(await technician.neighbour('10.78.0.21')).toBeNull();
      await router.firewall('forward', { port: 4028, how: 'drop' });
      expect(await technician.connect('10.78.0.21', 4028, 1)).toBe('timed-out');
      await router.noFirewall();
      await router.firewall('forward', { port: 4028, how: 'reset' });
      expect(await technician.connect('10.78.0.21', 4028)).toBe('refused');
      await router.noFirewall();
      await router.firewall('forward', { port: 4028, how: 'unreachable' });
      expect(await technician.connect('10.78.0.21', 4028)).toBe('refused');
    });
  });
});

describeInNetworks('many machines on one subnet', () => {
  test('one process serves them, each with its fault', async () => {
    await inNetwork(async (network) => {
      const addresses = Array.from({ length: 20 }, (_, i) => `10.77.0.${100 + i}`);
      const technician = await network.host('technician', { addresses: ['10.77.0.5/24'] });
      const farm = await network.host('farm', { addresses: addresses.map((address) => `${address}/24`) });
      await serve(
        farm,
        ...addresses.map((address, seed): Served => {
          const faults = seed % 2 === 0 ? ([['refuse', 'cgminer']] as const) : [];
          return { family: 'antminer', profile: 's9', address, seed, faults };
        }),
      );
      const seen = await Promise.all(addresses.map((address) => technician.connect(address, 4028)));
      expect(seen).toEqual(addresses.map((_, i) => (i % 2 === 0 ? 'refused' : 'open')));
    });
  });
});
