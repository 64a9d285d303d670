import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArpAn, parseArpWindows, parseIpNeigh, parseMac, parseProcArp } from './neighbour-table.ts';

const FUZZ = { seed: 811, numRuns: Number(process.env.HEADFRAME_FUZZ_RUNS ?? 1000) };

test('a MAC is read in the spellings of each system, and what names no single card is none', () => {
  expect(parseMac('02:A1:B2:C3:D4:E5')).toBe('02:a1:b2:c3:d4:e5');
  expect(parseMac('02-a1-b2-c3-d4-e5')).toBe('02:a1:b2:c3:d4:e5');
  expect(parseMac('2:a1:b2:3:d4:e5')).toBe('02:a1:b2:03:d4:e5');
  const none = ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '01:00:5e:00:00:16', '02:a1:b2:c3:d4', '(incomplete)', ''];
  for (const text of none) expect(parseMac(text)).toBeNull();
});

describe('the neighbour table of Linux', () => {
  test('by ip, with every state', () => {
    const entry = (dst: string, state: string, more = ',"lladdr":"24:0a:c4:01:02:03"') =>
      `{"dst":"${dst}","dev":"eth0"${more},"state":["${state}"]}`;
    const output = `[${[
      entry('10.0.4.1', 'REACHABLE'),
      entry('10.0.4.2', 'STALE'),
      entry('10.0.4.3', 'DELAY'),
      entry('10.0.4.4', 'PROBE'),
      entry('10.0.4.6', 'PERMANENT'),
      entry('10.0.4.7', 'FAILED', ''),
      entry('10.0.4.8', 'FAILED'),
      entry('10.0.4.9', 'INCOMPLETE', ''),
      entry('fe80::260a:c4ff:fe01:203', 'REACHABLE'),
    ].join(',')}]`;
    const mac = '24:0a:c4:01:02:03';
    expect(parseIpNeigh(output)).toEqual([
      { address: '10.0.4.1', mac, state: 'confirmed' },
      { address: '10.0.4.2', mac, state: 'unconfirmed' },
      { address: '10.0.4.3', mac, state: 'unconfirmed' },
      { address: '10.0.4.4', mac, state: 'unconfirmed' },
      { address: '10.0.4.6', mac, state: 'confirmed' },
      { address: '10.0.4.7', mac: null, state: 'none' },
      { address: '10.0.4.8', mac: null, state: 'none' },
      { address: '10.0.4.9', mac: null, state: 'none' },
      { address: 'fe80::260a:c4ff:fe01:203', mac, state: 'confirmed' },
    ]);
  });

  test('by ip: an old entry whose neighbour answered 3 s ago is confirmed, one of 40 s ago is not', () => {
    const output = (confirmed: number) =>
      `[{"dst":"10.0.4.21","dev":"eth0","lladdr":"02:a1:b2:c3:d4:e5","used":1,"confirmed":${confirmed},"updated":40,"probes":1,"state":["DELAY"]}]`;
    expect(parseIpNeigh(output(3))).toEqual([{ address: '10.0.4.21', mac: '02:a1:b2:c3:d4:e5', state: 'confirmed' }]);
    expect(parseIpNeigh(output(40))).toMatchObject([{ state: 'unconfirmed' }]);
  });

  test('by ip: other output is none, and odd entries are left out', () => {
    expect(parseIpNeigh('ip: invalid option -- j')).toBeNull();
    expect(parseIpNeigh('{}')).toBeNull();
    expect(parseIpNeigh('[]')).toEqual([]);
    expect(parseIpNeigh('[null,7,{"dst":7},{"dst":"a name","lladdr":"02:a1:b2:c3:d4:e5","state":["STALE"]}]')).toEqual(
      [],
    );
    expect(parseIpNeigh('[{"dst":"10.0.4.2","lladdr":"02:a1:b2:c3:d4:e5","state":["constructor"]}]')).toEqual([
      { address: '10.0.4.2', mac: null, state: 'none' },
    ]);
  });

  test('by /proc/net/arp: 0x2 is complete, 0x0 is not', () => {
    const table = `IP address       HW type     Flags       HW address            Mask     Device
10.0.4.1         0x1         0x2         3c:2a:f4:10:20:30     *        eth0
10.0.4.21        0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.4.22        0x1         0x6         02:a1:b2:c3:d4:e5     *        eth0
10.0.4.23        0x1         0x0         02:a1:b2:c3:d4:e5     *        eth0
`;
    expect(parseProcArp(table)).toEqual([
      { address: '10.0.4.1', mac: '3c:2a:f4:10:20:30', state: 'told' },
      { address: '10.0.4.21', mac: null, state: 'none' },
      { address: '10.0.4.22', mac: '02:a1:b2:c3:d4:e5', state: 'told' },
      { address: '10.0.4.23', mac: null, state: 'none' },
    ]);
  });
});

test('the ARP table of macOS has entries without leading zeros, and incomplete ones', () => {
  const table = `? (10.0.4.1) at 3c:2a:f4:1:2:3 on en0 ifscope [ethernet]
miner-7.lan (10.0.4.21) at (incomplete) on en0 ifscope [ethernet]
? (10.0.4.255) at ff:ff:ff:ff:ff:ff on en0 ifscope [ethernet]
? (224.0.0.251) at 1:0:5e:0:0:fb on en0 ifscope permanent [ethernet]
`;
  expect(parseArpAn(table)).toEqual([
    { address: '10.0.4.1', mac: '3c:2a:f4:01:02:03', state: 'told' },
    { address: '10.0.4.21', mac: null, state: 'none' },
    { address: '10.0.4.255', mac: null, state: 'none' },
    { address: '224.0.0.251', mac: null, state: 'none' },
  ]);
});

test('the ARP table of Windows is read in German too', () => {
  const table = `\r
Schnittstelle: 10.0.4.5 --- 0x5\r
  Internetadresse       Physische Adresse     Typ\r
  10.0.4.1              3c-2a-f4-10-20-30     dynamisch\r
  10.0.4.255            ff-ff-ff-ff-ff-ff     statisch\r
  224.0.0.22            01-00-5e-00-00-16     statisch\r
`;
  expect(parseArpWindows(table)).toEqual([{ address: '10.0.4.1', mac: '3c:2a:f4:10:20:30', state: 'told' }]);
});

test('no table breaks a parser, whatever is in it: addresses are addresses, and a MAC is six bytes', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '10.0.4.21',
      '(10.0.4.1)',
      ' at ',
      '02:a1:b2:c3:d4:e5',
      '02-a1-b2-c3-d4-e5',
      '0x2',
      '0x0',
      '\n',
      '\t ',
    ),
    fc.string({ maxLength: 30 }),
  );
  const lines = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(' '));
  const neigh = fc
    .array(
      fc.record({ dst: piece, lladdr: piece, state: fc.anything(), confirmed: fc.anything() }, { requiredKeys: [] }),
    )
    .map((list) => JSON.stringify(list));
  fc.assert(
    fc.property(fc.oneof(lines, neigh, fc.json()), (text) => {
      const all = [parseIpNeigh(text) ?? [], parseProcArp(text), parseArpAn(text), parseArpWindows(text)].flat();
      for (const { address, mac, state } of all) {
        expect(address).toMatch(/^[0-9a-f.:]+(?:%.+)?$/s);
        if (mac === null) expect(state).toBe('none');
        else expect(mac).toMatch(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/);
      }
    }),
    FUZZ,
  );
});
