import {
  ACTIONS,
  type Action,
  blankIdentity,
  HeadframeError,
  type Prepared,
  type RawReply,
  readParameters,
} from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOfDcent, lacksOfDcent, ownOfDcent } from './commands.ts';
import { dcent } from './index.ts';
import { DcentDouble, LAN_WRITES_OFF, pool as listed, NOW, no, said } from './machine.testing.ts';

const KEY = 'aB3dE6g1';
/** Under the names that a person gives. */
const actions: Readonly<Record<string, Action>> = {
  ...actionsOfDcent(),
  ...Object.fromEntries(Object.entries(ownOfDcent()).map(([name, action]) => [`dcent.${name}`, action])),
};

async function prepare(double: DcentDouble, name: string, given: Record<string, unknown> = {}): Promise<Prepared> {
  const action = actions[name];
  if (action === undefined) throw new Error(`no action ${name}`);
  return action.prepare(double.links(), readParameters(name, action, given));
}

const requestsOf = ({ steps }: Prepared): string[] =>
  steps.map((step) => {
    const request = step.request(KEY);
    return 'bytes' in request ? new TextDecoder().decode(request.bytes) : request.over;
  });

/** The bytes of one command, with the line feed that it waits for. */
const command = (name: string, parameter?: string) =>
  `${JSON.stringify(parameter === undefined ? { command: name } : { command: name, parameter })}\n`;
const inSession = (name: string, rest?: string) => command(name, rest === undefined ? KEY : `${KEY},${rest}`);

const pool = { url: 'stratum+tcp://n.example:3333', worker: 'rig.1', password: 's3cret' };

type Case = [name: string, given: Record<string, unknown>, requests: string[]];

const CASES: Case[] = [
  ['setPools', { pools: [pool] }, [inSession('addpool', 'stratum+tcp://n.example:3333,rig.1,s3cret')]],
  // No session: its id would be read as a parameter.
  ['restartMiner', {}, [command('restart')]],
  ['pause', {}, [inSession('curtail', 'sleep')]],
  ['resume', {}, [inSession('curtail', 'wakeup')]],
  ['locate', { on: true }, [inSession('ledset')]],
  ['setPowerLimit', { powerW: 900 }, [inSession('powertargetset', 'power=900')]],
  // No board before the value, and whole millivolts: the parameters of LuxOS would set the number of a board.
  ['setFrequency', { frequencyMHz: 500 }, [inSession('frequencyset', '500')]],
  ['setVoltage', { voltageV: 13.7 }, [inSession('voltageset', '13700')]],
  ['setVoltage', { voltageV: '12.3456V' }, [inSession('voltageset', '12346')]],
  ['setProfile', { profile: 'eco' }, [inSession('profileset', 'eco')]],
  ['setFan', { percent: 30 }, [inSession('fanset', 'speed=30')]],
  ['setTemperatureTarget', { targetC: 55 }, [inSession('tempctrlset', 'target=55')]],
  ['setNetwork', { mode: 'dhcp' }, [inSession('netset', 'dhcp=true')]],
  ['setHostname', { hostname: 'heater-2' }, [inSession('netset', 'hostname=heater-2')]],
  ['dcent.autotunerset', { enabled: true }, [inSession('autotunerset', 'enabled=true')]],
  ['dcent.atmset', { enabled: false }, [inSession('atmset', 'enabled=false')]],
  ['dcent.kill', {}, [command('kill')]],
  ['dcent.ledset', { pattern: 'imperial_march' }, [inSession('ledset', 'imperial_march')]],
  [
    'dcent.profilenew',
    { profile: 'night', frequencyMHz: 300, voltageV: 12.5 },
    [inSession('profilenew', 'night,300,12500')],
  ],
  [
    'dcent.tempctrlset',
    { targetC: 55, hotC: 65, dangerousC: 75 },
    [inSession('tempctrlset', 'target=55,hot=65,dangerous=75')],
  ],
  ['dcent.tempctrlset', { dangerousC: 80 }, [inSession('tempctrlset', 'dangerous=80')]],
];

