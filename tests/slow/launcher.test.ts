import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fits } from '../../scripts/checkout.mjs';

/** A copy of the checkout as a fresh clone has it: installs from the registry. */
const root = fileURLToPath(new URL('../..', import.meta.url));
let clone: string;

beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'headframe-clone-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const path of new Set(listed.toString().split('\0'))) {
    if (!path || !existsSync(join(root, path))) continue;
    mkdirSync(join(clone, dirname(path)), { recursive: true });
    copyFileSync(join(root, path), join(clone, path));
  }
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const version = spawnSync('node', ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.trim();
/** The machine's own Node where it is too old. */
const old = version && !fits(version) ? 'node' : undefined;
const env = { ...process.env, npm_lifecycle_event: undefined, NODE_OPTIONS: undefined };

interface Ended {
  readonly code: number | string | null;
  readonly stdout: string;
  /** Lines. */
  readonly stderr: string[];
}

async function headframe(node: string, ...args: string[]): Promise<Ended> {
  const child = start(node, ['headframe', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve) =>
    child.on('close', (code, signal) =>
      resolve({ code: code ?? signal, stdout, stderr: stderr.trimEnd().split('\n') }),
    ),
  );
}

const start = (command: string, args: string[], options: SpawnOptions): ChildProcess =>
  spawn(command, args, { cwd: clone, env, ...options });

const TOO_OLD = /^Node \d+\.\d+ is (too old for|not supported by) Headframe; using Node [\d.]+, kept in tools\/node/;
const INSTALLING = /^Installing the packages that Headframe needs/;

describe('in a fresh clone, headframe --help', () => {
  test.skipIf(!old)('with an old Node fetches a Node that fits and the packages, in two lines', async () => {
    const first = await headframe('node', '--help');
    expect(first.stderr).toEqual([expect.stringMatching(TOO_OLD), expect.stringMatching(INSTALLING)]);
    expect(first.stderr[0]).toMatch(/\(fetched now, once\)\.$/);
    expect(first.stdout).toContain('Usage: headframe');
    expect(first.code).toBe(0);

    const second = await headframe('node', '--help');
    expect(second.stderr).toEqual([expect.stringMatching(/kept in tools\/node\.$/)]);
    expect(second.code).toBe(0);
  });

  test('with a Node that fits, started three times at once, installs once', async () => {
    rmSync(join(clone, 'node_modules'), { recursive: true, force: true });
    const all = await Promise.all([1, 2, 3].map(() => headframe(process.execPath, '--help')));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0]);
    const said = all.flatMap(({ stderr }) => stderr).filter(Boolean);
    expect(said.filter((line) => INSTALLING.test(line))).toHaveLength(1);
    expect(said.filter((line) => !INSTALLING.test(line) && !/^Waiting for another Headframe/.test(line))).toEqual([]);

    expect((await headframe(process.execPath, '--help')).stderr).toEqual(['']);
  });
});

describe.skipIf(process.platform === 'win32')('a long-running command', () => {
  /** Stands in for any command: says its pid, and that it was asked to stop. */
  const main = `
    export const main = () => new Promise<number>((resolve) => {
      const timer = setInterval(() => {}, 1000);
      process.on('SIGTERM', () => { console.log('stopped'); clearInterval(timer); resolve(3); });
      console.log(process.pid);
    });`;

  beforeAll(() => {
    writeFileSync(join(clone, 'packages/cli/src/main.ts'), main);
    const manifest = join(clone, 'package.json');
    const scripts = { start: 'node headframe', 'start-and-more': 'node headframe; true' };
    writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), scripts }));
  });

  const lines = (child: ChildProcess) => {
    if (!child.stdout) throw new Error('no output');
    return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  };

  test.each([
    ['its launcher', old, 'node', ['headframe']],
    ['npm', true, 'npm', ['run', '--silent', 'start']],
    ['npm, with a shell in between', true, 'npm', ['run', '--silent', 'start-and-more']],
  ] as const)('stops when %s is killed', async (_, applies, command, args) => {
    if (!applies) return;
    const parent = start(command, [...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const output = lines(parent);
    expect((await output.next()).value).toMatch(/^\d+$/);
    parent.kill('SIGKILL');
    expect((await output.next()).value).toBe('stopped');
    expect((await output.next()).done).toBe(true);
  });

  test('stops on the SIGTERM that its launcher gets, with its own exit code', async () => {
    const launcher = start(old ?? process.execPath, ['headframe'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => launcher.on('exit', resolve));
    const output = lines(launcher);
    expect((await output.next()).value).toMatch(/^\d+$/);
    launcher.kill('SIGTERM');
    expect((await output.next()).value).toBe('stopped');
    expect(await ended).toBe(3);
  });
});
