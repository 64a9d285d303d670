import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { algorithmNamed, type DigestAlgorithm, type DigestChallenge, parseChallenges } from './challenge.ts';
import { hex } from './sha256.ts';

/*
 * HTTP digest authentication, both ends: RFC 7616 with MD5 and SHA-256 (and their `-sess` forms), RFC 2617, and the
 * short form without qop. Pure: the random part of an answer comes from outside.
 */

const encoder = new TextEncoder();

const isSha256 = (algorithm: DigestAlgorithm | null) => algorithm === 'SHA-256' || algorithm === 'SHA-256-sess';
const isSession = (algorithm: DigestAlgorithm | null) => algorithm === 'MD5-sess' || algorithm === 'SHA-256-sess';

const hash = (algorithm: DigestAlgorithm | null, text: string): string =>
  hex((isSha256(algorithm) ? sha256 : md5)(encoder.encode(text)));

/**
 * The hash that a server keeps instead of the password (htdigest): of `user:realm:password`, lower case hex.
 * A stock Antminer ships `23c2a2d78c0d20ec069097d7d20c4392` (protocols.md 2.2).
 */
export const ha1 = (user: string, realm: string, password: string, algorithm: DigestAlgorithm | null = null): string =>
  hash(algorithm, `${user}:${realm}:${password}`);

interface Signed {
  readonly ha1: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  readonly algorithm: DigestAlgorithm | null;
  readonly qop: 'auth' | null;
  /** Eight hex digits, as on the wire. */
  readonly nc: string;
  readonly cnonce: string;
}

function responseOf(signed: Signed): string {
  const { algorithm, nonce, nc, cnonce } = signed;
  const first = isSession(algorithm) ? hash(algorithm, `${signed.ha1}:${nonce}:${cnonce}`) : signed.ha1;
  const second = hash(algorithm, `${signed.method}:${signed.uri}`);
  const middle = signed.qop === null ? nonce : `${nonce}:${nc}:${cnonce}:${signed.qop}`;
  return hash(algorithm, `${first}:${middle}:${second}`);
}

export interface DigestRequest {
  readonly user: string;
  readonly password: string;
  readonly method: string;
  /** Path with query, exactly as it stands in the request line. */
  readonly uri: string;
  readonly challenge: DigestChallenge;
  /** How often this nonce was used, this time included. */
  readonly nc: number;
  /** Random text, fresh for each answer. */
  readonly cnonce: string;
}

/** The value of an `Authorization` header that answers a challenge. */
export function digestHeader(request: DigestRequest): string {
  const { user, method, uri, challenge, cnonce } = request;
  const { realm, nonce, opaque, qop, algorithm } = challenge;
  const nc = request.nc.toString(16).padStart(8, '0');
  const secret = ha1(user, realm, request.password, algorithm);
  const response = responseOf({ ha1: secret, method, uri, nonce, algorithm, qop, nc, cnonce });
  const fields = [userField(user), `realm=${quote(realm)}`, `nonce=${quote(nonce)}`, `uri=${quote(uri)}`];
  if (algorithm !== null) fields.push(`algorithm=${algorithm}`);
  if (qop !== null) fields.push(`qop=${qop}`, `nc=${nc}`);
  if (qop !== null || isSession(algorithm)) fields.push(`cnonce=${quote(cnonce)}`);
  fields.push(`response="${response}"`);
  if (opaque !== null) fields.push(`opaque=${quote(opaque)}`);
  return `Digest ${fields.join(', ')}`;
}

const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** A user name beyond ASCII travels in the extended notation (RFC 7616 3.4). */
const userField = (user: string): string => {
  const plain = [...user].every((letter) => letter < '\x7f');
  return plain ? `username=${quote(user)}` : `username*=UTF-8''${percentEncode(user)}`;
};

const percentEncode = (text: string): string =>
  [...encoder.encode(text)]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return /[A-Za-z0-9.~_-]/.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** An answer as a server reads it from an `Authorization` header. */
export interface DigestAnswer {
  readonly user: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: DigestAlgorithm | null;
  readonly qop: 'auth' | null;
  readonly nc: string;
  readonly cnonce: string;
}

/** The digest answer in an `Authorization` header; null for every other header. */
export function parseAuthorization(header: string): DigestAnswer | null {
  const challenge = parseChallenges(header)[0];
  if (challenge?.scheme !== 'digest') return null;
  const get = (name: string) => challenge.parameters.get(name);
  const [user, realm, nonce, uri, response] = ['username', 'realm', 'nonce', 'uri', 'response'].map(get);
  if (user === undefined || realm === undefined || nonce === undefined) return null;
  if (uri === undefined || response === undefined) return null;
  const named = get('algorithm');
  const algorithm = named === undefined ? null : algorithmNamed(named);
  if (algorithm === undefined) return null;
  const qop = get('qop')?.toLowerCase();
  if (qop !== undefined && qop !== 'auth') return null;
  const [nc = '', cnonce = ''] = ['nc', 'cnonce'].map(get);
  return { user, realm, nonce, uri, response: response.toLowerCase(), algorithm, qop: qop ?? null, nc, cnonce };
}

export interface DigestUsers {
  readonly realm: string;
  /** Passwords by user name. */
  readonly users: Readonly<Record<string, string>>;
  /** The path that was really asked for; when given, an answer for another path is refused. */
  readonly uri?: string;
}

/**
 * Whether an `Authorization` header is right: the server's side, for simulators. Whether the nonce is one of its own
 * and still fresh is for the server to judge, see {@link parseAuthorization}.
 */
export function verifyDigest(authorization: string, method: string, server: DigestUsers): boolean {
  const answer = parseAuthorization(authorization);
  if (answer === null || answer.realm !== server.realm) return false;
  if (server.uri !== undefined && answer.uri !== server.uri) return false;
  const password = Object.hasOwn(server.users, answer.user) ? server.users[answer.user] : undefined;
  if (password === undefined) return false;
  const secret = ha1(answer.user, answer.realm, password, answer.algorithm);
  return responseOf({ ...answer, ha1: secret, method }) === answer.response;
}
