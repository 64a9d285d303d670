import { type Action, choice, flag, integer, number, optional } from '@headframe/model';
import type { Fields } from '@headframe/wire/json';
import type { Doc } from './door-methods.ts';
import {
  APPLIED,
  configurationOf,
  constraintsOf,
  invalid,
  matching,
  needWithin,
  rangeIn,
  seen,
  type Wanted,
} from './looks.ts';
import { type Machine, SAVE_AND_APPLY, say, through } from './through.ts';

/*
 * What moves the target by itself, and how fast: dynamic scaling steps down in heat and up again later, quick ramping
 * is for curtailment (protocols.md 7.2).
 */

const DPS = 'BraiinsOS PerformanceService.SetDPS';

/** DPSMode. */
const MODES = { normal: 1, boost: 2 } as const;

/** What of dynamic scaling has a range: where the constraints have it, and the field that holds the number. */
const RANGED = {
  shutdownHours: { field: 'shutdown_duration', in: 'hours', unit: 'h' },
  powerStepW: { field: 'power_step', in: 'watt', unit: 'W' },
  minPowerW: { field: 'min_power_target', in: 'watt', unit: 'W' },
  hashrateStepTHs: { field: 'hashrate_step', in: 'terahash_per_second', unit: 'TH/s' },
  minHashrateTHs: { field: 'min_hashrate_target', in: 'terahash_per_second', unit: 'TH/s' },
  startPercent: { field: 'on_start_target_percent', in: undefined, unit: '%' },
} as const;

type RangedName = keyof typeof RANGED;
type Numbers = Readonly<Partial<Record<RangedName, number | undefined>>>;

const watts = (about: string) => optional(integer({ about, unit: 'W', min: 1, max: 100_000, source: DPS }));
const terahashes = (about: string) =>
  optional(number({ about: `${about}, in TH/s`, min: 0.001, max: 10_000, source: DPS }));

const setdps = through(
  {
    enable: optional(flag({ about: 'whether the target is scaled', source: DPS })),
    shutdown: optional(flag({ about: 'whether it rests when the least target is still too warm', source: DPS })),
    shutdownHours: optional(integer({ about: 'how long it rests, in hours', min: 1, max: 8_760, source: DPS })),
    powerStepW: watts('by how much the power target is moved'),
    minPowerW: watts('the least power target'),
    hashrateStepTHs: terahashes('by how much the hashrate target is moved'),
    minHashrateTHs: terahashes('the least hashrate target'),
    mode: optional(choice(['normal', 'boost'], { about: 'how it scales', source: DPS })),
    startPercent: optional(
      integer({ about: 'part of the target to begin with', unit: '%', min: 1, max: 100, source: DPS }),
    ),
  },
  async (machine, { enable, shutdown, mode, ...numbers }) => {
    if ([enable, shutdown, mode, ...Object.values(numbers)].every((one) => one === undefined)) {
      throw invalid('braiins.setdps needs one of its parameters');
    }
    await needRanges(machine, numbers);
    const { powerStepW, minPowerW, hashrateStepTHs, minHashrateTHs, shutdownHours, startPercent } = numbers;
    const power = { power_step: inUnit('watt', powerStepW), min_power_target: inUnit('watt', minPowerW) };
    const hashrate = {
      hashrate_step: inUnit('terahash_per_second', hashrateStepTHs),
      min_hashrate_target: inUnit('terahash_per_second', minHashrateTHs),
    };
    const targets = [
      ...(isAny(power) ? [{ powertarget: given(power) }] : []),
      ...(isAny(hashrate) ? [{ hashratetarget: given(hashrate) }] : []),
    ];
    if (targets.length > 1) throw invalid('braiins.setdps takes steps of power or of hashrate, not both at once');
    const message = given({
      enable,
      enable_shutdown: shutdown,
      shutdown_duration: inUnit('hours', shutdownHours),
      target: targets.length === 0 ? undefined : { target: targets[0] },
      mode: mode === undefined ? undefined : MODES[mode],
      on_start_target_percent: startPercent,
    });
    const wanted: Wanted = given({ enable, shutdown, mode, ...numbers }) as Wanted;
    return {
      steps: [say(machine, 'SetDPS', { ...SAVE_AND_APPLY, ...message })],
      readBack: seen(machine, 'dps of GetMinerConfiguration', async (now) =>
        matching(dpsIn((await configurationOf(now)).sub('dps')), wanted),
      ),
    };
  },
  { does: 'Sets the dynamic scaling, which lowers the target in heat and raises it again', hashing: 'unchanged' },
);

