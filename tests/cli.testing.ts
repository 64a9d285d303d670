import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

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

const children = new Set<ChildProcess>();

function start(args: readonly string[]): ChildProcess {
  const { HEADFRAME_USERNAME, HEADFRAME_PASSWORD, HEADFRAME_DATA, npm_lifecycle_event, ...env } = process.env;
  const child = spawn(process.execPath, [script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
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
  readonly #lines: AsyncIterator<string>;
  #err = '';

  constructor(args: readonly string[]) {
    this.child = start(args);
    const { stdout, stderr } = this.child;
    if (stdout === null || stderr === null) throw new Error('no pipes');
    const chunks: Buffer[] = [];
    stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    stderr.on('data', (chunk) => (this.#err += chunk));
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        const bytes = Buffer.concat(chunks);
        resolve({ code: code ?? signal, bytes, out: bytes.toString('utf8'), err: this.#err });
      });
    });
  }

  /** The next line of standard output. */
  async line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error(`it ended without another line; it said: ${this.#err}`);
    return next.value;
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
