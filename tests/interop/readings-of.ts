import type { Snapshot } from '@headframe/model';
import type { Reading, Value } from './readings.ts';

/*
 * The three clients' own forms as readings. What a peer computes itself from what it read (averages, efficiency,
 * percentages) is left out: it says nothing more of the wire.
 */

interface Rate {
  readonly rate?: number;
  readonly value?: number;
  readonly unit: string | { readonly value: number };
}

const UNITS: Readonly<Record<string, number>> = {
  'H/s': 1,
  'KH/s': 1e3,
  'MH/s': 1e6,
  'GH/s': 1e9,
  'TH/s': 1e12,
  'PH/s': 1e15,
};

function hs(rate: Rate | null | undefined): number | null {
  if (rate === null || rate === undefined) return null;
  const unit = typeof rate.unit === 'string' ? (UNITS[rate.unit] ?? Number.NaN) : rate.unit.value;
  return (rate.rate ?? rate.value ?? Number.NaN) * unit;
}

/** What our client says. */
export function ofSnapshot(snapshot: Snapshot): Reading {
  const { identity, hashboards, pools, hashrate } = snapshot;
  const boards = [...hashboards].sort((a, b) => a.slot - b.slot);
  const chips = boards.flatMap((board) => board.chips);
  const rates = boards.map(({ hashrateHs }) => hashrateHs);
  return {
    make: identity.make,
    // Its peers count the version of the hardware as a part of the model.
    model: identity.family === 'whatsminer' ? `${identity.model} ${identity.hardwareRevision}` : identity.model,
    firmware: identity.firmware,
    algorithm: identity.algorithm,
    mac: identity.mac,
    serial: identity.serial,
    hostname: identity.hostname,
    apiVersion: identity.apiVersion,
    firmwareVersion: identity.firmwareVersion,
    controlBoard: identity.controlBoard,
    mining: snapshot.state === 'mining',
    uptimeS: snapshot.minerUptimeS,
    hashrateHs: hashrate.currentHs,
    boardSumHs: rates.some((rate) => rate !== null) ? rates.reduce<number>((sum, rate) => sum + (rate ?? 0), 0) : null,
    nominalHs: hashrate.nominalHs,
    powerW: snapshot.powerW,
    powerLimitW: snapshot.powerLimitW,
    ambientTempC: snapshot.ambientTempC,
    boards: boards.length,
    boardHs: rates,
    boardNominalHs: boards.map(({ nominalHs }) => nominalHs),
    boardTempC: boards.map(({ tempC }) => tempC),
    boardInletC: boards.map(({ inletTempC }) => inletTempC),
    boardOutletC: boards.map(({ outletTempC }) => outletTempC),
    boardChipMaxC: boards.map(({ chipTempMaxC }) => chipTempMaxC),
    boardChips: boards.map(({ chipsWorking }) => chipsWorking),
    boardChipsExpected: boards.map(({ chipsExpected }) => chipsExpected),
    boardFrequencyMHz: boards.map(({ frequencyMHz }) => frequencyMHz),
    boardVoltageV: boards.map(({ voltageV }) => voltageV),
    boardSerial: boards.map(({ serial }) => serial),
    chipTempC: chips.map(({ tempC }) => tempC),
    chipVoltageV: chips.map(({ voltageV }) => voltageV),
    chipFrequencyMHz: chips.map(({ frequencyMHz }) => frequencyMHz),
    chipHs: chips.map(({ hashrateHs }) => hashrateHs),
    fanRpm: snapshot.fans.map(({ rpm }) => rpm),
    poolUrl: pools.map(({ url }) => url),
    poolWorker: pools.map(({ worker }) => worker),
    poolAccepted: pools.map(({ accepted }) => accepted),
    poolRejected: pools.map(({ rejected }) => rejected),
    poolActive: pools.map(({ active }) => active),
    poolAlive: pools.map(({ status }) => (status === 'unknown' ? null : status === 'alive')),
    poolLastShareAgeS: pools.map(({ lastShareAt }) =>
      lastShareAt === null ? null : (snapshot.at - lastShareAt) / 1000,
    ),
    bestShare: snapshot.shares.bestDifficulty,
    faults: snapshot.faults.map(({ text }) => text),
  };
}

interface PyasicBoard {
  readonly slot: number;
  readonly hashrate: Rate | null;
  readonly inlet_temp: number | null;
  readonly outlet_temp: number | null;
  readonly temp: number | null;
  readonly chip_temp: number | null;
  readonly chips: number | null;
  readonly expected_chips: number | null;
  readonly serial_number: string | null;
  readonly voltage: number | null;
}

/** `MinerData` of pyasic, dumped. */
export interface PyasicData extends Readonly<Record<string, unknown>> {
  readonly device_info: Readonly<Record<'make' | 'model' | 'firmware' | 'algo', string | null>>;
  readonly hashboards: readonly PyasicBoard[];
  readonly fans: readonly { readonly speed: number | null }[];
  readonly pools: readonly Readonly<Record<'url' | 'user' | 'accepted' | 'rejected' | 'active' | 'alive', Value>>[];
  readonly errors: readonly { readonly error_message: string }[];
}

