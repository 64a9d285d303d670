import { atoi } from './c-format.ts';
import type { PoolSetting, RunningPool, RunningPools } from './pool-list.ts';
import type { ApiCommand, ApiReply, ApiRequest } from './program.ts';
import { say } from './values.ts';

/** What the pool commands change. */
export interface PoolProgram<Setting extends PoolSetting> {
  /** The list of the run that is going on: another one after a restart. */
  readonly pools: RunningPools<Setting>;
  /** What the program keeps of a pool that `addpool` brings. */
  readonly settingOf: (pool: PoolSetting) => Setting;
}

/** Which oddities it has. */
export interface PoolQuirks {
  /** `disablepool` forgets to count down the enabled pools (`protocols.md` 1.8 no 5). */
  readonly disableKeepsCounter: boolean;
}

type Write<Setting extends PoolSetting> = (
  program: PoolProgram<Setting>,
  parameter: string | null,
  request: ApiRequest,
) => ApiReply;

/**
 * The commands that change the pool list (`protocols.md` 1.4). None can be joined.
 * @param quirks where it is not as in cgminer 4.11.1
 */
export function poolCommands<Setting extends PoolSetting>(
  program: PoolProgram<Setting>,
  { disableKeepsCounter = true }: Partial<PoolQuirks> = {},
): ApiCommand[] {
  const write = (name: string, act: Write<Setting>): ApiCommand => ({
    name,
    access: 'write',
    joinable: false,
    run: (request) => act(program, request.parameter, request),
  });
  const onPool = (name: string, act: (named: NamedPool<Setting>) => ApiReply): ApiCommand =>
    write(name, ({ pools }, parameter, { now }) =>
      withPool(pools, parameter, (pool, number) => act({ pools, pool, number, now })),
    );
  return [
    onPool('switchpool', switchPool),
    onPool('enablepool', enablePool),
    onPool('disablepool', (named) => disablePool(named, disableKeepsCounter)),
    onPool('removepool', removePool),
    write('addpool', addPool),
    write('poolpriority', poolPriority),
    write('poolquota', poolQuota),
  ];
}

/** The pool that a command names with its number. */
interface NamedPool<Setting extends PoolSetting> {
  readonly pools: RunningPools<Setting>;
  readonly pool: RunningPool<Setting>;
  readonly number: number;
  readonly now: number;
}

/** What is said of the pool that a parameter names with its number, or the refusal. */
function withPool<Setting extends PoolSetting>(
  { list }: RunningPools<Setting>,
  parameter: string | null,
  answer: (pool: RunningPool<Setting>, number: number) => ApiReply,
): ApiReply {
  if (parameter === null || parameter === '') return say(25);
  const number = atoi(parameter);
  const pool = list[number];
  return pool === undefined ? say(26, number, list.length - 1) : answer(pool, number);
}

/** Answers before it switches, for dead pools too; a disabled one is enabled (`protocols.md` 1.4). */
function switchPool<Setting extends PoolSetting>({ pools, pool, number, now }: NamedPool<Setting>): ApiReply {
  pool.enabled = true;
  pools.prefer(now, pool);
  return say(27, number, pool.url);
}

function enablePool<Setting extends PoolSetting>({ pools, pool, number, now }: NamedPool<Setting>): ApiReply {
  if (pool.enabled) return say(49, number, pool.url);
  pools.setEnabled(now, pool, true);
  const current = pools.current(now);
  // Enabling a pool that is better than the one at work does what switchpool does.
  if (current !== null && pool.priority < current.priority) pools.prefer(now, pool);
  return say(47, number, pool.url);
}

function disablePool<Setting extends PoolSetting>(
  { pools, pool, number, now }: NamedPool<Setting>,
  keepsCounter: boolean,
): ApiReply {
  if (!pool.enabled) return say(50, number, pool.url);
  const counted = keepsCounter ? pools.enabledCounter : pools.list.filter(({ enabled }) => enabled).length;
  if (counted <= 1) return say(51, number, pool.url);
  pools.setEnabled(now, pool, false);
  return say(48, number, pool.url);
}

function removePool<Setting extends PoolSetting>({ pools, pool, number, now }: NamedPool<Setting>): ApiReply {
  if (pools.list.length <= 1) return say(66, number, pool.url);
  if (pools.current(now) === pool) return say(67, number, pool.url);
  pools.remove(now, pool);
  return say(68, number, pool.url);
}

function addPool<Setting extends PoolSetting>(
  { pools, settingOf }: PoolProgram<Setting>,
  parameter: string | null,
  { now }: ApiRequest,
): ApiReply {
  if (parameter === null || parameter === '') return say(52);
  const [url, user, pass] = poolDetails(parameter);
  // Three parts; an empty user is taken, an empty password is not (transcripts, writes-pools).
  if (url === undefined || user === undefined || pass === undefined || pass === '') return say(53, parameter);
  return say(55, pools.add(now, settingOf({ url, user, pass })), url);
}

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

function poolPriority<Setting extends PoolSetting>(
  { pools }: PoolProgram<Setting>,
  parameter: string | null,
  { now }: ApiRequest,
): ApiReply {
  if (parameter === null || parameter === '') return say(25);
  const { list } = pools;
  const first: RunningPool<Setting>[] = [];
  // A comma at the end closes the list, one at the start counts as 0 before it: atoi of nothing.
  for (const part of parameter.replace(/,$/, '').split(',')) {
    const number = atoi(part);
    const pool = list[number];
    if (pool === undefined) return say(26, number, list.length - 1);
    if (first.includes(pool)) return say(74, number);
    first.push(pool);
  }
  pools.prioritise(now, first);
  return say(73);
}

function poolQuota<Setting extends PoolSetting>({ pools }: PoolProgram<Setting>, parameter: string | null): ApiReply {
  if (parameter === null || parameter === '') return say(25);
  const comma = parameter.indexOf(',');
  if (comma < 0) return say(86, parameter);
  // With nothing before the comma it is pool 0: atoi of nothing.
  return withPool(pools, parameter.slice(0, comma) || '0', (pool) => {
    const quota = atoi(parameter.slice(comma + 1));
    if (quota < 0) return say(121, quota, pool.url);
    pool.quota = quota;
    return say(122, pool.url, quota);
  });
}
