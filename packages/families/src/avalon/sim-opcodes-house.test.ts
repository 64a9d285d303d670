import { describe, expect, test } from 'vitest';
import { device, failed, first, HOUR, info, long, OK, POWERED_AT, rebooted, set, web } from './sim.testing.ts';

const AT = POWERED_AT + 2 * HOUR;
/** DNA of a machine of seed 7, and by other programs: CRC-32 of it, the beginning of its SHA-256. */
const DNA = 'faa7174a4d9de557';
const UNLOCK = 'b7c6d22e';
const ACTIVATION = '7b583af7';
/** `ff0000ee` and 24 digits of SHA-256 of (24 digits of that of the DNA, 24 digits of that of `root`). */
const QR_PROOF = 'ff0000eedf0dc46fbace3b9e457d4833';

const lite = (machine: ReturnType<typeof device>): string => String(first(machine, 'litestats', 'STATS', AT)['MM ID0']);

describe('a machine for the home', () => {
  test('the display is switched, turned to a page and dimmed', () => {
    const nano = device('nano-3s');
    expect(set(nano, 'lcd,0:0', AT)).toEqual(info('success lcd:id[0] val[0] len=4'));
    expect(long(nano, AT).LcdOnoff).toBe('0');
    expect(set(nano, 'lcd,1:3', AT)[1]).toBe(118);
    expect(long(nano, AT).LcdSwitch).toBe('3');
    expect(set(nano, 'lcd,2:40', AT)[1]).toBe(118);
    expect(lite(nano)).toContain(' LcdBright[40] ');
    expect(set(nano, 'lcd,off', AT)).toEqual(failed('No value passed to lcd'));
    const q = device('q');
    set(q, 'lcd,0:0', AT);
    expect(long(q, AT).LcdOnoff).toBe('0');
    expect(long(q, rebooted(q, AT)).LcdOnoff).toBe('0');
  });

  test('the lamp has colours by day and burns by night', () => {
    const nano = device('nano-3s');
    expect(set(nano, 'ledset,2-80-50-255-16-300', AT)).toEqual(info('led set ok'));
    expect([long(nano, AT).LED, long(nano, AT).LEDUser]).toEqual(['0-2', '2-80-50-255-16-44']);
    expect(set(nano, 'ledset,9-1-1-1-1-1', AT)).toEqual(failed('led parameter wrong'));
    expect(set(nano, 'nightlamp,1-30', AT)).toEqual(failed('not in (dark)mode now'));
    expect(set(nano, 'ledmode,1', AT)).toEqual(info('success set:1'));
    expect(long(nano, AT).LED).toBe('1-0');
    expect(set(nano, 'ledset,2-80-50-255-16-300', AT)).toEqual(info('not in (day)mode now'));
    expect(set(nano, 'nightlamp,1-30', AT)).toEqual(info('success set:1 30'));
    expect(long(nano, AT).LED).toBe('1-1');
    expect(set(nano, 'nightlamp,2-30', AT)).toEqual(failed('Input param error.'));
    expect(set(nano, 'ledmode,2', AT)).toEqual(failed('Input param error.'));
  });

  test('the first Nano says its colours to led,get', () => {
    const nano = device('nano-3');
    expect(set(nano, 'led,get', AT)).toEqual(info('led[0-100-100-5-0-255]'));
    set(nano, 'ledset,1-100-100-1-2-3', AT);
    expect(set(nano, 'led,get', AT)).toEqual(info('led[1-100-100-1-2-3]'));
    expect(long(nano, AT).LEDUser).toBe('1-100-100-1-2-3');
  });

  test('the zone is kept, and When follows the clock that was set', () => {
    const q = device('q');
    const when = () => (JSON.parse(asked(q, 'version')) as { STATUS: [{ When: number }] }).STATUS[0].When;
    expect(set(q, 'time,get', AT)).toEqual(info('time t:UTC'));
    expect(when()).toBe(AT / 1000);
    expect(set(q, 'time,set,t:1700000000,Europe/Berlin', AT)).toEqual(info('time t:1700000000 Europe/Berlin'));
    expect(when()).toBe(1_700_000_000);
    expect(set(q, 'time,get', AT)).toEqual(info('time t:Europe/Berlin'));
    expect(set(q, 'time,set,now', AT)).toEqual(info('time unknown argument'));
  });

  test('a Wi-Fi name is seen in the record, the sound and solo mining too', () => {
    const mini = device('mini-3');
    expect(set(mini, 'wifi,set,home,longenough', AT)).toEqual(OK);
    expect([long(mini, AT).SSID, long(mini, AT).NetDevType, set(mini, 'wifi,get', AT)]).toEqual([
      'home',
      '1',
      info('wifi home'),
    ]);
    expect(set(mini, 'wifi,set,home,short', AT)).toEqual(failed('wifi unknown argument'));
    expect([set(mini, 'audio,set,0', AT), long(mini, AT).AUDIO, set(mini, 'audio,get', AT)]).toEqual([
      OK,
      '0',
      info('audio 0'),
    ]);
    expect(set(mini, 'audio,loud', AT)).toEqual(failed('audio unknown argument'));
    expect([set(mini, 'solo-allowed,0', AT), long(mini, AT).SoloAllowed]).toEqual([OK, '0']);
    expect([set(mini, 'solo-allowed,set,1', AT), long(mini, AT).SoloAllowed]).toEqual([OK, '1']);
    expect(set(mini, 'solo-allowed,2', AT)).toEqual(failed('solo-allowed unknown argument'));
  });

  test('activation wants the key of this machine', () => {
    const q = device('q');
    expect(first(q, 'version', 'VERSION', AT).DNA).toBe(DNA);
    expect(set(q, 'activate,00000000', AT)).toEqual(failed('set activation param error'));
    expect(long(q, AT).Activation).toBe('0');
    expect(set(q, `activate,${ACTIVATION}`, AT)).toEqual(OK);
    expect(long(q, AT).Activation).toBe('1');
  });

  test('factory options are locked until CRC-32 of the DNA unlocks them; then VERSION says another product', () => {
    const q = device('q');
    expect(set(q, 'facopts,101,Avalon X', AT)).toEqual(failed('Please unlock before setting facopts'));
    expect(set(q, 'facopts,255', AT)).toEqual(info('FACOPTS_LK[1] WORKMODE[1]'));
    expect(set(q, 'faclock,12345678', AT)).toEqual(failed('Lock: True'));
    expect(set(q, `faclock,${UNLOCK}`, AT)).toEqual(info('Lock: False'));
    expect(set(q, `faclock,${UNLOCK}`, AT)).toEqual(info('FAIL: already unlocked'));
    expect(set(q, 'facopts,255', AT)).toEqual(info('FACOPTS_LK[-1] WORKMODE[1]'));
    expect(set(q, 'facopts,101,Avalon X', AT)).toEqual(info('Update product ID: Avalon X'));
    expect(set(q, 'facopts,105,X', AT)).toEqual(info('Update Model ID: X'));
    expect(first(q, 'version', 'VERSION', AT)).toMatchObject({ PROD: 'Avalon X', MODEL: 'X' });
    expect(set(q, 'facopts,7,Y', AT)).toEqual(failed('Bad facopts'));
    expect(set(q, `facopts,101,${'x'.repeat(300)}`, AT)).toEqual(failed('option is longer than 256: 304'));
    expect(set(q, 'faclock,lock', AT)).toEqual(info('Lock: True'));
    expect(set(q, 'faclock,lock', AT)).toEqual(OK);
    expect(set(q, 'facopts,105,Q', AT)).toEqual(failed('Please unlock before setting facopts'));
  });

  test('a serial number that was written is read, also after a reboot', () => {
    const q = device('q');
    expect(String(set(q, 'hash-sn-read,0', AT)[2])).toMatch(/^ASC 0 set info: Hash-0 SN:SN[0-9a-f]{14}$/);
    expect(set(q, 'hash-sn-write,0,BOARD-77', AT)).toEqual(info('Hash-0 SN:BOARD-77'));
    expect(set(q, 'hash-sn-read,0', rebooted(q, AT))).toEqual(info('Hash-0 SN:BOARD-77'));
    expect(set(q, 'hash-sn-read,1', AT + HOUR)).toEqual(failed('hash sn read input arguments format error!'));
    expect(set(q, 'hash-sn-write,1,A', AT + HOUR)).toEqual(failed('hash sn write input arguments format error!'));
  });

  test('a QR code logs the page in, once', () => {
    const q = device('q');
    expect(web(q, 'GET /is_login.cgi', AT, { cookie: null }).body).toBe('');
    expect(set(q, 'qr_auth,ff0000ff', AT)).toEqual(failed('param invalid!'));
    expect(set(q, `qr_auth,00000000,${QR_PROOF}`, AT)).toEqual(failed('auth error 01!'));
    expect(set(q, 'qr_auth,ff0000ff,ff0000ee00', AT)).toEqual(failed('passwd error 02!'));
    expect(set(q, `qr_auth,ff0000ff,${QR_PROOF}`, AT)).toEqual(OK);
    expect(web(q, 'GET /is_login.cgi', AT, { cookie: null }).body).toBe(
      'getCookieCallback({"auth":"ff0000ff","code":"4813494d137e1631bba301d5"});',
    );
    expect(web(q, 'GET /is_login.cgi', AT, { cookie: null }).body).toBe('');
  });
});

const asked = (machine: ReturnType<typeof device>, name: string): string =>
  Buffer.concat(
    (
      machine.cgminer?.receive(Buffer.from(JSON.stringify({ command: name })), { address: '10.0.0.9' }, AT).chunks ?? []
    ).map(({ bytes }) => bytes),
  )
    .toString()
    .replace(/\0$/, '');
