import { asHeadframeError, HeadframeError, type Links } from '@headframe/model';
import { callOf, fromDoc } from './contract/index.ts';
import { METHODS, restPath } from './door-methods.ts';

/*
 * Which doors a machine has, by its release. The gRPC API came with 23.03 (its own table of releases:
 * github.com/braiins/bos-plus-api), GraphQL was served from 21.09 to 25.05, REST from 25.07 on (protocols.md 7.3).
 */

/** The two doors through which a machine can be changed. */
export type DoorName = 'grpc' | 'rest';

/** Errors that mean that a port is not open to us: nobody there, or somebody who drops what comes. */
const CLOSED: ReadonlySet<string> = new Set([
  'link/refused',
  'link/timed-out-connecting',
  'link/unreachable',
  'link/closed-empty',
]);

export const isClosed = (error: HeadframeError): boolean => CLOSED.has(error.code);

/**
 * The door to go through: gRPC, or the REST API where port 50051 is closed or filtered. Asks for the version of the
 * API, which needs no login, and sends nothing else.
 * @throws HeadframeError of port 50051 when neither is there; any other error of the door that is open
 */
export async function chooseDoor(links: Links): Promise<DoorName> {
  const { rpc, rest } = METHODS.GetApiVersion;
  let closed: HeadframeError = new HeadframeError('link/refused', { detail: 'its port 50051 is not open' });
  if (links.grpc !== undefined) {
    try {
      await links.grpc.unary({ method: callOf(rpc) }, fromDoc(rpc.input, {}));
      return 'grpc';
    } catch (thrown) {
      const error = asHeadframeError(thrown);
      if (!isClosed(error)) throw error;
      closed = error;
    }
  }
  if (links.http === undefined) throw closed;
  const { status } = await links.http.http({ method: rest.verb, path: restPath(rest.path) });
  if (status >= 200 && status < 300) return 'rest';
  // Before 25.07 there is a web server without this API.
  throw closed;
}
