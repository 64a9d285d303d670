import { blankIdentity, type Identity, type Prepared } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOfAvalon, lacksOfAvalon, ownOfAvalon } from './commands.ts';
import { Double, failed, info, leaves, ok, section, verdictOf } from './double.testing.ts';

const identity = (model: string, hardwareRevision: string | null = null): Identity => ({
  ...blankIdentity('avalon'),
  model,
  hardwareRevision,
});

const HELP: Record<string, string> = {
  // The list of a real Avalon Q, 25052801.
  'Avalon Q':
    'help|voltage|fan-spd|lcd|hash-sn-read|hash-sn-write|volt-tuning|workmode|worklevel|work_mode_lvl|reboot|softon|softoff|filter-clean|facopts|faclock|activate|solo-allowed|frequency|loop|password|qr_auth|time|',
};
const LOGIN = { username: 'root', password: 'pa55' };
const STATS = section('STATS', [
  {
    STATS: 0,
    'MM ID0':
      'SYSTEMSTATU[Work: In Work, Hash Board: 3 ] Elapsed[100] FanR[55%] PS[0 1 1300 1 1 1300] SF0[1 2 3 4] SF1[1 2 3 4] SF2[1 2 3 4]',
  },
]);
const POOLS = section('POOLS', [{ POOL: 0, URL: 'stratum+tcp://old.example:1', User: 'w' }]);

const prepare = (
  model: string,
  name: string,
  given: Record<string, unknown>,
  double: Double,
  login: typeof LOGIN | null = LOGIN,
): Promise<Prepared> => {
  const one =
    (actionsOfAvalon(identity(model)) as Record<string, ReturnType<typeof ownOfAvalon>[string] | undefined>)[name] ??
    ownOfAvalon(identity(model))[name];
  if (one === undefined) throw new Error(`${model} cannot ${name}`);
  return one.prepare(double.links(login), given);
};
const machine = (model: string, says: Record<string, string | null> = {}) =>
  new Double({
    'ascset|0,help': info(HELP[model] ?? 'help'),
    version: section('VERSION', [{ PROD: model }]),
    stats: STATS,
    pools: POOLS,
    'check|switchpool': section('CHECK', [{ Exists: 'Y', Access: 'Y' }]),
    ...says,
  });

const line = (parameter: string, command = 'ascset') => `{"command":"${command}","parameter":"${parameter}"}\n`;
const POOL = { url: 'stratum+tcp://p.example:3333', worker: 'acc.1', password: 'pw' };

