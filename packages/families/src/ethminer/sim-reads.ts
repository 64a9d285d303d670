import { ASSUMED } from './sim-assumed.ts';
import type { Gpu } from './sim-gpu.ts';
import { Real } from './sim-json-reader.ts';
import type { Printed } from './sim-json-writer.ts';
import type { EthminerProcess } from './sim-process.ts';

/*
 * What the reading methods answer, but for the detail (protocols.md 5.5, 5.7).
 */

const hex64 = (value: bigint): string => `0x${value.toString(16).padStart(16, '0')}`;

/** Cut to 32 bits: over 4.29 GH/s it wraps (protocols.md 5.5). */
export const hex32 = (hs: number): string => `0x${(Math.floor(hs) % 2 ** 32).toString(16).padStart(8, '0')}`;

export const segmentOf = (process: EthminerProcess, gpu: Gpu): Printed => process.segment(gpu.index).map(hex64);

/** What the driver says of a GPU; zeros where nothing is read. */
export function sensorsOf(process: EthminerProcess, gpu: Gpu, now: number) {
  if (!process.start.plan.sensors) return { temperatureC: 0, fanPercent: 0, powerW: 0 };
  return { temperatureC: gpu.temperatureC(now), fanPercent: gpu.fanPercent(now), powerW: gpu.powerW(now) };
}

const minutes = (process: EthminerProcess, now: number): string => String(Math.floor(process.runtimeS(now) / 60));

function poolAddress({ connections }: EthminerProcess): string {
  const { host, port } = connections.active;
  return `${host}:${port}`;
}

/** Nine strings, made for the monitors of another miner (protocols.md 5.5). */
export function stat1(process: EthminerProcess, now: number): Printed {
  const gpus = process.listed;
  const shares = process.shares(now);
  const kilo = (hs: number): string => (hs / 1000).toFixed(0);
  const repeated = (what: string): string[] => Array<string>(process.leftovers).fill(what);
  const lines = gpus.map((gpu) => sensorsOf(process, gpu, now));
  return [
    process.start.plan.release.version,
    minutes(process, now),
    `${kilo(process.rateHs(now))};${shares.accepted};${shares.rejected}`,
    [...gpus.map((gpu) => kilo(gpu.rateHs(now))), ...repeated(ASSUMED.leftover.rate)].join(';'),
    '0;0;0',
    [...gpus.map(() => 'off'), ...repeated('off')].join(';'),
    [
      ...lines.map(({ temperatureC, fanPercent }) => `${temperatureC};${fanPercent}`),
      ...repeated(ASSUMED.leftover.temperature),
    ].join(';'),
    poolAddress(process),
    `${shares.failed};0;0;0`,
  ];
}

/** Gone from 0.18.0-alpha.3 on (protocols.md 5.7). With no GPU the lists are null. */
export function statHr(process: EthminerProcess, now: number): Printed {
  const gpus = process.listed;
  const shares = process.shares(now);
  const { version, framing } = process.start.plan.release;
  const list = (of: (gpu: Gpu) => Printed): Printed => (gpus.length === 0 ? null : gpus.map(of));
  const sensors = (gpu: Gpu) => sensorsOf(process, gpu, now);
  return {
    version,
    runtime: minutes(process, now),
    ethhashrate: Math.floor(process.rateHs(now)),
    // Single precision, printed as a number with a point.
    ethhashrates: list((gpu) => new Real(Math.fround(gpu.rateHs(now)))),
    ethshares: shares.accepted,
    ethrejected: shares.rejected,
    ethinvalid: shares.failed,
    ethpoolsw: 0,
    temperatures: list((gpu) => sensors(gpu).temperatureC),
    fanpercentages: list((gpu) => sensors(gpu).fanPercent),
    powerusages: list((gpu) => (process.start.plan.sensors ? new Real(sensors(gpu).powerW) : 0)),
    pooladdrs: poolAddress(process),
    ...(framing !== 'single' && { ispaused: list((gpu) => gpu.paused) }),
  };
}

export function connectionsOf({ connections }: EthminerProcess): Printed {
  return connections.uris.map((uri, index) => ({ active: index === connections.activeIndex, index, uri }));
}

export function scramblerInfo(process: EthminerProcess): Printed {
  const { startNonce, segmentWidth, gpus } = process;
  if (process.start.plan.release.shape === 'new') {
    return { device_count: process.listed.length, device_width: segmentWidth, start_nonce: hex64(startNonce) };
  }
  const segments = gpus.map(({ index }) => {
    const [start, stop] = process.segment(index);
    return { gpu: index, start, stop };
  });
  return {
    noncescrambler: startNonce,
    segmentwidth: segmentWidth,
    ...(process.listed.length > 0 && { segments }),
  };
}
