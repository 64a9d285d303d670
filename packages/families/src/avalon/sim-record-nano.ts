import { drift } from '../sim/thermal.ts';
import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';
import type { RecordParts, Token } from './sim-record-parts.ts';
import * as say from './sim-record-parts.ts';
import { NO_SENSOR, type Readings, readSensors } from './sim-sensors.ts';

/*
 * The long records of the Nanos. The Nano 3S's keys are those of published replies of firmware 25021401, its short form
 * that of its published source; the Nano 3's those that its clients read.
 */

/** `LED[mode-effect]`; in the night the effect is the lamp. `LEDUser[effect-brightness-warmth-red-green-blue]`. */
const lights = ({ kept }: AvalonMachine): Token[] => [
  ['LED', `${kept.ledMode}-${kept.ledMode === 0 ? (kept.ledDay[0] ?? 0) : kept.nightLamp[0]}`],
  ['LEDUser', kept.ledDay.join('-')],
];

const lcdPage = ({ kept, wallpaper }: AvalonMachine): number =>
  wallpaper.shown === null ? kept.lcd.page : ASSUMED.wallpaperPage;

const outletC = (readings: Readings): number => Math.round(readings.roomC + 0.45 * readings.avgC);

export const nano3sRecord: RecordParts = {
  head: (machine, now, readings) => [
    ['Ver', machine.withBuild(machine.plan.ver)],
    ['LVer', machine.build],
    ['BVer', machine.build],
    ['FW', 'Release'],
    ...lights(machine),
    ['LcdOnoff', machine.kept.lcd.on],
    ['LcdSwitch', lcdPage(machine)],
    ['DNA', machine.dna],
    ['MEMFREE', say.freeKb(machine, now)],
    ['PFCnt', 0],
    ['NETFAIL', say.zeros(8)],
    ['SYSTEMSTATU', `Work: ${machine.work(now)}, Hash Board: ${machine.boardsPresent}`],
    ['Elapsed', say.recordElapsed(machine, now)],
    ['BOOTBY', say.bootBy(machine)],
    ['LW', say.localWork(machine, now)],
    say.errors(machine, now),
    ['DHW', 0],
    ['HW', say.hardwareErrors(machine, now)],
    ['DH', say.errorRate(machine, now)],
    // This model has no sensor where the air comes in.
    ['ITemp', NO_SENSOR],
    ['OTemp', outletC(readings)],
    ['TMax', readings.maxC],
    ['TAvg', readings.avgC],
    ['TarT', machine.targetC],
    ...say.fans(readings),
    ['FanR', `${readings.fanPercent}%`],
    // The Nano's adapter: input in mV in place of the control voltage's neighbour, wall power last.
    [
      'PS',
      [
        readings.supply.error,
        0,
        27_500 + Math.round(60 * drift(machine.key('adapter'), now, 20_000)),
        4,
        0,
        readings.supply.setCentivolts,
        readings.supply.wallW,
      ].join(' '),
    ],
    ['GHSspd', say.currentGhs(machine, now)],
    ['DHspd', say.errorSpeed(machine, now)],
    ['GHSmm', say.promisedGhs(machine)],
    ['GHSavg', say.averageGhs(machine, now)],
    ['WU', say.workUtility(machine, now)],
    ['Freq', say.two(machine.mhz)],
    say.boardAverages(machine, now),
    ['MTmax', readings.boards.map((board) => board.maxC).join(' ')],
    ['MTavg', readings.boards.map((board) => board.avgC).join(' ')],
    ['TA', say.chipCount(machine)],
    ['Core', 'A3197S'],
    ['BIN', 60],
    ['PING', Math.round(machine.own('ping', 9, 90))],
    ['SoftOFF', say.softOff(machine)],
    ['ECHU', say.zeros(machine.plan.boards)],
    ['ECMM', 0],
    ...say.clockCounts(machine),
    ...say.clocks(machine, 'SF'),
  ],
  tail: (machine) => [
    ...say.crcs(machine),
    say.calibration(machine),
    ['WORKMODE', machine.mode.value],
    ['WORKLEVEL', machine.kept.level],
    ['MPO', machine.mode.wallW],
    ['CALIALL', 7],
    ['ADJ', 1],
  ],
};

