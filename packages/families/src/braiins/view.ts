import {
  blankIdentity,
  type FamilySnapshot,
  type Hashrate,
  type HashrateWindow,
  type Replies,
  type Reply,
  type Shares,
} from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { type ApiName, grpcId, QUESTIONS, restId } from './questions.ts';

/*
 * What one door says of a machine. Every door gives the same form, with null for what it does not say, so that they can
 * be merged field by field and held against each other.
 */

export interface View extends FamilySnapshot {
  /** Which of its replies tells what, for saying which one was believed. */
  readonly told: Readonly<Record<Topic, string>>;
}

export type Topic = 'identity' | 'state' | 'hashrate' | 'power' | 'hashboards' | 'pools';

export const blankHashrate = (): Hashrate => ({
  currentHs: null,
  currentWindowS: null,
  averageHs: null,
  nominalHs: null,
  windows: [],
});

export const blankShares = (): Shares => ({
  accepted: null,
  rejected: null,
  stale: null,
  sessionBestDifficulty: null,
  bestDifficulty: null,
});

export const blankView = (told: View['told']): View => ({
  told,
  identity: blankIdentity('braiins'),
  state: 'unknown',
  minerUptimeS: null,
  systemUptimeS: null,
  hashrate: blankHashrate(),
  powerW: null,
  powerBasis: null,
  powerLimitW: null,
  efficiencyJTh: null,
  ambientTempC: null,
  hashboards: [],
  fans: [],
  psu: null,
  pools: [],
  shares: blankShares(),
  hardwareErrors: null,
  faults: [],
});

const IDS: ReadonlyMap<ApiName, readonly string[]> = new Map(
  QUESTIONS.map(({ name, method: { rpc, rest } }) => [name, [grpcId(rpc), restId(rest.path)]]),
);

/** The reply to a question of {@link QUESTIONS} that has a document, through whichever door it came. */
export function apiReply(replies: Replies, name: ApiName): Reply | undefined {
  for (const id of IDS.get(name) ?? []) {
    const reply = replies.get(id);
    if (reply !== undefined && reply.doc !== null) return reply;
  }
  return undefined;
}

export const apiDoc = (replies: Replies, name: ApiName): Fields => new Fields(apiReply(replies, name)?.doc);

/** Records of a list, at the most so many. */
export const records = (list: readonly unknown[], most: number): Fields[] =>
  list.slice(0, most).map((one) => new Fields(one));

/** Rates by their windows, from fields that are called differently at every door; shortest first. */
export function windowsOf(rates: readonly (readonly [seconds: number, hs: number | null])[]): HashrateWindow[] {
  return rates.flatMap(([seconds, hs]) => (hs === null ? [] : [{ seconds, hs }]));
}

/** From Hz; 0 is no clock. */
export const megahertz = (hertz: number | null | undefined): number | null =>
  hertz == null || hertz <= 0 ? null : hertz / 1e6;

/** Whether anything is hashed, by the short windows; null: nobody says. */
export function hashes({ windows }: Hashrate): boolean | null {
  const short = windows.filter(({ seconds }) => seconds <= 60);
  return short.length === 0 ? null : short.some(({ hs }) => hs > 0);
}

/** The number of `MinerStatus` in a reply of details or status; null when it is not set, or not told. */
export function minerStatusOf(doc: unknown): number | null {
  const status = new Fields(doc).int('status');
  return status === 0 ? null : status;
}

/** The full name of the firmware's version, from the details of gRPC and REST or from `system` of GraphQL. */
export function releaseNameOf(doc: unknown): string | null {
  const fields = new Fields(doc);
  return (
    fields.sub('bos_version').str('current') ?? fields.sub('data').sub('bos').sub('info').sub('version').str('full')
  );
}

/**
 * Where a hashboard sits, from 0 on: a machine numbers its boards from 1, an S9 from 6 (captures). A name that is no
 * number leaves the order to tell.
 */
export function slotsOf(ids: readonly (string | null)[]): number[] {
  const numbers = ids.map((id) => (/^\d{1,3}$/.test(id ?? '') ? Number(id) : Number.NaN));
  const lowest = Math.min(...numbers);
  const isNumbered = numbers.every((number) => !Number.isNaN(number)) && new Set(numbers).size === numbers.length;
  if (!isNumbered) return ids.map((_, position) => position);
  const first = lowest >= S9_FIRST && Math.max(...numbers) <= S9_FIRST + 2 ? S9_FIRST : Math.min(lowest, 1);
  return numbers.map((number) => number - first);
}

const S9_FIRST = 6;
