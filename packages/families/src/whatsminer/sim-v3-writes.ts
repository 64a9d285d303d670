import { SUPER, USERS } from './sim-accounts.ts';
import { ASSUMED } from './sim-assumed.ts';
import { intIn, isAddress, isCustom, isLedPattern, logServerIn, textIn } from './sim-checks.ts';
import { isObject } from './sim-json.ts';
import { factorySettings, type PoolSetting, type WhatsminerSettings } from './sim-settings.ts';
import type { WhatsminerUnit } from './sim-unit.ts';
import { failed, ok, type V3Answer } from './sim-v3-answer.ts';

/*
 * What can be told on port 4433 (protocols.md 3.6; the form of a `param` where that leaves it open: the vendor's pages
 * of API 3.0.3).
 */

export type V3Write = (unit: WhatsminerUnit, param: unknown, now: number, account: string) => V3Answer;

/** These carry their param sealed. */
export const SEALED: ReadonlySet<string> = new Set(['set.miner.pools', 'set.user.change_passwd']);

const simple =
  (does: (unit: WhatsminerUnit, now: number) => void): V3Write =>
  (unit, _param, now) => {
    does(unit, now);
    return ok;
  };

function ranged(
  least: number,
  most: number,
  does: (unit: WhatsminerUnit, value: number, now: number) => void,
): V3Write {
  return (unit, param, now) => {
    const value = intIn(param);
    if (value === null) return failed(-3);
    if (value < least || value > most) return failed(-1);
    does(unit, value, now);
    return ok;
  };
}

/** One word of a list, each with what it does. */
function words(does: Readonly<Record<string, (unit: WhatsminerUnit, now: number) => void>>): V3Write {
  return (unit, param, now) => {
    if (typeof param !== 'string') return failed(-3);
    const chosen = Object.hasOwn(does, param) ? does[param] : undefined;
    if (chosen === undefined) return failed(-1);
    chosen(unit, now);
    return ok;
  };
}

const only =
  (cooling: 'air' | 'hydro', write: V3Write): V3Write =>
  (unit, param, now, account) =>
    unit.plan.cooling === cooling ? write(unit, param, now, account) : failed(-1);

const change =
  (to: Partial<WhatsminerSettings>) =>
  (unit: WhatsminerUnit): void =>
    unit.set(to);

const restartWith =
  (to: Partial<WhatsminerSettings>) =>
  (unit: WhatsminerUnit, now: number): void =>
    unit.setAndRestart(now, to);

// Mining

const MOST_POOLS = 3;

const pools: V3Write = (unit, param, now) => {
  if (!Array.isArray(param) || param.length === 0) return failed(-3);
  if (param.length > MOST_POOLS) return failed(-1);
  const next: PoolSetting[] = [];
  for (const one of param as readonly unknown[]) {
    if (!isObject(one)) return failed(-3);
    const [url, user, password] = [textIn(one.pool), textIn(one.worker), textIn(one.passwd ?? '')];
    if (url === null || url === '' || user === null || password === null) return failed(-3);
    next.push({ url, user, password });
  }
  unit.setPools(now, next);
  return ok;
};

const powerPercent: V3Write = (unit, param, now) => {
  if (!isObject(param)) return failed(-3);
  const percent = intIn(param.percent);
  if (percent === null) return failed(-3);
  if (percent < 0 || percent > 100 || (param.mode !== 'fast' && param.mode !== 'normal')) return failed(-1);
  unit.setPercent(now, percent, param.mode === 'fast' ? ASSUMED.fastPercentS : ASSUMED.gentlePercentS);
  return ok;
};

const COINS: readonly unknown[] = ['BTC', 'BCH', 'BSV', 'DCR', 'HC', 'DGB', 'SHA256'];

const coinType: V3Write = (unit, param) => {
  const coin = isObject(param) ? textIn(param.cointype) : null;
  if (coin === null) return failed(-3);
  if (!COINS.includes(coin)) return failed(-1);
  unit.set({ coinType: coin });
  return ok;
};

const MOST_REPORT_S = 285;

