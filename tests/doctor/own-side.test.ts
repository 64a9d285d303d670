import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeInNetworks, type Host, inNetwork, type Network } from '../namespaces.testing.ts';

/*
 * What the doctor sees of its own computer, on computers that are set up to go wrong: routes, interfaces, firewalls of three
 * kinds, sockets, a gateway and neighbours that are or are not there. The real programs of the system are asked.
 */

const MINER = '10.77.0.21';
const MINER_MAC = '02:00:5e:10:00:21';

interface Seen {
  readonly value: {
    readonly hasRoute: boolean;
    readonly interface: string | null;
    readonly neighboursAnswering: { readonly answered: number; readonly of: number } | null;
    readonly gatewayAnswers: boolean | null;
    readonly firewallRules: readonly string[] | null;
    readonly connections: readonly { readonly port: number; readonly state: string; readonly program: string | null }[];
  };
  readonly line: string;
}

const LOOK = 'tests/doctor/look-at-own-side.ts';

async function look(host: Host, { as = [], port = 4028, at = MINER }: Options = {}): Promise<Seen> {
  return JSON.parse(await host.must(...as, ...host.node(LOOK, 'own', at, String(port)))) as Seen;
}

interface Options {
  /** Before the command, such as another user. */
  readonly as?: readonly string[];
  readonly port?: number;
  readonly at?: string;
}

const find = async (host: Host, mac: string, ranges?: string): Promise<unknown> =>
  JSON.parse(await host.must(...host.node(LOOK, 'mac', mac, ...(ranges === undefined ? [] : [ranges]))));

async function withMiner(
  work: (parts: { network: Network; technician: Host; miner: Host }) => Promise<void>,
): Promise<void> {
  await inNetwork(async (network) => {
    const technician = await network.host('technician', { addresses: ['10.77.0.5/24', 'fd77::5/64'] });
    const miner = await network.host('miner', { addresses: [`${MINER}/24`], mac: MINER_MAC });
    await work({ network, technician, miner });
  });
}

const output = (...rules: string[]) =>
  `table inet own { chain out { type filter hook output priority 0; policy accept; ${rules.join('; ')}; } }`;

describeInNetworks('our own firewall on nftables', () => {
  test('is read before and after each rule, and for the port alone', async () => {
    await withMiner(async ({ technician }) => {
      const before = await look(technician);
      expect(before.value).toMatchObject({ hasRoute: true, interface: 'eth0', firewallRules: [], connections: [] });
      expect(before.line).toContain('our firewall lets it pass');
      for (const [rule, told] of [
        ['tcp dport 4028 drop', 'nft: tcp dport 4028 drop'],
        [
          `ip daddr ${MINER} tcp dport 4028 counter reject with tcp reset`,
          `nft: ip daddr ${MINER} tcp dport 4028 reject`,
        ],
        ['ip daddr . tcp dport { 10.77.0.0/24 . 4028 } drop', 'nft: ip daddr . tcp dport { 10.77.0.0/24 . 4028 } drop'],
        ['tcp dport vmap { 80 : accept, 4028 : drop }', 'nft: tcp dport vmap { 4028 : drop }'],
        [
          'tcp flags & (fin | syn | rst | ack) == syn tcp dport 4028 drop',
          'nft: tcp flags & { fin, syn, rst, ack } syn tcp dport 4028 drop',
        ],
      ] as const) {
        await technician.must(
          'nft',
          `add table inet own; add chain inet own out { type filter hook output priority 0; }; add rule inet own out ${rule}`,
        );
        expect((await look(technician)).value.firewallRules).toEqual([told]);
        expect((await look(technician, { port: 80 })).value.firewallRules).toEqual([]);
        await technician.noFirewall();
      }
    });
  });

  test('lets through only what its policy or the answers to it are let through', async () => {
    await withMiner(async ({ technician }) => {
      await technician.must(
        'nft',
        'add table ip filter; add chain ip filter output { type filter hook output priority 0; policy drop; }; add rule ip filter output ct state established,related accept; add rule ip filter output tcp dport { 22, 80 } accept',
      );
      expect((await look(technician)).value.firewallRules).toEqual(['nft: the policy of chain output is drop']);
      expect((await look(technician, { port: 80 })).value.firewallRules).toEqual([]);
      await technician.noFirewall();
      await technician.must(
        'nft',
        'add table inet own; add chain inet own in { type filter hook input priority 0; policy drop; }; add rule inet own in iifname lo accept',
      );
      expect((await look(technician)).value.firewallRules).toEqual(['nft (answers): the policy of chain in is drop']);
      await technician.must('nft', 'add rule inet own in ct state established,related accept');
      expect((await look(technician)).value.firewallRules).toEqual([]);
    });
  });

  test('that stops another user only is not said to stop us', async () => {
    await withMiner(async ({ technician }) => {
      await technician.nft(output('meta skuid 1 tcp dport 4028 drop'));
      const { value, line } = await look(technician);
      expect(value.firewallRules).toBeNull();
      expect(line).toContain('our firewall perhaps stops it: nft: meta skuid 1 tcp dport 4028 drop');
    });
  });

  test('is not read by a user who may not, and that is said', async () => {
    await withMiner(async ({ technician }) => {
      await technician.nft(output('tcp dport 4028 drop'));
      // One user alone is there in the namespace: what an administrator may do is taken from it.
      const { value, line } = await look(technician, { as: ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] });
      expect(value).toMatchObject({ hasRoute: true, firewallRules: null });
      expect(line).toContain('our firewall was not read: only an administrator may read its rules');
    });
  });
});

