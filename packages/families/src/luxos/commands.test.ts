import {
  ACTIONS,
  type Action,
  blankIdentity,
  type HeadframeError,
  type Prepared,
  readParameters,
  type StepVerdict,
} from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOfLuxos, lacksOfLuxos, ownOfLuxos } from './commands.ts';
import { luxos } from './index.ts';
import { LuxosDouble, said } from './machine.testing.ts';

const KEY = 'yJN2nlj1';
/** Under the names that a person gives. */
const actions: Readonly<Record<string, Action>> = {
  ...actionsOfLuxos(),
  ...Object.fromEntries(Object.entries(ownOfLuxos()).map(([name, action]) => [`luxos.${name}`, action])),
};

async function prepare(double: LuxosDouble, name: string, given: Record<string, unknown> = {}): Promise<Prepared> {
  const action = actions[name];
  if (action === undefined) throw new Error(`no action ${name}`);
  return action.prepare(double.links(), readParameters(name, action, given));
}

const requestsOf = ({ steps }: Prepared): string[] =>
  steps.map((step) => {
    const request = step.request(KEY);
    return 'bytes' in request ? new TextDecoder().decode(request.bytes).trimEnd() : request.over;
  });

const command = (name: string, parameter?: string) =>
  JSON.stringify(parameter === undefined ? { command: name } : { command: name, parameter });
/** With the session first. */
const inSession = (name: string, rest?: string) => command(name, rest === undefined ? KEY : `${KEY},${rest}`);

const pool = { url: 'stratum+tcp://n.example:1', worker: 'a,b', password: 's3cret' };

