import { HeadframeError, type HttpLink, type HttpReply, type HttpRequest, type Links } from '@headframe/model';
import { askHttp } from '@headframe/wire/http';
import { Fields } from '@headframe/wire/json';
import { isOlderPage, SYSTEM_INFO_PATH } from './view.ts';

/*
 * The two web pages of these machines: the newer one of about 2020 on, which takes JSON (protocols.md 2.3), and the older
 * one of shell scripts, which take form data by position (2.4). They share names and not much else.
 */

export type PageKind = 'newer' | 'older';

/** A web page that was opened and is known for what it is. */
export interface Page {
  readonly kind: PageKind;
  /** `get_system_info.cgi`, which both have. */
  readonly system: Fields;
}

/**
 * Opens the web page and sees which of the two it is.
 * @throws HeadframeError `auth/*`, `link/*`; `protocol/wrong-shape` when it is neither: nothing may be sent to it then
 */
export async function openPage(links: Links): Promise<Page> {
  const system = new Fields(await readPage(links, SYSTEM_INFO_PATH));
  if (!system.has('minertype')) {
    const detail = 'its web page does not say what it is (no minertype)';
    throw new HeadframeError('protocol/wrong-shape', { request: `GET ${SYSTEM_INFO_PATH}`, detail });
  }
  return { kind: isOlderPage(system) ? 'older' : 'newer', system };
}

/**
 * The page, where it is the one that can do it.
 * @throws HeadframeError `support/unsupported` with the reason: nothing was sent
 */
export async function needPage(
  links: Links,
  kind: PageKind,
  request: string,
  detail = `it has the ${kind === 'newer' ? 'older' : 'newer'} web page`,
): Promise<Page> {
  const page = await openPage(links);
  if (page.kind === kind) return page;
  throw new HeadframeError('support/unsupported', { request, detail });
}

/**
 * A page that is JSON.
 * @param secret nothing of it may be quoted: the configuration holds the pool passwords in clear (protocols.md 2.3)
 * @throws HeadframeError `auth/*`, `link/*`, `protocol/*`, `support/unsupported` for a 404
 */
export async function readPage(links: Links, path: string, secret = false): Promise<unknown> {
  const question = { id: path, path, ...(secret ? { redact: (document: unknown) => document } : {}) };
  const { doc, error } = await askHttp(webOf(links), links.clock, question);
  if (error !== null) throw error;
  return doc;
}

const MOST_BYTES = 16 * 1024 * 1024;
/** Log and backup pages pack files first. */
const PACKING_MS = 60_000;

/**
 * The bytes of a page, whatever they are.
 * @throws HeadframeError `auth/*`, `link/*`, `device/refused` with the status; `support/unsupported` for a 404
 */
export const fetchPage = async (links: Links, path: string): Promise<Uint8Array> =>
  (await sendQuestion(links, { method: 'GET', path, maxBytes: MOST_BYTES, replyMs: PACKING_MS })).body;

/**
 * A request that only reads, where `GET` is not enough.
 * @throws HeadframeError as {@link fetchPage}
 */
export async function sendQuestion(links: Links, question: HttpRequest): Promise<HttpReply> {
  const http = webOf(links);
  const reply = await http.http(question);
  const { status } = reply;
  if (status >= 200 && status < 300) return reply;
  const request = `${question.method} ${question.path}`;
  if (status === 401) throw new HeadframeError(http.hasCredentials ? 'auth/rejected' : 'auth/required', { request });
  if (status === 404) throw new HeadframeError('support/unsupported', { request, detail: 'it answers 404' });
  throw new HeadframeError('device/refused', { request, vendorCode: String(status) });
}

function webOf({ http }: Links): HttpLink {
  if (http === undefined) throw new HeadframeError('link/refused', { detail: 'its web page is not open' });
  return http;
}

/**
 * Which page a model has, where that is certain: protocols.md 2.3 and 2.4 name S19, S21, KS and L9 for the newer one, S9
 * and L3 for the older one. The S17 was sold with the older and got the newer by an update. Null: it shows by asking.
 */
export function pageOfModel(model: string | null): PageKind | null {
  if (/^Antminer (?:S19|S21|KS|L9)/.test(model ?? '')) return 'newer';
  return /^Antminer (?:S9|L3)/.test(model ?? '') ? 'older' : null;
}
