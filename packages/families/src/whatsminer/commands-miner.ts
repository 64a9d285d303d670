import { type Action, action, choice, integer, type PoolSetting, pools, type ReadBack } from '@headframe/model';
import type { Fields } from '@headframe/wire/json';
import { ASSUMED } from './assumed.ts';
import {
  AT_ONCE,
  isNumber,
  minerRestart,
  picked,
  poweredOff,
  RESTARTS,
  reboots,
  sealedState,
  shows,
  signedState,
} from './looks.ts';
import { through } from './through.ts';

/* Pools, and starting and stopping. */

const POOLS = 'WhatsMiner update_pools, set.miner.pools';

export const setPools: Action = action(
  { pools: pools({ slots: 3, most: 127, source: POOLS }) },
  (links, { pools: wanted }) =>
    through(links, 'setPools', {
      v2: () => ({
        commands: [{ cmd: 'update_pools', fields: poolFields(wanted) }],
        readBack: () => poolsShow(wanted, 'URL and User of pools', sealedState.pools, 'URL', 'User'),
      }),
      v3: () => ({
        commands: [
          {
            cmd: 'set.miner.pools',
            sealed: true,
            param: wanted.map(({ url, worker, password }) => ({ pool: url, worker, passwd: password })),
          },
        ],
        readBack: poolsShow(wanted, 'url and account of get.miner.status', signedState.pools, 'url', 'account'),
      }),
    }),
  { takes: 'at once', lasting: 'until it is changed' },
);

/** The three places of the manual; a place that is left empty is sent so, or it would keep the pool it has. */
function poolFields(wanted: readonly PoolSetting[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let place = 1; place <= 3; place++) {
    const pool = wanted[place - 1];
    fields[`pool${place}`] = pool?.url ?? ASSUMED.emptyPool;
    fields[`worker${place}`] = pool?.worker ?? ASSUMED.emptyPool;
    fields[`passwd${place}`] = pool?.password ?? ASSUMED.emptyPool;
  }
  return fields;
}

function poolsShow(
  wanted: readonly PoolSetting[],
  looksAt: string,
  read: (links: Parameters<typeof sealedState.pools>[0]) => Promise<Fields[]>,
  url: string,
  worker: string,
): ReadBack {
  const lines = wanted.map((pool) => `${pool.url} ${pool.worker}`);
  return {
    looksAt,
    ...AT_ONCE,
    withinMs: 60_000,
    look: async (links) => {
      const list = await read(links);
      const seen = list.flatMap((pool) =>
        pool.str(url) === null ? [] : [`${pool.str(url)} ${pool.str(worker) ?? ''}`],
      );
      return { done: seen.join('\n') === lines.join('\n'), values: { pools: seen } };
    },
  };
}

const plain = (
  request: string,
  v2: string,
  v3: { readonly cmd: string; readonly param?: string },
  readBack: (door: 'v2' | 'v3') => ReadBack,
  notes: Parameters<typeof action>[2],
  silenceIsFine?: true,
): Action => {
  const silence = silenceIsFine === undefined ? {} : { silenceIsFine };
  return action(
    {},
    (links) =>
      through(links, request, {
        v2: () => ({ commands: [{ cmd: v2, ...silence }], readBack: () => readBack('v2') }),
        v3: () => ({ commands: [{ ...v3, ...silence }], readBack: readBack('v3') }),
      }),
    notes,
  );
};

export const restartMiner = plain(
  'restartMiner',
  'restart_btminer',
  { cmd: 'set.miner.service', param: 'restart' },
  minerRestart,
  { takes: 'minutes until the hashrate is back' },
  true,
);

export const reboot = plain('reboot', 'reboot', { cmd: 'set.system.reboot' }, reboots, { takes: 'some minutes' }, true);

export const pause = plain(
  'pause',
  'power_off',
  { cmd: 'set.miner.service', param: 'stop' },
  (door) => poweredOff(door, true),
  { takes: 'some seconds', does: 'Stops hashing and cuts the power of the hashboards' },
);

export const resume = plain(
  'resume',
  'power_on',
  { cmd: 'set.miner.service', param: 'start' },
  (door) => poweredOff(door, false),
  { takes: 'minutes until the hashrate is back' },
);

const MODES = ['low', 'normal', 'high'] as const;

export const setPowerMode: Action = action(
  {
    mode: choice(MODES, { about: 'power mode', source: 'WhatsMiner set_low_power, set_normal_power, set_high_power' }),
  },
  (links, { mode }) =>
    through(links, 'setPowerMode', {
      v2: () => ({
        commands: [{ cmd: `set_${mode}_power`, silenceIsFine: true }],
        readBack: () =>
          shows(
            'Power Mode of summary, power_mode of status',
            RESTARTS,
            async (at) => ({
              mode:
                (await sealedState.status(at)).str('power_mode') ?? (await sealedState.summary(at)).str('Power Mode'),
            }),
            (values) => String(values.mode).toLowerCase() === mode,
          ),
      }),
      v3: () => ({
        commands: [{ cmd: 'set.miner.power_mode', param: mode, silenceIsFine: true }],
        readBack: shows(
          'power-mode of get.miner.setting',
          RESTARTS,
          async (at) => picked(await signedState.setting(at), ['power-mode']),
          (values) => String(values['power-mode']).toLowerCase() === mode,
        ),
      }),
    }),
  { takes: 'minutes: the mining program restarts' },
);

/** @param lowest what the manual of the machine's API prints */
export const setFrequency = (lowest: -100 | -10): Action =>
  action(
    {
      percent: integer({
        about: 'change of the clock against that of the normal power mode',
        unit: '%',
        min: lowest,
        max: 100,
        source: 'WhatsMiner set_target_freq, set.miner.target_freq',
      }),
    },
    (links, { percent }) =>
      through(links, 'setFrequency', {
        v2: () => ({
          commands: [{ cmd: 'set_target_freq', fields: { percent: String(percent) }, silenceIsFine: true }],
          notes: FREQUENCY_NOTES,
          readBack: () =>
            shows(
              'hash_percent of status',
              RESTARTS,
              async (at) => picked(await sealedState.status(at), ['hash_percent']),
              (values) => isNumber(values.hash_percent, percent),
            ),
        }),
        v3: () => ({
          commands: [{ cmd: 'set.miner.target_freq', param: percent, silenceIsFine: true }],
          notes: [
            ...FREQUENCY_NOTES,
            'By the page of V3 an air-cooled machine can only be slowed down; the manual of V2 knows no such limit',
          ],
          readBack: shows(
            'hash-percent of get.device.info',
            RESTARTS,
            async (at) => picked((await signedState.info(at)).sub('miner'), ['hash-percent']),
            (values) => isNumber(values['hash-percent'], percent),
          ),
        }),
      }),
    { takes: 'minutes: the mining program restarts', does: 'Sets the clock of the chips, as a change in percent' },
  );

const FREQUENCY_NOTES = ['0 is the clock of the normal power mode: it takes the change back'];
