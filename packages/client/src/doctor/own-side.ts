import { isIP } from 'node:net';
import type { Look, OwnSide } from '@headframe/model';
import { cleaned, notSeen } from './exchanges.ts';
import { inTime } from './in-time.ts';
import { tableOf } from './neighbour.ts';
import { answersNow, askNeighbours } from './neighbours.ts';
import type { Looking } from './options.ts';
import { type OwnFirewall, ownFirewall } from './own-firewall.ts';
import { distanceOf, withoutZone } from './own-network.ts';
import { defaultGateway, downInterfaces, isUp, routeTo } from './own-routes.ts';
import { connectionsTo } from './own-sockets.ts';

/** Twice the time that a gateway takes to be given up. */
const LIMIT_MS = 20_000;

/**
 * Our own computer towards an address: the way there, its interface, the gateway and the neighbours, our firewall, and which
 * programs hold connections to it. What is sent: pings to the gateway, and to at most three neighbours.
 */
export async function lookAtOwnSide(host: string, port: number, looking: Looking): Promise<Look<OwnSide>> {
  const version = isIP(host);
  if (version === 0) return notSeen('the name leads to no address');
  const seen = await inTime(look(host, version === 6 ? 6 : 4, port, looking), LIMIT_MS, looking.deadline);
  if (seen === 'ended') return notSeen('the examination ended before');
  return seen === 'late' ? notSeen(`this computer did not tell within ${LIMIT_MS / 1000} s`) : seen;
}

async function look(host: string, version: 4 | 6, port: number, looking: Looking): Promise<Look<OwnSide>> {
  const { system, clock } = looking;
  const began = performance.now();
  const distance = distanceOf(host, system.interfaces());
  const [route, gateway, table] = await Promise.all([
    routeTo(host, system),
    defaultGateway(looking, version),
    tableOf(version, looking),
  ]);
  if (route === null && system.platform === 'linux') return notSeen('the routes of this computer cannot be read');
  const name = route?.interface ?? null;
  const up = name === null ? null : await isUp(name, system);
  const hasRoute = route?.hasRoute !== false && up !== false;
  const down = hasRoute || name !== null ? [] : await downInterfaces(system);
  const [firewall, connections, gatewayAnswers, neighboursAnswering] = await Promise.all([
    ownFirewall({ host, port, interface: name, source: route?.source ?? null }, looking),
    connectionsTo(host, looking),
    gateway === null || gateway === host || distance === 'here' ? null : answersNow(gateway, looking),
    distance === 'near' ? askNeighbours(table ?? [], [host, gateway], looking) : null,
  ]);
  const value: OwnSide = {
    hasRoute,
    interface: name ?? (down.length === 1 ? (down[0] ?? null) : null),
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
    line: inWords(host, value, up === false && name !== null ? [name] : down, firewall),
    command: commandOf(host, version, system.platform),
  };
}

function commandOf(host: string, version: 4 | 6, platform: NodeJS.Platform): string {
  const bare = withoutZone(host);
  if (platform === 'win32') return 'route print & netstat -ano';
  if (platform !== 'linux') return `route -n get ${version === 6 ? '-inet6 ' : ''}${bare}; netstat -an -p tcp`;
  const peer = version === 6 ? `'[${bare}]'` : bare;
  return `ip route get ${bare}; ss -tnp dst ${peer}; sudo nft list ruleset`;
}

function inWords(host: string, value: OwnSide, down: readonly string[], firewall: OwnFirewall): string {
  const { hasRoute, interface: name, gatewayAnswers, neighboursAnswering: others, connections } = value;
  const over = name === null ? 'an interface that is not known' : cleaned(name, 40);
  const which = down.slice(0, 3).map((one) => cleaned(one, 40));
  return [
    hasRoute ? `the way to ${host} leads over ${over}` : `there is no route to ${host}`,
    ...(which.length === 0 ? [] : [downInWords(which)]),
    ...(gatewayAnswers === null ? [] : [`the gateway ${gatewayAnswers ? 'answers' : 'does not answer'}`]),
    ...(others === null ? [] : [`${others.answered} of ${others.of} neighbours answer`]),
    firewallInWords(firewall),
    ...(connections.length === 0 ? [] : [heldInWords(connections)]),
  ].join(', ');
}

const downInWords = (names: readonly string[]): string =>
  `the ${names.length === 1 ? 'interface' : 'interfaces'} ${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} down`;

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
