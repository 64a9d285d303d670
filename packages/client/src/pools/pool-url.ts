import { HeadframeError } from '@headframe/model';
import ipaddr from 'ipaddr.js';
import type { PoolAccount, PoolRequest } from './pool-dialect.ts';

const invalid = (detail: string) => new HeadframeError('usage/invalid', { detail });

/** Names in a query that promise a secret behind them. */
const SECRET_NAME = /token|secret|passw|api_?-?key|auth|signature|^key$|^sign$/i;

/**
 * The base URL of a pool as a person gives it.
 * @param isWholePage that of a page with its query, not the beginning of several
 * @throws HeadframeError `usage/invalid`: no http(s) URL, or a secret in it, where it would be seen in lines and logs
 */
export function parsePoolUrl(text: string, isWholePage = false): string {
  let url: URL;
  try {
    url = new URL(text.replaceAll('{account}', 'account').replaceAll('{worker}', 'worker'));
  } catch {
    throw invalid(`"${text.slice(0, 120)}" is not a URL such as https://pool.example`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw invalid('The URL of a pool begins with https:// or http://');
  if (url.username !== '' || url.password !== '') throw invalid('The URL of a pool holds no user name and no password');
  if (!isWholePage && url.search !== '')
    throw invalid('The URL of a pool ends before its query, such as https://pool.example');
  if ([...url.searchParams.keys()].some((name) => SECRET_NAME.test(name))) {
    throw invalid('The URL of a pool holds no token; give it as "token", and the header for it as "paths.tokenHeader"');
  }
  return text.replace(/#.*$/, '').replace(/\/+$/, '');
}

/** Where a request goes; null: nowhere. The account and the worker in the URL of `json` are filled in. */
export const urlOf = (base: string, { path }: PoolRequest, { account, worker }: PoolAccount): URL | null =>
  URL.parse(
    base
      .replaceAll('{account}', () => encodeURIComponent(account))
      .replaceAll('{worker}', () => encodeURIComponent(worker ?? account)) + path,
  );

const IN_THE_HOUSE = ['loopback', 'private', 'linkLocal', 'uniqueLocal', 'carrierGradeNat'];

/** Whether a token may go there: anywhere over https; over http only to this computer or network, where nobody reads along. */
export function keepsSecrets(url: URL): boolean {
  if (url.protocol === 'https:') return true;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(host)) return IN_THE_HOUSE.includes(ipaddr.process(host).range());
  return host === 'localhost' || host.endsWith('.local') || host.endsWith('.lan') || !host.includes('.');
}
