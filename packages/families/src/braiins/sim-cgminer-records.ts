import { type ApiRecord, bare, bool, int, text, user } from '@headframe/wire/cgminer-server';
import { ordered, real, share } from './sim-cgminer-values.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { type BoardReading, boards, fans, groups, hottestC, poolReading, sharesOf, solver } from './sim-readings.ts';
import type { WorkPool } from './sim-work.ts';

/*
 * The records of port 4028. Their members are those of public replies: summary, pools, devs, fans and temps of BOSminer 0.2.0
 * and 0.4.0, devdetails of BOSer of May 2023, devdetails and tempctrl of the vendor's page on the API. Of config, coin, lcd and
 * stats no reply of BOSminer is published: those have cgminer's members (protocols.md 1.5).
 */

const PER_DIFFICULTY = 2 ** 32;
const MEGA = 1e6;
/** A new piece of work from each pool about every half minute. */
const WORK_EVERY_S = 30;

const epochS = (at: number | null): number => (at === null ? 0 : Math.floor(at / 1000));

/** Every pool of every group, in the order of the list. */
export const allPools = (machine: BraiinsMachine): readonly WorkPool[] => groups(machine).flatMap(({ pools }) => pools);

const elapsedS = ({ run }: BraiinsMachine, now: number): number => Math.floor(run.elapsedS(now));

const rates = (machine: BraiinsMachine, now: number, board?: number) => {
  const { rateHs, averageHs } = solver(machine, now, board);
  const mean = (windowS: number) => real(rateHs(windowS) / MEGA);
  return {
    'MHS 5s': mean(5),
    'MHS 1m': mean(60),
    'MHS 5m': mean(300),
    'MHS 15m': mean(900),
    'MHS av': real(averageHs / MEGA),
  };
};

export function summary(machine: BraiinsMachine, now: number): ApiRecord {
  const { run, plan } = machine;
  const { accepted, rejected, stale, bestShare } = sharesOf(machine, now);
  const seconds = elapsedS(machine, now);
  const minutes = Math.max(1, seconds) / 60;
  const hashes = run.work.totalHashes(now);
  const errors = run.work.hardwareErrors(now);
  const worked = hashes / PER_DIFFICULTY;
  const all = accepted + rejected + stale;
  return ordered([
    ...Object.entries(rates(machine, now)),
    ['MHS 24h', real(solver(machine, now).rateHs(86_400) / MEGA)],
    ['Elapsed', int(seconds)],
    ['Found Blocks', int(solver(machine, now).foundBlocks)],
    ['Getworks', int(getworks(machine, now))],
    ['Accepted', int(accepted)],
    ['Rejected', int(rejected)],
    ['Stale', int(stale)],
    ['Hardware Errors', int(errors)],
    ['Utility', real(accepted / minutes)],
    ['Discarded', int(0)],
    ['Get Failures', int(0)],
    ['Local Work', int(Math.floor(worked))],
    ['Remote Failures', int(0)],
    ['Network Blocks', int(0)],
    ['Total MH', real(hashes / MEGA)],
    ['Work Utility', real(worked / minutes)],
    ['Difficulty Accepted', real(accepted * plan.difficulty)],
    ['Difficulty Rejected', real(rejected * plan.difficulty)],
    ['Difficulty Stale', real(stale * plan.difficulty)],
    ['Best Share', int(bestShare)],
    ['Device Hardware%', share(errors, errors + worked)],
    ['Device Rejected%', share(rejected * plan.difficulty, worked)],
    ['Pool Rejected%', share(rejected, all)],
    ['Pool Stale%', share(stale, all)],
    ['Last getwork', int(epochS(now))],
  ]);
}

const getworks = (machine: BraiinsMachine, now: number): number =>
  allPools(machine).length + Math.floor(elapsedS(machine, now) / WORK_EVERY_S);

export const pools = (machine: BraiinsMachine, now: number): readonly ApiRecord[] =>
  allPools(machine).map((pool, index) => poolRecord(machine, now, pool, index));

