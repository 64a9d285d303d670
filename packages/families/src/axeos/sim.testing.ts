import type { SimulatedDevice, SimulatedFeed } from '../sim/device.ts';
import { axeosSimulator } from './sim.ts';

export const POWERED = Date.UTC(2026, 0, 5);
export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
/** Everything has settled. */
export const AT = POWERED + 10 * HOUR;

export const RELEASES = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] as const;

export function device(profile: string, quirks: Record<string, boolean> = {}): SimulatedDevice {
  const found = axeosSimulator.profiles.find(({ name }) => name === profile);
  if (found === undefined) throw new Error(`no profile ${profile}`);
  return found.create({ seed: 7, poweredAt: POWERED, quirks });
}

/** A Gamma with a release of AxeOS. */
export const gamma = (minor: number, quirks: Record<string, boolean> = {}): SimulatedDevice =>
  device(`gamma-v2.${minor}`, quirks);

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

/** A WebSocket: its feed, or the status and text of the page that is answered instead. */
export function socket(
  on: SimulatedDevice,
  path: string,
  { now = AT, peer = '10.0.0.9', headers = {} }: Sent = {},
): SimulatedFeed | string {
  const request = { method: 'GET', path, headers: { upgrade: 'websocket', ...headers }, body: new Uint8Array() };
  const found = on.http?.subscribe?.(request, { address: peer }, now);
  if (found === undefined) throw new Error('no WebSockets');
  return 'status' in found ? `${found.status} ${String(found.body)}` : found;
}
