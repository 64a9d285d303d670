import { createHash } from 'node:crypto';
import { createMiner, type Miner, type MinerOptions } from '@headframe/client';
import type { SimulatedDevice } from '@headframe/families/sim';
import type { Outcome } from '@headframe/model';
import { type Served, serveDevice } from '@headframe/simulator';
import { afterEach, describe, expect, test } from 'vitest';
import { whatsminer } from '../packages/families/src/whatsminer/index.ts';
import { whatsminerSimulator } from '../packages/families/src/whatsminer/sim.ts';

const POWERED = Date.UTC(2026, 5, 1);
const SETTLED_MS = 48 * 3_600_000;
const PASSWORD = 'Miner_01';
const ADMIN = { username: 'admin', password: PASSWORD };
const SUPER = { username: 'super', password: PASSWORD };

interface Controlled {
  readonly miner: Miner;
  readonly device: SimulatedDevice;
  readonly served: Served;
  readonly now: () => number;
  readonly pass: (ms: number) => Promise<void>;
  /** Another program on the same ports. */
  readonly another: (options?: MinerOptions) => Miner;
}

const running: Served[] = [];
afterEach(async () => {
  for (const served of running.splice(0)) await served.close();
});

async function control(
  name: string,
  credentials: MinerOptions['credentials'] | null = ADMIN,
  quirks: Record<string, boolean> = {},
): Promise<Controlled> {
  const profile = whatsminerSimulator.profiles.find((one) => one.name === name);
  if (profile === undefined) throw new Error(`no profile ${name}`);
  let now = POWERED + SETTLED_MS;
  const clock = { now: () => now };
  const device = profile.create({ seed: 4028, poweredAt: POWERED, quirks });
  const idle = [device.cgminer, device.whatsminer, device.ethminer].map((port) => port?.idleMs);
  const served = await serveDevice(device, {
    address: '127.0.0.1',
    ports: { cgminer: 0, whatsminer: 0 },
    clock,
    everySecond: () => () => {},
    timers: {
      after: (ms, then) => {
        // The clock stands still by itself: a connection that is kept is never idle for so long.
        if (idle.includes(ms)) return () => {};
        let wanted = true;
        void pass(ms).then(() => wanted && then());
        return () => {
          wanted = false;
        };
      },
    },
  });
  running.push(served);
  async function pass(ms: number): Promise<void> {
    now += ms;
    await served.look();
  }
  const another = (options: MinerOptions = {}) =>
    createMiner(
      { host: '127.0.0.1', family: whatsminer, ports: served.ports },
      {
        clock,
        connectTimeoutMs: 1000,
        replyTimeoutMs: 3000,
        wait: (ms) => pass(ms),
        ...(credentials === null ? {} : { credentials }),
        ...options,
      },
    );
  return { miner: another(), device, served, now: () => now, pass, another };
}

/** A read command of port 4028, never through our client. */
function told(device: SimulatedDevice, now: number, cmd: string): Record<string, unknown> {
  const reaction = device.cgminer?.receive(Buffer.from(JSON.stringify({ cmd })), { address: '10.0.0.9' }, now);
  const text = Buffer.concat(reaction?.chunks.map(({ bytes }) => bytes) ?? []).toString('utf8');
  const doc = JSON.parse(text.replaceAll('\0', '')) as Record<string, unknown>;
  const section = { summary: 'SUMMARY', pools: 'POOLS' }[cmd];
  const value = (section === undefined ? undefined : doc[section]) ?? doc.Msg;
  return (Array.isArray(value) ? value[0] : value) as Record<string, unknown>;
}

async function run(miner: Miner, name: string, given: Record<string, unknown> = {}): Promise<Outcome> {
  const plan = await miner.plan(name, given);
  return plan.run();
}

/** How each action ends, in an order in which a machine can go through them. */
type Case = [name: string, given: Record<string, unknown>, result: Outcome['result'] | 'lacks'];

