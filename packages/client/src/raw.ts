import { type Clock, HeadframeError, type Protocol } from '@headframe/model';
import { decodeReply, encodeRequest, type Form } from '@headframe/wire/cgminer';
import { parseHttpDoc } from '@headframe/wire/http';
import { formatAddress, parseAddress } from './address.ts';
import { systemClock } from './clock.ts';
import { asCredentialSource, type CredentialSource, type Credentials, digestFor } from './credentials.ts';
import { hostQueue } from './host-queue.ts';
import { Deadline } from './links/deadline.ts';
import { openLinks } from './links/open-links.ts';
import { remedyFor } from './remedies.ts';

export interface RawOptions {
  readonly parameter?: string;
  /** The form of a 4028 request; JSON if absent. */
  readonly form?: Form;
  readonly credentials?: Credentials | CredentialSource;
  /** The limit of it all, ms; 10,000 if absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** One answer in the device's own words. */
export interface RawAnswer {
  readonly over: Protocol;
  readonly address: string;
  /** The bytes as they came; of HTTP the body. */
  readonly bytes: Uint8Array;
  /** The document as far as it can be read: JSON, or the text of an HTTP body; null when it cannot. */
  readonly doc: unknown;
  /** Why the document cannot be read. */
  readonly error: HeadframeError | null;
  /** HTTP only. */
  readonly status: number | null;
  readonly ms: number;
}

const PORTS: Readonly<Record<Protocol, number>> = { cgminer: 4028, http: 80 };

/**
 * Sends one request to a device, whatever it is, and gives back what it says: a command of the API on port 4028, or a
 * GET of a path when it begins with `/`. Nothing is held back: a command that changes the machine changes it.
 * @param address `host`, or `host:port` where it is not 4028 or 80
 * @throws HeadframeError `link/*` when there is no answer, `auth/*` where a page wants a password, `usage/invalid`
 */
export async function askRaw(address: string, request: string, options: RawOptions = {}): Promise<RawAnswer> {
  const endpoint = parseAddress(address);
  const over: Protocol = request.startsWith('/') ? 'http' : 'cgminer';
  const port = endpoint.port ?? PORTS[over];
  const named = formatAddress(endpoint.host, endpoint.port);
  const credentials = asCredentialSource(options.credentials)(endpoint.host, ANY_FAMILY);
  const deadline = new Deadline(options.timeoutMs ?? 10_000, options.signal);
  const links = openLinks({
    host: endpoint.host,
    ports: { [over]: port },
    clock: options.clock ?? systemClock,
    deadline,
    digest: credentials === null ? undefined : digestFor(credentials),
  });
  try {
    return await hostQueue.run(named, deadline, async () => {
      if (links.http !== undefined) return page(named, await links.http.http({ method: 'GET', path: request }));
      if (links.cgminer === undefined) throw new HeadframeError('internal', { detail: 'no link was opened' });
      const bytes = encodeRequest(request, options.parameter, options.form);
      const reply = await links.cgminer.exchange(bytes);
      return { over, address: named, bytes: reply.bytes, status: null, ms: reply.ms, ...read(reply.bytes, request) };
    });
  } catch (thrown) {
    if (!(thrown instanceof HeadframeError)) throw thrown;
    throw thrown.with({ address: named, next: thrown.context.next ?? remedyFor(thrown.code) });
  } finally {
    deadline.end();
  }
}

/** Credentials of an entry without a family, and those of the environment, fit here too. */
const ANY_FAMILY = '';

type Page = Parameters<typeof parseHttpDoc>[0];

function page(address: string, reply: Page): RawAnswer {
  const { json, text } = parseHttpDoc(reply);
  const { body: bytes, status, ms } = reply;
  return { over: 'http', address, bytes, doc: json ?? text, error: null, status, ms };
}

function read(bytes: Uint8Array, asked: string): Pick<RawAnswer, 'doc' | 'error'> {
  try {
    const { parts, joined } = decodeReply(bytes, { asked });
    const docs = [...parts].map(([name, part]) => [name, part.doc] as const);
    return { doc: joined ? Object.fromEntries(docs) : (docs[0]?.[1] ?? null), error: null };
  } catch (error) {
    if (!(error instanceof HeadframeError)) throw error;
    return { doc: null, error };
  }
}
