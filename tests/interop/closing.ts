import { appendFileSync } from 'node:fs';

/** The last line of a run, `N passed, N failed`; into the file HEADFRAME_CLOSING_LINE where that is set. */
export function closeWith(line: string): void {
  const file = process.env.HEADFRAME_CLOSING_LINE;
  if (file) appendFileSync(file, `${line}\n`);
  else process.stdout.write(`${line}\n`);
}
