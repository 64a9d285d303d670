import { sha256Hex } from '@headframe/wire/http';
import type { SimulatedHttpRequest } from '../sim/device.ts';
import type { AvalonMachine } from './sim-machine.ts';

/*
 * The login of port 80: a cookie `auth` of eight digits and the first 24 of SHA-256 of the password (`protocols.md` 4).
 * The eight are `ff0000ff`; the source of the Nano 3S makes them from password and DNA and tells them in get_auth.cgi.
 */

const SALT = 'ff0000ff';
const SALT_DIGITS = 8;
const PASSWORD_DIGITS = 24;
/** What the proof of a QR code begins with (source of the Nano 3S). */
export const QR_SIGN = 'ff0000ee';

/** The first eight digits of the cookie, and what get_auth.cgi says of the DNA. */
export function cookieCode(machine: AvalonMachine): { readonly salt: string; readonly dna: string } {
  const { dna, kept, quirks } = machine;
  const salted = sha256Hex(kept.passwordHash.slice(0, SALT_DIGITS) + dna).slice(0, SALT_DIGITS);
  return { salt: quirks.saltedCookie ? salted : SALT, dna: sha256Hex(dna).slice(0, PASSWORD_DIGITS) };
}

/** The value of the cookie of somebody who knows the password. */
export const authCookie = (machine: AvalonMachine): string =>
  cookieCode(machine).salt + machine.kept.passwordHash.slice(0, PASSWORD_DIGITS);

/** Whether a request has the cookie. */
export function isLoggedIn(machine: AvalonMachine, request: SimulatedHttpRequest): boolean {
  const [, value] = /(?:^|;)\s*auth=([^;\s]*)/.exec(request.headers.cookie ?? '') ?? [];
  return value === authCookie(machine);
}