/** `litestats` of a Nano 3S: a handful of values, without the rate of the boards and without a state in words. */
export function nano3sLite(machine: AvalonMachine, now: number): Token[] {
  const readings = readSensors(machine, now);
  return [
    ['LVer', machine.build],
    ['BVer', machine.build],
    ['MVer', '0'],
    ['FW', 'Release'],
    ['STATE', machine.offSince === null ? 1 : 2],
    ['MODE', machine.mode.value],
    ['LEVEL', machine.kept.level],
    ['GHSspd', Number(say.currentGhs(machine, now)).toFixed(6)],
    ['ITemp', NO_SENSOR],
    ['OTemp', outletC(readings)],
    ['Limitemp', 0],
    ['FanR', `${readings.fanPercent}%`],
    ['Filter', say.filterMinutes(machine, now)],
    ...lights(machine),
    ['LcdOnoff', machine.kept.lcd.on],
    ['LcdSwitch', lcdPage(machine)],
    ['LcdBright', machine.kept.lcd.bright],
    ['ECHU', say.zeros(machine.plan.boards)],
    ['ECMM', 0],
    ['SSID', machine.kept.ssid],
    ['RSSI', 0],
    ['NetDevType', machine.kept.ssid === '' ? 0 : 1],
  ];
}

/** The first of the Nanos: `WORKLEVEL` is its mode, and its adapter is told differently again. */
export const nano3Record: RecordParts = {
  head: (machine, now, readings) => [
    ['HashStatus', machine.offSince === null ? 1 : 0],
    ['Ver', machine.withBuild(machine.plan.ver)],
    ['FW', 'Release'],
    ['DNA', machine.dna],
    ['MEMFREE', say.freeKb(machine, now)],
    ['NETFAIL', say.zeros(8)],
    ['SYSTEMSTATU', `Work: ${machine.work(now)}, Hash Board: ${machine.boardsPresent}`],
    ['Elapsed', say.recordElapsed(machine, now)],
    ['BOOTBY', say.bootBy(machine)],
    ['LW', say.localWork(machine, now)],
    say.errors(machine, now),
    ['HW', say.hardwareErrors(machine, now)],
    ['DH', say.errorRate(machine, now)],
    ['Temp', Math.round(readings.roomC)],
    ['OTemp', outletC(readings)],
    ['TMax', readings.maxC],
    ['TAvg', readings.avgC],
    ['TarT', machine.targetC],
    ...say.fans(readings),
    ['FanR', `${readings.fanPercent}%`],
    ['Filter', say.filterMinutes(machine, now)],
    // Input in hundredths of a volt, power at the wall, what the chips are set to.
    ['PS', [readings.supply.error, 0, 0, 4, 2756, readings.supply.wallW, readings.supply.setCentivolts].join(' ')],
    ['GHSspd', say.currentGhs(machine, now)],
    ['DHspd', say.errorSpeed(machine, now)],
    ['GHSmm', say.promisedGhs(machine)],
    ['GHSavg', say.averageGhs(machine, now)],
    ['WU', say.workUtility(machine, now)],
    ['Freq', say.two(machine.mhz)],
    ...lights(machine),
    ['LcdOnoff', machine.kept.lcd.on],
    say.boardAverages(machine, now),
    ['MTmax', readings.boards.map((board) => board.maxC).join(' ')],
    ['MTavg', readings.boards.map((board) => board.avgC).join(' ')],
    ['TA', say.chipCount(machine)],
    ['PING', Math.round(machine.own('ping', 9, 90))],
    ['SoftOFF', say.softOff(machine)],
    ['ECHU', say.zeros(machine.plan.boards)],
    ['ECMM', 0],
    ...say.clocks(machine, 'SF'),
  ],
  tail: (machine) => [...say.crcs(machine), ['WORKLEVEL', machine.mode.value]],
};
