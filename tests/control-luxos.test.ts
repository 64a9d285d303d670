import { familyById } from '@headframe/families';
import { blankIdentity, type Outcome } from '@headframe/model';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, type Controlled, type ControlledOptions, control, keptSessions } from './control.testing.ts';

/*
 * Every action on a LuxOS machine, over real sockets against the simulated one, whose own state is then looked at by
 * asking it without our client.
 */

let one: Controlled | undefined;
afterEach(async () => one?.close());

async function machine(options: ControlledOptions = {}): Promise<Controlled> {
  one = await control('luxos', 's19k-pro', options);
  await one.miner.read();
  return one;
}

type Record1 = Record<string, unknown>;
const list = (made: Controlled, command: string, section: string, parameter?: string) =>
  ask(made.device(), made.now(), command, parameter)[section] as Record1[];
const config = (made: Controlled) => list(made, 'config', 'CONFIG')[0] ?? {};
const activeSession = (made: Controlled) => list(made, 'session', 'SESSION')[0]?.SessionID;
const logon = (made: Controlled) => String(list(made, 'logon', 'SESSION')[0]?.SessionID);
/** Something that a test sets the scene with, in a session of its own that it closes. */
const change = (made: Controlled, command: string, rest: string) => {
  const id = logon(made);
  ask(made.device(), made.now(), command, `${id},${rest}`);
  ask(made.device(), made.now(), 'logoff', id);
};

async function run(made: Controlled, name: string, given: Record1 = {}, takeOver = false): Promise<Outcome> {
  const plan = await made.miner.plan(name, given);
  return plan.run({ guarded: { typedAddress: made.miner.address }, takeOver });
}

const pool = (name: string) => ({ url: `stratum+tcp://${name}.example:1`, worker: name, password: 's3cret' });

interface Case {
  readonly name: string;
  readonly given?: Record1;
  readonly before?: (made: Controlled) => void;
  readonly result?: Outcome['result'];
  readonly code: string;
  /** How much later. */
  readonly laterMs?: number;
  /** What the device itself shows then. */
  readonly shows?: (made: Controlled) => unknown;
  readonly as?: unknown;
}