describe('what leaves, to the byte', () => {
  const common: [name: string, given: Record<string, unknown>, requests: string[]][] = [
    ['addPool', { pool }, [command('addpool', 'stratum+tcp://n.example:1,a\\,b,s3cret')]],
    ['switchPool', { pool: 0 }, [command('switchpool', '0')]],
    ['enablePool', { pool: 0 }, [command('enablepool', '0')]],
    ['disablePool', { pool: 0 }, [command('disablepool', '0')]],
    ['removePool', { pool: 0 }, [command('removepool', '0')]],
    [
      'setPools',
      { pools: [pool] },
      [
        command('addpool', 'stratum+tcp://n.example:1,a\\,b,s3cret'),
        command('switchpool', '1'),
        command('disablepool', '0'),
        command('removepool', '0'),
        command('switchpool', '0'),
      ],
    ],
    ['restartMiner', {}, [inSession('resetminer')]],
    ['reboot', {}, [inSession('rebootdevice')]],
    ['pause', {}, [inSession('curtail', 'sleep')]],
    ['resume', {}, [inSession('curtail', 'wakeup')]],
    ['locate', { on: true }, [inSession('ledset', 'red,blink')]],
    ['locate', { on: 'off' }, [inSession('ledset', 'red,auto')]],
    ['setFrequency', { frequencyMHz: 500 }, [0, 1, 2].map((board) => inSession('frequencyset', `${board},500`))],
    [
      'setFrequency',
      { frequencyMHz: 500, hashboard: 2, updateAtm: true },
      [inSession('frequencyset', '2,500,update_atm=true')],
    ],
    ['setVoltage', { voltageV: 12.5 }, [0, 1, 2].map((board) => inSession('voltageset', `${board},12.5`))],
    ['setVoltage', { voltageV: '12.5V', hashboard: 1 }, [inSession('voltageset', '1,12.5')]],
    ['setProfile', { profile: '315MHz' }, [inSession('profileset', '315MHz')]],
    ['setProfile', { profile: '+1', updateAtm: true }, [inSession('profileset', '+1,update_atm=true')]],
    ['setFan', { percent: 60 }, [inSession('fanset', 'speed=60')]],
    ['setFan', { percent: 'auto' }, [inSession('fanset', 'speed=-1')]],
    ['setTemperatureTarget', { targetC: 60 }, [inSession('tempctrlset', 'target_temp=60')]],
    ['enableHashboard', { hashboard: 1 }, [inSession('enableboard', '1')]],
    ['disableHashboard', { hashboard: 1 }, [inSession('disableboard', '1')]],
    ['setNetwork', { mode: 'dhcp' }, [inSession('netset', 'dhcp')]],
    [
      'setNetwork',
      { mode: 'static', address: '10.0.0.9', netmask: '255.255.255.0', gateway: '10.0.0.1', dns: '1.1.1.1' },
      [inSession('netset', 'ip=10.0.0.9,mask=255.255.255.0,gateway=10.0.0.1,dns=1.1.1.1')],
    ],
    ['factoryReset', {}, [inSession('resetconfig')]],
  ];
  const own: typeof common = [
    ['luxos.addpool', { pool, group: 1 }, [command('addpool', 'stratum+tcp://n.example:1,a\\,b,s3cret,1')]],
    ['luxos.addgroup', { name: 'second', quota: 2 }, [command('addgroup', 'second,2')]],
    ['luxos.removegroup', { group: 1 }, [command('removegroup', '1')]],
    ['luxos.groupquota', { group: 0, quota: 5 }, [command('groupquota', '0,5')]],
    ['luxos.atmset', { enabled: true }, [inSession('atmset', 'enabled=true')]],
    [
      'luxos.atmset',
      {
        startupMinutes: 20,
        postRampMinutes: 9,
        tempWindowC: 6.5,
        minProfile: 'none',
        maxProfile: '+1',
        preventOc: true,
      },
      [
        inSession(
          'atmset',
          'startup_minutes=20,post_ramp_minutes=9,temp_window=6.5,min_profile=,max_profile=+1,prevent_oc=true',
        ),
      ],
    ],
    ['luxos.autotunerset', { enabled: false }, [inSession('autotunerset', 'enabled=false')]],
    ['luxos.curtail', { action: 'sleep' }, [inSession('curtail', 'sleep')]],
    [
      'luxos.curtail',
      { action: 'wakeup', voltageStepV: 0.5, frequencyStepMHz: 50, mode: 'unsafe' },
      [inSession('curtail', 'wakeup,voltage_step=0.5,frequency_step=50,mode=unsafe')],
    ],
    [
      'luxos.fanset',
      { speed: 'auto', minFans: 0, powerOffSpeed: 30, minSpeed: -1, maxSpeed: 90 },
      [inSession('fanset', 'speed=-1,min_fans=0,power_off_speed=30,min_speed=-1,max_speed=90')],
    ],
    ['luxos.frequencystop', { hashboard: 0 }, [inSession('frequencystop', '0')]],
    ['luxos.healthchipset', { hashboard: 0 }, [inSession('healthchipset', '0')]],
    ['luxos.healthchipset', { hashboard: 0, chip: 76 }, [inSession('healthchipset', '0,76')]],
    ['luxos.healthctrlset', { readings: 3, factor: 1.5 }, [inSession('healthctrlset', '3,1.5')]],
    ['luxos.immersionswitch', { on: true }, [inSession('immersionswitch', 'on')]],
    ['luxos.tunableswitch', { on: false }, [inSession('tunableswitch', 'off')]],
    ['luxos.tunerswitch', { on: false, updateAtm: true }, [inSession('tunerswitch', 'off,update_atm=true')]],
    ['luxos.kill', {}, [command('kill')]],
    ['luxos.ledset', { color: 'green', state: 'blink' }, [inSession('ledset', 'green,blink')]],
    ['luxos.powertargetset', { powerW: 3200 }, [inSession('powertargetset', 'power=3200')]],
    [
      'luxos.profilenew',
      { profile: 'mine', frequencyMHz: 500, voltageV: 12.9 },
      [inSession('profilenew', 'mine,500,12.9')],
    ],
    ['luxos.profilerem', { profile: '315MHz' }, [inSession('profilerem', '315MHz')]],
    ['luxos.profilerestore', { profile: '315MHz' }, [inSession('profilerestore', '315MHz')]],
    [
      'luxos.profileset',
      { profile: '1300W', frequencyStepMHz: 10, voltageStepV: 0.1, updateAtm: true },
      [inSession('profileset', '1300W,frequency_step=10,voltage_step=0.1,update_atm=true')],
    ],
    ['luxos.reboot', { hashboard: 1 }, [inSession('reboot', '1')]],
    ['luxos.reboot', { hashboard: 1, delayS: 0 }, [inSession('reboot', '1,0')]],
    [
      'luxos.tempctrlset',
      {
        targetC: 60,
        hotC: 66.5,
        dangerousC: 72,
        chipHotC: 81,
        chipDangerousC: 86,
        waterInletDangerousC: 50,
      },
      [
        inSession(
          'tempctrlset',
          'target_temp=60,hot_temp=66.5,dangerous_temp=72,chip_hot_temp=81,chip_dangerous_temp=86,water_inlet_dangerous_temp=50',
        ),
      ],
    ],
    ['luxos.updaterun', {}, [inSession('updaterun')]],
    ['luxos.uninstallluxos', {}, [inSession('uninstallluxos')]],
    [
      'luxos.hashboardoptsset',
      { settings: 'overtemp_auto_recovery=false' },
      [inSession('hashboardoptsset', 'overtemp_auto_recovery=false')],
    ],
    [
      'luxos.tempsensorset',
      { settings: 'bad_average_threshold=3' },
      [inSession('tempsensorset', 'bad_average_threshold=3')],
    ],
    ['luxos.psuset', { settings: 'a=1,b=x' }, [inSession('psuset', 'a=1,b=x')]],
    [
      'luxos.updateset',
      { settings: 'source=https://x.example/?a=b' },
      [inSession('updateset', 'source=https://x.example/?a=b')],
    ],
    ['luxos.pooloptsset', { settings: 'a=1' }, [command('pooloptsset', 'a=1')]],
    ['luxos.logset', { settings: 'debug' }, [command('logset', 'debug')]],
  ];
  test.each([...common, ...own])('%s %j', async (name, given, requests) => {
    expect(requestsOf(await prepare(new LuxosDouble(), name, given))).toEqual(requests);
  });

  test('nothing that it can do is left out here', () => {
    expect([...new Set([...common, ...own].map(([name]) => name))].sort()).toEqual(Object.keys(actions).sort());
  });

  test('every action of the vocabulary is there, or there is a reason why not', () => {
    const told = [...Object.keys(luxos.actions(blankIdentity('luxos'))), ...Object.keys(lacksOfLuxos())];
    expect(told.sort()).toEqual(Object.keys(ACTIONS).sort());
  });

  test('looking what would be sent sends nothing but reads', async () => {
    for (const [name, given] of [...common, ...own]) {
      const double = new LuxosDouble();
      await prepare(double, name, given);
      const asked = double.got.flatMap((text) => (JSON.parse(text) as { command: string }).command.split('+'));
      expect(
        asked.filter((one) => /set$|switch$|^(add|remove)|logon|kill|curtail|^re(boot|set)|run$/.test(one)),
      ).toEqual([]);
    }
  });

  test('no password and no session id is in what is shown', async () => {
    for (const [name, given] of [...common, ...own]) {
      const { steps } = await prepare(new LuxosDouble(), name, given);
      const shown = steps.map((step) => step.request(KEY).shown).join('\n');
      expect(shown).not.toContain('s3cret');
      expect(shown).not.toContain(KEY);
    }
  });
});

