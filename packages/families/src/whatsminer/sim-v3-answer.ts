import { ASSUMED } from './sim-assumed.ts';
import type { Json } from './sim-json.ts';

/** Codes of port 4433 (protocols.md 3.6). */
export type V3Code = 0 | -1 | -2 | -3 | -4 | -5;

/** What is said to a request, before it is framed, and how its connection goes on. */
export interface V3Answer {
  readonly code: V3Code;
  readonly msg: Json;
  readonly follows?: 'upload' | 'log' | 'gone';
  /** From now on the status comes by itself, so often, s; 0: no more. */
  readonly reportS?: number;
}

export const ok: V3Answer = { code: 0, msg: 'ok' };

export const failed = (code: Exclude<V3Code, 0>): V3Answer => ({ code, msg: ASSUMED.v3Texts[code] });
