import { asHeadframeError } from '@headframe/model';

/**
 * The one sentence that a mistake or a failure gets, on stderr, and its exit code.
 * With `json` the error is an object on stdout, as a program expects.
 */
export function reportError(thrown: unknown, json: boolean): number {
  const error = asHeadframeError(thrown);
  if (json) process.stdout.write(`${JSON.stringify({ error: error.summary })}\n`);
  process.stderr.write(`${error.message}\n`);
  // A mistake of ours: the stack helps whoever reports it.
  if (error.code === 'internal' && error.cause instanceof Error) process.stderr.write(`${error.cause.stack ?? ''}\n`);
  return error.exitCode;
}