/** The codes are those of protocols.md 8 where it has one, else what the simulated device sends. */
const CASES: readonly Case[] = [
  {
    name: 'addPool',
    given: { pool: pool('new') },
    code: '55',
    shows: (made) => list(made, 'pools', 'POOLS').at(-1)?.URL,
    as: 'stratum+tcp://new.example:1',
  },
  {
    name: 'switchPool',
    given: { pool: 1 },
    code: '27',
    shows: (made) => list(made, 'pools', 'POOLS').map((one) => one['Stratum Active']),
    as: [false, true, true, false],
  },
  {
    name: 'disablePool',
    given: { pool: 1 },
    code: '48',
    shows: (made) => list(made, 'pools', 'POOLS')[1]?.Status,
    as: 'Disabled',
  },
  {
    name: 'enablePool',
    given: { pool: 1 },
    before: (made) => void ask(made.device(), made.now(), 'disablepool', '1'),
    code: '47',
    shows: (made) => list(made, 'pools', 'POOLS')[1]?.Status !== 'Disabled',
    as: true,
  },
  {
    name: 'removePool',
    given: { pool: 1 },
    code: '68',
    shows: (made) => list(made, 'pools', 'POOLS').length,
    as: 3,
  },
  {
    name: 'setPools',
    given: { pools: ['x', 'y', 'z'].map(pool) },
    code: '27',
    shows: (made) =>
      list(made, 'pools', 'POOLS')
        .map(({ User, Priority }) => [User, Priority === 0])
        .sort(),
    as: [
      ['x', true],
      ['y', false],
      ['z', false],
    ],
  },
  {
    name: 'restartMiner',
    code: '329',
    shows: (made) => Number(list(made, 'summary', 'SUMMARY')[0]?.Elapsed) < 60,
    as: true,
  },
  {
    name: 'reboot',
    code: '328',
    shows: (made) => Number(list(made, 'summary', 'SUMMARY')[0]?.Elapsed) < 120,
    as: true,
  },
  { name: 'pause', code: '335', shows: (made) => config(made).CurtailMode, as: 'Sleep' },
  {
    name: 'resume',
    before: (made) => change(made, 'curtail', 'sleep'),
    code: '335',
    shows: (made) => config(made).CurtailMode,
    as: 'None',
  },
  { name: 'locate', given: { on: true }, code: '326', shows: (made) => config(made).RedLed, as: 'blink' },
  {
    name: 'locate',
    given: { on: false },
    before: (made) => change(made, 'ledset', 'red,blink'),
    code: '326',
    shows: (made) => config(made).RedLed,
    as: 'auto',
  },
  {
    name: 'setFrequency',
    given: { frequencyMHz: 550, updateAtm: true },
    code: '302',
    shows: (made) =>
      [0, 1, 2].map((board) => Object.values(list(made, 'frequencyget', 'FREQUENCY', `${board}`)[0] ?? {})[2]),
    as: Array.from({ length: 3 }, () => Array.from({ length: 77 }, () => 550)),
  },
  {
    name: 'setVoltage',
    given: { voltageV: 13.2, updateAtm: true },
    code: '306',
    shows: (made) => list(made, 'voltageget', 'VOLTAGE', '2')[0]?.Voltage,
    as: 13.2,
  },
  {
    name: 'setProfile',
    given: { profile: '565MHz', updateAtm: true },
    code: '321',
    shows: (made) => config(made).Profile,
    as: '565MHz',
  },
  {
    name: 'setProfile',
    given: { profile: '-2', updateAtm: true },
    code: '321',
    shows: (made) => config(made).ProfileStep,
    as: '-2',
  },
  {
    name: 'setProfile',
    given: { profile: '2.5kW', updateAtm: true },
    code: '321',
    shows: (made) => ['540MHz', '565MHz'].includes(String(config(made).Profile)),
    as: true,
  },
  {
    name: 'setFan',
    given: { percent: 60 },
    code: '203',
    shows: (made) => list(made, 'fans', 'FANS').map(({ Speed }) => Speed),
    as: [60, 60, 60, 60],
  },
  {
    name: 'setFan',
    given: { percent: 'auto' },
    before: (made) => change(made, 'fanset', 'speed=60'),
    code: '203',
    shows: (made) => list(made, 'tempctrl', 'TEMPCTRL')[0]?.Mode,
    as: 'Automatic',
  },
  {
    name: 'setTemperatureTarget',
    given: { targetC: 58 },
    code: '330',
    shows: (made) => list(made, 'tempctrl', 'TEMPCTRL')[0]?.Target,
    as: 58,
  },
  {
    name: 'disableHashboard',
    given: { hashboard: 1 },
    code: '342',
    shows: (made) => list(made, 'devs', 'DEVS').find(({ ASC }) => ASC === 1)?.Enabled,
    as: 'N',
  },
  {
    name: 'enableHashboard',
    given: { hashboard: 1 },
    before: (made) => change(made, 'disableboard', '1'),
    code: '341',
    shows: (made) => list(made, 'devs', 'DEVS').find(({ ASC }) => ASC === 1)?.Enabled,
    as: 'Y',
  },
  {
    name: 'setNetwork',
    given: { mode: 'dhcp' },
    before: (made) => change(made, 'netset', 'ip=192.0.2.50,mask=255.255.255.0,gateway=192.0.2.1'),
    code: '347',
    shows: (made) => config(made).DHCP,
    as: true,
  },
  {
    name: 'setNetwork',
    given: { mode: 'static', address: '192.0.2.99', netmask: '255.255.255.0', gateway: '192.0.2.1' },
    result: 'accepted-unverified',
    code: '347',
    shows: (made) => [config(made).DHCP, config(made).IPAddr],
    as: [false, '192.0.2.99'],
  },
  {
    name: 'factoryReset',
    before: (made) => change(made, 'tempctrlset', 'target_temp=50'),
    result: 'accepted-unverified',
    code: '352',
    laterMs: 60_000,
    shows: (made) => list(made, 'tempctrl', 'TEMPCTRL')[0]?.Target,
    as: 60,
  },
  {
    name: 'luxos.addpool',
    given: { pool: pool('grouped'), group: 1 },
    code: '55',
    shows: (made) => list(made, 'pools', 'POOLS').find(({ User }) => User === 'grouped')?.GROUP,
    as: 1,
  },
  {
    name: 'luxos.addgroup',
    given: { name: 'third', quota: 3 },
    code: '325',
    shows: (made) => list(made, 'groups', 'GROUPS').at(-1),
    as: { GROUP: 2, Name: 'third', Quota: 3 },
  },
  {
    name: 'luxos.removegroup',
    given: { group: 1 },
    code: '327',
    shows: (made) => list(made, 'groups', 'GROUPS').length,
    as: 1,
  },
  {
    name: 'luxos.groupquota',
    given: { group: 1, quota: 5 },
    code: '320',
    shows: (made) => list(made, 'groups', 'GROUPS')[1]?.Quota,
    as: 5,
  },
  {
    name: 'luxos.atmset',
    given: {
      enabled: false,
      startupMinutes: 20,
      postRampMinutes: 9,
      tempWindowC: 6,
      minProfile: '-3',
      maxProfile: 'default',
      preventOc: true,
    },
    code: '340',
    shows: (made) => list(made, 'atm', 'ATM')[0],
    as: expect.objectContaining({
      Enabled: false,
      StartupMinutes: 20,
      PostRampMinutes: 9,
      TempWindow: 6,
      MinProfileStep: '-3',
      MaxProfile: 'default',
    }),
  },
  {
    name: 'luxos.autotunerset',
    given: { enabled: true },
    code: '346',
    shows: (made) => list(made, 'autotunerget', 'AUTOTUNERGET')[0]?.Enabled,
    as: true,
  },
  {
    name: 'luxos.curtail',
    given: { action: 'wakeup', voltageStepV: 0.5, frequencyStepMHz: 50, mode: 'unsafe' },
    before: (made) => change(made, 'curtail', 'sleep'),
    code: '335',
    shows: (made) => config(made).CurtailMode,
    as: 'None',
  },
  {
    name: 'luxos.fanset',
    given: { speed: 50, minFans: 2, powerOffSpeed: 30, minSpeed: 25, maxSpeed: 90 },
    code: '203',
    shows: (made) => [list(made, 'fans', 'FANCTRL')[0], list(made, 'fans', 'FANS')[0]?.Speed],
    as: [{ MinFans: 2, PowerOffSpeed: 30 }, 50],
  },
  {
    name: 'luxos.frequencystop',
    given: { hashboard: 0 },
    before: (made) => change(made, 'frequencyset', '0,400,update_atm=true'),
    code: '304',
    shows: (made) => list(made, 'devs', 'DEVS').find(({ ASC }) => ASC === 0)?.IsRamping,
    as: false,
  },
  { name: 'luxos.healthchipset', given: { hashboard: 0, chip: 3 }, code: '315' },
  {
    name: 'luxos.healthctrlset',
    given: { readings: 4, factor: 0.5 },
    result: 'accepted-unverified',
    code: '313',
    shows: (made) => Object.values(list(made, 'healthctrl', 'HEALTHCTRL')[0] ?? {}).sort(),
    as: [0.5, 4],
  },
  {
    name: 'luxos.immersionswitch',
    given: { on: true },
    code: '331',
    shows: (made) => config(made).ImmersionMode,
    as: true,
  },
  { name: 'luxos.kill', before: (made) => void logon(made), code: '318', shows: activeSession, as: '' },
  {
    name: 'luxos.ledset',
    given: { color: 'red', state: 'on' },
    code: '326',
    shows: (made) => config(made).RedLed,
    as: 'on',
  },
  {
    name: 'luxos.powertargetset',
    given: { powerW: 3000 },
    code: '362',
    shows: (made) => list(made, 'atm', 'ATM')[0]?.PowerTarget,
    as: 3000,
  },
  {
    name: 'luxos.profilenew',
    given: { profile: 'mine', frequencyMHz: 500, voltageV: 13 },
    code: '338',
    shows: (made) => list(made, 'profiles', 'PROFILES').find((one) => one['Profile Name'] === 'mine'),
    as: expect.objectContaining({ Frequency: 500, Voltage: 13 }),
  },
  {
    name: 'luxos.profilerem',
    given: { profile: 'mine' },
    before: (made) => change(made, 'profilenew', 'mine,500,13'),
    code: '343',
    shows: (made) => list(made, 'profiles', 'PROFILES').some((one) => one['Profile Name'] === 'mine'),
    as: false,
  },
  { name: 'luxos.profilerestore', given: { profile: '565MHz' }, code: '344' },
  {
    name: 'luxos.profileset',
    given: { profile: '565MHz', frequencyStepMHz: 10, voltageStepV: 0.1, updateAtm: true },
    code: '321',
    shows: (made) => config(made).Profile,
    as: '565MHz',
  },
  {
    name: 'luxos.reboot',
    given: { hashboard: 1, delayS: 10 },
    code: '305',
    shows: (made) => Number(list(made, 'devs', 'DEVS').find(({ ASC }) => ASC === 1)?.['Device Elapsed']) < 60,
    as: true,
  },
  {
    name: 'luxos.tempctrlset',
    given: {
      targetC: 55,
      hotC: 65,
      dangerousC: 72,
      chipHotC: 80,
      chipDangerousC: 90,
      waterInletDangerousC: 50,
    },
    code: '330',
    shows: (made) => list(made, 'tempctrl', 'TEMPCTRL')[0],
    as: expect.objectContaining({
      Target: 55,
      Hot: 65,
      Dangerous: 72,
      ChipHot: 80,
      ChipDangerous: 90,
      WaterInletDangerous: 50,
    }),
  },
  { name: 'luxos.tunableswitch', given: { on: true }, result: 'accepted-unverified', code: '309' },
  {
    name: 'luxos.tunerswitch',
    given: { on: true, updateAtm: true },
    code: '308',
    shows: (made) => config(made).IsTuning,
    as: true,
  },
  { name: 'luxos.uninstallluxos', result: 'accepted-unverified', code: '353' },
  {
    name: 'luxos.updaterun',
    code: '333',
    shows: (made) => list(made, 'version', 'VERSION')[0]?.LUXminer !== '2025.7.10.152155-6e13fb74',
    as: true,
  },
  {
    name: 'luxos.hashboardoptsset',
    given: { settings: 'overtemp_auto_recovery=false' },
    code: '349',
    shows: (made) => list(made, 'hashboardopts', 'HASHBOARDOPTS')[0]?.OvertempAutoRecovery,
    as: false,
  },
  {
    name: 'luxos.tempsensorset',
    given: { settings: 'bad_average_threshold=3' },
    code: '351',
    shows: (made) => list(made, 'tempsensor', 'TEMPSENSOR')[0]?.BadAverageThreshold,
    as: 3,
  },
  {
    name: 'luxos.pooloptsset',
    given: { settings: 'reconnect_timeout=60' },
    code: '356',
    shows: (made) => list(made, 'poolopts', 'POOLOPTS')[0]?.ReconnectTimeout,
    as: 60,
  },
  {
    name: 'luxos.psuset',
    given: { settings: 'voltage=13' },
    code: '361',
    shows: (made) => list(made, 'psuget', 'PSUGET')[0]?.Voltage,
    as: 13,
  },
  {
    name: 'luxos.updateset',
    given: { settings: 'source=https://updates.example/beta' },
    code: '332',
    shows: (made) => config(made).UpdateSource,
    as: 'https://updates.example/beta',
  },
  {
    name: 'luxos.logset',
    given: { settings: 'debug' },
    code: '358',
    shows: (made) => config(made).LogFileLevel,
    as: 'debug',
  },
];

