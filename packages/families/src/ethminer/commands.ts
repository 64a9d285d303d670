import type { Action, ActionName, Identity } from '@headframe/model';
import { disableHashboard, enableHashboard, pause, resume } from './commands-gpus.ts';
import { getscramblerinfo, ping, setscramblerinfo, setverbosity, shuffle, shuffleUnseen } from './commands-own.ts';
import { addPool, removePool, setactiveconnection, switchPool } from './commands-pools.ts';
import { reboot, restartMiner } from './commands-rig.ts';
import { hasQuirk } from './quirks.ts';

/* The common vocabulary in the words of ethminer's API (protocols.md 5.5, 5.7). A read-only port refuses them all. */

const OF_ALL: Partial<Record<ActionName, Action>> = { restartMiner, reboot };
const FROM_0_16: Partial<Record<ActionName, Action>> = {
  switchPool,
  addPool,
  removePool,
  ...OF_ALL,
  pause,
  resume,
  enableHashboard,
  disableHashboard,
};

export const actionsOfEthminer = ({ firmwareVersion }: Identity): Partial<Record<ActionName, Action>> =>
  hasQuirk('withoutPools', firmwareVersion) ? OF_ALL : FROM_0_16;

const FROM_THE_SYSTEM = 'ethminer is a program: the operating system of the rig does this';
const ON_ITS_COMMAND_LINE = 'ethminer takes this from its command line only';
const BY_THE_DRIVER = "ethminer does not tune its GPUs: the driver's own tools do";
const CAME_WITH_0_16 = 'its API has this from ethminer 0.16 on';

const LACKS: Partial<Record<ActionName, string>> = {
  setPools: 'its API changes the list one connection at a time: add-pool, switch-pool and remove-pool',
  enablePool: 'its API switches to a connection or removes it: switch-pool',
  disablePool: 'its API does not keep a connection unused: remove-pool, and add-pool later',
  locate: 'a rig of GPUs has no light that ethminer could blink',
  setPowerLimit: BY_THE_DRIVER,
  setPowerPercent: BY_THE_DRIVER,
  setPowerMode: BY_THE_DRIVER,
  setFrequency: BY_THE_DRIVER,
  setVoltage: BY_THE_DRIVER,
  setProfile: BY_THE_DRIVER,
  setFan: BY_THE_DRIVER,
  setTemperatureTarget: `${ON_ITS_COMMAND_LINE} (--tstart, --tstop)`,
  setNetwork: FROM_THE_SYSTEM,
  setHostname: FROM_THE_SYSTEM,
  setTimeZone: FROM_THE_SYSTEM,
  setPassword: `${ON_ITS_COMMAND_LINE} (--api-password)`,
  setLogServer: FROM_THE_SYSTEM,
  downloadLogs: 'its API does not tell its log; ethminer.setverbosity sets how much it logs',
  updateFirmware: FROM_THE_SYSTEM,
  factoryReset: 'it keeps nothing: what was changed over the API is gone when it is started again',
};

const LACKS_BEFORE_0_16: Partial<Record<ActionName, string>> = {
  ...LACKS,
  setPools: CAME_WITH_0_16,
  switchPool: CAME_WITH_0_16,
  addPool: CAME_WITH_0_16,
  removePool: CAME_WITH_0_16,
  enablePool: CAME_WITH_0_16,
  disablePool: CAME_WITH_0_16,
  pause: CAME_WITH_0_16,
  resume: CAME_WITH_0_16,
  enableHashboard: CAME_WITH_0_16,
  disableHashboard: CAME_WITH_0_16,
  downloadLogs: 'its API does not tell its log',
};

export const lacksOfEthminer = ({ firmwareVersion }: Identity): Partial<Record<ActionName, string>> =>
  hasQuirk('withoutPools', firmwareVersion) ? LACKS_BEFORE_0_16 : LACKS;

const EVERY: Readonly<Record<string, Action>> = { ping, shuffle, getscramblerinfo, setscramblerinfo, setverbosity };

export function ownOfEthminer({ firmwareVersion }: Identity): Readonly<Record<string, Action>> {
  if (hasQuirk('readOnly', firmwareVersion)) return {};
  if (hasQuirk('withoutPools', firmwareVersion)) return { ping, shuffle: shuffleUnseen };
  return hasQuirk('withoutUri', firmwareVersion) ? EVERY : { ...EVERY, setactiveconnection };
}
