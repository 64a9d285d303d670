import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventFaults } from './events.ts';

const faultsIn = (...EVENTS: unknown[]) => eventFaults({ EVENTS });

describe('what a LuxOS machine reports of itself', () => {
  test('is kept with its own code and text, and never taken for one of ours', () => {
    expect(
      faultsIn({ Code: 1203, Message: 'Board 1 failed to ramp', Severity: 'Error', Board: 1, When: 1760242394 }),
    ).toEqual([
      {
        code: 'vendor.unmapped',
        vendorCode: '1203',
        text: 'Board 1 failed to ramp',
        severity: 'error',
        component: '1',
        at: 1_760_242_394_000,
      },
    ]);
  });

  test('without a word on how bad it is, is a warning; what is no trouble is left out', () => {
    expect(faultsIn({ ID: 'E7' })).toMatchObject([{ vendorCode: 'E7', severity: 'warning', text: null, at: null }]);
    expect(faultsIn({ Code: 1, Level: 'info' }, {}, null, 'text')).toEqual([]);
  });

  test('is nothing when there is nothing, and the newest fifty when there is much', () => {
    expect(eventFaults(null)).toEqual([]);
    expect(faultsIn()).toEqual([]);
    const many = faultsIn(...Array.from({ length: 1000 }, (_, i) => ({ Code: i })));
    expect(many).toHaveLength(50);
    expect(many.at(-1)?.vendorCode).toBe('999');
  });

  test('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (EVENTS) => {
        for (const fault of eventFaults({ EVENTS })) expect(fault.code).toBe('vendor.unmapped');
      }),
      { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });
});
