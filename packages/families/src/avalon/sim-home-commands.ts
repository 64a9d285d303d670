import { type ApiCode, type ApiCommand, say } from '@headframe/wire/cgminer-server';
import type { AvalonMachine } from './sim-machine.ts';
import { setTime } from './sim-opcodes-house.ts';
import { setPool } from './sim-pool-setting.ts';

/*
 * Commands of the home machines' own, beside ascset (`protocols.md` 4; numbers and texts of Canaan's published source of
 * the Nano 3S).
 */

export const HOME_CODES: Readonly<Record<number, ApiCode>> = {
  130: { severity: 'I', message: 'Time parameter is not available' },
  131: { severity: 'I', message: 'Time set info: %s' },
  132: { severity: 'E', message: 'Pool set error: %s' },
  133: { severity: 'S', message: 'Pool set info: %s' },
};

export function homeCommands(machine: AvalonMachine, clock: () => number): ApiCommand[] {
  const write = (name: string, run: (parameter: string | null) => ReturnType<typeof say>): ApiCommand => ({
    name,
    access: 'write',
    joinable: false,
    run: ({ parameter }) => run(parameter),
  });
  const commands = [
    write('setpool', (parameter) => {
      if (parameter === null || parameter === '') return say(132, 'no params');
      const result = setPool(machine, parameter, true);
      return say(result.ok ? 133 : 132, result.text);
    }),
    write('time', (parameter) => {
      if (parameter === null || parameter === '') return say(130);
      return say(131, setTime(machine, clock(), parameter) ?? 'time unknown argument');
    }),
  ];
  return commands.filter(({ name }) => machine.plan.commands.includes(name));
}
