import { type ApiCommand, atoi, say } from '@headframe/wire/cgminer-server';
import type { AvalonMachine } from './sim-machine.ts';
import { setModules } from './sim-modules.ts';
import { failed, type OpcodeEntry } from './sim-opcode.ts';
import { COMMON_OPCODES } from './sim-opcodes-common.ts';
import { FARM_OPCODES } from './sim-opcodes-farm.ts';
import { HOME_OPCODES } from './sim-opcodes-home.ts';
import { HOUSE_OPCODES } from './sim-opcodes-house.ts';

/*
 * `ascset|0,opcode,setting`: how everything on an Avalon is set, and some of it asked (`protocols.md` 4). A machine has
 * the opcodes that its `help` lists, and no other.
 */

const OPCODES: Readonly<Record<'farm' | 'home', Readonly<Record<string, OpcodeEntry>>>> = {
  farm: { ...COMMON_OPCODES, ...FARM_OPCODES },
  home: { ...COMMON_OPCODES, ...HOME_OPCODES, ...HOUSE_OPCODES },
};

export const ascsetCommand = (machine: AvalonMachine, clock: () => number): ApiCommand => ({
  name: 'ascset',
  access: 'write',
  joinable: false,
  run: ({ parameter }) => {
    if (parameter === null || parameter === '') return say(15);
    const [id, rest] = cut(parameter);
    if (rest === null || rest === '') return say(116);
    if (atoi(id) !== 0) return say(107, atoi(id), 0);
    const [option, setting] = cut(rest);
    const { plan } = machine;
    const name = option.toLowerCase();
    if (plan.driver === 'modules') return setModules(machine, machine.modules, name, setting, clock());
    const known = plan.opcodes.includes(name) && Object.hasOwn(OPCODES[plan.driver], name);
    const entry = known ? OPCODES[plan.driver][name] : undefined;
    if (entry === undefined) return failed(`Unknown option: ${option}`);
    if (entry.needsSetting && (setting === null || setting === '')) return failed(`missing ${name} setting`);
    return entry.run(machine, clock(), setting);
  },
});

/** Before and behind the first comma. */
function cut(text: string): [string, string | null] {
  const comma = text.indexOf(',');
  return comma < 0 ? [text, null] : [text.slice(0, comma), text.slice(comma + 1)];
}
