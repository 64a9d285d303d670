/*
 * How the shell scripts of the older page read a form (protocols.md 2.4): by position. The n-th field is the n-th value;
 * its own name is cut off where it is written, another name stays in the value.
 */

/**
 * What the scripts decode, in this order, one after the other over the whole value (the script of an S17 image that its
 * owners published; protocols.md 2.4 says only that the list is short). No quote, no backslash, no blank, nothing beyond
 * ASCII, no lower case. Behind `%25` a second round follows by accident: `%2540` becomes `@`.
 */
const DECODED: readonly (readonly [string, string])[] = [
  ['+', ' '],
  ['%23', '#'],
  ['%24', '$'],
  ['%25', '%'],
  ['%26', '&'],
  ['%2C', ','],
  ['%2B', '+'],
  ['%3A', ':'],
  ['%3B', ';'],
  ['%3C', '<'],
  ['%3D', '='],
  ['%3E', '>'],
  ['%3F', '?'],
  ['%40', '@'],
  ['%5B', '['],
  ['%5D', ']'],
  ['%5E', '^'],
  ['%7B', '{'],
  ['%7C', '|'],
  ['%7D', '}'],
  ['%2F', '/'],
];

/** A value as the scripts decode it; what is not on the list stays as it is. */
export const decoded = (value: string): string =>
  DECODED.reduce((text, [written, meant]) => text.replaceAll(written, meant), value);

/**
 * The values of a form by their names, from their places. Ampersands become blanks and the shell splits at blanks: a
 * blank in a value moves everything behind it, and so does a field of no letters at all.
 * @param body as bytes; texts come out as byte strings
 * @param most longer values are cut
 */
export function positional<Name extends string>(
  body: Uint8Array,
  names: readonly Name[],
  most: number,
): Readonly<Record<Name, string>> {
  let form = '';
  for (let at = 0; at < body.length; at += 4096) form += String.fromCharCode(...body.subarray(at, at + 4096));
  const words = form
    .replaceAll('&', ' ')
    .split(/[ \t\n]+/)
    .filter((word) => word !== '');
  const values = names.map((name, i) => [
    name,
    decoded(words[i] ?? '')
      .replace(`${name}=`, '')
      .slice(0, most),
  ]);
  return Object.fromEntries(values) as Record<Name, string>;
}
