import { families } from '@headframe/families';
import type { Protocol, Reply } from '@headframe/model';
import { type Endpoint, formatAddress } from '../address.ts';
import type { Login } from '../credentials.ts';
import { type ExtraPorts, knockAt, planDoors } from '../discovery/doors.ts';
import { hostQueue } from '../host-queue.ts';
import type { Dial } from '../links/dial.ts';
import { type LinkLimits, READ_LIMITS } from '../links/limits.ts';
import type { Looking } from './options.ts';

/** One request gets no longer than this: two silent ones are enough to know. */
export const ASK_LIMITS: LinkLimits = { ...READ_LIMITS, replyMs: 2400 };

/** The usual ports (protocols.md 0). */
export const USUAL = {
  cgminer: 4028,
  http: 80,
  whatsminer: 4433,
  ethminer: 3333,
  grpc: 50_051,
} as const satisfies Partial<Record<Protocol, number>>;
export type AskedProtocol = keyof typeof USUAL;

/** Where each protocol is asked; null: nowhere, as a person named the one port that counts. */
export type Doors = Readonly<Record<AskedProtocol, number | null>>;

/** What the collectors that speak with the device share. */
export interface Asking {
  /** As the queue of conversations and the history know it. */
  readonly address: string;
  readonly host: string;
  readonly doors: Doors;
  /** A port was named that is nobody's usual one: other machines may stand behind the other ports of the host. */
  readonly isForwarded: boolean;
  readonly dial: Dial;
  readonly looking: Looking;
  readonly login: (family: string) => Login | undefined;
  readonly isQuick: boolean;
  readonly isPatient: boolean;
  readonly onStep: (what: string) => void;
}

/** Our turn with the device: one conversation at a time, whoever else of this program wants to talk to it. */
export const turn = <T>({ address, dial }: Asking, talk: () => Promise<T>): Promise<T> =>
  hostQueue.run(address, dial.deadline, talk);

const NOWHERE: Doors = { cgminer: null, http: null, whatsminer: null, ethminer: null, grpc: null };

/**
 * Where to ask. Stand-ins for privileged ports take the place of the usual one where they are open, or where that is not
 * open either.
 */
export async function doorsOf(
  endpoint: Endpoint,
  extra: ExtraPorts,
  dial: Dial,
): Promise<Pick<Asking, 'doors' | 'isForwarded'>> {
  const { host, port } = endpoint;
  const named = port === null ? null : protocolOf(endpoint);
  const isForwarded = named !== null && USUAL[named] !== port;
  const doors: Record<AskedProtocol, number | null> = isForwarded ? { ...NOWHERE } : { ...USUAL };
  const standIns = Object.keys(USUAL).filter((protocol) => (extra[protocol as AskedProtocol] ?? []).length > 0);
  await Promise.all(
    standIns.map(async (name) => {
      const protocol = name as AskedProtocol;
      const ports = [...(extra[protocol] ?? []), ...(isForwarded ? [] : [USUAL[protocol]])];
      const plans = ports.map((at) => ({ port: at, protocols: [], first: true, named: false, standIn: true }));
      const open = (await knockAt(host, plans, dial.limits.connectMs, dial.deadline)).find(
        ({ error }) => error === null,
      );
      doors[protocol] = open?.door.port ?? ports[0] ?? null;
    }),
  );
  if (named !== null && isForwarded) doors[named] = port;
  return { doors, isForwarded };
}

/** What a named port most probably speaks, by its number. */
function protocolOf(endpoint: Endpoint): AskedProtocol {
  const first = planDoors(endpoint, families, {}, false)[0]?.protocols[0];
  return first !== undefined && Object.hasOwn(USUAL, first) ? (first as AskedProtocol) : 'cgminer';
}

/** The queue's name of an endpoint. */
export const addressOfEndpoint = ({ host, port }: Endpoint): string => formatAddress(host, port);

/** Replies by the names that a family gave its requests. */
export type Heard = Map<string, Reply>;
