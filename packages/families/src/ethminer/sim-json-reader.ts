/*
 * JSON as ethminer's own reader takes it: jsoncpp's `Reader`, lenient (protocols.md 5.1; transcripts `malformed` and
 * `crash-nesting`). Comments between tokens and anything behind the first value are fine, trailing commas are not;
 * numbers may begin with zeros; strings may hold any byte; of duplicate keys the last one counts.
 * Works on byte strings (one character per byte). Positions in errors count from 1, as the reader words them.
 */

/** A number with a fraction or an exponent, or one beyond 64 bits. All others are `bigint`. */
export class Real {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export type JsonObject = ReadonlyMap<string, JsonValue>;
export type JsonValue = null | boolean | bigint | Real | string | readonly JsonValue[] | JsonObject;

export type JsonResult =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'error'; readonly text: string }
  /** Nested too deeply: nobody catches what the reader throws then, and the process ends. */
  | { readonly kind: 'fatal' };

/** Values inside values, the outermost counted (transcript `crash-nesting`: 999 arrays in an object are fine). */
const DEEPEST = 1000;

export function readJson(text: string): JsonResult {
  try {
    return { kind: 'value', value: new Reader(text).value(1) };
  } catch (thrown) {
    if (thrown instanceof TooDeep) return { kind: 'fatal' };
    if (thrown instanceof Invalid) return { kind: 'error', text: thrown.message };
    throw thrown;
  }
}

class TooDeep extends Error {}
class Invalid extends Error {}

type Kind = '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'number' | 'word' | 'comment' | 'end' | 'error';

interface Token {
  readonly kind: Kind;
  readonly start: number;
  readonly end: number;
}

