import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Outcome } from '@headframe/model';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, type Controlled, control } from './control.testing.ts';

/*
 * Every action of every generation of Avalon, over real sockets against the simulated one, whose own state is then looked
 * at by asking it without our client.
 */

let one: Controlled | undefined;
afterEach(async () => one?.close());

const LOGIN = { username: 'root', password: 'root' };

async function machine(
  profile: string,
  quirks: Record<string, boolean> = {},
  login: typeof LOGIN | null = LOGIN,
): Promise<Controlled> {
  one = await control('avalon', profile, { quirks, miner: login === null ? {} : { credentials: login } });
  await one.miner.read();
  return one;
}

type Row = Record<string, unknown>;
const rows = (made: Controlled, section: string, command: string, parameter?: string): Row[] =>
  (ask(made.device(), made.now(), command, parameter)[section] ?? []) as Row[];
/** Everything that the machine says of itself, as one text. */
const record = (made: Controlled): string => JSON.stringify(rows(made, 'STATS', 'stats'));
const answer = (made: Controlled, command: string, parameter: string): string =>
  String(rows(made, 'STATUS', command, parameter)[0]?.Msg);
const option = (made: Controlled, query: string): string => answer(made, 'ascset', `0,${query}`);
const pools = (made: Controlled) => rows(made, 'POOLS', 'pools').map(({ URL, User }) => [URL, User]);
const elapsed = (made: Controlled): number => Number(rows(made, 'SUMMARY', 'summary')[0]?.Elapsed);

async function run(made: Controlled, name: string, given: Record<string, unknown> = {}): Promise<Outcome> {
  const plan = await made.miner.plan(name, given);
  return plan.run(plan.guarded === null ? {} : { guarded: { typedAddress: made.miner.address } });
}

interface Case {
  readonly name: string;
  readonly given?: Record<string, unknown>;
  readonly first?: readonly [name: string, given?: Record<string, unknown>][];
  readonly result: Outcome['result'];
  readonly code?: string;
  /** What the machine itself shows then. */
  readonly state?: (made: Controlled) => unknown;
  readonly is?: unknown;
}

const done = (name: string, given: Record<string, unknown>, state: Case['state'], is: unknown): Case => ({
  name,
  given,
  result: 'done',
  ...(state && { state, is }),
});
/** Nothing that our client may read shows it; `state` asks the machine where it can be asked at all. */
const accepted = (name: string, given: Record<string, unknown> = {}, state?: Case['state'], is?: unknown): Case => ({
  name,
  given,
  result: 'accepted-unverified',
  ...(state && { state, is }),
});
const refused = (name: string, given: Record<string, unknown>, code = '120'): Case => ({
  name,
  given,
  result: 'refused',
  code,
});
const has =
  (text: string): Case['state'] =>
  (made) =>
    record(made).includes(text);

const POOL = 'stratum+tcp://new.example:3333,account.w1,secret';
const NEW = ['stratum+tcp://new.example:3333', 'account.w1'];
const justStarted: Case['state'] = (made) => elapsed(made) < 120;

const everywhere: Case[] = [
  done('restartMiner', {}, justStarted, true),
  done('switchPool', { pool: 1 }, (made) => rows(made, 'POOLS', 'pools')[1]?.Priority, 0),
  done('disablePool', { pool: 1 }, (made) => rows(made, 'POOLS', 'pools')[1]?.Status, 'Disabled'),
  {
    ...done('enablePool', { pool: 1 }, (made) => rows(made, 'POOLS', 'pools')[1]?.Status !== 'Disabled', true),
    first: [['disablePool', { pool: 1 }]],
  },
];

const since10: Case[] = [
  ...everywhere,
  done('reboot', {}, justStarted, true),
  accepted('avalon.help'),
  done('setFrequency', { frequencyMHz: 400 }, has('SF0[400 400 400 400]'), true),
  done('avalon.frequency', { f1: 400, f2: 410, f3: 420, f4: 430 }, has('SF0[400 410 420 430]'), true),
  accepted('avalon.password-default'),
];

