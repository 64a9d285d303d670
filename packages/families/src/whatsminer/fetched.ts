import type { Download } from '@headframe/model';

/** What was read, as a file. */
export const fetched = (name: string, value: unknown): Download => ({
  name,
  bytes: new TextEncoder().encode(`${JSON.stringify(value ?? null, null, 2)}\n`),
});
