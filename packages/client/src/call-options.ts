/** What every call to a machine takes. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Instead of the miner's own limit, ms. */
  readonly timeoutMs?: number;
}
