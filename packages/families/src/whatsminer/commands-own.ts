import {
  type Action,
  type ActionNotes,
  action,
  choice,
  HeadframeError,
  integer,
  type Prepared,
} from '@headframe/model';
import { ledShows } from './commands-unit.ts';
import { AT_ONCE, isNumber, NEXT_START, notTold, picked, sealedState, shows, signedState } from './looks.ts';
import { through } from './through.ts';

/* What a WhatsMiner can do beyond the common vocabulary, by the words of port 4028, and its twins on port 4433. */

/** A switch without parameters: two commands of the older API, one with a word of the newer. */
function switched(
  name: string,
  v3: { readonly cmd: string; readonly param: string },
  readBacks: { readonly v2: Prepared['readBack']; readonly v3: Prepared['readBack'] },
  notes: ActionNotes,
  says: readonly string[] = [],
): Action {
  return action(
    {},
    (links) =>
      through(links, `whatsminer.${name}`, {
        v2: () => ({ commands: [{ cmd: name }], notes: says, readBack: () => readBacks.v2 }),
        v3: () => ({ commands: [v3], notes: says, readBack: readBacks.v3 }),
      }),
    notes,
  );
}

const FAST_BOOT_NOTES = [
  NEXT_START,
  'It reaches the power target first; the time until the hashrate is stable hardly changes, and the power may overshoot',
  'Not together with adjust_upfreq_speed',
];

const fastBoot = (word: 'enable' | 'disable'): Action =>
  switched(
    `${word}_btminer_fast_boot`,
    { cmd: 'set.miner.fastboot', param: word },
    {
      v2: shows(
        'Btminer Fast Boot of summary',
        AT_ONCE,
        async (at) => picked(await sealedState.summary(at), ['Btminer Fast Boot']),
        (values) => values['Btminer Fast Boot'] === word,
      ),
      v3: shows(
        'fast-boot of get.device.info',
        AT_ONCE,
        async (at) => picked((await signedState.info(at)).sub('miner'), ['fast-boot']),
        (values) => values['fast-boot'] === word,
      ),
    },
    { does: word === 'enable' ? 'Starts with full power soon' : 'Starts in the ordinary way' },
    FAST_BOOT_NOTES,
  );

const webPools = (word: 'enable' | 'disable'): Action =>
  switched(
    `${word}_web_pools`,
    { cmd: 'set.system.webpools', param: word },
    {
      v2: notTold('whether pools can be set on the web page'),
      v3: shows(
        'web-pool of get.system.setting',
        AT_ONCE,
        async (at) => picked(await signedState.system(at), ['web-pool']),
        (values) => isNumber(values['web-pool'], word === 'enable' ? 1 : 0),
      ),
    },
    { does: word === 'enable' ? 'Lets pools be set on the web page' : 'Keeps pools from being set on the web page' },
  );

const minesAtBoot = (word: 'enable' | 'disable'): Action =>
  switched(
    `${word}_btminer_init`,
    { cmd: 'set.miner.service', param: word },
    { v2: notTold('whether it mines at boot'), v3: { never: 'no command tells whether it mines at boot' } },
    { does: word === 'enable' ? 'Mines when it boots' : 'Does not mine when it boots, until it is resumed' },
  );

const UPFREQ_SEALED_MOST = 9;

const adjustUpfreqSpeed: Action = action(
  {
    speed: integer({
      about: 'how fast the clock comes up and settles: 0 is normal',
      min: 0,
      max: 10,
      source: 'WhatsMiner adjust_upfreq_speed (0 to 9), set.miner.upfreq_speed (0 to 10)',
    }),
  },
  (links, { speed }) =>
    through(links, 'whatsminer.adjust_upfreq_speed', {
      v2: async () => {
        if (speed > UPFREQ_SEALED_MOST) {
          const detail = `port 4028 takes 0 to ${UPFREQ_SEALED_MOST} (WhatsMiner adjust_upfreq_speed); nothing was sent`;
          throw new HeadframeError('usage/invalid', { detail });
        }
        const fast = (await sealedState.summary(links)).str('Btminer Fast Boot') === 'enable';
        return {
          commands: [{ cmd: 'adjust_upfreq_speed', fields: { upfreq_speed: String(speed) } }],
          notes: [...SPEED_NOTES, ...(fast ? [FAST_BOOT_IS_ON] : [])],
          readBack: () =>
            shows(
              'upfreq_speed of get_miner_info',
              AT_ONCE,
              async (at) => {
                const info = await sealedState.info(at);
                // The manual prints the second name.
                return { upfreq_speed: info.raw('upfreq_speed') ?? info.raw('ut_speed') };
              },
              (values) => isNumber(values.upfreq_speed, speed),
            ),
        };
      },
      v3: async () => {
        const fast = (await signedState.info(links)).sub('miner').str('fast-boot') === 'enable';
        return {
          commands: [{ cmd: 'set.miner.upfreq_speed', param: speed }],
          notes: [...SPEED_NOTES, ...(fast ? [FAST_BOOT_IS_ON] : [])],
          readBack: shows(
            'upfreq-speed of get.miner.setting',
            AT_ONCE,
            async (at) => picked(await signedState.setting(at), ['upfreq-speed']),
            (values) => isNumber(values['upfreq-speed'], speed),
          ),
        };
      },
    }),
  { does: 'Sets how fast the hashrate comes up after a start' },
);

const SPEED_NOTES = [
  'The faster, the further hashrate and power are from their targets, and the worse performance and stability are',
  'Not together with fast boot',
];
const FAST_BOOT_IS_ON = 'Fast boot is on at this machine: disable_btminer_fast_boot first';

const LED = 'WhatsMiner set_led, set.system.led';
const millis = (about: string, min: number) => integer({ about, unit: 'ms', min, max: 60_000, source: LED });

const setLed: Action = action(
  {
    color: choice(['red', 'green'], { about: 'which light', source: LED }),
    periodMs: millis('length of one cycle', 1),
    durationMs: millis('how long it is lit in a cycle', 0),
    startMs: millis('when it goes on in a cycle', 0),
  },
  (links, { color, periodMs: period, durationMs: duration, startMs: start }) => {
    if (duration > period || start >= period) {
      const detail = `set_led: ${start} ms and ${duration} ms do not lie within a cycle of ${period} ms; nothing was sent`;
      throw new HeadframeError('usage/invalid', { detail });
    }
    const pattern = { color, period, duration, start };
    return through(links, 'whatsminer.set_led', {
      v2: () => ({ commands: [{ cmd: 'set_led', fields: pattern }], readBack: () => ledShows('v2', false) }),
      v3: () => ({ commands: [{ cmd: 'set.system.led', param: [pattern] }], readBack: ledShows('v3', false) }),
    });
  },
  { does: 'Flashes a light in a pattern; locate off gives it back to the firmware' },
);

export const OWN: Readonly<Record<string, Action>> = {
  set_led: setLed,
  enable_btminer_fast_boot: fastBoot('enable'),
  disable_btminer_fast_boot: fastBoot('disable'),
  enable_web_pools: webPools('enable'),
  disable_web_pools: webPools('disable'),
  enable_btminer_init: minesAtBoot('enable'),
  disable_btminer_init: minesAtBoot('disable'),
  adjust_upfreq_speed: adjustUpfreqSpeed,
};
