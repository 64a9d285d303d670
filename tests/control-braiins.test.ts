import { createHash } from 'node:crypto';
import { familyById } from '@headframe/families';
import { blankIdentity, type Outcome } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { filtered, type Json, machine, newest, rest, run, type Values } from './braiins.testing.ts';
import { ask, type Controlled } from './control.testing.ts';

/*
 * Every action on a machine under BraiinsOS, over real sockets against the simulated one: gRPC on a 26.05, REST on a 25.07
 * and a 26.04 whose port 50051 is filtered, port 4028 on a 21.09. Its state is then asked by the test itself, without our
 * client: over REST and port 4028.
 */

const configuration = (made: Controlled) => rest(made, 'GET configuration/miner');
const details = (made: Controlled) => rest(made, 'GET miner/details');
const locates = (made: Controlled) => rest(made, 'GET actions/locate');
const watts = (made: Controlled) => configuration(made).tuner.power_target?.watt;
const terahashes = (made: Controlled) => configuration(made).tuner.hashrate_target?.terahash_per_second;
const cooling = (made: Controlled) => configuration(made).temperature.mode;
const boards = (made: Controlled) =>
  rest(made, 'GET miner/hw/hashboards').hashboards.map(({ enabled }: Values) => enabled);
/** The configured groups: names, how work is shared, addresses and passwords. */
const groups = (made: Controlled) =>
  configuration(made).pool_groups.map(({ name, load_balance_strategy: strategy, pools }: Json) => [
    name,
    strategy,
    pools.map(({ url, user, password, enabled }: Json) => [url, user, password, enabled]),
  ]);
const urls = (made: Controlled) =>
  rest(made, 'GET pools/').map(({ pools }: Json) => pools.map(({ url }: Json) => url.replace('stratum+tcp://', '')));
/** As port 4028 counts them, through all groups. */
const pools4028 = (made: Controlled) => ask(made.device(), made.now(), 'pools').POOLS as Values[];
const limit4028 = (made: Controlled) =>
  (ask(made.device(), made.now(), 'tunerstatus').TUNERSTATUS as Values[])[0]?.PowerLimit;

const pool = (name: string) => ({ url: `stratum+tcp://${name}.example:1`, worker: name, password: 's3cret' });
const ONE = 'pool.example.com:3333';
const TWO = 'backup.example.com:3333';

const fanSpeeds = (made: Controlled) =>
  (ask(made.device(), made.now(), 'fans').FANS as Values[]).map(({ Speed }) => Speed);

const second = (made: Controlled) => {
  const pools = [{ url: 'stratum+tcp://second.example:1', user: 'second', password: 'x', enabled: true }];
  rest(made, 'POST pools/', { name: 'Second', load_balance_strategy: { quota: { value: 1 } }, pools });
};
const aimedAt90 = (made: Controlled) => void rest(made, 'PUT performance/hashrate-target', { terahash_per_second: 90 });
const asked = async (made: Controlled, line: string, body?: unknown, waitMs = 0) => {
  rest(made, line, body);
  await made.pass(waitMs);
};

const FIRMWARE = Buffer.from('a firmware of a test');
const SUM = createHash('sha256').update(FIRMWARE).digest('hex');

interface Case {
  readonly name: string;
  readonly given?: Values;
  readonly before?: (made: Controlled) => void | Promise<void>;
  readonly result?: Outcome['result'];
  /** How much later. */
  readonly laterMs?: number;
  /** What the device itself shows then. */
  readonly shows?: (made: Controlled) => unknown;
  readonly as?: unknown;
  /** Over REST not on a 25.07, but on the S19 with 26.04; or not at all: its REST API has nothing like it. */
  readonly rest?: '26.04' | 'never';
  /** 25.07 shows another value, having other hardware. */
  readonly asXp?: unknown;
  /** The S19 of 26.04 too. */
  readonly asS19?: unknown;
}

const UNSEEN = 'accepted-unverified';

