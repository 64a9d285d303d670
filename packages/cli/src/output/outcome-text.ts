import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Download, HeadframeError, type Outcome } from '@headframe/model';
import { oneLine, wrap } from './plain-text.ts';

/** One machine's result: a line, and below it why it is not done. */
export function outcomeLine(address: string, outcome: Outcome, file: string | undefined): string {
  const { result, vendorCode, vendorText, readBack, why } = outcome;
  const said = [vendorCode === undefined ? '' : `code ${vendorCode}`, vendorText ?? ''].filter((part) => part !== '');
  const parts = [
    file === undefined ? '' : `written to ${file}`,
    readBack === undefined ? '' : `now ${valuesOf(readBack)}`,
    said.length === 0 ? '' : `the machine said: ${said.join(', ')}`,
  ].filter((part) => part !== '');
  const line = `${address}  ${result}${parts.length === 0 ? '' : `  ${parts.join('; ')}`}`;
  return `${oneLine(line)}\n${why === undefined ? '' : wrap(why, '  ')}`;
}

/** Few words: a list of pools is told by its length. */
function valuesOf(values: Readonly<Record<string, unknown>>): string {
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return `${value.length} entries`;
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  };
  return Object.entries(values)
    .map(([name, value]) => `${name} ${text(value)}`)
    .join(', ');
}

/** @returns the path. @throws HeadframeError `usage/invalid` when it cannot be written */
export function saveDownload(folder: string, address: string, { name, bytes }: Download): string {
  const path = join(folder, `${address}-${name}`.replace(/[^\w.-]/g, '_'));
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, bytes, { mode: 0o600 });
    return path;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new HeadframeError('usage/invalid', { address, detail: `${path} cannot be written (${code})` }, error);
  }
}
