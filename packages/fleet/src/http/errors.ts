import type { ErrorBody } from '@headframe/api';
import { asHeadframeError, HeadframeError } from '@headframe/model';
import type { FastifyError, FastifyInstance } from 'fastify';

export const bodyOf = ({ code, message, context }: HeadframeError): ErrorBody => ({ code, message, context });

/**
 * Every failure leaves as `{code, message, context}` with the status of the error table.
 * @param onMistake is told of what is a mistake of ours
 */
export function answerErrors(app: FastifyInstance, onMistake: (error: HeadframeError) => void): void {
  app.setErrorHandler<FastifyError>((thrown, _request, reply) => {
    const error = asClientMistake(thrown) ?? asHeadframeError(thrown);
    if (error.code === 'internal') onMistake(error);
    void reply.code(error.httpStatus).send(bodyOf(error));
  });
}

/** What the server found wrong with a request before a handler saw it: a parameter, a body, a header. */
function asClientMistake(thrown: FastifyError): HeadframeError | null {
  if (thrown instanceof HeadframeError) return null;
  const status = thrown.statusCode ?? 500;
  if (status < 400 || status >= 500) return null;
  return new HeadframeError('usage/invalid', { detail: `The request does not fit: ${thrown.message}` }, thrown);
}

export const nothingAt = (path: string): HeadframeError =>
  new HeadframeError('usage/not-found', { detail: `There is nothing at ${path.slice(0, 200)}` });
