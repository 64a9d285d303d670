import { type ApiCommand, type ApiReply, atoi, nothing, say } from '@headframe/wire/cgminer-server';
import type { AvalonMachine } from './sim-machine.ts';
import { readSupply, supplyVector } from './sim-sensors.ts';

/*
 * `ascset|0,opcode,value`: how everything on an Avalon is set, and some of it asked (`protocols.md` 4).
 * 118 with severity I is what most opcodes answer when they succeed.
 */

type Opcode = (machine: AvalonMachine, now: number, values: readonly string[]) => ApiReply;

const info = (message: string): ApiReply => say(118, 0, message);
const done: ApiReply = say(119, 0);
const failed = (reason: string): ApiReply => say(120, 0, reason);

/** A thousand days: more is no delay. */
const LONGEST_DELAY_S = 86_400_000;

const OPCODES: Readonly<Record<string, Opcode>> = {
  help: (machine) => info(`${machine.plan.opcodes.join('|')}|`),
  // The connection closes without a byte.
  reboot: (machine, now, [delay = '0']) => {
    machine.reboot(now, Math.min(LONGEST_DELAY_S, Math.max(0, atoi(delay))));
    return nothing;
  },
  softoff: (machine, now, values) => softSwitch(machine, now, 'softoff', values),
  softon: (machine, now, values) => softSwitch(machine, now, 'softon', values),
  workmode: (machine, now, values) => {
    if (machine.plan.modeSwitch === 'reboot') return farmMode(machine, now, values[0]);
    if (values[0] === 'get') return info(`workmode ${machine.mode.value}`);
    if (values[0] !== 'set' || values[1] === undefined) return failed('missing workmode value');
    if (!machine.hasMode(atoi(values[1]))) return failed(`invalid workmode value ${values[1]}`);
    machine.setMode(now, atoi(values[1]));
    return done;
  },
  worklevel: (machine, _now, [what, value]) => {
    if (what === 'get') return info(`worklevel ${machine.workLevel}`);
    if (what !== 'set' || value === undefined) return failed('missing worklevel value');
    const level = atoi(value);
    if (level < -1 || level > 2) return failed(`invalid worklevel value ${value}`);
    machine.workLevel = level;
    return done;
  },
  'fan-spd': (machine, _now, [value]) => {
    if (value === undefined) return failed('missing fan-spd value');
    const percent = atoi(value);
    if (percent !== -1 && (percent < 25 || percent > 100)) return failed(`invalid fan-spd value ${value}`);
    machine.fanPercent = percent;
    return done;
  },
  led: (machine, _now, [value = '']) => {
    const [module, state] = value.split('-');
    if (module !== '1' || state === undefined) return failed('missing led value');
    if (state === '255') return info(`LED[${machine.led}]`);
    machine.led = atoi(state) === 0 ? 0 : 1;
    return done;
  },
  hashpower: (machine, now, [value]) => {
    if (value === undefined) return info(`PS[${supplyVector(readSupply(machine, now), false)}]`);
    if (atoi(value) !== 0) return failed(`invalid hashpower value ${value}`);
    machine.softSwitch(now, false, Math.floor(now / 1000));
    return info('Power off hash now ...');
  },
};

function softSwitch(machine: AvalonMachine, now: number, name: string, values: readonly string[]): ApiReply {
  const [flag, at] = (values[0] ?? '').split(':');
  if (flag !== '1' || at === undefined) return failed(`missing ${name} value`);
  machine.softSwitch(now, name === 'softon', atoi(at));
  return info(`success ${name}:${at}`);
}

/** On the A-series a mode is kept until the next reboot. */
function farmMode(machine: AvalonMachine, now: number, value: string | undefined): ApiReply {
  if (value === undefined) return failed('missing workmode value');
  const mode = atoi(value);
  if (mode === 255) return info(`WORKMODE[${machine.nextMode}]`);
  if (!machine.hasMode(mode)) return failed(`invalid workmode value ${value}`);
  machine.setMode(now, mode);
  return info(`WORKMODE[${mode}]`);
}

export const ascsetCommand = (machine: AvalonMachine, clock: () => number): ApiCommand => ({
  name: 'ascset',
  access: 'write',
  joinable: false,
  run: ({ parameter }) => {
    if (parameter === null || parameter === '') return say(15);
    const [id = '', option, ...values] = parameter.split(',');
    if (atoi(id) !== 0) return say(107, atoi(id), 0);
    if (option === undefined || option === '') return say(116);
    const opcode = machine.plan.opcodes.includes(option) ? OPCODES[option] : undefined;
    if (opcode !== undefined) return opcode(machine, clock(), values);
    // What `help` lists and this simulation does not do is refused, never accepted without effect.
    return failed(machine.plan.opcodes.includes(option) ? `${option} is not simulated` : `Unknown option: ${option}`);
  },
});
