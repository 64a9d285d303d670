import { describe, expect, test } from 'vitest';
import { isShortOfSockets, linkError } from './link-errors.ts';

const systemError = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

describe('what the system says becomes one class', () => {
  test.each([
    ['ECONNREFUSED', false, 'link/refused'],
    ['ETIMEDOUT', false, 'link/timed-out-connecting'],
    ['ETIMEDOUT', true, 'link/timed-out-waiting'],
    ['ECONNRESET', true, 'link/reset'],
    ['EPIPE', true, 'link/reset'],
    ['EHOSTUNREACH', false, 'link/unreachable'],
    ['ENETUNREACH', false, 'link/unreachable'],
    ['EHOSTDOWN', false, 'link/unreachable'],
    ['ENOTFOUND', false, 'link/name-not-found'],
    ['EAI_AGAIN', false, 'link/name-not-found'],
    ['EMFILE', false, 'link/unreachable'],
    ['ESOMETHING', false, 'link/unreachable'],
  ])('%s (connected: %s) is %s', (errno, connected, code) => {
    expect(linkError(systemError(errno), connected, { address: '10.0.0.5:4028' }).code).toBe(code);
  });
});

test('a name with several addresses that all fail counts by its first failure', () => {
  const all = Object.assign(new AggregateError([systemError('ECONNREFUSED'), systemError('ENETUNREACH')]), {});
  expect(linkError(all, false, {}).code).toBe('link/refused');
});

test('a missing route is told as this computer’s, a missing host as the network’s', () => {
  const address = '10.9.0.5:4028';
  expect(linkError(systemError('ENETUNREACH'), false, { address }).message).toContain('this computer has no route');
  expect(linkError(systemError('EHOSTUNREACH'), false, { address }).message).toContain('no such host is there');
});

test('running out of sockets is told apart from a device that is not there', () => {
  expect(isShortOfSockets(systemError('EMFILE'))).toBe(true);
  expect(isShortOfSockets(systemError('EHOSTUNREACH'))).toBe(false);
  expect(linkError(systemError('EMFILE'), false, {}).message).toContain('talk to fewer devices at once');
});
