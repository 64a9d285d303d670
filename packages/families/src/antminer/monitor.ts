import { asHeadframeError, HeadframeError, type HttpLink, type Links, type Memory, type Reply } from '@headframe/model';
import { parseLenient } from '@headframe/wire/json';

/*
 * The text service without a login on port 6060, within bmminer (protocols.md 2.5). One of its pages, which is not in
 * this table, stops the machine without asking anybody: nothing but this table is ever asked for.
 */

/** Pages that only read. `/test` is left out as well: what it does is documented nowhere. */
export const MONITOR_PAGES = {
  sn: '/get_sn',
  warning: '/warning',
  power: '/miner_power',
  rate: '/rate',
  'ideal-rate': '/ideal_rate',
  'max-rate': '/max_rate',
  status: '/miner_status',
  result: '/result',
} as const;

export type MonitorPage = keyof typeof MONITOR_PAGES;

/** What it says to everything that it does not know. */
const UNKNOWN_PAGE = /^\s*error 6060 cmd\s*$/;

export const saysUnknownPage = (text: string): boolean => UNKNOWN_PAGE.test(text);

/** A serial number as `/get_sn` says it: the plain text alone, one word with a digit in it (protocols.md 0, 2.5). */
export const serialFrom = (text: string): string | null =>
  /^\s*((?=[A-Z-]*\d)[A-Z0-9-]{6,40})\s*$/i.exec(text)?.[1] ?? null;

/** `miner power:<watts>`, in watts; null for anything else. */
export function powerFrom(text: string): number | null {
  const watts = Number(/^\s*miner power:\s*(\d{1,6}(?:\.\d{1,6})?)\s*W?\s*$/i.exec(text)?.[1] ?? Number.NaN);
  return watts > 0 ? watts : null;
}

/** `{"error_message":"P:2"}`: the code; null for `None` and for anything else. */
export function warningFrom(document: unknown): string | null {
  const record: unknown = Array.isArray(document) ? document[0] : document;
  const code =
    typeof record === 'object' && record !== null ? (record as { error_message?: unknown }).error_message : null;
  return typeof code !== 'string' || code.trim() === '' || /^none$/i.test(code.trim()) ? null : code.trim();
}

const MOST_BYTES = 64 * 1024;

/**
 * One page as text.
 * @throws HeadframeError `link/*`, `protocol/*`; `support/unsupported` where this machine does not have the page
 */
export async function monitorText(
  link: HttpLink,
  page: MonitorPage,
): Promise<{ text: string; at: number; ms: number; raw: Uint8Array }> {
  const path = MONITOR_PAGES[page];
  const request = `GET ${path}`;
  const { status, body, at, ms } = await link.http({ method: 'GET', path, maxBytes: MOST_BYTES });
  const text = new TextDecoder().decode(body);
  if (saysUnknownPage(text)) throw new HeadframeError('support/unsupported', { request, vendorText: text.trim() });
  if (status !== 200) throw new HeadframeError('support/unsupported', { request, detail: `it answers ${status}` });
  return { text, at, ms, raw: body };
}

const REFUSAL_MS = 3_600_000;
/** The key of {@link Memory.absent} under which a port that is closed or no such service is remembered. */
const DOOR = 'monitor';

/**
 * One page for a poll. Never rejects. What the machine does not have is not asked for again for an hour; a port on which
 * nothing listens is a service that it does not have.
 * @param id the reply's name
 */
export async function monitorReply(
  links: Links,
  memory: Memory,
  id: string,
  page: MonitorPage,
  fresh = false,
): Promise<Reply | null> {
  const { monitor, clock } = links;
  if (monitor === undefined) return null;
  const request = `GET ${MONITOR_PAGES[page]}`;
  const startedAt = clock.now();
  for (const key of [DOOR, `${DOOR} ${request}`]) {
    const refused = memory.absent.get(key);
    if (refused !== undefined && !fresh && startedAt - refused.meta.at < REFUSAL_MS) {
      return { ...refused, meta: { ...refused.meta, id, request } };
    }
  }
  try {
    const { text, at, ms, raw } = await monitorText(monitor, page);
    // The warning is JSON, the others are text; a document is a JSON value either way.
    const { value, repairs } = page === 'warning' ? parseLenient(raw) : { value: text.trim(), repairs: [] };
    return { meta: { id, request, at, ms, bytes: raw.length, repairs, error: null }, doc: value, raw, error: null };
  } catch (thrown) {
    const error = notThere(asHeadframeError(thrown, { request }));
    const at = clock.now();
    const meta = { id, request, at, ms: at - startedAt, bytes: 0, repairs: [], error: error.summary };
    const reply = { meta, doc: null, raw: null, error };
    const isPage = error.code === 'support/unsupported' && error.context.vendorText !== undefined;
    memory.absent.set(isPage ? `${DOOR} ${request}` : DOOR, reply);
    return reply;
  }
}

const notThere = (error: HeadframeError): HeadframeError =>
  error.code !== 'link/refused'
    ? error
    : new HeadframeError(
        'support/unsupported',
        { ...error.context, detail: 'nothing listens on its port 6060' },
        error,
      );
