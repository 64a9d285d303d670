import { type ApiCommand, type ApiReply, type ApiRequest, atoi, say } from '@headframe/wire/cgminer-server';
import { allPools } from './sim-cgminer-records.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { poolReading } from './sim-readings.ts';
import type { GroupSetting, PoolSetting } from './sim-state.ts';
import type { WorkPool } from './sim-work.ts';

/*
 * The pool commands of port 4028. By the vendor's page they are not fully implemented: what they do is lost with the next
 * start, and they do not activate pools. What that means for each of them is ours: a pool that is added stays disabled until
 * it is enabled, and all else takes effect in the configuration that runs. A new pool goes to the last group.
 */

type Act = (machine: BraiinsMachine, named: Named) => ApiReply;

interface Named {
  readonly pool: WorkPool;
  readonly number: number;
  readonly now: number;
}

export function poolCommands(machine: BraiinsMachine): ApiCommand[] {
  const write = (name: string, run: (request: ApiRequest) => ApiReply): ApiCommand => ({
    name,
    access: 'write',
    joinable: false,
    run,
  });
  const onPool = (name: string, act: Act): ApiCommand =>
    write(name, ({ parameter, now }) => {
      if (parameter === null || parameter === '') return say(25);
      const all = allPools(machine);
      const number = atoi(parameter);
      const pool = all[number];
      return pool === undefined ? say(26, number, all.length - 1) : act(machine, { pool, number, now });
    });
  return [
    onPool('switchpool', switchPool),
    onPool('enablepool', (own, named) => enable(own, named, true)),
    onPool('disablepool', (own, named) => enable(own, named, false)),
    onPool('removepool', removePool),
    write('addpool', (request) => addPool(machine, request)),
  ];
}

/** Changes the pools of one group in the configuration that runs. */
function change(
  machine: BraiinsMachine,
  now: number,
  uid: string | undefined,
  to: (pools: readonly PoolSetting[]) => readonly PoolSetting[],
): void {
  const changed = (group: GroupSetting): GroupSetting =>
    group.uid === uid ? { ...group, pools: to(group.pools) } : group;
  machine.configure(now, (config) => ({ ...config, groups: config.groups.map(changed) }), 'runtime');
}

const is =
  ({ setting }: WorkPool) =>
  ({ uid }: PoolSetting): boolean =>
    uid === setting.uid;

const switchPool: Act = (machine, { pool, number, now }) => {
  change(machine, now, pool.group.uid, (pools) => [
    { ...pool.setting, enabled: true },
    ...pools.filter((one) => !is(pool)(one)),
  ]);
  return say(27, number, pool.setting.url);
};

function enable(machine: BraiinsMachine, { pool, number, now }: Named, on: boolean): ApiReply {
  const { url, enabled } = pool.setting;
  if (enabled === on) return say(on ? 49 : 50, number, url);
  if (!on && allPools(machine).filter((one) => one.setting.enabled).length <= 1) return say(51, number, url);
  change(machine, now, pool.group.uid, (pools) => pools.map((one) => (is(pool)(one) ? { ...one, enabled: on } : one)));
  return say(on ? 47 : 48, number, url);
}

const removePool: Act = (machine, { pool, number, now }) => {
  const { url } = pool.setting;
  if (allPools(machine).length <= 1) return say(66, number, url);
  if (poolReading(machine, now, pool).active) return say(67, number, url);
  change(machine, now, pool.group.uid, (pools) => pools.filter((one) => !is(pool)(one)));
  return say(68, number, url);
};

function addPool(machine: BraiinsMachine, { parameter, now }: ApiRequest): ApiReply {
  if (parameter === null || parameter === '') return say(52);
  const [url = '', user = '', ...rest] = parameter.split(',');
  const last = machine.active.groups.at(-1);
  if (last === undefined || !/^[a-z0-9+]+:\/\/\S+$/i.test(url) || user === '' || rest.length === 0) {
    return say(53, parameter);
  }
  const pool = { uid: machine.newUid(), url, user, password: rest.join(','), enabled: false };
  change(machine, now, last.uid, (pools) => [...pools, pool]);
  return say(55, allPools(machine).length - 1, url);
}
