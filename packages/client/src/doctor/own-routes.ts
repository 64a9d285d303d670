import { isIP } from 'node:net';
import type { OperatingSystem } from './operating-system.ts';

/** Which way leads to an address from here. */
export interface OwnRoute {
  readonly hasRoute: boolean;
  readonly interface: string | null;
  readonly gateway: string | null;
}

const NO_ROUTE: OwnRoute = { hasRoute: false, interface: null, gateway: null };

/** Null: it cannot be read here. */
export async function routeTo(host: string, system: OperatingSystem): Promise<OwnRoute | null> {
  if (isIP(host) === 0) return null;
  if (system.platform === 'linux') return (await byIp(host, system)) ?? (await byProc(host, system));
  if (system.platform === 'win32') return null;
  const said = await system.run('route', ['-n', 'get', host]);
  return said === null ? null : parseRouteGet(said.output, said.code);
}

async function byIp(host: string, system: OperatingSystem): Promise<OwnRoute | null> {
  const said = await system.run('ip', ['-j', 'route', 'get', host]);
  if (said === null) return null;
  // iproute2 says "RTNETLINK answers: Network is unreachable" and ends with 2.
  if (said.code !== 0) return said.code === 2 ? NO_ROUTE : null;
  return parseIpRoute(said.output);
}

/** `ip -j route get`: `[{"dst":"10.0.4.21","gateway":"10.0.0.1","dev":"eth0",...}]`. */
export function parseIpRoute(text: string): OwnRoute | null {
  let routes: unknown;
  try {
    routes = JSON.parse(text);
  } catch {
    return null;
  }
  const [route] = Array.isArray(routes) ? routes : [];
  if (typeof route !== 'object' || route === null) return null;
  const { type, dev, gateway } = route as { type?: unknown; dev?: unknown; gateway?: unknown };
  if (type === 'unreachable' || type === 'prohibit' || type === 'blackhole') return NO_ROUTE;
  if (typeof dev !== 'string') return null;
  return { hasRoute: true, interface: dev, gateway: typeof gateway === 'string' ? gateway : null };
}

async function byProc(host: string, system: OperatingSystem): Promise<OwnRoute | null> {
  if (isIP(host) !== 4) return null;
  const table = await system.readFile('/proc/net/route');
  return table === null ? null : parseProcRoute(table, host);
}

/** `/proc/net/route`: interface, destination, gateway, flags, ..., mask; numbers of four bytes in the order of the host. */
export function parseProcRoute(table: string, host: string): OwnRoute {
  const address = numberOf(host);
  let best: { readonly bits: number; readonly route: OwnRoute } | null = null;
  for (const line of table.split('\n').slice(1)) {
    const [name = '', to = '', via = '', flags = '', , , , mask = ''] = line.trim().split(/\s+/);
    if (!/^[0-9A-F]{8}$/i.test(mask) || (Number.parseInt(flags, 16) & 1) === 0) continue;
    const [network, bits] = [reversed(to), reversed(mask)];
    if ((address & bits) >>> 0 !== network || (best !== null && best.bits >= bits)) continue;
    const gateway = reversed(via) === 0 ? null : textOf(reversed(via));
    best = { bits, route: { hasRoute: true, interface: name, gateway } };
  }
  return best?.route ?? NO_ROUTE;
}

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) >>> 0;
const reversed = (hex: string): number => {
  const little = Number.parseInt(hex, 16) >>> 0;
  return ((little << 24) | ((little & 0xff00) << 8) | ((little >>> 8) & 0xff00) | (little >>> 24)) >>> 0;
};
const textOf = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');

/** `route -n get` of macOS and the BSDs. */
export function parseRouteGet(text: string, code: number): OwnRoute | null {
  if (/not in table|unreachable/i.test(text)) return NO_ROUTE;
  const name = /^\s*interface:\s*(\S+)/m.exec(text)?.[1];
  if (code !== 0 || name === undefined) return null;
  return { hasRoute: true, interface: name, gateway: /^\s*gateway:\s*([0-9a-f.:]+)\s*$/m.exec(text)?.[1] ?? null };
}

/** Whether an interface is up; null: it cannot be read here. Tunnels and loopback say `unknown` and work. */
export async function isUp(name: string, system: OperatingSystem): Promise<boolean | null> {
  if (system.platform !== 'linux') return system.interfaces()[name] === undefined ? null : true;
  const state = await system.readFile(`/sys/class/net/${name}/operstate`);
  return state === null ? null : state.trim() === 'up' || state.trim() === 'unknown';
}

/** The default gateway; null: there is none, or it cannot be read here. */
export async function defaultGateway(system: OperatingSystem): Promise<string | null> {
  if (system.platform !== 'linux') return null;
  const said = await system.run('ip', ['-j', 'route', 'show', 'default']);
  const byProgram = said === null || said.code !== 0 ? null : parseIpRoute(said.output);
  if (byProgram !== null) return byProgram.gateway;
  const table = await system.readFile('/proc/net/route');
  const [, , via] =
    (table ?? '')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .find(([, to]) => to === '00000000') ?? [];
  return via === undefined || !/^[0-9A-F]{8}$/i.test(via) ? null : textOf(reversed(via));
}
