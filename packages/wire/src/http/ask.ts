import type { Clock, HttpLink, HttpReply, Repair, Reply } from '@headframe/model';
import { asHeadframeError, HeadframeError, printable } from '@headframe/model';
import { parseLenient } from '../json/index.ts';

export interface HttpQuestion {
  /** The name of the reply among the family's replies. */
  readonly id: string;
  /** Path with query. */
  readonly path: string;
  readonly maxBytes?: number;
  /**
   * What may be kept of the document, for replies that hold secrets. The bytes are then not kept either, only those
   * of what this returns.
   */
  readonly redact?: (document: unknown) => unknown;
}

/**
 * Asks for a JSON document with GET. Never rejects: what went wrong is the reply's error. A 404 is
 * `support/unsupported` (this firmware does not have it), a 401 is `auth/required` or, where credentials were given,
 * `auth/rejected`.
 */
export async function askHttp(link: HttpLink, clock: Clock, question: HttpQuestion): Promise<Reply> {
  const { id, path, redact } = question;
  const request = `GET ${path}`;
  const startedAt = clock.now();
  const limit = question.maxBytes === undefined ? {} : { maxBytes: question.maxBytes };
  let reply: HttpReply;
  try {
    reply = await link.http({ method: 'GET', path, ...limit });
  } catch (thrown) {
    const at = clock.now();
    const error = asHeadframeError(thrown, { request });
    const meta = { id, request, at, ms: at - startedAt, bytes: 0, repairs: [], error: error.summary };
    return { meta, doc: null, raw: null, error };
  }

  const meta = { id, request, at: reply.at, ms: reply.ms, bytes: reply.body.length };
  const failure = statusError(reply, link.hasCredentials, request, redact === undefined);
  if (failure !== null) return failed(meta, failure, redact === undefined ? reply.body : null);
  try {
    const { value, repairs } = parseLenient(reply.body, limit);
    if (redact === undefined)
      return { meta: { ...meta, repairs, error: null }, doc: value, raw: reply.body, error: null };
    const doc = redact(value);
    const raw = new TextEncoder().encode(JSON.stringify(doc));
    return { meta: { ...meta, repairs, error: null }, doc, raw, error: null };
  } catch (thrown) {
    // A body that cannot be read may hold the secret anywhere: nothing of it is kept, nor quoted.
    if (redact !== undefined) {
      return failed(meta, new HeadframeError('protocol/malformed', { request }), null);
    }
    return failed(meta, asHeadframeError(thrown, { request, firstBytes: printable(reply.body) }), reply.body);
  }
}

type Meta = { id: string; request: string; at: number; ms: number; bytes: number };

function failed(meta: Meta, error: HeadframeError, raw: Uint8Array | null): Reply {
  const repairs: Repair[] = [];
  return { meta: { ...meta, repairs, error: error.summary }, doc: null, raw, error };
}

/** What a status other than 200 to 299 means, for reads and writes alike. @param quotable whether the body may be shown */
export function statusError(
  reply: HttpReply,
  hasCredentials: boolean,
  request: string,
  quotable: boolean,
): HeadframeError | null {
  const { status } = reply;
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403) {
    return new HeadframeError(hasCredentials ? 'auth/rejected' : 'auth/required', { request });
  }
  if (status === 404) return new HeadframeError('support/unsupported', { request, detail: 'it answers 404' });
  const context = { request, vendorCode: String(status) };
  const said = quotable && reply.body.length > 0 ? { vendorText: printable(reply.body) } : {};
  return new HeadframeError(status === 503 ? 'device/busy' : 'device/refused', { ...context, ...said });
}
