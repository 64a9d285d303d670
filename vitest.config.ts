import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.ts';

const conditions = ['@headframe/source', 'node', 'import', 'default'];
const fuzz = process.env.HEADFRAME_FUZZ_RUNS !== undefined;
const never = ['**/node_modules/**', '**/dist/**'];

// `npm test` runs the project `fast`; `.ci/run` also `slow`, and the fuzz tests of `fast` with many more runs.
export default defineConfig({
  // One for every file: no search, and no look at the page's own.
  tsconfig: 'tsconfig.base.json',
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: 'forks',
    execArgv: ['--conditions=@headframe/source'],
    reporters: ['default', new ClosingLine()],
    testTimeout: fuzz ? 1_200_000 : 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: [...never, 'tests/slow/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: ['tests/slow/**/*.test.ts'],
          exclude: never,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
