import { type JsonObject, type JsonValue, Real } from './sim-json-reader.ts';
import type { PrintedObject } from './sim-json-writer.ts';

/*
 * How ethminer reads the members of a request: it says what is missing, of another type or empty, in this order
 * (protocols.md 5.3 to 5.5; transcripts `open-write`, `password`).
 */

/** Ends the handling of a request with an error object. */
export class Refusal extends Error {
  readonly error: PrintedObject;

  constructor(error: PrintedObject) {
    super('refused');
    this.error = error;
  }
}

/** What the program does not expect: answered with id null and `errorcode` 500 (protocols.md 5.4). */
export class Unexpected extends Error {}

export const refusal = (code: number, message: string): Refusal => new Refusal({ code, message });

const invalid = (name: string): Refusal => refusal(-32602, `Invalid type of value '${name}'`);

export const isObject = (value: JsonValue | undefined): value is JsonObject => value instanceof Map;

const UINT32 = 2n ** 32n;
const UINT64 = 2n ** 64n;

/** The value as the unsigned 32-bit integer that it counts as (1.0 and 1e3 do); null for all else. */
export function uint32(value: JsonValue): number | null {
  if (typeof value === 'bigint') return value >= 0n && value < UINT32 ? Number(value) : null;
  if (!(value instanceof Real)) return null;
  return Number.isInteger(value.value) && value.value >= 0 && value.value < 2 ** 32 ? value.value : null;
}

export function isEmpty(value: JsonValue): boolean {
  return value === null || (value instanceof Map ? value.size === 0 : Array.isArray(value) && value.length === 0);
}

function member(of: JsonObject, name: string): JsonValue {
  const value = of.get(name);
  if (value === undefined) throw refusal(-32602, `Missing '${name}'`);
  return value;
}

export function textIn(of: JsonObject, name: string): string {
  const value = member(of, name);
  if (typeof value !== 'string') throw invalid(name);
  return value;
}

export function flagIn(of: JsonObject, name: string): boolean {
  const value = member(of, name);
  if (typeof value !== 'boolean') throw invalid(name);
  return value;
}

export function uint32In(of: JsonObject, name: string): number {
  const value = uint32(member(of, name));
  if (value === null) throw invalid(name);
  return value;
}

export function objectIn(of: JsonObject, name: string): JsonObject {
  const value = member(of, name);
  if (!isObject(value)) throw invalid(name);
  if (value.size === 0) throw refusal(-32602, `Empty '${name}'`);
  return value;
}

/** Fractions are cut, `true` is 1. What does not fit gives an error without a code (transcripts README, surprise 6). */
export function uint64In(of: JsonObject, name: string): bigint {
  const value = member(of, name);
  if (isEmpty(value)) throw refusal(-32602, `Empty '${name}'`);
  const number = asUint64(value);
  if (number === null) throw new Refusal({ message: `Bad value in '${name}'` });
  return number;
}

function asUint64(value: JsonValue): bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'bigint') return value >= 0n && value < UINT64 ? value : null;
  if (!(value instanceof Real) || value.value < 0 || value.value >= 2 ** 64) return null;
  return BigInt(Math.trunc(value.value));
}
