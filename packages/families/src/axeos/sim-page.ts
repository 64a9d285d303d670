import type { SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { espError } from '../sim/esp-http.ts';
import { printed } from './sim-json.ts';
import type { Bitaxe } from './sim-unit.ts';

/** One request to one endpoint. */
export interface Asked {
  readonly unit: Bitaxe;
  readonly request: SimulatedHttpRequest;
  readonly query: string;
  readonly now: number;
}

export type Handler = (asked: Asked) => SimulatedHttpReply;

/** `set_cors_headers` of the firmware (protocols.md 6.1). */
export const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers': 'Content-Type',
};

/** With tabs up to v2.13, but statistics before v2.11; compact from v2.14 (protocols.md 6.2). */
export const json = ({ unit }: Asked, value: unknown, compact = false, status = 200): SimulatedHttpReply => ({
  status,
  headers: { 'content-type': 'application/json', ...CORS },
  body: printed(value, unit.release.minor < 14 && !compact),
});

export const plain = (text: string): SimulatedHttpReply => ({
  status: 200,
  headers: { 'content-type': 'text/html', ...CORS },
  body: text,
});

/** A bare text up to some release, `{"message":...}` from then on. */
export const message = (asked: Asked, text: string, jsonFrom: number): SimulatedHttpReply =>
  asked.unit.release.minor >= jsonFrom ? json(asked, { message: text }) : plain(text);

export const error = (status: number, text: string): SimulatedHttpReply => espError(status, text, CORS);
