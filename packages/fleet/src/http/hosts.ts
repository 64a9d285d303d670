import { isIP } from 'node:net';
import { hostname } from 'node:os';

/*
 * Against DNS rebinding: a web page from anywhere can point a name of its own at 127.0.0.1 and let the browser talk to
 * us; the browser then sends that name as `Host`. So only names that nobody else can own are served.
 */

/** Whether a peer or an address is this very machine. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '').replace(/^\[|\]$/g, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/**
 * Whether the `Host` header names this daemon.
 * @param listenHost what it listens on; beyond loopback, any IP address and the machine's own name are fine as well
 */
export function isOwnHost(header: string | undefined, listenHost: string): boolean {
  if (header === undefined) return false;
  const name = header.replace(/:\d+$/, '').toLowerCase();
  const bare = name.replace(/^\[|\]$/g, '');
  if (bare === 'localhost' || bare.endsWith('.localhost') || isLoopback(bare)) return true;
  if (isLoopback(listenHost) || listenHost === 'localhost') return false;
  const own = hostname().toLowerCase();
  return isIP(bare) !== 0 || bare === listenHost.toLowerCase() || bare === own || bare === `${own}.local`;
}
