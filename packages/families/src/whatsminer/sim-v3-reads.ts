import { ASSUMED } from './sim-assumed.ts';
import { customRecord, intIn } from './sim-checks.ts';
import { complaintsOf } from './sim-faults.ts';
import { fixed, isObject, type Json, type JsonRecord } from './sim-json.ts';
import { factoryGhs, powerLimitW, psuFanRpm } from './sim-records.ts';
import type { MinerRun } from './sim-run.ts';
import type { WhatsminerUnit } from './sim-unit.ts';
import { failed, type V3Answer } from './sim-v3-answer.ts';

/*
 * What can be asked on port 4433 (protocols.md 3.6). Keys of get.device.info are those of a published reply of an M60S
 * with API 3.0.2, all others those of the vendor's pages of 3.0.3. Rates are in TH/s.
 */

type Read = (unit: WhatsminerUnit, param: unknown, now: number) => V3Answer;

const tell = (msg: Json): V3Answer => ({ code: 0, msg });
const th = (hs: number) => fixed(hs / 1e12, 3);
const degrees = (c: number) => fixed(c, 1);

function runningRun(unit: WhatsminerUnit, now: number): MinerRun | null {
  return unit.run !== null && now >= unit.run.plan.startedAt ? unit.run : null;
}

// get.device.info

function minerInfo(unit: WhatsminerUnit): JsonRecord {
  const { plan, settings, run } = unit;
  const slots = Array.from({ length: plan.boards }, (_, board) => board);
  const found = (board: number): boolean => run === null || run.boards.includes(board);
  const ghs = (board: number): number =>
    found(board) ? Math.round((factoryGhs(unit) / plan.boards) * (0.94 + (unit.key('detect', board) % 120) / 1000)) : 0;
  return {
    working: String(run !== null && run.offSince === null),
    type: plan.minerType,
    'hash-board': plan.boardCode,
    'detect-hash-rate': slots.map(ghs).join(':'),
    ...(unit.isOn('v3-long-info') && { cointype: settings.coinType, heatmode: settings.heatMode }),
    'pool-strategy': 'FAILOVER',
    'hash-percent': String(settings.targetFreq),
    ...Object.fromEntries(slots.map((board) => [`chipdata${board}`, found(board) ? plan.chipData : ''])),
    'fast-boot': settings.fastBoot ? 'enable' : 'disable',
    'board-num': String(plan.boards),
    ...Object.fromEntries(slots.map((board) => [`pcbsn${board}`, found(board) ? unit.boardSn(board) : ''])),
    'miner-sn': unit.minerSn,
    ...(unit.isOn('v3-long-info') && {
      'power-limit-set': settings.powerLimitW === null ? '' : String(settings.powerLimitW),
      'web-pool': settings.webPools ? 1 : 0,
    }),
  };
}

function powerInfo(unit: WhatsminerUnit, now: number): JsonRecord {
  const { psu } = unit.plan;
  const watts = runningRun(unit, now)?.session.powerW(now) ?? 12;
  const volts = 224 + (unit.key('mains') % 160) / 10;
  return {
    type: psu.name,
    hwversion: psu.hw,
    swversion: psu.sw,
    model: psu.model,
    // In A and V here, not in the mA and steps of 10 mV of port 4028.
    ...(unit.isOn('v3-long-info') && {
      mode: '1',
      iin: fixed(watts / volts, 1),
      vin: fixed(volts, 1),
      vout: 1209,
      pin: Math.round(watts),
      temp0: degrees(30 + watts / 900),
    }),
    fanspeed: psuFanRpm(unit, unit.run),
    sn: unit.powerSn,
    vendor: '1',
  };
}

