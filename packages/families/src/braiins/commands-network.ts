import { type Action, choice, ipv4, optional, text } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { invalid, matching, seen, type Times, type Wanted } from './looks.ts';
import { type Machine, say, through } from './through.ts';

/* The network: IPv4, by DHCP or by hand, and the host name (protocols.md 7.2). What is not told stays as it is. */

const source = 'BraiinsOS NetworkService.SetNetworkConfiguration';

/** The network comes up anew for it. */
const NETWORK: Times = { afterMs: 3_000, everyMs: 5_000, withinMs: 60_000 };

const networkOf = async (machine: Machine): Promise<Fields> =>
  (await machine.ask('GetNetworkConfiguration')).sub('network');

/** In the words of the parameters. */
function settingsIn(network: Fields): Wanted {
  const protocol = network.sub('protocol');
  const fixed = protocol.sub('static');
  const isStatic = typeof protocol.raw('static') === 'object' && protocol.raw('static') !== null;
  const servers = fixed.list('dns_servers').map(String);
  return {
    mode: isStatic ? 'static' : typeof protocol.raw('dhcp') === 'object' && protocol.raw('dhcp') ? 'dhcp' : null,
    address: fixed.str('address'),
    netmask: fixed.str('netmask'),
    gateway: fixed.str('gateway'),
    dns: servers.length === 0 ? null : servers.join(','),
  };
}

const settingsShow = (machine: Machine, wanted: Wanted) =>
  seen(machine, 'GetNetworkConfiguration', async (now) => matching(settingsIn(await networkOf(now)), wanted), NETWORK);

/** The address that the machine has now, however it came by it. */
async function presentAddress(machine: Machine): Promise<string | null> {
  const [first] = (await machine.ask('GetNetworkInfo')).list('networks');
  return new Fields(first).str('address');
}

const address = (about: string) => optional(ipv4({ about, source }));

const setNetwork = through(
  {
    mode: choice(['dhcp', 'static'], { about: 'where the address comes from', source }),
    address: address('address of the machine'),
    netmask: address('network mask'),
    gateway: address('gateway'),
    dns: address('name server; the ones that are set if left out'),
  },
  async (machine, { mode, address: own, netmask, gateway, dns }) => {
    if (mode === 'dhcp') {
      if ([own, netmask, gateway, dns].some((one) => one !== undefined)) {
        throw invalid('set-network: dhcp takes no addresses');
      }
      return {
        notes: ['The machine may have another address then'],
        steps: [say(machine, 'SetNetworkConfiguration', { protocol: { dhcp: {} } }, { silenceIsFine: true })],
        readBack: settingsShow(machine, { mode }),
      };
    }
    if (own === undefined || netmask === undefined || gateway === undefined) {
      throw invalid('set-network: static needs address, netmask and gateway');
    }
    const servers = dns === undefined ? await presentServers(machine) : [dns];
    if (servers.length === 0) {
      throw invalid('set-network: static needs dns, as none is set: without it no pool is found by its name');
    }
    const protocol = { static: { address: own, netmask, gateway, dns_servers: servers } };
    const steps = [say(machine, 'SetNetworkConfiguration', { protocol }, { silenceIsFine: true })];
    const present = await presentAddress(machine);
    if (own !== present) {
      const from = present ?? 'an address that it does not tell';
      return {
        notes: [`The machine answers at ${own} afterwards`],
        steps,
        readBack: { never: `the machine moves from ${from} to ${own}: look for it there` },
      };
    }
    return { steps, readBack: settingsShow(machine, { mode, address: own, netmask, gateway, dns: servers.join(',') }) };
  },
  { takes: 'the machine may be away for a moment', lasting: 'with wrong settings it cannot be reached any more' },
);

const presentServers = async (machine: Machine): Promise<string[]> =>
  (await networkOf(machine)).sub('protocol').sub('static').list('dns_servers').map(String);

const setHostname = through(
  {
    hostname: text({
      about: 'host name',
      most: 63,
      source,
      pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i,
      inWords: 'letters, digits and - within',
    }),
  },
  (machine, { hostname }) => ({
    steps: [say(machine, 'SetNetworkConfiguration', { hostname }, { silenceIsFine: true })],
    readBack: seen(
      machine,
      'GetNetworkConfiguration',
      async (now) => matching({ hostname: (await networkOf(now)).str('hostname') }, { hostname }),
      NETWORK,
    ),
  }),
);

export const networkCommands = { setNetwork, setHostname } satisfies Readonly<Record<string, Action>>;
