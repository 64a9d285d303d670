import { describe, expect, test } from 'vitest';
import { act, alter, type Fields, heardBy, say, saySealed, tokenOf, told, whatsminer } from './whatsminer.testing.ts';

/*
 * The read commands of WhatsMiner's API V2.2: what the simulated machines answer over a socket, and what our client makes
 * of it. Expectations are typed from protocols.md 3.1, 3.2 and 3.4 and the manual. The numbers are those of the checklist.
 */

type Made = Awaited<ReturnType<typeof whatsminer>>;

const MINUTE = 60_000;
const section = async (made: Made, cmd: string, name: string): Promise<readonly Fields[]> => {
  const doc = await say(made, { cmd });
  return (doc[name] ?? doc.Msg) as Fields[];
};
const summaryOf = async (made: Made): Promise<Fields> => (await section(made, 'summary', 'SUMMARY'))[0] ?? {};
const msgOf = async (made: Made, cmd: string): Promise<Fields> => (await say(made, { cmd })).Msg as Fields;

describe('summary', () => {
  test('W-074 is asked for by its name, under cmd or command', async () => {
    const made = await whatsminer('m60s');
    for (const key of ['cmd', 'command']) {
      const doc = await say(made, { [key]: 'summary' });
      expect([Object.keys(doc), doc.id]).toEqual([['STATUS', 'SUMMARY', 'id'], 1]);
    }
    const heard = heardBy(made);
    await made.miner.read();
    expect(heard[0]).toBe('{"command":"summary+pools"}');
  });

  test('W-075 rates: clock, target, the factory’s rate in GH/s, and whether it is stable', async () => {
    const made = await whatsminer('m60s');
    const record = await summaryOf(made);
    expect(record).toMatchObject({
      freq_avg: 612,
      'Target Freq': 612,
      'Factory GHS': 185_628,
      'Hash Stable': true,
      'Hash Stable Cost Seconds': expect.any(Number),
    });
    const { hashrate, state } = await made.miner.read();
    expect([hashrate.nominalHs, state]).toEqual([185_628e9, 'mining']);
    expect(hashrate.windows.map(({ seconds }) => seconds)).toEqual([5, 60, 300, 900]);
    // A machine that settles says so, and is read as one that starts.
    await act(made.miner, 'restartMiner');
    await made.pass(15_000);
    expect(await summaryOf(made)).toMatchObject({ 'Hash Stable': false, 'Upfreq Complete': 0 });
    // A rate of MHS 1m in MH/s.
    const [minute] = hashrate.windows.filter(({ seconds }) => seconds === 60);
    expect((minute?.hs ?? 0) / 1e6 / Number(record['MHS 1m'])).toBeCloseTo(1, 2);
  });

  test('W-076 cooling: fans by their names, whose comments the manual swaps, and temperatures', async () => {
    const made = await whatsminer('m60s');
    const snapshot = await made.miner.read();
    const record = await summaryOf(made);
    expect(snapshot.fans.map(({ label, rpm }) => [label, typeof rpm])).toEqual([
      ['In', 'number'],
      ['Out', 'number'],
    ]);
    alter(made, (said) =>
      said.replace(/"Fan Speed In":\d+,"Fan Speed Out":\d+/, '"Fan Speed In":111,"Fan Speed Out":222'),
    );
    expect((await made.miner.read()).fans.map(({ label, rpm }) => [label, rpm])).toEqual([
      ['In', 111],
      ['Out', 222],
    ]);
    expect(snapshot.ambientTempC).toBeCloseTo(Number(record['Env Temp']), 1);
    expect([record['Chip Temp Min'], record['Chip Temp Max'], record['Chip Temp Avg']].map((c) => typeof c)).toEqual([
      'number',
      'number',
      'number',
    ]);
    const hydro = await whatsminer('m33s-hydro');
    expect(await summaryOf(hydro)).toMatchObject({ 'Fan Speed In': 0, 'Fan Speed Out': 0 });
    expect((await hydro.miner.read()).fans).toEqual([]);
  });

  test('W-077 power: W at the input, J/TH, the mode as a word, the limit', async () => {
    const made = await whatsminer('m60s');
    const record = await summaryOf(made);
    expect(record).toMatchObject({ 'Power Mode': 'Normal', 'Power Limit': 3600 });
    // 3441 W for 186 TH/s.
    expect(Number(record['Power Rate'])).toBeCloseTo(18.5, 0);
    const { powerW, powerBasis, powerLimitW, efficiencyJTh } = await made.miner.read();
    expect([powerBasis, powerLimitW]).toEqual(['measured', 3600]);
    expect(Math.abs((powerW ?? 0) - Number(record.Power))).toBeLessThan(30);
    expect(efficiencyJTh).toBeCloseTo(18.5, 0);
    alter(made, (said) => said.replace(/"Power":\d+/, '"Power":-1'));
    const without = await made.miner.read();
    expect([without.powerW, without.powerBasis]).toEqual([null, null]);
  });

  test('W-078 the rest: rejected shares, uptime of the system, an opaque text, fast boot', async () => {
    const made = await whatsminer('m60s');
    const record = await summaryOf(made);
    expect(record).toMatchObject({
      'Pool Rejected%': expect.any(Number),
      Uptime: expect.any(Number),
      Debug: expect.any(String),
      'Btminer Fast Boot': 'disable',
    });
    const { systemUptimeS, minerUptimeS } = await made.miner.read();
    // The ports are there and the program runs 45 s after power.
    expect((systemUptimeS ?? 0) - (minerUptimeS ?? 0)).toBe(45);
  });
});

