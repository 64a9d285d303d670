import { ACTIONS, blankIdentity, HeadframeError, MASK } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { actionsOfWhatsminer, lacksOfWhatsminer, ownOfWhatsminer } from './commands.ts';
import { WhatsminerDouble } from './machine.testing.ts';
import { ACTIONS_BY_NAME, codeOf, look, perform, prepare, shownBy } from './perform.testing.ts';
import { got, V2_READS } from './reads.testing.ts';

const SUPER = { username: 'super', password: 'super' };
const pools = [
  { url: 'stratum+tcp://a.example:1', worker: 'w.1', password: 's3cret' },
  { url: 'stratum+tcp://b.example:2', worker: 'w.2', password: 'x' },
];

/** Only what changes the machine: without the reads that prepare it. */
const writesIn = (heard: readonly string[]): string[] =>
  heard.filter((one) => one.startsWith('{') || one.startsWith('set.'));

type Case = [name: string, given: Record<string, unknown>, sealed: string | null, signed: string | null];

const CASES: Case[] = [
  [
    'setPools',
    { pools },
    '{"cmd":"update_pools","pool1":"stratum+tcp://a.example:1","worker1":"w.1","passwd1":"s3cret","pool2":"stratum+tcp://b.example:2","worker2":"w.2","passwd2":"x","pool3":"","worker3":"","passwd3":""}',
    'set.miner.pools [{"pool":"stratum+tcp://a.example:1","worker":"w.1","passwd":"s3cret"},{"pool":"stratum+tcp://b.example:2","worker":"w.2","passwd":"x"}]',
  ],
  ['restartMiner', {}, '{"cmd":"restart_btminer"}', 'set.miner.service "restart"'],
  ['reboot', {}, '{"cmd":"reboot"}', 'set.system.reboot'],
  ['pause', {}, '{"cmd":"power_off"}', 'set.miner.service "stop"'],
  ['resume', {}, '{"cmd":"power_on"}', 'set.miner.service "start"'],
  [
    'locate',
    { on: true },
    '{"cmd":"set_led","color":"red","period":500,"duration":250,"start":0}',
    'set.system.led [{"color":"red","period":500,"duration":250,"start":0}]',
  ],
  ['locate', { on: false }, '{"cmd":"set_led","param":"auto"}', 'set.system.led "auto"'],
  ['setPowerMode', { mode: 'low' }, '{"cmd":"set_low_power"}', 'set.miner.power_mode "low"'],
  ['setPowerMode', { mode: 'normal' }, '{"cmd":"set_normal_power"}', 'set.miner.power_mode "normal"'],
  ['setPowerMode', { mode: 'high' }, '{"cmd":"set_high_power"}', 'set.miner.power_mode "high"'],
  [
    'setPowerLimit',
    { powerW: 3000 },
    '{"cmd":"adjust_power_limit","power_limit":"3000"}',
    'set.miner.power_limit 3000',
  ],
  [
    'setPowerPercent',
    { percent: 80 },
    '{"cmd":"set_power_pct_v2","percent":"80"}',
    'set.miner.power_percent {"percent":80,"mode":"normal"}',
  ],
  [
    'setPowerPercent',
    { percent: 80, way: 'fast' },
    '{"cmd":"set_power_pct","percent":"80"}',
    'set.miner.power_percent {"percent":80,"mode":"fast"}',
  ],
  ['setFrequency', { percent: -20 }, '{"cmd":"set_target_freq","percent":"-20"}', 'set.miner.target_freq -20'],
  ['setNetwork', { mode: 'dhcp' }, '{"cmd":"net_config","param":"dhcp"}', 'set.system.net_config "dhcp"'],
  [
    'setNetwork',
    { mode: 'static', address: '192.168.2.17', dns: '1.1.1.1 8.8.8.8' },
    '{"cmd":"net_config","ip":"192.168.2.17","mask":"255.255.255.0","gate":"192.168.2.1","dns":"1.1.1.1 8.8.8.8","host":"WhatsMiner"}',
    'set.system.net_config {"ip":"192.168.2.17","netmask":"255.255.255.0","gateway":"192.168.2.1","dns":"1.1.1.1 8.8.8.8"}',
  ],
  [
    'setHostname',
    { hostname: 'rack-7' },
    '{"cmd":"set_hostname","hostname":"rack-7"}',
    'set.system.hostname {"hostname":"rack-7"}',
  ],
  [
    'setTimeZone',
    { timeZone: 'Asia/Shanghai', posix: 'CST-8' },
    '{"cmd":"set_zone","timezone":"CST-8","zonename":"Asia/Shanghai"}',
    'set.system.timezone {"timezone":"CST-8","zonename":"Asia/Shanghai"}',
  ],
  [
    'setPassword',
    { newPassword: 'geheim_1' },
    '{"cmd":"update_pwd","old":"admin","new":"geheim_1"}',
    'set.user.change_passwd {"account":"super","new":"geheim_1","old":"super"}',
  ],
  [
    'setLogServer',
    { server: '192.168.2.22', port: 4001, protocol: 'tcp' },
    '{"cmd":"load_log","ip":"192.168.2.22","port":"4001","proto":"tcp"}',
    'set.log.upload {"ip":"192.168.2.22","port":"4001","proto":"tcp"}',
  ],
  ['factoryReset', {}, '{"cmd":"factory_reset"}', 'set.system.factory_reset'],
  [
    'whatsminer.set_led',
    { color: 'green', periodMs: 200, durationMs: 150, startMs: 0 },
    '{"cmd":"set_led","color":"green","period":200,"duration":150,"start":0}',
    'set.system.led [{"color":"green","period":200,"duration":150,"start":0}]',
  ],
  ['whatsminer.enable_btminer_fast_boot', {}, '{"cmd":"enable_btminer_fast_boot"}', 'set.miner.fastboot "enable"'],
  ['whatsminer.disable_btminer_fast_boot', {}, '{"cmd":"disable_btminer_fast_boot"}', 'set.miner.fastboot "disable"'],
  ['whatsminer.enable_web_pools', {}, '{"cmd":"enable_web_pools"}', 'set.system.webpools "enable"'],
  ['whatsminer.disable_web_pools', {}, '{"cmd":"disable_web_pools"}', 'set.system.webpools "disable"'],
  ['whatsminer.enable_btminer_init', {}, '{"cmd":"enable_btminer_init"}', 'set.miner.service "enable"'],
  ['whatsminer.disable_btminer_init', {}, '{"cmd":"disable_btminer_init"}', 'set.miner.service "disable"'],
  [
    'whatsminer.set_temp_offset',
    { offsetC: -10 },
    '{"cmd":"set_temp_offset","temp_offset":"-10"}',
    'set.fan.temp_offset -10',
  ],
  [
    'whatsminer.adjust_upfreq_speed',
    { speed: 9 },
    '{"cmd":"adjust_upfreq_speed","upfreq_speed":"9"}',
    'set.miner.upfreq_speed 9',
  ],
  [
    'whatsminer.set_poweroff_cool',
    { on: true },
    '{"cmd":"set_poweroff_cool","poweroff_cool":"1"}',
    'set.fan.poweroff_cool 1',
  ],
  [
    'whatsminer.set_fan_zero_speed',
    { on: false },
    '{"cmd":"set_fan_zero_speed","fan_zero_speed":"0"}',
    'set.fan.zero_speed 0',
  ],
  [
    'whatsminer.set_heat_mode',
    { mode: 'anti-icing' },
    '{"cmd":"set_heat_mode","mode":"anti-icing"}',
    'set.miner.heat_mode "anti-freezing"',
  ],
  ['whatsminer.set_power', { powerW: 3300 }, '{"cmd":"set_power","power":"3300"}', 'set.miner.power 3300'],
  ['whatsminer.restore_power_pct', {}, '{"cmd":"restore_power_pct"}', null],
  [
    'whatsminer.set_customer_msg',
    { key: 'msg3', value: 'rack 7' },
    '{"cmd":"set_customer_msg","key":"msg3","val":"rack 7"}',
    'set.device.custom_data {"key":"msg3","value":"rack 7"}',
  ],
  ['whatsminer.set.miner.cointype', { cointype: 'bch' }, null, 'set.miner.cointype {"cointype":"BCH"}'],
  ['whatsminer.set.miner.fast_hash', { on: true }, null, 'set.miner.fast_hash 1'],
  ['whatsminer.set.miner.report', { gapS: 30 }, null, 'set.miner.report {"gap":30}'],
  ['whatsminer.set.miner.restore_setting', {}, null, 'set.miner.restore_setting'],
  [
    'whatsminer.set.system.ntp_server',
    { servers: '0.cn.pool.ntp.org,1.1.1.1' },
    null,
    'set.system.ntp_server "0.cn.pool.ntp.org,1.1.1.1"',
  ],
  [
    'whatsminer.set.system.time_randomized',
    { startS: 10, stopS: 20 },
    null,
    'set.system.time_randomized {"start":10,"stop":20}',
  ],
  [
    'whatsminer.set.user.permission',
    { user: 'user1', commands: 'set.system.led,set.miner.pools' },
    null,
    'set.user.permission {"user":"user1","permission":"set.system.led,set.miner.pools"}',
  ],
  [
    'whatsminer.set.user.change_passwd',
    { account: 'user1', newPassword: 'neu_1', oldPassword: 'alt' },
    null,
    'set.user.change_passwd {"account":"user1","new":"neu_1","old":"alt"}',
  ],
];

