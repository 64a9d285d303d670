import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/*
 * The peers live in a Python environment of their own inside the checkout's cache. It is made once for each version of
 * requirements.txt; after that the suite needs no network.
 */

/** Why the suite cannot be run here at all: nothing is wrong with the project. */
export class CannotRun extends Error {}

const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/headframe/', import.meta.url));
const onWindows = process.platform === 'win32';
/** pyasic_rs asks for it. */
const OLDEST = { major: 3, minor: 11 };
const INSTALL_MS = 300_000;

const run = promisify(execFile);

/**
 * The Python of the environment, which is made when it is not there yet.
 * @throws CannotRun without a Python that fits, or when the packages cannot be had
 */
export async function scratchPython(say: (line: string) => void): Promise<string> {
  const python = onWindows ? 'python' : 'python3';
  const version = await versionOf(python);
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .update(version);
  const folder = join(cache, `interop-${wanted.digest('hex').slice(0, 12)}`);
  const inside = join(folder, onWindows ? 'Scripts/python.exe' : 'bin/python');
  const whole = join(folder, 'whole');
  if (existsSync(whole)) return inside;
  say(`Installing the peers into ${folder.slice(folder.indexOf('node_modules'))} ...`);
  try {
    await rm(folder, { recursive: true, force: true });
    await run(python, ['-m', 'venv', folder], { timeout: INSTALL_MS });
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '-q', '-r', requirements];
    await run(inside, pip, { timeout: INSTALL_MS });
  } catch (error) {
    throw new CannotRun(`the peers could not be installed: ${lastLine(error)}`);
  }
  await writeFile(whole, version);
  return inside;
}

async function versionOf(python: string): Promise<string> {
  let text: string;
  try {
    text = (await run(python, ['-c', 'import platform; print(platform.python_version())'])).stdout.trim();
  } catch {
    throw new CannotRun(`there is no ${python}`);
  }
  const [major = 0, minor = 0] = text.split('.').map(Number);
  if (major !== OLDEST.major || minor < OLDEST.minor) {
    throw new CannotRun(`the peers need Python ${OLDEST.major}.${OLDEST.minor} or later, and this one is ${text}`);
  }
  return text;
}

function lastLine(error: unknown): string {
  const { stderr = '', message = String(error) } = error as { stderr?: string; message?: string };
  return (stderr.trim() || message).split('\n').at(-1) ?? '';
}
