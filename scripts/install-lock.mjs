import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './ancestors.mjs';
import { SetupError } from './checkout.mjs';

/**
 * Only one process installs into a folder at a time. The lock is a folder with one file, named by the pid of its
 * owner, that holds the pid of the owner's npm: an owner that was killed may leave an npm at work.
 * Every step is one rename, so of several processes that want the lock, or take it over from a dead one, one gets it.
 * @param {string} path
 * @param {{ waitMs?: number, everyMs?: number, onWait?: (owner: number) => void }} options
 * @returns {Promise<{ note(child: number): void, release(): void }>}
 */
export async function takeLock(path, { waitMs = 600_000, everyMs = 200, onWait } = {}) {
  const mine = String(process.pid);
  const own = `${path}.${mine}`;
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, mine), '');
  const lock = {
    note: (/** @type {number} */ child) => writeFileSync(join(path, mine), String(child)),
    release() {
      renameSync(path, own);
      rmSync(own, { recursive: true });
    },
  };
  const attempts = Math.ceil(waitMs / everyMs);
  for (let attempt = 0; attempt <= attempts; attempt++) {
    if (renamed(own, path)) return lock;
    const owner = ownerOf(path);
    if (owner && !owner.busy && renamed(join(path, owner.name), join(path, mine))) {
      rmSync(own, { recursive: true });
      return lock;
    }
    if (owner?.busy && attempt === 0) onWait?.(Number(owner.name));
    await sleep(everyMs);
  }
  rmSync(own, { recursive: true });
  throw new SetupError(
    `Another process (pid ${ownerOf(path)?.name}) has been installing Headframe's packages for too long: ` +
      `end it, or delete ${path} if it is none of yours, and start again.`,
  );
}

/** Renames over nothing or an empty folder only. */
function renamed(/** @type {string} */ from, /** @type {string} */ to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error);
    // EPERM and EACCES are what Windows says of a target that exists.
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM', 'EACCES'].includes(code)) return false;
    throw error;
  }
}

/** Who holds the lock; undefined when it was released meanwhile. */
function ownerOf(/** @type {string} */ path) {
  try {
    const [name] = readdirSync(path);
    if (name === undefined) {
      rmdirSync(path);
      return undefined;
    }
    const child = Number(readFileSync(join(path, name), 'utf8'));
    return { name, busy: isAlive(Number(name)) || (child > 0 && isAlive(child)) };
  } catch {
    return undefined;
  }
}