describe('what leaves on port 4028, sealed', () => {
  test.each(CASES.flatMap(([name, given, sealed]) => (sealed === null ? [] : [[name, given, sealed] as const])))(
    '%s %j',
    async (name, given, sealed) => {
      const double = new WhatsminerDouble();
      const { verdicts } = await perform(double.links(), name, given);
      expect(writesIn(double.heard)).toEqual([sealed]);
      expect(verdicts).toEqual([{ accepted: true, vendorCode: '131', vendorText: 'API command OK' }]);
      expect(double.tokensGiven).toBe(1);
    },
  );
});

describe('what leaves on port 4433, signed', () => {
  test.each(CASES.flatMap(([name, given, , signed]) => (signed === null ? [] : [[name, given, signed] as const])))(
    '%s %j',
    async (name, given, signed) => {
      const double = new WhatsminerDouble();
      const { verdicts } = await perform(double.links(SUPER), name, given);
      expect(writesIn(double.heard)).toEqual([signed]);
      expect(verdicts).toEqual([{ accepted: true, vendorCode: '0', vendorText: 'ok' }]);
      expect(double.openConnections).toBe(0);
    },
  );
});

describe('what can be done', () => {
  test('is all of the vocabulary, or has a reason why not', () => {
    const can = Object.keys(actionsOfWhatsminer(blankIdentity('whatsminer')));
    expect([...can, ...Object.keys(lacksOfWhatsminer())].sort()).toEqual(Object.keys(ACTIONS).sort());
  });

  test('is covered by the cases above, but for files and reads', () => {
    const others = ['downloadLogs', 'updateFirmware', 'get_customer_msg', 'get.'];
    const left = Object.keys(ACTIONS_BY_NAME).filter((name) => !CASES.some(([one]) => one === name));
    expect(left.filter((name) => !others.some((other) => name.includes(other)))).toEqual([]);
  });

  test('is every writable command of the manual of V2.2', async () => {
    const sealed = CASES.flatMap(([, , one]) => (one === null ? [] : [(JSON.parse(one) as { cmd: string }).cmd]));
    const commands = new Set([...sealed, 'update_firmware', 'download_logs', 'get_customer_msg']);
    expect(commands.size).toBe(36);
  });

  test('has the words of port 4433 only where that can be there', () => {
    const of = (apiVersion: string | null, firmwareVersion: string | null) =>
      Object.keys(ownOfWhatsminer({ ...blankIdentity('whatsminer'), apiVersion, firmwareVersion }));
    expect(of('2.0.3', '20220125.13.Rel')).not.toContain('set.miner.cointype');
    expect(of('2.2.2', '20260312.16.REL3')).toContain('set.miner.cointype');
    expect(of('3.0.2', '20251209.16.Rel2')).toContain('set.miner.cointype');
    expect(of(null, null)).toContain('set.miner.cointype');
  });

  test('lowers the clock of an older API by 10 % at the most', () => {
    const range = (apiVersion: string) =>
      actionsOfWhatsminer({ ...blankIdentity('whatsminer'), apiVersion }).setFrequency?.parameters.percent?.takes;
    expect(range('1.4.0')).toBe('-10 to 100 %');
    expect(range('2.2.2')).toBe('-100 to 100 %');
  });
});

