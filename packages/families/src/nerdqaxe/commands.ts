import type { Action, ActionName } from '@headframe/model';
import { ownFirmwareCommands, updateFirmware } from './commands-firmware.ts';
import { downloadLogs, ownCommands } from './commands-own.ts';
import { unitCommands } from './commands-unit.ts';

/* What the firmware of the branch can be told (protocols.md 6.6): what a version does not show is found out by looking. */

export const actionsOfNerdqaxe = (): Partial<Record<ActionName, Action>> => ({
  ...unitCommands,
  downloadLogs,
  updateFirmware,
});

export const ownOfNerdqaxe = (): Readonly<Record<string, Action>> => ({ ...ownCommands, ...ownFirmwareCommands });

const NO_LIMIT = 'its power follows from clock and voltage: set-frequency, set-voltage';
const TWO_POOLS = 'it has a primary pool and a fallback: set-pools';

export const lacksOfNerdqaxe = (): Partial<Record<ActionName, string>> => ({
  switchPool: 'it goes to its fallback by itself, and back: set-pools in the other order',
  addPool: TWO_POOLS,
  removePool: TWO_POOLS,
  enablePool: TWO_POOLS,
  disablePool: TWO_POOLS,
  locate: 'its API has nothing that makes it blink',
  setPowerLimit: NO_LIMIT,
  setPowerPercent: NO_LIMIT,
  setPowerMode: NO_LIMIT,
  setProfile: NO_LIMIT,
  enableHashboard: 'it is one board',
  disableHashboard: 'it is one board',
  setTimeZone: 'it has no time zone',
  setPassword: 'it has no password; one-time passwords are switched on by nerdqaxe.otp-enroll and nerdqaxe.otp',
  setLogServer: 'it sends its log to nobody: download-logs listens to it',
  factoryReset: 'its API has no reset: it is written anew over USB-C',
});
