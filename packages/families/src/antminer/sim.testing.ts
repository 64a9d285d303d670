import { digestHeader, parseChallenge } from '@headframe/wire/http';
import type { SimulatedDevice } from '../sim/device.ts';
import { antminerSimulator } from './sim.ts';

export const POWERED = 1_795_000_000_000;
export const HOUR = 3_600_000;
export const NOW = POWERED + 5 * HOUR;

const peer = { address: '127.0.0.1' };

export function device(profile: string, quirks: Record<string, boolean> = {}): SimulatedDevice {
  const found = antminerSimulator.profiles.find(({ name }) => name === profile);
  if (found === undefined) throw new Error(`there is no ${profile}`);
  return found.create({ seed: 42, poweredAt: POWERED, quirks });
}

/** What port 4028 answers, as letters of its bytes. */
export function ask(on: SimulatedDevice, request: string, now = NOW): string {
  const reaction = on.cgminer?.receive(new TextEncoder().encode(request), peer, now);
  return (reaction?.chunks ?? []).map((chunk) => new TextDecoder('latin1').decode(chunk.bytes)).join('');
}

export const command = (name: string, more: object = {}): string => JSON.stringify({ command: name, ...more });

/** A command with a parameter, at a time. */
export const order = (on: SimulatedDevice, name: string, parameter: string, now = NOW): string =>
  ask(on, command(name, { parameter }), now);

export interface PageRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly password?: string;
}

/** A page without a login. */
export function get(
  on: SimulatedDevice,
  path: string,
  headers: Record<string, string> = {},
  now = NOW,
  { method = 'GET', body = '' }: PageRequest = {},
) {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const reply = on.http?.respond({ method, path, headers, body: bytes }, peer, now);
  if (reply === undefined) throw new Error('no web page');
  const text = typeof reply.body === 'string' ? reply.body : new TextDecoder().decode(reply.body);
  return { ...reply, text };
}

/** A page with a login, asked for as a browser does it. */
export function page(on: SimulatedDevice, path: string, now = NOW, request: PageRequest = {}, answeredAt = now) {
  const { method = 'GET', headers = {}, password = 'root' } = request;
  const challenge = parseChallenge(get(on, path, {}, now).headers['www-authenticate'] ?? '');
  if (challenge === null) throw new Error('no challenge');
  const signed = { user: 'root', password, method, uri: path, challenge, nc: 1, cnonce: 'c' };
  const authorization = digestHeader(signed);
  return get(on, path, { ...headers, authorization, host: '127.3.2.1:8080' }, answeredAt, request);
}

/** A script of the page, by its name. */
export const cgi = (on: SimulatedDevice, name: string, now = NOW, request: PageRequest = {}) =>
  page(on, `/cgi-bin/${name}.cgi`, now, request);

/** What a script says, read as JSON. */
export const json = (on: SimulatedDevice, name: string, now = NOW) => JSON.parse(cgi(on, name, now).text);

/** A form or a document sent to a script. */
export const post = (on: SimulatedDevice, name: string, body: unknown, now = NOW, request: PageRequest = {}) =>
  cgi(on, name, now, {
    ...request,
    method: 'POST',
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });

/** A form with one file, as browsers send it. */
export function upload(
  on: SimulatedDevice,
  name: string,
  file: string,
  { field = 'firmware', now = NOW }: { readonly field?: string; readonly now?: number } = {},
) {
  const body =
    `--XyZ\r\nContent-Disposition: form-data; name="${field}"; filename="image.bmu"\r\n` +
    `Content-Type: application/octet-stream\r\n\r\n${file}\r\n--XyZ--\r\n`;
  return post(on, name, body, now, { headers: { 'content-type': 'multipart/form-data; boundary=XyZ' } });
}

/** What port 6060 answers. */
export function monitor(on: SimulatedDevice, path: string, now = NOW): string {
  const request = { method: 'GET', path, headers: {}, body: new Uint8Array() };
  return String(on.monitor?.respond(request, peer, now).body ?? 'no such port');
}

/** H/s over the last five seconds, from a number that port 4028 writes in GH/s. */
export const rateOf = (on: SimulatedDevice, now: number): number =>
  Number(/"GHS 5s":"?([\d.]+)/.exec(ask(on, command('summary'), now))?.[1]) * 1e9;
