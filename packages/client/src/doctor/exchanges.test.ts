import { type ErrorContext, HeadframeError, type Reply } from '@headframe/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleaned, connectClassOf, exchangeOf, isDeaf, whyNotSeen } from './exchanges.ts';

const ASKED = { port: 4028, request: 'summary', command: null };

function reply(error: HeadframeError | null, bytes = 0, text: string | null = null): Reply {
  const raw = text === null ? null : new TextEncoder().encode(text);
  const meta = {
    id: 'summary',
    request: 'summary',
    at: 5000,
    ms: 12,
    bytes,
    repairs: [],
    error: error?.summary ?? null,
  };
  return { meta, doc: error === null ? { STATUS: [] } : null, raw, error };
}

const failed = (code: HeadframeError['code'], context: ErrorContext = {}, text: string | null = null) =>
  reply(new HeadframeError(code, context), context.bytes ?? text?.length ?? 0, text);

describe('a request', () => {
  test.each([
    ['denied', failed('auth/address-not-allowed', { vendorCode: '45' }, '{..}'), '45'],
    ['denied', failed('auth/required', {}, 'Unauthorized'), null],
    ['refused-by-code', failed('support/unsupported', { vendorCode: '14', vendorText: 'Invalid command' }, '{}'), '14'],
    ['refused-by-code', failed('device/busy', { vendorCode: '503' }, 'x'), '503'],
    ['closed-empty', failed('link/closed-empty'), null],
    ['closed-empty', failed('link/reset'), null],
    ['partial', failed('link/reset', { bytes: 512 }), null],
    ['silent', failed('link/timed-out-waiting', { afterMs: 3000, bytes: 0 }), null],
    ['partial', failed('link/timed-out-waiting', { afterMs: 3000, bytes: 7 }), null],
    ['partial', failed('protocol/truncated', { bytes: 90 }), null],
    ['malformed', failed('protocol/malformed', {}, 'garbage'), null],
    ['malformed', failed('link/too-large', { limit: '64 KiB' }), null],
    ['foreign', failed('protocol/wrong-shape', {}, '<html>'), null],
    ['foreign', failed('protocol/malformed', {}, 'SSH-2.0-dropbear'), null],
  ])('is %s', (outcome, came, vendorCode) => {
    expect(exchangeOf(came, ASKED).value).toMatchObject({ outcome, vendorCode });
  });

  test('that came whole is told with its bytes and its time', () => {
    const sight = exchangeOf(reply(null, 1873, '{}'), ASKED);
    expect(sight).toMatchObject({ at: 5000, ms: 12, bytes: 1873, line: '4028 summary: answered, 1873 bytes in 12 ms' });
  });

  test('that needed repairs says how many', () => {
    const came = reply(null, 100, '{}');
    const repaired = { ...came, meta: { ...came.meta, repairs: [{ kind: 'missing-comma', offset: 1 }] } } as Reply;
    expect(exchangeOf(repaired, ASKED).value).toMatchObject({ outcome: 'answered', repairs: 1 });
  });
});

describe('the class of a connection', () => {
  test.each([
    ['refused', failed('link/refused')],
    ['timed-out', failed('link/timed-out-connecting')],
    ['unreachable', failed('link/unreachable')],
    ['unreachable', failed('link/name-not-found')],
    ['open', failed('link/closed-empty')],
    ['open', failed('link/timed-out-waiting')],
    // The port was open; what is behind it says that nothing listens (protocols.md 1.11).
    ['open', failed('link/refused', {}, 'Socket connect failed: Connection refused\n')],
    [null, failed('link/cancelled')],
  ])('is %s', (found, came) => {
    expect(connectClassOf(came)).toBe(found);
  });

  test('a device that says no is not deaf', () => {
    expect(isDeaf(failed('auth/address-not-allowed', {}, '{}'))).toBe(false);
    expect(isDeaf(failed('link/closed-empty'))).toBe(true);
  });
});

describe('the words of a device', () => {
  test('are printable and short in every line, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 4000 }), (text) => {
        const errors: HeadframeError['code'][] = ['device/refused', 'auth/rejected', 'protocol/malformed'];
        for (const code of errors) {
          const { line } = exchangeOf(failed(code, { vendorCode: text, vendorText: text }, text), ASKED);
          expect(line).toMatch(/^[\x20-\x7e…]*$/);
          expect(line.length).toBeLessThan(700);
        }
        expect(cleaned(text)).toMatch(/^[\x20-\x7e…]*$/);
      }),
      { seed: 8, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
    );
  });

  test('stand in what was not seen without the code of the error', () => {
    const why = whyNotSeen(new HeadframeError('link/refused', { address: '10.0.4.21:80' }));
    expect(why).toEqual({ notSeen: '10.0.4.21:80 refused the connection: nothing listens on that port' });
  });
});
