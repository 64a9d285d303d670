import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { connect, type Found, scan } from '@headframe/client';
import type { Snapshot } from '@headframe/model';
import { loadCapture, type Replay, serveReplay } from '@headframe/simulator';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sharedPath } from './shared.ts';

/*
 * Machines beside the large families, from real devices' replies on real ports, read by the real client; and those that
 * are known by name and read as far as the generic family can. Every expected value was typed by somebody who read the
 * captured files; the field that it comes from stands behind it.
 */

const TH = 1e12;
const AT = 1_800_000_000_000;
const clock = { now: () => AT };
const LOGIN = { username: 'root', password: 'secret' };

function machine(path: string[], password?: string) {
  const folder = sharedPath('captures', ...path);
  const read: { now: Snapshot | null; replay: Replay | null } = { now: null, replay: null };
  beforeAll(async () => {
    if (folder === null) return;
    read.replay = await serveReplay(loadCapture(folder), password === undefined ? {} : { password });
    const options = password === undefined ? { clock } : { clock, credentials: { ...LOGIN, password } };
    read.now = await (await connect(read.replay.address, options)).read({ sources: true });
  });
  afterAll(() => read.replay?.close());
  return { skipped: folder === null, now: () => read.now as Snapshot, replay: () => read.replay as Replay };
}

const rounded = (hs: number | null) => (hs === null ? null : Math.round(hs / 1e6) / 1e6);

describe('an Antminer S19 XP with the firmware of ePIC', () => {
  const s19 = machine(['epic', 'antminer-s19-xp', 'PowerPlay-BMS_v1.5.13']);

  test.skipIf(s19.skipped)('speaks HTTP alone, and is ePIC on Bitmain hardware', () => {
    expect(Object.keys(s19.replay().ports)).toEqual(['http']);
    expect(s19.replay().missing).toEqual([]);
    expect(s19.now().identity).toMatchObject({
      family: 'epic',
      make: 'Bitmain',
      model: 'Antminer S19 XP', // capabilities Model "AntMiner S19 XP"
      hardwareRevision: 'BHB56801', // capabilities Model Subtype
      firmware: 'epic',
      firmwareVersion: '1.5.13', // summary Software
      mac: '02:19:05:78:15:60', // network dhcp.mac_address
      serial: null,
      hostname: 'cminer00000001', // summary Hostname
      controlBoard: 'STM32 (Device Tree Support)', // capabilities Control Board Version.cpuHardware
      algorithm: 'sha256d', // summary Mining.Algorithm SHA-256
    });
  });

  test.skipIf(s19.skipped)('hashes at 99.4 TH/s with two boards', () => {
    const { state, minerUptimeS, hashrate, shares, powerW, powerBasis, efficiencyJTh, hardwareErrors } = s19.now();
    expect(state).toBe('mining'); // Status.Operating State
    expect(minerUptimeS).toBe(23_170); // Session.Uptime
    expect(rounded(hashrate.currentHs)).toBe(99.365848); // HBs Hashrate 49440724 + 49925124 MH/s
    expect(hashrate.currentWindowS).toBe(0);
    expect(rounded(hashrate.averageHs)).toBe(90.07199); // Session.Average MHs
    expect(rounded(hashrate.nominalHs)).toBe(95.8815); // 2 boards x 110 chips x 894 x Core Clock Avg 487.5
    expect(shares).toMatchObject({ accepted: 1862, rejected: 2, stale: null }); // Session
    expect([powerW, powerBasis]).toEqual([2166.6174, null]); // Power Supply Stats.Input Power
    expect(efficiencyJTh).toBeCloseTo(2166.6174 / 99.365848, 6);
    expect(hardwareErrors).toBeNull();
    expect(s19.now().psu).toMatchObject({ inputVoltageV: null, inputPowerW: 2166.6174, outputVoltageV: 12.595 });
  });

  test.skipIf(s19.skipped)('has three boards, of which the first is switched off', () => {
    const boards = s19.now().hashboards.map((board) => [
      board.slot, // HBStatus Index
      board.state, // HBStatus Enabled
      rounded(board.hashrateHs), // HBs Hashrate
      board.tempC, // the hottest of temps Data
      board.frequencyMHz, // HBs Core Clock Avg
      board.voltageV, // HBs Input Voltage
      board.chipsWorking, // hashrate Data
      board.chipsExpected, // the catalogue
      board.serial, // capabilities Board Serial Numbers, two for two boards
    ]);
    expect(boards).toEqual([
      [0, 'disabled', null, 42.875, null, null, null, 110, null],
      [1, 'ok', 49.440724, 67, 487.5, 12.6, 110, 110, 'YNAHYPDBCJEBC0001'],
      [2, 'ok', 49.925124, 64.312, 487.5, 12.6, 110, 110, 'YNAHYPDBCJEBC0002'],
    ]);
    const chip = s19.now().hashboards[1]?.chips[0];
    // chip_hashrates [417309.06, 95.8, 3.9], chip_clocks 487.5
    expect(chip).toMatchObject({ index: 0, state: 'ok', hashrateHs: 417_309_060_000, frequencyMHz: 487.5 });
  });

  test.skipIf(s19.skipped)('has four fans, of which the second stands still', () => {
    const fans = s19.now().fans.map(({ slot, rpm, percent }) => [slot, rpm, percent]);
    expect(fans).toEqual([
      [0, 5971, 100], // Fans Rpm, Fans.Fans Speed
      [1, 0, 100],
      [2, 5942, 100],
      [3, 5745, 100],
    ]);
  });

  test.skipIf(s19.skipped)('works for its only pool, whose password nobody sees', () => {
    expect(s19.now().pools).toEqual([
      {
        index: 0,
        url: 'stratum+tcp://mine.ocean.xyz:3334', // StratumConfigs pool
        worker: 'account.worker1', // Stratum.Current User
        status: 'alive',
        active: true, // Stratum.IsPoolConnected
        priority: 0,
        accepted: null,
        rejected: null,
        stale: null,
        difficulty: 262_144, // Session.Difficulty
        lastShareAt: AT - 25_000, // Session.Last Accepted Share Timer
      },
    ]);
    expect(JSON.stringify(s19.now())).not.toMatch(/password/i);
    expect(s19.now().faults).toEqual([]);
    expect(s19.now().gaps).toEqual([]);
    expect(s19.now().sources?.['/identity/hostname']).toEqual({ reply: 'summary', field: '/Hostname' });
  });
});

