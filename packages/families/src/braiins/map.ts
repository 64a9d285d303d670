import {
  blankHashboard,
  type FamilySnapshot,
  type Fan,
  type Hashboard,
  type Hashrate,
  type Identity,
  type Replies,
  type Shares,
} from '@headframe/model';
import type { Hardware } from '@headframe/model/hardware';
import { disagreementsOf } from './disagreements.ts';
import { hardwareNamed, mergedIdentity } from './identity.ts';
import { viewOfApi } from './map-api.ts';
import { skewOf, viewOfCommands } from './map-commands.ts';
import { viewOfGraphql } from './map-graphql.ts';
import { blankHashrate, blankShares, blankView, type View } from './view.ts';

/**
 * One machine, several doors: field by field the first that says it, gRPC or REST before GraphQL before port 4028. What
 * cannot both be true is said in `disagreements`.
 */
export function mapBraiins(replies: Replies): FamilySnapshot {
  const views = viewsOf(replies);
  const identity = mergedIdentity(
    replies,
    views.map((view) => view.identity),
  );
  const hardware = hardwareNamed(identity);
  const first = <K extends keyof View>(key: K): View[K] | null =>
    views.map((view) => view[key]).find((value) => value !== null) ?? null;
  const list = <K extends 'pools' | 'faults' | 'fans' | 'hashboards'>(key: K): View[K] =>
    views.map((view) => view[key]).find((value) => value.length > 0) ?? [];
  const states = views.map((view) => view.state);
  const believed = states.find((one) => one !== 'unknown') ?? 'unknown';
  // GraphQL sees only that nothing is hashed; that it was paused is told by `tunerstatus` of port 4028.
  const state = believed === 'idle' && states.includes('paused') ? 'paused' : believed;
  const powerW = first('powerW');
  const { told: _, ...nothing } = blankView(NOTHING_TOLD);
  const snapshot: FamilySnapshot = {
    ...nothing,
    identity,
    state,
    minerUptimeS: first('minerUptimeS'),
    systemUptimeS: first('systemUptimeS'),
    hashrate: mergedHashrate(views),
    powerW,
    powerBasis: powerW === null ? null : 'estimated',
    powerLimitW: first('powerLimitW'),
    efficiencyJTh: first('efficiencyJTh'),
    ambientTempC: first('ambientTempC'),
    hashboards: boardsOf(views, hardware, state),
    fans: fansOf(list('fans'), hardware),
    psu: first('psu'),
    pools: list('pools'),
    shares: mergedShares(views),
    hardwareErrors: first('hardwareErrors'),
    faults: list('faults'),
  };
  const disagreements = disagreementsOf(replies, views, snapshot);
  return disagreements.length === 0 ? snapshot : { ...snapshot, disagreements };
}

export function identityOfBraiins(replies: Replies): Identity {
  return mergedIdentity(
    replies,
    viewsOf(replies).map((view) => view.identity),
  );
}

const NOTHING_TOLD: View['told'] = {
  identity: '',
  state: '',
  hashrate: '',
  power: '',
  hashboards: '',
  pools: '',
};

/** In the order in which they are believed. */
function viewsOf(replies: Replies): View[] {
  const skewMs = skewOf(replies);
  const views = [viewOfApi(replies, skewMs), viewOfGraphql(replies, skewMs), viewOfCommands(replies)];
  return views.filter((view) => view !== null);
}

/** All rates of one moment come from one door. */
function mergedHashrate(views: readonly View[]): Hashrate {
  const told = views.find(({ hashrate }) => hashrate.windows.length > 0)?.hashrate ?? blankHashrate();
  const nominalHs = views.map(({ hashrate }) => hashrate.nominalHs).find((hs) => hs !== null) ?? null;
  return { ...told, nominalHs };
}

function mergedShares(views: readonly View[]): Shares {
  const merged = blankShares();
  for (const key of Object.keys(merged) as (keyof Shares)[]) {
    merged[key] = views.map(({ shares }) => shares[key]).find((value) => value !== null) ?? null;
  }
  return merged;
}

/** The boards of the first door that lists any, with what only the others know of the same slot. */
function boardsOf(views: readonly View[], hardware: Hardware | null, state: FamilySnapshot['state']): Hashboard[] {
  const [listed, ...others] = views.filter(({ hashboards }) => hashboards.length > 0);
  const boards = (listed?.hashboards ?? []).map((board) => {
    const merged = { ...board };
    for (const other of others) {
      const same = other.hashboards.find(({ slot }) => slot === board.slot);
      if (same !== undefined) fillFrom(merged, same);
    }
    return { ...merged, chipsExpected: hardware?.chipsPerBoard ?? null };
  });
  // While the boards are still being found none is missed.
  const count = boards.length === 0 || state !== 'mining' ? 0 : (hardware?.hashboards ?? 0);
  for (let slot = 0; slot < count && boards.length < count; slot++) {
    if (boards.some((board) => board.slot === slot)) continue;
    const expected = hardware?.chipsPerBoard ?? null;
    boards.push({ ...blankHashboard(slot), state: 'missing', chipsExpected: expected });
  }
  return boards.sort((a, b) => a.slot - b.slot);
}

function fillFrom(board: Hashboard, other: Hashboard): void {
  const target = board as Record<string, unknown>;
  for (const [key, value] of Object.entries(other)) {
    if (target[key] === null || target[key] === 'unknown') target[key] = value;
  }
}

/**
 * A control board has places for more fans than some machines have, and those read 0 (captures: two of the four of an
 * S9). Of the places that read 0 as many stay as fans are wanting.
 */
function fansOf(fans: readonly Fan[], hardware: Hardware | null): Fan[] {
  const count = hardware?.fans ?? null;
  if (count === null) return [...fans];
  const turning = fans.filter(({ rpm }) => rpm !== 0).length;
  let wanting = Math.max(0, count - turning);
  return fans.filter(({ rpm }) => rpm !== 0 || wanting-- > 0);
}
