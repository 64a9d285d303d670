import type { Replies, Reply } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { dataIn, envelope, recordsIn } from '@headframe/wire/whatsminer';

/*
 * Two APIs tell the same things: the one on port 4028 (V2) in up to eleven replies, the one on 4433 (V3) in two. A read
 * over V3 keeps its two replies under the names of V2, so that a missing reply makes the same gaps.
 */

/** The reply of `get.device.info`, as probes and reads name it. */
export const INFO = 'whatsminer:get.device.info';

/** What the two replies of V3 take the place of. */
export const FROM_STATUS = ['summary', 'pools', 'edevs', 'devs'] as const;
export const FROM_INFO = [
  'status',
  'get_version',
  'get_psu',
  'get_miner_info',
  'get_error_code',
  'devdetails',
] as const;

export const isV3 = (replies: Replies): boolean =>
  [INFO, 'summary'].some((name) => envelope(replies.get(name)?.doc).form === 'v3');

/** A section of `get.device.info`: `miner`, `system`, `network`, `power`. */
export const infoSection = (replies: Replies, name: string): Fields => dataIn(infoReply(replies)?.doc).sub(name);

export const infoReply = (replies: Replies): Reply | undefined => replies.get(INFO) ?? replies.get('get_version');

/** A section of `get.miner.status`: `summary`, or one of the lists. */
export const statusSection = (replies: Replies): Fields => dataIn(replies.get('summary')?.doc);

export const recordsOf = (list: readonly unknown[]): Fields[] => list.map((record) => new Fields(record));

/** The record of V2's summary, wherever the build puts it. */
export const summaryOf = (replies: Replies): Fields =>
  recordsIn(replies.get('summary')?.doc, 'SUMMARY')[0] ?? new Fields({});
