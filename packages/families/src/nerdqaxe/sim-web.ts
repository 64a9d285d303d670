import { between, hash32, streamKey } from '../sim/counter-random.ts';
import type {
  Peer,
  SimulatedFeed,
  SimulatedHttpPort,
  SimulatedHttpReply,
  SimulatedHttpRequest,
} from '../sim/device.ts';
import {
  CAPTIVE_PORTAL,
  espError,
  isPrivateOrigin,
  isPrivatePeer,
  METHOD_NOT_ALLOWED,
  refusedFeed,
  staticPage,
  targetOf,
} from '../sim/esp-http.ts';
import { ASSUMED } from './sim-assumed.ts';
import { NETWORKS } from './sim-config.ts';
import { asic, info } from './sim-info.ts';
import { error, type Handler, json, plain } from './sim-page.ts';
import type { Nerd } from './sim-unit.ts';
import { canNodes, dashboard, identify, settings, system } from './sim-v2.ts';
import {
  getAlert,
  getInflux,
  getOtp,
  getSwarm,
  getUpdate,
  patchAlert,
  patchInflux,
  patchOtp,
  patchSettingsPage,
  patchSwarm,
  patchSystemPage,
  postAlertTest,
  postFirmware,
  postOtp,
  postOtpSession,
  postPage,
  postResetStats,
  postRestart,
  postShutdown,
  postUpdate,
  writeCanNode,
} from './sim-writes.ts';

/*
 * Port 80 (protocols.md 6.6): which path is there, who may ask, and what wants a one-time password.
 */

interface Endpoint {
  readonly method: string;
  readonly path: string | RegExp;
  readonly handler: Handler;
  /** Also in the firmware before /api/v2. */
  readonly old: boolean;
  /** Wants a code or a session while they are switched on. */
  readonly otp: boolean;
  /** Not behind the 401 rule. */
  readonly open: boolean;
}

const at = (
  method: string,
  path: string | RegExp,
  handler: Handler,
  { old = false, otp = false, open = false }: Partial<Pick<Endpoint, 'old' | 'otp' | 'open'>> = {},
): Endpoint => ({ method, path, handler, old, otp, open });

const CAN_NODE = /^\/api\/v2\/can\/nodes\/./;

const getScan: Handler = ({ unit }) =>
  unit.isOn('ap-mode') ? json({ networks: NETWORKS }) : espError(403, 'WiFi scan only available while AP is active');

const ENDPOINTS: readonly Endpoint[] = [
  at('GET', '/api/system/info', ({ unit, query, now }) => json(info(unit, query, now)), { old: true }),
  at('PATCH', '/api/system', patchSystemPage, { old: true, otp: true }),
  at('POST', '/api/system/restart', postRestart, { old: true, otp: true }),
  at('POST', '/api/system/OTA', postFirmware, { old: true, otp: true }),
  at('POST', '/api/system/OTAWWW', postPage, { old: true, otp: true }),
  at('GET', '/api/swarm/info', getSwarm, { old: true }),
  at('PATCH', '/api/swarm', patchSwarm, { old: true, open: true }),
  at('GET', '/api/system/asic', ({ unit }) => json(asic(unit))),
  at('POST', '/api/system/shutdown', postShutdown, { otp: true }),
  at('POST', '/api/system/reset-stats', postResetStats),
  at('POST', '/api/system/OTA/github', postUpdate, { otp: true }),
  at('GET', '/api/system/OTA/github', getUpdate, { open: true }),
  at('GET', '/api/v2/influx', getInflux),
  at('PATCH', '/api/v2/influx', patchInflux, { otp: true }),
  at('GET', '/api/v2/alert', getAlert),
  at('PATCH', '/api/v2/alert', patchAlert, { otp: true }),
  at('POST', '/api/v2/alert/test', postAlertTest, { otp: true }),
  at('GET', '/api/v2/dashboard', ({ unit, query, now }) => json(dashboard(unit, query, now))),
  at('GET', '/api/v2/settings', ({ unit }) => json(settings(unit))),
  at('PATCH', '/api/v2/settings', patchSettingsPage, { otp: true }),
  at('GET', '/api/v2/identify', ({ unit }) => json(identify(unit))),
  at('GET', '/api/v2/system', ({ unit, now }) => json(system(unit, now))),
  at('GET', '/api/v2/wifi/scan', getScan),
  at('GET', '/api/v2/can/nodes', ({ unit, now }) => json(canNodes(unit, now))),
  ...['PATCH', 'POST', 'DELETE'].map((method) => at(method, CAN_NODE, writeCanNode, { otp: true })),
  at('POST', '/api/v2/otp', postOtp),
  at('PATCH', '/api/v2/otp', patchOtp),
  at('POST', '/api/v2/otp/session', postOtpSession),
  at('GET', '/api/v2/otp/status', getOtp),
  at('GET', '/recovery', () => plain('<!doctype html><html><body><h1>Recovery</h1></body></html>'), { old: true }),
];

