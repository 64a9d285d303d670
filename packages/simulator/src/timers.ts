/** Waiting, from outside: tests turn the hands themselves. */
export interface Timers {
  /** Runs `then` once after so many milliseconds. Gives a function that calls it off. */
  after(ms: number, then: () => void): () => void;
}

/** Waits in real time. Never keeps a process alive by itself. */
export const realTimers: Timers = {
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Runs `then` every so many milliseconds until the function that it gives is called. */
export function every(timers: Timers, ms: number, then: () => void): () => void {
  let stop = timers.after(ms, tick);
  function tick() {
    stop = timers.after(ms, tick);
    then();
  }
  return () => stop();
}
