import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Replies, Reply } from '@headframe/model';
import { decodeReply } from '@headframe/wire/cgminer';
import { parseHttpDoc } from '@headframe/wire/http';
import { describe, expect, test } from 'vitest';
import { sharedPath } from '../../../../tests/shared.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { antminer } from './index.ts';

const S19 = sharedPath('captures', 'bitmain', 'antminer-s19-pro', 'stock_2022-12-06_miner-49.0.1.3');
const S21 = sharedPath('captures', 'bitmain', 'antminer-s21', 'stock_FR-1.12_251009-S21');

/** `When` of the recorded replies, 2025-08-19 14:54:55 UTC: they came in that second. */
const WHEN = 1_755_615_295_000;

function recorded(id: string, bytes: Uint8Array, doc: unknown): [string, Reply] {
  const meta = { id, request: id, at: WHEN, ms: 1, bytes: bytes.length, repairs: [], error: null };
  return [id, { meta, doc, raw: bytes, error: null }];
}

const fromApi = (folder: string, command: string): [string, Reply] => {
  const bytes = readFileSync(join(folder, `${command}.json`));
  return recorded(command, bytes, decodeReply(bytes).parts.get('')?.doc);
};

describe.skipIf(S19 === null)('the recorded S19 Pro', () => {
  const replies: Replies = new Map(['version', 'summary', 'stats', 'pools'].map((name) => fromApi(S19 ?? '', name)));
  const snapshot = snapshotOf(antminer, replies, '10.0.0.19');

  test('is what its version says', () => {
    expect(snapshot.identity).toEqual({
      family: 'antminer',
      make: 'Bitmain',
      model: 'Antminer S19 Pro', // version Type
      hardwareRevision: null,
      firmware: 'stock',
      firmwareVersion: '2022-12-06', // version CompileTime: Tue Dec  6 16:12:30 CST 2022
      apiVersion: '3.1', // version API
      mac: null,
      serial: null,
      hostname: null,
      controlBoard: null,
      algorithm: 'sha256d', // catalogue
    });
  });

  test('hashes at the rates of its summary', () => {
    expect(snapshot.state).toBe('mining');
    expect(snapshot.minerUptimeS).toBe(50_474); // summary Elapsed
    expect(snapshot.systemUptimeS).toBeNull();
    expect(snapshot.hashrate.currentHs).toBeCloseTo(110_566.89e9, -3); // summary GHS 5s
    expect(snapshot.hashrate.currentWindowS).toBe(5);
    expect(snapshot.hashrate.averageHs).toBeCloseTo(111_834.85e9, -3); // summary GHS av
    expect(snapshot.hashrate.nominalHs).toBe(110e12); // stats total_rateideal 110000.0, rate_unit GH
    expect(snapshot.hashrate.windows.map((w) => w.seconds)).toEqual([5, 1800]);
    expect(snapshot.hashrate.windows[1]?.hs).toBeCloseTo(111_878.26e9, -3); // summary GHS 30m
    expect(snapshot.hardwareErrors).toBe(562); // summary Hardware Errors
  });

  test('has three hashboards, not the four that it lists', () => {
    expect(snapshot.hashboards.map((b) => [b.slot, b.label, b.state])).toEqual([
      [0, 'chain 1', 'ok'], // stats chain_acn1 114
      [1, 'chain 2', 'ok'], // stats chain_acn2 114
      [2, 'chain 3', 'ok'], // stats chain_acn3 114; chain_acn4 is 0
    ]);
    // stats chain_rate1..3
    expect(snapshot.hashboards[0]?.hashrateHs).toBeCloseTo(37_603.3e9, -3);
    expect(snapshot.hashboards[1]?.hashrateHs).toBeCloseTo(35_536.22e9, -3);
    expect(snapshot.hashboards[2]?.hashrateHs).toBeCloseTo(37_427.38e9, -3);
    // stats temp_pcb1 73-45-64-65, temp_pcb2 47-50-65-66, temp_pcb3 46-44-64-63
    expect(snapshot.hashboards.map((b) => b.tempC)).toEqual([73, 66, 64]);
    // stats temp_chip1 78-50-69-70, temp_chip2 52-55-70-71, temp_chip3 51-49-69-68
    expect(snapshot.hashboards.map((b) => [b.chipTempMinC, b.chipTempMaxC])).toEqual([
      [50, 78],
      [52, 71],
      [49, 69],
    ]);
    expect(snapshot.hashboards.map((b) => b.frequencyMHz)).toEqual([525, 525, 525]); // stats freq1..3
    expect(snapshot.hashboards.map((b) => b.hardwareErrors)).toEqual([183, 195, 184]); // stats chain_hw1..3
    for (const board of snapshot.hashboards) {
      expect(board.chipsWorking).toBe(114); // stats chain_acs: 38 groups of ooo
      expect(board.chipsExpected).toBe(114); // catalogue
      expect(board.chips).toHaveLength(114);
      expect(board.chips.every((chip) => chip.state === 'ok')).toBe(true);
      expect([board.inletTempC, board.outletTempC, board.voltageV, board.powerW, board.nominalHs]).toEqual(
        Array(5).fill(null),
      );
    }
  });

  test('has four fans', () => {
    expect(snapshot.fans.map((f) => [f.slot, f.label, f.rpm, f.percent])).toEqual([
      [0, 'fan1', 6000, null], // stats fan1
      [1, 'fan2', 5880, null], // stats fan2
      [2, 'fan3', 5040, null], // stats fan3
      [3, 'fan4', 5040, null], // stats fan4
    ]);
  });

  test('mines on the first of three pools', () => {
    expect(snapshot.pools[0]).toEqual({
      index: 0,
      url: 'stratum+tcp://btc.global.luxor.tech:700',
      worker: 'account.worker1',
      status: 'alive',
      active: true, // pools Stratum Active
      priority: 0,
      accepted: 4057,
      rejected: 11,
      stale: 1,
      difficulty: 524_288, // pools Last Share Difficulty, which Diff 524K is short for
      lastShareAt: 1_755_615_292_000, // pools Last Share Time 0:00:03 before When 1755615295; devs says 1755615292
    });
    for (const pool of snapshot.pools.slice(1)) {
      expect(pool).toMatchObject({ status: 'alive', active: false, accepted: 0, difficulty: null, lastShareAt: null });
    }
    expect(snapshot.shares).toEqual({
      accepted: 4057, // summary Accepted
      rejected: 11, // summary Rejected
      stale: 1, // summary Stale
      sessionBestDifficulty: 12_904_207_043, // summary Best Share
      bestDifficulty: null,
    });
  });

  test('leaves no gap without a reason: what is missing stands on pages that were not read', () => {
    expect(snapshot.gaps.map((gap) => [gap.path, gap.reason]).sort()).toEqual([
      ['/efficiencyJTh', 'not-read'],
      ['/faults', 'not-read'],
      ['/hashboards/0/nominalHs', 'not-read'],
      ['/hashboards/0/serial', 'not-read'],
      ['/hashboards/1/nominalHs', 'not-read'],
      ['/hashboards/1/serial', 'not-read'],
      ['/hashboards/2/nominalHs', 'not-read'],
      ['/hashboards/2/serial', 'not-read'],
      ['/identity/controlBoard', 'not-read'],
      ['/identity/hardwareRevision', 'not-read'],
      ['/identity/hostname', 'not-read'],
      ['/identity/mac', 'not-read'],
      ['/identity/serial', 'not-read'],
      ['/powerW', 'not-read'],
      ['/systemUptimeS', 'not-read'],
    ]);
  });

  test('is recognised by its version', () => {
    expect(antminer.probes[0]?.is(fromApi(S19 ?? '', 'version')[1])).toBe(true);
  });
});

