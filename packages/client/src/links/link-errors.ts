import { type ErrorContext, HeadframeError } from '@headframe/model';

/**
 * What the operating system says of a broken connection, as one of our classes (protocols.md 13.3).
 * @param connected whether the connection had been up
 */
export function linkError(thrown: unknown, connected: boolean, context: ErrorContext): HeadframeError {
  const code = errnoOf(thrown);
  switch (code) {
    case 'ECONNREFUSED':
      return new HeadframeError('link/refused', context, thrown);
    case 'ETIMEDOUT':
      return new HeadframeError(connected ? 'link/timed-out-waiting' : 'link/timed-out-connecting', context, thrown);
    case 'ECONNRESET':
    case 'ECONNABORTED':
    case 'EPIPE':
      return new HeadframeError('link/reset', context, thrown);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return new HeadframeError('link/name-not-found', context, thrown);
    default:
      return new HeadframeError('link/unreachable', { ...context, detail: reasonOf(code, thrown) }, thrown);
  }
}

/** True when this computer, not the device, had no socket left for the attempt. */
export function isShortOfSockets(thrown: unknown): boolean {
  const code = errnoOf(thrown);
  return code === 'EMFILE' || code === 'ENFILE' || code === 'ENOBUFS';
}

/** The system's code; a name with several addresses fails with one error per address in `errors`. */
export function errnoOf(thrown: unknown): string {
  if (thrown === null || typeof thrown !== 'object') return '';
  const { code, errors } = thrown as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) && errors.length > 0 ? errnoOf(errors[0]) : '';
}

function reasonOf(code: string, thrown: unknown): string {
  switch (code) {
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
      return 'the network says that no such host is there (EHOSTUNREACH)';
    case 'ENETUNREACH':
    case 'ENETDOWN':
      return `this computer has no route to that network (${code})`;
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOBUFS':
      return `this computer has no socket left for it (${code}); talk to fewer devices at once`;
    case 'EACCES':
    case 'EPERM':
      return `this computer does not let us connect there (${code})`;
    default:
      return code !== '' ? code : thrown instanceof Error ? thrown.message : String(thrown);
  }
}
