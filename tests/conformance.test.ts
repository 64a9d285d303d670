import { connect } from '@headframe/client';
import { families, familyById, snapshotOf } from '@headframe/families';
import {
  type DeviceProfile,
  type SimulatedDevice,
  type SimulatedGrpcPort,
  type SimulatedStreamPort,
  simulators,
} from '@headframe/families/sim';
import {
  type Credentials,
  type GrpcCall,
  type GrpcLink,
  HeadframeError,
  type HttpLink,
  type HttpReply,
  type HttpRequest,
  type Links,
  newMemory,
  type Protocol,
  type TcpLink,
} from '@headframe/model';
import { SnapshotSchema } from '@headframe/model/schema';
import { serveDevice } from '@headframe/simulator';
import { DigestSession, parseChallenge } from '@headframe/wire/http';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { FREE_PORTS } from './free-ports.ts';

/*
 * Every family over both links, the client's end against the simulated device: in memory and on real sockets. A new
 * family is covered the moment it is registered.
 */

const POWERED = Date.UTC(2026, 5, 1);
/** Two days after power on: everything has settled. */
const NOW = POWERED + 48 * 3_600_000;
const clock = { now: () => NOW };
const peer = { address: '127.0.0.1' };

/**
 * Those whose page says nothing without a login, and whose manifest does not know that of the factory: the simulated
 * device's. All others that are read over their page are logged in as the factory left them.
 */
const LOGINS: Readonly<Record<string, Credentials>> = { elphapex: { username: 'root', password: 'root' } };

const profiles = simulators.flatMap(({ id, profiles: all }) => all.map((profile) => ({ id, profile })));
const create = (profile: DeviceProfile): SimulatedDevice => profile.create({ seed: 4028, poweredAt: POWERED });

/** Links that end at the device itself, without a socket. */
function memoryLinks(device: SimulatedDevice, login?: Credentials): Links {
  const { cgminer, http, ethminer, grpc } = device;
  return {
    clock,
    ...(login && { credentials: login, tokens: new Map() }),
    ...(grpc && device.listening('grpc', NOW) && { grpc: memoryCalls(grpc) }),
    ...(ethminer && { ethminer: memoryStream(ethminer) }),
    ...(cgminer && {
      cgminer: {
        exchange: async (request: Uint8Array) => {
          const { chunks } = cgminer.receive(request, peer, NOW);
          const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes));
          return { bytes, at: NOW, ms: 0, ended: 'fin' as const };
        },
      },
    }),
    ...(http && { http: memoryPages(http, login) }),
  };
}

/** A kept connection to the device itself: what it says to a request is there when it has been written. */
function memoryStream(port: SimulatedStreamPort): TcpLink {
  return {
    exchange: () => Promise.reject(new HeadframeError('internal', { detail: 'this port keeps its connections' })),
    open: async () => {
      const conversation = port.connect(peer, NOW);
      let heard = Buffer.alloc(0);
      let hasEnded = false;
      return {
        write: async (bytes) => {
          const reaction = conversation?.receive(bytes, NOW);
          hasEnded = reaction === undefined || reaction.end === 'fin';
          heard = Buffer.concat([heard, ...(reaction?.chunks ?? []).map((chunk) => chunk.bytes)]);
        },
        read: async (frame) => {
          const length = frame(heard, hasEnded);
          if (length === null || length > heard.length) {
            throw new HeadframeError(hasEnded ? 'link/closed-empty' : 'link/timed-out-waiting');
          }
          const message = heard.subarray(0, length);
          heard = heard.subarray(length);
          return message;
        },
        end: () => conversation?.closed?.(),
      };
    },
  };
}

/** Calls of gRPC: what the device says at once to the one message of the caller. */
function memoryCalls(port: SimulatedGrpcPort): GrpcLink {
  const say = ({ method, metadata = {} }: GrpcCall, message: Uint8Array) => {
    const said = port.open(method, metadata, peer, NOW).receive(message, NOW);
    if (said.status !== undefined && said.status.code !== 0) {
      const code = new Map([
        [12, 'support/unsupported'],
        [16, 'auth/required'],
      ] as const).get(said.status.code as 12 | 16);
      throw new HeadframeError(code ?? 'device/refused', { request: method, vendorText: said.status.message });
    }
    return said;
  };
  return {
    unary: async (call, message) => {
      const { messages, headers = {} } = say(call, message);
      return { message: messages[0] ?? new Uint8Array(), headers, at: NOW, ms: 0 };
    },
    async *stream(call, message) {
      yield* say(call, message).messages;
    },
    upload: () => Promise.reject(new HeadframeError('internal', { detail: 'nothing goes up here' })),
  };
}

