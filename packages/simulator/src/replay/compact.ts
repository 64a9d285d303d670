/**
 * JSON without the blanks between its tokens and with every token as it was written: captures were reformatted before
 * they were published, and a device sends one line. Numbers keep their form (`0.00`, `0E-8`), which parsing would lose.
 */
export function compact(json: string): string {
  let out = '';
  let from = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (inString) {
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) {
      out += json.slice(from, i);
      from = i + 1;
    }
  }
  return out + json.slice(from);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
