import { type LuxRecord, real } from './sim-json.ts';
import type { LuxosMachine } from './sim-machine.ts';
import type { TuningProfile } from './sim-plan.ts';

/*
 * What the machine is and how it is set: config, profiles, limits, atm, tempctrl, events.
 */

export function configRecord(machine: LuxosMachine): LuxRecord {
  const { plan } = machine;
  const host = 1 + (machine.key('host') % 254);
  const mac = `02${machine.hex('mac', 10)}`.toUpperCase();
  return {
    'ASC Count': machine.boards.length,
    'PGA Count': 0,
    'Pool Count': machine.pools.length,
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
    DHCP: true,
    // A range for documents: the machine cannot know where it is served.
    IPAddr: `192.0.2.${host}`,
    Netmask: '255.255.255.0',
    BcastAddr: '192.0.2.255',
    Gateway: '192.0.2.1',
    'DNS Servers': '',
    Cooling: 'Air',
    ImmersionMode: false,
    CurtailMode: machine.asleep ? 'Sleep' : 'None',
    IsPowerSupplyOn: !machine.asleep,
    IsSingleVoltage: true,
    PSULabel: plan.psuLabel,
    PSUHwVersion: '75',
    NameplateTHS: real(nominalProfile(machine).ths),
    Profile: machine.profile.name,
    ProfileStep: String(machine.profile.step),
    IsTuning: false,
    IsAtmEnabled: machine.atmEnabled,
    SystemStatus: 'Normal',
    FeeStatus: 'Ok',
    GreenLed: 'auto',
    RedLed: machine.redLed,
    LogFileLevel: 'info',
    UpdateOnStartup: 'off',
    UpdateOnTimeout: 'off',
    UpdateOnUser: 'full',
    UpdateSource: 'https://updates.example.com/stable',
    UpdateTimeout: 60,
  };
}

const nominalProfile = (machine: LuxosMachine): TuningProfile =>
  machine.profiles.find(({ step }) => step === 0) as TuningProfile;

export const profileRecord = (profile: TuningProfile): LuxRecord => ({
  'Profile Name': profile.name,
  Step: String(profile.step),
  Frequency: profile.mhz,
  Voltage: real(profile.volts),
  Hashrate: real(profile.ths),
  Watts: profile.watts,
  CanRestore: true,
  HasOverrides: false,
  IsDynamic: true,
  IsTuned: profile.step === 0,
});

/** The names of these fields are known, the whole record is not. */
export function limitsRecord(machine: LuxosMachine): LuxRecord {
  const lowest = machine.profiles[0] as TuningProfile;
  const highest = machine.profiles[machine.profiles.length - 1] as TuningProfile;
  const nominal = nominalProfile(machine);
  return {
    FrequencyDefault: nominal.mhz,
    FrequencyMin: lowest.mhz,
    FrequencyMax: highest.mhz,
    FrequencyStepMin: 1,
    FrequencyStepMax: 100,
    VoltageDefault: real(nominal.volts),
    VoltageMin: real(lowest.volts),
    VoltageMax: real(highest.volts),
    VoltageStepMin: real(0.01),
    VoltageStepMax: real(1),
    TemperatureMin: real(0),
    TemperatureMax: real(90),
    TemperatureTarget: real(machine.temperatures.target),
    TemperatureHot: real(machine.temperatures.hot),
    TemperaturePanic: real(machine.temperatures.dangerous),
  };
}

export const atmRecord = (machine: LuxosMachine): LuxRecord => ({
  Enabled: machine.atmEnabled,
  MaxProfile: 'default',
  MaxProfileStep: '0',
  MinProfile: '',
  MinProfileStep: '',
  PostRampMinutes: 15,
  StartupMinutes: 15,
  TempWindow: real(5),
  ChipTempWindow: real(8),
  WaterInletTempWindow: real(7),
});

export const temperatureControl = ({ temperatures }: LuxosMachine): LuxRecord => ({
  Mode: 'Automatic',
  Target: real(temperatures.target),
  Hot: real(temperatures.hot),
  Dangerous: real(temperatures.dangerous),
});

/** What is wrong at this moment, in the vendor's codes; the words are ours. */
export function eventRecords(machine: LuxosMachine, now: number): readonly LuxRecord[] {
  const created = Math.floor((now - machine.elapsedS(now) * 1000) / 1000);
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
    ...(machine.pools.some((_, pool) => machine.isActive(now, pool))
      ? []
      : [event('NO_ACTIVE_POOLS', 'system', 'No active pools available')]),
  ];
}
