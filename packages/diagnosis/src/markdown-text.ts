/** Whatever has a meaning in Markdown or HTML anywhere in a line. */
const MEANINGFUL = /[\\`*[\]|]|~(?=~)|(?<![a-z0-9])_|_(?![a-z0-9])/gi;
/** What has one at the beginning of a line only: headings, lists, rules, quotes. */
const AT_BEGINNING = /^(?:[#+=-]|(?<number>\d{1,9})(?=[.)](?:\s|$)))/;

/** Text as it is, for within a paragraph or a list of Markdown: no markup, no HTML, no link comes of it. */
export function inMarkdown(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(MEANINGFUL, '\\$&')
    .replaceAll(/:\/\//g, ':\\/\\/')
    .replace(AT_BEGINNING, (begin, number?: string) => (number === undefined ? `\\${begin}` : `${number}\\`));
}

/** A word in the letters of a program. */
export function asCode(text: string): string {
  const most = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(most + 1);
  const pad = most > 0 ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** Lines as they are. None of them may begin with a backtick or a blank: a prefix of ours goes before what others said. */
export const asBlock = (lines: readonly string[]): string => `\`\`\`text\n${lines.join('\n')}\n\`\`\`\n`;
