import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAcceptQueue } from './accept-queue.ts';
import { createApiServer } from './server.ts';
import { checkCommand, privilegedCommand } from './standard-commands.ts';
import { list, reply, say, status, user } from './values.ts';

const numRuns = Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000);
const PEER = '127.0.0.1';

const server = createApiServer({
  description: 'cgminer 4.11.1',
  access: { listen: true, allow: 'W:127.0.0.1' },
  quirks: { joinDoubleReply: true },
  commands: [
    checkCommand,
    privilegedCommand,
    {
      name: 'pools',
      access: 'read',
      joinable: true,
      run: () => reply(status(7, 1), list('POOLS', [[['URL', user('x')]]])),
    },
    { name: 'addpool', access: 'write', joinable: false, run: ({ parameter }) => say(53, parameter) },
  ],
});

/**
 * No request gets more than this: a join of one-letter names makes the most of each byte (some 93 from two), and what
 * is behind the first 4095 bytes is not looked at.
 */
const most = (request: Uint8Array): number => 600 + Math.min(request.length, 4095) * 60;

function survives(request: Uint8Array): void {
  const { bytes } = server.answer(request, PEER, 1_800_000_000_000);
  expect(bytes.length).toBeLessThanOrEqual(most(request));
  expect(bytes[bytes.length - 1]).toBe(0);
}

describe('the server end takes whatever comes', () => {
  test('random bytes get a bounded answer', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 6000 }), survives), { seed: 1, numRuns });
  });

  test('requests with bytes changed, cut or repeated get a bounded answer', () => {
    const seeds = [
      '{"command":"pools"}',
      '{"command":"addpool","parameter":"stratum+tcp://a:1,b\\\\,c,\\ud83d\\ude00"}',
      '{"command":"pools+pools+x+check","parameter":[1,{"a":null}],"x":-1.5e3}',
      'pools+check|x',
      'addpool|a=b\\,c|d',
    ].map((text) => Buffer.from(text));
    const mutation = fc.tuple(
      fc.constantFrom(...seeds),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      fc.nat({ max: 80 }),
      fc.integer({ min: 1, max: 60 }),
    );
    fc.assert(
      fc.property(mutation, ([seed, changes, length, times]) => {
        const bytes = Buffer.from(seed);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        survives(Buffer.concat(Array<Buffer>(times).fill(bytes.subarray(0, Math.max(1, length)))));
      }),
      { seed: 2, numRuns },
    );
  });

  test.each([
    ['a million brackets', `{"a":${'['.repeat(1_000_000)}`],
    ['a million quotes', `{"a":"${'\\"'.repeat(500_000)}`],
    ['a million digits', `{"command":"pools","x":${'9'.repeat(1_000_000)}`],
    ['a million pluses', '+'.repeat(1_000_000)],
    ['a join of one-letter names', 'x+'.repeat(500_000)],
    ['a parameter of a million backslashes', `addpool|${'\\'.repeat(1_000_000)}`],
  ])('%s get a bounded answer', (_, text) => {
    survives(Buffer.from(text));
  });

  test('any order of network events leaves a queue that serves each client once', () => {
    const event = fc.tuple(
      fc.constantFrom('connected', 'data', 'ended', 'reset', 'closed'),
      fc.integer({ min: 0, max: 5 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const queue = createAcceptQueue<number>({
          admits: (peer) => peer !== 'stranger',
          maxRequestBytes: 4,
          backlog: 2,
        });
        const open = new Set<number>();
        const received = new Set<number>();
        for (const [kind, id, odd] of events) {
          if (kind === 'connected' && open.has(id)) continue;
          if (kind === 'connected') open.add(id);
          if (kind === 'closed') {
            open.delete(id);
            received.delete(id);
          }
          const steps =
            kind === 'connected'
              ? queue.connected(id, odd ? 'stranger' : 'peer')
              : kind === 'data'
                ? queue.data(id, new Uint8Array(odd ? 6 : 1))
                : queue[kind as 'ended' | 'reset' | 'closed'](id);
          for (const step of steps) {
            if (step.kind === 'receive') {
              expect(received.has(step.id)).toBe(false);
              expect(step.bytes.length).toBeLessThanOrEqual(4);
              received.add(step.id);
            } else open.delete(step.id);
          }
          expect(queue.waiting).toBeLessThanOrEqual(3);
        }
      }),
      { seed: 3, numRuns },
    );
  });
});
