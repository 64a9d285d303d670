import { type ApiReply, nothing } from '@headframe/wire/cgminer-server';
import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';
import { asks, done, failed, info, leadingInt, type OpcodeEntry, takes } from './sim-opcode.ts';
import type { Clocks } from './sim-plan.ts';
import { passwordHashOf } from './sim-settings.ts';

/*
 * The opcodes of both the A-series from the A10 on and the home machines.
 */

/** A reboot is delayed by this much at most, s (`protocols.md` 4: Nano and Q; others are taken alike). */
const LONGEST_DELAY_S = 300;
/** Fans: percent (`protocols.md` 4). */
const SLOWEST_FAN = 25;

const FAN_RANGE = `invalid fan value, valid range ${SLOWEST_FAN}-100 for stable pwm,-1 for auto adjust`;

export const COMMON_OPCODES: Readonly<Record<string, OpcodeEntry>> = {
  help: asks((machine) => info(`${machine.plan.opcodes.join('|')}|`)),
  reboot: takes((machine, now, setting) => {
    const delay = leadingInt(setting);
    if (delay === null) return failed('reboot value not number');
    if (delay < 0 || delay > LONGEST_DELAY_S) return failed('reboot value should be 0~300 seconds');
    machine.reboot(now, delay);
    // The connection closes without a byte (`protocols.md` 4).
    return nothing;
  }),
  softoff: asks((machine, now, setting) => softSwitch(machine, now, 'softoff', setting)),
  softon: asks((machine, now, setting) => {
    const reply = softSwitch(machine, now, 'softon', setting);
    const refused = reply.kind === 'status' && reply.statuses[0]?.code === 120;
    return machine.quirks.silentSoftOn && !refused ? nothing : reply;
  }),
  'fan-spd': takes((machine, _now, setting) => {
    const range = /^(\d+)\.\.(\d+)$/.exec(setting.trim());
    const value = range === null ? leadingInt(setting) : Number(range[1]);
    if (value === null) return failed('No value passed to avalon-fan');
    if (value === -1) {
      machine.set({ fan: null });
      return done;
    }
    const max = range === null ? value : Number(range[2]);
    if (value < SLOWEST_FAN || max > 100 || max < value) return failed(FAN_RANGE);
    machine.set({ fan: { min: value, max } });
    return done;
  }),
  frequency: takes(frequency),
  password: takes((machine, _now, setting) => {
    if (setting === 'default') {
      machine.kept.passwordHash = passwordHashOf(machine.plan.login.password);
      return info(ASSUMED.passwordDefaultText);
    }
    const parts = setting.split(',').filter((part) => part !== '');
    const [old, fresh] = parts;
    if (old === undefined || fresh === undefined) {
      return failed(`we need 2 arguments, your input is ${parts.length} arguments.`);
    }
    if (passwordHashOf(old) !== machine.kept.passwordHash) return failed('Auth Failed! password invalid!');
    machine.kept.passwordHash = passwordHashOf(fresh);
    return info('new password success set.');
  }),
};

/** `1:epoch seconds`; an A13 takes none, and does it at once. */
function softSwitch(machine: AvalonMachine, now: number, name: string, setting: string | null): ApiReply {
  const on = name === 'softon';
  if ((setting === null || setting === '') && machine.plan.driver === 'farm') {
    machine.softSwitch(now, on, Math.floor(now / 1000));
    return done;
  }
  const [, at] = /^1:(\d{1,10})$/.exec(setting ?? '') ?? [];
  if (at === undefined) return failed(`missing ${name} setting`);
  machine.softSwitch(now, on, Number(at));
  return info(`success ${name}:${at}`);
}

/** `f1:f2:f3:f4-module-board-chip`; 0 is all. A clock of one chip alone is taken as that of its board. */
function frequency(machine: AvalonMachine, now: number, setting: string): ApiReply {
  const found = /^\s*(\d+):(\d+):(\d+):(\d+)(?:-(\d+))?(?:-(\d+))?(?:-(\d+))?/.exec(setting);
  if (found === null) return failed('invalid parameter');
  const [f1, f2, f3, f4, module, board, chip] = found.slice(1).map((part) => Number(part ?? 0)) as [
    ...Clocks,
    number,
    number,
    number,
  ];
  const clocks: Clocks = [f1, f2, f3, f4];
  const { slowestMhz, fastestMhz } = ASSUMED;
  if (clocks.some((mhz) => mhz < slowestMhz || mhz > fastestMhz)) {
    return failed('Invalid value passed to set_avalon_device_freq');
  }
  if (module > 1) return failed('Invalid modular index to set_avalon_device_freq');
  if (board > machine.plan.boards) return failed('Invalid miner id passed to set_avalon_device_freq');
  if (chip > machine.plan.chips) return failed('Invalid asic id passed to set_avalon_device_freq');
  machine.setClocks(now, clocks, board === 0 ? undefined : board - 1);
  return done;
}