const hasIptables = ['iptables', 'iptables-legacy'].every(
  (name) =>
    spawnSync('which', [name], { env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` } })
      .status === 0,
);

describeInNetworks('our own firewall of iptables', () => {
  const there = process.env.CI === 'true' || hasIptables;
  const name = there ? '' : ' (skipped: there is no iptables and iptables-legacy: apt-get install iptables)';

  test.skipIf(!there)(`is read on nftables, with what only iptables understands${name}`, async () => {
    await withMiner(async ({ technician }) => {
      const add = (...rule: string[]) => technician.must('iptables', '-A', 'OUTPUT', '-p', 'tcp', ...rule);
      await add('-m', 'multiport', '--dports', '22,80', '-m', 'comment', '--comment', '-j', '-j', 'DROP');
      expect((await look(technician)).value.firewallRules).toEqual([]);
      expect((await look(technician, { port: 80 })).value.firewallRules).toEqual([
        'iptables: OUTPUT -p tcp -m multiport --dports 22,80 -m comment --comment -j -j DROP',
      ]);
      await add('-m', 'multiport', '--dports', '4000:4100', '-j', 'REJECT', '--reject-with', 'tcp-reset');
      expect((await look(technician)).value.firewallRules).toEqual([
        'iptables: OUTPUT -p tcp -m multiport --dports 4000:4100 -j REJECT --reject-with tcp-reset',
      ]);
    });
  });

  test.skipIf(!there)(`is read where it is older than nftables${name}`, async () => {
    await withMiner(async ({ technician }) => {
      await technician.must('iptables-legacy', '-A', 'OUTPUT', '-p', 'tcp', '--dport', '4028', '-j', 'DROP');
      const rules = ['iptables: OUTPUT -p tcp -m tcp --dport 4028 -j DROP'];
      expect((await look(technician)).value.firewallRules).toEqual(rules);
      expect(await technician.connect(MINER, 4028, 1)).toBe('timed-out');
    });
  });
});

describeInNetworks('our own network', () => {
  test('has no route, no interface, no cable', async () => {
    await withMiner(async ({ network, technician }) => {
      const far = await look(technician, { at: '10.99.0.1' });
      expect(far.value).toMatchObject({ hasRoute: false, interface: null });
      expect(far.line).toContain('there is no route to 10.99.0.1');
      await technician.must('ip', 'route', 'add', 'blackhole', '10.99.0.0/16');
      expect((await look(technician, { at: '10.99.0.1' })).value.hasRoute).toBe(false);

      await network.unplug(technician);
      const unplugged = await look(technician);
      expect(unplugged.value).toMatchObject({ hasRoute: false, interface: 'eth0' });
      expect(unplugged.line).toContain('the interface eth0 is down');
      await network.plugIn(technician);

      await technician.link('down');
      const down = await look(technician);
      expect(down.value).toMatchObject({ hasRoute: false, interface: 'eth0' });
      expect(down.line).toContain(`there is no route to ${MINER}, the interface eth0 is down`);
    });
  });

  test('has a gateway and neighbours that answer, until they are gone', async () => {
    await withMiner(async ({ network, technician }) => {
      const gateway = await network.host('gateway', { addresses: ['10.77.0.1/24'] });
      const other = await network.host('another computer', { addresses: ['10.77.0.9/24'] });
      await technician.defaultRoute('10.77.0.1');
      expect(await technician.ping('10.77.0.9')).toBe(true);
      const alive = await look(technician);
      expect(alive.value).toMatchObject({ gatewayAnswers: true, neighboursAnswering: { answered: 1, of: 1 } });

      // Pings are dropped, and who has an address is answered: that is an answer too.
      await gateway.nft('table inet own { chain in { type filter hook input priority 0; policy drop; } }');
      await technician.forgetNeighbours();
      expect((await look(technician)).value.gatewayAnswers).toBe(true);

      await network.unplug(gateway);
      await network.unplug(other);
      await technician.forgetNeighbours();
      const gone = await look(technician);
      expect(gone.value.gatewayAnswers).toBe(false);
      expect(gone.line).toContain('the gateway does not answer');
      // The port of the switch for the technician himself is as it was.
      expect(gone.value.hasRoute).toBe(true);
    });
  });

  test('is seen for IPv6 too', async () => {
    await withMiner(async ({ technician }) => {
      await technician.nft(output('ip6 daddr fd77::/64 tcp dport 4028 drop'));
      const { value } = await look(technician, { at: 'fd77::21' });
      expect(value).toMatchObject({ hasRoute: true, firewallRules: ['nft: ip6 daddr fd77::/64 tcp dport 4028 drop'] });
      expect((await look(technician)).value.firewallRules).toEqual([]);
    });
  });
});

describeInNetworks('programs of our own computer', () => {
  test('that keep a connection which the machine has ended are named', async () => {
    await withMiner(async ({ technician, miner }) => {
      const node = (script: string) => [process.execPath, '-e', script];
      const ends = "require('net').createServer((socket) => socket.end()).listen(4028, () => console.log('ready'))";
      await miner.start(node(ends), /^ready/);
      const keeps = `process.title = 'foreman'; const socket = require('net').connect({ host: '${MINER}', port: 4028, allowHalfOpen: true });
        socket.on('end', () => console.log('ready')).resume();
        setInterval(() => {}, 60_000)`;
      const program = await technician.start(node(keeps), /^ready/);
      const { value, line } = await look(technician);
      expect(value.connections).toEqual([
        { port: 4028, state: 'CLOSE_WAIT', program: expect.stringMatching(/^foreman \(\d+\)$/) },
      ]);
      expect(line).toMatch(/foreman \(\d+\) here: 1 connection to its port 4028, 1 that it has ended and we have not$/);
      await program.stop();
      expect((await look(technician)).value.connections).toEqual([]);
    });
  });
});

describeInNetworks('a machine by its MAC', () => {
  test('is found at the address that it has now, and nowhere when it is off', async () => {
    await withMiner(async ({ network, technician, miner }) => {
      await network.host('another miner', { addresses: ['10.77.0.22/24'], mac: '02:00:5e:10:00:22' });
      await network.host('a third one', { addresses: ['10.77.0.23/24'], mac: '02:00:5e:10:00:23' });
      expect(await find(technician, MINER_MAC)).toBe(MINER);
      await miner.removeAddress(`${MINER}/24`);
      await miner.addAddress('10.77.0.99/24');
      // The old entry is in the table still, and nobody answers there.
      await technician.forgetNeighbours();
      await technician.must('ip', 'neighbour', 'replace', MINER, 'lladdr', MINER_MAC, 'nud', 'stale', 'dev', 'eth0');
      expect(await find(technician, MINER_MAC.toUpperCase().replaceAll(':', '-'))).toBe('10.77.0.99');
      expect(await find(technician, MINER_MAC, '10.77.0.96/29')).toBe('10.77.0.99');
      await network.unplug(miner);
      await technician.forgetNeighbours();
      expect(await find(technician, MINER_MAC)).toBeNull();
      expect(await find(technician, MINER_MAC, '10.99.0.0/24')).toEqual({
        error: expect.stringContaining('10.99.0.0/24 is in no IPv4 network of this computer'),
      });
    });
  });
});
