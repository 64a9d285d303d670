import { type JsonPaths, type PoolAccount, poolReader } from '@headframe/client';
import { type DeviceProfile, type SimulatedDevice, simulators } from '@headframe/families/sim';
import { type Look, type PoolView, wasSeen } from '@headframe/model';
import { POOL_KINDS, type PoolFault, type PoolKind, startPool } from '@headframe/simulator';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Deadline } from '../../packages/client/src/links/deadline.ts';

/*
 * Both ends of a pool: what simulated machines submit, told by a simulated pool of each kind, and read as the doctor reads
 * the real one. What has to come out is what the machine itself has counted. Time is a clock that the test turns.
 */

/** A full minute: ckpool writes its files then. */
const START = 1_795_005_600_000 - (1_795_005_600_000 % 60_000);
const MINUTE_MS = 60_000;
const DAY_S = 86_400;
const HASHES = 2 ** 32;

interface Machine {
  readonly family: string;
  readonly profile: DeviceProfile;
}

const poweredAt = START - 2 * DAY_S * 1000;
const made = ({ profile }: Machine): SimulatedDevice => profile.create({ seed: 3, poweredAt });

/** One machine of each family, the first that submits shares. */
const MACHINES: readonly Machine[] = simulators.flatMap(({ id: family, profiles }) => {
  const profile = profiles.find((one) => (made({ family, profile: one }).work?.(START) ?? []).length > 0);
  return profile === undefined ? [] : [{ family, profile }];
});
const antminer = MACHINES.find(({ family }) => family === 'antminer') as Machine;

/** What the machine itself has counted, over all its connections to the pool. */
function own(device: SimulatedDevice, at: number) {
  const work = device.work?.(at) ?? [];
  const sum = (part: (one: (typeof work)[number]) => number): number => work.reduce((all, one) => all + part(one), 0);
  return {
    name: work[0]?.worker ?? '',
    lastShareAt: Math.max(...work.map(({ lastShareAt }) => lastShareAt ?? 0)),
    accepted: sum(({ accepted }) => accepted),
    rejected: sum(({ rejected }) => rejected),
    /** In shares of difficulty 1, 2^32 hashes each. */
    work: sum(({ accepted, difficulty }) => accepted * (difficulty ?? 0)),
    hashrateHs: sum(({ hashrateHs }) => hashrateHs),
  };
}

/** What stands in the file of pool accounts for the page of a plain pool. */
const PATHS: JsonPaths = {
  lastShare: 'last_share',
  lastShareIs: 'iso',
  hashrate: 'hashrate_ths',
  hashrateUnit: 'TH/s',
  accepted: 'accepted',
  rejected: 'rejected',
};

async function world(kind: PoolKind, machine = antminer) {
  const device = made(machine);
  const time = { now: START };
  const clock = { now: () => time.now };
  const pool = await startPool({ kind, address: '127.0.0.1', machines: () => [device], clock });
  onTestFinished(() => pool.close());
  const [account = '', worker = ''] = own(device, START).name.split(/\.(.*)/s);
  const known: PoolAccount = {
    account,
    worker,
    ...(pool.secret === null ? {} : { token: pool.secret }),
    ...(kind === 'plain'
      ? { pool: 'json', url: `${pool.url}/workers/{account}.{worker}.json`, paths: PATHS }
      : { pool: kind, url: pool.url }),
  };
  const look = async ({ limitMs = 10_000, ...other }: Partial<PoolAccount> & { limitMs?: number } = {}) => {
    const deadline = new Deadline(20_000);
    onTestFinished(() => deadline.end());
    return poolReader({ ...known, ...other }, limitMs)({ clock, deadline });
  };
  /** The pool looks so many times, so many minutes apart. */
  const pass = async (looks: number, minutes = 1) => {
    for (let i = 0; i < looks; i++) {
      time.now += minutes * MINUTE_MS;
      await pool.look();
    }
  };
  return { device, pool, time, look, pass };
}

function viewOf(look: Look<PoolView>): PoolView {
  if (!wasSeen(look)) throw new Error(`not seen: ${look.notSeen}`);
  return look.value;
}

