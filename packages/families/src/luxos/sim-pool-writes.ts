import { ASSUMED } from './sim-assumed.ts';
import type { Command, Commands } from './sim-command.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { numberIn, numberKey, readKeys, wholeIn } from './sim-parameters.ts';
import { inform, invalidValue, type LuxReply, MISSING_PARAMETER, ok, refuse } from './sim-reply.ts';
import type { WorkGroup, WorkPool } from './sim-work.ts';

/*
 * Commands that change something and need no session (`protocols.md` 8): pools, groups, the log. Those for pools say
 * what cgminer's say, with its codes (1.6).
 */

const DIFFICULTY = 65_536;

/** Runs on the pool whose number the first part is. */
function onPool(
  machine: LuxosMachine,
  [text]: readonly string[],
  run: (pool: WorkPool, name: string) => LuxReply,
): LuxReply {
  const { pools } = machine.work;
  if (text === undefined) return refuse(25, 'Missing pool id parameter');
  const number = wholeIn(text, 0, pools.length - 1);
  const pool = number === null ? undefined : pools[number];
  if (pool === undefined) return refuse(26, `Invalid pool id ${text} - range is 0 - ${pools.length - 1}`);
  return run(pool, `${number}:'${pool.url}'`);
}

function onGroup(
  machine: LuxosMachine,
  [text]: readonly string[],
  run: (group: WorkGroup, number: number) => LuxReply,
): LuxReply {
  if (text === undefined) return MISSING_PARAMETER;
  const number = wholeIn(text, 0, machine.work.groups.length - 1);
  const group = number === null ? undefined : machine.work.groups[number];
  return number === null || group === undefined ? invalidValue(`group ${text}`) : run(group, number);
}

const full = refuse(54, 'Reached maximum number of pools');

/** The password may be empty, its comma not left out (docs.luxor.tech, intro). */
const addpool: Command = (machine, now, parts) => {
  const [url, user, password, group = '0'] = parts;
  if (url === undefined) return refuse(52, 'Missing addpool details');
  const number = wholeIn(group, 0, machine.work.groups.length - 1);
  if (url === '' || user === undefined || password === undefined) {
    return refuse(53, `Invalid addpool details '${parts.slice(0, 2).join(',')}'`);
  }
  if (number === null) return invalidValue(`group ${group}`);
  if (machine.work.isFull) return full;
  // A simulated pool answers, unless its address says that it cannot: `.invalid` is no name of any host.
  const dead = !/^stratum\+(?:tcp|ssl):\/\//.test(url) || /\.invalid(?:[:/]|$)/.test(url);
  const pool = machine.work.addPool(now, { url, user, group: number, difficulty: DIFFICULTY, enabled: true, dead });
  return ok(55, `Added pool ${pool}: '${url}'`);
};

const removepool: Command = (machine, now, parts) =>
  onPool(machine, parts, (pool, name) => {
    if (machine.work.pools.length <= 1) return refuse(66, `Cannot remove last pool ${name}`);
    if (machine.work.isActive(now, pool)) return refuse(67, `Cannot remove active pool ${name}`);
    machine.work.removePool(now, pool);
    return ok(68, `Removed pool ${name}`);
  });

/** Answers at once; the work moves when the pool has been connected for a while, as in cgminer (`protocols.md` 1.4). */
const switchpool: Command = (machine, now, parts) =>
  onPool(machine, parts, (pool, name) => {
    machine.work.prefer(now, pool);
    return ok(27, `Switching to pool ${name}`);
  });

const enablepool: Command = (machine, now, parts) =>
  onPool(machine, parts, (pool, name) => {
    if (pool.enabled) return inform(49, `Pool ${name} already enabled`);
    machine.setPoolEnabled(now, pool, true);
    return ok(47, `Enabling pool ${name}`);
  });

const disablepool: Command = (machine, now, parts) =>
  onPool(machine, parts, (pool, name) => {
    if (!pool.enabled) return inform(50, `Pool ${name} already disabled`);
    if (machine.work.pools.filter(({ enabled }) => enabled).length <= 1) {
      return refuse(51, `Cannot disable last active pool ${name}`);
    }
    machine.setPoolEnabled(now, pool, false);
    return ok(48, `Disabling pool ${name}`);
  });

const MOST_QUOTA = 1e6;

const addgroup: Command = (machine, now, [name, quotaText]) => {
  if (name === undefined || name === '' || quotaText === undefined) return MISSING_PARAMETER;
  const quota = numberIn(quotaText, 0, MOST_QUOTA);
  if (quota === null || name.length > 64) return invalidValue(`${name},${quotaText}`);
  if (machine.work.isFull) return full;
  const number = machine.work.addGroup(now, { name, quota });
  return ok(ASSUMED.addgroup, 'Group added', { GROUP: [{ GROUP: number }] });
};

/** Its pools go with it, and the numbers of the groups behind it fall by one: both are ours. */
const removegroup: Command = (machine, now, parts) =>
  onGroup(machine, parts, (group, number) => {
    if (number === 0) return refuse(ASSUMED.groupKept, 'Cannot remove the default group');
    machine.work.removeGroup(now, group);
    return ok(ASSUMED.removegroup, 'Group removed');
  });

const groupquota: Command = (machine, now, parts) =>
  onGroup(machine, parts, (group) => {
    if (parts[1] === undefined) return MISSING_PARAMETER;
    const quota = numberIn(parts[1], 0, MOST_QUOTA);
    if (quota === null) return invalidValue(parts[1]);
    machine.work.setQuota(now, group, quota);
    return ok(ASSUMED.groupquota, 'Group quota set');
  });

/** Levels other than `info` were not seen. */
const logset: Command = (machine, _now, [level]) => {
  if (level === undefined) return MISSING_PARAMETER;
  if (!['debug', 'info', 'warn', 'error'].includes(level)) return invalidValue(level);
  machine.set({ logLevel: level });
  return ok(ASSUMED.logset, 'Log level set');
};

/** Which options there are is not known: this one is ours. */
const pooloptsset: Command = (machine, _now, parts) => {
  const read = readKeys<{ seconds: number }>(parts, { reconnect_timeout: numberKey('seconds', 1, 3600) });
  if ('refused' in read) return read.refused;
  machine.set({ poolReconnectS: read.change.seconds ?? machine.settings.poolReconnectS });
  return ok(ASSUMED.pooloptsset, 'Pool options updated');
};

export const OPEN_WRITES: Commands = {
  addpool,
  removepool,
  switchpool,
  enablepool,
  disablepool,
  addgroup,
  removegroup,
  groupquota,
  logset,
  pooloptsset,
};