describe('what leaves, to the byte', () => {
  test.each(CASES)('%s %j', async (name, given, requests) => {
    expect(requestsOf(await prepare(new DcentDouble(), name, given))).toEqual(requests);
  });

  test('nothing that it can do is left out here', () => {
    expect([...new Set(CASES.map(([name]) => name))].sort()).toEqual(Object.keys(actions).sort());
  });

  test('every action of the vocabulary is there, or there is a reason why not', () => {
    const told = [...Object.keys(dcent.actions(blankIdentity('dcent'))), ...Object.keys(lacksOfDcent())];
    expect(told.sort()).toEqual(Object.keys(ACTIONS).sort());
  });

  test('what the firmware knows and always refuses is never sent', () => {
    const sent = CASES.flatMap(([, , requests]) => requests).map((text) => JSON.parse(text).command as string);
    const refused = ['quit', 'switchpool', 'enablepool', 'disablepool', 'removepool', 'psuset', 'immersionswitch'];
    expect(sent.filter((one) => [...refused, 'profilerem'].includes(one))).toEqual([]);
    const lacks = lacksOfDcent();
    for (const name of ['switchPool', 'enablePool', 'disablePool', 'removePool'] as const) {
      expect(lacks[name]).toMatch(/not supported" \(15\).*set-pools/);
    }
  });

  test('looking what would be sent sends nothing but reads', async () => {
    for (const [name, given] of CASES) {
      const double = new DcentDouble();
      await prepare(double, name, given);
      const asked = double.got.map((text) => (JSON.parse(text) as { command: string }).command);
      expect(asked.filter((one) => !['summary', 'pools', 'limits'].includes(one))).toEqual([]);
    }
  });

  test('no password and no session id is in what is shown', async () => {
    for (const [name, given] of CASES) {
      const { steps, notes = [] } = await prepare(new DcentDouble(), name, given);
      const shown = [...steps.map((step) => step.request(KEY).shown), ...notes].join('\n');
      expect(shown).not.toContain('s3cret');
      expect(shown).not.toContain(KEY);
    }
  });
});

describe('what is refused before anything is sent', () => {
  const cases: [name: string, given: Record<string, unknown>, why: RegExp][] = [
    ['setPools', { pools: [pool, pool] }, /1 to 1 pools/],
    ['setPools', { pools: [{ ...pool, password: 'a,b' }] }, /password without commas.*DCENT_OS addpool/],
    ['setPools', { pools: [{ ...pool, worker: 'a,b' }] }, /worker without commas/],
    ['setPools', { pools: [{ ...pool, password: ' x' }] }, /password without commas and without blanks/],
    ['setFrequency', { frequencyMHz: 99 }, /100 to 900 MHz.*DCENT_OS frequencyset/],
    ['setFrequency', { frequencyMHz: 500.5 }, /100 to 900 MHz/],
    ['setVoltage', { voltageV: 14.6 }, /5 to 14.5 V/],
    ['setVoltage', { voltageV: 13.7, hashboard: 0 }, /no parameter "hashboard"/],
    ['setFan', { percent: 101 }, /0 to 100 %/],
    ['setFan', { percent: 'auto' }, /0 to 100 %/],
    ['setNetwork', { mode: 'static' }, /takes dhcp/],
    ['setHostname', { hostname: 'a,dhcp=false' }, /letters, digits and -/],
    ['setHostname', { hostname: '-a' }, /letters, digits and -/],
    ['setProfile', { profile: '../x' }, /letters, digits, - and _/],
    ['dcent.ledset', { pattern: 'red,blink' }, /letters, digits, - and _/],
    ['dcent.tempctrlset', {}, /needs one of its parameters/],
    ['dcent.tempctrlset', { hotC: 70, dangerousC: 69 }, /hot \(70 °C\) would be above dangerous \(69 °C\)/],
    ['dcent.tempctrlset', { targetC: 70, dangerousC: 69 }, /target \(70 °C\) would be above dangerous/],
    ['setPowerLimit', { powerW: 0 }, /1 to 10,000 W/],
  ];
  test.each(cases)('%s %j', async (name, given, why) => {
    const error = await prepare(new DcentDouble(), name, given).catch((thrown) => thrown as HeadframeError);
    expect(error).toMatchObject({ code: 'usage/invalid' });
    expect((error as HeadframeError).message).toMatch(why);
  });

  test('what the limits of this very machine do not allow', async () => {
    const LIMITS = [{ voltage_mv: { min: 7_800, max: 9_400 }, frequency_mhz: { min: 200, max: 650 } }];
    const narrow = new DcentDouble({ limits: said(33, 'Limits', { LIMITS }) });
    await expect(prepare(narrow, 'setVoltage', { voltageV: 9.5 })).rejects.toThrow(
      /7800 to 9400 mV on this machine \(DCENT_OS limits, voltage_mv\), not 9500; nothing was sent/,
    );
    await expect(prepare(narrow, 'setFrequency', { frequencyMHz: 700 })).rejects.toThrow(/200 to 650 MHz/);
    expect(requestsOf(await prepare(narrow, 'setVoltage', { voltageV: 9.4 }))).toEqual([
      inSession('voltageset', '9400'),
    ]);
  });

  test('a machine that does not tell its limits decides itself; one that does not answer is not asked to', async () => {
    const old = new DcentDouble({ limits: no(14, 'Invalid command: limits') });
    expect((await prepare(old, 'setVoltage', { voltageV: 13 })).notes?.join()).toMatch(/it decides itself/);
    const gone = new DcentDouble();
    gone.isClosed = true;
    await expect(prepare(gone, 'setVoltage', { voltageV: 13 })).rejects.toMatchObject({ code: 'link/refused' });
    await expect(prepare(gone, 'pause')).rejects.toMatchObject({ code: 'link/refused' });
  });

  test('a light that cannot be switched off', async () => {
    const error = await prepare(new DcentDouble(), 'locate', { on: false }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'support/unsupported' });
    expect(error.message).toMatch(/stops by itself after half a minute/);
  });

  test('a profile, unless it was allowed in so many words: saving one is all that happens', () => {
    expect(actions.setProfile?.guarded).toMatch(/switches to no profile/);
  });
});

