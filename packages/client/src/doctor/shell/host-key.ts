import { createHash } from 'node:crypto';

/** The fingerprint of a host key as OpenSSH prints it: `SHA256:` and base64 without `=`. */
export const fingerprintOf = (key: Uint8Array): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

/** Whether two fingerprints are the same, also when one was typed with the `=` or without `SHA256:`. */
export const isSameFingerprint = (a: string, b: string): boolean => bare(a) === bare(b);

const bare = (fingerprint: string): string =>
  fingerprint
    .trim()
    .replace(/^SHA256:/i, '')
    .replace(/=+$/, '');
