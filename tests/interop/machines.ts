import { setTimeout as sleep } from 'node:timers/promises';
import type {
  DeviceProfile,
  GrpcSaid,
  Reaction,
  SimulatedDevice,
  SimulatedGrpcPort,
  SimulatedStreamPort,
} from '@headframe/families/sim';
import { type Clock, HeadframeError } from '@headframe/model';
import { type Served, serveDevice, simulators, type Timers } from '@headframe/simulator';
import { OpenedExchanges } from './opened-whatsminer.ts';
import { CannotRun } from './scratch.ts';

/*
 * Simulated machines on loopback addresses of their own with their real ports: peers know no others. Time stands still
 * on them until it is moved by hand, so that two clients that look one after the other see the same moment.
 */

/** One request and its reply, as they were on the wire. */
export interface Exchange {
  /** `4028`, `80`, `50051`. */
  readonly port: number;
  readonly request: string;
  readonly reply: string;
}

export class HandClock implements Clock {
  #now: number;
  constructor(now: number) {
    this.#now = now;
  }
  now(): number {
    return this.#now;
  }
  advance(ms: number): void {
    this.#now += ms;
  }
}

export interface Machine {
  readonly family: string;
  readonly profile: DeviceProfile;
  /** `antminer/s9`. */
  readonly name: string;
  readonly address: string;
  readonly clock: HandClock;
  /** What was said since this was last asked. */
  takeExchanges(): Exchange[];
  /** Lets time go by, and the ports follow. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Machines that a profile's switches make of it, and that the peers are to be seen on as well. */
const VARIANTS: Readonly<
  Record<string, { readonly name: string; readonly quirks: Readonly<Record<string, boolean>> }>
> = {
  // pyasic joins three reads of a WhatsMiner: builds that take it are said to exist, and not every one wraps its data.
  'whatsminer/m50s': { name: 'm50s-joins', quirks: { 'msg-wrapped': false, 'long-joins': true } },
  // A firewall lets nobody through to port 4433.
  'whatsminer/m60s': { name: 'm60s-4028', quirks: { 'no-v3': true, 'long-joins': true } },
};

/** Every profile of every simulator that can be asked. */
export const profiles = simulators.flatMap(({ id, profiles: all }) =>
  all.flatMap((profile) => [profile, ...variantOf(id, profile)]).map((profile) => ({ family: id, profile })),
);

function variantOf(family: string, profile: DeviceProfile): DeviceProfile[] {
  const variant = VARIANTS[`${family}/${profile.name}`];
  if (variant === undefined) return [];
  const { name, quirks } = variant;
  return [{ ...profile, name, create: (seed) => profile.create({ ...seed, quirks: { ...quirks, ...seed.quirks } }) }];
}

/** Settled: two days after power on. */
const AGE_MS = 48 * 3_600_000;
/** The moment at which machines are read: the same in every run, and so is what they say. */
export const READ_AT = Date.UTC(2026, 0, 15, 12);
/** 127.40.x.y: far from farms, which begin at 127.20. */
const FIRST_BLOCK = 40;
const BLOCK_SIZE = 200;
let count = 0;

/**
 * @param at the simulated time: peers that send times mean the wall clock
 * @param quirks other switches than those of the profile
 * @throws CannotRun where the real ports cannot be had
 */
export async function startMachine(
  family: string,
  profile: DeviceProfile,
  at: number,
  quirks: Readonly<Record<string, boolean>> = {},
): Promise<Machine> {
  const place = count++;
  const address = `127.${FIRST_BLOCK}.${Math.floor(place / BLOCK_SIZE)}.${(place % BLOCK_SIZE) + 1}`;
  const clock = new HandClock(at);
  const said: Exchange[] = [];
  const paces = new Set<number>();
  const device = recorded(profile.create({ seed: 4028, poweredAt: at - AGE_MS, quirks }), said, paces);
  let look = () => {};
  let served: Served;
  try {
    served = await serveDevice(device, {
      address,
      clock,
      timers: timersOf(clock, idleTimesOf(device), paces),
      everySecond: (then) => {
        look = then;
        return () => {};
      },
    });
  } catch (error) {
    throw whyNot(error);
  }
  return {
    family,
    profile,
    name: `${family}/${profile.name}`,
    address,
    clock,
    takeExchanges: () => said.splice(0),
    pass: async (ms) => {
      clock.advance(ms);
      look();
      await served.look();
    },
    close: () => served.close(),
  };
}

/** A connection on which nobody speaks for so long is closed, on a clock that stands still never. */
const idleTimesOf = (device: SimulatedDevice): (number | undefined)[] =>
  [device.cgminer, device.whatsminer, device.ethminer].map((port) => port?.idleMs);

/**
 * Waiting is no waiting: the machine's clock goes on by what it would have taken.
 * @param paces how often streams that go on by themselves look for news: that takes no time of the machine's
 */
const timersOf = (clock: HandClock, idle: readonly (number | undefined)[], paces: ReadonlySet<number>): Timers => ({
  after: (ms, then) => {
    if (idle.includes(ms)) return () => {};
    const off = new AbortController();
    void sleep(0, undefined, { signal: off.signal }).then(
      () => {
        if (!paces.has(ms)) clock.advance(ms);
        then();
      },
      () => {},
    );
    return () => off.abort();
  },
});

function whyNot(error: unknown): unknown {
  const code = error instanceof HeadframeError ? (error.cause as NodeJS.ErrnoException | undefined)?.code : undefined;
  if (code === 'EACCES') {
    return new CannotRun(
      'port 80 is not ours to listen on, and the peers know no other: be root, or allow it (sysctl)',
    );
  }
  if (code === 'EADDRNOTAVAIL') return new CannotRun('this system has no loopback addresses beside 127.0.0.1');
  if (code === 'EADDRINUSE') return new CannotRun(`somebody else listens there: ${(error as Error).message}`);
  return error;
}

/** The same device, with everything that it is asked and answers written down. No peer looks by multicast. */
function recorded({ multicast: _, ...device }: SimulatedDevice, said: Exchange[], paces: Set<number>): SimulatedDevice {
  const { cgminer } = device;
  const opened = device.label.family === 'whatsminer' ? new OpenedExchanges() : null;
  const web = (port: NonNullable<SimulatedDevice['http']>): NonNullable<SimulatedDevice['http']> => ({
    ...port,
    respond: (request, peer, now) => {
      const reply = port.respond(request, peer, now);
      const ended = reply.end === undefined ? '' : ` [${reply.end}]`;
      said.push({
        port: port.port,
        request: `${request.method} ${request.path} ${text(request.body)}`.trimEnd(),
        reply: `${reply.status} ${text(reply.body)}${ended}`,
      });
      return reply;
    },
  });
  return {
    ...device,
    listening: (protocol, now) => device.listening(protocol, now),
    ...(cgminer && {
      cgminer: {
        ...cgminer,
        receive: (bytes, peer, now) => {
          const reaction = cgminer.receive(bytes, peer, now);
          const exchange = { port: cgminer.port, request: text(bytes), reply: text(bytesOf(reaction)) };
          said.push(opened === null ? exchange : opened.shown(exchange));
          return reaction;
        },
      },
    }),
    ...(device.whatsminer && { whatsminer: framesOf(device.whatsminer, said) }),
    ...(device.http && { http: web(device.http) }),
    ...(device.monitor && { monitor: web(device.monitor) }),
    ...(device.grpc && { grpc: callsOf(device.grpc, said, paces) }),
  };
}

/** Calls, each message of the client with what was said to it. */
const callsOf = (port: SimulatedGrpcPort, said: Exchange[], paces: Set<number>): SimulatedGrpcPort => ({
  ...port,
  open: (method, metadata, peer, now) => {
    const call = port.open(method, metadata, peer, now);
    if (call.everyMs !== undefined) paces.add(call.everyMs);
    return {
      ...call,
      receive: (message, at) => {
        const answer = call.receive(message, at);
        said.push({ port: port.port, request: `${method} ${text(message)}`.trimEnd(), reply: saidOn(answer) });
        return answer;
      },
    };
  },
});

/** Status and messages, in the form of HTTP's exchanges: `0 ...`. */
const saidOn = ({ messages, status }: GrpcSaid): string =>
  `${status === undefined ? '' : `${status.code} ${status.message}`} ${text(Buffer.concat(messages))}`.trim();

/** The kept connections of a port, with what each was told at a time and what came of it. */
const framesOf = (port: SimulatedStreamPort, said: Exchange[]): SimulatedStreamPort => ({
  ...port,
  connect: (peer, now) => {
    const conversation = port.connect(peer, now);
    if (conversation === null) return null;
    return {
      receive: (bytes, at) => {
        const reaction = conversation.receive(bytes, at);
        said.push({ port: port.port, request: text(bytes), reply: text(bytesOf(reaction)) });
        return reaction;
      },
      closed: () => conversation.closed?.(),
    };
  },
});

const bytesOf = ({ chunks }: Reaction): Uint8Array => Buffer.concat(chunks.map(({ bytes }) => bytes));
const text = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString('latin1');
