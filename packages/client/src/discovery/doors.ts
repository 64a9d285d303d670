import { connect } from 'node:net';
import { type Family, HeadframeError, type Protocol } from '@headframe/model';
import { type Endpoint, formatAddress } from '../address.ts';
import { type Deadline, type StopReason, stoppedBefore } from '../links/deadline.ts';
import { since } from '../links/limits.ts';
import { linkError } from '../links/link-errors.ts';

/** A port to knock at, and the protocols to try there in this order. */
export interface DoorPlan {
  readonly port: number;
  readonly protocols: readonly Protocol[];
  /** Knocked at first, at every address; the others follow only where something answered. */
  readonly first: boolean;
  /** The person named this very port: every protocol is tried, whatever its number says. */
  readonly named: boolean;
  /** May take the place of a family's own port. */
  readonly standIn: boolean;
}

/** Ports at which a protocol may be found beside those of the families, such as stand-ins for privileged ones. */
export type ExtraPorts = Readonly<Partial<Record<Protocol, readonly number[]>>>;

/** Nearly every machine listens on one of them. */
const FIRST_PORTS: readonly number[] = [4028, 80];
const HTTP_PORTS: readonly number[] = [80, 443, 8000, 8080, 8443, 8888, 10_080];

/** The ports to knock at, those of the first round in front. */
export function planDoors(
  endpoint: Endpoint,
  families: readonly Family[],
  extra: ExtraPorts,
  all: boolean,
): DoorPlan[] {
  if (endpoint.port !== null) {
    const usual: Protocol[] = isHttpPort(endpoint.port) ? ['http', 'cgminer'] : ['cgminer', 'http'];
    const own = families.flatMap(({ ports }) =>
      Object.entries(ports).flatMap(([protocol, port]) => (port === endpoint.port ? [protocol as Protocol] : [])),
    );
    const protocols = [...new Set([...own.filter((protocol) => !usual.includes(protocol)), ...usual])];
    return [{ port: endpoint.port, protocols, first: true, named: true, standIn: true }];
  }
  const doors = new Map<number, { protocols: Set<Protocol>; first: boolean; standIn: boolean }>();
  const add = (port: number, protocol: Protocol, first: boolean, standIn = false) => {
    const door = doors.get(port) ?? { protocols: new Set(), first: false, standIn: false };
    door.protocols.add(protocol);
    door.first ||= first;
    door.standIn ||= standIn;
    doors.set(port, door);
  };
  // The first ports are asked even where no family uses them: what answers there gets a name.
  for (const port of FIRST_PORTS) add(port, isHttpPort(port) ? 'http' : 'cgminer', true);
  for (const family of families) {
    for (const [protocol, port] of Object.entries(family.ports)) add(port, protocol as Protocol, all);
  }
  for (const [protocol, ports] of Object.entries(extra)) {
    for (const port of ports) add(port, protocol as Protocol, true, true);
  }
  return [...doors]
    .map(([port, door]) => ({ ...door, port, protocols: [...door.protocols], named: false }))
    .sort((a, b) => Number(b.first) - Number(a.first));
}

const isHttpPort = (port: number): boolean => HTTP_PORTS.includes(port);

/** What a knock found: open (no error), or why not. */
export interface Knocked {
  readonly door: DoorPlan;
  readonly error: HeadframeError | null;
}

const ANSWERS: readonly string[] = ['link/refused', 'link/reset', 'device/busy'];

/** Whether somebody is there: a refusal is an answer too. */
export const hasAnswered = ({ error }: Knocked): boolean => error === null || ANSWERS.includes(error.code);

/**
 * Connects and closes again at once, at all these ports together: nothing is asked yet, so this is no second
 * conversation.
 */
export function knockAt(
  host: string,
  doors: readonly DoorPlan[],
  connectMs: number,
  deadline: Deadline,
): Promise<Knocked[]> {
  return Promise.all(
    doors.map((door) => {
      return new Promise<Knocked>((resolve) => {
        knock(host, door.port, connectMs, deadline, (error) => resolve({ door, error }));
      });
    }),
  );
}

function knock(
  host: string,
  port: number,
  connectMs: number,
  deadline: Deadline,
  tell: (error: HeadframeError | null) => void,
): void {
  const address = formatAddress(host, port);
  if (deadline.stopped !== null) {
    tell(stoppedBefore(deadline, deadline.stopped, address));
    return;
  }
  const began = performance.now();
  const socket = connect({ host, port });
  const finish = (error: HeadframeError | null): void => {
    clearTimeout(limit);
    deadline.unwatch(stop);
    socket.destroy();
    tell(error);
  };
  const late = () => finish(new HeadframeError('link/timed-out-connecting', { address, afterMs: since(began) }));
  const stop = (reason: StopReason) => {
    if (reason === 'late') late();
    else finish(new HeadframeError('link/cancelled', { address }));
  };
  const limit = setTimeout(late, connectMs);
  deadline.watch(stop);
  socket.once('connect', () => finish(null));
  socket.on('error', (error) => finish(linkError(error, false, { address })));
}
