import { GraphQLError } from 'graphql';
import { poolStatus, sharesInfo } from './sim-graphql-shares.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { boardW } from './sim-plan.ts';
import {
  type BoardReading,
  boards,
  fans,
  groups,
  hottestC,
  poolReading,
  power,
  sharesOf,
  solver,
  tunerReading,
} from './sim-readings.ts';
import { ApiRefusal } from './sim-refusal.ts';

/*
 * `bosminer.info` of GraphQL: what the mining program measures. Refused while it does not run.
 */

const MEGA = 1e6;

function realHashrate(machine: BraiinsMachine, now: number, board?: number) {
  const { rateHs, averageHs } = solver(machine, now, board);
  const mhs = (windowS: number) => rateHs(windowS) / MEGA;
  return {
    mhsAv: averageHs / MEGA,
    mhs5S: mhs(5),
    mhs15S: mhs(15),
    mhs30S: mhs(30),
    mhs1M: mhs(60),
    mhs5M: mhs(300),
    mhs15M: mhs(900),
    mhs30M: mhs(1800),
    mhs1H: mhs(3600),
    mhs24H: mhs(86_400),
    mhsSinceRestart: averageHs / MEGA,
  };
}

/** Names of places: words until 25.03, of an enumeration from 25.05 (captures; replies of a 24.09 and a 25.05 in asic-rs). */
function placeNames(os: number) {
  if (os >= 25.05) return { board: 'MAX_BOARD', chip: 'MAX_CHIP', inlet: 'INLET', outlet: 'OUTLET' };
  if (os >= 25.03) return { board: 'Max Board', chip: 'Max Chip', inlet: 'Inlet', outlet: 'Outlet' };
  return { board: 'Board', chip: 'Chip', inlet: null, outlet: null };
}

function temperatures({ release }: BraiinsMachine, { boardC, chipC, inletC, outletC }: BoardReading) {
  const { board, chip, inlet, outlet } = placeNames(release.os);
  return [
    { name: board, degreesC: boardC },
    { name: chip, degreesC: chipC },
    ...(inlet === null ? [] : [{ name: inlet, degreesC: inletC }]),
    ...(outlet === null ? [] : [{ name: outlet, degreesC: outletC }]),
  ];
}

function powerInfo(machine: BraiinsMachine, watts: number, mhs: number, limitW: number | null) {
  const efficiencyWMhs = mhs > 0 ? watts / mhs : null;
  return {
    limitW,
    approxConsumptionW: watts,
    efficiencyWMhs,
    chipConsumptionW: Math.max(0, watts - machine.plan.idleW),
    estimatedEfficiencyWMhs: efficiencyWMhs,
  };
}

const limitOf = ({ active, tuner }: BraiinsMachine): number | null =>
  active.performance.mode === 'power' ? tuner.target(active) : null;

function errorMhs15M({ run }: BraiinsMachine, now: number, board?: number): number {
  const errors = run.work.hardwareErrors(now, board) - run.work.hardwareErrors(now - 900_000, board);
  return (Math.max(0, errors) * 2 ** 32) / 900 / MEGA;
}

function childSolver(machine: BraiinsMachine, now: number, board: BoardReading) {
  const { plan } = machine;
  const place = plan.boardIds.indexOf(board.id);
  const watts = Math.round(boardW(plan, board.mhz / plan.nominal.mhz));
  return {
    name: board.id,
    nominalMhs: board.solver.nominalHs / MEGA,
    realHashrate: realHashrate(machine, now, place),
    hwErrorMhs15M: errorMhs15M(machine, now, place),
    hwDetails: {
      chips: board.chips,
      // Of captures: whole Hz.
      frequencyMhz: Math.round(board.mhz * 1e6) / 1e6,
      voltageV: board.volts,
      hbSerialNumber: board.serial,
      hashboardName: plan.boardName,
      chipType: plan.chipType,
    },
    power: powerInfo(machine, watts, board.solver.rateHs(60) / MEGA, null),
    tuner: () => tunerInfo(machine, now),
    temperatures: temperatures(machine, board),
    childSolvers: null,
    psuInfo: null,
  };
}

