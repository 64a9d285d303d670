import type { ApiReply } from '@headframe/wire/cgminer-server';
import { ASSUMED } from './sim-assumed.ts';
import type { AvalonMachine } from './sim-machine.ts';
import { asks, done, failed, info, isIpv4, leadingInt, type OpcodeEntry, takes } from './sim-opcode.ts';
import { setPool } from './sim-pool-setting.ts';
import { bootBy } from './sim-record-parts.ts';
import { readSupply, supplyVector } from './sim-sensors.ts';

/*
 * The opcodes of the A-series from the A10 on (`protocols.md` 4; texts of Canaan's A10 manual).
 */

export const FARM_OPCODES: Readonly<Record<string, OpcodeEntry>> = {
  led: takes((machine, _now, setting) => {
    const [, state] = /^[01]-(\d+)$/.exec(setting) ?? [];
    if (state === undefined) return failed('led unknown argument');
    if (state === '255') return info(`LED[${machine.led}]`);
    if (state !== '0' && state !== '1') return failed('led unknown argument');
    machine.led = Number(state);
    return done;
  }),
  workmode: takes((machine, now, setting) => {
    const mode = leadingInt(setting);
    if (mode === 255) return info(`WORKMODE[${machine.kept.mode}]`);
    if (mode === null || !machine.hasMode(mode)) return failed('workmode unknown argument');
    machine.setMode(now, mode);
    return info(`WORKMODE[${mode}]`);
  }),
  // The A10 has one place for a pool, the A12 three.
  setpool: takes((machine, _now, setting) => {
    const result = setPool(machine, setting, machine.plan.record !== 'a10');
    return result.ok ? info(result.text) : failed(result.text);
  }),
  ip: takes((machine, _now, setting) => {
    const [how = '', ...rest] = setting.split(',');
    const { network } = machine.kept;
    if (['d', 'dhcp'].includes(how) && rest.length === 0) {
      machine.kept.network = { ...network, fixed: null };
      return done;
    }
    const [address = '', mask = '', gateway = ''] = rest;
    if (!['s', 'static'].includes(how) || rest.length !== 3 || ![address, mask, gateway].every(isIpv4)) {
      return failed('ip unknown argument');
    }
    machine.kept.network = { ...network, fixed: { address, mask, gateway } };
    return info(`IP[S ${address} ${mask} ${gateway}]`);
  }),
  dns: takes((machine, _now, setting) => {
    const [first = '', second = '', ...rest] = setting.split(',');
    if (!isIpv4(first) || !(second === '' || isIpv4(second)) || rest.length > 0) return failed('dns unknown argument');
    machine.kept.network = { ...machine.kept.network, dns: [first, second] };
    return info(ASSUMED.dnsText(first, second));
  }),
  hashpower: asks((machine, now, setting) => {
    if (setting === null || setting === '') return info(`PS[${supplyVector(readSupply(machine, now), false)}]`);
    if (leadingInt(setting) !== 0) return failed('hashpower unknown argument');
    machine.softSwitch(now, false, Math.floor(now / 1000));
    return info('Power off hash now ...');
  }),
  bootby: asks((machine, _now, setting) => {
    if (setting === null || setting === '') return info(ASSUMED.bootByText(bootBy(machine)));
    if (leadingInt(setting) !== 0) return failed('bootby unknown argument');
    machine.bootBy = 0;
    return done;
  }),
  restore: asks((machine, now) => {
    machine.restore(now);
    return info(ASSUMED.restoreText);
  }),
  upgrade: takes((machine, _now, setting) => upgrade(machine, setting)),
};

/** One page of firmware. The next boot starts what is complete. */
function upgrade(machine: AvalonMachine, hex: string): ApiReply {
  const result = machine.firmware.receive(hex);
  if (result.kind === 'refused') return failed(result.reason);
  if (result.kind === 'complete') {
    // `19101244_fe411a8_71edeca`: as many numbers behind the version as the build before has.
    const parts = machine.plan.build.split('_').length - 1;
    machine.kept.build = [result.version, ...result.sums.slice(0, parts)].join('_');
  }
  return done;
}
