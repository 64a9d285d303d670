import { isIP } from 'node:net';
import { HeadframeError } from '@headframe/model';

/** A place to talk to. Without a port, the ports of the device families are meant. */
export interface Endpoint {
  /** IPv4, IPv6 without brackets (a zone such as `%eth0` may follow), or a host name. */
  readonly host: string;
  readonly port: number | null;
}

/** Letters, digits and inner hyphens per label, as host names are made; underscores are seen in the field. */
const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;
const BRACKETED = /^\[([^\]]*)\](?::(.*))?$/;

const invalid = (detail: string) => new HeadframeError('usage/invalid', { detail });

/**
 * Reads `10.0.0.5`, `10.0.0.5:4028`, `fd00::5`, `[fd00::5]:80`, `miner-7.local`, `miner-7.local:4028`.
 * @throws HeadframeError `usage/invalid` with a sentence that says what is wrong and what is allowed
 */
export function parseAddress(text: string): Endpoint {
  const given = text.trim();
  if (given === '') throw invalid('An address is missing: give an IP address or a host name, such as 10.0.0.5');
  if (given.includes('://')) {
    throw invalid(`"${given}" is a URL; give the address alone, such as 10.0.0.5 or 10.0.0.5:8080`);
  }
  const bracketed = BRACKETED.exec(given);
  if (bracketed !== null) {
    const [, host = '', port] = bracketed;
    if (isIP(host) !== 6) throw invalid(`"${given}" has no IPv6 address between its brackets, such as [fd00::5]:4028`);
    return { host: host.toLowerCase(), port: port === undefined ? null : parsePort(port, given) };
  }
  if (isIP(given) === 6) return { host: given.toLowerCase(), port: null };
  const colon = given.lastIndexOf(':');
  if (colon >= 0 && given.indexOf(':') !== colon) {
    throw invalid(`"${given}" is not an IPv6 address; with a port it is written [fd00::5]:4028`);
  }
  const host = colon < 0 ? given : given.slice(0, colon);
  if (!isHost(host)) {
    throw invalid(`"${host}" is not an address; give an IP address or a host name, such as 10.0.0.5 or miner-7.local`);
  }
  return { host: host.toLowerCase(), port: colon < 0 ? null : parsePort(given.slice(colon + 1), given) };
}

/** An IPv4 address or a host name. What ends in a number and is no IPv4 address is a typing mistake (`10.0.0.256`). */
function isHost(host: string): boolean {
  if (isIP(host) === 4) return true;
  return NAME.test(host) && !/(?:^|\.)\d+\.?$/.test(host);
}

function parsePort(text: string, whole: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw invalid(`The port in "${whole}" is not a number from 1 to 65535`);
  return port;
}

/** `host`, or `host:port` (`[v6]:port`) where a port is given. */
export function formatAddress(host: string, port: number | null): string {
  if (port === null) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
