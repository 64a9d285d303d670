import { useSyncExternalStore } from 'react';

/** Ages move on in these steps: often enough to trust, seldom enough to stay quiet. */
const STEP_MS = 5_000;

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const tell of listeners) tell();
    }, STEP_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** This computer's clock, epoch ms, in steps of some seconds. One timer for the whole page. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);
