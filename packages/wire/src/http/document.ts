import type { HttpDoc, HttpReply } from '@headframe/model';
import { parseLenient } from '../json/index.ts';

const MAX_TEXT_BYTES = 64 * 1024;

/** An HTTP reply as probes see it: its text, and its JSON where the body is some, whatever the header says. */
export function parseHttpDoc(reply: HttpReply): HttpDoc {
  return {
    status: reply.status,
    headers: reply.headers,
    text: new TextDecoder().decode(reply.body.subarray(0, MAX_TEXT_BYTES)),
    json: jsonOf(reply.body),
  };
}

/** Shell scripts of miners send JSON under any content type or none (protocols.md 2.2): the first letter decides. */
function jsonOf(body: Uint8Array): unknown {
  const letter = body.find((byte) => byte > 0x20);
  if (letter !== 0x7b && letter !== 0x5b) return undefined;
  try {
    return parseLenient(body).value;
  } catch {
    return undefined;
  }
}