const POOL = { pools: ['stratum+tcp://n.example:3333,a.b,x'] };
const LED = { color: 'green', periodMs: 200, durationMs: 100, startMs: 0 };
const FIRMWARE_VERSION = '20270110.12.Rel';
const FIRMWARE = {
  name: 'upgrade.bin',
  bytes: new TextEncoder().encode(
    `headframe simulated firmware\nversion: ${FIRMWARE_VERSION}\n\n${'x'.repeat(200_000)}`,
  ),
};
const UPDATE = {
  file: FIRMWARE,
  sha256: createHash('sha256').update(FIRMWARE.bytes).digest('hex'),
  version: FIRMWARE_VERSION,
};

/** An M50S and an M60S over port 4028, with the commands of V2.2. */
const SEALED: Case[] = [
  ['setPools', POOL, 'done'],
  ['restartMiner', {}, 'done'],
  ['locate', { on: true }, 'done'],
  ['locate', { on: false }, 'done'],
  ['pause', {}, 'done'],
  ['resume', {}, 'done'],
  ['setPowerMode', { mode: 'low' }, 'done'],
  ['setPowerMode', { mode: 'high' }, 'done'],
  ['setPowerMode', { mode: 'normal' }, 'done'],
  ['setPowerLimit', { powerW: 3000 }, 'done'],
  ['setPowerPercent', { percent: 80 }, 'done'],
  ['setPowerPercent', { percent: 70, way: 'fast' }, 'done'],
  ['whatsminer.restore_power_pct', {}, 'done'],
  ['whatsminer.set_power', { powerW: 2500 }, 'done'],
  ['setFrequency', { percent: -10 }, 'done'],
  // It takes effect when the network restarts.
  ['setHostname', { hostname: 'rack-7' }, 'accepted-unverified'],
  ['setTimeZone', { timeZone: 'Europe/Berlin', posix: 'CET-1CEST' }, 'accepted-unverified'],
  ['setLogServer', { server: '192.0.2.22', port: 4001 }, 'accepted-unverified'],
  ['downloadLogs', {}, 'done'],
  ['whatsminer.set_led', LED, 'done'],
  ['whatsminer.enable_btminer_fast_boot', {}, 'done'],
  ['whatsminer.disable_btminer_fast_boot', {}, 'done'],
  ['whatsminer.enable_web_pools', {}, 'accepted-unverified'],
  ['whatsminer.disable_web_pools', {}, 'accepted-unverified'],
  ['whatsminer.disable_btminer_init', {}, 'accepted-unverified'],
  ['whatsminer.enable_btminer_init', {}, 'accepted-unverified'],
  ['whatsminer.set_temp_offset', { offsetC: -5 }, 'accepted-unverified'],
  ['whatsminer.adjust_upfreq_speed', { speed: 4 }, 'done'],
  ['whatsminer.set_poweroff_cool', { on: true }, 'accepted-unverified'],
  ['whatsminer.set_fan_zero_speed', { on: true }, 'accepted-unverified'],
  // For hydro machines only.
  ['whatsminer.set_heat_mode', { mode: 'heating' }, 'refused'],
  ['whatsminer.set_customer_msg', { key: 'msg2', value: 'rack 7' }, 'done'],
  ['whatsminer.get_customer_msg', {}, 'done'],
  ['setNetwork', { mode: 'static' }, 'done'],
  ['setNetwork', { mode: 'dhcp' }, 'done'],
  ['reboot', {}, 'done'],
  ['updateFirmware', UPDATE, 'done'],
  ['setPassword', { newPassword: 'neu_2' }, 'done'],
];

/** What is different over port 4433, where more can be read back. */
const SIGNED_RESULTS: Readonly<Record<string, Case[2]>> = {
  'whatsminer.restore_power_pct': 'lacks',
  setLogServer: 'done',
  'whatsminer.enable_web_pools': 'done',
  'whatsminer.disable_web_pools': 'done',
  'whatsminer.set_temp_offset': 'done',
  'whatsminer.set_poweroff_cool': 'done',
  'whatsminer.set_fan_zero_speed': 'done',
  setPassword: 'accepted-unverified',
};

