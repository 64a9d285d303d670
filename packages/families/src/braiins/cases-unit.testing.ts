import { type Case, save } from './case.testing.ts';
import type { State } from './double-state.testing.ts';
import type { Doc } from './wire.testing.ts';

const c = (degree_c: number) => ({ degree_c });

const cooling = (doc: Doc): Pick<Case, 'method' | 'message' | 'rest'> => ({
  method: 'SetCoolingMode',
  message: { ...save, mode: doc },
  rest: ['PUT /api/v1/cooling/mode', doc],
});

const TEMPERATURES = { target_temperature: c(60), hot_temperature: c(75), dangerous_temperature: c(90) };
const coolingMode = (state: State) => Object.keys(state.cooling.mode as Doc)[0];

export const COOLING: readonly Case[] = [
  {
    name: 'setFan',
    given: { percent: 40 },
    ...cooling({ manual: { ...TEMPERATURES, fan_speed_ratio: 0.4, minimum_required_fans: 2 } }),
    after: coolingMode,
    is: 'manual',
  },
  {
    name: 'setFan',
    given: { percent: 'auto' },
    before: (state) => {
      state.cooling = { mode: { manual: { fan_speed_ratio: 0.3, hot_temperature: c(80) } } };
    },
    ...cooling({ auto: { hot_temperature: c(80) } }),
    after: coolingMode,
    is: 'auto',
  },
  {
    name: 'setTemperatureTarget',
    given: { targetC: 55.5 },
    ...cooling({
      auto: {
        ...TEMPERATURES,
        target_temperature: c(55.5),
        min_fan_speed: 20,
        max_fan_speed: 90,
        minimum_required_fans: 2,
      },
    }),
    after: coolingMode,
    is: 'auto',
  },
  {
    name: 'braiins.setcoolingmode',
    given: { mode: 'hydro', targetC: 50, hotC: 65 },
    ...cooling({ hydro: { ...TEMPERATURES, target_temperature: c(50), hot_temperature: c(65) } }),
    after: coolingMode,
    is: 'hydro',
  },
  {
    name: 'braiins.setcoolingmode',
    given: { mode: 'manual', fanPercent: 55, minFans: 1, pauseFanPercent: 30, pauseRuntime: 'limited' },
    ...cooling({
      manual: {
        ...TEMPERATURES,
        fan_speed_ratio: 0.55,
        minimum_required_fans: 1,
        pause_mode: { mode: { manual: { pause_cooldown_fan_speed_ratio: 0.3, fan_pause_runtime: 1 } } },
      },
    }),
    after: coolingMode,
    is: 'manual',
  },
  {
    name: 'braiins.setimmersionmode',
    given: { on: 'on' },
    method: 'SetImmersionMode',
    message: { ...save, enable_immersion_mode: true },
    rest: null,
    after: coolingMode,
    is: 'immersion',
  },
];

const PAUSED = 3;
const NOT_STARTED = 1;
const status = (state: State) => state.status;

export const UNIT: readonly Case[] = [
  {
    name: 'pause',
    method: 'PauseMining',
    message: {},
    rest: ['PUT /api/v1/actions/pause', null],
    after: status,
    is: PAUSED,
  },
  {
    name: 'resume',
    before: (state) => {
      state.status = PAUSED;
    },
    method: 'ResumeMining',
    message: {},
    rest: ['PUT /api/v1/actions/resume', null],
    after: status,
    is: 2,
  },
  {
    name: 'braiins.start',
    before: (state) => {
      state.status = NOT_STARTED;
      state.minerStartedAt = 0;
    },
    method: 'Start',
    message: {},
    rest: ['PUT /api/v1/actions/start', null],
    after: status,
    is: 2,
  },
  {
    name: 'braiins.stop',
    method: 'Stop',
    message: {},
    rest: ['PUT /api/v1/actions/stop', null],
    after: status,
    is: NOT_STARTED,
  },
  { name: 'restartMiner', method: 'Restart', message: {}, rest: ['PUT /api/v1/actions/restart', null] },
  { name: 'reboot', method: 'Reboot', message: {}, rest: ['PUT /api/v1/actions/reboot', null] },
  {
    name: 'factoryReset',
    method: 'FactoryReset',
    message: {},
    rest: ['PUT /api/v1/actions/factory-reset', null],
    never: true,
  },
  {
    name: 'locate',
    given: { on: true },
    method: 'SetLocateDeviceStatus',
    message: { enable: true },
    rest: ['PUT /api/v1/actions/locate', true],
    after: ({ locate }) => locate,
    is: true,
  },
  {
    name: 'locate',
    given: { on: 'off' },
    method: 'SetLocateDeviceStatus',
    // A false is what Protobuf takes for granted.
    message: {},
    rest: ['PUT /api/v1/actions/locate', false],
    before: (state) => {
      state.locate = true;
    },
    after: ({ locate }) => locate,
    is: false,
  },
  {
    name: 'enableHashboard',
    given: { hashboard: '3' },
    method: 'EnableHashboards',
    message: { ...save, hashboard_ids: ['3'] },
    rest: ['PATCH /api/v1/miner/hw/hashboards', { enable: true, hashboard_ids: ['3'] }],
    after: ({ boards }) => boards.map(({ enabled }) => enabled),
    is: [true, true, true],
  },
  {
    name: 'disableHashboard',
    given: { hashboard: 2 },
    method: 'DisableHashboards',
    message: { ...save, hashboard_ids: ['2'] },
    rest: ['PATCH /api/v1/miner/hw/hashboards', { enable: false, hashboard_ids: ['2'] }],
    after: ({ boards }) => boards.map(({ enabled }) => enabled),
    is: [true, false, false],
  },
  {
    name: 'setPassword',
    given: { newPassword: 'new-password' },
    method: 'SetPassword',
    message: { password: 'new-password' },
    rest: ['PUT /api/v1/auth/password', { password: 'new-password' }],
  },
  {
    name: 'braiins.removepassword',
    method: 'SetPassword',
    message: {},
    rest: ['PUT /api/v1/auth/password', { password: null }],
  },
];

