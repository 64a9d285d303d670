export interface RunOptions {
  /** Before anything has left it keeps it from leaving; behind that the outcome is what is known by then. */
  readonly signal?: AbortSignal;
  /** End somebody else's session with the machine first, where it has one. */
  readonly takeOver?: boolean;
  /** For guarded actions: they were allowed on purpose, and the machine's address was typed once more. */
  readonly guarded?: { readonly typedAddress: string };
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly phase: 'sending' | 'reading back';
  /** The step in hand, counted from 1, and how many there are. */
  readonly step: number;
  readonly steps: number;
  /** How much of a large body has left, in bytes. */
  readonly sentBytes?: number;
  readonly ofBytes?: number;
}
