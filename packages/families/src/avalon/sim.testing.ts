import type { SimulatedDevice } from '../sim/device.ts';
import { avalonSimulator } from './sim.ts';

/*
 * Talking to a simulated Avalon without a socket, with a reading of its own of what it says.
 */

export const POWERED_AT = Date.UTC(2026, 0, 5, 6);
export const HOUR = 3_600_000;
export const SECOND = 1000;

export function device(name: string, quirks: Record<string, boolean> = {}, seed = 7): SimulatedDevice {
  const found = avalonSimulator.profiles.find((profile) => profile.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found.create({ seed, poweredAt: POWERED_AT, quirks });
}

export function bytes(machine: SimulatedDevice, request: string, now: number): Buffer {
  const reaction = machine.cgminer?.receive(Buffer.from(request), { address: '10.0.0.9' }, now);
  return Buffer.concat((reaction?.chunks ?? []).map((chunk) => chunk.bytes));
}

export const text = (machine: SimulatedDevice, request: string, now: number): string =>
  bytes(machine, request, now).toString('latin1').replace(/\0$/, '');

export type Doc = Record<string, Record<string, unknown>[]>;

export const ask = (machine: SimulatedDevice, command: string, now: number, parameter?: string): Doc =>
  JSON.parse(text(machine, JSON.stringify({ command, parameter }), now)) as Doc;

export const first = (
  machine: SimulatedDevice,
  command: string,
  section: string,
  now: number,
): Record<string, unknown> => ask(machine, command, now)[section]?.[0] ?? {};

/** The long record by key, and the boards' record of a Q with it. */
export function long(machine: SimulatedDevice, now: number): Record<string, string> {
  const stats = first(machine, 'stats', 'STATS', now);
  const strings = [stats['MM ID0'], stats['MM ID0:Summary'], stats.HBinfo].filter((value) => value !== undefined);
  return Object.fromEntries(
    [...strings.join(' ').matchAll(/([A-Za-z][A-Za-z0-9_ ]*)\[([^\]]*)\]/g)].map((m) => [m[1]?.trim(), m[2]]),
  );
}

export const numbers = (value: string | undefined): number[] => (value ?? '').trim().split(/ +/).map(Number);

export const status = (doc: Doc): unknown[] => {
  const { STATUS, Code, Msg } = doc.STATUS?.[0] ?? {};
  return [STATUS, Code, Msg];
};

export const PROFILES = ['q', 'nano-3s', 'a1246', 'a1066'] as const;
