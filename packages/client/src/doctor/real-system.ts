import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { MIB } from '../links/limits.ts';
import type { OperatingSystem } from './operating-system.ts';

const RUN_MS = 2000;

/** Where `ip`, `arp` and `nft` live: the search path of a user who is no administrator often lacks them. */
const ADMINISTRATION = ['/usr/sbin', '/sbin'];

const orNull = <T>(work: Promise<T>): Promise<T | null> => work.catch(() => null);

function environment(): NodeJS.ProcessEnv {
  if (process.platform === 'win32') return process.env;
  const path = [process.env.PATH, ...ADMINISTRATION].filter((part) => part !== undefined && part !== '').join(':');
  // English, whatever this computer speaks: the output is read by a program.
  return { ...process.env, PATH: path, LC_ALL: 'C' };
}

/** What the program says on its error channel is given too where it failed: there it says why. */
function run(program: string, args: readonly string[]): ReturnType<OperatingSystem['run']> {
  return new Promise((resolve) => {
    const options = {
      encoding: 'utf8',
      env: environment(),
      killSignal: 'SIGKILL',
      maxBuffer: MIB,
      timeout: RUN_MS,
      windowsHide: true,
    } as const;
    try {
      const child = execFile(program, args, options, (error, stdout, stderr) => {
        if (error === null) return resolve({ code: 0, output: stdout });
        // Too much output ends the program: what came until then is what it printed.
        if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return resolve({ code: 0, output: stdout });
        // A name instead of a number: it could not be started. No number: it was ended, by the limit or by somebody.
        if (typeof error.code !== 'number') return resolve(null);
        resolve({ code: error.code, output: `${stdout}${stderr}`.slice(0, MIB) });
      });
      // Nobody types anything.
      child.stdin?.on('error', () => {});
      child.stdin?.end();
    } catch {
      // A NUL in an argument, for instance.
      resolve(null);
    }
  });
}

/** The computer that this runs on. */
export const realSystem: OperatingSystem = {
  platform: process.platform,
  readFile: (path) => orNull(readFile(path, 'utf8')),
  readFolder: (path) => orNull(readdir(path)),
  readLink: (path) => orNull(readlink(path)),
  run,
  lookup: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  interfaces: networkInterfaces,
  isAdministrator: process.getuid?.() === 0,
};
