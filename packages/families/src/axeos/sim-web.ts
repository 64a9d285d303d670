import { between, streamKey } from '../sim/counter-random.ts';
import type {
  Peer,
  SimulatedFeed,
  SimulatedHttpPort,
  SimulatedHttpReply,
  SimulatedHttpRequest,
} from '../sim/device.ts';
import { CAPTIVE_PORTAL, METHOD_NOT_ALLOWED, staticPage, targetOf, URI_TOO_LONG } from '../sim/esp-http.ts';
import { isAllowed, UNAUTHORIZED } from './sim-access.ts';
import { ASSUMED } from './sim-assumed.ts';
import { postFirmware, postPage } from './sim-ota.ts';
import { type Handler, json } from './sim-page.ts';
import {
  getAsic,
  getDashboard,
  getInfo,
  getLogs,
  getRecovery,
  getScan,
  getScoreboard,
  getStatistics,
  getTheme,
  postTheme,
  preflight,
} from './sim-reads.ts';
import { Sockets } from './sim-sockets.ts';
import type { Bitaxe } from './sim-unit.ts';
import {
  deletePool,
  patchSettings,
  postBoot,
  postDismiss,
  postIdentify,
  postPause,
  postRestart,
  postResume,
  putPool,
} from './sim-writes.ts';

/*
 * Port 80: which path is there in which release, and who may ask for it (protocols.md 6.1, 6.2).
 */

interface Endpoint {
  readonly method: string;
  readonly path: string | RegExp;
  readonly handler: Handler;
  readonly since: number;
  readonly until: number;
  /** Open to everybody up to v2.14. */
  readonly open: boolean;
}

const at = (
  method: string,
  path: string | RegExp,
  handler: Handler,
  { since = 4, until = 99, open = false }: Partial<Pick<Endpoint, 'since' | 'until' | 'open'>> = {},
): Endpoint => ({ method, path, handler, since, until, open });

const ENDPOINTS: readonly Endpoint[] = [
  at('GET', '/api/system/info', getInfo),
  at('PATCH', '/api/system', patchSettings),
  at('POST', '/api/system/restart', postRestart),
  at('POST', '/api/system/OTA', postFirmware),
  at('POST', '/api/system/OTAWWW', postPage),
  at('OPTIONS', '/api/swarm', preflight, { until: 8 }),
  at('GET', '/api/theme', getTheme, { open: true }),
  at('POST', '/api/theme', postTheme, { open: true }),
  at('GET', '/api/system/wifi/scan', getScan, { since: 6, open: true }),
  at('GET', '/api/system/asic', getAsic, { since: 7 }),
  at('GET', '/api/system/statistics', getStatistics, { since: 8 }),
  at('GET', '/api/system/statistics/dashboard', getDashboard, { since: 8, until: 10 }),
  at('POST', '/api/system/identify', postIdentify, { since: 12 }),
  at('POST', '/api/system/blockFound/dismiss', postDismiss, { since: 13 }),
  at('GET', '/api/system/logs', getLogs, { since: 14 }),
  at('POST', '/api/system/pause', postPause, { since: 14 }),
  at('POST', '/api/system/resume', postResume, { since: 14 }),
  at('GET', '/api/system/scoreboard', getScoreboard, { since: 14 }),
  at('POST', '/api/system/boot', postBoot, { since: 15 }),
  at('PUT', /^\/api\/system\/pools\/[^/]+$/, putPool, { since: 15 }),
  at('DELETE', /^\/api\/system\/pools\/[^/]+$/, deletePool, { since: 15 }),
  at('GET', '/recovery', getRecovery),
];

const MOST_URI_BYTES = 2048;
/** Nobody waits so long: what an exhausted device does with a new connection. */
const NEVER_MS = 86_400_000;
/** What becomes of a request in the last second before a brown-out. */
const CUT_MS = 1_000;

const isThere = ({ since, until, path }: Endpoint, { release }: Bitaxe): boolean =>
  release.minor >= since &&
  release.minor <= until &&
  // The theme came within v2.4 (protocols.md 6.2).
  (path !== '/api/theme' || release.minor > 4 || release.patch >= 3);

function answer(unit: Bitaxe, request: SimulatedHttpRequest, peer: Peer, now: number): SimulatedHttpReply {
  const { path, query } = targetOf(request);
  if (request.path.length > MOST_URI_BYTES) return URI_TOO_LONG;
  const here = ENDPOINTS.filter(
    (one) => isThere(one, unit) && (typeof one.path === 'string' ? one.path === path : one.path.test(path)),
  );
  const allowed = isAllowed(unit, request, peer);
  const asked = { unit, request, query, now };
  if (request.method === 'OPTIONS' && here.length > 0) return allowed ? preflight(asked) : UNAUTHORIZED;
  const endpoint = here.find(({ method }) => method === request.method);
  if (endpoint !== undefined) {
    const open = endpoint.open && unit.release.minor < 15;
    return open || allowed ? endpoint.handler(asked) : UNAUTHORIZED;
  }
  if (path.startsWith('/api/') && unit.release.minor >= 9) {
    return allowed ? json(asked, ASSUMED.unknownRoute, false, 404) : UNAUTHORIZED;
  }
  if (here.length > 0 || (request.method !== 'GET' && request.method !== 'POST')) return METHOD_NOT_ALLOWED;
  return request.method === 'GET' && (path === '/' || path === '/index.html') ? staticPage('AxeOS') : CAPTIVE_PORTAL;
}

/** Wi-Fi that hardly carries: a reply takes its time. */
function throughAir(unit: Bitaxe, reply: SimulatedHttpReply, now: number): SimulatedHttpReply {
  if (!unit.isOn('weak-wifi')) return reply;
  const ms = Math.round(between(streamKey(unit.seed, 'air'), Math.floor(now / 1000), 800, 6_000));
  return { ...reply, afterMs: (reply.afterMs ?? 0) + ms };
}

/** The web server keeps connections: idle clients fill its sockets (protocols.md 6.1). */
const kept = (request: SimulatedHttpRequest, reply: SimulatedHttpReply): SimulatedHttpReply =>
  request.headers.connection?.toLowerCase() === 'close'
    ? reply
    : { ...reply, headers: { ...reply.headers, connection: 'keep-alive' } };

/** Port 80 of a Bitaxe. */
export function webOf(unit: Bitaxe): SimulatedHttpPort {
  const sockets = new Sockets(unit);
  const respond = (request: SimulatedHttpRequest, peer: Peer, now: number): SimulatedHttpReply => {
    unit.settle(now);
    if (unit.isOn('sockets-exhausted')) return { status: 200, headers: {}, body: '', afterMs: NEVER_MS };
    const reply = kept(request, throughAir(unit, answer(unit, request, peer, now), now));
    return unit.restartsWithin(now, CUT_MS) ? { ...reply, end: 'reset' } : reply;
  };
  return {
    port: 80,
    respond,
    subscribe: (request, peer, now): SimulatedFeed | SimulatedHttpReply => {
      unit.settle(now);
      return sockets.subscribe(targetOf(request).path, request, peer, now) ?? respond(request, peer, now);
    },
  };
}
