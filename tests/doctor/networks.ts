import type { VerdictCode } from '@headframe/diagnosis';
import { type DeviceProfile, simulators, uniform } from '@headframe/families/sim';
import { type Host, inNetwork, type Network } from '../namespaces.testing.ts';
import { isAxe, mainOf } from './case.ts';
import type { Errand, Finding, PlacedMachine } from './in-network.ts';

/*
 * Faults of networks: two computers on a switch, the miners on one of them. The doctor runs on the other as a program of its
 * own, and is told addresses and what would be known from before.
 */

const NETWORK = '10.77';
const TECHNICIAN = `${NETWORK}.250.1/16`;
const POOL_MINERS = 'eth0';
const HOUR_MS = 3_600_000;

export interface NetworkFinding extends Finding {
  readonly fault: string;
  readonly expected: VerdictCode;
}

export interface NetworkCase {
  readonly fault: string;
  readonly expected: (family: string) => VerdictCode;
  readonly applies: (family: string) => boolean;
  readonly pool: Errand['pool'];
  /** Breaks the network, and gives what mends it again. */
  readonly break: (network: Network, hosts: { miners: Host; technician: Host }) => Promise<() => Promise<void>>;
}

const overTcp = (family: string): boolean => {
  const profile = simulators.find(({ id }) => id === family)?.profiles[0];
  return profile !== undefined && mainOf(profile.create({ seed: 1, poweredAt: 0 })) !== 'http';
};
/** Where the main API of machines listens. */
const API_PORTS = [4028, 3333, 80];

export const NETWORK_CASES: readonly NetworkCase[] = [
  {
    fault: 'nothing',
    expected: () => 'healthy',
    applies: () => true,
    pool: 'fresh',
    break: async () => async () => {},
  },
  {
    fault: 'our firewall drops',
    expected: () => 'own-host.firewall',
    applies: () => true,
    pool: 'fresh',
    break: async (_, { technician }) => {
      await technician.firewall('output', ...API_PORTS.map((port) => ({ port, how: 'drop' as const })));
      return () => technician.noFirewall();
    },
  },
  {
    fault: 'our firewall rejects',
    expected: () => 'own-host.firewall',
    applies: () => true,
    pool: 'fresh',
    break: async (_, { technician }) => {
      await technician.firewall('output', ...API_PORTS.map((port) => ({ port, how: 'reset' as const })));
      return () => technician.noFirewall();
    },
  },
  {
    fault: 'the switch swallows',
    expected: () => 'network.filtered',
    applies: overTcp,
    pool: 'fresh',
    break: async (network) => {
      await network.swallow({ port: 4028 }, { port: 3333 });
      return () => network.swallowNothing();
    },
  },
  {
    fault: 'the switch swallows (AxeOS)',
    expected: () => 'axeos.timed-out',
    applies: isAxe,
    pool: 'fresh',
    break: async (network) => {
      await network.swallow({ port: 80 });
      return () => network.swallowNothing();
    },
  },
  {
    fault: 'our cable is out',
    expected: () => 'own-network.down',
    applies: () => true,
    pool: null,
    break: async (_, { technician }) => {
      await technician.link('down');
      return () => technician.link('up');
    },
  },
  {
    fault: 'machines are off',
    expected: () => 'machine.dead',
    applies: () => true,
    pool: 'gone',
    break: off,
  },
  {
    fault: 'cut off, and hashing',
    expected: () => 'telemetry.only',
    applies: () => true,
    pool: 'fresh',
    break: off,
  },
];

/** Their cable is out: nobody answers for their addresses. */
async function off(
  network: Network,
  { miners, technician }: { miners: Host; technician: Host },
): Promise<() => Promise<void>> {
  await network.unplug(miners);
  await technician.forgetNeighbours();
  return () => network.plugIn(miners);
}

function placed(seeds: number): PlacedMachine[] {
  return simulators.flatMap(({ id, profiles }, family) => {
    const open = profiles.filter(letsUsAsk);
    return Array.from({ length: seeds }, (_, i) => ({
      address: `${NETWORK}.${family + 1}.${i + 1}`,
      family: id,
      profile: (open[i % open.length] as DeviceProfile).name,
      seed: i + 1,
      uptimeMs: HOUR_MS * (2 + 200 * uniform(i + 1, 0xd0c)),
    }));
  });
}

/** A cgminer as it is built lets nobody but its own computer ask: that is a fault of its own, of another row. */
function letsUsAsk({ create }: DeviceProfile): boolean {
  const [address = ''] = TECHNICIAN.split('/');
  return create({ seed: 1, poweredAt: 0 }).cgminer?.admits({ address }) !== false;
}

/** Examines every machine under every fault of the network. */
export async function runNetworks(cases: readonly NetworkCase[], seeds: number): Promise<NetworkFinding[]> {
  return inNetwork(async (network) => {
    const machines = placed(seeds);
    const technician = await network.host('technician', { addresses: [TECHNICIAN] });
    const miners = await network.host('miners', { addresses: [`${NETWORK}.0.1/16`] });
    const lines = machines.map(({ address }) => `address add ${address}/16 dev ${POOL_MINERS}`);
    const added = await miners.run(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
    if (added.code !== 0) throw new Error(added.stderr);
    await serve(miners, machines);
    const findings: NetworkFinding[] = [];
    for (const one of cases) {
      const mend = await one.break(network, { miners, technician });
      const errands = machines
        .filter(({ family }) => one.applies(family))
        .map(({ address, family }): Errand => ({ address, family, pool: one.pool }));
      const found = await examineFrom(technician, errands);
      findings.push(
        ...found.map((finding) => ({ ...finding, fault: one.fault, expected: one.expected(finding.family) })),
      );
      await mend();
    }
    return findings;
  });
}

export async function serve(host: Host, machines: readonly PlacedMachine[]): Promise<void> {
  const command = host.node('tests/doctor/serve-machines.ts');
  await host.start([...command], /^ready$/, 60_000, JSON.stringify(machines));
}

/** The doctor as a program on a computer of the network. */
export async function examineFrom(host: Host, errands: readonly Errand[]): Promise<Finding[]> {
  const { code, stdout, stderr } = await host.run(host.node('tests/doctor/examine-machines.ts'), {
    input: JSON.stringify(errands),
    timeoutMs: 240_000,
  });
  if (code !== 0) throw new Error(`the doctor ended with ${code}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding);
}