const password = done(
  'setPassword',
  { newPassword: 'n3wer' },
  (made) => option(made, 'password,n3wer,root'),
  'ASC 0 set info: new password success set.',
);

const farm: Case[] = [
  ...since10,
  done('locate', { on: true }, (made) => option(made, 'led,1-255'), 'ASC 0 set info: LED[1]'),
  done('setNetwork', { mode: 'dhcp', dns: '10.0.0.1,10.0.0.2' }, justStarted, true),
  {
    ...done('factoryReset', {}, (made) => pools(made).some(([url]) => url === NEW[0]), false),
    first: [['setPools', { pools: [POOL] }]],
  },
  accepted('avalon.bootby'),
  accepted('avalon.dns', { servers: '10.0.0.1' }),
];

const stops: Case[] = [
  done('pause', {}, has('Work: In Idle'), true),
  { ...done('resume', {}, has('Work: In Idle'), false), first: [['pause']] },
];

const threeSlots: Case[] = [
  done('setPools', { pools: [POOL, 'stratum+tcp://b.example:1,w2,x', 'stratum+tcp://c.example:1,w3,x'] }, pools, [
    NEW,
    ['stratum+tcp://b.example:1', 'w2'],
    ['stratum+tcp://c.example:1', 'w3'],
  ]),
];

const homeSlot = accepted('avalon.setpool', { index: 0, pool: POOL });
const home: Case[] = [
  ...since10,
  password,
  ...threeSlots,
  homeSlot,
  done('avalon.reboot', { delayS: 60 }, justStarted, true),
  done('setFan', { percent: 70 }, has('FanR[70%]'), true),
  accepted('avalon.loop'),
  accepted('avalon.lcd', { on: false }, has('LcdOnoff[0]'), true),
];
const locked: Case[] = [
  refused('avalon.facopts', { value: '101,Avalon X' }),
  refused('avalon.faclock', { value: '00000000' }),
  refused('avalon.qr_auth', { random: 'a', verify: 'b' }),
  accepted('avalon.hash-sn-read', { hashboard: 0 }),
];
const zone = done(
  'setTimeZone',
  { timeZone: 'Europe/Berlin' },
  (made) => option(made, 'time,get'),
  'ASC 0 set info: time t:Europe/Berlin',
);
const levels: Case[] = [
  done('avalon.worklevel', { level: -1 }, (made) => /(-1|255)$/.test(option(made, 'worklevel,get')), true),
  done(
    'avalon.work_mode_lvl',
    { mode: 0, level: 0 },
    (made) => option(made, 'work_mode_lvl,get'),
    'ASC 0 set info: workmode 0 worklevel 0',
  ),
];
const cleaned = done('avalon.filter-clean', {}, has('Filter[0]'), true);

const modules: Case[] = [
  ...everywhere,
  done('addPool', { pool: POOL }, (made) => pools(made)[2], NEW),
  done('removePool', { pool: 1 }, (made) => pools(made).length, 1),
  done('setPools', { pools: [POOL] }, pools, [NEW]),
  done(
    'reboot',
    {},
    (made) => [...record(made).matchAll(/ Elapsed\[(\d+)\]/g)].every(([, s]) => Number(s) < 120),
    true,
  ),
  done('locate', { on: true }, (made) => [...record(made).matchAll(/Led\[1\]/g)].length, 2),
  done(
    'setFan',
    { percent: '40-80' },
    (made) => [...record(made).matchAll(/FanR\[(\d+)%\]/g)].every(([, p]) => Number(p) >= 40 && Number(p) <= 80),
    true,
  ),
  done(
    'setFrequency',
    { frequencyMHz: 600 },
    (made) => [...record(made).matchAll(/SF\d\[600 600 600 600\]/g)].length,
    8,
  ),
  accepted('avalon.pdelay', { value: 30 }),
  accepted('avalon.factory', { value: 5 }, has('FAC0[5]'), true),
];

