import type { Reply } from '@headframe/model';
import type { Fields } from '../json/index.ts';
import { statusOf } from './reply.ts';

/**
 * When the last share was found, in the three forms of `Last Share Time`. All are turned into our own clock by their
 * age, because the clocks of miners are often wrong.
 */

/** `h:mm:ss` or `00:00:01`: the time since the last share, in seconds. Null for anything else, `0` included (never). */
export function sinceShare(text: string | null): number | null {
  const match = /^(\d+):([0-5]?\d):([0-5]?\d)$/.exec(text?.trim() ?? '');
  if (match === null) return null;
  const [, hours, minutes, seconds] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** Anything later than this is a date (2001-09-09), anything earlier a number of seconds since the process started. */
const EARLIEST_EPOCH_S = 1_000_000_000;

/**
 * The moment of the last share of a record (POOLS, DEVS), epoch ms of our own clock; null if never or not told.
 * - text `h:mm:ss`: since the last share (stock Antminer, LuxOS; protocols.md 2.1, 8)
 * - a number of this century: epoch seconds of the device's clock, compared with the reply's `When` (cgminer)
 * - a smaller number: seconds since the process started (Avalon; protocols.md 4), which needs `elapsedS`
 */
export function lastShareAt(record: Fields, reply: Reply, elapsedS: number | null): number | null {
  const since = sinceShare(record.str('Last Share Time'));
  if (since !== null) return reply.meta.at - since * 1000;
  const told = record.num('Last Share Time');
  if (told === null || told <= 0) return null;
  if (told >= EARLIEST_EPOCH_S) {
    const when = statusOf(reply.doc)?.when ?? null;
    const skewMs = when !== null && when >= EARLIEST_EPOCH_S ? reply.meta.at - when * 1000 : 0;
    return told * 1000 + skewMs;
  }
  return elapsedS === null || told > elapsedS ? null : reply.meta.at - (elapsedS - told) * 1000;
}