describe('a LuxOS machine does it, and shows it to others', () => {
  test.each(CASES)('$name $given: code $code', async (item) => {
    const { name, given, before, result = 'done', code, laterMs = 0, shows, as } = item;
    const made = await machine();
    before?.(made);
    if (shows !== undefined) expect(shows(made)).not.toEqual(as);
    const outcome = await run(made, name, given);
    expect({ result: outcome.result, code: outcome.vendorCode }).toEqual({ result, code });
    await made.pass(laterMs);
    if (shows !== undefined) expect(shows(made)).toEqual(as);
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
    if (name !== 'luxos.uninstallluxos') expect(activeSession(made)).toBe('');
  });

  test('and nothing that it can do is left out', () => {
    const family = familyById('luxos');
    const identity = blankIdentity('luxos');
    const names = [
      ...Object.keys(family?.actions(identity) ?? {}),
      ...Object.keys(family?.own?.(identity) ?? {}).map((name) => `luxos.${name}`),
    ];
    expect([...new Set(CASES.map(({ name }) => name))].sort()).toEqual(names.sort());
  });
});

describe('what a LuxOS machine refuses, in its own words', () => {
  test.each([
    ['setProfile', { profile: '565MHz' }],
    ['setFrequency', { frequencyMHz: 550 }],
    ['setVoltage', { voltageV: 13.2 }],
    ['luxos.tunerswitch', { on: false }],
  ])('%s while ATM runs', async (name, given) => {
    const made = await machine();
    const plan = await made.miner.plan(name, given);
    expect(plan.preview).toContain('ATM is on');
    const outcome = await plan.run();
    expect(outcome).toMatchObject({
      result: 'refused',
      vendorText: 'Cannot run this command while ATM is running',
    });
    expect(activeSession(made)).toBe('');
  });

  test('a light that it does not have', async () => {
    const made = await machine();
    expect(await run(made, 'luxos.ledset', { color: 'green', state: 'on' })).toMatchObject({
      result: 'refused',
      vendorCode: '401',
    });
    expect(activeSession(made)).toBe('');
  });

  test('the first unsafe wakeup behind a restart, which it slept through', async () => {
    const made = await machine();
    expect(await run(made, 'pause')).toMatchObject({ result: 'done' });
    expect(await run(made, 'reboot')).toMatchObject({ result: 'done' });
    expect(config(made).CurtailMode).toBe('Sleep');
    expect((await made.miner.read()).state).toBe('paused');
    expect(await run(made, 'luxos.curtail', { action: 'wakeup', mode: 'unsafe' })).toMatchObject({ result: 'refused' });
    expect(await run(made, 'resume')).toMatchObject({ result: 'done' });
  });

  test('an action that takes a file is not there, and why is said', async () => {
    const made = await machine();
    await expect(made.miner.plan('updateFirmware')).rejects.toThrow(/fetches its firmware itself.*luxos.updaterun/);
    await expect(made.miner.plan('setPowerLimit', { powerW: 3000 })).rejects.toThrow(/set-profile takes watts/);
  });
});

