import { describe, expect, test } from 'vitest';
import { createAcceptQueue, type QueueStep } from './accept-queue.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const queue = (backlog?: number) =>
  createAcceptQueue<string>({
    admits: (peer) => peer !== 'stranger',
    maxRequestBytes: 8,
    ...(backlog === undefined ? {} : { backlog }),
  });
const shown = (steps: QueueStep<string>[]): string[] =>
  steps.map((step) =>
    step.kind === 'receive' ? `${step.id} <- ${Buffer.from(step.bytes).toString()}` : `${step.kind} ${step.id}`,
  );

describe('a port with one conversation at a time', () => {
  test('who is alone is served when the first segment comes', () => {
    const api = queue();
    expect(api.connected('a', 'peer')).toEqual([]);
    expect(shown(api.data('a', bytes('hi')))).toEqual(['a <- hi']);
    expect(api.hasUnread('a')).toBe(false);
  });

  test('an idle client holds up all others until it leaves', () => {
    const api = queue();
    api.connected('idle', 'peer');
    api.connected('b', 'peer');
    api.connected('c', 'peer');
    expect(shown(api.data('c', bytes('c')))).toEqual([]);
    expect(shown(api.data('b', bytes('b')))).toEqual([]);
    expect(api.waiting).toBe(2);
    expect(shown(api.ended('idle'))).toEqual(['idle <- ']);
    expect(shown(api.closed('idle'))).toEqual(['b <- b']);
    expect(shown(api.closed('b'))).toEqual(['c <- c']);
    expect(shown(api.closed('c'))).toEqual([]);
  });

  test('the request of a client that gave up is executed all the same', () => {
    const api = queue();
    api.connected('idle', 'peer');
    api.connected('b', 'peer');
    api.data('b', bytes('quit'));
    expect(api.reset('b')).toEqual([]);
    expect(shown(api.reset('idle'))).toEqual(['idle <- ']);
    expect(shown(api.closed('idle'))).toEqual(['b <- quit']);
  });

  test('one recv takes what has come: segments that waited count together, a later one is never read', () => {
    const api = queue();
    api.connected('idle', 'peer');
    api.connected('b', 'peer');
    api.data('b', bytes('ab'));
    api.data('b', bytes('cd'));
    api.ended('idle');
    expect(shown(api.closed('idle'))).toEqual(['b <- abcd']);
    expect(api.data('b', bytes('ef'))).toEqual([]);
    expect(api.hasUnread('b')).toBe(true);
  });

  test('more than one recv takes stays unread: the close will be a reset', () => {
    const api = queue();
    api.connected('a', 'peer');
    expect(shown(api.data('a', bytes('123456789')))).toEqual(['a <- 12345678']);
    expect(api.hasUnread('a')).toBe(true);
  });

  test('who is not admitted is closed when its turn comes, and holds up nobody', () => {
    const api = queue();
    api.connected('idle', 'peer');
    expect(api.connected('x', 'stranger')).toEqual([]);
    api.connected('b', 'peer');
    api.data('b', bytes('b'));
    api.ended('idle');
    expect(shown(api.closed('idle'))).toEqual(['deny x', 'b <- b']);
  });

  test('behind a full backlog attempts are dropped', () => {
    const api = queue(1);
    for (const id of ['served', 'first', 'second']) expect(api.connected(id, 'peer')).toEqual([]);
    expect(shown(api.connected('third', 'peer'))).toEqual(['drop third']);
    expect(api.waiting).toBe(2);
  });

  test('events of a client that is gone change nothing', () => {
    const api = queue();
    api.connected('a', 'peer');
    api.data('a', bytes('a'));
    api.closed('a');
    expect(api.data('a', bytes('more'))).toEqual([]);
    expect(api.ended('a')).toEqual([]);
    expect(api.closed('a')).toEqual([]);
    expect(api.hasUnread('a')).toBe(false);
  });
});
