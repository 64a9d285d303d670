import { encode, type LuxRecord, type LuxValue } from './sim-json.ts';

/** What a command answers: one status and some sections, each an array of records. */
export interface LuxReply {
  readonly severity: 'S' | 'I' | 'E';
  readonly code: number;
  readonly message: string;
  readonly sections: { readonly [name: string]: readonly LuxRecord[] };
}

export const ok = (code: number, message: string, sections: LuxReply['sections'] = {}): LuxReply => ({
  severity: 'S',
  code,
  message,
  sections,
});

/** It is as it was asked to be already. */
export const inform = (code: number, message: string): LuxReply => ({ severity: 'I', code, message, sections: {} });

export const refuse = (code: number, message: string): LuxReply => ({ severity: 'E', code, message, sections: {} });

/** Refusals whose numbers `protocols.md` 8 gives; the words of 400, 401 and 408 are ours. */
export const INVALID_COMMAND = refuse(14, 'Invalid command');
export const MISSING_PARAMETER = refuse(400, 'Missing parameter');
export const INVALID_SESSION = refuse(408, 'Invalid session_id');
export const invalidValue = (what: string): LuxReply => refuse(401, `Invalid value: ${what}`);

/** The reply as one object; `id` is always 1. */
export const envelope = (reply: LuxReply, now: number, version: string): LuxRecord => ({
  ...reply.sections,
  STATUS: [
    {
      STATUS: reply.severity,
      When: Math.floor(now / 1000),
      Code: reply.code,
      Msg: reply.message,
      Description: `LUXminer ${version}`,
    },
  ],
  id: 1,
});

export const bytesOf = (value: LuxValue): Uint8Array => new TextEncoder().encode(encode(value));
