import { expect, test } from 'vitest';
import { ACTIONS } from './actions.ts';
import { FINDINGS } from './findings.ts';
import { SEVERITIES } from './states.ts';

test('every finding says what it means and what to do about it', () => {
  for (const [code, { severity, meaning, remedy }] of Object.entries(FINDINGS)) {
    expect(code).toMatch(/^[a-z]+\.[a-z-]+$/);
    expect(SEVERITIES).toContain(severity);
    expect(meaning).toMatch(/^[A-Z].*[^.]$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});

test("a vendor's code without a word of ours has a finding to go to", () => {
  expect(FINDINGS).toHaveProperty(['vendor.unmapped']);
});

test('every action says what it does', () => {
  for (const [name, { does }] of Object.entries(ACTIONS)) {
    expect(name).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
    expect(does).toMatch(/^[A-Z].*[^.]$/);
  }
});
