import { ASSUMED } from './sim-assumed.ts';
import type { Firmware } from './sim-config.ts';
import type { AntminerModel } from './sim-models.ts';

/*
 * Files that are sent to the machine, and firmware in a form of this simulator's own: a real image is a signed archive
 * that nobody can make. Ours is text lines up to the first empty one, whatever bytes follow:
 *
 *   headframe simulated firmware
 *   version: FR-1.13(260110-S21)              what the machine calls itself afterwards
 *   compiled: Sat Jan 10 18:00:00 CST 2026    CompileTime afterwards; unchanged without this line
 *   model: Antminer S21                       refused by every other model; for all without this line
 */
const FIRST_LINE = 'headframe simulated firmware';
const MOST_HEADER_BYTES = 4096;

/** Bytes as the letters of their numbers. */
const latin1 = (bytes: Uint8Array): string => {
  let out = '';
  for (const byte of bytes) out += String.fromCharCode(byte);
  return out;
};

/** Where a piece of ASCII starts in bytes, from a place on; -1: nowhere. */
function find(bytes: Uint8Array, piece: string, from: number): number {
  const first = piece.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < piece.length && bytes[at + i] === piece.charCodeAt(i)) i++;
    if (i === piece.length) return at;
  }
  return -1;
}

/** Parts that are looked through for a file. */
const MOST_PARTS = 16;

/**
 * The first file of a multipart form, whatever its field is called: `firmware`, `datafile` and `file` were seen
 * (protocols.md 2.3). Null when there is none, or the body is no form of this kind, or cut.
 */
export function uploadedFile(body: Uint8Array, contentType: string): Uint8Array | null {
  const found = /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) return null;
  const delimiter = `--${boundary}`;
  if (find(body.subarray(0, delimiter.length), delimiter, 0) !== 0) return null;
  let at = delimiter.length;
  for (let part = 0; part < MOST_PARTS; part++) {
    // A search that could find nothing but the last part's end goes over every byte once.
    const headersEnd = find(body.subarray(0, at + MOST_HEADER_BYTES), '\r\n\r\n', at);
    if (headersEnd < 0) return null;
    const end = find(body, `\r\n${delimiter}`, headersEnd + 2);
    if (end < 0) return null;
    const headers = latin1(body.subarray(at, headersEnd));
    const isFile = /^content-disposition:[^\r\n]*;\s*filename="?[^";\r\n]/im.test(headers);
    if (isFile) return body.subarray(Math.min(end, headersEnd + 4), end);
    at = end + 2 + delimiter.length;
  }
  return null;
}

/** The firmware of an image, or why the machine does not take it. */
export function firmwareOf(image: Uint8Array, model: AntminerModel, now: Firmware): Firmware | string {
  const [first, ...rest] = latin1(image.subarray(0, MOST_HEADER_BYTES))
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  if (first !== FIRST_LINE) return ASSUMED.firmwareUnreadable;
  const empty = rest.indexOf('');
  const values = new Map<string, string>();
  for (const line of empty < 0 ? rest : rest.slice(0, empty)) {
    const [, name, value] = /^(version|compiled|model): ([ -~]{1,64})$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
  }
  const version = values.get('version');
  if (version === undefined) return ASSUMED.firmwareUnreadable;
  if (values.has('model') && values.get('model') !== model.type) return ASSUMED.firmwareForOthers;
  return { version, compileTime: values.get('compiled') ?? now.compileTime };
}
