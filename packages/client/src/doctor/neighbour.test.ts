import { type Look, type NeighbourSeen, wasSeen } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { INTERFACES, onComputer, saying } from './computer.testing.ts';
import { lookAtNeighbour } from './neighbour.ts';

const MINER = '10.0.4.21';
/** A block of Espressif, and one of Brother. */
const ESPRESSIF = '24:0a:c4:01:02:03';
const BROTHER = '30:05:5c:01:02:03';
const OWN_CHOICE = '02:a1:b2:c3:d4:e5';

const entry = (dst: string, lladdr: string | null, state: string): string =>
  JSON.stringify({ dst, dev: 'eth0', ...(lladdr === null ? {} : { lladdr }), state: [state] });
const neigh = (...entries: string[]): string => `[${entries.join(',')}]`;

/** On Linux, where ip says these tables, one at each look. */
const linux = (...tables: (string | null)[]) => {
  // A table is shared for a moment: here time passes with each look.
  let now = 1_767_607_200_000;
  return { ...onComputer({ run: saying(...tables), interfaces: INTERFACES }), clock: { now: () => (now += 500) } };
};

function sight(look: Look<NeighbourSeen>): NeighbourSeen & { readonly line: string } {
  if (!wasSeen(look)) throw new Error(`not seen: ${look.notSeen}`);
  return { ...look.value, line: look.line };
}

describe('the neighbour table tells of an address', () => {
  test('the maker of a miner', async () => {
    const look = await lookAtNeighbour(MINER, null, linux(neigh(entry(MINER, ESPRESSIF, 'REACHABLE'))));
    expect(look).toMatchObject({
      value: { mac: ESPRESSIF, vendor: 'Espressif Inc.', isMinerVendor: true, expectedMac: null, expectedMacAt: null },
      line: 'MAC 24:0a:c4:01:02:03 (Espressif Inc.)',
      command: 'ip neigh show 10.0.4.21',
    });
  });

  test('a printer where a miner was, and where the miner is now', async () => {
    const table = neigh(
      entry(MINER, BROTHER, 'REACHABLE'),
      entry('fe80::a1', ESPRESSIF, 'REACHABLE'),
      entry('10.0.4.77', ESPRESSIF, 'STALE'),
      entry('10.0.4.78', ESPRESSIF, 'REACHABLE'),
    );
    const seen = sight(await lookAtNeighbour(MINER, ESPRESSIF.toUpperCase(), linux(table)));
    expect(seen).toMatchObject({ isMinerVendor: false, expectedMac: ESPRESSIF, expectedMacAt: '10.0.4.78' });
    expect(seen.vendor).toMatch(/^Brother/i);
    expect(seen.line).toMatch(
      /^MAC 30:05:5c:01:02:03 \(Brother.*\), not the expected 24:0a:c4:01:02:03, which is at 10.0.4.78$/i,
    );
  });

  test('a MAC that software chose, which names no maker', async () => {
    const seen = sight(await lookAtNeighbour(MINER, OWN_CHOICE, linux(neigh(entry(MINER, OWN_CHOICE, 'REACHABLE')))));
    expect(seen).toMatchObject({ mac: OWN_CHOICE, vendor: null, isMinerVendor: null, expectedMacAt: null });
    expect(seen.line).toBe('MAC 02:a1:b2:c3:d4:e5 (locally administered: it names no maker), the expected one');
  });

  test('that a machine with two addresses has not moved', async () => {
    const table = neigh(entry(MINER, ESPRESSIF, 'REACHABLE'), entry('10.0.4.78', ESPRESSIF, 'REACHABLE'));
    expect(sight(await lookAtNeighbour(MINER, ESPRESSIF, linux(table))).expectedMacAt).toBeNull();
  });

  test('that an old entry says little where the MAC answers elsewhere', async () => {
    const table = neigh(entry(MINER, ESPRESSIF, 'PROBE'), entry('10.0.4.78', ESPRESSIF, 'REACHABLE'));
    expect(sight(await lookAtNeighbour(MINER, ESPRESSIF, linux(table)))).toMatchObject({
      mac: ESPRESSIF,
      expectedMacAt: '10.0.4.78',
      line: 'MAC 24:0a:c4:01:02:03 (Espressif Inc.), not confirmed since it was asked, the expected one, which is at 10.0.4.78',
    });
  });

  test('that nobody answers for it, once the system has stopped asking', async () => {
    const looking = linux(neigh(), neigh(entry(MINER, null, 'INCOMPLETE')), neigh(entry(MINER, null, 'FAILED')));
    const seen = sight(await lookAtNeighbour(MINER, ESPRESSIF, looking));
    expect(seen).toMatchObject({ mac: null, vendor: null, isMinerVendor: null, expectedMacAt: null });
    expect(seen.line).toBe('no MAC: nobody in our own network answers for 10.0.4.21');
    expect(looking.waits).toEqual([500, 500, 500, 500, 500, 500, 500]);
  });

  test('a MAC that comes in while it waits', async () => {
    const looking = linux(
      neigh(),
      neigh(entry(MINER, null, 'INCOMPLETE')),
      neigh(entry(MINER, ESPRESSIF, 'REACHABLE')),
    );
    expect(sight(await lookAtNeighbour(MINER, null, looking)).mac).toBe(ESPRESSIF);
    expect(looking.waits).toEqual([500, 500]);
  });

  test('that the machine of an old entry is gone', async () => {
    const old = neigh(entry(MINER, ESPRESSIF, 'DELAY'));
    const looking = linux(old, old, neigh(entry(MINER, null, 'FAILED')));
    expect(sight(await lookAtNeighbour(MINER, ESPRESSIF, looking)).mac).toBeNull();
    expect(looking.waits).toEqual([500, 500]);
  });

  test('over IPv6', async () => {
    const table = neigh(entry('fd00:4::21', ESPRESSIF, 'REACHABLE'));
    expect(sight(await lookAtNeighbour('fd00:4::21', null, linux(table))).mac).toBe(ESPRESSIF);
  });

  test('on a Linux without iproute2', async () => {
    const readFile = async (path: string) =>
      path === '/proc/net/arp'
        ? `IP address       HW type     Flags       HW address            Mask     Device\n10.0.4.21  0x1  0x2  ${ESPRESSIF}  *  eth0\n`
        : null;
    const looking = onComputer({ readFile, interfaces: INTERFACES });
    expect(sight(await lookAtNeighbour(MINER, null, looking)).mac).toBe(ESPRESSIF);
  });

  test.each([
    ['darwin', `? (10.0.4.21) at 24:a:c4:1:2:3 on en0 ifscope [ethernet]\n`, 'arp -n 10.0.4.21'],
    ['win32', `\r\n  10.0.4.21             24-0a-c4-01-02-03     dynamic\r\n`, 'arp -a 10.0.4.21'],
  ] as const)('on %s', async (platform, output, command) => {
    const looking = onComputer({ platform, run: saying(output), interfaces: INTERFACES });
    expect(await lookAtNeighbour(MINER, null, looking)).toMatchObject({ value: { mac: ESPRESSIF }, command });
  });
});

