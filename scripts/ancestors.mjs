import { readFileSync } from 'node:fs';

/**
 * Ends this process when the one that stands for it towards the user is gone, also by SIGKILL, which cannot be
 * forwarded: the process named in HEADFRAME_LAUNCHER, else, when npm started us, npm. A plain `headframe serve &`
 * outlives its terminal as any program. Neither variable is handed on to our own children.
 */
export async function watchAncestors(everyMs = 500) {
  const launcher = Number(process.env.HEADFRAME_LAUNCHER);
  const startedByNpm = process.env.npm_lifecycle_event !== undefined;
  delete process.env.HEADFRAME_LAUNCHER;
  delete process.env.npm_lifecycle_event;
  if (!launcher && !startedByNpm) return;
  const isGone = launcher ? isGoneLauncher(launcher) : await isGoneNpm();
  const look = async () => {
    if (!(await isGone())) return wait();
    // As if asked to stop, so that the usual shutdown runs; it has ten seconds.
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(143), 10_000).unref();
  };
  const wait = () => void setTimeout(look, everyMs).unref();
  wait();
}

/** Windows hands no orphan on to another parent, so there the question is whether the launcher lives. */
function isGoneLauncher(/** @type {number} */ pid) {
  return () => (process.platform === 'win32' ? !isAlive(pid) : process.ppid !== pid);
}

/**
 * npm runs a script through a shell, which stays when npm is killed (some shells replace themselves by the last
 * command, then npm is the parent). So with a shell in between it is the shell's parent that must not change.
 */
async function isGoneNpm() {
  const parent = process.ppid;
  if (process.platform === 'win32') return () => false;
  const first = await processOf(parent);
  const shell = first && /^-?(.*\/)?((ba|da|z|k|a)?sh|busybox)$/.test(first.name);
  return async () => {
    if (process.ppid !== parent) return true;
    const now = shell && (await processOf(parent));
    return Boolean(now && now.ppid !== first.ppid);
  };
}

/** Name and parent of a process; undefined when that cannot be told. */
async function processOf(/** @type {number} */ pid) {
  try {
    if (process.platform === 'linux') {
      // `pid (name) state ppid ...`, and the name may contain brackets and blanks.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const end = stat.lastIndexOf(')');
      return { name: stat.slice(stat.indexOf('(') + 1, end), ppid: Number(stat.slice(end).split(' ')[2]) };
    }
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    const { stdout } = await promisify(execFile)('ps', ['-o', 'ppid=,comm=', '-p', String(pid)]);
    const [, ppid, name = ''] = /^\s*(\d+)\s+(.*\S)/.exec(stdout) ?? [];
    return { name, ppid: Number(ppid) };
  } catch {
    return undefined;
  }
}

export function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
