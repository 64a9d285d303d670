/*
 * What a client says of a machine, in one form for all of them: base units, boards, pools and fans as lists in the order
 * of the client. A field that a client does not have at all is absent; one that it has and leaves empty is null.
 */

export type Value = string | number | boolean | null | readonly Value[];

export type Field = keyof typeof FIELDS;
export type Reading = Readonly<Partial<Record<Field, Value>>>;

/** How two values of a field are compared. */
export type Comparison =
  | 'same'
  | 'number'
  | 'word'
  | 'make'
  | 'model'
  | 'firmware'
  | 'algorithm'
  | 'version'
  | 'board'
  | 'seconds';

/** Everything that is compared, with its unit and how. */
export const FIELDS = {
  make: { title: 'make', by: 'make' },
  model: { title: 'model', by: 'model' },
  firmware: { title: 'firmware', by: 'firmware' },
  algorithm: { title: 'algorithm', by: 'algorithm' },
  mac: { title: 'MAC', by: 'word' },
  serial: { title: 'serial', by: 'same' },
  hostname: { title: 'host name', by: 'same' },
  apiVersion: { title: 'API version', by: 'same' },
  firmwareVersion: { title: 'firmware version', by: 'version' },
  controlBoard: { title: 'control board', by: 'board' },
  mining: { title: 'hashes', by: 'same' },
  uptimeS: { title: 'uptime, s', by: 'number' },
  hashrateHs: { title: 'hashrate, H/s', by: 'number' },
  boardSumHs: { title: 'sum of boards, H/s', by: 'number' },
  nominalHs: { title: 'nominal, H/s', by: 'number' },
  powerW: { title: 'power, W', by: 'number' },
  powerLimitW: { title: 'power limit, W', by: 'number' },
  ambientTempC: { title: 'ambient, °C', by: 'number' },
  boards: { title: 'boards', by: 'number' },
  boardHs: { title: 'board hashrate, H/s', by: 'number' },
  boardNominalHs: { title: 'board nominal, H/s', by: 'number' },
  boardTempC: { title: 'board temperature, °C', by: 'number' },
  boardInletC: { title: 'board inlet, °C', by: 'number' },
  boardOutletC: { title: 'board outlet, °C', by: 'number' },
  boardChipMaxC: { title: 'board chips hottest, °C', by: 'number' },
  boardChips: { title: 'board chips working', by: 'number' },
  boardChipsExpected: { title: 'board chips expected', by: 'number' },
  boardFrequencyMHz: { title: 'board frequency, MHz', by: 'number' },
  boardVoltageV: { title: 'board voltage, V', by: 'number' },
  boardSerial: { title: 'board serial', by: 'same' },
  chipTempC: { title: 'chip temperatures, °C', by: 'number' },
  chipVoltageV: { title: 'chip voltages, V', by: 'number' },
  chipFrequencyMHz: { title: 'chip frequencies, MHz', by: 'number' },
  chipHs: { title: 'chip hashrates, H/s', by: 'number' },
  fanRpm: { title: 'fans, rpm', by: 'number' },
  poolUrl: { title: 'pool URLs', by: 'same' },
  poolWorker: { title: 'pool workers', by: 'same' },
  poolAccepted: { title: 'pool accepted', by: 'number' },
  poolRejected: { title: 'pool rejected', by: 'number' },
  poolActive: { title: 'pool active', by: 'same' },
  poolAlive: { title: 'pool alive', by: 'same' },
  poolLastShareAgeS: { title: 'pool last share, s ago', by: 'seconds' },
  bestShare: { title: 'best share', by: 'number' },
  faults: { title: 'faults', by: 'same' },
} as const satisfies Record<string, { readonly title: string; readonly by: Comparison }>;

export const fieldsOf = (reading: Reading): Field[] => Object.keys(reading) as Field[];

/** Whether two clients say the same. */
export function agree(field: Field, a: Value | undefined, b: Value | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, i) => agree(field, one as Value, b[i] as Value));
  }
  if (a === null || b === null || a === undefined || b === undefined) return (a ?? null) === (b ?? null);
  return COMPARE[FIELDS[field].by](a, b);
}

/** A client says nothing: null, or a list of nothing but nulls, or an empty one. */
export const isEmpty = (value: Value | undefined): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.every(isEmpty));

/** What the rounding of units may cost: TH/s, rad/s, minutes. */
const RELATIVE = 1e-9;
/** Both round to seconds, each in its own moment. */
const SECONDS = 2;

const squeezed = (value: Value): string =>
  String(value)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/** Peers call the maker after its machines. */
const MAKERS: Readonly<Record<string, string>> = {
  antminer: 'bitmain',
  avalonminer: 'canaan',
  whatsminer: 'microbt',
};
const maker = (value: Value): string => MAKERS[squeezed(value)] ?? squeezed(value);
/** `M30S+ VE40`, `M30SPlusVE40`. */
const model = (value: Value): string =>
  squeezed(String(value).replaceAll('+', 'plus')).replace(/^(antminer|avalon|bitaxe|miniminer|whatsminer)/, '');
/** Peers call BraiinsOS by its maker, or by a name that it had. */
const FIRMWARES: Readonly<Record<string, string>> = { bos: 'braiinsos', braiins: 'braiinsos' };
/** `AntMiner Stock`, `Stock`, `stock`. */
function firmware(value: Value): string {
  const name = squeezed(value).replace(/^(antminer|avalonminer|whatsminer)(?=stock$)/, '');
  return FIRMWARES[name] ?? name;
}

const algorithm = (value: Value): string => squeezed(value).replace(/^sha256d$/, 'sha256');
/** Control boards by the chip on them, or as the firmware calls the chip. */
const BOARDS: Readonly<Record<string, string>> = {
  zynq7007: 'xilinx',
  amlctrl: 'amlogic',
  am3aml: 'amlogic',
  am3bbb: 'beagleboneblack',
  stm32mp157cii2bmm1: 'braiinscb',
};
const board = (value: Value): string => BOARDS[squeezed(value)] ?? squeezed(value);
/** `Tue Dec  6 16:12:30 CST 2022` is the version 2022-12-06, `2025-08-06-0-3881c51d-25.07-plus` is 25.07. */
function version(value: Value): string {
  const [, release] = /^[\d-]{10}-\d+-[0-9a-f]+-([\d.]+)(?:-plus)?$/.exec(String(value)) ?? [];
  if (release !== undefined) return release;
  const [, month = '', day = '', year = ''] = /^\w{3} (\w{3}) +(\d+) [\d:]+ \w+ (\d{4})$/.exec(String(value)) ?? [];
  const place = MONTHS.indexOf(month);
  return place < 0 ? String(value) : `${year}-${String(place + 1).padStart(2, '0')}-${day.padStart(2, '0')}`;
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const COMPARE: Readonly<Record<Comparison, (a: Value, b: Value) => boolean>> = {
  same: (a, b) => a === b,
  number: (a, b) =>
    typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b)),
  seconds: (a, b) => typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= SECONDS,
  word: (a, b) => squeezed(a) === squeezed(b),
  make: (a, b) => maker(a) === maker(b),
  model: (a, b) => model(a) === model(b),
  firmware: (a, b) => firmware(a) === firmware(b),
  algorithm: (a, b) => algorithm(a) === algorithm(b),
  version: (a, b) => version(a) === version(b),
  board: (a, b) => board(a) === board(b),
};
