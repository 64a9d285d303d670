/** What can be wrong with a pool, or on the way to it. */
export type PoolFault =
  /** Nothing listens: connections are refused. */
  | { readonly kind: 'down' }
  /** Every reply comes so many seconds later. */
  | { readonly kind: 'slow'; readonly seconds: number }
  /** 401, whatever key was given. */
  | { readonly kind: 'unauthorized' }
  /** 429: asked too often. */
  | { readonly kind: 'rate-limited' }
  /** The error page of the server in front of the pool, in place of the reply. */
  | { readonly kind: 'html' }
  /** Statistics lag so many seconds behind. */
  | { readonly kind: 'stale'; readonly seconds: number }
  /** A worker that the pool does not know, by its whole name or by the part behind the account; all when left out. */
  | { readonly kind: 'worker-unknown'; readonly worker?: string }
  /** The pool's clock is so many seconds ahead; negative: behind. */
  | { readonly kind: 'clock'; readonly seconds: number };
