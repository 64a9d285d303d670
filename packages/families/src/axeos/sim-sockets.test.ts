import { describe, expect, test } from 'vitest';
import { AT, gamma, info, MINUTE, patch, SECOND, send, socket } from './sim.testing.ts';

describe('WebSockets', () => {
  const open = (on: ReturnType<typeof gamma>, path: string, now = AT) => {
    const feed = socket(on, path, { now });
    if (typeof feed === 'string') throw new Error(feed);
    return feed;
  };

  test('tell the log line by line, live only', () => {
    const feed = open(gamma(12), '/api/ws');
    expect(feed.next(AT)).toEqual([]);
    const lines = feed.next(AT + 10 * SECOND) ?? [];
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^I \(36000000\) asic_result: .*\n$/);
    expect(feed.next(AT + 10 * SECOND)).toEqual([]);
  });

  test('up to v2.9 tell it to the newest client alone, from v2.10 to ten', () => {
    const older = gamma(9);
    const first = open(older, '/api/ws');
    const second = open(older, '/api/ws');
    expect(first.next(AT + 10 * SECOND)).toEqual([]);
    expect(second.next(AT + 10 * SECOND)).toHaveLength(5);
    const newer = gamma(15);
    const feeds = Array.from({ length: 10 }, () => open(newer, '/api/ws'));
    expect(feeds[0]?.next(AT + 10 * SECOND)).toHaveLength(5);
    expect(socket(newer, '/api/ws/live')).toBe('429 Max WebSocket clients reached');
    feeds[3]?.closed?.();
    expect(socket(newer, '/api/ws/live')).toBeTypeOf('object');
    const twelve = gamma(12);
    for (let i = 0; i < 10; i++) open(twelve, '/api/ws');
    expect(socket(twelve, '/api/ws')).toHaveProperty('insteadOfFrames');
  });

  test('tell everything and then what changed, from v2.14 on', () => {
    expect(socket(gamma(13), '/api/ws/live')).toMatch(/^404 /);
    const on = gamma(14);
    const feed = open(on, '/api/ws/live');
    const [full = ''] = feed.next(AT) ?? [];
    expect(full.startsWith('{"event":"update","data":{"power":')).toBe(true);
    expect(JSON.parse(full).data).toEqual(info(on));
    expect(feed.next(AT)).toEqual([]);
    const [change = '{}'] = feed.next(AT + SECOND) ?? [];
    const { data } = JSON.parse(change);
    expect(data.uptimeSeconds).toBe(36_001);
    expect(data).not.toHaveProperty('ASICModel');
    patch(on, { hostname: 'attic' }, AT + SECOND);
    expect(JSON.parse((feed.next(AT + SECOND) ?? [])[0] ?? '{}').data).toEqual({ hostname: 'attic' });
  });

  test('end when the device restarts', () => {
    const on = gamma(14);
    const feeds = [open(on, '/api/ws'), open(on, '/api/ws/live')];
    send(on, 'POST /api/system/restart');
    expect(feeds.map((feed) => feed.next(AT + MINUTE))).toEqual([null, null]);
  });
});
