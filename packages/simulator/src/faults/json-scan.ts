/*
 * Where the values of JSON text stand, for faults that change some of them and leave all other bytes as the device wrote
 * them. Text that is no good JSON (a comma is missing, the end is missing) is read as far as it goes. Pure.
 */

/** One value that is no object and no list, or a list, by where it stands. */
export interface JsonSpot {
  /** Keys and positions that lead to it: `['STATS', 1, 'temp1']`. */
  readonly path: readonly (string | number)[];
  /** The first character of it, and the first behind it. */
  readonly from: number;
  readonly to: number;
  readonly kind: 'text' | 'bare' | 'list';
}

interface Frame {
  readonly from: number;
  readonly isList: boolean;
  key: string | null;
  index: number;
  /** A value stands there already: the next one is another, comma or not. */
  filled: boolean;
}

const DEEPEST = 64;

/** All of them in the order of their ends. */
export function jsonSpots(text: string): JsonSpot[] {
  const spots: JsonSpot[] = [];
  const frames: Frame[] = [];
  const top = (): Frame | undefined => frames.at(-1);
  const path = () => frames.map(({ isList, index, key }) => (isList ? index : (key ?? '')));
  const begin = () => {
    const frame = top();
    if (frame?.filled && frame.isList) frame.index++;
    if (frame !== undefined) frame.filled = true;
  };
  for (let i = 0; i < text.length; ) {
    const letter = text[i] ?? '';
    const frame = top();
    if (letter === '{' || letter === '[') {
      begin();
      if (frames.length >= DEEPEST) return spots;
      frames.push({ from: i++, isList: letter === '[', key: null, index: 0, filled: false });
    } else if (letter === '}' || letter === ']') {
      const ended = frames.pop();
      i++;
      if (ended?.isList) spots.push({ path: path(), from: ended.from, to: i, kind: 'list' });
    } else if (letter === ',') {
      if (frame !== undefined) {
        if (frame.isList) frame.index++;
        frame.key = null;
        frame.filled = false;
      }
      i++;
    } else if (letter === '"') {
      const to = endOfText(text, i);
      if (frame !== undefined && !frame.isList && frame.key === null) frame.key = text.slice(i + 1, to - 1);
      else {
        begin();
        spots.push({ path: path(), from: i, to, kind: 'text' });
      }
      i = to;
    } else if (/[\s:\0]/.test(letter)) i++;
    else {
      const to = endOfBare(text, i);
      begin();
      spots.push({ path: path(), from: i, to, kind: 'bare' });
      i = to;
    }
  }
  return spots;
}

function endOfText(text: string, from: number): number {
  let i = from + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return Math.min(i + 1, text.length);
}

function endOfBare(text: string, from: number): number {
  const BEHIND = /[\s,:{}[\]"\0]/g;
  BEHIND.lastIndex = from + 1;
  return BEHIND.exec(text)?.index ?? text.length;
}

/** The same text with other characters at some spots; they do not overlap. */
export function withSpots(text: string, changes: readonly { from: number; to: number; by: string }[]): string {
  let changed = '';
  let at = 0;
  for (const { from, to, by } of [...changes].sort((a, b) => a.from - b.from)) {
    if (from < at) continue;
    changed += text.slice(at, from) + by;
    at = to;
  }
  return changed + text.slice(at);
}
