import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from './measure.ts';

/*
 * What a thousand machines take: the daemon that polls them, and the processes that play them. Resident memory (RSS),
 * added up over processes; the proportional figure (PSS), which counts a page that several share once, stands beside it.
 * Where `/proc` is absent there is nothing to read, and no row.
 */

const MACHINES = 1000;
const LIMIT_MB = 200;
/** Every machine has been read several times by then. */
const SETTLED_MS = 45_000;

export async function run(): Promise<BenchRow[]> {
  if (!existsSync('/proc/self/smaps_rollup')) return [];
  const data = mkdtempSync(join(tmpdir(), 'headframe-bench-'));
  const script = fileURLToPath(new URL('../headframe', import.meta.url));
  const args = ['serve', '--demo', String(MACHINES), '--port', '0', '--data', data];
  const daemon = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await said(daemon.stdout, `${MACHINES} machines are simulated`);
    await setTimeout(SETTLED_MS);
    const pid = daemon.pid ?? 0;
    return [row('the daemon', [pid]), row('the simulator', descendants(pid))];
  } finally {
    const ended = new Promise((resolve) => daemon.once('close', resolve));
    if (daemon.kill('SIGTERM')) await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

/** Listens on, so that the daemon keeps somebody to talk to. */
function said(output: NodeJS.ReadableStream, words: string): Promise<void> {
  let text = '';
  return new Promise((resolve, reject) => {
    output.on('data', (chunk) => {
      text += chunk;
      if (text.includes(words)) resolve();
    });
    output.once('end', () => reject(new Error(`the daemon ended and said: ${text}`)));
  });
}

function row(who: string, pids: readonly number[]): BenchRow {
  const total = (file: string, field: string) => pids.reduce((sum, pid) => sum + kilobytes(pid, file, field), 0) / 1000;
  const rss = total('status', 'VmRSS');
  const detail = `${pids.length} processes, PSS ${total('smaps_rollup', 'Pss').toFixed(0)} MB`;
  return { name: `${MACHINES} machines: ${who}, resident`, ratio: rss, limit: LIMIT_MB, unit: 'MB', detail };
}

const kilobytes = (pid: number, file: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1] ?? 0) *
  1.024;

function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]));
    } catch {
      // Ended in between.
    }
  }
  const found: number[] = [];
  const add = (of: number) => {
    for (const [child, parent] of parents) {
      if (parent !== of) continue;
      found.push(child);
      add(child);
    }
  };
  add(pid);
  return found;
}
