/**
 * Whether a `CurtailMode` of `config` means that the machine sleeps. `None` is on a machine that hashes (a recorded S19k
 * Pro); `WakeUp` is one on its way out of sleep.
 */
export const isSleep = (mode: string): boolean => !['none', 'wakeup', 'wake up'].includes(mode.toLowerCase());
