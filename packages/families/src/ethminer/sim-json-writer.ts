import { Real } from './sim-json-reader.ts';

/*
 * JSON as ethminer's own writer prints it (jsoncpp, no indentation): keys in alphabetical order, everything beyond ASCII
 * as \u escapes in small letters, broken UTF-8 as \ufffd (protocols.md 5.1; transcripts `malformed`, `open-write`).
 */

/** What is printed. A `number` is an integer; a `Real` keeps a decimal point. Strings are byte strings. */
export type Printed = null | boolean | number | bigint | Real | string | readonly Printed[] | PrintedObject;
export interface PrintedObject {
  readonly [key: string]: Printed;
}

export function printJson(value: Printed): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return String(Math.trunc(value));
  if (typeof value === 'string') return quoted(value);
  if (value instanceof Real) return printReal(value.value);
  if (Array.isArray(value)) return `[${value.map(printJson).join(',')}]`;
  const members = Object.entries(value as PrintedObject).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, item]) => `${quoted(key)}:${printJson(item)}`).join(',')}}`;
}

/** `%.17g`, and `.0` where there is neither point nor exponent: 118.213 comes out as 118.21299999999999. */
export function printReal(value: number): string {
  const [mantissa = '', exponent] = value.toPrecision(17).split('e');
  const digits = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (exponent === undefined) return digits.includes('.') ? digits : `${digits}.0`;
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function quoted(text: string): string {
  if (/^[ !#-[\]-\x7f]*$/.test(text)) return `"${text}"`;
  let out = '';
  for (let at = 0; at < text.length; ) {
    const short = SHORT[text.charAt(at)];
    if (short !== undefined) {
      out += short;
      at++;
      continue;
    }
    const [codePoint, length] = decoded(text, at);
    out += codePoint >= 0x20 && codePoint < 0x80 ? String.fromCharCode(codePoint) : escaped(codePoint);
    at += length;
  }
  return `"${out}"`;
}

function escaped(codePoint: number): string {
  const unit = (value: number): string => `\\u${value.toString(16).padStart(4, '0')}`;
  if (codePoint < 0x10000) return unit(codePoint);
  const rest = codePoint - 0x10000;
  return unit(0xd800 + ((rest >> 10) & 0x3ff)) + unit(0xdc00 + (rest & 0x3ff));
}

const REPLACEMENT = 0xfffd;

/** One character of UTF-8 and how many bytes it took. That what follows the first byte belongs to it is not checked. */
function decoded(text: string, at: number): readonly [number, number] {
  const first = text.charCodeAt(at);
  if (first < 0x80) return [first, 1];
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
  if (length === 1 || text.length - at < length) return [REPLACEMENT, 1];
  let value = first & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) value = (value << 6) | (text.charCodeAt(at + i) & 0x3f);
  const least = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000;
  const isSurrogate = length === 3 && value >= 0xd800 && value <= 0xdfff;
  return [value < least || isSurrogate ? REPLACEMENT : value, length];
}
