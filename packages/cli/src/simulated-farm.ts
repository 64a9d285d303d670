import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Target } from '@headframe/fleet';
import { HeadframeError } from '@headframe/model';

/** Machines that `headframe sim` plays in processes of their own. */
export interface SimulatedFarm {
  readonly machines: readonly Target[];
  /** Resolves when the simulator ended: null when it was asked to, else its exit code. */
  readonly ended: Promise<number | null>;
  stop(): void;
}

/**
 * Starts `headframe sim --json` as a child and waits until all its machines listen.
 * The channel to the child is what it lives by: when this process is gone, however it ended, the child goes too.
 * @throws HeadframeError `internal` when it ends before it is ready; what it said is on stderr
 */
export async function startSimulatedFarm(count: number, seed = 7): Promise<SimulatedFarm> {
  const script = process.argv[1] ?? '';
  const args = [...process.execArgv, script, 'sim', '--json', '--count', String(count), '--seed', String(seed)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let asked = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(asked ? null : (code ?? 1)));
  });
  const stop = () => {
    asked = true;
    if (child.connected) child.disconnect();
  };
  const machines: Target[] = [];
  if (child.stdout !== null) {
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as Target | { ready: true };
      if ('ready' in said) return { machines, ended, stop };
      machines.push(said);
    }
  }
  await ended;
  throw new HeadframeError('internal', { detail: 'the simulator ended before its machines were ready' });
}
