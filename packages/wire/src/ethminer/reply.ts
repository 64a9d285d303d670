import { HeadframeError, printable, type Repair } from '@headframe/model';
import { parseLenient } from '../json/index.ts';
import { quoteLongIntegers } from './exact.ts';

const LF = 0x0a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const BLANKS: ReadonlySet<number> = new Set([0, 0x09, LF, 0x0d, 0x20]);
/** So much of something that is no JSON object tells that it is something else, LF or not. */
const ENOUGH_OF_A_STRANGER = 64;

/**
 * For `TcpStream.read`: one line, its LF included; the rest where the peer closed without one.
 * @throws HeadframeError `protocol/malformed` when what comes cannot be the beginning of a reply
 */
export function lineLength(bytes: Uint8Array, ended: boolean): number | null {
  const start = firstByte(bytes);
  const lf = start < 0 ? -1 : bytes.indexOf(LF, start);
  if (lf >= 0) return lf + 1;
  if (ended && start >= 0) return bytes.length;
  if (start >= 0 && bytes[start] !== OPEN_BRACE && bytes.length - start >= ENOUGH_OF_A_STRANGER) throw noLine(bytes);
  return null;
}

const firstByte = (bytes: Uint8Array): number => bytes.findIndex((byte) => !BLANKS.has(byte));

const noLine = (bytes: Uint8Array): HeadframeError =>
  new HeadframeError('protocol/malformed', { detail: 'no JSON-RPC', firstBytes: printable(bytes) });

/** Why the answer is a no. */
export interface RpcError {
  /** `code`, or `errorcode` of ethminer's parser; null where neither came (protocols.md 5.4). */
  readonly code: string | null;
  readonly message: string;
}

/** One line that came, as far as JSON-RPC goes. */
export interface RpcMessage {
  /** The whole object. Whole numbers beyond 2^53 in it are strings of their digits. */
  readonly doc: Readonly<Record<string, unknown>>;
  /** Null: the peer could not tell which request it answers. Undefined: there is none, it answers nothing. */
  readonly id: number | string | null | undefined;
  readonly error: RpcError | null;
  /** Undefined where there is none, as when api_authorize succeeds (protocols.md 5.3). */
  readonly result: unknown;
  readonly repairs: Repair[];
}

/**
 * Reads one line.
 * @throws HeadframeError `link/too-large`, `protocol/malformed`, `protocol/truncated`; `protocol/wrong-shape` for JSON
 * that is no JSON-RPC reply, such as a batch. Nothing else
 */
export function decodeLine(line: Uint8Array, options: { readonly maxBytes?: number } = {}): RpcMessage {
  const start = firstByte(line);
  if (start < 0) throw new HeadframeError('protocol/malformed', { detail: 'an empty line' });
  if (line[start] === OPEN_BRACKET) throw wrong('a batch', line);
  if (line[start] !== OPEN_BRACE) throw noLine(line);
  const { value, repairs } = parseLenient(quoteLongIntegers(line), options);
  if (repairs.some(({ kind }) => kind === 'truncated')) {
    throw new HeadframeError('protocol/truncated', { bytes: line.length, firstBytes: printable(line) });
  }
  if (!isRecord(value)) throw wrong('no object', line);
  const { id, error, result } = value;
  if (id !== undefined && id !== null && typeof id !== 'number' && typeof id !== 'string') {
    throw wrong('an id that is neither a number nor a text', line);
  }
  const isReply = 'result' in value || 'error' in value;
  // An object with nothing of it may still be the reply to api_authorize, if it has an id.
  if (!isReply && id === undefined && typeof value.method !== 'string') throw wrong('no JSON-RPC', line);
  return { doc: value, id, error: errorIn(error), result, repairs };
}

const wrong = (detail: string, line: Uint8Array): HeadframeError =>
  new HeadframeError('protocol/wrong-shape', { detail, firstBytes: printable(line) });

/** ethminer's are objects; a Stratum server, which also listens on ports such as 3333, sends a list. */
function errorIn(error: unknown): RpcError | null {
  if (error === undefined || error === null) return null;
  if (Array.isArray(error)) return { code: plain(error[0]), message: plain(error[1]) ?? '' };
  if (!isRecord(error)) return { code: null, message: plain(error) ?? '' };
  return { code: plain(error.code) ?? plain(error.errorcode), message: plain(error.message) ?? '' };
}

const plain = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : null;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
