import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { tokenKeys } from '@headframe/wire/whatsminer';
import type { Reaction, SimulatedConversation, SimulatedDevice } from '../sim/device.ts';
import { whatsminerSimulator } from './sim.ts';

/*
 * Talking to a simulated WhatsMiner without a socket. Ciphers and digests are Node's own, not those of the simulator.
 */

export const POWERED = 1_795_000_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const NOW = POWERED + 2 * HOUR;
/** What the owner of every simulated machine set. */
export const PASSWORD = 'Miner_01';

export type Doc = Record<string, unknown>;

export function device(profile: string, quirks: Record<string, boolean> = {}, seed = 7): SimulatedDevice {
  const found = whatsminerSimulator.profiles.find(({ name }) => name === profile);
  if (found === undefined) throw new Error(`there is no ${profile}`);
  return found.create({ seed, poweredAt: POWERED, quirks });
}

export const bytesOf = ({ chunks }: Reaction): Buffer => Buffer.concat(chunks.map(({ bytes }) => bytes));

/** What port 4028 does with bytes. */
export function give(on: SimulatedDevice, bytes: string | Uint8Array, now = NOW, address = '10.0.0.9'): Reaction {
  const reaction = on.cgminer?.receive(Buffer.from(bytes), { address }, now);
  if (reaction === undefined) throw new Error('no port 4028');
  return reaction;
}

export const say = (on: SimulatedDevice, text: string, now = NOW, address?: string): string =>
  bytesOf(give(on, text, now, address)).toString('utf8');

export const ask = (on: SimulatedDevice, cmd: string, now = NOW, more: Doc = {}): Doc =>
  JSON.parse(say(on, JSON.stringify({ cmd, ...more }), now)) as Doc;

/** The first record of a section, or of Msg. */
export function record(on: SimulatedDevice, cmd: string, now = NOW): Doc {
  const doc = ask(on, cmd, now);
  const section = { summary: 'SUMMARY', pools: 'POOLS', devs: 'DEVS', edevs: 'DEVS' }[cmd] ?? 'Msg';
  const value = doc[section] ?? doc.Msg;
  return (Array.isArray(value) ? value[0] : value) as Doc;
}

export const records = (on: SimulatedDevice, cmd: string, section: string, now = NOW): Doc[] =>
  ask(on, cmd, now)[section] as Doc[];

export interface Token {
  readonly sign: string;
  readonly key: Uint8Array;
}

export function token(on: SimulatedDevice, password = PASSWORD, now = NOW, address?: string): Token {
  const { Msg } = JSON.parse(say(on, '{"cmd":"get_token"}', now, address)) as { Msg: Record<string, string> };
  const { salt = '', newsalt = '', time = '' } = Msg;
  const { sign, aesKey } = tokenKeys({ password, salt, newsalt, time });
  return { sign, key: aesKey };
}

/** Zero-padded AES-256-ECB in base64. */
export function sealed(text: string, key: Uint8Array): string {
  const plain = Buffer.from(text);
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc((16 - (plain.length % 16)) % 16)]))]).toString(
    'base64',
  );
}

export function opened(data: string, key: Uint8Array): string {
  const cipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return cipher.update(Buffer.from(data, 'base64')).toString('utf8').replace(/\0+$/, '');
}

export const envelopeOf = (inside: Doc | string, key: Uint8Array): string =>
  JSON.stringify({ enc: 1, data: sealed(typeof inside === 'string' ? inside : JSON.stringify(inside), key) });

export interface Said extends Doc {
  /** Whether the reply came sealed. */
  readonly wasSealed: boolean;
}

/** A sealed command, with a token unless it says another. */
export function tell(on: SimulatedDevice, cmd: string, args: Doc = {}, now = NOW, own?: Token): Said {
  const { sign, key } = own ?? token(on, PASSWORD, now);
  return understood(say(on, envelopeOf({ cmd, token: sign, ...args }, key), now), key);
}

export function understood(text: string, key: Uint8Array): Said {
  if (text === '') return { wasSealed: false };
  const doc = JSON.parse(text) as Doc;
  if (typeof doc.enc !== 'string') return { ...doc, wasSealed: false };
  return { ...(JSON.parse(opened(doc.enc, key)) as Doc), wasSealed: true };
}

// Port 4433

export const framed = (body: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(body);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** The bodies of frames; what is left over behind them. */
export function unframed(bytes: Buffer): { readonly bodies: string[]; readonly rest: Buffer } {
  const bodies: string[] = [];
  let at = 0;
  while (at + 4 <= bytes.length && at + 4 + bytes.readUInt32LE(at) <= bytes.length) {
    const end = at + 4 + bytes.readUInt32LE(at);
    bodies.push(bytes.subarray(at + 4, end).toString('utf8'));
    at = end;
  }
  return { bodies, rest: bytes.subarray(at) };
}

export function connect(on: SimulatedDevice, now = NOW): SimulatedConversation {
  const conversation = on.whatsminer?.connect({ address: '10.0.0.9' }, now);
  if (conversation == null) throw new Error('not connected');
  return conversation;
}

/** One request on a kept connection. */
export function ask3(to: SimulatedConversation, cmd: string, param?: unknown, now = NOW): Doc {
  const reaction = to.receive(framed(JSON.stringify({ cmd, ...(param !== undefined && { param }) })), now);
  return JSON.parse(unframed(bytesOf(reaction)).bodies.at(-1) ?? 'null') as Doc;
}

export interface Signing {
  readonly account?: string;
  readonly password?: string;
  readonly ts?: number;
}

/** SHA-256 over command, password, salt and time. */
export const digest3 = (cmd: string, password: string, salt: string, ts: number): Buffer =>
  createHash('sha256').update(`${cmd}${password}${salt}${ts}`).digest();

/** A signed write; `seals`: its param travels sealed. */
export function tell3(
  to: SimulatedConversation,
  cmd: string,
  param: unknown,
  {
    account = 'super',
    password = PASSWORD,
    ts,
    seals = false,
    now = NOW,
  }: Signing & { seals?: boolean; now?: number } = {},
): Doc {
  const bytes = to.receive(framed(JSON.stringify(write3(to, cmd, param, { account, password, ts, seals, now }))), now);
  return JSON.parse(unframed(bytesOf(bytes)).bodies.at(-1) ?? 'null') as Doc;
}

export function write3(
  to: SimulatedConversation,
  cmd: string,
  param: unknown,
  {
    account = 'super',
    password = PASSWORD,
    ts: at,
    seals = false,
    now = NOW,
  }: { account?: string; password?: string; ts?: number | undefined; seals?: boolean; now?: number },
): Doc {
  const salt = String((ask3(to, 'get.device.info', 'salt', now).msg as Doc).salt);
  const ts = at ?? Math.floor(now / 1000);
  const digest = digest3(cmd, password, salt, ts);
  const shown = seals ? sealed(JSON.stringify(param), digest) : param;
  return {
    cmd,
    ts,
    token: digest.toString('base64').slice(0, 8),
    account,
    ...(shown !== undefined && { param: shown }),
  };
}
