import type { Replies, Reply } from '@headframe/model';
import { uint64 } from '@headframe/wire/ethminer';
import { Fields, positive } from '@headframe/wire/json';
import { ASSUMED } from './assumed.ts';

/*
 * The three replies that tell how a rig does (protocols.md 5.5, 5.7), in four forms, read as one record.
 */

/** The reply that {@link statsOf} reads stands under this name too, whichever method gave it. */
export const STATS = 'stats';

export interface ShareCounts {
  readonly accepted: number | null;
  readonly rejected: number | null;
  /** Accepted, though found for an older job. */
  readonly stale: number | null;
  /** Found by a GPU and wrong when the program checked it: never sent to the pool. */
  readonly failed: number | null;
  /** Since the last share, s; since the start where there was none. */
  readonly sinceS: number | null;
}

export interface GpuStats {
  readonly index: number;
  /** PCI address; older releases do not tell. */
  readonly pci: string | null;
  readonly name: string | null;
  readonly hashrateHs: number | null;
  readonly tempC: number | null;
  readonly fanPercent: number | null;
  readonly powerW: number | null;
  readonly paused: boolean | null;
  /** Why it is paused, in the words of the device; empty where it does not tell. */
  readonly reasons: readonly string[];
  readonly shares: ShareCounts;
  /** Where its nonces begin, exact; null where it is not told. */
  readonly startNonce: bigint | null;
}

export interface RigStats {
  readonly hostname: string | null;
  readonly uptimeS: number | null;
  readonly hashrateHs: number | null;
  readonly shares: ShareCounts;
  readonly difficulty: number | null;
  /** The connection in use: a URI as given with `-P`, or `host:port` of the older methods. */
  readonly uri: string | null;
  readonly connected: boolean | null;
  readonly gpus: readonly GpuStats[];
}

const NO_SHARES: ShareCounts = { accepted: null, rejected: null, stale: null, failed: null, sinceS: null };

export const statsOf = (replies: Replies): RigStats | null => statsIn(replies.get(STATS));

/** Null: the reply is none of the three. */
export function statsIn(reply: Pick<Reply, 'doc'> | undefined): RigStats | null {
  const result = new Fields(reply?.doc).raw('result');
  if (Array.isArray(result)) return fromList(result);
  const record = new Fields(result);
  if (record.has('devices') || record.has('host')) return fromDetail(record);
  if (record.has('gpus') || record.has('connection')) return fromOlderDetail(record);
  return record.has('ethhashrate') || record.has('ethhashrates') ? fromStatHr(record) : null;
}

/** miner_getstatdetail from 0.18.0-alpha.3 on. */
function fromDetail(record: Fields): RigStats {
  const mining = record.sub('mining');
  const connection = record.sub('connection');
  const host = record.sub('host');
  const gpus = record.list('devices').slice(0, ASSUMED.mostGpus).map(device);
  return {
    hostname: host.str('name'),
    uptimeS: host.num('runtime'),
    hashrateHs: unwrapped(rate(mining.raw('hashrate')), gpus),
    shares: countsIn(mining.list('shares')),
    difficulty: positive(mining.num('difficulty')),
    uri: connection.str('uri'),
    connected: connection.bool('connected'),
    gpus,
  };
}

function device(value: unknown, place: number): GpuStats {
  const record = new Fields(value);
  const hardware = record.sub('hardware');
  const mining = record.sub('mining');
  const [tempC, fanPercent, powerW] = hardware.list('sensors').map(numberOf);
  return {
    index: record.int('_index') ?? place,
    pci: hardware.str('pci'),
    name: hardware.str('name'),
    hashrateHs: rate(mining.raw('hashrate')),
    ...sensors(tempC, fanPercent, powerW),
    paused: mining.bool('paused'),
    reasons: reasonsIn(mining.str('pause_reason'), ';'),
    shares: countsIn(mining.list('shares')),
    startNonce: uint64(mining.list('segment')[0]),
  };
}

/** Hexadecimal, in H/s. */
function rate(value: unknown): number | null {
  const exact = uint64(value);
  return exact === null ? null : Number(exact);
}

/** The total is cut to 32 bits like each GPU's own rate (protocols.md 5.5), which no GPU comes near. */
function unwrapped(total: number | null, gpus: readonly GpuStats[]): number | null {
  const sum = gpus.reduce((all, { hashrateHs }) => all + (hashrateHs ?? 0), 0);
  return total !== null && sum > 0xffff_ffff ? sum : total;
}

