import { familyById } from '@headframe/families';
import { blankIdentity, type Outcome } from '@headframe/model';
import { afterEach, describe, expect, test } from 'vitest';
import { ask, type Controlled, type ControlledOptions, control, keptSessions } from './control.testing.ts';

/*
 * Every action on a machine under DCENT_OS, over real sockets against the simulated one, whose own state is then looked
 * at by asking it without our client. Codes and sections are those of protocols.md 9 and of the published source.
 */

let one: Controlled | undefined;
afterEach(async () => one?.close());

async function machine(quirks: Record<string, boolean> = {}, options: ControlledOptions = {}): Promise<Controlled> {
  one = await control('dcent', 's9', { ...options, quirks });
  await one.miner.read();
  return one;
}

type Values = Record<string, unknown>;
const list = (made: Controlled, command: string, section: string, parameter?: string) =>
  ask(made.device(), made.now(), command, parameter)[section] as Values[];
const row = (made: Controlled, command: string, section: string) => list(made, command, section)[0] ?? {};
const code = (made: Controlled, command: string, parameter?: string) => {
  const { STATUS, Code, Msg } = list(made, command, 'STATUS', parameter)[0] ?? {};
  return [STATUS, Code, Msg];
};
const logon = (made: Controlled) => String(row(made, 'logon', 'SESSION').SessionID);
const takeOver = (made: Controlled) => {
  ask(made.device(), made.now(), 'kill');
  return logon(made);
};
const isOpen = (made: Controlled) => row(made, 'session', 'SESSION').Session === 1;
/** In a session of its own. */
function inSession<T>(made: Controlled, work: (id: string) => T): T {
  const id = logon(made);
  try {
    return work(id);
  } finally {
    ask(made.device(), made.now(), 'logoff', id);
  }
}
const change = (made: Controlled, command: string, rest: string) =>
  inSession(made, (id) => void ask(made.device(), made.now(), command, `${id},${rest}`));

/** Its configuration, which the answer to a change tells: here of what it ships with to what it ships with. */
const file = (made: Controlled, section: string) =>
  inSession(made, (id) => {
    const [answer = {}] = list(made, 'tempctrlset', 'TEMPCTRL', `${id},fan_min_pwm=10`);
    return ((answer.config ?? {}) as Record<string, Values>)[section] ?? {};
  });
/** What its audit says was the last change. */
const noted = (made: Controlled) => (list(made, 'systemaudit', 'SYSTEMAUDIT').at(-1)?.event ?? {}) as Values;
const devs = (made: Controlled, key: string) => list(made, 'devs', 'DEVS').map((dev) => dev[key]);
const wallW = (made: Controlled) => Number(row(made, 'metrics', 'METRICS')['Wall Power']);
const rpm = (made: Controlled) => Number(row(made, 'stats', 'STATS').fan1);

async function run(made: Controlled, name: string, given: Values = {}, takeOver = false): Promise<Outcome> {
  const plan = await made.miner.plan(name, given);
  return plan.run({ guarded: { typedAddress: made.miner.address }, takeOver });
}

const POOL = { url: 'stratum+tcp://new.example:1', worker: 'someone.rig', password: 's3cret' };

interface Case {
  readonly name: string;
  readonly given?: Values;
  readonly before?: (made: Controlled) => void | Promise<void>;
  readonly result?: Outcome['result'];
  /** Of the last answer. */
  readonly code: string;
  /** How much later. */
  readonly laterMs?: number;
  /** Behind a restart of its program. */
  readonly restarted?: boolean;
  /** What the device itself shows then. */
  readonly shows?: (made: Controlled) => unknown;
  readonly as?: unknown;
}

const UNSEEN = 'accepted-unverified';

