const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Six bits by character code; 255: no letter of the alphabet. */
const VALUES = new Uint8Array(128).fill(255);
for (let i = 0; i < LETTERS.length; i++) VALUES[LETTERS.charCodeAt(i)] = i;

/** Base64 with padding (RFC 4648 4). */
export function encodeBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const left = bytes.length - i;
    const bits = (a << 16) | (b << 8) | c;
    out += LETTERS.charAt(bits >> 18) + LETTERS.charAt((bits >> 12) & 63);
    out += left > 1 ? LETTERS.charAt((bits >> 6) & 63) : '=';
    out += left > 2 ? LETTERS.charAt(bits & 63) : '=';
  }
  return out;
}

/**
 * The bytes of a base64 text, or null when it is none. Line breaks are skipped, as `base64` programs write them; the
 * padding may be left out.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const end = textEnd(text);
  const out = new Uint8Array(Math.floor((end * 3) / 4));
  let bits = 0;
  let held = 0;
  let length = 0;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a || code === 0x0d) continue;
    const value = code < 128 ? (VALUES[code] as number) : 255;
    if (value === 255) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[length++] = (bits >> held) & 0xff;
    }
  }
  // Six bits left over are a lone letter: no whole byte ends there.
  return held === 6 ? null : out.subarray(0, length);
}

/** Where the letters end: behind them stand at most two `=` and line breaks. */
function textEnd(text: string): number {
  let end = text.length;
  for (let padding = 0; end > 0; end--) {
    const code = text.charCodeAt(end - 1);
    if (code === 0x3d && padding < 2) padding++;
    else if (code !== 0x0a && code !== 0x0d) break;
  }
  return end;
}