const report: V3Write = (_unit, param) => {
  const gap = isObject(param) ? intIn(param.gap) : null;
  if (gap === null) return failed(-3);
  return gap < 0 || gap > MOST_REPORT_S ? failed(-1) : { ...ok, reportS: gap };
};

/** The settings of the mining alone. */
const restoreSetting = simple((unit, now) => {
  const {
    pools: _pools,
    network: _network,
    hostname: _hostname,
    zone: _zone,
    ...mining
  } = factorySettings(unit.plan, 0);
  const { logServer, custom, ntpServers, randomized, webPools } = unit.settings;
  unit.setAndRestart(now, { ...mining, logServer, custom, ntpServers, randomized, webPools });
});

// The machine around it

const led: V3Write = (unit, param) => {
  if (param === 'auto') {
    unit.led = 'auto';
    return ok;
  }
  if (!Array.isArray(param) || param.length === 0 || param.length > 8) return failed(-3);
  for (const one of param as readonly unknown[]) {
    if (!isObject(one)) return failed(-3);
    const [period, duration, start] = [intIn(one.period), intIn(one.duration), intIn(one.start)];
    if (period === null || duration === null || start === null) return failed(-3);
    if (!isLedPattern(one.color, period, duration, start)) return failed(-1);
  }
  unit.led = 'manual';
  return ok;
};

const going = (unit: WhatsminerUnit, now: number): V3Answer => {
  unit.reboot(now);
  return { ...ok, follows: 'gone' };
};

const netConfig: V3Write = (unit, param, now) => {
  if (param === 'dhcp') {
    unit.set({ network: { ...unit.settings.network, proto: 'dhcp' } });
    return going(unit, now);
  }
  if (!isObject(param)) return failed(-3);
  const [ip, netmask, gateway, dns] = [param.ip, param.netmask, param.gateway, param.dns].map(textIn);
  if (ip == null || netmask == null || gateway == null || dns == null) return failed(-3);
  if (![ip, netmask, gateway, ...dns.split(' ')].every(isAddress)) return failed(-1);
  unit.set({ network: { proto: 'static', ip, netmask, gateway, dns } });
  return going(unit, now);
};

const hostname: V3Write = (unit, param) => {
  const name = isObject(param) ? textIn(param.hostname) : null;
  if (name === null || name === '') return failed(-3);
  unit.set({ hostname: name });
  return ok;
};

const timezone: V3Write = (unit, param) => {
  const [zone, name] = isObject(param) ? [textIn(param.timezone), textIn(param.zonename)] : [null, null];
  if (zone == null || name == null) return failed(-3);
  unit.set({ zone: { timezone: zone, zonename: name } });
  return ok;
};

const MOST_RANDOM_S = 120;

const randomized: V3Write = (unit, param) => {
  const [start, stop] = isObject(param) ? [intIn(param.start), intIn(param.stop)] : [null, null];
  if (start == null || stop == null) return failed(-3);
  if (Math.min(start, stop) < 0 || Math.max(start, stop) > MOST_RANDOM_S) return failed(-1);
  unit.set({ randomized: { start, stop } });
  return ok;
};

const ntpServers: V3Write = (unit, param) => {
  const text = textIn(param);
  const list = text?.split(',').map((name) => name.trim()) ?? [];
  if (list.length === 0 || list.includes('')) return failed(-3);
  unit.set({ ntpServers: list });
  return ok;
};

const logUpload: V3Write = (unit, param) => {
  if (!isObject(param)) return failed(-3);
  const logServer = logServerIn(param);
  if (logServer === null) return failed(-1);
  unit.set({ logServer });
  return ok;
};

const customData: V3Write = (unit, param) => {
  const [key, value] = isObject(param) ? [textIn(param.key), textIn(param.value)] : [null, null];
  if (key == null || value == null) return failed(-3);
  if (!isCustom(key, value)) return failed(-1);
  unit.set({ custom: { ...unit.settings.custom, [key]: value } });
  return ok;
};

// Accounts

const PASSWORD = /^\w{1,32}$/;