const CASES: readonly Case[] = [
  {
    name: 'setPools',
    given: { pools: [pool('x'), pool('y')] },
    shows: (made) => groups(made)[0][2],
    as: [
      ['stratum+tcp://x.example:1', 'x', 's3cret', true],
      ['stratum+tcp://y.example:1', 'y', 's3cret', true],
    ],
  },
  {
    name: 'addPool',
    given: { pool: pool('new') },
    shows: (made) => pools4028(made).map(({ URL }) => URL),
    as: [`stratum+tcp://${ONE}`, `stratum+tcp://${TWO}`, 'stratum+tcp://new.example:1'],
  },
  { name: 'switchPool', given: { pool: 1 }, shows: urls, as: [[TWO, ONE]] },
  { name: 'removePool', given: { pool: 0 }, shows: urls, as: [[TWO]] },
  {
    name: 'disablePool',
    given: { pool: 1 },
    shows: (made) => groups(made)[0][2].map((one: Json) => one[3]),
    as: [true, false],
  },
  {
    name: 'enablePool',
    given: { pool: 1 },
    before: (made) => {
      const [group] = configuration(made).pool_groups;
      group.pools[1].enabled = false;
      rest(made, 'PUT pools/batch', [group]);
    },
    shows: (made) => groups(made)[0][2].map((one: Json) => one[3]),
    as: [true, true],
  },
  {
    name: 'restartMiner',
    shows: (made) => details(made).bosminer_uptime_s < 600,
    as: true,
  },
  { name: 'reboot', shows: (made) => details(made).system_uptime_s < 600, as: true },
  {
    name: 'pause',
    shows: (made) => ask(made.device(), made.now(), 'tunerstatus').TUNERSTATUS,
    as: [
      expect.objectContaining({ TunerChainStatus: Array(3).fill(expect.objectContaining({ Status: 'Tuner paused' })) }),
    ],
  },
  {
    name: 'resume',
    before: (made) => asked(made, 'PUT actions/pause', undefined, 600_000),
    shows: (made) => details(made).status,
    as: 2,
  },
  { name: 'braiins.stop', shows: (made) => details(made).status, as: 1 },
  {
    name: 'braiins.start',
    before: (made) => asked(made, 'PUT actions/stop', undefined, 60_000),
    shows: (made) => details(made).status,
    as: 2,
  },
  { name: 'locate', given: { on: true }, shows: locates, as: true },
  {
    name: 'locate',
    given: { on: false },
    before: (made) => asked(made, 'PUT actions/locate', true),
    shows: locates,
    as: false,
  },
  { name: 'setPowerLimit', given: { powerW: 2500 }, shows: limit4028, as: 2500 },
  { name: 'setPowerPercent', given: { percent: 80 }, rest: '26.04', shows: watts, as: 2454, asS19: 2600 },
  {
    name: 'braiins.setrelativepowertarget',
    given: { percent: 50, reference: 'max' },
    rest: '26.04',
    shows: watts,
    as: 3218,
    asS19: 3413,
  },
  {
    name: 'braiins.setdefaultpowertarget',
    before: (made) => asked(made, 'PUT performance/power-target', { watt: 2000 }),
    shows: limit4028,
    as: 3068,
    asXp: 3031,
  },
  { name: 'braiins.incrementpowertarget', given: { powerW: 150 }, shows: watts, as: 3218, asXp: 3181 },
  { name: 'braiins.decrementpowertarget', given: { powerW: 200 }, shows: watts, as: 2868, asXp: 2831 },
  { name: 'braiins.sethashratetarget', given: { hashrateTHs: 80.5 }, shows: terahashes, as: 80.5 },
  {
    name: 'braiins.setdefaulthashratetarget',
    before: aimedAt90,
    shows: terahashes,
    as: 104,
    asXp: 141,
  },
  {
    name: 'braiins.incrementhashratetarget',
    given: { hashrateTHs: 2.5 },
    before: aimedAt90,
    shows: terahashes,
    as: 92.5,
  },
  {
    name: 'braiins.decrementhashratetarget',
    given: { hashrateTHs: 10 },
    before: aimedAt90,
    shows: terahashes,
    as: 80,
  },
  {
    name: 'braiins.setrelativehashratetarget',
    given: { percent: 90, reference: 'current' },
    before: aimedAt90,
    rest: '26.04',
    shows: terahashes,
    as: 81,
  },
  {
    name: 'setPowerMode',
    given: { mode: 'hashrate-target' },
    shows: (made) => rest(made, 'GET performance/mode').tunermode.target.hashratetarget?.hashrate_target,
    as: { terahash_per_second: 104 },
    asXp: { terahash_per_second: 141 },
  },
  {
    name: 'setFrequency',
    given: { frequencyMHz: 450, hashboard: 2 },
    shows: (made) => rest(made, 'GET performance/mode').manualmode?.hashboards,
    as: [expect.objectContaining({ id: '2', frequency: { hertz: 450e6 } })],
  },
  {
    name: 'setVoltage',
    given: { voltageV: 13.2 },
    shows: (made) => rest(made, 'GET performance/mode').manualmode?.global_voltage,
    as: { volt: 13.2 },
  },
  {
    name: 'braiins.setmanualmode',
    given: { frequencyMHz: 455.5, voltageV: 13 },
    shows: (made) => rest(made, 'GET performance/mode').manualmode?.global_frequency,
    as: { hertz: 455.5e6 },
  },
  {
    name: 'braiins.setdps',
    given: { enable: 'on', powerStepW: 300, minPowerW: 2000, mode: 'boost', startPercent: 90 },
    rest: '26.04',
    shows: (made) => configuration(made).dps,
    as: expect.objectContaining({
      enabled: true,
      power_step: { watt: 300 },
      min_power_target: { watt: 2000 },
      mode: 2,
      on_start_target_percent: 90,
    }),
  },
  {
    name: 'braiins.setdps',
    given: { enable: 'on', shutdown: 'on', shutdownHours: 4 },
    shows: (made) => configuration(made).dps,
    as: expect.objectContaining({ enabled: true, shutdown_enabled: true, shutdown_duration: { hours: 4 } }),
  },
  {
    name: 'braiins.setquickramping',
    given: { upS: 30, downS: 2 },
    shows: (made) => configuration(made).hashboard_config,
    as: expect.objectContaining({ quick_ramping_time_up_s: 30, quick_ramping_time_down_s: 2 }),
  },
  {
    name: 'braiins.setdefaultquickramping',
    before: (made) => asked(made, 'PUT performance/quick-ramping', { up_s: 5, down_s: 5 }),
    shows: (made) => configuration(made).hashboard_config,
    as: expect.objectContaining({ quick_ramping_time_up_s: 60, quick_ramping_time_down_s: 0 }),
  },
  {
    name: 'braiins.removetunedprofiles',
    shows: (made) => rest(made, 'GET performance/target-profiles').power_target_profiles,
    as: [],
  },
  {
    name: 'setFan',
    given: { percent: 40 },
    laterMs: 60_000,
    shows: fanSpeeds,
    as: [40, 40, 40, 40],
  },
  {
    name: 'setFan',
    given: { percent: 'auto' },
    before: (made) => asked(made, 'PUT cooling/mode', { manual: { fan_speed_ratio: 0.3 } }),
    shows: (made) => (ask(made.device(), made.now(), 'tempctrl').TEMPCTRL as Values[])[0]?.Mode,
    as: 'Automatic',
  },
  {
    name: 'setTemperatureTarget',
    given: { targetC: 55.5 },
    shows: (made) => (ask(made.device(), made.now(), 'tempctrl').TEMPCTRL as Values[])[0],
    as: expect.objectContaining({ Mode: 'Automatic', Target: 55.5, Hot: 80, Dangerous: 90 }),
  },
  {
    name: 'braiins.setcoolingmode',
    given: { mode: 'hydro', targetC: 50, hotC: 65 },
    shows: cooling,
    as: { hydro: expect.objectContaining({ target_temperature: { degree_c: 50 }, hot_temperature: { degree_c: 65 } }) },
  },
  {
    name: 'braiins.setimmersionmode',
    given: { on: true },
    rest: 'never',
    shows: (made) => Object.keys(cooling(made)),
    as: ['immersion'],
  },
  // An S19 XP cannot: those of 25.07 are refused below.
  { name: 'disableHashboard', given: { hashboard: 2 }, rest: '26.04', shows: boards, as: [true, false, true] },
  {
    name: 'enableHashboard',
    given: { hashboard: 2 },
    before: (made) => asked(made, 'PATCH miner/hw/hashboards', { enable: false, hashboard_ids: ['2'] }, 60_000),
    rest: '26.04',
    shows: boards,
    as: [true, true, true],
  },
  {
    name: 'setPassword',
    given: { newPassword: 's3cret-new' },
    shows: (made) => {
      try {
        return rest(made, 'GET actions/locate', undefined, 's3cret-new') === false && throws(() => locates(made));
      } catch {
        return false;
      }
    },
    as: true,
  },
  {
    name: 'braiins.removepassword',
    before: (made) => asked(made, 'PUT auth/password', { password: 'root' }),
    shows: (made) => throws(() => rest(made, 'GET actions/locate', undefined, '')),
    as: false,
  },
  {
    name: 'setNetwork',
    given: { mode: 'dhcp' },
    before: (made) =>
      asked(made, 'PATCH network/configuration', {
        protocol: {
          static: { address: '192.0.2.50', netmask: '255.255.255.0', gateway: '192.0.2.1', dns_servers: ['192.0.2.1'] },
        },
      }),
    shows: (made) => Object.keys(rest(made, 'GET network/configuration').protocol),
    as: ['dhcp'],
  },
  {
    name: 'setNetwork',
    given: { mode: 'static', address: '192.0.2.99', netmask: '255.255.255.0', gateway: '192.0.2.1', dns: '192.0.2.2' },
    result: UNSEEN,
    shows: (made) => rest(made, 'GET network/configuration').protocol.static,
    as: { address: '192.0.2.99', netmask: '255.255.255.0', gateway: '192.0.2.1', dns_servers: ['192.0.2.2'] },
  },
  {
    name: 'setHostname',
    given: { hostname: 'rack-7' },
    shows: (made) => details(made).hostname,
    as: 'rack-7',
  },
  {
    name: 'braiins.createpoolgroup',
    given: { name: 'Third', pools: [pool('new')], quota: 3 },
    shows: (made) => groups(made).at(-1),
    as: ['Third', { quota: { value: 3 } }, [['stratum+tcp://new.example:1', 'new', 's3cret', true]]],
  },
  {
    name: 'braiins.updatepoolgroup',
    given: { group: 'Default', name: 'First', sharePercent: 40 },
    before: second,
    shows: (made) => groups(made)[0].slice(0, 2),
    as: ['First', { fixedshareratio: { value: 0.4 } }],
  },
  {
    name: 'braiins.removepoolgroup',
    given: { group: 'Second' },
    before: second,
    shows: urls,
    as: [[ONE, TWO]],
  },
  {
    name: 'braiins.setquota',
    given: { group: 'Default', quota: 5 },
    shows: (made) => groups(made)[0][1],
    as: { quota: { value: 5 } },
  },
  {
    name: 'braiins.setfixedshareratio',
    given: { group: 'Second', sharePercent: 75 },
    before: second,
    shows: (made) => groups(made)[1]?.[1],
    as: { fixedshareratio: { value: 0.75 } },
  },
  {
    name: 'braiins.applycontractkey',
    given: { contractKey: 's3cret-contract' },
    rest: '26.04',
    shows: (made) => rest(made, 'GET license/license').state.valid?.contract_name,
    as: 'Custom',
  },
  {
    name: 'braiins.updateautoupgradeconfig',
    given: { on: true, schedule: 'weekly', time: '03:30', dayOfWeek: 'sunday' },
    rest: '26.04',
    shows: (made) => rest(made, 'GET upgrade/auto-upgrade'),
    as: expect.objectContaining({
      enabled: true,
      schedule: { schedule_type: { weekly: { day_of_week: 7, time: { hours: 3, minutes: 30, seconds: 0 } } } },
    }),
  },
  {
    name: 'braiins.setsettings',
    given: { settings: '{"min_fan_pwm":85}' },
    rest: 'never',
    laterMs: 60_000,
    shows: fanSpeeds,
    as: [85, 85, 85, 85],
  },
  {
    name: 'braiins.resetallsettings',
    before: async (made) => {
      await run(made, 'braiins.setsettings', { settings: '{"min_fan_pwm":85}' });
      await made.pass(60_000);
    },
    rest: 'never',
    laterMs: 60_000,
    shows: (made) => fanSpeeds(made).every((speed) => Number(speed) < 85),
    as: true,
  },
  {
    name: 'factoryReset',
    before: aimedAt90,
    rest: '26.04',
    result: UNSEEN,
    laterMs: 120_000,
    shows: (made) => [watts(made), urls(made)],
    as: [3068, []],
    asS19: [3250, []],
  },
  {
    name: 'updateFirmware',
    given: { file: { name: 'bos.tar', bytes: FIRMWARE }, sha256: SUM, version: '26.05' },
    rest: '26.04',
    shows: (made) => details(made).bos_version.current,
    as: '2026-05-07-0-e6eaa788-26.05-plus',
  },
  {
    name: 'braiins.restorestock',
    rest: '26.04',
    result: UNSEEN,
    laterMs: 60_000,
    shows: (made) => made.device().listening('http', made.now()),
    as: false,
  },
];

