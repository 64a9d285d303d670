import type { Action, ActionName, Identity } from '@headframe/model';
import { ownAutoUpgradeCommands } from './commands-autoupgrade.ts';
import { coolingCommands, ownCoolingCommands } from './commands-cooling.ts';
import { fetchCommands, ownFetchCommands } from './commands-fetch.ts';
import { ownFirmwareCommands, updateFirmware } from './commands-firmware.ts';
import { ownLicenseCommands } from './commands-license.ts';
import { networkCommands } from './commands-network.ts';
import { ownPoolCommands } from './commands-pool-groups.ts';
import { poolCommands } from './commands-pools.ts';
import { ownPowerCommands, powerCommands } from './commands-power.ts';
import { ownScalingCommands } from './commands-scaling.ts';
import { ownSettingsCommands } from './commands-settings.ts';
import { ownTuningCommands, tuningCommands } from './commands-tuning.ts';
import { ownUnitCommands, unitCommands } from './commands-unit.ts';
import { isSince, releaseIn } from './release.ts';

/*
 * What BraiinsOS can be told (protocols.md 7): over gRPC from 23.03 on, over REST from 25.07 on, and over port 4028 the
 * little that it takes. Which door is open shows when an action is prepared; what a release does not have yet, the
 * machine itself says.
 */

/** The first release with an API that changes more than port 4028 does (github.com/braiins/bos-plus-api). */
const GRPC_SINCE = '23.03';

/** Where no release is told, it is found out by asking. */
function isOlder({ firmwareVersion }: Identity): boolean {
  const release = releaseIn(firmwareVersion);
  return release !== null && !isSince(release, GRPC_SINCE);
}

const ALL: Partial<Record<ActionName, Action>> = {
  ...poolCommands,
  ...unitCommands,
  ...powerCommands,
  ...tuningCommands,
  ...coolingCommands,
  ...networkCommands,
  ...fetchCommands,
  updateFirmware,
};

/** What port 4028 has. */
const OVER_4028: Partial<Record<ActionName, Action>> = {
  ...poolCommands,
  pause: unitCommands.pause,
  resume: unitCommands.resume,
};

const OWN: Readonly<Record<string, Action>> = {
  ...ownPoolCommands,
  ...ownUnitCommands,
  ...ownPowerCommands,
  ...ownTuningCommands,
  ...ownScalingCommands,
  ...ownCoolingCommands,
  ...ownLicenseCommands,
  ...ownFirmwareCommands,
  ...ownAutoUpgradeCommands,
  ...ownSettingsCommands,
  ...ownFetchCommands,
};

export const actionsOfBraiins = (identity: Identity): Partial<Record<ActionName, Action>> =>
  isOlder(identity) ? OVER_4028 : ALL;

/** What it has beside the common vocabulary, by the words of its contract. */
export const ownOfBraiins = (identity: Identity): Readonly<Record<string, Action>> => (isOlder(identity) ? {} : OWN);

const LACKS: Partial<Record<ActionName, string>> = {
  setProfile:
    'its tuned profiles have no names, and none can be chosen: set-power-limit and braiins.sethashratetarget are what a profile follows from; braiins.targetprofiles fetches them',
  setTimeZone: 'its API has no time zone: its own web page sets it',
  setLogServer: 'its API sends no log away: download-logs and braiins.supportarchive fetch it',
};

/** Why it cannot do the rest. */
export function lacksOfBraiins(identity: Identity): Partial<Record<ActionName, string>> {
  if (!isOlder(identity)) return LACKS;
  const why = `its release, ${identity.firmwareVersion}, has no gRPC API yet: ${GRPC_SINCE} has; port 4028 pauses, resumes and changes pools`;
  return { ...Object.fromEntries(Object.keys(ALL).map((name) => [name, why])), ...LACKS };
}
