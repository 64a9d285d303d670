import { type ApiReply, atoi, say } from '@headframe/wire/cgminer-server';
import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';

/*
 * A7 and A8: modules behind an AUC controller, driven by cgminer's own drivers avalon7 and avalon8 (`protocols.md` 1.10,
 * ranges and texts as in those drivers). `help` answers 118; everything else 119 or 120.
 */

/** Slots of one controller: the drivers name them in their refusals. */
const MODULE_SLOTS = { a7: 6, a8: 5 };
const A7_MHZ = [24, 1404] as const;
const A8_MHZ = [0, 1200] as const;
const A7_VOLTAGE = [3889, 5000] as const;
const LEVELS = 15;
/** `factory` that changes nothing. */
const FACTORY_IGNORE = 16;
const DEFAULT_POLL_MS = 20;

/** What one module was told. */
export class ModuleState {
  /** From 1: 0 means all. */
  readonly id: number;
  readonly firstBoard: number;
  readonly #machine: AvalonMachine;
  readonly #voltages: number[];
  led = 0;
  factory = 0;
  overclocking = 0;
  pollMs = DEFAULT_POLL_MS;
  /** When it was started by itself, epoch ms; null: with the program. */
  #startedAt: number | null = null;

  constructor(machine: AvalonMachine, id: number) {
    this.#machine = machine;
    this.id = id;
    const boards = machine.plan.boards / machine.plan.modules;
    this.firstBoard = (id - 1) * boards;
    this.#voltages = Array.from({ length: boards }, () => 0);
  }

  elapsedS(now: number): number {
    const started = this.#startedAt ?? this.#machine.session.plan.startedAt;
    return Math.max(0, (now - started) / 1000);
  }

  reboot(now: number): void {
    this.#startedAt = now + ASSUMED.moduleBootMs;
    this.led = 0;
  }

