import type { MinerRow, Reason } from '@headframe/api';
import type { Hashboard, Pool, Snapshot } from '@headframe/model';
import type { Target } from '../ports.ts';
import type { Miner } from './miner.ts';
import { linkReason, snapshotReasons, worst } from './reasons.ts';

/**
 * The row of a machine. Only a machine that answered the last time has a state and readings: one that fell silent is
 * never shown as mining, and its row says since when (`lastAnswerAt`). Its last good reading stays in the record.
 */
export function rowOf(miner: Omit<Miner, 'row'>): MinerRow {
  const { target, snapshot, link } = miner;
  const now = link === 'ok' ? snapshot : null;
  const identity = snapshot?.identity;
  const reasons = reasonsOf(miner);
  return {
    id: miner.id,
    address: snapshot?.address ?? addressOf(target),
    family: identity?.family ?? target.family,
    make: identity?.make ?? target.make ?? null,
    model: identity?.model ?? target.model ?? null,
    firmware: identity?.firmware ?? target.firmware ?? null,
    firmwareVersion: identity?.firmwareVersion ?? null,
    simulated: target.simulated === true,
    state: now?.state ?? 'unknown',
    link,
    severity: worst(reasons),
    reasons,
    hashrateHs: now?.hashrate.currentHs ?? null,
    hashrateWindowS: now?.hashrate.currentWindowS ?? null,
    nominalHs: now?.hashrate.nominalHs ?? null,
    boardTempMaxC: hottest(now, (board) => [board.tempC, board.inletTempC, board.outletTempC]),
    chipTempMaxC: hottest(now, (board) => [board.chipTempMaxC]),
    powerW: now?.powerW ?? null,
    ...poolOf(now),
    lastAnswerAt: miner.lastAnswerAt,
    polls: miner.polls,
  };
}

function reasonsOf({ link, lastError, snapshot }: Omit<Miner, 'row'>): Reason[] {
  const trouble = linkReason(link, lastError);
  if (trouble !== null) return [trouble];
  return snapshot === null ? [] : snapshotReasons(snapshot);
}

/** Host, with the port where it is not the usual one. */
function addressOf({ address, ports }: Target): string {
  const port = ports.cgminer ?? ports.http;
  if (port === undefined || port === 4028 || port === 80) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function hottest(snapshot: Snapshot | null, of: (board: Hashboard) => readonly (number | null)[]): number | null {
  let most: number | null = null;
  for (const temp of snapshot?.hashboards.flatMap(of) ?? []) {
    if (temp !== null && (most === null || temp > most)) most = temp;
  }
  return most;
}

/** The pool that is worked for: the one that the machine says is active, else the first that is alive. */
export function poolOf(snapshot: Snapshot | null): { pool: string | null; worker: string | null } {
  const pools = snapshot?.pools ?? [];
  const used: Pool | undefined =
    pools.find(({ active }) => active === true) ?? pools.find(({ status }) => status === 'alive') ?? pools[0];
  return { pool: used?.url ?? null, worker: used?.worker ?? null };
}
