import { request } from 'node:http';
import { connect } from 'node:net';
import { type DeviceProfile, simulators } from '@headframe/families/sim';
import type { Protocol } from '@headframe/model';
import { parseFault, serveDevice } from '@headframe/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FREE_PORTS } from './free-ports.ts';

/*
 * The fault `freeze` on a machine of each family (row 18 of `protocols.md` 12): with its shares held too, nothing but
 * clocks may differ between two replies that are a minute apart.
 */

const START = 1_795_000_000_000;
const MINUTE_MS = 60_000;

interface Case {
  readonly family: string;
  readonly over: Protocol;
  /** What is asked: commands of cgminer, paths, lines of JSON-RPC. */
  readonly asked: readonly string[];
  /** What moves: these, and nothing else. Written in the names of each protocol. */
  readonly clocks: readonly string[];
}

const CGMINER = ['summary', 'devs', 'pools', 'stats', 'summary+devs+pools'];
const rpc = (method: string) => JSON.stringify({ id: 1, jsonrpc: '2.0', method });

/** Times of the reply, of the process and of a device; that of its last share is a count of shares. */
const OF_CGMINER = ['When', 'Elapsed', 'Device Elapsed'];

const CASES: readonly Case[] = [
  { family: 'antminer', over: 'cgminer', asked: ['summary', 'pools', 'stats'], clocks: OF_CGMINER },
  { family: 'whatsminer', over: 'cgminer', asked: ['summary', 'edevs', 'pools'], clocks: [...OF_CGMINER, 'Uptime'] },
  { family: 'avalon', over: 'cgminer', asked: ['summary', 'estats', 'pools'], clocks: OF_CGMINER },
  { family: 'braiins', over: 'cgminer', asked: CGMINER, clocks: OF_CGMINER },
  { family: 'luxos', over: 'cgminer', asked: CGMINER, clocks: OF_CGMINER },
  { family: 'dcent', over: 'cgminer', asked: ['summary', 'devs', 'pools', 'stats'], clocks: OF_CGMINER },
  { family: 'sealminer', over: 'cgminer', asked: ['summary', 'devs', 'pools'], clocks: OF_CGMINER },
  { family: 'cgminer', over: 'cgminer', asked: CGMINER, clocks: OF_CGMINER },
  { family: 'epic', over: 'http', asked: ['/summary'], clocks: ['Uptime'] },
  { family: 'axeos', over: 'http', asked: ['/api/system/info'], clocks: ['uptimeSeconds', 'totalUptimeSeconds'] },
  { family: 'nerdqaxe', over: 'http', asked: ['/api/system/info'], clocks: ['uptimeSeconds'] },
  {
    family: 'ethminer',
    over: 'ethminer',
    asked: [rpc('miner_getstat1'), rpc('miner_getstatdetail')],
    clocks: ['result/1', 'runtime'],
  },
];

function tcp(port: number, text: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.write(`${text}\n`);
  let got = '';
  return new Promise((done, failed) => {
    socket.on('data', (part: Buffer) => {
      got += part.toString('latin1');
      if (/[}\0]\n$/.test(got)) socket.end();
    });
    socket.once('close', () => done(got)).once('error', failed);
  });
}

const http = (port: number, path: string): Promise<string> =>
  new Promise((done, failed) => {
    request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let got = '';
      response.on('data', (part: Buffer) => {
        got += part.toString('latin1');
      });
      response.on('end', () => done(got));
    })
      .on('error', failed)
      .end();
  });

/** Every value by the way to it; a record of Avalon is taken apart into its own. */
function leaves(value: unknown, at: string, into: Map<string, string>): Map<string, string> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) leaves(inner, at === '' ? key : `${at}/${key}`, into);
  } else {
    const pairs = typeof value === 'string' ? [...value.matchAll(/(\w+)\[([^\][]*)\]/g)] : [];
    if (pairs.length < 3) into.set(at, String(value));
    else for (const [i, [, key = '', inner = '']] of pairs.entries()) into.set(`${at}/${i}/${key}`, inner);
  }
  return into;
}

const parsed = (text: string): Map<string, string> =>
  leaves(JSON.parse(text.replace(/\0\s*$/, '').replaceAll('}{', '},{')), '', new Map());

/** The ways whose values differ, or that are in one of both only. */
const moved = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key));

async function machine({ family, over }: Case, ...faults: string[]) {
  const made = (profile: DeviceProfile) => profile.create({ seed: 3, poweredAt: START - 6 * 3_600_000 });
  const { profiles } = simulators.find(({ id }) => id === family) ?? { profiles: [] };
  const device = profiles.map(made).find((one) => (one.work?.(START) ?? []).length > 0);
  if (device === undefined) throw new Error(`no ${family} has work`);
  const clock = { time: START, now: () => clock.time };
  const options = { address: '127.0.0.1', ports: FREE_PORTS, clock, seed: 3 };
  const served = await serveDevice(device, { ...options, faults: faults.map((fault) => parseFault(fault)) });
  onTestFinished(() => served.close());
  const ask = async (asked: string) => {
    const port = served.ports[over] ?? 0;
    return parsed(
      await (over === 'http'
        ? http(port, asked)
        : tcp(port, over === 'cgminer' ? JSON.stringify({ command: asked }) : asked)),
    );
  };
  return { clock, ask };
}

describe.each(CASES.map((one) => [one.family, one] as const))('%s', (_, one) => {
  const isClock = (way: string): boolean => one.clocks.some((clock) => way === clock || way.endsWith(`/${clock}`));

  test('under freeze:1 nothing but clocks moves within a minute, and they do', async () => {
    const { clock, ask } = await machine(one, 'freeze:1');
    const moving: string[] = [];
    for (const asked of one.asked) {
      clock.time = START;
      const before = await ask(asked);
      clock.time = START + MINUTE_MS;
      moving.push(...moved(before, await ask(asked)));
    }
    expect(moving.filter((way) => !isClock(way))).toEqual([]);
    expect(moving.length).toBeGreaterThan(0);
  });

  test('without it other values move as well', async () => {
    const { clock, ask } = await machine(one);
    const moving: string[] = [];
    for (const asked of one.asked) {
      clock.time = START;
      const before = await ask(asked);
      clock.time = START + MINUTE_MS;
      moving.push(...moved(before, await ask(asked)));
    }
    expect(moving.filter((way) => !isClock(way)).length).toBeGreaterThan(2);
  });
});
