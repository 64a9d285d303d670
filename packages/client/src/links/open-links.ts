import type { HttpLink, Links, TcpLink } from '@headframe/model';
import type { DigestSession } from '@headframe/wire/http';
import type { Ports } from '../ports.ts';
import type { Dial } from './dial.ts';
import { httpLink } from './http-link.ts';
import { tcpLink } from './tcp-link.ts';

/**
 * The links of one conversation: real sockets, one deadline over all of them. Opens nothing by itself.
 * @param digest the login towards the web page, kept between conversations; undefined: no credentials are known
 */
export function openLinks(dial: Dial, ports: Ports, digest: DigestSession | undefined): Links {
  const links: { clock: Dial['clock']; cgminer?: TcpLink; http?: HttpLink; monitor?: HttpLink } = { clock: dial.clock };
  if (ports.cgminer !== undefined) links.cgminer = tcpLink(dial, ports.cgminer);
  if (ports.http !== undefined) links.http = httpLink(dial, ports.http, digest);
  if (ports.monitor !== undefined) links.monitor = httpLink(dial, ports.monitor);
  return links;
}
