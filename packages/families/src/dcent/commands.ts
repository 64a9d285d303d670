import type { Action, ActionName } from '@headframe/model';
import { setPools } from './commands-pools.ts';
import {
  atmset,
  autotunerset,
  profilenew,
  setFrequency,
  setPowerLimit,
  setProfile,
  setVoltage,
} from './commands-tuning.ts';
import {
  kill,
  ledset,
  locate,
  pause,
  restartMiner,
  resume,
  setFan,
  setHostname,
  setNetwork,
  setTemperatureTarget,
  tempctrlset,
} from './commands-unit.ts';

/*
 * The common vocabulary in the words of DCENT_OS (protocols.md 9): the commands of LuxOS, with parameters of its own.
 */

const ACTIONS: Partial<Record<ActionName, Action>> = {
  setPools,
  restartMiner,
  pause,
  resume,
  locate,
  setPowerLimit,
  setFrequency,
  setVoltage,
  setProfile,
  setFan,
  setTemperatureTarget,
  setNetwork,
  setHostname,
};

const OWN: Readonly<Record<string, Action>> = { atmset, autotunerset, kill, ledset, profilenew, tempctrlset };

export const actionsOfDcent = (): Partial<Record<ActionName, Action>> => ACTIONS;

/** What it has beside the common vocabulary. */
export const ownOfDcent = (): Readonly<Record<string, Action>> => OWN;

const PER_POOL = 'it answers "not supported" (15): its list is written as a whole, see set-pools';

/** Why it cannot do the rest: what its API knows and refuses, and what stands at its web page alone. */
export const lacksOfDcent = (): Partial<Record<ActionName, string>> => ({
  addPool: 'its addpool replaces the whole list, which set-pools does and says',
  switchPool: `${PER_POOL}; the first pool is preferred, and it changes by itself when that one fails`,
  removePool: PER_POOL,
  enablePool: PER_POOL,
  disablePool: PER_POOL,
  reboot: 'its API on port 4028 restarts the mining program only (restart-miner); its web page restarts the machine',
  setPowerPercent: 'it takes watts: set-power-limit',
  setPowerMode: 'its modes (home, standard, hacker) are set at its web page',
  enableHashboard: 'its API has nothing for one hashboard',
  disableHashboard: 'its API has nothing for one hashboard',
  setTimeZone: 'its API has no command for it',
  setLogServer: 'its API has no command for it',
  setPassword: 'the password of its web page is set there; port 4028 has none',
  downloadLogs: 'its web page gives the log, behind the password of its owner',
  updateFirmware: 'firmware goes through its web page, behind the password of its owner',
  factoryReset: 'its API on port 4028 has nothing for it; the way back to the firmware of the maker is at its web page',
});
