import type { Clock, Links } from '@headframe/model';
import type { DigestSession } from '@headframe/wire/http';
import type { Ports } from '../ports.ts';
import type { Deadline } from './deadline.ts';
import { httpLink } from './http-link.ts';
import type { LinkLimits } from './limits.ts';
import { tcpLink } from './tcp-link.ts';

export interface DialOptions extends Partial<LinkLimits> {
  readonly host: string;
  readonly ports: Ports;
  readonly clock: Clock;
  readonly deadline: Deadline;
  readonly digest?: DigestSession | undefined;
}

/** The links of one conversation: real sockets, one deadline over all of them. Opens nothing by itself. */
export function openLinks({ ports, digest, ...dial }: DialOptions): Links {
  return {
    clock: dial.clock,
    ...(ports.cgminer === undefined ? {} : { cgminer: tcpLink({ ...dial, port: ports.cgminer }) }),
    ...(ports.http === undefined
      ? {}
      : { http: httpLink({ ...dial, port: ports.http, ...(digest === undefined ? {} : { digest }) }) }),
  };
}
