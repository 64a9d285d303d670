import { parseLenient } from '@headframe/wire/json';
import { describe, expect, test } from 'vitest';
import type { DeviceProfile, SimulatedDevice, WorkDone } from './device.ts';
import { simulators } from './index.ts';
import { MiningSession } from './physics.ts';
import { sessionWork, workDone } from './work-done.ts';

/*
 * The pool's account against what the machine says of itself, in the bytes of its own replies.
 */

const POWERED = 1_795_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PEER = { address: '127.0.0.1' };

type Doc = Record<string, unknown>;

/** What every part of a machine says about its shares, by its own words. */
interface Told {
  readonly accepted: readonly number[];
  readonly rejected: readonly number[];
  /** Epoch s, where it tells a time of day. */
  readonly lastShareS?: number;
}

const documentOf = (bytes: Uint8Array): Doc => {
  const { value } = parseLenient(bytes);
  if (typeof value !== 'object' || value === null) throw new Error('no document');
  return value as Doc;
};
const join = (chunks: readonly { readonly bytes: Uint8Array }[]): Uint8Array =>
  Uint8Array.from(chunks.flatMap(({ bytes }) => [...bytes]));
const sum = (records: readonly Doc[], key: string): number =>
  records.reduce((all, record) => all + Number(record[key] ?? 0), 0);

/** Families whose `Last Share Time` of a pool is epoch seconds. */
const TIME_OF_DAY = ['whatsminer', 'braiins', 'dcent', 'sealminer', 'cgminer'];

function overCgminer(device: SimulatedDevice, now: number): Told {
  const key = device.label.family === 'whatsminer' ? 'cmd' : 'command';
  const ask = (command: string, section: string): Doc[] => {
    const request = new TextEncoder().encode(`${JSON.stringify({ [key]: command })}\n`);
    const bytes = join(device.cgminer?.receive(request, PEER, now).chunks ?? []);
    const said = documentOf(bytes.filter((byte) => byte !== 0));
    // Newer WhatsMiners have the data in Msg, and one record is no list there.
    return [said[section] ?? said.Msg].flat() as Doc[];
  };
  const pools = ask('pools', 'POOLS');
  const summary = ask('summary', 'SUMMARY');
  const has = (name: string) => summary.some((record) => Object.hasOwn(record, name));
  const times = pools.map((pool) => Number(pool['Last Share Time']));
  return {
    accepted: [sum(pools, 'Accepted'), ...(has('Accepted') ? [sum(summary, 'Accepted')] : [])],
    rejected: [sum(pools, 'Rejected'), ...(has('Rejected') ? [sum(summary, 'Rejected')] : [])],
    ...(TIME_OF_DAY.includes(device.label.family) && { lastShareS: Math.max(...times) }),
  };
}

function overHttp(device: SimulatedDevice, path: string, now: number): Doc {
  const reply = device.http?.respond({ method: 'GET', path, headers: {}, body: new Uint8Array() }, PEER, now);
  if (reply?.status !== 200) throw new Error(`${path}: ${reply?.status}`);
  return documentOf(typeof reply.body === 'string' ? new TextEncoder().encode(reply.body) : reply.body);
}

function told(device: SimulatedDevice, now: number): Told {
  switch (device.label.family) {
    case 'axeos':
    case 'nerdqaxe': {
      const { sharesAccepted, sharesRejected } = overHttp(device, '/api/system/info', now);
      return { accepted: [Number(sharesAccepted)], rejected: [Number(sharesRejected)] };
    }
    case 'epic': {
      const session = overHttp(device, '/summary', now).Session as Doc;
      const lastShareS = Number(session['Last Accepted Share Timestamp']);
      return { accepted: [Number(session.Accepted)], rejected: [Number(session.Rejected)], lastShareS };
    }
    case 'elphapex': {
      const pools = overHttp(device, '/cgi-bin/pools.cgi', now).POOLS as Doc[];
      return { accepted: [sum(pools, 'accepted')], rejected: [sum(pools, 'rejected')] };
    }
    case 'ethminer': {
      const request = new TextEncoder().encode('{"id":1,"jsonrpc":"2.0","method":"miner_getstat1"}\n');
      const chunks = device.ethminer?.connect(PEER, now)?.receive(request, now).chunks ?? [];
      const [, accepted, rejected] = String((documentOf(join(chunks)).result as string[])[2]).split(';');
      return { accepted: [Number(accepted)], rejected: [Number(rejected)] };
    }
    default:
      return overCgminer(device, now);
  }
}

const profiles: [string, DeviceProfile][] = simulators.flatMap(({ id, profiles: all }) =>
  all.map((profile): [string, DeviceProfile] => [`${id} ${profile.name}`, profile]),
);
const create = (profile: DeviceProfile, quirks: Record<string, boolean> = {}, seed = 5) =>
  profile.create({ seed, poweredAt: POWERED, quirks: { 'no-password': true, ...quirks } });
const workOf = (device: SimulatedDevice, now: number): readonly WorkDone[] => {
  if (device.work === undefined) throw new Error(`${device.label.model} does no work`);
  return device.work(now);
};
const total = (work: readonly WorkDone[], what: 'accepted' | 'rejected'): number =>
  work.reduce((all, one) => all + one[what], 0);

