/*
 * Protobuf by hand, for a machine in memory: field numbers and types typed from the table of the interface, and a
 * reader and a writer of its own, so that no mistake of the contract's files can hide in both ends. Documents have the
 * form of the REST API: a oneof is an object with one member, in lower case without `_`.
 */

/** `name=number:type`, `*` for repeated, `oneof.member=` for one of several. u varint, b bool, d double, s text, y bytes, J JSON. */
const MESSAGES: Readonly<Record<string, string>> = {
  Empty: '',
  ApiVersion: 'major=1:u minor=2:u patch=3:u pre=4:s build=5:s',
  LoginRequest: 'username=1:s password=2:s',
  LoginResponse: 'token=1:s timeout_s=2:u',
  SetPasswordRequest: 'password=1:s',
  Already: 'already=1:b',
  Enable: 'enable=1:b',
  Enabled: 'enabled=1:b',
  Successful: 'successful=1:b',
  Save: 'save_action=1:u',

  Power: 'watt=1:u',
  TeraHashrate: 'terahash_per_second=1:d',
  GigaHashrate: 'gigahash_per_second=1:d',
  Frequency: 'hertz=1:d',
  Voltage: 'volt=1:d',
  Temperature: 'degree_c=1:d',
  Hours: 'hours=1:u',
  BasesPoints: 'bsp=1:u',
  UInt32Value: 'value=1:u',

  UInt32Constraints: 'default=1:u min=2:u max=3:u',
  DoubleConstraints: 'default=1:d min=2:d max=3:d',
  PowerConstraints: 'default=1:Power min=2:Power max=3:Power',
  HashrateConstraints: 'default=1:TeraHashrate min=2:TeraHashrate max=3:TeraHashrate',
  TemperatureConstraints: 'default=1:Temperature min=2:Temperature max=3:Temperature',
  DurationConstraints: 'default=1:Hours min=2:Hours max=3:Hours',
  FrequencyConstraints: 'default=1:Frequency min=2:Frequency max=3:Frequency',
  VoltageConstraints: 'default=1:Voltage min=2:Voltage max=3:Voltage',

  Quota: 'value=1:u',
  FixedShareRatio: 'value=1:d',
  PoolConfiguration: 'uid=1:s url=2:s user=3:s password=4:s enabled=5:b',
  PoolGroupConfiguration:
    'uid=1:s name=2:s load_balance_strategy.quota=3:Quota load_balance_strategy.fixedshareratio=4:FixedShareRatio pools=5:PoolConfiguration*',
  Pool: 'uid=1:s url=2:s user=3:s enabled=4:b alive=5:b active=6:b',
  PoolGroup: 'name=1:s strategy.quota=2:Quota strategy.fixedshareratio=3:FixedShareRatio pools=4:Pool* uid=5:s',
  PoolGroups: 'pool_groups=1:PoolGroup*',
  GroupRequest: 'save_action=1:u group=2:PoolGroupConfiguration',
  GroupResponse: 'group=1:PoolGroupConfiguration',
  RemoveGroupRequest: 'save_action=1:u uid=2:s',
  SetGroupsRequest: 'save_action=1:u pool_groups=2:PoolGroupConfiguration*',
  SetGroupsResponse: 'pool_groups=1:PoolGroupConfiguration*',

  ManualPauseMode: 'pause_cooldown_fan_speed_ratio=1:d fan_pause_runtime=2:u',
  PauseMode: 'mode.auto=1:Empty mode.manual=2:ManualPauseMode',
  CoolingAutoMode:
    'target_temperature=1:Temperature hot_temperature=2:Temperature dangerous_temperature=3:Temperature min_fan_speed=4:u max_fan_speed=5:u minimum_required_fans=6:u pause_mode=7:PauseMode',
  CoolingManualMode:
    'fan_speed_ratio=1:d hot_temperature=2:Temperature dangerous_temperature=3:Temperature target_temperature=4:Temperature minimum_required_fans=5:u pause_mode=6:PauseMode',
  CoolingDisabledMode: 'fan_speed_ratio=1:d',
  CoolingLiquidMode:
    'hot_temperature=1:Temperature dangerous_temperature=2:Temperature target_temperature=3:Temperature',
  CoolingConfiguration:
    'minimum_required_fans=1:u mode.auto=2:CoolingAutoMode mode.manual=3:CoolingManualMode mode.disabled=4:CoolingDisabledMode mode.immersion=5:CoolingLiquidMode mode.hydro=6:CoolingLiquidMode',
  SetCoolingRequest:
    'save_action=1:u mode.auto=2:CoolingAutoMode mode.manual=3:CoolingManualMode mode.immersion=4:CoolingLiquidMode mode.hydro=5:CoolingLiquidMode',
  SetCoolingResponse:
    'mode.auto=1:CoolingAutoMode mode.manual=2:CoolingManualMode mode.immersion=3:CoolingLiquidMode mode.hydro=4:CoolingLiquidMode',
  SetImmersionRequest: 'save_action=1:u enable_immersion_mode=2:b',
  SetImmersionResponse: 'immersion_mode=1:b',
  FanState: 'position=1:u rpm=2:u target_speed_ratio=3:d',
  CoolingState: 'fans=1:FanState*',
  CoolingConstraints:
    'default_cooling_mode=1:u target_temperature=2:TemperatureConstraints hot_temperature=3:TemperatureConstraints dangerous_temperature=4:TemperatureConstraints fan_speed_ratio=5:DoubleConstraints minimum_required_fans=6:UInt32Constraints min_fan_speed=7:UInt32Constraints max_fan_speed=8:UInt32Constraints',

  TunerConfiguration: 'enabled=1:b tuner_mode=2:u power_target=3:Power hashrate_target=4:TeraHashrate',
  DpsConfiguration:
    'enabled=1:b power_step=2:Power hashrate_step=3:TeraHashrate min_power_target=4:Power min_hashrate_target=5:TeraHashrate shutdown_enabled=6:b shutdown_duration=7:Hours mode=8:u on_start_target_percent=9:u',
  HashboardConfig: 'id=1:s enabled=2:b frequency=3:Frequency voltage=4:Voltage',
  HashboardPerformance:
    'global_frequency=1:Frequency global_voltage=2:Voltage hashboards=3:HashboardConfig* quick_ramping_time_up_s=4:u quick_ramping_time_down_s=5:u',
  Configuration:
    'pool_groups=1:PoolGroupConfiguration* temperature=2:CoolingConfiguration tuner=3:TunerConfiguration dps=4:DpsConfiguration hashboard_config=5:HashboardPerformance',
  TunerConstraints: 'power_target=1:PowerConstraints hashrate_target=2:HashrateConstraints default_mode=4:u',
  DpsConstraints:
    'power_step=1:PowerConstraints hashrate_step=2:HashrateConstraints min_power_target=3:PowerConstraints min_hashrate_target=4:HashrateConstraints shutdown_duration=6:DurationConstraints on_start_target_percent=9:UInt32Constraints',
  HashboardConstraints:
    'hashboard_ids=1:s* frequency=3:FrequencyConstraints voltage=4:VoltageConstraints quick_ramping_time_s=5:UInt32Constraints',
  Constraints:
    'tuner_constraints=1:TunerConstraints cooling_constraints=2:CoolingConstraints dps_constraints=3:DpsConstraints hashboards_constraints=4:HashboardConstraints',

  PowerRequest: 'save_action=1:u power_target=2:Power',
  PowerUpRequest: 'save_action=1:u power_target_increment=2:Power',
  PowerDownRequest: 'save_action=1:u power_target_decrement=2:Power',
  PowerResponse: 'power_target=1:Power',
  HashrateRequest: 'save_action=1:u hashrate_target=2:TeraHashrate',
  HashrateUpRequest: 'save_action=1:u hashrate_target_increment=2:TeraHashrate',
  HashrateDownRequest: 'save_action=1:u hashrate_target_decrement=2:TeraHashrate',
  HashrateResponse: 'hashrate_target=1:TeraHashrate',
  RelativeRequest: 'save_action=1:u percentage=2:d reference=3:u',
  PowerState: 'current_target=2:Power',
  HashrateState: 'current_target=2:TeraHashrate',
  TunerState:
    'overall_tuner_state=1:u mode_state.powertargetmodestate=2:PowerState mode_state.hashratetargetmodestate=3:HashrateState',
  PowerProfile: 'target=2:Power',
  HashrateProfile: 'target=2:TeraHashrate',
  Profiles: 'power_target_profiles=1:PowerProfile* hashrate_target_profiles=2:HashrateProfile*',
  EfficiencyPoint: 'quality=1:u power_target=2:Power',
  Efficiency: 'points=1:EfficiencyPoint*',
  HashboardSettings: 'id=1:s frequency=2:Frequency voltage=3:Voltage',
  ManualMode: 'global_frequency=1:Frequency global_voltage=2:Voltage hashboards=3:HashboardSettings*',
  PowerMode: 'power_target=1:Power',
  HashrateMode: 'hashrate_target=1:TeraHashrate',
  TunerMode: 'target.powertarget=1:PowerMode target.hashratetarget=2:HashrateMode',
  PerformanceMode: 'mode.manualmode=1:ManualMode mode.tunermode=2:TunerMode',
  ModeRequest: 'save_action=1:u mode=2:PerformanceMode',
  DpsPower: 'power_step=1:Power min_power_target=2:Power',
  DpsHashrate: 'hashrate_step=1:TeraHashrate min_hashrate_target=2:TeraHashrate',
  DpsTarget: 'target.powertarget=1:DpsPower target.hashratetarget=2:DpsHashrate',
  DpsRequest:
    'save_action=1:u enable=2:b enable_shutdown=3:b shutdown_duration=4:Hours target=5:DpsTarget mode=6:u on_start_target_percent=7:u',
  DpsResponse: 'enabled=1:b',
  RampingRequest: 'save_action=1:u up_s=2:u down_s=3:u',
  RampingResponse: 'up_s=1:u down_s=2:u',

  BosVersion: 'current=1:s major=2:s bos_plus=3:b',
  Details: 'uid=1:s bos_version=5:BosVersion hostname=6:s bosminer_uptime_s=10:u system_uptime_s=11:u status=12:u',
  Hashboard: 'id=1:s enabled=2:b chips_count=3:UInt32Value serial_number=12:s',
  Hashboards: 'hashboards=1:Hashboard*',
  BoardsRequest: 'save_action=1:u hashboard_ids=2:s*',
  BoardState: 'id=1:s is_enabled=2:b',
  BoardsResponse: 'hashboards=1:BoardState*',
  Status: 'status=1:u',
  LogRequest: 'log_type=1:u',
  ArchiveRequest: 'format=1:u',
  Chunk: 'chunk_data=1:y',

  Static: 'address=1:s netmask=2:s gateway=3:s dns_servers=4:s*',
  Network: 'protocol.dhcp=1:Empty protocol.static=2:Static hostname=3:s',
  NetworkResponse: 'network=1:Network',
  IpNetwork: 'address=1:s netmask=2:s',
  NetworkInfo: 'name=1:s networks=6:IpNetwork*',

  NoneLicense: 'time_to_restricted=1:u',
  ValidLicense: 'type=1:u contract_name=2:s time_to_restricted=3:u dev_fee=4:BasesPoints',
  LicenseState: 'state.none=1:NoneLicense state.limited=2:Empty state.valid=3:ValidLicense',
  ContractKey: 'contract_key=1:s',

  UpgradeTime: 'hours=1:u minutes=2:u seconds=3:u',
  Daily: 'time=1:UpgradeTime',
  Weekly: 'day_of_week=1:u time=2:UpgradeTime',
  Monthly: 'day_of_month=1:u time=2:UpgradeTime',
  Schedule: 'schedule_type.daily=1:Daily schedule_type.weekly=2:Weekly schedule_type.monthly=3:Monthly',
  AutoUpgrade: 'enabled=1:b schedule=2:Schedule',
  UpgradeMetadata: 'size=1:u hash=2:s discard_settings=3:b disable_cleanup=4:b',
  UpgradePiece: 'payload.metadata=1:UpgradeMetadata payload.data=2:y',

  Schema: 'schema=1:J',
  Settings: 'settings=1:J',
  SettingsRequest: 'include_default=1:b',
  Applied: 'applied=1:J',
};

