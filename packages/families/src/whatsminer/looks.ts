import { HeadframeError, type Links, type ReadBack, type Seen } from '@headframe/model';
import { askCommand } from '@headframe/wire/cgminer';
import { Fields } from '@headframe/wire/json';
import { askFrames, dataIn, envelope, recordsIn } from '@headframe/wire/whatsminer';
import { recordsOf } from './dialect.ts';
import { saysOff } from './map-v2.ts';
import { firmwareIn } from './quirks.ts';

/* How a change is seen: the present state of a machine, by read commands of either door. */

/** The document of a read command on port 4028. @throws HeadframeError when it does not answer, or says no */
async function asked(links: Links, command: string): Promise<unknown> {
  if (links.cgminer === undefined) throw new HeadframeError('link/refused', { request: command });
  const reply = await askCommand(links.cgminer, links.clock, { id: command, command });
  if (reply.error !== null) throw reply.error;
  return reply.doc;
}

/** What a read command on port 4433 tells: an object as a rule, a text from some. */
export async function framedMsg(links: Links, cmd: string, param?: unknown): Promise<unknown> {
  if (links.whatsminer === undefined) throw new HeadframeError('link/refused', { request: cmd });
  const replies = await askFrames(links.whatsminer, links.clock, [
    { id: cmd, cmd, ...(param === undefined ? {} : { param }) },
  ]);
  const reply = replies.get(cmd);
  if (reply === undefined) throw new HeadframeError('internal', { detail: 'a question without a reply' });
  if (reply.error !== null) throw reply.error;
  return envelope(reply.doc).msg;
}

/** The same, as a record. */
export const framed = async (links: Links, cmd: string, param?: unknown): Promise<Fields> =>
  new Fields(await framedMsg(links, cmd, param));

const NONE = new Fields({});

export const sealedState = {
  summary: async (links: Links): Promise<Fields> => recordsIn(await asked(links, 'summary'), 'SUMMARY')[0] ?? NONE,
  pools: async (links: Links): Promise<Fields[]> => recordsIn(await asked(links, 'pools'), 'POOLS'),
  status: async (links: Links): Promise<Fields> => dataIn(await asked(links, 'status')),
  info: async (links: Links): Promise<Fields> => dataIn(await asked(links, 'get_miner_info')),
  /** Null where its API does not have `get_miner_info`. */
  infoIfAny: async (links: Links): Promise<Fields | null> => {
    try {
      return await sealedState.info(links);
    } catch (thrown) {
      if (thrown instanceof HeadframeError && thrown.code === 'support/unsupported') return null;
      throw thrown;
    }
  },
  version: async (links: Links): Promise<Fields> => dataIn(await asked(links, 'get_version')),
};

export const signedState = {
  setting: (links: Links): Promise<Fields> => framed(links, 'get.miner.setting'),
  system: (links: Links): Promise<Fields> => framed(links, 'get.system.setting'),
  fan: (links: Links): Promise<Fields> => framed(links, 'get.fan.setting'),
  info: (links: Links): Promise<Fields> => framed(links, 'get.device.info'),
  summary: async (links: Links): Promise<Fields> => (await framed(links, 'get.miner.status', 'summary')).sub('summary'),
  pools: async (links: Links): Promise<Fields[]> =>
    recordsOf((await framed(links, 'get.miner.status', 'pools')).list('pools')),
};

export type Times = Pick<ReadBack, 'afterMs' | 'everyMs' | 'withinMs' | 'restarts'>;

/** A setting that shows at once. */
export const AT_ONCE: Times = { afterMs: 1_000, everyMs: 3_000, withinMs: 20_000 };
/** What the mining program does within minutes, without going away. */
export const MINUTES: Times = { afterMs: 5_000, everyMs: 10_000, withinMs: 600_000 };
/** The mining program restarts, or the whole machine; how long it takes is not documented: ample. */
export const RESTARTS: Times = { afterMs: 10_000, everyMs: 10_000, withinMs: 600_000, restarts: true };

/** One look at values, and whether they are what was wanted. */
export function shows(
  looksAt: string,
  times: Times,
  read: (links: Links) => Promise<Readonly<Record<string, unknown>>>,
  is: (values: Readonly<Record<string, unknown>>) => boolean,
): ReadBack {
  return {
    looksAt,
    ...times,
    look: async (links) => {
      const values = await read(links);
      return { done: is(values), values };
    },
  };
}

/** Some fields of a record, as they came, without those that are not there. */
export const picked = (fields: Fields, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => fields.has(name)).map((name) => [name, fields.raw(name)]));

