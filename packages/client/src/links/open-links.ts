import type { GrpcLink, HttpLink, Links, TcpLink } from '@headframe/model';
import { type Login, loginFor } from '../credentials.ts';
import type { Ports } from '../ports.ts';
import type { Dial } from './dial.ts';
import { grpcLink } from './grpc-link.ts';
import { httpLink } from './http-link.ts';
import { tcpLink } from './tcp-link.ts';

interface Opened {
  cgminer?: TcpLink;
  http?: HttpLink;
  monitor?: HttpLink;
  whatsminer?: TcpLink;
  ethminer?: TcpLink;
  grpc?: GrpcLink;
}

/**
 * The links of one conversation: real sockets, one deadline over all of them. Opens nothing by itself.
 * @param login the login towards the web page, kept between conversations; undefined: no credentials are known
 */
export function openLinks(dial: Dial, ports: Ports, login: Login | undefined): Links {
  const links: Pick<Links, 'clock' | 'credentials' | 'tokens' | 'as'> & Opened = {
    clock: dial.clock,
    credentials: login?.credentials ?? null,
    ...(login === undefined ? {} : { tokens: login.tokens }),
    as: (credentials) => openLinks(dial, ports, loginFor(credentials)),
  };
  if (ports.cgminer !== undefined) links.cgminer = tcpLink(dial, ports.cgminer);
  if (ports.http !== undefined) links.http = httpLink(dial, ports.http, login?.digest);
  if (ports.monitor !== undefined) links.monitor = httpLink(dial, ports.monitor);
  if (ports.whatsminer !== undefined) links.whatsminer = tcpLink(dial, ports.whatsminer);
  if (ports.ethminer !== undefined) links.ethminer = tcpLink(dial, ports.ethminer);
  if (ports.grpc !== undefined) links.grpc = grpcLink(dial, ports.grpc);
  return links;
}
