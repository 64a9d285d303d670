import type { Action, ActionName, Identity } from '@headframe/model';
import { firmwareActions } from './commands-firmware.ts';
import { modulesCommon } from './commands-modules.ts';
import { ownOfGeneration } from './commands-own.ts';
import { poolActionsOf } from './commands-pools.ts';
import { powerModeActions, reboot, restartMiner, stopActions } from './commands-power.ts';
import { tuningActions } from './commands-tuning.ts';
import { unitActions } from './commands-unit.ts';
import { generationOf } from './quirks.ts';

/*
 * What an Avalon can do of the common vocabulary: it depends on the generation, and on the list of options that its
 * firmware gives when an action is prepared.
 */

export function actionsOfAvalon(identity: Identity): Partial<Record<ActionName, Action>> {
  const generation = generationOf(identity.model);
  const pools = poolActionsOf(generation);
  if (generation === null) return pools;
  if (generation.kind === 'modules') return { ...pools, restartMiner, ...modulesCommon };
  return {
    ...pools,
    reboot,
    restartMiner,
    ...stopActions(generation),
    ...powerModeActions(generation),
    ...tuningActions(generation),
    ...unitActions(generation),
    ...firmwareActions(generation, identity),
  };
}

export function ownOfAvalon({ model }: Identity): Readonly<Record<string, Action>> {
  const generation = generationOf(model);
  return generation === null ? {} : ownOfGeneration(generation);
}

const UNKNOWN = 'its model is not known well enough to be changed beyond its pools; headframe api sends what you mean';

const LACKS: Partial<Record<ActionName, string>> = {
  setPowerLimit: 'it has power modes instead of a power limit: set-power-mode',
  setPowerPercent: 'it has power modes instead of a power share: set-power-mode',
  setProfile: 'it has power modes instead of profiles: set-power-mode',
  enableHashboard: 'its API counts the whole machine as one device and cannot switch a single board',
  disableHashboard: 'its API counts the whole machine as one device and cannot switch a single board',
  setHostname: 'no option of its firmware sets it',
  setLogServer: 'no option of its firmware sets it',
  downloadLogs: 'its API does not give the log, and how its web page does is in no document',
};

const WEB_ONLY = 'the stock driver has no option for it; the web page of the controller may';

/** Why it cannot do the rest. */
export function lacksOfAvalon({ model }: Identity): Partial<Record<ActionName, string>> {
  const generation = generationOf(model);
  if (generation === null) return Object.fromEntries(NAMES.map((name) => [name, UNKNOWN]));
  switch (generation.kind) {
    case 'modules':
      return { ...LACKS, ...MODULES };
    case 'farm':
      return { ...LACKS, ...FARM };
    case 'home':
      return { ...LACKS, ...HOME };
  }
}

const NO_MODES = 'the stock driver has no power modes';
const MODULES: Partial<Record<ActionName, string>> = {
  setPowerLimit: NO_MODES,
  setPowerPercent: NO_MODES,
  setProfile: NO_MODES,
  setPowerMode: NO_MODES,
  pause: 'the stock driver has no pause',
  resume: 'the stock driver has no pause',
  setVoltage: 'in the driver’s own steps: avalon.voltage (A7), avalon.voltage-level (A8)',
  setTemperatureTarget: WEB_ONLY,
  setNetwork: WEB_ONLY,
  setPassword: WEB_ONLY,
  setTimeZone: WEB_ONLY,
  updateFirmware: WEB_ONLY,
  factoryReset: WEB_ONLY,
};

const FARM: Partial<Record<ActionName, string>> = {
  setPowerMode: 'its power modes are documented for A10 to A12 only',
  setFan: 'the A10 sets its fans by itself; only protected commands reach them (avalon.privilege.*)',
  setTemperatureTarget: 'only the machines for the home have target-temp',
  setVoltage: 'only protected commands of the A10 set it (avalon.privilege.setvolt)',
  setTimeZone: 'no option of its firmware sets it',
  updateFirmware: 'uploads are documented for its older controllers (MM3) only; its web page takes files',
};

const HOME: Partial<Record<ActionName, string>> = {
  addPool: 'its firmware does not have the command: set-pools sets the whole list',
  removePool: 'its firmware does not have the command: set-pools sets the whole list',
  pause: 'softoff is documented for A12 and later, Q and Mini 3',
  resume: 'softon is documented for A12 and later, Q and Mini 3',
  locate: 'its light is there to be looked at, and keeps no place to go back to: avalon.ledset, where it has one',
  setVoltage: 'its firmware does not have the option',
  setTemperatureTarget: 'its firmware does not have target-temp',
  setTimeZone: 'its firmware does not have the option time',
  setNetwork: 'its network is set by its app or its web page',
  updateFirmware: 'its firmware comes by its app',
  factoryReset: 'its firmware does not have the option restore',
};

const NAMES = Object.keys({
  ...LACKS,
  ...MODULES,
  ...FARM,
  ...HOME,
  reboot: 0,
  restartMiner: 0,
  setFrequency: 0,
}) as ActionName[];
