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

/** Every profile that answers `ascset` as an Avalon of its own, from the A10 on. */
export const WHOLE_MACHINES = ['q', 'mini-3', 'nano-3s', 'nano-3', 'a1346', 'a1246', 'a1066'] as const;

/** What `ascset|0,...` answers. The program escapes no newline, which its reply to setpool has. */
export const set = (machine: SimulatedDevice, parameter: string, now: number): unknown[] =>
  command(machine, 'ascset', `0,${parameter}`, now);

export const command = (machine: SimulatedDevice, name: string, parameter: string, now: number): unknown[] =>
  status(JSON.parse(text(machine, JSON.stringify({ command: name, parameter }), now).replaceAll('\n', '\\n')) as Doc);

/** Sends it and says whether the connection closed without a byte. */
export const isSilent = (machine: SimulatedDevice, parameter: string, now: number): boolean =>
  bytes(machine, `ascset|0,${parameter}`, now).length === 0;

/** Reboots at a time and gives a time at which the machine has settled again. */
export function rebooted(machine: SimulatedDevice, now: number): number {
  bytes(machine, 'ascset|0,reboot,0', now);
  return now + HOUR;
}

export const OK = ['S', 119, 'ASC 0 set OK'];
export const info = (text: string): unknown[] => ['I', 118, `ASC 0 set info: ${text}`];
export const failed = (text: string): unknown[] => ['E', 120, `ASC 0 set failed: ${text}`];

/** Cookie of the password `root` (`protocols.md` 4). */
export const ROOT_COOKIE = 'ff0000ff4813494d137e1631bba301d5';

export interface WebAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function web(
  machine: SimulatedDevice,
  request: string,
  now: number,
  { cookie = ROOT_COOKIE, form = '' }: { cookie?: string | null; form?: string } = {},
): WebAnswer {
  const [method = '', path = ''] = request.split(' ');
  const headers = { host: '10.0.0.7:80', ...(cookie === null ? {} : { cookie: `lang=en; auth=${cookie}` }) };
  const reply = machine.http?.respond({ method, path, headers, body: Buffer.from(form) }, { address: '10.0.0.9' }, now);
  if (reply === undefined) throw new Error('no web page');
  return { status: reply.status, body: Buffer.from(reply.body).toString('utf8'), headers: reply.headers };
}

/** The data in `callback({...});`. */
export function jsonp(body: string, callback: string): Record<string, string> {
  const start = `${callback}(`;
  if (!body.startsWith(start) || !body.endsWith(');')) throw new Error(`no ${callback}: ${body.slice(0, 80)}`);
  return JSON.parse(body.slice(start.length, -2)) as Record<string, string>;
}
