import { createHash } from 'node:crypto';

/** A whole number below 2^32 that belongs to a name for good: ids of sessions, and luck. */
export const numberOf = (...name: readonly string[]): number =>
  createHash('sha256').update(name.join('\n')).digest().readUInt32BE();

/** A UUID that belongs to a name for good. */
export const uuidOf = (...name: readonly string[]): string =>
  createHash('sha256')
    .update(name.join('\n'))
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
