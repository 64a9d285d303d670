import { type Action, action, flag, HeadframeError, integer, type Links, number, type Step } from '@headframe/model';
import { askDocument, decodeReply, first } from '@headframe/wire/cgminer';
import { inSession, sessionStep } from './session.ts';
import { NOT_SHOWN, profileName, SAVED, source } from './words.ts';

/*
 * Clock, voltage, power and profiles (protocols.md 9). Unlike in LuxOS no board stands before a value, and the voltage is
 * in millivolts: the parameters of LuxOS would set the number of a board.
 */

/** What `limits` tells for all machines; a machine that tells others is held to those. */
const FREQUENCY_MHZ = { min: 100, max: 900 };
const VOLTAGE_V = { min: 5, max: 14.5 };

/**
 * @throws HeadframeError `usage/invalid` when the machine's own limits do not allow it; nothing was sent
 */
async function checkLimit(links: Links, named: string, field: string, unit: string, value: number): Promise<string[]> {
  const limit = first(await limitsOf(links), 'LIMITS').sub(field);
  const [min, max] = [limit.num('min'), limit.num('max')];
  if (min === null || max === null) return ['The machine does not tell its limits: it decides itself'];
  if (value >= min && value <= max) return [];
  const detail = `${named} takes ${min} to ${max} ${unit} on this machine (DCENT_OS limits, ${field}), not ${value}; nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}

/** Null: this firmware has no such command. */
async function limitsOf(links: Links): Promise<unknown> {
  try {
    return await askDocument(links, 'limits');
  } catch (thrown) {
    if (thrown instanceof HeadframeError && thrown.code === 'support/unsupported') return null;
    throw thrown;
  }
}

const frequencyMHz = integer({
  about: 'clock of all chips',
  unit: 'MHz',
  ...FREQUENCY_MHZ,
  ...source('frequencyset and limits'),
});
const voltageV = number({
  about: 'voltage of all hashboards, to the millivolt',
  unit: 'V',
  ...VOLTAGE_V,
  ...source('voltageset and limits'),
});
const millivolts = (volts: number): number => Math.round(volts * 1000);

export const setFrequency: Action = action(
  { frequencyMHz },
  async (links, { frequencyMHz: wanted }) => {
    const notes = await checkLimit(links, 'set-frequency', 'frequency_mhz', 'MHz', wanted);
    return inSession([sessionStep('frequencyset', [wanted])], NOT_SHOWN, notes);
  },
  { lasting: SAVED, hashing: 'unchanged' },
);

export const setVoltage: Action = action(
  { voltageV },
  async (links, { voltageV: wanted }) => {
    const notes = await checkLimit(links, 'set-voltage', 'voltage_mv', 'mV', millivolts(wanted));
    return inSession([sessionStep('voltageset', [millivolts(wanted)])], NOT_SHOWN, notes);
  },
  { lasting: SAVED, hashing: 'unchanged' },
);

export const setPowerLimit: Action = action(
  {
    powerW: integer({
      about: 'power that the autotuner holds',
      unit: 'W',
      min: 1,
      max: 10_000,
      ...source('powertargetset'),
    }),
  },
  (_, { powerW }) =>
    inSession([sessionStep('powertargetset', [`power=${powerW}`])], {
      never:
        'its API on port 4028 does not show the target: the power that it draws moves there as it tunes, and behind the next start where no autotuner runs yet',
    }),
  { takes: 'some minutes until it is tuned', lasting: 'kept over a restart' },
);

/** As far as its source goes: `profileset` saves its own words as a profile, in the place of the one that was there. */
const SAVES_ONLY = 'by its published source it switches to no profile: it saves an empty one under that name';

export const setProfile: Action = action(
  { profile: profileName('profileset') },
  (_, { profile }) =>
    inSession([sessionStep('profileset', [profile])], {
      never: 'no read command shows profiles, or which one is in use',
    }),
  {
    lasting: 'a profile that is saved under this name is lost',
    guarded: `${SAVES_ONLY}, over the one that was there; set-power-limit tunes it instead`,
  },
);

export const profilenew: Action = action(
  { profile: profileName('profilenew'), frequencyMHz, voltageV },
  async (links, { profile, frequencyMHz: clock, voltageV: volts }) => {
    const notes = [
      ...(await checkLimit(links, 'dcent.profilenew', 'frequency_mhz', 'MHz', clock)),
      ...(await checkLimit(links, 'dcent.profilenew', 'voltage_mv', 'mV', millivolts(volts))),
    ];
    const step = sessionStep('profilenew', [profile, clock, millivolts(volts)]);
    return inSession([step], { never: 'no read command shows profiles' }, notes);
  },
  {
    does: 'Saves a profile of clock and voltage; nothing changes until one is put to use, at its web page',
    lasting: 'a profile of this name is replaced',
  },
);

/** Both switch the autotuner to its most efficient mode; neither switches it off, and says so in a yes. */
const tuner = (command: 'autotunerset' | 'atmset'): Action =>
  action(
    { enabled: flag({ about: 'on; off is a yes that does nothing', ...source(command) }) },
    (_, { enabled }) =>
      inSession(
        [applied(sessionStep(command, [`enabled=${enabled}`]))],
        { never: 'its API on port 4028 does not show its autotuner' },
        enabled ? [] : ['It cannot be switched off here: set-power-limit gives it a fixed target'],
      ),
    {
      does: 'Switches the autotuner on, tuning for efficiency',
      hashing: 'interrupted',
      takes: 'some minutes until it is tuned',
      lasting: 'kept over a restart',
    },
  );

/** A yes beside `applied: false` is a no. */
const applied = (step: Step): Step => ({
  ...step,
  verdict: (reply) => {
    const said = step.verdict(reply);
    const bytes = 'bytes' in reply ? reply.bytes : reply.body;
    const record = first(decodeReply(bytes).parts.get('')?.doc, 'AUTOTUNER');
    return said.accepted && record.bool('applied') === false ? { ...said, accepted: false } : said;
  },
});

export const autotunerset: Action = tuner('autotunerset');
export const atmset: Action = tuner('atmset');
