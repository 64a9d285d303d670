import type { Examination, Exchange, Look, Sight } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { onComputer } from './computer.testing.ts';
import { recallHistory, rememberExamination } from './history.ts';
import type { HistoryStore, Remembered } from './options.ts';

/** 2026-01-05 10:00 UTC. */
const NOW = 1_767_607_200_000;
const HOUR = 3_600_000;
const ADDRESS = '10.0.4.21';
const MAC = '24:0a:c4:01:02:03';
const OTHER_MAC = '30:05:5c:01:02:03';

const seen = <T>(value: T): Sight<T> => ({ value, at: NOW, ms: 1, bytes: 0, line: 'seen', command: null });
const not: Look<never> = { notSeen: 'nobody asked for it' };

const exchange = (request: string, outcome: Exchange['outcome'], at = NOW + 900): Sight<Exchange> => ({
  ...seen({ request, outcome, error: null, vendorCode: null, repairs: 0, isEmpty: false, ms: 12, bytes: 0 }),
  at,
});
const all = (outcome: Exchange['outcome']) => ['version', 'summary', 'stats'].map((name) => exchange(name, outcome));

const silent: Examination = {
  subject: {
    address: ADDRESS,
    family: 'antminer',
    make: 'Bitmain',
    model: null,
    firmware: 'stock',
    firmwareVersion: null,
    apiPort: 4028,
    by: 'remembered',
  },
  from: NOW,
  to: NOW + 2000,
  name: not,
  neighbour: not,
  ping: not,
  ports: {},
  api: [exchange('version', 'silent')],
  again: [],
  page: not,
  samples: not,
  axe: not,
  whatsminer: not,
  luxosSession: not,
  braiins: not,
  ethminer: not,
  clockSkewS: not,
  state: not,
  uptimeS: not,
  history: not,
  pool: not,
  vantage: [],
  own: not,
  shell: not,
  uart: not,
  told: {},
};
const answering: Examination = {
  ...silent,
  subject: { ...silent.subject, model: 'S19 Pro', firmwareVersion: '2.0.1', by: 'read' },
  api: all('answered'),
  uptimeS: seen(7200),
};
const cardOf = (mac: string, expectedMac: string | null): Examination['neighbour'] =>
  seen({ mac, vendor: null, isMinerVendor: null, expectedMac, expectedMacAt: null });

const known: Remembered = {
  firmware: { before: null, now: '2.0.1', changedAt: null },
  lastAnswerAt: NOW - 2 * HOUR,
  lastUptimeS: 70 * 3600,
  failures: [],
  mac: MAC,
  pollEveryS: 30,
  subject: { family: 'antminer', make: 'Bitmain', model: 'S19 Pro', firmware: 'stock' },
};

/** What is noted after an examination; null: nothing. */
function noted(examination: Examination, remembered: Remembered | null): Remembered | null {
  const notes = new Map<string, Remembered>();
  const store: HistoryStore = {
    recall: (address) => notes.get(address) ?? null,
    remember: (address, one) => notes.set(address, one),
  };
  rememberExamination(store, examination, remembered);
  expect([...notes.keys()].filter((address) => address !== ADDRESS)).toEqual([]);
  return store.recall(ADDRESS);
}

