import { invalidValue, type LuxReply, MISSING_PARAMETER } from './sim-reply.ts';

/*
 * Parameters of LUXminer's commands: parts between commas, some by place, some as key=value in any order
 * (`protocols.md` 8). How it reads a number that is none is not known: refused here.
 */

export interface Options {
  /** What has no `=`, in its order. */
  readonly plain: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

export function options(parts: readonly string[]): Options {
  const named = new Map<string, string>();
  const plain: string[] = [];
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at < 0) plain.push(part);
    else named.set(part.slice(0, at), part.slice(at + 1));
  }
  return { plain, named };
}

/** A number within a range, both ends included; null for anything else. */
export function numberIn(text: string | undefined, min: number, max: number): number | null {
  if (text === undefined || !/^-?[0-9]{1,9}(\.[0-9]{1,6})?$/.test(text)) return null;
  const value = Number(text);
  return value >= min && value <= max ? value : null;
}

export function wholeIn(text: string | undefined, min: number, max: number): number | null {
  const value = numberIn(text, min, max);
  return value !== null && Number.isInteger(value) ? value : null;
}

/** `true` and `false`, and what switches take: that they do is not verified (`protocols.md` 8). */
export function flag(text: string | undefined): boolean | null {
  if (text === 'true' || text === 'on' || text === '1') return true;
  return text === 'false' || text === 'off' || text === '0' ? false : null;
}

/** What a key changes; null when the value is none. */
type KeyReader<T> = (value: string) => Partial<T> | null;

/** Reads key=value parts: what they change, or the refusal of the first that is wrong. */
export function readKeys<T extends object>(
  parts: readonly string[],
  keys: Readonly<Record<string, KeyReader<T>>>,
): { readonly change: Partial<T> } | { readonly refused: LuxReply } {
  const { plain, named } = options(parts);
  if (parts.length === 0) return { refused: MISSING_PARAMETER };
  if (plain[0] !== undefined) return { refused: invalidValue(plain[0]) };
  let change: Partial<T> = {};
  for (const [key, value] of named) {
    const read = Object.hasOwn(keys, key) ? (keys[key]?.(value) ?? null) : null;
    if (read === null) return { refused: invalidValue(`${key}=${value}`) };
    change = { ...change, ...read };
  }
  return { change };
}

/** A key whose value is a number within a range. */
export const numberKey =
  <T>(name: keyof T, min: number, max: number, read = wholeIn): KeyReader<T> =>
  (value) => {
    const number = read(value, min, max);
    return number === null ? null : ({ [name]: number } as Partial<T>);
  };

export const flagKey =
  <T>(name: keyof T): KeyReader<T> =>
  (value) => {
    const on = flag(value);
    return on === null ? null : ({ [name]: on } as Partial<T>);
  };

/** A key whose value is one of some words. */
export const wordKey =
  <T>(name: keyof T, words: readonly string[]): KeyReader<T> =>
  (value) =>
    words.includes(value) ? ({ [name]: value } as Partial<T>) : null;