function poolRecord(machine: BraiinsMachine, now: number, pool: WorkPool, index: number): ApiRecord {
  const { alive, active, shares } = poolReading(machine, now, pool);
  const { url, user: worker, enabled } = pool.setting;
  const { strategy } = pool.group.setting;
  const { difficulty } = machine.plan;
  const all = shares.accepted + shares.rejected + shares.stale;
  return ordered([
    ['POOL', int(index)],
    ['URL', user(url)],
    ['User', user(worker)],
    ['Status', text(enabled ? (alive ? 'Alive' : 'Dead') : 'Disabled')],
    ['Priority', int(index)],
    ['Quota', int(strategy.kind === 'quota' ? strategy.value : 1)],
    ['Long Poll', text('N')],
    ['Getworks', int(active ? getworks(machine, now) : 0)],
    ['Accepted', int(shares.accepted)],
    ['Rejected', int(shares.rejected)],
    ['Stale', int(shares.stale)],
    ['Works', int(Math.floor(machine.run.work.hashesFor(now, pool) / PER_DIFFICULTY))],
    ['Discarded', int(0)],
    ['Get Failures', int(0)],
    ['Remote Failures', int(0)],
    ['Last Share Time', int(epochS(shares.lastShareAt))],
    ['Diff1 Shares', int(Math.floor(machine.run.work.hashesFor(now, pool) / PER_DIFFICULTY))],
    ['Proxy Type', text('')],
    ['Proxy', text('')],
    ['Difficulty Accepted', real(shares.accepted * difficulty)],
    ['Difficulty Rejected', real(shares.rejected * difficulty)],
    ['Difficulty Stale', real(shares.stale * difficulty)],
    ['Last Share Difficulty', real(shares.lastDifficulty)],
    ['Work Difficulty', real(active ? difficulty : 0)],
    ['Has Stratum', bool(true)],
    ['Stratum Active', bool(active)],
    ['Stratum URL', user(url.replace(/^[^/]*\/\//, ''))],
    ['Stratum Difficulty', real(alive ? difficulty : 0)],
    ['Has Vmask', bool(true)],
    ['AsicBoost', bool(true)],
    ['Has GBT', bool(false)],
    ['Best Share', int(shares.bestShare)],
    ['Pool Rejected%', share(shares.rejected, all)],
    ['Pool Stale%', share(shares.stale, all)],
    ['Bad Work', int(0)],
    ['Current Block Height', int(0)],
    ['Current Block Version', int(active ? 0x2000_0000 : 0)],
  ]);
}

/** The boards that answer, with the numbers that they have in the machine. */
const numbered = (machine: BraiinsMachine, now: number): readonly (readonly [BoardReading, number])[] =>
  boards(machine, now).map((board) => [board, machine.plan.boardIds.indexOf(board.id)]);

export const devs = (machine: BraiinsMachine, now: number): readonly ApiRecord[] =>
  numbered(machine, now).map(([board, place], index) => deviceRecord(machine, now, board, place, index));

/** Shares are not counted for each board: these members are zero in the published reply. */
function deviceRecord(
  machine: BraiinsMachine,
  now: number,
  board: BoardReading,
  place: number,
  index: number,
): ApiRecord {
  const { work } = machine.run;
  const hashes = work.totalHashes(now, place);
  const errors = work.hardwareErrors(now, place);
  const recent = errors - work.hardwareErrors(now - 900_000, place);
  const worked = hashes / PER_DIFFICULTY;
  return ordered([
    ['ASC', int(index)],
    ['Name', text('')],
    ['ID', int(Number(board.id))],
    ['Enabled', text(board.enabled ? 'Y' : 'N')],
    ['Status', text('Alive')],
    ['Temperature', real(0)],
    ...Object.entries(rates(machine, now, place)),
    ['Nominal MHS', real(board.solver.nominalHs / MEGA)],
    ['Accepted', int(0)],
    ['Rejected', int(0)],
    ['Hardware Errors', int(errors)],
    ['Hardware Error MHS 15m', real((Math.max(0, recent) * PER_DIFFICULTY) / 900 / MEGA)],
    ['Utility', real(0)],
    ['Last Share Pool', int(-1)],
    ['Last Share Time', int(epochS(work.lastShareAt(now, { board: place })))],
    ['Total MH', real(hashes / MEGA)],
    ['Diff1 Work', int(Math.floor(worked))],
    ['Difficulty Accepted', real(0)],
    ['Difficulty Rejected', real(0)],
    ['Last Share Difficulty', real(work.lastShareAt(now, { board: place }) === null ? 0 : machine.plan.difficulty)],
    ['Last Valid Work', int(board.mhz > 0 ? epochS(now) : 0)],
    ['Device Hardware%', share(errors, errors + worked)],
    ['Device Rejected%', real(0)],
    ['Device Elapsed', int(elapsedS(machine, now))],
  ]);
}

export function devdetails(machine: BraiinsMachine, now: number, old: boolean): readonly ApiRecord[] {
  const { plan } = machine;
  return boards(machine, now).map((board, index) =>
    ordered([
      ['DEVDETAILS', int(index)],
      ['Name', text(`${old ? 'Hash Chain' : 'HashchainManager'} ${board.id}`)],
      ['ID', int(Number(board.id))],
      ['Driver', text('')],
      ['Kernel', text('')],
      ['Model', text(old ? `Bitmain ${plan.name}` : plan.name)],
      ['Device Path', text('')],
      ['Chips', int(board.chips)],
      // One hash of each core in a cycle: 114 of a BM1387 (vendor's page), 514 of a BM1362 (reply of 2023).
      ['Cores', int(board.chips * Math.round(plan.ghsPerMhz * 1000))],
      ['Frequency', int(Math.round(old ? board.mhz * 1e6 : board.mhz))],
      ['Voltage', real(board.volts)],
    ]),
  );
}

export const fanRecords = (machine: BraiinsMachine, now: number): readonly ApiRecord[] =>
  fans(machine, now).map(({ position, rpm, percent }) => [
    ['FAN', int(position)],
    ['ID', int(position)],
    ['RPM', int(rpm)],
    ['Speed', int(Math.round(percent))],
  ]);

export const tempRecords = (machine: BraiinsMachine, now: number): readonly ApiRecord[] =>
  boards(machine, now).map((board, index) =>
    ordered([
      ['TEMP', int(index)],
      ['ID', int(Number(board.id))],
      ['Board', real(board.boardC)],
      ['Chip', real(board.chipC)],
    ]),
  );

const MODES = { auto: 'Automatic', manual: 'Manual', disabled: 'Disabled', immersion: 'Immersion', hydro: 'Hydro' };

export function tempctrl({ active }: BraiinsMachine): ApiRecord {
  const { mode, target, hot, dangerous } = active.cooling;
  return [
    ['Dangerous', real(dangerous)],
    ['Hot', real(hot)],
    ['Mode', text(MODES[mode])],
    ['Target', real(target)],
  ];
}

export const config = (machine: BraiinsMachine): ApiRecord => [
  ['ASC Count', int(machine.plan.boardIds.filter((_, board) => machine.hasBoard(board)).length)],
  ['PGA Count', int(0)],
  ['Pool Count', int(allPools(machine).length)],
  ['Strategy', text(groups(machine).length > 1 ? 'Load Balance' : 'Failover')],
  ['Log Interval', int(5)],
  ['Device Code', text('')],
  ['OS', text('Braiins OS')],
  ['Hotplug', text('None')],
];

export const COIN: ApiRecord = [
  ['Hash Method', text('sha256')],
  ['Current Block Time', real(0)],
  ['Current Block Hash', text('')],
  ['LP', bool(true)],
  ['Network Difficulty', real(0)],
];

export function lcd(machine: BraiinsMachine, now: number): ApiRecord {
  const { rateHs, averageHs, foundBlocks } = solver(machine, now);
  const { lastDifficulty, lastShareAt, bestShare } = sharesOf(machine, now);
  const current = allPools(machine).find((pool) => poolReading(machine, now, pool).active);
  return [
    ['Elapsed', int(elapsedS(machine, now))],
    ['GHS av', real(averageHs / 1e9)],
    ['GHS 5m', real(rateHs(300) / 1e9)],
    ['GHS 5s', real(rateHs(5) / 1e9)],
    ['Temperature', real(hottestC(machine, now))],
    ['Last Share Difficulty', real(lastDifficulty)],
    ['Last Share Time', int(epochS(lastShareAt))],
    ['Best Share', int(bestShare)],
    ['Last Valid Work', int(epochS(now))],
    ['Found Blocks', int(foundBlocks)],
    ['Current Pool', user(current?.setting.url ?? '')],
    ['User', user(current?.setting.user ?? '')],
  ];
}

/** One for each board, then one for each pool; nothing is counted in them (protocols.md 1.5). */
export function stats(machine: BraiinsMachine, now: number): readonly ApiRecord[] {
  const ids = [...boards(machine, now).map((_, i) => `ASC${i}`), ...allPools(machine).map((_, i) => `POOL${i}`)];
  return ids.map((id, index) => [
    ['STATS', int(index)],
    ['ID', text(id)],
    ['Elapsed', int(elapsedS(machine, now))],
    ['Calls', int(0)],
    ['Wait', real(0)],
    ['Max', real(0)],
    ['Min', bare('99999999.0')],
  ]);
}