/** `[accepted, rejected, failed, seconds since]`. */
function countsIn(list: readonly unknown[]): ShareCounts {
  const [accepted, rejected, failed, sinceS] = list.map(numberOf);
  return {
    accepted: accepted ?? null,
    rejected: rejected ?? null,
    stale: null,
    failed: failed ?? null,
    sinceS: sinceS ?? null,
  };
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

/** Where there is no sensor ethminer tells 0 for all three (protocols.md 5.7): a fan may stand still, a GPU is not at 0 °C. */
function sensors(tempC: number | null = null, fanPercent: number | null = null, powerW: number | null = null) {
  const hasSensors = [tempC, fanPercent, powerW].some((value) => value !== null && value > 0);
  return {
    tempC: positive(tempC),
    fanPercent: hasSensors ? fanPercent : null,
    powerW: positive(powerW),
  };
}

const reasonsIn = (text: string | null, between: string): string[] =>
  (text ?? '')
    .split(between)
    .map((reason) => reason.trim())
    .filter((reason) => reason !== '');

/** miner_getstatdetail of 0.17.0 to 0.18.0-alpha.2, the one in the document. */
function fromOlderDetail(record: Fields): RigStats {
  const connection = record.sub('connection');
  return {
    hostname: record.str('hostname'),
    uptimeS: record.num('runtime'),
    hashrateHs: record.num('hashrate'),
    shares: olderCounts(record.sub('shares')),
    difficulty: positive(record.num('difficulty')),
    uri: connection.str('uri'),
    connected: connection.bool('isconnected'),
    gpus: record.list('gpus').slice(0, ASSUMED.mostGpus).map(olderGpu),
  };
}

function olderGpu(value: unknown, place: number): GpuStats {
  const record = new Fields(value);
  return {
    index: record.int('index') ?? place,
    pci: null,
    name: null,
    hashrateHs: record.num('hashrate'),
    // Null without sensors here.
    tempC: record.num('temp'),
    fanPercent: record.num('fan'),
    powerW: positive(record.num('power')),
    paused: record.bool('ispaused'),
    // alpha.2 has the words of the later releases, which are parted by a semicolon.
    reasons: reasonsIn(record.str('pause_reason'), record.str('pause_reason')?.includes(';') ? ';' : ','),
    shares: olderCounts(record.sub('shares')),
    startNonce: uint64(record.raw('nonce_start')),
  };
}

const olderCounts = (record: Fields): ShareCounts => ({
  accepted: record.int('accepted'),
  rejected: record.int('rejected'),
  stale: record.int('acceptedstale'),
  failed: record.int('invalid'),
  sinceS: record.num('lastupdate'),
});

/** miner_getstathr, up to 0.17.1. */
function fromStatHr(record: Fields): RigStats {
  const [rates, temps, fans, powers, paused] = [
    'ethhashrates',
    'temperatures',
    'fanpercentages',
    'powerusages',
    'ispaused',
  ].map((name) => record.list(name)) as [unknown[], unknown[], unknown[], unknown[], unknown[]];
  return {
    ...NOTHING,
    uptimeS: record.num('runtime', MINUTE_S),
    hashrateHs: record.num('ethhashrate'),
    shares: {
      ...NO_SHARES,
      accepted: record.int('ethshares'),
      rejected: record.int('ethrejected'),
      failed: record.int('ethinvalid'),
    },
    uri: record.str('pooladdrs'),
    gpus: rates.slice(0, ASSUMED.mostGpus).map((hashrate, index) => ({
      ...bareGpu(index),
      hashrateHs: numberOf(hashrate),
      ...sensors(numberOf(temps[index]), numberOf(fans[index]), numberOf(powers[index])),
      paused: typeof paused[index] === 'boolean' ? paused[index] : null,
    })),
  };
}

const MINUTE_S = 60;
const NOTHING = { hostname: null, difficulty: null, connected: null } as const;

const bareGpu = (index: number): GpuStats => ({
  index,
  pci: null,
  name: null,
  hashrateHs: null,
  tempC: null,
  fanPercent: null,
  powerW: null,
  paused: null,
  reasons: [],
  shares: NO_SHARES,
  startNonce: null,
});

/** miner_getstat1: nine texts, several numbers in each. */
function fromList(list: readonly unknown[]): RigStats | null {
  const [, minutes, total, each, , , tempsAndFans, pool, failures] = list;
  if (typeof total !== 'string') return null;
  const [kilohashes, accepted, rejected] = parts(total);
  const climate = parts(tempsAndFans);
  return {
    ...NOTHING,
    uptimeS: new Fields({ minutes }).num('minutes', MINUTE_S),
    hashrateHs: scaled(kilohashes),
    shares: {
      ...NO_SHARES,
      accepted: accepted ?? null,
      rejected: rejected ?? null,
      failed: parts(failures)[0] ?? null,
    },
    uri: typeof pool === 'string' && pool !== '' ? pool : null,
    gpus: parts(each)
      .slice(0, ASSUMED.mostGpus)
      .map((kilohash, index) => ({
        ...bareGpu(index),
        hashrateHs: scaled(kilohash),
        ...sensors(climate[2 * index], climate[2 * index + 1]),
      })),
  };
}

/** `70434;0;0`: numbers; null for what is none. */
function parts(value: unknown): (number | null)[] {
  if (typeof value !== 'string' || value === '') return [];
  return value
    .split(';', 2 * ASSUMED.mostGpus)
    .map((part) => (/^\d{1,15}(?:\.\d{1,9})?$/.test(part) ? Number(part) : null));
}

const scaled = (kilohashes: number | null | undefined): number | null =>
  kilohashes == null ? null : kilohashes * 1000;

/** How many entries miner_getstat1 has per list of GPUs: more after a restart than before it. */
export const listLength = (doc: unknown): number => parts(new Fields(doc).list('result')[3]).length;