describe('an Elphapex DG1+', () => {
  const dg1 = machine(['elphapex', 'dg1+', 'V1.0.2'], 'secret');

  test.skipIf(dg1.skipped)('is known by the realm of its login, and says the rest with the password', () => {
    expect(Object.keys(dg1.replay().ports)).toEqual(['http']);
    expect(dg1.now().identity).toMatchObject({
      family: 'elphapex',
      make: 'Elphapex',
      model: 'DG1+', // system_info minertype
      hardwareRevision: 'DG1+_HW_V1.0', // stats INFO.hw_version
      firmware: 'stock',
      firmwareVersion: 'DG1+_SW_V1.0.2', // system_info system_filesystem_version
      apiVersion: '1.0.0', // summary STATUS.api_version
      mac: '02:0a:47:8e:35:47', // system_info macaddr
      serial: '28HY245192N000245C23B', // stats INFO.dev_sn
      hostname: 'miner', // system_info hostname
      algorithm: 'scrypt', // system_info Algorithm
    });
  });

  test.skipIf(dg1.skipped)('hashes at 14.9 of 14.2 GH/s, and the window that is always 0 is none', () => {
    const { state, minerUptimeS, hashrate, shares, hardwareErrors, powerW } = dg1.now();
    expect(state).toBe('mining');
    expect(minerUptimeS).toBe(357_357); // summary elapsed
    expect(hashrate).toEqual({
      currentHs: 14_920_940_000, // summary rate_5s 14920.94 MH/s
      currentWindowS: 5,
      averageHs: 14_199_040_000, // summary rate_avg
      nominalHs: 14_229_000_000, // summary rate_ideal
      windows: [
        { seconds: 5, hs: 14_920_940_000 },
        { seconds: 900, hs: 14_415_000_000 }, // summary rate_15m
      ],
    });
    expect(shares).toEqual({
      accepted: 2_095_029, // pools accepted 798704 + 604803 + 691522
      rejected: 8888, // Device Total Rejected, and the sum of the pools'
      stale: 0,
      sessionBestDifficulty: null, // summary bestshare 0
      bestDifficulty: null,
    });
    expect([hardwareErrors, powerW]).toEqual([null, null]);
  });

  test.skipIf(dg1.skipped)('has four boards with temperatures in two units', () => {
    const boards = dg1.now().hashboards.map((board) => [
      board.slot, // chain index
      board.state,
      board.hashrateHs, // chain hashrate, MH/s
      board.nominalHs, // chain rate_ideal 3557.25
      board.tempC, // the hottest of temp_pcb
      board.chipTempMinC,
      board.chipTempMaxC, // temp_chip, thousandths
      board.chipsWorking, // asic_num
      board.serial, // sn
    ]);
    expect(boards).toEqual([
      [0, 'ok', 3_278_600_000, 3_557_250_000, 67, 47.125, 50.5, 204, 'BB4442E6D65AD66DD212B435'],
      [1, 'ok', 3_491_840_000, 3_557_250_000, 67, 52.812, 56.937, 204, '6221A958B8D1E73B0918B576'],
      [2, 'ok', 3_408_700_000, 3_557_250_000, 67, 48.312, 51.687, 204, '1576D29BC696B65181DD253B'],
      [3, 'ok', 3_463_680_000, 3_557_250_000, 67, 46.5, 49.062, 204, '860C4C3EC086128847CFF3AB'],
    ]);
    expect(dg1.now().fans.map(({ rpm }) => rpm)).toEqual([5340, 5400, 5400, 5400]); // fan
  });

  test.skipIf(dg1.skipped)('has two pools out of reach, and leaves its power as the only gap', () => {
    const pools = dg1.now().pools.map((pool) => [pool.status, pool.accepted, pool.difficulty, pool.lastShareAt]);
    expect(pools).toEqual([
      ['dead', 798_704, 524_288, AT - 18_000], // status Unreachable, lsdiff, lstime 00:00:18
      ['alive', 604_803, 524_288, AT],
      ['dead', 691_522, 524_288, AT - 5_000],
    ]);
    expect(dg1.now().faults).toEqual([]); // summary status: all s
    expect(dg1.now().gaps).toEqual([
      { path: '/powerW', reason: 'not-read', error: null },
      { path: '/efficiencyJTh', reason: 'not-read', error: null },
    ]);
    expect(JSON.stringify(dg1.now())).not.toContain('"123"'); // get_miner_conf pass
  });

  test.skipIf(dg1.skipped)('without the password is found, and said to need one', async () => {
    const refused = connect(dg1.replay().address, { clock });
    await expect(refused).rejects.toMatchObject({ code: 'auth/required' });
    const [found] = await all(dg1.replay().address);
    expect(found).toMatchObject({ kind: 'needs-credentials', family: 'elphapex', identity: { make: 'Elphapex' } });
  });
});

