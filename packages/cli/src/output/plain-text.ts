/*
 * Text from a device may hold anything. Control and formatting characters (escape sequences, 8-bit controls, changes of
 * the writing direction, line separators) would act on the terminal instead of being read.
 */

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One line of text that only shows: what would act on the terminal is a question mark. */
export const oneLine = (text: string): string => text.replace(INVISIBLE, '?');

/** The same with line ends and tabs kept. */
export const manyLines = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(INVISIBLE, (character) => (/[\n\t]/.test(character) ? character : '?'));

/** JSON in which such characters are escaped: the same document for a program, harmless on a terminal. */
export const json = (value: unknown, indent = 0): string =>
  JSON.stringify(value, null, indent).replace(INVISIBLE, (character) =>
    character === '\n' ? character : Array.from(utf16(character), escaped).join(''),
  );

const utf16 = (character: string): number[] =>
  Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));

const escaped = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** Columns of what we write to: those of a terminal, and 80 of a pipe or a narrow one. */
export const outputWidth = (): number => Math.max(80, process.stdout.columns ?? 80);

/**
 * Text in lines of at most 80 columns, broken at blanks; a longer word has a line of its own.
 * @param first what the first line begins with
 * @param others what the others begin with
 */
export function wrap(text: string, first: string, others = first): string {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of oneLine(text).split(' ')) {
    if (!isEmpty && line.length + word.length + 1 > 80) {
      lines.push(line);
      line = others;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((one) => `${one}\n`).join('');
}
