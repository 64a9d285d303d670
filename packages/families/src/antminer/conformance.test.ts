import { newMemory } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { antminer } from './index.ts';
import { bench, EVERYTHING, expectReadings, NOW, snapshot } from './machines.testing.ts';

const IDENTITY = {
  family: 'antminer',
  make: 'Bitmain',
  model: 'Antminer S19 Pro',
  hardwareRevision: 'BHB42XXX',
  firmware: 'stock',
  firmwareVersion: '2022-12-06',
  apiVersion: '3.1',
  mac: '02:ab:cd:ef:01:23',
  serial: 'SIM0001',
  hostname: 'shelf-7',
  controlBoard: 'zynq7007',
  algorithm: 'sha256d',
};

describe('a simulated S19 Pro', () => {
  test('with all its ports open leaves nothing unsaid, and tells its power on port 6060', async () => {
    const on = bench('s19-pro', {});
    const found = await snapshot(on, EVERYTHING);
    expectReadings(found, 3265);
    expect(found.identity).toEqual(IDENTITY);
    expect(found.pools.map((pool) => pool.active)).toEqual([true, false]);
    expect(found.hashboards.map((b) => [b.label, b.serial, b.nominalHs === 36_666.67e9])).toEqual([
      ['chain 1', 'SNAAA', true],
      ['chain 2', 'SNBBB', true],
      ['chain 3', 'SNCCC', true],
    ]);
    expect(found.faults).toEqual([]);
    expect(found.gaps).toEqual([]);
    expect(found.replies.find((reply) => reply.id === 'stats')?.repairs).toHaveLength(1);
  });

  test('with port 4028 alone under the factory settings gives all its readings and names the rest', async () => {
    const on = bench('s19-pro', {});
    const found = await snapshot(on, { cgminer: true });
    expectReadings(found);
    expect(on.sent).toEqual(['version+summary+stats+pools']);
    expect(found.identity).toEqual({
      ...IDENTITY,
      hardwareRevision: null,
      mac: null,
      serial: null,
      hostname: null,
      controlBoard: null,
    });
    expect(found.gaps.every((gap) => gap.reason === 'not-read')).toBe(true);
    expect(found.gaps.map((gap) => gap.path)).toContain('/identity/mac');
  });

  test('with the web page alone gives all its readings', async () => {
    const on = bench('s19-pro', {});
    const found = await snapshot(on, { http: true, password: 'root' });
    expectReadings(found);
    expect(found.identity).toEqual({ ...IDENTITY, apiVersion: null });
    expect(found.pools.map((pool) => pool.active)).toEqual([null, null]);
    expect(found.hashboards.map((b) => b.serial)).toEqual(['SNAAA', 'SNBBB', 'SNCCC']);
    expect(found.gaps.map((gap) => [gap.path, gap.reason])).toEqual([
      ['/identity/apiVersion', 'not-read'],
      // Port 6060 tells it, and was not there to be asked.
      ['/powerW', 'not-read'],
      ['/efficiencyJTh', 'not-read'],
    ]);
  });

  test('whose page wants a password says so once an hour and keeps being read on port 4028', async () => {
    const on = bench('s19-pro', {});
    const memory = newMemory();
    const found = await snapshot(on, { cgminer: true, http: true }, memory);
    expectReadings(found);
    expect(on.sent.filter((line) => line.startsWith('GET'))).toEqual(['GET /cgi-bin/summary.cgi 401']);
    expect(found.gaps.find((gap) => gap.path === '/identity/mac')).toMatchObject({
      reason: 'denied',
      error: { code: 'auth/required' },
    });
    on.now += 60_000;
    await snapshot(on, { cgminer: true, http: true }, memory);
    expect(on.sent.filter((line) => line.startsWith('GET'))).toHaveLength(1);
    await snapshot(on, EVERYTHING, memory);
    expect(on.sent.filter((line) => line.startsWith('GET')).length).toBeGreaterThan(4);
  });

  test('refuses a wrong password, and is not asked with it again and again', async () => {
    const on = bench('s19-pro', {});
    const memory = newMemory();
    const wrong = { cgminer: true, http: true, password: 'guess' };
    const found = await snapshot(on, wrong, memory);
    expect(found.gaps.find((gap) => gap.path === '/faults')?.error?.code).toBe('auth/rejected');
    await snapshot(on, wrong, memory);
    expect(on.sent.filter((line) => line.endsWith(' 401'))).toHaveLength(2);
  });

  test('costs one connection and one page a poll, and its slow facts once an hour', async () => {
    const on = bench('s19-pro', {});
    const memory = newMemory();
    await snapshot(on, EVERYTHING, memory);
    on.sent.length = 0;
    on.now += 30_000;
    const second = await antminer.read(on.links({ cgminer: true, http: true, password: 'root' }), memory);
    // The link of this poll is new and knows no nonce yet: a page is two requests.
    expect(on.sent).toEqual(['summary+stats+pools', 'GET /cgi-bin/summary.cgi 401', 'GET /cgi-bin/summary.cgi 200']);
    expect(second.get('version')?.meta.at).toBe(NOW);
    on.now += 3_600_000;
    on.sent.length = 0;
    await antminer.read(on.links(EVERYTHING), memory);
    expect(on.sent).toContain('version+summary+stats+pools');
    expect(on.sent).toContain('GET /cgi-bin/get_system_info.cgi 200');
  });

  test('costs one more connection a poll where port 6060 alone tells the power', async () => {
    const on = bench('s19-pro', {});
    const memory = newMemory();
    await snapshot(on, EVERYTHING, memory);
    on.sent.length = 0;
    on.now += 30_000;
    await antminer.read(on.links({ cgminer: true, monitor: true }), memory);
    expect(on.sent).toEqual(['summary+stats+pools', 'GET /miner_power 200', 'GET /warning 200']);
    on.sent.length = 0;
    await antminer.read(on.links(EVERYTHING), memory);
    expect(on.sent).toEqual([
      'summary+stats+pools',
      'GET /cgi-bin/summary.cgi 401',
      'GET /cgi-bin/summary.cgi 200',
      'GET /miner_power 200',
    ]);
  });

  test('that restarted is asked for everything again: its firmware may be another', async () => {
    const memory = newMemory();
    await snapshot(bench('s19-pro', {}), EVERYTHING, memory);
    const restarted = bench('s19-pro', { elapsed: 20 });
    restarted.now += 60_000;
    await snapshot(restarted, EVERYTHING, memory);
    expect(restarted.sent).toContain('GET /cgi-bin/get_system_info.cgi 200');
    restarted.sent.length = 0;
    restarted.now += 60_000;
    await snapshot(restarted, EVERYTHING, memory);
    expect(restarted.sent[0]).toBe('version+summary+stats+pools');
  });

  test('never hands out the pool passwords of its configuration', async () => {
    const on = bench('s19-pro', {});
    const replies = await antminer.read(on.links(EVERYTHING), newMemory());
    const conf = replies.get('http:miner_conf');
    expect(conf?.doc).toMatchObject({ 'bitmain-work-mode': '0', pools: [{ user: 'account.one' }, {}] });
    expect(JSON.stringify(conf?.doc)).not.toContain('secret');
    expect(new TextDecoder().decode(conf?.raw ?? new Uint8Array())).not.toContain('secret');
  });
});
