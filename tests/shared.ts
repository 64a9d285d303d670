import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where real devices' replies and transcripts are: never part of this repository, read in place.
 * `HEADFRAME_SHARED` names the folder, by default `../shared` beside the checkout.
 */
const root = resolve(fileURLToPath(new URL('..', import.meta.url)), process.env.HEADFRAME_SHARED ?? '../shared');

/**
 * A path below the shared folder, or null where it is absent (then a test says that it was skipped).
 * With `CI=true` an absent folder is an error: a run that proves nothing must not pass.
 */
export function sharedPath(...parts: string[]): string | null {
  const path = join(root, ...parts);
  if (existsSync(path)) return path;
  if (process.env.CI === 'true') throw new Error(`${path} is missing, and CI=true: set HEADFRAME_SHARED`);
  return null;
}
