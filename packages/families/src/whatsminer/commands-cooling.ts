import { type Action, action, choice, flag, HeadframeError, integer, type ReadBack } from '@headframe/model';
import { ASSUMED } from './assumed.ts';
import { AT_ONCE, isNumber, NEXT_START, notTold, picked, shows, signedState } from './looks.ts';
import { through } from './through.ts';

/* Fans of air-cooled machines, heat of hydro ones. */

const AIR_ONLY = 'For air-cooled machines only';

/** One of the three settings of the fans. */
function fanSetting(name: string, v3: string, key: string, what: string, about: string): Action {
  return action(
    { on: flag({ about, source: `WhatsMiner ${name}, ${v3}` }) },
    (links, { on }) =>
      through(links, `whatsminer.${name}`, {
        v2: () => ({
          commands: [{ cmd: name, fields: { [name.replace(/^set_/, '')]: ASSUMED.sealedFlag(on) } }],
          notes: [AIR_ONLY],
          readBack: () => notTold(what),
        }),
        v3: () => ({
          commands: [{ cmd: v3, param: ASSUMED.signedFlag(on) }],
          notes: [AIR_ONLY],
          readBack: fanShows(key, on ? 1 : 0),
        }),
      }),
    { does: `Sets ${what}` },
  );
}

const fanShows = (key: string, wanted: number): ReadBack =>
  shows(
    `${key} of get.fan.setting`,
    AT_ONCE,
    async (at) => picked(await signedState.fan(at), [key]),
    (values) => isNumber(values[key], wanted),
  );

const setTempOffset: Action = action(
  {
    offsetC: integer({
      about: 'offset of the target temperature of the hashboards',
      unit: '°C',
      min: -30,
      max: 0,
      source: 'WhatsMiner set_temp_offset, set.fan.temp_offset',
    }),
  },
  (links, { offsetC }) =>
    through(links, 'whatsminer.set_temp_offset', {
      v2: () => ({
        commands: [{ cmd: 'set_temp_offset', fields: { temp_offset: String(offsetC) } }],
        notes: OFFSET_NOTES,
        readBack: () => notTold('the offset'),
      }),
      v3: () => ({
        commands: [{ cmd: 'set.fan.temp_offset', param: offsetC }],
        notes: OFFSET_NOTES,
        readBack: fanShows('fan-temp-offset', offsetC),
      }),
    }),
  { does: 'Holds the hashboards cooler than the firmware would' },
);

const OFFSET_NOTES = [AIR_ONLY, NEXT_START, "It makes the fans turn faster, which relieves the farm's cooling"];

const setHeatMode: Action = action(
  {
    mode: choice(['anti-icing', 'heating', 'normal'], {
      about: 'what a hydro machine does with its heat; the factory sets anti-icing',
      source: 'WhatsMiner set_heat_mode (anti-icing, heating), set.miner.heat_mode (anti-freezing, heating, normal)',
    }),
  },
  (links, { mode }) =>
    through(links, 'whatsminer.set_heat_mode', {
      v2: () => {
        if (mode === 'normal') {
          const detail = 'port 4028 takes anti-icing or heating (WhatsMiner set_heat_mode); nothing was sent';
          throw new HeadframeError('usage/invalid', { detail });
        }
        return {
          commands: [{ cmd: 'set_heat_mode', fields: { mode } }],
          notes: [HYDRO_ONLY],
          readBack: () => notTold('the heat mode'),
        };
      },
      v3: () => {
        const word = mode === 'anti-icing' ? 'anti-freezing' : mode;
        return {
          commands: [{ cmd: 'set.miner.heat_mode', param: word }],
          notes: [HYDRO_ONLY],
          readBack: shows(
            'heatmode of get.device.info',
            AT_ONCE,
            async (at) => picked((await signedState.info(at)).sub('miner'), ['heatmode']),
            (values) => values.heatmode === word,
          ),
        };
      },
    }),
  { does: 'Chooses what a hydro machine does with its heat', hashing: 'interrupted' },
);

const HYDRO_ONLY = 'For hydro machines only';

export const COOLING_OWN: Readonly<Record<string, Action>> = {
  set_temp_offset: setTempOffset,
  set_poweroff_cool: fanSetting(
    'set_poweroff_cool',
    'set.fan.poweroff_cool',
    'fan-poweroff-cool',
    'whether the fans cool after hashing stopped',
    'cools on when hashing stops',
  ),
  set_fan_zero_speed: fanSetting(
    'set_fan_zero_speed',
    'set.fan.zero_speed',
    'fan-zero-speed',
    'whether the fans may stand still',
    'fans may stand still while it is cold',
  ),
  set_heat_mode: setHeatMode,
};
