import { asHeadframeError, type ErrorCode } from '@headframe/model';
import { json as asJson, manyLines, oneLine } from './plain-text.ts';

/**
 * The sentence that a mistake or a failure gets, on stderr, and behind it a line with what to do; the exit code.
 * With `json` the error is an object on stdout too, as a program expects.
 */
export function reportError(thrown: unknown, json: boolean): number {
  const error = asHeadframeError(thrown);
  const { address, next } = error.context;
  if (json)
    process.stdout.write(`${asJson({ ...(address === undefined ? {} : { address }), error: error.summary })}\n`);
  const sentence = next === undefined ? error.message : error.message.slice(0, -next.length).trimEnd();
  for (const line of next === undefined ? [sentence] : [sentence, next]) process.stderr.write(`${oneLine(line)}\n`);
  if (address !== undefined && asksForDoctor(error.code))
    process.stderr.write(`${oneLine(`Next: headframe doctor ${address}`)}\n`);
  // A mistake of ours: the stack helps whoever reports it.
  if (error.code === 'internal' && error.cause instanceof Error)
    process.stderr.write(`${manyLines(error.cause.stack ?? '')}\n`);
  return error.exitCode;
}

/** Errors whose cause the doctor can look for: the machine did not answer, or with something that nobody can read. */
const asksForDoctor = (code: ErrorCode): boolean =>
  (/^(?:link|protocol)\//.test(code) && code !== 'link/cancelled') || code === 'device/busy';