describe('the session', () => {
  test('is in no preview and no outcome', async () => {
    const made = await machine();
    const plan = await made.miner.plan('setFan', { percent: 60 });
    expect(plan.requests).toEqual([
      '{"command":"logon"}',
      '{"command":"fanset","parameter":"<session>,speed=60"}',
      '{"command":"logoff","parameter":"<session>"}',
    ]);
    const outcome = await plan.run();
    expect(outcome.sent.map(({ shown }) => shown)).toEqual(['{"command":"fanset","parameter":"<session>,speed=60"}']);
  });

  test('that somebody else holds keeps us out: nothing is sent, and what to do is said', async () => {
    const made = await machine();
    const foreign = logon(made);
    const outcome = await run(made, 'setFan', { percent: 61 });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '402', error: { code: 'device/busy' }, sent: [] });
    expect(outcome.why).toMatch(/Another session is active.*--take-over ends it now/s);
    expect(JSON.stringify(outcome)).not.toContain(foreign);
    expect(activeSession(made)).toBe(foreign);
    expect(list(made, 'fans', 'FANS')[0]?.Speed).not.toBe(61);
  });

  test('that somebody else left ends by itself after a minute', async () => {
    const made = await machine();
    logon(made);
    await made.pass(61_000);
    expect(await run(made, 'setFan', { percent: 61 })).toMatchObject({ result: 'done' });
  });

  test('that somebody else holds is taken over when we are told to', async () => {
    const made = await machine();
    const foreign = logon(made);
    expect(await run(made, 'setFan', { percent: 61 }, true)).toMatchObject({ result: 'done' });
    expect(activeSession(made)).toBe('');
    expect(ask(made.device(), made.now(), 'fanset', `${foreign},speed=20`).STATUS).toMatchObject([{ Code: 408 }]);
  });

  test('that is stolen between two commands: the code of the device, what was done, and the thief keeps it', async () => {
    const made = await machine();
    const plan = await made.miner.plan('setFrequency', { frequencyMHz: 550, updateAtm: true });
    let thief = '';
    const outcome = await plan.run({
      onProgress: ({ phase, step }) => {
        if (phase !== 'sending' || step !== 2) return;
        ask(made.device(), made.now(), 'kill');
        thief = logon(made);
      },
    });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '408', error: { code: 'auth/expired' } });
    expect(outcome.why).toMatch(/1 of 3 requests had been accepted before/);
    expect(outcome.sent).toHaveLength(2);
    expect(thief).not.toBe('');
    expect(activeSession(made)).toBe(thief);
  });

  test('that times out between two commands is expired too', async () => {
    const made = await machine();
    const plan = await made.miner.plan('setFrequency', { frequencyMHz: 550, updateAtm: true });
    const outcome = await plan.run({
      onProgress: ({ phase, step }) => {
        if (phase === 'sending' && step === 2) void made.pass(61_000);
      },
    });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '408', error: { code: 'auth/expired' } });
    expect(activeSession(made)).toBe('');
  });

  test('that a crash of ours left is gone on with and closed by the next run', async () => {
    const sessions = keptSessions();
    const made = await machine({ miner: { sessions } });
    const left = logon(made);
    sessions.remember(made.miner.address, left);
    expect(await run(made, 'setFan', { percent: 61 })).toMatchObject({ result: 'done' });
    expect(activeSession(made)).toBe('');
    expect(sessions.kept.size).toBe(0);
  });

  test('that a crash of ours left, and that is now somebody else’s, is not taken', async () => {
    const sessions = keptSessions();
    const made = await machine({ miner: { sessions } });
    const left = logon(made);
    sessions.remember(made.miner.address, left);
    ask(made.device(), made.now(), 'kill');
    const foreign = logon(made);
    expect(await run(made, 'setFan', { percent: 61 })).toMatchObject({ result: 'refused', vendorCode: '402' });
    expect(activeSession(made)).toBe(foreign);
  });
});