describe('what is shown', () => {
  test('has no password in it, and no token', async () => {
    for (const links of [new WhatsminerDouble().links(), new WhatsminerDouble().links(SUPER)]) {
      const shown = [
        ...shownBy(await prepare(links, 'setPools', { pools })),
        ...shownBy(await prepare(links, 'setPassword', { newPassword: 'geheim_1' })),
      ].join('\n');
      expect(shown).toContain(MASK);
      expect(shown).toContain('stratum+tcp://a.example:1');
      expect(shown).not.toMatch(/s3cret|geheim_1|"admin"|w\.BNbk/);
    }
  });

  test('is the same before the token is there and after', async () => {
    const double = new WhatsminerDouble();
    const before = shownBy(await prepare(double.links(), 'reboot'));
    const { prepared } = await perform(double.links(), 'reboot');
    expect(shownBy(prepared)).toEqual(before);
    expect(before).toEqual(['sealed {"cmd":"reboot","token":"<token>"}']);
  });

  test('warns of what the manual warns of', async () => {
    const links = new WhatsminerDouble().links();
    const notes = async (name: string, given: Record<string, unknown> = {}) =>
      ((await prepare(links, name, given)).notes ?? []).join('\n');
    expect(await notes('setPowerPercent', { percent: 50, way: 'fast' })).toMatch(
      /For short use[\s\S]*too low makes it unstable/,
    );
    expect(await notes('setPowerPercent', { percent: 50 })).toMatch(/within minutes[\s\S]*set-power-limit/);
    expect(await notes('setPowerLimit', { powerW: 4000 })).toContain('above its present limit of 3600 W');
    expect(await notes('setPowerLimit', { powerW: 3500 })).not.toContain('above its present limit');
    expect(await notes('factoryReset')).toContain('password is admin again');
    expect(await notes('setNetwork', { mode: 'static', address: '192.168.2.17' })).toContain('C6:07:20:00:1E:C2');
    expect(await notes('whatsminer.adjust_upfreq_speed', { speed: 3 })).not.toContain('Fast boot is on');
    const fast = new WhatsminerDouble({ reads: { summary: got({ 'Btminer Fast Boot': 'enable' }) } }).links();
    expect(((await prepare(fast, 'whatsminer.adjust_upfreq_speed', { speed: 3 })).notes ?? []).join()).toContain(
      'Fast boot is on',
    );
  });
});