describe('what leaves, byte for byte', () => {
  const rows: [model: string, name: string, given: Record<string, unknown>, lines: string[]][] = [
    ['Avalon Q', 'reboot', {}, [line('0,reboot,0')]],
    ['Avalon Q', 'setPowerMode', { mode: 'super' }, [line('0,workmode,set,2')]],
    ['Avalon Mini 3', 'setPowerMode', { mode: 'heater' }, [line('0,workmode,set,0')]],
    ['Avalon Nano 3', 'setPowerMode', { mode: 'medium' }, [line('0,worklevel,set,1')]],
    ['Avalon 1246', 'setPowerMode', { mode: 'high' }, [line('0,workmode,1'), line('0,reboot,0')]],
    ['Avalon Q', 'setFan', { percent: 'auto' }, [line('0,fan-spd,-1')]],
    ['Avalon Q', 'setFan', { percent: { min: 60, max: 60 } }, [line('0,fan-spd,60')]],
    ['Avalon 1346', 'setFan', { percent: { min: 40, max: 80 } }, [line('0,fan-spd,40-80')]],
    ['Avalon 841', 'setFan', { percent: { min: 40, max: 80 } }, [line('0,fan,40-80')]],
    ['Avalon Nano 3S', 'setTemperatureTarget', { targetC: 75 }, [line('0,target-temp,75')]],
    ['Avalon 1066', 'setFrequency', { frequencyMHz: 600 }, [line('0,frequency,600:600:600:600-0-0-0')]],
    ['Avalon 1066', 'setFrequency', { frequencyMHz: 600, hashboard: 1 }, [line('0,frequency,600:600:600:600-0-2-0')]],
    ['Avalon 1066', 'locate', { on: true }, [line('0,led,1-1')]],
    ['Avalon 1066', 'pause', {}, [line('0,hashpower,0')]],
    ['Avalon 1066', 'resume', {}, [line('0,reboot,0')]],
    ['Avalon Q', 'pause', {}, [line('0,softoff,1:1700000005')]],
    ['Avalon 1246', 'resume', {}, [line('0,softon,1:1700000005')]],
    [
      'Avalon 1246',
      'setNetwork',
      { mode: 'dhcp', dns: '9.9.9.9' },
      [line('0,ip,d'), line('0,dns,9.9.9.9,9.9.9.9'), line('0,reboot,0')],
    ],
    ['Avalon 1246', 'setPassword', { newPassword: 'n3w' }, [line('0,password,pa55,n3w')]],
    ['Avalon 1246', 'factoryReset', {}, [line('0,restore')]],
    ['Avalon Q', 'setTimeZone', { timeZone: 'Asia/Tokyo' }, [line('0,time,set,t:1700000000,Asia/Tokyo')]],
    [
      'Avalon 1066',
      'setPools',
      { pools: [POOL] },
      [line('0,setpool,root,pa55,stratum+tcp://p.example:3333,acc.1,pw'), line('0,reboot,0')],
    ],
    [
      'Avalon 1246',
      'setPools',
      { pools: [POOL] },
      [line('0,setpool,root,pa55,0,stratum+tcp://p.example:3333,acc.1,pw'), line('0,reboot,0')],
    ],
    [
      'Avalon Q',
      'setPools',
      { pools: [POOL] },
      [line('root,pa55,0,stratum+tcp://p.example:3333,acc.1,pw', 'setpool'), line('0,reboot,0')],
    ],
    ['Avalon Q', 'worklevel', { level: -1 }, [line('0,worklevel,set,-1')]],
    ['Avalon Q', 'work_mode_lvl', { mode: 2, level: 0 }, [line('0,work_mode_lvl,set,2,0')]],
    ['Avalon Q', 'filter-clean', {}, [line('0,filter-clean,1')]],
    ['Avalon Q', 'lcd', { on: true }, [line('0,lcd,0:1')]],
    ['Avalon Nano 3S', 'nightlamp', { on: true, duration: 30 }, [line('0,nightlamp,1-30')]],
    ['Avalon Q', 'reboot', { delayS: 300 }, [line('0,reboot,0')]],
    ['Avalon 1066', 'privilege.enable_privilege', { level: 1 }, [line('0,enable_privilege,1', 'privilege')]],
    [
      'Avalon 1066',
      'privilege.setfreq',
      { f1: 1, f2: 2, f3: 3, f4: 4, board: 1 },
      [line('0,setfreq,1,2,3,4,1', 'privilege')],
    ],
    ['Avalon 1066', 'privilege.disable_fan', {}, [line('0,disable_fan', 'privilege')]],
    ['Avalon 841', 'overclocking', { on: true }, [line('0,overclocking,1')]],
    ['Avalon 741', 'pdelay', { value: 30 }, [line('0,pdelay,30')]],
  ];
  test.each(rows)('%s %s %j', async (model, name, given, lines) => {
    expect(leaves(await prepare(model, name, given, machine(model)))).toEqual(lines);
  });

  test('passwords are masked where it is shown, pools and workers are not', async () => {
    const { steps } = await prepare('Avalon 1246', 'setPools', { pools: [POOL] }, machine('Avalon 1246'));
    expect(steps[0]?.request('').shown).toBe(
      '{"command":"ascset","parameter":"0,setpool,root,••••••,0,stratum+tcp://p.example:3333,acc.1,••••••"}',
    );
    const password = await prepare('Avalon Q', 'setPassword', { newPassword: 'n3w' }, machine('Avalon Q'));
    expect(password.steps[0]?.request('').shown).toBe('{"command":"ascset","parameter":"0,password,••••••,••••••"}');
  });
});

describe('the time of softoff', () => {
  test('is one of the clock of the machine, read anew just before it is sent', async () => {
    const double = new Double({
      'ascset|0,help': info('help|softoff|softon'),
      version: [section('VERSION', [{}], 6147), section('VERSION', [{}], 6200)],
    });
    const prepared = await prepare('Avalon 1246', 'pause', {}, double);
    expect(prepared.notes).toEqual([
      'Its clock was never set and counts from its start: the time is one of that clock',
    ]);
    const [planned] = prepared.steps;
    expect(planned?.request('').shown).toBe('{"command":"ascset","parameter":"0,softoff,1:<its clock + 5 s>"}');
    const renewed = await planned?.renew?.(double.links());
    expect(renewed?.request('').shown).toBe('{"command":"ascset","parameter":"0,softoff,1:6205"}');
  });
});

