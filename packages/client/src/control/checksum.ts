import { createHash } from 'node:crypto';
import { type Action, HeadframeError } from '@headframe/model';

/**
 * A file that goes to a machine must be the one that was meant: its SHA-256 is given beside it.
 * @param given parameters that were read; those with a file have `sha256` too
 * @throws HeadframeError `usage/invalid` when it is another file; nothing was sent
 */
export function checkFiles(named: string, { parameters }: Action, given: Readonly<Record<string, unknown>>): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    if (parameter.kind !== 'file') continue;
    const file = given[name] as { readonly name: string; readonly bytes: Uint8Array };
    const is = createHash('sha256').update(file.bytes).digest('hex');
    const wanted = String(given.sha256).toLowerCase();
    if (is === wanted) continue;
    const detail = `${named}: the SHA-256 of ${file.name} is ${is}, and ${wanted} was expected; nothing was sent`;
    throw new HeadframeError('usage/invalid', { detail });
  }
}