describe('pools', () => {
  test('W-079 a list of STATUS and POOLS', async () => {
    const made = await whatsminer('m60s');
    const doc = await say(made, { cmd: 'pools' });
    expect([doc.STATUS, (doc.POOLS as Fields[]).length]).toEqual([[{ STATUS: 'S', Msg: '3 Pool(s)' }], 3]);
    expect((await made.miner.read()).pools.map(({ url, status, active }) => [url, status, active])).toEqual([
      ['stratum+tcp://pool.example.com:3333', 'alive', true],
      ['stratum+tcp://backup.example.com:3333', 'alive', false],
      ['stratum+tcp://third.example.com:3333', 'alive', false],
    ]);
  });

  test('W-080 every field of the manual, and POOL as a label from 1 or from 0', async () => {
    const made = await whatsminer('m60s');
    const [first = {}] = await section(made, 'pools', 'POOLS');
    expect(Object.keys(first)).toEqual([
      ...['POOL', 'URL', 'Status', 'Priority', 'Quota', 'Getworks', 'Accepted', 'Rejected', 'Discarded', 'Stale'],
      ...['Get Failures', 'Remote Failures', 'User', 'Last Share Time', 'Stratum Active', 'Stratum URL'],
      ...['Stratum Difficulty', 'Pool Rejected%', 'Pool Stale%', 'Bad Work'],
    ]);
    expect(first).toMatchObject({ POOL: 1, Priority: 0, Quota: 1, Status: 'Alive', 'Stratum Active': true });
    const pool = (await made.miner.read()).pools[0];
    expect(pool).toMatchObject({ index: 1, priority: 0, difficulty: 65_536, worker: first.User });
    expect(Math.abs((pool?.accepted ?? 0) - Number(first.Accepted))).toBeLessThan(20);
    alter(made, (said) =>
      said.replace('"POOL":1,', '"POOL":0,').replace('"POOL":2,', '"POOL":1,').replace('"POOL":3,', '"POOL":2,'),
    );
    expect((await made.miner.read()).pools.map(({ index, url }) => [index, url])).toEqual([
      [0, 'stratum+tcp://pool.example.com:3333'],
      [1, 'stratum+tcp://backup.example.com:3333'],
      [2, 'stratum+tcp://third.example.com:3333'],
    ]);
  });
});

