import type { Prepared } from '@headframe/model';

/** Long lists (the pages of a firmware) are shown by their ends. */
const MOST_SHOWN = 40;
const SESSION_KEY = '<session>';

/** What would leave, in its order, as it is shown. */
export function requestsOf({ session, steps }: Prepared): string[] {
  const some = steps.length <= MOST_SHOWN ? steps : [...steps.slice(0, 2), ...steps.slice(-1)];
  const shown = some.map((step) => step.request(SESSION_KEY).shown);
  if (steps.length > some.length) shown.splice(2, 0, `… ${steps.length - some.length} more like it …`);
  return [...(session?.shown.open ?? []), ...shown, ...(session?.shown.close ?? [])];
}

/** What a person saw of it, notes included: the same request can mean another pool when the numbers have moved. */
export const looksLike = (prepared: Prepared): string =>
  [...requestsOf(prepared), ...(prepared.notes ?? [])].join('\n');
