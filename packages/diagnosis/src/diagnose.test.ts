import { type Examination, HIGH_CLOSED_PORT } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import {
  ALL_SILENT,
  apiIs,
  askedAll,
  BAD_BOOT,
  bitaxe,
  dead,
  deaf,
  examination,
  failedAt,
  failing,
  from,
  HOUR,
  neighbour,
  not,
  own,
  page,
  pool,
  port,
  ports,
  seen,
  shell,
  updated,
} from './examination.testing.ts';

describe('several causes at once', () => {
  const codes = (examined: Examination) => diagnose(examined).verdicts.map(({ code }) => code);

  test('an update that brought another address list is told with the list', () => {
    expect(codes(failing('closed-empty', { history: updated }))).toEqual([
      'firmware.update-broke-api',
      'api.address-not-allowed',
    ]);
  });

  test('an update that only a person tells of comes before what it caused, and is less sure than two versions seen', () => {
    const told = diagnose(deaf('refused', { told: { firmwareUpdated: true } }));
    expect(told.verdicts.map(({ code }) => code)).toEqual(['firmware.update-broke-api', 'api.not-listening']);
    const [first] = diagnose(deaf('refused', { history: updated, told: { firmwareUpdated: true } })).verdicts;
    expect(told.verdicts[0]?.confidence).toBeLessThan(first?.confidence ?? 0);
    expect(told.verdicts[0]?.because).toContain('told: it has been silent since a firmware update');
    expect(first?.sentence).toContain(' became ');
  });

  test('an update is no cause of silence on the network, nor of a machine that answers', () => {
    const told = { firmwareUpdated: true };
    expect(codes(deaf('timed-out', { told }))).not.toContain('firmware.update-broke-api');
    expect(codes(examination({ told }))).toEqual(['healthy']);
  });

  test('a name that leads nowhere is a wrong address, and no machine that is dead', () => {
    const name = seen({ given: 'rig7.farm', addresses: [], expected: null });
    const { verdicts, urgency } = diagnose(dead({ name, pool: not(), neighbour: not() }));
    expect(verdicts.map(({ code }) => code)).toEqual(['address.moved']);
    expect(verdicts[0]?.sentence).toBe('The address is wrong: the name rig7.farm leads nowhere');
    expect(urgency).toBe('unknown');
  });

  test('a printer on the old address is told with the new address of the machine', () => {
    const moved = neighbour({
      mac: '00:11:85:00:00:01',
      vendor: 'HP',
      isMinerVendor: false,
      expectedMacAt: '10.0.4.77',
    });
    const found = codes(
      deaf('refused', { page: page({ isMiner: false, stranger: 'a printer (HP)' }), neighbour: moved }),
    );
    expect(found).toEqual(['address.taken', 'address.moved']);
  });

  test('all three of step 16 are told with the storage that causes it, and not as a dead machine too', () => {
    const { verdicts, ruledOut } = diagnose(dead({ uart: BAD_BOOT, told: { reflashFailed: true } }));
    expect(verdicts.map(({ code }) => code)).toEqual(['board.to-repair', 'board.boot-storage']);
    expect(ruledOut).toContainEqual({
      code: 'machine.dead',
      why: 'it is a part of board.boot-storage, which says more',
    });
  });

  test('a blocked API that leaks is told as the leak alone', () => {
    const { verdicts, ruledOut } = diagnose(failing('silent', { history: failedAt(61 * HOUR, 95 * HOUR, 70 * HOUR) }));
    expect(verdicts.map(({ code }) => code)).toEqual(['resource.leak-periodic']);
    expect(ruledOut.map(({ code }) => code)).toContain('api.blocked');
    expect(ruledOut.map(({ code }) => code)).toContain('telemetry.only');
  });

  test('silence that nobody else looked at is a filter first, and perhaps our own firewall', () => {
    expect(codes(deaf('timed-out', { own: own({ firewallRules: null }) }))).toEqual([
      'network.filtered',
      'own-host.firewall',
    ]);
  });

  test('a rule of our own and silence elsewhere are both told', () => {
    const both = deaf('timed-out', {
      own: own({ firewallRules: ['tcp dport 4028 drop'] }),
      vantage: [from('timed-out')],
    });
    expect(codes(both)).toEqual(['own-host.firewall', 'network.filtered']);
  });
});

