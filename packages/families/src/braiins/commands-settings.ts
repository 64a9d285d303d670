import { type Action, HeadframeError, text } from '@headframe/model';
import type { Fields } from '@headframe/wire/json';
import type { Doc } from './door-methods.ts';
import { APPLIED, invalid, seen } from './looks.ts';
import { type Machine, say, through } from './through.ts';

/*
 * What stands outside the other services: settings by name, which the machine describes with a JSON Schema of its own
 * (AdvancedSettingsService, protocols.md 7.2). Only gRPC has them. Null puts one back to its default.
 */

const source = 'BraiinsOS AdvancedSettingsService.SetSettings';

/** @throws HeadframeError `usage/invalid` for anything but an object of settings */
function settingsFrom(given: string): Doc {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch (thrown) {
    const detail = 'braiins.setsettings takes a JSON object, such as {"min_fan_pwm": 25}; nothing was sent';
    throw new HeadframeError('usage/invalid', { detail }, thrown);
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value as Doc).length === 0) {
    throw invalid('braiins.setsettings takes a JSON object with one setting at least');
  }
  return value as Doc;
}

/** The names that the machine's own schema has; null where it has none that can be read. */
async function namesOf(machine: Machine): Promise<string[] | null> {
  const properties = (await machine.ask('GetSettingsSchema')).sub('schema').raw('properties');
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : null;
}

const settingsOf = async (machine: Machine, defaults: boolean): Promise<Fields> =>
  (await machine.ask('GetSettings', { include_default: defaults })).sub('settings');

/** The same value, in whatever order its names stand. */
function isSame(there: unknown, wanted: unknown): boolean {
  if (typeof there !== 'object' || typeof wanted !== 'object' || there === null || wanted === null) {
    return there === wanted;
  }
  const [some, others] = [Object.entries(there), Object.entries(wanted)];
  return (
    Array.isArray(there) === Array.isArray(wanted) &&
    some.length === others.length &&
    others.every(([name, value]) => isSame((there as Doc)[name], value))
  );
}

const setsettings = through(
  {
    settings: text({
      about: 'settings by name; null puts one back to its default',
      most: 16_384,
      source,
      inWords: 'a JSON object',
    }),
  },
  async (machine, { settings: given }) => {
    const settings = settingsFrom(given);
    const names = await namesOf(machine);
    const unknown = Object.keys(settings).filter((name) => names !== null && !names.includes(name));
    if (unknown.length > 0) {
      throw invalid(`this machine has no setting ${unknown.join(', ')} (GetSettingsSchema: ${names?.join(', ')})`);
    }
    return {
      steps: [say(machine, 'SetSettings', { settings })],
      readBack: seen(
        machine,
        'GetSettings',
        async (now) => {
          const shown = await settingsOf(now, false);
          const values = Object.fromEntries(Object.keys(settings).map((name) => [name, shown.raw(name) ?? null]));
          return { done: isSame(values, settings), values };
        },
        APPLIED,
      ),
    };
  },
  { does: 'Changes advanced settings, all of them or none', hashing: 'interrupted' },
);

const resetallsettings = through(
  {},
  async (machine) => {
    const present = (await settingsOf(machine, false)).keys();
    return {
      notes: [`Set by somebody: ${present.join(', ') || 'nothing'}`],
      steps: [say(machine, 'ResetAllSettings')],
      readBack: seen(
        machine,
        'GetSettings',
        async (now) => {
          const left = (await settingsOf(now, false)).keys();
          return { done: left.length === 0, values: { changedSettings: left } };
        },
        APPLIED,
      ),
    };
  },
  {
    does: 'Puts all advanced settings back to their defaults',
    hashing: 'interrupted',
    lasting: 'nothing brings them back',
  },
);

export const ownSettingsCommands: Readonly<Record<string, Action>> = { setsettings, resetallsettings };