const CASES: Record<string, Case[]> = {
  q: [
    ...home,
    ...stops,
    ...locked,
    ...levels,
    zone,
    cleaned,
    done('setPowerMode', { mode: 'eco' }, has('WORKMODE[0]'), true),
    done('setVoltage', { voltageV: 22.4 }, (made) => / 2240 \d+\]$/.test(option(made, 'voltage')), true),
    accepted('avalon.voltage'),
    accepted('avalon.time'),
    accepted('avalon.solo-allowed', { on: false }, has('SoloAllowed[0]'), true),
    accepted('avalon.volt-tuning', { on: false }),
    refused('avalon.activate', { value: 'none' }),
    refused('avalon.hash-sn-write', { value: 'none' }),
  ],
  'mini-3': [
    ...home,
    ...stops,
    ...locked,
    ...levels,
    zone,
    cleaned,
    done('setPowerMode', { mode: 'night' }, has('WORKMODE[2]'), true),
    done('setTemperatureTarget', { targetC: 70 }, has('TarT[70]'), true),
    done('setVoltage', { voltageV: 21 }, (made) => / 2100 \d+\]$/.test(option(made, 'voltage')), true),
    accepted('avalon.voltage'),
    accepted('avalon.time'),
    accepted('avalon.solo-allowed', { on: false }, has('SoloAllowed[0]'), true),
    accepted('avalon.volt-tuning', { on: false }),
    accepted('avalon.wallpaper'),
    accepted('avalon.audio', { value: '0' }, has('AUDIO[0]'), true),
    refused('avalon.wifi', { value: 'none' }),
  ],
  'nano-3s': [
    ...home,
    ...locked,
    ...levels,
    accepted('avalon.filter-clean'),
    done('setPowerMode', { mode: 'eco' }, has('WORKMODE[0]'), true),
    done('setTemperatureTarget', { targetC: 80 }, has('TarT[80]'), true),
    done('setVoltage', { voltageV: 3.7 }, (made) => / 3700 \d+\]$/.test(option(made, 'voltage')), true),
    accepted('avalon.voltage'),
    accepted('avalon.wallpaper'),
    accepted('avalon.volt-adjust-switch', { on: true }),
    accepted('avalon.ledmode', { mode: 1 }, has('LED[1-'), true),
    done(
      'avalon.ledset',
      { effect: 'flash', brightness: 50, temperature: 60, red: 1, green: 2, blue: 3 },
      has('LEDUser[2-50-60-1-2-3]'),
      true,
    ),
    { ...accepted('avalon.nightlamp', { on: true, duration: 30 }), first: [['avalon.ledmode', { mode: 1 }]] },
  ],
  'nano-3': [
    ...home,
    zone,
    cleaned,
    done('setPowerMode', { mode: 'low' }, has('WORKLEVEL[0]'), true),
    accepted('avalon.time'),
    done(
      'avalon.ledset',
      { effect: 'off', brightness: 0, temperature: 0, red: 0, green: 0, blue: 0 },
      has('LEDUser[0-0-0-0-0-0]'),
      true,
    ),
    refused('avalon.nightlamp', { on: true, duration: 30 }),
    refused('avalon.wifi', { value: 'none' }),
  ],
  a1346: [
    ...farm,
    ...stops,
    password,
    ...threeSlots,
    homeSlot,
    done('setFan', { percent: 70 }, has('FanR[70%]'), true),
  ],
  a1246: [
    ...farm,
    ...stops,
    password,
    ...threeSlots,
    homeSlot,
    done('setFan', { percent: '60-80' }, (made) => Number(/FanR\[(\d+)%/.exec(record(made))?.[1]) >= 60, true),
    done('setPowerMode', { mode: 'high' }, (made) => [option(made, 'workmode,255'), elapsed(made) < 120], [
      'ASC 0 set info: WORKMODE[1]',
      true,
    ]),
    done('avalon.workmode', { mode: '1' }, (made) => option(made, 'workmode,255'), 'ASC 0 set info: WORKMODE[1]'),
  ],
  a1066: [
    ...farm,
    // Its page answers anybody.
    { ...password, result: 'accepted-unverified' },
    done('setPools', { pools: [POOL] }, (made) => pools(made)[0], NEW),
    accepted('avalon.setpool', { pool: POOL }),
    done('pause', {}, (made) => /PS\[0 \d+ \d+ 0 0 /.test(option(made, 'hashpower')), true),
    {
      ...done('resume', {}, (made) => /PS\[0 \d+ \d+ 0 0 /.test(option(made, 'hashpower')), false),
      first: [['pause']],
    },
    done('setPowerMode', { mode: 'high' }, (made) => option(made, 'workmode,255'), 'ASC 0 set info: WORKMODE[1]'),
    done('avalon.workmode', { mode: '1' }, (made) => option(made, 'workmode,255'), 'ASC 0 set info: WORKMODE[1]'),
    accepted('avalon.hashpower'),
  ],
  a841: [
    ...modules,
    accepted('avalon.voltage-level', { value: 3 }),
    done('avalon.overclocking', { on: true }, has('OC[1]'), true),
  ],
  a741: [...modules, accepted('avalon.voltage', { value: 4200 })],
};

/** Protected commands, behind the one that opens them. */
const open = [['avalon.privilege.enable_privilege', { level: 1 }]] as const;
const asked = (query: string) => (made: Controlled) => answer(made, 'privilege', `0,${query}`);
const PRIVILEGE: Case[] = [
  accepted('avalon.privilege.enable_privilege', { level: 0 }),
  done('avalon.privilege.setfreq', { f1: 400, f2: 410, f3: 420, f4: 430, board: 2 }, has('SF1[400 410 420 430]'), true),
  done('avalon.privilege.setvolt', { value: 1396 }, has(' 1396]'), true),
  accepted('avalon.privilege.disable_fan'),
  accepted('avalon.privilege.enable_fan'),
  accepted(
    'avalon.privilege.settemp',
    { targetC: 80 },
    (made) => /TarT\[80\]/.test(asked('get_temp_status')(made)),
    true,
  ),
  accepted(
    'avalon.privilege.set_chip_max_temp',
    { maxC: 90 },
    (made) => /\[90\]/.test(asked('get_temp_status')(made)),
    true,
  ),
  accepted('avalon.privilege.savesettings'),
  ...['get_hash_comm_state', 'get_DH', 'get_GHSmm', 'get_temp_status', 'get_fan_status', 'get_temp_details'].map(
    (query) => accepted(`avalon.privilege.${query}`),
  ),
];

for (const [profile, cases] of Object.entries(CASES)) {
  describe(`an Avalon ${profile}`, () => {
    test.each(cases.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
      const made = await machine(profile);
      for (const [name, given] of entry.first ?? []) await run(made, name, given ?? {});
      const outcome = await run(made, entry.name, entry.given ?? {});
      expect(outcome, JSON.stringify(outcome)).toMatchObject({
        result: entry.result,
        ...(entry.code === undefined ? {} : { vendorCode: entry.code }),
      });
      if (entry.state !== undefined) expect(entry.state(made)).toEqual(entry.is);
      expect(JSON.stringify(outcome)).not.toMatch(/secret|n3wer/);
    });

    test('each of its actions stands above', async () => {
      const made = await machine(profile);
      const can = made.miner.capabilities.filter(({ action }) => action !== null).map(({ name }) => name);
      const shown = new Set([...cases, ...(profile === 'a1066' ? PRIVILEGE : [])].map(({ name }) => name));
      const elsewhere = ['updateFirmware', ...(profile.startsWith('a1') ? ['addPool', 'removePool'] : [])];
      expect(can.filter((name) => !shown.has(name) && !elsewhere.includes(name))).toEqual([]);
    });
  });
}

describe('the protected commands of an Avalon A10', () => {
  test.each(PRIVILEGE.map((entry) => [entry.name, entry] as const))('%s', async (_, entry) => {
    const made = await machine('a1066');
    const plan = await made.miner.plan(entry.name, entry.given ?? {});
    expect(plan.guarded).toMatch(/warranty/);
    await expect(plan.run()).rejects.toMatchObject({ code: 'usage/not-allowed' });
    if (entry.name !== open[0][0]) {
      // Nothing before the door is open.
      expect(await run(made, entry.name, entry.given ?? {})).toMatchObject({ result: 'refused' });
      await run(made, ...open[0]);
    }
    expect(await run(made, entry.name, entry.given ?? {})).toMatchObject({ result: entry.result });
    if (entry.state !== undefined) expect(entry.state(made)).toEqual(entry.is);
  });

  test('voltages are taken in steps of 4, up to 1400', async () => {
    const made = await machine('a1066');
    for (const value of [1198, 1202, 1404]) {
      await expect(made.miner.plan('avalon.privilege.setvolt', { value })).rejects.toThrow(/1200 to 1388.*steps of 4/);
    }
  });

  test('later generations do not even offer them', async () => {
    const made = await machine('a1246');
    await expect(made.miner.plan('avalon.privilege.setvolt', { value: 1300 })).rejects.toMatchObject({
      code: 'usage/invalid',
    });
  });
});

/** A file of the maker's form 2, for one hardware and one software type. */
function aup(version: string, hardware: string, software: string, payload: Buffer): Buffer {
  const name = (text: string, length: number) => Buffer.from(text.padEnd(length, '\0'), 'latin1');
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value >>> 0);
    return bytes;
  };
  const head = Buffer.concat([
    name('AUP format', 16),
    number(2),
    number(payload.length),
    name(version, 64),
    number(crc32(payload)),
    number(1),
    number(1),
    name(hardware, 32),
    name(software, 32),
  ]);
  return Buffer.concat([head, number(crc32(head)), payload]);
}