const FIXED = { address: '10.0.0.5', netmask: '255.255.255.0', gateway: '10.0.0.1', dns_servers: ['1.1.1.1'] };

export const SYSTEM: readonly Case[] = [
  {
    name: 'setNetwork',
    given: { mode: 'static', address: '10.0.0.5', netmask: '255.255.255.0', gateway: '10.0.0.1', dns: '1.1.1.1' },
    method: 'SetNetworkConfiguration',
    message: { protocol: { static: FIXED } },
    rest: ['PATCH /api/v1/network/configuration', { protocol: { static: FIXED } }],
    after: ({ network }) => network.protocol,
    is: { static: FIXED },
  },
  {
    name: 'setNetwork',
    given: { mode: 'dhcp' },
    before: (state) => {
      state.network = { hostname: 'miner', protocol: { static: FIXED } };
    },
    method: 'SetNetworkConfiguration',
    message: { protocol: { dhcp: {} } },
    rest: ['PATCH /api/v1/network/configuration', { protocol: { dhcp: {} } }],
    after: ({ network }) => network.protocol,
    is: { dhcp: {} },
  },
  {
    name: 'setHostname',
    given: { hostname: 'rack-7' },
    method: 'SetNetworkConfiguration',
    message: { hostname: 'rack-7' },
    rest: ['PATCH /api/v1/network/configuration', { hostname: 'rack-7' }],
    after: ({ network }) => network.hostname,
    is: 'rack-7',
  },
  {
    name: 'braiins.applycontractkey',
    given: { contractKey: 'contract-key-1' },
    method: 'ApplyContractKey',
    message: { contract_key: 'contract-key-1' },
    rest: ['PUT /api/v1/license/apply-contract-key', { contract_key: 'contract-key-1' }],
  },
  {
    name: 'braiins.updateautoupgradeconfig',
    given: { on: true, schedule: 'weekly', time: '03:30', dayOfWeek: 'sunday' },
    method: 'UpdateAutoUpgradeConfig',
    message: {
      enabled: true,
      schedule: { schedule_type: { weekly: { day_of_week: 7, time: { hours: 3, minutes: 30 } } } },
    },
    rest: [
      'PATCH /api/v1/upgrade/auto-upgrade',
      { enabled: true, schedule: { schedule_type: { weekly: { day_of_week: 7, time: { hours: 3, minutes: 30 } } } } },
    ],
    after: ({ autoUpgrade }) => autoUpgrade.enabled,
    is: true,
  },
  {
    name: 'braiins.updateautoupgradeconfig',
    given: { on: true },
    method: 'UpdateAutoUpgradeConfig',
    // The schedule that is set is told again. Midnight has no minutes in Protobuf.
    message: { enabled: true, schedule: { schedule_type: { daily: { time: { hours: 2 } } } } },
    rest: [
      'PATCH /api/v1/upgrade/auto-upgrade',
      { enabled: true, schedule: { schedule_type: { daily: { time: { hours: 2, minutes: 0 } } } } },
    ],
    after: ({ autoUpgrade }) => autoUpgrade.enabled,
    is: true,
  },
  {
    name: 'braiins.restorestock',
    method: 'RestoreStock',
    message: {},
    rest: ['POST /api/v1/upgrade/restore-stock', null],
    never: true,
  },
  {
    name: 'braiins.setsettings',
    given: { settings: '{"rambo_mode":"cautious","min_fan_pwm":null}' },
    method: 'SetSettings',
    message: { settings: { rambo_mode: 'cautious', min_fan_pwm: null } },
    rest: null,
    after: ({ settings }) => settings,
    is: { rambo_mode: 'cautious' },
  },
  {
    name: 'braiins.resetallsettings',
    method: 'ResetAllSettings',
    message: {},
    rest: null,
    after: ({ settings }) => settings,
    is: {},
  },
];
