import type { SharedNonces } from '@headframe/client';
import { FINDINGS } from '@headframe/model';
import { json as asJson, oneLine } from './plain-text.ts';

/** So many pairs are named; n rigs that all begin at one nonce are n (n - 1) / 2. */
const MOST_PAIRS = 5;

/**
 * Rigs that search the same nonces, in one sentence on stderr, and behind it a line with what to do. With `json` the
 * finding is an object on stdout too, as an error is.
 */
export function reportSharedNonces({ code, ...shared }: SharedNonces, json: boolean): void {
  const { severity, meaning, remedy } = FINDINGS[code];
  const { pool, addresses, overlaps } = shared;
  if (json) {
    const finding = { code, severity, message: meaning, remedy, pool, overlaps };
    process.stdout.write(`${asJson({ addresses, finding })}\n`);
  }
  const pairs = overlaps
    .slice(0, MOST_PAIRS)
    .map(({ addresses: [one, other], from, nonces }) => `${one} and ${other} (${grouped(nonces)} from ${from} on)`);
  if (overlaps.length > MOST_PAIRS) pairs.push(`and ${overlaps.length - MOST_PAIRS} more`);
  process.stderr.write(`${oneLine(`${meaning} (${code}): at ${pool} ${pairs.join(', ')}.`)}\n${remedy}\n`);
}

const grouped = (digits: string): string => BigInt(digits).toLocaleString('en-US');
