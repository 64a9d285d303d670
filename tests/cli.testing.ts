import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Farm } from '@headframe/simulator';

/*
 * The command line as a person or a program runs it: a process of its own, its two streams and its exit code.
 */

const script = fileURLToPath(new URL('../headframe', import.meta.url));

export interface Ran {
  readonly code: number | string | null;
  readonly out: string;
  readonly bytes: Buffer;
  readonly err: string;
}

/** What the commands are given beside the environment of the tests, such as `HEADFRAME_DATA`. */
export const ENVIRONMENT: NodeJS.ProcessEnv = {};

const children = new Set<ChildProcess>();

function start(args: readonly string[]): ChildProcess {
  const { HEADFRAME_USERNAME, HEADFRAME_PASSWORD, HEADFRAME_DATA, npm_lifecycle_event, ...env } = process.env;
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...env, ...ENVIRONMENT },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

/** Runs a command to its end. */
export async function headframe(...args: string[]): Promise<Ran> {
  return new Running(args).ended;
}

/** Runs a command whose reader has gone before it says anything, as `head` does behind its last line. */
export async function headframeWithoutReader(...args: string[]): Promise<Omit<Ran, 'out' | 'bytes'>> {
  const child = start(args);
  child.stdout?.destroy();
  let err = '';
  child.stderr?.on('data', (chunk) => (err += chunk));
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  return { code, err };
}

/** A command that goes on until it is ended. */
export class Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  readonly #chunks: Buffer[] = [];
  #err = '';
  #lines = 0;
  #hasClosed = false;
  #wake = () => {};

  constructor(args: readonly string[]) {
    this.child = start(args);
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#wake();
    });
    this.child.stderr?.on('data', (chunk) => (this.#err += chunk));
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.#hasClosed = true;
        this.#wake();
        const bytes = Buffer.concat(this.#chunks);
        resolve({ code: code ?? signal, bytes, out: bytes.toString('utf8'), err: this.#err });
      });
    });
  }

  /** The next whole line of standard output. */
  async line(): Promise<string> {
    for (;;) {
      const lines = Buffer.concat(this.#chunks).toString('utf8').split('\n');
      const next = lines[this.#lines];
      if (next !== undefined && this.#lines < lines.length - 1) {
        this.#lines++;
        return next;
      }
      if (this.#hasClosed) throw new Error(`it ended without another line; it said: ${this.#err}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ran> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** Ends what a test left running. */
export async function endAll(): Promise<void> {
  const left = [...children];
  await Promise.all(
    left.map((child) => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      return closed;
    }),
  );
}

export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export const addressOf = ({ machines }: Farm): string => machines[0]?.address ?? '';

/** Lines that do not fit 80 columns. */
export const tooWide = (text: string) => text.split('\n').filter((line) => Array.from(line).length > 80);

/** What a machine in the field names of protocols.md 2.1 might have said; the values are made up. */
export function captureFolder(dir: string): string {
  const folder = mkdtempSync(join(dir, 'capture-'));
  const status = (Code: number, Msg: string) => [
    { STATUS: 'S', When: 1_800_000_000, Code, Msg, Description: 'cgminer 1.0.0' },
  ];
  const replies = {
    version: {
      STATUS: status(22, 'CGMiner versions'),
      VERSION: [
        {
          BMMiner: '1.0.0',
          API: '3.1',
          Miner: '49.0.1.3',
          CompileTime: 'Tue Dec  6 12:00:00 CST 2022',
          Type: 'Antminer S19 Pro',
        },
      ],
      id: 1,
    },
    summary: {
      STATUS: status(11, 'Summary'),
      SUMMARY: [
        {
          Elapsed: 7200,
          'GHS 5s': 110_600.5,
          'GHS av': 109_900.25,
          Accepted: 812,
          Rejected: 3,
          Stale: 1,
          'Hardware Errors': 9,
          'Best Share': 1_234_567,
        },
      ],
      id: 1,
    },
    pools: {
      STATUS: status(7, '1 Pool(s)'),
      POOLS: [
        {
          POOL: 0,
          URL: 'stratum+tcp://pool.example.org:3333',
          Status: 'Alive',
          Priority: 0,
          Accepted: 812,
          Rejected: 3,
          Stale: 1,
          User: 'owner.\u001b[31m\u009brig',
          'Stratum Active': true,
        },
      ],
      id: 1,
    },
  };
  for (const [name, reply] of Object.entries(replies))
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(reply));
  return folder;
}
