import { expect, test } from 'vitest';
import { CASES } from './cases.ts';
import { isRight, runMatrix, saidOf } from './matrix.ts';

/** One machine of each family for each fault; the slow suite has twenty, and says how sure the doctor may be. */
test('each fault on one machine of each family gets the name of its row', { timeout: 120_000 }, async () => {
  const results = await runMatrix(CASES, { seeds: 1, block: 99 });
  const wrong = results.filter((result) => !isRight(result));
  expect(wrong.map((result) => `${result.fault}, ${result.family}: ${saidOf(result)} ${result.crash ?? ''}`)).toEqual(
    [],
  );
  expect(results.length).toBeGreaterThan(150);
});