describe('hashboards', () => {
  test('W-081 edevs and devs: a record for each board, counted in the words', async () => {
    for (const [profile, boards] of [
      ['m60s', 3],
      ['m33s-hydro', 4],
    ] as const) {
      const made = await whatsminer(profile);
      for (const cmd of ['edevs', 'devs']) {
        const doc = await say(made, { cmd });
        expect(doc.STATUS).toEqual([{ STATUS: 'S', Msg: `${boards} ASC(s)` }]);
        expect((doc.DEVS as Fields[]).map(({ Slot }) => Slot)).toEqual([0, 1, 2, 3].slice(0, boards));
      }
      expect((await made.miner.read()).hashboards).toHaveLength(boards);
    }
  });

  test('W-082 edevs: temperature, clock, rates in MH/s, the factory’s in GH/s, chips and serial number', async () => {
    const made = await whatsminer('m60s');
    const [record = {}] = await section(made, 'edevs', 'DEVS');
    expect(record).toMatchObject({
      Slot: 0,
      'Chip Frequency': 611,
      'Factory GHS': 61_876,
      'Upfreq Complete': 1,
      'Effective Chips': 225,
      'PCB SN': expect.stringMatching(/^K40SIM[0-9A-F]{12}$/),
      'Chip Data': 'K8EX001-2426 BINVE6-100000A',
    });
    // HS RT is MH/s despite its name: it is the mean of five minutes.
    expect(record['HS RT']).toBe(record['MHS 5m']);
    const board = (await made.miner.read()).hashboards[0];
    expect(board).toMatchObject({
      slot: 0,
      state: 'ok',
      frequencyMHz: 611,
      nominalHs: 61_876e9,
      chipsWorking: 225,
      chipsExpected: 225,
      serial: record['PCB SN'],
    });
    expect((board?.hashrateHs ?? 0) / 62e12).toBeCloseTo(1, 0);
    // Without any window the rate that is called HS RT stands in.
    alter(made, (said) => said.replace(/"MHS [^"]+":[\d.]+,/g, ''));
    const plain = (await made.miner.read()).hashboards[0];
    expect((plain?.hashrateHs ?? 0) / 1e6 / Number(record['HS RT'])).toBeCloseTo(1, 2);
  });

  test('W-083 devdetails: driver bitmicro, and asked by us only where get_version says no model', async () => {
    const old = await whatsminer('m30s-plus');
    const doc = await say(old, { cmd: 'devdetails' });
    expect((doc.STATUS as Fields[])[0]).toMatchObject({ Code: 69, Msg: 'Device Details' });
    expect((doc.DEVDETAILS as Fields[])[0]).toEqual({
      ...{ DEVDETAILS: 0, Name: 'SM', ID: 0, Driver: 'bitmicro', Kernel: '', Model: 'M30S+_VE40' },
    });
    const heard = heardBy(old);
    expect((await old.miner.read()).identity).toMatchObject({ model: 'WhatsMiner M30S+', hardwareRevision: 'VE40' });
    expect(heard).toContain('{"command":"devdetails"}');
    const newer = await whatsminer('m50s');
    const asked = heardBy(newer);
    expect((await newer.miner.read()).identity).toMatchObject({ model: 'WhatsMiner M50S', hardwareRevision: 'VH30' });
    expect(asked).not.toContain('{"command":"devdetails"}');
  });

  test('W-084 what the manual calls minor_type is sent as miner_type', async () => {
    const made = await whatsminer('m50s');
    const version = await msgOf(made, 'get_version');
    expect([version.miner_type, version.minor_type]).toEqual(['M50S_VH30', undefined]);
    expect((await made.miner.read()).identity.model).toBe('WhatsMiner M50S');
  });
});

describe('supply, versions, state', () => {
  test('W-085 get_psu: mA and steps of 10 mV, W, all of it texts', async () => {
    const made = await whatsminer('m60s');
    const psu = await msgOf(made, 'get_psu');
    expect(Object.keys(psu)).toEqual([
      ...['name', 'hw_version', 'sw_version', 'model', 'enable', 'iin', 'vin', 'pin', 'fan_speed', 'version'],
      ...['serial_no', 'vendor', 'temp0'],
    ]);
    expect(Object.values(psu).every((value) => typeof value === 'string')).toBe(true);
    alter(made, (said) =>
      said.replace(/"iin":"\d+","vin":"\d+","pin":"\d+"/, '"iin":"15142","vin":"22725","pin":"3441"'),
    );
    expect((await made.miner.read({ fresh: true })).psu).toMatchObject({
      model: 'P221B',
      firmwareVersion: '230224.220429',
      serial: psu.serial_no,
      inputCurrentA: 15.142,
      inputVoltageV: 227.25,
      inputPowerW: 3441,
      fanRpm: Number(psu.fan_speed),
    });
  });

  test('W-086 get_version: API, firmware, platform, chip and model', async () => {
    const made = await whatsminer('m60s');
    expect(await msgOf(made, 'get_version')).toEqual({
      api_ver: '2.2.0',
      fw_ver: '20251209.16.Rel2',
      platform: 'H616',
      chip: 'K8EX001-2426 BINVE6-100000A',
      miner_type: 'M60S_VK40',
    });
    expect((await made.miner.read()).identity).toMatchObject({
      apiVersion: '2.2.0',
      firmwareVersion: '20251209.16.Rel2',
      controlBoard: 'H616',
    });
    const old = await whatsminer('m30s-plus');
    expect(await msgOf(old, 'get_version')).toEqual({ api_ver: 'whatsminer v1.4.0', fw_ver: '20210322.22.REL' });
    expect((await old.miner.read()).identity.apiVersion).toBe('1.4.0');
  });

  test('W-087 get_token: in clear, with timeout, time, salt and newsalt in Msg', async () => {
    const made = await whatsminer('m60s', { quirks: { 'token-timeout': true } });
    const reply = await say(made, { cmd: 'get_token' });
    expect(reply).toMatchObject({ STATUS: 'S', Code: 134 });
    expect(Object.keys(reply.Msg as Fields)).toEqual(['timeout', 'time', 'salt', 'newsalt']);
    expect((await act(made.miner, 'locate', { on: true })).result).toBe('done');
  });

  test('W-088 timeout: absent is half an hour, 0 is for ever, another one begins anew with every call', async () => {
    const led = { cmd: 'set_led', param: 'auto' };
    const fixed = await whatsminer('m60s');
    const one = await tokenOf(fixed);
    expect(one.told.timeout).toBeUndefined();
    for (let i = 0; i < 2; i++) {
      expect((await saySealed(fixed, led, one))?.doc.Code).toBe(131);
      await fixed.pass(14 * MINUTE);
    }
    await fixed.pass(2 * MINUTE);
    expect((await saySealed(fixed, led, one))?.doc.Code).toBe(135);

    const forever = await whatsminer('m60s', { quirks: { 'token-forever': true } });
    const two = await tokenOf(forever);
    expect(two.told.timeout).toBe('0');
    await forever.pass(48 * 60 * MINUTE);
    expect((await saySealed(forever, led, two))?.doc.Code).toBe(131);

    const sliding = await whatsminer('m60s', { quirks: { 'token-timeout': true } });
    const three = await tokenOf(sliding);
    expect(three.told.timeout).toBe('1800');
    for (let i = 0; i < 4; i++) {
      await sliding.pass(20 * MINUTE);
      expect((await saySealed(sliding, led, three))?.doc.Code).toBe(131);
    }
    await sliding.pass(31 * MINUTE);
    expect((await saySealed(sliding, led, three))?.doc.Code).toBe(135);
    // Our client keeps no clock: it takes a new one when it is told to.
    for (const made of [fixed, forever, sliding]) {
      for (let i = 0; i < 3; i++) {
        expect((await act(made.miner, 'locate', { on: i % 2 === 0 })).result).toBe('done');
        await made.pass(40 * MINUTE);
      }
    }
  });

  test('W-089 status: off or not, firmware, mode, limit and percent, in older and newer words', async () => {
    const old = await whatsminer('m30s-plus');
    expect(await msgOf(old, 'status')).toEqual({ btmineroff: 'true', 'Firmware Version': "'20210322.22.REL'" });
    // It lies: the machine hashes.
    expect((await old.miner.read()).state).toBe('mining');
    const middle = await whatsminer('m33s-hydro');
    expect(await msgOf(middle, 'status')).toEqual({
      btmineroff: 'false',
      'Firmware Version': "'20220810.15.REL'",
      power_mode: 'Normal',
      power_limit_set: '',
      hash_percent: '0',
    });
    const newer = await whatsminer('m50s');
    expect(await msgOf(newer, 'status')).toEqual({
      mineroff: 'false',
      mineroff_reason: '',
      mineroff_time: '',
      FirmwareVersion: '20240624.18.REL',
      power_mode: 'normal',
      power_limit_set: '',
      hash_percent: '0',
    });
    await act(newer.miner, 'pause');
    expect(await msgOf(newer, 'status')).toMatchObject({
      mineroff: 'true',
      mineroff_time: expect.stringMatching(/^\d{4}-/),
    });
    expect((await newer.miner.read()).state).toBe('paused');
  });

  test('W-090 get_miner_info: a list of what is wanted, or everything', async () => {
    const made = await whatsminer('m60s');
    const all = await msgOf(made, 'get_miner_info');
    expect(Object.keys(all)).toEqual([
      ...[
        'ip',
        'proto',
        'netmask',
        'gateway',
        'dns',
        'hostname',
        'mac',
        'ledstat',
        'minersn',
        'powersn',
        'upfreq_speed',
      ],
    ]);
    const some = (await say(made, { cmd: 'get_miner_info', info: 'ip,mac' })).Msg as Fields;
    expect(Object.keys(some)).toEqual(['ip', 'mac', 'upfreq_speed']);
    expect((await made.miner.read()).identity).toMatchObject({
      mac: String(all.mac).toLowerCase(),
      serial: all.minersn,
      hostname: all.hostname,
    });
  });

  test('W-091 get_miner_info: upfreq_speed, or ut_speed as the manual prints it', async () => {
    const made = await whatsminer('m60s', { quirks: { 'ut-speed': true } });
    expect(await msgOf(made, 'get_miner_info')).toMatchObject({ ut_speed: '0' });
    expect((await act(made.miner, 'whatsminer.adjust_upfreq_speed', { speed: 3 })).result).toBe('done');
    expect(told(made, 'get_miner_info').ut_speed).toBe('3');
    // The example has colons in the address and leaves the host name out.
    alter(made, (said) => said.replace(/"ip":"[\d.]+"/, '"ip":"192:168:2:16"').replace(/"hostname":"[^"]*",/, ''));
    const { identity } = await made.miner.read({ fresh: true });
    expect([identity.hostname, identity.serial]).toEqual([null, expect.stringMatching(/^SIM/)]);
  });

  test('W-092 get_error_code: a list of code and date, as JSON and as what 2.0.4 sends', async () => {
    const broken = { 'dead-board': true, 'stalled-fan': true };
    const made = await whatsminer('m60s', { quirks: broken });
    expect(await msgOf(made, 'get_error_code')).toEqual({
      error_code: [{ 110: expect.stringMatching(/^20/) }, { 532: expect.stringMatching(/^20/) }],
    });
    const codes = async (one: Made) =>
      (await one.miner.read()).faults.map(({ code, vendorCode }) => [code, vendorCode]);
    expect(await codes(made)).toEqual([
      ['fan.fault', '110'],
      ['hashboard.missing', '532'],
    ]);
    const invalid = await whatsminer('m60s', { quirks: { ...broken, 'invalid-error-code-json': true } });
    await expect(say(invalid, { cmd: 'get_error_code' })).rejects.toThrow(SyntaxError);
    expect(await codes(invalid)).toEqual(await codes(made));
    expect(await msgOf(await whatsminer('m60s'), 'get_error_code')).toEqual({ error_code: [] });
  });

  test('W-093 two reads are joined, three are not, and neither get_* nor status', async () => {
    const made = await whatsminer('m60s');
    const joined = await say(made, { cmd: 'summary+pools' });
    expect(Object.keys(joined)).toEqual(['summary', 'pools', 'id']);
    expect((joined.summary as Fields[])[0]).toHaveProperty('SUMMARY');
    for (const cmd of ['summary+pools+edevs', 'summary+status', 'summary+get_psu']) {
      expect(await say(made, { cmd })).toMatchObject({ Code: 14, Msg: 'invalid cmd' });
    }
    const heard = heardBy(made);
    await made.miner.read();
    expect(heard.slice(0, 3)).toEqual([
      '{"command":"summary+pools"}',
      '{"command":"edevs+devs"}',
      '{"command":"status"}',
    ]);
    // Where a build takes no joins at all it is read one by one.
    const alone = await whatsminer('m60s', { quirks: { 'refuse-joins': true } });
    expect((await alone.miner.read()).pools).toHaveLength(3);
  });

  test('W-094 the slips of the print: valid JSON is sent, and what is printed wrongly is read', async () => {
    const made = await whatsminer('m50s');
    const heard = heardBy(made);
    await act(made.miner, 'setPowerLimit', { powerW: 3000 });
    await made.miner.read();
    for (const request of heard) expect(() => JSON.parse(request)).not.toThrow();
    // A comma too few and a comma too many.
    alter(made, (said) => said.replace('"STATUS":"S",', '"STATUS":"S"').replace(/\}$/, ',}'));
    const { identity, powerLimitW } = await made.miner.read({ fresh: true });
    expect([identity.apiVersion, powerLimitW]).toEqual(['2.0.5', 3000]);
  });
});

describe('a tick', () => {
  test('is three connections, and the slow questions come on their own time', async () => {
    const made = await whatsminer('m60s');
    await made.miner.read();
    const heard = heardBy(made);
    for (let i = 0; i < 5; i++) {
      await made.pass(10_000);
      await made.miner.read();
    }
    const fast = heard.filter((request) => /summary|edevs|"status"/.test(request));
    expect(fast).toHaveLength(15);
    expect(heard.filter((request) => !fast.includes(request)).every((one) => one.includes('get_error_code'))).toBe(
      true,
    );
  });
});
