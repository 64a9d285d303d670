import { isIP } from 'node:net';
import { Lately } from './lately.ts';
import type { OperatingSystem } from './operating-system.ts';
import type { Looking } from './options.ts';
import {
  NO_ROUTE,
  namesOfDown,
  type OwnRoute,
  parseIpLink,
  parseIpRoute,
  parseProcRoute,
  parseRouteGet,
  parseRoutePrint,
} from './parse-routes.ts';

/** Null: it cannot be read here. */
export async function routeTo(host: string, system: OperatingSystem): Promise<OwnRoute | null> {
  const version = isIP(host);
  if (version === 0) return null;
  if (system.platform === 'linux') return (await byIp(host, system)) ?? (await byProc(host, system));
  if (system.platform === 'win32') return version === 4 ? byRoutePrint(host, system) : null;
  const said = await system.run('route', ['-n', 'get', ...(version === 6 ? ['-inet6'] : []), host]);
  return said === null ? null : parseRouteGet(said.output, said.code);
}

async function byIp(host: string, system: OperatingSystem): Promise<OwnRoute | null> {
  // A zone names the interface: `fe80::1%eth0`.
  const [address = '', zone] = host.split('%');
  const over = zone === undefined ? [] : ['dev', zone];
  const said = await system.run('ip', ['-j', 'route', 'get', address, ...over]);
  if (said === null) return null;
  if (said.code === 0) return parseIpRoute(said.output);
  // "RTNETLINK answers: Network is unreachable", and "No route to host", "Invalid argument", "Permission denied" for routes
  // that are to lead nowhere. Where we may not ask, it is "Operation not permitted".
  return said.code === 2 && !/not permitted/i.test(said.output) ? NO_ROUTE : null;
}

async function byProc(host: string, system: OperatingSystem): Promise<OwnRoute | null> {
  if (isIP(host) !== 4) return null;
  const table = await system.readFile('/proc/net/route');
  return table === null ? null : parseProcRoute(table, host);
}

async function byRoutePrint(host: string, system: OperatingSystem): Promise<OwnRoute | null> {
  const said = await system.run('route', ['print', '-4']);
  const route = said === null ? null : parseRoutePrint(said.output, host);
  if (route?.interface == null) return route;
  const named = Object.entries(system.interfaces()).find(([, list]) =>
    list?.some(({ address }) => address === route.interface),
  );
  return { ...route, interface: named?.[0] ?? route.interface };
}

/** Whether an interface is up; null: it cannot be read here. Tunnels and loopback say `unknown` and work. */
export async function isUp(name: string, system: OperatingSystem): Promise<boolean | null> {
  if (system.platform !== 'linux') return system.interfaces()[name] === undefined ? null : true;
  // In a container `/sys` may be that of another network: there is no such interface in it then.
  const state = (await system.readFile(`/sys/class/net/${name}/operstate`)) ?? (await stateByIp(name, system));
  return state === null ? null : ['up', 'unknown'].includes(state.trim().toLowerCase());
}

async function stateByIp(name: string, system: OperatingSystem): Promise<string | null> {
  const said = await system.run('ip', ['-j', 'link', 'show', 'dev', name]);
  return said?.code === 0 ? parseIpLink(said.output) : null;
}

/** The interfaces of Linux that are switched off or have no cable: a reason why there may be no route. */
export async function downInterfaces(system: OperatingSystem): Promise<string[]> {
  if (system.platform !== 'linux') return [];
  const said = await system.run('ip', ['-j', '-d', 'link', 'show']);
  return said?.code === 0 ? namesOfDown(said.output) : [];
}

/** It is the same for a whole farm, ms. */
const SHARED_MS = 1000;
const gateways = new Lately<string | null>(SHARED_MS);

/** The default gateway for IPv4 or IPv6; null: there is none, or it cannot be read here. */
export const defaultGateway = (
  looking: Pick<Looking, 'system' | 'clock'>,
  version: 4 | 6 = 4,
): Promise<string | null> => gateways.read(looking, String(version), () => readGateway(version, looking.system));

async function readGateway(version: 4 | 6, system: OperatingSystem): Promise<string | null> {
  if (system.platform === 'linux') {
    const said = await system.run('ip', ['-j', ...(version === 6 ? ['-6'] : []), 'route', 'show', 'default']);
    const byProgram = said?.code === 0 ? parseIpRoute(said.output) : null;
    if (byProgram !== null) return byProgram.gateway;
    return version === 4 ? ((await byProc('0.0.0.0', system))?.gateway ?? null) : null;
  }
  if (version === 6) return null;
  // The network 0.0.0.0 is asked for: the way to all that is nowhere else.
  if (system.platform === 'win32') return (await byRoutePrint('0.0.0.0', system))?.gateway ?? null;
  const said = await system.run('route', ['-n', 'get', 'default']);
  return said === null ? null : (parseRouteGet(said.output, said.code)?.gateway ?? null);
}
