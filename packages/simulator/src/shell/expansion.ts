import { absolute, type Files, globbed } from './files.ts';

/** A piece of a word whose values stand in their places. */
export interface Segment {
  readonly text: string;
  readonly quoted: boolean;
}

/** The paths that a word with signs in it stands for; itself where there are none. */
export function globs(segments: readonly Segment[], files: Files, cwd: string): string[] {
  const plain = segments.map(({ text }) => text).join('');
  if (!segments.some(({ text, quoted }) => !quoted && /[*?[]/.test(text))) return [plain];
  const parts = escaped(segments).split('/');
  let found = [plain.startsWith('/') ? '' : null];
  for (const part of plain.startsWith('/') ? parts.slice(1) : parts) {
    const like = globbed(part);
    found = found.flatMap((at) =>
      files
        .list(at === null ? cwd : at === '' ? '/' : absolute(at, cwd))
        .filter((name) => like.test(name) && (!name.startsWith('.') || part.startsWith('.')))
        .map((name) => (at === null ? name : `${at}/${name}`)),
    );
  }
  const paths = found.filter((path) => path !== null);
  return paths.length === 0 ? [plain] : paths;
}

/** The pattern that pieces make together: a sign in quotes is itself. */
export const escaped = (segments: readonly Segment[]): string =>
  segments.map(({ text, quoted }) => (quoted ? text.replace(/[\\*?[\]]/g, '\\$&') : text)).join('');

/** `#`, `##`: the shortest or longest start that fits is cut off; `%`, `%%`: the end. */
export function cut(value: string, op: string, pattern: string): string {
  const like = globbed(pattern);
  const lengths = Array.from({ length: value.length + 1 }, (_, i) => (op.length === 2 ? value.length - i : i));
  for (const length of lengths) {
    const part = op.startsWith('#') ? value.slice(0, length) : value.slice(value.length - length);
    if (like.test(part)) return op.startsWith('#') ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}