describe('what a machine says to it', () => {
  const verdict = async (reply: string) =>
    verdictOf(await prepare('Avalon Nano 3S', 'ledset', LED, machine('Avalon Nano 3S')), reply);
  const LED = { effect: 'flash', brightness: 1, temperature: 1, red: 1, green: 1, blue: 1 };

  test('118 and 119 are a yes, 120 a no in its words', async () => {
    expect(await verdict(info('led set ok'))).toMatchObject({ accepted: true, vendorCode: '118' });
    expect(await verdict(ok)).toMatchObject({ accepted: true, vendorCode: '119' });
    expect(await verdict(failed('led parameter wrong'))).toEqual({
      accepted: false,
      vendorCode: '120',
      vendorText: 'ASC 0 set failed: led parameter wrong',
    });
  });

  test('118 is a no when it says that nothing was set', async () => {
    expect(await verdict(info('not in (day)mode now'))).toMatchObject({ accepted: false, vendorCode: '118' });
    expect(await verdict(info('time unknown argument'))).toMatchObject({ accepted: false });
  });

  test.each([
    ['cut short', '{"STATUS":[{"STATUS":"I","When":1'],
    ['a web page', '<html><body>404</body></html>'],
    ['nothing readable', '\u0001\u0002'],
    ['an empty object', '{}'],
  ])('%s is no yes', async (_, reply) => {
    let accepted: unknown;
    try {
      accepted = (await verdict(reply))?.accepted;
    } catch (error) {
      accepted = (error as { code: string }).code.startsWith('protocol/') ? 'unreadable' : error;
    }
    expect([false, 'unreadable']).toContain(accepted);
  });

  test('the pool password that it repeats is masked, also in a refusal', async () => {
    const prepared = await prepare(
      'Avalon 1066',
      'setPools',
      { pools: [{ ...POOL, password: 'hunter2' }] },
      machine('Avalon 1066'),
    );
    const yes = verdictOf(
      prepared,
      info('\\npool success set to p\\nworker is acc.1\\nworkerpassword is hunter2\\nPlease reboot').replaceAll(
        '\\\\n',
        '\\n',
      ),
    );
    expect(yes?.accepted).toBe(true);
    expect(yes?.vendorText).toContain('worker is acc.1');
    expect(yes?.vendorText).not.toContain('hunter2');
    const no = verdictOf(prepared, failed('password pa55 is wrong for hunter2'));
    expect(no?.accepted).toBe(false);
    expect(no?.vendorText).not.toMatch(/hunter2|pa55/);
  });
});

describe('what is looked at first', () => {
  test('an option that the firmware does not list is not sent', async () => {
    const double = new Double({ 'ascset|0,help': info('help|reboot|led') });
    await expect(prepare('Avalon 1246', 'pause', {}, double)).rejects.toMatchObject({ code: 'support/unsupported' });
    await expect(prepare('Avalon 1246', 'pause', {}, double)).rejects.toThrow(
      /lists help, reboot, led; nothing was sent/,
    );
    expect(new Set(double.sent)).toEqual(new Set(['ascset|0,help']));
  });

  test('a firmware without a list is tried all the same', async () => {
    const double = new Double({ 'ascset|0,help': failed('Unknown option: help') });
    expect(leaves(await prepare('Avalon 1246', 'reboot', {}, double))).toEqual([line('0,reboot,0')]);
  });

  test('a machine that does not answer is not written to', async () => {
    const double = new Double({ 'ascset|0,help': null });
    await expect(prepare('Avalon 1246', 'reboot', {}, double)).rejects.toMatchObject({ code: 'link/closed-empty' });
  });

  test('the range of the voltage is the one that the machine tells', async () => {
    const double = (ps: string) =>
      new Double({ 'ascset|0,help': info(HELP['Avalon Q'] ?? ''), 'ascset|0,voltage': info(ps) });
    const wide = double('PS[0 1211 2296 52 1200 2296 1307 2150 2600]');
    expect((await prepare('Avalon Q', 'setVoltage', { voltageV: 22.4 }, wide)).notes).toEqual([
      'It takes 21.50 to 26.00 V',
    ]);
    expect(leaves(await prepare('Avalon Q', 'setVoltage', { voltageV: 22.4 }, wide))).toEqual([line('0,voltage,2240')]);
    await expect(prepare('Avalon Q', 'setVoltage', { voltageV: 27 }, wide)).rejects.toThrow(
      /21.50 to 26.00 V.*nothing was sent/,
    );
    const short = double('PS[0 1211 2296 52 1200 2296 1307]');
    expect((await prepare('Avalon Q', 'setVoltage', { voltageV: 27 }, short)).notes?.[0]).toMatch(
      /does not tell its range/,
    );
  });

  test('without a login nothing that carries one is made', async () => {
    for (const [name, given] of [
      ['setPools', { pools: [POOL] }],
      ['setPassword', { newPassword: 'n' }],
    ] as const) {
      await expect(prepare('Avalon 1246', name, given, machine('Avalon 1246'), null)).rejects.toMatchObject({
        code: 'auth/required',
      });
    }
  });

  test('a login with a comma cannot be a part of a command', async () => {
    const login = { username: 'root', password: 'a,b' };
    await expect(prepare('Avalon 1246', 'setPools', { pools: [POOL] }, machine('Avalon 1246'), login)).rejects.toThrow(
      /nothing was sent/,
    );
  });
});

