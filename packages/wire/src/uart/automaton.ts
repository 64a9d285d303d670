const SPACE = 0x20;
const TAB = 0x09;
/** Bytes that a word can hold are below this one. */
const COLUMNS = 128;

/**
 * Looks for many words at once, one look-up in a table for each byte (Aho and Corasick), so that neither the length of
 * a line nor where a stream is cut matters, and nothing backtracks. Upper and lower case are the same, and so are tab
 * and space.
 */
export interface Automaton {
  /** The state after a byte below 128: `next[(state << 7) | byte]`. State 0 is "nothing of any word". */
  readonly next: Uint16Array;
  /** 1 for each state in which at least one word is complete. */
  readonly isEnd: Uint8Array;
  /** Which words are complete there, by their places in the list. */
  readonly ends: readonly (readonly number[])[];
  /** The state at the beginning of a line: as after a space, so that ` word` is found there as well. */
  readonly atLineStart: number;
}

/** @param words of printable ASCII, in lower case */
export function automatonOf(words: readonly string[]): Automaton {
  const children: Map<number, number>[] = [new Map()];
  const ends: number[][] = [[]];
  words.forEach((word, index) => {
    let state = 0;
    for (let i = 0; i < word.length; i++) {
      const byte = word.charCodeAt(i);
      let child = children[state]?.get(byte);
      if (child === undefined) {
        child = children.length;
        children[state]?.set(byte, child);
        children.push(new Map());
        ends.push([]);
      }
      state = child;
    }
    ends[state]?.push(index);
  });

  const next = new Uint16Array(children.length * COLUMNS);
  const goTo = (state: number, byte: number): number => next[state * COLUMNS + byte] as number;
  const fallback = new Uint16Array(children.length);
  // In the order of their depth, so that the state to fall back to is complete before it is needed.
  const queue = [0];
  for (const state of queue) {
    const back = fallback[state] as number;
    if (state !== 0) ends[state]?.push(...(ends[back] ?? []));
    for (let byte = 0; byte < COLUMNS; byte++) {
      const child = children[state]?.get(byte);
      if (child === undefined) {
        next[state * COLUMNS + byte] = state === 0 ? 0 : goTo(back, byte);
        continue;
      }
      next[state * COLUMNS + byte] = child;
      fallback[child] = state === 0 ? 0 : goTo(back, byte);
      queue.push(child);
    }
  }
  for (let state = 0; state < children.length; state++) {
    for (let upper = 0x41; upper <= 0x5a; upper++) next[state * COLUMNS + upper] = goTo(state, upper + 0x20);
    next[state * COLUMNS + TAB] = goTo(state, SPACE);
  }
  return { next, isEnd: Uint8Array.from(ends, ({ length }) => Math.min(1, length)), ends, atLineStart: goTo(0, SPACE) };
}
