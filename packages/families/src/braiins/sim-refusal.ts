/** Status codes of gRPC that the machine answers with. */
export const GRPC = {
  ok: 0,
  invalidArgument: 3,
  notFound: 5,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unauthenticated: 16,
} as const;

/** The machine says no. Thrown by what answers a call, and made a status by the door that the call came through. */
export class ApiRefusal extends Error {
  /** Of gRPC. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const invalid = (message: string): ApiRefusal => new ApiRefusal(GRPC.invalidArgument, message);

/** Text of a 23.12.1: `power target [0W] is not in allowed range [Some(1700), Some(6500)]`. */
export function inRange(what: string, value: number, { min, max }: Range, unit = ''): number {
  if (value >= min && value <= max) return value;
  throw invalid(`${what} [${value}${unit}] is not in allowed range [Some(${min}), Some(${max})]`);
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Text of a 26.01: `group name '' length (0) is out-of-range (min: Some(1), max: None)`. */
export function notEmpty(what: string, text: string): string {
  if (text.length > 0) return text;
  throw invalid(`${what} '' length (0) is out-of-range (min: Some(1), max: None)`);
}

export function required<T>(what: string, value: T | undefined): T {
  if (value === undefined) throw invalid(`${what} is required`);
  return value;
}

export const REFUSE = {
  invalid,
  notFound: (what: string) => new ApiRefusal(GRPC.notFound, what),
  precondition: (what: string) => new ApiRefusal(GRPC.failedPrecondition, what),
  /** Text of a 26.01 and a 26.08. */
  notRunning: () => new ApiRefusal(GRPC.failedPrecondition, 'BOSminer is not running'),
  /** Text of a 26.01 and a 26.08, while the mining program starts. */
  notConnected: () => new ApiRefusal(GRPC.internal, 'BOSminer API connection error: Connection refused (os error 111)'),
  /** Text of a 23.12.1. */
  token: () => new ApiRefusal(GRPC.unauthenticated, 'Missing or invalid authentication token'),
  login: () => new ApiRefusal(GRPC.unauthenticated, 'Invalid username or password'),
  /** Text of the published REST description. */
  busy: () => new ApiRefusal(GRPC.aborted, 'Another system task is already in progress.'),
  /** Text of the published REST description. */
  noUninstall: () => new ApiRefusal(GRPC.unimplemented, 'Uninstall is not supported on this platform.'),
  unimplemented: () => new ApiRefusal(GRPC.unimplemented, ''),
} as const;
