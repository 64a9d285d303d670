import { ASSUMED } from './sim-assumed.ts';
import { complaintsOf } from './sim-faults.ts';
import { type Json, type JsonRecord, Printed, printed } from './sim-json.ts';
import { apiNumber } from './sim-plan.ts';
import { boardRecord, detailRecord, poolRecord, psuFanRpm, summaryRecord } from './sim-records.ts';
import type { MinerRun } from './sim-run.ts';
import { timeoutText } from './sim-tokens.ts';
import type { WhatsminerUnit } from './sim-unit.ts';
import { refuse, TOO_MANY_TOKENS, type V2Reply } from './sim-v2-reply.ts';

/** A request, sealed or not, with what it carries. */
export interface V2Request {
  readonly args: Readonly<Record<string, unknown>>;
  readonly address: string;
  /** In the text form of the API the whole epoch is sent (protocols.md 3.2). */
  readonly asText?: true;
}

type Read = (unit: WhatsminerUnit, now: number, request: V2Request) => V2Reply;

const data = (msg: Json): V2Reply => ({ kind: 'message', code: 131, msg });

/** What btminer itself is asked: while it does not run there is nobody. */
function ofMiner(make: (unit: WhatsminerUnit, run: MinerRun, now: number) => Omit<RecordsReply, 'kind'>): Read {
  return (unit, now) => {
    const { run } = unit;
    if (run === null || now < run.plan.startedAt) {
      return unit.plan.dialect === 'old' ? { kind: 'text', text: ASSUMED.noBtminerText } : refuse(ASSUMED.noBtminer);
    }
    return { kind: 'records', ...make(unit, run, now) };
  };
}
type RecordsReply = Extract<V2Reply, { kind: 'records' }>;

const boards = (name: 'devs' | 'edevs'): Read =>
  ofMiner((unit, run, now) => ({
    code: 9,
    words: `${run.boards.length} ASC(s)`,
    section: 'DEVS',
    records: run.boards.map((board) => boardRecord(unit, run, now, board, name)),
  }));

/** Reads that two of may be joined. */
export const JOINABLE: Readonly<Record<string, Read>> = {
  summary: ofMiner((unit, run, now) => ({
    code: 11,
    words: 'Summary',
    section: 'SUMMARY',
    records: [summaryRecord(unit, run, now)],
  })),
  pools: ofMiner((unit, run, now) => ({
    code: 7,
    words: `${run.pools.length} Pool(s)`,
    section: 'POOLS',
    records: run.pools.map((pool, place) => poolRecord(unit, run, now, pool, place)),
  })),
  edevs: boards('edevs'),
  devs: boards('devs'),
  devdetails: ofMiner((unit, run) => ({
    code: 69,
    words: 'Device Details',
    section: 'DEVDETAILS',
    records: run.boards.map((board) => detailRecord(unit, board)),
  })),
};

/** What the supply says in its own units: mA, steps of 10 mV, W; all strings (protocols.md 3.4). */
function psu(unit: WhatsminerUnit, now: number): JsonRecord {
  const { psu: supply, dialect } = unit.plan;
  // The keys of a published API 1.4 reply.
  if (dialect === 'old') {
    return { hw_version: supply.hw, model: supply.model, name: supply.name, sw_version: supply.sw };
  }
  const { run } = unit;
  const watts = run === null ? 12 : run.session.powerW(now);
  const tenMv = 22_400 + (unit.key('mains') % 1600);
  return {
    name: supply.name,
    hw_version: supply.hw,
    sw_version: supply.sw,
    model: supply.model,
    enable: run !== null && run.offSince === null ? '1' : '0',
    iin: String(Math.round((watts / (tenMv / 100)) * 1000)),
    vin: String(tenMv),
    pin: String(Math.round(watts)),
    fan_speed: String(psuFanRpm(unit, run)),
    version: '-1',
    serial_no: unit.powerSn,
    [dialect === 'middle' ? 'vender' : 'vendor']: '7',
    temp0: (30 + (run === null ? 0 : watts / 900)).toFixed(1),
  };
}

