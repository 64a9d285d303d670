import { fixed, type Json, type JsonRecord, printed } from './sim-json.ts';
import type { WhatsminerUnit } from './sim-unit.ts';

/** What the daemon on 4028 says (protocols.md 3.4), before it is printed. */
export type V2Reply =
  /** A string STATUS and everything in Msg. */
  | { readonly kind: 'message'; readonly code: number; readonly msg: Json }
  /** cgminer's: a STATUS list and a section of records. */
  | {
      readonly kind: 'records';
      readonly code: number;
      readonly words: string;
      readonly section: string;
      readonly records: readonly JsonRecord[];
    }
  /** Passed on as it came from somewhere else. */
  | { readonly kind: 'text'; readonly text: string };

/** Codes that do not say that something failed (protocols.md 3.2). */
const FINE: ReadonlySet<number> = new Set([131, 133, 134]);

export const refuse = ({ code, msg }: { readonly code: number; readonly msg: string }): V2Reply => ({
  kind: 'message',
  code,
  msg,
});

/** The one text of what worked. */
export const OK: V2Reply = { kind: 'message', code: 131, msg: 'API command OK' };
export const INVALID_COMMAND: V2Reply = { kind: 'message', code: 14, msg: 'invalid cmd' };
export const INVALID_JSON: V2Reply = { kind: 'message', code: 23, msg: 'json cmd err' };
export const NOT_PERMITTED: V2Reply = { kind: 'message', code: 45, msg: "can't access write cmd" };
export const BAD_TOKEN: V2Reply = { kind: 'message', code: 135, msg: 'check token err' };
export const TOO_MANY_TOKENS: V2Reply = { kind: 'message', code: 136, msg: 'over max connect' };

export function render(unit: WhatsminerUnit, reply: V2Reply, now: number): string {
  if (reply.kind === 'text') return reply.text;
  if (reply.kind === 'message') return message(unit, reply.code, reply.msg, now);
  if (unit.isOn('msg-wrapped')) {
    const [first = {}] = reply.records;
    return message(unit, 131, reply.section === 'SUMMARY' ? first : reply.records, now);
  }
  const short = { STATUS: 'S', Msg: reply.words };
  const long = {
    STATUS: 'S',
    When: unit.clockS(now),
    Code: reply.code,
    Msg: reply.words,
    Description: 'cgminer 4.9.2',
  };
  const status = unit.plan.dialect === 'old' ? long : short;
  return printed({ STATUS: [status], [reply.section]: reply.records, id: 1 });
}

function message(unit: WhatsminerUnit, code: number, msg: Json, now: number): string {
  return printed({
    STATUS: FINE.has(code) ? 'S' : 'E',
    When: fixed(unit.clockS(now), 0),
    Code: code,
    Msg: msg,
    Description: unit.plan.dialect === 'old' ? unit.plan.api : '',
  });
}
