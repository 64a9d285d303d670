import type { ErrorSummary } from './snapshot.ts';

/**
 * Why talking failed: one class, one table of stable codes.
 * What is wrong with a machine that does talk is a finding (`findings.ts`), never an error.
 */

/** What a message may name. Never a password, a token or a cookie: errors travel into logs, metrics and web pages. */
export interface ErrorContext {
  /** Host, or `host:port`. */
  readonly address?: string;
  /** What was asked: a command, `GET /path`, a flag. */
  readonly request?: string;
  /** How long we waited, in milliseconds. */
  readonly afterMs?: number;
  /** How many bytes had come by then. */
  readonly bytes?: number;
  /** Where in the reply it went wrong, in bytes. */
  readonly offset?: number;
  /** The first bytes of what came, printable, at most 64 characters. */
  readonly firstBytes?: string;
  /** The device's own code and text, word for word. */
  readonly vendorCode?: string;
  readonly vendorText?: string;
  /** The limit that was passed, and its unit in words. */
  readonly limit?: string;
  /** Free detail: what exactly was wrong, as a part of a sentence. */
  readonly detail?: string;
  /** What the person can do next, as a sentence. */
  readonly next?: string;
}

interface ErrorKind {
  /** Whether the same request may succeed later without anybody doing something. */
  readonly retryable: boolean;
  /** HTTP status of the daemon's API. */
  readonly httpStatus: number;
  /** Exit status of the command line. */
  readonly exitCode: number;
  /** What it means, for the documentation. */
  readonly meaning: string;
  /** The sentence for a person. */
  readonly sentence: (c: ErrorContext) => string;
}

/** At the start of a sentence, and within one. */
const who = (c: ErrorContext) => c.address ?? 'The device';
const whom = (c: ErrorContext) => c.address ?? 'the device';
const asked = (c: ErrorContext) => (c.request === undefined ? '' : ` when asked for ${c.request}`);
const seconds = (c: ErrorContext) =>
  c.afterMs === undefined ? 'the time limit' : `${+(c.afterMs / 1000).toPrecision(2)} s`;
const said = (c: ErrorContext) => (c.firstBytes === undefined ? '' : `, first bytes: ${c.firstBytes}`);
const vendor = (c: ErrorContext) => {
  const parts = [c.vendorCode === undefined ? '' : `code ${c.vendorCode}`, c.vendorText ?? ''].filter((p) => p !== '');
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
};
const detail = (c: ErrorContext) => (c.detail === undefined ? '' : `: ${c.detail}`);

const EXIT = { internal: 1, usage: 2, support: 3, auth: 4, link: 5, protocol: 6, device: 7 } as const;

const link = (httpStatus: number, retryable: boolean, meaning: string, sentence: ErrorKind['sentence']): ErrorKind => ({
  retryable,
  httpStatus,
  exitCode: EXIT.link,
  meaning,
  sentence,
});

