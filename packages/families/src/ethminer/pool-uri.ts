import { HeadframeError, MASK, type PoolSetting } from '@headframe/model';
import { ASSUMED } from './assumed.ts';

/* Connections are URIs as given with `-P`: scheme://user.worker:password@host:port/path (protocols.md 5.5). */

const PARTS = /^([a-z][a-z0-9+.-]{0,30}:\/\/)?(?:([^/?#]*)@)?(.*)$/is;

export interface PoolUri {
  /** Without user and password; null when nothing is left. */
  readonly url: string | null;
  readonly worker: string | null;
  /** Never shown. */
  readonly password: string | null;
}

/** Takes a URI apart. Whatever it is: ethminer stores everything that it is given. */
export function splitUri(uri: string): PoolUri {
  const [, scheme = '', user = '', rest = ''] = PARTS.exec(uri) ?? [];
  const decoded = decodedUser(user);
  const colon = decoded.indexOf(':');
  const url = `${scheme}${rest}`;
  return {
    url: url === '' ? null : url,
    worker: (colon < 0 ? decoded : decoded.slice(0, colon)) || null,
    password: (colon < 0 ? '' : decoded.slice(colon + 1)) || null,
  };
}

function decodedUser(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    // A lone percent sign.
    return user;
  }
}

/** The password of a URI as it stands there, to be masked wherever the URI is shown; null when it has none. */
export function passwordIn(uri: string): string | null {
  const [, , user = ''] = PARTS.exec(uri) ?? [];
  return /(?::|%3a)(.+)$/is.exec(user)?.[1] ?? null;
}

/** A text in which a URI stands, without the URI's password. */
export const masked = (text: string, password: string | null): string =>
  password === null ? text : text.replaceAll(`${password}@`, `${MASK}@`);

/** The same URI without its password, for everything that is shown. */
export const maskedUri = (uri: string): string => masked(uri, passwordIn(uri));

const POOL = /^([a-z][a-z0-9+.-]{0,30}):\/\/([^\s/?#@]+:\d{1,5})([/?#]\S*)?$/i;

/**
 * A pool as ethminer is told of it.
 * @throws HeadframeError `usage/invalid`: 0.19 would take it and never connect, 0.17 would refuse it
 */
export function uriOf({ url, worker, password }: PoolSetting): string {
  const [, scheme = '', host = '', path = ''] = POOL.exec(url) ?? [];
  if (host === '' || !ASSUMED.scheme.test(scheme)) {
    const detail = `ethminer connects to scheme://host:port, the scheme being stratum, stratum+tcp, stratum+tls, stratum1+tcp, stratum2+tcp, http or the like, not ${maskedUri(url)}; the worker is given beside it; nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail });
  }
  if (worker.includes(':')) {
    const detail =
      'ethminer takes what stands behind a colon for the password: no worker can have one; nothing was sent';
    throw new HeadframeError('usage/invalid', { detail });
  }
  const secret = password === '' ? '' : `:${escaped(password)}`;
  return `${scheme}://${escaped(worker)}${secret}@${host}${path}`;
}

/** ethminer decodes what stands before the @ as a whole, and parts it at the first colon then. */
function escaped(part: string): string {
  try {
    return encodeURIComponent(part);
  } catch {
    throw new HeadframeError('usage/invalid', { detail: 'worker or password is no valid text; nothing was sent' });
  }
}

/** Stratum and getwork (`http://`) are not mixed in one list (the document; 0.17 refuses it, 0.19 does not). */
export const isGetwork = (uri: string): boolean =>
  ASSUMED.getworkScheme.test(/^([a-z][a-z0-9+.-]{0,30}):\/\//i.exec(uri)?.[1] ?? '');
