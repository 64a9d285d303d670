import type { ApiRecord, ApiReply, ApiSection, ApiStatus, ApiValue } from './program.ts';

/*
 * Words for devices to say what they answer: `record([['Elapsed', int(9)], ['MHS av', rate(1163356.08)]])`.
 * How each is printed is in `protocols.md` 1.3.
 */

/** Text of the program itself: never escaped. */
export const text = (value: string): ApiValue => ({ kind: 'text', text: value });

/** Text that a user gave (URL, worker): escaped. */
export const user = (value: string): ApiValue => ({ kind: 'user', text: value });

/** Written as it is in both forms, without quotes. */
export const bare = (value: string): ApiValue => ({ kind: 'bare', text: value });

/** A number with that many decimals, as C's printf rounds. */
export const fixed = (value: number, digits: number): ApiValue => ({ kind: 'fixed', value, digits });

/** A whole number, rounded toward zero. */
export const int = (value: number): ApiValue => fixed(Math.trunc(value), 0);

/** Elapsed seconds: rounded to a whole number. */
export const elapsed = (seconds: number): ApiValue => fixed(seconds, 0);

/** Hashrate in the unit of the field's name, utility, frequency, temperature: two decimals. */
export const rate = (value: number): ApiValue => fixed(value, 2);
export const temperature = rate;
export const utility = rate;
export const frequency = rate;

/** Volts and averages: three decimals. */
export const volts = (value: number): ApiValue => fixed(value, 3);

/** Total MH: four decimals. */
export const total = (value: number): ApiValue => fixed(value, 4);

/** Difficulty: eight decimals. */
export const difficulty = (value: number): ApiValue => fixed(value, 8);

/** Hash rate in H/s: fifteen decimals. */
export const hashesPerSecond = (value: number): ApiValue => fixed(value, 15);

/** A percentage from a fraction (0.5 is 50.0000). */
export const percent = (fraction: number): ApiValue => fixed(fraction * 100, 4);

/** `part` of `whole` as a percentage; 0 of nothing is 0.0000. */
export const percentOf = (part: number, whole: number): ApiValue => percent(whole > 0 ? part / whole : 0);

/** A point or length of time as seconds.microseconds. */
export const seconds = (value: number): ApiValue => fixed(value, 6);

/** A 32-bit number as quoted hex: `"0x0000002a"`. */
export const hex32 = (value: number): ApiValue => text(`0x${(Math.trunc(value) >>> 0).toString(16).padStart(8, '0')}`);

/** Bare `true` or `false`. */
export const bool = (value: boolean): ApiValue => bare(value ? 'true' : 'false');

/** Quoted `Y` or `N`. */
export const yesNo = (value: boolean): ApiValue => text(value ? 'Y' : 'N');

/** UTF-8 bytes of a text as a byte string. */
export function utf8(value: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(value)) out += String.fromCharCode(byte);
  return out;
}

export const status = (code: number, ...values: (string | number | null)[]): ApiStatus => ({ code, values });

/** A section of one record whose name opens the text form: SUMMARY, VERSION, CONFIG. */
export const single = (name: string, record: ApiRecord): ApiSection => ({ name, heading: name, records: [record] });

/** A section of a list whose records begin with their index: POOLS, DEVS, STATS. May be empty. */
export const list = (name: string, records: readonly ApiRecord[]): ApiSection => ({ name, heading: null, records });

/** A status line and a section. */
export const reply = (line: ApiStatus, section: ApiSection | null = null): ApiReply => ({
  kind: 'status',
  statuses: [line],
  section,
});

/** A status line alone: an error, a warning, a write that was taken. */
export const say = (code: number, ...values: (string | number | null)[]): ApiReply => reply(status(code, ...values));

/** `BYE`, `RESTART`. */
export const word = (value: string): ApiReply => ({ kind: 'word', word: value });

/** A reply already in the form of the wire. */
export const whole = (value: string): ApiReply => ({ kind: 'whole', text: value });

/** The connection closes without a byte. */
export const nothing: ApiReply = { kind: 'nothing' };