const CASES: readonly Case[] = [
  {
    name: 'setPools',
    given: { pools: [POOL] },
    code: '7',
    shows: (made) => list(made, 'pools', 'POOLS').map(({ URL, User }) => [URL, User]),
    as: [['stratum+tcp://new.example:1', 'someone.rig']],
  },
  {
    name: 'setPools',
    given: { pools: [{ ...POOL, url: 'stratum+tcp://me:s3cret@new.example:1', worker: 'bc1qwalletwallet' }] },
    code: '7',
    shows: (made) => list(made, 'pools', 'POOLS').map(({ URL, User }) => [URL, User]),
    as: [['stratum+tcp://new.example:1', 'bc1qwa…llet']],
  },
  {
    name: 'setPools',
    given: { pools: [POOL] },
    code: '7',
    restarted: true,
    shows: (made) => [file(made, 'pool'), list(made, 'pools', 'POOLS').map((pool) => pool['Stratum Active'])],
    as: [POOL, [true]],
  },
  {
    name: 'restartMiner',
    code: '22',
    shows: (made) => Number(row(made, 'summary', 'SUMMARY').Elapsed) < 120,
    as: true,
  },
  {
    name: 'pause',
    code: '33',
    shows: (made) => [row(made, 'summary', 'SUMMARY')['MHS 5s'], wallW(made) < 100],
    as: [0, true],
  },
  {
    name: 'resume',
    before: async (made) => {
      change(made, 'curtail', 'sleep');
      await made.pass(600_000);
    },
    code: '33',
    laterMs: 120_000,
    shows: (made) => Number(row(made, 'summary', 'SUMMARY')['GHS 5s']) > 13_000,
    as: true,
  },
  {
    name: 'setPowerLimit',
    given: { powerW: 1000 },
    result: UNSEEN,
    code: '33',
    laterMs: 900_000,
    shows: (made) => Math.abs(wallW(made) - 1000) < 20,
    as: true,
  },
  {
    name: 'setFrequency',
    given: { frequencyMHz: 550 },
    result: UNSEEN,
    code: '33',
    restarted: true,
    shows: (made) => devs(made, 'frequency'),
    as: [550, 550, 550],
  },
  {
    name: 'setVoltage',
    given: { voltageV: 9.123 },
    result: UNSEEN,
    code: '33',
    restarted: true,
    shows: (made) => devs(made, 'voltage'),
    as: [9.123, 9.123, 9.123],
  },
  {
    name: 'setProfile',
    given: { profile: 'night' },
    result: UNSEEN,
    code: '33',
  },
  {
    name: 'setFan',
    given: { percent: 30 },
    result: UNSEEN,
    code: '33',
    shows: (made) => noted(made).message,
    as: 'Fan PWM set via API: mode=custom pwm=30',
  },
  {
    name: 'setTemperatureTarget',
    given: { targetC: 50 },
    result: UNSEEN,
    code: '33',
    restarted: true,
    shows: (made) => [file(made, 'thermal').target_temp_c, devs(made, 'Temperature').every((one) => Number(one) < 52)],
    as: [50, true],
  },
  { name: 'locate', given: { on: true }, result: UNSEEN, code: '33' },
  {
    name: 'setNetwork',
    given: { mode: 'dhcp' },
    before: (made) => change(made, 'netset', 'dhcp=false'),
    result: UNSEEN,
    code: '33',
    shows: (made) => file(made, 'general').dhcp,
    as: true,
  },
  {
    name: 'setHostname',
    given: { hostname: 'rig-7' },
    result: UNSEEN,
    code: '33',
    restarted: true,
    shows: (made) => row(made, 'summary', 'SUMMARY').Hostname,
    as: 'rig-7',
  },
  {
    name: 'dcent.autotunerset',
    given: { enabled: true },
    result: UNSEEN,
    code: '33',
    laterMs: 600_000,
    shows: (made) => [noted(made).profile_name, devs(made, 'frequency')],
    as: ['efficiency', [500, 500, 500]],
  },
  {
    name: 'dcent.atmset',
    given: { enabled: true },
    result: UNSEEN,
    code: '33',
    laterMs: 600_000,
    shows: (made) => [noted(made).profile_name, devs(made, 'frequency')],
    as: ['efficiency', [500, 500, 500]],
  },
  {
    name: 'dcent.profilenew',
    given: { profile: 'night', frequencyMHz: 400, voltageV: 8.5 },
    result: UNSEEN,
    code: '33',
  },
  {
    name: 'dcent.tempctrlset',
    given: { targetC: 50, hotC: 60, dangerousC: 70 },
    result: UNSEEN,
    code: '33',
    shows: (made) => file(made, 'thermal'),
    as: expect.objectContaining({ target_temp_c: 50, hot_temp_c: 60, dangerous_temp_c: 70 }),
  },
  { name: 'dcent.ledset', given: { pattern: 'imperial_march' }, result: UNSEEN, code: '33' },
  {
    name: 'dcent.kill',
    before: (made) => void logon(made),
    code: '22',
    shows: isOpen,
    as: false,
  },
];

