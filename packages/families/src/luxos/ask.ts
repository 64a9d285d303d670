import { type HeadframeError, type Links, newMemory, type ReadBack, type Reply, type Seen } from '@headframe/model';
import { askDocument, first, linkOf, readCommands } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';

/** What the machine is set to. */
export const configOf = async (links: Links): Promise<Fields> => first(await askDocument(links, 'config'), 'CONFIG');

/** Several read commands in one connection. A command that this firmware does not have comes with its error. */
export async function askTogether(links: Links, names: readonly string[]): Promise<Map<string, Reply>> {
  const replies = await readCommands(linkOf(links), { joined: names }, newMemory(), links.clock);
  const errors = [...replies.values()].map(({ error }) => error);
  if (errors.length > 0 && errors.every((error) => error !== null)) throw errors[0] as HeadframeError;
  return replies;
}

/** The first record of a reply, whatever its section is called: for replies whose section no document names. */
export function onlyRecord(doc: unknown): Fields {
  for (const [name, value] of Object.entries(doc === null || typeof doc !== 'object' ? {} : doc)) {
    const record: unknown = Array.isArray(value) ? value[0] : value;
    if (name !== 'STATUS' && typeof record === 'object' && record !== null) return new Fields(record);
  }
  return new Fields({});
}

/** Between the answer and the state that shows it there is no delay that a document names. */
const SOON = { afterMs: 500, everyMs: 2_000, withinMs: 10_000 } as const;

export type Times = Pick<ReadBack, 'afterMs' | 'everyMs' | 'withinMs'>;

export const readBack = (looksAt: string, look: ReadBack['look'], times: Times = SOON): ReadBack => ({
  looksAt,
  ...times,
  look,
});

export type Wanted = number | string | boolean;

/** Fields of one record that must have these values. */
export const shows = (
  looksAt: string,
  read: (links: Links) => Promise<Fields>,
  wanted: Readonly<Record<string, Wanted>>,
  times: Times = SOON,
): ReadBack => readBack(looksAt, async (links) => seenIn(await read(links), wanted), times);

export function seenIn(record: Fields, wanted: Readonly<Record<string, Wanted>>): Seen {
  const names = Object.entries(wanted);
  return {
    done: names.every(([name, value]) => has(record, name, value)),
    values: Object.fromEntries(names.map(([name]) => [name, record.raw(name) ?? null])),
  };
}

/** Settings are decimal numbers with few places; what comes back may have gone through a binary float. */
const GRAIN = 1e-4;

function has(record: Fields, name: string, wanted: Wanted): boolean {
  if (typeof wanted === 'boolean') return record.bool(name) === wanted;
  if (typeof wanted === 'number') return Math.abs((record.num(name) ?? Number.NaN) - wanted) < GRAIN;
  return record.has(name) && (record.str(name) ?? '').toLowerCase() === wanted.toLowerCase();
}
