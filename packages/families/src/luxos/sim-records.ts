import { type LuxRecord, real, rounded, whole } from './sim-json.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { cornerC, fanRpm, hottestC } from './sim-sensors.ts';

/*
 * summary, devs, asc and stats: what the miner counts (`protocols.md` 8, and the published replies of an S19k Pro).
 */

const GH = 1e9;
const MH = 1e6;
/** A board of the Antminer family has four connectors; the fourth is empty in most models. */
const SLOTS = 4;
const CONNECTORS = ['J7', 'J9', 'J8', 'J10'] as const;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
/** Pools send a new job this often, s. */
const JOB_S = 10.5;

export const epochS = (at: number): number => Math.floor(at / 1000);
export const jobs = (machine: LuxosMachine, now: number): number => 1 + Math.floor(machine.run.elapsedS(now) / JOB_S);

const percent = (part: number, of: number) => rounded(of > 0 ? (100 * part) / of : 0, 4);

export function summaryRecord(machine: LuxosMachine, now: number): LuxRecord {
  const shares = machine.work.shares(now);
  const difficulty = machine.work.shares(now, { weighed: true });
  const s = machine.run.elapsedS(now);
  const all = shares.accepted + shares.rejected + shares.stale;
  const ghs = (window: number) => rounded(machine.run.rateHs(now, window) / GH);
  const last = machine.work.lastShare(now);
  return {
    Elapsed: whole(s),
    'GHS 5s': ghs(5),
    'GHS 1m': ghs(MINUTE),
    'GHS 5m': ghs(5 * MINUTE),
    'GHS 15m': ghs(15 * MINUTE),
    'GHS 30m': ghs(30 * MINUTE),
    'GHS 24h': ghs(DAY),
    'GHS av': rounded(machine.run.averageHs(now) / GH),
    'Found Blocks': 0,
    Getworks: 2 * jobs(machine, now),
    Accepted: shares.accepted,
    Rejected: shares.rejected,
    'Hardware Errors': machine.work.hardwareErrors(now),
    Utility: rounded(s > 0 ? (shares.accepted * MINUTE) / s : 0),
    Discarded: 0,
    Stale: shares.stale,
    'Get Failures': 0,
    'Local Work': 0,
    'Remote Failures': 0,
    'Network Blocks': 0,
    // An average in the place of a total (`protocols.md` 8).
    'Total MH': real(machine.run.averageHs(now) / MH),
    // Of the size of thousands of difficulty-1 shares a second in the published reply; its unit is not known.
    'Work Utility': rounded(s > 0 ? difficulty.accepted / s / 1000 : 0, 1),
    'Difficulty Accepted': difficulty.accepted,
    'Difficulty Rejected': difficulty.rejected,
    'Difficulty Stale': difficulty.stale,
    'Best Share': last?.pool.difficulty ?? 0,
    'Device Hardware%': rounded(0, 4),
    'Device Rejected%': rounded(0, 4),
    'Pool Rejected%': percent(shares.rejected, all),
    'Pool Stale%': percent(shares.stale, all),
    'Last getwork': epochS(now - (machine.run.elapsedS(now) % JOB_S) * 1000),
  };
}

/** The order in which DEVS come (`protocols.md` 8): sort by their number. */
export const devsOrder = (machine: LuxosMachine): readonly number[] => {
  const [first, ...rest] = [...machine.boardNumbers].reverse();
  return first === undefined ? [] : [first, ...rest.reverse()];
};

export const serialOf = (machine: LuxosMachine, board: number): string =>
  machine.hex(`serial-${board}`, 17).toUpperCase();

export function boardRecord(machine: LuxosMachine, now: number, board: number): LuxRecord {
  const { work, run } = machine;
  const shares = work.shares(now, { board });
  const difficulty = work.shares(now, { board, weighed: true });
  const last = work.lastShare(now, { board });
  const mhs = (window: number) => real(run.rateHs(now, window, board) / MH);
  const lastAt = last === null ? 0 : epochS(last.at);
  return {
    ASC: board,
    ID: board,
    Name: '',
    Board: machine.plan.boardType,
    Connector: CONNECTORS[board] ?? '',
    ControllerIPVersionHex: '0x0',
    ControllerIPVersionStr: 'N/A',
    SerialNumber: serialOf(machine, board),
    Profile: machine.profile.name,
    Enabled: machine.isEnabled(board) ? 'Y' : 'N',
    // Which status a board has that was taken off is not known; asleep it was not seen.
    Status: machine.asleep || run.isPowered(board) ? 'Alive' : 'Dead',
    IsRamping: run.isRamping(now, board),
    IsUserShutdown: run.boards[board]?.offUntil === Number.POSITIVE_INFINITY,
    Temperature: real(hottestC(machine, now, board)),
    'MHS 5s': mhs(5),
    'MHS 1m': mhs(MINUTE),
    'MHS 5m': mhs(5 * MINUTE),
    'MHS 15m': mhs(15 * MINUTE),
    'MHS 30m': mhs(30 * MINUTE),
    'MHS 60m': mhs(HOUR),
    'MHS av': real(run.averageHs(now, board) / MH),
    'Total MH': real(run.averageHs(now, board) / MH),
    'Nominal MHS': rounded(machine.nominalHs(board) / MH),
    'Hardware Error MHS 15m': 0,
    'Hardware Errors': work.hardwareErrors(now, board),
    Accepted: shares.accepted,
    Rejected: shares.rejected,
    'Diff1 Work': difficulty.accepted + difficulty.rejected + difficulty.stale,
    'Difficulty Accepted': difficulty.accepted,
    'Difficulty Rejected': difficulty.rejected,
    'Device Hardware%': 0,
    'Device Rejected%': 0,
    'Device Elapsed': run.boardElapsedS(now, board),
    // Pools are counted from one here.
    'Last Share Pool': last === null ? 0 : work.pools.indexOf(last.pool) + 1,
    'Last Share Time': lastAt,
    'Last Share Difficulty': last?.pool.difficulty ?? 0,
    'Last Valid Work': lastAt,
    Utility: 0,
  };
}