/** Everybody changes the own password, `super` all of them; the old one is always asked for. */
const changePassword: V3Write = (unit, param, now, by) => {
  if (!isObject(param)) return failed(-3);
  const [account, next, old] = [textIn(param.account), textIn(param.new), textIn(param.old)];
  if (account === null || next === null || old === null) return failed(-3);
  if (by !== SUPER && by !== account) return failed(-4);
  if (!unit.accounts.isPassword(account, old) || !PASSWORD.test(next)) return failed(-1);
  unit.note(now, `password of ${account} changed`);
  unit.accounts.setPassword(account, next);
  return ok;
};

const permission: V3Write = (unit, param, _now, by) => {
  if (by !== SUPER) return failed(-4);
  const [user, allowed] = isObject(param) ? [textIn(param.user), param.permission] : [null, null];
  if (user == null || typeof allowed !== 'string' || allowed.length > 4096) return failed(-3);
  if (!USERS.includes(user)) return failed(-1);
  unit.accounts.allow(
    user,
    allowed.split(',').map((name) => name.trim()),
  );
  return ok;
};

export const V3_WRITES: Readonly<Record<string, V3Write>> = {
  'set.device.custom_data': customData,
  'set.fan.poweroff_cool': only(
    'air',
    ranged(0, 1, (unit, on) => unit.set({ poweroffCool: on === 1 })),
  ),
  'set.fan.temp_offset': only(
    'air',
    ranged(-30, 0, (unit, tempOffset) => unit.set({ tempOffset })),
  ),
  'set.fan.zero_speed': only(
    'air',
    ranged(0, 1, (unit, on) => unit.set({ fanZeroSpeed: on === 1 })),
  ),
  'set.log.upload': logUpload,
  'set.miner.cointype': coinType,
  'set.miner.fast_hash': ranged(0, 1, (unit, on) => unit.set({ fastHash: on === 1 })),
  'set.miner.fastboot': words({ enable: change({ fastBoot: true }), disable: change({ fastBoot: false }) }),
  'set.miner.heat_mode': only(
    'hydro',
    words({
      heating: restartWith({ heatMode: 'heating' }),
      normal: restartWith({ heatMode: 'normal' }),
      'anti-freezing': restartWith({ heatMode: 'anti-freezing' }),
    }),
  ),
  'set.miner.pools': pools,
  'set.miner.power': ranged(0, 99_999, (unit, watts, now) => unit.setPower(now, watts)),
  'set.miner.power_limit': ranged(0, 99_999, (unit, watts, now) =>
    unit.setAndRestart(now, { powerLimitW: watts === 0 ? null : watts }),
  ),
  'set.miner.power_mode': words({
    low: restartWith({ powerMode: 'low' }),
    normal: restartWith({ powerMode: 'normal' }),
    high: restartWith({ powerMode: 'high' }),
  }),
  'set.miner.power_percent': powerPercent,
  'set.miner.report': report,
  'set.miner.restore_setting': restoreSetting,
  'set.miner.service': words({
    restart: (unit, now) => unit.restartBtminer(now),
    start: (unit, now) => unit.powerOn(now),
    stop: (unit, now) => unit.powerOff(now),
    enable: change({ init: true }),
    disable: change({ init: false }),
  }),
  'set.miner.target_freq': ranged(-100, 100, (unit, targetFreq, now) => unit.setAndRestart(now, { targetFreq })),
  'set.miner.upfreq_speed': ranged(0, 10, (unit, upfreqSpeed) =>
    unit.set({ upfreqSpeed, ...(upfreqSpeed > 0 && { fastBoot: false }) }),
  ),
  'set.system.factory_reset': (unit, _param, now) => {
    unit.factoryReset(now);
    return { ...ok, follows: 'gone' };
  },
  'set.system.hostname': hostname,
  'set.system.led': led,
  'set.system.net_config': netConfig,
  'set.system.ntp_server': ntpServers,
  'set.system.reboot': (unit, _param, now) => going(unit, now),
  'set.system.time_randomized': randomized,
  'set.system.timezone': timezone,
  'set.system.update_firmware': () => ({ code: 0, msg: 'ready', follows: 'upload' }),
  'set.system.webpools': words({ enable: change({ webPools: true }), disable: change({ webPools: false }) }),
  'set.user.change_passwd': changePassword,
  'set.user.permission': permission,
};
