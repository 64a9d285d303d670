import { utf8 } from '@headframe/wire/cgminer-server';
import { ASSUMED } from './sim-assumed.ts';
import { areIpv4, factoryConfig, isHostname, isIpv4, type MinerConfig, POOL_SLOTS } from './sim-config.ts';
import { printed } from './sim-documents.ts';
import { type Printed, rebooting, type Script, type Scripts } from './sim-page.ts';
import { sleepMode } from './sim-run.ts';
import type { AntminerUnit } from './sim-unit.ts';
import { firmwareOf, uploadedFile } from './sim-upgrade.ts';

/* The pages of the newer web page that change something (protocols.md 2.3). Every answer is 200 with a code inside. */

const taken = (code: string): string => printed({ stats: 'success', code, msg: 'OK!' });
const refused = (code: string, msg = 'error'): string => printed({ stats: 'error', code, msg });

type Body = Readonly<Record<string, unknown>>;

/** The object in a body; null when there is none. */
function jsonBody(bytes: Uint8Array): Body | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : null;
  } catch {
    // Whatever is wrong with it, the page has one code for it.
    return null;
  }
}

/** A text that is kept; null when it is none, or too long. */
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= ASSUMED.mostCharacters ? value : null;

/** A whole number, written as a number or as text; null when it is neither, or out of range. */
function wholeOf(value: unknown, [least, most]: readonly [number, number]): string | null {
  const written = typeof value === 'number' ? String(value) : value;
  if (typeof written !== 'string' || !/^[0-9]{1,5}$/.test(written)) return null;
  const number = Number(written);
  return number >= least && number <= most ? String(number) : null;
}

const booleanOf = (value: unknown): boolean | null =>
  value === true || value === 'true' ? true : value === false || value === 'false' ? false : null;

// set_miner_conf.cgi

function poolsOf(value: unknown): MinerConfig['pools'] | null {
  if (!Array.isArray(value)) return null;
  const pools = [];
  for (const item of value.slice(0, POOL_SLOTS) as unknown[]) {
    if (typeof item !== 'object' || item === null) return null;
    const { url, user, pass } = item as Body;
    const [ownUrl, ownUser, ownPass] = [url, user, pass].map(textOf);
    if (typeof ownUrl !== 'string' || typeof ownUser !== 'string' || typeof ownPass !== 'string') return null;
    pools.push({ url: utf8(ownUrl), user: utf8(ownUser), pass: utf8(ownPass) });
  }
  return pools;
}

/** What the body makes of the configuration, or the code that refuses it. Keys that it leaves out fall back (assumed). */
function configOf(unit: AntminerUnit, bytes: Uint8Array): MinerConfig | string {
  const body = jsonBody(bytes);
  if (body === null) return ASSUMED.configUnreadable;
  const pools = poolsOf(body.pools);
  if (pools === null) return ASSUMED.configWithoutPools;
  const factory = factoryConfig(unit.model);
  const fanCtrl = booleanOf(body['bitmain-fan-ctrl'] ?? factory.fanCtrl);
  const fanPwm = wholeOf(body['bitmain-fan-pwm'] ?? factory.fanPwm, [0, 100]);
  const freqLevel = wholeOf(body['freq-level'] ?? factory.freqLevel, ASSUMED.freqLevel);
  const workMode = wholeOf(body['miner-mode'] ?? factory.workMode, [0, 254]);
  if (fanCtrl === null || fanPwm === null || freqLevel === null || workMode === null) return ASSUMED.configValue;
  const modes = unit.model.modes.map(({ value, level }) => (level === 0 ? sleepMode(unit.isOn) : value));
  if (!modes.includes(Number(workMode))) return ASSUMED.configValue;
  return { ...unit.config, pools, fanCtrl, fanPwm, freqLevel, workMode };
}