describe('a machine under DCENT_OS does it, and shows it to others', () => {
  test.each(CASES)('$name $given: code $code', async (item) => {
    const { name, given, before, result = 'done', code: wanted, laterMs = 0, restarted = false, shows, as } = item;
    const made = await machine();
    await before?.(made);
    if (shows !== undefined) expect(shows(made)).not.toEqual(as);
    const plan = await made.miner.plan(name, given);
    expect(`${plan.preview}${JSON.stringify(plan.requests)}`).not.toContain('s3cret');
    const outcome = await plan.run({ guarded: { typedAddress: made.miner.address } });
    expect({ result: outcome.result, code: outcome.vendorCode }).toEqual({ result, code: wanted });
    if (restarted) {
      expect(code(made, 'restart')).toEqual(['S', 22, expect.stringMatching(/^Mining restart initiated/)]);
      await made.pass(600_000);
    }
    await made.pass(laterMs);
    if (shows !== undefined) expect(shows(made)).toEqual(as);
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
    expect(isOpen(made)).toBe(false);
  });

  test('and nothing that it can do is left out', () => {
    const family = familyById('dcent');
    const identity = blankIdentity('dcent');
    const names = [
      ...Object.keys(family?.actions(identity) ?? {}),
      ...Object.keys(family?.own?.(identity) ?? {}).map((name) => `dcent.${name}`),
    ];
    expect([...new Set(CASES.map(({ name }) => name))].sort()).toEqual(names.sort());
  });

  test('its fans turn as it was told, whatever its boards would like', async () => {
    const made = await machine();
    const before = rpm(made);
    await run(made, 'setFan', { percent: 30 });
    await made.pass(60_000);
    expect(rpm(made)).not.toBe(before);
  });
});

describe('what a machine under DCENT_OS refuses', () => {
  test('a profile without leave in so many words: it would be lost', async () => {
    const made = await machine();
    const plan = await made.miner.plan('setProfile', { profile: 'night' });
    expect(plan.preview).toContain('switches to no profile');
    await expect(plan.run()).rejects.toMatchObject({ code: 'usage/not-allowed' });
    expect(isOpen(made)).toBe(false);
  });

  test.each(['dcent.autotunerset', 'dcent.atmset'])(
    '%s off: its yes that does nothing counts as a no',
    async (name) => {
      const made = await machine();
      expect(await run(made, name, { enabled: false })).toMatchObject({ result: 'refused', vendorCode: '33' });
      expect(isOpen(made)).toBe(false);
    },
  );

  test('temperatures that do not rise with those in its configuration, in its own words', async () => {
    const made = await machine();
    expect(await run(made, 'setTemperatureTarget', { targetC: 70 })).toMatchObject({
      result: 'refused',
      vendorCode: '28',
    });
    expect(file(made, 'thermal').target_temp_c).toBe(55);
    expect(isOpen(made)).toBe(false);
  });

  test('fans below what its mode allows, in its own words', async () => {
    const made = await machine();
    const outcome = await run(made, 'setFan', { percent: 15 });
    expect(outcome).toMatchObject({
      result: 'refused',
      vendorCode: '28',
      vendorText: 'Custom PWM 15 is below safety minimum 20 for standard mode.',
    });
    expect(isOpen(made)).toBe(false);
  });

  test.each([
    ['no-fan-broker', 'setFan', { percent: 25 }],
    ['restart-refused', 'restartMiner', {}],
    ['unproven-hardware', 'setFrequency', { frequencyMHz: 550 }],
    ['unproven-hardware', 'setPools', { pools: [POOL] }],
    ['unproven-hardware', 'pause', {}],
  ])('%s: %s, with 28', async (quirk, name, given) => {
    const made = await machine({ [quirk]: true });
    const outcome = await run(made, name, given);
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '28' });
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
    expect(isOpen(made)).toBe(false);
    await made.pass(600_000);
    expect(list(made, 'pools', 'POOLS')).toHaveLength(2);
    expect(Number(row(made, 'summary', 'SUMMARY').Elapsed)).toBeGreaterThan(3_600);
  });

  test('a power target where no tuner runs is a yes, which nothing shows to be more', async () => {
    const made = await machine({ 'no-tuner': true });
    const before = wallW(made);
    expect(await run(made, 'setPowerLimit', { powerW: 900 })).toMatchObject({ result: UNSEEN, vendorCode: '33' });
    await made.pass(900_000);
    expect(Math.abs(wallW(made) - before)).toBeLessThan(60);
    expect(noted(made).profile_name).toBe('power_target:900');
  });

  test.each([
    ['addPool', { pool: POOL }, /set-pools/],
    ['removePool', { pool: 1 }, /not supported/],
    ['reboot', {}, /restart-miner/],
    ['updateFirmware', {}, /web page/],
  ])('%s is not there, and why is said', async (name, given, why) => {
    const made = await machine();
    await expect(made.miner.plan(name, given)).rejects.toThrow(why);
  });
});

