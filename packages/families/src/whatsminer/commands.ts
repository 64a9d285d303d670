import type { Action, ActionName, Identity } from '@headframe/model';
import { COOLING_OWN } from './commands-cooling.ts';
import { CUSTOMER_OWN } from './commands-customer.ts';
import { downloadLogs, updateFirmware } from './commands-files.ts';
import { pause, reboot, restartMiner, resume, setFrequency, setPools, setPowerMode } from './commands-miner.ts';
import { setHostname, setLogServer, setNetwork, setTimeZone } from './commands-network.ts';
import { NEWER_OWN } from './commands-newer.ts';
import { OWN } from './commands-own.ts';
import { POWER_OWN, setPowerLimit, setPowerPercent } from './commands-power.ts';
import { factoryReset, locate, setPassword } from './commands-unit.ts';
import { hasQuirk, majorOf } from './quirks.ts';

/* The common vocabulary in the words of both APIs (protocols.md 3.3, 3.6). */

export const actionsOfWhatsminer = ({ apiVersion }: Identity): Partial<Record<ActionName, Action>> =>
  hasQuirk('clockDownByTen', apiVersion) ? OLDER : CURRENT;

const CURRENT: Partial<Record<ActionName, Action>> = {
  setPools,
  restartMiner,
  reboot,
  pause,
  resume,
  locate,
  setPowerLimit,
  setPowerPercent,
  setPowerMode,
  setFrequency: setFrequency(-100),
  setNetwork,
  setHostname,
  setTimeZone,
  setPassword,
  setLogServer,
  downloadLogs,
  updateFirmware,
  factoryReset,
};

const OLDER: Partial<Record<ActionName, Action>> = { ...CURRENT, setFrequency: setFrequency(-10) };

const ONE_LIST =
  'its API replaces the whole list of pools, and does not tell the passwords that would have to be sent again: set-pools';

const LACKS: Partial<Record<ActionName, string>> = {
  switchPool: ONE_LIST,
  addPool: ONE_LIST,
  removePool: ONE_LIST,
  enablePool: ONE_LIST,
  disablePool: ONE_LIST,
  setVoltage: 'its API sets power and clock, never a voltage',
  setProfile: 'it has power modes: set-power-mode',
  setFan: 'its API has no fan speed: whatsminer.set_temp_offset and whatsminer.set_fan_zero_speed move the fans',
  setTemperatureTarget: 'its API shifts the target of the firmware only: whatsminer.set_temp_offset',
  enableHashboard: 'its API switches all hashboards together: resume',
  disableHashboard: 'its API switches all hashboards together: pause',
};

export const lacksOfWhatsminer = (): Partial<Record<ActionName, string>> => LACKS;

const EVERY: Readonly<Record<string, Action>> = { ...OWN, ...POWER_OWN, ...COOLING_OWN, ...CUSTOMER_OWN };
const WITH_NEWER: Readonly<Record<string, Action>> = { ...EVERY, ...NEWER_OWN };

/** What it has beside the common vocabulary. The words of port 4433 wherever that may be there. */
export function ownOfWhatsminer({ apiVersion, firmwareVersion }: Identity): Readonly<Record<string, Action>> {
  const date = Number(/^(20\d{6})/.exec(firmwareVersion ?? '')?.[1] ?? '0');
  const may = apiVersion === null || majorOf(apiVersion) >= 3 || date === 0 || date >= FIRST_NEWER;
  return may ? WITH_NEWER : EVERY;
}

/** Firmware of this date and later has port 4433 (protocols.md 3.6). */
const FIRST_NEWER = 20_241_101;
