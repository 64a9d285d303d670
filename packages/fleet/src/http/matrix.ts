import { HeadframeError } from '@headframe/model';
import { commandMatrix, type MatrixFamily, matrixAsCsv } from '@headframe/model/matrix';
import type { FastifyReply, FastifyRequest } from 'fastify';

interface MatrixQuery {
  format?: 'json' | 'csv';
  command?: string;
  family?: MatrixFamily;
}

/** `GET /api/v1/matrix`. In every form the attribution is part of what is sent, and it is named in a header as well. */
export function answerMatrix(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { format, command, family } = request.query as MatrixQuery;
  const matrix = commandMatrix({
    ...(command === undefined ? {} : { commands: [command] }),
    ...(family === undefined ? {} : { families: [family] }),
  });
  if (matrix.commands.length + matrix.neighbours.length === 0) {
    throw new HeadframeError('usage/not-found', { detail: `The matrix has no command ${command?.slice(0, 100)}` });
  }
  void reply.header('vary', 'accept').header('link', `<${matrix.attribution.licenceUrl}>; rel="license"`);
  if ((format ?? preferred(request.headers.accept)) === 'json') {
    return reply.type('application/json; charset=utf-8').send(matrix);
  }
  return reply.type('text/csv; charset=utf-8; header=present').send(matrixAsCsv(matrix));
}

/** CSV for who asks for it and not for JSON; a browser, which takes anything, gets JSON. */
function preferred(accept: string | undefined): 'json' | 'csv' {
  const types = (accept ?? '').toLowerCase().split(',');
  const rank = (type: string) => Math.max(...types.map((one) => weightOf(one, type)));
  return rank('text/csv') > rank('application/json') ? 'csv' : 'json';
}

/** The q of an entry of Accept (RFC 9110, 12.5.1) if it names exactly this type, else 0. */
function weightOf(entry: string, type: string): number {
  const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
  if (name !== type) return 0;
  const q = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? '1');
  return Number.isFinite(q) ? q : 0;
}
