import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as passed } from 'node:timers/promises';
import { describe, test } from 'vitest';

/* Programs of somebody else's making: what they do to a machine, or answer at its address, nobody here has written. */

const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
const PACKAGES: Readonly<Record<string, string>> = {
  nc: 'netcat-openbsd',
  python3: 'python3',
  sshd: 'openssh-server',
  'ssh-keygen': 'openssh-client',
  unshare: 'util-linux',
  mount: 'mount',
};

/** Where a program is; null: it is not installed. */
export function programPath(name: string): string | null {
  const { status, stdout } = spawnSync('which', [name], { env, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/**
 * Tests with such programs: skipped with the reason where they are not, and a failure in CI, which installs them.
 * @param cannot why there can be no such tests here whatever is installed; null: there can
 */
export function describeWith(
  programs: readonly string[],
  name: string,
  tests: () => void,
  cannot: () => string | null = () => null,
): void {
  const lacking = programs.filter((program) => programPath(program) === null);
  const packages = lacking.map((program) => PACKAGES[program] ?? program).join(' ');
  const why = lacking.length > 0 ? `there is no ${lacking.join(', ')}: apt-get install ${packages}` : cannot();
  if (why === null) describe(name, tests);
  else if (process.env.CI === 'true' && lacking.length > 0) {
    test(name, () => {
      throw new Error(`Programs of others are needed: ${why}`);
    });
  } else describe.skip(`${name} (skipped: ${why})`, tests);
}

/** A program of somebody else that goes on until it is ended. */
export interface Foreign {
  readonly pid: number;
  /** What it has printed until now, its complaints as well. */
  readonly said: () => string;
  /** Ends it, and waits for its end. May be called more than once. */
  end(): Promise<void>;
}

/** Where it is clear that the program does its work: a line that it prints, or a port that opens. */
export type Ready = RegExp | { readonly address: string; readonly port: number };

const LIMIT_MS = 10_000;
const LOOK_EVERY_MS = 20;

/**
 * Starts a program and waits until it does its work.
 * @param command the program and its arguments
 */
export async function startForeign([program = '', ...args]: readonly string[], ready: Ready): Promise<Foreign> {
  // Its standard input stays open: some end with it.
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      said += part;
    });
  }
  child.stdin.on('error', () => {});
  const ended = once(child, 'exit').catch(() => {});
  const foreign: Foreign = {
    pid: child.pid ?? 0,
    said: () => said,
    end: async () => {
      if (isRunning(child)) child.kill('SIGKILL');
      await ended;
      // What it started may hold these still.
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    },
  };
  try {
    await (ready instanceof RegExp ? line(child, ready, () => said) : untilOpen(ready, child));
  } catch (error) {
    await foreign.end();
    throw new Error(`${program} ${args.join(' ')}: ${(error as Error).message}: ${said}`);
  }
  return foreign;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;
const isRunning = (child: Child): boolean => child.exitCode === null && child.signalCode === null;

function line(child: Child, wanted: RegExp, said: () => string): Promise<void> {
  return new Promise((done, failed) => {
    const settle = (error: Error | null) => {
      clearTimeout(limit);
      for (const stream of [child.stdout, child.stderr]) stream.off('data', look);
      child.off('close', ended);
      if (error === null) done();
      else failed(error);
    };
    const look = () => {
      if (
        said()
          .split('\n')
          .slice(0, -1)
          .some((one) => wanted.test(one))
      )
        settle(null);
    };
    const ended = () => settle(new Error('it ended'));
    const limit = setTimeout(() => settle(new Error(`it printed no ${wanted}`)), LIMIT_MS);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', look);
    child.once('close', ended);
    child.once('error', settle);
  });
}

async function untilOpen({ address, port }: Exclude<Ready, RegExp>, child: Child): Promise<void> {
  for (let ms = 0; ms < LIMIT_MS; ms += LOOK_EVERY_MS) {
    if (!isRunning(child)) throw new Error('it ended');
    if (await isOpen(address, port)) return;
    await passed(LOOK_EVERY_MS);
  }
  throw new Error(`port ${port} of ${address} did not open`);
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port });
    socket.once('error', () => done(false));
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
  });
}
