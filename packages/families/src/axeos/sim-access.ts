import type { Peer, SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { espError, isPrivateOrigin, isPrivatePeer } from '../sim/esp-http.ts';
import { textOf } from './sim-store.ts';
import type { Bitaxe } from './sim-unit.ts';

/*
 * Who may ask: the 401 rule of protocols.md 6.1. It has no CORS headers: a page of another origin sees no 401 at all.
 */
export const UNAUTHORIZED: SimulatedHttpReply = espError(401, 'Unauthorized');

/** Characters of the longest IPv4 address: v2.5 copies no more. */
const LONGEST_ADDRESS = 15;

/** v2.15: a local name, or the device's own, is let in from anywhere. */
function isLocalName(unit: Bitaxe, host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const own = textOf(unit.store, 'hostname').toLowerCase();
  return name.endsWith('.local') || name === own || (name !== '' && !name.includes('.'));
}

/** Whether the rule lets a request in; v2.4 has none, an access point none either. */
export function isAllowed(unit: Bitaxe, request: SimulatedHttpRequest, peer: Peer): boolean {
  const { minor } = unit.release;
  if (minor < 5 || unit.isOn('ap-mode')) return true;
  const privatePeer = isPrivatePeer(peer, !unit.isOn('strict-loopback'));
  const { origin } = request.headers;
  if (origin === undefined) return privatePeer;
  const host = /^http:\/\/([^/]*)/.exec(origin)?.[1];
  if (minor === 5 && (host === undefined || origin.length > 'http://'.length + LONGEST_ADDRESS)) return privatePeer;
  if (host === undefined) return false;
  if (minor >= 15 && isLocalName(unit, host)) return true;
  // A port behind the address makes it none.
  return privatePeer && isPrivateOrigin(host, !unit.isOn('strict-loopback'));
}
