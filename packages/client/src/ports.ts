import type { Family, Protocol } from '@headframe/model';
import { formatAddress } from './address.ts';

/** The ports at which a machine answers, by protocol. */
export type Ports = Readonly<Partial<Record<Protocol, number>>>;

/**
 * How a machine is named everywhere: its host, or `host:port` where the most important port that it has is not the
 * family's own (`snapshot.md`).
 */
export function addressOf(host: string, family: Family, ports: Ports): string {
  for (const [name, own] of Object.entries(family.ports)) {
    const port = ports[name as Protocol];
    if (port !== undefined) return formatAddress(host, port === own ? null : port);
  }
  return host;
}
