/** What is asked of our own computer, so that a test can be another one. */
export interface OperatingSystem {
  readonly platform: NodeJS.Platform;
  /** A file as text; null when it is not there or not ours to read. */
  readFile(path: string): Promise<string | null>;
  /** The names in a folder; null as above. */
  readFolder(path: string): Promise<readonly string[] | null>;
  /** What a link points to; null as above. */
  readLink(path: string): Promise<string | null>;
  /**
   * Runs a program of the system, without a shell, and gives what it printed; null when it is not there, fails to
   * start or takes longer than 2 s. Output is cut at 1 MiB.
   */
  run(program: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string } | null>;
  /** The addresses of a name. Rejects as `dns.lookup`. */
  lookup(name: string): Promise<readonly string[]>;
  /** Interfaces with their addresses, as `os.networkInterfaces()`. */
  interfaces(): NodeJS.Dict<import('node:os').NetworkInterfaceInfo[]>;
  readonly isAdministrator: boolean;
}
