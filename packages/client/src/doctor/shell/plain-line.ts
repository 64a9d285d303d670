/** Terminal escapes: CSI, OSC with its text, and the short ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]?|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])/g;
/** Control characters, and those that turn the direction of the text or are not seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]+/gu;
/** What a line is cut from before it is cleaned: nobody needs more, and it bounds the work. */
const MOST_RAW = 4_096;

/**
 * A line of a device as a person may be shown it: without terminal escapes and control characters, not longer than
 * told.
 * @param most how many characters
 */
export function plainLine(text: string, most = 120): string {
  const line = text.slice(0, MOST_RAW).replace(ESCAPES, '').replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length > most || text.length > MOST_RAW ? `${characters.slice(0, most - 1).join('')}…` : line;
}
