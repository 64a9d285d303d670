import type { Disagreement, FamilySnapshot, Hashboard, Pool, Replies } from '@headframe/model';
import { positive } from '@headframe/wire/json';
import { APART } from './assumed.ts';
import { apiDoc, apiReply, type Topic, type View } from './view.ts';

/*
 * Where two doors of one machine say what cannot both be true. Both are asked within one poll, one after the other: what
 * moves by itself must be well apart before it counts.
 */

type Value = string | number | boolean | null;

/** Why the one is believed, by what it is about. */
const WHY: Readonly<Record<Topic, string>> = {
  identity: 'the newer API is what the firmware itself goes by',
  state: 'it has a word for the state; port 4028 shows only what is hashed',
  hashrate: 'it is the source of both, and the more exact number',
  power: 'it tells the target that the tuner works for now',
  hashboards: 'it reads the hashboards itself; port 4028 repeats them',
  pools: 'it tells the pools with their groups; port 4028 repeats them',
};

/** @param views in the order in which they are believed */
export function disagreementsOf(replies: Replies, views: readonly View[], snapshot: FamilySnapshot): Disagreement[] {
  const found: Disagreement[] = withinApi(replies);
  const [believed, ...others] = views;
  if (believed === undefined) return found;
  for (const other of others) {
    const say = (topic: Topic, path: string, mine: Value, theirs: Value): void => {
      found.push({
        path,
        believed: { reply: believed.told[topic], value: mine },
        other: { reply: other.told[topic], value: theirs },
        why: WHY[topic],
      });
    };
    ofIdentity(believed, other, say);
    ofState(believed, other, say);
    ofHashrate(believed, other, snapshot, say);
    const limits = [believed.powerLimitW, other.powerLimitW] as const;
    if (apart(...limits, APART.watts)) say('power', '/powerLimitW', ...limits);
    ofHashboards(believed, other, snapshot, say);
    ofPools(believed.pools, other.pools, say);
  }
  return found;
}

type Say = (topic: Topic, path: string, mine: Value, theirs: Value) => void;

const apart = (a: number | null, b: number | null, by: number): boolean =>
  a !== null && b !== null && Math.abs(a - b) > by;

function ofIdentity(believed: View, other: View, say: Say): void {
  for (const key of ['mac', 'firmwareVersion', 'serial'] as const) {
    const [mine, theirs] = [believed.identity[key], other.identity[key]];
    if (mine !== null && theirs !== null && mine !== theirs) say('identity', `/identity/${key}`, mine, theirs);
  }
}

/** Whether it works or rests: the other words are matters of judgement. */
function ofState({ state: mine }: View, { state: theirs }: View, say: Say): void {
  const isWork = (state: View['state']): boolean | null =>
    state === 'mining' ? true : state === 'paused' ? false : null;
  const [a, b] = [isWork(mine), isWork(theirs)];
  // A miner that says that it mines and shows no hashing is idle at the other door: that is no contradiction.
  const rests = theirs === 'idle' && mine === 'mining';
  if ((a !== null && b !== null && a !== b) || rests) say('state', '/state', mine, theirs);
}

/** The longest window of both, up to 15 minutes: the shorter it is, the more it moves between two questions. */
function ofHashrate(believed: View, other: View, { hashrate }: FamilySnapshot, say: Say): void {
  for (const [index, { seconds, hs }] of [...believed.hashrate.windows.entries()].reverse()) {
    const theirs = other.hashrate.windows.find((window) => window.seconds === seconds)?.hs;
    if (seconds > 900 || theirs === undefined) continue;
    const most = Math.max(hs, theirs);
    const isShown = hashrate.windows[index]?.seconds === seconds;
    if (isShown && Math.abs(hs - theirs) > most * APART.hashrateShare) {
      say('hashrate', `/hashrate/windows/${index}/hs`, hs, theirs);
    }
    return;
  }
}

function ofHashboards(believed: View, other: View, { hashboards }: FamilySnapshot, say: Say): void {
  const [mine, theirs] = [believed.hashboards, other.hashboards];
  if (mine.length === 0 || theirs.length === 0) return;
  if (mine.length !== theirs.length) say('hashboards', '/hashboards', mine.length, theirs.length);
  for (const board of mine) {
    const same = theirs.find(({ slot }) => slot === board.slot);
    const index = hashboards.findIndex(({ slot }) => slot === board.slot);
    if (same !== undefined && index >= 0) ofHashboard(`/hashboards/${index}`, board, same, say);
  }
}

