import { type Action, choice, flag, integer, number, optional, orAuto, type Prepared } from '@headframe/model';
import { Fields } from '@headframe/wire/json';
import { type Cooling, coolingIn, HAS, type ModeName, modeDoc, needCooling, SOURCE } from './cooling-mode.ts';
import type { Doc } from './door-methods.ts';
import { configurationOf, constraintsOf, invalid, matching, seen, type Wanted } from './looks.ts';
import { type Machine, SAVE_AND_APPLY, say, through } from './through.ts';

/* Fans and temperatures (SetCoolingMode; SetImmersionMode, which it replaces). */

const NUMBERS = ['targetC', 'hotC', 'dangerousC', 'fanPercent', 'minFanPercent', 'maxFanPercent', 'minFans'] as const;
type NumberName = (typeof NUMBERS)[number];

/** What is to be another. */
interface Change extends Readonly<Partial<Record<NumberName, number | undefined>>> {
  readonly mode?: ModeName | undefined;
  readonly pause?: Doc | undefined;
}

async function setCooling(machine: Machine, named: string, change: Change, notes: readonly string[] = []) {
  const constraints = await constraintsOf(machine);
  const present = coolingIn(await configurationOf(machine), constraints);
  const mode = change.mode ?? present.mode;
  if (mode === null)
    throw invalid(`${named}: the machine does not tell its cooling mode; braiins.setcoolingmode sets it`);
  if (mode === 'disabled') throw invalid(`${named}: its cooling is switched off; braiins.setcoolingmode sets a mode`);
  const { mode: _, ...given } = change;
  const strange = Object.keys(given).find(
    (name) => given[name as keyof typeof given] !== undefined && !HAS[mode].includes(name as keyof Cooling),
  );
  if (strange !== undefined)
    throw invalid(`${named}: the mode ${mode} has no ${strange} (it has: ${HAS[mode].join(', ')})`);
  const wanted: Cooling = { ...present, ...defined(given) };
  if (mode === 'manual' && wanted.fanPercent === null) throw invalid(`${named}: the mode manual wants a fanPercent`);
  needCooling(constraints, given, only(wanted, mode), named);
  return {
    notes: [...notes, ...forgotten(present, mode)],
    steps: [
      say(machine, 'SetCoolingMode', {
        ...SAVE_AND_APPLY,
        mode: modeDoc(mode, wanted, mode === present.mode ? present.more : {}),
      }),
    ],
    readBack: coolingShows(machine, { mode, ...shownOf(only(wanted, mode)) }),
  } satisfies Prepared;
}

const defined = <T extends object>(given: T): Partial<Cooling> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

/** What a mode has of it. */
const only = (cooling: Cooling, mode: ModeName): Cooling => ({
  ...NOTHING,
  ...Object.fromEntries(HAS[mode].map((part) => [part, cooling[part]])),
});

const NOTHING: Cooling = {
  targetC: null,
  hotC: null,
  dangerousC: null,
  fanPercent: null,
  minFanPercent: null,
  maxFanPercent: null,
  minFans: null,
  pause: null,
};

/** What was set and the mode that is wanted does not have. */
function forgotten(present: Cooling, mode: ModeName): string[] {
  const lost = NUMBERS.filter((part) => present[part] !== null && !HAS[mode].includes(part));
  return lost.length === 0 ? [] : [`The mode ${mode} has none of these, so they are forgotten: ${lost.join(', ')}`];
}

/** What was told and must show; the rest is the machine's own. */
const shownOf = (cooling: Cooling): Wanted =>
  Object.fromEntries(NUMBERS.filter((part) => cooling[part] !== null).map((part) => [part, cooling[part] as number]));

const coolingShows = (machine: Machine, wanted: Wanted) =>
  seen(machine, 'temperature of GetMinerConfiguration, GetCoolingState', async (now) => {
    const { pause: _, more: __, ...values } = coolingIn(await configurationOf(now), null);
    const state = await now.ask('GetCoolingState');
    const fans = state.list('fans').map((one) => {
      const fan = new Fields(one);
      return { rpm: fan.int('rpm'), targetRatio: fan.num('target_speed_ratio') };
    });
    const { done } = matching(values, wanted);
    return { done, values: { ...values, fans } };
  });

const BY_HAND = 'Fans of a fixed speed do not follow the temperature: at its hot temperature the firmware steps in';

const percent = (about: string) => integer({ about, unit: '%', min: 0, max: 100, source: SOURCE });
const degrees = (about: string) => number({ about, unit: '°C', min: 0, max: 200, source: SOURCE });

