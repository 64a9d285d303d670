import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type GetMinerDetailsResponseSchema,
  type HashboardSchema,
  MinerService,
  type SaveAction,
  SensorLocation,
  type WorkSolverStatsSchema,
} from './contract/index.ts';
import { type Served, serve } from './sim-api.ts';
import { poolStats } from './sim-api-pools.ts';
import { celsius, gigahash, hertz, keepOf, megahash, volt, watt } from './sim-api-units.ts';
import { hexId, macOf } from './sim-identity.ts';
import type { BraiinsMachine } from './sim-machine.ts';
import { type BoardReading, boards, power, type SolverReading, sharesOf, solver } from './sim-readings.ts';
import { REFUSE } from './sim-refusal.ts';
import { RECOVERY_FIRMWARE } from './sim-releases.ts';

function solverStats({ rateHs, ...solved }: SolverReading): MessageInitShape<typeof WorkSolverStatsSchema> {
  const mean = (windowS: number) => gigahash(rateHs(windowS));
  return {
    realHashrate: {
      last5s: mean(5),
      last15s: mean(15),
      last30s: mean(30),
      last1m: mean(60),
      last5m: mean(300),
      last15m: mean(900),
      last30m: mean(1800),
      last1h: mean(3600),
      last24h: mean(86_400),
      sinceRestart: gigahash(solved.averageHs),
    },
    nominalHashrate: gigahash(solved.nominalHs),
    errorHashrate: megahash(solved.errorHs),
    foundBlocks: solved.foundBlocks,
    bestShare: BigInt(solved.bestShare),
    bestShareStr: String(solved.bestShare),
  };
}

function hashboard({ plan }: BraiinsMachine, board: BoardReading): MessageInitShape<typeof HashboardSchema> {
  const { chipType, boardName } = plan;
  return {
    id: board.id,
    enabled: board.enabled,
    chipsCount: board.chips,
    currentVoltage: volt(board.volts),
    currentFrequency: hertz(board.mhz),
    // Of the captured S19 XP the sensor has the number of its board.
    highestChipTemp: { id: Number(board.id), location: SensorLocation.CHIP, temperature: celsius(board.chipC) },
    boardTemp: celsius(board.boardC),
    lowestInletTemp: celsius(board.inletC),
    highestOutletTemp: celsius(board.outletC),
    stats: solverStats(board.solver),
    serialNumber: board.serial,
    ...(boardName !== null && { model: boardName, boardName }),
    ...(chipType !== null && { chipType }),
  };
}

function details(machine: BraiinsMachine, now: number): MessageInitShape<typeof GetMinerDetailsResponseSchema> {
  const { plan, release, system } = machine;
  const uptime = BigInt(machine.uptimeS(now));
  return {
    uid: hexId(machine.key('machine')),
    minerIdentity: { brand: plan.brand, model: plan.modelNumber, name: plan.name, minerModel: plan.name },
    platform: plan.platform,
    bosMode: plan.bosMode,
    bosVersion: { current: release.firmware, major: RECOVERY_FIRMWARE, bosPlus: true },
    hostname: system.network.hostname,
    macAddress: macOf(machine.key),
    systemUptime: uptime,
    systemUptimeS: uptime,
    bosminerUptimeS: BigInt(machine.minerUptimeS(now)),
    stickerHashrate: gigahash(plan.stickerThs * 1e12),
    status: machine.status(now),
    kernelVersion: plan.kernel,
    controlBoardSocFamily: plan.soc,
    ...(plan.psu !== null && {
      psuInfo: {
        version: plan.psu.version,
        modelName: plan.psu.model,
        minVoltage: volt(plan.psu.minVolts),
        maxVoltage: volt(plan.psu.maxVolts),
      },
    }),
  };
}

/** Switches hashboards on or off. */
function setEnabled(machine: BraiinsMachine, now: number, ids: readonly string[], on: boolean, action: SaveAction) {
  const keep = keepOf(action);
  if (ids.length === 0) throw REFUSE.invalid('hashboard_ids length (0) is out-of-range (min: Some(1), max: None)');
  const unknown = ids.find((id) => !machine.plan.boardIds.includes(id));
  if (unknown !== undefined) throw REFUSE.notFound(`Hashboard ${unknown} not found`);
  if (!on && machine.plan.noPic && machine.system.advanced[NO_PIC_SETTING] !== true) {
    throw REFUSE.precondition('Hashboards of this miner cannot be disabled one by one');
  }
  const others = machine.saved.disabledBoards.filter((id) => !ids.includes(id));
  const disabledBoards = on ? others : [...others, ...new Set(ids)];
  machine.configure(now, (config) => ({ ...config, disabledBoards }), keep);
  return { hashboards: ids.map((id) => ({ id, isEnabled: on })) };
}

/** The advanced setting that lets it be done all the same. */
const NO_PIC_SETTING = 'allow_disabling_hashboards_on_nopic_miners';

const { method } = MinerService;

export const miner: readonly Served[] = [
  serve(method.getMinerDetails, (machine, _, now) => details(machine, now)),
  serve(method.getMinerStats, (machine, _, now) => {
    machine.needMiner(now);
    const { watts, joulePerTerahash } = power(machine, now);
    return {
      poolStats: poolStats(sharesOf(machine, now)),
      minerStats: solverStats(solver(machine, now)),
      powerStats: { approximatedConsumption: watt(watts), efficiency: { joulePerTerahash } },
    };
  }),
  serve(method.getErrors, (machine, _, now) => ({
    errors: machine.journal.errors(now).map(({ at, message, codes, components }) => ({
      timestamp: machine.journal.stamp(at),
      message,
      errorCodes: [...codes],
      components: [...components],
    })),
  })),
  serve(method.getHashboards, (machine, _, now) => {
    machine.needMiner(now);
    return { hashboards: boards(machine, now).map((board) => hashboard(machine, board)) };
  }),
  serve(method.enableHashboards, (machine, { saveAction, hashboardIds }, now) =>
    setEnabled(machine, now, hashboardIds, true, saveAction),
  ),
  serve(method.disableHashboards, (machine, { saveAction, hashboardIds }, now) =>
    setEnabled(machine, now, hashboardIds, false, saveAction),
  ),
];
