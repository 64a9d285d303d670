import { blankFault, type Fault, type Severity } from '@headframe/model';
import { section } from '@headframe/wire/cgminer';
import type { Fields } from '@headframe/wire/json';
import { ASSUMED } from './assumed.ts';

/** How many are kept: a machine that complains all day must not fill every snapshot. */
const MOST = 50;

/**
 * What the machine reports of itself (`events`, code 357 of protocols.md 8), with its own codes: none of them is
 * documented, so none is mapped to a fault of ours. What says of itself that it is no trouble is left out.
 */
export function eventFaults(doc: unknown): Fault[] {
  const { event } = ASSUMED;
  return section(doc, event.section)
    .slice(-MOST)
    .flatMap((record) => {
      const code = firstOf(record, event.code);
      const text = firstOf(record, event.text);
      const severity = severityOf(firstOf(record, event.severity));
      if ((code === null && text === null) || severity === 'info') return [];
      const at = event.whenS.map((name) => record.num(name)).find((one) => one !== null) ?? null;
      return {
        ...blankFault('vendor.unmapped'),
        vendorCode: code,
        text,
        severity: severity ?? 'warning',
        component: firstOf(record, event.component),
        at: at === null ? null : epochMs(at),
      };
    });
}

const firstOf = (record: Fields, names: readonly string[]): string | null =>
  names.map((name) => record.str(name)).find((one) => one !== null) ?? null;

const WORDS: ReadonlyMap<string, Severity> = new Map([
  ['i', 'info'],
  ['s', 'info'],
  ['info', 'info'],
  ['information', 'info'],
  ['debug', 'info'],
  ['notice', 'info'],
  ['success', 'info'],
  ['w', 'warning'],
  ['warn', 'warning'],
  ['warning', 'warning'],
  ['e', 'error'],
  ['error', 'error'],
  ['f', 'critical'],
  ['fatal', 'critical'],
  ['critical', 'critical'],
]);

const severityOf = (word: string | null): Severity | null => WORDS.get(word?.toLowerCase() ?? '') ?? null;

/** Seconds as everywhere in this API, milliseconds as in the `When` of chips. */
const epochMs = (when: number): number => (when > 1e11 ? when : when * 1000);