describe('firmware of an Avalon A12', () => {
  const payload = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7) % 251));
  const given = (bytes: Buffer, version: string) => ({
    file: { name: 'a12.aup', bytes },
    sha256: createHash('sha256').update(bytes).digest('hex'),
    version,
  });

  test('goes over in pages, and the version is read until it is the new one', async () => {
    const made = await machine('a1246');
    const plan = await made.miner.plan(
      'updateFirmware',
      given(aup('23050501_aaaaaaa_bbbbbbb', 'MM3v2_X3', 'MM314', payload), '23050501'),
    );
    expect(plan.requests[0]).toBe('{"command":"ascset","parameter":"0,upgrade,<page 1 of 23: bytes 0 to 887>"}');
    const seen: string[] = [];
    const outcome = await plan.run({ onProgress: ({ phase, step, steps }) => seen.push(`${phase} ${step}/${steps}`) });
    expect(outcome, JSON.stringify(outcome).slice(0, 400)).toMatchObject({ result: 'done' });
    expect(seen).toContain('sending 12/24');
    expect(rows(made, 'VERSION', 'version')[0]?.VERSION).toMatch(/^23050501/);
  });

  test('a file for another machine, or of another version, is refused before anything is sent', async () => {
    const made = await machine('a1246');
    const plan = (bytes: Buffer, version = '23050501') => made.miner.plan('updateFirmware', given(bytes, version));
    await expect(plan(aup('23050501_a_b', 'MM4v1_X3', 'MM314', payload))).rejects.toThrow(
      /for MM4v1_X3.*is MM3v2_X3.*nothing was sent/,
    );
    await expect(plan(aup('23050501_a_b', 'MM3v2_X3', 'MM317', payload))).rejects.toThrow(/for MM317.*runs MM314/);
    await expect(plan(aup('22010101_a_b', 'MM3v2_X3', 'MM314', payload))).rejects.toThrow(/is version 22010101_a_b/);
  });
});

