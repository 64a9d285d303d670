import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeadframeError, type Protocol } from '@headframe/model';
import type { CapturedAnswer } from './captured-answer.ts';

/** What `headframe record` writes beside the replies: which request each file answers. */
export const RECORDING_FILE = 'recording.json';

/** @throws HeadframeError `usage/invalid` when it is not of the form, or names a file that is not in the folder */
export function readRecording(folder: string): CapturedAnswer[] {
  const invalid = (detail: string) =>
    new HeadframeError('usage/invalid', { detail: `${join(folder, RECORDING_FILE)} ${detail}` });
  let requests: unknown;
  try {
    requests = (JSON.parse(readFileSync(join(folder, RECORDING_FILE), 'utf8')) as { requests?: unknown }).requests;
  } catch {
    throw invalid('is not JSON');
  }
  if (!Array.isArray(requests)) throw invalid('has no list "requests"');
  return requests.map((entry: unknown) => {
    const { over, ask, raw, status, headers } = (entry ?? {}) as Record<string, unknown>;
    if (!isRecorded(over) || typeof ask !== 'string' || typeof raw !== 'string') {
      throw invalid('has an entry without "over", "ask" or "raw"');
    }
    // A recording may come from a stranger: it names files of its own folder only.
    if (!/^[\w.,|+-]+$/.test(raw) || raw.startsWith('.')) throw invalid(`names a file outside of the folder: ${raw}`);
    return {
      over,
      ask,
      body: bodyOf(folder, raw, over, invalid),
      status: typeof status === 'number' ? status : 200,
      headers: isHeaders(headers) ? headers : {},
    };
  });
}

/** Over which protocols there are recordings. */
const isRecorded = (over: unknown): over is Protocol =>
  over === 'cgminer' || over === 'http' || over === 'ethminer' || over === 'whatsminer' || over === 'grpc';

/** Over these the closing NUL or LF is framing: replay puts it back where the family sends it. */
const FRAMED: ReadonlySet<Protocol> = new Set(['cgminer', 'ethminer', 'whatsminer']);

function bodyOf(folder: string, file: string, over: Protocol, invalid: (detail: string) => HeadframeError): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, file));
  } catch {
    throw invalid(`names ${file}, and there is no such file`);
  }
  let end = bytes.length;
  while (FRAMED.has(over) && end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x0a)) end--;
  return bytes.subarray(0, end);
}

const isHeaders = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
