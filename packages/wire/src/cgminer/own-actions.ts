import {
  type Action,
  action,
  choice,
  flag,
  HeadframeError,
  integer,
  type Links,
  optional,
  type Prepared,
  type ReadBack,
  text,
} from '@headframe/model';
import { askCommand } from './conversation.ts';
import { listPools } from './pool-actions.ts';
import { first, section } from './reply.ts';
import { commandStep } from './write.ts';

/*
 * What cgminer and its forks have on port 4028 beyond the common vocabulary, under its own words and with its own codes
 * (protocols.md 1.4, 1.6).
 */

/** A word that goes into a list parted by commas, which cgminer does not let be escaped here. */
const word = (source: string, about: string, most = 64) =>
  text({ about, most, source, pattern: /^[^,|]+$/, inWords: 'text without , and |' });

const NOT_SHOWN = 'nothing that can be read shows it';

const plain = (command: string, parameter: string | undefined, readBack: Prepared['readBack']): Prepared => ({
  steps: [commandStep({ command, ...(parameter === undefined ? {} : { parameter }) })],
  readBack,
});

/** @param look what the machine shows now, null when it does not tell */
const shows = (looksAt: string, wanted: unknown, look: (links: Links) => Promise<unknown>): ReadBack => ({
  looksAt,
  afterMs: 500,
  everyMs: 2_000,
  withinMs: 10_000,
  look: async (links) => {
    const seen = await look(links);
    return { done: seen === wanted, values: { [looksAt]: seen } };
  },
});

/** One field of the first record of a reply. */
async function field(
  { cgminer, clock }: Links,
  [command, parameter]: readonly [string, string?],
  name: string,
  key: string,
): Promise<unknown> {
  if (cgminer === undefined) throw new HeadframeError('link/refused', { detail: 'its port 4028 is not open' });
  const reply = await askCommand(cgminer, clock, {
    id: command,
    command,
    ...(parameter === undefined ? {} : { parameter }),
  });
  if (reply.error !== null) throw reply.error;
  return first(reply.doc, name).raw(key);
}

/**
 * The commands that write and are no action of the common vocabulary.
 * @param source where the ranges come from, for a person: `cgminer 4.11.1 API`
 */
