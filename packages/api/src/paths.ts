/*
 * Paths and names of the daemon's HTTP interface, apart from the schemas: the page and the command line need these
 * and must not bundle a schema library for them.
 */

export const API_PREFIX = '/api/v1';

export const PATHS = {
  miners: `${API_PREFIX}/miners`,
  miner: `${API_PREFIX}/miners/:id`,
  stream: `${API_PREFIX}/stream`,
  fleet: `${API_PREFIX}/fleet`,
  health: `${API_PREFIX}/health`,
  examinations: `${API_PREFIX}/examinations`,
  incidents: `${API_PREFIX}/incidents`,
  matrix: `${API_PREFIX}/matrix`,
  stop: `${API_PREFIX}/stop`,
  openapi: `${API_PREFIX}/openapi.json`,
  metrics: '/metrics',
} as const;

/** The header of `POST /api/v1/stop`: the token from the daemon's pid file, which only its user can read. */
export const TOKEN_HEADER = 'x-headframe-token';

export const minerPath = (id: string): string => `${PATHS.miners}/${encodeURIComponent(id)}`;
