import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HeadframeError } from '@headframe/model';
import type { FamilySimulator } from '@headframe/simulator';
import {
  FAULTS,
  type FarmPool,
  type Fault,
  isPoolKind,
  type MachineLine,
  POOL_KINDS,
  type Pool,
  type PoolKind,
  parseFault,
  startFarm,
} from '@headframe/simulator/farm';
import { wholeNumber } from '../options.ts';
import { json, wrap } from '../output/plain-text.ts';
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
  www?: string;
  pool?: string;
  list?: boolean;
  json?: boolean;
}

/** `headframe sim`: machines that are not there, until it is interrupted. */
export async function simCommand(options: SimOptions): Promise<number> {
  if (options.list) {
    const { simulators } = await import('@headframe/simulator');
    process.stdout.write(whatThereIs(simulators));
    return 0;
  }
  const faults: Fault[] = (options.fault ?? []).map((text) => parseFault(text));
  const farm = await startFarm({
    count: wholeNumber(options.count, '--count', 1, 63_500),
    seed: wholeNumber(options.seed, '--seed', 0, 2 ** 31 - 1),
    ...(options.family === undefined ? {} : { families: options.family }),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    ...(options.base === undefined ? {} : { base: options.base }),
    ...(options.bind === undefined ? {} : { bind: options.bind }),
    ...(options.quirk === undefined ? {} : { quirks: quirksFrom(options.quirk) }),
    ...(options.www === undefined ? {} : { www: folderOf(options.www) }),
    ...(options.pool === undefined ? {} : { pool: poolFrom(options.pool) }),
    faults,
  });
  const end = untilAskedToEnd();
  if (options.json) {
    for (const machine of farm.machines) process.stdout.write(`${json(machine)}\n`);
    if (farm.pool !== undefined) process.stdout.write(`${json({ pool: poolLine(farm.pool) })}\n`);
    process.stdout.write('{"ready": true}\n');
  } else {
    process.stdout.write(table(farm.machines.slice(0, MOST_LINES), COLUMNS));
    if (farm.pool !== undefined) process.stdout.write(poolText(poolLine(farm.pool)));
    process.stdout.write(afterwards(farm.machines, farm.standIns));
  }
  await end;
  await farm.close();
  return 0;
}

const MOST_LINES = 20;

const COLUMNS: readonly Column<MachineLine>[] = [
  { head: 'address', cell: (machine) => machine.address },
  { head: 'model', cut: true, cell: (machine) => machine.model },
  { head: 'firmware', cut: true, cell: (machine) => machine.firmware },
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

const poolLine = ({ kind, url, secret }: Pool) => ({ kind, url, secret });

const poolText = ({ kind, url, secret }: ReturnType<typeof poolLine>): string =>
  `Pool (${kind}): ${url}${secret === null ? '' : `, its key is ${secret}`}\n`;

/** `ckpool`, or with a port `ckpool:8080`. */
function poolFrom(text: string): FarmPool {
  const [kind = '', port, ...more] = text.split(':');
  if (!isPoolKind(kind) || more.length > 0) {
    const detail = `--pool takes a kind of pool, and a port behind a colon if you like; there are ${POOL_KINDS.join(', ')}`;
    throw new HeadframeError('usage/invalid', { detail });
  }
  return port === undefined ? { kind } : { kind, port: wholeNumber(port, 'the port of --pool', 1, 65_535) };
}

/** A path that the processes of the farm find too, whatever folder they run in. */
function folderOf(path: string): string {
  const folder = resolve(path);
  if (existsSync(join(folder, 'index.html')) || existsSync(join(folder, 'index.html.gz'))) return folder;
  throw new HeadframeError('usage/invalid', {
    detail: `--www takes the folder of a built page, with an index.html: ${path} has none`,
  });
}

function quirksFrom(given: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(
    given.map((text) => {
      const [name = '', value = 'on', ...more] = text.split('=');
      if (more.length === 0 && (value === 'on' || value === 'off')) return [name, value === 'on'];
      throw new HeadframeError('usage/invalid', { detail: `--quirk takes name=on or name=off, not "${text}"` });
    }),
  );
}

function whatThereIs(all: readonly FamilySimulator[]): string {
  return [...all.map(ofFamily), faults(), pools()].join('\n');
}

/** The machines of a family, and each of its quirks once. */
function ofFamily({ id, profiles }: FamilySimulator): string {
  const machines = profiles.map(({ name, label }) => wrap(`${label.make} ${label.model}`, item(name), ITEM_INDENT));
  const names = new Set(profiles.flatMap(({ quirks }) => Object.keys(quirks)));
  const quirks = [...names].map((quirk) => {
    const having = profiles.filter((profile) => Object.hasOwn(profile.quirks, quirk));
    const on = having.filter((profile) => profile.quirks[quirk]?.on === true);
    const notes = [
      ...(having.length < profiles.length ? [`only ${listed(having)}`] : []),
      ...(on.length > 0 ? [`on by itself${on.length < having.length ? `: ${listed(on)}` : ''}`] : []),
    ];
    const does = having[0]?.quirks[quirk]?.does ?? '';
    return wrap(`${does}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`, item(quirk), ITEM_INDENT);
  });
  return `--family ${id}, --profile:\n${machines.join('')}${quirks.length > 0 ? `--quirk of ${id}, =on or =off:\n` : ''}${quirks.join('')}`;
}

function faults(): string {
  const kinds = Object.entries(FAULTS).map(([kind, { does, numbers }]) =>
    wrap(does, item([kind, ...Object.values(numbers ?? {})].join(':')), ITEM_INDENT),
  );
  return `--fault, between a machine and its client (drip@3: every third connection):\n${kinds.join('')}`;
}

function pools(): string {
  const kinds = POOL_KINDS.map((kind) => wrap(POOLS[kind], item(kind), ITEM_INDENT));
  return `--pool, which counts what all machines submit, whatever pools they name:\n${kinds.join('')}`;
}

const POOLS: Readonly<Record<PoolKind, string>> = {
  ckpool: '/users/ADDRESS, as ckpool writes it once a minute',
  'public-pool': '/api/client/ADDRESS',
  'braiins-pool': '/accounts/workers/json/btc/ with the header Pool-Auth-Token',
  ocean: '/v1/statsnap/ADDRESS.WORKER and its like',
  f2pool: 'POST /v2/hash_rate/worker/list with the header F2P-API-SECRET',
  luxor: '/api/v2/pool/workers/BTC with the header Authorization',
  plain: '/workers.json, of the sort that people make themselves',
};

const ITEM_INDENT = ' '.repeat(26);
const item = (name: string): string => `  ${name.padEnd(22)}  `;
const listed = (profiles: readonly { readonly name: string }[]): string => profiles.map(({ name }) => name).join(', ');