describe('the notes of a machine', () => {
  const looking = () => ({ ...onComputer({}), clock: { now: () => NOW } });
  const storeOf = (recall: () => Remembered | null): HistoryStore => ({ recall, remember: () => {} });

  test('tell when it answered last, its firmware, its failures and who asks it', () => {
    const remembered: Remembered = {
      ...known,
      firmware: { before: '2.0.0', now: '2.0.1\u001b[2J', changedAt: Date.UTC(2026, 0, 3, 12) },
      failures: [
        { at: NOW - 200 * HOUR, uptimeS: 70 * 3600 },
        { at: NOW - 100 * HOUR, uptimeS: null },
      ],
    };
    const look = recallHistory(
      storeOf(() => remembered),
      ADDRESS,
      looking(),
    );
    const { subject: _, ...history } = remembered;
    expect(look).toEqual({
      value: history,
      at: NOW,
      ms: 0,
      bytes: 0,
      line:
        'it answered last 2 h ago, up for 3 days then; firmware 2.0.1\\x1b[2J since 2026-01-03 (before: 2.0.0); ' +
        '2 earlier failures, the last 4 days ago; asked every 30 s',
      command: null,
    });
  });

  test('of one that never answered say so', () => {
    const remembered = {
      ...known,
      firmware: { before: null, now: null, changedAt: null },
      lastAnswerAt: null,
      pollEveryS: null,
    };
    expect(
      recallHistory(
        storeOf(() => remembered),
        ADDRESS,
        looking(),
      ),
    ).toMatchObject({
      line: 'it never answered before; no earlier failure is known',
    });
  });

  test('are not there', () => {
    expect(recallHistory(undefined, ADDRESS, looking())).toEqual({
      notSeen: 'no notes of earlier examinations are kept',
    });
    expect(
      recallHistory(
        storeOf(() => null),
        ADDRESS,
        looking(),
      ),
    ).toEqual({ notSeen: 'it was never examined before' });
    const broken = storeOf(() => {
      throw new Error('disk');
    });
    expect(recallHistory(broken, ADDRESS, looking())).toEqual({
      notSeen: 'the notes of earlier examinations cannot be read',
    });
    expect(() => rememberExamination({ ...broken, remember: broken.recall }, answering, null)).not.toThrow();
  });
});

describe('of a machine that answers is noted', () => {
  test('who it is, when it answered, its uptime, its version and its MAC', () => {
    expect(noted({ ...answering, neighbour: cardOf(MAC, null) }, null)).toEqual({
      firmware: { before: null, now: '2.0.1', changedAt: null },
      lastAnswerAt: NOW + 900,
      lastUptimeS: 7200,
      failures: [],
      mac: MAC,
      pollEveryS: null,
      subject: { family: 'antminer', make: 'Bitmain', model: 'S19 Pro', firmware: 'stock' },
    });
  });

  test('the firmware before and now once the version is another', () => {
    const before = { ...known, firmware: { before: '1.9', now: '2.0.0', changedAt: 5 } };
    const after = noted(answering, before);
    expect(after?.firmware).toEqual({ before: '2.0.0', now: '2.0.1', changedAt: NOW });
    expect(after?.lastAnswerAt).toBeGreaterThan(NOW);
    expect(noted(answering, after)?.firmware).toEqual({ before: '2.0.0', now: '2.0.1', changedAt: NOW });
  });

  test('a new version, and no answer since, where all but the version fell silent', () => {
    const half = { ...answering, api: [exchange('version', 'answered'), exchange('summary', 'silent')] };
    const after = noted(half, { ...known, firmware: { before: null, now: '2.0.0', changedAt: null } });
    expect(after).toMatchObject({
      firmware: { before: '2.0.0', now: '2.0.1', changedAt: NOW },
      lastAnswerAt: NOW - 2 * HOUR,
      lastUptimeS: 70 * 3600,
      failures: [],
    });
  });

  test('that it works although some commands are denied, or wanted a second try', () => {
    const denying = { ...answering, api: [exchange('version', 'answered'), exchange('config', 'denied')] };
    expect(noted(denying, known)?.lastAnswerAt).toBe(NOW + 900);
    const slow = {
      ...answering,
      api: [exchange('version', 'silent')],
      again: [exchange('version', 'answered', NOW + 1500)],
    };
    expect(noted(slow, known)).toMatchObject({ lastAnswerAt: NOW + 1500, failures: [] });
  });

  test('what it does not tell now as it was before, and how often it is asked', () => {
    const quiet = { ...answering, subject: { ...answering.subject, model: null, firmwareVersion: null }, uptimeS: not };
    expect(noted(quiet, known)).toMatchObject({
      subject: { model: 'S19 Pro' },
      firmware: { now: '2.0.1' },
      lastUptimeS: null,
      pollEveryS: 30,
    });
  });
});