describe('what is odd about them', () => {
  test('a machine whose clock counts from its start is paused on that clock', async () => {
    const made = await machine('q', { 'when-uptime': true });
    const plan = await made.miner.plan('pause');
    expect(plan.preview).toContain('Its clock was never set');
    const outcome = await plan.run();
    expect(outcome).toMatchObject({ result: 'done' });
    expect(outcome.sent[0]?.shown).toMatch(/softoff,1:17\d{4}"/);
  });

  test('softon that closes without a reply is read back', async () => {
    const made = await machine('a1246', { 'silent-softon': true });
    await run(made, 'pause');
    expect(await run(made, 'resume')).toMatchObject({
      result: 'done',
      readBack: { work: expect.stringMatching(/work|init/) },
    });
  });

  test('without a login the pools are refused before anything is sent', async () => {
    const made = await machine('q', {}, null);
    await expect(made.miner.plan('setPools', { pools: [POOL] })).rejects.toMatchObject({ code: 'auth/required' });
  });

  test('a wrong login is refused in the words of the machine, without the passwords in them', async () => {
    const made = await machine('q', {}, { username: 'root', password: 'wr0ng-one' });
    const before = pools(made);
    const outcome = await run(made, 'setPools', { pools: [POOL] });
    expect(outcome.result).toBe('refused');
    expect(JSON.stringify(outcome)).not.toMatch(/wr0ng|secret/);
    expect(pools(made)).toEqual(before);
  });

  test('the password of a pool that the machine repeats is masked', async () => {
    const made = await machine('a1246');
    const outcome = await run(made, 'avalon.setpool', { index: 1, pool: POOL });
    expect(outcome.vendorText).toContain('worker is account.w1');
    expect(outcome.vendorText).toContain('workerpassword is ••••••');
  });

  test('commands that a firmware leaves out are not sent', async () => {
    const made = await machine('a1246');
    await expect(made.miner.plan('addPool', { pool: POOL })).rejects.toThrow(/check says so/);
    const q = await machine('q');
    await expect(q.miner.plan('addPool', { pool: POOL })).rejects.toMatchObject({ code: 'support/unsupported' });
  });

  test('a pool with a comma in its password is refused before anything is sent', async () => {
    const made = await machine('a1246');
    const pool = { url: 'stratum+tcp://a.example:1', worker: 'w', password: 'a,b' };
    await expect(made.miner.plan('setPools', { pools: [pool] })).rejects.toThrow(/nothing was sent/);
  });

  test('slots that would keep an old pool get the last new one', async () => {
    const made = await machine('a1246');
    expect(await run(made, 'setPools', { pools: [POOL] })).toMatchObject({ result: 'done' });
    expect(pools(made)).toEqual([NEW, NEW, NEW]);
  });

  test('a machine that is set to another address is not looked for here', async () => {
    const made = await machine('a1246');
    const given = { mode: 'static', address: '10.0.0.9', netmask: '255.255.255.0', gateway: '10.0.0.1' };
    const plan = await made.miner.plan('setNetwork', given);
    expect(plan.requests[0]).toBe('{"command":"ascset","parameter":"0,ip,s,10.0.0.9,255.255.255.0,10.0.0.1"}');
    expect(plan.preview).toContain('looked for at 10.0.0.9');
    expect(['accepted-unverified', 'unknown']).toContain((await plan.run()).result);
  });

  test('the web page tells a Nano 3 what its port does not: with the known password only', async () => {
    const known = await machine('nano-3');
    const mac = (await known.miner.read()).identity.mac;
    expect(mac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    await known.close();
    const unknown = await machine('nano-3', {}, null);
    const snapshot = await unknown.miner.read();
    expect(snapshot.identity.mac).toBeNull();
    expect(snapshot.gaps).toContainEqual({ path: '/identity/mac', reason: 'not-read', error: null });
    await unknown.close();
    const wrong = await machine('nano-3', {}, { username: 'root', password: 'no' });
    expect((await wrong.miner.read()).gaps).toMatchObject([{ path: '/identity/mac', reason: 'denied' }]);
  });

  test('a page that names its own first half of the cookie is read as well', async () => {
    const made = await machine('nano-3', { 'salted-cookie': true });
    expect((await made.miner.read()).identity.mac).not.toBeNull();
  });

  test('a new password cannot be seen where the page answers without one', async () => {
    const made = await machine('a1246', { 'open-minerinfo': true });
    expect(await run(made, 'setPassword', { newPassword: 'n3wer' })).toMatchObject({
      result: 'accepted-unverified',
      why: 'its web page answers without a login, and so does not show it',
    });
  });
});
