import { type LuxRecord, type LuxValue, real, rounded } from './sim-json.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { MHZ_STEPS, type TuningProfile, tuningProfiles, VOLT_STEPS } from './sim-plan.ts';
import { fanPercent, hottestC, watts } from './sim-sensors.ts';

/*
 * What the machine is and how it is set: config, profiles, limits, atm, tempctrl, events and the like.
 */

export function configRecord(machine: LuxosMachine): LuxRecord {
  const { plan, settings } = machine;
  const { net, update } = settings;
  const mac = `02${machine.hex('mac', 10)}`.toUpperCase();
  return {
    'ASC Count': machine.boardNumbers.length,
    'PGA Count': 0,
    'Pool Count': machine.work.pools.length,
    Strategy: 'Failover',
    'Log Interval': 0,
    'Device Code': '',
    OS: 'LuxOS',
    Hotplug: 'None',
    Model: plan.label.model,
    SerialNumber: machine.hex('machine', 17).toUpperCase(),
    ControlBoardType: plan.controlBoard,
    FPGABuildIdHex: '0x0',
    FPGABuildIdStr: 'N/A',
    Hostname: `miner-${machine.hex('host', 6)}`,
    MACAddr: mac.replace(/(..)(?=.)/g, '$1:'),
    DHCP: net.dhcp,
    IPAddr: net.ip,
    Netmask: net.mask,
    BcastAddr: broadcastOf(net.ip, net.mask),
    Gateway: net.gateway,
    'DNS Servers': net.dns,
    Cooling: 'Air',
    ImmersionMode: settings.immersion,
    CurtailMode: curtailMode(machine),
    IsPowerSupplyOn: !machine.asleep,
    IsSingleVoltage: true,
    PSULabel: plan.psuLabel,
    PSUHwVersion: '75',
    NameplateTHS: real(machine.nominalProfile.ths),
    Profile: machine.profile.name,
    ProfileStep: stepOf(machine.profile),
    IsTuning: settings.tuner,
    IsAtmEnabled: settings.atm.enabled,
    SystemStatus: 'Normal',
    FeeStatus: 'Ok',
    GreenLed: 'auto',
    RedLed: settings.redLed,
    LogFileLevel: settings.logLevel,
    UpdateOnStartup: update.onStartup,
    UpdateOnTimeout: update.onTimeout,
    UpdateOnUser: update.onUser,
    UpdateSource: update.source,
    UpdateTimeout: update.timeout,
  };
}

const curtailMode = (machine: LuxosMachine): string => (machine.asleep ? 'Sleep' : 'None');

const octets = (address: string): readonly number[] => address.split('.').map(Number);

function broadcastOf(ip: string, mask: string): string {
  const bits = octets(mask);
  return octets(ip)
    .map((octet, i) => (octet | (~(bits[i] ?? 0) & 255)) & 255)
    .join('.');
}

/** A profile that somebody made has no place among the steps: shown empty, which is ours. */
const stepOf = ({ step }: { readonly step: number | null }): string => (step === null ? '' : String(step));

export function profileRecord(machine: LuxosMachine, profile: TuningProfile): LuxRecord {
  const isOwn = machine.settings.ownProfiles.some(({ name }) => name === profile.name);
  return {
    'Profile Name': profile.name,
    Step: stepOf(profile),
    Frequency: profile.mhz,
    Voltage: real(profile.volts),
    Hashrate: real(profile.ths),
    Watts: profile.watts,
    CanRestore: profile.step !== null,
    HasOverrides: isOwn && profile.step !== null,
    IsDynamic: profile.step !== null,
    IsTuned: profile.step === 0,
  };
}

/** What `limits` allows for frequency and voltage. */
export function ranges(machine: LuxosMachine) {
  const builtIn = tuningProfiles(machine.plan);
  const lowest = builtIn[0] as TuningProfile;
  const highest = builtIn[builtIn.length - 1] as TuningProfile;
  return {
    mhz: [lowest.mhz, highest.mhz],
    volts: [lowest.volts, highest.volts],
    watts: [lowest.watts, highest.watts],
  } as const;
}

/** Highest temperature that can be set, °C. */
export const MAX_C = 90;

/** The names of these fields are known, the whole record is not. */
export function limitsRecord(machine: LuxosMachine): LuxRecord {
  const { mhz, volts } = ranges(machine);
  const { temperatures } = machine.settings;
  return {
    FrequencyDefault: machine.nominalProfile.mhz,
    FrequencyMin: mhz[0],
    FrequencyMax: mhz[1],
    FrequencyStepMin: MHZ_STEPS.min,
    FrequencyStepMax: MHZ_STEPS.max,
    VoltageDefault: real(machine.nominalProfile.volts),
    VoltageMin: real(volts[0]),
    VoltageMax: real(volts[1]),
    VoltageStepMin: real(VOLT_STEPS.min),
    VoltageStepMax: real(VOLT_STEPS.max),
    TemperatureMin: real(0),
    TemperatureMax: real(MAX_C),
    TemperatureTarget: real(temperatures.target),
    TemperatureHot: real(temperatures.hot),
    TemperaturePanic: real(temperatures.dangerous),
  };
}

