import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type StratumPool, startPool } from './stratum-pool.ts';

/** The API opens after the first log interval, 6 to 7 s (protocols.md 1.1); a slow machine may take longer. */
const OPENS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 500;

/** A real program with our pools, its API on a port of its own and a home folder that is thrown away. */
export interface RealProgram {
  readonly port: number;
  readonly pools: readonly StratumPool[];
  close(): Promise<void>;
}

/**
 * @param flags of the user, such as those for its devices
 * @throws Error in words when it does not come up
 */
export async function startProgram(path: string, flags: readonly string[]): Promise<RealProgram> {
  const home = await mkdtemp(join(tmpdir(), 'headframe-interop-'));
  const pools = [await startPool(), await startPool(), await startPool()];
  const port = await freePort();
  const [first, second] = pools as [StratumPool, StratumPool, StratumPool];
  const own = ['--api-listen', '--api-port', String(port), '--api-allow', 'W:127.0.0.1', '--text-only'];
  const list = [first, second].flatMap(({ url }, i) => ['-o', url, '-u', `user.${i + 1}`, '-p', 'x']);
  // The save file is written into the home folder: not into the user's.
  const env = { ...process.env, HOME: home };
  const child = spawn(path, [...list, ...own, ...flags], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes: Buffer) => {
      said = `${said}${bytes}`.slice(-2000);
    });
  }
  const close = async () => {
    child.kill('SIGKILL');
    for (const pool of pools) pool.close();
    await rm(home, { recursive: true, force: true });
  };
  try {
    await untilOpen(child, port, () => said);
  } catch (error) {
    await close();
    throw error;
  }
  return { port, pools, close };
}

async function untilOpen(child: ChildProcess, port: number, said: () => string): Promise<void> {
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  for (let ms = 0; ms < OPENS_WITHIN_MS; ms += LOOK_EVERY_MS) {
    if (failure !== null) throw failure;
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}:\n${said()}`);
    if (await isOpen(port)) return;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`its API did not open within ${OPENS_WITHIN_MS / 1000} s:\n${said()}`);
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = dial({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
