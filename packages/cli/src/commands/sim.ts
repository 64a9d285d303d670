import {
  FAULTS,
  type FamilySimulator,
  type Fault,
  type MachineLine,
  parseFault,
  simulators,
  startFarm,
} from '@headframe/simulator';
import { wholeNumber } from '../options.ts';
import { type Column, table } from '../output/table.ts';
import { untilAskedToEnd } from '../until-asked-to-end.ts';

interface SimOptions {
  count: string;
  seed: string;
  family?: string[];
  profile?: string;
  fault?: string[];
  quirk?: string[];
  base?: string;
  bind?: string;
  list?: boolean;
  json?: boolean;
}

/** `headframe sim`: machines that are not there, until it is interrupted. */
export async function simCommand(options: SimOptions): Promise<number> {
  if (options.list) {
    process.stdout.write(whatThereIs(simulators));
    return 0;
  }
  const faults: Fault[] = (options.fault ?? []).map((text) => parseFault(text));
  const farm = await startFarm({
    count: wholeNumber(options.count, '--count', 1, 65_000),
    seed: wholeNumber(options.seed, '--seed', 0, 2 ** 31 - 1),
    ...(options.family === undefined ? {} : { families: options.family }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.base === undefined ? {} : { base: options.base }),
    ...(options.bind === undefined ? {} : { bind: options.bind }),
    ...(options.quirk === undefined ? {} : { quirks: quirksFrom(options.quirk) }),
    faults,
  });
  if (options.json) {
    for (const machine of farm.machines) process.stdout.write(`${JSON.stringify(machine)}\n`);
    process.stdout.write('{"ready": true}\n');
  } else {
    process.stdout.write(table(farm.machines.slice(0, MOST_LINES), COLUMNS));
    process.stdout.write(afterwards(farm.machines, farm.standIns));
  }
  await untilAskedToEnd();
  await farm.close();
  return 0;
}

const MOST_LINES = 20;

const COLUMNS: readonly Column<MachineLine>[] = [
  { head: 'address', cell: (machine) => machine.address },
  { head: 'model', most: 24, cell: (machine) => machine.model },
  { head: 'firmware', cell: (machine) => machine.firmware },
  {
    head: 'ports',
    cell: ({ ports }) =>
      Object.entries(ports)
        .map(([over, port]) => `${over} ${port}`)
        .join(', '),
  },
];

/** What a person needs next: the rest of the list, stand-ins for ports that are not ours to bind, how to look at it. */
function afterwards(machines: readonly MachineLine[], standIns: Readonly<Record<number, number>>): string {
  const lines: string[] = [];
  if (machines.length > MOST_LINES) lines.push(`… and ${machines.length - MOST_LINES} more; --json lists them all.`);
  const instead = Object.entries(standIns);
  for (const [port, standIn] of instead) lines.push(`Port ${port} is not ours to bind: ${standIn} stands in for it.`);
  const [first] = machines;
  if (first !== undefined) {
    const http = instead.length === 0 ? '' : ` --http-port ${instead.map(([, standIn]) => standIn).join(' ')}`;
    lines.push(`Look at one: ./headframe get ${first.address}`);
    const last = machines.at(-1);
    if (last !== undefined && last !== first && !first.address.includes(':')) {
      lines.push(`Find them: ./headframe scan ${first.address}-${last.address}${http}`);
    }
  }
  lines.push('They live until Ctrl-C.');
  return `${lines.join('\n')}\n`;
}

function quirksFrom(given: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(
    given.map((text) => {
      const [name = '', value = 'on'] = text.split('=');
      return [name, value !== 'off' && value !== 'false'];
    }),
  );
}

function whatThereIs(all: readonly FamilySimulator[]): string {
  const parts: string[] = [];
  for (const { id, profiles } of all) {
    for (const { name, label, quirks } of profiles) {
      parts.push(`${id}/${name}  ${label.make} ${label.model}, ${label.firmware}`);
      for (const [quirk, { does, on }] of Object.entries(quirks)) {
        parts.push(`    --quirk ${quirk}=${on ? 'off' : 'on'}  ${does}${on ? ' (on by itself)' : ''}`);
      }
    }
  }
  parts.push('', 'Faults between a machine and its client:');
  for (const [kind, { does, numbers }] of Object.entries(FAULTS)) {
    const values = Object.values(numbers ?? {});
    parts.push(`    --fault ${[kind, ...values].join(':')}  ${does}`);
  }
  return `${parts.join('\n')}\n`;
}
