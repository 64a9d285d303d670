import type { Gpu, PauseReason } from './sim-gpu.ts';
import { Real } from './sim-json-reader.ts';
import type { Printed } from './sim-json-writer.ts';
import type { GpuPlan } from './sim-plan.ts';
import type { EthminerProcess } from './sim-process.ts';
import { hex32, segmentOf, sensorsOf } from './sim-reads.ts';

/*
 * miner_getstatdetail in both of its shapes: 0.18.0-alpha.3 on (protocols.md 5.5) and from 0.17.0 to 0.18.0-alpha.2 (5.7).
 */

export const statDetail = (process: EthminerProcess, now: number): Printed =>
  process.start.plan.release.shape === 'new' ? newDetail(process, now) : oldDetail(process, now);

/** As the driver names it, with its memory in the largest unit that fits. */
export function deviceName({ name, memoryBytes }: GpuPlan): string {
  return `${name} ${scaled(memoryBytes, 1024, ['B', 'KB', 'MB', 'GB', 'TB'])}`;
}

/** Two decimals and a unit; a value that is exactly one step stays in the smaller unit. */
export function scaled(value: number, step: number, units: readonly string[]): string {
  let rest = value;
  let unit = 0;
  while (rest > step && unit < units.length - 1) {
    rest /= step;
    unit++;
  }
  return `${rest.toFixed(2)} ${units[unit]}`;
}

function newDetail(process: EthminerProcess, now: number): Printed {
  const { plan } = process.start;
  const { connections } = process;
  const { accepted, rejected, failed } = process.shares(now);
  const { temperatureStop } = plan;
  return {
    connection: { connected: connections.connected, switches: connections.switches, uri: connections.active.uri },
    devices: process.listed.map((gpu) => newDevice(process, gpu, now)),
    host: { name: plan.hostName, runtime: process.runtimeS(now), version: plan.release.version },
    mining: {
      difficulty: new Real(process.mining ? plan.difficulty : 0),
      epoch: process.mining ? plan.epoch : 0,
      epoch_changes: process.mining ? 1 : 0,
      hashrate: hex32(process.rateHs(now)),
      shares: [accepted, rejected, failed, process.sinceShareS(now)],
    },
    monitors: temperatureStop === null ? null : { temperatures: [temperatureStop.start, temperatureStop.stop] },
  };
}

function newDevice(process: EthminerProcess, gpu: Gpu, now: number): Printed {
  const { accepted, rejected, failed } = gpu.shares(now);
  const { temperatureC, fanPercent, powerW } = sensorsOf(process, gpu, now);
  return {
    _index: gpu.index,
    _mode: process.start.plan.mode,
    hardware: {
      name: deviceName(gpu.plan),
      pci: gpu.plan.pci,
      sensors: [temperatureC, fanPercent, new Real(powerW)],
      type: 'GPU',
    },
    mining: {
      hashrate: hex32(gpu.rateHs(now)),
      pause_reason: gpu.paused ? gpu.reasons.join('; ') : null,
      paused: gpu.paused,
      segment: segmentOf(process, gpu),
      shares: [accepted, rejected, failed, process.sinceShareS(now, [gpu])],
    },
  };
}

function oldDetail(process: EthminerProcess, now: number): Printed {
  const { plan } = process.start;
  const { connections } = process;
  const gpus = process.listed;
  return {
    version: plan.release.version,
    runtime: process.runtimeS(now),
    hostname: plan.hostName,
    connection: {
      uri: connections.active.uri,
      isconnected: connections.connected,
      switched: connections.switches,
    },
    difficulty: new Real(process.mining ? plan.difficulty : 0),
    epoch: process.mining && connections.connected ? plan.epoch : null,
    epoch_changes: process.mining ? 1 : 0,
    tstart: plan.temperatureStop?.start ?? null,
    tstop: plan.temperatureStop?.stop ?? null,
    hashrate: Math.floor(process.rateHs(now)),
    shares: oldShares(process, process.gpus, process.shares(now), now),
    gpus: gpus.length === 0 ? null : gpus.map((gpu) => oldGpu(process, gpu, now)),
  };
}

function oldShares(process: EthminerProcess, of: readonly Gpu[], shares: ReturnType<Gpu['shares']>, now: number) {
  return {
    accepted: shares.accepted,
    rejected: shares.rejected,
    invalid: shares.failed,
    ...(process.start.plan.release.shape === 'old' && { acceptedstale: shares.stale }),
    lastupdate: process.sinceShareS(now, of),
  };
}

function oldGpu(process: EthminerProcess, gpu: Gpu, now: number): Printed {
  const { plan } = process.start;
  const { temperatureC, fanPercent, powerW } = sensorsOf(process, gpu, now);
  const [nonceStart, nonceStop] = process.segment(gpu.index);
  return {
    index: gpu.index,
    hashrate: Math.floor(gpu.rateHs(now)),
    shares: oldShares(process, [gpu], gpu.shares(now), now),
    temp: plan.sensors ? temperatureC : null,
    fan: plan.sensors ? fanPercent : null,
    power: plan.sensors ? new Real(powerW) : null,
    ...oldPause(process, gpu),
    nonce_start: nonceStart,
    nonce_stop: nonceStop,
  };
}

const OLD_REASONS: Readonly<Partial<Record<PauseReason, string>>> = {
  Overheating: 'temperature',
  'Api request': 'api',
};

/** Before 0.18 there are two reasons; a rig without a pool is not paused but has no work. */
function oldPause(process: EthminerProcess, gpu: Gpu) {
  if (process.start.plan.release.shape === 'alpha') {
    return { ispaused: gpu.paused, pause_reason: gpu.paused ? gpu.reasons.join('; ') : null };
  }
  const reasons = gpu.reasons.map((reason) => OLD_REASONS[reason]).filter((reason) => reason !== undefined);
  return { ispaused: reasons.length > 0, pause_reason: reasons.join(',') };
}
