import type { SimulatedDevice } from '../sim/device.ts';
import { luxosSimulator } from './sim.ts';

/*
 * Talking to a simulated machine under LuxOS without a socket.
 */

export const POWERED_AT = Date.UTC(2026, 0, 5, 6);
export const SECOND = 1000;
export const HOUR = 3_600_000;
export const AT = POWERED_AT + 2 * HOUR;

export function device(quirks: Record<string, boolean> = {}, seed = 3, name = 's19k-pro'): SimulatedDevice {
  const found = luxosSimulator.profiles.find((profile) => profile.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found.create({ seed, poweredAt: POWERED_AT, quirks });
}

export function send(machine: SimulatedDevice, request: string, now: number): string {
  const reaction = machine.cgminer?.receive(Buffer.from(request), { address: '10.0.0.9' }, now);
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes)).toString('utf8');
}

export type Doc = Record<string, Record<string, unknown>[]>;

export const ask = (machine: SimulatedDevice, command: string, now = AT, parameter?: string): Doc =>
  JSON.parse(send(machine, JSON.stringify({ command, parameter }), now)) as Doc;

export const first = (machine: SimulatedDevice, command: string, section: string, now = AT): Record<string, unknown> =>
  ask(machine, command, now)[section]?.[0] ?? {};

/** What the first chip of a board runs at, MHz. */
export function mhzOf(machine: SimulatedDevice, board: number, now = AT): number {
  const freqs = ask(machine, 'frequencyget', now, String(board)).FREQUENCY?.[0]?.Freqs;
  return Array.isArray(freqs) ? Number(freqs[0]) : Number.NaN;
}

/** A machine with a session, whose ATM does not stand in the way. */
export function unlocked(quirks: Record<string, boolean> = {}): { machine: SimulatedDevice; id: string } {
  const machine = device(quirks);
  const id = logon(machine);
  ask(machine, 'atmset', AT, `${id},enabled=false`);
  return { machine, id };
}

/** Sends a session command at a time, in a session that is active then. */
export function write(machine: SimulatedDevice, command: string, parameter = '', now = AT): Doc {
  const active = String(ask(machine, 'session', now).SESSION?.[0]?.SessionID);
  const id = active === '' ? logon(machine, now) : active;
  return ask(machine, command, now, parameter === '' ? id : `${id},${parameter}`);
}

/** The record of stats with the numbers. */
export const second = (machine: SimulatedDevice): Record<string, unknown> => ask(machine, 'stats').STATS?.[1] ?? {};

export const code = (doc: Doc): unknown[] => [doc.STATUS?.[0]?.STATUS, doc.STATUS?.[0]?.Code];

export const logon = (machine: SimulatedDevice, now = AT): string =>
  String(ask(machine, 'logon', now).SESSION?.[0]?.SessionID ?? '');
