import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NamedSegments, overlappingSegments, segmentsIn } from './scrambler.ts';

const rig = (name: string, startNonce: bigint, width = 40, gpus = 6): NamedSegments => ({
  name,
  segments: { startNonce, width, gpus },
});
const pairs = (...rigs: NamedSegments[]) =>
  overlappingSegments(rigs).map(({ rigs: both }) => [...both].sort().join('+'));

const N = 16704043538687679721n;
const GPU = 1n << 40n;

describe('segments', () => {
  test('of 0.19 are told by start, width and count', () => {
    const result = { device_count: 3, device_width: 32, start_nonce: '0xe7d0af18bc235ce9' };
    expect(segmentsIn({ doc: { result } })).toEqual({ startNonce: N, width: 32, gpus: 3 });
  });

  test('of the document, whose own list of segments runs into itself by a slip, are as the program has them', () => {
    const result = {
      noncescrambler: '16704043538687679721',
      segments: [
        { gpu: 0, start: '16704043538687679721', stop: '16704044638199307497' },
        { gpu: 1, start: '16704044638199307497', stop: '16704046837222563049' },
      ],
      segmentwidth: 40,
    };
    expect(segmentsIn({ doc: { result } })).toEqual({ startNonce: N, width: 40, gpus: 2 });
    // The first one's end is where the second begins: 2^40 nonces each.
    expect(16704044638199307497n - N).toBe(GPU);
  });

  test.each([
    {},
    { start_nonce: '0xzz', device_width: 32, device_count: 1 },
    { start_nonce: '0x1', device_width: 65, device_count: 1 },
    { start_nonce: '0x1', device_count: 1 },
    { start_nonce: '0x1', device_width: 32, device_count: -1 },
    null,
  ])('are not read from %j', (result) => {
    expect(segmentsIn({ doc: { result } })).toBeNull();
  });
});

describe('two rigs', () => {
  test('that start one nonce behind the end of each other share nothing', () => {
    expect(pairs(rig('a', N), rig('b', N + 6n * GPU))).toEqual([]);
    expect(overlappingSegments([rig('a', N), rig('b', N + 6n * GPU - 1n)])).toEqual([
      { rigs: ['a', 'b'], from: N + 6n * GPU - 1n, nonces: 1n },
    ]);
  });

  test('that start together share all that the smaller one has', () => {
    expect(overlappingSegments([rig('a', N, 40, 6), rig('b', N, 32, 2)])).toEqual([
      { rigs: ['a', 'b'], from: N, nonces: 2n << 32n },
    ]);
  });

  test('overlap across the end of all nonces too', () => {
    const last = (1n << 64n) - GPU;
    expect(pairs(rig('a', last), rig('b', 0n))).toEqual(['a+b']);
    expect(pairs(rig('a', 0n), rig('b', last))).toEqual(['a+b']);
    expect(pairs(rig('a', last, 40, 1), rig('b', 0n))).toEqual([]);
  });

  test('that differ in the last of 64 bits are told apart', () => {
    // Both are the same floating-point number.
    expect(Number(N)).toBe(Number(N + 1n));
    expect(pairs(rig('a', N, 10, 1), rig('b', N + 1024n, 10, 1))).toEqual([]);
    expect(pairs(rig('a', N, 10, 1), rig('b', N + 1023n, 10, 1))).toEqual(['a+b']);
  });

  test('without GPUs search nothing', () => {
    expect(pairs(rig('a', N), rig('b', N, 40, 0))).toEqual([]);
  });
});

test('the one twin among ten thousand rigs is found', () => {
  const apart = (1n << 64n) / 10_000n;
  // 7919 and 10,000 have no common divisor: each start is there once, and in no order.
  const rigs = Array.from({ length: 10_000 }, (_, i) => rig(`rig-${i}`, BigInt((i * 7919) % 10_000) * apart, 32, 12));
  const twin = rig('twin', (rigs[4028]?.segments.startNonce ?? 0n) + 1n, 32, 12);
  expect(pairs(...rigs, twin)).toEqual(['rig-4028+twin']);
});

test('every pair is found, and once, whatever the rigs', () => {
  const any = fc.record({
    startNonce: fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.bigInt({ min: 0n, max: 4096n })),
    width: fc.integer({ min: 0, max: 64 }),
    gpus: fc.integer({ min: 1, max: 300 }),
  });
  const all = 1n << 64n;
  const covers = (a: { startNonce: bigint; width: number; gpus: number }, nonce: bigint): boolean =>
    (nonce - a.startNonce + all) % all < BigInt(a.gpus) * 2n ** BigInt(a.width);
  fc.assert(
    fc.property(fc.array(any, { maxLength: 6 }), (segments) => {
      const rigs = segments.map((one, i) => ({ name: String(i), segments: one }));
      // The rule of protocols.md 5.5, pair by pair.
      const wanted = rigs.flatMap((a, i) =>
        rigs
          .slice(i + 1)
          .filter((b) => covers(a.segments, b.segments.startNonce) || covers(b.segments, a.segments.startNonce))
          .map((b) => `${a.name}+${b.name}`),
      );
      expect(pairs(...rigs).sort()).toEqual(wanted.sort());
    }),
    { seed: 3333, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) },
  );
});
