import { complaintsOf } from './sim-faults.ts';
import { fixed, type Json, type JsonRecord } from './sim-json.ts';
import type { MinerRun, RunPool } from './sim-run.ts';
import type { WhatsminerUnit } from './sim-unit.ts';

/*
 * The records of summary, edevs, devs, pools and devdetails on 4028 (protocols.md 3.4): with the fields of a cgminer as
 * the published API 1.4 replies have them, or with those of the V2.2 manual.
 */

const MH = 1e6;
const DIFFICULTY = 65_536;
const WINDOWS = { '5s': 5, '1m': 60, '5m': 300, '15m': 900 } as const;

const mhs = (hs: number) => fixed(hs / MH, 2);

/** Means over the windows that every reply has, MH/s. */
function rates(run: MinerRun, now: number, board?: number): JsonRecord {
  return {
    'MHS av': mhs(run.session.averageHs(now, board)),
    ...Object.fromEntries(Object.entries(WINDOWS).map(([name, s]) => [`MHS ${name}`, mhs(run.rateHs(now, s, board))])),
  };
}

const percent = (part: number, all: number) => fixed(all > 0 ? (100 * part) / all : 0, 4);
const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);

function chipTemperatures(run: MinerRun, now: number, boards = run.boards): JsonRecord {
  const chips = boards.map((board) => run.chips(now, board));
  return {
    'Chip Temp Min': fixed(Math.min(...chips.map(({ min }) => min)), 2),
    'Chip Temp Max': fixed(Math.max(...chips.map(({ max }) => max)), 2),
    'Chip Temp Avg': fixed(mean(chips.map(({ average }) => average)), 2),
  };
}

export const factoryGhs = ({ plan }: WhatsminerUnit): number => Math.round(plan.nominalGhs * 0.998);

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

export const powerLimitW = ({ settings, plan }: WhatsminerUnit): number => settings.powerLimitW ?? plan.limitW;

export function summaryRecord(unit: WhatsminerUnit, run: MinerRun, now: number): JsonRecord {
  return unit.plan.dialect === 'old' ? oldSummary(unit, run, now) : newSummary(unit, run, now);
}

/** What both have. */
function coreSummary(unit: WhatsminerUnit, run: MinerRun, now: number) {
  const { session } = run;
  const shares = session.shares(now);
  const all = shares.accepted + shares.rejected + shares.stale;
  const rt = run.rateHs(now, WINDOWS['5m']);
  const nominal = unit.plan.nominalGhs * 1e9 * run.factor;
  return {
    shares,
    rates: rates(run, now),
    realTime: mhs(rt),
    totalMh: fixed(session.totalHashes(now) / MH, 4),
    boardC: run.boards.map((board) => session.boardC(now, board)),
    fanIn: run.fanRpm(now, 0, unit.settings.poweroffCool),
    fanOut: run.fanRpm(now, 1, unit.settings.poweroffCool),
    powerW: Math.round(session.powerW(now)),
    rejected: percent(shares.rejected, all),
    stale: percent(shares.stale, all),
    stable: run.isTuned(now),
    stableCost: run.isTuned(now) ? Math.round((run.tunedAt - run.plan.startedAt) / 1000) : 0,
    deviation: fixed(nominal > 0 ? Math.abs(100 * (1 - rt / nominal)) / 100 : 0, 4),
    targetFreq: Math.round(unit.plan.mhz * run.factor),
    targetMhs: Math.round((unit.plan.nominalGhs * 1000 * run.factor) / 10) * 10,
  };
}

/** In the order of the V2.2 manual and protocols.md 3.4. */
function newSummary(unit: WhatsminerUnit, run: MinerRun, now: number): JsonRecord {
  const core = coreSummary(unit, run, now);
  const ths = run.rateHs(now, WINDOWS['5m']) / 1e12;
  const hydro = unit.plan.cooling === 'hydro';
  return {
    Elapsed: run.elapsedS(now),
    ...core.rates,
    'HS RT': core.realTime,
    Accepted: core.shares.accepted,
    Rejected: core.shares.rejected,
    'Total MH': core.totalMh,
    Temperature: fixed(Math.max(...core.boardC), 2),
    freq_avg: run.averageMhz(now),
    'Fan Speed In': core.fanIn,
    'Fan Speed Out': core.fanOut,
    Power: core.powerW,
    'Power Rate': fixed(ths > 0 ? core.powerW / ths : 0, 2),
    'Pool Rejected%': core.rejected,
    'Pool Stale%': core.stale,
    'Last getwork': 0,
    Uptime: unit.uptimeS(now),
    'Security Mode': 0,
    'Hash Stable': core.stable,
    'Hash Stable Cost Seconds': core.stableCost,
    'Hash Deviation%': core.deviation,
    'Target Freq': core.targetFreq,
    'Target MHS': core.targetMhs,
    'Env Temp': fixed(run.session.ambientC(now), 2),
    'Power Mode': capital(unit.settings.powerMode),
    'Factory GHS': factoryGhs(unit),
    'Power Limit': powerLimitW(unit),
    ...chipTemperatures(run, now),
    Debug: `-0.0_${fixed(run.percent, 1).text}_354`,
    'Btminer Fast Boot': unit.settings.fastBoot ? 'enable' : 'disable',
    'Upfreq Complete': core.stable ? 1 : 0,
    ...(hydro && { 'Liquid Cooling': true, 'Board Temperature': core.boardC.map((c) => fixed(c, 2)) }),
  };
}

