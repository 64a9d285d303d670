import { type Action, action, HeadframeError, MASK, pools } from '@headframe/model';
import { type ListedPool, listPools } from '@headframe/wire/cgminer';
import { inSession, sessionStep } from './session.ts';
import { readBack, source } from './words.ts';

/*
 * Pools. Its one command for them, `addpool`, does not add: it writes the whole list anew, with this pool alone
 * (protocols.md 9). So it is what sets the list, and nothing adds to one.
 */

const ADDPOOL = source('addpool');

/** A name and password within a URL, behind its scheme. */
const LOGIN = /^([a-z0-9+.-]+:\/\/)[^/]*@/i;

export const setPools: Action = action(
  { pools: pools({ ...ADDPOOL, most: 255, slots: 1 }) },
  async (links, { pools: [pool] }) => {
    if (pool === undefined) throw new HeadframeError('usage/invalid', { detail: 'set-pools needs a pool' });
    const { url, worker, password } = pool;
    for (const [name, part] of Object.entries({ url, worker, password })) checkPart(name, part);
    const before = await listPools(links);
    const shownUrl = url.replace(LOGIN, `$1${MASK}@`);
    const step = sessionStep('addpool', [url, worker, password], { shownParts: [shownUrl, worker, MASK] });
    const look = readBack(
      'pools',
      async (at) => {
        const list = await listPools(at);
        return {
          done: list.length === 1 && isSame(list[0], url, worker),
          values: {
            pools: list.map(({ url: shown, worker: who, status, active }) => ({
              url: shown,
              worker: who,
              status,
              active,
            })),
          },
        };
      },
      { afterMs: 1_000, everyMs: 2_000, withinMs: 20_000 },
    );
    return inSession([step], look, [
      `Its list is written anew with this pool alone; what it has now: ${before.map((one) => one.url).join(', ') || 'nothing'}`,
      'It goes to the pool when it connects anew or its mining program starts again: Stratum Active of pools shows it',
    ]);
  },
  { lasting: 'the pools that it had are gone with their passwords, which it does not show' },
);

/** Parts are parted by commas that cannot be escaped, and blanks around them are dropped (protocols.md 9). */
function checkPart(name: string, part: string): void {
  if (!part.includes(',') && part.trim() === part) return;
  const detail = `set-pools takes a ${name} without commas and without blanks at its ends on this machine (${ADDPOOL.source}); nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}

/** It shows a URL without the name and password that may stand in it, and a worker of twelve letters or more masked. */
function isSame(listed: ListedPool | undefined, url: string, worker: string): boolean {
  if (listed === undefined) return false;
  const bare = url.replace(LOGIN, '$1');
  const masked = worker.length < 12 ? worker : `${worker.slice(0, 6)}…${worker.slice(-4)}`;
  return [url, bare].includes(listed.url) && [worker, masked].includes(listed.worker);
}
