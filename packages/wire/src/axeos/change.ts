import type { Links, Prepared, ReadBack, Seen, Session, Step } from '@headframe/model';
import type { Fields } from '../json/index.ts';
import { documentOf, INFO_PATH } from './ask.ts';

/*
 * A change and how it is seen. These devices take keys that they do not know, and keys that they only show, without a
 * word (protocols.md 6.4): nothing but a look at the device tells.
 */

export type Wanted = Readonly<Record<string, number | string | boolean>>;

export interface Change {
  readonly steps: readonly Step[];
  /** Restarts the device behind the other steps, as what was changed counts only then. */
  readonly restart?: Step | undefined;
  readonly session?: Session | undefined;
  readonly notes?: readonly string[];
  readonly looksAt: string;
  /** Judges a look at the device. */
  readonly seen: (info: Fields, links: Links) => Seen | Promise<Seen>;
  /** How long it may take to show, ms; 10 s, with a restart two minutes if absent. */
  readonly withinMs?: number;
}

/** Between answer and state there is no delay that a document names. */
const SOON = { afterMs: 500, everyMs: 2_000, withinMs: 10_000 } as const;
/** It restarts after a second, starts, and finds its Wi-Fi again. */
const RESTARTING = { afterMs: 4_000, everyMs: 4_000, withinMs: 120_000, restarts: true } as const;

export function change({ steps, restart, session, notes, looksAt, seen, withinMs }: Change): Prepared {
  const times = restart === undefined ? SOON : RESTARTING;
  const readBack: ReadBack = {
    ...times,
    ...(withinMs === undefined ? {} : { withinMs }),
    looksAt: restart === undefined ? looksAt : `its uptime and ${looksAt}`,
    look: async (links, sentAt) => {
      const info = await documentOf(links, INFO_PATH);
      const { done, values } = await seen(info, links);
      if (restart === undefined) return { done, values };
      const again = hasRestarted(info, links, sentAt);
      return { done: done && again.done, values: { ...values, ...again.values } };
    },
  };
  return {
    ...(notes === undefined || notes.length === 0 ? {} : { notes }),
    ...(session === undefined ? {} : { session }),
    steps: restart === undefined ? steps : [...steps, restart],
    readBack,
  };
}

/** `uptimeSeconds` counts whole seconds. */
const GRAIN_MS = 2_000;

/** Whether it has started since a time. */
export function hasRestarted(info: Fields, { clock }: Links, sentAt: number): Seen {
  const uptimeS = info.num('uptimeSeconds');
  const startedAt = uptimeS === null ? null : clock.now() - uptimeS * 1000;
  return { done: startedAt !== null && startedAt > sentAt - GRAIN_MS, values: { systemUptimeS: uptimeS } };
}

/** Whether a record shows these values: flags come as 0 and 1 or as booleans, numbers rounded to seven decimals. */
export function shows(record: Fields, wanted: Wanted): Seen {
  const names = Object.entries(wanted);
  return {
    done: names.every(([name, value]) => isSame(record, name, value)),
    values: Object.fromEntries(names.map(([name]) => [name, record.raw(name) ?? null])),
  };
}

const GRAIN = 1e-4;

function isSame(record: Fields, name: string, wanted: number | string | boolean): boolean {
  if (typeof wanted === 'boolean') return record.bool(name) === wanted;
  if (typeof wanted === 'string') return record.raw(name) === wanted;
  const seen = record.num(name) ?? (record.bool(name) === null ? Number.NaN : Number(record.bool(name)));
  return Math.abs(seen - wanted) < GRAIN;
}
