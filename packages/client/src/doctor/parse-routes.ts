import { isIP } from 'node:net';

/** Which way leads to an address from here. */
export interface OwnRoute {
  readonly hasRoute: boolean;
  readonly interface: string | null;
  readonly gateway: string | null;
  /** Our own address on the way; null: not told. */
  readonly source: string | null;
}

export const NO_ROUTE: OwnRoute = { hasRoute: false, interface: null, gateway: null, source: null };

const MOST_LINES = 20_000;
const linesOf = (text: string): string[] => text.split('\n', MOST_LINES).map((line) => line.slice(0, 300).trim());

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function objectsIn(text: string): Json[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.slice(0, MOST_LINES).filter(isJson) : [];
  } catch {
    return [];
  }
}

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/**
 * `ip -j route get` and `ip -j route show`: `[{"dst":"10.0.4.21","gateway":"10.0.0.1","dev":"eth0",...}]`; where a route
 * leads over several interfaces, these stand in `nexthops`, and the first is taken.
 */
export function parseIpRoute(text: string): OwnRoute | null {
  const [route] = objectsIn(text);
  if (route === undefined) return null;
  if (['unreachable', 'prohibit', 'blackhole'].includes(textIn(route.type) ?? '')) return NO_ROUTE;
  const hop: unknown = Array.isArray(route.nexthops) ? route.nexthops[0] : route;
  const { dev, gateway }: Json = isJson(hop) ? hop : {};
  if (typeof dev !== 'string') return null;
  return { hasRoute: true, interface: dev, gateway: textIn(gateway), source: textIn(route.prefsrc) };
}

/** `ip -j link show dev eth0`: `[{"ifname":"eth0","operstate":"UP",...}]`. */
export const parseIpLink = (text: string): string | null => textIn(objectsIn(text)[0]?.operstate);

/** `ip -j -d link show`: what is no loopback, and no bridge, which has no carrier where nobody is on it. */
export const namesOfDown = (text: string): string[] =>
  objectsIn(text).flatMap(({ ifname, link_type, operstate, linkinfo }) => {
    const isDown = operstate === 'DOWN' || operstate === 'LOWERLAYERDOWN';
    const isBridge = isJson(linkinfo) && linkinfo.info_kind === 'bridge';
    return link_type === 'ether' && isDown && !isBridge && typeof ifname === 'string' ? [ifname] : [];
  });

/** A line of a table of routes; numbers of 32 bits. */
interface Line {
  readonly network: number;
  readonly mask: number;
  readonly metric: number;
  readonly route: OwnRoute;
}

/** The narrowest network that the address is in; of two like ones that with the lower metric. */
function narrowest(lines: readonly Line[], address: number): OwnRoute {
  const [best] = lines
    .filter(({ network, mask }) => (address & mask) >>> 0 === network)
    .toSorted((a, b) => b.mask - a.mask || a.metric - b.metric);
  return best?.route ?? NO_ROUTE;
}

/** `include/uapi/linux/route.h`. */
const [RTF_UP, RTF_REJECT] = [0x0001, 0x0200];

/**
 * `/proc/net/route`: interface, destination, gateway, flags, ..., metric, mask; numbers of four bytes in the order of the
 * host. A route that leads nowhere has `*` for its interface.
 */
export function parseProcRoute(table: string, host: string): OwnRoute {
  const lines = linesOf(table).flatMap((line): Line[] => {
    const [name = '', to = '', via = '', digits = '', , , metric = '', mask = ''] = line.split(/\s+/);
    const flags = Number.parseInt(digits, 16);
    if (![to, via, mask].every((hex) => /^[0-9A-F]{8}$/i.test(hex)) || (flags & RTF_UP) === 0) return [];
    const gateway = reversed(via) === 0 ? null : textOf(reversed(via));
    const isDead = name === '*' || (flags & RTF_REJECT) !== 0;
    const route = isDead ? NO_ROUTE : { hasRoute: true, interface: name, gateway, source: null };
    return [{ network: reversed(to), mask: reversed(mask), metric: Number(metric) || 0, route }];
  });
  return narrowest(lines, numberOf(host));
}

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) >>> 0;
const reversed = (hex: string): number => {
  const little = Number.parseInt(hex, 16) >>> 0;
  return ((little << 24) | ((little & 0xff00) << 8) | ((little >>> 8) & 0xff00) | (little >>> 24)) >>> 0;
};
const textOf = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');

/** `route -n get` of macOS and the BSDs; an interface of our own network has the gateway `link#4`, which is none. */
export function parseRouteGet(text: string, code: number): OwnRoute | null {
  if (/not in table|unreachable/i.test(text)) return NO_ROUTE;
  const said = (name: string): string | null =>
    linesOf(text)
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? null;
  const name = said('interface');
  if (code !== 0 || name === null || name === '') return null;
  if (/\b(?:REJECT|BLACKHOLE)\b/.test(said('flags') ?? '')) return NO_ROUTE;
  const gateway = said('gateway');
  return { hasRoute: true, interface: name, gateway: isIP(gateway ?? '') === 0 ? null : gateway, source: null };
}

/**
 * `route print -4` of Windows: network, mask, gateway or words in the language of its user (`On-link`), our own address on
 * the interface, metric. The interface is that address. Null: there is no such table in it.
 *
 *             0.0.0.0          0.0.0.0         10.0.4.1         10.0.4.5     25
 *            10.0.4.0    255.255.255.0         On-link          10.0.4.5    281
 */
export function parseRoutePrint(text: string, host: string): OwnRoute | null {
  const all = linesOf(text);
  const lines = all.flatMap((line): Line[] => {
    const [to = '', mask = '', ...rest] = line.split(/\s+/);
    const [metric = '', source = ''] = rest.reverse();
    const via = rest.slice(2).reverse().join(' ');
    if (![to, mask, source].every((address) => isIP(address) === 4) || via === '' || !/^\d+$/.test(metric)) return [];
    const route = { hasRoute: true, interface: source, gateway: isIP(via) === 4 ? via : null, source };
    return [{ network: numberOf(to), mask: numberOf(mask), metric: Number(metric), route }];
  });
  return lines.length === 0 ? null : narrowest(lines, numberOf(host));
}