/** The keys of a published API 1.4 reply; their order is not known, it was lost before it was published. */
function oldSummary(unit: WhatsminerUnit, run: MinerRun, now: number): JsonRecord {
  const core = coreSummary(unit, run, now);
  const { session } = run;
  const { accepted, rejected, stale } = core.shares;
  const minutes = Math.max(1, run.elapsedS(now)) / 60;
  const errors = session.hardwareErrors(now);
  const complaints = complaintsOf(unit, now);
  const { controlBoard, platform } = unit.plan;
  return {
    Elapsed: run.elapsedS(now),
    ...core.rates,
    'HS RT': core.realTime,
    'Found Blocks': 0,
    Getworks: Math.floor(run.elapsedS(now) / 30),
    Accepted: accepted,
    Rejected: rejected,
    'Hardware Errors': errors,
    Utility: fixed(accepted / minutes, 2),
    Discarded: Math.floor(run.elapsedS(now) / 15),
    Stale: stale,
    'Get Failures': 0,
    'Local Work': accepted * 12,
    'Remote Failures': 0,
    'Network Blocks': Math.floor(run.elapsedS(now) / 600),
    'Total MH': core.totalMh,
    'Work Utility': fixed((accepted * DIFFICULTY) / minutes, 2),
    'Difficulty Accepted': fixed(accepted * DIFFICULTY, 8),
    'Difficulty Rejected': fixed(rejected * DIFFICULTY, 8),
    'Difficulty Stale': fixed(stale * DIFFICULTY, 8),
    'Best Share': Math.floor(session.bestShare(now)),
    Temperature: fixed(Math.max(...core.boardC), 2),
    freq_avg: run.averageMhz(now),
    'Fan Speed In': core.fanIn,
    'Fan Speed Out': core.fanOut,
    Voltage: run.offSince === null ? 1180 : 0,
    Power: core.powerW,
    Power_RT: core.powerW + 4,
    'Power Current': Math.round(core.powerW / 13),
    'Power Fanspeed': psuFanRpm(unit, run),
    'Power Limit': powerLimitW(unit),
    'Power Mode': capital(unit.settings.powerMode),
    'Device Hardware%': percent(errors, errors + accepted * DIFFICULTY),
    'Device Rejected%': percent(rejected, accepted + rejected),
    'Pool Rejected%': core.rejected,
    'Pool Stale%': core.stale,
    'Last getwork': 0,
    Uptime: unit.uptimeS(now),
    'Chip Data': unit.hex('chip data', 32),
    ...chipTemperatures(run, now),
    'Error Code Count': complaints.length,
    ...Object.fromEntries(complaints.map(({ code }, place): [string, Json] => [`Error Code ${place}`, code])),
    'Factory Error Code Count': 0,
    'Factory GHS': factoryGhs(unit),
    'Security Mode': 0,
    'Liquid Cooling': unit.plan.cooling === 'hydro',
    'Hash Stable': core.stable,
    'Hash Stable Cost Seconds': core.stableCost,
    'Hash Deviation%': core.deviation,
    'Target Freq': core.targetFreq,
    'Target MHS': core.targetMhs,
    MAC: unit.mac,
    'Firmware Version': `'${unit.firmware}'`,
    'CB Platform': platform,
    'CB Version': controlBoard,
  };
}

/** Turns a minute of the supply's own fan. */
export function psuFanRpm(unit: WhatsminerUnit, run: MinerRun | null): number {
  if (unit.plan.cooling === 'hydro') return 0;
  return (run === null || run.offSince !== null ? 4200 : 6100) + (unit.key('psu fan') % 60) * 16;
}

export function boardRecord(unit: WhatsminerUnit, run: MinerRun, now: number, board: number, name: string): JsonRecord {
  const cgminers = unit.plan.dialect === 'old' && name === 'devs';
  return cgminers ? oldBoard(unit, run, now, board) : newBoard(unit, run, now, board);
}

function newBoard(unit: WhatsminerUnit, run: MinerRun, now: number, board: number): JsonRecord {
  return {
    ASC: board,
    Slot: board,
    Enabled: 'Y',
    Status: 'Alive',
    Temperature: fixed(run.session.boardC(now, board), 2),
    'Chip Frequency': run.mhz(now, board),
    ...rates(run, now, board),
    'HS RT': mhs(run.rateHs(now, WINDOWS['5m'], board)),
    'Factory GHS': Math.round(factoryGhs(unit) / unit.plan.boards),
    'Upfreq Complete': run.isTuned(now) ? 1 : 0,
    'Effective Chips': unit.plan.chips,
    'PCB SN': unit.boardSn(board),
    'Chip Data': unit.plan.chipData,
    ...chipTemperatures(run, now, [board]),
    chip_vol_diff: 8 + (unit.key('volts', board) % 9),
  };
}