const throws = (what: () => unknown): boolean => {
  try {
    what();
    return false;
  } catch {
    return true;
  }
};

/** What is fetched: over which name, and what must stand in it. */
const FETCHED: readonly { name: string; given?: Values; holds: string; rest?: '26.04' | 'never' }[] = [
  { name: 'downloadLogs', given: { log: 'bosminer' }, holds: 'INFO BOSminer', rest: '26.04' },
  { name: 'braiins.supportarchive', holds: 'PK' },
  { name: 'braiins.minerstatus', given: { seconds: 2 }, holds: '"status":2' },
  { name: 'braiins.configuration', holds: '"load_balance_strategy"' },
  { name: 'braiins.constraints', holds: '"tuner_constraints"' },
  { name: 'braiins.targetprofiles', holds: '"power_target_profiles"' },
  { name: 'braiins.efficiencyprofile', holds: '{', rest: 'never' },
  { name: 'braiins.performancemode', holds: '"powertarget"' },
  { name: 'braiins.license', holds: '"state"' },
  { name: 'braiins.autoupgradestatus', holds: '"schedule"', rest: '26.04' },
  { name: 'braiins.networkconfiguration', holds: '"hostname"' },
  { name: 'braiins.settings', holds: '"settings"', rest: 'never' },
  { name: 'braiins.settingsschema', holds: 'min_fan_pwm', rest: 'never' },
];

