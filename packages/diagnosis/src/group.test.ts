import type { Examination } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import { asked, dead, deaf, examination, failing, history, not, own, page, pool, seen } from './examination.testing.ts';
import { groupDiagnoses, type Incident } from './group.ts';
import type { Diagnosis } from './rule.ts';

const at = (address: string, seenSo: Examination): Diagnosis =>
  diagnose({ ...seenSo, subject: { ...seenSo.subject, address } });

const many = (count: number, from: number, seenSo: Examination, net = '10.0.4'): Diagnosis[] =>
  Array.from({ length: count }, (_, i) => at(`${net}.${from + i}`, seenSo));

const short = (incidents: readonly Incident[]) =>
  incidents.map(({ kind, code, urgency, addresses }) => [kind, code, urgency, addresses.join(' ')]);

const LOCKED = failing('denied', {
  api: [asked('version', 'denied', { error: 'auth/rejected', vendorCode: '401' })],
  again: [],
});
const OUR_SIDE = dead({ own: own({ hasRoute: false }), neighbour: not(), pool: not() });

test('healthy machines are no incident', () => {
  expect(groupDiagnoses(many(40, 1, examination()))).toEqual([]);
  expect(groupDiagnoses([])).toEqual([]);
});

describe('a switch that is down', () => {
  test('is one incident, not forty', () => {
    const incidents = groupDiagnoses([
      ...many(38, 1, dead()),
      ...many(2, 39, examination()),
      ...many(10, 1, examination(), '10.0.5'),
    ]);
    expect(short(incidents)).toEqual([['subnet', 'machine.dead', 'dead', '10.0.4.1-38']]);
    expect(incidents[0]?.sentence).toBe(
      'Nothing of 38 of 40 machines of 10.0.4.0/24 answers: it is one fault of what they share (switch, its power, uplink, VLAN); none of them hashes, which costs money.',
    );
    expect(incidents[0]?.remedy[0]?.text).toMatch(
      /^Look at what the machines of 10\.0\.4\.0\/24 share first: the switch/,
    );
    expect(incidents[0]?.remedy.slice(1)).toEqual(incidents[0]?.diagnoses[0]?.verdicts[0]?.remedy);
    expect(incidents[0]?.diagnoses).toHaveLength(38);
  });

  test('is none when three of ten are dead, or all three of three', () => {
    const some = groupDiagnoses([...many(3, 1, dead()), ...many(7, 4, examination())]);
    expect(short(some)).toEqual([['cause', 'machine.dead', 'dead', '10.0.4.1-3']]);
    expect(some[0]?.sentence).toMatch(/\(3 machines\); none of them hashes, which costs money\.$/);
    expect(short(groupDiagnoses(many(3, 1, dead())))).toEqual([['cause', 'machine.dead', 'dead', '10.0.4.1-3']]);
  });

  test('counts four of five, and not seven of nine', () => {
    expect(groupDiagnoses([...many(4, 1, dead()), ...many(1, 9, examination())])[0]?.kind).toBe('subnet');
    expect(groupDiagnoses([...many(7, 1, dead()), ...many(2, 9, examination())])[0]?.kind).toBe('cause');
  });

  test('of two subnets is two incidents, and a machine with a fault of its own stays by itself', () => {
    const incidents = groupDiagnoses([...many(5, 1, dead()), ...many(8, 1, dead(), '10.0.5'), ...many(1, 9, LOCKED)]);
    expect(short(incidents)).toEqual([
      ['subnet', 'machine.dead', 'dead', '10.0.5.1-8'],
      ['subnet', 'machine.dead', 'dead', '10.0.4.1-5'],
      ['cause', 'http.locked', 'hashing-but-deaf', '10.0.4.9'],
    ]);
  });

  test('is not what is at fault where the machines hash: it is the way there', () => {
    const [incident, ...more] = groupDiagnoses(many(6, 1, dead({ pool: pool(30) })));
    expect(more).toEqual([]);
    expect(incident).toMatchObject({ kind: 'subnet', urgency: 'hashing-but-deaf' });
    expect(incident?.sentence).toBe(
      'Nothing of all 6 machines of 10.0.4.0/24 answers from here: the way from here to this subnet is at fault; all of them hash, which costs nothing yet.',
    );
  });

  test('is found by names as well, and in a /64', () => {
    const byName = Array.from({ length: 5 }, (_, i) =>
      at(`miner-${i}.local`, dead({ name: seen({ given: 'x', addresses: [`10.0.4.${i}`], expected: null }) })),
    );
    expect(groupDiagnoses(byName)).toMatchObject([{ kind: 'subnet', addresses: byName.map(({ address }) => address) }]);
    const six = Array.from({ length: 4 }, (_, i) => at(`fd00::${i + 1}`, dead()));
    expect(groupDiagnoses(six)).toMatchObject([{ kind: 'subnet', addresses: ['fd00::1-fd00::4'] }]);
  });
});

