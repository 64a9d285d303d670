import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import {
  type NetworkConfigurationSchema,
  NetworkProtocol,
  NetworkService,
  type SetNetworkConfigurationRequestSchema,
} from './contract/index.ts';
import { type Served, serve } from './sim-api.ts';
import { hostOf, macOf } from './sim-identity.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { REFUSE } from './sim-refusal.ts';
import { leasedNetwork, type NetworkSetting } from './sim-state.ts';

const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const HOSTNAME = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

function network(set: NetworkSetting): MessageInitShape<typeof NetworkConfigurationSchema> {
  const { hostname, dhcp, address, netmask, gateway, dns } = set;
  if (dhcp) return { hostname, protocol: { case: 'dhcp', value: {} } };
  return { hostname, protocol: { case: 'static', value: { address, netmask, gateway, dnsServers: [...dns] } } };
}

function ipv4(what: string, text: string): string {
  if (IPV4.test(text)) return text;
  throw REFUSE.invalid(`${what} '${text}' is not an IPv4 address`);
}

/** What is absent stays as it is. */
function wanted(
  machine: BraiinsMachine,
  { protocol, hostname }: MessageShape<typeof SetNetworkConfigurationRequestSchema>,
): NetworkSetting {
  const before = machine.system.network;
  const name = hostname ?? before.hostname;
  if (!HOSTNAME.test(name)) throw REFUSE.invalid(`hostname '${name}' is not valid`);
  if (protocol.case === undefined) return { ...before, hostname: name };
  if (protocol.case === 'dhcp') return leasedNetwork(name, hostOf(machine.key));
  const { address, netmask, gateway, dnsServers } = protocol.value;
  return {
    hostname: name,
    dhcp: false,
    address: ipv4('address', address),
    netmask: ipv4('netmask', netmask),
    gateway: ipv4('gateway', gateway),
    dns: dnsServers.map((server) => ipv4('DNS server', server)),
  };
}

const { method } = NetworkService;

export const networking: readonly Served[] = [
  serve(method.getNetworkConfiguration, ({ system }) => ({ network: network(system.network) })),
  serve(method.setNetworkConfiguration, (machine, request, now) => {
    const set = wanted(machine, request);
    machine.system = { ...machine.system, network: set };
    machine.journal.note(now, 'syslog', 'daemon.notice netifd: network configuration changed');
    return { network: network(set) };
  }),
  serve(method.getNetworkInfo, ({ system, key }) => {
    const { hostname, dhcp, address, netmask, gateway, dns } = system.network;
    return {
      name: 'eth0',
      macAddress: macOf(key),
      hostname,
      protocol: dhcp ? NetworkProtocol.DHCP : NetworkProtocol.STATIC,
      dnsServers: [...dns],
      networks: [{ address, netmask }],
      defaultGateway: gateway,
    };
  }),
];
