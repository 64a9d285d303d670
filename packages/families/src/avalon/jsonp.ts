import { HeadframeError, printable, type Repair } from '@headframe/model';
import { parseLenient } from '@headframe/wire/json';

export interface Jsonp {
  /** The function that the page would call: `minerinfoCallback`. */
  readonly callback: string;
  readonly value: unknown;
  readonly repairs: readonly Repair[];
}

/** Longer than any of these pages. */
const MOST_BYTES = 64 * 1024;

/**
 * `minerinfoCallback({...});`: how the web pages of an Avalon hand out their values (protocols.md 4). Blanks around it
 * and a missing semicolon are no fault.
 * @throws HeadframeError `protocol/wrong-shape` when it is something else, such as the page for the login;
 * `protocol/malformed`, `protocol/truncated`, `link/too-large` as {@link parseLenient}
 */
export function parseJsonp(body: Uint8Array | string): Jsonp {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body.subarray(0, MOST_BYTES + 1));
  if (text.length > MOST_BYTES) throw new HeadframeError('link/too-large', { limit: '64 KiB', bytes: text.length });
  const call = text.trim();
  const callback = /^[A-Za-z_$][\w$]{0,63}(?=\s{0,8}\()/.exec(call)?.[0];
  if (callback === undefined) throw wrongShape(text, 'no call of a function');
  const open = call.indexOf('(') + 1;
  const close = call.lastIndexOf(')');
  if (close < open)
    throw new HeadframeError('protocol/truncated', { bytes: text.length, detail: 'its call does not end' });
  if (!/^[\s;]*$/.test(call.slice(close + 1))) throw wrongShape(text, 'something behind the call');
  const { value, repairs } = parseLenient(call.slice(open, close), { maxBytes: MOST_BYTES * 4 });
  return { callback, value, repairs };
}

function wrongShape(text: string, detail: string): HeadframeError {
  const firstBytes = printable(new TextEncoder().encode(text.slice(0, 64)));
  return new HeadframeError('protocol/wrong-shape', { detail, bytes: text.length, firstBytes });
}
