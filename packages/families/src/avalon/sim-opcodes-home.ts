import type { ApiReply } from '@headframe/wire/cgminer-server';
import type { AvalonMachine } from './sim-machine.ts';
import { asks, done, failed, info, leadingInt, type OpcodeEntry, takes } from './sim-opcode.ts';
import { readSupply, supplyVector } from './sim-sensors.ts';

/*
 * What the home machines do with clocks, heat and power (`protocols.md` 4; texts of Canaan's published source of the
 * Nano 3S, and of probes of a Q).
 */

/** °C (`protocols.md` 4). */
const TARGET_RANGE = [50, 90] as const;

export const HOME_OPCODES: Readonly<Record<string, OpcodeEntry>> = {
  voltage: asks((machine, now, setting) => {
    if (setting === null || setting === '') return info(`PS[${supplyVector(readSupply(machine, now), true)}]`);
    const [low, high] = machine.plan.voltage;
    const value = leadingInt(setting);
    if (value === null || value < low || value > high) return failed(`Setting invalid: voltage range ${low}~${high}`);
    machine.set({ centivolts: value });
    return done;
  }),
  'target-temp': takes((machine, _now, setting) => {
    const value = leadingInt(setting);
    const [low, high] = TARGET_RANGE;
    if (value === null || value < low || value > high) return failed(`invalid target temp, valid range ${low}-${high}`);
    machine.set({ targetC: value });
    return done;
  }),
  workmode: takes((machine, now, setting) => {
    if (setting === 'get') return info(`workmode ${machine.mode.value}`);
    const [, value] = /^set,(\d+)/.exec(setting) ?? [];
    if (value === undefined) return failed('workmode unknown argument');
    if (!machine.hasMode(Number(value))) return failed(notSupported(machine));
    machine.setMode(now, Number(value));
    return done;
  }),
  worklevel: takes((machine, now, setting) => {
    const chooses = machine.plan.modeOpcode === 'worklevel';
    if (setting === 'get') return info(`worklevel ${chooses ? machine.mode.value : machine.kept.level}`);
    const [, value] = /^set,(-?\d+)/.exec(setting) ?? [];
    const level = value === undefined ? null : Number(value);
    if (level === null || !(chooses ? machine.hasMode(level) : isLevel(machine, level))) {
      return failed('worklevel unknown argument');
    }
    if (chooses) machine.setMode(now, level);
    else machine.kept.level = level;
    return done;
  }),
  work_mode_lvl: takes((machine, now, setting) => {
    if (setting === 'get') return info(`workmode ${machine.mode.value} worklevel ${machine.kept.level}`);
    const [, mode, level] = /^set,(\d+),(-?\d+)/.exec(setting) ?? [];
    if (mode === undefined || level === undefined) return failed('error:2 parameter error');
    if (!machine.hasMode(Number(mode))) return failed(notSupported(machine));
    if (!isLevel(machine, Number(level))) {
      const [low, high] = machine.plan.levels;
      return failed(`worklevel unknown argument level range:${low} ~ ${high}`);
    }
    machine.kept.level = Number(level);
    machine.setMode(now, Number(mode));
    return done;
  }),
  loop: asks((machine) => info(`LOOP[${`${machine.plan.chips} `.repeat(machine.plan.boards)}]`)),
  'filter-clean': takes((machine, now, setting) => {
    const value = leadingInt(setting);
    if (value === null) return failed('No value passed to avalon-filter-clean');
    if (value !== 1) return failed('Input param error.');
    machine.kept.filterCleanedAt = now;
    return done;
  }),
  'volt-tuning': takes((machine, _now, setting) => tuning(machine, setting, 'volt_tuning')),
  'volt-adjust-switch': takes((machine, _now, setting) => tuning(machine, setting, 'volt_adjust_switch')),
};

const notSupported = ({ plan }: AvalonMachine): string =>
  `error:1 not support set workmode max_mode[${Math.max(...plan.modes.map((mode) => mode.value))}]`;

const isLevel = ({ plan: { levels } }: AvalonMachine, level: number): boolean =>
  Number.isInteger(level) && level >= levels[0] && level <= levels[1];

/** `0|1-module`: whether the supply follows what the chips need. */
function tuning(machine: AvalonMachine, setting: string, name: string): ApiReply {
  const [, value = '', module = '0'] = /^(\d+)(?:-(\d+))?$/.exec(setting) ?? [];
  if (value !== '0' && value !== '1') return failed(`Invalid value to set_avalon_${name}_info`);
  if (module !== '0') return failed(`Invalid modular index to set_avalon_${name}_info`);
  machine.kept.tuning = value === '1';
  return done;
}
