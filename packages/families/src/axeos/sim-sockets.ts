import type { Peer, SimulatedFeed, SimulatedHttpReply, SimulatedHttpRequest } from '../sim/device.ts';
import { espError, type RefusedFeed, refusedFeed } from '../sim/esp-http.ts';
import { isAllowed, UNAUTHORIZED } from './sim-access.ts';
import { ASSUMED } from './sim-assumed.ts';
import { info } from './sim-info.ts';
import { printed } from './sim-json.ts';
import { logLines } from './sim-log.ts';
import type { Bitaxe } from './sim-unit.ts';

/*
 * The WebSockets: the log and, from v2.14, the live data (protocols.md 6.2). What clients say is read and ignored.
 */

const MOST_CLIENTS = 10;
const TOO_MANY = espError(429, 'Max WebSocket clients reached');

/** The WebSockets of one device, over its restarts. */
export class Sockets {
  readonly #unit: Bitaxe;
  /** Those that are open, each of the start that it belongs to. */
  readonly #open = new Set<object>();
  #newestLog: object | null = null;
  #bootedAt: number;

  constructor(unit: Bitaxe) {
    this.#unit = unit;
    this.#bootedAt = unit.bootedAt;
  }

  /** The feed of a path, the page that is answered instead, or null for a path that is no WebSocket. */
  subscribe(
    path: string,
    request: SimulatedHttpRequest,
    peer: Peer,
    now: number,
  ): SimulatedFeed | SimulatedHttpReply | null {
    const { minor } = this.#unit.release;
    const isLive = path === '/api/ws/live' && minor >= 14;
    if (path !== '/api/ws' && !isLive) return null;
    if (this.#bootedAt !== this.#unit.bootedAt) {
      this.#open.clear();
      this.#bootedAt = this.#unit.bootedAt;
    }
    if (!isAllowed(this.#unit, request, peer)) return this.#refusal(UNAUTHORIZED, 'Unauthorized');
    if (minor >= 10 && this.#open.size >= MOST_CLIENTS) return this.#refusal(TOO_MANY, 'Too Many Requests');
    const client = {};
    this.#open.add(client);
    const feed = isLive ? this.#live() : this.#log(client, now);
    return { ...feed, closed: () => void this.#open.delete(client) };
  }

  #refusal(reply: SimulatedHttpReply, reason: string): SimulatedHttpReply | RefusedFeed {
    if (this.#unit.release.minor >= 15) return reply;
    return refusedFeed(reply, reason);
  }

  /** Live lines only; up to v2.9 to the newest client alone. */
  #log(client: object, now: number): SimulatedFeed {
    const bootedAt = this.#bootedAt;
    let from = now;
    this.#newestLog = client;
    return {
      everyMs: ASSUMED.logMs,
      next: (at) => {
        this.#unit.settle(at);
        if (this.#unit.bootedAt !== bootedAt) return null;
        const lines = logLines(this.#unit, from, at).map((line) => `${line}\n`);
        from = Math.max(from, at);
        return this.#unit.release.minor <= 9 && this.#newestLog !== client ? [] : lines;
      },
    };
  }

  /** The full state, then what changed at the top of it. */
  #live(): SimulatedFeed {
    const bootedAt = this.#bootedAt;
    const known = new Map<string, string>();
    return {
      everyMs: ASSUMED.liveMs,
      next: (at) => {
        this.#unit.settle(at);
        if (this.#unit.bootedAt !== bootedAt) return null;
        const changed = Object.entries(info(this.#unit, at)).filter(([key, value]) => {
          const text = printed(value, false);
          if (known.get(key) === text) return false;
          known.set(key, text);
          return true;
        });
        return changed.length === 0 ? [] : [printed({ event: 'update', data: Object.fromEntries(changed) }, false)];
      },
    };
  }
}