describe('a machine that is not to be changed', () => {
  const WRITES = CASES.filter(({ name }) => name !== 'dcent.kill');

  test.each(WRITES)(
    'over the network: $name $given is refused, and the setting is named',
    async ({ name, given, before }) => {
      const made = await machine({ 'lan-writes': false });
      await before?.(made);
      const outcome = await run(made, name, given);
      expect(outcome).toMatchObject({ result: 'refused', vendorCode: '45', error: { code: 'auth/writes-off' } });
      expect(outcome.vendorText).toMatch(/^access denied: LAN writes disabled/);
      expect(outcome.why).toContain('cgminer_lan_writes = true in the section [api] of /data/dcentrald.toml');
      expect(JSON.stringify(outcome)).not.toContain('s3cret');
      expect(isOpen(made)).toBe(false);
      expect(list(made, 'systemaudit', 'SYSTEMAUDIT')).toEqual([]);
    },
  );

  test('over the network: somebody else’s session cannot be ended either', async () => {
    const made = await machine({ 'lan-writes': false, 'foreign-session': true });
    for (const outcome of [await run(made, 'dcent.kill'), await run(made, 'setFan', { percent: 25 }, true)]) {
      expect(outcome).toMatchObject({ result: 'refused', vendorCode: '45', error: { code: 'auth/writes-off' } });
      expect(outcome.why).toContain('cgminer_lan_writes');
    }
    expect(isOpen(made)).toBe(true);
  });

  test.each(CASES)('by anybody: $name $given is refused, and the setting is named', async ({ name, given }) => {
    const made = await machine({ 'observer-only': true });
    const outcome = await run(made, name, given);
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '45', error: { code: 'auth/writes-off' } });
    expect(outcome.vendorText).toMatch(/^access denied: observer-only API forbids/);
    expect(outcome.why).toContain('observer_only in the section [api] of /data/dcentrald.toml');
    expect((await made.miner.read()).state).toBe('mining');
  });

  test('that listens on its own loopback address only is a closed port: nothing is read, nothing is sent', async () => {
    one = await control('dcent', 's9', { quirks: { 'bind-lan': false } });
    await expect(one.miner.read()).rejects.toMatchObject({ code: 'link/refused' });
    await expect(one.miner.plan('pause')).rejects.toMatchObject({ code: 'link/refused' });
  });
});

