import { askRaw, type RawAnswer } from '@headframe/client';
import { HeadframeError, printable } from '@headframe/model';
import { credentialsFrom } from '../credentials-option.ts';
import { secondsAsMs } from '../options.ts';
import { json, manyLines, oneLine } from '../output/plain-text.ts';

interface ApiOptions {
  text?: boolean;
  raw?: boolean;
  timeout: string;
  credentials?: string;
}

/** `headframe api`: one request in the device's own words. An answer that refuses is an answer: exit code 0. */
export async function apiCommand(
  address: string,
  request: string,
  parameter: string | undefined,
  options: ApiOptions,
): Promise<number> {
  if (request.trim() === '') {
    throw new HeadframeError('usage/invalid', { detail: 'Name a command, such as version, or a path, such as /' });
  }
  if (request.startsWith('/') && (options.text === true || parameter !== undefined)) {
    throw new HeadframeError('usage/invalid', {
      detail: 'A path is asked with GET: it takes neither a parameter nor --text',
    });
  }
  const answer = await askRaw(address, request, {
    ...(parameter === undefined ? {} : { parameter }),
    form: options.text === true ? 'text' : 'json',
    credentials: credentialsFrom(options.credentials),
    timeoutMs: secondsAsMs(options.timeout, '--timeout', 0.1, 600),
  });
  if (options.raw) {
    // A terminal would act on what a file or a program just takes.
    const { bytes } = answer;
    process.stdout.write(process.stdout.isTTY ? `${printable(bytes, bytes.length)}\n` : bytes);
    return 0;
  }
  return print(answer);
}

function print(answer: RawAnswer): number {
  if (answer.status !== null && answer.status >= 400) {
    process.stderr.write(`${answer.address} answered with HTTP status ${answer.status}.\n`);
  }
  if (answer.error !== null) {
    process.stderr.write(
      `${oneLine(answer.error.with({ address: answer.address }).message)}\n--raw prints the bytes.\n`,
    );
    return answer.error.exitCode;
  }
  const { doc } = answer;
  process.stdout.write(`${typeof doc === 'string' ? manyLines(doc).trimEnd() : json(doc, 2)}\n`);
  return 0;
}