describe('what is refused before anything is sent, with its range', () => {
  const cases: [name: string, given: Record<string, unknown>, why: RegExp][] = [
    ['setFan', { percent: 101 }, /0 to 100 %, or auto.*LuxOS fanset/],
    ['setFan', { percent: -2 }, /0 to 100 %/],
    [
      'setFrequency',
      { frequencyMHz: 100 },
      /190 to 790 MHz on this machine \(LuxOS limits, FrequencyMin and FrequencyMax\)/,
    ],
    ['setVoltage', { voltageV: 15 }, /11.88 to 14.7 V on this machine/],
    ['setVoltage', { voltageV: 12, hashboard: 3 }, /no hashboard 3 \(it has: 0, 1, 2\)/],
    ['enableHashboard', { hashboard: 4 }, /0 to 3/],
    ['setProfile', { profile: '999MHz' }, /no profile of that name.*290MHz/],
    ['setProfile', { profile: 'a,b' }, /without , and =/],
    ['luxos.profileset', { profile: 'default', frequencyStepMHz: 150 }, /frequencyStepMHz takes 1 to 100 MHz/],
    ['luxos.curtail', { action: 'wakeup', voltageStepV: 2 }, /voltageStepV takes 0.01 to 1 V/],
    ['luxos.curtail', { action: 'doze' }, /sleep or wakeup/],
    ['setTemperatureTarget', { targetC: 71 }, /target_temp \(71 °C\) would be above Hot of the machine \(70 °C\)/],
    ['luxos.tempctrlset', { hotC: 80, dangerousC: 78 }, /hot_temp \(80 °C\) would be above dangerous_temp \(78 °C\)/],
    [
      'luxos.tempctrlset',
      { chipDangerousC: 79 },
      /ChipHot of the machine \(80 °C\) would be above chip_dangerous_temp/,
    ],
    ['luxos.tempctrlset', {}, /needs one of its parameters/],
    ['luxos.atmset', {}, /needs one of its parameters/],
    ['luxos.fanset', { minSpeed: 19 }, /20 to 100 %, or -1 for the default/],
    ['luxos.fanset', { maxSpeed: 49 }, /50 to 100 %/],
    ['luxos.fanset', { minSpeed: 80, maxSpeed: 60 }, /minSpeed 80 % is above maxSpeed 60 %/],
    ['setNetwork', { mode: 'static', address: '10.0.0.9' }, /static needs address, netmask and gateway/],
    ['setNetwork', { mode: 'dhcp', address: '10.0.0.9' }, /dhcp takes no addresses/],
    ['setNetwork', { mode: 'static', address: '10.0.0.256', netmask: '1.1.1.1', gateway: '1.1.1.1' }, /IPv4 address/],
    ['luxos.profilerem', { profile: 'none' }, /no profile "none"/],
    ['switchPool', { pool: 5 }, /not 5/],
    ['luxos.powertargetset', { powerW: 0 }, /1 to 50,000 W/],
  ];
  test.each(cases)('%s %j', async (name, given, why) => {
    const error = await prepare(new LuxosDouble(), name, given).catch((thrown) => thrown as HeadframeError);
    expect(error).toMatchObject({ code: 'usage/invalid' });
    expect((error as HeadframeError).message).toMatch(why);
  });

  test('a machine that does not tell its limits decides itself; one that does not answer is not asked to', async () => {
    const old = new LuxosDouble({ limits: said(14, 'Invalid command', 'E') });
    expect((await prepare(old, 'setFrequency', { frequencyMHz: 100 })).notes).toContain(
      'The machine does not tell its limits: it decides itself',
    );
    const gone = new LuxosDouble();
    gone.isClosed = true;
    await expect(prepare(gone, 'setFrequency', { frequencyMHz: 500 })).rejects.toMatchObject({ code: 'link/refused' });
  });
});

