import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress } from '../address.ts';
import { parseTargets, type TargetOptions } from './targets.ts';

const runs = { seed: 20_261_120, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

const list = (ranges: string | string[], options?: TargetOptions): string[] =>
  [...parseTargets(ranges, options)].map(({ host, port }) => formatAddress(host, port));

describe('ranges', () => {
  test('a /29 is its six hosts: nobody has the network and the broadcast address', () => {
    expect(list('10.0.0.8/29')).toEqual(['10.0.0.9', '10.0.0.10', '10.0.0.11', '10.0.0.12', '10.0.0.13', '10.0.0.14']);
  });

  test('a /31 and a /32 have none to spare', () => {
    expect(list('10.0.0.8/31')).toEqual(['10.0.0.8', '10.0.0.9']);
    expect(list('10.0.0.8/32')).toEqual(['10.0.0.8']);
  });

  test('bits behind the prefix do not matter', () => {
    expect(list('10.0.0.13/30')).toEqual(['10.0.0.13', '10.0.0.14']);
  });

  test('from one address to another, or to a last number', () => {
    expect(list('10.0.0.254-10.0.1.1')).toEqual(['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1']);
    expect(list('10.0.0.7-9')).toEqual(['10.0.0.7', '10.0.0.8', '10.0.0.9']);
    expect(list('10.0.0.7-7')).toEqual(['10.0.0.7']);
  });

  test('of IPv6 in their short form, the first address included', () => {
    expect(list('fd00::f/126')).toEqual(['fd00::c', 'fd00::d', 'fd00::e', 'fd00::f']);
    expect(list('fd00::ffff-fd00::1:0')).toEqual(['fd00::ffff', 'fd00::1:0']);
    expect(list('[fd00::]/127')).toEqual(['fd00::', 'fd00::1']);
  });

  test('in lists with commas and blanks, names and ports among them', () => {
    expect(list('10.0.0.1, 10.0.0.3\nminer-7.local;'.replace(';', ''))).toEqual([
      '10.0.0.1',
      '10.0.0.3',
      'miner-7.local',
    ]);
    expect(list(['10.0.0.1:4029', '[fd00::5]:80', 'shed-1'])).toEqual(['10.0.0.1:4029', '[fd00::5]:80', 'shed-1']);
  });

  test('a name with a hyphen and digits is no range', () => {
    expect(list('s19-10 rack-4-11.farm')).toEqual(['s19-10', 'rack-4-11.farm']);
  });

  test('what is named twice comes once', () => {
    expect(list('10.0.0.1-3, 10.0.0.2/31, 10.0.0.3, 10.0.0.5')).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.5',
    ]);
    expect(list('Miner.local miner.local 10.0.0.1:80 10.0.0.1:80')).toEqual(['miner.local', '10.0.0.1:80']);
  });

  test('an address that a network leaves out is taken when it is named', () => {
    expect(list('10.0.0.0/30, 10.0.0.3')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  });
});

describe('exclusions', () => {
  test('with a mark in the list, or apart', () => {
    expect(list('10.0.0.1-5 !10.0.0.2 !10.0.0.4-10.0.0.9')).toEqual(['10.0.0.1', '10.0.0.3']);
    expect(list('10.0.0.1-3', { exclude: '10.0.0.2' })).toEqual(['10.0.0.1', '10.0.0.3']);
    expect(list('miner.local 10.0.0.1:80', { exclude: ['miner.local'] })).toEqual(['10.0.0.1:80']);
  });

  test('an excluded address is left out at every port', () => {
    expect(list('10.0.0.1:80 10.0.0.2:80', { exclude: '10.0.0.2' })).toEqual(['10.0.0.1:80']);
  });

  test('that leave nothing are told', () => {
    expect(() => parseTargets('10.0.0.1', { exclude: '10.0.0.0/24' })).toThrow(/leave no address/);
  });
});