function status(unit: WhatsminerUnit): JsonRecord {
  const { settings, firmware, offSince, plan } = unit;
  const isOff = offSince !== null || unit.isOn('btmineroff-lie');
  if (plan.dialect === 'old') return { btmineroff: String(isOff), 'Firmware Version': `'${firmware}'` };
  const rest = {
    power_mode: plan.dialect === 'new' ? settings.powerMode : capital(settings.powerMode),
    power_limit_set: settings.powerLimitW === null ? '' : String(settings.powerLimitW),
    hash_percent: String(settings.targetFreq),
  };
  if (plan.dialect === 'middle') return { btmineroff: String(isOff), 'Firmware Version': `'${firmware}'`, ...rest };
  return {
    mineroff: String(isOff),
    mineroff_reason: offSince === null ? '' : ASSUMED.offReason,
    mineroff_time: offSince === null ? '' : unit.localTime(offSince),
    FirmwareVersion: firmware,
    ...rest,
  };
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function minerInfo(unit: WhatsminerUnit, { args }: V2Request): JsonRecord {
  const { network, hostname } = unit.active;
  const all: JsonRecord = {
    ip: network.ip,
    proto: network.proto,
    netmask: network.netmask,
    gateway: network.gateway,
    dns: network.dns,
    hostname,
    mac: unit.mac,
    ledstat: unit.led === 'auto' ? 'auto' : ASSUMED.ledByHand,
    minersn: unit.minerSn,
    powersn: unit.powerSn,
  };
  const { info } = args;
  const wanted = typeof info === 'string' && info !== '' ? new Set(info.split(',').map((name) => name.trim())) : null;
  const chosen = Object.entries(all).filter(([name]) => wanted === null || wanted.has(name));
  const speedKey = unit.isOn('ut-speed') ? 'ut_speed' : 'upfreq_speed';
  return { ...Object.fromEntries(chosen), [speedKey]: String(unit.settings.upfreqSpeed) };
}

/** A list of one-key objects, or what API 2.0.4 sends: brackets around members without braces. */
function errorCodes(unit: WhatsminerUnit, now: number): Json {
  const list = complaintsOf(unit, now).map(({ code, at }) => ({ [String(code)]: unit.localTime(at) }));
  if (!unit.isOn('invalid-error-code-json')) return list;
  return new Printed(`[${list.map((one) => printed(one).slice(1, -1)).join(',')}]`);
}

const ALONE: Readonly<Record<string, Read>> = {
  get_psu: (unit, now) => data(psu(unit, now)),
  get_version: (unit) => {
    const { api, dialect, platform, chipData, minerType } = unit.plan;
    const known = { api_ver: api, fw_ver: unit.firmware };
    if (dialect === 'old') return data(known);
    return data({ ...known, platform, chip: chipData, miner_type: minerType });
  },
  get_token: (unit, now, { address, asText }) => {
    const given = unit.tokens.give(now, address, unit.clockS(now));
    if (given === null) return TOO_MANY_TOKENS;
    const timeout = timeoutText(unit.tokenLife);
    return {
      kind: 'message',
      code: 134,
      msg: {
        ...(timeout !== undefined && { timeout }),
        time: asText === true ? given.epoch : given.epoch.slice(-4),
        ...(!unit.isOn('missing-salt') && { salt: unit.tokens.salt }),
        newsalt: given.newsalt,
      },
    };
  },
  status: (unit) => data(status(unit)),
  get_miner_info: (unit, _now, request) => data(minerInfo(unit, request)),
  get_error_code: (unit, now) => data({ error_code: errorCodes(unit, now) }),
};

const READS: Readonly<Record<string, Read>> = { ...JOINABLE, ...ALONE };

/** The read of this name, when this firmware has it. */
export function readOf(unit: WhatsminerUnit, name: string): Read | null {
  const tooOld = apiNumber(unit.plan.api) < 20_001 && (ASSUMED.since201 as readonly string[]).includes(name);
  return tooOld || !Object.hasOwn(READS, name) ? null : (READS[name] ?? null);
}