function deviceInfo(unit: WhatsminerUnit, param: unknown, now: number): V3Answer {
  const { network, hostname } = unit.active;
  const errors = complaintsOf(unit, now).map(({ code, reason, at }) => ({
    [String(code)]: unit.localTime(at),
    reason,
  }));
  const all: JsonRecord = {
    network: {
      ip: network.ip,
      proto: network.proto,
      netmask: network.netmask,
      dns: network.dns,
      mac: unit.mac,
      gateway: network.gateway,
      hostname,
    },
    miner: minerInfo(unit),
    system: {
      api: unit.plan.v3 ?? '',
      platform: unit.plan.platform,
      fwversion: unit.firmware,
      'control-board-version': unit.plan.controlBoard,
      apiswitch: unit.writesOn ? '1' : '0',
      ledstatus: unit.led === 'auto' ? 'auto' : ASSUMED.ledByHand,
    },
    power: powerInfo(unit, now),
    ...(!unit.isOn('missing-salt') && { salt: unit.accounts.salt }),
    // Not there when all is well, but when it is asked for.
    ...((errors.length > 0 || param === 'error-code') && { 'error-code': errors }),
  };
  if (param === undefined || param === null) return tell(all);
  if (typeof param !== 'string' || !SECTIONS.includes(param)) return failed(-1);
  return tell(Object.hasOwn(all, param) ? { [param]: all[param] ?? null } : {});
}

const SECTIONS: readonly string[] = ['salt', 'network', 'miner', 'system', 'power', 'error-code'];

// get.miner.status

function summary(unit: WhatsminerUnit, run: MinerRun, now: number): JsonRecord {
  const { session } = run;
  const chips = run.boards.map((board) => run.chips(now, board));
  const watts = session.powerW(now);
  const ths = run.rateHs(now, 300) / 1e12;
  return {
    elapsed: run.elapsedS(now),
    'bootup-time': unit.uptimeS(now),
    'freq-avg': run.averageMhz(now),
    'target-freq': Math.round(unit.plan.mhz * run.factor),
    'factory-hash': th(factoryGhs(unit) * 1e9),
    'hash-average': th(session.averageHs(now)),
    'hash-1min': th(run.rateHs(now, 60)),
    'hash-15min': th(run.rateHs(now, 900)),
    'hash-realtime': th(run.rateHs(now, 30)),
    'power-rate': fixed(ths > 0 ? watts / ths : 0, 3),
    'power-5min': fixed(watts, 3),
    'power-realtime': Math.round(watts),
    'environment-temperature': degrees(session.ambientC(now)),
    'board-temperature': run.boards.map((board) => degrees(session.boardC(now, board))),
    'chip-temp-min': degrees(Math.min(...chips.map(({ min }) => min))),
    'chip-temp-avg': degrees(chips.reduce((sum, { average }) => sum + average, 0) / Math.max(1, chips.length)),
    'chip-temp-max': degrees(Math.max(...chips.map(({ max }) => max))),
    'power-limit': powerLimitW(unit),
    'up-freq-finish': run.isTuned(now) ? 1 : 0,
    'fan-speed-in': run.fanRpm(now, 0, unit.settings.poweroffCool),
    'fan-speed-out': run.fanRpm(now, 1, unit.settings.poweroffCool),
  };
}

const pools = (unit: WhatsminerUnit, run: MinerRun, now: number): Json =>
  run.pools.map((pool, place) => {
    const { accepted, rejected, stale } = run.session.shares(now, { pool: pool.id });
    const last = run.session.lastShareAt(now, { pool: pool.id });
    const all = accepted + rejected + stale;
    return {
      id: place + 1,
      url: pool.url,
      status: run.session.poolAlive(now, pool.id) ? 'alive' : 'dead',
      account: pool.user,
      'stratum-active': run.offSince === null && run.session.currentPool(now) === pool.id,
      'reject-rate': fixed(all > 0 ? (100 * rejected) / all : 0, 3),
      'last-share-time': last === null ? 0 : Math.floor(unit.clock(last) / 1000),
    };
  });

