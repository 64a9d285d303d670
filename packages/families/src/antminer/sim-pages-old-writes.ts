import { ASSUMED } from './sim-assumed.ts';
import { areIpv4, factoryConfig, isHostname, isIpv4, type NetworkConfig } from './sim-config.ts';
import { decoded, positional } from './sim-form.ts';
import { type Printed, rebooting, type Script, type Scripts } from './sim-page.ts';
import { configFile } from './sim-pages-old.ts';
import type { AntminerUnit } from './sim-unit.ts';
import { firmwareOf, uploadedFile } from './sim-upgrade.ts';

/* The scripts of the older web page that change something (protocols.md 2.4). */

/** The script waits so long for the mining program. */
const CONFIG_MS = 30_000;
const NETWORK_MS = 10_000;

const MINER_FIELDS = [
  '_ant_pool1url',
  '_ant_pool1user',
  '_ant_pool1pw',
  '_ant_pool2url',
  '_ant_pool2user',
  '_ant_pool2pw',
  '_ant_pool3url',
  '_ant_pool3user',
  '_ant_pool3pw',
  '_ant_nobeeper',
  '_ant_notempoverctrl',
  '_ant_fan_customize_switch',
  '_ant_fan_customize_value',
  '_ant_freq',
  '_ant_voltage',
  '_ant_work_mode',
] as const;

const NETWORK_FIELDS = [
  '_ant_conf_nettype',
  '_ant_conf_hostname',
  '_ant_conf_ipaddress',
  '_ant_conf_netmask',
  '_ant_conf_gateway',
  '_ant_conf_dnsservers',
] as const;

/** Writes the whole file anew, its API lines as the factory has them: an address list of the owner's own is gone. */
const setMinerConf: Script = ({ unit }, request, now): string | Printed => {
  // A second one waits for the first and says nothing.
  if (now < unit.configBusyUntil) return { body: '', afterMs: unit.configBusyUntil - now };
  const form = positional(request.body, MINER_FIELDS, ASSUMED.mostCharacters);
  const slot = (n: 1 | 2 | 3) => ({
    url: form[`_ant_pool${n}url`],
    user: form[`_ant_pool${n}user`],
    pass: form[`_ant_pool${n}pw`],
  });
  const factory = factoryConfig(unit.model);
  unit.configBusyUntil = now + CONFIG_MS;
  unit.configure(now, {
    ...factory,
    pools: [slot(1), slot(2), slot(3)],
    noBeeper: form._ant_nobeeper === 'true',
    noTempOverCtrl: form._ant_notempoverctrl === 'true',
    fanCtrl: form._ant_fan_customize_switch === 'true',
    fanPwm: form._ant_fan_customize_value,
    // Nothing given: what the factory's file says.
    frequency: form._ant_freq || factory.frequency,
    voltage: form._ant_voltage || factory.voltage,
    workMode: form._ant_work_mode || factory.workMode,
  });
  return { body: 'ok\n', afterMs: CONFIG_MS };
};

/** A value that is none keeps the old one, without a word. */
function networkOf(old: NetworkConfig, form: Readonly<Record<(typeof NETWORK_FIELDS)[number], string>>): NetworkConfig {
  const wanted = form._ant_conf_nettype;
  const nettype = wanted === 'DHCP' || wanted === 'Static' ? wanted : old.nettype;
  const hostname = isHostname(form._ant_conf_hostname) ? form._ant_conf_hostname : old.hostname;
  if (nettype === 'DHCP') return { ...old, nettype, hostname };
  const address = (given: string, kept: string) => (isIpv4(given) ? given : kept);
  return {
    nettype,
    hostname,
    ipaddress: address(form._ant_conf_ipaddress, old.ipaddress),
    netmask: address(form._ant_conf_netmask, old.netmask),
    gateway: address(form._ant_conf_gateway, old.gateway),
    dnsservers: areIpv4(form._ant_conf_dnsservers) ? form._ant_conf_dnsservers : old.dnsservers,
  };
}

const setNetworkConf: Script = ({ unit }, request) => {
  unit.network = networkOf(unit.network, positional(request.body, NETWORK_FIELDS, ASSUMED.mostCharacters));
  return { body: 'ok\n', afterMs: NETWORK_MS };
};

const blink: Script = ({ unit }, request) => {
  const action = positional(request.body, ['action'], ASSUMED.mostCharacters).action;
  if (action === 'onPageLoaded') return `{"isBlinking":${unit.isBlinking}}\n`;
  if (action === 'startBlink') {
    if (unit.isBlinking) return '';
    unit.isBlinking = true;
    return '{"startBlink":true}\n';
  }
  if (action !== 'stopBlink') return '';
  unit.isBlinking = false;
  return '{"stopBlink":true}\n';
};

/** A page of HTML with a sentence of the simulator's own: nobody has recorded the real ones. */
const page = (sentence: string, afterMs?: number): Printed => ({
  html: true,
  body: `<html><head><title>Ant Miner</title></head><body><p>${sentence}</p></body></html>\n`,
  ...(afterMs !== undefined && { afterMs }),
});

/** By name here, and decoded like the forms (assumed). */
const passwd: Script = ({ unit }, request) => {
  const query = new Map<string, string>();
  for (const pair of (request.path.split('?')[1] ?? '').split('&')) {
    const [name = '', ...value] = pair.split('=');
    query.set(name, decoded(value.join('=')).slice(0, ASSUMED.mostCharacters));
  }
  const [current, wanted, again] = ['current_pw', 'new_pw', 'new_pw_ctrl'].map((name) => query.get(name) ?? '');
  if (!wanted || wanted !== again) return page('The new passwords are not the same, or there is none.');
  if (unit.password !== null && current !== unit.password) return page('The current password is wrong.');
  if (unit.password !== null) unit.password = wanted;
  return page('The password was changed.');
};

const restartWithFactoryConfig = (unit: AntminerUnit, now: number): string => {
  unit.configure(now, factoryConfig(unit.model));
  return `${configFile(unit)}ok\n`;
};

const upgrade: Script = ({ unit }, request, now) => {
  const file = uploadedFile(request.body, request.headers['content-type'] ?? '');
  if (file === null) return page('There is no file in this form.');
  const firmware = firmwareOf(file, unit.model, unit.firmware);
  if (typeof firmware === 'string') return page('This file is no firmware for this machine.', ASSUMED.flashMs);
  unit.rebootAt(now + ASSUMED.flashMs + ASSUMED.rebootAfterFlashMs, { firmware });
  return page('The firmware was written. The machine restarts.', ASSUMED.flashMs);
};

export const OLD_WRITES: Scripts = {
  set_miner_conf: setMinerConf,
  set_network_conf: setNetworkConf,
  blink,
  passwd,
  upgrade,
  reboot: ({ unit }, _, now) => {
    unit.reboot(now);
    return rebooting(unit);
  },
  reset_conf: ({ unit }, _, now) => {
    unit.reboot(now, { wipes: true });
    return rebooting(unit);
  },
  reset_miner_conf: ({ unit }, _, now) => restartWithFactoryConfig(unit, now),
  kill_bmminer: ({ unit }, _, now) => {
    unit.quit(now);
    return '';
  },
  shutdown_slowly: ({ unit }, _, now) => {
    unit.run.stopHashing(now);
    return '';
  },
};