describe('a Bitdeer SealMiner A2', () => {
  const a2 = machine(['bitdeer', 'sealminer-a2', '2025091001']);

  test.skipIf(a2.skipped)('is identified by what it says', () => {
    expect(a2.now().identity).toMatchObject({
      family: 'sealminer',
      make: 'Bitdeer',
      model: 'SealMiner A2', // stats Model A2
      firmware: 'stock',
      firmwareVersion: '2025091001', // stats Firmware
      apiVersion: '3.7', // version API
      mac: '02:fd:96:9f:a9:e3', // stats MAC
      serial: '6D7DC246BB448358', // stats Ctrl Board SN
      controlBoard: 'taurus_air_v1.1', // stats Ctrl Board
      algorithm: 'sha256d',
    });
  });

  test.skipIf(a2.skipped)('hashes at 220 of 222 TH/s by its own windows, not at the 368 of its shares', () => {
    const { state, minerUptimeS, systemUptimeS, hashrate, shares, hardwareErrors } = a2.now();
    expect(state).toBe('mining');
    expect([minerUptimeS, systemUptimeS]).toEqual([2481, 2743]); // summary Elapsed, stats System Uptime
    expect(rounded(hashrate.currentHs)).toBe(220.407637); // stats MHS(30s)
    expect(hashrate.currentWindowS).toBe(30);
    expect(rounded(hashrate.averageHs)).toBe(206.860474); // summary MHS av
    expect(rounded(hashrate.nominalHs)).toBe(221.663472); // stats MHS(Ideal)
    expect(hashrate.windows.map(({ seconds, hs }) => [seconds, Math.round(hs / TH)])).toEqual([
      [30, 220],
      [60, 220],
      [120, 220],
      [300, 220],
      [900, 220],
      [1800, 219],
      [3600, 122], // stats MHS(1h), of a machine that runs for 41 minutes
      [7200, 61],
    ]);
    expect(shares).toMatchObject({ accepted: 1421, rejected: 3, stale: 0, sessionBestDifficulty: 33_318_911 });
    expect(hardwareErrors).toBe(54); // summary Hardware Errors
  });

  test.skipIf(a2.skipped)('has its power measured by its supply', () => {
    const { powerW, powerBasis, powerLimitW, psu, efficiencyJTh } = a2.now();
    expect([powerW, powerBasis, powerLimitW]).toEqual([3504, 'measured', 3500]); // PSU Input Power, Power Limit
    expect(efficiencyJTh).toBeCloseTo(3504 / 220.407637, 6);
    expect(psu).toEqual({
      model: 'BTPSU04KSA-03.00', // PSU Model
      serial: '5C30198C534', // PSU SN
      firmwareVersion: '222121', // PSU Firmware
      inputVoltageV: 246,
      inputCurrentA: null,
      inputPowerW: 3504,
      outputVoltageV: 15.671,
      outputCurrentA: 206,
      fanRpm: 4408, // PSU Fan Speed
      tempC: 26, // PSU Temp AMB
    });
  });

  test.skipIf(a2.skipped)('has three boards, four fans and one pool', () => {
    const boards = a2.now().hashboards.map((board) => [
      board.slot,
      board.state, // Online
      rounded(board.hashrateHs), // MHS(Sample)
      rounded(board.nominalHs), // MHS(Ideal)
      board.tempC, // the hottest of Temp 0 to 3
      board.frequencyMHz, // Freq
      board.chipsWorking, // Chip Count less Bad Chip Count
      board.chipsExpected, // the catalogue
      board.serial, // SN
    ]);
    expect(boards).toEqual([
      [0, 'ok', 73.905832, 74.342544, 70, 349, 153, 153, '26BDA41CE1941B95'],
      [1, 'ok', 73.626639, 73.927728, 70, 347, 153, 153, '83033DEFFA5F0DAA'],
      [2, 'ok', 72.846395, 73.3932, 70, 344, 153, 153, '76E5045650AE16C3'],
    ]);
    expect(a2.now().fans.map(({ rpm, percent }) => [rpm, percent])).toEqual([
      [3723, null], // 0 Speed; 0 PWM 112 is no percentage
      [3723, null],
      [3753, null],
      [3723, null],
    ]);
    expect(a2.now().pools).toMatchObject([
      {
        url: 'stratum+tcp://stratum.braiins.com:3333',
        worker: 'account.worker1',
        status: 'alive',
        active: true, // Stratum Active
        accepted: 322,
        rejected: 1,
        difficulty: 262_144,
        lastShareAt: AT - 2_000, // Last Share Time 1773869544, When 1773869546
      },
    ]);
    expect(a2.now().faults).toEqual([]); // Error Code "", PSU Error 0x00000000
    expect(a2.now().gaps).toEqual([]);
  });
});

