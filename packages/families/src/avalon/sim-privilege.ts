import type { ApiCommand, ApiReply } from '@headframe/wire/cgminer-server';
import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';
import { done, failed, info, leadingInt } from './sim-opcode.ts';
import type { Clocks } from './sim-plan.ts';
import { errorRate, promisedGhs } from './sim-record-parts.ts';
import { readSensors } from './sim-sensors.ts';

/*
 * `privilege|0,name,values`: what voids the warranty of an A10 (`protocols.md` 4). Names, values and ranges are there;
 * no reply of it is published, so it answers as ascset does (see ASSUMED).
 */

/** Hundredths of a volt; a step is four of them. */
const VOLTAGE = { low: 1200, high: 1388, highAtLevel1: 1400, step: 4 };
/** °C. */
const HOTTEST_TARGET = 105;

type Act = (machine: AvalonMachine, now: number, values: readonly string[]) => ApiReply;

const ACTS: Readonly<Record<string, Act>> = {
  setfreq: (machine, now, values) => {
    const numbers = values.map(leadingInt);
    const [f1, f2, f3, f4, board] = numbers;
    if (f1 == null || f2 == null || f3 == null || f4 == null || board == null) return failed('setfreq parameter error');
    const clocks: Clocks = [f1, f2, f3, f4];
    if (clocks.some((mhz) => mhz < ASSUMED.slowestMhz || mhz > ASSUMED.fastestMhz)) {
      return failed('setfreq parameter error');
    }
    if (board < 0 || board > machine.plan.boards) return failed('setfreq parameter error');
    machine.setClocks(now, clocks, board === 0 ? undefined : board - 1);
    return done;
  },
  setvolt: (machine, _now, [value = '']) => {
    const volts = leadingInt(value);
    const high = machine.run.privilege === 1 ? VOLTAGE.highAtLevel1 : VOLTAGE.high;
    if (volts === null || volts < VOLTAGE.low || volts > high || (volts - VOLTAGE.low) % VOLTAGE.step !== 0) {
      return failed(`setvolt parameter error, range ${VOLTAGE.low}-${high}, step ${VOLTAGE.step}`);
    }
    machine.set({ centivolts: volts });
    return done;
  },
  disable_fan: (machine) => {
    machine.set({ fansOff: true });
    return done;
  },
  enable_fan: (machine) => {
    machine.set({ fansOff: false });
    return done;
  },
  settemp: (machine, _now, [value = '']) => {
    const target = leadingInt(value);
    const hottest = machine.run.privilege === 1 ? ASSUMED.hottestAtLevel1 : HOTTEST_TARGET;
    if (target === null || target < ASSUMED.coolestTarget || target > hottest) {
      return failed(`settemp parameter error, range ${ASSUMED.coolestTarget}-${hottest}`);
    }
    machine.set({ targetC: target });
    return done;
  },
  set_chip_max_temp: (machine, _now, [value = '']) => {
    const max = leadingInt(value);
    const [low, high] = ASSUMED.chipMaxRange;
    if (max === null || max < low || max > high)
      return failed(`set_chip_max_temp parameter error, range ${low}-${high}`);
    machine.set({ chipMaxC: max });
    return done;
  },
  savesettings: (machine) => {
    const { clocks, centivolts, fansOff, targetC, chipMaxC } = machine.run;
    machine.kept.saved = { clocks, centivolts, fansOff, targetC, chipMaxC };
    return done;
  },
  get_hash_comm_state: (machine) =>
    info(`HASHCOMM[${machine.run.clocks.map((_, board) => (machine.hasBoard(board) ? 0 : 1)).join(' ')}]`),
  get_DH: (machine, now) => info(`DH[${errorRate(machine, now)}]`),
  get_GHSmm: (machine) => info(`GHSmm[${promisedGhs(machine)}]`),
  get_temp_status: (machine, now) => {
    const { maxC, avgC } = readSensors(machine, now);
    return info(`TMax[${maxC}] TAvg[${avgC}] TarT[${machine.targetC}] ChipMax[${machine.run.chipMaxC}]`);
  },
  get_fan_status: (machine, now) => {
    const { fans, fanPercent } = readSensors(machine, now);
    return info(`${fans.map((rpm, i) => `Fan${i + 1}[${rpm}] `).join('')}FanR[${fanPercent}%]`);
  },
  get_temp_details: (machine, now) =>
    info(
      readSensors(machine, now)
        .boards.map(({ chipsC }, board) => `PVT_T${board}[${chipsC.join(' ')}]`)
        .join(' '),
    ),
};

export const privilegeCommand = (machine: AvalonMachine, clock: () => number): ApiCommand => ({
  name: 'privilege',
  access: 'write',
  joinable: false,
  run: ({ parameter }) => {
    const [id = '', name = '', ...values] = (parameter ?? '').split(',').map((part) => part.trim());
    if (leadingInt(id) !== 0 || name === '') return failed('privilege parameter error');
    if (name === 'enable_privilege') {
      const level = leadingInt(values[0] ?? '');
      if (level !== 0 && level !== 1) return failed('enable_privilege parameter error');
      machine.set({ privilege: level });
      return done;
    }
    const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
    if (act === undefined) return failed(`Unknown option: ${name}`);
    if (machine.run.privilege === null) return failed(ASSUMED.privilegeRefused);
    return act(machine, clock(), values);
  },
});
