import type { Action, ActionName } from '@headframe/model';
import { poolActions } from '@headframe/wire/cgminer';
import { setFan, setTemperatureTarget } from './commands-cooling.ts';
import { setNetwork } from './commands-network.ts';
import { OWN } from './commands-own.ts';
import {
  disableHashboard,
  enableHashboard,
  factoryReset,
  pause,
  reboot,
  restartMiner,
  resume,
} from './commands-power.ts';
import { SAVED, setFrequency, setProfile, setVoltage } from './commands-tuning.ts';
import { locate } from './commands-unit.ts';
import { throughDoors } from './doors.ts';

/*
 * The common vocabulary in the words of LuxOS (protocols.md 8).
 */

const ACTIONS: Partial<Record<ActionName, Action>> = {
  ...poolActions({
    source: 'LuxOS API, pool commands',
    lasting: SAVED,
    most: 255,
    slots: 20,
    lcd: false,
    priority: false,
    groups: true,
  }),
  restartMiner,
  reboot,
  pause,
  resume,
  locate,
  setFrequency,
  setVoltage,
  setProfile,
  setFan,
  setTemperatureTarget,
  enableHashboard,
  disableHashboard,
  setNetwork,
  factoryReset,
};

const everyDoor = <T extends Readonly<Partial<Record<string, Action>>>>(actions: T): T =>
  Object.fromEntries(
    Object.entries(actions).flatMap(([name, one]) => (one === undefined ? [] : [[name, throughDoors(one)]])),
  ) as T;

const COMMON = everyDoor(ACTIONS);
const BESIDE = everyDoor(OWN);

export const actionsOfLuxos = (): Partial<Record<ActionName, Action>> => COMMON;

/** What it has beside the common vocabulary. */
export const ownOfLuxos = (): Readonly<Record<string, Action>> => BESIDE;

/** Why it cannot do the rest. */
export const lacksOfLuxos = (): Partial<Record<ActionName, string>> => ({
  setPowerLimit:
    'the parameters of its powertargetset are not documented; set-profile takes watts (3200W, 3.2kW), and luxos.powertargetset sends what public clients send',
  setPowerPercent: 'its power follows from the profile: set-profile',
  setPowerMode: 'its operating points are profiles: set-profile',
  setHostname: 'no command of its API is documented for it',
  setTimeZone: 'no command of its API is documented for it',
  setPassword: 'its API has no password: its session only keeps two from changing it at once',
  setLogServer: 'luxos.logset sets how much is logged, and nothing is documented that sends it away',
  downloadLogs: 'its API does not give the log',
  updateFirmware: 'it takes no file: it fetches its firmware itself, see luxos.updateset and luxos.updaterun',
});