export type Doc = Record<string, unknown>;

interface Field {
  readonly no: number;
  readonly type: string;
  readonly path: readonly string[];
  readonly many: boolean;
}

function fieldsOf(message: string): Field[] {
  const text = MESSAGES[message];
  if (text === undefined) throw new Error(`no message ${message}`);
  return text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const [, path = '', no, type = '', many] = /^([\w.]+)=(\d+):(\w+)(\*)?$/.exec(one) ?? [];
      return { no: Number(no), type, path: path.split('.'), many: many !== undefined };
    });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = BigInt(value);
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 128);
  return Uint8Array.from([...bytes, Number(left)]);
}

const counted = (bytes: Uint8Array): Uint8Array => joined([varint(bytes.length), bytes]);

function double(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

/** Whatever is in a document leaves, zeros included: a reader must take both. */
export function encode(message: string, doc: Doc): Uint8Array {
  return joined(
    fieldsOf(message).flatMap(({ no, type, path, many }) => {
      const value = path.reduce<unknown>((at, name) => (at as Doc | undefined)?.[name], doc);
      if (value === undefined || value === null) return [];
      return (many ? (value as unknown[]) : [value]).flatMap((one) => [
        varint(no * 8 + (type === 'u' || type === 'b' ? 0 : type === 'd' ? 1 : 2)),
        encoded(type, one),
      ]);
    }),
  );
}

function encoded(type: string, value: unknown): Uint8Array {
  if (type === 'u' || type === 'b') return varint(Number(value));
  if (type === 'd') return double(Number(value));
  if (type === 's') return counted(new TextEncoder().encode(String(value)));
  if (type === 'y') return counted(value as Uint8Array);
  return counted(type === 'J' ? struct(value as Doc) : encode(type, value as Doc));
}

/** google.protobuf.Struct: a map of values. */
function struct(doc: Doc): Uint8Array {
  return joined(
    Object.entries(doc).map(([key, value]) =>
      joined([
        varint(10),
        counted(joined([varint(10), counted(new TextEncoder().encode(key)), varint(18), counted(jsonValue(value))])),
      ]),
    ),
  );
}

function jsonValue(value: unknown): Uint8Array {
  if (value === null) return joined([varint(8), varint(0)]);
  if (typeof value === 'number') return joined([varint(17), double(value)]);
  if (typeof value === 'string') return joined([varint(26), counted(new TextEncoder().encode(value))]);
  if (typeof value === 'boolean') return joined([varint(32), varint(Number(value))]);
  if (!Array.isArray(value)) return joined([varint(42), counted(struct(value as Doc))]);
  return joined([varint(50), counted(joined(value.map((one) => joined([varint(10), counted(jsonValue(one))]))))]);
}

interface Raw {
  readonly no: number;
  readonly value: number | Uint8Array;
}

function* rawFields(bytes: Uint8Array): Generator<Raw> {
  let at = 0;
  const next = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('the message ends in a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < bytes.length) {
    const tag = next();
    const wireType = tag % 8;
    if (wireType === 0) yield { no: Math.floor(tag / 8), value: next() };
    else {
      const length = wireType === 1 ? 8 : next();
      if (wireType !== 1 && wireType !== 2) throw new Error(`no wire type ${wireType} is known`);
      if (at + length > bytes.length) throw new Error('the message ends in a value');
      yield { no: Math.floor(tag / 8), value: bytes.slice(at, at + length) };
      at += length;
    }
  }
}

/** @throws Error for a field that the table does not have: nothing else may leave */
export function decode(message: string, bytes: Uint8Array): Doc {
  const fields = fieldsOf(message);
  const doc: Doc = {};
  for (const { no, value } of rawFields(bytes)) {
    const field = fields.find((one) => one.no === no);
    if (field === undefined) throw new Error(`${message} has no field ${no}`);
    const [outer = '', inner] = field.path;
    const one = decoded(field.type, value);
    if (inner !== undefined) doc[outer] = { [inner]: one };
    else if (field.many) doc[outer] = [...((doc[outer] as unknown[]) ?? []), one];
    else doc[outer] = one;
  }
  return doc;
}

function decoded(type: string, value: number | Uint8Array): unknown {
  if (type === 'u') return value;
  if (type === 'b') return value === 1;
  const bytes = value as Uint8Array;
  if (type === 'd') return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
  if (type === 's') return new TextDecoder().decode(bytes);
  if (type === 'y') return bytes;
  return type === 'J' ? structIn(bytes) : decode(type, bytes);
}

const structIn = (bytes: Uint8Array): Doc =>
  Object.fromEntries(
    [...rawFields(bytes)].map(({ value: entry }) => {
      const parts = [...rawFields(entry as Uint8Array)];
      const key = parts.find(({ no }) => no === 1)?.value as Uint8Array;
      return [new TextDecoder().decode(key), jsonIn(parts.find(({ no }) => no === 2)?.value as Uint8Array)];
    }),
  );

function jsonIn(bytes: Uint8Array): unknown {
  const [{ no, value } = { no: 1, value: 0 }] = [...rawFields(bytes)];
  if (no === 1) return null;
  if (no === 2) return decoded('d', value);
  if (no === 3) return decoded('s', value);
  if (no === 4) return value === 1;
  if (no === 5) return structIn(value as Uint8Array);
  return [...rawFields(value as Uint8Array)].map((one) => jsonIn(one.value as Uint8Array));
}
