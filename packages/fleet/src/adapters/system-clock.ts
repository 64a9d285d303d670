import type { Clock } from '../ports.ts';

/** The time of this computer. Timers do not keep the process alive: its listening socket does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
