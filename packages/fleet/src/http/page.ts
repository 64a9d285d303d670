import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { API_PREFIX } from '@headframe/api';
import type { FastifyInstance } from 'fastify';
import { bodyOf, nothingAt } from './errors.ts';

/** Everything comes from the daemon itself. Inline styles are what the page's component library writes. */
export const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

const NOT_BUILT =
  'Headframe runs, and its page has not been built yet: run "npm run build" in the checkout, then load this page again.\n' +
  `The API is at ${API_PREFIX}/miners.\n`;

/**
 * Serves the built page. Every path that is no file and not the API's is the page: it has its own routes.
 * @param directory where the build is; null or an absent one says how to make it
 */
export async function servePage(app: FastifyInstance, directory: string | null): Promise<void> {
  const isBuilt = () => directory !== null && existsSync(join(directory, 'index.html'));
  if (directory !== null) {
    await app.register(fastifyStatic, {
      root: directory,
      wildcard: true,
      cacheControl: false,
      // Names of assets carry a hash of their content.
      setHeaders: (reply, path) => {
        void reply.header('cache-control', path.includes('assets') ? 'max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const isRoute = request.method === 'GET' && !path.startsWith('/api/') && !/\.[a-z0-9]+$/i.test(path);
    if (!isRoute) return reply.code(404).send(bodyOf(nothingAt(path)));
    if (!isBuilt()) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    return reply.sendFile('index.html');
  });
}
