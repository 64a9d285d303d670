import { hash32, streamKey, uniform } from '../sim/counter-random.ts';
import { ASSUMED } from './sim-assumed.ts';
import { float, type JsonRecord } from './sim-json.ts';
import type { DcentMachine } from './sim-machine.ts';

/*
 * The last shares, which the daemon remembers one by one. Only accepted ones are simulated: when a rejected one came is
 * not known to the physics.
 */

/** So many the daemon remembers, and the best share is the best of them. */
const REMEMBERED = 64;
/** So many `events` tells. */
const TOLD = 32;

/** When the last shares were accepted, epoch ms, newest first. */
function sharesBefore(machine: DcentMachine, now: number, most: number): readonly number[] {
  const { session } = machine.run;
  const found: number[] = [];
  let at = session.lastShareAt(now);
  while (at !== null && found.length < most) {
    found.push(at);
    at = session.lastShareAt(at - 1);
  }
  return found;
}

/** What a share really reached: one in n shares reaches n times what was asked. */
function reached({ seed }: DcentMachine, at: number): number {
  return ASSUMED.difficulty / Math.max(1e-9, uniform(streamKey(seed, 'dcent-share'), at));
}

/** The best of the shares that are remembered; 0 before the first one. */
export const bestShare = (machine: DcentMachine, now: number): number =>
  sharesBefore(machine, now, REMEMBERED).reduce((best, at) => Math.max(best, reached(machine, at)), 0);

/** The last shares, newest first; their worker is not masked, unlike in `pools`. */
export function shareEvents(machine: DcentMachine, now: number): readonly JsonRecord[] {
  const worker = machine.run.pools[0]?.worker ?? '';
  return sharesBefore(machine, now, TOLD).map((at) => ({
    timestampMs: at,
    result: 'accepted',
    jobId: hex(hash32(machine.key('job'), Math.floor(at / 30_000))),
    difficulty: float(reached(machine, at)),
    targetDifficulty: float(ASSUMED.difficulty),
    errorCode: null,
    errorMsg: null,
    workerName: worker,
    nonce: hex(hash32(machine.key('nonce'), at)),
    ntime: hex(Math.floor(at / 1000)),
    extranonce2: null,
    versionBits: null,
    version: null,
    protocolMetaPresent: true,
  }));
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');