const WORDS: Readonly<Record<string, readonly [string, JsonValue]>> = {
  t: ['true', true],
  f: ['false', false],
  n: ['null', null],
};
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
const BLANKS = /[ \t\r\n]*/y;
const NUMBER = /-?[0-9]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?/y;
const UINT64_MAX = 2n ** 64n - 1n;
const INT64_MIN = 2n ** 63n;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonValue {
    if (depth > DEEPEST) throw new TooDeep();
    const token = this.#next();
    switch (token.kind) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case 'number':
        return this.#number(token);
      case 'string':
        return this.#string(token);
      case 'word':
        return WORDS[this.#text.charAt(token.start)]?.[1] ?? null;
      default:
        return this.#fail('Syntax error: value, object or array expected.', token);
    }
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, JsonValue>();
    let name = '';
    for (;;) {
      const key = this.#next();
      // It looks whether there was a name before, not whether there was a member: `{"":1,}` passes.
      if (key.kind === '}' && name === '') return members;
      if (key.kind !== 'string') return this.#fail("Missing '}' or object member name", key);
      name = this.#string(key);
      const colon = this.#token();
      if (colon.kind !== ':') return this.#fail("Missing ':' after object member name", colon);
      members.set(name, this.value(depth + 1));
      const comma = this.#next();
      if (comma.kind === '}') return members;
      if (comma.kind !== ',') return this.#fail("Missing ',' or '}' in object declaration", comma);
    }
  }

  #array(depth: number): readonly JsonValue[] {
    const items: JsonValue[] = [];
    this.#blanks();
    if (this.#text.charAt(this.#at) === ']') {
      this.#at++;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      const comma = this.#next();
      if (comma.kind === ']') return items;
      if (comma.kind !== ',') return this.#fail("Missing ',' or ']' in array declaration", comma);
    }
  }

  #number(token: Token): JsonValue {
    const text = this.#text.slice(token.start, token.end);
    if (/^-?[0-9]*$/.test(text)) {
      const negative = text.startsWith('-');
      // A lone minus is 0. Beyond 20 digits no number is built from a long request that does not fit anyway.
      const digits = (negative ? text.slice(1) : text).replace(/^0+/, '');
      const value = digits.length > 20 ? UINT64_MAX + 1n : BigInt(digits === '' ? '0' : digits);
      if (value <= (negative ? INT64_MIN : UINT64_MAX)) return negative ? -value : value;
    }
    const value = Number(text);
    if (!Number.isFinite(value)) return this.#fail(`'${text}' is not a number.`, token);
    return new Real(value);
  }

  #string(token: Token): string {
    const end = token.end - 1;
    let out = '';
    for (let at = token.start + 1; at < end; ) {
      const backslash = this.#text.indexOf('\\', at);
      const plain = backslash < 0 || backslash > end ? end : backslash;
      out += this.#text.slice(at, plain);
      if (plain === end) return out;
      const letter = this.#text.charAt(plain + 1);
      at = plain + 2;
      if (letter === 'u') {
        const [codePoint, behind] = this.#codePoint(token, at, end);
        out += utf8Of(codePoint);
        at = behind;
      } else out += ESCAPES[letter] ?? this.#fail('Bad escape sequence in string', token, at);
    }
    return out;
  }

  #codePoint(token: Token, from: number, end: number): readonly [number, number] {
    const unit = this.#hex4(token, from, end);
    const at = from + 4;
    if (unit < 0xd800 || unit > 0xdbff) return [unit, at];
    if (end - at < 6) {
      return this.#fail('additional six characters expected to parse unicode surrogate pair.', token, at);
    }
    if (!this.#text.startsWith('\\u', at)) {
      const what = 'expecting another \\u token to begin the second half of a unicode surrogate pair';
      return this.#fail(what, token, this.#text.charAt(at) === '\\' ? at + 2 : at + 1);
    }
    // That the second half is one is not checked.
    return [0x10000 + ((unit & 0x3ff) << 10) + (this.#hex4(token, at + 2, end) & 0x3ff), at + 6];
  }

  #hex4(token: Token, at: number, end: number): number {
    if (end - at < 4) return this.#fail('Bad unicode escape sequence in string: four digits expected.', token, at);
    const digits = this.#text.slice(at, at + 4);
    const wrong = digits.search(/[^0-9a-fA-F]/);
    if (wrong < 0) return Number.parseInt(digits, 16);
    const what = 'Bad unicode escape sequence in string: hexadecimal digit expected.';
    return this.#fail(what, token, at + wrong + 1);
  }

  #blanks(): void {
    BLANKS.lastIndex = this.#at;
    BLANKS.exec(this.#text);
    this.#at = BLANKS.lastIndex;
  }

  /** The next token that is no comment. */
  #next(): Token {
    for (;;) {
      const token = this.#token();
      if (token.kind !== 'comment') return token;
    }
  }

  #token(): Token {
    this.#blanks();
    const start = this.#at;
    const first = this.#text.charAt(start);
    const taken = (kind: Kind, end: number): Token => {
      this.#at = end;
      return { kind, start, end };
    };
    // A NUL reads as the end, wherever it stands.
    if (first === '' || first === '\0') return taken('end', start + first.length);
    if ('{}[],:'.includes(first)) return taken(first as Kind, start + 1);
    if (first === '"') {
      const end = this.#endOfString(start + 1);
      return end === null ? taken('error', this.#text.length) : taken('string', end);
    }
    if (/[-0-9]/.test(first)) {
      NUMBER.lastIndex = start;
      NUMBER.exec(this.#text);
      return taken('number', NUMBER.lastIndex);
    }
    if (first === '/') return this.#comment(start, taken);
    const word = WORDS[first]?.[0];
    if (word !== undefined && this.#text.startsWith(word, start)) return taken('word', start + word.length);
    return taken('error', start + 1);
  }

  #comment(start: number, taken: (kind: Kind, end: number) => Token): Token {
    const second = this.#text.charAt(start + 1);
    if (second === '/') {
      const line = this.#text.slice(start).search(/[\r\n]/);
      return taken('comment', line < 0 ? this.#text.length : start + line + 1);
    }
    const close = second === '*' ? this.#text.indexOf('*/', start + 2) : -1;
    return close < 0 ? taken('error', this.#text.length) : taken('comment', close + 2);
  }

  #endOfString(from: number): number | null {
    for (let at = from; at < this.#text.length; at++) {
      const letter = this.#text.charAt(at);
      if (letter === '"') return at + 1;
      if (letter === '\\') at++;
    }
    return null;
  }

  /** Says it as the reader formats it, with its line breaks as the blanks that ethminer makes of them. */
  #fail(what: string, token: Token, detail?: number): never {
    const see = detail === undefined ? '' : `See ${this.#place(detail)} for detail. `;
    throw new Invalid(`* ${this.#place(token.start)}   ${what} ${see}`);
  }

  #place(at: number): string {
    const before = this.#text.slice(0, at).split(/\r\n|\r|\n/);
    return `Line ${before.length}, Column ${(before.at(-1)?.length ?? 0) + 1}`;
  }
}

/** UTF-8 as bytes, half of a surrogate pair included. */
function utf8Of(codePoint: number): string {
  if (codePoint < 0x80) return String.fromCharCode(codePoint);
  const tail = (shift: number): number => 0x80 | ((codePoint >> shift) & 0x3f);
  if (codePoint < 0x800) return String.fromCharCode(0xc0 | (codePoint >> 6), tail(0));
  if (codePoint < 0x10000) return String.fromCharCode(0xe0 | (codePoint >> 12), tail(6), tail(0));
  return String.fromCharCode(0xf0 | (codePoint >> 18), tail(12), tail(6), tail(0));
}
