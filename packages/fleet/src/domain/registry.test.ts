import { HeadframeError } from '@headframe/model';
import { beforeEach, describe, expect, test } from 'vitest';
import { aSnapshot, START, target } from '../doubles.testing.ts';
import type { Miner } from './miner.ts';
import { Registry } from './registry.ts';

let changed: string[];
let removed: string[];
let registry: Registry;

beforeEach(() => {
  changed = [];
  removed = [];
  registry = new Registry({ changed: (id) => changed.push(id), removed: (id) => removed.push(id) });
});

const known = (address: string): Miner => registry.add(target(address), START) as Miner;
const silent = () => new HeadframeError('link/timed-out-waiting', { address: '10.0.0.1', afterMs: 5_000 });

describe('how the conversation with a machine goes', () => {
  test('a machine that was not asked yet waits, and is not called silent', () => {
    const { row } = known('10.0.0.1');
    expect(row).toMatchObject({ link: 'waiting', state: 'unknown', severity: 'info' });
    expect(row.reasons[0]?.text).toBe('Not asked yet');
  });

  test('a machine that fell silent is not shown as mining, and its last reading is kept with its time', () => {
    const miner = known('10.0.0.1');
    registry.answered(miner, aSnapshot(), 40, START + 1_000);
    expect(miner.row).toMatchObject({ link: 'ok', state: 'mining', hashrateHs: 110e12, powerW: 3250, severity: null });
    registry.failed(miner, silent(), 5_000, START + 11_000);
    expect(miner.row).toMatchObject({
      link: 'failing',
      state: 'unknown',
      hashrateHs: null,
      powerW: null,
      chipTempMaxC: null,
      pool: null,
      model: 'Antminer S19 Pro',
      lastAnswerAt: START + 1_000,
    });
    expect(miner.snapshot?.hashrate.currentHs).toBe(110e12);
  });

  test('one lost poll is a remark; the third in a row makes it unreachable and sick', () => {
    const miner = known('10.0.0.1');
    registry.answered(miner, aSnapshot(), 40, START);
    registry.failed(miner, silent(), 1, START);
    registry.failed(miner, silent(), 1, START);
    expect(miner.row).toMatchObject({ link: 'failing', severity: 'info' });
    registry.failed(miner, silent(), 1, START);
    expect(miner.row).toMatchObject({ link: 'unreachable', severity: 'error' });
    expect(miner.row.reasons[0]).toEqual({
      code: 'link/timed-out-waiting',
      severity: 'error',
      text: 'The device took the connection but sent nothing for 5 s',
    });
  });

  test('a machine that answers again is well at once', () => {
    const miner = known('10.0.0.1');
    for (let i = 0; i < 9; i++) registry.failed(miner, silent(), 1, START);
    expect(miner.row).toMatchObject({ link: 'never-answered', severity: 'error' });
    registry.answered(miner, aSnapshot(), 40, START);
    expect(miner.row).toMatchObject({ link: 'ok', state: 'mining', severity: null });
    expect(miner).toMatchObject({ consecutiveFailures: 0, failures: 9, polls: 10 });
  });

  test('a device that answers garbage is named with the first bytes of what it said', () => {
    const miner = known('10.0.0.1');
    const context = { address: '10.0.0.1', request: 'version', firstBytes: 'SSH-2.0-dropbear\\x0d\\x0a' };
    registry.failed(miner, new HeadframeError('protocol/malformed', context), 12, START + 5);
    expect(miner.row).toMatchObject({ link: 'failing', state: 'unknown', severity: 'error' });
    expect(miner.row.reasons[0]?.text).toContain('first bytes: SSH-2.0-dropbear\\x0d\\x0a');
    expect(miner.lastError).toMatchObject({ code: 'protocol/malformed', at: START + 5, context });
  });

  test('a machine that wants a password is found, not lost', () => {
    const miner = known('10.0.0.1');
    registry.failed(miner, new HeadframeError('auth/required', { address: '10.0.0.1' }), 12, START);
    expect(miner.row).toMatchObject({ link: 'needs-credentials', severity: 'warning' });
    expect(miner.row.reasons[0]?.text).toBe('The device wants a password, and none was given');
  });

  test('what is kept of an error holds neither its cause nor its stack', () => {
    const miner = known('10.0.0.1');
    registry.failed(miner, new HeadframeError('link/reset', {}, new Error('with bytes')), 12, START);
    expect(Object.keys(miner.lastError ?? {})).toEqual(['code', 'message', 'context', 'at']);
  });
});

