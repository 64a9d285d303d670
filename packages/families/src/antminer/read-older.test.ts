import { newMemory } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../snapshot-of.ts';
import {
  type Answers,
  asked,
  at,
  joined,
  machineOf,
  OLDER_CONF,
  OLDER_SYSTEM,
  summaryOf,
  VERSION,
} from './device.testing.ts';
import { antminer } from './index.ts';

/* The older web page (protocols.md 2.4), on its own and beside port 4028. Documents typed to the protocol. */

const STATS =
  '{"STATUS":[{"STATUS":"S","When":1,"Code":70,"Msg":"CGMiner stats"}],"STATS":[{"BMMiner":"2.0.0","Miner":"16.8.1.3","CompileTime":"Fri Nov 17 17:57:49 CST 2017","Type":"Antminer S9"}{"STATS":0,"ID":"BC50","Elapsed":3600,"GHS 5s":13500.5,"fan_num":2,"fan3":5880,"fan6":4320,"temp_num":3,"temp6":62,"temp2_6":70,"chain_acn6":63,"chain_acs6":" oooooooo","chain_hw6":1,"chain_rate6":"4500.10"}],"id":1}';
const POOLS =
  '{"STATUS":[{"STATUS":"S","When":1,"Code":7,"Msg":"1 Pool(s)"}],"POOLS":[{"POOL":0,"URL":"stratum+tcp://a.example:3333","Status":"Alive","Priority":0,"User":"acct.a","Accepted":12,"Rejected":1,"Stale":0,"Last Share Time":"0:00:10","Diff":"16K"}],"id":1}';
const STATUS =
  '{"summary":{"elapsed":"3600","ghs5s":"13,500.5","ghsav":"13400.25","foundblocks":"0","getworks":"9","accepted":"120","rejected":"3","hw":"17","utility":"1","discarded":"2","stale":"4","localwork":"1","wu":"1","diffa":"1","diffr":"1","diffs":"1","bestshare":"98765"},"pools":[{"url":"stratum+tcp://a.example:3333","user":"acct.a","status":"Alive","priority":"0","accepted":"120","rejected":"3","stale":"4"}],"devs":[]}';
const DEAD = 'Socket connect failed: Connection refused\n';

const older = (pages: Answers['pages'] = {}, more: Answers = {}) =>
  machineOf({
    pages: {
      'GET /cgi-bin/get_system_info.cgi': OLDER_SYSTEM,
      'GET /cgi-bin/get_miner_conf.cgi': OLDER_CONF,
      ...pages,
    },
    ...more,
  });
const read = async (links: ReturnType<typeof older>, memory = newMemory()) =>
  snapshotOf(antminer, await antminer.read(links, memory), 'here');

