import { globSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.ts';

const conditions = ['@headframe/source', 'node', 'import', 'default'];
const never = ['**/node_modules/**', '**/dist/**'];
const fast = ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'];

/** The files with fuzz tests, which read how often to run from this variable. */
function fuzzing(): string[] {
  const files = globSync(fast, { exclude: never });
  return files.filter((path) => readFileSync(path, 'utf8').includes('HEADFRAME_FUZZ_RUNS'));
}

const projects = [
  { extends: true as const, test: { name: 'fast', include: fast, exclude: [...never, 'tests/slow/**'] } },
  {
    extends: true as const,
    test: {
      name: 'slow',
      include: ['tests/slow/**/*.test.ts'],
      exclude: never,
      testTimeout: 600_000,
      hookTimeout: 600_000,
    },
  },
];
if (process.env.HEADFRAME_FUZZ_RUNS !== undefined) {
  projects.push({
    extends: true,
    test: { name: 'fuzz', include: fuzzing(), exclude: never, testTimeout: 1_200_000, hookTimeout: 30_000 },
  });
}

// `npm test` runs the project `fast`; `.ci/run` also `slow`, and `fuzz` with many more runs.
export default defineConfig({
  // One for every file: no search, and no look at the page's own.
  tsconfig: 'tsconfig.base.json',
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: 'forks',
    execArgv: ['--conditions=@headframe/source'],
    reporters: ['default', new ClosingLine()],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects,
  },
});
