import { ASSUMED } from './sim-assumed.ts';
import type { Command, Commands } from './sim-command.ts';
import { real } from './sim-json.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { onBoard, onChip } from './sim-on-board.ts';
import { flag, flagKey, numberIn, numberKey, type Options, options, readKeys, wholeIn } from './sim-parameters.ts';
import { MHZ_STEPS, type TuningProfile, tuningProfiles, VOLT_STEPS } from './sim-plan.ts';
import { invalidValue, type LuxReply, MISSING_PARAMETER, ok, refuse } from './sim-reply.ts';
import { ranges } from './sim-settings.ts';
import type { AtmSettings, OwnProfile } from './sim-state.ts';

/* Session commands for profiles, frequency, voltage, ATM and the tuner (`protocols.md` 8). */

/** While ATM runs some commands are refused unless they say that ATM may be updated (`protocols.md` 8). */
const isLocked = (machine: LuxosMachine, { named }: Options): boolean =>
  machine.settings.atm.enabled && named.get('update_atm') !== 'true';

const ATM_RUNNING = refuse(ASSUMED.atmRunning, 'Cannot run this command while ATM is running');
export const ASLEEP = refuse(ASSUMED.asleep, 'Cannot run this command in sleep mode');

const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,31}$/;

/** Frequency and voltage step of a change; the usual ones where they are not given, null where one is wrong. */
export function stepsOf(mhzText: string | undefined, voltsText: string | undefined) {
  const mhz = mhzText === undefined ? MHZ_STEPS.usual : wholeIn(mhzText, MHZ_STEPS.min, MHZ_STEPS.max);
  const volts = voltsText === undefined ? VOLT_STEPS.usual : numberIn(voltsText, VOLT_STEPS.min, VOLT_STEPS.max);
  return mhz === null || volts === null ? null : { mhz, volts };
}

/** By name, or by what it should give: `95.0THs`, `3.2kW`, `3200W`, `+1`. */
function findProfile(machine: LuxosMachine, selector: string): TuningProfile | undefined {
  const { profiles } = machine;
  const named = profiles.find((profile) => profile.name === selector);
  if (named !== undefined) return named;
  if (/^[+-][0-9]{1,2}$/.test(selector)) return profiles.find((profile) => profile.step === Number(selector));
  const [, amount, unit] = /^([0-9]{1,6}(?:\.[0-9]{1,3})?)(THs|kW|W)$/.exec(selector) ?? [];
  if (amount === undefined) return undefined;
  const value = unit === 'kW' ? Number(amount) * 1000 : Number(amount);
  const of = (profile: TuningProfile): number => (unit === 'THs' ? profile.ths : profile.watts);
  return [...profiles].sort((a, b) => Math.abs(of(a) - value) - Math.abs(of(b) - value))[0];
}

const profileset: Command = (machine, now, parts) => {
  const given = options(parts);
  // A board number of older programs may come first; it changes nothing.
  const plain = /^[0-3]$/.test(given.plain[0] ?? '') ? given.plain.slice(1) : given.plain;
  const [name] = plain;
  if (name === undefined) return MISSING_PARAMETER;
  if (isLocked(machine, given)) return ATM_RUNNING;
  const profile = findProfile(machine, name);
  if (profile === undefined) return invalidValue(name);
  const { named } = given;
  const steps = stepsOf(named.get('frequency_step') ?? plain[1], named.get('voltage_step') ?? plain[2]);
  if (steps === null) return invalidValue(parts.join(','));
  machine.setProfile(now, profile.name, steps.mhz);
  return ok(321, 'Profile Set', {
    PROFILE: [{ Board: 0, FrequencyStep: steps.mhz, Profile: profile.name, VoltageStep: real(steps.volts) }],
  });
};

const MOST_PROFILES = 50;

/** With the name of a profile of the firmware it overrides that (ours: the reply has `HasOverrides` and `CanRestore`). */
const profilenew: Command = (machine, _now, [name, mhzText, voltsText]) => {
  if (name === undefined || mhzText === undefined || voltsText === undefined) return MISSING_PARAMETER;
  const { mhz: mhzRange, volts: voltsRange } = ranges(machine);
  const mhz = wholeIn(mhzText, ...mhzRange);
  const volts = numberIn(voltsText, ...voltsRange);
  const others = machine.settings.ownProfiles.filter((one) => one.name !== name);
  if (!NAME.test(name) || mhz === null || volts === null || others.length >= MOST_PROFILES) {
    return invalidValue([name, mhzText, voltsText].join(','));
  }
  const profile: OwnProfile = { name, mhz, volts };
  machine.set({ ownProfiles: [...others, profile] });
  return ok(ASSUMED.profilenew, 'Profile created', { PROFILE: [{ Profile: name }] });
};

/** Takes what somebody made of a profile back, after the check of the command. */
const drop =
  (code: number, message: string, isRefused: (machine: LuxosMachine, name: string, isBuiltIn: boolean) => boolean) =>
  (machine: LuxosMachine, _now: number, [name]: readonly string[]): LuxReply => {
    if (name === undefined) return MISSING_PARAMETER;
    const profile = machine.profiles.find((one) => one.name === name);
    if (profile === undefined) return invalidValue(name);
    if (isRefused(machine, name, profile.step !== null)) return refuse(ASSUMED.profileKept, `Cannot change ${name}`);
    machine.set({ ownProfiles: machine.settings.ownProfiles.filter((one) => one.name !== name) });
    return ok(code, message, { PROFILE: [{ Profile: name }] });
  };

