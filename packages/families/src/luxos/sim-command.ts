import type { LuxosMachine } from './sim-machine.ts';
import type { LuxReply } from './sim-reply.ts';

/** @param parts the parameter without a session id, cut at its commas; empty when there was none */
export type Command = (machine: LuxosMachine, now: number, parts: readonly string[]) => LuxReply;

export type Commands = Readonly<Record<string, Command>>;
