/*
 * JSON as strictly as the library inside cgminer reads it (jansson, default flags; seen in the malformed transcripts):
 * trailing blanks are fine, anything else behind the object is not; NUL, control characters, lone surrogates, unknown
 * escapes and broken UTF-8 are errors, as are numbers that do not fit; of duplicate keys the last one counts.
 * Works on byte strings (one character per byte).
 */

/** Arrays and objects are only checked, except the outermost object: no command looks into them. */
export type JsonKind = 'array' | 'object';

export type StrictValue = string | boolean | null | bigint | number | { readonly kind: JsonKind };

/** Nesting beyond this is an error in jansson. */
const MAX_DEPTH = 2048;

/** The members of a request, or null when it is not the JSON that the library accepts. */
export function parseStrictObject(text: string): Map<string, StrictValue> | null {
  if (!isUtf8(text)) return null;
  const parser = new Parser(text);
  try {
    const members = parser.document();
    return members;
  } catch (thrown) {
    if (thrown instanceof Invalid) return null;
    throw thrown;
  }
}

class Invalid extends Error {}

const invalid = (): never => {
  throw new Invalid();
};

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
/** Bytes that stand for themselves in a string: all from the blank on, without the quote and the backslash. */
const PLAIN = /[ !#-[\]-\xff]*/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Map<string, StrictValue> {
    this.#blanks();
    const members = this.#object(1);
    this.#blanks();
    return this.#at === this.#text.length ? members : invalid();
  }

  #blanks(): void {
    while (this.#at < this.#text.length && ' \t\n\r'.includes(this.#text.charAt(this.#at))) this.#at++;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #take(expected: string): void {
    if (this.#peek() !== expected) invalid();
    this.#at++;
  }

  #object(depth: number): Map<string, StrictValue> {
    if (depth > MAX_DEPTH) invalid();
    const members = new Map<string, StrictValue>();
    this.#take('{');
    this.#blanks();
    if (this.#peek() === '}') {
      this.#at++;
      return members;
    }
    for (;;) {
      this.#blanks();
      const key = this.#string();
      this.#blanks();
      this.#take(':');
      members.set(key, this.#value(depth + 1));
      this.#blanks();
      if (this.#peek() === '}') break;
      this.#take(',');
    }
    this.#at++;
    return members;
  }

  #array(depth: number): void {
    if (depth > MAX_DEPTH) invalid();
    this.#take('[');
    this.#blanks();
    if (this.#peek() === ']') {
      this.#at++;
      return;
    }
    for (;;) {
      this.#value(depth + 1);
      this.#blanks();
      if (this.#peek() === ']') break;
      this.#take(',');
    }
    this.#at++;
  }

  #value(depth: number): StrictValue {
    this.#blanks();
    switch (this.#peek()) {
      case '{':
        this.#object(depth);
        return { kind: 'object' };
      case '[':
        this.#array(depth);
        return { kind: 'array' };
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) invalid();
    this.#at += word.length;
    return value;
  }

  #number(): bigint | number {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) return invalid();
    this.#at = NUMBER.lastIndex;
    if (match[1] === undefined && match[2] === undefined) {
      // 19 digits are the longest that can fit; a longer run is out of range without being computed.
      if (match[0].length > 20) return invalid();
      const value = BigInt(match[0]);
      return BigInt.asIntN(64, value) === value ? value : invalid();
    }
    const value = Number(match[0]);
    return Number.isFinite(value) ? value : invalid();
  }

  #string(): string {
    this.#take('"');
    let out = '';
    for (;;) {
      PLAIN.lastIndex = this.#at;
      const plain = PLAIN.exec(this.#text)?.[0] ?? '';
      out += plain;
      this.#at += plain.length;
      const next = this.#peek();
      this.#at++;
      if (next === '"') return out;
      if (next !== '\\') return invalid();
      out += this.#escape();
    }
  }

  #escape(): string {
    const letter = this.#peek();
    this.#at++;
    if (letter !== 'u') return ESCAPES[letter] ?? invalid();
    const unit = this.#hex4();
    if (unit === 0) return invalid();
    if (unit < 0xd800 || unit > 0xdfff) return utf8Of(unit);
    if (unit > 0xdbff || !this.#text.startsWith('\\u', this.#at)) return invalid();
    this.#at += 2;
    const low = this.#hex4();
    if (low < 0xdc00 || low > 0xdfff) return invalid();
    return utf8Of(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
  }

  #hex4(): number {
    const digits = this.#text.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) invalid();
    this.#at += 4;
    return Number.parseInt(digits, 16);
  }
}

function utf8Of(codePoint: number): string {
  if (codePoint < 0x80) return String.fromCharCode(codePoint);
  let out = '';
  for (const byte of new TextEncoder().encode(String.fromCodePoint(codePoint))) out += String.fromCharCode(byte);
  return out;
}

/** Whether the bytes are well-formed UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
function isUtf8(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a byte string of ASCII alone, NUL included
  if (/^[\u0000-\u007f]*$/.test(text)) return true;
  const bytes = Uint8Array.from(text, (byte) => byte.charCodeAt(0));
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