describe('how it is seen', () => {
  const summary = (values: object) => ({ summary: said(11, 'Summary', { SUMMARY: [{ Elapsed: 7_800, ...values }] }) });
  const pools = (...list: object[]) => ({ pools: said(7, 'Pools', { POOLS: list }) });

  /** Reads the machine once, as the client does behind the last step. */
  async function look(double: DcentDouble, name: string, given: object, after: Record<string, unknown>) {
    const { readBack } = await prepare(double, name, { ...given });
    if ('never' in readBack) return readBack;
    const before = (await readBack.look(double.links(), double.now)).done;
    double.now += 5_000;
    Object.assign(double.answers, after);
    return { before, ...(await readBack.look(double.links(), NOW)) };
  }

  const url = pool.url;
  test.each<[string, object, Record<string, unknown>, boolean]>([
    ['pause', {}, summary({ 'MHS 5s': 0 }), true],
    // It said yes, and hashes on.
    ['pause', {}, summary({ 'MHS 5s': 40_000_000 }), false],
    ['pause', {}, summary({}), false],
    ['restartMiner', {}, summary({ Elapsed: 3 }), true],
    ['restartMiner', {}, summary({ Elapsed: 7_805 }), false],
    ['setPools', { pools: [pool] }, pools(listed(0, url, 'rig.1', 'Alive')), true],
    ['setPools', { pools: [pool] }, pools(listed(0, url, 'rig.2', 'Alive')), false],
    [
      'setPools',
      { pools: [pool] },
      pools(listed(0, url, 'rig.1', 'Alive'), listed(1, 'stratum+tcp://b:1', 'x', '')),
      false,
    ],
    ['setPools', { pools: [pool] }, pools(), false],
    // Names of twelve letters and more come masked, a URL without what stands before its @.
    [
      'setPools',
      { pools: [{ ...pool, url: 'stratum+tcp://u:p@n.example:3333', worker: 'bc1qabcdefghijklmnopwxyz' }] },
      pools(listed(0, url, 'bc1qab…wxyz', 'connecting')),
      true,
    ],
    [
      'setPools',
      { pools: [{ ...pool, worker: 'bc1qabcdefghijklmnopwxyy' }] },
      pools(listed(0, url, 'bc1qab…wxyz', 'Alive')),
      false,
    ],
  ])('%s %j is told by %j', async (name, given, after, done) => {
    expect(await look(new DcentDouble(), name, given, after)).toMatchObject({ before: false, done });
  });

  test('a machine that wakes hashes again; one that never stopped shows nothing', async () => {
    const asleep = new DcentDouble(summary({ 'MHS 5s': 0 }));
    expect(await look(asleep, 'resume', {}, summary({ 'MHS 5s': 5 }))).toMatchObject({ before: false, done: true });
    expect(await look(new DcentDouble(), 'resume', {}, {})).toEqual({ never: 'it hashes already' });
    const idle = new DcentDouble(summary({ 'MHS 5s': 0 }));
    expect(await look(idle, 'pause', {}, {})).toMatchObject({ never: expect.stringMatching(/did not hash before/) });
  });

  test('a session that was ended is none', async () => {
    const double = new DcentDouble();
    double.session = { id: 'x', usedAt: double.now };
    const { readBack } = await prepare(double, 'dcent.kill');
    if ('never' in readBack) throw new Error('it can be seen');
    expect(await readBack.look(double.links(), NOW)).toMatchObject({ done: false, values: { isOpen: true } });
    double.session = null;
    expect(await readBack.look(double.links(), NOW)).toMatchObject({ done: true });
  });

  test.each(['setFrequency', 'setVoltage', 'setTemperatureTarget', 'setNetwork', 'setHostname', 'dcent.tempctrlset'])(
    '%s goes to the configuration: nothing shows it, and it is said when it counts',
    async (name) => {
      const given = CASES.find(([one]) => one === name)?.[1] ?? {};
      const { readBack } = await prepare(new DcentDouble(), name, given);
      expect(readBack).toMatchObject({ never: expect.stringMatching(/does not show its configuration/) });
      expect(actions[name]?.lasting).toMatch(/when the mining program has started again/);
    },
  );

  test('what would be lost is said first: the pools that it has', async () => {
    const { notes = [] } = await prepare(new DcentDouble(), 'setPools', { pools: [pool] });
    expect(notes.join('\n')).toMatch(
      /written anew.*stratum\+tcp:\/\/pool.example:3333, stratum\+tcp:\/\/b.example:3333/,
    );
  });
});

