/** A number as devices write it: thousands separators, blanks around it, no hexadecimal. */
const NUMBER = /^\s*[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:e[+-]?\d+)?\s*$/i;

/**
 * A number from what a device sent: a number, or a string such as `"15679.6"`, `"  5.0000"` or `"18,500.5"`.
 * @param factor to the unit that is wanted, such as 1e9 from GH/s to H/s
 * @returns null for everything else, also for an empty string, inf and nan
 */
export function toNumber(value: unknown, factor = 1): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? parse(value) : Number.NaN;
  // 266.84 GH/s is 266840000000 H/s, and not the nearest product of two binary fractions.
  const scaled = factor >= 1000 ? Math.round(number * factor) : number * factor;
  return Number.isFinite(scaled) ? scaled : null;
}

/** Most texts are plain numbers, which the engine reads fastest; hexadecimal and a blank are none to us. */
function parse(text: string): number {
  const plain = Number(text);
  if (Number.isNaN(plain)) return text.includes(',') && NUMBER.test(text) ? Number(text.replaceAll(',', '')) : plain;
  return LETTERS.test(text) || text.trim() === '' ? Number.NaN : plain;
}

const LETTERS = /[a-df-z]/i;

/** A number that means something only above 0: where nothing is to be told, devices send 0 (no job yet, no sensor). */
export const positive = (value: number | null | undefined): number | null =>
  value == null || value <= 0 ? null : value;

/**
 * Reads one record by field name. Devices write the same field as a number, as a string or not at all: a field that is
 * not there, or not what was asked for, is null.
 */
export class Fields {
  private readonly record: Readonly<Record<string, unknown>>;

  /** @param record what a device sent; anything but an object reads as a record without fields */
  constructor(record: unknown) {
    const usable = typeof record === 'object' && record !== null && !Array.isArray(record);
    this.record = usable ? (record as Record<string, unknown>) : {};
  }

  has(name: string): boolean {
    return Object.hasOwn(this.record, name);
  }

  /** The value as it came, undefined when there is none. */
  raw(name: string): unknown {
    // What every object inherits are functions, and no device can send one: cheaper than asking whether it is its own.
    const value = this.record[name];
    return typeof value === 'function' ? undefined : value;
  }

  /** See {@link toNumber}. */
  num(name: string, factor = 1): number | null {
    return toNumber(this.raw(name), factor);
  }

  /** A whole number; a fraction is cut off (`"5.0000"`). */
  int(name: string): number | null {
    const number = this.num(name);
    return number === null ? null : Math.trunc(number);
  }

  /** Text as sent, numbers and booleans as text; null when empty. */
  str(name: string): string | null {
    const value = this.raw(name);
    if (typeof value === 'string') return value === '' ? null : value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
  }

  /** `true`, `"true"`, `"Y"`, 1 and `"1"`, and their opposites. */
  bool(name: string): boolean | null {
    const value = this.raw(name);
    if (typeof value === 'boolean') return value;
    switch (typeof value === 'string' ? value.toLowerCase() : value) {
      case 'true':
      case 'y':
      case '1':
      case 1:
        return true;
      case 'false':
      case 'n':
      case '0':
      case 0:
        return false;
      default:
        return null;
    }
  }

  keys(): string[] {
    return Object.keys(this.record);
  }

  /** The object in a field; without fields when there is none. */
  sub(name: string): Fields {
    return new Fields(this.raw(name));
  }

  /** The list in a field; empty when there is none. */
  list(name: string): unknown[] {
    const value = this.raw(name);
    return Array.isArray(value) ? value : [];
  }
}
