import type { LinkState, MinerRow } from '@headframe/api';
import type { ErrorCode, ErrorContext, HeadframeError, Snapshot } from '@headframe/model';
import type { Target } from '../ports.ts';
import type { Evidence } from './identity.ts';
import type { MachineLog } from './machine-log.ts';

/** From this many misses in a row on, a machine is unreachable, not merely failing. */
export const UNREACHABLE_AFTER = 3;

/** What is kept of an error: no stack, no cause and none of the bytes that these hold. */
export interface ErrorNote {
  readonly code: ErrorCode;
  readonly message: string;
  readonly context: ErrorContext;
  readonly at: number;
}

export const noteOf = ({ code, message, context }: HeadframeError, at: number): ErrorNote => ({
  code,
  message,
  context,
  at,
});

/** Everything known of one machine: one snapshot, no raw bytes. */
export interface Miner {
  id: string;
  evidence: Evidence;
  target: Target;
  readonly addedAt: number;
  link: LinkState;
  /** The last good reading, also when the machine is silent by now. */
  snapshot: Snapshot | null;
  lastAnswerAt: number | null;
  lastPollAt: number | null;
  lastPollMs: number | null;
  polls: number;
  failures: number;
  consecutiveFailures: number;
  /** When the first of them was; null while it answers. */
  failingSince: number | null;
  lastError: ErrorNote | null;
  /** What is remembered of its versions and of the times when it fell silent. */
  log: MachineLog;
  /** The row that follows from all this. */
  row: MinerRow;
}

/** How the conversation stands after a failure. */
export function linkAfter(code: ErrorCode, consecutiveFailures: number, everAnswered: boolean): LinkState {
  if (code === 'auth/required' || code === 'auth/rejected') return 'needs-credentials';
  if (!code.startsWith('link/')) return 'failing';
  if (!everAnswered) return 'never-answered';
  return consecutiveFailures < UNREACHABLE_AFTER ? 'failing' : 'unreachable';
}