const reasonOf = (look: Look<PoolView>): string => (wasSeen(look) ? `seen: ${look.line}` : look.notSeen);

interface Told {
  /** Over how many seconds the rate is meant that is read. */
  readonly windowS: number;
  /** How exact a rate is: part of it, H/s. */
  readonly part: number;
  readonly hs: number;
  readonly accepted: 'all-work' | 'work-of-a-day' | 'work-of-the-window' | 'count' | null;
  readonly tellsRejected: boolean;
}

const TOLD: Readonly<Record<PoolKind, Told>> = {
  // Three digits: `%.3g`.
  ckpool: { windowS: 300, part: 0.005, hs: 1, accepted: 'all-work', tellsRejected: false },
  'public-pool': { windowS: 600, part: 1e-9, hs: 1, accepted: null, tellsRejected: false },
  // Four decimals of a GH/s.
  'braiins-pool': { windowS: 300, part: 1e-9, hs: 1e5, accepted: 'work-of-a-day', tellsRejected: false },
  ocean: { windowS: 300, part: 1e-9, hs: 1, accepted: 'work-of-the-window', tellsRejected: false },
  f2pool: { windowS: 900, part: 1e-9, hs: 1, accepted: null, tellsRejected: false },
  luxor: { windowS: 300, part: 1e-9, hs: 1, accepted: null, tellsRejected: true },
  // Three decimals of a TH/s: of a rig of graphics cards it tells nothing.
  plain: { windowS: 600, part: 1e-9, hs: 1e9, accepted: 'count', tellsRejected: true },
};

/** By its own counters, H/s. */
const rateOf = (device: SimulatedDevice, at: number, windowS: number): number =>
  ((own(device, at).work - own(device, at - windowS * 1000).work) * HASHES) / windowS;

function acceptedOf(kind: PoolKind, device: SimulatedDevice, at: number): number | null {
  const { accepted, windowS } = TOLD[kind];
  switch (accepted) {
    case 'all-work':
      return own(device, at).work;
    case 'work-of-the-window':
      return own(device, at).work - own(device, at - windowS * 1000).work;
    case 'work-of-a-day':
      return own(device, at).work - own(device, at - DAY_S * 1000).work;
    case 'count':
      return own(device, at).accepted;
    case null:
      return null;
  }
}

