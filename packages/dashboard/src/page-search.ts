import { SHOWS, type Show } from './data/filter.ts';
import { SICK_FIRST, SORT_KEYS, type Sort, type SortKey } from './data/order.ts';

/** What stands behind the question mark of the address. */
export interface PageSearch {
  q?: string | undefined;
  show?: Exclude<Show, 'all'> | undefined;
  /** A column, with a minus in front for descending. */
  sort?: string | undefined;
}

/** Anything may stand there: what does not fit is left out. */
export function parseSearch(given: Record<string, unknown>): PageSearch {
  const { q, show, sort } = given;
  return {
    // A search for a number comes as one.
    ...(typeof q === 'string' || typeof q === 'number' ? { q: String(q) } : {}),
    ...(isShow(show) && show !== 'all' ? { show } : {}),
    ...(typeof sort === 'string' && parseSort(sort) !== SICK_FIRST ? { sort } : {}),
  };
}

const isShow = (value: unknown): value is Show => SHOWS.includes(value as Show);

export function parseSort(text: string | undefined): Sort {
  const by = text?.replace(/^-/, '') as SortKey;
  if (!SORT_KEYS.includes(by) || by === 'sick') return SICK_FIRST;
  return { by, descending: text?.startsWith('-') === true };
}

/** Nothing for the usual order. */
export const sortText = ({ by, descending }: Sort): string | undefined =>
  by === 'sick' ? undefined : `${descending ? '-' : ''}${by}`;
