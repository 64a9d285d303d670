import type { Action, ActionName, Identity } from '@headframe/model';
import { fetchCommands, ownFetchCommands } from './commands-fetch.ts';
import { firmwareCommands, ownFirmwareCommands } from './commands-firmware.ts';
import { poolSettingCommands } from './commands-pool-settings.ts';
import { poolCommands } from './commands-pools.ts';
import { settingCommands } from './commands-settings.ts';
import { tuningCommands } from './commands-tuning.ts';
import { ownUnitCommands, unitCommands } from './commands-unit.ts';
import { isWithin, type Offered, whyNot } from './device.ts';
import { type Release, releaseName, releaseOfVersion } from './release.ts';

/* What AxeOS can be told, release by release (protocols.md 6.2 to 6.5). */

const vocabulary = (release: Release | null): Readonly<Record<string, Offered>> => ({
  ...poolCommands(release),
  ...tuningCommands,
  ...unitCommands,
  ...fetchCommands,
  ...firmwareCommands,
});

const OWN: Readonly<Record<string, Offered>> = {
  ...settingCommands,
  ...poolSettingCommands,
  ...ownUnitCommands,
  ...ownFetchCommands,
  ...ownFirmwareCommands,
};

const releaseIn = ({ firmwareVersion }: Identity): Release | null => releaseOfVersion(firmwareVersion);

function within(offers: Readonly<Record<string, Offered>>, release: Release | null): Record<string, Action> {
  const there = Object.entries(offers).filter(([, offer]) => isWithin(offer, release));
  return Object.fromEntries(there.map(([name, { action }]) => [name, action]));
}

export const actionsOfAxeos = (identity: Identity): Partial<Record<ActionName, Action>> =>
  within(vocabulary(releaseIn(identity)), releaseIn(identity));

/** Everything beyond it, under the device's own words: `axeos.rotation`. */
export const ownOfAxeos = (identity: Identity): Readonly<Record<string, Action>> => within(OWN, releaseIn(identity));

export function lacksOfAxeos(identity: Identity): Partial<Record<ActionName, string>> {
  const release = releaseIn(identity);
  const notYet = Object.entries(vocabulary(release))
    .filter(([, offer]) => !isWithin(offer, release))
    .map(([name, offer]) => [
      name,
      `${whyNot(offer)}, and this one has ${identity.firmwareVersion ?? releaseName(release ?? 0)}`,
    ]);
  return { ...NEVER, ...Object.fromEntries(notYet) };
}

const NO_LIMIT = 'its power follows from clock and voltage: set-frequency, set-voltage';

const NEVER: Partial<Record<ActionName, string>> = {
  enablePool: 'it uses the primary pool and its fallback: set-pools, switch-pool',
  disablePool: 'it uses the primary pool and its fallback: set-pools without it',
  setPowerLimit: NO_LIMIT,
  setPowerPercent: NO_LIMIT,
  setPowerMode: NO_LIMIT,
  setProfile: NO_LIMIT,
  enableHashboard: 'it is one board',
  disableHashboard: 'it is one board',
  setTimeZone: 'it has no time zone',
  setPassword: 'it has no password: it serves every address of a private network',
  setLogServer: 'it sends its log to nobody: download-logs fetches it',
  factoryReset: 'its API has no reset: it is written anew over USB-C',
};
