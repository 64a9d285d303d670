/* The words of the snapshot that are one of a few. What each means is in docs/reference/snapshot.md. */

export const MACHINE_STATES = ['mining', 'starting', 'paused', 'idle', 'fault', 'unknown'] as const;
export const HASHBOARD_STATES = ['ok', 'missing', 'disabled', 'fault', 'unknown'] as const;
export const POOL_STATES = ['alive', 'dead', 'disabled', 'rejecting', 'unknown'] as const;
export const CHIP_STATES = ['ok', 'weak', 'dead', 'unknown'] as const;
export const GAP_REASONS = ['failed', 'denied', 'not-read'] as const;
export const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const;
