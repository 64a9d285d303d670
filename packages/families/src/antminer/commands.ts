import type { Action, ActionName, Identity } from '@headframe/model';
import { firmwareCommands } from './commands-firmware.ts';
import { modeCommands } from './commands-mode.ts';
import { networkCommands } from './commands-network.ts';
import { passwordCommands } from './commands-password.ts';
import { poolCommands } from './commands-pools.ts';
import { fanCommands, tuningCommands } from './commands-tuning.ts';
import { unitCommands } from './commands-unit.ts';
import { pageOfModel } from './web-page.ts';

/*
 * What a stock Antminer can do of the common vocabulary. Where the model says which of the two web pages it has, what
 * only the other one can is left out; for the others (the S17 had both) it shows when the action is prepared.
 */

type Commands = Partial<Record<ActionName, Action>>;

const ALL: Commands = {
  ...poolCommands,
  ...unitCommands,
  ...fanCommands,
  ...networkCommands,
  ...passwordCommands,
  ...firmwareCommands,
};

export function actionsOf({ model }: Identity): Commands {
  const kind = pageOfModel(model);
  return {
    ...ALL,
    ...(kind === 'older' ? {} : modeCommands),
    ...(kind === 'newer' ? {} : tuningCommands),
  };
}

const NO_POWER = 'the firmware has work modes instead of a power limit: set-power-mode';

const LACKS: Partial<Record<ActionName, string>> = {
  setPowerLimit: NO_POWER,
  setPowerPercent: NO_POWER,
  setProfile: 'the firmware has work modes instead of profiles: set-power-mode',
  setTemperatureTarget: 'the firmware holds temperatures by itself; only the fan can be set',
  enableHashboard: 'the web page has no switch for a single hashboard',
  disableHashboard: 'the web page has no switch for a single hashboard',
  setTimeZone: 'no page or command of the firmware sets it',
  setLogServer: 'no page or command of the firmware sets it',
};

const NOT_NEWER = 'its newer web page sets work modes and no frequency or voltage: set-power-mode, antminer.freq-level';
const NOT_OLDER =
  'it has the older web page, and what the numbers of its work mode mean is not documented: antminer.work-mode sets one, antminer.kill-bmminer stops it';

export function lacksOf({ model }: Identity): Partial<Record<ActionName, string>> {
  switch (pageOfModel(model)) {
    case 'newer':
      return { ...LACKS, setFrequency: NOT_NEWER, setVoltage: NOT_NEWER };
    case 'older':
      return { ...LACKS, pause: NOT_OLDER, resume: NOT_OLDER, setPowerMode: NOT_OLDER };
    default:
      return LACKS;
  }
}
