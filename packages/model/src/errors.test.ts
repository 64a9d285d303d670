import { describe, expect, test } from 'vitest';
import { asHeadframeError, ERRORS, type ErrorCode, type ErrorContext, HeadframeError, printable } from './errors.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

/** Every key that a context has: a new one does not compile here until it is filled in. */
const full: Required<ErrorContext> = {
  address: '10.0.4.99',
  request: 'summary',
  afterMs: 5000,
  bytes: 12,
  offset: 34,
  firstBytes: 'HTTP/1.1 400',
  vendorCode: '45',
  vendorText: 'Access denied',
  limit: '1 MiB',
  detail: 'a detail',
  next: 'Next: look at the cable.',
};

describe('every code', () => {
  test.each(codes)('%s reads as a sentence without and with its context', (code) => {
    for (const context of [{}, full, { address: '10.0.4.99' }]) {
      const { message } = new HeadframeError(code, context);
      expect(message).not.toMatch(/undefined|null|NaN|\[object/);
      expect(message).toMatch(/^\S.*\S$/);
      expect(message).toContain(`(${code}).`);
      expect(message).not.toMatch(/ {2}|\w The /);
    }
  });

  test.each(codes)('%s has a status for programs and for HTTP', (code) => {
    expect(code).toMatch(/^(internal|(link|protocol|auth|device|support|usage)\/[a-z-]+)$/);
    expect(ERRORS[code].exitCode).toBeGreaterThanOrEqual(1);
    expect(ERRORS[code].httpStatus).toBeGreaterThanOrEqual(400);
    expect(ERRORS[code].meaning).toMatch(/^[A-Z].*[^.]$/);
  });

  test('the exit status says which kind of thing went wrong', () => {
    expect(new HeadframeError('internal').exitCode).toBe(1);
    expect(new HeadframeError('usage/invalid').exitCode).toBe(2);
    expect(new HeadframeError('support/unsupported').exitCode).toBe(3);
    expect(new HeadframeError('auth/required').exitCode).toBe(4);
    expect(new HeadframeError('link/timed-out-waiting').exitCode).toBe(5);
    expect(new HeadframeError('protocol/malformed').exitCode).toBe(6);
    expect(new HeadframeError('device/busy').exitCode).toBe(7);
  });
});

describe('what a technician reads', () => {
  test('a silent machine: who, how long, and what to do next', () => {
    const error = new HeadframeError('link/timed-out-waiting', {
      address: '10.0.4.99',
      afterMs: 5000,
      next: 'Next: headframe doctor 10.0.4.99',
    });
    expect(error.message).toBe(
      '10.0.4.99 took the connection but sent nothing for 5 s (link/timed-out-waiting). Next: headframe doctor 10.0.4.99',
    );
    expect(error.retryable).toBe(true);
    expect(error.httpStatus).toBe(504);
  });

  test('a machine that stops in the middle says how far it came', () => {
    expect(new HeadframeError('link/timed-out-waiting', { address: 'm1', afterMs: 1500, bytes: 12 }).message).toBe(
      'm1 stopped after 12 bytes and sent no more for 1.5 s (link/timed-out-waiting).',
    );
  });

  test("the device's own code and text are kept word for word", () => {
    const error = new HeadframeError('auth/address-not-allowed', {
      address: '10.0.4.17',
      request: 'devdetails',
      vendorCode: '45',
      vendorText: "Access denied to 'devdetails' command",
    });
    expect(error.message).toBe(
      "10.0.4.17 does not allow this from our address when asked for devdetails: code 45, Access denied to 'devdetails' command (auth/address-not-allowed).",
    );
  });

  test('a mistake of the person is only the sentence that says so', () => {
    expect(new HeadframeError('usage/invalid', { detail: '10.0.4.0/40 is no range' }).message).toBe(
      '10.0.4.0/40 is no range (usage/invalid).',
    );
  });
});

test('no part of the context is made for a secret', () => {
  for (const key of Object.keys(full)) {
    expect(key).not.toMatch(/pass|secret|token|cookie|credential|auth|header|body|user/i);
  }
});

describe('context and cause', () => {
  const cause = new Error('ECONNRESET');

  test('context that is added later keeps code, cause and what was already known', () => {
    const error = new HeadframeError('link/reset', { request: 'summary' }, cause).with({
      address: '10.0.4.17',
      request: 'another',
    });
    expect(error.code).toBe('link/reset');
    expect(error.cause).toBe(cause);
    expect(error.context).toEqual({ address: '10.0.4.17', request: 'summary' });
    expect(error.message).toBe('10.0.4.17 reset the connection when asked for summary (link/reset).');
  });

  test('an error without a cause has none, also after more context', () => {
    expect(Object.hasOwn(new HeadframeError('link/reset').with({ address: 'm1' }), 'cause')).toBe(false);
  });

  test('anything else that is thrown is a mistake of ours, and stays the cause', () => {
    const error = asHeadframeError(cause, { address: '10.0.4.17' });
    expect(error.code).toBe('internal');
    expect(error.cause).toBe(cause);
    expect(error.message).toBe('A mistake in Headframe itself: ECONNRESET; please report it (internal).');
    expect(asHeadframeError('a text').message).toContain('a text');
  });

  test('an error of ours passes through with the context added', () => {
    const error = asHeadframeError(new HeadframeError('device/busy', {}, cause), { address: '10.0.4.17' });
    expect(error.summary).toEqual({ code: 'device/busy', message: '10.0.4.17 is busy (device/busy).' });
    expect(error.cause).toBe(cause);
  });
});

describe('the first bytes of a reply', () => {
  test('control and non-ASCII bytes are shown by number', () => {
    expect(printable(Uint8Array.of(0x7b, 0x22, 0x00, 0x0a, 0xe9, 0x7f))).toBe('{"\\x00\\x0a\\xe9\\x7f');
  });

  test('a long reply is cut and says so', () => {
    expect(printable(new TextEncoder().encode('abcdef'), 3)).toBe('abc…');
    expect(printable(new TextEncoder().encode('abc'), 3)).toBe('abc');
    expect(printable(new Uint8Array())).toBe('');
  });
});
