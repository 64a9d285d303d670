import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './measure.ts';

const headframe = fileURLToPath(new URL('../headframe', import.meta.url));

const RUNS = 10;
const ROUNDS = 7;

/** Runs a command so many times and prints what the children cost, as the kernel counts it: nothing is put into them. */
const SCRIPT = `i=0; while [ $i -lt ${RUNS} ]; do "$@" >/dev/null || exit 1; i=$((i+1)); done; times`;

/** What `headframe --help` costs beside a Node that does nothing. The shell's `times` is not there on Windows. */
export async function run(): Promise<BenchRow[]> {
  if (process.platform === 'win32') return [];
  // In turns, so that what else the machine does meets all of them; the first round fills the compile cache.
  const commands = [
    ['-e', '0'],
    [headframe, '--help'],
    [headframe, 'get', '--help'],
  ].map((args) => ({ args, ms: 0 }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const command of commands) {
      const ms = cpuMs(command.args);
      if (round > 0) command.ms += ms / ROUNDS;
    }
  }
  const [node, ...ours] = commands.map(({ ms }) => ms) as [number, number, number];
  return ours.map((ms, i) => ({
    name: `CPU of headframe ${i === 0 ? '' : 'get '}--help beside node -e 0`,
    ratio: ms / node,
    limit: 4,
    unit: 'x',
    detail: `${ms.toFixed(0)} ms against ${node.toFixed(0)} ms`,
  }));
}

/** User and system time of one run, ms: the second line of `times` is that of the shell's children. */
function cpuMs(args: readonly string[]): number {
  const said = execFileSync('sh', ['-c', SCRIPT, 'sh', process.execPath, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', LC_ALL: 'C' },
  });
  const times = [...(said.trim().split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (times.length !== 2) throw new Error(`times said ${JSON.stringify(said)}`);
  return times.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000, 0) / RUNS;
}
