import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export type PeerName = 'pyasic' | 'pyasic_rs' | 'grpcio';
/** Those that know miners. */
export const PEERS: readonly PeerName[] = ['pyasic', 'pyasic_rs'];

/** What a peer answered: a value of its own making, or what it threw. */
export type Answer = { readonly value: unknown } | { readonly error: string };

/** A peer client in a process of its own, which does what it is told and says what it got. */
export class PeerProcess {
  readonly name: PeerName;
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #count = 0;
  #complaints = '';

  constructor(name: PeerName, python: string) {
    this.name = name;
    const driver = fileURLToPath(new URL(`drivers/${name}_driver.py`, import.meta.url));
    this.#child = spawn(python, ['-B', driver], { stdio: 'pipe' });
    this.#input = this.#child.stdin as Writable;
    this.#input.on('error', () => {});
    this.#child.stderr?.on('data', (bytes: Buffer) => {
      this.#complaints = `${this.#complaints}${bytes}`.slice(-4000);
    });
    createInterface({ input: this.#child.stdout as Readable }).on('line', (line) => {
      const { id, ...answer } = JSON.parse(line) as { id: number } & Answer;
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
    this.#child.on('close', (code) => this.#end(`its process ended with ${code}\n${this.#complaints}`));
    this.#child.on('error', (error) => this.#end(error.message));
  }

  #end(error: string): void {
    for (const answered of this.#waiting.values()) answered({ error });
    this.#waiting.clear();
  }

  ask(order: Readonly<Record<string, unknown>> & { readonly do: string }): Promise<Answer> {
    const id = this.#count++;
    return new Promise((answered) => {
      this.#waiting.set(id, answered);
      if (this.#child.exitCode !== null) return this.#end(`its process has ended\n${this.#complaints}`);
      this.#input.write(`${JSON.stringify({ ...order, id })}\n`);
    });
  }

  close(): void {
    this.#input.end();
    this.#child.kill();
  }
}
