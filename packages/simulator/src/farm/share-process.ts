import { asHeadframeError, type ErrorCode, type ErrorContext } from '@headframe/model';
import type { Fault } from '../faults/kinds.ts';
import type { Ports } from './addresses.ts';
import { type PlacedMachine, serveShare } from './share.ts';

/*
 * A process that serves a share of a farm. It lives as long as the pipe to its parent: a parent that is killed takes
 * all of them with it.
 */

export interface ShareOrder {
  readonly machines: readonly PlacedMachine[];
  readonly faults: readonly Fault[];
}

export type ShareAnswer =
  | { readonly ports: readonly Ports[] }
  | { readonly error: { readonly code: ErrorCode; readonly context: ErrorContext } };

/** Where this module is: a process is told to import it. */
export const shareModule = import.meta.url;

/** Takes the order that comes through the pipe. The life of such a process. */
export function serveParent(): void {
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group: the parent lets go of its children in order.
  process.on('SIGINT', () => {});
  process.once('message', (order: ShareOrder) => {
    void serve(order).then((answer) => process.send?.(answer));
  });
}

async function serve(order: ShareOrder): Promise<ShareAnswer> {
  try {
    const { ports } = await serveShare(order.machines, { clock: { now: Date.now }, faults: order.faults });
    return { ports };
  } catch (error) {
    const { code, context } = asHeadframeError(error);
    return { error: { code, context } };
  }
}