const SIGNED: Case[] = [
  ...SEALED.slice(0, -1).map(([name, given, result]): Case => [name, given, SIGNED_RESULTS[name] ?? result]),
  ['whatsminer.get.miner.setting', {}, 'done'],
  ['whatsminer.get.system.setting', {}, 'done'],
  ['whatsminer.get.fan.setting', {}, 'done'],
  ['whatsminer.get.miner.history', { hours: 2 }, 'done'],
  ['whatsminer.set.miner.cointype', { cointype: 'BTC' }, 'done'],
  ['whatsminer.set.miner.fast_hash', { on: true }, 'done'],
  ['whatsminer.set.miner.report', { gapS: 30 }, 'accepted-unverified'],
  ['whatsminer.set.miner.restore_setting', {}, 'accepted-unverified'],
  ['whatsminer.set.system.ntp_server', { servers: '0.pool.example,1.pool.example' }, 'done'],
  ['whatsminer.set.system.time_randomized', { startS: 5, stopS: 7 }, 'done'],
  ['whatsminer.set.user.permission', { user: 'user1', commands: 'set.system.led' }, 'accepted-unverified'],
  [
    'whatsminer.set.user.change_passwd',
    { account: 'user1', newPassword: 'u1_neu', oldPassword: 'user1' },
    'accepted-unverified',
  ],
  ['setPassword', { newPassword: 'neu_2' }, 'accepted-unverified'],
];

const NAMES = (cases: readonly Case[]): Set<string> => new Set([...cases.map(([name]) => name), 'factoryReset']);

async function goThrough(cases: readonly Case[], { miner, pass }: Controlled): Promise<void> {
  for (const [name, given, result] of cases) {
    const outcome = await run(miner, name, given).catch((error: { code?: string }) => ({
      result: error.code === 'support/unsupported' ? 'lacks' : error.code,
      why: String(error),
    }));
    expect([name, outcome.result, outcome.result === result ? '' : outcome.why]).toEqual([name, result, '']);
    // Whatever restarts is back by then.
    await pass(600_000);
  }
}

describe('everything that a simulated WhatsMiner can do', () => {
  test('an M50S over port 4028', async () => {
    const it = await control('m50s');
    await it.miner.read();
    expect(NAMES(SEALED)).toEqual(new Set(able(it.miner)));
    await goThrough(SEALED, it);
  });

  test('an M60S over port 4433', async () => {
    const it = await control('m60s', SUPER, { 'v3-long-info': true });
    await it.miner.read();
    expect(NAMES(SIGNED)).toEqual(new Set(able(it.miner)));
    await goThrough(SIGNED, it);
  });

  const able = (miner: Miner): string[] =>
    miner.capabilities.filter(({ action }) => action !== null).map(({ name }) => name);

  test('an M30S+ of API 1.4, whose API has less and tells less', async () => {
    const it = await control('m30s-plus');
    await it.miner.read();
    await goThrough(
      [
        ['setPools', POOL, 'done'],
        ['restartMiner', {}, 'done'],
        // It has no get_miner_info.
        ['locate', { on: true }, 'accepted-unverified'],
        ['pause', {}, 'done'],
        ['resume', {}, 'done'],
        ['setPowerMode', { mode: 'low' }, 'done'],
        ['setPowerMode', { mode: 'normal' }, 'done'],
        ['setPowerLimit', { powerW: 3000 }, 'refused'],
        ['setPowerPercent', { percent: 70, way: 'fast' }, 'done'],
        ['setFrequency', { percent: -10 }, 'accepted-unverified'],
        ['downloadLogs', {}, 'done'],
        ['whatsminer.set_temp_offset', { offsetC: -5 }, 'refused'],
        ['setNetwork', { mode: 'dhcp' }, 'accepted-unverified'],
        ['reboot', {}, 'done'],
        ['setPassword', { newPassword: 'neu_2' }, 'done'],
      ],
      it,
    );
  });

  test('an M33S++ hydro takes a heat mode', async () => {
    const { miner } = await control('m33s-hydro');
    expect((await run(miner, 'whatsminer.set_heat_mode', { mode: 'heating' })).result).toBe('accepted-unverified');
  });

  test.each([
    ['m50s', ADMIN],
    ['m60s', SUPER],
  ])('%s: a factory reset is accepted, and what it did is not claimed', async (name, login) => {
    const { miner } = await control(name, login);
    const outcome = await run(miner, 'factoryReset');
    expect(['accepted-unverified', 'unknown']).toContain(outcome.result);
  });
});