  /** A7: `Vo` itself, ten-thousandths of a volt; A8: steps above or below what the module chose. */
  setVoltage(value: number, miner: number): void {
    for (const i of this.#voltages.keys()) if (miner === 0 || miner - 1 === i) this.#voltages[i] = value;
  }

  /** `Vo` of one board. */
  outputVoltage(board: number): number {
    const { mode, plan } = this.#machine;
    if (!this.#machine.hasBoard(board)) return 0;
    const set = this.#voltages[board - this.firstBoard] ?? 0;
    if (plan.record === 'a7') return set === 0 ? mode.setCentivolts : set;
    return mode.setCentivolts + set * ASSUMED.voltageLevelStep;
  }

  /** What these boards are clocked at, as a part of what they are made for. */
  clockRatio(boards: readonly number[]): number {
    const { mode } = this.#machine;
    const mean = (clocks: readonly number[]): number => clocks.reduce((sum, mhz) => sum + mhz, 0) / clocks.length;
    const sum = boards.reduce((all, board) => all + mean(this.#machine.clocks(board)), 0);
    return sum / (boards.length * mean(mode.clocks));
  }
}

const done: ApiReply = say(119, 0);
const failed = (reason: string): ApiReply => say(120, 0, reason);

type Option = (machine: AvalonMachine, modules: readonly ModuleState[], setting: string, now: number) => ApiReply;

interface OptionEntry {
  readonly missing: string;
  readonly run: Option;
}

/** `value[-module[-miner]]`, as `%d-%d-%d` reads it; what is not there is 0. */
const triple = (setting: string): [number, number, number] => {
  const [value = '', module = '', miner = ''] = /^\s*([+-]?\d*)-?(\d*)-?(\d*)/.exec(setting)?.slice(1) ?? [];
  return [atoi(value), atoi(module), atoi(miner)];
};

const slotsOf = (machine: AvalonMachine): number => MODULE_SLOTS[machine.plan.record === 'a7' ? 'a7' : 'a8'];
const driverOf = (machine: AvalonMachine): string => machine.plan.device.driver;

/** The modules that an address means, or why there are none. */
function addressed(
  machine: AvalonMachine,
  modules: readonly ModuleState[],
  module: number,
  what: string,
): readonly ModuleState[] | ApiReply {
  const named = `set_${driverOf(machine)}_device_${what}`;
  if (module < 0 || module >= slotsOf(machine)) return failed(`Invalid modular index to ${named}`);
  if (module === 0) return modules;
  const found = modules.filter(({ id }) => id === module);
  return found.length === 0 ? failed(`Disabled modular to ${named}`) : found;
}

const boardsOf = (machine: AvalonMachine): number => machine.plan.boards / machine.plan.modules;

const frequency: Option = (machine, modules, setting, now) => {
  const [mhz, module, miner] = triple(setting);
  const [low, high] = machine.plan.record === 'a7' ? A7_MHZ : A8_MHZ;
  const named = `set_${driverOf(machine)}_device_freq`;
  if (mhz < low || mhz > high) return failed(`Invalid value passed to ${named}`);
  const found = addressed(machine, modules, module, 'freq');
  if ('kind' in found) return found;
  if (miner > boardsOf(machine)) return failed(`Invalid miner index to ${named}`);
  const meant = (board: number): boolean =>
    found.some(({ firstBoard }) =>
      miner === 0 ? board >= firstBoard && board < firstBoard + boardsOf(machine) : board === firstBoard + miner - 1,
    );
  machine.tune(
    now,
    machine.run.clocks.map((old, board) => (meant(board) ? [mhz, mhz, mhz, mhz] : old)),
  );
  return done;
};

/** A7 `voltage` and A8 `voltage-level`: the same form, other ranges. */
const voltage =
  (what: string, low: number, high: number): Option =>
  (machine, modules, setting) => {
    const [value, module, miner] = triple(setting);
    const named = `set_${driverOf(machine)}_device_${what}`;
    if (value < low || value > high) return failed(`Invalid value passed to ${named}`);
    const found = addressed(machine, modules, module, what);
    if ('kind' in found) return found;
    if (miner > boardsOf(machine)) return failed(`Invalid miner index to ${named}`);
    for (const one of found) one.setVoltage(value, miner);
    return done;
  };

/** The module that `led` and `reboot` name, from 1. */
function moduleNamed(machine: AvalonMachine, modules: readonly ModuleState[], id: number): ModuleState | ApiReply {
  const slots = slotsOf(machine);
  if (id < 1 || id >= slots) return failed(`invalid module_id: ${id}, valid range 1-${slots}`);
  return modules.find((module) => module.id === id) ?? failed(`the current module was disabled ${id}`);
}

const COMMON: Readonly<Record<string, OptionEntry>> = {
  pdelay: {
    missing: 'missing polling delay setting',
    run: (_machine, modules, setting) => {
      const delay = atoi(setting);
      if (delay < 1 || delay > 65_535) return failed(`invalid polling delay: ${delay}, valid range 1-65535`);
      for (const module of modules) module.pollMs = delay;
      return done;
    },
  },
  fan: {
    missing: 'missing fan value',
    run: (machine, _modules, setting) => {
      const [, low = '', high] = /^\s*(\d+)(?:-(\d+))?/.exec(setting) ?? [];
      const [min, max] = [low === '' ? -1 : atoi(low), high === undefined ? 100 : atoi(high)];
      if (min < 0 || max > 100 || min > max) return failed('invalid fan value, valid range 0-100');
      machine.set({ fan: { min, max } });
      return done;
    },
  },
  frequency: { missing: 'missing frequency value', run: frequency },
  led: {
    missing: 'missing module_id setting',
    run: (machine, modules, setting) => {
      const [, id = '', state] = /^\s*(-?\d*)(?:-(-?\d+))?/.exec(setting) ?? [];
      const module = moduleNamed(machine, modules, atoi(id));
      if ('kind' in module) return module;
      const value = state === undefined ? 1 - module.led : atoi(state);
      if (value !== 0 && value !== 1) return failed(`invalid LED status: ${value}, valid value 0|1`);
      module.led = value;
      return done;
    },
  },
  factory: {
    missing: 'missing factory info',
    run: (machine, modules, setting) => {
      const value = atoi(setting);
      if (value !== FACTORY_IGNORE && (value < -LEVELS || value > LEVELS)) {
        return failed(`Invalid value passed to set_${driverOf(machine)}_factory_info`);
      }
      for (const module of modules) module.factory = value;
      return done;
    },
  },
  reboot: {
    missing: 'missing reboot value',
    run: (machine, modules, setting, now) => {
      const module = moduleNamed(machine, modules, atoi(setting));
      if ('kind' in module) return module;
      module.reboot(now);
      return done;
    },
  },
};

const A7: Readonly<Record<string, OptionEntry>> = {
  ...COMMON,
  voltage: { missing: 'missing voltage value', run: voltage('voltage', ...A7_VOLTAGE) },
};

const A8: Readonly<Record<string, OptionEntry>> = {
  ...COMMON,
  'voltage-level': { missing: 'missing voltage-level value', run: voltage('voltage_level', -LEVELS, LEVELS) },
  overclocking: {
    missing: 'missing overclocking info',
    run: (_machine, modules, setting) => {
      const value = atoi(setting);
      if (value !== 0 && value !== 1) return failed('Invalid value passed to set_avalon8_overclocking_info');
      for (const module of modules) module.overclocking = value;
      return done;
    },
  },
};

/** What both drivers answer to `help`; it names `voltage` on an A8 too, and forgets half of the rest. */
const HELP = 'pdelay|fan|frequency|led|voltage';

/** `ascset|0,option,setting` of an A7 or A8. */
export function setModules(
  machine: AvalonMachine,
  modules: readonly ModuleState[],
  option: string,
  setting: string | null,
  now: number,
): ApiReply {
  const options = machine.plan.record === 'a7' ? A7 : A8;
  if (option === 'help') return say(118, 0, HELP);
  const entry = Object.hasOwn(options, option) ? options[option] : undefined;
  if (entry === undefined) return failed(`Unknown option: ${option}`);
  return setting === null || setting === '' ? failed(entry.missing) : entry.run(machine, modules, setting, now);
}
