import { simulators } from '@headframe/families/sim';
import { FINDINGS } from '@headframe/model';
import { serveDevice } from '@headframe/simulator';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { endAll, headframe } from './cli.testing.ts';

/*
 * What no rig shows by itself: two that search the same nonces. On addresses of their own, so that they have the port that
 * an ethminer usually has; only Linux answers on every address of 127/8.
 */

afterEach(endAll);

const POWERED = Date.UTC(2026, 5, 1);
const clock = { now: () => POWERED + 3_600_000 };

async function rigs(net: number, quirks: Readonly<Record<string, boolean>>, count: number): Promise<string[]> {
  const profile = simulators.find(({ id }) => id === 'ethminer')?.profiles.find(({ name }) => name === 'rig-6');
  if (profile === undefined) throw new Error('no simulator of ethminer');
  const addresses = Array.from({ length: count }, (_, i) => `127.85.${net}.${i + 1}`);
  for (const [i, address] of addresses.entries()) {
    const served = await serveDevice(profile.create({ seed: 7 + i, poweredAt: POWERED, quirks }), { address, clock });
    onTestFinished(() => served.close());
  }
  return addresses.map((address) => `${address}:3333`);
}

const { meaning, remedy } = FINDINGS['nonce.segments-overlap'];
/** Six GPUs of 2^32 nonces each. */
const ALL_OF_A_RIG = 6 * 2 ** 32;

describe.skipIf(process.platform !== 'linux')('two rigs that begin at the same nonce', () => {
  test('are told once, behind what they are, with what to do', async () => {
    const addresses = await rigs(1, { 'shared-nonce': true }, 2);
    const { code, out, err } = await headframe('get', ...addresses);
    expect(code).toBe(0);
    expect(out.match(/GeForce GTX 1070/g)).toHaveLength(2);
    const [sentence, next, ...rest] = err.split('\n');
    expect(sentence).toMatch(
      /: at pool-a\.example 127\.85\.1\.\d(:3333)? and 127\.85\.1\.\d(:3333)? \(25,769,803,776 from 0x[0-9a-f]{16} on\)\.$/,
    );
    expect(sentence?.startsWith(`${meaning} (nonce.segments-overlap)`)).toBe(true);
    expect([next, rest]).toEqual([remedy, ['']]);
  });

  test('are an object behind theirs for a program', async () => {
    const addresses = await rigs(2, { 'shared-nonce': true }, 2);
    const { code, out } = await headframe('get', ...addresses, '--json');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const named = lines.slice(0, 2).map(({ address }) => address);
    expect([code, lines.length]).toEqual([0, 3]);
    const { addresses: told, finding } = lines[2];
    expect([...told].sort()).toEqual([...named].sort());
    expect(finding).toMatchObject({
      code: 'nonce.segments-overlap',
      severity: 'warning',
      pool: 'pool-a.example',
      remedy,
    });
    expect(finding.overlaps).toEqual([
      { addresses: told, from: expect.stringMatching(/^0x[0-9a-f]{16}$/), nonces: String(ALL_OF_A_RIG) },
    ]);
  });

  test('of many that do only some pairs are named, and all counted', async () => {
    const { err } = await headframe('get', ...(await rigs(3, { 'shared-nonce': true }, 4)));
    expect(err.match(/ and 127\./g)).toHaveLength(5);
    expect(err).toContain(', and 1 more.\n');
  });
});

test.skipIf(process.platform !== 'linux')(
  'rigs that drew their own nonces, and one alone, are not told of',
  async () => {
    const apart = await headframe('get', ...(await rigs(4, {}, 2)));
    expect([apart.code, apart.err]).toEqual([0, '']);
    const [alone = ''] = await rigs(5, { 'shared-nonce': true }, 1);
    expect(await headframe('get', alone, '--json')).toMatchObject({ code: 0, err: '' });
  },
);
