import { describe, expect, test } from 'vitest';
import {
  A,
  type Answers,
  actionOf,
  asked,
  B,
  C,
  c,
  NEWER_CONF,
  NONE,
  newer,
  OLDER_CONF,
  older,
  prepare,
  requestOf,
} from './device.testing.ts';

/* What leaves, byte by byte; typed to protocols.md 2.3 to 2.6. */

const saved = (config: string) => `POST /cgi-bin/set_miner_conf.cgi\nContent-Type: application/json\n\n${config}`;
const conf = (pools: string, { fan = 'false', pwm = '100', mode = 0, level = '100' } = {}) =>
  saved(
    `{"bitmain-fan-ctrl":${fan},"bitmain-fan-pwm":"${pwm}","miner-mode":${mode},"freq-level":"${level}","pools":[${pools}]}`,
  );
const SAME = `${A},${B},${NONE}`;

describe('what a newer web page is sent', () => {
  const MODES =
    '{"ModeInfo":[{"ModeName":"Normal","ModeValue":"0","Level":"100"},{"ModeName":"Sleep","ModeValue":"1"},{"ModeName":"Low Power","ModeValue":"3"}]}';
  const cases: [name: string, given: Record<string, unknown>, sent: string, pages?: Answers['pages']][] = [
    ['setPools', { pools: [c] }, conf(`${C},${NONE},${NONE}`)],
    ['switchPool', { pool: 1 }, conf(`${B},${A},${NONE}`)],
    ['addPool', { pool: c }, conf(`${A},${B},${C}`)],
    ['removePool', { pool: 0 }, conf(`${B},${NONE},${NONE}`)],
    ['pause', {}, conf(SAME, { mode: 1 })],
    ['setPowerMode', { mode: 'low' }, conf(SAME, { mode: 3 }), { 'GET /cgi-bin/get_multi_option.cgi': MODES }],
    ['setFan', { percent: '35%' }, conf(SAME, { fan: 'true', pwm: '35' })],
    ['restartMiner', {}, conf(SAME)],
    ['miner-mode', { mode: 254 }, conf(SAME, { mode: 254 })],
    ['freq-level', { level: 80 }, conf(SAME, { level: '80' })],
    ['locate', { on: 'on' }, 'POST /cgi-bin/blink.cgi\nContent-Type: application/json\n\n{"blink":true}'],
    ['locate', { on: 'off' }, 'POST /cgi-bin/blink.cgi\nContent-Type: application/json\n\n{"blink":false}'],
    ['reboot', {}, 'POST /cgi-bin/reboot.cgi'],
    ['factoryReset', {}, 'POST /cgi-bin/reset_conf.cgi'],
    [
      'setHostname',
      { hostname: 'rack-3' },
      'POST /cgi-bin/set_network_conf.cgi\nContent-Type: application/json\n\n{"ipHost":"rack-3","ipPro":1,"ipAddress":"10.0.0.5","ipSub":"255.255.255.0","ipGateway":"","ipDns":""}',
    ],
    [
      'setNetwork',
      { mode: 'static', address: '10.0.0.7', gateway: '10.0.0.1' },
      'POST /cgi-bin/set_network_conf.cgi\nContent-Type: application/json\n\n{"ipHost":"antMiner","ipPro":2,"ipAddress":"10.0.0.7","ipSub":"255.255.255.0","ipGateway":"10.0.0.1","ipDns":""}',
    ],
    [
      'setPassword',
      { newPassword: 'n3w"W' },
      'POST /cgi-bin/passwd.cgi\nContent-Type: application/json\n\n{"curPwd":"old-word","newPwd":"n3w\\"W","confirmPwd":"n3w\\"W"}',
    ],
  ];
  test.each(cases)('%s %j', async (name, given, sent, pages = {}) => {
    const prepared = await prepare(actionOf(name), newer({ pages }), given);
    const request = requestOf(prepared);
    expect(request.sent).toBe(sent);
    expect(request.shown).toBe(
      sent.replace(/"pass":"pw-\w"/g, '"pass":"••••••"').replace(/"(\w+Pwd)":"(?:[^"\\]|\\.)*"/g, '"$1":"••••••"'),
    );
    // Looking changed nothing.
    expect(asked.filter((line) => line.startsWith('POST'))).toEqual([]);
  });

  test('what the machine has beside the known names goes back under its own', async () => {
    const config =
      '{"pools":[],"bitmain-fan-ctrl":false,"bitmain-fan-pwm":"100","bitmain-hashrate-percent":"100","algo":"ltc","bitmain-work-mode":"0"}';
    const links = newer({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': config } });
    expect(requestOf(await prepare(actionOf('addPool'), links, { pool: c })).sent).toBe(
      saved(
        `{"bitmain-fan-ctrl":false,"bitmain-fan-pwm":"100","algo":"ltc","bitmain-hashrate-percent":"100","miner-mode":0,"pools":[${C},${NONE},${NONE}]}`,
      ),
    );
  });

  test('what stands there already is not sent again', async () => {
    const prepared = await prepare(actionOf('resume'), newer());
    expect(prepared.steps).toEqual([]);
    expect(prepared.notes).toContain('The configuration says so already: nothing is sent');
    expect((await prepare(actionOf('switchPool'), newer(), { pool: 0 })).steps).toEqual([]);
  });

  test('a machine that sleeps in mode 254 is left in it, and goes to the normal mode', async () => {
    const asleep = NEWER_CONF.replace('"bitmain-work-mode":"0"', '"bitmain-work-mode":"254"');
    const links = newer({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': asleep } });
    expect((await prepare(actionOf('pause'), links)).steps).toEqual([]);
    expect(requestOf(await prepare(actionOf('resume'), links)).sent).toBe(conf(SAME, { mode: 0 }));
  });

  test('low and high are not guessed where the machine does not list them', async () => {
    await expect(prepare(actionOf('setPowerMode'), newer(), { mode: 'high' })).rejects.toThrow(/differs by model/);
    const listed = newer({ pages: { 'GET /cgi-bin/get_multi_option.cgi': MODES } });
    await expect(prepare(actionOf('setPowerMode'), listed, { mode: 'high' })).rejects.toThrow(
      /Normal, Sleep, Low Power/,
    );
  });

  test('a fourth pool, the last pool and a pool that is not there are refused', async () => {
    const full = NEWER_CONF.replace(NONE, C);
    const links = newer({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': full } });
    await expect(prepare(actionOf('addPool'), links, { pool: c })).rejects.toThrow(/room for 3 pools/);
    await expect(prepare(actionOf('switchPool'), newer(), { pool: 2 })).rejects.toThrow(/no pool 2.*0 to 1/);
    const single = NEWER_CONF.replace(B, NONE);
    const last = newer({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': single } });
    await expect(prepare(actionOf('removePool'), last, { pool: 0 })).rejects.toThrow(/last pool cannot be removed/);
  });

  test('frequency and voltage are the older page’s', async () => {
    await expect(prepare(actionOf('setFrequency'), newer(), { frequencyMHz: 500 })).rejects.toMatchObject({
      code: 'support/unsupported',
    });
  });

  test('a static address without a gateway to keep is refused', async () => {
    const given = { mode: 'static', address: '10.0.0.7' };
    await expect(prepare(actionOf('setNetwork'), newer(), given)).rejects.toThrow(/needs gateway/);
  });

  test('firmware goes as a form of one file, its name without odd letters', async () => {
    const file = { name: 'a "b".tar.gz', bytes: new Uint8Array([0, 1, 13, 10, 255]) };
    const given = { file, sha256: 'AB'.repeat(32), version: 'v2' };
    const { sent, shown } = requestOf(await prepare(actionOf('updateFirmware'), newer(), given));
    expect(sent).toBe(
      'POST /cgi-bin/upgrade.cgi\nContent-Type: multipart/form-data; boundary=----headframe-abababababababababababababababab\n\n' +
        '------headframe-abababababababababababababababab\r\n' +
        'Content-Disposition: form-data; name="firmware"; filename="a__b_.tar.gz"\r\n' +
        'Content-Type: application/octet-stream\r\n\r\n' +
        '\x00\x01\r\n\xff\r\n------headframe-abababababababababababababababab--\r\n',
    );
    expect(shown).toContain('<5 bytes, SHA-256 abab');
    const clear = { ...given, keepSettings: false };
    expect(requestOf(await prepare(actionOf('updateFirmware'), newer(), clear)).sent).toContain('upgrade_clear.cgi');
  });
});

const form = (more: string, work = '2') =>
  `POST /cgi-bin/set_miner_conf.cgi\nContent-Type: application/x-www-form-urlencoded\n\n${more}&_ant_work_mode=${work}`;
const FORM_A = '_ant_pool1url=stratum%2Btcp%3A%2F%2Fa.example%3A3333&_ant_pool1user=acct.a&_ant_pool1pw=pw-a';
const FORM_B = '_ant_pool2url=stratum%2Btcp%3A%2F%2Fb.example%3A443&_ant_pool2user=acct.b&_ant_pool2pw=pw-b';
const NO_THIRD = '_ant_pool3url=&_ant_pool3user=&_ant_pool3pw=';
const REST = (fan = '_ant_fan_customize_switch=false&_ant_fan_customize_value=', freq = '675', volt = '1650') =>
  `_ant_nobeeper=false&_ant_notempoverctrl=false&${fan}&_ant_freq=${freq}&_ant_voltage=${volt}`;
const FORM = `${FORM_A}&${FORM_B}&${NO_THIRD}`;

describe('what an older web page is sent, by position', () => {
  const cases: [name: string, given: Record<string, unknown>, sent: string, pages?: Answers['pages']][] = [
    [
      'addPool',
      { pool: { ...c, worker: 'a b+c/d@e', password: '' } },
      form(
        `${FORM_A}&${FORM_B}&_ant_pool3url=stratum%2Btcp%3A%2F%2Fc.example%3A25&_ant_pool3user=a+b%2Bc%2Fd%40e&_ant_pool3pw=&${REST()}`,
      ),
    ],
    ['restartMiner', {}, form(`${FORM}&${REST()}`)],
    ['setFan', { percent: 40 }, form(`${FORM}&${REST('_ant_fan_customize_switch=true&_ant_fan_customize_value=40')}`)],
    ['setFrequency', { frequencyMHz: 600 }, form(`${FORM}&${REST(undefined, '600')}`)],
    ['setVoltage', { voltageV: 15.5 }, form(`${FORM}&${REST(undefined, '675', '1550')}`)],
    ['voltage', { voltage: '0706' }, form(`${FORM}&${REST(undefined, '675', '0706')}`)],
    ['work-mode', { mode: 1 }, form(`${FORM}&${REST()}`, '1')],
    [
      'setNetwork',
      { mode: 'static', address: '10.0.0.9' },
      'POST /cgi-bin/set_network_conf.cgi\nContent-Type: application/x-www-form-urlencoded\n\n_ant_conf_nettype=Static&_ant_conf_hostname=antMiner&_ant_conf_ipaddress=10.0.0.9&_ant_conf_netmask=255.255.255.0&_ant_conf_gateway=10.0.0.1&_ant_conf_dnsservers=10.0.0.1',
    ],
    [
      'locate',
      { on: true },
      'POST /cgi-bin/blink.cgi\nContent-Type: application/x-www-form-urlencoded\n\naction=startBlink',
      { 'POST /cgi-bin/blink.cgi': '{"isBlinking":false}' },
    ],
    ['setPassword', { newPassword: 'n3w' }, 'GET /cgi-bin/passwd.cgi?current_pw=old-word&new_pw=n3w&new_pw_ctrl=n3w'],
    ['reboot', {}, 'POST /cgi-bin/reboot.cgi'],
    ['factoryReset', {}, 'POST /cgi-bin/reset_conf.cgi'],
    ['kill-bmminer', {}, 'POST /cgi-bin/kill_bmminer.cgi'],
    ['shutdown-slowly', {}, 'POST /cgi-bin/shutdown_slowly.cgi'],
    ['reset-miner-conf', {}, 'POST /cgi-bin/reset_miner_conf.cgi'],
  ];
  test.each(cases)('%s %j', async (name, given, sent, pages = {}) => {
    const request = requestOf(await prepare(actionOf(name), older({ pages }), given));
    expect(request.sent).toBe(sent);
    expect(request.shown).toBe(
      sent
        .replace(/(_ant_pool\dpw=)pw-\w/g, '$1••••••')
        .replace(
          'current_pw=old-word&new_pw=n3w&new_pw_ctrl=n3w',
          'current_pw=••••••&new_pw=••••••&new_pw_ctrl=••••••',
        ),
    );
  });

  test('the switches that its configuration has are sent back', async () => {
    const config = OLDER_CONF.replace(
      '"bitmain-use-vil":true',
      '"bitmain-nobeeper":true,"bitmain-notempoverctrl":true,"bitmain-fan-ctrl":true,"bitmain-fan-pwm":"77"',
    );
    const links = older({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': config } });
    expect(requestOf(await prepare(actionOf('restartMiner'), links)).sent).toBe(
      form(
        `${FORM}&_ant_nobeeper=true&_ant_notempoverctrl=true&_ant_fan_customize_switch=true&_ant_fan_customize_value=77&_ant_freq=675&_ant_voltage=1650`,
      ),
    );
  });

  test('a password of the machine that the form cannot carry keeps it from being sent, unnamed', async () => {
    const config = OLDER_CONF.replace('pw-a', 'p%41');
    const links = older({ pages: { 'GET /cgi-bin/get_miner_conf.cgi': config } });
    const plan = prepare(actionOf('addPool'), links, { pool: c });
    await expect(plan).rejects.toThrow(/^The password of pool 1 holds a character/);
    await expect(plan).rejects.not.toThrow(/p%41/);
  });

  test('a light that blinks is not started again, as that prints nothing', async () => {
    const links = older({ pages: { 'POST /cgi-bin/blink.cgi': '{"isBlinking":true}' } });
    expect((await prepare(actionOf('locate'), links, { on: true })).steps).toEqual([]);
  });

  test('its settings cannot be cleared by an update', async () => {
    const file = { name: 'f', bytes: new Uint8Array(1) };
    const given = { file, sha256: '0'.repeat(64), version: 'v', keepSettings: false };
    await expect(prepare(actionOf('updateFirmware'), older(), given)).rejects.toMatchObject({
      code: 'support/unsupported',
    });
    const { sent } = requestOf(await prepare(actionOf('updateFirmware'), older(), { ...given, keepSettings: true }));
    expect(sent).toContain('name="datafile"');
  });
});
