import type { SimulatedHttpPort, SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { answer } from './sim-server.ts';

/*
 * The mirror of the API on HTTP 8080.
 *
 * Luxor's own pages do not describe it. Three programs that others published, one of them written against a machine with
 * 2025.7.10.152155-6e13fb74, agree on it: `POST /api` with `Content-Type: application/json` and the JSON request of port
 * 4028 as the body; the reply is the JSON of port 4028, sessions included; nobody has to log in. That machine answered
 * 404 to pages of other firmwares.
 *
 * Ours: the headers, what another method than POST gets, and that a query behind the path is not read.
 */

const PATH = '/api';

export const mirror = (machine: LuxosMachine): SimulatedHttpPort => ({
  port: 8080,
  respond: (request, _peer, now) => respond(machine, request, now),
});

function respond(machine: LuxosMachine, { method, path, body }: SimulatedHttpRequest, now: number): SimulatedHttpReply {
  if (path.split('?')[0] !== PATH) return { status: 404, headers: PLAIN, body: '404 page not found\n' };
  if (method !== 'POST') return { status: 405, headers: { ...PLAIN, allow: 'POST' }, body: 'Method Not Allowed\n' };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: answer(machine, body, now) };
}

const PLAIN = { 'content-type': 'text/plain; charset=utf-8' } as const;
