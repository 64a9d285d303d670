import { connect } from 'node:net';
import { HeadframeError, printable, type RawReply, type TcpLink } from '@headframe/model';
import { formatAddress } from '../address.ts';
import { type StopReason, stoppedBefore } from './deadline.ts';
import type { Dial } from './dial.ts';
import { MIB, since, sizeInWords } from './limits.ts';
import { linkError } from './link-errors.ts';
import { openStream } from './tcp-stream.ts';

/**
 * The link to a raw TCP port: one connection, one write, one reply (protocols.md 1.1 and 13.1). The connection is never
 * half-closed, as some devices take that for the end, and is gone when the reply or the error is there.
 *
 * Rejects with the `link/*` classes. A connection that is reset or closed without a byte is `link/closed-empty` both
 * ways: which of the two an address list (api-allow) shows is a matter of timing (protocols.md 1.1).
 */
export function tcpLink(dial: Dial, port: number): TcpLink {
  return {
    open: () => openStream(dial, port),
    exchange: (request, { maxBytes = MIB, replyMs = dial.limits.replyMs } = {}) =>
      new Promise((resolve, reject) => exchange(dial, port, request, { maxBytes, replyMs }, resolve, reject)),
  };
}

/** Callbacks on one socket and one timer: this is the hot path of every poll. */
function exchange(
  dial: Dial,
  port: number,
  request: Uint8Array,
  { maxBytes, replyMs }: { readonly maxBytes: number; readonly replyMs: number },
  resolve: (reply: RawReply) => void,
  reject: (error: HeadframeError) => void,
): void {
  const { host, clock, deadline, limits } = dial;
  const address = formatAddress(host, port);
  if (deadline.stopped !== null) {
    reject(stoppedBefore(deadline, deadline.stopped, address));
    return;
  }

  const began = performance.now();
  let connectedAt = 0;
  let done = false;
  let size = 0;
  const chunks: Uint8Array[] = [];
  let silence: NodeJS.Timeout | undefined;

  // Half open, so that the peer's FIN does not make Node send ours before we destroy the socket.
  const socket = connect({ host, port, allowHalfOpen: true });

  const finish = (): void => {
    done = true;
    clearTimeout(limit);
    clearTimeout(silence);
    deadline.unwatch(stop);
    socket.destroy();
  };
  const fail = (error: HeadframeError): void => {
    if (done) return;
    finish();
    reject(error);
  };
  const succeed = (ended: RawReply['ended']): void => {
    if (done) return;
    finish();
    resolve({ bytes: joined(chunks, size), at: clock.now(), ms: since(began), ended });
  };
  const late = (): void => {
    if (connectedAt === 0) fail(new HeadframeError('link/timed-out-connecting', { address, afterMs: since(began) }));
    else {
      const firstBytes = size === 0 ? {} : { firstBytes: printable(joined(chunks, size)) };
      const context = { address, afterMs: since(connectedAt), bytes: size, ...firstBytes };
      fail(new HeadframeError('link/timed-out-waiting', context));
    }
  };
  const stop = (reason: StopReason): void => {
    if (reason === 'late') late();
    else fail(new HeadframeError('link/cancelled', { address }));
  };
  // One timer serves both limits: most replies are here long before it first looks.
  const look = (): void => {
    const now = performance.now();
    const left = connectedAt === 0 ? limits.connectMs - (now - began) : replyMs - (now - connectedAt);
    if (left > 1) limit = setTimeout(look, left);
    else late();
  };
  let limit = setTimeout(look, Math.min(limits.connectMs, replyMs));
  deadline.watch(stop);

  socket.on('connect', () => {
    connectedAt = performance.now();
    socket.write(request);
  });
  socket.on('data', (chunk: Uint8Array) => {
    if (done) return;
    size += chunk.length;
    if (size > maxBytes) {
      fail(new HeadframeError('link/too-large', { address, bytes: size, limit: sizeInWords(maxBytes) }));
      return;
    }
    chunks.push(chunk);
    clearTimeout(silence);
    if (chunk[chunk.length - 1] === 0) silence = setTimeout(succeed, limits.silenceMs, 'silence');
  });
  socket.on('end', () => {
    if (size > 0) succeed('fin');
    else fail(new HeadframeError('link/closed-empty', { address }));
  });
  socket.on('error', (error) => {
    const broken = linkError(error, connectedAt !== 0, { address, bytes: size });
    if (broken.code !== 'link/reset' || connectedAt === 0) fail(broken);
    else if (size === 0) fail(new HeadframeError('link/closed-empty', { address }, error));
    else if (looksWhole(chunks)) succeed('reset');
    else {
      const detail = `after ${size} bytes`;
      fail(new HeadframeError('link/reset', { address, bytes: size, detail }, error));
    }
  });
}

const joined = (chunks: readonly Uint8Array[], size: number): Uint8Array =>
  chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, size);

/** Whether the last byte can be the last of a reply: the NUL of cgminer, a closing brace, the bar of its text form. */
function looksWhole(chunks: readonly Uint8Array[]): boolean {
  for (let i = chunks.length - 1; i >= 0; i--) {
    const chunk = chunks[i] as Uint8Array;
    for (let j = chunk.length - 1; j >= 0; j--) {
      const byte = chunk[j] as number;
      if (byte === 0x0a || byte === 0x0d || byte === 0x20) continue;
      return byte === 0 || byte === 0x7d || byte === 0x5d || byte === 0x7c;
    }
  }
  return false;
}
