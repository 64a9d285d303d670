/** A number, or anything else, as it is printed: JavaScript has no `80.00`. */
export class Printed {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Json = string | number | boolean | null | Printed | readonly Json[] | JsonRecord;

export interface JsonRecord {
  readonly [key: string]: Json;
}

/** A number with so many decimals, as C prints it. */
export const fixed = (value: number, decimals: number): Printed => new Printed(value.toFixed(decimals));

/** JSON without spaces. */
export function printed(value: Json): string {
  if (value instanceof Printed) return value.text;
  if (Array.isArray(value)) return `[${value.map(printed).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${printed(member)}`);
  return `{${members.join(',')}}`;
}

/** What a client sent, when it is a JSON object. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
