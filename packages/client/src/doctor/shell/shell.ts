/** What a command gave. */
export interface Ran {
  /** Null: it was ended by a signal, or its end was not seen. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Why there is no more of it; null: it is whole. Only with `keepPart` anything else than null. */
  readonly cut: 'too-large' | 'timed-out' | 'closed' | null;
}

export interface RunLimits {
  /** 10,000 if absent. */
  readonly timeoutMs?: number;
  /** Of both outputs together; 256 KiB if absent, and never more. */
  readonly maxBytes?: number;
  /** Where it ends early, what came by then is given instead of an error. */
  readonly keepPart?: true;
}

/** A login on a machine: one connection, one command after the other. */
export interface Shell {
  /** `host`, or `host:port`. */
  readonly address: string;
  /** The host key that was met, `SHA256:...`. */
  readonly hostKey: string;
  /** Our address as this computer sees it on that connection; behind NAT the machine sees another. */
  readonly ourAddress: string | null;
  /**
   * Runs one command line by the machine's own shell.
   * @throws HeadframeError `link/timed-out-waiting`, `link/reset`, `link/too-large`, `link/cancelled`
   */
  readonly run: (command: string, limits?: RunLimits) => Promise<Ran>;
  /**
   * Writes a file over `cat`, as the small servers on mining machines have no SFTP. What was in it is gone.
   * @param path absolute
   * @throws HeadframeError as {@link run}; `device/refused` with what the machine said when it could not be written
   */
  readonly upload: (path: string, text: string) => Promise<void>;
  /** Closes the connection. May be called more than once. */
  readonly end: () => void;
}

/** A word for a POSIX shell, whatever is in it. */
export const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