describe('what it answers', () => {
  const reply = (answer: unknown): RawReply => {
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return { bytes: new TextEncoder().encode(text), at: 1, ms: 1, ended: 'fin' };
  };
  async function verdict(name: string, given: Record<string, unknown>, answer: unknown) {
    const { steps } = await prepare(new DcentDouble(), name, given);
    steps[0]?.request(KEY);
    return steps[0]?.verdict(reply(answer));
  }

  test('a yes holds the configuration with its passwords: nothing of it is kept', async () => {
    const secret = { CONFIG: [{ status: 'ok', config: { pool: { password: 's3cret' } } }] };
    const said33 = said(33, 'Configuration updated. Restart required to apply.', secret);
    expect(await verdict('setVoltage', { voltageV: 13 }, said33)).toEqual({
      accepted: true,
      vendorCode: '33',
      vendorText: 'Configuration updated. Restart required to apply.',
    });
  });

  test('a yes that did not apply anything is a no', async () => {
    const text = 'autotuner disable is a no-op on the cgminer surface';
    const noOp = said(33, text, { AUTOTUNER: [{ enabled: false, applied: false }] });
    for (const name of ['dcent.autotunerset', 'dcent.atmset']) {
      expect(await verdict(name, { enabled: false }, noOp)).toEqual({
        accepted: false,
        vendorCode: '33',
        vendorText: text,
      });
    }
    const on = said(33, 'Autotuner enabled (Efficiency)', { AUTOTUNER: [{ enabled: true, runtime: {} }] });
    expect(await verdict('dcent.autotunerset', { enabled: true }, on)).toMatchObject({ accepted: true });
  });

  test.each<[string, Record<string, unknown>, number, string]>([
    ['setFan', { percent: 5 }, 28, 'Custom PWM 5 is below safety minimum 10 for home mode.'],
    ['pause', {}, 28, 'Sleep mode is not supported on this hardware/runtime path.'],
    ['restartMiner', {}, 28, 'restart is refused'],
  ])('a no of %s is one, with its code and its words', async (name, given, code, text) => {
    expect(await verdict(name, given, no(code, text))).toEqual({
      accepted: false,
      vendorCode: String(code),
      vendorText: text,
    });
  });

  test.each(CASES.filter(([name]) => name !== 'setPools').map(([name, given]) => [name, given] as const))(
    '%s %j from a network that may not change it: the switch is named',
    async (name, given) => {
      const error = await verdict(name, given, LAN_WRITES_OFF(name)).catch((thrown) => thrown);
      expect(error).toMatchObject({ code: 'auth/writes-off', context: { vendorCode: '45' } });
      expect(error.message).toMatch(/cgminer_lan_writes = true in the section \[api\]/);
    },
  );

  test.each(['<html>oops</html>', '', '[]', '{"STATUS":"', '{}', '{"STATUS":[{"STATUS":"E"}]}'])(
    'answered with %j nothing is a yes',
    async (answer) => {
      for (const [name, given] of CASES) {
        const said = await verdict(name, given, answer).catch((thrown) => thrown);
        if (said instanceof HeadframeError) expect(said.code).not.toBe('internal');
        else expect(said).toMatchObject({ accepted: false });
      }
    },
  );

  test('a restart that is not answered is no failure; everything else is', async () => {
    for (const [name, given] of CASES) {
      const { steps } = await prepare(new DcentDouble(), name, given);
      expect(steps.map((step) => step.silenceIsFine ?? false)).toEqual([name === 'restartMiner']);
    }
  });
});