export const ownActions = (source: string): Readonly<Record<string, Action>> => ({
  poolpriority: action(
    {
      order: text({
        about: 'numbers of pools, the first one first',
        most: 64,
        source,
        pattern: /^\d{1,3}(,\d{1,3})*$/,
        inWords: 'numbers parted by commas',
      }),
    },
    (_, { order }) =>
      plain('poolpriority', order, {
        looksAt: 'Priority of pools',
        afterMs: 500,
        everyMs: 2_000,
        withinMs: 10_000,
        look: async (links) => {
          const list = [...(await listPools(links))].sort((a, b) => a.priority - b.priority);
          const seen = list.map(({ index }) => index).join(',');
          return { done: seen === order || seen.startsWith(`${order},`), values: { order: seen } };
        },
      }),
    { does: 'Sets the order in which pools are used; those left out follow behind' },
  ),
  poolquota: action(
    {
      pool: integer({ about: 'number of the pool', min: 0, max: 99, source }),
      quota: integer({ about: 'share of the work for load-balance', min: 0, max: 2_147_483_647, source }),
    },
    (_, { pool, quota }) =>
      plain(
        'poolquota',
        `${pool},${quota}`,
        shows('Quota of pools', quota, async (links) => {
          const { cgminer, clock } = links;
          if (cgminer === undefined) return null;
          const reply = await askCommand(cgminer, clock, { id: 'pools', command: 'pools' });
          return section(reply.doc, 'POOLS')[pool]?.int('Quota') ?? null;
        }),
      ),
    { does: 'Sets the quota of a pool; it counts with the strategy load-balance only' },
  ),
  save: action(
    { file: optional(word(source, 'file on the machine', 255)) },
    (_, { file }) => plain('save', file, { never: 'the file is on the machine, and its API does not show it' }),
    {
      does: 'Writes the running configuration to a file',
      lasting: 'replaces the file; with the default file, a restart loads its pools beside those of the command line',
    },
  ),
  quit: action({}, () => plain('quit', undefined, GONE), {
    does: 'Ends the mining program',
    hashing: 'stopped',
    lasting: 'nothing over this API brings it back',
    guarded: 'the program ends, and only somebody on the machine can start it again',
  }),
  privileged: action(
    {},
    () => plain('privileged', undefined, { never: 'it changes nothing: the answer is the result' }),
    {
      does: 'Asks whether writing is allowed: it changes nothing',
    },
  ),
  zero: action(
    {
      which: choice(['all', 'bestshare'], { about: 'counters', source }),
      summary: flag({ about: 'whether a summary is logged first', source }),
    },
    (_, { which, summary }) =>
      plain(
        'zero',
        `${which},${summary}`,
        shows('Best Share of summary', 0, async (links) =>
          Number(await field(links, ['summary'], 'SUMMARY', 'Best Share')),
        ),
      ),
    { does: 'Sets counters to zero', lasting: 'the counts are lost' },
  ),
  hotplug: action(
    {
      seconds: integer({
        about: 'time between two looks for USB devices; 0 switches it off',
        unit: 's',
        min: 0,
        max: 9999,
        source,
      }),
    },
    (_, { seconds }) =>
      plain(
        'hotplug',
        String(seconds),
        shows('Hotplug of config', seconds === 0 ? 'Disabled' : seconds, (links) =>
          field(links, ['config'], 'CONFIG', 'Hotplug'),
        ),
      ),
    { does: 'Sets how often the machine looks for new USB devices' },
  ),
  debug: action(
    {
      flag: optional(
        choice(['silent', 'quiet', 'verbose', 'debug', 'rpcproto', 'perdevice', 'normal', 'worktime'], {
          about: 'setting that is switched over',
          source,
        }),
      ),
    },
    (_, { flag: setting }) =>
      plain('debug', setting, { never: 'reading it back is the same command, which is a write' }),
    { does: 'Switches a debug setting over; without one it only shows them', lasting: 'silent cannot be taken back' },
  ),
  setconfig: action(
    {
      name: word(source, 'name of the setting'),
      value: optional(integer({ about: 'value', min: 0, max: 9999, source })),
    },
    (_, { name, value }) => plain('setconfig', value === undefined ? name : `${name},${value}`, { never: NOT_SHOWN }),
    { does: 'Sets a global value; cgminer 4.11.1 knows none any more and refuses with 83 or 127' },
  ),
  'failover-only': action(
    { only: flag({ about: 'whether', source }) },
    (_, { only }) => plain('failover-only', String(only), { never: NOT_SHOWN }),
    { does: 'Stays with the first pool; cgminer 4.11.1 answers 127 whatever is asked' },
  ),
  lockstats: action({}, () => plain('lockstats', undefined, { never: 'it goes to the log of the machine' }), {
    does: 'Writes lock statistics to the log, in builds that keep them',
  }),
  ...deviceActions('asc', source),
  ...deviceActions('pga', source),
});

/** It took the connection or not: the program is gone when nothing listens any more. */
const GONE: ReadBack = {
  looksAt: 'port 4028, which closes',
  afterMs: 1_000,
  everyMs: 2_000,
  withinMs: 10_000,
  restarts: true,
  look: async ({ cgminer, clock }) => {
    const reply = cgminer && (await askCommand(cgminer, clock, { id: 'version', command: 'version' }));
    return { done: reply?.error?.code === 'link/refused', values: { api: reply?.error?.code ?? 'answers' } };
  },
};

/** The commands of one class of devices; builds without it answer 14. */
function deviceActions(kind: 'asc' | 'pga', source: string): Record<string, Action> {
  const device = integer({ about: 'number of the device', min: 0, max: 99, source });
  const what = kind === 'asc' ? 'ASIC device' : 'FPGA device';
  const toggle = (on: boolean): Action =>
    action(
      { device },
      (_, { device: index }) =>
        plain(
          `${kind}${on ? 'enable' : 'disable'}`,
          String(index),
          shows(`Enabled of ${kind}`, on ? 'Y' : 'N', (links) =>
            field(links, [kind, String(index)], kind.toUpperCase(), 'Enabled'),
          ),
        ),
      { does: `Switches an ${what} ${on ? 'on' : 'off'}`, hashing: 'interrupted' },
    );
  return {
    [`${kind}enable`]: toggle(true),
    [`${kind}disable`]: toggle(false),
    [`${kind}identify`]: action(
      { device },
      (_, { device: index }) => plain(`${kind}identify`, String(index), { never: 'only the eye sees the light' }),
      { does: `Blinks the light of an ${what}, where its driver can` },
    ),
    [`${kind}set`]: action(
      {
        device,
        option: word(source, 'option of the driver; help lists them'),
        value: optional(text({ about: 'value', most: 1024, source })),
      },
      (_, { device: index, option, value }) =>
        plain(`${kind}set`, [index, option, ...(value === undefined ? [] : [value])].join(','), {
          never: 'every driver has options of its own, and none has a read for them all',
        }),
      { does: `Sets an option of the driver of an ${what}; never the same for two makers`, hashing: 'interrupted' },
    ),
  };
}
