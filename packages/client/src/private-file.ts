import { readFileSync, statSync } from 'node:fs';
import { HeadframeError } from '@headframe/model';

/**
 * The text of a file that holds secrets.
 * @param what as a person calls it: `credentials file`
 * @throws HeadframeError `usage/invalid`: it cannot be read, or every user of this computer may read it
 */
export function readPrivateFile(file: string, what: string): string {
  try {
    // On Windows the mode says nothing: access lists decide there.
    const mode = process.platform === 'win32' ? 0 : statSync(file).mode;
    if ((mode & 0o007) !== 0) {
      const detail = `The ${what} ${file} is open to every user of this computer; close it with: chmod 600 ${file}`;
      throw new HeadframeError('usage/invalid', { detail });
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof HeadframeError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new HeadframeError('usage/invalid', { detail: `The ${what} ${file} cannot be read (${code})` }, error);
  }
}
