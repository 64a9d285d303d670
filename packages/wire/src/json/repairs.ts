import type { Repair } from '@headframe/model';

/**
 * What the lenient reader mends, by kind, with what was wrong as a part of a sentence.
 * All but the last three were seen on devices (protocols.md 1.8, 1.11, 2.1, 3.4; libraries.md 5.3).
 */
export const REPAIRS = {
  'missing-comma': 'a comma is missing between two members',
  'extra-comma': 'a comma is too many',
  'missing-open': 'the opening brace of the document is missing',
  'missing-close': 'a closing bracket is missing',
  'missing-quote': 'the closing quote and the comma behind a value are missing',
  'missing-value': 'a member has no value; it reads as null',
  'not-a-number': 'a bare inf or nan; it reads as null',
  'colon-list': 'a list is written with colons; it reads as a list of objects with one key each',
  'control-character': 'a raw control character',
  'invalid-utf8': 'bytes that are not UTF-8; they read as U+FFFD',
  'second-document': 'more than one document came; the first one counts',
  'trailing-bytes': 'something follows the document; it is left out',
  'trailing-nul': 'more than one NUL, or something behind it, ends the reply',
  truncated: 'the reply ends in the middle; the incomplete member is left out',
  'unescaped-comma': 'a comma in a value of a text reply is not escaped',
  'duplicate-key': 'a key comes twice',
  'bad-escape': 'a backslash that escapes nothing; it reads as a backslash',
  'odd-number': 'a number that JSON does not allow, such as +5, 007 or .5',
  'extra-close': 'a closing bracket is too many',
} as const satisfies Record<string, string>;

export type RepairKind = keyof typeof REPAIRS;

/** At most this many repairs of one reply are listed: the list travels with every snapshot. */
export const MOST_LISTED = 100;

/** Repairs as they are listed: by position, not without bound. */
export const listed = (repairs: Repair[]): Repair[] =>
  repairs.sort((a, b) => a.offset - b.offset).slice(0, MOST_LISTED);
