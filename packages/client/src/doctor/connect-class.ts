import { randomInt } from 'node:crypto';
import { type ConnectClass, EXAMINED_PORTS, HeadframeError, HIGH_CLOSED_PORT, type Look } from '@headframe/model';
import { knockAt } from '../discovery/doors.ts';
import { READ_LIMITS } from '../links/limits.ts';
import { classInWords, connectClassOf, typed, whyNotSeen } from './exchanges.ts';
import type { Looking } from './options.ts';

/** Where nothing should listen: above the ports that systems hand out themselves on Linux (32768 to 60999). */
const HIGH_PORTS = { from: 61_000, below: 65_000 } as const;

/** Knocks at one port and closes at once: nothing is asked. Never rejects. */
export async function knockOnce(host: string, port: number, looking: Looking): Promise<Look<ConnectClass>> {
  const began = performance.now();
  const door = { port, protocols: [], first: true, named: false, standIn: false };
  const [knocked] = await knockAt(host, [door], READ_LIMITS.connectMs, looking.deadline);
  const error = knocked?.error ?? null;
  const found = connectClassOf({ error, raw: null });
  if (found === null) return whyNotSeen(error ?? new HeadframeError('link/cancelled'));
  const ms = Math.round((performance.now() - began) * 10) / 10;
  const line = `${port}: ${classInWords(found, ms)}`;
  return { value: found, at: looking.clock.now(), ms, bytes: 0, line, command: typed.knock(host, port) };
}

/**
 * Knocks at the examined ports together, each closed at once. Never rejects.
 * @param except those that are asked anyway: their first request tells the same, and they are spared a connection
 */
export async function knockAtPorts(
  host: string,
  except: readonly number[],
  looking: Looking,
): Promise<Record<number, Look<ConnectClass>>> {
  const ports = EXAMINED_PORTS.filter((port) => !except.includes(port));
  const looks = await Promise.all(ports.map(async (port) => [port, await knockOnce(host, port, looking)] as const));
  return Object.fromEntries(looks);
}

/**
 * A high port at which nothing should listen: a refusal there and silence elsewhere tell of a firewall between
 * (protocols.md 12, row 6). One that is open by chance is tried a second time elsewhere. Never rejects.
 */
export async function knockAtHighPort(
  host: string,
  looking: Looking,
  choose: () => number = () => randomInt(HIGH_PORTS.from, HIGH_PORTS.below),
): Promise<Record<number, Look<ConnectClass>>> {
  const first = await knockOnce(host, choose(), looking);
  const isOpen = !('notSeen' in first) && first.value === 'open';
  const look = isOpen ? await knockOnce(host, choose(), looking) : first;
  const told = 'notSeen' in look ? look : { ...look, line: `a high port where nothing should listen, ${look.line}` };
  return { [HIGH_CLOSED_PORT]: told };
}
