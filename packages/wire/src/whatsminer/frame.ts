import { HeadframeError } from '@headframe/model';

const PREFIX = 4;
/** Longest body that is read: the largest replies have a few KiB. */
export const MAX_FRAME_BYTES = 1 << 20;

const encoder = new TextEncoder();

/** A body with its length before it, 4 bytes, little-endian (protocols.md 3.6). An empty one is the heartbeat. */
export function frame(body: Uint8Array | string): Uint8Array {
  const bytes = typeof body === 'string' ? encoder.encode(body) : body;
  const out = new Uint8Array(PREFIX + bytes.length);
  out.set(sizeBytes(bytes.length));
  out.set(bytes, PREFIX);
  return out;
}

/** A size as it goes before a frame and before a firmware file: 4 bytes, little-endian (protocols.md 3.5, 3.6). */
export function sizeBytes(size: number): Uint8Array {
  const out = new Uint8Array(PREFIX);
  new DataView(out.buffer).setUint32(0, size, true);
  return out;
}

/**
 * How many bytes the frame at the beginning has, its prefix included; null while the prefix is not complete.
 * @throws HeadframeError `protocol/malformed` when the prefix says more than {@link MAX_FRAME_BYTES}: no device does, and
 * what is no frame at all (an HTTP reply) says so too
 */
export function frameLength(bytes: Uint8Array): number | null {
  if (bytes.length < PREFIX) return null;
  const body = new DataView(bytes.buffer, bytes.byteOffset, PREFIX).getUint32(0, true);
  if (body > MAX_FRAME_BYTES) {
    throw new HeadframeError('protocol/malformed', { detail: `a frame of ${body} bytes is announced`, offset: 0 });
  }
  return PREFIX + body;
}

/** The body of a whole frame. */
export const frameBody = (whole: Uint8Array): Uint8Array => whole.subarray(PREFIX);
