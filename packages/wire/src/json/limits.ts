import { HeadframeError } from '@headframe/model';
import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './ascii.ts';

/** What a text may cost: nesting, and names and values together, which are what `JSON.parse` takes its time for. */
export interface Limits {
  readonly maxDepth: number;
  readonly maxValues: number;
}

export const overLimit = (limit: keyof Limits, { maxDepth, maxValues }: Limits): HeadframeError =>
  limit === 'maxDepth'
    ? new HeadframeError('protocol/malformed', { detail: `it is nested deeper than ${maxDepth}` })
    : new HeadframeError('link/too-large', { limit: `${maxValues} values` });

/** The limit that a text passes, or null. Exact for JSON; the mender holds broken text to the same limits itself. */
export function limitPassed(text: string, { maxDepth, maxValues }: Limits): keyof Limits | null {
  const bounded = depthBound(text, maxDepth) <= maxDepth;
  // A value takes at least two characters: short texts cannot have too many.
  if (bounded && text.length < maxValues * 2) return null;

  let depth = 0;
  let values = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = behindString(text, i);
        break;
      case COLON:
      case COMMA:
        if (++values > maxValues) return 'maxValues';
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (++depth > maxDepth) return 'maxDepth';
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth--;
    }
  }
  return null;
}

/**
 * How deep brackets can nest at the most: their number, without those that follow `},` and so only take the place of
 * one. Never too small, also where brackets stand in strings; most replies need no more than this. Gives up at `enough`.
 */
function depthBound(text: string, enough: number): number {
  let bound = 0;
  for (let at = text.indexOf('['); at >= 0 && bound <= enough; at = text.indexOf('[', at + 1)) bound++;
  for (let at = text.indexOf('{'); at >= 0 && bound <= enough; at = text.indexOf('{', at + 1)) {
    if (text.charCodeAt(at - 1) !== COMMA || text.charCodeAt(at - 2) !== CLOSE_BRACE) bound++;
  }
  return bound;
}

/** The closing quote of the string that opens at `i`, or the end of the text. */
function behindString(text: string, i: number): number {
  for (let at = i + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}
