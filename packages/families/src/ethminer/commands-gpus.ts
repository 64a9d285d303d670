import { type Action, action, HeadframeError, integer, type Links, type Prepared, type Step } from '@headframe/model';
import { IN_PROCESS, shows, tellStats } from './looks.ts';
import { isByApi, otherReasons } from './pause-reasons.ts';
import type { GpuStats } from './stats.ts';
import { callStep } from './steps.ts';

/* Pauses, of the whole rig and of single GPUs: the API has the latter only (protocols.md 5.5). */

const METHOD = 'miner_pausegpu';

const pauseStep = (links: Links, index: number, pause: boolean): Step =>
  callStep(links, { method: METHOD, params: { index, pause } });

const told = (gpus: readonly GpuStats[]) => ({
  gpus: gpus.map(({ index, paused, reasons }) => ({ gpu: index, paused, reasons: reasons.join('; ') })),
});

/** Releases that tell no reasons (miner_getstathr) tell only whether it is paused. */
const isPaused = (gpu: GpuStats): boolean => gpu.paused === true && (gpu.reasons.length === 0 || isByApi(gpu));

function pausing(links: Links, gpus: readonly GpuStats[], pause: boolean, notes: readonly string[]): Prepared {
  const indices = gpus.map(({ index }) => index);
  return {
    notes,
    steps: indices.map((index) => pauseStep(links, index, pause)),
    readBack: shows('paused and pause_reason of each GPU', async (again) => {
      const seen = (await tellStats(again)).gpus.filter(({ index }) => indices.includes(index));
      const done =
        seen.length === indices.length && seen.every((gpu) => (pause ? isPaused(gpu) : gpu.paused === false));
      return { done, values: told(seen) };
    }),
  };
}

const NEXT_JOB = 'A GPU hashes again with the next job of the pool';

/** What a pause that was not made over the API does not lose by this (protocols.md 5.5). */
const staying = (gpus: readonly GpuStats[]): string[] =>
  gpus
    .filter((gpu) => gpu.paused === true && otherReasons(gpu).length > 0)
    .map((gpu) => `GPU ${gpu.index} stays paused: ${otherReasons(gpu).join('; ')}`);

async function gpusOf(links: Links): Promise<readonly GpuStats[]> {
  const { gpus } = await tellStats(links);
  if (gpus.length > 0) return gpus;
  throw new HeadframeError('support/unsupported', { request: METHOD, detail: 'the rig shows no GPU' });
}

export const pause: Action = action(
  {},
  async (links) => {
    const gpus = await gpusOf(links);
    return pausing(links, gpus, true, [`Each of its ${gpus.length} GPUs is paused, one after the other`]);
  },
  { lasting: IN_PROCESS },
);

export const resume: Action = action({}, async (links) => {
  const gpus = await gpusOf(links);
  return pausing(links, gpus, false, [NEXT_JOB, ...staying(gpus)]);
});

const one = () => integer({ about: 'number of the GPU, from 0', min: 0, max: 255, source: 'ethminer miner_pausegpu' });

async function gpuAt(links: Links, index: number): Promise<GpuStats> {
  const gpus = await gpusOf(links);
  const found = gpus.find((gpu) => gpu.index === index);
  if (found !== undefined) return found;
  const numbers = gpus.map((gpu) => gpu.index).join(', ');
  const detail = `${METHOD} takes the number of a GPU of this rig (${numbers}), not ${index}; nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}

const nameOf = ({ index, name, pci }: GpuStats): string[] =>
  name === null ? [] : [`GPU ${index} is ${name}${pci === null ? '' : ` at ${pci}`}`];

export const disableHashboard: Action = action(
  { hashboard: one() },
  async (links, { hashboard }) => {
    const gpu = await gpuAt(links, hashboard);
    return pausing(links, [gpu], true, nameOf(gpu));
  },
  { does: 'Pauses one GPU', lasting: IN_PROCESS },
);

export const enableHashboard: Action = action(
  { hashboard: one() },
  async (links, { hashboard }) => {
    const gpu = await gpuAt(links, hashboard);
    return pausing(links, [gpu], false, [...nameOf(gpu), NEXT_JOB, ...staying([gpu])]);
  },
  { does: 'Lets one GPU hash again that was paused over the API', hashing: 'unchanged' },
);
