import type { HttpDoc, Look, Reply } from '@headframe/model';
import { statusOf } from '@headframe/wire/cgminer';
import { notSeen } from './exchanges.ts';

/** Some forks put their uptime in `When` (protocols.md 1.3): no uptime is as long as the years since 1970. */
const OLDEST_S = 946_684_800;

/** How far the device's clock is off, by the time that its own replies carry. Pure. */
export function clockSkew(heard: ReadonlyMap<string, Reply>, page: Reply | null): Look<number> {
  for (const [command, { doc, meta }] of heard) {
    const when = doc === null ? null : (statusOf(doc)?.when ?? null);
    if (when !== null && when >= OLDEST_S) return skewOf(when, meta, `When of ${command}`);
  }
  const date = Date.parse((page?.doc as HttpDoc | null)?.headers.date ?? '');
  if (page !== null && Number.isFinite(date)) return skewOf(date / 1000, page.meta, 'the Date header of its web page');
  return notSeen('no reply carried the time');
}

function skewOf(deviceS: number, meta: Reply['meta'], by: string): Look<number> {
  const skew = Math.round(deviceS - meta.at / 1000);
  // Both sides count whole seconds.
  const value = Math.abs(skew) <= 1 ? 0 : skew;
  const off = value === 0 ? 'right' : `${inWords(Math.abs(value))} ${value > 0 ? 'ahead' : 'behind'}`;
  return { value, at: meta.at, ms: 0, bytes: 0, line: `its clock is ${off}, by ${by}`, command: null };
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