async function needRanges(machine: Machine, numbers: Numbers): Promise<void> {
  const constraints = await constraintsOf(machine);
  for (const [name, { field, in: within, unit }] of Object.entries(RANGED)) {
    const value = numbers[name as RangedName];
    const range = rangeIn(constraints, ['dps_constraints', field], within);
    if (value === undefined) continue;
    needWithin(range, value, { named: `${name} of braiins.setdps`, unit, source: `dps_constraints.${field}` });
  }
}

const inUnit = (unit: string, value: number | undefined): Doc | undefined =>
  value === undefined ? undefined : { [unit]: value };

const isAny = (doc: Doc): boolean => Object.values(doc).some((one) => one !== undefined);

const given = (doc: Doc): Doc => Object.fromEntries(Object.entries(doc).filter(([, value]) => value !== undefined));

/** In the words of the parameters. What is absent has no value, an enabled that is absent included. */
function dpsIn(dps: Fields): Wanted {
  const mode = Object.entries(MODES).find(([, number]) => number === dps.int('mode'))?.[0] ?? null;
  return {
    enable: dps.bool('enabled'),
    shutdown: dps.bool('shutdown_enabled'),
    shutdownHours: dps.sub('shutdown_duration').num('hours'),
    powerStepW: dps.sub('power_step').num('watt'),
    minPowerW: dps.sub('min_power_target').num('watt'),
    hashrateStepTHs: dps.sub('hashrate_step').num('terahash_per_second'),
    minHashrateTHs: dps.sub('min_hashrate_target').num('terahash_per_second'),
    mode,
    startPercent: dps.num('on_start_target_percent'),
  };
}

const RAMPING = 'BraiinsOS PerformanceService.SetQuickRamping';

const ramp = (about: string) => integer({ about, unit: 's', min: 0, max: 86_400, source: RAMPING });

const rampingShows = (machine: Machine, wanted: () => Wanted | null) =>
  seen(machine, 'hashboard_config of GetMinerConfiguration', async (now) => {
    const config = (await configurationOf(now)).sub('hashboard_config');
    const values = { upS: config.num('quick_ramping_time_up_s'), downS: config.num('quick_ramping_time_down_s') };
    const expected = wanted();
    return expected === null ? { done: false, values } : matching(values, expected);
  });

const setquickramping = through(
  { upS: ramp('from resuming to full power'), downS: ramp('from pausing to no power') },
  async (machine, { upS, downS }) => {
    const range = rangeIn(await constraintsOf(machine), ['hashboards_constraints', 'quick_ramping_time_s']);
    for (const [name, value] of Object.entries({ upS, downS })) {
      const said = { unit: 's', source: 'hashboards_constraints.quick_ramping_time_s' };
      needWithin(range, value, { named: `${name} of braiins.setquickramping`, ...said });
    }
    return {
      steps: [say(machine, 'SetQuickRamping', { ...SAVE_AND_APPLY, up_s: upS, down_s: downS })],
      readBack: rampingShows(machine, () => ({ upS, downS })),
    };
  },
  { does: 'Sets how fast power comes and goes around a pause', hashing: 'unchanged' },
);

const setdefaultquickramping = through(
  {},
  (machine) => {
    let told: Wanted | null = null;
    return {
      steps: [
        say(machine, 'SetDefaultQuickRamping', SAVE_AND_APPLY, {
          heard: (reply) => {
            told = { upS: reply.num('up_s'), downS: reply.num('down_s') };
          },
        }),
      ],
      readBack: rampingShows(machine, () => told),
    };
  },
  { does: 'Sets the quick ramping back to what the machine comes with', hashing: 'unchanged' },
);

const removetunedprofiles = through(
  {},
  async (machine) => {
    const count = await profilesOf(machine);
    return {
      notes: [`It has ${count} tuned profiles, each of which took the tuner up to some hours`],
      steps: [say(machine, 'RemoveTunedProfiles')],
      readBack: seen(
        machine,
        'ListTargetProfiles',
        async (now) => {
          const left = await profilesOf(now);
          return { done: left === 0 || left < count, values: { profiles: left } };
        },
        APPLIED,
      ),
    };
  },
  {
    does: 'Forgets what the tuner found for the targets so far',
    hashing: 'interrupted',
    takes: 'mining stops and starts; the tuner begins anew',
    lasting: 'they cannot be brought back',
  },
);

async function profilesOf(machine: Machine): Promise<number> {
  const profiles = await machine.ask('ListTargetProfiles');
  return profiles.list('power_target_profiles').length + profiles.list('hashrate_target_profiles').length;
}

export const ownScalingCommands: Readonly<Record<string, Action>> = {
  setdps,
  setquickramping,
  setdefaultquickramping,
  removetunedprofiles,
};
