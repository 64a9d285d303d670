import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether a Node of this version runs the sources: the `engines` of the root's package.json. */
export function fits(/** @type {string} */ version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 22 ? minor >= 19 : major === 24 ? minor >= 11 : major >= 26;
}

/** What a person is told in one sentence when setting up does not work; no stack. */
export class SetupError extends Error {
  /** @type {number} */
  exitCode;
  constructor(/** @type {string} */ message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Beside what was installed: which lockfile it came from, and for which platform. */
export const stampPath = (/** @type {string} */ dir) => join(dir, 'node_modules', '.headframe-stamp');

/** The part of the stamp that is compared without reading the lockfile. */
export function stampHead(/** @type {string} */ dir) {
  const { size, mtimeMs } = statSync(join(dir, 'package-lock.json'));
  return `${size} ${mtimeMs} ${process.platform}-${process.arch} `;
}

/** Whether `node_modules` of this folder is known to be what its lockfile says. Cheap, may say no wrongly. */
export function isInstalled(/** @type {string} */ dir) {
  return existsSync(stampPath(dir)) && readFileSync(stampPath(dir), 'utf8').startsWith(stampHead(dir));
}
