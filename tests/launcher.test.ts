import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fits, isInstalled, SetupError } from '../scripts/checkout.mjs';
import { ensureInstalled, findNpm, isUpToDate } from '../scripts/install.mjs';
import { takeLock } from '../scripts/install-lock.mjs';

const scripts = fileURLToPath(new URL('../scripts/', import.meta.url));
const url = (name: string) => JSON.stringify(new URL(`../scripts/${name}`, import.meta.url).href);

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headframe-launcher-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the Node that runs the sources', () => {
  test.each(['22.19.0', '22.23.3', '24.11.0', '24.20.1', '26.0.0', '26.10.0', '27.1.0', '30.0.0-nightly'])(
    '%s is taken as it is',
    (version) => expect(fits(version)).toBe(true),
  );

  test.each(['18.20.8', '20.0.0', '20.20.2', '21.7.3', '22.0.0', '22.18.9', '23.11.1', '24.0.0', '24.10.9', '25.9.0'])(
    '%s is replaced by the pinned one',
    (version) => expect(fits(version)).toBe(false),
  );
});

describe('what is installed', () => {
  const left = { version: '1.0.0', integrity: 'sha512-left' };
  const elsewhere = { version: '1.0.0', integrity: 'sha512-x', optional: true, os: ['nowhere'], cpu: ['none'] };
  const write = (path: string, packages: object) => {
    mkdirSync(join(dir, 'node_modules/left'), { recursive: true });
    writeFileSync(join(dir, path), JSON.stringify({ packages }));
  };
  const nobody = () => expect.unreachable('nothing has to be installed');

  beforeEach(() => {
    write('package-lock.json', { '': {}, 'node_modules/left': left, 'node_modules/elsewhere': elsewhere });
    write('node_modules/.package-lock.json', { 'node_modules/left': left });
  });

  test("a person's own npm install is recognised and stamped, without the builds for other platforms", async () => {
    expect(isInstalled(dir)).toBe(false);
    await ensureInstalled(dir, nobody);
    expect(isInstalled(dir)).toBe(true);
  });

  test('a lockfile that was only touched is still the same one', async () => {
    await ensureInstalled(dir, nobody);
    rmSync(join(dir, 'node_modules/.package-lock.json'));
    utimesSync(join(dir, 'package-lock.json'), 1, 1);
    expect(isInstalled(dir)).toBe(false);
    await ensureInstalled(dir, nobody);
    expect(isInstalled(dir)).toBe(true);
  });

  test('another version in the lockfile is noticed', async () => {
    await ensureInstalled(dir, nobody);
    write('package-lock.json', { 'node_modules/left': { version: '1.0.1', integrity: 'sha512-new' } });
    expect(isInstalled(dir)).toBe(false);
    expect(isUpToDate(dir)).toBe(false);
  });

  test("a missing package, and a missing build for this platform, are noticed; the other C library's is not", () => {
    const here = { ...elsewhere, os: [process.platform], cpu: [process.arch] };
    write('package-lock.json', { 'node_modules/left': left, 'node_modules/here': { ...here, libc: ['musl'] } });
    expect(isUpToDate(dir)).toBe(true);
    write('package-lock.json', { 'node_modules/left': left, 'node_modules/here': here });
    expect(isUpToDate(dir)).toBe(false);
    write('package-lock.json', { 'node_modules/left': left });
    rmSync(join(dir, 'node_modules/left'), { recursive: true });
    expect(isUpToDate(dir)).toBe(false);
  });

  test('no node_modules at all is noticed', () => {
    rmSync(join(dir, 'node_modules'), { recursive: true });
    expect(isInstalled(dir)).toBe(false);
    expect(isUpToDate(dir)).toBe(false);
  });
});

describe('the npm to install with', () => {
  const npmAt = (...parts: string[]) => {
    const path = join(dir, ...parts);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
    return path;
  };

  test('the one kept beside our own Node comes first, then the one that started us', () => {
    const started = npmAt('started/npm-cli.js');
    const node = join(dir, 'node_modules/node-some-platform/bin/node');
    expect(findNpm({ npm_execpath: started }, node)).toBe(started);
    const kept = npmAt('node_modules/npm/bin/npm-cli.js');
    expect(findNpm({ npm_execpath: started }, node)).toBe(kept);
  });

  test('another package manager that started us is not taken for npm', () => {
    const own = npmAt('node/lib/node_modules/npm/bin/npm-cli.js');
    expect(findNpm({ npm_execpath: npmAt('pnpm.cjs') }, join(dir, 'node/bin/node'))).toBe(own);
  });

  test.skipIf(process.platform === 'win32')('the one on PATH is followed to its script', () => {
    const own = npmAt('share/npm/bin/npm-cli.js');
    mkdirSync(join(dir, 'bin'));
    symlinkSync(own, join(dir, 'bin/npm'));
    expect(findNpm({ PATH: `/nowhere:${join(dir, 'bin')}` }, '/nowhere/bin/node')).toBe(own);
  });

  test('none is none', () => expect(findNpm({ PATH: dir }, join(dir, 'bin/node'))).toBeUndefined());
});

