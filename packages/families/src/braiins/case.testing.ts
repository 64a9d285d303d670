import type { State } from './double-state.testing.ts';
import type { Doc } from './wire.testing.ts';

/*
 * What each action must make leave, by hand from the table of the interface and the published REST descriptions: the
 * method with its decoded message, and the line with its body. `rest: null`: the REST API has nothing like it.
 */

export interface Case {
  readonly name: string;
  readonly given?: Record<string, unknown>;
  readonly method: string;
  readonly message: Doc;
  readonly rest: readonly [line: string, body: unknown] | null;
  /** How the machine is made before. */
  readonly before?: (state: State) => void;
  /** What of its state must be so afterwards. */
  readonly after?: (state: State) => unknown;
  readonly is?: unknown;
  /** It cannot be read back. */
  readonly never?: true;
}

export const save = { save_action: 2 };
export const w = (watt: number) => ({ watt });
export const th = (terahash_per_second: number) => ({ terahash_per_second });
