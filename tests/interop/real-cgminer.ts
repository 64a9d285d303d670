import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { askRaw, connect, type Miner } from '@headframe/client';
import type { Outcome } from '@headframe/model';
import { SnapshotSchema } from '@headframe/model/schema';
import { Value } from 'typebox/value';
import { closeWith } from './closing.ts';
import { profiles, READ_AT, startMachine } from './machines.ts';
import { type RealProgram, startProgram } from './real-program.ts';

/*
 * Our client against the API of a real cgminer: `npm run interop:cgminer -- <path> [flags of the program]`. The program
 * is started with pools of ours and a home folder of its own, and is gone afterwards.
 */

interface Check {
  readonly name: string;
  /** What was found; a rejection is a failure. */
  readonly run: () => Promise<string>;
}

/** The reading commands that every build has (protocols.md 1.4). */
const READS = ['version', 'config', 'devs', 'edevs', 'pools', 'summary', 'notify', 'devdetails', 'stats', 'estats'];
const READS_MORE = ['check', 'coin', 'asccount', 'pgacount', 'usbstats', 'lcd', 'debug', 'nonsense'];

function skip(): number {
  console.log('Skipped: no program was named. Say where one is: npm run interop:cgminer -- <path of a cgminer binary>');
  closeWith('0 passed, 0 failed, 1 skipped');
  return 0;
}

async function main(binary: string, own: readonly string[]): Promise<number> {
  try {
    await access(binary, constants.X_OK);
  } catch {
    console.error(`${binary} is no program that can be run.`);
    return 2;
  }
  let program: RealProgram;
  try {
    program = await startProgram(binary, own);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    closeWith('0 passed, 1 failed');
    return 1;
  }
  try {
    return await runAll(await checksOf(program));
  } finally {
    await program.close();
  }
}

async function runAll(checks: readonly Check[]): Promise<number> {
  let failed = 0;
  for (const { name, run } of checks) {
    try {
      console.log(`ok      ${name.padEnd(36)} ${await run()}`);
    } catch (error) {
      failed++;
      console.log(`FAILED  ${name.padEnd(36)} ${error instanceof Error ? error.message : error}`);
    }
  }
  closeWith(`${checks.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function checksOf(program: RealProgram): Promise<Check[]> {
  const address = `127.0.0.1:${program.port}`;
  const miner = await connect(address);
  return [
    { name: 'identify', run: async () => identify(miner) },
    { name: 'read', run: () => read(miner) },
    ...[...READS, ...READS_MORE].map((command) => ({
      name: `ask ${command}, JSON and text`,
      run: () => ask(address, command),
    })),
    { name: 'ask version+summary+pools', run: () => joined(miner) },
    { name: 'the same keys as our simulator', run: () => sameKeys(address) },
    ...actionsOn(miner, program),
  ];
}

function identify(miner: Miner): string {
  const { family, firmware, firmwareVersion, apiVersion } = miner.identity;
  if (family !== 'cgminer') throw new Error(`taken for ${family}`);
  return `${firmware} ${firmwareVersion}, API ${apiVersion}`;
}

async function read(miner: Miner): Promise<string> {
  const snapshot = await miner.read({ fresh: true });
  const errors = [...Value.Errors(SnapshotSchema, snapshot)];
  if (errors.length > 0) throw new Error(`not of the form: ${JSON.stringify(errors[0])}`);
  const failed = snapshot.gaps.filter(({ reason }) => reason === 'failed');
  if (failed.length > 0) throw new Error(`gaps: ${failed.map((gap) => gap.path).join(', ')}`);
  return `${snapshot.state}, ${snapshot.hashboards.length} devices, ${snapshot.pools.length} pools`;
}

/** Both forms say the same code. */
async function ask(address: string, command: string): Promise<string> {
  const parameter = command === 'check' ? { parameter: 'summary' } : {};
  const [json, text] = [
    await askRaw(address, command, { ...parameter, form: 'json' }),
    await askRaw(address, command, { ...parameter, form: 'text' }),
  ];
  const [a, b] = [json, text].map(({ doc, error }) => {
    if (error !== null) throw error;
    return statusOf(doc);
  });
  // Text has no numbers.
  if (a === undefined || String(a.Code) !== String(b?.Code)) throw new Error(`JSON ${a?.Code}, text ${b?.Code}`);
  return `${a.STATUS} ${a.Code} ${a.Msg}`;
}

interface Status {
  readonly STATUS?: string;
  readonly Code?: number | string;
  readonly Msg?: string;
}

const statusOf = (doc: unknown): Status | undefined => (doc as { STATUS?: readonly Status[] } | null)?.STATUS?.[0];

async function joined(miner: Miner): Promise<string> {
  const { decoded, error } = await miner.api('version+summary+pools');
  if (decoded === null) throw error;
  const names = [...decoded.parts.keys()];
  if (!decoded.joined || names.length !== 3) throw new Error(`parts: ${names.join(', ')}`);
  return names.join(', ');
}

const SECTIONS = ['version', 'config', 'summary', 'pools', 'coin', 'lcd'];

/** The simulated cgminer of the same version writes the same keys in the same order. */
async function sameKeys(address: string): Promise<string> {
  const real = await keysOf(address);
  if (real.version !== '4.11.1') return `skipped: it is ${real.version}, and the simulated one 4.11.1`;
  const found = profiles.find(({ profile }) => profile.name === 'cgminer-4.11');
  if (found === undefined) throw new Error('there is no simulated cgminer');
  const machine = await startMachine(found.family, found.profile, READ_AT);
  try {
    const ours = await keysOf(machine.address);
    for (const [i, keys] of real.keys.entries()) {
      if (keys !== ours.keys[i]) throw new Error(`${SECTIONS[i]}: ${keys}\n  simulated: ${ours.keys[i]}`);
    }
  } finally {
    await machine.close();
  }
  return SECTIONS.join(', ');
}

async function keysOf(address: string): Promise<{ readonly version: string; readonly keys: readonly string[] }> {
  const keys: string[] = [];
  let version = '';
  for (const command of SECTIONS) {
    const { doc } = await askRaw(address, command);
    const records = (doc as Readonly<Record<string, readonly object[]>>)[command.toUpperCase()] ?? [];
    keys.push(Object.keys(records[0] ?? {}).join(','));
    if (command === 'version') version = String((records[0] as { CGMiner?: string } | undefined)?.CGMiner);
  }
  return { version, keys };
}

/** What changes it, each read back. The restart comes last: it forgets the rest. */
function actionsOn(miner: Miner, { pools }: RealProgram): Check[] {
  const third = { url: pools[2]?.url ?? '', worker: 'user.3', password: 'x' };
  const steps: readonly (readonly [name: string, parameters: Readonly<Record<string, unknown>>])[] = [
    ['addPool', { pool: third }],
    ['disablePool', { pool: 1 }],
    ['enablePool', { pool: 1 }],
    ['removePool', { pool: 2 }],
    ['restartMiner', {}],
  ];
  return steps.map(([name, parameters]) => ({
    name: `do ${name}`,
    run: async () => {
      const outcome = await (await miner.plan(name, parameters)).run();
      if (outcome.result !== 'done') throw new Error(`${outcome.result}: ${why(outcome)}`);
      return `done ${outcome.vendorCode ?? ''} ${outcome.vendorText ?? ''}`.trimEnd();
    },
  }));
}

const why = ({ why: sentence, vendorText }: Outcome): string => sentence ?? vendorText ?? '';

const [path, ...flags] = process.argv.slice(2);
process.exitCode = path === undefined ? skip() : await main(resolve(path), flags);
