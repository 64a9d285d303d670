import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { HeadframeError } from '@headframe/model';
import { beforeEach, describe, expect, test } from 'vitest';
import { ChangeLog } from '../domain/changes.ts';
import type { Miner } from '../domain/miner.ts';
import { Registry } from '../domain/registry.ts';
import { totalsOf } from '../domain/totals.ts';
import { aSnapshot, ManualClock, target } from '../doubles.testing.ts';
import { EventStream } from './event-stream.ts';

/** The other end of a stream: keeps what came, and can be full. */
class Reader extends EventEmitter {
  text = '';
  full = false;
  ended = false;

  write(chunk: string): boolean {
    this.text += chunk;
    return !this.full;
  }

  end(): void {
    this.ended = true;
  }

  /** What came since the last look. */
  take(): { event: string; id: string | null; data: Record<string, unknown> }[] {
    const blocks = this.text.split('\n\n').filter((block) => block !== '' && !block.startsWith(':'));
    this.text = '';
    return blocks.map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null;
      return { event: field('event') ?? '', id: field('id'), data: JSON.parse(field('data') ?? 'null') };
    });
  }

  get out(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

let clock: ManualClock;
let changes: ChangeLog;
let registry: Registry;
let stream: EventStream;

beforeEach(() => {
  clock = new ManualClock();
  changes = new ChangeLog();
  registry = new Registry({ changed: (id) => changes.change(id), removed: (id) => changes.remove(id) });
  const rows = () => [...registry.all()].map(({ row }) => row);
  stream = new EventStream({
    clock,
    changes,
    rows,
    row: (id) => registry.get(id)?.row,
    totals: () => totalsOf(rows(), null, clock.now()),
    epoch: 'run1',
  });
});

const add = (address: string): Miner => registry.add(target(address), clock.now()) as Miner;
const answer = (miner: Miner, currentHs: number) => registry.answered(miner, aSnapshot({ currentHs }), 40, clock.now());

function listen(after: string | null = null): Reader {
  const reader = new Reader();
  stream.open(reader.out, after);
  return reader;
}

describe('the event stream', () => {
  test('who comes without an id gets all rows, and a fleet event with the id where the stream stands', () => {
    add('10.0.0.1');
    add('10.0.0.2');
    const events = listen().take();
    expect(events.map(({ event, id }) => [event, id])).toEqual([
      ['reset', null],
      ['miner', null],
      ['miner', null],
      ['fleet', 'run1-2'],
    ]);
    expect(events[3]?.data).toMatchObject({ machines: 2 });
    expect(stream.eventId).toBe('run1-2');
  });

  test('a row that changed five times in half a second is sent once, as it is at the end', async () => {
    const miner = add('10.0.0.1');
    const reader = listen(stream.eventId);
    expect(reader.take()).toEqual([]);
    for (let i = 1; i <= 5; i++) answer(miner, i * 1e12);
    await clock.advance(500);
    const events = reader.take();
    expect(events.map(({ event }) => event)).toEqual(['miner', 'fleet']);
    expect(events[0]?.data).toMatchObject({ hashrateHs: 5e12, state: 'mining' });
    await clock.advance(5_000);
    expect(reader.take()).toEqual([]);
  });

  test('who comes back gets what changed since, and what is gone', async () => {
    const first = add('10.0.0.1');
    add('10.0.0.2');
    const { eventId } = stream;
    registry.answered(first, aSnapshot({ mac: '02:00:00:00:00:01' }), 40, clock.now());
    const events = listen(eventId).take();
    expect(events.map(({ event }) => event)).toEqual(['removed', 'miner', 'fleet']);
    expect(events[1]?.data).toMatchObject({ address: '10.0.0.1', id: first.id });
  });

  test.each(['run0-1', 'run1-999', 'nonsense', '', 'run1-1-1', 'run1--1'])(
    'the id "%s" is from another run or none: all rows follow a reset',
    (after) => {
      add('10.0.0.1');
      expect(
        listen(after)
          .take()
          .map(({ event }) => event),
      ).toEqual(['reset', 'miner', 'fleet']);
    },
  );

  test('a reader that takes nothing more gets one batch when it does again, not a backlog', async () => {
    const miner = add('10.0.0.1');
    const reader = listen(stream.eventId);
    reader.full = true;
    answer(miner, 1e12);
    await clock.advance(500);
    expect(reader.take()).toHaveLength(2);
    for (let i = 2; i <= 100; i++) {
      answer(miner, i * 1e12);
      await clock.advance(1_000);
    }
    expect(reader.text).toBe('');
    reader.full = false;
    reader.emit('drain');
    const events = reader.take();
    expect(events.map(({ event }) => event)).toEqual(['miner', 'fleet']);
    expect(events[0]?.data).toMatchObject({ hashrateHs: 100e12 });
  });

  test('a quiet stream has a heartbeat', async () => {
    const reader = listen(stream.eventId);
    await clock.advance(16_000);
    expect(reader.text).toBe(': still here\n\n');
  });

  test('a machine that fell silent is told with its state unknown', async () => {
    const miner = add('10.0.0.1');
    answer(miner, 1e12);
    const reader = listen(stream.eventId);
    registry.failed(miner, new HeadframeError('link/refused'), 5, clock.now());
    await clock.advance(500);
    expect(reader.take()[0]?.data).toMatchObject({ state: 'unknown', link: 'failing', hashrateHs: null });
  });

  test('a reader that left is forgotten; closing ends the others', async () => {
    const leaves = listen();
    const stays = listen();
    leaves.emit('close');
    expect(stream.listeners).toBe(1);
    stream.close();
    expect(stays.ended).toBe(true);
    expect(stream.listeners).toBe(0);
  });
});
