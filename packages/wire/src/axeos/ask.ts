import { type Clock, HeadframeError, type HttpLink, type Links, printable, type Reply } from '@headframe/model';
import { askHttp } from '../http/index.ts';
import { Fields } from '../json/index.ts';
import { refusalOf } from './refusals.ts';

/*
 * Asking a Bitaxe and its kin: GET over HTTP on port 80, never with an Origin header, which these servers judge
 * (protocols.md 6.1).
 */

/** What everything else is decided by (protocols.md 6.3). */
export const INFO_PATH = '/api/system/info';
/** Chip, board and the clocks and voltages that its page offers (protocols.md 6.5). */
export const ASIC_PATH = '/api/system/asic';

/** Asks for a JSON document. Never rejects: what went wrong is the reply's error, as {@link refusalOf} words it. */
export async function askPage(link: HttpLink, clock: Clock, id: string, path: string): Promise<Reply> {
  const reply = await askHttp(link, clock, { id, path });
  const error = reworded(reply);
  return error === null ? reply : { ...reply, meta: { ...reply.meta, error: error.summary }, error };
}

function reworded({ error, raw, meta: { request } }: Reply): HeadframeError | null {
  const code = error?.code ?? '';
  const status = code.startsWith('auth/') ? 401 : Number(code === 'device/refused' ? error?.context.vendorCode : '');
  return status > 0 ? refusalOf(status, raw === null ? '' : printable(raw), request) : null;
}

/** @throws HeadframeError `link/refused` where the port is not known to be open */
export function webOf({ http }: Links): HttpLink {
  if (http !== undefined) return http;
  throw new HeadframeError('link/refused', { detail: 'its web server is not open' });
}

/**
 * The document of a page, as a record.
 * @throws HeadframeError why there is none; `protocol/wrong-shape` when it is no object
 */
export async function documentOf(links: Links, path: string): Promise<Fields> {
  const { doc, error } = await askPage(webOf(links), links.clock, path, path);
  if (error !== null) throw error;
  if (typeof doc !== 'object' || doc === null || Array.isArray(doc)) {
    throw new HeadframeError('protocol/wrong-shape', { request: `GET ${path}`, detail: 'it is no object' });
  }
  return new Fields(doc);
}

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The bytes of a page, whatever they are.
 * @throws HeadframeError `link/*`, and for every status but 200 what {@link refusalOf} says or `device/refused`
 */
export async function bytesOf(links: Links, path: string, replyMs?: number): Promise<Uint8Array> {
  const request = `GET ${path}`;
  const reply = await webOf(links).http({
    method: 'GET',
    path,
    maxBytes: MOST_BYTES,
    ...(replyMs === undefined ? {} : { replyMs }),
  });
  const { status, body } = reply;
  if (status >= 200 && status < 300) return body;
  const vendorText = printable(body);
  throw (
    refusalOf(status, vendorText, request) ??
    new HeadframeError('device/refused', { request, vendorCode: String(status), vendorText })
  );
}
