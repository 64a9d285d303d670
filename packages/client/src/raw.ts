import { Buffer } from 'node:buffer';
import { grpcDocument, grpcRequest } from '@headframe/families';
import { type Clock, type Credentials, type GrpcLink, HeadframeError, type Protocol } from '@headframe/model';
import type { DecodedReply, Form } from '@headframe/wire/cgminer';
import { parseHttpDoc } from '@headframe/wire/http';
import { formatAddress, parseAddress } from './address.ts';
import { askApi } from './api.ts';
import { systemClock } from './clock.ts';
import { asCredentialSource, type CredentialSource, loginFor } from './credentials.ts';
import { hostQueue } from './host-queue.ts';
import { Deadline } from './links/deadline.ts';
import { isMethodName } from './links/grpc-methods.ts';
import { READ_LIMITS } from './links/limits.ts';
import { openLinks } from './links/open-links.ts';
import { remedyFor } from './remedies.ts';

export interface RawOptions {
  /** Of a method of gRPC its message, as a document in JSON or in hexadecimal; an empty one if absent. */
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
  /** The bytes as they came; of HTTP the body, of gRPC the message. */
  readonly bytes: Uint8Array;
  /** The document as far as it can be read: JSON, or the text of an HTTP body; null when it cannot. Of gRPC the message where its contract is known, else its bytes in hexadecimal. */
  readonly doc: unknown;
  /** Why the document cannot be read. */
  readonly error: HeadframeError | null;
  /** HTTP only. */
  readonly status: number | null;
  readonly ms: number;
}

const PORTS: Readonly<Record<Protocol, number>> = {
  cgminer: 4028,
  http: 80,
  monitor: 6060,
  whatsminer: 4433,
  ethminer: 3333,
  grpc: 50051,
};

/**
 * Sends one request to a device, whatever it is, and gives back what it says: a command of the API on port 4028, a
 * GET of a path when it begins with `/`, or a method of gRPC by its full name, `package.Service/Method`, without a login.
 * Nothing is held back: a command that changes the machine changes it.
 * @param address `host`, or `host:port` where it is not 4028, 80 or 50051
 * @throws HeadframeError `link/*` when there is no answer, `auth/*` where a page wants a password, `usage/invalid`
 */
export async function askRaw(address: string, request: string, options: RawOptions = {}): Promise<RawAnswer> {
  const endpoint = parseAddress(address);
  const over: Protocol = request.startsWith('/') ? 'http' : isMethodName(request) ? 'grpc' : 'cgminer';
  if (isShutdown(request) && endpoint.port === PORTS.monitor) throw neverSent(address);
  const port = endpoint.port ?? PORTS[over];
  const named = formatAddress(endpoint.host, endpoint.port);
  const credentials = asCredentialSource(options.credentials)(endpoint.host, ANY_FAMILY);
  const deadline = new Deadline(options.timeoutMs ?? 10_000, options.signal);
  const dial = { host: endpoint.host, clock: options.clock ?? systemClock, deadline, limits: READ_LIMITS };
  const links = openLinks(dial, { [over]: port }, credentials === null ? undefined : loginFor(credentials));
  try {
    return await hostQueue.run(named, deadline, async () => {
      if (links.http !== undefined) return page(named, await links.http.http({ method: 'GET', path: request }));
      if (links.grpc !== undefined) return message(named, request, options.parameter ?? '', links.grpc);
      if (links.cgminer === undefined) throw new HeadframeError('internal', { detail: 'no link was opened' });
      const { bytes, decoded, error, ms } = await askApi(links.cgminer, request, options.parameter, options.form);
      return { over, address: named, bytes, doc: documentOf(decoded), error, status: null, ms };
    });
  } catch (thrown) {
    if (!(thrown instanceof HeadframeError)) throw thrown;
    throw thrown.with({ address: named, next: thrown.context.next ?? remedyFor(thrown.code) });
  } finally {
    deadline.end();
  }
}

/** `/shutdown` of port 6060 stops a stock Antminer without any login (protocols.md 2.5). */
const isShutdown = (request: string): boolean => /^\/+shutdown(?![\w-])/i.test(unescaped(request));

/** `%73` is an `s`; what is no escape stays. */
const unescaped = (path: string): string =>
  path.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

const neverSent = (address: string): HeadframeError =>
  new HeadframeError('usage/not-allowed', {
    address,
    detail:
      'Headframe never sends /shutdown to port 6060: it stops the machine without asking anybody; nothing was sent',
    next: 'To pause it: headframe do ADDRESS pause.',
  });

/** Credentials of an entry without a family, and those of the environment, fit here too. */
const ANY_FAMILY = '';

type Page = Parameters<typeof parseHttpDoc>[0];

function page(address: string, reply: Page): RawAnswer {
  const { json, text } = parseHttpDoc(reply);
  const { body: bytes, status, ms } = reply;
  return { over: 'http', address, bytes, doc: json ?? text, error: null, status, ms };
}

async function message(address: string, method: string, parameter: string, link: GrpcLink): Promise<RawAnswer> {
  const { message: bytes, ms } = await link.unary({ method }, requestOf(method, parameter));
  const answer = { over: 'grpc', address, bytes, status: null, ms } as const;
  try {
    return { ...answer, doc: grpcDocument(method, bytes), error: null };
  } catch (thrown) {
    if (!(thrown instanceof HeadframeError)) throw thrown;
    // Nobody here knows the types of that method: the bytes are the answer.
    if (thrown.code === 'support/unsupported')
      return { ...answer, doc: Buffer.from(bytes).toString('hex'), error: null };
    return { ...answer, doc: null, error: thrown };
  }
}

function requestOf(method: string, parameter: string): Uint8Array {
  if (/^([\da-f]{2})*$/i.test(parameter)) return Buffer.from(parameter, 'hex');
  let doc: unknown;
  try {
    doc = JSON.parse(parameter);
  } catch (error) {
    const detail =
      'The message of a gRPC method is given as JSON, or in hexadecimal such as 0a020801; nothing was sent';
    throw new HeadframeError('usage/invalid', { detail }, error);
  }
  return grpcRequest(method, doc as Record<string, unknown>);
}

/** The document of a reply; of a joined one its documents by command. */
function documentOf(decoded: DecodedReply | null): unknown {
  if (decoded === null) return null;
  const docs = [...decoded.parts].map(([name, part]) => [name, part.doc] as const);
  return decoded.joined ? Object.fromEntries(docs) : (docs[0]?.[1] ?? null);
}
