import { HeadframeError, type SubscribeRequest, type Subscription } from '@headframe/model';
import { WebSocket } from 'ws';
import { formatAddress } from '../address.ts';
import { type StopReason, stoppedBefore } from './deadline.ts';
import type { Dial } from './dial.ts';
import { MIB, sizeInWords } from './limits.ts';
import { linkError } from './link-errors.ts';

/** Messages of a device are lines of a log or a small document. */
const MOST_BYTES = MIB;

/**
 * Opens a WebSocket and tells of its messages until it ends, the caller closes it or the deadline of the conversation is
 * over. Compression is not offered: a small message must not become a large one.
 *
 * Rejects with `link/*` when it cannot be opened, with `protocol/wrong-shape` when the server answers with a page.
 */
export function subscribe(
  dial: Dial,
  port: number,
  { path, headers = {}, maxBytes = MOST_BYTES, forMs }: SubscribeRequest,
  onMessage: (message: string) => void,
): Promise<Subscription> {
  const { host, deadline, limits } = dial;
  const address = formatAddress(host, port);
  const context = { address, request: `WebSocket ${path}` };
  if (deadline.stopped !== null) return Promise.reject(stoppedBefore(deadline, deadline.stopped, address));
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${formatAddress(host, port)}${path}`, {
      headers,
      handshakeTimeout: limits.connectMs,
      maxPayload: maxBytes,
      perMessageDeflate: false,
      followRedirects: false,
    });
    let isOpen = false;
    let limit: NodeJS.Timeout | undefined;
    let why: HeadframeError | null = null;
    const ended = new Promise<HeadframeError | null>((resolveEnd) => {
      socket.once('close', () => {
        clearTimeout(limit);
        deadline.unwatch(stop);
        resolveEnd(why);
        if (!isOpen) reject(why ?? new HeadframeError('link/closed-empty', context));
      });
    });
    const stop = (reason: StopReason): void => {
      why ??= new HeadframeError(reason === 'late' ? 'link/timed-out-waiting' : 'link/cancelled', {
        ...context,
        afterMs: deadline.limitMs,
      });
      socket.terminate();
    };
    deadline.watch(stop);
    socket.on('error', (error) => {
      why ??= asLinkError(error, isOpen, context, maxBytes);
      socket.terminate();
    });
    socket.on('unexpected-response', (_, response) => {
      why ??= new HeadframeError(
        response.statusCode === 401 || response.statusCode === 403 ? 'auth/rejected' : 'protocol/wrong-shape',
        {
          ...context,
          detail: `it answers with HTTP status ${response.statusCode}`,
        },
      );
      socket.terminate();
    });
    socket.on('message', (data, isBinary) => {
      if (!isBinary) onMessage(data.toString());
    });
    socket.once('open', () => {
      isOpen = true;
      // A device that does not answer the close is not waited for.
      if (forMs !== undefined) limit = setTimeout(() => socket.terminate(), forMs);
      resolve({ ended, close: () => socket.close(1000) });
    });
  });
}

function asLinkError(
  error: Error,
  isOpen: boolean,
  context: { readonly address: string; readonly request: string },
  maxBytes: number,
): HeadframeError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return new HeadframeError('link/too-large', { ...context, limit: sizeInWords(maxBytes) }, error);
  }
  if (code.startsWith('WS_ERR_')) {
    return new HeadframeError(
      'protocol/malformed',
      { ...context, detail: `it breaks the WebSocket protocol (${code})` },
      error,
    );
  }
  if (/handshake has timed out/i.test(error.message))
    return new HeadframeError('link/timed-out-connecting', context, error);
  return linkError(error, isOpen, context);
}