const edevs = (unit: WhatsminerUnit, run: MinerRun, now: number): Json =>
  run.boards.map((board) => {
    const { min, average, max } = run.chips(now, board);
    return {
      id: board,
      slot: board,
      'hash-average': th(run.session.averageHs(now, board)),
      'factory-hash': th((factoryGhs(unit) * 1e9) / unit.plan.boards),
      freq: run.mhz(now, board),
      'effective-chips': unit.plan.chips,
      'chip-temp-min': degrees(min),
      'chip-temp-avg': degrees(average),
      'chip-temp-max': degrees(max),
    };
  });

const PARTS: Readonly<Record<string, (unit: WhatsminerUnit, run: MinerRun, now: number) => Json>> = {
  summary,
  pools,
  edevs,
};

const minerStatus: Read = (unit, param, now) => {
  // Nothing without a param (protocols.md 3.6).
  if (param === undefined || param === null) return tell({});
  if (typeof param !== 'string') return failed(-3);
  const names = [...new Set(param.split('+'))];
  if (!names.every((name) => Object.hasOwn(PARTS, name))) return failed(-1);
  const run = runningRun(unit, now);
  if (run === null) return failed(-1);
  return tell(Object.fromEntries(names.map((name) => [name, PARTS[name]?.(unit, run, now) ?? null])));
};

// The rest

const DAY_S = 86_400;

/** `Data` is one text of lines parted by blanks; a line begins with its time (3p), what follows is assumed: TH/s, W. */
const history: Read = (unit, param, now) => {
  if (!isObject(param)) return failed(-3);
  const [begin, end] = [intIn(param.begin ?? param.start), intIn(param.end ?? param.stop)];
  if (begin === null || end === null) return failed(-3);
  if (end < begin || end - begin > DAY_S) return failed(-1);
  const run = runningRun(unit, now);
  if (run === null) return tell({ Data: '' });
  const lines: string[] = [];
  const step = ASSUMED.historyStepS;
  const shift = unit.clockS(now) * 1000 - Math.floor(now / 1000) * 1000;
  for (let s = Math.ceil(begin / step) * step; s <= end; s += step) {
    const at = s * 1000 - shift;
    if (at < run.plan.startedAt || at > now) continue;
    lines.push(`${s},${th(run.rateHs(at, step)).text},${Math.round(run.session.powerW(at))}`);
  }
  return tell({ Data: lines.join(' ') });
};

/** Keys as a public client's tests have them (3p): the vendor's pages show no reply. */
const minerSetting: Read = (unit) => {
  const { settings } = unit;
  return tell({
    'power-mode': settings.powerMode,
    'power-limit': powerLimitW(unit),
    'upfreq-speed': settings.upfreqSpeed,
    'target-freq': settings.targetFreq,
    power: settings.powerW ?? 0,
    'power-percent': Math.round(unit.run?.percent ?? 100),
    'fast-hash': settings.fastHash ? 'enable' : 'disable',
  });
};

const systemSetting: Read = (unit) => {
  const { settings, active } = unit;
  return tell({
    'web-pool': settings.webPools ? 1 : 0,
    timezone: active.zone.timezone,
    zonename: active.zone.zonename,
    hostname: active.hostname,
    'log-upload': settings.logServer ?? { ip: '', port: '', proto: '' },
    'time-randomized': settings.randomized,
    'ntp-server': settings.ntpServers,
  });
};

export const V3_READS: Readonly<Record<string, Read>> = {
  'get.device.custom_data': (unit) => tell(customRecord(unit)),
  'get.device.info': deviceInfo,
  'get.fan.setting': ({ settings }) =>
    tell({
      'fan-poweroff-cool': settings.poweroffCool ? 1 : 0,
      'fan-zero-speed': settings.fanZeroSpeed ? 1 : 0,
      'fan-temp-offset': settings.tempOffset,
    }),
  'get.log.download': () => ({ code: 0, msg: '', follows: 'log' }),
  'get.miner.history': history,
  'get.miner.setting': minerSetting,
  'get.miner.status': minerStatus,
  'get.system.setting': systemSetting,
};
