import type { Look, Reply } from '@headframe/model';
import { askMethods } from '@headframe/wire/ethminer';
import { tcpLink } from '../links/tcp-link.ts';
import type { Requests } from './again.ts';
import { type Asking, type Heard, turn } from './asking.ts';
import { type Asked, notSeen, typed, whyNotSeen } from './exchanges.ts';

export const STAT = 'miner_getstat1';
const PING = 'miner_ping';

export const askedMethod = (host: string, port: number, method: string): Asked => ({
  port,
  request: method,
  command: typed.rpc(host, port, method),
  isEmpty: (doc) => {
    const result = (doc as { result?: unknown } | null)?.result;
    return Array.isArray(result) && result.length === 0;
  },
});

/** One method in a connection of its own, with the password where one is known and wanted. Never rejects. */
export async function sendMethod(asking: Asking, port: number, method: string): Promise<Reply> {
  const password = asking.login('ethminer')?.credentials.password ?? null;
  const replies = await askMethods(tcpLink(asking.dial, port), asking.dial.clock, [method], { password });
  return replies.get(method) as Reply;
}

/**
 * The ping, which tells that its server lives, and the statistics. With a password set every method wants it (-403), and
 * a build without the API has no listener at all (protocols.md 5.1, 5.3).
 */
export async function askEthminer(
  asking: Asking,
  port: number,
  requests: Requests,
  heard: Heard,
): Promise<Look<{ readonly pingAnswered: boolean; readonly statAnswered: boolean }>> {
  const { host } = asking;
  const ping = await requests.ask(askedMethod(host, port, PING), () => sendMethod(asking, port, PING));
  const stat = await requests.ask(askedMethod(host, port, STAT), () => sendMethod(asking, port, STAT));
  const last = stat ?? ping;
  if (ping === null || last === null) return notSeen('it was not asked any more');
  if (stat !== null) {
    heard.set(STAT, stat);
    // The name under which the family looks for whatever tells the most.
    heard.set('stats', stat);
  }
  if (last.error?.code === 'link/cancelled') return whyNotSeen(last.error);
  const pingAnswered = ping.raw !== null;
  const statAnswered = stat !== null && stat.doc !== null;
  const wants = [ping, stat].some((reply) => reply?.error?.code.startsWith('auth/') === true);
  return {
    value: { pingAnswered, statAnswered },
    at: last.meta.at,
    ms: last.meta.ms,
    bytes: last.meta.bytes,
    line: `${port} ethminer: ${PING} ${pingAnswered ? 'answered' : 'silent'}, ${STAT} ${statAnswered ? 'answered' : wants ? 'wants a password' : 'silent'}`,
    command: typed.rpc(host, port, PING),
  };
}

/** One sample: the statistics alone. */
export const ethminerSampler = (asking: Asking, port: number) => (): Promise<Reply> =>
  turn(asking, () => sendMethod(asking, port, STAT));