describe('the lock around an installation', () => {
  const quick = { waitMs: 20, everyMs: 10 };
  const path = () => join(dir, 'install.lock');
  const ended = () => spawnSync(process.execPath, ['-e', '']).pid;
  const held = (owner: number, child = '') => {
    mkdirSync(path());
    writeFileSync(join(path(), String(owner)), child);
  };

  test('is free again after its release', async () => {
    (await takeLock(path(), quick)).release();
    (await takeLock(path(), quick)).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  test('of a process that lives is waited for, told once, and not for ever', async () => {
    held(process.ppid);
    const told: number[] = [];
    const taken = takeLock(path(), { ...quick, onWait: (owner) => told.push(owner) });
    await expect(taken).rejects.toThrow(SetupError);
    await expect(taken).rejects.toThrow(`pid ${process.ppid}`);
    expect(told).toEqual([process.ppid]);
  });

  test('of a process that is gone is taken over', async () => {
    held(ended());
    const lock = await takeLock(path(), quick);
    expect(readdirSync(path())).toEqual([String(process.pid)]);
    lock.release();
    expect(readdirSync(dir)).toEqual([]);
  });

  test('of a process that is gone, but whose npm is still at work, is waited for', async () => {
    held(ended(), String(process.ppid));
    await expect(takeLock(path(), quick)).rejects.toThrow(SetupError);
  });

  test('that was left half released is free', async () => {
    mkdirSync(path());
    (await takeLock(path(), quick)).release();
    expect(existsSync(path())).toBe(false);
  });

  test('taken over by five processes at once has one owner at a time', async () => {
    held(ended());
    const script = `
      import { existsSync, rmSync, writeFileSync } from 'node:fs';
      import { takeLock } from ${url('install-lock.mjs')};
      const lock = await takeLock(${JSON.stringify(path())}, { everyMs: 5 });
      writeFileSync(${JSON.stringify(join(dir, 'inside'))}, '', { flag: 'wx' });
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      rmSync(${JSON.stringify(join(dir, 'inside'))});
      lock.release();`;
    const codes = Array.from({ length: 5 }, () => exitOf(run(script)));
    expect(await Promise.all(codes)).toEqual([0, 0, 0, 0, 0]);
    expect(readdirSync(dir)).toEqual([]);
  });
});

/** An ES module in a Node of its own. What it starts, and what that starts, writes to the same standard output. */
function run(script: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, npm_lifecycle_event: undefined },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

const exitOf = (child: ChildProcess) =>
  new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));

/** The next line of standard output; rejects when it ends. */
function lines(child: ChildProcess): () => Promise<string> {
  const chunks = child.stdout?.[Symbol.asyncIterator]();
  let text = '';
  return async () => {
    while (!text.includes('\n')) {
      const next = await chunks?.next();
      if (!next || next.done) throw new Error(`ended after ${JSON.stringify(text)}`);
      text += next.value;
    }
    const line = text.slice(0, text.indexOf('\n'));
    text = text.slice(line.length + 1);
    return line;
  };
}

describe.skipIf(process.platform === 'win32')('a process started by another', () => {
  /** Says its pid, runs until it is told to stop, and says so. */
  const server = `
    import { watchAncestors } from ${url('ancestors.mjs')};
    await watchAncestors(20);
    process.on('SIGTERM', () => { console.log('stopped'); process.exit(0); });
    setInterval(() => {}, 1000);
    console.log(process.pid, process.env.HEADFRAME_LAUNCHER, process.env.npm_lifecycle_event);`;
  const file = () => {
    writeFileSync(join(dir, 'server.mjs'), server);
    return JSON.stringify(join(dir, 'server.mjs'));
  };

  test('stops when its launcher is killed, and hands nothing of this on to its own children', async () => {
    const launcher = run(`
      import { runChild } from ${url('run-child.mjs')};
      await runChild(process.execPath, [${file()}], { env: { ...process.env, HEADFRAME_LAUNCHER: String(process.pid) } });`);
    const line = lines(launcher);
    expect(await line()).toMatch(/^\d+ undefined undefined$/);
    launcher.kill('SIGKILL');
    expect(await line()).toBe('stopped');
  });

  test.each([
    ['stays between them', '; true'],
    ['gives way to its only command', ''],
  ])('stops when npm is killed whose shell %s', async (_, rest) => {
    const command = JSON.stringify(`'${process.execPath}' ${file()}${rest}`);
    const npm = run(`
      import { spawn } from 'node:child_process';
      spawn('sh', ['-c', ${command}], { stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'start' } });`);
    const line = lines(npm);
    expect(await line()).toMatch(/^\d+ undefined undefined$/);
    npm.kill('SIGKILL');
    expect(await line()).toBe('stopped');
  });

  test('that nobody stands for does not look after its parents', async () => {
    const child = run(`
      import { watchAncestors } from ${url('ancestors.mjs')};
      const { setTimeout } = globalThis;
      globalThis.setTimeout = (...args) => { console.log('a timer'); return setTimeout(...args); };
      await watchAncestors(20);
      console.log('done');`);
    expect(await lines(child)()).toBe('done');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'gets the %s that its launcher gets, and its exit code counts',
    async (signal) => {
      const child = `
      process.on('${signal}', () => process.exit(7));
      setInterval(() => {}, 1000);
      console.log('ready');`;
      const launcher = run(`
      import { runChild } from ${url('run-child.mjs')};
      process.exitCode = await runChild(process.execPath, ['-e', ${JSON.stringify(child)}]);`);
      expect(await lines(launcher)()).toBe('ready');
      launcher.kill(signal);
      expect(await exitOf(launcher)).toBe(7);
    },
  );

  test('that dies of a signal counts as 128 and the signal', async () => {
    const launcher = run(`
      import { runChild } from ${url('run-child.mjs')};
      process.exitCode = await runChild(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")']);`);
    expect(await exitOf(launcher)).toBe(137);
  });
});

test('an unknown task is one sentence and the exit code of usage', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(scripts, 'run.mjs'), 'tset'], { encoding: 'utf8' });
  expect(stderr).toBe(
    'Say what to run, one of: test, check, fix, build, bench, interop, interop:cgminer, docs, proto.\n',
  );
  expect(status).toBe(2);
});
