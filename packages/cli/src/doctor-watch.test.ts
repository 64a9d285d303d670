import type { Diagnosis } from '@headframe/diagnosis';
import { expect, test } from 'vitest';
import { changeText } from './doctor-watch.ts';

const state = (code: string, urgency: Diagnosis['urgency'], confidence = 0.9): Diagnosis =>
  ({
    address: '10.0.4.21',
    urgency,
    sentence: `It is ${code}.`,
    verdicts: [{ code, confidence }],
  }) as unknown as Diagnosis;

test('a watch tells the first state of a machine, healthy or not', () => {
  expect(changeText(null, state('healthy', 'healthy'))).toBe('10.0.4.21  healthy  It is healthy.');
  expect(changeText(null, state('api.blocked', 'unknown'))).toBe('10.0.4.21  api.blocked (90 %)  It is api.blocked.');
});

test('a watch says nothing of a machine that is as it was, however sure it is now', () => {
  expect(changeText(state('api.blocked', 'dead', 0.6), state('api.blocked', 'dead', 0.9))).toBeNull();
});

test('a watch tells from what to what a machine changed, and when it ceases to hash with the same cause', () => {
  expect(changeText(state('healthy', 'healthy'), state('machine.dead', 'dead', 0.6))).toBe(
    '10.0.4.21  healthy -> machine.dead (60 %)  It is machine.dead.',
  );
  expect(changeText(state('api.blocked', 'hashing-but-deaf'), state('api.blocked', 'dead'))).toBe(
    '10.0.4.21  api.blocked (90 %)  It is api.blocked.',
  );
});
