import { defineConfig } from 'vitest/config';

// Suites: `npm test` runs `fast`; `.ci/run` adds the slower ones by name.
export default defineConfig({
  resolve: { conditions: ['@headframe/source', 'node', 'import', 'default'] },
  ssr: { resolve: { conditions: ['@headframe/source', 'node', 'import', 'default'] } },
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'tests/slow/**'],
  },
});
