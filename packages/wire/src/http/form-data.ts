/*
 * A form of several parts (RFC 7578), as the upload of a firmware comes. Read where it lies: a firmware is large.
 */

export interface FormPart {
  /** The lines above the content, each byte one letter. */
  readonly headers: string;
  readonly content: Uint8Array;
}

export interface FormLimits {
  readonly mostParts: number;
  /** How far the end of a part's headers is looked for, from the delimiter on. */
  readonly mostHeaderBytes: number;
}

/**
 * The parts in their order, as far as they are whole. Ends with true when the form ended as it should; false: the body is
 * no such form, is cut, or passes a limit.
 * @param contentType of the request, with the boundary
 */
export function* formParts(
  body: Uint8Array,
  contentType: string,
  { mostParts, mostHeaderBytes }: FormLimits,
): Generator<FormPart, boolean, undefined> {
  const [, quoted, plain] =
    /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return false;
  const delimiter = `--${boundary}`;
  if (find(body.subarray(0, delimiter.length), delimiter, 0) !== 0) return false;
  let at = delimiter.length;
  for (let part = 0; part < mostParts; part++) {
    if (body[at] === 0x2d && body[at + 1] === 0x2d) return true;
    // A search that could find nothing but the last part's end goes over every byte once.
    const headersEnd = find(body.subarray(0, at + mostHeaderBytes), '\r\n\r\n', at);
    if (headersEnd < 0) return false;
    const end = find(body, `\r\n${delimiter}`, headersEnd + 2);
    if (end < 0) return false;
    yield {
      headers: latin1(body.subarray(at, headersEnd)),
      content: body.subarray(Math.min(end, headersEnd + 4), end),
    };
    at = end + 2 + delimiter.length;
  }
  return false;
}

/** Bytes as the letters of their numbers. */
export const latin1 = (bytes: Uint8Array): string => {
  let out = '';
  for (const byte of bytes) out += String.fromCharCode(byte);
  return out;
};

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