describe('what a person is told first', () => {
  const config = (changed: Record<string, unknown>) => ({ ...said(33, 'config'), CONFIG: [changed] });

  test.each(['setProfile', 'setFrequency', 'setVoltage', 'luxos.tunerswitch'])(
    '%s: ATM is on, and will refuse it',
    async (name) => {
      const given: Record<string, Record<string, unknown>> = {
        setProfile: { profile: 'default' },
        setFrequency: { frequencyMHz: 500 },
        setVoltage: { voltageV: 12 },
        'luxos.tunerswitch': { on: true },
      };
      const parameters = given[name] ?? {};
      const double = new LuxosDouble({ config: config({ IsAtmEnabled: true, Profile: 'x' }) });
      expect((await prepare(double, name, parameters)).notes?.join()).toMatch(/ATM is on: the machine refuses this/);
      expect((await prepare(double, name, { ...parameters, updateAtm: true })).notes?.join() ?? '').not.toMatch(
        /ATM is on/,
      );
      const off = new LuxosDouble();
      expect((await prepare(off, name, parameters)).notes?.join() ?? '').not.toMatch(/ATM is on/);
    },
  );

  test('a machine with one voltage for all boards is asked once', async () => {
    const double = new LuxosDouble({ config: config({ IsSingleVoltage: true }) });
    const prepared = await prepare(double, 'setVoltage', { voltageV: 12 });
    expect(requestsOf(prepared)).toEqual([inSession('voltageset', '0,12')]);
    expect(prepared.notes?.join()).toMatch(/it changes for all of them/);
  });

  test('an address that changes cannot be read back here, and where to look is said', async () => {
    const given = { mode: 'static', address: '10.0.0.9', netmask: '255.0.0.0', gateway: '10.0.0.1' };
    const moved = await prepare(new LuxosDouble(), 'setNetwork', given);
    expect(moved.readBack).toEqual({ never: 'the machine moves from 10.0.0.46 to 10.0.0.9: look for it there' });
    const stays = await prepare(new LuxosDouble(), 'setNetwork', { ...given, address: '10.0.0.46' });
    expect(stays.readBack).toMatchObject({ looksAt: 'network of config' });
  });
});

