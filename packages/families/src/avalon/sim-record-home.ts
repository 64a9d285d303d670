import { ASSUMED } from './sim-assumed.ts';
import type { RecordParts, Token } from './sim-record-parts.ts';
import * as say from './sim-record-parts.ts';
import { supplyVector } from './sim-sensors.ts';

/*
 * The long records of the Q and the Mini 3. The Q's keys and their order are those of its published reply; no whole reply
 * of a Mini 3 is published: it has the Q's keys without those of parts that it lacks.
 */

export const qRecord: RecordParts = {
  head: (machine, now, readings) => [
    ['Ver', machine.withBuild(machine.plan.ver)],
    ['LVer', machine.build],
    ['BVer', machine.build],
    ['HashMcu0Ver', 'Q_hb_v1.1'],
    ['FanMcuVer', 'Q_fb_v1.2'],
    ['CPU', 'K230'],
    ['FW', 'Release'],
    ['DNA', machine.dna],
    ['STATE', machine.offSince === null ? 1 : 2],
    ['MEMFREE', say.freeKb(machine, now)],
    ['NETFAIL', say.zeros(8)],
    ['SSID', machine.kept.ssid],
    ['RSSI', 0],
    ['NetDevType', machine.kept.ssid === '' ? 0 : 1],
    ['SYSTEMSTATU', `Work: ${machine.work(now)}, Hash Board: ${machine.boardsPresent}`],
    ['Elapsed', say.recordElapsed(machine, now)],
    ['BOOTBY', say.bootBy(machine)],
    ['LW', say.localWork(machine, now)],
    say.errors(machine, now),
    ['DHW', 0],
    ['HW', say.hardwareErrors(machine, now)],
    ['DH', say.errorRate(machine, now)],
    ['ITemp', Math.round(readings.roomC + 1)],
    ['HBITemp', Math.round(readings.roomC + 2 + 0.05 * readings.avgC)],
    ['HBOTemp', Math.round(readings.roomC + 2 + 0.25 * readings.avgC)],
    ['TMax', readings.maxC],
    ['TAvg', readings.avgC],
    ['TarT', machine.targetC],
    ...say.fans(readings),
    ['FanR', `${readings.fanPercent}%`],
    ['SoftOffTime', machine.softOffS],
    ['SoftOnTime', machine.softOnS],
    ['Filter', say.filterMinutes(machine, now)],
    ['FanErr', machine.quirks.stalledFan ? 1 : 0],
    ['SoloAllowed', machine.kept.soloAllowed],
    ['PS', supplyVector(readings.supply, true)],
    ['PCOMM_E', 0],
    ['GHSspd', say.currentGhs(machine, now)],
    ['DHspd', say.errorSpeed(machine, now)],
    ['GHSmm', say.promisedGhs(machine)],
    ['GHSavg', say.averageGhs(machine, now)],
    ['WU', say.workUtility(machine, now)],
    ['Freq', say.two(machine.mhz)],
    say.boardAverages(machine, now),
    ['TA', say.chipCount(machine)],
    ['Core', 'A3197S'],
    ['BIN', 36],
    ['PING', Math.round(machine.own('ping', 9, 60))],
    ['SoftOFF', say.softOff(machine)],
    ['ECHU', say.zeros(machine.plan.boards)],
    ['ECMM', 0],
    ...say.clockCounts(machine),
    ...say.clocks(machine, 'SF'),
  ],
  tail: (machine) => [
    ...say.crcs(machine),
    say.calibration(machine),
    ['LcdOnoff', machine.kept.lcd.on],
    ['Activation', machine.kept.activation],
    ['WORKMODE', machine.mode.value],
    ['WORKLEVEL', machine.kept.level],
    ['MPO', machine.mode.wallW],
    ['CALIALL', 7],
    ['ADJ', 1],
  ],
};

/** A Mini 3 has no controllers of their own on hashboard and fans. */
const NOT_IN_A_MINI = ['HashMcu0Ver', 'FanMcuVer', 'PCOMM_E'];

export const mini3Record: RecordParts = {
  head: (machine, now, readings) =>
    qRecord.head(machine, now, readings).filter(([key]) => !NOT_IN_A_MINI.includes(key)),
  tail: (machine, now) => [...qRecord.tail(machine, now), [ASSUMED.audioKey, machine.kept.audio] as Token],
};