describe('what it costs is said first', () => {
  test('a fresh share: it hashes and is deaf', () => {
    const { urgency, sentence } = diagnose(deaf('refused'));
    expect(urgency).toBe('hashing-but-deaf');
    expect(sentence).toMatch(
      /^It hashes \(the pool saw its last share 42 s ago\) and is deaf, which costs nothing yet\. Nothing listens on port 4028 of 10\.0\.4\.21: /,
    );
  });

  test('no share for 15 min: it does not hash', () => {
    const { urgency, sentence } = diagnose(dead());
    expect(urgency).toBe('dead');
    expect(sentence).toMatch(
      /^It does not hash, which costs money\. 10\.0\.4\.21 is dead: none of its ports answers, .* and the pool saw its last share 15 min ago\.$/,
    );
  });

  test('a share of 8 min ago leaves it open', () => {
    expect(diagnose(deaf('refused', { pool: pool(480) })).urgency).toBe('unknown');
  });

  test('nobody asked the pool: not known, and told', () => {
    const { urgency, notSeen } = diagnose(deaf('refused', { pool: not('no account was given') }));
    expect(urgency).toBe('unknown');
    expect(notSeen).toContain('pool: no account was given');
  });

  test('a machine that answers is healthy', () => {
    const { urgency, sentence } = diagnose(examination());
    expect(urgency).toBe('healthy');
    expect(sentence).toBe('Nothing is wrong with the API of 10.0.4.21: it answers in full, and it is mining.');
  });

  test('a healthy machine without shares is told so in a remark', () => {
    expect(diagnose(examination({ pool: pool(900) })).remarks).toEqual([
      'it says that it hashes, and the pool saw its last share 15 min ago: another pool or worker, or nothing arrives there',
    ]);
  });
});

describe('what was not seen lowers the confidence', () => {
  const sure = (examined: Examination) => diagnose(examined).verdicts[0]?.confidence ?? 0;
  test.each<[string, Examination, Examination]>([
    ['the pool of a dead machine', dead(), dead({ pool: not() })],
    ['the neighbour table of a dead machine', dead(), dead({ neighbour: not() })],
    ['our own side, of a dead machine', dead(), dead({ own: not() })],
    ['the rules of our own firewall', deaf('timed-out'), deaf('timed-out', { own: own({ firewallRules: null }) })],
    ['a second host', deaf('timed-out', { vantage: [from('timed-out')] }), deaf('timed-out')],
    [
      'the other ports of a machine that refuses',
      deaf('refused'),
      deaf('refused', { ports: ports({ 4028: 'refused' }), page: not(), neighbour: not() }),
    ],
    ['a shell on a machine that refuses', deaf('refused', { shell: shell({ minerRuns: false }) }), deaf('refused')],
    ['the state of a machine that answers', examination(), examination({ state: not() })],
    ['samples of a machine that answers', examination(), examination({ samples: not() })],
    ['the neighbour table of a Bitaxe', bitaxe('refused'), bitaxe('refused', { neighbour: not() })],
    [
      'the neighbour table where a printer answers',
      deaf('refused', {
        page: page({ isMiner: false }),
        neighbour: neighbour({ mac: '00:11:85:00:00:01', isMinerVendor: false }),
      }),
      deaf('refused', { page: page({ isMiner: false }), neighbour: not() }),
    ],
  ])('%s', (_, all, less) => {
    expect(sure(less)).toBeLessThan(sure(all));
  });

  test('an examination in which nothing was seen has a verdict, and little confidence', () => {
    const { verdicts } = diagnose(
      dead({ ports: { 4028: port('timed-out') }, pool: not(), neighbour: not(), ping: not(), own: not() }),
    );
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]).toMatchObject({ code: 'device.unknown', row: null, confidence: 0.3 });
  });
});

test('an address whose ports are all silent while a closed one refuses is alive', () => {
  const one = dead({ ports: { ...ALL_SILENT, ...ports({ [HIGH_CLOSED_PORT]: 'refused' }) }, pool: pool(42) });
  expect(diagnose(one).verdicts[0]?.code).toBe('network.filtered');
});

test('the address list of a machine that is looked at twice is judged by the second look', () => {
  const both = examination({ api: askedAll('closed-empty'), again: askedAll('answered'), ports: apiIs('open') });
  const { verdicts, remarks } = diagnose(both);
  expect(verdicts[0]?.code).toBe('healthy');
  expect(remarks).toContain(
    'it did not answer at first, and did when it was asked again: it was starting, or busy with another client',
  );
});

test('what only another family has is not told as missing', () => {
  expect(diagnose(deaf('refused')).notSeen).toEqual([
    'name: an address was given, no name',
    'samples: it did not answer',
    'state: it did not answer',
    'uptime: it did not answer',
    'SSH: no credentials for SSH were given',
    'serial log: no log was given',
  ]);
  expect(diagnose(bitaxe('refused', { axe: not('it does not answer') })).notSeen).toContain(
    'AxeOS: it does not answer',
  );
});
