import type { Prepared } from '@headframe/model';
import { change, shows } from '@headframe/wire/axeos';
import { AT_NEXT_RESTART, type Offered, offered, patch, restartFlag, restartIf } from './device.ts';
import { SETTINGS, type Setting } from './settings.ts';

/* Every setting that has no name in the common vocabulary, under the device's own. */

export const settingCommands: Readonly<Record<string, Offered>> = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, setting]) => [key, settingCommand(key, setting)]),
);

function settingCommand(key: string, setting: Setting): Offered {
  const { name, value, restarts, does } = setting;
  return offered(
    setting,
    {
      ...(name === undefined || value === undefined ? {} : { [name]: value }),
      ...(restarts === undefined ? {} : { restart: restartFlag('off') }),
    },
    (_, given: Readonly<Record<string, unknown>>) => setTo(key, setting, given),
    { does, ...(restarts === undefined ? {} : { lasting: 'counts from the next restart on' }) },
  );
}

function setTo(
  key: string,
  { name, only, wire, restarts, unseen }: Setting,
  given: Readonly<Record<string, unknown>>,
): Prepared {
  const value = only ?? (given[name ?? ''] as number | string | boolean);
  const wanted = wire === undefined ? value : wire(value);
  const steps = [patch({ [key]: wanted })];
  const restart = restartIf(given.restart === true);
  const notes = restarts === true && restart === undefined ? [AT_NEXT_RESTART] : [];
  const prepared = change({
    steps,
    restart,
    notes,
    looksAt: `${key} of info`,
    seen: (info) => shows(info, { [key]: wanted }),
  });
  if (unseen === undefined) return prepared;
  return { ...prepared, readBack: { never: `the device does not tell its ${key}` } };
}
