import { blankPool, type Reply, type Snapshot } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import type { Reading } from './miner.ts';
import { NonceComparison } from './shared-nonces.ts';

/** Forms of protocols.md 5.5: a rig of six GPUs with 2^32 nonces each, as ethminer 0.19 starts. */
function rig(address: string, start: string, url: string | null = 'stratum1+tcp://pool.example:4444'): Reading {
  const doc = { id: 1, jsonrpc: '2.0', result: { device_count: 6, device_width: 32, start_nonce: start } };
  const pools = [
    { ...blankPool(0), url: 'stratum1+tcp://another.example:1', active: false },
    { ...blankPool(1), url, active: true },
  ];
  return {
    snapshot: { address, pools } as unknown as Snapshot,
    replies: new Map([['miner_getscramblerinfo', { doc } as unknown as Reply]]),
  };
}

function shared(...readings: Reading[]) {
  const comparison = new NonceComparison();
  for (const reading of readings) comparison.add(reading);
  return comparison.shared();
}

describe('rigs that were read one after the other', () => {
  test('share nonces where one begins within the segments of another', () => {
    // 6 * 2^32 = 0x600000000; the second begins at the last nonce of the first.
    expect(shared(rig('a', '0xe7d0af1000000000'), rig('b', '0xe7d0af15ffffffff'))).toEqual([
      {
        code: 'nonce.segments-overlap',
        pool: 'pool.example',
        addresses: ['a', 'b'],
        overlaps: [{ addresses: ['a', 'b'], from: '0xe7d0af15ffffffff', nonces: '1' }],
      },
    ]);
    expect(shared(rig('a', '0xe7d0af1000000000'), rig('b', '0xe7d0af1600000000'))).toEqual([]);
  });

  test('share them also over the end of the 64 bits', () => {
    const [found] = shared(rig('a', '0xffffffffffffffff'), rig('b', '0x0000000000000000'));
    expect(found?.overlaps).toEqual([{ addresses: ['a', 'b'], from: '0x0000000000000000', nonces: '25769803775' }]);
  });

  test('are compared at each pool by itself, whatever scheme and port of it they use', () => {
    const at = (address: string, url: string | null) => rig(address, '0x0000000000000001', url);
    const found = shared(
      at('a', 'stratum1+tcp://Pool.example:4444'),
      at('b', 'stratum2+tls://other.example:4444'),
      at('c', 'stratum+tls://pool.example:5555/dag'),
      at('d', 'stratum://[2001:db8::1]:1'),
      at('e', null),
      at('f', null),
    );
    expect(found.map(({ pool, addresses }) => [pool, addresses])).toEqual([['pool.example', ['a', 'c']]]);
  });

  test('are no pair with themselves when they are read twice', () => {
    expect(shared(rig('a', '0x0000000000000001'), rig('a', '0x0000000000000001'))).toEqual([]);
  });

  test('are not compared when they tell no segments', () => {
    const silent = { ...rig('a', '0x0000000000000001'), replies: new Map<string, Reply>() };
    expect(shared(silent, rig('b', '0x0000000000000001'))).toEqual([]);
  });
});
