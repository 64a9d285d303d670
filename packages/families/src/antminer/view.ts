import type { Replies, Reply } from '@headframe/model';
import { first, section } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';
import { SLEEP_MODES } from './quirks.ts';

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
const LIVE = ['summary', 'http:summary', 'stats', 'http:status'] as const;

/** The first of them that came. Undefined: the machine is silent, whatever is known of it from before. */
export function liveReply(replies: Replies): Reply | undefined {
  for (const name of LIVE) {
    const reply = replies.get(name);
    if (reply !== undefined && reply.doc !== null) return reply;
  }
  return undefined;
}

/** SUMMARY, or what get_miner_status.cgi of the older web page has for one (protocols.md 2.4). */
export function summaryRecord(replies: Replies): Fields {
  const { doc } = liveReply(replies) ?? {};
  return doc === replies.get('http:status')?.doc ? new Fields(doc).sub('summary') : first(doc, 'SUMMARY');
}

/** STATS is a header and a record with the numbers; without the header with `new_api` and on the CGI. */
export function statsRecord(replies: Replies): Fields {
  const records = section(replies.get('stats')?.doc, 'STATS');
  return records.find((record) => record.has('Elapsed') || record.has('elapsed')) ?? new Fields(null);
}

/** Whether the machine hashes right now: its shortest window says so. */
export const isHashing = (replies: Replies): boolean => hashes(summaryRecord(replies)) || hashes(statsRecord(replies));

export const hashes = (record: Fields): boolean => (num(record, 'GHS 5s', 'rate_5s', 'ghs5s') ?? 0) > 0;

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

/** The text of a page of port 6060, as the poll or as a probe asked for it. */
export function textOf(reply: Reply | undefined): string | null {
  const doc = reply?.doc;
  return typeof doc === 'string' ? doc : new Fields(doc).str('text');
}

/**
 * How long the machine runs, in seconds. The older web page has the third word of `uptime` (protocols.md 2.4): `4:05` are
 * hours and minutes, a bare number is minutes in the first hour and days after the first day, and tells nothing.
 */
export function systemUptimeS(replies: Replies): number | null {
  const reply = replies.get('http:system_info');
  const live = liveReply(replies);
  const [, hours, minutes] = /^(\d{1,2}):(\d\d)$/.exec(new Fields(reply?.doc).str('uptime') ?? '') ?? [];
  if (reply === undefined || live === undefined || hours === undefined) return null;
  // The reply may be an hour old; a restart in between would have made it to be asked again.
  const since = Math.max(0, live.meta.at - reply.meta.at);
  return Number(hours) * 3600 + Number(minutes) * 60 + Math.floor(since / 1000);
}

/** What only the older web page's `get_system_info.cgi` says (protocols.md 2.4). */
const OLDER_FIELDS = ['curtime', 'uptime', 'loadaverage', 'mem_total', 'mem_free', 'ant_hwv', 'cgminer_version'];

/** Whether a `get_system_info.cgi` is the older web page's. */
export const isOlderPage = (system: Fields): boolean => OLDER_FIELDS.some((name) => system.has(name));

/**
 * Whether the machine is set to sleep. Mode 1 is sleep on the newer web page; what it is on the older one is documented
 * nowhere, and there only 254 counts (protocols.md 2.3).
 */
export function isSetToSleep(replies: Replies): boolean {
  const mode = workMode(replies) ?? 0;
  return SLEEP_MODES.includes(mode) && !(mode === 1 && isOlderPage(systemInfo(replies)));
}

/** The work mode that is set, a number or a string under either name (protocols.md 2.3). */
function workMode(replies: Replies): number | null {
  const conf = new Fields(replies.get('http:miner_conf')?.doc);
  return conf.int('bitmain-work-mode') ?? conf.int('miner-mode');
}

const POWER_FIELDS = ['chain_power', 'power', 'Power', 'watt'] as const;

/** `3250 W`, or a number; null where the record has none of the names. */
export function powerIn(record: Fields): number | null {
  for (const name of POWER_FIELDS) {
    const told = record.num(name) ?? Number.parseFloat(record.str(name) ?? '');
    if (told > 0) return told;
  }
  return null;
}

/** Whether a reply of this poll tells the power. */
export const saysPower = (replies: Replies): boolean =>
  ['stats', 'http:boards'].some((name) =>
    section(replies.get(name)?.doc, 'STATS').some((record) => powerIn(record) !== null),
  );
