import { HeadframeError } from '@headframe/model';
import { describe, expect, test } from 'vitest';
import { sealedByOpenssl, WhatsminerDouble } from './machine.testing.ts';
import { codeOf, look, perform, prepare, shownBy } from './perform.testing.ts';
import { got } from './reads.testing.ts';

const SUPER = { username: 'super', password: 'super' };
const IMAGE = { name: 'upgrade.bin', bytes: new Uint8Array([1, 2, 3, 4, 5]) };
const given = { file: IMAGE, sha256: 'A'.repeat(64), version: '20240101.1.REL' };
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('a firmware file', () => {
  test.each([
    ['4028', { username: 'admin', password: 'admin' }, '{"cmd":"update_firmware"}', '131', 'Updated'],
    ['4433', SUPER, 'set.system.update_firmware', '0', 'ok'],
  ])('goes up on port %s behind its size, on the connection of the command', async (_, login, command, code, said) => {
    const double = new WhatsminerDouble({
      writes: { update_firmware: got('ready'), 'set.system.update_firmware': 'ready' },
    });
    const { verdicts } = await perform(double.links(login), 'updateFirmware', given);
    expect(double.heard).toContain(command);
    expect(double.files).toEqual([IMAGE.bytes]);
    expect(verdicts).toEqual([{ accepted: true, vendorCode: code, vendorText: said }]);
    expect(double.openConnections).toBe(0);
  });

  test('is shown with its size and its sum, and what the machine has now', async () => {
    const prepared = await prepare(new WhatsminerDouble().links(), 'updateFirmware', given);
    expect(shownBy(prepared)[0]).toContain(`upgrade.bin: 5 bytes, SHA-256 ${'a'.repeat(64)}`);
    expect(prepared.notes?.[0]).toContain('20220125.13.Rel');
  });

  test.each([
    ['4028', { username: 'admin', password: 'admin' }],
    ['4433', SUPER],
  ])('does not go up on port %s where the machine is not ready', async (_, login) => {
    const double = new WhatsminerDouble({
      writes: { update_firmware: got('busy'), 'set.system.update_firmware': 'busy' },
    });
    expect(await codeOf(() => perform(double.links(login), 'updateFirmware', given))).toBe('device/refused');
    expect(double.files).toEqual([]);
    expect(double.openConnections).toBe(0);
  });

  test('is refused with the code and the text of the machine', async () => {
    const double = new WhatsminerDouble({ writes: { update_firmware: got('API command ERROR', 132, 'E') } });
    const { verdicts } = await perform(double.links(), 'updateFirmware', given);
    expect(verdicts).toEqual([{ accepted: false, vendorCode: '132', vendorText: 'API command ERROR' }]);
  });

  test('whose connection dies behind it is unknown, and the version tells', async () => {
    const double = new WhatsminerDouble({ writes: { update_firmware: got('ready') } });
    double.diesAfterFile = true;
    expect(await codeOf(() => perform(double.links(), 'updateFirmware', given))).toBe('link/reset');
    const prepared = await prepare(double.links(), 'updateFirmware', given);
    expect((await look(double.links(), prepared)).done).toBe(false);
    double.reads.get_version = got({ fw_ver: "'20240101.1.Rel'" });
    expect((await look(double.links(), prepared)).done).toBe(true);
  });

  test('gets a new token where the old one ran out', async () => {
    const double = new WhatsminerDouble({ writes: { update_firmware: got('ready') }, refusesTokens: 1 });
    const left = JSON.stringify({ time: '5626', salt: 'BQ5hoXV9', newsalt: 'jbzkfQls' });
    const { verdicts } = await perform(double.links(), 'updateFirmware', given, left);
    expect(verdicts[0]?.accepted).toBe(true);
    expect(double.openConnections).toBe(0);
  });

  test('whose machine falls silent behind ready is no success', async () => {
    const double = new WhatsminerDouble({
      writes: { update_firmware: sealedByOpenssl('{"Code":131,"STATUS":"S","Msg":"ready"}') },
    });
    double.diesAfterFile = true;
    expect(await codeOf(() => perform(double.links(), 'updateFirmware', given))).toBe('link/reset');
  });
});

