import { type ErrorCode, type ErrorContext, HeadframeError } from '@headframe/model';
import type { RpcError } from './reply.ts';

/**
 * What ethminer's no means (protocols.md 5.3, 5.4, 5.7).
 * @param request what was asked, for the message
 */
export function rpcRefusal({ code, message }: RpcError, request: string): HeadframeError {
  const vendor: ErrorContext = {
    request,
    ...(code === null ? {} : { vendorCode: code }),
    ...(message === '' ? {} : { vendorText: message }),
  };
  const next = NEXT[meaningOf(code, message)];
  return new HeadframeError(meaningOf(code, message), { ...vendor, ...(next === undefined ? {} : { next }) });
}

function meaningOf(code: string | null, message: string): ErrorCode {
  switch (code) {
    case '-403':
      return 'auth/required';
    case '-401':
      return 'auth/rejected';
    case '-32601':
      // The same code for a method that it does not have, and for one that a read-only port does not let through. Before
      // 0.16 it says `METHOD_NOT_FOUND: The method being requested is not available on this server` to both.
      return /^method not available/i.test(message) ? 'auth/writes-off' : 'support/unsupported';
    case '-422':
      return /^outstanding operations/i.test(message) ? 'device/busy' : 'device/refused';
    default:
      return 'device/refused';
  }
}

const NEXT: Readonly<Partial<Record<ErrorCode, string>>> = {
  'auth/required': 'It takes the password that ethminer was started with (--api-password); a user name is not needed.',
  'auth/writes-off': 'ethminer was started with a negative port (--api-bind -3333): start it with a positive one.',
};
