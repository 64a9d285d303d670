import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import {
  AdvancedSettingsService,
  type AutoUpgradeScheduleSchema,
  BosMode,
  DayOfWeek,
  type GetLicenseStateResponseSchema,
  LicenseService,
  LicenseType,
  Platform,
  UpgradeService,
} from './contract/index.ts';
import { advancedAfter, advancedSchema, advancedValues } from './sim-advanced.ts';
import { type Served, serve } from './sim-api.ts';
import { timestamp } from './sim-api-units.ts';
import { restrictedInS } from './sim-licence.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { inRange, REFUSE, required } from './sim-refusal.ts';
import type { Schedule } from './sim-state.ts';
import { armUpgrade, nextExecution } from './sim-upgrade.ts';

// Licence

/** Fee of the firmware, hundredths of a percent. */
const DEV_FEE = { bsp: 250 } as const;

function licence(machine: BraiinsMachine, now: number): MessageInitShape<typeof GetLicenseStateResponseSchema> {
  const timeToRestricted = restrictedInS(machine, now);
  if (machine.has('unlicensed')) {
    if (timeToRestricted === 0) return { state: { case: 'limited', value: {} } };
    return { state: { case: 'none', value: { timeToRestricted } } };
  }
  const { contract } = machine.system;
  const value = {
    type: contract === null ? LicenseType.STANDARD : LicenseType.CUSTOM,
    contractName: contract ?? 'Standard',
    timeToRestricted,
    devFee: DEV_FEE,
  };
  return { state: { case: 'valid', value } };
}

const CONTRACT_KEY = /^[A-Za-z0-9_-]{8,64}$/;

// Automatic upgrade

function weekday(day: number): { readonly dayOfWeek?: DayOfWeek } {
  const dayOfWeek = Object.values(DayOfWeek).find((one) => one === day);
  return dayOfWeek === undefined ? {} : { dayOfWeek };
}

function scheduleMessage({
  every,
  day,
  hours,
  minutes,
  seconds,
}: Schedule): MessageInitShape<typeof AutoUpgradeScheduleSchema> {
  const time = { hours, minutes, seconds };
  if (every === 'day') return { scheduleType: { case: 'daily', value: { time } } };
  if (every === 'week') return { scheduleType: { case: 'weekly', value: { ...weekday(day), time } } };
  return { scheduleType: { case: 'monthly', value: { dayOfMonth: day, time } } };
}

function scheduleOf({ scheduleType: type }: MessageShape<typeof AutoUpgradeScheduleSchema>): Schedule {
  const { time } = required('schedule_type', type.value);
  const { hours, minutes, seconds } = required('time', time);
  const at = {
    hours: inRange('hours', hours, { min: 0, max: 23 }),
    minutes: inRange('minutes', minutes, { min: 0, max: 59 }),
    seconds: inRange('seconds', seconds ?? 0, { min: 0, max: 59 }),
  };
  if (type.case === 'weekly') {
    return { every: 'week', day: inRange('day of week', type.value.dayOfWeek ?? 0, { min: 1, max: 7 }), ...at };
  }
  if (type.case === 'monthly') {
    return { every: 'month', day: inRange('day of month', type.value.dayOfMonth ?? 0, { min: 1, max: 28 }), ...at };
  }
  return { every: 'day', day: 1, ...at };
}

const nextUpgrade = ({ system }: BraiinsMachine, now: number) =>
  system.upgrade.enabled && { nextExecution: timestamp(nextExecution(system.upgrade.schedule, now)) };

/** @throws ApiRefusal where the firmware cannot be removed */
export function restoreStock(machine: BraiinsMachine, now: number): void {
  if (machine.busy) throw REFUSE.busy();
  // "Not supported on all platforms (e.g. BMM) or SD card installations": the published REST description.
  const { platform, bosMode } = machine.plan;
  if (platform === Platform.STM32MP157C_II2_BMM1 || bosMode === BosMode.SD) throw REFUSE.noUninstall();
  machine.leave(now);
}

export const system: readonly Served[] = [
  serve(LicenseService.method.getLicenseState, (machine, _, now) => licence(machine, now)),
  serve(LicenseService.method.applyContractKey, (machine, { contractKey }) => {
    if (!CONTRACT_KEY.test(contractKey)) throw REFUSE.invalid('contract key is not valid');
    if (machine.has('unlicensed')) return { successful: false };
    // The name of a contract is its keeper's: what the machine shows of it is not known.
    machine.system = { ...machine.system, contract: 'Custom' };
    return { successful: true };
  }),
  serve(UpgradeService.method.updateAutoUpgradeConfig, (machine, { enabled, schedule }, now) => {
    const next = schedule === undefined ? machine.system.upgrade.schedule : scheduleOf(schedule);
    machine.system = { ...machine.system, upgrade: { enabled, schedule: next } };
    armUpgrade(machine, now);
    return { enabled, ...nextUpgrade(machine, now) };
  }),
  serve(UpgradeService.method.getAutoUpgradeStatus, (machine, _, now) => ({
    enabled: machine.system.upgrade.enabled,
    schedule: scheduleMessage(machine.system.upgrade.schedule),
    ...nextUpgrade(machine, now),
    ...(machine.lastUpgradeAt !== null && { lastExecution: timestamp(machine.lastUpgradeAt) }),
  })),
  serve(UpgradeService.method.restoreStock, (machine, _, now) => {
    restoreStock(machine, now);
    return { successful: true };
  }),
  serve(AdvancedSettingsService.method.getSettingsSchema, () => ({ schema: advancedSchema() })),
  serve(AdvancedSettingsService.method.getSettings, ({ system: { advanced } }, { includeDefault }) => ({
    settings: advancedValues(advanced, includeDefault ?? false),
  })),
  serve(AdvancedSettingsService.method.setSettings, (machine, { settings }) => {
    const change = required('settings', settings);
    machine.system = { ...machine.system, advanced: advancedAfter(machine.system.advanced, change) };
    return { applied: change };
  }),
  serve(AdvancedSettingsService.method.resetAllSettings, (machine) => {
    machine.system = { ...machine.system, advanced: {} };
    return { settings: advancedValues({}, true) };
  }),
];
