export const MIB = 1024 * 1024;

/** The limits of one request; a conversation of several has a {@link Deadline} over them. */
export interface LinkLimits {
  /** How long a connection attempt may take, ms. */
  readonly connectMs: number;
  /** How long the whole reply may take once connected, ms: a drip does not lengthen it. */
  readonly replyMs: number;
  /** How long silence must last behind a NUL before the reply counts as ended, ms. */
  readonly silenceMs: number;
}

export const READ_LIMITS: LinkLimits = { connectMs: 2000, replyMs: 5000, silenceMs: 100 };

/** Milliseconds since a time of `performance.now()`, to a tenth. */
export const since = (then: number): number => Math.round((performance.now() - then) * 10) / 10;

/** A number of bytes as a person says it. */
export const sizeInWords = (bytes: number): string => {
  if (bytes >= MIB) return `${+(bytes / MIB).toFixed(1)} MiB`;
  return bytes >= 1024 ? `${+(bytes / 1024).toFixed(1)} KiB` : `${bytes} bytes`;
};