describe("the machine's own state, asked past our client", () => {
  test('has the pools, the limit and the firmware', async () => {
    const { miner, device, now, pass } = await control('m60s');
    await run(miner, 'setPools', POOL);
    expect(told(device, now(), 'pools')).toMatchObject({ URL: 'stratum+tcp://n.example:3333', User: 'a.b' });
    await run(miner, 'setPowerLimit', { powerW: 3100 });
    expect(told(device, now(), 'summary')['Power Limit']).toBe(3100);
    await run(miner, 'whatsminer.adjust_upfreq_speed', { speed: 7 });
    expect(told(device, now(), 'get_miner_info').upfreq_speed).toBe('7');
    await run(miner, 'updateFirmware', UPDATE);
    await pass(60_000);
    expect(told(device, now(), 'get_version').fw_ver).toBe(FIRMWARE_VERSION);
  });

  test('a paused machine reads as paused, and as mining again', async () => {
    for (const [name, login] of [
      ['m30s-plus', ADMIN],
      ['m50s', ADMIN],
      ['m60s', SUPER],
    ] as const) {
      const { miner, pass } = await control(name, login);
      expect((await miner.read()).state).toBe('mining');
      await run(miner, 'pause');
      await pass(60_000);
      expect([name, (await miner.read()).state]).toEqual([name, 'paused']);
      await run(miner, 'resume');
      await pass(900_000);
      expect([name, (await miner.read()).state]).toEqual([name, 'mining']);
    }
  });
});

describe('tokens', () => {
  /** A store of keys that counts what is remembered: two of our processes share it. */
  const store = () => {
    const keys = new Map<string, string>();
    const seen = new Set<string>();
    return {
      seen,
      recall: (address: string) => keys.get(address) ?? null,
      remember: (address: string, key: string | null) => {
        if (key === null) keys.delete(address);
        else {
          keys.set(address, key);
          seen.add(key);
        }
      },
    };
  };

  test('one serves many writes of two programs', async () => {
    const { another, pass } = await control('m50s');
    const sessions = store();
    const [one, other] = [another({ sessions }), another({ sessions })];
    for (let i = 0; i < 60; i++) {
      const miner = i % 2 === 0 ? one : other;
      expect((await run(miner, 'locate', { on: i % 3 === 0 })).result).toBe('done');
      await pass(1_000);
    }
    expect(sessions.seen.size).toBe(1);
    expect([...sessions.seen][0]).not.toContain(PASSWORD);
  });

  test('one that ran out is replaced once', async () => {
    const { another, pass } = await control('m50s');
    const sessions = store();
    const miner = another({ sessions });
    await run(miner, 'locate', { on: true });
    await pass(31 * 60_000);
    expect((await run(miner, 'locate', { on: false })).result).toBe('done');
    expect(sessions.seen.size).toBe(2);
  });

  test('that always ran out are no endless matter', async () => {
    const { miner } = await control('m50s', ADMIN, { 'expired-tokens': true });
    const outcome = await run(miner, 'locate', { on: true });
    expect(outcome).toMatchObject({ result: 'refused', vendorCode: '135', error: { code: 'auth/rejected' } });
  });

  test('are void after a new password, which the next action finds out by itself', async () => {
    const { another } = await control('m50s');
    const sessions = store();
    expect((await run(another({ sessions }), 'setPassword', { newPassword: 'neu_2' })).result).toBe('done');
    const later = another({ sessions, credentials: { username: 'admin', password: 'neu_2' } });
    expect((await run(later, 'locate', { on: true })).result).toBe('done');
    const wrong = await run(another({ sessions }), 'locate', { on: true });
    expect(wrong).toMatchObject({ result: 'refused', error: { code: 'auth/rejected' } });
  });
});

