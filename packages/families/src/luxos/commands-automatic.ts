import { type Action, action, flag, integer, number, optional } from '@headframe/model';
import { askDocument, first } from '@headframe/wire/cgminer';
import { configOf, onlyRecord, shows } from './ask.ts';
import { ASSUMED } from './assumed.ts';
import { keyValues } from './commands-cooling.ts';
import { atmNotes, atmPart, SAVED, updateAtm } from './commands-tuning.ts';
import { inSession, sessionStep } from './session.ts';
import { source, word } from './words.ts';

/*
 * What the firmware does by itself: ATM, its tuners, the power that it holds, and switches (protocols.md 8; Luxor's
 * pages on atmset and atm).
 */

/** A bound of ATM is a profile, a place beside the default one, or nothing. */
const UNBOUNDED = 'none';
const atmBound = (which: string, key: string) =>
  optional(word(`${which} profile that ATM may choose, +1 and -2 too, or ${UNBOUNDED}`, `atmset ${key}`));
const boundOf = (given: string | undefined) => (given?.toLowerCase() === UNBOUNDED ? '' : given);

export const atmset: Action = action(
  {
    enabled: optional(flag({ about: 'whether ATM runs', ...source('atmset enabled') })),
    startupMinutes: optional(
      integer({
        about: 'before ATM works behind a start, minutes',
        min: 0,
        max: 1_440,
        ...source('atmset startup_minutes'),
      }),
    ),
    postRampMinutes: optional(
      integer({
        about: 'before ATM works behind a ramp, minutes',
        min: 0,
        max: 1_440,
        ...source('atmset post_ramp_minutes'),
      }),
    ),
    tempWindowC: optional(
      number({ about: 'how far below hot ATM acts', unit: '°C', min: 0, max: 100, ...source('atmset temp_window') }),
    ),
    minProfile: atmBound('lowest', 'min_profile'),
    maxProfile: atmBound('highest', 'max_profile'),
    preventOc: optional(
      flag({ about: 'back to the default profile when ATM is switched off above it', ...source('atmset prevent_oc') }),
    ),
  },
  (_, { enabled, startupMinutes, postRampMinutes, tempWindowC, minProfile, maxProfile, preventOc }) => {
    const [least, most] = [boundOf(minProfile), boundOf(maxProfile)];
    const parts = keyValues('luxos.atmset', {
      enabled,
      startup_minutes: startupMinutes,
      post_ramp_minutes: postRampMinutes,
      temp_window: tempWindowC,
      min_profile: least,
      max_profile: most,
      prevent_oc: preventOc,
    });
    const wanted = {
      ...(enabled === undefined ? {} : { Enabled: enabled }),
      ...(startupMinutes === undefined ? {} : { StartupMinutes: startupMinutes }),
      ...(postRampMinutes === undefined ? {} : { PostRampMinutes: postRampMinutes }),
      ...(tempWindowC === undefined ? {} : { TempWindow: tempWindowC }),
      ...boundShows('MinProfile', least),
      ...boundShows('MaxProfile', most),
    };
    const step = sessionStep('atmset', parts);
    if (Object.keys(wanted).length === 0) return inSession([step], { never: 'prevent_oc is not kept, and not shown' });
    return inSession(
      [step],
      shows('atm', async (links) => first(await askDocument(links, 'atm'), 'ATM'), wanted),
    );
  },
  { does: 'Sets ATM, which changes the profile with the temperature', lasting: SAVED },
);

/** A place beside the default profile is shown as such in a field of its own: `+1` in `MaxProfileStep`. */
const boundShows = (field: string, given: string | undefined) =>
  given === undefined ? {} : /^[+-]\d+$/.test(given) ? { [`${field}Step`]: Number(given) } : { [field]: given };

const switched = (command: string, does: string, field: string | null): Action =>
  action(
    { on: flag({ about: 'on or off', ...source(command) }) },
    (_, { on }) =>
      inSession(
        [sessionStep(command, [ASSUMED.switched(on)])],
        field === null
          ? { never: `nothing that is documented shows what ${command} did` }
          : shows(`${field} of config`, configOf, { [field]: on }),
        [`The values of ${command} are not verified`],
      ),
    { does, hashing: 'interrupted', lasting: SAVED },
  );

export const tunerswitch: Action = action(
  { on: flag({ about: 'on or off', ...source('tunerswitch') }), updateAtm },
  async (links, { on, updateAtm: atm }) =>
    inSession(
      [sessionStep('tunerswitch', [ASSUMED.switched(on), ...atmPart(atm)])],
      shows('IsTuning of config', configOf, { IsTuning: on }),
      ['The values of tunerswitch are not verified', ...atmNotes(await askDocument(links, 'config'), atm)],
    ),
  { does: 'Switches the tuner', hashing: 'interrupted', lasting: SAVED },
);

export const autotunerset: Action = action(
  { enabled: flag({ about: 'whether the tuner of the firmware runs', ...source('autotunerset enabled') }) },
  (_, { enabled }) =>
    inSession(
      [sessionStep('autotunerset', [`enabled=${enabled}`])],
      shows('autotunerget', async (links) => onlyRecord(await askDocument(links, 'autotunerget')), {
        Enabled: enabled,
      }),
    ),
  { does: 'Switches the tuner of the firmware', hashing: 'interrupted', lasting: SAVED },
);

export const powertargetset: Action = action(
  {
    powerW: integer({
      about: 'power that the machine holds, where its model can',
      unit: 'W',
      min: 1,
      max: 50_000,
      ...source('powertargetset'),
    }),
  },
  (_, { powerW }) =>
    inSession(
      [sessionStep('powertargetset', ASSUMED.powerTarget(powerW))],
      shows('PowerTarget of atm', async (links) => first(await askDocument(links, 'atm'), 'ATM'), {
        PowerTarget: powerW,
      }),
      ['Only some models have power targeting, and its parameters are not documented where they could be read'],
    ),
  { does: 'Sets the power that the machine holds', hashing: 'interrupted', lasting: SAVED },
);

export const immersionswitch = switched(
  'immersionswitch',
  'Says whether the machine lies in a liquid',
  'ImmersionMode',
);
export const tunableswitch = switched('tunableswitch', 'Switches tuning of the profile', null);