const frequencyset: Command = (machine, now, parts) => {
  const given = options(parts);
  const [board, mhzText] = given.plain;
  if (board === undefined || mhzText === undefined) return MISSING_PARAMETER;
  if (machine.asleep) return ASLEEP;
  if (isLocked(machine, given)) return ATM_RUNNING;
  // A chip may follow (docs.luxor.tech, frequencyset).
  return onChip(
    machine,
    given.plain,
    (boardNumber, chip) => {
      const mhz = wholeIn(mhzText, ...ranges(machine).mhz);
      if (mhz === null) return invalidValue(mhzText);
      machine.run.setMhz(now, boardNumber, chip, mhz);
      return ok(302, 'Set Frequency', {
        RAMP: [
          {
            Board: boardNumber,
            Frequency: mhz,
            FrequencyStep: MHZ_STEPS.usual,
            TargetChip: chip === null ? 'all' : String(chip),
          },
        ],
      });
    },
    2,
  );
};

/** One supply feeds all boards (`IsSingleVoltage`): whichever board is named, all of them get it. */
const voltageset: Command = (machine, _now, parts) => {
  const given = options(parts);
  const [, voltsText] = given.plain;
  if (voltsText === undefined) return MISSING_PARAMETER;
  if (machine.asleep) return ASLEEP;
  if (isLocked(machine, given)) return ATM_RUNNING;
  return onBoard(machine, given.plain, (board) => {
    const volts = numberIn(voltsText, ...ranges(machine).volts);
    if (volts === null) return invalidValue(voltsText);
    machine.run.volts = volts;
    return ok(ASSUMED.voltageset, 'Set Voltage', { VOLTAGE: [{ Board: board, Voltage: real(volts) }] });
  });
};

const atmset: Command = (machine, now, parts) => {
  const bound = (name: 'minProfile' | 'maxProfile') => (value: string) => {
    const profile = value === '' ? '' : findProfile(machine, value)?.name;
    return profile === undefined ? null : { [name]: profile };
  };
  const read = readKeys<AtmSettings & { preventOc: boolean }>(parts, {
    enabled: flagKey('enabled'),
    startup_minutes: numberKey('startupMinutes', 0, 1440),
    post_ramp_minutes: numberKey('postRampMinutes', 0, 1440),
    temp_window: numberKey('tempWindowC', 0, 50, numberIn),
    min_profile: bound('minProfile'),
    max_profile: bound('maxProfile'),
    prevent_oc: flagKey('preventOc'),
  });
  if ('refused' in read) return read.refused;
  const { preventOc = false, ...change } = read.change;
  machine.set({ atm: { ...machine.settings.atm, ...change } });
  // Turned off with prevent_oc, a machine above its nominal profile goes back to it (docs.luxor.tech, atmset).
  if (preventOc && change.enabled === false && (machine.profile.step ?? 0) > 0) {
    machine.setProfile(now, machine.nominalProfile.name, MHZ_STEPS.usual);
  }
  return ok(340, 'Advanced Thermal Management configuration updated');
};

/**
 * The profile of the firmware that needs most of the watts that are allowed; 0 leaves the profile as it is and ends the
 * target. `power=<watts>` is how other programs call it; what the firmware then does is ours.
 */
const powertargetset: Command = (machine, now, parts) => {
  const read = readKeys<{ watts: number }>(parts, { power: numberKey('watts', 0, ranges(machine).watts[1]) });
  if ('refused' in read) return read.refused;
  const watts = read.change.watts ?? 0;
  if (watts > 0 && watts < ranges(machine).watts[0]) return invalidValue(`power=${watts}`);
  const fits = tuningProfiles(machine.plan).filter((profile) => profile.watts <= watts);
  const best = fits[fits.length - 1];
  if (best !== undefined) machine.setProfile(now, best.name, MHZ_STEPS.usual);
  machine.set({ powerTargetW: watts });
  return ok(ASSUMED.powertargetset, 'Power target set');
};

const tunerswitch: Command = (machine, _now, parts) => {
  const given = options(parts);
  const [text] = given.plain;
  if (text === undefined) return MISSING_PARAMETER;
  if (isLocked(machine, given)) return ATM_RUNNING;
  const tuner = flag(text);
  if (tuner === null) return invalidValue(text);
  machine.set({ tuner });
  return ok(ASSUMED.tunerswitch, 'Tuner switched');
};

export const TUNING_COMMANDS: Commands = {
  profileset,
  profilenew,
  profilerem: drop(
    ASSUMED.profilerem,
    'Profile removed',
    (machine, name, isBuiltIn) => isBuiltIn || machine.profile.name === name,
  ),
  profilerestore: drop(ASSUMED.profilerestore, 'Profile restored', (_machine, _name, isBuiltIn) => !isBuiltIn),
  frequencyset,
  frequencystop: (machine, now, parts) =>
    onBoard(machine, parts, (board) => {
      machine.run.stopRamp(now, board);
      return ok(ASSUMED.frequencystop, 'Frequency ramp stopped', {
        RAMP: [{ Board: board, Frequency: machine.run.mhz(now, board) }],
      });
    }),
  voltageset,
  atmset,
  autotunerset: (machine, _now, parts) => {
    const read = readKeys<{ enabled: boolean }>(parts, { enabled: flagKey('enabled') });
    if ('refused' in read) return read.refused;
    machine.set({ autotuner: read.change.enabled ?? machine.settings.autotuner });
    return ok(ASSUMED.autotunerset, 'Autotuner configuration updated');
  },
  tunerswitch,
  powertargetset,
};
