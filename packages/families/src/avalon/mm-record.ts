/**
 * The one long string in which an Avalon reports itself: `Key[value]` tokens with blanks between them, plain on the
 * A-series (`MM ID0`), grouped on the Q, Nano and Mini (`'STATS':{...}`, `'HB0':{...}`) (protocols.md 4).
 * Keys may hold blanks (`Nonce Mask[25]`); values may hold commas, colons and percent signs.
 */
export class MmRecord {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** A value as sent; null where the key is not there or its value is empty. */
  text(key: string): string | null {
    const value = this.#values.get(key)?.trim();
    return value === undefined || value === '' ? null : value;
  }

  /** A single number, a trailing percent sign dropped. */
  num(key: string): number | null {
    return toNumber(this.text(key));
  }

  /** A list of numbers; what is not a number is null, so that positions stay true. */
  nums(key: string): (number | null)[] {
    const text = this.text(key);
    return text === null ? [] : text.split(/\s+/).map(toNumber);
  }
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?%?$/i;

const toNumber = (text: string | null): number | null =>
  text === null || !NUMBER.test(text) ? null : Number.parseFloat(text);

/**
 * Reads such a string into its groups; the plain form is one group named ''.
 * Never fails: what does not follow the grammar is passed over, and a string cut short gives what came whole.
 * A value ends at a `]` with a blank, a comma, a `}` or the end behind it, so that a Wi-Fi name with a bracket survives.
 */
export function parseMmRecord(text: string): Map<string, MmRecord> {
  const groups = new Map<string, Map<string, string>>();
  let group = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('[', at);
    if (open < 0) break;
    const before = text.slice(at, open);
    const named = [...before.matchAll(/'([^']*)'\s*:\s*\{/g)].pop();
    if (named !== undefined) group = named[1] ?? '';
    const key = (named === undefined ? before : before.slice(named.index + named[0].length)).replace(/^[\s,}]+/, '');
    const close = endOfValue(text, open + 1);
    if (close < 0) break;
    const values = groups.get(group) ?? new Map<string, string>();
    groups.set(group, values);
    if (key !== '') values.set(key.trim(), text.slice(open + 1, close));
    at = close + 1;
  }
  return new Map([...groups].map(([name, values]) => [name, new MmRecord(values)]));
}

function endOfValue(text: string, from: number): number {
  for (let at = text.indexOf(']', from); at >= 0; at = text.indexOf(']', at + 1)) {
    const next = text[at + 1];
    if (next === undefined || next === ' ' || next === '}' || next === ',' || next === '\n' || next === '\r') return at;
  }
  return -1;
}
