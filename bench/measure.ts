/** One line of `npm run bench`: a measured value and the limit it is held to. */
export interface BenchRow {
  readonly name: string;
  /** A ratio within this run (`x`), or a time (`ms`). */
  readonly ratio: number;
  readonly limit: number;
  readonly unit: 'x' | 'ms' | 'MB';
  readonly detail?: string;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** How long one run takes, in ms. */
function timed(run: () => unknown): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** What one run costs this thread, in ms of CPU: how long it would hold the event loop of a machine of its own. */
export function cpuMs(run: () => unknown): number {
  const usage = process.threadCpuUsage ?? process.cpuUsage; // Node 22 has no usage by thread
  const before = usage();
  run();
  const { user, system } = usage(before);
  return (user + system) / 1000;
}

/**
 * How much longer `ours` takes than `theirs`: both run in turns in the same process, so that what else the machine does
 * meets both, and the medians are compared.
 */
export function compare(ours: () => unknown, theirs: () => unknown): { ratio: number; detail: string } {
  const batch = (run: () => unknown, times: number) => () => {
    for (let i = 0; i < times; i++) run();
  };
  for (const run of [ours, theirs]) for (let i = 0; i < 5; i++) timed(batch(run, 400));
  const times = Math.max(10, Math.round(2 / (timed(batch(theirs, 100)) / 100)));
  const a: number[] = [];
  const b: number[] = [];
  for (let round = 0; round < 61; round++) {
    if (round % 2 === 0) a.push(timed(batch(ours, times)));
    b.push(timed(batch(theirs, times)));
    if (round % 2 === 1) a.push(timed(batch(ours, times)));
  }
  const us = (values: number[]) => ((median(values) / times) * 1000).toFixed(1);
  return { ratio: median(a) / median(b), detail: `${us(a)} us against ${us(b)} us` };
}
