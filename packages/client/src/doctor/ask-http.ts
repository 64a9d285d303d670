import { type HttpDoc, type Look, type PageSeen, printable, type Reply } from '@headframe/model';
import { realmOf } from '@headframe/wire/http';
import { askOne, titleOf } from '../discovery/probe.ts';
import { nameStranger } from '../discovery/strangers.ts';
import { type Asking, turn } from './asking.ts';
import { type Asked, cleaned, inMs, notSeen, typed, whyNotSeen } from './exchanges.ts';

export const askedPage = (host: string, port: number, path: string): Asked => ({
  port,
  request: `GET ${path}`,
  command: typed.page(host, port, path),
  isEmpty: (doc) => typeof doc !== 'object' || doc === null || Object.keys(doc).length === 0,
});

/** The first page of a port, whatever it answers. Never rejects. */
export const askFirstPage = (asking: Asking, port: number): Promise<Reply> => askOne('http', asking.dial, port, '/');

/** What a first page tells of who is there; the words of a miner, of a printer, of anything. Pure. */
export function pageSeen(reply: Reply, host: string, port: number): Look<PageSeen> {
  if (reply.doc === null) return reply.error === null ? notSeen('it was not asked') : whyNotSeen(reply.error);
  const { status, headers, text } = reply.doc as HttpDoc;
  const realm = textOf(realmOf(headers['www-authenticate'] ?? ''));
  const server = textOf(headers.server ?? null);
  const title = textOf(titleOf(text));
  const stranger = nameStranger({
    port,
    status,
    text: text.slice(0, 16_384),
    ...(headers.server === undefined ? {} : { server: headers.server }),
    ...(realm === null ? {} : { realm }),
    ...(title === null ? {} : { title }),
    ...(headers.location === undefined ? {} : { location: headers.location }),
  });
  const isMiner = stranger?.isMiner ?? null;
  const value: PageSeen = {
    status,
    realm,
    server,
    title,
    stranger: stranger === null || isMiner === true ? null : stranger.what,
    isMiner,
  };
  const facts = [
    `HTTP ${status}`,
    ...(realm === null ? [] : [`realm "${realm}"`]),
    ...(server === null ? [] : [`server "${server}"`]),
    ...(title === null ? [] : [`title "${title}"`]),
    ...(value.stranger === null ? [] : [`this is ${value.stranger}`]),
  ];
  const { at, ms, bytes } = reply.meta;
  const line = `${port} GET /: ${facts.join(', ')}, ${bytes} bytes in ${inMs(ms)}`;
  return { value, at, ms, bytes, line, command: typed.page(host, port, '/') };
}

/** A status line and headers are a device's words as well: their control characters are shown, not obeyed. */
const textOf = (text: string | null): string | null => (text === null || text === '' ? null : cleaned(text));

/** Questions that name a device behind a page that names nobody: one connection each, the most frequent first. */
const NAMING_PATHS = ['/api/system/info', '/cgi-bin/get_system_info.cgi', '/capabilities', '/api/theme'] as const;

/** Asks on until `isKnown` says that somebody knows it by what came. */
export async function askNamingPages(
  asking: Asking,
  port: number,
  heard: (path: string, reply: Reply) => boolean,
): Promise<void> {
  for (const path of NAMING_PATHS) {
    const reply = await turn(asking, () => askOne('http', asking.dial, port, path));
    if (heard(path, reply) || reply.doc === null) return;
  }
}

/** Whether what answered a request of cgminer's is a web server (ePIC has one on 4028, protocols.md 10). */
export const isWebServer = ({ raw, error }: Reply): boolean =>
  (raw === null ? (error?.context.firstBytes ?? '') : printable(raw, 16)).startsWith('HTTP/');
