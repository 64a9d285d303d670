import { asHeadframeError, type ErrorCode, type ErrorContext } from '@headframe/model';
import type { Fault } from '../faults/kinds.ts';
import type { Ports } from './addresses.ts';
import { type PlacedMachine, type Share, serveShare } from './share.ts';

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

let share: Share | undefined;

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group: the parent closes its children in order.
process.on('SIGINT', () => {});

process.on('message', (order: ShareOrder) => {
  void serve(order).then((answer) => process.send?.(answer));
});

async function serve(order: ShareOrder): Promise<ShareAnswer> {
  try {
    share = await serveShare(order.machines, { clock: { now: Date.now }, faults: order.faults });
    return { ports: share.ports };
  } catch (error) {
    const { code, context } = asHeadframeError(error);
    return { error: { code, context } };
  }
}
