import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HeadframeError } from '@headframe/model';

const packages = fileURLToPath(new URL('../..', import.meta.url));
const dashboard = join(packages, 'dashboard');
const built = join(dashboard, 'dist');

/**
 * The folder of the built page. In a checkout it is built when it is not there or older than its sources.
 * @returns null where there is no page to build and none built
 * @throws HeadframeError `internal` with the end of the builder's own words
 */
export async function ensurePage(): Promise<string | null> {
  const index = join(built, 'index.html');
  if (!existsSync(join(dashboard, 'src'))) return existsSync(index) ? built : null;
  const sources = [dashboard, join(packages, 'api'), join(packages, 'model')];
  const newest = Math.max(...sources.flatMap((dir) => [newestIn(join(dir, 'src')), mtime(join(dir, 'package.json'))]));
  if (existsSync(index) && mtime(index) >= newest) return built;
  process.stderr.write('Building the page, once…\n');
  await build();
  return built;
}

const mtime = (path: string): number => (existsSync(path) ? statSync(path).mtimeMs : 0);

const newestIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((newest, entry) => Math.max(newest, mtime(join(entry.parentPath, entry.name))), 0);

async function build(): Promise<void> {
  const vite = fileURLToPath(import.meta.resolve('vite/package.json')).replace(/package\.json$/, 'bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: dashboard,
    // Whatever the caller's is: with another one the larger development build of the page would be made.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listen = (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2_000);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  process.stderr.write(said);
  throw new HeadframeError('internal', { detail: 'the page could not be built' });
}
