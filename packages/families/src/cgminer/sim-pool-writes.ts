import { type ApiCommand, type ApiReply, type ApiRequest, atoi, say } from '@headframe/wire/cgminer-server';
import type { CgminerMachine } from './sim-machine.ts';
import type { MachinePool } from './sim-pools.ts';

type Write = (machine: CgminerMachine, parameter: string | null, request: ApiRequest) => ApiReply;

/** The commands that change the pool list (`protocols.md` 1.4). None can be joined. */
export function poolCommands(machine: CgminerMachine): ApiCommand[] {
  const write = (name: string, act: Write): ApiCommand => ({
    name,
    access: 'write',
    joinable: false,
    run: (request) => act(machine, request.parameter, request),
  });
  return [
    write('switchpool', switchPool),
    write('enablepool', (m, parameter, request) => setEnabled(m, parameter, request, true)),
    write('disablepool', (m, parameter, request) => setEnabled(m, parameter, request, false)),
    write('removepool', removePool),
    write('addpool', addPool),
    write('poolpriority', poolPriority),
    write('poolquota', poolQuota),
  ];
}

/** The pool that a parameter names with its number, or the refusal. */
function poolOf(machine: CgminerMachine, parameter: string | null): [MachinePool, number] | ApiReply {
  if (parameter === null || parameter === '') return say(25);
  const { list } = machine.pools;
  const number = atoi(parameter);
  const pool = list[number];
  return pool === undefined ? say(26, number, list.length - 1) : [pool, number];
}

/** Answers before it switches, for dead pools too; a disabled one is enabled (`protocols.md` 1.4). */
const switchPool: Write = (machine, parameter, { now }) => {
  const found = poolOf(machine, parameter);
  if ('kind' in found) return found;
  const [pool, number] = found;
  pool.enabled = true;
  machine.pools.prefer(now, pool);
  return say(27, number, pool.url);
};

function setEnabled(machine: CgminerMachine, parameter: string | null, { now }: ApiRequest, on: boolean): ApiReply {
  const found = poolOf(machine, parameter);
  if ('kind' in found) return found;
  const [pool, number] = found;
  if (pool.enabled === on) return say(on ? 49 : 50, number, pool.url);
  if (!on && countedEnabled(machine) <= 1) return say(51, number, pool.url);
  machine.pools.setEnabled(now, pool, on);
  const current = machine.pools.current(now);
  // Enabling a pool that is better than the one at work does what switchpool does.
  if (on && current !== null && pool.priority < current.priority) machine.pools.prefer(now, pool);
  return say(on ? 47 : 48, number, pool.url);
}

/** The real program forgets to count down when a pool is disabled (`protocols.md` 1.8 no 5). */
const countedEnabled = ({ pools, quirks }: CgminerMachine): number =>
  quirks['disablepool-keeps-counter'] ? pools.enabledCounter : pools.list.filter((pool) => pool.enabled).length;

const removePool: Write = (machine, parameter, { now }) => {
  const found = poolOf(machine, parameter);
  if ('kind' in found) return found;
  const [pool, number] = found;
  if (machine.pools.list.length <= 1) return say(66, number, pool.url);
  if (machine.pools.current(now) === pool) return say(67, number, pool.url);
  machine.pools.remove(now, pool);
  return say(68, number, pool.url);
};

const addPool: Write = (machine, parameter, { now }) => {
  if (parameter === null || parameter === '') return say(52);
  const [url, user, pass] = poolDetails(parameter);
  // Three parts; an empty user is taken, an empty password is not (transcripts, writes-pools).
  if (url === undefined || user === undefined || pass === undefined || pass === '') return say(53, parameter);
  const difficulty = machine.plan.pools[0]?.difficulty ?? 1;
  // Nothing is escaped on the way to the pool: with a quote or a backslash it gets broken JSON and stays dead
  // (transcripts, surprise 9).
  const dead = !machine.plan.reachable(url) || /["\\]/.test(user + pass);
  const number = machine.pools.add(now, { url, user, pass, difficulty, dead });
  return say(55, number, url);
};

/** Split at commas; `\,` and `\\` stand for themselves (`protocols.md` 1.4). What follows the third comma is dropped. */
function poolDetails(parameter: string): string[] {
  const parts = [''];
  for (let i = 0; i < parameter.length; i++) {
    const letter = parameter.charAt(i);
    if (letter === ',' && parts.length === 3) break;
    if (letter === ',') parts.push('');
    else if (letter === '\\' && i + 1 < parameter.length) parts[parts.length - 1] += parameter.charAt(++i);
    else parts[parts.length - 1] += letter;
  }
  return parts;
}

const poolPriority: Write = (machine, parameter, { now }) => {
  if (parameter === null || parameter === '') return say(25);
  const { list } = machine.pools;
  const first: MachinePool[] = [];
  // A comma at the end closes the list, one at the start counts as 0 before it: atoi of nothing.
  for (const part of parameter.replace(/,$/, '').split(',')) {
    const number = atoi(part);
    const pool = list[number];
    if (pool === undefined) return say(26, number, list.length - 1);
    if (first.includes(pool)) return say(74, number);
    first.push(pool);
  }
  machine.pools.prioritise(now, first);
  return say(73);
};

const poolQuota: Write = (machine, parameter) => {
  if (parameter === null || parameter === '') return say(25);
  const comma = parameter.indexOf(',');
  if (comma < 0) return say(86, parameter);
  const number = atoi(parameter.slice(0, comma));
  const { list } = machine.pools;
  const pool = list[number];
  if (pool === undefined) return say(26, number, list.length - 1);
  const quota = atoi(parameter.slice(comma + 1));
  if (quota < 0) return say(121, quota, pool.url);
  pool.quota = quota;
  return say(122, pool.url, quota);
};
