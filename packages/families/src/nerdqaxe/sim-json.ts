/*
 * JSON as ArduinoJson reads and prints it.
 */

/** A double: from 1e7 on it is printed with an exponent, whole or not. */
export class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Up to nine decimals, six for single precision; an exponent from 1e7 on and up to 1e-5. */
function double(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return 'null';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size <= 1e-5)) {
    const [digits = '0', power = '0'] = value.toExponential(decimals).split('e');
    return `${Number(digits)}e${Number(power)}`;
  }
  return String(Number(value.toFixed(decimals)));
}

/** Whole numbers are integers, all others single precision. */
export function printed(value: unknown): string {
  if (value instanceof Double) return double(value.value, 9);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : double(value, 6);
  if (Array.isArray(value)) return `[${value.map(printed).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${JSON.stringify(key)}:${printed(inner)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** A number that was written with a point or an exponent: no integer to ArduinoJson, whatever its value. */
export class Floating {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;
const MARK = '\u0001float';

/** A document from a body; undefined: it is none. */
export function parsed(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  const marked = text.replace(TOKEN, (token) =>
    token.startsWith('"') || !/[.eE]/.test(token) ? token : `{"${'\\u0001'}float":${token}}`,
  );
  try {
    JSON.parse(text);
    return JSON.parse(marked, (_, value: unknown) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, MARK)
        ? new Floating(Number((value as Record<string, unknown>)[MARK]))
        : value,
    ) as unknown;
  } catch {
    return undefined;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Floating);

/** `is<uint16_t>()` and its like: what fits, or null. */
export const u16 = (value: unknown): number | null => whole(value, 0xffff);
export const u32 = (value: unknown): number | null => whole(value, 0xffffffff);
export const bool = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null);
export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const float = (value: unknown): number | null =>
  typeof value === 'number' ? value : value instanceof Floating && Number.isFinite(value.value) ? value.value : null;
/** A switch that takes a boolean or an integer. */
export const boolOrInt = (value: unknown): boolean | null =>
  typeof value === 'boolean' ? value : typeof value === 'number' ? value !== 0 : null;

const whole = (value: unknown, most: number): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most ? value : null;
