import {
  type ConnectClass,
  type Exchange,
  HeadframeError,
  type Look,
  type NotSeen,
  printable,
  type Reply,
  type Sight,
} from '@headframe/model';
import { sizeInWords } from '../links/limits.ts';

/** What was asked, as a person names it and types it. */
export interface Asked {
  readonly port: number;
  /** `summary`, `GET /api/system/info`. */
  readonly request: string;
  readonly command: string | null;
  /** Whether an answer lacks the record that belongs there; false if absent. */
  readonly isEmpty?: (doc: unknown) => boolean;
  /** Whether what can be read is no answer of this API at all; false if absent. */
  readonly isForeign?: (doc: unknown) => boolean;
}

/** Text of a device for a line: its control characters and escapes made visible, at most `most` bytes of it. */
export const cleaned = (text: string, most = 80): string =>
  printable(new TextEncoder().encode(text.slice(0, most + 1)), most);

export const inMs = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** Why a collector of the conversation with the device did not look. */
export const notSeen = (why: string): NotSeen => ({ notSeen: why });

/** An error that kept a collector from looking, as a part of a sentence. */
export function whyNotSeen(error: HeadframeError): NotSeen {
  if (error.code === 'link/cancelled') return notSeen('the examination ended before');
  if (error.code === 'device/busy') return notSeen('another conversation of this program with it did not end in time');
  return notSeen(cleaned(error.message.replace(/ \([a-z-]+(?:\/[a-z-]+)?\)\..*$/s, ''), 120));
}

/** How the attempt to connect ended, by the reply or the error behind it; null: it was not made. */
export function connectClassOf({ error, raw }: Pick<Reply, 'error' | 'raw'>): ConnectClass | null {
  // A machine can say in words that nothing listens behind its own port (protocols.md 1.11): that port was open.
  if (error === null || raw !== null) return 'open';
  switch (error.code) {
    case 'link/refused':
      return 'refused';
    case 'link/timed-out-connecting':
      return 'timed-out';
    case 'link/unreachable':
    case 'link/name-not-found':
      return 'unreachable';
    case 'link/cancelled':
      return null;
    default:
      return 'open';
  }
}

/** Nothing came that could be read, by a fault of the connection: the next request would fare the same. */
export const isDeaf = ({ error, raw }: Pick<Reply, 'error' | 'raw'>): boolean =>
  raw === null && error?.code.startsWith('link/') === true && error.code !== 'link/too-large';

/** What became of a request. A connection that never stood is `silent`, with its own error. */
export function exchangeOf(reply: Reply, asked: Asked): Sight<Exchange> {
  const { error, meta, raw, doc } = reply;
  const bytes = Math.max(meta.bytes, error?.context.bytes ?? 0, raw?.length ?? 0);
  const outcome = outcomeOf(reply, bytes, asked);
  const exchange: Exchange = {
    request: asked.request,
    outcome,
    error: error?.code ?? null,
    vendorCode: vendorCodeOf(error),
    repairs: meta.repairs.length,
    isEmpty: outcome === 'answered' && asked.isEmpty?.(doc) === true,
    ms: error?.context.afterMs ?? meta.ms,
    bytes,
  };
  return {
    value: exchange,
    at: meta.at,
    ms: exchange.ms,
    bytes,
    line: `${asked.port} ${cleaned(asked.request)}: ${inWords(exchange, reply)}`,
    command: asked.command,
  };
}

function outcomeOf({ error, raw, doc, meta }: Reply, bytes: number, asked: Asked): Exchange['outcome'] {
  if (error === null) {
    // A reply that was cut short is read as far as it goes, and is not whole.
    if (meta.repairs.some(({ kind }) => kind === 'truncated')) return 'partial';
    return asked.isForeign?.(doc) === true ? 'foreign' : 'answered';
  }
  const { code } = error;
  if (code.startsWith('auth/')) return 'denied';
  if (code.startsWith('device/') || code.startsWith('support/')) return 'refused-by-code';
  // Cut or torn JSON can lose its shape and is still the machine's own.
  if (code === 'protocol/wrong-shape') return raw?.[0] === 0x7b ? 'malformed' : 'foreign';
  if (code === 'protocol/truncated') return 'partial';
  if (code === 'protocol/malformed') return isPage(raw, error) ? 'foreign' : 'malformed';
  if (code === 'link/closed-empty') return 'closed-empty';
  if (code === 'link/reset') return bytes === 0 ? 'closed-empty' : 'partial';
  if (code === 'link/too-large') return 'malformed';
  if (raw !== null) return 'refused-by-code';
  return bytes === 0 ? 'silent' : 'partial';
}