describe('the session', () => {
  test('is in no preview and no outcome', async () => {
    const made = await machine();
    const plan = await made.miner.plan('setFan', { percent: 25 });
    expect(plan.requests).toEqual([
      '{"command":"logon"}',
      '{"command":"fanset","parameter":"<session>,speed=25"}',
      '{"command":"logoff","parameter":"<session>"}',
    ]);
    const outcome = await plan.run();
    expect(outcome.sent.map(({ shown }) => shown)).toEqual(['{"command":"fanset","parameter":"<session>,speed=25"}']);
  });

  test('that somebody else holds keeps us out: nothing is sent, and what to do is said', async () => {
    const made = await machine({ 'foreign-session': true });
    const outcome = await run(made, 'setFan', { percent: 25 });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '45', error: { code: 'device/busy' }, sent: [] });
    expect(outcome.why).toMatch(/ten minutes without use; --take-over ends it now/);
    expect(isOpen(made)).toBe(true);
    expect(list(made, 'systemaudit', 'SYSTEMAUDIT')).toEqual([]);
    await made.pass(3_600_000);
    expect(await run(made, 'setFan', { percent: 25 })).toMatchObject({
      result: 'refused',
      error: { code: 'device/busy' },
    });
  });

  test('that somebody else holds is taken over when we are told to', async () => {
    const made = await machine({ 'foreign-session': true });
    expect(await run(made, 'setFan', { percent: 25 }, true)).toMatchObject({ result: UNSEEN, vendorCode: '33' });
    expect(isOpen(made)).toBe(false);
    expect(noted(made).message).toBe('Fan PWM set via API: mode=custom pwm=25');
  });

  test('that somebody else left ends by itself after ten minutes', async () => {
    const made = await machine();
    logon(made);
    await made.pass(599_000);
    expect(await run(made, 'setFan', { percent: 25 })).toMatchObject({ result: 'refused' });
    await made.pass(1_000);
    expect(await run(made, 'setFan', { percent: 25 })).toMatchObject({ result: UNSEEN });
  });

  test.each<[string, (made: Controlled) => unknown, string]>([
    ['is not used for ten minutes', (made) => made.pass(600_000), '15'],
    ['somebody ends', (made) => ask(made.device(), made.now(), 'kill'), '15'],
    ['somebody takes over', takeOver, '45'],
  ])('that %s before the command comes is expired', async (_, happens, wanted) => {
    const made = await machine();
    const plan = await made.miner.plan('setFan', { percent: 25 });
    const outcome = await plan.run({
      onProgress: ({ phase }) => {
        if (phase === 'sending') void happens(made);
      },
    });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: wanted, error: { code: 'auth/expired' } });
    expect(list(made, 'systemaudit', 'SYSTEMAUDIT')).toEqual([]);
    // Whoever has it now keeps it.
    expect(isOpen(made)).toBe(wanted === '45');
  });

  test('that a crash of ours left is ended by the next run, which takes one of its own', async () => {
    const sessions = keptSessions();
    const made = await machine({}, { miner: { sessions } });
    sessions.remember(made.miner.address, logon(made));
    expect(await run(made, 'setFan', { percent: 25 })).toMatchObject({ result: UNSEEN });
    expect(isOpen(made)).toBe(false);
    expect(sessions.kept.size).toBe(0);
  });

  test('that a crash of ours left, and that is now somebody else’s, is not taken', async () => {
    const sessions = keptSessions();
    const made = await machine({}, { miner: { sessions } });
    sessions.remember(made.miner.address, logon(made));
    takeOver(made);
    expect(await run(made, 'setFan', { percent: 25 })).toMatchObject({ error: { code: 'device/busy' } });
    expect(isOpen(made)).toBe(true);
  });
});

test('a poll is one connection', async () => {
  const made = await machine();
  const snapshot = await made.miner.read();
  expect(new Set(snapshot.replies.filter(({ at }) => at === made.now()).map(({ request }) => request)).size).toBe(1);
  expect(snapshot).toMatchObject({
    state: 'mining',
    identity: { model: 'Antminer S9', firmware: 'dcent-os', firmwareVersion: '0.9.0', algorithm: 'sha256d' },
    powerBasis: 'estimated',
  });
});