async function setFan(machine: Machine, speed: number | 'auto'): Promise<Prepared> {
  const { mode } = coolingIn(await configurationOf(machine), null);
  if (mode === 'immersion' || mode === 'hydro') {
    throw invalid(`set-fan: the machine is in ${mode} mode, which has no fans; braiins.setcoolingmode leaves it`);
  }
  return speed === 'auto'
    ? setCooling(machine, 'set-fan', { mode: 'auto' })
    : setCooling(machine, 'set-fan', { mode: 'manual', fanPercent: speed }, [BY_HAND]);
}

export const coolingCommands = {
  setFan: through({ percent: orAuto(percent('speed of all fans, or auto')) }, (machine, { percent: speed }) =>
    setFan(machine, speed),
  ),
  setTemperatureTarget: through({ targetC: degrees('what the cooling holds') }, (machine, { targetC }) =>
    setCooling(machine, 'set-temperature-target', { targetC }),
  ),
} satisfies Readonly<Record<string, Action>>;

/** FanPauseRuntime. */
const RUNTIMES = { limited: 1, indefinite: 2 } as const;

const setcoolingmode = through(
  {
    mode: choice(['auto', 'manual', 'immersion', 'hydro'], { about: 'who cools and how', source: SOURCE }),
    targetC: optional(degrees('what the cooling holds')),
    hotC: optional(degrees('from here on the fans turn at full speed')),
    dangerousC: optional(degrees('here mining stops')),
    fanPercent: optional(percent('speed of all fans, in the mode manual')),
    minFanPercent: optional(percent('the least speed, in the mode auto')),
    maxFanPercent: optional(percent('the highest speed, in the mode auto')),
    minFans: optional(
      integer({ about: 'with fewer turning fans mining does not start', min: 0, max: 16, source: SOURCE }),
    ),
    pauseFanPercent: optional(orAuto(percent('speed of the fans in a pause, or auto'))),
    pauseRuntime: optional(
      choice(['limited', 'indefinite'], {
        about: 'how long they turn in a pause at that speed, from release 26.04 on',
        source: SOURCE,
      }),
    ),
  },
  async (machine, { mode, pauseFanPercent, pauseRuntime, ...given }) => {
    if (pauseRuntime !== undefined && typeof pauseFanPercent !== 'number') {
      throw invalid('braiins.setcoolingmode: pauseRuntime goes with a pauseFanPercent');
    }
    const pause = pauseFanPercent === undefined ? undefined : pauseDoc(pauseFanPercent, pauseRuntime);
    return setCooling(
      machine,
      'braiins.setcoolingmode',
      { mode, ...given, pause },
      mode === 'manual' ? [BY_HAND] : mode === 'auto' ? [] : [`In ${mode} mode the fans do not turn`],
    );
  },
  {
    does: 'Chooses who cools and how: the fans by themselves or by hand, a liquid, water',
    hashing: 'interrupted',
    lasting: 'a mode that does not fit the machine makes it overheat and stop',
  },
);

const pauseDoc = (speed: number | 'auto', runtime: keyof typeof RUNTIMES | undefined): Doc =>
  speed === 'auto'
    ? { mode: { auto: {} } }
    : {
        mode: {
          manual: {
            pause_cooldown_fan_speed_ratio: speed / 100,
            ...(runtime === undefined ? {} : { fan_pause_runtime: RUNTIMES[runtime] }),
          },
        },
      };

const setimmersionmode = through(
  { on: flag({ about: 'whether it stands in a liquid', source: 'BraiinsOS CoolingService.SetImmersionMode' }) },
  (machine, { on }) => ({
    notes: ['From contract 1.4 on braiins.setcoolingmode takes its place'],
    steps: [say(machine, 'SetImmersionMode', { ...SAVE_AND_APPLY, enable_immersion_mode: on })],
    readBack: seen(machine, 'temperature of GetMinerConfiguration', async (now) => {
      const { mode } = coolingIn(await configurationOf(now), null);
      // Releases that have no mode of this name switch the control of the temperature off for it.
      const isImmersed = mode === 'immersion' || mode === 'disabled';
      return { done: mode !== null && isImmersed === on, values: { mode } };
    }),
  }),
  {
    does: 'Switches the immersion mode of older releases, in which the fans stand still',
    hashing: 'interrupted',
    lasting: 'in air it makes the machine overheat and stop',
  },
);

export const ownCoolingCommands: Readonly<Record<string, Action>> = { setcoolingmode, setimmersionmode };
