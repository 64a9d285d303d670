/*
 * A form of several parts (RFC 7578), as the upload of a firmware comes.
 */

const MOST_PARTS = 8;
const MOST_HEADER_BYTES = 2048;

/** Where a piece of ASCII begins at or behind a place; -1 when it is not there. */
function find(bytes: Uint8Array, piece: string, from: number): number {
  const first = piece.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < piece.length && bytes[at + i] === piece.charCodeAt(i)) i++;
    if (i === piece.length) return at;
  }
  return -1;
}

/** The parts by their names. Null for a body that is no such form, or is cut. */
export function formParts(body: Uint8Array, contentType: string): ReadonlyMap<string, Uint8Array> | null {
  const [, quoted, plain] =
    /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return null;
  const delimiter = `--${boundary}`;
  const parts = new Map<string, Uint8Array>();
  if (find(body.subarray(0, delimiter.length), delimiter, 0) !== 0) return null;
  let at = delimiter.length;
  for (let part = 0; part < MOST_PARTS; part++) {
    if (body[at] === 0x2d && body[at + 1] === 0x2d) return parts;
    const headersEnd = find(body.subarray(0, at + MOST_HEADER_BYTES), '\r\n\r\n', at);
    if (headersEnd < 0) return null;
    const end = find(body, `\r\n${delimiter}`, headersEnd + 2);
    if (end < 0) return null;
    const headers = new TextDecoder().decode(body.subarray(at, headersEnd));
    const [, name] = /^content-disposition:[^\r\n]*;\s*name="?([^";\r\n]*)/im.exec(headers) ?? [];
    if (name !== undefined) parts.set(name, body.subarray(Math.min(end, headersEnd + 4), end));
    at = end + 2 + delimiter.length;
  }
  return null;
}
