import { describe, expect, onTestFinished, test } from 'vitest';
import { HostQueue } from './host-queue.ts';
import { Deadline } from './links/deadline.ts';

function deadline(limitMs = 20_000, signal?: AbortSignal): Deadline {
  const made = new Deadline(limitMs, signal);
  onTestFinished(() => made.end());
  return made;
}

/** A conversation that goes on until it is told to end. */
function open(queue: HostQueue, address: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = queue.run(address, deadline(), () => promise);
  return { end: resolve, done };
}

describe('one conversation per device', () => {
  test('two at the same device take turns, in the order in which they came', async () => {
    const queue = new HostQueue();
    const order: string[] = [];
    const first = open(queue, '10.0.0.5');
    const others = ['a', 'b', 'c'].map((name) =>
      queue.run('10.0.0.5', deadline(), async () => {
        order.push(`${name} begins`);
        await Promise.resolve();
        order.push(`${name} ends`);
      }),
    );
    await Promise.resolve();
    expect(order).toEqual([]);
    first.end();
    await Promise.all([first.done, ...others]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  test('another device does not wait', async () => {
    const queue = new HostQueue();
    const busy = open(queue, '10.0.0.5');
    expect(await queue.run('10.0.0.6', deadline(), async () => 'at once')).toBe('at once');
    expect(await queue.run('10.0.0.5:4029', deadline(), async () => 'behind the same forward')).toContain('same');
    busy.end();
    await busy.done;
  });

  test('a conversation that fails frees the device', async () => {
    const queue = new HostQueue();
    const failing = queue.run('10.0.0.5', deadline(), async () => {
      throw new Error('garbled');
    });
    await expect(failing).rejects.toThrow('garbled');
    expect(await queue.run('10.0.0.5', deadline(), async () => 'free')).toBe('free');
  });

  test('who is cancelled while waiting leaves the line, and the next one gets its turn', async () => {
    const queue = new HostQueue();
    const busy = open(queue, '10.0.0.5');
    const cancel = new AbortController();
    const given = queue.run('10.0.0.5', deadline(20_000, cancel.signal), async () => 'never');
    const next = queue.run('10.0.0.5', deadline(), async () => 'next');
    cancel.abort();
    await expect(given).rejects.toMatchObject({ code: 'link/cancelled' });
    busy.end();
    expect(await next).toBe('next');
    expect(await queue.run('10.0.0.5', deadline(), async () => 'free again')).toBe('free again');
  });

  test('who waits too long is told that the device is busy with this very program', async () => {
    const queue = new HostQueue();
    const busy = open(queue, '10.0.0.5');
    const late = queue.run('10.0.0.5', deadline(20), async () => 'never');
    await expect(late).rejects.toMatchObject({ code: 'device/busy', message: /another conversation of this program/i });
    busy.end();
    await busy.done;
  });
});
