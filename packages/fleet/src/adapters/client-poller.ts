import {
  type CredentialSource,
  type Credentials,
  connect,
  createMiner,
  formatAddress,
  type Miner,
} from '@headframe/client';
import { type Memory, newMemory, type Protocol, type Reply, type Snapshot } from '@headframe/model';
import type { Clock, Poller, Target } from '../ports.ts';

export interface ClientPollerOptions {
  readonly credentials?: Credentials | CredentialSource;
  readonly clock: Clock;
  /** The limit of a whole read, ms. */
  readonly timeoutMs: number;
}

/**
 * Reads machines with the client library. A machine whose family was told with it is believed, until it is forgotten:
 * then it is asked who it is, as something else may be at its address by now.
 */
export function clientPoller(options: ClientPollerOptions): Poller {
  const miners = new WeakMap<Target, Miner>();
  const doubted = new WeakSet<Target>();
  return {
    poll: async (target, signal): Promise<Snapshot> => {
      let miner = miners.get(target);
      if (miner === undefined) {
        const { family } = target;
        miner = doubted.has(target) || family === null ? await identify(target, signal) : believe(target, family);
        miners.set(target, miner);
        doubted.delete(target);
      }
      return miner.read({ signal });
    },
    forget: (target) => {
      miners.delete(target);
      doubted.add(target);
    },
  };

  function believe({ address, ports }: Target, family: string): Miner {
    const known = Object.keys(ports).length > 0 ? { ports } : {};
    return createMiner({ host: address, family, ...known }, { ...options, memory: leanMemory() });
  }

  async function identify({ address, ports }: Target, signal: AbortSignal): Promise<Miner> {
    const port = ports.cgminer ?? ports.http;
    // On its usual port a machine is asked at all doors that machines have; behind a port of its own, only there.
    const usual = port === undefined || port === 4028 || port === 80;
    const found = await connect(formatAddress(address, usual ? null : port), {
      ...options,
      signal,
      ports: Object.fromEntries(Object.entries(ports).map(([protocol, at]) => [protocol, [at]])),
    });
    // A port that was told and not asked here is believed, unless it turned out to be another protocol's.
    const taken = Object.values(found.ports);
    const told = Object.entries(ports).filter(
      ([protocol, at]) => found.family.ports[protocol as Protocol] !== undefined && !taken.includes(at),
    );
    const all = { ...Object.fromEntries(told), ...found.ports };
    const known = { host: found.host, family: found.family, ports: all, identity: found.identity };
    return createMiner(known, { ...options, memory: leanMemory() });
  }
}

/** What is remembered of a machine between polls, without the bytes: the daemon never traces a value back to them. */
const leanMemory = (): Memory => ({
  ...newMemory(),
  kept: new RepliesWithoutBytes(),
  absent: new RepliesWithoutBytes(),
});

class RepliesWithoutBytes extends Map<string, Reply> {
  override set(id: string, reply: Reply): this {
    return super.set(id, { ...reply, raw: null });
  }
}
