import type { Deadline } from '../links/deadline.ts';

/** Work that cannot be stopped was not over in time: by its own limit, or because the examination ended first. */
export type NotInTime = 'late' | 'ended';

/**
 * Waits for work no longer than its limit and the examination's. The work itself goes on, and what becomes of it then is
 * nobody's business. Rejects only as the work does.
 */
export function inTime<T extends object | null>(
  work: Promise<T>,
  limitMs: number,
  deadline: Deadline,
): Promise<T | NotInTime> {
  return new Promise((resolve, reject) => {
    if (deadline.stopped !== null) {
      work.catch(() => {});
      resolve('ended');
      return;
    }
    const stop = (): void => settle('ended');
    const settle = (outcome: T | NotInTime): void => {
      clearTimeout(timer);
      deadline.unwatch(stop);
      resolve(outcome);
    };
    const timer = setTimeout(() => settle('late'), limitMs);
    deadline.watch(stop);
    work.then(settle, (error: unknown) => {
      clearTimeout(timer);
      deadline.unwatch(stop);
      reject(error);
    });
  });
}
