/**
 * Digest challenges as servers send them in `WWW-Authenticate` (RFC 7616 3.3, RFC 2617 3.2.1), read tolerantly:
 * miners run old web servers, and a header that cannot be read is "no challenge", never an exception.
 */

export type DigestAlgorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess';

export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  /** Null: the server knows no quality of protection, as in RFC 2069; the answer is then shorter. */
  readonly qop: 'auth' | null;
  /** Null: the server named none, which means MD5, and the answer does not name it either. */
  readonly algorithm: DigestAlgorithm | null;
  /** The password was fine, the nonce is too old: answer again with the new one. */
  readonly stale: boolean;
}

/** One challenge of a header: its scheme and its parameters, names in lower case. */
export interface AuthChallenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const ALGORITHMS: readonly DigestAlgorithm[] = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'];

/** The algorithm behind a name in any case; undefined when it is not known here. */
export const algorithmNamed = (name: string): DigestAlgorithm | undefined =>
  ALGORITHMS.find((known) => known.toLowerCase() === name.toLowerCase());

/**
 * The first digest challenge of a `WWW-Authenticate` header that can be answered here; servers name the one they
 * prefer first. Null: none. A header may hold several challenges, of other schemes too.
 */
export function parseChallenge(header: string): DigestChallenge | null {
  for (const challenge of parseChallenges(header)) {
    const digest = challenge.scheme === 'digest' ? digestOf(challenge.parameters) : null;
    if (digest !== null) return digest;
  }
  return null;
}

/** The realm of the first challenge that names one, whatever its scheme: it tells devices apart (protocols.md 0). */
export function realmOf(header: string): string | null {
  for (const { parameters } of parseChallenges(header)) {
    const realm = parameters.get('realm');
    if (realm !== undefined) return realm;
  }
  return null;
}

function digestOf(parameters: ReadonlyMap<string, string>): DigestChallenge | null {
  const realm = parameters.get('realm');
  const nonce = parameters.get('nonce');
  if (realm === undefined || nonce === undefined) return null;

  const named = parameters.get('algorithm');
  const algorithm = algorithmNamed(named ?? '');
  if (named !== undefined && algorithm === undefined) return null;

  const offers =
    parameters
      .get('qop')
      ?.toLowerCase()
      .split(/[\s,]+/) ?? null;
  // `auth-int` alone would need a hash over the body: no device asks for it.
  if (offers !== null && !offers.includes('auth') && offers.some((offer) => offer !== '')) return null;

  return {
    realm,
    nonce,
    opaque: parameters.get('opaque') ?? null,
    qop: offers?.includes('auth') ? 'auth' : null,
    algorithm: algorithm ?? null,
    stale: parameters.get('stale')?.toLowerCase() === 'true',
  };
}

/** A token, and what may follow it: `=value` of a parameter, or the blank behind a scheme. */
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const BLANKS = /[\t ]*/y;
const SEPARATORS = /[\t ,]*/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
/** The padded letters of a scheme such as `Negotiate`, which are no parameters. */
const TOKEN68 = /[A-Za-z0-9._~+/-]+=*(?=[\t ]*(?:,|$))/y;
/** An unquoted value, more generous than a token: some servers forget the quotes. */
const BARE = /[^\s",]+/y;

/**
 * Every challenge of a header in order. What cannot be read ends the list: what came before it stands.
 * Never throws; the time is linear in the length of the header.
 */
export function parseChallenges(header: string): AuthChallenge[] {
  if (hasControls(header)) return [];
  const challenges: AuthChallenge[] = [];
  let parameters: Map<string, string> | null = null;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };

  for (;;) {
    take(SEPARATORS);
    const name = take(TOKEN)?.[0];
    if (name === undefined) return challenges;
    const afterName = at;
    take(BLANKS);
    if (header[at] === '=' && parameters !== null) {
      at++;
      take(BLANKS);
      const value = take(QUOTED)?.[1]?.replace(/\\(.)/g, '$1') ?? take(BARE)?.[0];
      if (value === undefined) return challenges;
      // The first one counts: a second `nonce` is somebody's injection or a mistake.
      const key = name.toLowerCase();
      if (!parameters.has(key)) parameters.set(key, value);
    } else {
      if (at === afterName && at < header.length && header[at] !== ',') return challenges;
      parameters = new Map();
      challenges.push({ scheme: name.toLowerCase(), parameters });
      take(TOKEN68);
    }
  }
}

/** Control characters have no place in a header; a tab is a blank. */
export function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}