function workSolver(machine: BraiinsMachine, now: number) {
  const { plan } = machine;
  const { nominalHs, rateHs } = solver(machine, now);
  const psu = plan.psu && {
    version: plan.psu.version,
    modelName: plan.psu.model,
    minVoltage: plan.psu.minVolts,
    maxVoltage: plan.psu.maxVolts,
  };
  return {
    name: plan.name,
    nominalMhs: nominalHs / MEGA,
    realHashrate: () => realHashrate(machine, now),
    hwErrorMhs15M: () => errorMhs15M(machine, now),
    hwDetails: null,
    tuner: null,
    power: () => powerInfo(machine, power(machine, now).watts, rateHs(60) / MEGA, limitOf(machine)),
    temperatures: null,
    childSolvers: () => boards(machine, now).map((board) => childSolver(machine, now, board)),
    psuInfo: psu,
  };
}

/** What a board says of the tuner. How it counts iterations is not known: a tuner that holds its profile has none. */
function tunerInfo(machine: BraiinsMachine, now: number) {
  const uptimeS = machine.minerUptimeS(now);
  return {
    status: TUNER[tunerReading(machine, now).state] ?? 'RUNNING',
    statusMessages: [],
    loadedProfileTimestamp: null,
    iteration: 0,
    uptimeS,
    stageDurationS: Math.max(0, Math.min(uptimeS, Math.floor((now - machine.tuner.steppedAt) / 1000))),
  };
}

/** States of the tuner by their numbers in the contract; preheat and all that is newer is running. */
const TUNER: Readonly<Record<number, string>> = { 1: 'DISABLED', 2: 'STABLE' };

/** Where dynamic scaling stands, in the words of the schema; how the message reads is not known, so it repeats them. */
function scaling({ active, tuner }: BraiinsMachine) {
  const { mode } = active.performance;
  const target = mode === 'hashrate' ? 'HASHRATE_TARGET' : 'POWER_TARGET';
  const isOn = active.dps.enabled && tuner.target(active) !== null;
  const status = isOn ? `${tuner.scaled === null ? 'INITIAL' : 'LOWERED'}_${target}` : 'DISABLED';
  return { status, statusMessage: status.toLowerCase().replaceAll('_', ' ') };
}

function summary(machine: BraiinsMachine, now: number) {
  const { rateHs, foundBlocks, bestShare } = solver(machine, now);
  const chip = { name: placeNames(machine.release.os).chip, degreesC: () => hottestC(machine, now) };
  const all = groups(machine).flatMap(({ pools }) => pools);
  return {
    realHashrate: () => realHashrate(machine, now),
    poolStatus: () => {
      if (all.some((pool) => poolReading(machine, now, pool).alive)) return 'ALIVE';
      return all.some(({ setting }) => setting.enabled) ? 'DEAD' : 'DISABLED';
    },
    shares: () => sharesInfo(machine, sharesOf(machine, now)),
    foundBlocks,
    bestShare,
    power: () => powerInfo(machine, power(machine, now).watts, rateHs(60) / MEGA, limitOf(machine)),
    dynamicPerformanceScaling: () => scaling(machine),
    tunerStatus: () => TUNER[tunerReading(machine, now).state] ?? 'RUNNING',
    temperature: chip,
    temperatureChip: chip,
    temperatureAmbient: null,
  };
}

/** What of the statistics is missing while the machine has trouble with some of them. */
const unreachable = (): never => {
  throw new GraphQLError('BOSminer API connection error');
};

/** @param partly some members end in an error of their own */
export function minerInfo(machine: BraiinsMachine, now: number, partly: boolean) {
  try {
    machine.needMiner(now);
  } catch (thrown) {
    throw thrown instanceof ApiRefusal ? new GraphQLError(thrown.message) : thrown;
  }
  const { target, hot, dangerous } = machine.active.cooling;
  const fanInfo = () =>
    fans(machine, now).map(({ position, rpm, percent }) => ({
      name: String(position),
      speed: Math.round(percent),
      rpm,
    }));
  return {
    modelName: machine.plan.name,
    poolGroups: () =>
      groups(machine).map((group) => ({
        name: group.setting.name,
        pools: group.pools.map((pool) => {
          const { alive, active, shares } = poolReading(machine, now, pool);
          const { url, user, enabled } = pool.setting;
          return {
            url,
            user,
            status: poolStatus(enabled, alive),
            active,
            shares: sharesInfo(machine, shares),
            lastDifficulty: shares.lastDifficulty,
            generatedWork: shares.generatedWork,
            bestShare: shares.bestShare,
          };
        }),
      })),
    summary: () => ({ ...summary(machine, now), ...(partly && { power: unreachable }) }),
    workSolver: () => workSolver(machine, now),
    fans: partly ? unreachable : fanInfo,
    tempCtrl: { targetC: target, hotC: hot, dangerousC: dangerous },
  };
}
