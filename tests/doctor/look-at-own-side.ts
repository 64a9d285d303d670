import { setTimeout } from 'node:timers/promises';
import { findMac } from '../../packages/client/src/doctor/find-mac.ts';
import type { Looking } from '../../packages/client/src/doctor/options.ts';
import { lookAtOwnSide } from '../../packages/client/src/doctor/own-side.ts';
import { realSystem } from '../../packages/client/src/doctor/real-system.ts';
import { Deadline } from '../../packages/client/src/links/deadline.ts';

/*
 * The technician's computer of a network namespace: `own <address> <port>` prints what it sees of itself on the way there,
 * `mac <mac> [ranges]` the address at which that MAC is.
 */

const [what = '', ...args] = process.argv.slice(2);
const deadline = new Deadline(60_000);
const looking: Looking = {
  clock: { now: () => Date.now() },
  deadline,
  system: realSystem,
  wait: (ms) => setTimeout(ms),
};

async function answer(): Promise<unknown> {
  const [first = '', second] = args;
  if (what === 'own') return lookAtOwnSide(first, Number(second), looking);
  return findMac(first, second ?? null, looking).catch((error: unknown) => ({ error: String(error) }));
}

process.stdout.write(`${JSON.stringify(await answer())}\n`);
deadline.end();
