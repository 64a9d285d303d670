import { customRecord, intIn, isAddress, isCustom, isLedPattern, logServerIn, textIn } from './sim-checks.ts';
import type { WhatsminerUnit } from './sim-unit.ts';
import { bad, done, outOfRange, simple, type V2Write, type WriteCommand } from './sim-v2-write.ts';

/*
 * Write commands of 4028 that change the machine around the mining (protocols.md 3.3).
 */

const setLed: WriteCommand = (unit, args) => {
  if (args.param === 'auto') {
    unit.led = 'auto';
    return done;
  }
  const [period, duration, start] = [intIn(args.period), intIn(args.duration), intIn(args.start)];
  if (textIn(args.color) === null || period === null || duration === null || start === null) return bad;
  if (!isLedPattern(args.color, period, duration, start)) return outOfRange;
  unit.led = 'manual';
  return done;
};

/** Letters, digits and underline, at most 8 bytes (protocols.md 3.3). */
const PASSWORD = /^[A-Za-z0-9_]{1,8}$/;

const updatePassword: WriteCommand = (unit, args, now) => {
  const [old, next] = [textIn(args.old), textIn(args.new)];
  if (old === null || next === null) return bad;
  if (!unit.tokens.isPassword(old) || !PASSWORD.test(next)) return outOfRange;
  unit.note(now, 'password changed');
  unit.tokens.setPassword(next);
  return done;
};

const netConfig: WriteCommand = (unit, args, now) => {
  if (args.param === 'dhcp') {
    unit.set({ network: { ...unit.settings.network, proto: 'dhcp' } });
    return goes(unit, now);
  }
  const [ip, netmask, gateway, dns] = ['ip', 'mask', 'gate', 'dns'].map((name) => textIn(args[name]));
  const hostname = args.host === undefined ? unit.settings.hostname : textIn(args.host);
  if (ip == null || netmask == null || gateway == null || dns == null || hostname === null) return bad;
  if (![ip, netmask, gateway, ...dns.split(' ')].every(isAddress)) return outOfRange;
  unit.set({ network: { proto: 'static', ip, netmask, gateway, dns }, hostname });
  return goes(unit, now);
};

/** The machine is gone before it could answer, unless this build answers first. */
function goes(unit: WhatsminerUnit, now: number): V2Write {
  unit.reboot(now);
  return going(unit);
}

const going = (unit: WhatsminerUnit): V2Write => (unit.isOn('reboot-replies') ? done : { ...done, follows: 'gone' });

const setHostname: WriteCommand = (unit, args) => {
  const hostname = textIn(args.hostname);
  if (hostname === null || hostname === '') return bad;
  unit.set({ hostname });
  return done;
};

const setZone: WriteCommand = (unit, args) => {
  const [timezone, zonename] = [textIn(args.timezone), textIn(args.zonename)];
  if (timezone === null || zonename === null) return bad;
  unit.set({ zone: { timezone, zonename } });
  return done;
};

const loadLog: WriteCommand = (unit, args) => {
  if (textIn(args.ip) === null || intIn(args.port) === null || textIn(args.proto) === null) return bad;
  const logServer = logServerIn(args);
  if (logServer === null) return outOfRange;
  unit.set({ logServer });
  return done;
};

const setCustom: WriteCommand = (unit, args) => {
  const [key, value] = [textIn(args.key), textIn(args.val)];
  if (key === null || value === null) return bad;
  if (!isCustom(key, value)) return outOfRange;
  unit.set({ custom: { ...unit.settings.custom, [key]: value } });
  return done;
};

export const SYSTEM_WRITES: Readonly<Record<string, WriteCommand>> = {
  set_led: setLed,
  update_firmware: () => ({ reply: { kind: 'message', code: 131, msg: 'ready' }, follows: 'upload' }),
  reboot: (unit, _args, now) => goes(unit, now),
  factory_reset: (unit, _args, now) => {
    unit.factoryReset(now);
    return going(unit);
  },
  update_pwd: updatePassword,
  net_config: netConfig,
  download_logs: () => ({ ...done, follows: 'log' }),
  enable_web_pools: simple((unit) => unit.set({ webPools: true })),
  disable_web_pools: simple((unit) => unit.set({ webPools: false })),
  set_hostname: setHostname,
  set_zone: setZone,
  load_log: loadLog,
  set_customer_msg: setCustom,
  // The reply is not known: that of its twin on 4433 (protocols.md 3.3, 3.6).
  get_customer_msg: (unit) => ({ reply: { kind: 'message', code: 131, msg: customRecord(unit) } }),
};
