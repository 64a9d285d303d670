import { isIP } from 'node:net';
import type { Look, OwnSide } from '@headframe/model';
import { notSeen } from './exchanges.ts';
import { tableOf } from './neighbour.ts';
import { answersNow, askNeighbours } from './neighbours.ts';
import type { Looking } from './options.ts';
import { type OwnFirewall, ownFirewall } from './own-firewall.ts';
import { distanceOf } from './own-network.ts';
import { defaultGateway, isUp, routeTo } from './own-routes.ts';
import { connectionsTo } from './own-sockets.ts';

/**
 * Our own computer towards an address: the way there, its interface, the gateway and the neighbours, our firewall, and which
 * programs hold connections to it. What is sent: pings to the gateway, and to at most three neighbours.
 */
export async function lookAtOwnSide(host: string, port: number, looking: Looking): Promise<Look<OwnSide>> {
  const { system, clock } = looking;
  const began = performance.now();
  const distance = distanceOf(host, system.interfaces());
  const [route, gateway, table] = await Promise.all([
    routeTo(host, system),
    defaultGateway(looking),
    tableOf(isIP(host), looking),
  ]);
  if (route === null && system.platform === 'linux') return notSeen('the routes of this computer cannot be read');
  const name = route?.interface ?? null;
  const up = name === null ? null : await isUp(name, system);
  const hasRoute = route?.hasRoute !== false && up !== false;
  const [firewall, connections, gatewayAnswers, neighboursAnswering] = await Promise.all([
    ownFirewall({ host, port, interface: name, source: route?.source ?? null }, looking),
    connectionsTo(host, looking),
    gateway === null || gateway === host || distance === 'here' ? null : answersNow(gateway, looking),
    distance === 'near' ? askNeighbours(table ?? [], [host, gateway], looking) : null,
  ]);
  const value: OwnSide = {
    hasRoute,
    interface: name,
    sameNetwork: distance !== 'far',
    neighboursAnswering,
    gatewayAnswers,
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

function inWords(host: string, value: OwnSide, up: boolean | null, firewall: OwnFirewall): string {
  const { hasRoute, interface: name, gatewayAnswers, neighboursAnswering: others, connections } = value;
  const way =
    up === false
      ? `the interface ${name} is down`
      : hasRoute
        ? `the way to ${host} leads over ${name ?? 'an interface that is not known'}`
        : `there is no route to ${host}`;
  return [
    way,
    ...(gatewayAnswers === null ? [] : [`the gateway ${gatewayAnswers ? 'answers' : 'does not answer'}`]),
    ...(others === null ? [] : [`${others.answered} of ${others.of} neighbours answer`]),
    firewallInWords(firewall),
    ...(connections.length === 0 ? [] : [heldInWords(connections)]),
  ].join(', ');
}

function firewallInWords({ rules, perhaps, why }: OwnFirewall): string {
  const some = (list: readonly string[]) => list.slice(0, 2).join('; ');
  if (rules === null) {
    return perhaps.length === 0
      ? `our firewall was not read: ${why}`
      : `our firewall perhaps stops it: ${some(perhaps)}`;
  }
  return rules.length === 0 ? 'our firewall lets it pass' : `our firewall stops it: ${some(rules)}`;
}

function heldInWords(connections: OwnSide['connections']): string {
  const [first] = connections;
  const who = [...new Set(connections.map(({ program }) => program ?? 'a program of another user'))].slice(0, 3);
  const closed = connections.filter(({ state }) => state === 'CLOSE_WAIT').length;
  const many =
    connections.length === 1 ? `1 connection to its port ${first?.port}` : `${connections.length} connections to it`;
  return `${who.join(', ')} here: ${many}${closed === 0 ? '' : `, ${closed} that it has ended and we have not`}`;
}
