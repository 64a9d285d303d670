import {
  type ApiCommand,
  type ApiRecord,
  type ApiReply,
  type ApiSection,
  type ApiServer,
  type ApiStatus,
  bool,
  checkCommand,
  createApiServer,
  difficulty,
  elapsed,
  int,
  list,
  percentOf,
  privilegedCommand,
  rate,
  reply,
  say,
  single,
  status,
  text,
  total,
  user,
  utility,
  yesNo,
} from '@headframe/wire/cgminer-server';
import { writeCommands } from './sim-api-writes.ts';
import { ASSUMED } from './sim-assumed.ts';
import { API_GROUPS } from './sim-config.ts';
import type { AntminerModel } from './sim-models.ts';
import { withNewApi } from './sim-new-api.ts';
import type { MinerState, PoolState } from './sim-state.ts';
import { header, statsRecords } from './sim-stats.ts';
import { shortened, since } from './sim-text.ts';
import type { AntminerUnit } from './sim-unit.ts';

/*
 * Port 4028: bmminer, a cgminer fork with its own command table (protocols.md 2.1).
 */

const HASHES_PER_DIFFICULTY = 2 ** 32;

/**
 * The API thread of one run of bmminer.
 * @param allow the list of addresses that the program read when it started
 */
export function bmminer(unit: AntminerUnit, allow: string): ApiServer {
  const { model, isOn } = unit;
  const read = (name: string, joinable: boolean, answer: Answer): ApiCommand => ({
    name,
    access: 'read',
    joinable,
    run: ({ now }) => (typeof answer === 'function' ? answer(model, unit.stateAt(now), now) : answer),
  });
  const server = createApiServer({
    description: 'cgminer 1.0.0',
    access: { listen: true, allow, groups: API_GROUPS },
    codes: { [ASSUMED.noncenumCode]: { severity: 'S', message: 'Nonce num' } },
    quirks: { statsWithoutComma: isOn('stats-without-comma') },
    commands: [
      read('version', true, reply(status(22), single('VERSION', version(unit)))),
      read('config', true, (_, state) => reply(status(33), single('CONFIG', config(state)))),
      ...['devs', 'edevs'].map((name) => read(name, true, (_, state, now) => reply(status(9, 1), devs(state, now)))),
      read('pools', true, pools),
      read('summary', true, (own, state, now) => reply(status(11), summary(own, state, now))),
      ...['stats', 'estats'].map((name) =>
        read(name, true, (_, state) => reply(status(70), list('STATS', statsRecords(unit, state)))),
      ),
      read('pgacount', true, reply(status(59), single('PGAS', [['Count', int(0)]]))),
      read('asccount', true, reply(status(104), single('ASCS', [['Count', int(1)]]))),
      read('notify', true, reply(status(60), list('NOTIFY', []))),
      read('devdetails', true, reply(status(69), list('DEVDETAILS', [DETAILS]))),
      read(
        'coin',
        true,
        reply(
          status(78),
          single('COIN', [
            ['Hash Method', text(coin(model))],
            ['LP', bool(true)],
          ]),
        ),
      ),
      read('usbstats', true, say(88)),
      read('lcd', true, (own, state) => reply(status(125), single('LCD', lcd(own, state)))),
      // A read of Bitmain's own whose record nobody has seen.
      read('noncenum', false, say(ASSUMED.noncenumCode)),
      checkCommand,
      privilegedCommand,
      ...writeCommands(unit, (now) => ({ ...devs(unit.stateAt(now), now), name: 'ASC' })),
    ],
  });
  return isOn('new-api') ? withNewApi(server, unit) : server;
}

type Answer = ApiReply | ((model: AntminerModel, state: MinerState, now: number) => ApiReply);

const coin = (model: AntminerModel) => (model.algorithm === 'SHA256' ? 'sha256' : model.algorithm.toLowerCase());

function version(unit: AntminerUnit): ApiRecord {
  const [program, ...rest] = header(unit);
  return program === undefined ? [] : [program, ['API', text('3.1')], ...rest];
}

