/** Where a reply's text ends, and what is behind it. */
export interface Framing {
  /** Behind the last byte of the text: the NULs and blanks that follow are framing. */
  readonly end: number;
  /** Where more begins than the one NUL that cgminer ends a reply with (protocols.md 1.1), or -1. */
  readonly trailing: number;
}

/** The framing of a reply; positions in bytes (in UTF-16 units when it is a string). */
export function framingOf(input: Uint8Array | string): Framing {
  const codeAt = (i: number): number => (typeof input === 'string' ? input.charCodeAt(i) : (input[i] as number));
  let end = input.length;
  let nul = -1;
  for (; end > 0; end--) {
    const code = codeAt(end - 1);
    if (code === 0) nul = end - 1;
    else if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
  }
  return { end, trailing: nul >= 0 && nul < input.length - 1 ? nul + 1 : -1 };
}

/** A size limit as it stands in messages. */
export const limitInWords = (bytes: number): string =>
  bytes % (1 << 20) === 0 ? `${bytes / (1 << 20)} MiB` : `${bytes} bytes`;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const loose = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes as text. What is not UTF-8 reads as U+FFFD, and `invalidAt` is where the first of it stands, else -1. */
export function decodeText(bytes: Uint8Array): { text: string; invalidAt: number } {
  try {
    return { text: strict.decode(bytes), invalidAt: -1 };
  } catch {
    const text = loose.decode(bytes);
    const again = encoder.encode(text);
    return { text, invalidAt: bytes.findIndex((byte, i) => byte !== again[i]) };
  }
}
