import type { AvalonMachine } from './sim-machine.ts';
import type { RecordParts, Token } from './sim-record-parts.ts';
import * as say from './sim-record-parts.ts';
import { heatAt, type Readings, supplyVector } from './sim-sensors.ts';

/*
 * The long records of the farms' machines: the A10 as in Canaan's API manual of 2019, the A12 with the keys that came
 * later (`protocols.md` 4).
 */

/** With a blank before the bracket, which the home machines do not have. */
const status = (machine: AvalonMachine, now: number): Token => [
  'SYSTEMSTATU',
  `Work: ${machine.work(now)}, Hash Board: ${machine.boardsPresent} `,
];

const heat = (machine: AvalonMachine, readings: Readings): Token[] => [
  ['Temp', Math.round(readings.roomC)],
  ['TMax', readings.maxC],
  ['TAvg', readings.avgC],
  ...say.fans(readings),
  ['FanR', `${readings.fanPercent}%`],
  ['Vo', machine.mode.chipVolts],
  ['PS', supplyVector(readings.supply, machine.plan.wallPower)],
  ...say.clockCounts(machine),
];

const boardHeat = (machine: AvalonMachine, now: number, readings: Readings): Token[] => [
  say.boardAverages(machine, now),
  ['MTmax', readings.boards.map((board) => board.maxC).join(' ')],
  ['MTavg', readings.boards.map((board) => board.avgC).join(' ')],
  ['TA', say.chipCount(machine)],
];

export const a10Record: RecordParts = {
  head: (machine, now, readings) => [
    ['Ver', machine.withBuild(machine.plan.ver)],
    ['DNA', machine.dna],
    ['NETFAIL', say.zeros(8)],
    status(machine, now),
    ['Elapsed', say.recordElapsed(machine, now)],
    ['MW', say.perBoard(machine, () => Math.floor(say.localWork(machine, now) / machine.plan.boards))],
    ['LW', say.localWork(machine, now)],
    say.errors(machine, now),
    ['HW', say.hardwareErrors(machine, now)],
    ['DH', say.errorRate(machine, now)],
    ...heat(machine, readings),
    ['GHSmm', say.promisedGhs(machine)],
    ['GHSavg', say.averageGhs(machine, now)],
    ['WU', say.workUtility(machine, now)],
    ['Freq', say.two(machine.mhz)],
    ['Led', machine.led],
    ...boardHeat(machine, now, readings),
    ['ECHU', say.perBoard(machine, () => 512)],
    ['ECMM', 0],
    ...say.clocks(machine, 'SF'),
  ],
  tail: (machine, now) => [
    ['CRC', say.zeros(machine.plan.boards)],
    ['POW_I2C_CONN', 'SUCCES'],
    ...supplyRecord(machine, now),
    ['MEMFREE', `${say.freeKb(machine, now) * 4} B`],
    ['FACOPTS0', ''],
    ['FACOPTS1', ''],
    ['WORKMODE', machine.mode.value],
  ],
};

/** `HS_RCDn`: words with colons inside the brackets. */
function supplyRecord(machine: AvalonMachine, now: number): Token[] {
  const heat = heatAt(machine, now);
  const room = Math.round(machine.cooling.ambientC(now));
  const fan = (i: number): number => Math.round(machine.cooling.fanRpm(i, now, heat));
  const volts = machine.setCentivolts;
  return Array.from({ length: 5 }, (_, i) => [
    `HS_RCD${i}`,
    `Tenv:${room} Tavg:65 Fan1:${fan(0)} Fan2:${fan(1)} V12:1217 Vout:${volts - 3 + (i % 3)} P_I:220 P_P:${2800 + i}`,
  ]);
}

export const a12Record: RecordParts = {
  head: (machine, now, readings) => [
    ['Ver', machine.withBuild(machine.plan.ver)],
    ['DNA', machine.dna],
    ['MEMFREE', `${say.freeKb(machine, now) * 20}.${say.freeKb(machine, now) * 19}`],
    ['NETFAIL', say.zeros(8)],
    status(machine, now),
    ['Elapsed', say.recordElapsed(machine, now)],
    ['BOOTBY', say.bootBy(machine)],
    ['LW', say.localWork(machine, now)],
    say.errors(machine, now),
    ['DHW', 0],
    ['HW', say.hardwareErrors(machine, now)],
    ['DH', say.errorRate(machine, now)],
    ...heat(machine, readings),
    ['GHSspd', say.currentGhs(machine, now)],
    ['DHspd', say.errorSpeed(machine, now)],
    // Seen on an idle machine of this series; a Q keeps what the clock promises.
    ['GHSmm', machine.offSince === null ? say.promisedGhs(machine) : '0.00'],
    ['GHSavg', say.averageGhs(machine, now)],
    ['WU', say.workUtility(machine, now)],
    ['Freq', say.two(machine.mhz)],
    ['Led', machine.led],
    ...boardHeat(machine, now, readings),
    ['Core', 'A3200'],
    ['PING', Math.round(machine.own('ping', 9, 140))],
    ['POWS', 0],
    ['HASHS', say.zeros(machine.plan.boards)],
    ['POOLS', 0],
    ['SoftOFF', say.softOff(machine)],
    ['ECHU', say.zeros(machine.plan.boards)],
    ['ECMM', 0],
    ...say.clocks(machine, 'SF'),
  ],
  tail: (machine) => [
    ['CRC', say.zeros(machine.plan.boards)],
    ['COMCRC', say.zeros(machine.plan.boards)],
    ['FACOPTS0', ''],
    ['FACOPTS1', ''],
    ['FACOPTS2', ''],
    ['ATAOPTS0', options(machine)],
    ['ADJ', 1],
    ['COP', say.zeros(machine.plan.boards)],
    ['MPO', machine.mode.wallW],
    ['MVL', 87],
    ...say.clocks(machine, 'ATABD'),
    ['WORKMODE', machine.mode.value],
  ],
};

/** Command-line options inside the brackets. */
const options = (machine: AvalonMachine): string =>
  `--avalon10-freq ${machine.clocks(0).join(':')} --avalon10-voltage-level ${machine.setCentivolts} --hash-asic ${machine.plan.chips}`;
