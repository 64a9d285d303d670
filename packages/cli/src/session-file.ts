import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SessionStore } from '@headframe/client';
import { dataFolder } from './data-folder.ts';

/**
 * The sessions with machines that are open, in a file that only this user can read: what a crash leaves open is closed
 * by the next command. Where the file cannot be written the session still ends by itself.
 */
export function sessionFile(): SessionStore {
  const folder = dataFolder(undefined);
  const file = join(folder, 'sessions.json');
  const read = (): Record<string, string> => {
    try {
      const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
      const entries = Object.entries(typeof kept === 'object' && kept !== null ? kept : {});
      return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
    } catch {
      return {};
    }
  };
  return {
    recall: (address) => new Map(Object.entries(read())).get(address) ?? null,
    remember: (address, key) => {
      const { [address]: _, ...others } = read();
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, JSON.stringify(key === null ? others : { ...others, [address]: key }), { mode: 0o600 });
      } catch {
        // Nothing depends on it.
      }
    },
  };
}
