import { randomBytes } from 'node:crypto';
import { HeadframeError } from '@headframe/model';
import { MINING_PROGRAMS } from '../shell/firmware-facts.ts';
import { lookScript, sectionsOf } from '../shell/look-script.ts';
import { openShell } from '../shell/open-shell.ts';
import { heldOf, processesOf } from '../shell/read-processes.ts';
import { restartCommandOf } from '../shell/restart-command.ts';
import type { Shell } from '../shell/shell.ts';
import type { Fixing, FixTarget } from './fix.ts';

/** One login for one purpose; it is closed behind it, whatever happens. */
export async function inShell<T>(target: FixTarget, fixing: Fixing, talk: (shell: Shell) => Promise<T>): Promise<T> {
  const { host, ssh } = target;
  if (ssh === undefined) throw new HeadframeError('auth/required', { address: host, request: 'a login over SSH' });
  const shell = await openShell(host, ssh, fixing, fixing.loadSsh);
  try {
    return await talk(shell);
  } finally {
    shell.end();
  }
}

/** The command that restarts its mining program, looked for on the machine itself. Null: none. */
export async function findRestart(shell: Shell, family: string | null): Promise<string | null> {
  const mark = `headframe-${randomBytes(8).toString('hex')}`;
  const { out } = await shell.run(lookScript(mark, family, ['ps', 'rss', 'init', 'units']));
  const parts = sectionsOf(out, mark);
  const names = new Set(
    [...processesOf(parts.get('ps') ?? ''), ...heldOf(parts.get('rss') ?? '')].map(({ program }) => program),
  );
  const running = new Set(MINING_PROGRAMS.filter((name) => names.has(name)));
  return restartCommandOf(parts.get('init') ?? '', parts.get('units') ?? '', running, family);
}

/** Scripts of old firmware wait for the miner to end. */
const RESTART_MS = 90_000;

/**
 * Restarts the mining program. What it starts must not hold our connection, so its output goes nowhere.
 * @returns the status that the command ended with
 */
export const restartBy = async (shell: Shell, command: string): Promise<number | null> =>
  (await shell.run(`${command} </dev/null >/dev/null 2>&1`, { timeoutMs: RESTART_MS })).code;
