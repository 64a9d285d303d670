import type { Replies, Reply } from '@headframe/model';
import { first, section } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';

/*
 * The replies of one machine, whichever way they came. Port 4028 and the CGI of the newer web page carry the same
 * records under different names (protocols.md 2.1, 2.3); with `new_api` port 4028 sends the shape of the CGI.
 */

export const SYSTEM_INFO_PATH = '/cgi-bin/get_system_info.cgi';

/** A value under the first of several names that the record has. */
export function num(record: Fields, ...names: string[]): number | null {
  for (const name of names) {
    const value = record.num(name);
    if (value !== null) return value;
  }
  return null;
}

export function str(record: Fields, ...names: string[]): string | null {
  for (const name of names) {
    const value = record.str(name);
    if (value !== null) return value;
  }
  return null;
}

/** The replies that say what the machine does right now, asked at every poll and never kept; port 4028 first. */
const LIVE = ['summary', 'http:summary', 'stats'] as const;

/** The first of them that came. Undefined: the machine is silent, whatever is known of it from before. */
export function liveReply(replies: Replies): Reply | undefined {
  for (const name of LIVE) {
    const reply = replies.get(name);
    if (reply !== undefined && reply.doc !== null) return reply;
  }
  return undefined;
}

export const summaryRecord = (replies: Replies): Fields => first(liveReply(replies)?.doc, 'SUMMARY');

/** STATS is a header and a record with the numbers; without the header with `new_api` and on the CGI. */
export function statsRecord(replies: Replies): Fields {
  const records = section(replies.get('stats')?.doc, 'STATS');
  return records.find((record) => record.has('Elapsed') || record.has('elapsed')) ?? new Fields(null);
}

/** Whether the machine hashes right now: its shortest window says so. */
export const isHashing = (replies: Replies): boolean => hashes(summaryRecord(replies)) || hashes(statsRecord(replies));

export const hashes = (record: Fields): boolean => (num(record, 'GHS 5s', 'rate_5s') ?? 0) > 0;

/** The record of VERSION, or the header of STATS, which says the same. */
export function headerRecord(replies: Replies): Fields {
  const version = first(replies.get('version')?.doc, 'VERSION');
  if (version.has('Type') || version.has('API')) return version;
  return section(replies.get('stats')?.doc, 'STATS').find((record) => record.has('Type')) ?? version;
}

/** INFO of a reply in the shape of the CGI. */
export function infoRecord(replies: Replies): Fields {
  for (const name of ['http:summary', 'summary', 'stats', 'http:boards']) {
    const info = new Fields(replies.get(name)?.doc).sub('INFO');
    if (info.has('type') || info.has('miner_version')) return info;
  }
  return new Fields(null);
}

/** get_system_info.cgi, as the poll or as a probe asked for it. */
export function systemInfo(replies: Replies): Fields {
  const polled = replies.get('http:system_info');
  if (polled !== undefined && polled.doc !== null) return new Fields(polled.doc);
  return new Fields(new Fields(replies.get(`http:${SYSTEM_INFO_PATH}`)?.doc).raw('json'));
}

/** The work mode that is set, a number or a string under either name (protocols.md 2.3). */
export function workMode(replies: Replies): number | null {
  const conf = new Fields(replies.get('http:miner_conf')?.doc);
  return conf.int('bitmain-work-mode') ?? conf.int('miner-mode');
}
