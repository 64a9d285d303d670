import { Buffer } from 'node:buffer';
import { type ClientRequest, type IncomingMessage, request as startHttp } from 'node:http';
import { request as startHttps } from 'node:https';
import type { Deadline } from '../links/deadline.ts';
import { MIB, sizeInWords } from '../links/limits.ts';
import { errnoOf } from '../links/link-errors.ts';

/** The largest reply of a pool: the workers of a large farm. */
const MOST_BYTES = 2 * MIB;

export interface PoolReply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Why there is no reply, as the end of a sentence that begins with the pool's name: `does not answer within 5 s`. */
export interface NoReply {
  readonly why: string;
}

export interface PoolHttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/**
 * One request on a connection of its own, http or https; redirects are not followed, certificates are checked, the body
 * is read up to 2 MiB. Never rejects.
 * @param limitMs for all of it, ms
 */
export function askPool(asked: PoolHttpRequest, limitMs: number, deadline: Deadline): Promise<PoolReply | NoReply> {
  return new Promise((resolve) => {
    const { url, method, headers, body } = asked;
    const late = (): void => settle({ why: `does not answer within ${Math.ceil(limitMs / 100) / 10} s` });
    const stop = (reason: 'late' | 'cancelled'): void =>
      settle({ why: `did not answer before the examination ${reason === 'late' ? 'was over' : 'was cancelled'}` });
    const settle = (outcome: PoolReply | NoReply): void => {
      clearTimeout(timer);
      deadline.unwatch(stop);
      resolve(outcome);
      request.destroy();
    };
    const options = {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'headframe',
        connection: 'close',
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      // No connection is kept for later.
      agent: false,
    };
    let request: ClientRequest;
    try {
      request = (url.protocol === 'https:' ? startHttps : startHttp)(url, options);
    } catch {
      // Its words quote the header that it does not like.
      resolve({ why: 'cannot be asked: the request has characters that HTTP does not carry' });
      return;
    }
    const timer = setTimeout(late, limitMs);
    deadline.watch(stop);
    request.on('error', (error) => settle({ why: brokenBy(error) }));
    let isAnswered = false;
    request.on('response', (response) => {
      isAnswered = true;
      readBody(response, settle);
    });
    // The last word where neither a reply nor an error came.
    request.on('close', () => {
      if (!isAnswered) settle({ why: 'closes the connection without an answer' });
    });
    request.end(body);
  });
}

function readBody(response: IncomingMessage, settle: (outcome: PoolReply | NoReply) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MOST_BYTES) chunks.push(chunk);
    else settle({ why: `sends more than ${sizeInWords(MOST_BYTES)}` });
  });
  response.on('end', () =>
    settle({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks, size) }),
  );
  const broken = (): void => settle({ why: `breaks off after ${sizeInWords(size)} of its answer` });
  response.on('error', broken);
  // Behind an end it says nothing new.
  response.on('close', broken);
}

/** By the system's code alone: the words of an error may quote what was sent. */
function brokenBy(error: Error): string {
  const code = errnoOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return 'refuses connections (ECONNREFUSED)';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return `cannot be found by its name (${code})`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `breaks the connection (${code})`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `cannot be reached (${code})`;
    default:
      break;
  }
  if (code.startsWith('HPE_')) return 'does not speak HTTP there';
  if (/CERT|SIGNATURE|SSL|TLS|ISSUER/.test(code)) return `has no certificate that can be trusted (${code})`;
  return `cannot be asked (${code === '' ? 'unknown error' : code})`;
}