describe('what does not fit is not sent', () => {
  test.each([
    ['setPowerPercent', { percent: 101 }],
    ['setPowerPercent', { percent: -1 }],
    ['setPowerLimit', { powerW: 100_000 }],
    ['setFrequency', { percent: 101 }],
    ['setPools', { pools: [...pools, ...pools] }],
    ['setPassword', { newPassword: 'ninechars' }],
    ['setPassword', { newPassword: 'no blank' }],
    ['setTimeZone', { timeZone: 'Asia/Shanghai', posix: '8' }],
    ['setLogServer', { server: 'host', port: 514 }],
    ['setNetwork', { mode: 'static', address: '192:168:2:16' }],
    ['whatsminer.set_temp_offset', { offsetC: 1 }],
    ['whatsminer.set_temp_offset', { offsetC: -31 }],
    ['whatsminer.adjust_upfreq_speed', { speed: 10 }],
    ['whatsminer.adjust_upfreq_speed', { speed: 11 }],
    ['whatsminer.set_heat_mode', { mode: 'normal' }],
    ['whatsminer.set_led', { color: 'red', periodMs: 100, durationMs: 200, startMs: 0 }],
    ['whatsminer.set_led', { color: 'red', periodMs: 100, durationMs: 50, startMs: 100 }],
    ['whatsminer.set_customer_msg', { key: 'msg10', value: 'x' }],
    ['whatsminer.set_customer_msg', { key: 'msg1', value: 'x'.repeat(128) }],
    ['whatsminer.set.system.time_randomized', { startS: 121, stopS: 0 }],
    ['whatsminer.set.miner.report', { gapS: 286 }],
  ])('%s %j', async (name, given) => {
    const double = new WhatsminerDouble();
    expect(await codeOf(() => perform(double.links(), name, given))).toBe('usage/invalid');
    expect(writesIn(double.heard)).toEqual([]);
    expect(double.tokensGiven).toBe(0);
  });

  test('a static address needs a netmask and a gateway that are addresses', async () => {
    const double = new WhatsminerDouble({ reads: { get_miner_info: got({ ip: '192:168:2:16', proto: 'dhcp' }) } });
    const given = { mode: 'static', address: '192.168.2.17' };
    expect(await codeOf(() => perform(double.links(), 'setNetwork', given))).toBe('usage/invalid');
  });

  test('port 4433 takes the tenth speed', async () => {
    const double = new WhatsminerDouble();
    await perform(double.links(SUPER), 'whatsminer.adjust_upfreq_speed', { speed: 10 });
    expect(writesIn(double.heard)).toEqual(['set.miner.upfreq_speed 10']);
  });
});

