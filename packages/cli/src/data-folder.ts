import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the daemon keeps its files: `--data`, else `HEADFRAME_DATA`, else `.headframe` in the checkout. */
export const dataFolder = (option: string | undefined): string =>
  option ?? process.env.HEADFRAME_DATA ?? join(fileURLToPath(new URL('../../..', import.meta.url)), '.headframe');
