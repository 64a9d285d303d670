import type { Replies } from '@headframe/model';
import { first } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';

/** The record of summary.cgi, or that of stats.cgi, which has the rates too. */
export function rateRecord(replies: Replies): Fields {
  const summary = first(replies.get('summary')?.doc, 'SUMMARY');
  return summary.has('rate_5s') ? summary : first(replies.get('stats')?.doc, 'STATS');
}

export const isHashing = (replies: Replies): boolean => (rateRecord(replies).num('rate_5s') ?? 0) > 0;

/** The INFO of whichever page came: versions and the machine's serial number. */
export function infoRecord(replies: Replies): Fields {
  for (const name of ['stats', 'summary', 'pools']) {
    const info = new Fields(replies.get(name)?.doc).sub('INFO');
    if (info.keys().length > 0) return info;
  }
  return new Fields(null);
}

/**
 * Work mode 1 is sleep, as on an Antminer (protocols.md 2.3): so a known client reads it; the recorded machine says 0.
 */
export const sleeps = (replies: Replies): boolean =>
  new Fields(replies.get('miner_conf')?.doc).int('fc-work-mode') === 1;
