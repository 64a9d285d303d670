import type { Reaction, SimulatedConversation, SimulatedDevice } from '../sim/device.ts';
import { ethminerSimulator } from './sim.ts';

/*
 * Talking to a simulated rig without a socket.
 */

export const POWERED = 1_795_000_000_000;
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** It has mined for two hours. */
export const NOW = POWERED + 2 * HOUR;

export type Doc = Record<string, unknown>;

export function device(profile = 'rig-6', quirks: Record<string, boolean> = {}, seed = 7): SimulatedDevice {
  const found = ethminerSimulator.profiles.find(({ name }) => name === profile);
  if (found === undefined) throw new Error(`there is no ${profile}`);
  return found.create({ seed, poweredAt: POWERED, quirks });
}

export function connect(on: SimulatedDevice, now = NOW): SimulatedConversation {
  const conversation = on.ethminer?.connect({ address: '10.0.0.9' }, now);
  if (conversation == null) throw new Error('not connected');
  return conversation;
}

export const textOf = ({ chunks }: Reaction): string =>
  Buffer.concat(chunks.map(({ bytes }) => bytes)).toString('latin1');

/** Bytes on a connection of their own, or on one that is kept. */
export const say = (to: SimulatedDevice | SimulatedConversation, text: string, now = NOW): string =>
  textOf(give(to, text, now));

export function give(to: SimulatedDevice | SimulatedConversation, text: string, now = NOW): Reaction {
  const conversation = 'receive' in to ? to : connect(to, now);
  return conversation.receive(Buffer.from(text, 'latin1'), now);
}

export const requestOf = (method: string, params?: unknown, id: unknown = 1): string =>
  `${JSON.stringify({ id, jsonrpc: '2.0', method, ...(params !== undefined && { params }) })}\n`;

/** The whole reply to a method. */
export const reply = (to: SimulatedDevice | SimulatedConversation, method: string, params?: unknown, now = NOW): Doc =>
  JSON.parse(say(to, requestOf(method, params), now)) as Doc;

export const ask = (to: SimulatedDevice | SimulatedConversation, method: string, now = NOW): unknown =>
  reply(to, method, undefined, now).result;

/** A write that is taken, or the error object. */
export const tell = (
  to: SimulatedDevice | SimulatedConversation,
  method: string,
  params?: unknown,
  now = NOW,
): unknown => {
  const { result, error } = reply(to, method, params, now);
  return error ?? result;
};

interface NewDevice {
  readonly _index: number;
  readonly _mode: string;
  readonly hardware: { readonly name: string; readonly pci: string; readonly sensors: [number, number, number] };
  readonly mining: {
    readonly hashrate: string;
    readonly pause_reason: string | null;
    readonly paused: boolean;
    readonly segment: [string, string];
    readonly shares: [number, number, number, number];
  };
}

export interface NewDetail {
  readonly connection: { readonly connected: boolean; readonly switches: number; readonly uri: string };
  readonly devices: readonly NewDevice[];
  readonly host: { readonly name: string; readonly runtime: number; readonly version: string };
  readonly mining: {
    readonly difficulty: number;
    readonly epoch: number;
    readonly hashrate: string;
    readonly shares: [number, number, number, number];
  };
  readonly monitors: { readonly temperatures: [number, number] } | null;
}

export const detail = (to: SimulatedDevice | SimulatedConversation, now = NOW): NewDetail =>
  ask(to, 'miner_getstatdetail', now) as NewDetail;

export const stat1 = (to: SimulatedDevice | SimulatedConversation, now = NOW): string[] =>
  ask(to, 'miner_getstat1', now) as string[];

export const megahashes = (hex: string): number => Number.parseInt(hex, 16) / 1e6;