function memoryPages(port: NonNullable<SimulatedDevice['http']>, login?: Credentials): HttpLink {
  const digest = login && new DigestSession(login.username, login.password, () => '4028');
  const once = ({ method, path, headers: given = {}, body = '' }: HttpRequest): HttpReply => {
    const authorization = digest?.answer(method, path);
    const headers = { ...(authorization && { authorization }), ...given };
    const reply = port.respond({ method, path, headers, body: Buffer.from(body) }, peer, NOW);
    const named = Object.entries(reply.headers).map(([name, value]) => [name.toLowerCase(), value]);
    return { status: reply.status, headers: Object.fromEntries(named), body: Buffer.from(reply.body), at: NOW, ms: 0 };
  };
  return {
    hasCredentials: digest !== undefined,
    http: async (request) => {
      let reply = once(request);
      while (reply.status === 401 && digest?.accept(parseChallenge(reply.headers['www-authenticate'] ?? ''))) {
        reply = once(request);
      }
      return reply;
    },
  };
}

test('every family has a simulator, and every simulator a family', () => {
  expect(simulators.map(({ id }) => id)).toEqual(families.map(({ id }) => id));
});

describe.each(profiles)('$id/$profile.name', ({ id, profile }) => {
  const family = familyById(id);
  if (family === undefined) throw new Error(`no family ${id}`);

  test('in memory: a snapshot of the form, with every gap explained', async () => {
    const snapshot = snapshotOf(family, await family.read(memoryLinks(create(profile)), newMemory()), 'here');
    expect([...Value.Errors(SnapshotSchema, snapshot)]).toEqual([]);
    expect(snapshot.gaps.filter((gap) => gap.reason === 'failed')).toEqual([]);
    // The web page of a stock Antminer wants a password that nobody gave.
    for (const gap of snapshot.gaps) if (gap.reason === 'denied') expect(gap.error?.code).toBe('auth/required');
  });

  test('on real sockets: found by what it says, and read as it is in memory', async () => {
    const device = create(profile);
    const served = await serveDevice(device, {
      address: '127.0.0.1',
      ports: FREE_PORTS,
      clock,
    });
    try {
      const doors = Object.keys(family.ports) as Protocol[];
      const over = doors.find((door) => device[door] !== undefined && device.listening(door, NOW)) ?? 'http';
      const login = over === 'http' || over === 'grpc' ? (family.factoryCredentials?.[0] ?? LOGINS[id]) : undefined;
      const limits = { clock, replyTimeoutMs: 1000 };
      const options = login === undefined ? limits : { ...limits, credentials: login };
      const miner = await connect(`127.0.0.1:${served.ports[over]}`, options);
      expect(miner.family.id).toBe(id);
      const snapshot = await miner.read();
      expect(snapshot.identity).toMatchObject({ family: id, firmware: profile.label.firmware });
      // A program that runs on anything cannot always tell on what.
      if (id !== 'cgminer' && id !== 'ethminer')
        expect(snapshot.identity).toMatchObject({ make: profile.label.make, model: profile.label.model });

      // Only the door that was named, which for most is port 4028.
      const links = memoryLinks(create(profile), login);
      const { credentials = null, tokens = new Map() } = links;
      const direct = await family.read({ clock, credentials, tokens, [over]: links[over] }, newMemory());
      const inMemory = snapshotOf(family, direct, snapshot.address);
      // The bytes are the same; only how long they took differs.
      expect({ ...snapshot, replies: [] }).toEqual({ ...inMemory, replies: [] });
      expect(snapshot.replies.map(({ id: name, bytes }) => [name, bytes])).toEqual(
        inMemory.replies.map(({ id: name, bytes }) => [name, bytes]),
      );
    } finally {
      await served.close();
    }
  });

  test('a second poll asks in one connection on port 4028, a WhatsMiner that joins no more than two commands in three', async () => {
    const links = memoryLinks(create(profile));
    let connections = 0;
    const counting: Links = {
      ...links,
      ...(links.cgminer && {
        cgminer: {
          exchange: (request) => {
            connections++;
            return links.cgminer?.exchange(request) ?? Promise.reject(new Error('no link'));
          },
        },
      }),
    };
    const memory = newMemory();
    await family.read(counting, memory);
    connections = 0;
    await family.read(counting, memory);
    expect(connections).toBe(family.ports.cgminer === undefined ? 0 : id === 'whatsminer' ? 3 : 1);
  });
});