describe('over the mirror on port 8080', () => {
  test('a machine whose port 4028 is not known is read and changed, session and all', async () => {
    const made = await machine({ without: ['cgminer'] });
    expect((await made.miner.read()).identity.model).toBe('Antminer S19k Pro');
    const plan = await made.miner.plan('setFan', { percent: 60 });
    expect(plan.requests[1]).toMatch(/^POST \/api\n\n\{"command":"fanset","parameter":"<session>,speed=60"\}$/);
    expect(await plan.run()).toMatchObject({ result: 'done' });
    expect(list(made, 'fans', 'FANS')[0]?.Speed).toBe(60);
    expect(activeSession(made)).toBe('');
  });

  test('its pools are set, though their list is read again between the steps', async () => {
    const made = await machine({ without: ['cgminer'] });
    expect(await run(made, 'setPools', { pools: ['x', 'y'].map(pool) })).toMatchObject({ result: 'done' });
    expect(
      list(made, 'pools', 'POOLS')
        .map(({ User }) => User)
        .sort(),
    ).toEqual(['x', 'y']);
  });
});

test('a poll is one connection: its power target and its events come with the rest', async () => {
  const made = await machine();
  change(made, 'powertargetset', 'power=3000');
  await made.miner.read();
  const snapshot = await made.miner.read();
  expect(snapshot.powerLimitW).toBe(3000);
  expect(snapshot.replies.filter(({ at }) => at === made.now()).map(({ request }) => request)).toEqual(
    Array(10).fill('summary+stats+pools+devs+fans+temps+power+config+atm+events'),
  );
});