describe('the neighbour table is not looked at', () => {
  test.each(['127.0.0.1', '127.3.0.9', '::1', '10.0.4.5', 'fd00:4::5'])('for our own %s', async (host) => {
    const look = await lookAtNeighbour(host, null, linux(neigh()));
    expect(look).toEqual({ notSeen: 'it is an address of this computer itself' });
  });

  test('for an address behind a router', async () => {
    const looking = linux(neigh(entry('10.0.4.1', BROTHER, 'REACHABLE')));
    expect(await lookAtNeighbour('10.0.9.21', ESPRESSIF, looking)).toEqual({
      notSeen: 'it is in no network of this computer: a router stands between, which shows no MAC but its own',
    });
    expect(looking.waits).toEqual([]);
  });

  test('where it cannot be read', async () => {
    const cannot = { notSeen: 'the neighbour table of this computer cannot be read' };
    expect(await lookAtNeighbour(MINER, null, linux(null))).toEqual(cannot);
    expect(await lookAtNeighbour('fd00:4::21', null, linux('Usage: ip neigh'))).toEqual(cannot);
  });

  test('for a name without an address', async () => {
    expect(await lookAtNeighbour('miner-7.lan', null, linux(neigh()))).toEqual({
      notSeen: 'the name leads to no address',
    });
  });

  test('any more after the examination was cancelled', async () => {
    const looking = onComputer({ run: saying(neigh()), interfaces: INTERFACES }, AbortSignal.abort());
    expect(await lookAtNeighbour(MINER, null, looking)).toEqual({ notSeen: 'the examination ended before' });
  });
});
