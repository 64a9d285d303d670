import type { SimulatedDevice } from '../sim/device.ts';
import { dcentSimulator } from './sim.ts';

/*
 * Talking to a simulated machine under DCENT_OS without a socket.
 */

export const POWERED_AT = Date.UTC(2026, 0, 5, 6);
export const SECOND = 1000;
export const MINUTE = 60_000;
export const AT = POWERED_AT + 2 * 60 * MINUTE;

export function device(quirks: Record<string, boolean> = {}, name = 's9', seed = 3): SimulatedDevice {
  const found = dcentSimulator.profiles.find((profile) => profile.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found.create({ seed, poweredAt: POWERED_AT, quirks });
}

export function send(machine: SimulatedDevice, request: string | Uint8Array, now = AT): string {
  const reaction = machine.cgminer?.receive(Buffer.from(request), { address: '10.0.0.9' }, now);
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('utf8');
}

export type Doc = Record<string, Record<string, unknown>[]>;

export const ask = (machine: SimulatedDevice, command: string, now = AT, parameter?: string): Doc =>
  JSON.parse(send(machine, `${JSON.stringify({ command, parameter })}\n`, now)) as Doc;

export const first = (machine: SimulatedDevice, command: string, section: string, now = AT): Record<string, unknown> =>
  ask(machine, command, now)[section]?.[0] ?? {};

export const code = (doc: Doc): unknown[] => [doc.STATUS?.[0]?.STATUS, doc.STATUS?.[0]?.Code];

export const message = (doc: Doc): string => String(doc.STATUS?.[0]?.Msg);

export const logon = (machine: SimulatedDevice, now = AT): string =>
  String(ask(machine, 'logon', now).SESSION?.[0]?.SessionID ?? '');

/** A machine with a session. */
export function unlocked(quirks: Record<string, boolean> = {}, name = 's9') {
  const machine = device(quirks, name);
  const id = logon(machine);
  const write = (command: string, parameter?: string, now = AT): Doc =>
    ask(machine, command, now, parameter === undefined ? id : `${id},${parameter}`);
  return { machine, id, write };
}

export const number = (machine: SimulatedDevice, command: string, section: string, key: string, now = AT): number =>
  Number(first(machine, command, section, now)[key]);

/** Restarts it. @returns the time when it has been up again for so long */
export function restarted(machine: SimulatedDevice, afterMs = 10 * MINUTE, now = AT): number {
  ask(machine, 'restart', now);
  return now + 7 * SECOND + afterMs;
}