test('a filter before a subnet is one incident', () => {
  const incidents = groupDiagnoses([...many(12, 1, deaf('timed-out')), ...many(3, 13, examination())]);
  expect(short(incidents)).toEqual([['subnet', 'network.filtered', 'hashing-but-deaf', '10.0.4.1-12']]);
  expect(incidents[0]?.sentence).toBe(
    'The API port of 12 of 15 machines of 10.0.4.0/24 is silent while they are there: something in the network drops the request; all of them hash, which costs nothing yet.',
  );
});

describe('our own network', () => {
  test('that is down is one incident for all', () => {
    const incidents = groupDiagnoses([
      ...many(3, 1, dead({ pool: not() })),
      ...many(30, 10, OUR_SIDE),
      ...many(9, 1, dead({ pool: not() }), '10.0.9'),
    ]);
    expect(short(incidents)).toEqual([
      ['own-network', 'own-network.down', expect.any(String), '10.0.4.1-3 10.0.4.10-39 10.0.9.1-9'],
    ]);
    expect(incidents[0]?.sentence).toMatch(/^Our own network is down: nothing can be said of 42 machines from here; /);
    expect(incidents[0]?.diagnoses[0]?.verdicts[0]?.code).toBe('own-network.down');
  });

  test('is not blamed for what is dead while others answer', () => {
    const incidents = groupDiagnoses([
      ...many(2, 1, OUR_SIDE),
      ...many(2, 10, dead(), '10.0.9'),
      ...many(5, 20, examination(), '10.0.9'),
    ]);
    expect(short(incidents).map(([kind, code, , addresses]) => [kind, code, addresses])).toEqual([
      ['cause', 'machine.dead', '10.0.9.10 10.0.9.11'],
      ['own-network', 'own-network.down', '10.0.4.1 10.0.4.2'],
    ]);
  });
});

test('an update that took the API away is one incident for each version', () => {
  const updated = (now: string) =>
    deaf('refused', {
      history: history({
        firmware: { before: '2022-12-06', now, changedAt: 1_767_600_000_000 },
        lastAnswerAt: 1_767_590_000_000,
      }),
    });
  const incidents = groupDiagnoses([
    ...many(3, 1, updated('2023-06-21')),
    ...many(2, 20, updated('2023-10-01')),
    ...many(1, 40, LOCKED),
  ]);
  expect(short(incidents)).toEqual([
    ['firmware', 'firmware.update-broke-api', 'hashing-but-deaf', '10.0.4.1-3'],
    ['firmware', 'firmware.update-broke-api', 'hashing-but-deaf', '10.0.4.20 10.0.4.21'],
    ['cause', 'http.locked', 'hashing-but-deaf', '10.0.4.40'],
  ]);
  expect(incidents[0]?.sentence).toBe(
    'The update to Bitmain stock 2023-06-21 took the API from 3 machines; all of them hash, which costs nothing yet.',
  );
});

test('what costs money comes first, however few they are', () => {
  const incidents = groupDiagnoses([
    ...many(9, 20, LOCKED),
    ...many(1, 1, dead()),
    ...many(2, 40, failing('denied', { api: LOCKED.api, again: [], pool: pool(900) })),
  ]);
  expect(short(incidents)).toEqual([
    ['cause', 'http.locked', 'dead', '10.0.4.20-28 10.0.4.40 10.0.4.41'],
    ['cause', 'machine.dead', 'dead', '10.0.4.1'],
  ]);
  expect(incidents[0]?.sentence).toMatch(
    /\(11 machines\); 2 of them do not hash, which costs money, 9 of them hash\.$/,
  );
  // The first of them is one that does not hash: its remedy is that of the incident.
  expect(incidents[0]?.diagnoses[0]?.address).toBe('10.0.4.40');
});

test('what a device says of itself is fit for a terminal in the sentence of an incident', () => {
  const hostile = deaf('refused', {
    history: history({ firmware: { before: 'a', now: '\u001b[2J\nx', changedAt: 1 }, lastAnswerAt: 0 }),
    page: page({ title: '\u001b[2J' }),
  });
  for (const { sentence } of groupDiagnoses(many(3, 1, hostile))) expect(sentence).toMatch(/^[ -~]+$/);
});

test('nothing is lost: every ill machine is in one incident', () => {
  const all = [
    ...many(7, 1, dead()),
    ...many(2, 10, LOCKED),
    ...many(4, 20, deaf('refused')),
    ...many(3, 30, failing('silent')),
    ...many(5, 40, examination()),
    ...many(6, 1, deaf('timed-out'), '10.0.6'),
    at('miner.local', dead()),
  ];
  const told = groupDiagnoses(all).flatMap(({ diagnoses }) => diagnoses.map(({ address }) => address));
  expect(told.toSorted()).toEqual(
    all
      .filter(({ urgency }) => urgency !== 'healthy')
      .map(({ address }) => address)
      .toSorted(),
  );
});
