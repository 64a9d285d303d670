import { ha1, parseAuthorization, verifyDigest } from '@headframe/wire/http';
import type { SimulatedHttpReply, SimulatedHttpRequest } from './device.ts';

/** How long a nonce is good for, ms. */
const NONCE_MS = 600_000;

export interface DigestLock {
  readonly realm: string;
  readonly user: string;
  readonly password: string;
  /** What only this machine knows: its nonces are made of it. */
  readonly secret: string;
}

/**
 * A web server's digest login that keeps nothing: the nonce carries its own time and is checked by hashing again.
 * @returns the 401 that answers a request without the right login; null: let it in
 */
export function digestRefusal(
  { realm, user, password, secret }: DigestLock,
  request: SimulatedHttpRequest,
  now: number,
): SimulatedHttpReply | null {
  const nonceOf = (at: string): string => `${at}:${ha1('nonce', at, secret)}`;
  const header = request.headers.authorization ?? '';
  const answer = parseAuthorization(header);
  const issued = answer?.nonce.split(':')[0] ?? '';
  const right =
    answer !== null &&
    answer.nonce === nonceOf(issued) &&
    verifyDigest(header, request.method, { realm, users: { [user]: password }, uri: request.path });
  if (right && now - Number.parseInt(issued, 16) * 1000 <= NONCE_MS) return null;
  const nonce = nonceOf(Math.floor(now / 1000).toString(16));
  const stale = right ? ', stale=true' : '';
  return {
    status: 401,
    headers: {
      'content-type': 'text/html',
      'www-authenticate': `Digest realm="${realm}", nonce="${nonce}", qop="auth"${stale}`,
    },
    body: '<h1>401 - Unauthorized</h1>\n',
  };
}