const setMinerConf: Script = ({ unit }, request, now): string | Printed => {
  const config = configOf(unit, request.method === 'POST' ? request.body : new Uint8Array());
  if (typeof config === 'string') return refused(config);
  unit.configure(now, config);
  const afterMs = unit.isOn('slow-config') ? 30_000 : ASSUMED.newConfigMs;
  return unit.isOn('drop-on-config') ? { body: '', afterMs, end: 'reset' } : { body: taken('M000'), afterMs };
};

// set_network_conf.cgi

const setNetworkConf: Script = ({ unit }, request) => {
  const body = request.method === 'POST' ? jsonBody(request.body) : null;
  const protocol = body === null ? null : wholeOf(body.ipPro, [1, 2]);
  if (body === null || protocol === null) return refused(ASSUMED.networkUnreadable);
  const hostname = textOf(body.ipHost) ?? '';
  if (!isHostname(hostname)) return refused(ASSUMED.networkHost);
  if (protocol === '1') {
    unit.network = {
      ...unit.network,
      nettype: 'DHCP',
      hostname,
      ipaddress: '',
      netmask: '',
      gateway: '',
      dnsservers: '',
    };
    return taken('N000');
  }
  const [ipaddress, netmask, gateway, dnsservers] = ['ipAddress', 'ipSub', 'ipGateway', 'ipDns'].map(
    (key) => textOf(body[key]) ?? '',
  ) as [string, string, string, string];
  if (![ipaddress, netmask, gateway].every(isIpv4) || (dnsservers !== '' && !areIpv4(dnsservers)))
    return refused(ASSUMED.networkAddress);
  unit.network = { nettype: 'Static', hostname, ipaddress, netmask, gateway, dnsservers };
  return taken('N000');
};

// The others

/** `{"blink":true}` or `"true"`; everything else switches it off. */
const blink: Script = ({ unit }, request) => {
  unit.isBlinking = request.method === 'POST' && booleanOf(jsonBody(request.body)?.blink) === true;
  return printed({ code: unit.isBlinking ? 'B000' : 'B100' });
};

const reboot: Script = ({ unit }, request, now) => {
  if (request.method === 'GET' && unit.isOn('get-reboot-does-nothing')) return '';
  unit.reboot(now);
  return rebooting(unit);
};

const resetConf: Script = ({ unit }, _, now) => {
  unit.reboot(now, { wipes: true });
  return rebooting(unit);
};

const passwd: Script = ({ unit }, request) => {
  const body = request.method === 'POST' ? jsonBody(request.body) : null;
  const [current, wanted, again] = ['curPwd', 'newPwd', 'confirmPwd'].map((key) => textOf(body?.[key]));
  if (current === null || !wanted || again === null) return refused(ASSUMED.passwordBad);
  if (unit.password !== null && current !== unit.password) return refused(ASSUMED.passwordWrong);
  if (wanted !== again) return refused(ASSUMED.passwordsDiffer);
  if (unit.password !== null) unit.password = wanted;
  return taken('P000');
};

const upgrade =
  (wipes: boolean): Script =>
  ({ unit }, request, now): string | Printed => {
    const file = request.method === 'POST' ? uploadedFile(request.body, request.headers['content-type'] ?? '') : null;
    if (file === null) return refused('U006');
    const firmware = firmwareOf(file, unit.model, unit.firmware);
    if (typeof firmware === 'string') return { body: refused('U001', firmware), afterMs: ASSUMED.flashMs };
    unit.rebootAt(now + ASSUMED.flashMs + ASSUMED.rebootAfterFlashMs, { wipes, firmware });
    return { body: taken('U000'), afterMs: ASSUMED.flashMs };
  };

export const NEW_WRITES: Scripts = {
  set_miner_conf: setMinerConf,
  set_network_conf: setNetworkConf,
  blink,
  reboot,
  reset_conf: resetConf,
  passwd,
  upgrade: upgrade(false),
  upgrade_clear: upgrade(true),
};