describe('a log', () => {
  const LOG = new Uint8Array([0x1f, 0x8b, 0x7d, 0x7b, 0x22, 0x00]);

  test('of port 4028 comes in one segment with the reply and is parted from it', async () => {
    const double = new WhatsminerDouble({ writes: { download_logs: got({ logfilelen: '6' }) } });
    double.log = LOG;
    const { prepared } = await perform(double.links(), 'downloadLogs');
    expect(await prepared.download?.(double.links())).toEqual({ name: 'whatsminer-logs.tgz', bytes: LOG });
    expect(double.openConnections).toBe(0);
  });

  test('of port 4433 comes behind its frame, without a login', async () => {
    for (const login of [null, SUPER]) {
      const double = new WhatsminerDouble();
      double.log = LOG;
      const { prepared } = await perform(double.links(login), 'downloadLogs');
      expect((await prepared.download?.(double.links(login)))?.bytes).toEqual(LOG);
      expect(double.openConnections).toBe(0);
    }
  });

  test.each([
    ['that does not end', '7', 'link/timed-out-waiting'],
    ['of 4 GB', '4294967295', 'link/too-large'],
    ['without a length', '', 'protocol/wrong-shape'],
    ['of a negative length', '-1', 'protocol/wrong-shape'],
  ])('%s is given up', async (_, logfilelen, code) => {
    const double = new WhatsminerDouble({ writes: { download_logs: got({ logfilelen }) } });
    double.log = LOG;
    const { prepared } = await perform(double.links(), 'downloadLogs');
    expect(await codeOf(async () => prepared.download?.(double.links()))).toBe(code);
    expect(double.openConnections).toBe(0);
  });

  test('that is refused is refused', async () => {
    const double = new WhatsminerDouble({ writes: { download_logs: got('API command ERROR', 132, 'E') } });
    const { prepared } = await perform(double.links(), 'downloadLogs');
    expect(await codeOf(async () => prepared.download?.(double.links()))).toBe('device/refused');
  });
});

describe('what is fetched as JSON', () => {
  const fetch = async (double: WhatsminerDouble, name: string, login: typeof SUPER | null, more = {}) => {
    const { prepared } = await perform(double.links(login), name, more);
    const download = await prepared.download?.(double.links(login));
    return { name: download?.name, value: JSON.parse(text(download?.bytes ?? new Uint8Array())) as unknown };
  };

  test("the customer's texts, sealed on port 4028 and in clear on 4433", async () => {
    const double = new WhatsminerDouble({ writes: { get_customer_msg: got({ msg0: 'a' }) } });
    const login = { username: 'admin', password: 'admin' };
    expect((await fetch(double, 'whatsminer.get_customer_msg', login)).value).toEqual({ msg0: 'a' });
    expect((await fetch(double, 'whatsminer.get_customer_msg', null)).value).toEqual({
      CustomerSn: 'sn12345',
      msg0: 'msg',
    });
  });

  test.each([
    ['get.miner.setting', { 'upfreq-speed': 2 }],
    ['get.system.setting', { timezone: 'CST-8' }],
    ['get.fan.setting', { 'fan-temp-offset': -10 }],
  ])('%s', async (command, part) => {
    const { name, value } = await fetch(new WhatsminerDouble(), `whatsminer.${command}`, null);
    expect(name).toBe(`${command}.json`);
    expect(value).toMatchObject(part);
  });

  test('the history of so many hours', async () => {
    const double = new WhatsminerDouble();
    const { value } = await fetch(double, 'whatsminer.get.miner.history', null, { hours: 2 });
    expect(value).toBe('miner history information......');
    expect(double.heard).toEqual(['get.miner.history {"begin":"1789992800","end":"1790000000"}']);
  });

  test('what the firmware does not have is said', async () => {
    const double = new WhatsminerDouble();
    delete double.reads['get.fan.setting'];
    expect(await codeOf(() => fetch(double, 'whatsminer.get.fan.setting', null))).toBe('support/unsupported');
  });
});

test('a link that fails while a file goes up is that failure', async () => {
  const double = new WhatsminerDouble({ writes: { update_firmware: new HeadframeError('link/reset') } });
  expect(await codeOf(() => perform(double.links(), 'updateFirmware', given))).toBe('link/reset');
  expect(double.openConnections).toBe(0);
});
