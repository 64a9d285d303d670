import { setTimeout as sleep } from 'node:timers/promises';
import type { Miner } from '@headframe/client';
import { HeadframeError, type HttpReply } from '@headframe/model';
import { askFrames } from '@headframe/wire/whatsminer';
import type { Machine } from './machines.ts';
import { ourMiner } from './read-machines.ts';
import type { Value } from './readings.ts';

/*
 * How it is seen what somebody did to a machine: by reading it, through paths that know nothing of what was sent.
 */

export type Sight = keyof typeof SIGHTS;

/** Everything has restarted, booted and settled by then. */
const SETTLED_MS = 600_000;
const STEP_MS = 20_000;

/**
 * Lets the machine settle, and looks.
 * @param since when somebody began to do something to it, epoch ms of its clock
 */
export async function look(machine: Machine, sight: Sight, since: number): Promise<Value> {
  for (let ms = 0; ms < SETTLED_MS; ms += STEP_MS) await machine.pass(STEP_MS);
  // What the machine still has to say to clients that are gone.
  await sleep(1);
  return SIGHTS[sight](await ourMiner(machine), since);
}

const SIGHTS = {
  /** Whether its light blinks, or is on where it cannot blink. */
  light: async (miner: Miner): Promise<Value> => {
    switch (miner.family.id) {
      case 'antminer':
        return antminerLight(miner);
      case 'avalon':
        return avalonLight(miner);
      case 'whatsminer':
        return whatsminerLight(miner);
      case 'braiins':
        return braiinsLight(miner);
      default:
        return /"RedLed":"(?!auto|off)/.test(await said(miner, 'config'));
    }
  },
  state: async (miner: Miner): Promise<Value> => (await miner.read({ fresh: true })).state,
  pools: async (miner: Miner): Promise<Value> =>
    (await miner.read({ fresh: true })).pools.map(({ url, worker }) => `${url} ${worker}`),
  /** URLs by priority. */
  poolOrder: async (miner: Miner): Promise<Value> =>
    (await miner.read({ fresh: true })).pools
      .toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
      .map(({ url }) => url),
  poolsInUse: async (miner: Miner): Promise<Value> =>
    (await miner.read({ fresh: true })).pools.filter(({ status }) => status !== 'disabled').map(({ url }) => url),
  boardsEnabled: async (miner: Miner): Promise<Value> =>
    (await miner.read({ fresh: true })).hashboards.map(({ state }) => state !== 'disabled'),
  /** Whether the mining program was started anew since then, however long its maker waited to see it. */
  restarted: async (miner: Miner, since: number): Promise<Value> => {
    const { at, minerUptimeS } = await miner.read({ fresh: true });
    return minerUptimeS !== null && at - minerUptimeS * 1000 >= since;
  },
  powerLimit: async (miner: Miner): Promise<Value> => (await miner.read({ fresh: true })).powerLimitW,
  /** What the configuration says of the fan, %: null when the firmware controls it. */
  fan: async (miner: Miner): Promise<Value> => {
    const page = await get(miner, '/cgi-bin/get_miner_conf.cgi');
    const conf = JSON.parse(page) as Record<string, unknown>;
    return conf['bitmain-fan-ctrl'] === true ? String(conf['bitmain-fan-pwm']) : null;
  },
} as const satisfies Record<string, (miner: Miner, since: number) => Promise<Value>>;

async function antminerLight(miner: Miner): Promise<boolean> {
  const reply = await http(miner, { method: 'GET', path: '/cgi-bin/get_blink_status.cgi' });
  if (reply.status === 200) return /"blink": *true/.test(text(reply));
  const older = await http(miner, { method: 'POST', path: '/cgi-bin/blink.cgi', body: 'action=onPageLoaded' });
  return /"isBlinking": *true/.test(text(older));
}

/** A-series write `Led[1]`; home units `LED[1-0]`. */
const avalonLight = async (miner: Miner): Promise<boolean> => /\b(?:Led|LED)\[1/.test(await said(miner, 'estats'));

/** Null where the machine does not tell. */
const whatsminerLight = async (miner: Miner): Promise<boolean | null> => {
  const { cgminer } = miner.ports;
  const text = cgminer === undefined ? await framedInfo(miner) : await said(miner, 'get_miner_info');
  const [, led] = /"led(?:stat|status)":"(\w+)"/.exec(text) ?? [];
  return led === undefined ? null : led !== 'auto';
};

/** GraphQL wants no login for it, and nobody sets it there but asic-rs. */
async function braiinsLight(miner: Miner): Promise<boolean> {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ query: '{ bos { faultLight } }' });
  const reply = await http(miner, { method: 'POST', path: '/graphql', headers, body });
  return text(reply).includes('"faultLight":true');
}

const framedInfo = (miner: Miner): Promise<string> =>
  miner.withLinks({}, async ({ whatsminer, clock }) => {
    if (whatsminer === undefined) throw new HeadframeError('internal', { detail: `${miner.address} has no port 4433` });
    const replies = await askFrames(whatsminer, clock, [{ id: 'info', cmd: 'get.device.info' }]);
    return Buffer.from(replies.get('info')?.raw ?? []).toString('latin1');
  });

async function said(miner: Miner, command: string): Promise<string> {
  return Buffer.from((await miner.api(command)).bytes).toString('latin1');
}

async function get(miner: Miner, path: string): Promise<string> {
  return text(await http(miner, { method: 'GET', path }));
}

type Request = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

const http = (miner: Miner, request: Request): Promise<HttpReply> =>
  miner.withLinks({}, (links) => {
    if (links.http === undefined) throw new HeadframeError('internal', { detail: `${miner.address} has no page` });
    return links.http.http(request);
  });

const text = ({ body }: HttpReply): string => Buffer.from(body).toString('latin1');