describe('an older web page alone', () => {
  const whole = () =>
    older({
      'GET /cgi-bin/miner_summary.cgi': summaryOf(3600, 13_500.5),
      'GET /cgi-bin/miner_stats.cgi': STATS,
      'GET /cgi-bin/miner_pools.cgi': POOLS,
    });

  test('passes port 4028’s own replies through, the missing comma among them', async () => {
    const found = await read(whole());
    expect(found.state).toBe('mining');
    expect(found.minerUptimeS).toBe(3600);
    expect(found.hashrate.currentHs).toBe(13_500.5e9);
    expect(found.hashboards.map((board) => [board.label, board.tempC])).toContainEqual(['chain 6', 62]);
    expect(found.fans.map(({ rpm }) => rpm)).toEqual([5880, 4320]);
    expect(found.pools).toMatchObject([{ url: 'stratum+tcp://a.example:3333', worker: 'acct.a', accepted: 12 }]);
    expect(found.replies.find(({ id }) => id === 'stats')?.repairs).toHaveLength(1);
    expect(asked.slice(0, 4)).toEqual([
      'GET /cgi-bin/summary.cgi',
      'GET /cgi-bin/miner_summary.cgi',
      'GET /cgi-bin/miner_stats.cgi',
      'GET /cgi-bin/miner_pools.cgi',
    ]);
  });

  test('is not asked for the newer page’s again within an hour', async () => {
    const memory = newMemory();
    await read(whole(), memory);
    asked.length = 0;
    at.now += 60_000;
    await antminer.read(whole(), memory);
    expect(asked).toEqual([
      'GET /cgi-bin/miner_summary.cgi',
      'GET /cgi-bin/miner_stats.cgi',
      'GET /cgi-bin/miner_pools.cgi',
    ]);
  });

  test('says how long the machine runs, in hours and minutes, an hour later as well', async () => {
    const memory = newMemory();
    expect((await read(whole(), memory)).systemUptimeS).toBe(4 * 3600 + 5 * 60);
    at.now += 600_000;
    expect((await read(whole(), memory)).systemUptimeS).toBe(4 * 3600 + 5 * 60 + 600);
  });

  test.each(['5', '3', '', '25:7', 'up 3 days'])(
    'an uptime of %j is minutes, days or nothing: it is not read',
    async (uptime) => {
      const links = older({
        'GET /cgi-bin/get_system_info.cgi': OLDER_SYSTEM.replace('"4:05"', JSON.stringify(uptime)),
        'GET /cgi-bin/miner_summary.cgi': summaryOf(3600),
      });
      expect((await read(links)).systemUptimeS).toBeNull();
    },
  );

  test('with get_miner_status.cgi only: its strings are the reading', async () => {
    const found = await read(older({ 'GET /cgi-bin/get_miner_status.cgi': STATUS }));
    expect(found.state).toBe('mining');
    expect(found.minerUptimeS).toBe(3600);
    expect(found.hashrate).toMatchObject({ currentHs: 13_500.5e9, averageHs: 13_400.25e9 });
    expect(found.shares).toMatchObject({ accepted: 120, rejected: 3, stale: 4, sessionBestDifficulty: 98_765 });
    expect(found.hardwareErrors).toBe(17);
    expect(found.pools).toMatchObject([
      { index: 0, url: 'stratum+tcp://a.example:3333', worker: 'acct.a', status: 'alive', accepted: 120, stale: 4 },
    ]);
    expect(found.identity.model).toBe('Antminer S17');
  });

  test('whose mining program is dead shows zeros, and they are no reading', async () => {
    const zeros = STATUS.replace(/"\d[\d,.]*"/g, '"0"');
    const found = await read(
      older({
        'GET /cgi-bin/miner_summary.cgi': DEAD,
        'GET /cgi-bin/miner_stats.cgi': DEAD,
        'GET /cgi-bin/miner_pools.cgi': DEAD,
        'GET /cgi-bin/get_miner_status.cgi': zeros,
      }),
    );
    expect(found.state).toBe('unknown');
    expect([found.minerUptimeS, found.hashrate.currentHs, found.shares.accepted, found.hardwareErrors]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(found.pools).toEqual([]);
    expect(found.gaps.find(({ path }) => path === '/hashrate/currentHs')?.reason).toBe('failed');
  });

  test.each([
    ['cut', STATUS.slice(0, 200)],
    ['a list', '[]'],
    ['HTML', '<html></html>'],
    ['no summary', '{"pools":[]}'],
    ['odd types', '{"summary":[1],"pools":{"a":1}}'],
  ])('with a status page that is %s gives what can be read', async (_, body) => {
    const found = await read(older({ 'GET /cgi-bin/get_miner_status.cgi': body }));
    expect(found.identity.model).toBe('Antminer S17');
  });
});

describe('an older web page beside port 4028', () => {
  const beside = (conf = OLDER_CONF) =>
    older({ 'GET /cgi-bin/get_miner_conf.cgi': conf }, { commands: joined(VERSION, 3660, STATS, POOLS) });

  test('costs no page a poll', async () => {
    const links = beside();
    const memory = newMemory();
    await antminer.read(links, memory);
    expect(asked).toContain('GET /cgi-bin/get_system_info.cgi');
    asked.length = 0;
    at.now += 30_000;
    await antminer.read(links, memory);
    expect(asked).toEqual(['4028 summary+stats+pools']);
  });

  test('in work mode 1 is not taken for asleep: nobody knows what that number is there', async () => {
    const links = beside(OLDER_CONF.replace('"bitmain-work-mode":"2"', '"bitmain-work-mode":"1"'));
    expect((await read(links)).state).toBe('mining');
    const asleep = beside(OLDER_CONF.replace('"bitmain-work-mode":"2"', '"bitmain-work-mode":"254"'));
    expect((await read(asleep)).state).toBe('paused');
  });
});
