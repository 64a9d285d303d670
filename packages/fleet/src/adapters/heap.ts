import { setFlagsFromString } from 'node:v8';

/**
 * Lets this process collect its garbage sooner. A snapshot lives for one interval: long enough to be moved among the old
 * objects, where the engine lets the dead ones pile up to several times the size of the living. Measured with 1,000
 * simulated machines: 350 MB and growing without this, 170 MB and steady with it, for a third more CPU (14 % of a core).
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--semi-space-growth-factor=1');
}