describe('reading back', () => {
  const look = async (prepared: Prepared, double: Double) => {
    if ('never' in prepared.readBack) throw new Error('it is never read back');
    return prepared.readBack.look(double.links(LOGIN), double.now);
  };

  test('a machine that said yes and works on is not paused', async () => {
    const double = machine('Avalon Q');
    expect(await look(await prepare('Avalon Q', 'pause', {}, double), double)).toEqual({
      done: false,
      values: { work: 'work' },
    });
  });

  test('a clock that stayed as it was is not set', async () => {
    const double = machine('Avalon 1066');
    const prepared = await prepare('Avalon 1066', 'setFrequency', { frequencyMHz: 600 }, double);
    expect((await look(prepared, double)).done).toBe(false);
  });

  test('a power mode is set when the machine started anew and shows it', async () => {
    const says = (elapsed: number, mode: number) =>
      machine('Avalon 1246', {
        summary: section('SUMMARY', [{ Elapsed: elapsed }]),
        'ascset|0,workmode,255': info(`WORKMODE[${mode}]`),
      });
    const prepared = await prepare('Avalon 1246', 'setPowerMode', { mode: 'high' }, machine('Avalon 1246'));
    expect((await look(prepared, says(9_000, 1))).done).toBe(false);
    expect((await look(prepared, says(0, 0))).done).toBe(false);
    expect((await look(prepared, says(0, 1))).done).toBe(true);
  });
});

describe('what each generation can', () => {
  const can = (model: string, hardware: string | null = null) =>
    Object.keys(actionsOfAvalon(identity(model, hardware)));

  test('every action is there or has a reason', () => {
    for (const model of [
      'Avalon Q',
      'Avalon Mini 3',
      'Avalon Nano 3S',
      'Avalon Nano 3',
      'Avalon 1066',
      'Avalon 1166 Pro',
      'Avalon 1246',
      'Avalon 1346-110',
      'Avalon 1566',
      'Avalon 841',
      'Avalon 741',
    ]) {
      const lacks = Object.keys(lacksOfAvalon(identity(model)));
      expect(can(model).length + lacks.filter((name) => !can(model).includes(name)).length, model).toBe(29);
    }
  });

  test('pages of firmware go to MM3 controllers only', () => {
    expect(can('Avalon 1246', 'MM3v2_X3')).toContain('updateFirmware');
    expect(can('Avalon 1246', 'MM4v1_X3')).not.toContain('updateFirmware');
    expect(can('Avalon 1346-110', 'MM4v1_X3')).not.toContain('updateFirmware');
  });

  test('only the A10 and the A11 have protected commands, all of them guarded', () => {
    const own = (model: string) => Object.entries(ownOfAvalon(identity(model)));
    const privileged = own('Avalon 1066').filter(([name]) => name.startsWith('privilege.'));
    expect(privileged).toHaveLength(14);
    for (const [name, one] of privileged) expect(one.guarded, name).toMatch(/warranty/);
    expect(privileged.find(([name]) => name.endsWith('disable_fan'))?.[1].guarded).toMatch(/burns within minutes/);
    for (const model of ['Avalon Q', 'Avalon 1246', 'Avalon 1346-110', 'Avalon 841']) {
      expect(own(model).filter(([name]) => name.startsWith('privilege.'))).toEqual([]);
    }
  });

  test('a machine of no known generation is changed only by what every cgminer has', () => {
    expect(can('Avalon 921')).toEqual(['setPools', 'switchPool', 'addPool', 'removePool', 'enablePool', 'disablePool']);
    expect(lacksOfAvalon(identity('Avalon 921')).reboot).toMatch(/not known well enough/);
  });
});
