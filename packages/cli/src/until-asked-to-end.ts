/**
 * Waits for the end: a signal, or, when a parent holds us by a channel, the end of that parent however it came.
 * Called before the output that others wait for: who has read it may ask at once. A second signal ends the process at once.
 */
export function untilAskedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    if (process.channel !== undefined && process.channel !== null) process.once('disconnect', () => resolve());
  });
}
