import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';

/* The API lines of a configuration in JSON, changed where they stand: everything else stays byte by byte. */

export interface WantedAccess {
  /** Our address as the machine sees it. */
  readonly address: string;
  readonly access: 'W' | 'R';
  /** Sets `api-network` as well, which the factory's programs ask for. */
  readonly network: boolean;
}

export type ChangedAccess =
  | {
      readonly text: string;
      /** What is different: `api-allow "W:10.0.0.5/32,A:0/0"`; empty: nothing had to be changed. */
      readonly changes: readonly string[];
    }
  | { readonly problem: string };

/** `W:10.0.0.5/32`, `R:[fd00::5]/128` (protocols.md 1.7). Null: it is no address. */
export function entryFor({ address, access }: Pick<WantedAccess, 'address' | 'access'>): string | null {
  const bare = address.trim().replace(/^::ffff:(?=\d+\.)/i, '');
  switch (isIP(bare)) {
    case 4:
      return `${access}:${bare}/32`;
    case 6:
      return bare.includes('%') ? null : `${access}:[${bare}]/128`;
    default:
      return null;
  }
}

/**
 * The configuration that lets our one address in, and no other. Our entry comes first, as the first that fits counts;
 * where there was no list the machine itself comes with it, as a list shuts out what is not on it, 127.0.0.1 too, and its
 * own web page asks from there (protocols.md 1.7).
 */
export function withOurAddress(text: string, wanted: WantedAccess): ChangedAccess {
  const entry = entryFor(wanted);
  if (entry === null) return { problem: `${wanted.address} is no address for its list` };
  const before = parsed(text);
  if (before === null) return { problem: 'it is no JSON object, so it is not changed by a program' };
  const list = before['api-allow'];
  if (list !== undefined && typeof list !== 'string') return { problem: 'its api-allow is no text' };
  const values: [name: string, value: string | boolean][] = [];
  const entries = (list ?? '').split(',').filter((one) => one.trim() !== '');
  if (entries[0]?.trim() !== entry) {
    const others = entries.length > 0 ? entries : ['W:127.0.0.1'];
    values.push(['api-allow', [entry, ...others.filter((one) => one.trim() !== entry)].join(',')]);
  }
  if (!isOn(before['api-listen'])) values.push(['api-listen', true]);
  if (wanted.network && !isOn(before['api-network'])) values.push(['api-network', true]);
  let after = text;
  for (const [name, value] of values) after = withMember(after, name, JSON.stringify(value));
  // Whatever the text looked like: nothing but that may be different.
  if (!isDeepStrictEqual(parsed(after), { ...before, ...Object.fromEntries(values) })) {
    return { problem: 'its text cannot be changed safely' };
  }
  return { text: after, changes: values.map(([name, value]) => `${name} ${JSON.stringify(value)}`) };
}

const isOn = (value: unknown): boolean => value === true || value === 'true';

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** @param text a JSON object that parses */
function withMember(text: string, name: string, value: string): string {
  const members = membersOf(text);
  // Of several of one name the last counts.
  const last = members.findLast((member) => member.name === name);
  if (last !== undefined) return `${text.slice(0, last.from)}${value}${text.slice(last.to)}`;
  const open = text.indexOf('{') + 1;
  const [, indent = '\n'] = /^(\s*)/.exec(text.slice(open)) ?? [];
  const comma = members.length === 0 ? '' : ',';
  return `${text.slice(0, open)}${indent === '' ? '' : indent}${JSON.stringify(name)} : ${value}${comma}${text.slice(open)}`;
}

interface Member {
  readonly name: string;
  /** Where its value stands. */
  readonly from: number;
  readonly to: number;
}

/** The members of the outermost object; the text is known to parse. */
function membersOf(text: string): Member[] {
  const members: Member[] = [];
  let at = text.indexOf('{') + 1;
  while (at < text.length) {
    const keyAt = text.indexOf('"', at);
    if (keyAt < 0) break;
    const keyEnd = endOfString(text, keyAt);
    const colon = text.indexOf(':', keyEnd);
    if (colon < 0) break;
    const from = colon + 1 + (/^\s*/.exec(text.slice(colon + 1))?.[0].length ?? 0);
    const to = endOfValue(text, from);
    members.push({ name: JSON.parse(text.slice(keyAt, keyEnd)) as string, from, to });
    at = to;
  }
  return members;
}

function endOfString(text: string, quote: number): number {
  let at = quote + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const one = text[at] ?? '';
    if (one === '"') {
      at = endOfString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (depth === 0 && /[\s,}\]]/.test(one)) return at;
    if (one === '{' || one === '[') depth += 1;
    if (one === '}' || one === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
    at += 1;
  }
  return at;
}
