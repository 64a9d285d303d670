import type { NotSeen, PoolView } from '@headframe/model';
import { plainLine } from '../doctor/shell/plain-line.ts';

/** The pools whose accounts can be read; `json` is any page that a person describes with paths. */
export type PoolId = 'ckpool' | 'public-pool' | 'braiins-pool' | 'ocean' | 'f2pool' | 'luxor' | 'json';

/** One worker of one account at one pool. */
export interface PoolAccount {
  readonly pool: PoolId;
  /** Instead of the pool's own, such as a pool in the house: `http://10.0.9.2:3334`. Of `json` the page itself. */
  readonly url?: string;
  /** The payout address, or the name of the user or subaccount. */
  readonly account: string;
  /** Without the account before it; null: the only one that the account has. */
  readonly worker: string | null;
  /** What the pool wants to see before it tells; never in a line, a command, a URL or an error. */
  readonly token?: string;
  /** Of `json`. */
  readonly paths?: JsonPaths;
}

/** Where a page of JSON has what is wanted: see `json-path.ts` for the form of a path. */
export interface JsonPaths {
  readonly lastShare: string;
  readonly lastShareIs: 'epoch-s' | 'epoch-ms' | 'iso' | 'age-s';
  readonly hashrate?: string;
  /** Of a hashrate that is a bare number: `TH/s`; H/s if absent. */
  readonly hashrateUnit?: string;
  readonly accepted?: string;
  readonly rejected?: string;
  /** The header that takes the token: `X-Api-Key`, or with a scheme before the token `Authorization: Bearer`. */
  readonly tokenHeader?: string;
}

/** Stands for the token in every request until it is sent: what is printed holds the word, never the secret. */
export const TOKEN = '$TOKEN';

export interface PoolRequest {
  readonly method: 'GET' | 'POST';
  /** Behind the base URL, with its query: `/users/bc1q...`; empty: the base URL is the page. */
  readonly path: string;
  /** {@link TOKEN} stands where the token belongs. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a reply tells: the worker, with a word on it where there is no age; why not; or that one more must be asked. */
export type PoolAnswer =
  | { readonly view: PoolView; readonly note: string | null }
  | NotSeen
  | { readonly next: PoolRequest };

/** How one pool is asked and read. Pure. */
export interface PoolDialect {
  readonly id: PoolId;
  readonly title: string;
  /** Where the pool is; null: the account says it. */
  readonly url: string | null;
  /** Whether it tells nothing (`needed`) or less (`used`) without a token; `none`: it knows no tokens. */
  readonly token: 'needed' | 'used' | 'none';
  /** The first question; or why none can be asked of this account. */
  readonly request: (account: PoolAccount) => PoolRequest | NotSeen;
  /**
   * Any value in, one answer out; never throws.
   * @param doc the parsed JSON
   * @param now the pool's own clock where it is known, epoch ms
   * @param asked what was asked
   */
  readonly read: (doc: unknown, account: PoolAccount, now: number, asked: PoolRequest) => PoolAnswer;
  /** What a 404 means here; absent: that there is no such page. */
  readonly notFound?: (account: PoolAccount, asked: PoolRequest) => PoolAnswer;
}

/** The worker as the pool calls it in most places. */
export const workerName = ({ account, worker }: PoolAccount): string =>
  worker === null ? account : `${account}.${worker}`;

/** Text of a pool or a person for a part of a line: nothing in it acts on a terminal, and it is short. */
export const plain = (text: string): string => plainLine(text, 80);
