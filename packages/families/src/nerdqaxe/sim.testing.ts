import type { SimulatedDevice, SimulatedFeed } from '../sim/device.ts';
import { nerdqaxeSimulator } from './sim.ts';

export const POWERED = Date.UTC(2026, 0, 5);
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
/** Everything has settled. */
export const AT = POWERED + 10 * HOUR;

export function device(profile: string, quirks: Record<string, boolean> = {}): SimulatedDevice {
  const found = nerdqaxeSimulator.profiles.find(({ name }) => name === profile);
  if (found === undefined) throw new Error(`no profile ${profile}`);
  return found.create({ seed: 7, poweredAt: POWERED, quirks });
}

interface Sent {
  readonly body?: string | Uint8Array | object;
  readonly now?: number;
  readonly peer?: string;
  readonly headers?: Record<string, string>;
}

/** One request, and the reply with its body as text. */
export function send(on: SimulatedDevice, line: string, { body = '', now = AT, peer, headers = {} }: Sent = {}) {
  const [method = 'GET', path = '/'] = line.split(' ');
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const reply = on.http?.respond({ method, path, headers, body: bytes }, { address: peer ?? '10.0.0.9' }, now);
  if (reply === undefined) throw new Error('no port 80');
  return { ...reply, text: typeof reply.body === 'string' ? reply.body : new TextDecoder('latin1').decode(reply.body) };
}

/** Status and body of a reply, as one line. */
export function said(on: SimulatedDevice, line: string, sent: Sent = {}): string {
  const { status, text } = send(on, line, sent);
  return `${status} ${text}`;
}

export const json = (on: SimulatedDevice, line: string, sent: Sent = {}) => JSON.parse(send(on, line, sent).text);
export const info = (on: SimulatedDevice, now = AT): Record<string, unknown> =>
  json(on, 'GET /api/system/info', { now });
export const patch = (on: SimulatedDevice, body: object | string, now = AT): string =>
  said(on, 'PATCH /api/system', { body, now });

/** The log's WebSocket. */
export function socket(on: SimulatedDevice, { now = AT, peer = '10.0.0.9' }: Sent = {}): SimulatedFeed {
  const request = { method: 'GET', path: '/api/ws', headers: { upgrade: 'websocket' }, body: new Uint8Array() };
  const found = on.http?.subscribe?.(request, { address: peer }, now);
  if (found === undefined || 'status' in found) throw new Error('no WebSocket');
  return found;
}