/** Power values are there while a power target is set (docs.luxor.tech, atm); which ones the limits are is ours. */
export function atmRecord(machine: LuxosMachine): LuxRecord {
  const { atm, powerTargetW } = machine.settings;
  const step = (name: string): string => stepOf(machine.profiles.find((one) => one.name === name) ?? { step: null });
  const power: LuxRecord =
    powerTargetW === 0
      ? {}
      : { PowerLimit: ranges(machine).watts[1], PowerMin: ranges(machine).watts[0], PowerTarget: powerTargetW };
  return {
    Enabled: atm.enabled,
    MaxProfile: atm.maxProfile,
    MaxProfileStep: step(atm.maxProfile),
    MinProfile: atm.minProfile,
    MinProfileStep: step(atm.minProfile),
    PostRampMinutes: atm.postRampMinutes,
    StartupMinutes: atm.startupMinutes,
    TempWindow: real(atm.tempWindowC),
    ChipTempWindow: real(8),
    WaterInletTempWindow: real(7),
    ...power,
  };
}

/** The limits in the words of the reply to `tempctrlset` (docs.luxor.tech). */
export const temperatureLimits = ({ settings: { temperatures } }: LuxosMachine): LuxRecord => ({
  Target: real(temperatures.target),
  Hot: real(temperatures.hot),
  Dangerous: real(temperatures.dangerous),
  ChipHot: real(temperatures.chipHot),
  ChipDangerous: real(temperatures.chipDangerous),
  WaterInletDangerous: real(temperatures.waterInletDangerous),
});

export const temperatureControl = (machine: LuxosMachine): LuxRecord => ({
  Mode: machine.settings.fan.speed < 0 ? 'Automatic' : 'Manual',
  ...temperatureLimits(machine),
});

/** What is wrong at this moment, in the vendor's codes; the words are ours. */
export function eventRecords(machine: LuxosMachine, now: number): readonly LuxRecord[] {
  const created = Math.floor((now - machine.run.elapsedS(now) * 1000) / 1000);
  const event = (code: string, target: string, description: string): LuxRecord => ({
    Code: code,
    Target: target,
    Description: description,
    CreatedAt: created,
    DocUrl: '',
  });
  return [
    ...(machine.asleep ? [event('SLEEP', 'system', 'Miner is in sleep mode')] : []),
    ...(machine.quirks.deadBoard
      ? [event('BOARD_NOT_DETECTED', `board ${machine.plan.boards - 1}`, 'Board not detected')]
      : []),
    ...(machine.quirks.stalledFan ? [event('FAN_FAILURE', 'fan 0', 'Fan failure')] : []),
    ...(machine.work.pools.some((pool) => machine.work.isActive(now, pool))
      ? []
      : [event('NO_ACTIVE_POOLS', 'system', 'No active pools available')]),
  ];
}

/*
 * Replies of which only the command's name is known (`protocols.md` 8): sections and fields are ours. Where a page of
 * Luxor's names a setting of the configuration file (docs.luxor.tech, configuration/boards and /temperature), the field
 * has that name.
 */
export const OWN_RECORDS: Readonly<Record<string, (machine: LuxosMachine, now: number) => LuxRecord>> = {
  autotunerget: ({ settings }) => ({ Enabled: settings.autotuner }),
  hashboardopts: ({ settings: { hashboards } }) => ({
    OvertempAutoRecovery: hashboards.overtempAutoRecovery,
    NoPicProtectionMode: hashboards.noPicProtectionMode,
  }),
  tempsensor: ({ settings: { sensor } }) => ({
    BadAverageThreshold: sensor.badAverageThreshold,
    MaxBadReadings: sensor.maxBadReadings,
    MinPerBoard: sensor.minPerBoard,
  }),
  healthctrl: ({ settings: { health } }) => ({ NumReadings: health.readings, AmplifiedFactor: real(health.factor) }),
  poolopts: ({ settings }) => ({ ReconnectTimeout: settings.poolReconnectS }),
  minerstatus: (machine, now) => ({
    SystemStatus: 'Normal',
    CurtailMode: curtailMode(machine),
    Profile: machine.profile.name,
    Elapsed: Math.floor(machine.run.elapsedS(now)),
  }),
  metrics: (machine, now) => ({
    'GHS 5m': rounded(machine.run.rateHs(now, 300) / 1e9),
    Watts: Math.round(watts(machine, now)),
    MaxTemp: real(Math.max(0, ...machine.boardNumbers.map((board) => hottestC(machine, now, board)))),
    FanSpeed: fanPercent(machine, now),
  }),
  psuget: (machine) => ({
    Label: machine.plan.psuLabel,
    HwVersion: '75',
    IsOn: !machine.asleep,
    Voltage: real(machine.asleep ? 0 : machine.supplyVolts),
  }),
  updatecheck: (machine) => ({
    Source: machine.settings.update.source,
    UpdateAvailable: machine.versionAtSource.luxminer !== machine.version.luxminer,
    Version: machine.versionAtSource.luxminer,
  }),
};

/** What changed something, newest last: the answer to `systemaudit`, whose fields are ours. */
export const auditRecords = (machine: LuxosMachine): readonly LuxRecord[] =>
  machine.audit.map(({ at, command }): { [key: string]: LuxValue } => ({
    When: Math.floor(at / 1000),
    Command: command,
  }));