describe.each(profiles)('%s', (_, profile) => {
  test('has done for its pools what it says that it has done', () => {
    const device = create(profile);
    for (const now of [POWERED + 6 * MINUTE, POWERED + 47 * MINUTE, POWERED + 26 * HOUR]) {
      const work = workOf(device, now);
      const said = told(device, now);
      for (const accepted of said.accepted) expect(total(work, 'accepted')).toBe(accepted);
      for (const rejected of said.rejected) expect(total(work, 'rejected')).toBe(rejected);
      const last = Math.max(0, ...work.map(({ lastShareAt }) => lastShareAt ?? 0));
      if (said.lastShareS !== undefined) expect(Math.floor(last / 1000)).toBe(said.lastShareS);
      expect(last).toBeLessThanOrEqual(now);
    }
  });

  test('never takes a share back, and its share times never run backwards', () => {
    const device = create(profile, {}, 12);
    let accepted = 0;
    let last = 0;
    for (let now = POWERED; now < POWERED + 5 * HOUR; now += 7 * MINUTE) {
      const work = workOf(device, now);
      expect(total(work, 'accepted')).toBeGreaterThanOrEqual(accepted);
      accepted = total(work, 'accepted');
      for (const { lastShareAt, hashrateHs } of work) {
        expect(lastShareAt ?? 0).toBeLessThanOrEqual(now);
        expect(hashrateHs).toBeGreaterThanOrEqual(0);
      }
      const latest = Math.max(0, ...work.map(({ lastShareAt }) => lastShareAt ?? 0));
      expect(latest).toBeGreaterThanOrEqual(last);
      last = latest;
    }
  });
});

test('all machines get shares but programs without devices and stand-ins that never find one', () => {
  const none = profiles.filter(([, profile]) => total(workOf(create(profile), POWERED + 3 * HOUR), 'accepted') === 0);
  expect(none.map(([name]) => name).filter((name) => !/^(cgminer|ethminer) /.test(name))).toEqual([]);
  expect(none.map(([name]) => name)).not.toContain('cgminer two-boards');
  expect(none.map(([name]) => name)).not.toContain('ethminer rig-6');
});

test('an S19 Pro hashes by its shares about as fast as it is rated, 110 TH/s', () => {
  const s19 = profiles.find(([name]) => name === 'antminer s19-pro')?.[1];
  if (s19 === undefined) throw new Error('no S19 Pro');
  // Ten minutes have about thirty of its shares: their number is right within some fifty percent.
  const [work] = workOf(create(s19), POWERED + 3 * HOUR);
  expect(work?.hashrateHs).toBeGreaterThan(55e12);
  expect(work?.hashrateHs).toBeLessThan(165e12);
});

const asleep = profiles.filter(([, profile]) => Object.hasOwn(profile.quirks, 'asleep'));

test.each(asleep)('%s submits nothing while it sleeps', (_, profile) => {
  const device = create(profile, { asleep: true });
  expect(total(workOf(device, POWERED + 2 * HOUR), 'accepted')).toBe(0);
});

const session = () =>
  new MiningSession({
    seed: 3,
    startedAt: 0,
    boards: [{ nominalHs: 1e12, powerW: 30 }],
    pools: [
      { difficulty: 1000, outagesPerDay: 0 },
      { difficulty: 1000, outagesPerDay: 0 },
    ],
    cooling: { fans: 1, maxRpm: 4000, minPercent: 20, targetC: 60, riseC: 30 },
    idleW: 2,
  });
const POOLS = [
  { pool: 0, url: 'stratum+tcp://a.example:3333', worker: 'w', difficulty: 1000 },
  { pool: 1, url: 'stratum+tcp://b.example:3333', worker: 'w', difficulty: 1000 },
];

describe('the work of a session', () => {
  test('stands with each pool that it was done for, and no other', () => {
    const one = session();
    expect(sessionWork(HOUR, one, POOLS).map(({ url }) => url)).toEqual(['stratum+tcp://a.example:3333']);
    one.setPools(HOUR, [1]);
    expect(sessionWork(2 * HOUR, one, POOLS).map(({ url }) => url)).toEqual([
      'stratum+tcp://a.example:3333',
      'stratum+tcp://b.example:3333',
    ]);
  });

  test('ends with the program, and its rate fades within ten minutes', () => {
    const one = session();
    const ended = sessionWork(HOUR, one, POOLS, { endedAt: HOUR })[0];
    const later = sessionWork(2 * HOUR, one, POOLS, { endedAt: HOUR })[0];
    expect(later).toEqual({ ...ended, hashrateHs: 0 });
    expect(ended?.lastShareAt).toBeLessThanOrEqual(HOUR);
    expect(ended?.hashrateHs).toBeGreaterThan(0.6e12);
  });

  test('of shares that nobody can weigh has no difficulty and no rate', () => {
    const counted = { url: 'u', worker: 'w', difficulty: Number.POSITIVE_INFINITY };
    const shares = () => ({ accepted: 2, rejected: 1 });
    expect(workDone(HOUR, { startedAt: 0 }, [{ ...counted, shares, lastShareAt: () => 5 }])).toEqual([
      { url: 'u', worker: 'w', accepted: 2, rejected: 1, difficulty: null, lastShareAt: 5, hashrateHs: 0 },
    ]);
  });
});