/** Why a change over port 4028 is not read back. */
export const notTold = (what: string): { readonly never: string } => ({
  never: `no command of port 4028 tells ${what}`,
});

export const NEXT_START = 'It takes effect at the next start of the miner';

/** A number that came as one, or as a text; an empty one is 0, where nothing was set. */
export const isNumber = (value: unknown, wanted: number): boolean =>
  value === '' ? wanted === 0 : value !== undefined && value !== null && Number(value) === wanted;

/** A start that lies this much before the request is told apart from one behind it: uptimes count whole seconds. */
const GRAIN_MS = 2_000;

const startedSince = (links: Links, uptimeS: number | null, sentAt: number): boolean =>
  uptimeS !== null && links.clock.now() - uptimeS * 1000 > sentAt - GRAIN_MS;

/** The mining program has started since. */
export const minerRestart = (door: 'v2' | 'v3'): ReadBack => ({
  looksAt: door === 'v2' ? 'Elapsed of summary' : 'elapsed of get.miner.status',
  ...RESTARTS,
  look: async (links, sentAt): Promise<Seen> => {
    const uptimeS =
      door === 'v2'
        ? (await sealedState.summary(links)).num('Elapsed')
        : (await signedState.summary(links)).num('elapsed');
    return { done: startedSince(links, uptimeS, sentAt), values: { minerUptimeS: uptimeS } };
  },
});

/** The machine has started since; where it tells no uptime of its own, the mining program has. */
export const reboots = (door: 'v2' | 'v3'): ReadBack => ({
  looksAt: door === 'v2' ? 'Uptime of summary' : 'bootup-time of get.miner.status',
  ...RESTARTS,
  look: async (links, sentAt): Promise<Seen> => {
    const summary = door === 'v2' ? await sealedState.summary(links) : await signedState.summary(links);
    const uptimeS =
      door === 'v2'
        ? (summary.num('Uptime') ?? summary.num('Elapsed'))
        : (summary.num('bootup-time') ?? summary.num('elapsed'));
    return { done: startedSince(links, uptimeS, sentAt), values: { systemUptimeS: uptimeS } };
  },
});

/**
 * Null where the machine answers and its mining program does not: the program itself answers `summary`, and is gone
 * while the machine is off.
 */
async function withoutMiner(reading: Promise<Fields>): Promise<Fields | null> {
  try {
    return await reading;
  } catch (thrown) {
    const isGone = thrown instanceof HeadframeError && ['link/refused', 'device/refused'].includes(thrown.code);
    if (isGone) return null;
    throw thrown;
  }
}

/** What a machine that is off shows: the word for it, and that nothing is hashed (protocols.md 3.4: the word lies). */
export function poweredOff(door: 'v2' | 'v3', off: boolean): ReadBack {
  const times = { afterMs: 3_000, everyMs: 5_000, withinMs: off ? 300_000 : 600_000 };
  if (door === 'v3') {
    return shows(
      'working of get.device.info',
      times,
      async (links) => picked((await signedState.info(links)).sub('miner'), ['working']),
      ({ working }) => String(working) === String(!off),
    );
  }
  const read = async (links: Links) => {
    const isOff = saysOff(await sealedState.status(links));
    const summary = await withoutMiner(sealedState.summary(links));
    const rate = summary?.num('MHS 5s') ?? summary?.num('MHS 1m') ?? summary?.num('HS RT') ?? null;
    return { off: isOff, mhs: rate };
  };
  // Off wants both; on is believed when it hashes, or when the word says so.
  const is = ({ off: isOff, mhs }: Readonly<Record<string, unknown>>): boolean => {
    const hashes = typeof mhs === 'number' && mhs > 0;
    return off ? isOff === true && !hashes : isOff === false || hashes;
  };
  return shows('btmineroff or mineroff of status, and the hashrate of summary', times, read, is);
}

/** The version of the firmware. Letters differ between the two doors (`.Rel`, `.REL`). */
export function firmwareIs(door: 'v2' | 'v3', version: string): ReadBack {
  const read = async (links: Links) => ({
    firmwareVersion: firmwareIn(
      door === 'v2'
        ? (await sealedState.version(links)).str('fw_ver')
        : (await signedState.info(links)).sub('system').str('fwversion'),
    ),
  });
  const times: Times = { afterMs: 30_000, everyMs: 15_000, withinMs: 1_200_000, restarts: true };
  const looksAt = door === 'v2' ? 'fw_ver of get_version' : 'fwversion of get.device.info';
  const wanted = version.toLowerCase();
  return shows(looksAt, times, read, ({ firmwareVersion }) => String(firmwareVersion).toLowerCase() === wanted);
}