function ofHashboard(path: string, mine: Hashboard, theirs: Hashboard, say: Say): void {
  const limits = { chipsWorking: 0, tempC: APART.tempK, chipTempMaxC: APART.tempK } as const;
  for (const [key, by] of Object.entries(limits) as [keyof typeof limits, number][]) {
    if (apart(mine[key], theirs[key], by)) say('hashboards', `${path}/${key}`, mine[key], theirs[key]);
  }
  if (mine.serial !== null && theirs.serial !== null && mine.serial !== theirs.serial) {
    say('hashboards', `${path}/serial`, mine.serial, theirs.serial);
  }
}

const sameAddress = (pool: Pool): string => `${pool.url?.toLowerCase().replace(/\/+$/, '')}\n${pool.worker}`;

/** Pools are paired by address and worker; those that are left over by their order. */
function ofPools(mine: readonly Pool[], theirs: readonly Pool[], say: Say): void {
  if (mine.length === 0 || theirs.length === 0) return;
  if (mine.length !== theirs.length) say('pools', '/pools', mine.length, theirs.length);
  const left = [...theirs];
  const alone: [number, Pool][] = [];
  for (const [index, pool] of mine.entries()) {
    const at = left.findIndex((one) => sameAddress(one) === sameAddress(pool));
    if (at < 0) {
      alone.push([index, pool]);
      continue;
    }
    const [same] = left.splice(at, 1);
    if (same?.active != null && pool.active !== null && same.active !== pool.active) {
      say('pools', `/pools/${index}/active`, pool.active, same.active);
    }
  }
  for (const [index, pool] of alone) {
    const other = left.shift();
    if (other === undefined) return;
    for (const key of ['url', 'worker', 'active'] as const) {
      const [a, b] = [pool[key], other[key]];
      if (a !== null && b !== null && a !== b) say('pools', `/pools/${index}/${key}`, a, b);
    }
  }
}

/** Two replies of the same door. */
function withinApi(replies: Replies): Disagreement[] {
  const found: Disagreement[] = [];
  const idOf = (name: Parameters<typeof apiReply>[1]): string => apiReply(replies, name)?.meta.id ?? name;
  const pair = (
    path: string,
    [mine, theirs]: readonly [Value, Value],
    [believed, other]: readonly [Parameters<typeof apiReply>[1], Parameters<typeof apiReply>[1]],
    why: string,
  ): void => {
    if (mine === null || theirs === null || mine === theirs) return;
    const [a, b] = [idOf(believed), idOf(other)];
    found.push({ path, believed: { reply: a, value: mine }, other: { reply: b, value: theirs }, why });
  };
  const mac = (name: 'api:details' | 'api:network'): string | null =>
    apiDoc(replies, name).str('mac_address')?.toLowerCase().replaceAll('-', ':') ?? null;
  const details = ['api:details', 'api:network'] as const;
  pair('/identity/mac', [mac('api:details'), mac('api:network')], details, 'it names the machine');
  const now = apiDoc(replies, 'api:tuner').sub('mode_state').sub('powertargetmodestate').sub('current_target');
  const tuner = apiDoc(replies, 'api:configuration').sub('tuner');
  const configured = tuner.int('tuner_mode') === 2 ? null : positive(tuner.sub('power_target').num('watt'));
  const targets = ['api:tuner', 'api:configuration'] as const;
  // The configuration is asked once an hour, and power scaling moves the target on purpose.
  const isScaled = apiDoc(replies, 'api:configuration').sub('dps').bool('enabled') === true;
  const isOld = (apiReply(replies, 'api:tuner')?.meta.at ?? 0) - (apiReply(replies, 'api:configuration')?.meta.at ?? 0);
  if (!isScaled && isOld < SAME_POLL_MS) {
    pair('/powerLimitW', [positive(now.num('watt')), configured], targets, WHY.power);
  }
  return found;
}

/** A reply of this poll, as opposed to one that was kept. */
const SAME_POLL_MS = 60_000;