describe.skipIf(S21 === null)('the recorded S21', () => {
  const bytes = () => readFileSync(join(S21 ?? '', 'system_info.json'));
  const page = () => {
    const doc = parseHttpDoc({ status: 200, headers: {}, body: bytes(), at: WHEN, ms: 1 });
    return recorded('GET /cgi-bin/get_system_info.cgi', bytes(), doc);
  };

  const identity = {
    family: 'antminer',
    make: 'Bitmain',
    model: 'Antminer S21', // minertype
    hardwareRevision: null,
    firmware: 'stock',
    firmwareVersion: 'FR-1.12(251009-S21)', // system_filesystem_version
    apiVersion: null,
    mac: '02:55:97:22:3a:72', // macaddr
    serial: '56D26ED3C62CD38FC', // serinum
    hostname: 'miner',
    controlBoard: null,
    algorithm: 'sha256d', // catalogue
  };

  test('is recognised by its system page, which says who it is', () => {
    const [, reply] = page();
    expect(antminer.probes[2]?.is(reply)).toBe(true);
    expect(antminer.identity(new Map([['http:/cgi-bin/get_system_info.cgi', reply]]))).toEqual(identity);
  });

  test('with nothing but that page has an identity and an unknown state, and says why', () => {
    const replies = new Map([recorded('http:system_info', bytes(), JSON.parse(bytes().toString()))]);
    const snapshot = snapshotOf(antminer, replies, '10.0.0.21');
    expect(snapshot.identity).toEqual(identity);
    expect(snapshot.state).toBe('unknown');
    const reasons = new Map(snapshot.gaps.map((gap) => [gap.path, gap.reason]));
    for (const path of ['/state', '/hashrate/currentHs', '/hashboards', '/fans', '/pools', '/faults']) {
      expect(reasons.get(path)).toBe('not-read');
    }
    expect(reasons.has('/identity/mac')).toBe(false);
  });
});