describe('of a machine that fails is noted', () => {
  test('when, and the uptime as reckoned from an answer of 2 h ago', () => {
    expect(noted(silent, known)?.failures).toEqual([{ at: NOW, uptimeS: 72 * 3600 }]);
  });

  test('no reckoned uptime where it answered last a week ago', () => {
    expect(noted(silent, { ...known, lastAnswerAt: NOW - 168 * HOUR })?.failures).toEqual([{ at: NOW, uptimeS: null }]);
  });

  test('the uptime that a shell told', () => {
    const shell: Examination['shell'] = seen({
      config: null,
      freeMemoryMb: null,
      tmpUsedPercent: null,
      topMemory: [],
      logLines: [],
      apiPeers: [],
      minerRuns: null,
      listensOn: [],
      restartCommand: null,
      uptimeS: 250_000,
    });
    expect(noted({ ...silent, shell }, known)?.failures).toEqual([{ at: NOW, uptimeS: 250_000 }]);
  });

  test('one failure until it has answered again', () => {
    const once = noted(silent, known);
    const twice = noted({ ...silent, from: NOW + HOUR }, once);
    expect(twice?.failures).toHaveLength(1);
    const back = noted({ ...answering, api: [exchange('version', 'answered', NOW + 2 * HOUR)] }, twice);
    expect(noted({ ...silent, from: NOW + 3 * HOUR }, back)?.failures).toEqual([
      { at: NOW, uptimeS: 72 * 3600 },
      { at: NOW + 3 * HOUR, uptimeS: 7200 + 3600 },
    ]);
  });

  test('at most 50 failures, the oldest forgotten', () => {
    const failures = Array.from({ length: 50 }, (_, i) => ({ at: i + 1, uptimeS: null }));
    const after = noted(silent, { ...known, failures })?.failures;
    expect(after).toHaveLength(50);
    expect(after?.[0]?.at).toBe(2);
    expect(after?.at(-1)?.at).toBe(NOW);
  });

  const own = (more: object): Examination['own'] =>
    seen({
      hasRoute: true,
      interface: 'eth0',
      sameNetwork: true,
      neighboursAnswering: null,
      gatewayAnswers: true,
      firewallRules: [],
      connections: [],
      ...more,
    });
  test.each<[string, Partial<Examination>]>([
    ['our own computer has no route', { own: own({ hasRoute: false }) }],
    ['our own firewall drops the port', { own: own({ firewallRules: ['tcp dport 4028 drop'] }) }],
    ['another collector gets answers', { vantage: [seen({ from: '10.0.9.5', ports: {}, answered: true })] }],
    ['it answered no', { api: all('denied') }],
    [
      'a printer is at its address',
      {
        page: seen({ status: 200, realm: null, server: null, title: null, stranger: 'a printer (HP)', isMiner: false }),
      },
    ],
    ['the MAC at its address is another', { neighbour: cardOf(OTHER_MAC, MAC) }],
  ])('no failure where %s', (_, more) => {
    const after = noted({ ...silent, ...more }, known);
    expect(after?.failures ?? []).toEqual([]);
    expect(after?.mac ?? MAC).toBe(MAC);
  });
});

describe('nothing is noted', () => {
  test('of an address where nobody ever answered', () => {
    expect(noted({ ...silent, subject: { ...silent.subject, by: 'assumed' } }, null)).toBeNull();
  });

  test('of another machine than the one that a person meant', () => {
    expect(noted({ ...answering, neighbour: cardOf(OTHER_MAC, '24:0a:c4:99:99:99') }, known)).toBeNull();
  });
});

test('a machine that answers with another MAC begins with nothing of the one before', () => {
  const failures = [{ at: 1, uptimeS: 2 }];
  const after = noted({ ...answering, neighbour: cardOf(OTHER_MAC, MAC) }, { ...known, failures });
  expect(after).toMatchObject({
    mac: OTHER_MAC,
    failures: [],
    pollEveryS: null,
    firmware: { before: null, now: '2.0.1' },
  });
});
