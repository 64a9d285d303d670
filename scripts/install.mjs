/**
 * What has to be fetched before anything runs: a Node that fits, where the machine's own does not, into `tools/node`,
 * and the packages of the workspace. Nothing outside the checkout is touched but npm's own cache.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { isInstalled, root, SetupError, stampHead, stampPath } from './checkout.mjs';
import { takeLock } from './install-lock.mjs';
import { runChild } from './run-child.mjs';

const say = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);

const INSTALL_YOURSELF = 'install Node 24.11, 26 or newer yourself.';

function misfit() {
  const [major, minor] = process.versions.node.split('.');
  // The short-lived releases between those with long support.
  const verdict = major === '23' || major === '25' ? 'is not supported by' : 'is too old for';
  return `Node ${major}.${minor} ${verdict} Headframe`;
}

/** Runs this script again, under the Node kept in `tools/node`. */
export async function runUnderFittingNode() {
  const dir = join(root, 'tools', 'node');
  const { version, node } = pinnedNode(dir);
  const using = `${misfit()}; using Node ${version}, kept in tools/node`;
  let told = false;
  if (!isInstalled(dir) || !existsSync(node)) {
    await ensureInstalled(dir, () => {
      told = true;
      say(`${using} (fetched now, once).`);
    });
  }
  if (!told) say(`${using}.`);
  const args = [...process.execArgv, ...process.argv.slice(1)];
  const env = { ...process.env, HEADFRAME_LAUNCHER: String(process.pid) };
  return runChild(node, args, { env }).catch((error) => {
    throw new SetupError(`Node ${version} does not start on this machine (${error.code}): ${INSTALL_YOURSELF}`);
  });
}

/** Makes the workspace's `node_modules` what `package-lock.json` says. */
export async function installWorkspace() {
  await ensureInstalled(root, () =>
    say('Installing the packages that Headframe needs (npm ci), after a fresh clone or an update.'),
  );
}

/** Version and path of the build for this platform. */
function pinnedNode(/** @type {string} */ dir) {
  const { packages } = readJson(join(dir, 'package-lock.json'));
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.os && isFor(entry.os, process.platform) && isFor(entry.cpu, process.arch)) {
      return { version: entry.version, node: join(dir, path, entry.bin.node) };
    }
  }
  throw new SetupError(
    `${misfit()}, and there is no build to fetch for ${process.platform}-${process.arch}: ${INSTALL_YOURSELF}`,
  );
}

/**
 * @param {string} dir
 * @param {() => void} announce called once, before npm runs
 */
export async function ensureInstalled(dir, announce) {
  if (!isUpToDate(dir)) {
    const lockPath = join(dir, '.headframe', 'install.lock');
    mkdirSync(dirname(lockPath), { recursive: true });
    const lock = await takeLock(lockPath, {
      onWait: (owner) => say(`Waiting for another Headframe (pid ${owner}) that is installing.`),
    });
    try {
      if (!isUpToDate(dir)) await npmCi(dir, announce, lock.note);
    } finally {
      lock.release();
    }
  }
  const stamp = `${stampHead(dir)}${hashOf(dir)}\n`;
  try {
    writeFileSync(stampPath(dir), stamp);
  } catch {
    // A checkout that is not ours to write: looked at again next time.
  }
}

/** Whether what is installed is what the lockfile says, by the stamp or by npm's own record of what it installed. */
export function isUpToDate(/** @type {string} */ dir) {
  try {
    const platform = `${process.platform}-${process.arch}`;
    const stamp = existsSync(stampPath(dir)) ? readFileSync(stampPath(dir), 'utf8') : '';
    return stamp.endsWith(`${platform} ${hashOf(dir)}\n`) || isSameTree(dir);
  } catch {
    return false;
  }
}

function isSameTree(/** @type {string} */ dir) {
  const found = readJson(join(dir, 'node_modules', '.package-lock.json')).packages;
  return Object.entries(readJson(join(dir, 'package-lock.json')).packages).every(([path, wanted]) => {
    if (!path.includes('node_modules/')) return true;
    const have = found[path];
    // Some versions of npm also record what they left out.
    if (have && existsSync(join(dir, path))) {
      return have.version === wanted.version && have.integrity === wanted.integrity;
    }
    // Optional packages are there when they name this platform. Which C library it has is left to npm.
    const { os, cpu, libc } = wanted;
    return wanted.optional && (!os || libc || !isFor(os, process.platform) || !isFor(cpu, process.arch));
  });
}

/** `os` and `cpu` of a package: a name or a list of names. */
function isFor(/** @type {string | string[] | undefined} */ names, /** @type {string} */ name) {
  return names === undefined || [names].flat().includes(name);
}

const hashOf = (/** @type {string} */ dir) =>
  createHash('sha256')
    .update(readFileSync(join(dir, 'package-lock.json')))
    .digest('hex');

/** @returns {{ packages: Record<string, any> }} */
const readJson = (/** @type {string} */ path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * @param {string} dir
 * @param {() => void} announce
 * @param {(pid: number) => void} onPid
 */
async function npmCi(dir, announce, onPid) {
  const npm = findNpm();
  if (!npm) {
    throw new SetupError(
      `npm was not found, neither beside Node ${process.versions.node} nor on PATH: install it, then start again.`,
    );
  }
  announce();
  let output = '';
  const keep = (/** @type {Buffer} */ chunk) => {
    output = (output + chunk).slice(-65_536);
  };
  // What the user's own npm may be set to leave out is needed here. Without a network it should not try for a minute.
  const needed = ['--ignore-scripts', '--include=dev', '--include=optional'];
  const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const args = [npm, 'ci', ...needed, ...patience];
  const code = await runChild(process.execPath, args, {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    onSpawn(child) {
      child.stdout?.on('data', keep);
      child.stderr?.on('data', keep);
      if (child.pid) onPid(child.pid);
    },
  });
  if (code > 128) throw new SetupError('Interrupted while installing; the next start begins again.', code);
  // npm counts an optional package that it could not fetch as no error, and each platform's builds are optional.
  if (code !== 0 || !isSameTree(dir)) throw new SetupError(explain(output, dir));
}

function explain(/** @type {string} */ output, /** @type {string} */ dir) {
  const lines = output.trimEnd().split('\n').slice(-20).join('\n');
  const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b/.test(output);
  const why = offline
    ? "npm could not reach its registry: check the network, or the proxy in npm's settings, and start again."
    : `npm ci did not install all packages in ${dir}; what npm says is above.`;
  return `${lines}\n${why}`.trim();
}

/**
 * The `npm-cli.js` to install with: the one kept beside our own Node, the one that started us, the one that belongs
 * to this Node, the one on PATH. (A distribution's npm may run under the distribution's Node only.)
 */
export function findNpm(env = process.env, execPath = process.execPath) {
  const bin = dirname(execPath);
  const onPath = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean);
  const candidates = [
    join(bin, '..', '..', 'npm', 'bin', 'npm-cli.js'),
    env.npm_execpath ?? '',
    join(bin, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(bin, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    ...onPath.flatMap((dir) => [join(dir, 'npm'), join(dir, 'node_modules', 'npm', 'bin', 'npm-cli.js')]),
  ];
  for (const candidate of candidates) {
    if (existsSync(candidate) && basename(realpathSync(candidate)) === 'npm-cli.js') return realpathSync(candidate);
  }
  return undefined;
}