export function ofPyasic(data: PyasicData): Reading {
  const { device_info: device, hashboards: boards, pools } = data;
  const value = (name: string) => (data[name] ?? null) as Value;
  const rate = (name: string) => hs(data[name] as Rate | null);
  return {
    make: device.make,
    model: device.model,
    firmware: device.firmware,
    algorithm: device.algo,
    mac: value('mac'),
    serial: value('serial_number'),
    hostname: value('hostname'),
    apiVersion: value('api_ver'),
    firmwareVersion: value('fw_ver'),
    mining: value('is_mining'),
    uptimeS: value('uptime'),
    hashrateHs: rate('raw_hashrate'),
    boardSumHs: boards.some(({ hashrate }) => hashrate !== null) ? rate('hashrate') : null,
    nominalHs: rate('expected_hashrate'),
    powerW: value('wattage'),
    powerLimitW: value('wattage_limit'),
    ambientTempC: value('env_temp'),
    boards: boards.length,
    boardHs: boards.map(({ hashrate }) => hs(hashrate)),
    boardTempC: boards.map(({ temp }) => temp),
    boardInletC: boards.map((board) => board.inlet_temp),
    boardOutletC: boards.map((board) => board.outlet_temp),
    boardChipMaxC: boards.map((board) => board.chip_temp),
    boardChips: boards.map(({ chips }) => chips),
    boardChipsExpected: boards.map((board) => board.expected_chips),
    boardVoltageV: boards.map(({ voltage }) => voltage),
    boardSerial: boards.map((board) => board.serial_number),
    fanRpm: data.fans.map(({ speed }) => speed),
    poolUrl: pools.map(({ url }) => url),
    poolWorker: pools.map(({ user }) => user),
    poolAccepted: pools.map(({ accepted }) => accepted),
    poolRejected: pools.map(({ rejected }) => rejected),
    poolActive: pools.map(({ active }) => active),
    poolAlive: pools.map(({ alive }) => alive),
    faults: data.errors.map((error) => error.error_message),
  };
}

interface RsChip {
  readonly temperature: number | null;
  readonly voltage: number | null;
  readonly frequency: number | null;
  readonly hashrate: Rate | null;
}

interface RsBoard {
  readonly hashrate: Rate | null;
  readonly expected_hashrate: Rate | null;
  readonly board_temperature: number | null;
  readonly inlet_chip_temperature: number | null;
  readonly outlet_chip_temperature: number | null;
  readonly working_chips: number | null;
  readonly expected_chips: number | null;
  readonly serial_number: string | null;
  readonly frequency: number | null;
  readonly voltage: number | null;
  readonly chips: readonly RsChip[];
}

/** `MinerData` of pyasic_rs, dumped. */
export interface RsData extends Readonly<Record<string, unknown>> {
  readonly timestamp: number;
  readonly device_info: Readonly<Record<'make' | 'model' | 'firmware' | 'algo', string | null>>;
  readonly control_board_version: { readonly name: string } | null;
  readonly hashboards: readonly RsBoard[];
  readonly fans: readonly { readonly rpm: number | null }[];
  readonly pools: readonly { readonly pools: readonly Readonly<Record<string, Value>>[] }[];
  readonly messages: readonly { readonly message: string }[];
}

/** @param now the machine's clock, epoch ms: where it tells a time of day and not an age, the peer hands that on */
export function ofPyasicRs(data: RsData, now: number): Reading {
  const { device_info: device, hashboards: boards } = data;
  const tellsTime = /braiins|bos/i.test(device.firmware ?? '');
  const value = (name: string) => (data[name] ?? null) as Value;
  const rate = (name: string) => hs(data[name] as Rate | null);
  const pools = data.pools.flatMap((group) => group.pools);
  const chips = boards.flatMap((board) => board.chips);
  return {
    make: device.make,
    model: device.model,
    firmware: device.firmware,
    algorithm: device.algo,
    mac: value('mac'),
    serial: value('serial_number'),
    hostname: value('hostname'),
    apiVersion: value('api_version'),
    firmwareVersion: value('firmware_version'),
    controlBoard: data.control_board_version?.name ?? null,
    mining: value('is_mining'),
    uptimeS: value('uptime_s'),
    hashrateHs: rate('hashrate'),
    nominalHs: rate('expected_hashrate'),
    powerW: value('wattage'),
    boards: boards.length,
    boardHs: boards.map(({ hashrate }) => hs(hashrate)),
    boardNominalHs: boards.map((board) => hs(board.expected_hashrate)),
    boardTempC: boards.map((board) => board.board_temperature),
    boardInletC: boards.map((board) => board.inlet_chip_temperature),
    boardOutletC: boards.map((board) => board.outlet_chip_temperature),
    boardChips: boards.map((board) => board.working_chips),
    boardChipsExpected: boards.map((board) => board.expected_chips),
    boardFrequencyMHz: boards.map(({ frequency }) => frequency),
    boardVoltageV: boards.map(({ voltage }) => voltage),
    boardSerial: boards.map((board) => board.serial_number),
    chipTempC: chips.map(({ temperature }) => temperature),
    chipVoltageV: chips.map(({ voltage }) => voltage),
    chipFrequencyMHz: chips.map(({ frequency }) => frequency),
    chipHs: chips.map(({ hashrate }) => hs(hashrate)),
    fanRpm: data.fans.map(({ rpm }) => rpm),
    poolUrl: pools.map(({ url }) => url ?? null),
    poolWorker: pools.map(({ user }) => user ?? null),
    poolAccepted: pools.map((pool) => pool.accepted_shares ?? null),
    poolRejected: pools.map((pool) => pool.rejected_shares ?? null),
    poolActive: pools.map(({ active }) => active ?? null),
    poolAlive: pools.map(({ alive }) => alive ?? null),
    poolLastShareAgeS: pools.map(({ last_share_time: at }) =>
      typeof at === 'number' ? (tellsTime ? Math.abs(now / 1000 - at) : data.timestamp - at) : null,
    ),
    bestShare: value('best_share'),
    faults: data.messages.map(({ message }) => message),
  };
}