/** Reads the machine once, as the client does behind the last step. */
async function look(double: LuxosDouble, name: string, given: Record<string, unknown>, change: () => void) {
  const prepared = await prepare(double, name, given);
  if ('never' in prepared.readBack) return prepared.readBack;
  const before = (await prepared.readBack.look(double.links(), double.now)).done;
  const sentAt = double.now;
  double.now += 5_000;
  change();
  return { before, ...(await prepared.readBack.look(double.links(), sentAt)) };
}

describe('how it is seen', () => {
  const record = (command: string, section: string, values: object | object[]) => ({
    [command]: { ...said(1, 'x'), [section]: [values].flat() },
  });
  const config = (values: object) => record('config', 'CONFIG', values);
  const boards = (values: object) =>
    record(
      'devs',
      'DEVS',
      [2, 0, 1].map((ASC) => ({ ASC, Enabled: 'Y', ...values })),
    );
  const fans = (Speed: number, control = {}) => ({
    fans: { ...said(202, 'x'), FANS: [{ Speed }, { Speed }], FANCTRL: [control] },
  });
  const profile = (name: string, more = {}) => ({ 'Profile Name': name, ...more });
  const cases: [name: string, given: Record<string, unknown>, after: Record<string, unknown>][] = [
    ['pause', {}, config({ CurtailMode: 'Sleep' })],
    ['locate', { on: true }, config({ RedLed: 'blink' })],
    ['setFrequency', { frequencyMHz: 500, hashboard: 1 }, record('frequencyget', 'FREQUENCY', { Freqs: [500, 500] })],
    ['setVoltage', { voltageV: 12.5, hashboard: 1 }, record('voltageget', 'VOLTAGE', { Voltage: 12.48 })],
    ['setProfile', { profile: '315MHz' }, config({ Profile: '315MHz' })],
    ['setProfile', { profile: '1300W' }, config({ Profile: 'default' })],
    ['setFan', { percent: 60 }, fans(60)],
    ['setTemperatureTarget', { targetC: 60 }, record('tempctrl', 'TEMPCTRL', { Target: '60.0' })],
    ['disableHashboard', { hashboard: 1 }, boards({ Enabled: 'N' })],
    ['disableHashboard', { hashboard: 1 }, boards({ IsUserShutdown: true })],
    ['restartMiner', {}, record('summary', 'SUMMARY', { Elapsed: 3 })],
    ['luxos.reboot', { hashboard: 1 }, boards({ 'Device Elapsed': 3 })],
    ['luxos.reboot', { hashboard: 1, delayS: 0 }, boards({ Enabled: 'N' })],
    [
      'luxos.addgroup',
      { name: 'b', quota: 2 },
      record('groups', 'GROUPS', [{ GROUP: 0 }, { GROUP: 1, Name: 'b', Quota: 2 }]),
    ],
    ['luxos.removegroup', { group: 0 }, record('groups', 'GROUPS', [])],
    ['luxos.groupquota', { group: 0, quota: 5 }, record('groups', 'GROUPS', { GROUP: 0, Quota: 5.0 })],
    ['luxos.atmset', { enabled: true, maxProfile: '+1' }, record('atm', 'ATM', { Enabled: true, MaxProfileStep: '1' })],
    [
      'luxos.atmset',
      { minProfile: 'none', maxProfile: 'x' },
      record('atm', 'ATM', { MinProfile: '', MaxProfile: 'x' }),
    ],
    ['luxos.autotunerset', { enabled: true }, record('autotunerget', 'AUTOTUNERGET', { Enabled: 'true' })],
    ['luxos.fanset', { minFans: 3, powerOffSpeed: 30 }, fans(20, { MinFans: 3, PowerOffSpeed: 30 })],
    ['luxos.fanset', { speed: 40 }, fans(40)],
    ['luxos.healthchipset', { hashboard: 0 }, record('healthchipget', 'CHIPS', { Chip: 0, IsChecking: true })],
    [
      'luxos.healthchipset',
      { hashboard: 0, chip: 0 },
      record('healthchipget', 'CHIPS', { Chip: 0, When: 1760243640544 }),
    ],
    ['luxos.immersionswitch', { on: true }, config({ ImmersionMode: true })],
    ['luxos.tunerswitch', { on: false }, config({ IsTuning: false })],
    ['luxos.ledset', { color: 'green', state: 'off' }, config({ GreenLed: 'off' })],
    ['luxos.powertargetset', { powerW: 3200 }, record('atm', 'ATM', { PowerTarget: 3200 })],
    ['luxos.profilenew', { profile: 'm', frequencyMHz: 5, voltageV: 5 }, record('profiles', 'PROFILES', profile('m'))],
    ['luxos.profilerem', { profile: '315MHz' }, record('profiles', 'PROFILES', profile('default'))],
    [
      'luxos.profilerestore',
      { profile: '315MHz' },
      record('profiles', 'PROFILES', profile('315MHz', { HasOverrides: false })),
    ],
    ['luxos.updaterun', {}, record('version', 'VERSION', { LUXminer: '2025.5.1-b' })],
    ['luxos.uninstallluxos', {}, record('version', 'VERSION', { CGMiner: '4.11.1' })],
    [
      'luxos.hashboardoptsset',
      { settings: 'overtemp_auto_recovery=false' },
      record('hashboardopts', 'X', { OvertempAutoRecovery: 'false' }),
    ],
    ['luxos.updateset', { settings: 'source=https://x.example' }, config({ UpdateSource: 'https://x.example' })],
    ['luxos.logset', { settings: 'debug' }, config({ LogFileLevel: 'debug' })],
    ['luxos.logset', { settings: 'file_level=warn' }, config({ LogFileLevel: 'warn' })],
  ];
  test.each(cases)('%s %j: by what the machine says then, and not before', async (name, given, after) => {
    const double = new LuxosDouble();
    const seen = await look(double, name, given, () => void Object.assign(double.answers, after));
    expect(seen).toMatchObject({ before: false, done: true });
  });

  test('a machine that wakes up is no longer asleep', async () => {
    const double = new LuxosDouble(config({ CurtailMode: 'Sleep' }));
    const seen = await look(
      double,
      'resume',
      {},
      () => void Object.assign(double.answers, config({ CurtailMode: 'WakeUp' })),
    );
    expect(seen).toMatchObject({ before: false, done: true, values: { curtailMode: 'WakeUp' } });
  });

  test('the fans are in the hands of the firmware again', async () => {
    const mode = (Mode: string) => record('tempctrl', 'TEMPCTRL', { Mode });
    const double = new LuxosDouble(mode('Manual'));
    const seen = await look(
      double,
      'setFan',
      { percent: 'auto' },
      () => void Object.assign(double.answers, mode('Automatic')),
    );
    expect(seen).toMatchObject({ before: false, done: true });
  });

  test('a session that was ended is not there any more', async () => {
    const double = new LuxosDouble();
    double.session = { id: 'foreign1', usedAt: double.now };
    const seen = await look(double, 'luxos.kill', {}, () => {
      double.session = null;
    });
    expect(seen).toEqual({ before: false, done: true, values: { isOpen: false } });
  });

  test('a ramp that was stopped is over', async () => {
    const double = new LuxosDouble(boards({ IsRamping: true }));
    const seen = await look(
      double,
      'luxos.frequencystop',
      { hashboard: 0 },
      () => void Object.assign(double.answers, boards({ IsRamping: false })),
    );
    expect(seen).toMatchObject({ before: false, done: true });
  });

  test('what a machine says yes to and does not do is not seen as done', async () => {
    for (const [name, given] of cases) {
      expect(await look(new LuxosDouble(), name, given, () => {})).toMatchObject({ done: false });
    }
  });

  test.each([
    ['factoryReset', {}],
    ['luxos.healthctrlset', { readings: 1, factor: 1 }],
    ['luxos.tunableswitch', { on: true }],
    ['luxos.fanset', { minSpeed: 30 }],
    ['luxos.atmset', { preventOc: true }],
    ['luxos.pooloptsset', { settings: 'a=1' }],
  ])('%s %j cannot be seen, and why is a sentence', async (name, given) => {
    const { readBack } = await prepare(new LuxosDouble(), name, given);
    expect('never' in readBack && readBack.never.length).toBeGreaterThan(20);
  });

  test('clocks that differ, or that nobody tells, are not the wanted one', async () => {
    for (const Freqs of [[500, 490], [], ['x'], null]) {
      const double = new LuxosDouble(record('frequencyget', 'FREQS', { Freqs }));
      expect(await look(double, 'setFrequency', { frequencyMHz: 500 }, () => {})).toMatchObject({ done: false });
    }
  });

  test('a machine that answers rubbish while it is looked at is an error of the table', async () => {
    const { readBack } = await prepare(new LuxosDouble(), 'pause');
    const links = {
      ...new LuxosDouble().links(),
      cgminer: {
        exchange: async () => ({ bytes: new TextEncoder().encode('<html>'), at: 1, ms: 1, ended: 'fin' as const }),
      },
    };
    await expect('look' in readBack ? readBack.look(links, 0) : null).rejects.toMatchObject({
      code: 'protocol/wrong-shape',
    });
  });
});

