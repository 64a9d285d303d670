import { uniform } from '../sim/counter-random.ts';
import type { AvalonMachine } from './sim-machine.ts';
import type { ModuleState } from './sim-modules.ts';
import type { Token } from './sim-record-parts.ts';
import * as say from './sim-record-parts.ts';
import { type BoardReading, readSensors } from './sim-sensors.ts';

/*
 * The records of the modules behind an AUC controller, one string for each: A7 and A8, as cgminer's drivers avalon7 and
 * avalon8 print them and as replies of a 741 show.
 */

/** Hashes in one piece of local work (`LW`). */
const WORK_HASHES = 1e11;

/** The first key with a number of this driver's own is that of module 1: 0 is all of them. */
export function moduleTokens(machine: AvalonMachine, now: number, module: ModuleState): Token[] {
  const { plan, session } = machine;
  // A module is asked every so often: what it measures is as old as that.
  const readings = readSensors(machine, now - (now % module.pollMs));
  const [firstBoard, count] = [module.firstBoard, plan.boards / plan.modules];
  const boards = Array.from({ length: count }, (_, i) => firstBoard + i);
  const list = (of: (board: number) => string | number): string => boards.map(of).join(' ');
  const ours = readings.boards.slice(firstBoard, firstBoard + count);
  const elapsedS = module.elapsedS(now);
  const works = (board: number) => Math.floor(session.totalHashes(now, board) / WORK_HASHES);
  const hashes = boards.reduce((sum, board) => sum + session.totalHashes(now, board), 0);
  const errors = boards.map((board) => session.hardwareErrors(now, board));
  const present = boards.filter((board) => machine.hasBoard(board)).length;
  const a8 = plan.record === 'a8';
  const a7Only = (token: Token): Token[] => (a8 ? [] : [token]);
  const { debugRecord } = machine.quirks;
  return [
    ['Ver', machine.withBuild(plan.ver)],
    ['DNA', machine.hex(`dna-${module.id}`, 16)],
    ['Elapsed', Math.floor(elapsedS)],
    ['MW', list(works)],
    ['LW', boards.reduce((sum, board) => sum + works(board), 0)],
    ['MH', errors.join(' ')],
    ['HW', errors.reduce((sum, n) => sum + n, 0)],
    ...a7Only(['DH', say.errorRate(machine, now)]),
    ['Temp', Math.round(readings.roomC + 6)],
    ['TMax', Math.max(...ours.map((board) => board.maxC))],
    ['Fan', readings.fans[0] ?? 0],
    ['FanR', `${readings.fanPercent}%`],
    ['Vi', list((board) => (machine.hasBoard(board) ? 1216 : 0))],
    ['Vo', list((board) => module.outputVoltage(board))],
    ['GHSmm', say.two((machine.mode.ghs * module.clockRatio(boards) * present) / plan.boards)],
    ['WU', say.two(elapsedS > 0 ? (hashes / 2 ** 32 / elapsedS) * 60 : 0)],
    ['Freq', say.two(machine.mode.mhz * module.clockRatio(boards))],
    ['PG', 15],
    ['Led', module.led],
    ...ours.map((board, i): Token => [`MW${i}`, board.chipsWork.join(' ')]),
    ['TA', present * plan.chips],
    ['ECHU', say.zeros(count)],
    ['ECMM', 0],
    ...(debugRecord ? debugTokens(machine, module, boards) : []),
    ...(debugRecord && a8 ? ours.map(chipTemperatures) : []),
    ...(debugRecord && a8 ? ours.flatMap((board, i) => coreVoltages(machine, board, i, firstBoard + i)) : []),
    ['FM', 1],
    ['CRC', say.zeros(count)],
    ...a7Only(['PVT_T', ours.map(extremes).join(' ')]),
  ];
}

/** What cgminer adds when it runs with `--debug`. Only an A8 can be overclocked so (`protocols.md` 1.10). */
const debugTokens = (machine: AvalonMachine, module: ModuleState, boards: readonly number[]): Token[] => [
  ['FAC0', module.factory],
  ...(machine.plan.record === 'a8' ? [['OC', module.overclocking] as const] : []),
  ...boards.map((board, i): Token => [`SF${i}`, machine.clocks(board).join(' ')]),
  ['PMUV', '1710 1710'],
];

const chipTemperatures = ({ chipsC }: BoardReading, i: number): Token => [`PVT_T${i}`, chipsC.join(' ')];

/** Cores of a chip that an A8 measures. */
const CORES = 8;

/** `PVT_Vi_k`: the cores of chip k, mV. From the 851 on the driver has one list for each board instead. */
const coreVoltages = (machine: AvalonMachine, { chipsV }: BoardReading, i: number, board: number): Token[] =>
  chipsV.map((volts, chip) => {
    const own = machine.key('cores', board);
    const core = (n: number): number => (volts === 0 ? 0 : volts + Math.round(6 * uniform(own, chip * CORES + n) - 3));
    return [`PVT_V${i}_${chip}`, Array.from({ length: CORES }, (_, n) => core(n)).join(' ')];
  });

/** `coolest chip-its degrees/hottest chip-its degrees/mean`, as an A7 says it. */
function extremes({ chipsC }: BoardReading): string {
  const [low, high] = [Math.min(...chipsC), Math.max(...chipsC)];
  const mean = Math.round(chipsC.reduce((sum, c) => sum + c, 0) / chipsC.length);
  return `${chipsC.indexOf(low)}-${low}/${chipsC.indexOf(high)}-${high}/${mean}`;
}
