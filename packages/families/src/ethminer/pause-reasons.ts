import { blankFault, type Fault, type FindingCode, type HashboardState } from '@headframe/model';
import type { GpuStats } from './stats.ts';

/** Why a GPU does not mine, in the words of all releases (protocols.md 5.5, 5.7), and what is wrong with it then. */
const REASONS: Readonly<Record<string, FindingCode | null>> = {
  'api request': null,
  api: null,
  // No work from any pool: the GPUs are well.
  'farm suspended': null,
  overheating: 'temperature.fault',
  temperature: 'temperature.fault',
  'insufficient gpu memory': 'device.fault',
  'epoch initialization error': 'device.fault',
};

const API = ['api request', 'api'];
const SUSPENDED = 'farm suspended';

const faultIn = (reason: string): FindingCode | null => {
  const known = REASONS[reason.toLowerCase()];
  return known === undefined ? 'vendor.unmapped' : known;
};

/** It was paused by `miner_pausegpu`, and `pause` false lifts this reason only. */
export const isByApi = ({ reasons }: GpuStats): boolean => reasons.some((one) => API.includes(one.toLowerCase()));

/** What keeps it paused when the API's own pause is lifted. */
export const otherReasons = ({ reasons }: GpuStats): string[] =>
  reasons.filter((one) => !API.includes(one.toLowerCase()));

export const isSuspended = ({ reasons }: GpuStats): boolean =>
  reasons.length > 0 && reasons.every((one) => one.toLowerCase() === SUSPENDED);

export const isFaulty = ({ reasons }: GpuStats): boolean => reasons.some((one) => faultIn(one) !== null);

export function stateOfGpu(gpu: GpuStats): HashboardState {
  if (gpu.paused === null) return gpu.hashrateHs === null ? 'unknown' : 'ok';
  if (!gpu.paused) return 'ok';
  return isFaulty(gpu) ? 'fault' : 'disabled';
}

export const faultsOf = (gpus: readonly GpuStats[]): Fault[] =>
  gpus.flatMap((gpu) =>
    gpu.reasons.flatMap((reason) => {
      const code = faultIn(reason);
      if (code === null) return [];
      const severity = code === 'vendor.unmapped' ? ('warning' as const) : ('error' as const);
      return [{ ...blankFault(code), text: reason, severity, component: `GPU ${gpu.index}` }];
    }),
  );
