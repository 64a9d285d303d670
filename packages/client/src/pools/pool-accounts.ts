import { HeadframeError } from '@headframe/model';
import { readPrivateFile } from '../private-file.ts';
import { parseJsonPath } from './json-path.ts';
import { headerFor } from './json-pool.ts';
import { accountFor, knownPool, machinesOf, nameOf, type PoolEntry, parsePoolAccount } from './pool-account.ts';
import type { JsonPaths, PoolAccount } from './pool-dialect.ts';
import { parsePoolUrl } from './pool-url.ts';

export interface PoolAccountOptions {
  /** Accounts as they are typed, see {@link parsePoolAccount}; they come before those of the file. */
  readonly texts?: readonly string[];
  /** A file of accounts, see the README of this package. */
  readonly file?: string;
  /** Where `HEADFRAME_POOL_TOKEN` is looked up; `process.env` if absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The account for a machine; null where none is known. @param ownWorker what the machine calls itself at its pool */
export type PoolAccountSource = (address: string, ownWorker?: string | null) => PoolAccount | null;

const invalid = (detail: string) => new HeadframeError('usage/invalid', { detail });

/**
 * Accounts at pools from what was typed, from a file and from the environment: the first that fits a machine counts.
 * `HEADFRAME_POOL_TOKEN` is for the one pool that takes a token and has none in the file.
 * @throws HeadframeError `usage/invalid`: an account or the file is not of the form, the file is open to everybody, or
 * the token of the environment could be for several pools
 */
export function poolAccountsFrom({ texts = [], file, env = process.env }: PoolAccountOptions = {}): PoolAccountSource {
  const given = [...texts.map(parsePoolAccount), ...(file === undefined ? [] : entriesOf(file))];
  const entries = withToken(given, env.HEADFRAME_POOL_TOKEN);
  return (address, ownWorker = null) => {
    for (const entry of entries) {
      const account = accountFor(entry, address, ownWorker);
      if (account !== null) return account;
    }
    return null;
  };
}

/** One pool's token is never shown to another pool. */
function withToken(entries: readonly PoolEntry[], token: string | undefined): readonly PoolEntry[] {
  if (token === undefined || token === '') return entries;
  const wants = ({ account }: PoolEntry) => account.token === undefined && knownPool(account.pool).token !== 'none';
  const pools = new Set(entries.filter(wants).map(({ account }) => `${account.pool} ${account.url ?? ''}`.trim()));
  if (pools.size > 1) {
    const detail = `HEADFRAME_POOL_TOKEN could be for ${[...pools].join(', ')}; put the tokens into the file of pool accounts`;
    throw invalid(detail);
  }
  return entries.map((entry) => (wants(entry) ? { ...entry, account: { ...entry.account, token } } : entry));
}

const FORM =
  '{"pools": [{"range": "10.0.4.0/22", "pool": "braiins-pool", "account": "alice", "worker": "rig-{3}-{4}", "token": "..."}]}';
const KEYS = ['range', 'pool', 'url', 'account', 'worker', 'token', 'paths'];
const PATH_KEYS = ['lastShare', 'lastShareIs', 'hashrate', 'hashrateUnit', 'accepted', 'rejected', 'tokenHeader'];
const TIMES = ['epoch-s', 'epoch-ms', 'iso', 'age-s'] as const;

function entriesOf(file: string): PoolEntry[] {
  let document: unknown;
  try {
    document = JSON.parse(readPrivateFile(file, 'file of pool accounts'));
  } catch (error) {
    if (error instanceof HeadframeError) throw error;
    // The error of JSON.parse quotes the text, and the text holds tokens: it is not passed on.
    throw invalid(`The file of pool accounts ${file} is not JSON; its form is ${FORM}`);
  }
  const list = isRecord(document) ? document.pools : undefined;
  if (!Array.isArray(list)) throw invalid(`The file of pool accounts ${file} has no list "pools"; its form is ${FORM}`);
  return list.map((entry: unknown, index) => entryOf(entry, `Entry ${index + 1} of the file of pool accounts ${file}`));
}

function entryOf(entry: unknown, where: string): PoolEntry {
  if (!isRecord(entry)) throw invalid(`${where} is not an object; the form is ${FORM}`);
  onlyKeys(entry, KEYS, where);
  const { pool, account, worker, range, url, token } = texts(entry, KEYS.slice(0, -1), where);
  if (pool === undefined || account === undefined) throw invalid(`${where} lacks "pool" or "account"`);
  const dialect = knownPool(pool);
  const isPage = dialect.url === null;
  if (isPage && (url === undefined || entry.paths === undefined)) throw invalid(`${where} lacks "url" or "paths"`);
  if (!isPage && entry.paths !== undefined) throw invalid(`${where} has "paths", which only a pool "json" needs`);
  return {
    machines: range === undefined ? null : machinesOf(range),
    account: {
      pool: dialect.id,
      account: nameOf(account, 'account'),
      worker: worker === undefined ? null : nameOf(worker, 'worker'),
      ...(url === undefined ? {} : { url: parsePoolUrl(url, isPage) }),
      ...(token === undefined ? {} : { token }),
      ...(isPage ? { paths: pathsOf(entry.paths, where) } : {}),
    },
  };
}

function pathsOf(given: unknown, where: string): JsonPaths {
  if (!isRecord(given)) throw invalid(`${where} has "paths" that are not an object`);
  onlyKeys(given, PATH_KEYS, `"paths" of ${where}`);
  const { lastShare, lastShareIs, hashrateUnit, tokenHeader, ...others } = texts(
    given,
    PATH_KEYS,
    `"paths" of ${where}`,
  );
  const form = TIMES.find((time) => time === lastShareIs);
  if (lastShare === undefined || form === undefined) {
    throw invalid(`"paths" of ${where} lacks "lastShare", or "lastShareIs" as one of ${TIMES.join(', ')}`);
  }
  for (const path of [lastShare, ...Object.values(others)]) if (path !== undefined) parseJsonPath(path);
  if (tokenHeader !== undefined && headerFor(tokenHeader).name === '') {
    throw invalid(`"tokenHeader" of ${where} is no header such as X-Api-Key or Authorization: Bearer`);
  }
  return {
    lastShare,
    lastShareIs: form,
    ...(hashrateUnit === undefined ? {} : { hashrateUnit }),
    ...(tokenHeader === undefined ? {} : { tokenHeader }),
    ...defined(others),
  };
}

const defined = (texts: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, text]])));

function onlyKeys(record: Readonly<Record<string, unknown>>, known: readonly string[], where: string): void {
  const stray = Object.keys(record).find((key) => !known.includes(key));
  if (stray !== undefined)
    throw invalid(`${where} has a key "${stray.slice(0, 40)}" that means nothing here; known: ${known.join(', ')}`);
}

function texts(
  record: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  where: string,
): Record<string, string | undefined> {
  const wrong = keys.find((key) => record[key] !== undefined && typeof record[key] !== 'string');
  if (wrong !== undefined) throw invalid(`${where} has a "${wrong}" that is not text`);
  return record as Record<string, string | undefined>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
