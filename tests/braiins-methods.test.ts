import { readFileSync } from 'node:fs';
import { newMemory } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { CASES } from '../packages/families/src/braiins/commands-cases.testing.ts';
import { BraiinsDouble } from '../packages/families/src/braiins/double.testing.ts';
import { ACTIONS_BY_NAME, perform } from '../packages/families/src/braiins/perform.testing.ts';
import { readBraiins } from '../packages/families/src/braiins/read.ts';
import { sharedPath } from './shared.ts';

/* Where each method of the published interface of BraiinsOS is reached: none is left out. */

/** By hand: the reading of a machine, an action that calls it, or a file that can be fetched. */
const REACHED: Readonly<Record<string, string>> = {
  'ActionsService.Start': 'braiins.start',
  'ActionsService.Stop': 'braiins.stop',
  'ActionsService.PauseMining': 'pause',
  'ActionsService.ResumeMining': 'resume',
  'ActionsService.Restart': 'restartMiner',
  'ActionsService.Reboot': 'reboot',
  'ActionsService.FactoryReset': 'factoryReset',
  'ActionsService.SetLocateDeviceStatus': 'locate',
  'ActionsService.GetLocateDeviceStatus': 'read',
  'AdvancedSettingsService.GetSettingsSchema': 'braiins.settingsschema',
  'AdvancedSettingsService.GetSettings': 'braiins.settings',
  'AdvancedSettingsService.SetSettings': 'braiins.setsettings',
  'AdvancedSettingsService.ResetAllSettings': 'braiins.resetallsettings',
  'AuthenticationService.Login': 'read',
  'AuthenticationService.SetPassword': 'setPassword',
  'ConfigurationService.GetMinerConfiguration': 'read',
  'ConfigurationService.GetConstraints': 'braiins.constraints',
  'CoolingService.GetCoolingState': 'read',
  'CoolingService.SetImmersionMode': 'braiins.setimmersionmode',
  'CoolingService.SetCoolingMode': 'setFan',
  'LicenseService.GetLicenseState': 'braiins.license',
  'LicenseService.ApplyContractKey': 'braiins.applycontractkey',
  'MinerService.GetMinerStatus': 'braiins.minerstatus',
  'MinerService.GetMinerDetails': 'read',
  'MinerService.GetMinerStats': 'read',
  'MinerService.GetErrors': 'read',
  'MinerService.GetHashboards': 'read',
  'MinerService.GetSupportArchive': 'braiins.supportarchive',
  'MinerService.GetLog': 'downloadLogs',
  'MinerService.EnableHashboards': 'enableHashboard',
  'MinerService.DisableHashboards': 'disableHashboard',
  'NetworkService.GetNetworkConfiguration': 'braiins.networkconfiguration',
  'NetworkService.SetNetworkConfiguration': 'setNetwork',
  'NetworkService.GetNetworkInfo': 'read',
  'PerformanceService.GetTunerState': 'read',
  'PerformanceService.ListTargetProfiles': 'braiins.targetprofiles',
  'PerformanceService.GetMinerEfficiencyProfile': 'braiins.efficiencyprofile',
  'PerformanceService.SetDefaultPowerTarget': 'braiins.setdefaultpowertarget',
  'PerformanceService.SetPowerTarget': 'setPowerLimit',
  'PerformanceService.IncrementPowerTarget': 'braiins.incrementpowertarget',
  'PerformanceService.DecrementPowerTarget': 'braiins.decrementpowertarget',
  'PerformanceService.SetRelativePowerTarget': 'setPowerPercent',
  'PerformanceService.SetDefaultHashrateTarget': 'braiins.setdefaulthashratetarget',
  'PerformanceService.SetHashrateTarget': 'braiins.sethashratetarget',
  'PerformanceService.IncrementHashrateTarget': 'braiins.incrementhashratetarget',
  'PerformanceService.DecrementHashrateTarget': 'braiins.decrementhashratetarget',
  'PerformanceService.SetRelativeHashrateTarget': 'braiins.setrelativehashratetarget',
  'PerformanceService.SetDPS': 'braiins.setdps',
  'PerformanceService.SetPerformanceMode': 'setPowerMode',
  'PerformanceService.GetActivePerformanceMode': 'braiins.performancemode',
  'PerformanceService.RemoveTunedProfiles': 'braiins.removetunedprofiles',
  'PerformanceService.SetQuickRamping': 'braiins.setquickramping',
  'PerformanceService.SetDefaultQuickRamping': 'braiins.setdefaultquickramping',
  'PoolService.GetPoolGroups': 'read',
  'PoolService.CreatePoolGroup': 'braiins.createpoolgroup',
  'PoolService.UpdatePoolGroup': 'addPool',
  'PoolService.RemovePoolGroup': 'braiins.removepoolgroup',
  'PoolService.SetPoolGroups': 'setPools',
  'UpgradeService.UpdateAutoUpgradeConfig': 'braiins.updateautoupgradeconfig',
  'UpgradeService.GetAutoUpgradeStatus': 'braiins.autoupgradestatus',
  'UpgradeService.SystemUpgrade': 'updateFirmware',
  'UpgradeService.RestoreStock': 'braiins.restorestock',
  'ApiVersionService.GetApiVersion': 'read',
};

const FIRMWARE = {
  file: { name: 'fw.tar', bytes: Uint8Array.of(1, 2, 3) },
  sha256: '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
  version: '26.04',
};

/** The methods that a machine heard. */
async function heardBy(where: string): Promise<string[]> {
  const machine = new BraiinsDouble();
  machine.streams.set('GetMinerStatus', [{ status: 2 }]);
  if (where === 'read') await readBraiins(machine.links(), newMemory());
  else {
    const one = CASES.find(({ name }) => name === where);
    one?.before?.(machine.state);
    const given = where === 'updateFirmware' ? FIRMWARE : one?.given;
    const { prepared } = await perform(machine, where, given);
    await prepared.download?.(machine.links());
  }
  return machine.heard.filter(({ door }) => door === 'grpc').map(({ method }) => method);
}

const path = sharedPath('braiins-grpc-interface.csv');

describe.skipIf(path === null)('every method of the interface', () => {
  const rows = readFileSync(path ?? '/dev/null', 'utf8')
    .split('\n')
    .map((row) => row.split(','))
    .filter(([, kind]) => kind === 'rpc')
    .map(([, , service, method]) => [`${service}`, `${method}`] as const);

  test('has its place, and nothing else has', () => {
    expect(rows).toHaveLength(63);
    expect(rows.map((row) => row.join('.')).sort()).toEqual(Object.keys(REACHED).sort());
  });

  test.each(rows)('%s.%s is called where the table says', async (service, method) => {
    const where = REACHED[`${service}.${method}`] ?? '';
    expect(where === 'read' || ACTIONS_BY_NAME[where] !== undefined).toBe(true);
    expect(await heardBy(where)).toContain(method);
  });
});
