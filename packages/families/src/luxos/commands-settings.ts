import { type Action, action, HeadframeError, type Links, text } from '@headframe/model';
import { askDocument } from '@headframe/wire/cgminer';
import { onlyRecord, shows, type Wanted } from './ask.ts';
import { ASSUMED } from './assumed.ts';
import { SAVED } from './commands-tuning.ts';
import { inSession, plainStep, sessionStep } from './session.ts';

/*
 * Commands that take settings of which no document that could be read lists the keys. They go as they are given, and
 * are read back by the name that LuxOS gives such fields.
 */

interface SettingsCommand {
  readonly does: string;
  /** The read command that shows them, and what stands before the names of its fields. */
  readonly read: string;
  readonly prefix?: string;
  /** What shows a value that is given without a key. */
  readonly bare?: string;
  readonly session: boolean;
  readonly example: string;
}

/** Which of them want a session is protocols.md 8; psuset is only said to exist there, and goes as its neighbours do. */
const COMMANDS: Readonly<Record<string, SettingsCommand>> = {
  hashboardoptsset: {
    does: 'Sets options of the hashboards',
    read: 'hashboardopts',
    session: true,
    example: 'overtemp_auto_recovery=true',
  },
  tempsensorset: {
    does: 'Sets how the temperature sensors are judged',
    read: 'tempsensor',
    session: true,
    example: 'bad_average_threshold=2',
  },
  pooloptsset: { does: 'Sets options of the pools', read: 'poolopts', session: false, example: 'key=value' },
  psuset: { does: 'Sets options of the power supply', read: 'psuget', session: true, example: 'key=value' },
  updateset: {
    does: 'Sets where firmware comes from and when it is looked for',
    read: 'config',
    prefix: 'Update',
    session: true,
    example: 'source=URL',
  },
  logset: {
    does: 'Sets how much is logged',
    read: 'config',
    prefix: 'Log',
    bare: 'LogFileLevel',
    session: false,
    example: 'file_level=info',
  },
};

export const settingsActions: Readonly<Record<string, Action>> = Object.fromEntries(
  Object.entries(COMMANDS).map(([command, how]) => [command, settingsAction(command, how)]),
);

function settingsAction(command: string, { does, read, prefix = '', bare, session, example }: SettingsCommand): Action {
  const settings = text({
    about: `settings such as ${example}`,
    most: 1_024,
    source: `LuxOS ${command}`,
    pattern: /^[^,]+(?:,[^,]+)*$/,
    inWords: 'key=value or a bare value, more of them parted by commas,',
  });
  const record = async (links: Links) => onlyRecord(await askDocument(links, read));
  return action(
    { settings },
    async (links, { settings: given }) => {
      const parts = given.split(',');
      const wanted = Object.fromEntries(parts.flatMap((part) => fieldOf(part, prefix, bare)));
      const shown =
        Object.keys(wanted).length > 0 && (await hasRead(links, read))
          ? shows(`${read}, fields named like the settings`, record, wanted)
          : { never: 'nothing that this firmware has shows it by a name that is known' };
      const notes = [`Its keys are not documented: ${command} goes as it was given`];
      if (session) return inSession([sessionStep(command, parts)], shown, notes);
      return { steps: [plainStep(command, parts)], readBack: shown, notes };
    },
    { does, lasting: SAVED },
  );
}

/** The field that shows a setting; none for a bare value of which no field is known. */
function fieldOf(part: string, prefix: string, bare: string | undefined): [field: string, value: Wanted][] {
  const [, key, value = ''] = /^([a-z][a-z0-9_]*)=(.*)$/.exec(part) ?? [];
  if (key !== undefined) return [[prefix + ASSUMED.fieldOf(key), settingFrom(value)]];
  return bare === undefined ? [] : [[bare, settingFrom(part)]];
}

/** Told apart from a machine that does not answer at all. */
async function hasRead(links: Links, read: string): Promise<boolean> {
  try {
    await askDocument(links, read);
    return true;
  } catch (thrown) {
    if (thrown instanceof HeadframeError && thrown.code === 'support/unsupported') return false;
    throw thrown;
  }
}

function settingFrom(text: string): Wanted {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) : text;
}