/** ` oooo oooo o`: an `x` for a dead chip, four in a group, each behind a blank. */
function chipMap(machine: LuxosMachine, board: number): string {
  let map = '';
  for (let chip = 0; chip < machine.plan.chips; chip++) {
    map += `${chip % 4 === 0 ? ' ' : ''}${machine.isDeadChip(board, chip) ? 'x' : 'o'}`;
  }
  return map;
}

/** The four corners of a board, clockwise from the top left: `47-34-34-47`. */
const corners = (machine: LuxosMachine, now: number, board: number): string =>
  (['TopLeft', 'TopRight', 'BottomRight', 'BottomLeft'] as const)
    .map((corner) => cornerC(machine, now, board, corner))
    .join('-');

/** The two records of stats: what the program is, and what the boards do, in the names of stock firmware. */
export function statsRecords(machine: LuxosMachine, now: number): readonly LuxRecord[] {
  const { plan, version } = machine;
  const slots = Array.from({ length: SLOTS }, (_, slot) => slot);
  const perSlot = (name: string, value: (board: number) => LuxRecord[string], absent: LuxRecord[string]): LuxRecord =>
    Object.fromEntries(slots.map((slot) => [`${name}${slot + 1}`, machine.hasBoard(slot) ? value(slot) : absent]));
  const hottest = slots.slice(0, plan.boards).map((board) => hottestC(machine, now, board));
  const perBoard = (name: string): LuxRecord =>
    Object.fromEntries(hottest.map((c, board) => [`${name}${board + 1}`, real(c)]));
  const ghs = (board: number): string => (machine.run.averageHs(now, board) / GH).toFixed(2);
  const mhz = machine.run.mhz(now, machine.boardNumbers[0] ?? 0);
  return [
    { CompileTime: version.compiled, Miner: version.miner, Type: plan.label.model },
    {
      STATS: 0,
      ID: 'BTM_SOC0',
      Elapsed: whole(machine.run.elapsedS(now)),
      Calls: 0,
      Wait: 0,
      Max: 0,
      Min: 99_999_999,
      Mode: 2,
      'GHS 5s': rounded(machine.run.rateHs(now, 5) / GH),
      'GHS av': rounded(machine.run.averageHs(now) / GH),
      rate_30m: rounded(machine.run.rateHs(now, 30 * MINUTE) / GH),
      rate_unit: 'GH',
      // The mean of the boards (`protocols.md` 8).
      'total rate': rounded(machine.run.averageHs(now) / GH / Math.max(1, machine.boardNumbers.length)),
      total_rateideal: rounded(machine.boardNumbers.reduce((sum, board) => sum + machine.nominalHs(board), 0) / GH),
      // The number of connectors, not of chips.
      total_acn: SLOTS,
      total_freqavg: real(mhz),
      frequency: mhz,
      miner_count: machine.boardNumbers.length,
      miner_id: machine.hex('miner-id', 12),
      miner_version: version.miner,
      no_matching_work: machine.work.hardwareErrors(now),
      fan_num: plan.fans,
      ...Object.fromEntries(
        Array.from({ length: plan.fans }, (_, fan) => [`fan${fan + 1}`, fanRpm(machine, now, fan)]),
      ),
      temp_num: machine.boardNumbers.length,
      temp_max: real(Math.max(0, ...hottest)),
      ...perBoard('temp'),
      ...perBoard('temp2_'),
      ...perSlot('temp_chip', (board) => corners(machine, now, board), '0-0-0-0'),
      ...perSlot('temp_pcb', (board) => corners(machine, now, board), '0-0-0-0'),
      ...perSlot('temp_pic', (board) => corners(machine, now, board), '0-0-0-0'),
      ...perSlot('freq', (board) => real(machine.run.mhz(now, board)), real(0)),
      ...perSlot('chain_acn', () => plan.chips, 0),
      ...perSlot('chain_acs', (board) => chipMap(machine, board), ''),
      ...perSlot('chain_hw', (board) => machine.work.hardwareErrors(now, board), 0),
      ...perSlot('chain_rate', ghs, '0'),
    },
  ];
}