const DETAILS: ApiRecord = [
  ['DEVDETAILS', int(0)],
  ['Name', text('BTM_SOC')],
  ['ID', int(0)],
  ['Driver', text('Bitmain')],
  ['Kernel', text('')],
  ['Model', text('')],
  ['Device Path', text('')],
];

/** The old keys are still there (2.1). */
const config = (state: MinerState): ApiRecord => [
  ['ASC Count', int(1)],
  ['PGA Count', int(0)],
  ['Pool Count', int(state.pools.length)],
  ['Strategy', text('Failover')],
  ['Log Interval', int(5)],
  ['Device Code', text('SOC ')],
  ['OS', text('Linux')],
  ['Failover-Only', bool(false)],
  ['ScanTime', int(60)],
  ['Queue', int(1)],
  ['Expiry', int(120)],
  ['Hotplug', text('None')],
];

const sum = (state: MinerState, of: (pool: PoolState) => number): number =>
  state.pools.reduce((all, pool) => all + of(pool), 0);

const errors = (state: MinerState): number => state.boards.reduce((all, board) => all + board.errors, 0);

/** Work that the pool sent; a new one every half minute. */
const getworks = (state: MinerState): number => Math.floor(state.elapsed / 30) + state.pools.length;

function summary(model: AntminerModel, state: MinerState, now: number): ApiSection {
  if (state.asleep) return list('SUMMARY', []);
  const rates = [state.rate5s, state.rateAverage, state.rate30m].map((hs) => hs / model.unit.hs);
  const [now5s = 0, average = 0, halfHour = 0] = rates;
  const bc50 = model.generation === 'bc50';
  const minutes = Math.max(1, state.elapsed) / 60;
  const accepted = sum(state, (pool) => pool.accepted);
  const rejected = sum(state, (pool) => pool.rejected);
  const stale = sum(state, (pool) => pool.stale);
  const worked = (state.rateAverage * state.elapsed) / HASHES_PER_DIFFICULTY / model.difficultyScale;
  return single('SUMMARY', [
    ['Elapsed', elapsed(state.elapsed)],
    ['GHS 5s', bc50 ? text(now5s.toFixed(2)) : rate(now5s)],
    ['GHS av', rate(average)],
    ...(bc50 ? [] : [['GHS 30m', rate(halfHour)] as const]),
    ['Found Blocks', int(0)],
    ['Getwork', int(getworks(state))],
    ['Accepted', int(accepted)],
    ['Rejected', int(rejected)],
    ['Hardware Errors', int(errors(state))],
    ['Utility', utility(accepted / minutes)],
    ['Discarded', int(getworks(state) * 1144)],
    ['Stale', int(stale)],
    ['Get Failures', int(0)],
    ['Local Work', int(getworks(state) * 1145)],
    ['Remote Failures', int(0)],
    ['Network Blocks', int(state.elapsed / 600)],
    ['Total MH', total((state.rateAverage * state.elapsed) / 1e6)],
    ['Work Utility', utility(worked / minutes)],
    ['Difficulty Accepted', difficulty(sum(state, (pool) => pool.accepted * pool.difficulty))],
    ['Difficulty Rejected', difficulty(sum(state, (pool) => pool.rejected * pool.difficulty))],
    ['Difficulty Stale', difficulty(0)],
    ['Best Share', int(Math.max(0, ...state.pools.map((pool) => pool.best)))],
    ['Device Hardware%', percentOf(errors(state), worked)],
    ['Device Rejected%', percentOf(rejected, accepted + rejected)],
    ['Pool Rejected%', percentOf(rejected, accepted + rejected + stale)],
    ['Pool Stale%', percentOf(stale, accepted + rejected + stale)],
    ['Last getwork', int(now / 1000)],
  ]);
}

function pools(_: AntminerModel, state: MinerState): ApiReply {
  return reply(
    status(7, state.pools.length) satisfies ApiStatus,
    list(
      'POOLS',
      state.pools.map((pool, id) => poolRecord(pool, id, state)),
    ),
  );
}