describe('what a machine refuses', () => {
  test.each([
    ['m50s', ADMIN, 'write-switch-off', 'auth/writes-off'],
    ['m60s', SUPER, 'write-switch-off', 'auth/writes-off'],
    ['m50s', { username: 'admin', password: 'admin' }, 'factory-password', 'auth/writes-off'],
    ['m50s', ADMIN, 'over-max-connect', 'device/busy'],
    ['m50s', { username: 'admin', password: 'wrong_1' }, 'msg-wrapped', 'auth/rejected'],
    ['m60s', { username: 'super', password: 'wrong_1' }, 'msg-wrapped', 'auth/rejected'],
  ])('%s with %j and %s: %s', async (name, login, quirk, code) => {
    const { miner } = await control(name, login, { [quirk]: true });
    const outcome = await run(miner, 'locate', { on: true });
    expect(outcome).toMatchObject({ result: 'refused', error: { code } });
    if (code === 'auth/writes-off') expect(outcome.why).toContain('WhatsMinerTool');
  });

  test('an address that it does not serve', async () => {
    const { miner } = await control('m50s', ADMIN, { 'address-refused': true });
    expect(await run(miner, 'locate', { on: true })).toMatchObject({
      result: 'refused',
      error: { code: 'auth/address-not-allowed' },
    });
  });

  test.each([
    ['m50s', ADMIN, 'failed'],
    ['m60s', SUPER, 'failed'],
  ])('%s without a salt: nothing can be signed', async (name, login, result) => {
    const { miner } = await control(name, login, { 'missing-salt': true });
    const outcome = await run(miner, 'whatsminer.disable_btminer_init');
    expect(outcome).toMatchObject({ result, error: { code: 'protocol/wrong-shape' } });
  });
});

describe('a machine that answers badly', () => {
  test.each(['sealed-other-key', 'sealed-truncated', 'aes-garbage', 'close-on-write'])(
    '%s: what cannot be read back is unknown, what can is done',
    async (quirk) => {
      const { miner } = await control('m50s', ADMIN, { [quirk]: true });
      expect((await run(miner, 'locate', { on: true })).result).toBe('done');
      expect((await run(miner, 'whatsminer.set_temp_offset', { offsetC: -5 })).result).toBe('unknown');
    },
  );

  test.each([
    ['m50s', ADMIN],
    ['m60s', SUPER],
  ])('%s that closes behind `ready` has not been updated', async (name, login) => {
    const { miner, device, now } = await control(name, login, { 'closes-after-ready': true });
    const before = told(device, now(), 'get_version').fw_ver;
    expect((await run(miner, 'updateFirmware', UPDATE)).result).not.toBe('done');
    expect(told(device, now(), 'get_version').fw_ver).toBe(before);
  });

  test.each([
    ['m60s', SUPER, 'huge-frame'],
    ['m60s', SUPER, 'truncated-frame'],
  ])('%s with %j and %s: nothing is done', async (name, login, quirk) => {
    const { miner } = await control(name, login, { [quirk]: true });
    expect((await run(miner, 'locate', { on: true })).error?.code).toMatch(/^(protocol|link)\//);
  });

  test.each(['msg-wrapped', 'btmineroff-lie', 'refuse-joins', 'invalid-error-code-json', 'ut-speed', 'pkcs7-reply'])(
    'an M50S with %s is read and controlled all the same',
    async (quirk) => {
      const { miner } = await control('m50s', ADMIN, { [quirk]: true });
      const snap = await miner.read();
      expect(snap.state).toBe('mining');
      expect(snap.hashrate.currentHs).toBeGreaterThan(1e13);
      expect(snap.pools.length).toBeGreaterThan(0);
      expect((await run(miner, 'whatsminer.adjust_upfreq_speed', { speed: 3 })).result).toBe('done');
    },
  );

  test('a clock that is two hours ahead is a finding, and does not keep port 4433 from being signed for', async () => {
    const { miner } = await control('m60s', SUPER, { 'clock-skew': true });
    expect((await miner.read()).faults).toMatchObject([
      { code: 'clock.skew', text: 'its clock is 120 min ahead of ours' },
    ]);
    expect((await run(miner, 'locate', { on: true })).result).toBe('done');
  });
});
