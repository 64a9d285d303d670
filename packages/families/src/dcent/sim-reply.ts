import { encode, type JsonRecord } from './sim-json.ts';
import { RELEASE } from './sim-plan.ts';

/*
 * Replies: sections, one STATUS, id 1; no NUL and no newline behind them (`protocols.md` 9). The codes are cgminer's
 * own, also where LuxOS has others.
 */

/** What the daemon calls itself everywhere. */
export const DAEMON = `dcentrald/${RELEASE}`;

export interface DcentReply {
  readonly severity: 'S' | 'E';
  readonly code: number;
  readonly message: string;
  readonly sections: JsonRecord;
}

export const accept = (code: number, message: string, sections: JsonRecord = {}): DcentReply => ({
  severity: 'S',
  code,
  message,
  sections,
});

export const refuse = (code: number, message: string, sections: JsonRecord = {}): DcentReply => ({
  severity: 'E',
  code,
  message,
  sections,
});

export const NO_COMMAND = 14;
export const NO_ID = 15;
export const VERSION = 22;
export const NO_VALUE = 28;
export const CONFIG = 33;
export const DENIED = 45;

export function bytesOf(reply: DcentReply, now: number): Uint8Array {
  const status: JsonRecord = {
    STATUS: reply.severity,
    When: Math.floor(now / 1000),
    Code: reply.code,
    Msg: reply.message,
    Description: DAEMON,
  };
  return new TextEncoder().encode(encode({ ...reply.sections, STATUS: [status], id: 1 }));
}