test('only what takes the machine away may fall silent', async () => {
  const given: Record<string, Record<string, unknown>> = {
    setNetwork: { mode: 'dhcp' },
    setFan: { percent: 60 },
    setPools: { pools: [pool] },
  };
  for (const name of [
    'restartMiner',
    'reboot',
    'factoryReset',
    'setNetwork',
    'luxos.updaterun',
    'luxos.uninstallluxos',
  ]) {
    const { steps } = await prepare(new LuxosDouble(), name, given[name]);
    expect(steps.map(({ silenceIsFine }) => silenceIsFine)).toEqual([true]);
  }
  for (const name of ['pause', 'setFan', 'setPools']) {
    const { steps } = await prepare(new LuxosDouble(), name, given[name]);
    expect(steps.some(({ silenceIsFine }) => silenceIsFine === true)).toBe(false);
  }
});

test('taking LuxOS off is guarded, and nothing else is', () => {
  expect(Object.keys(actions).filter((name) => actions[name]?.guarded !== undefined)).toEqual(['luxos.uninstallluxos']);
});

test('every refusal that protocols.md names is one', async () => {
  const { steps } = await prepare(new LuxosDouble(), 'pause');
  const reply = (doc: unknown) => ({
    bytes: new TextEncoder().encode(JSON.stringify(doc)),
    at: 1,
    ms: 1,
    ended: 'fin' as const,
  });
  const [step] = steps;
  step?.request(KEY);
  const verdicts: (StepVerdict | undefined)[] = [
    [400, 'Missing parameter'],
    [401, 'Invalid value'],
    [409, 'Cannot run this command while ATM is running'],
  ].map(([code, msg]) => step?.verdict(reply(said(Number(code), String(msg), 'E'))));
  expect(verdicts.map((one) => [one?.accepted, one?.vendorCode])).toEqual([
    [false, '400'],
    [false, '401'],
    [false, '409'],
  ]);
});
