import { sha256Hex } from '@headframe/wire/http';
import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';
import { done, failed, info, leadingInt, type OpcodeEntry, takes } from './sim-opcode.ts';
import { WALLPAPER_DIGITS } from './sim-wallpaper.ts';
import { cookieCode, QR_SIGN } from './sim-web-login.ts';

/*
 * What makes a home machine one for a home: lamps, display, sound, clock, Wi-Fi, the factory's own switches
 * (`protocols.md` 4; texts of Canaan's published source of the Nano 3S).
 */

/** `LED_COLORCYCLE`: the last of the effects. */
const LAST_EFFECT = 4;
/** Numbers of `facopts`. */
const FACOPTS = { prod: 101, model: 105, query: 255 };
const LONGEST_FACOPTS = 256;
const SERIAL = /^(\d+),([0-9A-Za-z_-]{1,32})$/;

export const HOUSE_OPCODES: Readonly<Record<string, OpcodeEntry>> = {
  lcd: takes((machine, _now, setting) => {
    const [, id = '', value = ''] = /^(\d{1,5}):(\d{1,5})/.exec(setting) ?? [];
    if (id === '') return failed('No value passed to lcd');
    const field = ASSUMED.lcdIds[Number(id)];
    if (field !== undefined) machine.kept.lcd[field] = Number(value);
    return info(`success lcd:id[${id}] val[${value}] len=4`);
  }),
  // The first Nano asks and answers with `led`.
  led: takes((machine, _now, setting) =>
    setting === 'get' ? info(`led[${machine.kept.ledDay.join('-')}]`) : failed('led unknown argument'),
  ),
  ledmode: takes((machine, _now, setting) => {
    const mode = leadingInt(setting);
    if (mode !== 0 && mode !== 1) return failed('Input param error.');
    machine.kept.ledMode = mode;
    return info(`success set:${mode}`);
  }),
  ledset: takes((machine, _now, setting) => {
    if (machine.kept.ledMode !== 0) return info('not in (day)mode now');
    const values = /^\d+(?:-\d+){5}/.exec(setting)?.[0].split('-').map(Number);
    if (values === undefined || (values[0] ?? 0) > LAST_EFFECT) return failed('led parameter wrong');
    machine.kept.ledDay = values.map((value, i) => (i < 3 ? value : value & 0xff));
    return info('led set ok');
  }),
  nightlamp: takes((machine, _now, setting) => {
    if (machine.kept.ledMode !== 1) return failed('not in (dark)mode now');
    const [, on, minutes] = /^([01])-(\d{1,5})/.exec(setting) ?? [];
    if (on === undefined || minutes === undefined) return failed('Input param error.');
    machine.kept.nightLamp = [Number(on), Number(minutes)];
    return info(`success set:${on} ${minutes}`);
  }),
  wallpaper: takes((machine, _now, setting) => {
    if (machine.kept.lcd.on === 0) return failed('lcd is off and the settings do not take effect');
    const comma = setting.indexOf(',');
    if (comma < 0) return failed('input param error');
    const [format, data] = [setting.slice(0, comma), setting.slice(comma + 1)];
    if (data.length > WALLPAPER_DIGITS) return failed(`input param len greater than ${WALLPAPER_DIGITS}`);
    if (!['png', 'gif', 'none'].includes(format)) return failed('Input param cmd error.');
    const result = format === 'none' ? machine.wallpaper.clear() : machine.wallpaper.receive(format, data);
    return result === 0 ? info(`wallpaper recv ok ${data.length}`) : failed(`wallpaper recv failed ${result}`);
  }),
  audio: takes((machine, _now, setting) => {
    if (setting === 'get') return info(`audio ${machine.kept.audio}`);
    const value = flag(setting);
    if (value === null) return failed('audio unknown argument');
    machine.kept.audio = value;
    return done;
  }),
  wifi: takes((machine, _now, setting) => {
    if (setting === 'get') return info(`wifi ${machine.kept.ssid}`);
    const [what, ssid = '', password = ''] = setting.split(',');
    if (what !== 'set' || !/^[^[\]]{1,32}$/.test(ssid) || password.length < 8) return failed('wifi unknown argument');
    machine.kept.ssid = ssid;
    return done;
  }),
  'solo-allowed': takes((machine, _now, setting) => {
    const value = flag(setting);
    if (value === null) return failed('solo-allowed unknown argument');
    machine.kept.soloAllowed = value;
    return done;
  }),
  time: takes((machine, now, setting) => {
    const text = setTime(machine, now, setting);
    return text === null ? info('time unknown argument') : info(text);
  }),
  activate: takes((machine, _now, setting) => {
    if (setting.toLowerCase() !== sha256Hex(machine.dna).slice(0, ASSUMED.activationDigits)) {
      return failed('set activation param error');
    }
    machine.kept.activation = 1;
    return done;
  }),
  faclock: takes((machine, _now, setting) => {
    const { locked } = machine.kept;
    const said = (now: boolean) => `Lock: ${now ? 'True' : 'False'}`;
    if (setting.toLowerCase() === 'lock') {
      if (locked) return done;
      machine.kept.locked = true;
      return info(said(true));
    }
    if (setting.toLowerCase() !== crc32(machine.dna)) return failed(said(locked));
    if (!locked) return info('FAIL: already unlocked');
    machine.kept.locked = false;
    return info(said(false));
  }),
  facopts: takes((machine, _now, setting) => {
    if (setting.length >= LONGEST_FACOPTS) {
      return failed(`option is longer than ${LONGEST_FACOPTS}: ${setting.length}`);
    }
    const [, number = '', value] = /^(\d+)(?:,(.+))?$/.exec(setting) ?? [];
    const { kept } = machine;
    if (Number(number) === FACOPTS.query && value === undefined) {
      return info(`FACOPTS_LK[${kept.locked ? 1 : -1}] WORKMODE[${machine.mode.value}]`);
    }
    if (kept.locked) return failed('Please unlock before setting facopts');
    if (value === undefined) return failed('Bad facopts');
    if (Number(number) === FACOPTS.prod) {
      kept.prod = value;
      return info(`Update product ID: ${value}`);
    }
    if (Number(number) !== FACOPTS.model) return failed('Bad facopts');
    kept.model = value;
    return info(`Update Model ID: ${value}`);
  }),
  'hash-sn-read': takes((machine, _now, setting) => {
    const board = leadingInt(setting);
    const serial = board === null ? undefined : machine.kept.serials[board];
    if (serial === undefined) return failed('hash sn read input arguments format error!');
    return info(`Hash-${board} SN:${serial}`);
  }),
  'hash-sn-write': takes((machine, _now, setting) => {
    const [, board = '', serial = ''] = SERIAL.exec(setting) ?? [];
    if (board === '' || Number(board) >= machine.plan.boards) {
      return failed('hash sn write input arguments format error!');
    }
    machine.kept.serials[Number(board)] = serial;
    return info(`Hash-${board} SN:${serial}`);
  }),
  qr_auth: takes((machine, _now, setting) => {
    const [random = '', verify = ''] = setting.split(',');
    if (verify === '') return failed('param invalid!');
    if (random !== cookieCode(machine).salt) return failed('auth error 01!');
    const proof = sha256Hex(cookieCode(machine).dna + machine.kept.passwordHash.slice(0, 24)).slice(0, 24);
    if (verify !== QR_SIGN + proof) return failed('passwd error 02!');
    machine.qrGranted = true;
    return done;
  }),
};

/** `0`, `1`, and the same behind `set,`. */
function flag(setting: string): number | null {
  const [, value] = /^(?:set,)?([01])$/.exec(setting) ?? [];
  return value === undefined ? null : Number(value);
}

/** `get`, or `set,t:epoch,zone`: zone and clock. Null: neither. */
export function setTime(machine: AvalonMachine, now: number, setting: string): string | null {
  if (setting === 'get') return `time t:${machine.kept.timeZone}`;
  const [, epoch, zone] = /^set,t:(\d{1,10}),([!-~]{1,63})$/.exec(setting) ?? [];
  if (epoch === undefined || zone === undefined) return null;
  machine.kept.timeZone = zone;
  machine.kept.clockAheadMs = Number(epoch) * 1000 - now;
  return `time t:${epoch} ${zone}`;
}

/** CRC-32 of a text, eight digits: the key that unlocks a machine, of its DNA. */
function crc32(text: string): string {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