function poolRecord(pool: PoolState, id: number, state: MinerState): ApiRecord {
  const active = id === state.currentPool;
  const all = pool.accepted + pool.rejected + pool.stale;
  return [
    ['POOL', int(id)],
    ['URL', user(pool.url)],
    ['Status', text(pool.enabled === false ? 'Disabled' : pool.alive ? 'Alive' : 'Dead')],
    ['Priority', int(pool.priority ?? id)],
    ['Quota', int(pool.quota ?? 1)],
    ['Long Poll', yesNo(false)],
    ['Getworks', int(active ? getworks(state) : 1)],
    ['Accepted', int(pool.accepted)],
    ['Rejected', int(pool.rejected)],
    ['Discarded', int(0)],
    ['Stale', int(pool.stale)],
    ['Get Failures', int(0)],
    ['Remote Failures', int(0)],
    ['User', user(pool.user)],
    ['Last Share Time', text(since(pool.lastShare))],
    // Only the pool in use has been told a difficulty; the number is shortened for people.
    ['Diff', text(active ? shortened(pool.difficulty) : '')],
    ['Diff1 Shares', int(0)],
    ['Proxy Type', text('')],
    ['Proxy', text('')],
    ['Difficulty Accepted', difficulty(pool.accepted * pool.difficulty)],
    ['Difficulty Rejected', difficulty(pool.rejected * pool.difficulty)],
    ['Difficulty Stale', difficulty(0)],
    ['Last Share Difficulty', difficulty(pool.lastShare === null ? 0 : pool.difficulty)],
    ['Has Stratum', bool(true)],
    ['Stratum Active', bool(active)],
    ['Stratum URL', user(active ? (pool.url.split(/[/:]+/)[1] ?? '') : '')],
    ['Has GBT', bool(false)],
    ['Best Share', difficulty(pool.best)],
    ['Pool Rejected%', percentOf(pool.rejected, all)],
    // The format string of the field's own name was printed as it is (2.1).
    ['Pool Stale%%', percentOf(pool.stale, all)],
  ];
}

/** One device for the whole machine: zero rates, and a time where the difficulty should be (2.1). */
function devs(state: MinerState, now: number): ApiSection {
  const last = Math.min(...state.pools.flatMap((pool) => pool.lastShare ?? []));
  const lastAt = Number.isFinite(last) ? Math.floor(now / 1000) - last : 0;
  return list('DEVS', [
    [
      ['ASC', int(0)],
      ['Name', text('BTM_SOC')],
      ['ID', int(0)],
      ['Enabled', yesNo(state.enabled !== false)],
      ['Status', text('Alive')],
      ['Tenperature', rate(0)],
      ['MHS av', rate(0)],
      ['MHS 5s', rate(0)],
      ['Accepted', int(sum(state, (pool) => pool.accepted))],
      ['Rejected', int(sum(state, (pool) => pool.rejected))],
      ['Hardware Errors', int(0)],
      ['Utility', utility(0)],
      ['Last Share Pool', int(state.currentPool)],
      ['Last Share Time', int(lastAt)],
      ['Total MH', total(0)],
      ['Diff1 Work', int(0)],
      ['Difficulty Accepted', int(sum(state, (pool) => pool.accepted * pool.difficulty))],
      ['Difficulty Rejected', int(sum(state, (pool) => pool.rejected * pool.difficulty))],
      ['Last Share Difficulty', int(lastAt)],
      ['Last Valid Work', int(lastAt)],
      ['Device Hardware%', percentOf(0, 1)],
      ['Device Rejected%', percentOf(0, 1)],
      ['Device Elapsed', elapsed(state.elapsed)],
    ],
  ]);
}

/** Not cgminer's LCD (2.1). */
const lcd = (model: AntminerModel, state: MinerState): ApiRecord => [
  ['LCD', int(0)],
  ['GHS5s', rate(state.rate5s / model.unit.hs)],
  ['GHSavg', rate(state.rateAverage / model.unit.hs)],
  ['temp', int(Math.max(0, ...state.boards.filter((board) => board.found).flatMap((board) => board.pcb)))],
  ['pool', user(state.pools[state.currentPool]?.url ?? '')],
  ['user', user(state.pools[state.currentPool]?.user ?? '')],
];