describe('too much is refused before anything is made of it', () => {
  test.each([
    ['10.0.0.0/8', '16,777,214'],
    ['fd00::/64', '18,446,744,073,709,551,616'],
    ['0.0.0.0-255.255.255.255', '4,294,967,296'],
    ['10.0.0.0/16, 10.1.0.0/24', '65,788'],
  ])('%s', (ranges, count) => {
    expect(() => parseTargets(ranges)).toThrow(`${count} addresses are more than 65,536`);
  });

  test('a /16 is not too much, and gives its first address without listing the others', () => {
    const targets = parseTargets('10.0.0.0/16');
    expect(targets.count).toBe(65_534);
    expect(targets[Symbol.iterator]().next().value).toEqual({ host: '10.0.0.1', port: null });
  });

  test('a limit of the caller counts', () => {
    expect(() => parseTargets('10.0.0.0/24', { maxAddresses: 100 })).toThrow('254 addresses are more than 100');
    expect(parseTargets('10.0.0.0/8', { maxAddresses: Number.POSITIVE_INFINITY }).includes('10.255.0.9')).toBe(true);
  });
});

describe('a mistake is one sentence', () => {
  test.each([
    ['', 'A range is missing'],
    ['!10.0.0.1', 'A range is missing'],
    ['10.0.0.0/33', 'The prefix length in "10.0.0.0/33" is not a number from 0 to 32'],
    ['10.0.0.0/24:80', 'a port goes with one address, not with a range'],
    ['10.0.0.0/', 'The prefix length'],
    ['miner.local/24', 'has no IP address before its slash'],
    ['10.0.0.9-10.0.0.1', 'The range "10.0.0.9-10.0.0.1" ends before it begins'],
    ['10.0.0.9-3', 'ends before it begins'],
    ['10.0.0.1-300', 'The end of "10.0.0.1-300" is not an address'],
    ['10.0.0.1-fd00::1', 'is not an address'],
    ['10.0.0.x', ''],
    ['10.0.0.300', 'is not an address'],
    ['http://10.0.0.1/', 'is a URL'],
  ])('%j', (ranges, sentence) => {
    // `10.0.0.x` could be a host name: the resolver decides about that one.
    if (sentence === '') expect(list(ranges)).toEqual(['10.0.0.x']);
    else expect(() => parseTargets(ranges)).toThrow(sentence);
  });

  test('whatever is typed, it is a list of targets or a usage error', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('/', '-', '!', ',', ' ', ':', '.', '24', '10.0.0.1', '::', '[', ']', '/8', '-9', '%eth0'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        try {
          const targets = parseTargets(pieces.join(''));
          const first = targets[Symbol.iterator]().next();
          expect(first.done).toBe(false);
          expect(targets.count).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage/invalid' });
        }
      }),
      runs,
    );
  });
});

describe('the whole of a list', () => {
  // The first and the last 32 addresses of two neighbouring subnets.
  const octet = fc.nat(63).map((n) => (n < 32 ? n : 192 + n));
  const range = fc.tuple(fc.nat(1), octet, octet).map(([third, a, b]) => {
    return { third, first: Math.min(a, b), last: Math.max(a, b) };
  });

  test('is what is in a range and in no exclusion, each once and in order', () => {
    const text = ({ third, first, last }: { third: number; first: number; last: number }) =>
      `10.0.${third}.${first}-${last}`;
    fc.assert(
      fc.property(
        fc.array(range, { minLength: 1, maxLength: 5 }),
        fc.array(range, { maxLength: 4 }),
        (wanted, holes) => {
          const isIn = (of: typeof wanted, third: number, n: number) =>
            of.some((r) => r.third === third && r.first <= n && n <= r.last);
          const expected: string[] = [];
          for (const third of [0, 1]) {
            for (let n = 0; n < 256; n++)
              if (isIn(wanted, third, n) && !isIn(holes, third, n)) expected.push(`10.0.${third}.${n}`);
          }
          const ranges = [...wanted.map(text), ...holes.map((hole) => `!${text(hole)}`)];
          if (expected.length === 0) expect(() => parseTargets(ranges)).toThrow(/leave no address/);
          else expect(list(ranges)).toEqual(expected);
        },
      ),
      runs,
    );
  });

  test('comes in blocks of one subnet', () => {
    const blocks = [...parseTargets('10.0.0.250-10.0.2.3, miner.local').blocks()].map((block) => [...block].length);
    expect(blocks).toEqual([6, 256, 4, 1]);
  });
});