describe('what is read back', () => {
  const pool = { pools: [{ url: 'stratum+tcp://a.example:1', worker: 'w', password: 'x' }] };
  const summary = (fields: Record<string, unknown>) => ({ summary: got({ Elapsed: 5000, Uptime: 6000, ...fields }) });
  const status = (fields: Record<string, unknown>) => ({ status: got(fields) });
  const shows: [name: string, given: Record<string, unknown>, reads: Record<string, unknown>, done: boolean][] = [
    ['setPools', pool, { pools: got([{ POOL: 1, URL: 'stratum+tcp://a.example:1', User: 'w' }]) }, true],
    ['setPools', pool, { pools: got([{ POOL: 0, URL: 'stratum+tcp://old.example:1', User: 'w' }]) }, false],
    ['setPowerMode', { mode: 'low' }, status({ power_mode: 'Low' }), true],
    ['setPowerMode', { mode: 'low' }, status({ power_mode: 'Normal' }), false],
    ['setPowerMode', { mode: 'high' }, { ...status({}), ...summary({ 'Power Mode': 'High' }) }, true],
    ['pause', {}, { ...status({ mineroff: 'true' }), ...summary({ 'MHS 5s': 0 }) }, true],
    // The word alone proves nothing (protocols.md 3.4).
    ['pause', {}, { ...status({ btmineroff: 'true' }), ...summary({ 'MHS 5s': 85000000 }) }, false],
    ['resume', {}, { ...status({ btmineroff: 'true' }), ...summary({ 'MHS 5s': 85000000 }) }, true],
    ['resume', {}, { ...status({ mineroff: 'true' }), ...summary({ 'MHS 5s': 0 }) }, false],
    ['locate', { on: true }, { get_miner_info: got({ ledstat: '1,500,250,0 0,0,0,0 ' }) }, true],
    ['locate', { on: true }, { get_miner_info: got({ ledstat: 'auto' }) }, false],
    ['locate', { on: false }, { get_miner_info: got({ ledstat: 'auto' }) }, true],
    [
      'setPowerLimit',
      { powerW: 3000 },
      { ...status({ power_limit_set: '3000' }), ...summary({ 'Power Limit': 3600 }) },
      true,
    ],
    [
      'setPowerLimit',
      { powerW: 3000 },
      { ...status({ power_limit_set: '' }), ...summary({ 'Power Limit': 3600 }) },
      false,
    ],
    [
      'setPowerLimit',
      { powerW: 0 },
      { ...status({ power_limit_set: '' }), ...summary({ 'Power Limit': 3600 }) },
      false,
    ],
    ['setPowerPercent', { percent: 80 }, { ...status({ power_pct: 80 }), ...summary({ Power: 3600 }) }, true],
    ['setPowerPercent', { percent: 80 }, { ...status({ power_pct: 100 }), ...summary({ Power: 2880 }) }, false],
    ['setPowerPercent', { percent: 80 }, { ...status({}), ...summary({ Power: 2900, 'Power Limit': 3600 }) }, true],
    ['setPowerPercent', { percent: 80 }, { ...status({}), ...summary({ Power: 3550, 'Power Limit': 3600 }) }, false],
    ['setFrequency', { percent: -20 }, status({ hash_percent: '-20' }), true],
    ['setFrequency', { percent: -20 }, status({ hash_percent: '0' }), false],
    ['setHostname', { hostname: 'rack-7' }, { get_miner_info: got({ hostname: 'rack-7' }) }, true],
    ['setHostname', { hostname: 'rack-7' }, {}, false],
    ['setNetwork', { mode: 'dhcp' }, {}, true],
    ['whatsminer.set_power', { powerW: 3300 }, summary({ Power: 3350 }), true],
    ['whatsminer.set_power', { powerW: 3300 }, summary({ Power: 3593 }), false],
    ['whatsminer.enable_btminer_fast_boot', {}, summary({ 'Btminer Fast Boot': 'enable' }), true],
    ['whatsminer.enable_btminer_fast_boot', {}, {}, false],
    ['whatsminer.adjust_upfreq_speed', { speed: 5 }, {}, true],
    ['whatsminer.adjust_upfreq_speed', { speed: 6 }, { get_miner_info: got({ ut_speed: '6' }) }, true],
    ['whatsminer.adjust_upfreq_speed', { speed: 6 }, {}, false],
  ];

  test.each(shows)('on port 4028 after %s %j: %j is %s', async (name, given, reads, done) => {
    const double = new WhatsminerDouble({ reads: { ...V2_READS, ...reads } });
    const { prepared } = await perform(double.links(), name, given);
    expect((await look(double.links(), prepared)).done).toBe(done);
  });

  test('a restart shows in Elapsed, a reboot in Uptime', async () => {
    const double = new WhatsminerDouble({ reads: summary({ Elapsed: 20, Uptime: 6000 }) });
    double.now += 60_000;
    const at = async (name: string) =>
      (await look(double.links(), (await perform(double.links(), name)).prepared)).done;
    expect(await at('restartMiner')).toBe(true);
    expect(await at('reboot')).toBe(false);
    double.reads.summary = got({ Elapsed: 20, Uptime: 40 });
    expect(await at('reboot')).toBe(true);
  });

  const INFO = (section: string, fields: Record<string, unknown>) => ({
    'get.device.info': { [section]: fields, salt: 'BQ5hoXV9' },
  });
  const STATUS = (fields: Record<string, unknown>) => ({ 'get.miner.status': { summary: fields } });
  const newer: [name: string, given: Record<string, unknown>, reads: Record<string, unknown>, done: boolean][] = [
    ['setPools', pool, { 'get.miner.status': { pools: [{ url: 'stratum+tcp://a.example:1', account: 'w' }] } }, true],
    ['setPools', pool, {}, false],
    ['pause', {}, INFO('miner', { working: 'false' }), true],
    ['pause', {}, {}, false],
    ['resume', {}, {}, true],
    ['locate', { on: true }, INFO('system', { ledstatus: 'manual' }), true],
    ['setPowerMode', { mode: 'normal' }, {}, true],
    ['setPowerMode', { mode: 'low' }, {}, false],
    ['setPowerLimit', { powerW: 3500 }, {}, true],
    ['setPowerLimit', { powerW: 3000 }, {}, false],
    ['setPowerPercent', { percent: 100 }, {}, true],
    ['setPowerPercent', { percent: 50 }, {}, false],
    ['setFrequency', { percent: 0 }, {}, true],
    ['setFrequency', { percent: 5 }, INFO('miner', { 'hash-percent': '5' }), true],
    ['setHostname', { hostname: 'WhatsMiner' }, {}, true],
    ['setTimeZone', { timeZone: 'Asia/Shanghai', posix: 'CST-8' }, {}, true],
    ['setTimeZone', { timeZone: 'Europe/Berlin', posix: 'CET-1CEST' }, {}, false],
    ['setLogServer', { server: '192.168.2.133', port: 9008, protocol: 'tcp' }, {}, true],
    ['setLogServer', { server: '192.168.2.133', port: 9009, protocol: 'tcp' }, {}, false],
    ['whatsminer.set_temp_offset', { offsetC: -10 }, {}, true],
    ['whatsminer.set_temp_offset', { offsetC: -9 }, {}, false],
    ['whatsminer.set_poweroff_cool', { on: true }, {}, true],
    ['whatsminer.set_fan_zero_speed', { on: true }, {}, false],
    ['whatsminer.adjust_upfreq_speed', { speed: 2 }, {}, true],
    ['whatsminer.set_heat_mode', { mode: 'anti-icing' }, INFO('miner', { heatmode: 'anti-freezing' }), true],
    ['whatsminer.enable_web_pools', {}, {}, true],
    ['whatsminer.disable_web_pools', {}, {}, false],
    ['whatsminer.disable_btminer_fast_boot', {}, {}, true],
    ['whatsminer.set_power', { powerW: 3300 }, STATUS({ 'power-realtime': 3290 }), true],
    ['whatsminer.set_power', { powerW: 2000 }, {}, false],
    ['whatsminer.set_customer_msg', { key: 'msg0', value: 'msg' }, {}, true],
    ['whatsminer.set.miner.cointype', { cointype: 'BSV' }, {}, true],
    ['whatsminer.set.miner.cointype', { cointype: 'DCR' }, {}, false],
    ['whatsminer.set.miner.fast_hash', { on: false }, {}, true],
    ['whatsminer.set.miner.fast_hash', { on: true }, {}, false],
    ['whatsminer.set.system.ntp_server', { servers: '0.cn.pool.ntp.org,0.openwrt.pool.ntp.org' }, {}, true],
    ['whatsminer.set.system.time_randomized', { startS: 10, stopS: 10 }, {}, true],
    ['whatsminer.set.system.time_randomized', { startS: 10, stopS: 11 }, {}, false],
  ];

  test.each(newer)('on port 4433 after %s %j: %j is %s', async (name, given, reads, done) => {
    const double = new WhatsminerDouble({ reads });
    const { prepared } = await perform(double.links(SUPER), name, given);
    expect((await look(double.links(SUPER), prepared)).done).toBe(done);
  });

  test("the customer's text is read back sealed, with the token of the action", async () => {
    const double = new WhatsminerDouble({ writes: { get_customer_msg: got({ CustomerSn: 'sn1', msg3: 'rack 7' }) } });
    const { prepared } = await perform(double.links(), 'whatsminer.set_customer_msg', { key: 'msg3', value: 'rack 7' });
    expect((await look(double.links(), prepared)).done).toBe(true);
    expect(double.heard.at(-1)).toBe('{"cmd":"get_customer_msg"}');
    expect(double.tokensGiven).toBe(1);
  });

  test('a machine that falls silent rejects, which is no answer', async () => {
    const double = new WhatsminerDouble();
    const { prepared } = await perform(double.links(), 'pause');
    double.reads.status = new HeadframeError('link/timed-out-waiting');
    expect(await codeOf(() => look(double.links(), prepared))).toBe('link/timed-out-waiting');
  });
});
