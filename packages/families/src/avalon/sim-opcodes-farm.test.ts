import { describe, expect, test } from 'vitest';
import {
  ask,
  bytes,
  device,
  failed,
  first,
  HOUR,
  info,
  isSilent,
  jsonp,
  long,
  numbers,
  OK,
  POWERED_AT,
  rebooted,
  SECOND,
  set,
  web,
} from './sim.testing.ts';

const AT = POWERED_AT + 2 * HOUR;
const pools = (machine: ReturnType<typeof device>, now: number) =>
  (ask(machine, 'pools', now).POOLS ?? []).map(({ URL, User }) => [URL, User]);

describe('farm machines', () => {
  test('reboot closes without a byte, later when it is told so, and BOOTBY then says that the API did it', () => {
    const machine = device('a1246');
    expect(long(machine, AT).BOOTBY).toBe('0x04.00000000');
    expect(isSilent(machine, 'reboot,60', AT)).toBe(true);
    expect([30, 61].map((s) => machine.listening('cgminer', AT + s * SECOND))).toEqual([true, false]);
    const record = long(machine, AT + HOUR);
    expect(record.BOOTBY).toBe('0x05.00000000');
    // An hour less the minute and 11 s of booting; the record is a second ahead.
    expect(record.Elapsed).toBe(String(3600 - 60 - 11 + 1));
    expect(set(machine, 'reboot,301', AT + HOUR)).toEqual(failed('reboot value should be 0~300 seconds'));
    expect(set(machine, 'reboot,soon', AT + HOUR)).toEqual(failed('reboot value not number'));
    expect(set(machine, 'reboot', AT + HOUR)).toEqual(failed('missing reboot setting'));
  });

  test('bootby asks for the reason of the last boot, and 0 clears it from the long record', () => {
    const machine = device('a1066');
    const later = rebooted(machine, AT);
    expect(set(machine, 'bootby', later)).toEqual(info('BOOTBY[0x05.00000000]'));
    expect(set(machine, 'bootby,0', later)).toEqual(OK);
    expect(set(machine, 'bootby', later)).toEqual(info('BOOTBY[0x00.00000000]'));
    const a12 = device('a1246');
    set(a12, 'bootby,0', AT);
    expect(long(a12, AT).BOOTBY).toBe('0x00.00000000');
  });

  test('the LED goes off again, some fleets say 0- for it', () => {
    const machine = device('a1066');
    expect([set(machine, 'led,1-1', AT), set(machine, 'led,1-255', AT)]).toEqual([OK, info('LED[1]')]);
    expect(long(machine, AT).Led).toBe('1');
    expect([set(machine, 'led,0-0', AT), long(machine, AT).Led]).toEqual([OK, '0']);
    expect(set(machine, 'led,1-2', AT)).toEqual(failed('led unknown argument'));
  });

  test('workmode 255 asks what the next boot will take', () => {
    const machine = device('a1066');
    expect(set(machine, 'workmode,255', AT)).toEqual(info('WORKMODE[1]'));
    expect(set(machine, 'workmode,0', AT)).toEqual(info('WORKMODE[0]'));
    expect(set(machine, 'workmode,255', AT)).toEqual(info('WORKMODE[0]'));
    expect(long(machine, AT).WORKMODE).toBe('1');
    const later = rebooted(machine, AT);
    expect([long(machine, later).WORKMODE, long(machine, later).GHSmm]).toEqual(['0', '43500.00']);
    expect(set(machine, 'workmode,2', later)).toEqual(failed('workmode unknown argument'));
  });

  test('setpool of an A10 has one place, wants the web login, and waits for the reboot', () => {
    const machine = device('a1066');
    const before = pools(machine, AT);
    const wanted = 'stratum+tcp://new.example.com:443,me.001,123';
    expect(set(machine, `setpool,root,wrong,${wanted}`, AT)).toEqual(failed('userpass err'));
    expect(set(machine, `setpool,admin,root,${wanted}`, AT)).toEqual(failed('username err'));
    expect(set(machine, 'setpool,root,root,stratum+tcp://new.example.com:443', AT)).toEqual(
      failed('we need 5 arguments, your input is 3 arguments.'),
    );
    expect(set(machine, `setpool,root,root,${wanted}`, AT)).toEqual(
      info(
        '\npool success set to stratum+tcp://new.example.com:443\nworker is me.001\nworkerpassword is 123\nPlease reboot miner to make config work.\n',
      ),
    );
    expect(pools(machine, AT)).toEqual(before);
    const later = rebooted(machine, AT);
    expect(pools(machine, later)).toEqual([['stratum+tcp://new.example.com:443', 'me.001'], ...before.slice(1)]);
  });

  test('setpool of an A12 has three places with numbers', () => {
    const machine = device('a1246');
    const before = pools(machine, AT);
    expect(set(machine, 'setpool,root,root,3,stratum+tcp://n.example.com:1,me,x', AT)).toEqual(
      failed('pool num must between 0 and 2 , your input is 3'),
    );
    expect(set(machine, 'setpool,root,root,2,stratum+tcp://n.example.com:1,me,x', AT)[1]).toBe(118);
    const later = rebooted(machine, AT);
    expect(pools(machine, later)).toEqual([...before.slice(0, 2), ['stratum+tcp://n.example.com:1', 'me']]);
  });

  test('a fixed address is configured at once and taken by the next boot; DNS and DHCP likewise', () => {
    const machine = device('a1246');
    const address = (now: number) => jsonp(web(machine, 'GET /get_minerinfo.cgi', now).body, 'minerinfoCallback').ipv4;
    const configured = (now: number) => jsonp(web(machine, 'GET /updatenetwork.cgi', now).body, 'NetworkCallback');
    expect(set(machine, 'ip,s,192.168.3.4,255.255.255.0,192.168.3.1', AT)).toEqual(
      info('IP[S 192.168.3.4 255.255.255.0 192.168.3.1]'),
    );
    expect(set(machine, 'dns,1.1.1.1,8.8.8.8', AT)).toEqual(info('DNS[1.1.1.1 8.8.8.8]'));
    expect(configured(AT)).toEqual({
      protocal: '1',
      ip: '192.168.3.4',
      mask: '255.255.255.0',
      gateway: '192.168.3.1',
      dns: '1.1.1.1',
      dnsbak: '8.8.8.8',
    });
    expect(address(AT)).toBe('10.0.0.7');
    const later = rebooted(machine, AT);
    expect(address(later)).toBe('192.168.3.4');
    expect(set(machine, 'ip,static,10.1.1.2,255.0.0.0,10.1.1.1', later)[1]).toBe(118);
    expect(set(machine, 'ip,dhcp', later)).toEqual(OK);
    expect(configured(later)).toMatchObject({ protocal: '0', ip: '', dns: '1.1.1.1' });
    expect(address(rebooted(machine, later))).toBe('10.0.0.7');
    for (const bad of ['ip,s,1.2.3,255.0.0.0,1.1.1.1', 'ip,s,1.2.3.4', 'ip,x']) {
      expect(set(machine, bad, later + HOUR)).toEqual(failed('ip unknown argument'));
    }
    expect(set(machine, 'dns,nowhere', later + HOUR)).toEqual(failed('dns unknown argument'));
  });

  test('hashpower asks for the supply as the long record has it', () => {
    const machine = device('a1066');
    expect(set(machine, 'hashpower', AT)).toEqual(info(`PS[${long(machine, AT).PS}]`));
    expect(set(machine, 'hashpower,1', AT)).toEqual(failed('hashpower unknown argument'));
    set(machine, 'hashpower,0', AT);
    expect(long(machine, AT).SYSTEMSTATU).toBe('Work: In Idle, Hash Board: 3 ');
  });

  test('softon of an A12 closes without a reply and acts all the same; a switch makes it speak', () => {
    const machine = device('a1246');
    const epoch = AT / 1000;
    expect(set(machine, `softoff,1:${epoch + 5}`, AT)).toEqual(info(`success softoff:${epoch + 5}`));
    expect(long(machine, AT + 10 * SECOND).SoftOFF).toBe('5');
    expect(isSilent(machine, `softon,1:${epoch + 60}`, AT + 10 * SECOND)).toBe(true);
    expect(long(machine, AT + 20 * 60 * SECOND).SYSTEMSTATU).toBe('Work: In Work, Hash Board: 3 ');
    const speaks = device('a1246', { 'silent-softon': false });
    expect(set(speaks, `softon,1:${epoch + 5}`, AT)).toEqual(info(`success softon:${epoch + 5}`));
    expect(set(machine, 'softon,0:5', AT + HOUR)).toEqual(failed('missing softon setting'));
  });

  test('softoff of an A13 takes no time; its supply tells what it draws at the wall', () => {
    const machine = device('a1346');
    expect(numbers(long(machine, AT).PS)).toHaveLength(7);
    expect(Math.abs((numbers(long(machine, AT).PS)[6] ?? 0) - 3350)).toBeLessThan(70);
    expect(set(machine, 'softoff', AT)).toEqual(OK);
    const record = long(machine, AT + 60 * SECOND);
    expect([record.SYSTEMSTATU, record.SoftOFF, record.GHSspd]).toEqual(['Work: In Idle, Hash Board: 3 ', '5', '0.00']);
  });

  test('fan-spd holds all fans at a speed, or between two, and what it costs are degrees', () => {
    const machine = device('a1246');
    const auto = long(machine, AT);
    expect(set(machine, 'fan-spd,100', AT)).toEqual(OK);
    const fast = long(machine, AT);
    expect(fast.FanR).toBe('100%');
    expect(Number(fast.Fan1)).toBeGreaterThan(Number(auto.Fan1));
    expect(Number(fast.TMax)).toBeLessThan(Number(auto.TMax));
    expect(set(machine, 'fan-spd,25..30', AT)).toEqual(OK);
    const slow = long(machine, AT);
    expect(slow.FanR).toBe('30%');
    expect(Number(slow.TMax)).toBeGreaterThan(Number(auto.TMax));
    expect(set(machine, 'fan-spd,-1', AT)).toEqual(OK);
    expect(long(machine, AT).FanR).toBe(auto.FanR);
    const range = failed('invalid fan value, valid range 25-100 for stable pwm,-1 for auto adjust');
    for (const bad of ['24', '101', '-2', '90..80', '20..50', '50..101']) {
      expect([bad, set(machine, `fan-spd,${bad}`, AT)]).toEqual([bad, range]);
    }
    expect(set(machine, 'fan-spd,fast', AT)).toEqual(failed('No value passed to avalon-fan'));
  });

  test('frequency changes clocks, what they promise, rate and power, of one board or of all', () => {
    const machine = device('a1246');
    const before = long(machine, AT);
    expect([before.SF0, before.Freq]).toEqual(['585 610 635 660', '635.00']);
    expect(set(machine, 'frequency,300:300:300:300-0-1-0', AT)).toEqual(OK);
    const one = long(machine, AT);
    expect([one.SF0, one.SF1]).toEqual(['300 300 300 300', '585 610 635 660']);
    expect(set(machine, 'frequency,311:311:311:312-0-0-0', AT)).toEqual(OK);
    const all = long(machine, AT + HOUR);
    expect([all.SF0, all.SF1, all.SF2]).toEqual(Array(3).fill('311 311 311 312'));
    // 311.25 of 622.5 MHz: half.
    expect([all.Freq, all.GHSmm]).toEqual(['317.50', '45000.00']);
    expect(Number(all.GHSspd)).toBeGreaterThan(0.47 * 90_000);
    expect(Number(all.GHSspd)).toBeLessThan(0.53 * 90_000);
    expect(numbers(all.PS)[4]).toBeLessThan(0.6 * (numbers(before.PS)[4] ?? 0));
    expect(set(machine, 'frequency,300:300:300', AT)).toEqual(failed('invalid parameter'));
    expect(set(machine, 'frequency,300:300:300:1200', AT)).toEqual(
      failed('Invalid value passed to set_avalon_device_freq'),
    );
    expect(set(machine, 'frequency,300:300:300:300-0-4', AT)).toEqual(
      failed('Invalid miner id passed to set_avalon_device_freq'),
    );
    expect(long(machine, rebooted(machine, AT + HOUR)).SF0).toBe('585 610 635 660');
  });

  test('a new password is the one that setpool and the web page want; default brings the old one back', () => {
    const machine = device('a1246');
    const asks = (cookie: string) => web(machine, 'GET /get_home.cgi', AT, { cookie }).body.startsWith('homeCallback(');
    expect(set(machine, 'password,wrong,secret1', AT)).toEqual(failed('Auth Failed! password invalid!'));
    expect(set(machine, 'password,root', AT)).toEqual(failed('we need 2 arguments, your input is 1 arguments.'));
    expect(asks('ff0000ff4813494d137e1631bba301d5')).toBe(true);
    expect(set(machine, 'password,root,secret1', AT)).toEqual(info('new password success set.'));
    expect(asks('ff0000ff4813494d137e1631bba301d5')).toBe(false);
    expect(asks('ff0000ff5b11618c2e44027877d0cd09')).toBe(true);
    expect(set(machine, 'setpool,root,root,0,stratum+tcp://n.example.com:1,me,x', AT)).toEqual(failed('userpass err'));
    expect(set(machine, 'password,default', AT)).toEqual(info('default password success set.'));
    expect(asks('ff0000ff4813494d137e1631bba301d5')).toBe(true);
  });

  test('restore reboots with pools, mode, network and password of the factory', () => {
    const machine = device('a1246');
    const before = pools(machine, AT);
    set(machine, 'workmode,0', AT);
    set(machine, 'password,root,secret1', AT);
    set(machine, 'setpool,root,secret1,0,stratum+tcp://n.example.com:1,me,x', AT);
    const later = rebooted(machine, AT);
    expect(pools(machine, later)).not.toEqual(before);
    expect(set(machine, 'restore', later)).toEqual(info('restore success, rebooting'));
    expect(machine.listening('cgminer', later + SECOND)).toBe(false);
    expect(pools(machine, later + HOUR)).toEqual(before);
    expect(long(machine, later + HOUR).WORKMODE).toBe('1');
    expect(web(machine, 'GET /get_home.cgi', later + HOUR).body).toMatch(/^homeCallback\(/);
  });

  test('a machine has the opcodes of its help and no others, whatever the case', () => {
    const machine = device('a1066');
    expect(set(machine, 'HELP', AT)[2]).toMatch(/^ASC 0 set info: help\|reboot\|led\|workmode\|setpool\|/);
    expect(set(machine, 'Softoff', AT)).toEqual(failed('Unknown option: Softoff'));
    expect(set(machine, 'constructor', AT)).toEqual(failed('Unknown option: constructor'));
    expect(first(machine, 'config', 'CONFIG', AT)['ASC Count']).toBe(1);
    expect(bytes(machine, 'ascset|0,help', AT).length).toBeGreaterThan(50);
  });
});