/** A web server that was asked something else, or another program that greets. */
function isPage(raw: Uint8Array | null, error: HeadframeError): boolean {
  const start = raw === null ? (error.context.firstBytes ?? '') : printable(raw);
  return /^\s*(HTTP\/|<!doctype|<html|SSH-|220[ -])/i.test(start);
}

const HTTP_OF: Readonly<Record<string, string>> = { 'auth/required': '401', 'auth/rejected': '401' };

const vendorCodeOf = (error: HeadframeError | null): string | null =>
  error === null ? null : (error.context.vendorCode ?? null);

function inWords(exchange: Exchange, { error, raw, meta }: Reply): string {
  const { outcome, bytes, isEmpty, repairs } = exchange;
  const size = bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const took = inMs(exchange.ms);
  const said = error === null ? '' : saidBy(error);
  switch (outcome) {
    case 'answered': {
      const more = [
        isEmpty ? 'without a record in it' : '',
        repairs > 0 ? `${repairs} ${repairs === 1 ? 'repair' : 'repairs'} needed to read it` : '',
      ].filter((part) => part !== '');
      return [`answered, ${size} in ${took}`, ...more].join(', ');
    }
    case 'denied':
      return `answered no, access denied${said}, ${size} in ${took}`;
    case 'refused-by-code':
      return `answered no${said}, ${size} in ${took}`;
    case 'closed-empty':
      return `took the connection and closed it after 0 bytes`;
    case 'silent':
      return silence(error, took);
    case 'partial':
      return error?.code === 'link/timed-out-waiting'
        ? `sent ${size} within ${took} and came to no end`
        : `sent ${size} and ended in the middle`;
    case 'malformed':
      return error?.code === 'link/too-large'
        ? `sent more than ${error.context.limit ?? sizeInWords(bytes)} and was cut off`
        : `sent ${size} that cannot be read${firstOf(raw, error)}`;
    case 'foreign':
      return `something else answers there, ${size} in ${inMs(meta.ms)}${firstOf(raw, error)}`;
  }
}

function silence(error: HeadframeError | null, took: string): string {
  switch (error?.code) {
    case 'link/refused':
      return 'connection refused';
    case 'link/timed-out-connecting':
      return `no answer to the connection attempt within ${took}`;
    case 'link/unreachable':
    case 'link/name-not-found':
      return 'unreachable';
    case 'link/cancelled':
      return 'cancelled';
    default:
      return `took the connection, 0 bytes within ${took}`;
  }
}

function saidBy({ code, context }: HeadframeError): string {
  const parts = [context.vendorCode ?? HTTP_OF[code], context.vendorText].flatMap((part) =>
    part === undefined || part === '' ? [] : [cleaned(part, 60)],
  );
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function firstOf(raw: Uint8Array | null, error: HeadframeError | null): string {
  const start = raw === null ? error?.context.firstBytes : printable(raw, 40);
  return start === undefined || start === '' ? '' : `, it begins: ${start.slice(0, 100)}`;
}

/** How a connection attempt ended, for a line. */
export function classInWords(found: ConnectClass, ms: number): string {
  switch (found) {
    case 'open':
      return `open, connected in ${inMs(ms)}`;
    case 'refused':
      return `refused after ${inMs(ms)}: nothing listens`;
    case 'timed-out':
      return `no answer within ${inMs(ms)}`;
    case 'unreachable':
      return `unreachable, told after ${inMs(ms)}`;
  }
}

/** The connect class that a first request tells of, so that nobody has to knock at that port besides. */
export function classSight(reply: Reply, host: string, port: number): Look<ConnectClass> {
  const found = connectClassOf(reply);
  // The attempt came before what was said over it.
  const at = reply.meta.at - Math.round(reply.meta.ms);
  if (found === null) return whyNotSeen(reply.error ?? new HeadframeError('link/cancelled'));
  const ms = found === 'open' ? 0 : (reply.error?.context.afterMs ?? reply.meta.ms);
  const line = found === 'open' ? `${port}: open, it takes connections` : `${port}: ${classInWords(found, ms)}`;
  return { value: found, at, ms, bytes: 0, line, command: typed.knock(host, port) };
}

const place = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}${port === 80 ? '' : `:${port}`}`;

/** What a person types to see the same (T-59). */
export const typed = {
  knock: (host: string, port: number): string => `nc -zv ${host} ${port}`,
  cgminer: (host: string, port: number, command: string): string =>
    `echo '${JSON.stringify({ command })}' | nc ${host} ${port}`,
  page: (host: string, port: number, path: string): string => `curl -si http://${place(host, port)}${path}`,
  rpc: (host: string, port: number, method: string): string =>
    `echo '${JSON.stringify({ id: 1, jsonrpc: '2.0', method })}' | nc ${host} ${port}`,
};