/** Every code there is. `docs/reference/errors.md` is generated from it. */
export const ERRORS = {
  'link/refused': link(
    502,
    true,
    'The host answered, and nothing listens on that port',
    (c) => `${who(c)} refused the connection: nothing listens on that port${detail(c)}`,
  ),
  'link/timed-out-connecting': link(
    504,
    true,
    'No answer to the connection attempt: no machine there, or a firewall drops the packets',
    (c) => `${who(c)} did not answer the connection attempt within ${seconds(c)}`,
  ),
  'link/timed-out-waiting': link(
    504,
    true,
    'Connected, and then nothing or only a part came before the deadline',
    (c) =>
      c.bytes === undefined || c.bytes === 0
        ? `${who(c)} took the connection but sent nothing for ${seconds(c)}`
        : `${who(c)} stopped after ${c.bytes} bytes and sent no more for ${seconds(c)}`,
  ),
  'link/reset': link(
    502,
    true,
    'The connection was reset before a whole reply had come',
    (c) => `${who(c)} reset the connection${asked(c)}${detail(c)}`,
  ),
  'link/closed-empty': link(
    502,
    true,
    'The connection was taken and closed without a byte: on cgminer this is the address list (api-allow)',
    (c) => `${who(c)} closed the connection without a byte${asked(c)}`,
  ),
  'link/unreachable': link(
    502,
    true,
    'No route to the host, or the network said that it is not there',
    (c) => `${who(c)} is unreachable${detail(c)}`,
  ),
  'link/name-not-found': link(
    502,
    true,
    'The host name does not resolve to an address',
    (c) => `The name ${c.address ?? 'of the host'} does not resolve to an address`,
  ),
  'link/too-large': link(
    502,
    false,
    'The reply is larger than the limit for this family; the rest was not read',
    (c) => `${who(c)} sent more than ${c.limit ?? 'the limit'}${asked(c)}`,
  ),
  'link/cancelled': link(
    499,
    true,
    'The caller cancelled the request',
    (c) => `The request to ${whom(c)} was cancelled`,
  ),

  'protocol/malformed': {
    retryable: true,
    httpStatus: 502,
    exitCode: EXIT.protocol,
    meaning: 'The reply is not what the protocol says and could not be repaired',
    sentence: (c) =>
      `${who(c)} sent a reply that cannot be read${asked(c)}${detail(c)}${c.offset === undefined ? '' : ` (byte ${c.offset})`}${said(c)}`,
  },
  'protocol/truncated': {
    retryable: true,
    httpStatus: 502,
    exitCode: EXIT.protocol,
    meaning: 'The reply ends in the middle',
    sentence: (c) =>
      `${who(c)} sent a reply that ends in the middle${asked(c)}${c.bytes === undefined ? '' : ` (after ${c.bytes} bytes)`}${said(c)}`,
  },
  'protocol/wrong-shape': {
    retryable: false,
    httpStatus: 502,
    exitCode: EXIT.protocol,
    meaning: 'The reply can be read, and is not an answer to what was asked',
    sentence: (c) => `${who(c)} answered something else${asked(c)}${detail(c)}${said(c)}`,
  },
  'protocol/cannot-decrypt': {
    retryable: false,
    httpStatus: 502,
    exitCode: EXIT.protocol,
    meaning: 'The sealed reply does not open with the key in use',
    sentence: (c) => `The reply of ${whom(c)} does not open with the key in use${asked(c)}${detail(c)}`,
  },

  'auth/required': {
    retryable: false,
    httpStatus: 502,
    exitCode: EXIT.auth,
    meaning: 'The device wants a password and none was given',
    sentence: (c) => `${who(c)} wants a password${asked(c)}, and none was given`,
  },
  'auth/rejected': {
    retryable: false,
    httpStatus: 502,
    exitCode: EXIT.auth,
    meaning: 'The device does not accept the user name or the password',
    sentence: (c) => `${who(c)} does not accept the user name or the password${asked(c)}`,
  },
  'auth/expired': {
    retryable: true,
    httpStatus: 502,
    exitCode: EXIT.auth,
    meaning: 'The session or token ran out',
    sentence: (c) => `The session with ${whom(c)} ran out${asked(c)}`,
  },
  'auth/writes-off': {
    retryable: false,
    httpStatus: 502,
    exitCode: EXIT.auth,
    meaning: "The device's owner has switched off writing over the API",
    sentence: (c) => `${who(c)} does not take changes over its API${vendor(c)}`,
  },
  'auth/address-not-allowed': {
    retryable: false,
    httpStatus: 502,
    exitCode: EXIT.auth,
    meaning: 'The device does not serve our address, or not this command to our address',
    sentence: (c) => `${who(c)} does not allow this from our address${asked(c)}${vendor(c)}`,
  },

  'auth/host-key-changed': {
    retryable: false,
    httpStatus: 502,
    exitCode: EXIT.auth,
    meaning: 'The machine shows another SSH host key than the one that is known; no login was sent',
    sentence: (c) => `${who(c)} shows another SSH host key than the one that is known${detail(c)}; no login was sent`,
  },

  'device/refused': {
    retryable: false,
    httpStatus: 502,
    exitCode: EXIT.device,
    meaning: "The device understood and said no; its own code and text are in the error's context",
    sentence: (c) => `${who(c)} refused${asked(c)}${vendor(c)}`,
  },
  'device/busy': {
    retryable: true,
    httpStatus: 503,
    exitCode: EXIT.device,
    meaning: 'The device is occupied by another session or by itself',
    sentence: (c) => `${who(c)} is busy${asked(c)}${vendor(c)}`,
  },
  'device/restarting': {
    retryable: true,
    httpStatus: 503,
    exitCode: EXIT.device,
    meaning: 'The device is starting or restarting',
    sentence: (c) => `${who(c)} is restarting${detail(c)}`,
  },
  'device/unverified': {
    retryable: false,
    httpStatus: 502,
    exitCode: EXIT.device,
    meaning: 'The device accepted, and what can be read back does not show it',
    sentence: (c) => `${who(c)} accepted, but reading it back does not show it${detail(c)}`,
  },

  'support/unknown-device': {
    retryable: false,
    httpStatus: 422,
    exitCode: EXIT.support,
    meaning: 'What answers there is not a machine that Headframe knows',
    sentence: (c) => `${who(c)} is not a machine that Headframe knows${detail(c)}${said(c)}`,
  },
  'support/unsupported': {
    retryable: false,
    httpStatus: 422,
    exitCode: EXIT.support,
    meaning: 'The machine is known, and cannot do this with its firmware',
    sentence: (c) => `${who(c)} cannot do this${asked(c)}${detail(c)}`,
  },

  'usage/invalid': {
    retryable: false,
    httpStatus: 400,
    exitCode: EXIT.usage,
    meaning: 'A value that the person gave does not fit; nothing was sent',
    sentence: (c) => c.detail ?? 'A value does not fit',
  },
  'usage/port-in-use': {
    retryable: false,
    httpStatus: 409,
    exitCode: EXIT.usage,
    meaning: 'The port that Headframe should listen on is taken by another program',
    sentence: (c) => `${c.address ?? 'The port'} is in use by another program`,
  },
  'usage/already-running': {
    retryable: false,
    httpStatus: 409,
    exitCode: EXIT.usage,
    meaning: 'A Headframe daemon already runs on this data folder',
    sentence: (c) => `Headframe already runs${c.address === undefined ? '' : ` at ${c.address}`}${detail(c)}`,
  },
  'usage/not-allowed': {
    retryable: false,
    httpStatus: 403,
    exitCode: EXIT.usage,
    meaning: 'The daemon does not do this for this caller',
    sentence: (c) => c.detail ?? 'This is not allowed',
  },
  'usage/not-found': {
    retryable: false,
    httpStatus: 404,
    exitCode: EXIT.usage,
    meaning: 'There is nothing under that name',
    sentence: (c) => c.detail ?? 'There is nothing under that name',
  },

  internal: {
    retryable: false,
    httpStatus: 500,
    exitCode: EXIT.internal,
    meaning: 'A mistake in Headframe itself',
    sentence: (c) => `A mistake in Headframe itself${detail(c)}; please report it`,
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** The one error class: a stable code, a sentence, the context and the cause. */
export class HeadframeError extends Error {
  override readonly name = 'HeadframeError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, context: ErrorContext = {}, cause?: unknown) {
    const sentence = ERRORS[code].sentence(context);
    super(
      `${sentence} (${code}).${context.next === undefined ? '' : ` ${context.next}`}`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.context = context;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }

  get httpStatus(): number {
    return ERRORS[this.code].httpStatus;
  }

  get exitCode(): number {
    return ERRORS[this.code].exitCode;
  }

  /** Code and sentence, for gaps and for JSON. */
  get summary(): ErrorSummary {
    return { code: this.code, message: this.message };
  }

  /** The same error with more context, such as the address that a codec does not know. */
  with(context: ErrorContext): HeadframeError {
    return new HeadframeError(this.code, { ...context, ...this.context }, this.cause);
  }
}

/** Any thrown value as a {@link HeadframeError}: what is not one yet is a mistake of ours. */
export function asHeadframeError(thrown: unknown, context: ErrorContext = {}): HeadframeError {
  if (thrown instanceof HeadframeError) return thrown.with(context);
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new HeadframeError('internal', { ...context, detail }, thrown);
}

/**
 * The first bytes of a reply as printable text for an error or a page: control and non-ASCII bytes as `\xNN`.
 * @param bytes what came
 * @param most how many bytes to show at the most
 */
export function printable(bytes: Uint8Array, most = 64): string {
  let out = '';
  const end = Math.min(bytes.length, most);
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] as number;
    out += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return bytes.length > most ? `${out}…` : out;
}
