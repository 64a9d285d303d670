import type { DescMessage, DescMethodServerStreaming, DescMethodUnary } from '@bufbuild/protobuf';
import { asHeadframeError, HeadframeError, type HttpReply, type Links, type Reply } from '@headframe/model';
import { statusError, withoutSecrets } from '@headframe/wire/http';
import { parseLenient } from '@headframe/wire/json';
import { callOf, fromDoc, toDoc } from './contract/index.ts';
import { METHODS, restPath } from './door-methods.ts';
import { grpcId, restId } from './questions.ts';
import { callRest, grpcDoor } from './session.ts';

/* Single questions whose replies are kept. None of these rejects: what went wrong is the reply's error. */

interface Keeping {
  /** Take what are passwords out of the document. The bytes that held them are then not kept at all. */
  readonly hasSecrets?: true | undefined;
}

/** Asks port 50051, logged in. The document is that of `toDoc`. */
export async function askGrpc<I extends DescMessage, O extends DescMessage>(
  links: Links,
  rpc: DescMethodUnary<I, O>,
  keeping: Keeping = {},
): Promise<Reply> {
  return keep(
    links,
    grpcId(rpc),
    callOf(rpc),
    async () => {
      const reply = await grpcDoor(links).unary({ method: callOf(rpc) }, fromDoc(rpc.input, {}));
      return { ...reply, bytes: reply.message, doc: () => toDoc(rpc.output, reply.message) };
    },
    keeping,
  );
}

/** The same without a login, for the one service that wants none. */
export async function askGrpcOpenly<I extends DescMessage, O extends DescMessage>(
  links: Links & Required<Pick<Links, 'grpc'>>,
  rpc: DescMethodUnary<I, O>,
): Promise<Reply> {
  return keep(links, grpcId(rpc), callOf(rpc), async () => {
    const reply = await links.grpc.unary({ method: callOf(rpc) }, fromDoc(rpc.input, {}));
    return { ...reply, bytes: reply.message, doc: () => toDoc(rpc.output, reply.message) };
  });
}

/** The first message of a stream, which is then ended. */
export async function askFirst<I extends DescMessage, O extends DescMessage>(
  links: Links,
  rpc: DescMethodServerStreaming<I, O>,
): Promise<Reply> {
  const { clock } = links;
  const startedAt = clock.now();
  return keep(links, grpcId(rpc), callOf(rpc), async () => {
    for await (const bytes of grpcDoor(links).stream({ method: callOf(rpc) }, fromDoc(rpc.input, {}))) {
      const at = clock.now();
      return { bytes, at, ms: at - startedAt, doc: () => toDoc(rpc.output, bytes) };
    }
    // It ended in order and said nothing: the message in which nothing stands.
    const at = clock.now();
    return { bytes: new Uint8Array(), at, ms: at - startedAt, doc: () => null };
  });
}

/** Asks the REST API, logged in. @param path behind `/api/v1/` */
export async function askRest(links: Links, path: string, keeping: Keeping = {}): Promise<Reply> {
  return keep(
    links,
    restId(path),
    `GET ${restPath(path)}`,
    async () => {
      const { doc, reply } = await callRest(links, { method: 'GET', path });
      return { ...reply, bytes: reply.body, doc: () => doc };
    },
    keeping,
  );
}

/**
 * The version of the REST API, which wants no login. No document and no error: there is no such API, and the web server
 * answers with a page or with 404.
 */
export async function askRestVersion(links: Links & Required<Pick<Links, 'http'>>): Promise<Reply> {
  const { path } = METHODS.GetApiVersion.rest;
  return keep(links, restId(path), `GET ${restPath(path)}`, async () => {
    const reply: HttpReply = await links.http.http({ method: 'GET', path: restPath(path) });
    const error = reply.status < 500 ? null : statusError(reply, false, `GET ${restPath(path)}`, true);
    if (error !== null) throw error;
    return { ...reply, bytes: reply.body, doc: () => versionIn(reply) };
  });
}

function versionIn({ status, body }: HttpReply): unknown {
  if (status < 200 || status > 299) return null;
  try {
    const doc: unknown = parseLenient(body).value;
    return typeof doc === 'object' && doc !== null && 'major' in doc ? doc : null;
  } catch {
    return null;
  }
}

interface Came {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly ms: number;
  readonly doc: () => unknown;
}

async function keep(
  { clock }: Links,
  id: string,
  request: string,
  ask: () => Promise<Came>,
  { hasSecrets }: Keeping = {},
): Promise<Reply> {
  const startedAt = clock.now();
  let came: Came | null = null;
  try {
    came = await ask();
    const { bytes, at, ms } = came;
    const doc = hasSecrets ? withoutSecrets(came.doc()) : came.doc();
    const meta = { id, request, at, ms, bytes: bytes.length, repairs: [], error: null };
    return { meta, doc, raw: hasSecrets ? null : bytes, error: null };
  } catch (thrown) {
    const error = asHeadframeError(thrown, { request });
    const at = came?.at ?? clock.now();
    const times = { at, ms: came?.ms ?? at - startedAt };
    if (!hasSecrets) return failed(id, request, error, { ...times, bytes: came?.bytes ?? null });
    // A reply that cannot be read may hold the secret anywhere: nothing of it is kept, nor quoted.
    const { vendorText: _, firstBytes: __, detail: ___, ...context } = error.context;
    return failed(id, request, new HeadframeError(error.code, context), times);
  }
}

/** A question that was not asked, or without an answer. */
export function failed(
  id: string,
  request: string,
  error: HeadframeError,
  { at, ms = 0, bytes = null }: { at: number; ms?: number; bytes?: Uint8Array | null },
): Reply {
  return {
    meta: { id, request, at, ms, bytes: bytes?.length ?? 0, repairs: [], error: error.summary },
    doc: null,
    raw: bytes,
    error,
  };
}
