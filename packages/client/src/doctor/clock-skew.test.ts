import type { Reply } from '@headframe/model';
import { expect, test } from 'vitest';
import { clockSkew } from './clock-skew.ts';

const AT = 1_790_000_000_000;
const reply = (doc: unknown): Reply => ({
  meta: { id: 'x', request: 'x', at: AT, ms: 1, bytes: 1, repairs: [], error: null },
  doc,
  raw: null,
  error: null,
});
const when = (seconds: number) => new Map([['summary', reply({ STATUS: [{ STATUS: 'S', When: seconds }] })]]);
const page = (date: string) => reply({ status: 200, headers: { date }, text: '', json: undefined });

test('a clock two hours ahead is told by When', () => {
  expect(clockSkew(when(1_790_007_200), null)).toMatchObject({
    value: 7200,
    line: 'its clock is 2 h ahead, by When of summary',
  });
});

test('a clock that differs by the second that both round is right', () => {
  expect(clockSkew(when(1_789_999_999), null)).toMatchObject({ value: 0 });
});

test('an uptime in the place of the time is no clock', () => {
  expect(clockSkew(when(86_400), null)).toEqual({ notSeen: 'no reply carried the time' });
});

test('the Date header of its page counts where no reply has the time', () => {
  // 1,790,000,000 s after 1970 is 14:13:20.
  expect(clockSkew(new Map(), page('Mon, 21 Sep 2026 14:12:20 GMT'))).toMatchObject({ value: -60 });
  expect(clockSkew(new Map(), page('soon'))).toMatchObject({ notSeen: 'no reply carried the time' });
});
