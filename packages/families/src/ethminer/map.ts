import {
  blankFan,
  blankHashboard,
  type FamilySnapshot,
  type Fan,
  type Hashboard,
  type MachineState,
  type Replies,
} from '@headframe/model';
import { ASSUMED } from './assumed.ts';
import { identityOfEthminer } from './identity.ts';
import { faultsOf, isByApi, isFaulty, isSuspended, stateOfGpu } from './pause-reasons.ts';
import { poolsOf } from './pools.ts';
import { type GpuStats, type RigStats, STATS, statsOf } from './stats.ts';

/** What the answers of ethminer mean (protocols.md 5.5, 5.7). Each GPU is one hashboard, and has one fan. */
export function mapEthminer(replies: Replies): FamilySnapshot {
  const stats = statsOf(replies);
  const gpus = stats?.gpus ?? [];
  return {
    identity: identityOfEthminer(replies),
    state: stateOf(stats),
    minerUptimeS: stats?.uptimeS ?? null,
    systemUptimeS: null,
    hashrate: {
      currentHs: stats?.hashrateHs ?? null,
      currentWindowS: null,
      averageHs: null,
      nominalHs: null,
      windows: [],
    },
    // The boards' own sensors: what the rest of the rig draws is not in it.
    ...power(gpus),
    powerLimitW: null,
    efficiencyJTh: null,
    ambientTempC: null,
    hashboards: gpus.map(hashboard),
    fans: gpus.filter(({ fanPercent }) => fanPercent !== null).map(fan),
    psu: null,
    pools: poolsOf(replies, stats, lastShareAt(replies, stats)),
    shares: {
      accepted: stats?.shares.accepted ?? null,
      rejected: stats?.shares.rejected ?? null,
      stale: stats?.shares.stale ?? null,
      sessionBestDifficulty: null,
      bestDifficulty: null,
    },
    hardwareErrors: stats?.shares.failed ?? null,
    faults: faultsOf(gpus),
  };
}

/** A paused GPU keeps its last rate in the reply: whether it is paused goes before what it says. */
function stateOf(stats: RigStats | null): MachineState {
  if (stats === null) return 'unknown';
  const { gpus, hashrateHs, uptimeS } = stats;
  if (gpus.length > 0 && gpus.every(({ paused }) => paused === true)) {
    if (gpus.some(isByApi)) return 'paused';
    if (gpus.some(isFaulty)) return 'fault';
    return gpus.every(isSuspended) ? 'idle' : 'paused';
  }
  if (hashrateHs === null) return 'unknown';
  if (hashrateHs > 0) return 'mining';
  return uptimeS !== null && uptimeS < ASSUMED.startingS ? 'starting' : 'idle';
}

function power(gpus: readonly GpuStats[]): Pick<FamilySnapshot, 'powerW' | 'powerBasis'> {
  if (gpus.length === 0 || gpus.some(({ powerW }) => powerW === null)) return { powerW: null, powerBasis: null };
  return { powerW: gpus.reduce((sum, { powerW }) => sum + (powerW ?? 0), 0), powerBasis: 'estimated' };
}

const hashboard = (gpu: GpuStats): Hashboard => ({
  ...blankHashboard(gpu.index),
  label: gpu.pci,
  state: stateOfGpu(gpu),
  hashrateHs: gpu.hashrateHs,
  tempC: gpu.tempC,
  powerW: gpu.powerW,
  hardwareErrors: gpu.shares.failed,
});

const fan = (gpu: GpuStats): Fan => ({ ...blankFan(gpu.index), label: gpu.pci, percent: gpu.fanPercent });

/** The time counts from the start as long as there was no share. */
function lastShareAt(replies: Replies, stats: RigStats | null): number | null {
  const at = replies.get(STATS)?.meta.at;
  if (at === undefined || stats === null) return null;
  const { accepted, rejected, failed, sinceS } = stats.shares;
  const any = [accepted, rejected, failed].some((count) => count !== null && count > 0);
  return any && sinceS !== null ? at - sinceS * 1000 : null;
}
