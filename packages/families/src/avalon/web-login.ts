import {
  asHeadframeError,
  HeadframeError,
  type HttpLink,
  type HttpReply,
  type Links,
  type Memory,
  type ReadOptions,
  type Reply,
} from '@headframe/model';
import { sha256Hex } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';
import { type Jsonp, parseJsonp } from './jsonp.ts';

/*
 * The web page on port 80. Its login is a cookie made from the password: eight digits, and the first 24 of the
 * password's SHA-256 (protocols.md 4). The eight are ff0000ff; newer home machines name others at get_auth.cgi.
 */

const SIGN = 'ff0000ff';
const MINER_INFO = '/get_minerinfo.cgi';

export const authCookie = (password: string, sign = SIGN): string => `${sign}${sha256Hex(password).slice(0, 24)}`;

/**
 * The page with what the machine is, or null where it answers with the page for the login.
 * @param password null: without one
 * @throws HeadframeError of the link; `protocol/*` when it is neither; `support/unsupported` when it is not there
 */
async function minerInfo(http: HttpLink, password: string | null): Promise<{ jsonp: Jsonp; reply: HttpReply } | null> {
  const found = await askPage(http, MINER_INFO, password === null ? null : authCookie(password));
  if (found !== null || password === null) return found;
  const sign = await signOf(http);
  return sign === null || sign === SIGN ? null : askPage(http, MINER_INFO, authCookie(password, sign));
}

/** `getAuthCallback({"auth":"<8 digits>", ...})`; null where this firmware has no such page. */
async function signOf(http: HttpLink): Promise<string | null> {
  try {
    const found = await askPage(http, '/get_auth.cgi', null);
    const sign = new Fields(found?.jsonp.value).str('auth') ?? '';
    return /^[0-9a-f]{8}$/i.test(sign) ? sign : null;
  } catch (thrown) {
    if (thrown instanceof HeadframeError && !thrown.code.startsWith('link/')) return null;
    throw thrown;
  }
}

async function askPage(
  http: HttpLink,
  path: string,
  cookie: string | null,
): Promise<{ jsonp: Jsonp; reply: HttpReply } | null> {
  const headers = cookie === null ? {} : { headers: { Cookie: `auth=${cookie}` } };
  const reply = await http.http({ method: 'GET', path, maxBytes: 64 * 1024, ...headers });
  const request = `GET ${path}`;
  if (reply.status === 401 || reply.status === 403 || (reply.status >= 300 && reply.status < 400)) return null;
  if (reply.status === 404) throw new HeadframeError('support/unsupported', { request, detail: 'it answers 404' });
  if (reply.status !== 200) {
    throw new HeadframeError('device/refused', { request, vendorCode: String(reply.status) });
  }
  // Without a login every page is the one that asks for it, with status 200.
  if (isPage(reply.body)) return null;
  try {
    return { jsonp: parseJsonp(reply.body), reply };
  } catch (thrown) {
    throw asHeadframeError(thrown, { request });
  }
}

const isPage = (body: Uint8Array): boolean =>
  /^\s*(?:<!doctype|<html|<\?xml|<head|<body)/i.test(new TextDecoder().decode(body.subarray(0, 256)));

/**
 * Whether the page answers to a password, or without one.
 * @throws HeadframeError of the link
 */
export async function pageAnswers({ http }: Links, password: string | null): Promise<boolean> {
  if (http === undefined) return false;
  try {
    return (await minerInfo(http, password)) !== null;
  } catch (thrown) {
    if (thrown instanceof HeadframeError && !thrown.code.startsWith('link/')) return false;
    throw thrown;
  }
}

export const MINER_INFO_ID = 'http:minerinfo';
const EVERY_MS = 3_600_000;

/**
 * `get_minerinfo.cgi` as a reply, for machines whose port 4028 does not tell their MAC address (Nano 3). Asked with the
 * known password only, once an hour, also when it was refused. Never rejects; null: not asked.
 */
export async function minerInfoReply(links: Links, memory: Memory, options: ReadOptions): Promise<Reply | null> {
  const { http, credentials, clock } = links;
  const kept = memory.kept.get(MINER_INFO_ID) ?? memory.absent.get(MINER_INFO_ID);
  if (kept !== undefined && options.fresh !== true && clock.now() - kept.meta.at < EVERY_MS) return kept;
  if (http === undefined || credentials == null) return null;
  const reply = await askMinerInfo(http, credentials.password, () => clock.now());
  if (reply.error === null) memory.kept.set(MINER_INFO_ID, reply);
  else memory.absent.set(MINER_INFO_ID, reply);
  return reply;
}

async function askMinerInfo(http: HttpLink, password: string, now: () => number): Promise<Reply> {
  const request = `GET ${MINER_INFO}`;
  const began = now();
  try {
    const found = await minerInfo(http, password);
    if (found === null) throw new HeadframeError('auth/rejected', { request });
    const { jsonp, reply } = found;
    const { at, ms, body } = reply;
    const meta = { id: MINER_INFO_ID, request, at, ms, bytes: body.length, repairs: [...jsonp.repairs], error: null };
    return { meta, doc: jsonp.value, raw: body, error: null };
  } catch (thrown) {
    const error = asHeadframeError(thrown, { request });
    const at = now();
    const meta = { id: MINER_INFO_ID, request, at, ms: at - began, bytes: 0, repairs: [], error: error.summary };
    return { meta, doc: null, raw: null, error };
  }
}
