/**
 * The project's own tasks, `node scripts/run.mjs <task> [arguments]`: the scripts of package.json.
 * Each runs its tools with a Node that fits and ends with their exit code.
 */
import { launch } from './bootstrap.mjs';
import { root, SetupError } from './checkout.mjs';
import { runChild } from './run-child.mjs';

const SOURCES = '--conditions=@headframe/source';

/** @type {Record<string, readonly string[]>} */
const tools = {
  biome: ['node_modules/@biomejs/biome/bin/biome'],
  tsc: ['node_modules/typescript/bin/tsc'],
  knip: ['node_modules/knip/bin/knip.js'],
  vite: ['node_modules/vite/bin/vite.js'],
  vitest: ['node_modules/vitest/vitest.mjs'],
  bench: [SOURCES, 'bench/main.ts'],
  docs: [SOURCES, 'scripts/docs.ts'],
  openapi: [SOURCES, 'scripts/openapi.ts'],
  proto: ['scripts/proto.ts'],
  interop: [SOURCES, 'tests/interop/main.ts'],
  'interop:cgminer': [SOURCES, 'tests/interop/real-cgminer.ts'],
};

const tool = (/** @type {string} */ name, /** @type {readonly string[]} */ ...args) =>
  runChild(process.execPath, [...(tools[name] ?? []), ...args], { cwd: root });

/**
 * Runs steps until one fails.
 * @param {readonly (readonly [name: string, tool: string, ...args: string[]])[]} all
 */
async function steps(all) {
  for (const [name, ...call] of all) {
    process.stdout.write(`${name}: ${call.join(' ')}\n`);
    const code = await tool(...call);
    if (code !== 0) {
      process.stderr.write(`${name} failed.\n`);
      return code;
    }
  }
  return 0;
}

/**
 * The fuzz tests.
 * @param {string} runs of each property, unless the environment says how many
 * @param {readonly string[]} args
 */
function fuzz(runs, ...args) {
  const env = { ...process.env, HEADFRAME_FUZZ_RUNS: process.env.HEADFRAME_FUZZ_RUNS ?? runs };
  return runChild(process.execPath, [...(tools.vitest ?? []), 'run', '--project', 'fuzz', ...args], { cwd: root, env });
}

/** @type {Record<string, (args: readonly string[]) => Promise<number>>} */
const tasks = {
  /** The quick suites; with `--slow` those of tests/slow instead, with `--fuzz` the fuzz tests with many more runs. */
  async test([first = '', ...rest]) {
    if (first === '--slow') return tool('vitest', 'run', '--project', 'slow', '--no-file-parallelism', ...rest);
    if (first !== '--fuzz') return tool('vitest', 'run', '--project', 'fast', ...[first, ...rest].filter(Boolean));
    if (rest.length > 0 || process.env.HEADFRAME_FUZZ_RUNS !== undefined) return fuzz('200000', ...rest);
    // The codecs see every byte first; what is behind them makes whole machines for each run, and gets fewer.
    const codecs = await fuzz('200000', 'packages/wire');
    const others = await fuzz('20000', '--exclude', 'packages/wire/**');
    return codecs || others;
  },
  check: () =>
    steps([
      ['Format and lint', 'biome', 'check', '--error-on-warnings'],
      ['Types', 'tsc', '-b'],
      ['Unused', 'knip'],
      ['Generated files', 'docs', '--check'],
      ['API contract', 'openapi', '--check'],
      ['gRPC contract', 'proto', '--check'],
    ]),
  fix: (args) => tool('biome', 'check', '--write', ...args),
  build: () =>
    steps([
      // The command line needs all packages but the page.
      ['Packages', 'tsc', '-b', 'packages/cli'],
      ['Page', 'vite', 'build', 'packages/dashboard'],
    ]),
  bench: (args) => tool('bench', ...args),
  /** Other people's clients on our simulators; our client on other people's programs. */
  interop: (args) => tool('interop', ...args),
  'interop:cgminer': (args) => tool('interop:cgminer', ...args),
  docs: () =>
    steps([
      ['References', 'docs'],
      ['API contract', 'openapi'],
    ]),
  /** The TypeScript of the gRPC contract from its .proto files. */
  proto: (args) => tool('proto', ...args),
};

await launch(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) throw new SetupError(`Say what to run, one of: ${Object.keys(tasks).join(', ')}.`, 2);
  return task(args);
});