describe('when a machine fell silent is noted', () => {
  const S = 1_000;
  const fails = (miner: Miner, ...seconds: number[]) => {
    for (const second of seconds) registry.failed(miner, silent(), 5 * S, START + second * S);
  };
  const answers = (miner: Miner, address: string, second: number) =>
    registry.answered(miner, aSnapshot({ address, minerUptimeS: 259_200 }), 5, START + second * S);

  test('with the uptime that it had then, once its third poll in a row is lost', () => {
    const [one, other] = [known('10.0.0.1'), known('10.0.0.2')];
    answers(one, '10.0.0.1', 0);
    fails(one, 10, 20);
    answers(other, '10.0.0.2', 25);
    expect(one.log.failures).toEqual([]);
    fails(one, 30, 40, 50);
    expect(one.log.failures).toEqual([{ at: START + 10 * S, uptimeS: 259_210 }]);
  });

  test('not for a poll or two that were lost', () => {
    const [one, other] = [known('10.0.0.1'), known('10.0.0.2')];
    for (const second of [0, 40, 80]) {
      answers(one, '10.0.0.1', second);
      answers(other, '10.0.0.2', second + 15);
      fails(one, second + 10, second + 20);
    }
    expect(one.log.failures).toEqual([]);
  });

  test('not while nobody else answers either: that is our own network', () => {
    const all = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map(known);
    for (const miner of all) answers(miner, miner.target.address, 0);
    for (const miner of all) fails(miner, 10, 20, 30, 300);
    expect(all.map(({ log }) => log.failures)).toEqual([[], [], []]);
  });

  test('of a machine that is alone, which nobody can compare', () => {
    const miner = known('10.0.0.1');
    answers(miner, '10.0.0.1', 0);
    fails(miner, 10, 20, 30);
    expect(miner.log.failures).toHaveLength(1);
  });

  test('not of one that never answered', () => {
    const miner = known('10.0.0.1');
    fails(miner, 10, 20, 30);
    expect(miner.log.failures).toEqual([]);
  });
});

describe('who a machine is', () => {
  test('its id is the same in every run', () => {
    const other = new Registry({ changed: () => {}, removed: () => {} });
    expect(known('10.0.0.1').id).toBe(other.add(target('10.0.0.1'), START + 99)?.id);
  });

  test('a place is known once', () => {
    known('10.0.0.1');
    expect(registry.add(target('10.0.0.1', { family: 'luxos' }), START)).toBeUndefined();
    expect(registry.add(target('10.0.0.1', { ports: { cgminer: 4029 } }), START)).toBeDefined();
  });

  test('its MAC address gives it a lasting id; the one before still leads to it', () => {
    const miner = known('10.0.0.1');
    const before = miner.id;
    const gone = registry.answered(miner, aSnapshot({ mac: '02:00:00:00:00:01' }), 40, START);
    expect(gone).toEqual([before]);
    expect(removed).toEqual([before]);
    expect(miner.id).not.toBe(before);
    expect(registry.get(before)).toBe(miner);
    expect(registry.get(miner.id)).toBe(miner);
    expect(registry.size).toBe(1);
  });

  test('a poll without the MAC address changes nothing', () => {
    const miner = known('10.0.0.1');
    registry.answered(miner, aSnapshot({ mac: '02:00:00:00:00:01' }), 40, START);
    const { id } = miner;
    expect(registry.answered(miner, aSnapshot(), 40, START)).toEqual([]);
    expect(miner.id).toBe(id);
  });

  test('a machine that came up at another address is the same machine', () => {
    const first = known('10.0.0.1');
    registry.answered(first, aSnapshot({ mac: '02:00:00:00:00:01' }), 40, START);
    const { id } = first;
    registry.failed(first, silent(), 1, START);
    const second = known('10.0.0.9');
    const gone = registry.answered(second, aSnapshot({ address: '10.0.0.9', mac: '02:00:00:00:00:01' }), 40, START);
    expect(gone).toHaveLength(2);
    expect(second.id).toBe(id);
    expect(registry.get(id)?.row.address).toBe('10.0.0.9');
    expect(registry.has(first)).toBe(false);
    expect(registry.size).toBe(1);
    expect(registry.add(target('10.0.0.1'), START)).toBeDefined();
  });

  test('two machines that both answer with one MAC address both stay in sight', () => {
    const first = known('10.0.0.1');
    const second = known('10.0.0.2');
    registry.answered(first, aSnapshot({ mac: '02:00:00:00:00:01' }), 40, START);
    expect(registry.answered(second, aSnapshot({ mac: '02:00:00:00:00:01' }), 40, START)).toEqual([]);
    expect(registry.size).toBe(2);
    expect(first.id).not.toBe(second.id);
  });

  test('another machine at the address of one that left is another machine', () => {
    const miner = known('10.0.0.1');
    registry.answered(miner, aSnapshot({ mac: '02:00:00:00:00:01' }), 40, START);
    const { id } = miner;
    registry.answered(miner, aSnapshot({ mac: '02:00:00:00:00:02' }), 40, START);
    expect(miner.id).not.toBe(id);
    expect(removed).toContain(id);
    expect(registry.get(id)).toBeUndefined();
  });

  test.each(['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', ''])('the MAC address "%s" says nothing', (mac) => {
    const miner = known('10.0.0.1');
    const { id } = miner;
    registry.answered(miner, aSnapshot({ mac }), 40, START);
    expect(miner.id).toBe(id);
  });
});

test('the password in a pool address does not reach the row or the record', () => {
  const miner = known('10.0.0.1');
  const pools = aSnapshot().pools.map((pool) => ({ ...pool, url: 'stratum+tcp://farm.a1:hunter2@pool.example:3333' }));
  registry.answered(miner, aSnapshot({ pools }), 40, START);
  expect(JSON.stringify([miner.row, miner.snapshot])).not.toContain('hunter2');
  expect(miner.row.pool).toBe('stratum+tcp://pool.example:3333');
});
