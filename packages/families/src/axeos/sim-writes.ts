import type { SimulatedHttpReply } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';
import { type Asked, CORS, error, type Handler, json, message } from './sim-page.ts';
import { MOST_POOLS, readPool } from './sim-pool.ts';
import { written } from './sim-settings.ts';
import { keepsStatistics } from './sim-statistics.ts';
import { numberOf, textOf } from './sim-store.ts';
import { jsonOf, keysOf, text } from './sim-values.ts';

/*
 * What a Bitaxe can be told (protocols.md 6.2, 6.4). A settings document is at most 10239 bytes.
 */

const TOO_LONG = 10_240;
const RESTART_MS = 1_000;
const IDENTIFY_MS = 30_000;

/** Success is an empty body. */
const DONE: SimulatedHttpReply = { status: 200, headers: { 'content-type': 'text/html', ...CORS }, body: '' };

export const patchSettings: Handler = (asked) => {
  const { unit, request, now } = asked;
  if (request.body.length >= TOO_LONG) return error(500, 'content too long');
  const document = jsonOf(request.body);
  if (document === undefined) return error(400, 'Invalid JSON');
  const result = written(unit.store, document, unit.release);
  if (result === null) return error(400, 'Wrong API input');
  const { store, keys } = result;
  const hostBefore = textOf(unit.store, 'hostname');
  const kept = keepsStatistics(unit);
  const before = DRIVEN.map((key) => unit.store.values.get(key));
  unit.store = store;
  if (!kept && keepsStatistics(unit)) unit.statsSince = now;
  if (DRIVEN.some((key, i) => unit.store.values.get(key) !== before[i])) unit.drive(now);
  const host = textOf(store, 'hostname');
  if (unit.release.minor < 15 || !keys.has('hostname') || host === hostBefore) return DONE;
  return json(asked, {
    status: ASSUMED.hostnameStatus,
    redirect: { url: `http://${host}.local`, delay: 2000, message: ASSUMED.hostnameMessage },
  });
};

/** What acts at once on chips and fans. */
const DRIVEN = ['frequency', 'coreVoltage', 'autofanspeed', 'manualFanSpeed', 'minFanSpeed', 'temptarget'];

/** Restarts in a second; a device whose restart cuts it off does so before a word. */
function restarting(asked: Asked, reply: SimulatedHttpReply): SimulatedHttpReply {
  const cuts = asked.unit.isOn('restart-cuts');
  asked.unit.restartLater(asked.now, cuts ? 0 : RESTART_MS);
  return cuts ? { ...reply, end: 'reset' } : reply;
}

export const postRestart: Handler = (asked) => restarting(asked, message(asked, 'System will restart shortly.', 13));

export const postIdentify: Handler = (asked) => {
  const { unit, now } = asked;
  const says = now >= unit.identifyUntil;
  unit.identifyUntil = says ? now + IDENTIFY_MS : 0;
  return message(asked, says ? 'The device says "Hi!" for 30 seconds.' : 'The device no longer says "Hi!".', 13);
};

const setPaused =
  (paused: boolean, said: string): Handler =>
  (asked) => {
    asked.unit.paused = paused;
    asked.unit.drive(asked.now);
    return json(asked, { message: said });
  };

export const postPause = setPaused(true, 'Mining paused');
export const postResume = setPaused(false, 'Mining resumed');

export const postDismiss: Handler = (asked) => {
  const { unit } = asked;
  unit.showNewBlock = false;
  return json(asked, { blockFound: Number(unit.blockFound), showNewBlock: false, message: ASSUMED.dismissed });
};

export const postBoot: Handler = (asked) => {
  const { unit, request } = asked;
  if (request.body.length === 0) return error(400, 'Empty request body');
  if (request.body.length >= TOO_LONG) return error(500, 'content too long');
  const document = jsonOf(request.body);
  if (document === undefined) return error(400, 'Invalid JSON');
  const label = text(keysOf(document).get('partition'), 0, TOO_LONG);
  if (label === null) return error(400, 'Missing partition label');
  if (!PARTITIONS.includes(label)) return error(400, 'Partition not found');
  const program = unit.partitions.get(label);
  if (program === undefined) return error(400, 'No valid firmware found on partition');
  unit.startNext(label, program.release);
  return restarting(asked, json(asked, { message: ASSUMED.booting }));
};

/** Those that can hold a program. */
const PARTITIONS = ['factory', 'ota_0', 'ota_1'];

/** The pool of a path: 0 to 7, or null. */
function poolId({ request }: Asked): number | null {
  const id = /\/pools\/([0-9]{1,3})$/.exec(request.path.split('?')[0] ?? '')?.[1];
  return id === undefined || Number(id) >= MOST_POOLS ? null : Number(id);
}

export const putPool: Handler = (asked) => {
  const { unit, request } = asked;
  const id = poolId(asked);
  if (id === null) return error(400, 'Invalid pool index');
  if (request.body.length >= TOO_LONG) return error(500, 'content too long');
  const document = jsonOf(request.body);
  if (document === undefined) return error(400, 'Invalid JSON');
  const pool = readPool(document, unit.store.pools[id] ?? null);
  if (pool === null) return error(400, 'Invalid pool configuration payload');
  unit.store.pools[id] = pool;
  return json(asked, { message: 'Pool updated successfully' });
};

export const deletePool: Handler = (asked) => {
  const { unit } = asked;
  const id = poolId(asked);
  if (id === null) return error(400, 'Invalid pool index');
  if (id === numberOf(unit.store, 'primaryPoolIndex') || id === numberOf(unit.store, 'secondaryPoolIndex')) {
    return error(400, 'Cannot delete a pool that is currently selected as primary or fallback');
  }
  unit.store.pools[id] = null;
  return json(asked, { message: 'Pool cleared successfully' });
};
