import type { SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { espError } from '../sim/esp-http.ts';
import { printed } from './sim-json.ts';
import type { Nerd } from './sim-unit.ts';

/** One request to one endpoint. */
export interface Asked {
  readonly unit: Nerd;
  readonly request: SimulatedHttpRequest;
  readonly path: string;
  readonly query: string;
  readonly now: number;
}

export type Handler = (asked: Asked) => SimulatedHttpReply;

/** `set_cors_headers` of the source. */
export const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers': 'Content-Type, Authorization, X-TOTP, X-OTP-Session, X-OTP-Session-TTL',
};

export const json = (value: unknown, status = 200): SimulatedHttpReply => ({
  status,
  headers: { 'content-type': 'application/json', ...CORS },
  body: printed(value),
});

export const plain = (text: string, status = 200): SimulatedHttpReply => ({
  status,
  headers: { 'content-type': 'text/html', ...CORS },
  body: text,
});

export const error = (status: number, text: string): SimulatedHttpReply => espError(status, text, CORS);
