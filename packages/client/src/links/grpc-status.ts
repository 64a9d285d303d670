import { type ErrorCode, type ErrorContext, HeadframeError, MASK } from '@headframe/model';

/** The statuses of gRPC by their number (grpc/doc/statuscodes.md). */
const STATUSES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

const CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['UNAUTHENTICATED', 'auth/required'],
  ['PERMISSION_DENIED', 'auth/rejected'],
  ['UNIMPLEMENTED', 'support/unsupported'],
  ['RESOURCE_EXHAUSTED', 'device/busy'],
  ['DEADLINE_EXCEEDED', 'link/timed-out-waiting'],
  ['UNAVAILABLE', 'device/restarting'],
]);

/** A text of the device is kept word for word, up to here. */
const MOST_TEXT = 500;

/** How a call ended, as headers or trailers say it; null: they do not say. */
export interface SaidStatus {
  /** Null: OK. */
  readonly error: HeadframeError | null;
}

/**
 * @param metadata what went with the call: a device may quote a token, and an error must not
 */
export function statusIn(
  headers: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, string>>,
  context: ErrorContext,
): SaidStatus | null {
  const told = headers['grpc-status'];
  if (told === undefined) return null;
  const number = /^\d{1,9}$/.test(told) ? Number(told) : null;
  if (number === 0) return { error: null };
  if (number === null) {
    const detail = 'its status is no number';
    return { error: new HeadframeError('protocol/wrong-shape', { ...context, detail }) };
  }
  const vendorCode = STATUSES[number] ?? String(number);
  const text = withoutThese(Object.values(metadata), textOf(headers['grpc-message'] ?? ''));
  const vendor = { vendorCode, ...(text === '' ? {} : { vendorText: text }) };
  return { error: new HeadframeError(CODES.get(vendorCode) ?? 'device/refused', { ...context, ...vendor }) };
}

/** Percent-encoded UTF-8 by the rules; as it stands where a device does not keep them. */
function textOf(message: string): string {
  try {
    return decodeURIComponent(message).slice(0, MOST_TEXT);
  } catch {
    return message.slice(0, MOST_TEXT);
  }
}

const withoutThese = (secrets: readonly string[], text: string): string =>
  secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, MASK)), text);
