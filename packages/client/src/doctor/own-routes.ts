import { isIP } from 'node:net';
import { Lately } from './lately.ts';
import type { OperatingSystem } from './operating-system.ts';
import type { Looking } from './options.ts';

/** Which way leads to an address from here. */
export interface OwnRoute {
  readonly hasRoute: boolean;
  readonly interface: string | null;
  readonly gateway: string | null;
  /** Our own address on the way; null: not told. */
  readonly source: string | null;
}

const NO_ROUTE: OwnRoute = { hasRoute: false, interface: null, gateway: null, source: null };

/** Null: it cannot be read here. */
export async function routeTo(host: string, system: OperatingSystem): Promise<OwnRoute | null> {
  if (isIP(host) === 0) return null;
  if (system.platform === 'linux') return (await byIp(host, system)) ?? (await byProc(host, system));
  if (system.platform === 'win32') return null;
  const said = await system.run('route', ['-n', 'get', host]);
  return said === null ? null : parseRouteGet(said.output, said.code);
}

async function byIp(host: string, system: OperatingSystem): Promise<OwnRoute | null> {
  // A zone names the interface: `fe80::1%eth0`.
  const [address = '', zone] = host.split('%');
  const over = zone === undefined ? [] : ['dev', zone];
  const said = await system.run('ip', ['-j', 'route', 'get', address, ...over]);
  if (said === null) return null;
  // iproute2 says "RTNETLINK answers: Network is unreachable" and ends with 2.
  if (said.code !== 0) return said.code === 2 ? NO_ROUTE : null;
  return parseIpRoute(said.output);
}

/** `ip -j route get`: `[{"dst":"10.0.4.21","gateway":"10.0.0.1","dev":"eth0",...}]`. */
export function parseIpRoute(text: string): OwnRoute | null {
  const [route] = listIn(text) ?? [];
  if (typeof route !== 'object' || route === null) return null;
  const { type, dev, gateway, prefsrc } = route as Readonly<Record<string, unknown>>;
  if (type === 'unreachable' || type === 'prohibit' || type === 'blackhole') return NO_ROUTE;
  if (typeof dev !== 'string') return null;
  const [via, source] = [gateway, prefsrc].map((one) => (typeof one === 'string' ? one : null));
  return { hasRoute: true, interface: dev, gateway: via ?? null, source: source ?? null };
}

function listIn(text: string): readonly unknown[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : null;
  } catch {
    return null;
  }
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
    best = { bits, route: { hasRoute: true, interface: name, gateway, source: null } };
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
  const gateway = /^\s*gateway:\s*([0-9a-f.:]+)\s*$/m.exec(text)?.[1] ?? null;
  return { hasRoute: true, interface: name, gateway, source: null };
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

/** `ip -j link show dev eth0`: `[{"ifname":"eth0","operstate":"UP",...}]`. */
export function parseIpLink(text: string): string | null {
  const [link] = listIn(text) ?? [];
  const state = typeof link === 'object' && link !== null ? (link as { operstate?: unknown }).operstate : null;
  return typeof state === 'string' ? state : null;
}

/** It is the same for a whole farm, ms. */
const SHARED_MS = 1000;
const gateways = new Lately<string | null>(SHARED_MS);

/** The default gateway; null: there is none, or it cannot be read here. */
export const defaultGateway = (looking: Pick<Looking, 'system' | 'clock'>): Promise<string | null> =>
  gateways.read(looking, 'default', () => readGateway(looking.system));

async function readGateway(system: OperatingSystem): Promise<string | null> {
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