/** The keys of a published API 1.4 reply. */
function oldBoard(unit: WhatsminerUnit, run: MinerRun, now: number, board: number): JsonRecord {
  const { session } = run;
  const { accepted, rejected } = session.shares(now, { board });
  const errors = session.hardwareErrors(now, board);
  const last = session.lastShareAt(now, { board });
  const minutes = Math.max(1, run.elapsedS(now)) / 60;
  return {
    ASC: board,
    Name: 'SM',
    ID: board,
    Slot: board,
    Enabled: 'Y',
    Status: 'Alive',
    Temperature: fixed(session.boardC(now, board), 2),
    'Chip Frequency': run.mhz(now, board),
    'Fan Speed In': run.fanRpm(now, 0, unit.settings.poweroffCool),
    'Fan Speed Out': run.fanRpm(now, 1, unit.settings.poweroffCool),
    ...rates(run, now, board),
    Accepted: accepted,
    Rejected: rejected,
    'Hardware Errors': errors,
    Utility: fixed(accepted / minutes, 2),
    'Last Share Pool': session.currentPool(now) ?? -1,
    'Last Share Time': last === null ? 0 : Math.floor(unit.clock(last) / 1000),
    'Total MH': fixed(session.totalHashes(now, board) / MH, 4),
    'Diff1 Work': Math.floor(session.totalHashes(now, board) / 2 ** 32),
    'Difficulty Accepted': fixed(accepted * DIFFICULTY, 8),
    'Difficulty Rejected': fixed(rejected * DIFFICULTY, 8),
    'Last Share Difficulty': fixed(last === null ? 0 : DIFFICULTY, 8),
    'Last Valid Work': last === null ? 0 : unit.clockS(now),
    'Device Hardware%': percent(errors, errors + accepted * DIFFICULTY),
    'Device Rejected%': percent(rejected, accepted + rejected),
    'Device Elapsed': run.elapsedS(now),
    'Upfreq Complete': run.isTuned(now) ? 1 : 0,
    'Effective Chips': unit.plan.chips,
    'PCB SN': unit.boardSn(board),
    ...chipTemperatures(run, now, [board]),
  };
}

export function poolRecord(unit: WhatsminerUnit, run: MinerRun, now: number, pool: RunPool, place: number): JsonRecord {
  const { session } = run;
  const { accepted, rejected, stale } = session.shares(now, { pool: pool.id });
  const all = accepted + rejected + stale;
  const active = run.offSince === null && session.currentPool(now) === pool.id;
  const last = session.lastShareAt(now, { pool: pool.id });
  const host = pool.url.replace(/^[^/]*\/\//, '').replace(/:\d+$/, '');
  const common = {
    // From 1 in the manual and in the published 1.4 reply (protocols.md 3.4).
    POOL: place + 1,
    URL: pool.url,
    Status: session.poolAlive(now, pool.id) ? 'Alive' : 'Dead',
    Priority: place,
    Quota: 1,
    Getworks: active ? Math.floor(run.elapsedS(now) / 30) : 0,
    Accepted: accepted,
    Rejected: rejected,
    Discarded: active ? Math.floor(run.elapsedS(now) / 15) : 0,
    Stale: stale,
    'Get Failures': 0,
    'Remote Failures': 0,
    User: pool.user,
    'Last Share Time': last === null ? 0 : Math.floor(unit.clock(last) / 1000),
    'Stratum Active': active,
    'Stratum URL': host,
    'Stratum Difficulty': fixed(active ? DIFFICULTY : 0, 8),
    'Pool Rejected%': percent(rejected, all),
    'Pool Stale%': percent(stale, all),
    'Bad Work': 0,
  };
  if (unit.plan.dialect !== 'old') return common;
  return {
    ...common,
    'Long Poll': 'N',
    Works: accepted * 12,
    'Diff1 Shares': all * DIFFICULTY,
    'Proxy Type': '',
    Proxy: '',
    'Difficulty Accepted': fixed(accepted * DIFFICULTY, 8),
    'Difficulty Rejected': fixed(rejected * DIFFICULTY, 8),
    'Difficulty Stale': fixed(stale * DIFFICULTY, 8),
    'Last Share Difficulty': fixed(last === null ? 0 : DIFFICULTY, 8),
    'Work Difficulty': fixed(0, 8),
    'Has Stratum': true,
    'Has GBT': false,
    'Best Share': Math.floor(session.bestShare(now, pool.id)),
    'Current Block Height': 0,
    'Current Block Version': all > 0 ? 0x2000_0000 : 0,
  };
}

export const detailRecord = (unit: WhatsminerUnit, board: number): JsonRecord => ({
  DEVDETAILS: board,
  Name: 'SM',
  ID: board,
  Driver: 'bitmicro',
  Kernel: '',
  Model: unit.plan.model,
});
