import { isIP } from 'node:net';
import type { Look, OwnSide } from '@headframe/model';
import { notSeen } from './exchanges.ts';
import { tableOf } from './neighbour.ts';
import type { NeighbourEntry } from './neighbour-table.ts';
import type { Looking } from './options.ts';
import { type OwnFirewall, ownFirewall } from './own-firewall.ts';
import { distanceOf } from './own-network.ts';
import { defaultGateway, isUp, routeTo } from './own-routes.ts';
import { connectionsTo } from './own-sockets.ts';

/** Other machines of the network whose state in the neighbour table is looked at. */
const MOST_NEIGHBOURS = 16;

/**
 * Our own computer towards an address: the way there, its interface, the gateway and the neighbours, our firewall, and which
 * programs hold connections to it. Only looks at what the system tells; nothing is sent.
 */
export async function lookAtOwnSide(host: string, port: number, looking: Looking): Promise<Look<OwnSide>> {
  const { system, clock } = looking;
  const began = performance.now();
  const distance = distanceOf(host, system.interfaces());
  const [route, gateway, table] = await Promise.all([
    routeTo(host, system),
    defaultGateway(system),
    tableOf(isIP(host), looking),
  ]);
  if (route === null && system.platform === 'linux') return notSeen('the routes of this computer cannot be read');
  const name = route?.interface ?? null;
  const up = name === null ? null : await isUp(name, system);
  const hasRoute = route?.hasRoute !== false && up !== false;
  const [firewall, connections] = await Promise.all([
    ownFirewall({ host, port, interface: name }, system),
    connectionsTo(host, system),
  ]);
  const entries = (table ?? []).filter(({ address }) => address !== host);
  const value: OwnSide = {
    hasRoute,
    interface: name,
    sameNetwork: distance !== 'far',
    neighboursAnswering: distance === 'near' ? answering(entries, gateway, system.interfaces()) : null,
    gatewayAnswers: answers(entries.find(({ address }) => address === gateway)),
    firewallRules: firewall.rules,
    connections,
  };
  return {
    value,
    at: clock.now(),
    ms: Math.round(performance.now() - began),
    bytes: 0,
    line: inWords(host, value, up, firewall),
    command:
      system.platform === 'linux' ? `ip route get ${host}; ss -tnp dst ${host}; nft list ruleset` : `netstat -an`,
  };
}

const answers = (entry: NeighbourEntry | undefined): boolean | null =>
  entry === undefined || entry.state === 'told' ? null : entry.state !== 'none';

function answering(
  entries: readonly NeighbourEntry[],
  gateway: string | null,
  interfaces: ReturnType<Looking['system']['interfaces']>,
): OwnSide['neighboursAnswering'] {
  const others = entries
    .filter(({ address }) => address !== gateway && distanceOf(address, interfaces) === 'near')
    .map(answers)
    .filter((one) => one !== null)
    .slice(0, MOST_NEIGHBOURS);
  return others.length === 0 ? null : { answered: others.filter(Boolean).length, of: others.length };
}

function inWords(host: string, value: OwnSide, up: boolean | null, firewall: OwnFirewall): string {
  const { hasRoute, interface: name, gatewayAnswers, neighboursAnswering: others, firewallRules, connections } = value;
  const way =
    up === false
      ? `the interface ${name} is down`
      : hasRoute
        ? `the way to ${host} leads over ${name ?? 'an interface that is not known'}`
        : `there is no route to ${host}`;
  const rules =
    firewallRules === null
      ? `our firewall was not read: ${firewall.why}`
      : firewallRules.length === 0
        ? 'our firewall lets it out'
        : `our firewall stops it: ${firewallRules.slice(0, 2).join('; ')}`;
  const held = connections.filter(({ state }) => state === 'CLOSE_WAIT').length;
  return [
    way,
    ...(gatewayAnswers === null ? [] : [`the gateway ${gatewayAnswers ? 'answers' : 'does not answer'}`]),
    ...(others === null ? [] : [`${others.answered} of ${others.of} neighbours answer`]),
    rules,
    ...(connections.length === 0
      ? []
      : [
          `other programs here hold ${connections.length} connections to it${held === 0 ? '' : `, ${held} never closed`}`,
        ]),
  ].join(', ');
}
