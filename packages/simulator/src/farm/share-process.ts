import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { asHeadframeError } from '@headframe/model';
import type { ShareWorker, WireAnswer, WireOrder } from './orders.ts';
import { shareHere } from './share.ts';

/*
 * A process that serves a share of a farm. It lives as long as the pipe to its parent: a parent that is killed takes
 * all of them with it.
 */

/** The first word of such a process. */
export interface Hello {
  /** Its sources had to be stripped first: started again it needs a third less memory. */
  readonly cold: boolean;
}

/** Takes orders through the pipe, one after the other. The whole life of such a process. */
export function takeOrders(): void {
  // Replies are garbage at once: collecting it early keeps a thousand machines small. Unknown flags are ignored.
  setFlagsFromString('--heap-growing-percent=20');
  const worker = shareHere({ now: Date.now });
  let before: Promise<void> = Promise.resolve();
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group: the parent lets go of its children in order.
  process.on('SIGINT', () => {});
  process.on('message', (order: WireOrder) => {
    before = before.then(() => answer(worker, order)).then((said) => void process.send?.(said));
  });
  const cold = hasStripper();
  if (cold) flushCompileCache();
  process.send?.({ cold } satisfies Hello);
}

/** Whether this process loaded Node's TypeScript stripper: not when its sources came out of the compile cache. */
function hasStripper(): boolean {
  const { moduleLoadList } = process as { moduleLoadList?: unknown };
  return Array.isArray(moduleLoadList) && moduleLoadList.some((name) => String(name).includes('amaro'));
}

async function answer(worker: ShareWorker, order: WireOrder): Promise<WireAnswer> {
  const { id } = order;
  try {
    if ('survey' in order) return { id, result: await worker.survey(order.survey) };
    if ('work' in order) return { id, result: await worker.work(order.work) };
    if ('serve' in order) return { id, result: await worker.serve(order.serve) };
    return { id, result: await worker.clear() };
  } catch (error) {
    const { code, context } = asHeadframeError(error);
    return { id, error: { code, context } };
  }
}
