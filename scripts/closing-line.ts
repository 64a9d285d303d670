import { appendFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Ends a run with one line, `N passed, N failed` (`, N skipped` where some were): test cases, and beside them each
 * file, suite or hook that broke outside of a case. Into the file HEADFRAME_CLOSING_LINE where that is set.
 */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state]++;
      for (const broken of [module, ...module.children.allSuites()]) count.failed += broken.errors().length;
    }
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    const line = `${count.passed} passed, ${count.failed} failed${skipped}\n`;
    const file = process.env.HEADFRAME_CLOSING_LINE;
    if (file) appendFileSync(file, line);
    else process.stdout.write(line);
  }
}