async function all(address: string, ports: { http?: number[] } = {}): Promise<Found[]> {
  const found: Found[] = [];
  for await (const one of scan(address, { replyTimeoutMs: 1000, ports })) found.push(one);
  return found;
}

describe('a WhatsMiner on port 4028', () => {
  test.each([
    ['whatsminer-3x105chips_68T', '20210322.22.REL_api-1.4.0'],
    ['whatsminer-m30s+_ve40', 'unknown'],
  ])('%s is named as what it is, and never read as a cgminer', async (model, firmware) => {
    const folder = sharedPath('captures', 'microbt', model, firmware);
    if (folder === null) return;
    const replay = await serveReplay(loadCapture(folder), { clock });
    onTestFinished(() => replay.close());
    expect(await all(replay.address)).toMatchObject([{ kind: 'miner', family: 'whatsminer' }]);
    expect((await connect(replay.address)).family.id).toBe('whatsminer');
  });
});

async function listen(server: Server, host: string, port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const versionServer = (record: object): Server =>
  createServer((socket) => {
    const status = [{ STATUS: 'S', When: 1, Code: 22, Msg: 'versions', Description: 'cgminer 1.0.0' }];
    const unknown = [{ STATUS: 'E', When: 1, Code: 14, Msg: 'Invalid command' }];
    socket.once('data', (data) => {
      const asked = String(data).includes('"version"');
      const reply = asked ? { STATUS: status, VERSION: [record], id: 1 } : { STATUS: unknown, id: 1 };
      socket.end(`${JSON.stringify(reply)}\0`);
    });
  });

// Only Linux answers on every address of 127/8.
describe.skipIf(process.platform !== 'linux')('a Hiveon, whose web page is that of a stock Antminer', () => {
  test('is what it says on port 4028, whatever its web page looks like', async () => {
    const host = '127.86.0.1';
    await listen(
      versionServer({ BMMiner: '2.0.0 rwglr', API: '3.1', Miner: '30.0.1.3', Type: 'Antminer S9 Hiveon' }),
      host,
      4028,
    );
    const challenge = { 'WWW-Authenticate': 'Digest realm="antMiner Configuration", nonce="1", qop="auth"' };
    await listen(
      createHttpServer((_, response) => void response.writeHead(401, challenge).end()),
      host,
      10_086,
    );
    expect(await all(host, { http: [10_086] })).toMatchObject([
      {
        kind: 'miner',
        family: 'cgminer',
        identity: { make: 'Bitmain', model: 'Antminer S9', firmware: 'hiveon' },
      },
    ]);
  });

  test('a printer that answers every question with a model is no miner', async () => {
    const host = '127.86.0.2';
    await listen(
      createHttpServer(
        (_, response) => void response.writeHead(200, { Server: 'HP HTTP Server' }).end('{"Model":"x"}'),
      ),
      host,
      10_086,
    );
    expect(await all(host, { http: [10_086] })).toMatchObject([{ kind: 'not-a-miner', what: 'a printer (HP)' }]);
  });
});
