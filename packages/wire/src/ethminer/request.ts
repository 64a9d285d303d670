import { HeadframeError } from '@headframe/model';

/** What a parameter of a method may be: never nested, as 1000 nested arrays end the whole process (protocols.md 5.1). */
export type RpcValue = string | number | boolean | bigint;
export type RpcParams = Readonly<Record<string, RpcValue>>;

export interface RpcCall {
  readonly method: string;
  readonly params?: RpcParams;
}

/**
 * A request fits into one packet: of one that is cut, the last piece may be shorter than four bytes, and hangs the
 * connection for good (protocols.md 5.1).
 */
export const MOST_REQUEST_BYTES = 1_200;

/** The largest id that ethminer takes (protocols.md 5.4). */
const LARGEST_ID = 4_294_967_295;

const encoder = new TextEncoder();

/** A request as it is written, without the LF behind it. A bigint is written with all of its digits. */
export function requestText(id: number, { method, params }: RpcCall): string {
  if (!Number.isInteger(id) || id < 0 || id > LARGEST_ID) {
    throw new HeadframeError('internal', { detail: `${id} is no id that ethminer takes` });
  }
  const said = params === undefined ? '' : `,"params":${objectText(params)}`;
  return `{"id":${id},"jsonrpc":"2.0","method":${JSON.stringify(method)}${said}}`;
}

const objectText = (params: RpcParams): string =>
  `{${Object.entries(params)
    .map(([name, value]) => `${JSON.stringify(name)}:${typeof value === 'bigint' ? value : JSON.stringify(value)}`)
    .join(',')}}`;

/**
 * One request: a line, to be sent in one write and alone. The next one only behind its reply (protocols.md 5.1).
 * @throws HeadframeError `usage/invalid` when it does not fit into one packet; nothing was sent
 */
export function encodeCall(id: number, call: RpcCall): Uint8Array {
  const bytes = encoder.encode(`${requestText(id, call)}\n`);
  if (bytes.length <= MOST_REQUEST_BYTES) return bytes;
  const detail = `${call.method} would take ${bytes.length} bytes; ethminer is sent ${MOST_REQUEST_BYTES} at the most, as it hangs when the network cuts a request in the wrong place; nothing was sent`;
  throw new HeadframeError('usage/invalid', { request: call.method, detail });
}