const UNAUTHORIZED = espError(401, 'Unauthorized');

/** The 401 rule, with localhost, `*.local` and the own name as origins, with or without a port, whoever the peer is. */
function isAllowed(unit: Nerd, request: SimulatedHttpRequest, peer: Peer): boolean {
  if (unit.isOn('ap-mode')) return true;
  const privatePeer = isPrivatePeer(peer, !unit.isOn('strict-loopback'));
  const { origin } = request.headers;
  if (origin === undefined) return privatePeer;
  const host = /^http:\/\/([^/:]*)/.exec(origin)?.[1];
  if (host === undefined) return false;
  if (host === 'localhost' || host.endsWith('.local') || host === unit.config.hostname) return true;
  return privatePeer && isPrivateOrigin(host, !unit.isOn('strict-loopback'));
}

function answer(unit: Nerd, request: SimulatedHttpRequest, peer: Peer, now: number): SimulatedHttpReply {
  const { path, query } = targetOf(request);
  const here = ENDPOINTS.filter(
    (one) => (one.old || !unit.old) && (typeof one.path === 'string' ? one.path === path : one.path.test(path)),
  );
  const allowed = isAllowed(unit, request, peer);
  if (request.method === 'OPTIONS' && here.length > 0) return allowed ? plain('') : UNAUTHORIZED;
  const endpoint = here.find(({ method }) => method === request.method);
  if (endpoint === undefined) {
    if (here.length > 0 || (request.method !== 'GET' && request.method !== 'POST')) return METHOD_NOT_ALLOWED;
    return request.method === 'GET' && path === '/' ? staticPage(ASSUMED.pageTitle) : CAPTIVE_PORTAL;
  }
  if (!endpoint.open && !allowed) return UNAUTHORIZED;
  const refusal = endpoint.otp ? unit.otp.refusal(request.headers, now) : null;
  return refusal === null ? endpoint.handler({ unit, request, path, query, now }) : error(401, refusal);
}

function delayMs(unit: Nerd, now: number): number {
  if (!unit.isOn('weak-wifi')) return 0;
  return Math.round(between(streamKey(unit.seed, 'air'), Math.floor(now / 1000), 800, 4_500));
}

/** A line of the log comes about so often. */
const LINE_MS = 2_000;

function logLine(unit: Nerd, at: number): string {
  const nonce = hash32(streamKey(unit.seed, 'log'), Math.floor(at / LINE_MS));
  const letters = nonce.toString(16).toUpperCase().padStart(8, '0');
  return `I (${at - unit.bootedAt}) asic_result: Nonce ${letters} asic ${nonce % unit.board.chips}\n`;
}

/** Port 80 of a device: every connection is closed behind its reply. */
export function webOf(unit: Nerd): SimulatedHttpPort {
  // One log at a time: the newest takes over.
  let newest: object | null = null;
  const respond = (request: SimulatedHttpRequest, peer: Peer, now: number): SimulatedHttpReply => {
    unit.settle(now);
    const reply = answer(unit, request, peer, now);
    const ms = (reply.afterMs ?? 0) + delayMs(unit, now);
    const headers = { ...reply.headers, connection: 'close' };
    return { ...reply, headers, ...(ms > 0 && { afterMs: ms }) };
  };
  const log = (now: number): SimulatedFeed => {
    const own = {};
    const { bootedAt } = unit;
    let next = Math.ceil(now / LINE_MS);
    newest = own;
    return {
      everyMs: 1_000,
      next: (at) => {
        unit.settle(at);
        if (unit.bootedAt !== bootedAt) return null;
        const lines: string[] = [];
        for (; next * LINE_MS < at; next++) if (lines.length < 100) lines.push(logLine(unit, next * LINE_MS));
        return newest === own ? lines : [];
      },
    };
  };
  return {
    port: 80,
    respond,
    subscribe: (request, peer, now) => {
      unit.settle(now);
      if (targetOf(request).path !== '/api/ws') return respond(request, peer, now);
      // The handler is called after the handshake.
      return isAllowed(unit, request, peer) ? log(now) : refusedFeed(UNAUTHORIZED, 'Unauthorized');
    },
  };
}
