import type { Identity } from '@headframe/model';
import type { Target } from '../ports.ts';
import { stableHash } from './hash.ts';

/*
 * Who a machine is. Headframe's own id stands on the strongest evidence that is known: the MAC address, then the
 * serial number, then, until one of these is read, where it was found. An address is only where it was last seen.
 */

export interface Evidence {
  readonly kind: 'mac' | 'serial' | 'place';
  readonly value: string;
}

export const minerId = ({ kind, value }: Evidence): string =>
  stableHash(`${kind} ${value}`).toString(36).padStart(11, '0');

/** Where a machine is: its address and the port that it is first asked on. */
export function place({ address, ports }: Target): Evidence {
  const port = ports.cgminer ?? ports.http;
  return { kind: 'place', value: port === undefined ? address : `${address} ${port}` };
}

/** The strongest evidence in an identity; null when there is none but the place. */
export function evidenceOf({ mac, serial, make }: Identity): Evidence | null {
  if (mac !== null && !isPlaceholder(mac)) return { kind: 'mac', value: mac.toLowerCase() };
  if (serial !== null && !isPlaceholder(serial)) return { kind: 'serial', value: `${make ?? ''} ${serial}` };
  return null;
}

/**
 * Whether an identity still fits the evidence that a machine is known by. What is not read this time contradicts
 * nothing: a web page that is down for a moment does not make another machine.
 */
export function contradicts(known: Evidence, identity: Identity): boolean {
  switch (known.kind) {
    case 'mac':
      return identity.mac !== null && identity.mac.toLowerCase() !== known.value;
    case 'serial':
      return identity.serial !== null && `${identity.make ?? ''} ${identity.serial}` !== known.value;
    case 'place':
      return false;
  }
}

/** Zeros, `ff:ff:..`, `N/A`: what boards without a programmed number say, the same on many machines. */
const isPlaceholder = (text: string): boolean =>
  /^[\s0f:.\-x]*$/i.test(text) || /^(n\/?a|unknown|none|null)$/i.test(text);