async function does(made: Controlled, item: Case, as: unknown): Promise<Outcome> {
  const { name, given, before, result = 'done', laterMs = 0, shows } = item;
  await before?.(made);
  if (shows !== undefined) expect(shows(made)).not.toEqual(as);
  const outcome = await run(made, name, given);
  expect({ result: outcome.result, why: outcome.why }).toMatchObject({ result });
  await made.pass(laterMs);
  if (shows !== undefined) expect(shows(made)).toEqual(as);
  expect(JSON.stringify(outcome)).not.toMatch(/s3cret|"password":"(?!•)/);
  return outcome;
}

async function fetches(made: Controlled, name: string, given: Values = {}): Promise<string> {
  const outcome = await run(made, name, given);
  expect({ result: outcome.result, why: outcome.why }).toMatchObject({ result: 'done' });
  return Buffer.from(outcome.download?.bytes ?? []).toString();
}

const onlyOnce = (items: readonly Case[]) => items.map((item, at) => ({ ...item, at }));

describe('over gRPC a machine of 26.05 does it, and shows it to others', () => {
  test.each(onlyOnce(CASES))('$at $name $given', async (item) => {
    // The newest firmware is what the older one becomes.
    const made = item.name === 'updateFirmware' ? await machine('s19-26.04') : await newest();
    const outcome = await does(made, item, item.as);
    for (const { shown } of outcome.sent) expect(shown).toMatch(/^gRPC braiins\.bos\.v1\.\w+Service\/\w+\n/);
  });

  test.each(FETCHED)('$name is fetched', async ({ name, given, holds }) => {
    const text = await fetches(await newest(), name, given);
    expect(text).toContain(holds);
    expect(text).not.toMatch(/"password":\s*"(?!•)/);
  });
});

const REST = /^(?:PUT|POST|PATCH|DELETE) \/api\/v1\//;
const OLDER = 's19-xp-25.07';
const NEWER = 's19-26.04';

describe('over REST a machine does it whose port 50051 is filtered', () => {
  test.each(onlyOnce(CASES.filter(({ rest: has }) => has === undefined)))(
    'of 25.07: $at $name $given',
    async (item) => {
      const outcome = await does(await filtered(OLDER), item, item.asXp ?? item.as);
      for (const { shown } of outcome.sent) expect(shown).toMatch(REST);
    },
  );

  test.each(onlyOnce(CASES.filter(({ rest: has }) => has === '26.04')))('of 26.04: $at $name $given', async (item) => {
    const outcome = await does(await filtered(NEWER), item, item.asS19 ?? item.as);
    for (const { shown } of outcome.sent) expect(shown).toMatch(REST);
  });

  test.each(FETCHED.filter(({ rest: has }) => has !== 'never'))(
    '$name is fetched',
    async ({ name, given, holds, rest: since }) => {
      const text = await fetches(await filtered(since === undefined ? OLDER : NEWER), name, given);
      expect(text).toContain(holds);
      expect(text).not.toMatch(/"password":\s*"(?!•)/);
    },
  );

  test.each(CASES.filter(({ rest: has }) => has === 'never'))('$name is not there, and why is said', async (item) => {
    const made = await filtered(NEWER);
    await expect(made.miner.plan(item.name, item.given)).rejects.toMatchObject({ code: 'support/unsupported' });
  });
});

const MHS = 'MHS 5s';
const summary = (made: Controlled) => (ask(made.device(), made.now(), 'summary').SUMMARY as Values[])[0] ?? {};

const OVER_4028: readonly (Case & { readonly command: string })[] = [
  { name: 'pause', command: 'pause', shows: (made) => summary(made)[MHS], as: 0 },
  {
    name: 'resume',
    command: 'resume',
    before: async (made) => {
      ask(made.device(), made.now(), 'pause');
      await made.pass(300_000);
    },
    shows: (made) => Number(summary(made)[MHS]) > 0,
    as: true,
  },
  {
    name: 'addPool',
    given: { pool: pool('new') },
    // One that is added is not activated.
    command: 'enablepool',
    shows: (made) => pools4028(made).map(({ User, Status }) => [User, Status])[2],
    as: ['new', 'Alive'],
  },
  {
    name: 'switchPool',
    given: { pool: 1 },
    command: 'switchpool',
    laterMs: 60_000,
    shows: (made) => pools4028(made).find((one) => one['Stratum Active'])?.URL,
    as: `stratum+tcp://${TWO}`,
  },
  {
    name: 'removePool',
    given: { pool: 1 },
    command: 'removepool',
    shows: (made) => pools4028(made).length,
    as: 1,
  },
  {
    name: 'disablePool',
    given: { pool: 1 },
    command: 'disablepool',
    shows: (made) => pools4028(made)[1]?.Status,
    as: 'Disabled',
  },
  {
    name: 'enablePool',
    given: { pool: 1 },
    command: 'enablepool',
    before: (made) => void ask(made.device(), made.now(), 'disablepool', '1'),
    shows: (made) => pools4028(made)[1]?.Status,
    as: 'Alive',
  },
  {
    name: 'setPools',
    given: { pools: [pool('x'), pool('y')] },
    command: 'switchpool',
    shows: (made) => pools4028(made).map(({ User, Status }) => [User, Status]),
    as: [
      ['x', 'Alive'],
      ['y', 'Alive'],
    ],
  },
];

describe('over port 4028 a machine of 21.09 does the little that it takes', () => {
  test.each(OVER_4028)('$name', async (item) => {
    const outcome = await does(await machine('s9-21.09'), item, item.as);
    expect(outcome.sent.at(-1)?.shown).toContain(`"command":"${item.command}"`);
  });

  test('pause where both doors with a login are filtered', async () => {
    const made = await filtered(NEWER);
    await made.served.setFaults([
      { kind: 'black-hole', over: 'grpc' },
      { kind: 'black-hole', over: 'http' },
    ]);
    expect(await run(made, 'pause')).toMatchObject({ result: 'done' });
    expect(details(made).status).toBe(3);
  });

  test('and nothing else, which is said', async () => {
    const made = await machine('s9-21.09');
    await made.miner.read();
    await expect(made.miner.plan('setPowerLimit', { powerW: 900 })).rejects.toThrow(/21\.09.*no gRPC API yet/);
  });
});

test('nothing that it can do is left out', () => {
  const family = familyById('braiins');
  const identity = blankIdentity('braiins');
  const names = [
    ...Object.keys(family?.actions(identity) ?? {}),
    ...Object.keys(family?.own?.(identity) ?? {}).map((name) => `braiins.${name}`),
  ];
  const run = [...CASES, ...FETCHED].map(({ name }) => name);
  expect([...new Set(run)].sort()).toEqual(names.sort());
});