describe.each(POOL_KINDS)('a pool of the kind %s', (kind) => {
  const { windowS, part, hs, accepted, tellsRejected } = TOLD[kind];

  test.each(MACHINES.map((machine) => [machine.family, machine] as const))(
    'tells of a machine of %s what the machine has counted',
    async (_, machine) => {
      const { device, time, look, pass } = await world(kind, machine);
      const first = own(device, START);
      // Before it has watched for a while a pool goes by the rate of the machine.
      const atFirst = viewOf(await look()).hashrateHs ?? Number.NaN;
      expect(Math.abs(atFirst - first.hashrateHs)).toBeLessThanOrEqual(0.2 * first.hashrateHs + hs);

      if (accepted === 'work-of-a-day') await pass(144, 10);
      await pass(20);
      const now = time.now;
      const view = viewOf(await look());
      const counted = own(device, now);
      expect(view.worker).toBe(counted.name);
      // Times are whole seconds on the way, and so is the age.
      expect(Math.abs((view.lastShareAgeS ?? Number.NaN) - (now - counted.lastShareAt) / 1000)).toBeLessThanOrEqual(1);
      const rate = rateOf(device, now, windowS);
      expect(Math.abs((view.hashrateHs ?? Number.NaN) - rate)).toBeLessThanOrEqual(part * rate + hs);
      const work = acceptedOf(kind, device, now);
      if (work === null) expect(view.accepted).toBeNull();
      else expect(Math.abs((view.accepted ?? Number.NaN) - work)).toBeLessThanOrEqual(1);
      expect(view.rejected).toBe(tellsRejected ? counted.rejected : null);
    },
  );

  test('tells the age of the last share between two of its renewals', async () => {
    const { device, time, look } = await world(kind);
    await look();
    time.now = START + 47_000;
    const told = viewOf(await look()).lastShareAgeS ?? Number.NaN;
    // ckpool knows nothing of the 47 s since its last file.
    const known = own(device, kind === 'ckpool' ? START : time.now).lastShareAt;
    expect(Math.abs(told - (time.now - known) / 1000)).toBeLessThanOrEqual(1);
  });

  test.each([
    ['down', [{ kind: 'down' }], / refuses connections \(ECONNREFUSED\)$/],
    [
      'unauthorized',
      [{ kind: 'unauthorized' }],
      / (?:wants a token that was not given|does not accept the token) \(HTTP 401\)/,
    ],
    ['rate-limited', [{ kind: 'rate-limited' }], / was asked too often \(HTTP 429, again in 1m?.*\)/],
    ['html', [{ kind: 'html' }], / has a fault of its own \(HTTP 502\)$/],
    ['slow', [{ kind: 'slow', seconds: 60 }], / does not answer within 0\.3 s$/],
  ] satisfies [string, PoolFault[], RegExp][])('that is %s is not seen, and why', async (fault, faults, reason) => {
    const { pool, look } = await world(kind);
    await pool.setFaults(faults);
    expect(reasonOf(await look(fault === 'slow' ? { limitMs: 300 } : {}))).toMatch(reason);
    await pool.setFaults([]);
    expect(viewOf(await look()).lastShareAgeS).toBeLessThan(60);
  });

  test.each([
    ['ahead', 7200],
    ['behind', -7200],
  ])('whose clock is two hours %s tells the right age', async (_, seconds) => {
    const { device, time, pool, look } = await world(kind);
    await pool.setFaults([{ kind: 'clock', seconds }]);
    const told = viewOf(await look()).lastShareAgeS ?? Number.NaN;
    expect(Math.abs(told - (time.now - own(device, time.now).lastShareAt) / 1000)).toBeLessThanOrEqual(1);
  });

  test('whose statistics are ten minutes old tells ages that are', async () => {
    const { device, time, pool, look } = await world(kind);
    await pool.setFaults([{ kind: 'stale', seconds: 600 }]);
    const told = viewOf(await look()).lastShareAgeS ?? Number.NaN;
    const then = own(device, time.now - 600_000).lastShareAt;
    expect(told).toBeGreaterThanOrEqual(599);
    expect(Math.abs(told - (time.now - then) / 1000)).toBeLessThanOrEqual(1);
  });

  test('that does not know the worker says so, and no age', async () => {
    const { pool, look } = await world(kind);
    await pool.setFaults([{ kind: 'worker-unknown' }]);
    const seen = await look();
    if (wasSeen(seen)) {
      expect(seen.value).toMatchObject({ lastShareAgeS: null, hashrateHs: null, accepted: null, rejected: null });
      expect(seen.line).toContain('the pool does not know this worker');
    } else expect(seen.notSeen).toMatch(UNKNOWN[kind] ?? /^never$/);
  });

  test('that knows other workers of the account does not take one of them for it', async () => {
    const { look } = await world(kind);
    const seen = await look({ worker: 'another' });
    if (wasSeen(seen))
      expect(seen.value).toMatchObject({ worker: 'account.another', lastShareAgeS: null, hashrateHs: null });
    else expect(seen.notSeen).toMatch(UNKNOWN[kind] ?? /^never$/);
  });
});

/** Those that have no word for a worker alone: the account is gone with its only worker, and a page with its name. */
const UNKNOWN: Partial<Record<PoolKind, RegExp>> = {
  ckpool: /^ckpool knows no user account \(HTTP 404\)$/,
  f2pool: /^f2pool says: permission denied.* \(code 5010\)$/,
  luxor: /^luxor does not accept the token \(HTTP 403\): Forbidden$/,
  plain: /^json has no such page \(HTTP 404\): not found$/,
};

describe('a pool that wants a key', () => {
  test.each(['braiins-pool', 'f2pool', 'luxor'] as const)('%s tells nothing with another one', async (kind) => {
    const { look } = await world(kind);
    const said = reasonOf(await look({ token: 'somebody-elses-key' }));
    expect(said).toMatch(/does not accept the token \(HTTP 401\)/);
    expect(said).not.toContain('somebody');
  });
});
