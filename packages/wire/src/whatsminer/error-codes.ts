import type { FindingCode } from '@headframe/model';

/**
 * The error codes of `get_error_code`: what each means and what to do, in our words. The groups and the codes that
 * protocols.md 3.4 names come from there; single codes within them are as public clients of this API list them
 * (pyasic and asic-rs agree), no document of the vendor that is at hand prints them.
 */
export interface ErrorCodeEntry {
  readonly meaning: string;
  readonly remedy: string;
  readonly finding: FindingCode;
}

const BOARD_REMEDY = 'Reseat the data and power cables of the hashboard; if it comes back, the board goes to repair.';
const CHIP_REMEDY = 'Restart once and watch the hashboard; if it comes back, the board goes to repair.';
const FAN_REMEDY = 'Check plug and fan, clean it, replace the fan.';
const HEAT_REMEDY = 'Check air path or coolant flow, filters and fans, and the temperature of the intake.';
const INPUT_REMEDY = 'Measure the supply voltage under load, check breaker, cable and plug.';
const PSU_REMEDY = 'Switch off for some minutes and on again; if it comes back, replace the power supply.';
const FIRMWARE_REMEDY = "Install the vendor's current firmware for this very model.";
const FACTORY_REMEDY = 'It comes from the checks of the factory: a repair shop sets it right.';
const VIRUS_REMEDY = "Install the vendor's firmware anew from its own source, and change the password.";
const POOL_REMEDY = 'Check the address of the pool, DNS and the uplink.';
const RATE_REMEDY = 'Look at hashboards, temperatures and power; compare with the nominal rate.';

type Row = readonly [pattern: string, finding: FindingCode, meaning: string, remedy: string];

const ROWS: readonly Row[] = [
  ['100', 'fan.fault', 'fan, cause not known', FAN_REMEDY],
  ['110', 'fan.fault', 'speed of the intake fan deviates', FAN_REMEDY],
  ['111', 'fan.fault', 'speed of the exhaust fan deviates', FAN_REMEDY],
  ['112', 'fan.fault', 'speed of a fan deviates', FAN_REMEDY],
  ['120', 'fan.fault', 'speed of the intake fan deviates by more than 2000 rpm', FAN_REMEDY],
  ['121', 'fan.fault', 'speed of the exhaust fan deviates by more than 2000 rpm', FAN_REMEDY],
  ['130', 'fan.fault', 'speed of the intake fan deviates by more than 3000 rpm', FAN_REMEDY],
  ['131', 'fan.fault', 'speed of the exhaust fan deviates by more than 3000 rpm', FAN_REMEDY],
  ['140', 'fan.fault', 'fan speed is too high', HEAT_REMEDY],

  ['200', 'psu.fault', 'power supply is not found', 'Check the data cable between power supply and control board.'],
  [
    '201',
    'psu.fault',
    'power supply does not match the configuration',
    'Fit the power supply that belongs to this model.',
  ],
  ['202', 'psu.fault', 'output voltage is wrong', PSU_REMEDY],
  ['203', 'psu.fault', 'power supply protects itself: surroundings too hot', HEAT_REMEDY],
  ['204', 'psu.fault', 'power supply limits its current: surroundings too hot', HEAT_REMEDY],
  ['205', 'psu.fault', 'current is wrong', PSU_REMEDY],
  ['206', 'psu.fault', 'input voltage is too low', INPUT_REMEDY],
  ['207', 'psu.fault', 'input current is limited: bad mains', INPUT_REMEDY],
  ['208', 'psu.fault', 'power is wrong', PSU_REMEDY],
  ['209', 'psu.fault', 'voltage is offset', PSU_REMEDY],
  ['210', 'psu.fault', 'power supply reports an error', PSU_REMEDY],
  ['211', 'psu.fault', 'output current is wrong', 'Reboot the machine; if it comes back, replace the power supply.'],
  ['212', 'psu.fault', 'output voltage reached its bound', PSU_REMEDY],
  ['213', 'psu.fault', 'input voltage and current do not fit the output', INPUT_REMEDY],
  ['214', 'psu.fault', 'input power does not change', PSU_REMEDY],
  ['215', 'psu.fault', 'output voltage could not be set', PSU_REMEDY],
  ['216', 'psu.fault', 'power did not change for a long time', PSU_REMEDY],
  ['217', 'psu.fault', 'output could not be enabled', PSU_REMEDY],
  [
    '218',
    'psu.fault',
    'input voltage below 230 V in high power mode',
    'Choose normal or low power mode, or raise the input voltage.',
  ],
  ['219', 'psu.fault', 'input current is wrong', INPUT_REMEDY],
  ['233', 'psu.fault', 'output stage too hot', HEAT_REMEDY],
  ['234', 'psu.fault', 'output stage too hot', HEAT_REMEDY],
  ['235', 'psu.fault', 'output stage too hot', HEAT_REMEDY],
  ['236', 'psu.fault', 'output over-current', PSU_REMEDY],
  ['237', 'psu.fault', 'output over-current', PSU_REMEDY],
  ['238', 'psu.fault', 'output over-current', PSU_REMEDY],
  ['239', 'psu.fault', 'output voltage too high', PSU_REMEDY],
  ['240', 'psu.fault', 'output voltage too low', PSU_REMEDY],
  ['241', 'psu.fault', 'output currents are not balanced', PSU_REMEDY],
  ['243', 'psu.fault', 'input stage too hot', HEAT_REMEDY],
  ['244', 'psu.fault', 'input stage too hot', HEAT_REMEDY],
  ['245', 'psu.fault', 'input stage too hot', HEAT_REMEDY],
  ['246', 'psu.fault', 'input voltage too high', INPUT_REMEDY],
  ['247', 'psu.fault', 'input voltage too high', INPUT_REMEDY],
  ['248', 'psu.fault', 'input over-current', INPUT_REMEDY],
  ['249', 'psu.fault', 'input over-current', INPUT_REMEDY],
  ['250', 'psu.fault', 'input voltage too low', INPUT_REMEDY],
  ['251', 'psu.fault', 'input voltage too low', INPUT_REMEDY],
  ['253', 'psu.fault', 'fan of the power supply', 'Clean or replace the fan of the power supply.'],
  ['254', 'psu.fault', 'fan of the power supply', 'Clean or replace the fan of the power supply.'],
  ['255', 'psu.fault', 'output power too high', 'Choose a lower power mode or limit.'],
  ['256', 'psu.fault', 'output power too high', 'Choose a lower power mode or limit.'],
  ['257', 'psu.fault', 'over-current on the primary side', INPUT_REMEDY],
  ['263', 'psu.fault', 'talking with the power supply is disturbed', 'Reseat the data cable of the power supply.'],
  ['264', 'psu.fault', 'no talking with the power supply', 'Reseat the data cable of the power supply.'],
  ['267', 'psu.fault', 'watchdog of the power supply acted', PSU_REMEDY],
  ['268', 'psu.fault', 'output over-current', PSU_REMEDY],
  ['269', 'psu.fault', 'input over-current', INPUT_REMEDY],
  ['270', 'psu.fault', 'input voltage too high', INPUT_REMEDY],
  ['271', 'psu.fault', 'input voltage too low', INPUT_REMEDY],
  ['272', 'psu.fault', 'output too high', 'Choose a lower power mode or limit.'],
  ['273', 'psu.fault', 'input power too high', 'Choose a lower power mode or limit.'],
  ['274', 'psu.fault', 'fan of the power supply', 'Clean or replace the fan of the power supply.'],
  ['275', 'psu.fault', 'power supply is hot', HEAT_REMEDY],

  ['30n', 'temperature.fault', 'temperature sensor of the hashboard is not found', BOARD_REMEDY],
  ['32n', 'temperature.fault', 'temperature sensor of the hashboard cannot be read', BOARD_REMEDY],
  [
    '329',
    'temperature.fault',
    'temperature sensor of the control board does not answer',
    'Replace the control board if it comes back.',
  ],
  ['35n', 'hashboard.temperature-high', 'hashboard protects itself from heat', HEAT_REMEDY],
  ['36n', 'hashboard.temperature-high', 'hashboard is too hot', HEAT_REMEDY],
  ['370', 'temperature.fault', 'surrounding temperature changes too fast', HEAT_REMEDY],
  ['380', 'temperature.fault', 'humidity sensor is not found', 'Check the plug of the sensor.'],
  ['381', 'temperature.fault', 'humidity sensor cannot be read', 'Check the plug of the sensor.'],
  ['382', 'temperature.fault', 'humidity sensor cannot be read', 'Check the plug of the sensor.'],
  ['383', 'temperature.fault', 'too humid: the machine protects itself', 'Dry the intake air.'],

  ['400', 'device.fault', 'EEPROM, cause not known', BOARD_REMEDY],
  ['41n', 'device.fault', 'EEPROM of the hashboard is not found', BOARD_REMEDY],
  ['42n', 'device.fault', 'EEPROM of the hashboard cannot be understood', BOARD_REMEDY],
  ['43n', 'device.fault', 'EEPROM: bin of the chips is wrong', BOARD_REMEDY],
  ['44n', 'device.fault', 'EEPROM: number of chips is wrong', BOARD_REMEDY],
  ['45n', 'device.fault', 'EEPROM cannot be transferred', BOARD_REMEDY],

  ['500', 'device.fault', 'hashboard, cause not known', BOARD_REMEDY],
  [
    '51n',
    'device.fault',
    'hashboard is of another miner type',
    'Fit boards of this model, or the firmware that fits the boards.',
  ],
  ['52n', 'device.fault', 'hashboard has another chip bin', BOARD_REMEDY],
  ['53n', 'hashboard.missing', 'hashboard is not found', BOARD_REMEDY],
  ['54n', 'device.fault', 'chip ids cannot be read', BOARD_REMEDY],
  ['55n', 'hashboard.chips-missing', 'hashboard has bad chips', CHIP_REMEDY],
  ['56n', 'device.fault', 'chips of the hashboard lost their balance', CHIP_REMEDY],
  ['57n', 'device.fault', 'transfer to a chip fails', BOARD_REMEDY],
  ['58n', 'device.fault', 'hashboard was reset', CHIP_REMEDY],
  ['59n', 'device.fault', 'frequency of the hashboard is too low', CHIP_REMEDY],

  ['600', 'temperature.fault', 'surroundings are too hot', HEAT_REMEDY],
  [
    '610',
    'temperature.fault',
    'surroundings are too hot for the high performance mode',
    'Choose normal or low power mode, or cool the intake.',
  ],

  ['700', 'device.fault', 'MAC address is not valid', FACTORY_REMEDY],
  [
    '701',
    'device.fault',
    'control board does not support these chips',
    'Fit the control board that belongs to this model.',
  ],
  ['710', 'device.fault', 'control board restarted by itself', FIRMWARE_REMEDY],
  ['711', 'device.fault', 'control board restarted by itself and runs slower', FIRMWARE_REMEDY],
  ['712', 'device.fault', 'control board restarted by itself', FIRMWARE_REMEDY],
  ['713', 'network.fault', 'network is unstable, the time was changed', 'Check cable, switch port and time server.'],
  ['714', 'device.fault', 'control board, cause not known', FIRMWARE_REMEDY],
  ['72n', 'device.fault', 'frames between control board and hashboard are broken', BOARD_REMEDY],

  ['800', 'firmware.fault', 'checksum of the mining program is wrong', FIRMWARE_REMEDY],
  ['801', 'firmware.fault', 'checksum of the system monitor is wrong', FIRMWARE_REMEDY],
  ['802', 'firmware.fault', 'checksum of the remote daemon is wrong', FIRMWARE_REMEDY],
  [
    '810',
    'firmware.fault',
    'board of an air-cooled machine with liquid-cooling firmware, or the reverse',
    FIRMWARE_REMEDY,
  ],
  ['900', 'hashrate.fault', 'efficiency, cause not known', RATE_REMEDY],
  ['901', 'hashrate.fault', 'power per hashrate is wrong', RATE_REMEDY],
  ['902', 'hashrate.fault', 'efficiency, cause not known', RATE_REMEDY],

  ['2000', 'pool.dead', 'no pool is configured', 'Set pools: headframe do ADDRESS set-pools.'],
  ['2010', 'pool.dead', 'all pools are disabled', POOL_REMEDY],
  ['202n', 'network.fault', 'pool cannot be connected', POOL_REMEDY],
  ['2030', 'pool.rejecting', 'pool rejects many shares', 'Check the worker name and the pool account.'],
  ['2040', 'pool.dead', 'pool does not support ASICBoost', 'Choose a pool that supports ASICBoost (version rolling).'],
  ['211n', 'device.fault', 'a step of the factory test failed', FACTORY_REMEDY],
  ['2310', 'hashrate.fault', 'hashrate is too low', RATE_REMEDY],
  ['2320', 'hashrate.fault', 'hashrate is too low', RATE_REMEDY],
  ['2330', 'hashrate.fault', 'hashrate loss is too high', RATE_REMEDY],
  ['2340', 'hashrate.fault', 'hashrate loss is too high', RATE_REMEDY],
  ['2350', 'hashrate.fault', 'hashrate loss', RATE_REMEDY],

  ['501n', 'device.fault', 'chip voltage is too low', CHIP_REMEDY],
  ['502n', 'device.fault', 'chip voltage changed', CHIP_REMEDY],
  ['503n', 'temperature.fault', 'chip temperatures differ too much', HEAT_REMEDY],
  ['504n', 'chip.temperature-high', 'hottest chip differs too much from the others', HEAT_REMEDY],
  ['505n', 'chip.temperature-high', 'hashboard stopped: its chips protect themselves from heat', HEAT_REMEDY],
  ['507n', 'temperature.fault', 'flow of the coolant is not normal', 'Check pump, hoses and filter of the coolant.'],
  ['5080', 'temperature.fault', 'calibration of the chip temperatures failed', 'Restore the factory settings.'],
  ['509n', 'temperature.fault', 'calibration of the chip temperatures is not balanced', CHIP_REMEDY],
  ['511n', 'hashrate.fault', 'frequency did not come up in time', CHIP_REMEDY],
  ['512n', 'device.fault', 'too many CRC errors', BOARD_REMEDY],
  ['513n', 'device.fault', 'hashboard is unstable', CHIP_REMEDY],
  ['517n', 'hashrate.fault', 'frequency did not come up in time', CHIP_REMEDY],

  ['8000', 'firmware.fault', 'the tool is too old', "Use the vendor's current tool."],
  ['8010', 'hashrate.fault', 'frequency is low', RATE_REMEDY],
  ['8020', 'hashrate.fault', 'hashrate is low', RATE_REMEDY],
  ['8035', 'temperature.fault', 'surroundings are hot', HEAT_REMEDY],
  ['8100', 'device.fault', 'chip data are wrong', FACTORY_REMEDY],
  ['8200', 'firmware.fault', 'version of the power supply is wrong', FIRMWARE_REMEDY],
  ['8210', 'firmware.fault', 'miner type is wrong', FIRMWARE_REMEDY],
  ['8220', 'firmware.fault', 'version information is wrong', FIRMWARE_REMEDY],
  ['8300', 'firmware.fault', 'power level is empty', FACTORY_REMEDY],
  ['8400', 'firmware.fault', 'firmware is old', FIRMWARE_REMEDY],
  ['8410', 'firmware.fault', 'software version is wrong', FIRMWARE_REMEDY],
  ['85n0', 'hashrate.fault', 'hashrate below the standard', RATE_REMEDY],
  ['85n1', 'psu.fault', 'power draw below the standard', RATE_REMEDY],
  ['85n2', 'fan.fault', 'fan speed below the standard', FAN_REMEDY],
  ['85n3', 'fan.fault', 'fan speed below the standard', FAN_REMEDY],
  ['85n4', 'psu.fault', 'voltage below the standard', PSU_REMEDY],
  ['8600', 'device.fault', 'product serial number is missing', FACTORY_REMEDY],
  ['8610', 'device.fault', 'product type is missing', FACTORY_REMEDY],
  ['8620', 'device.fault', 'miner serial number is missing', FACTORY_REMEDY],
  ['8621', 'device.fault', 'miner serial number has a wrong length', FACTORY_REMEDY],
  ['8630', 'psu.fault', 'serial number of the power supply is missing', FACTORY_REMEDY],
  ['8631', 'psu.fault', 'serial number of the power supply is wrong', FACTORY_REMEDY],
  ['8632', 'device.fault', 'miner serial number is faulty', FACTORY_REMEDY],
  ['864n', 'psu.fault', 'model data of the power supply are wrong', FACTORY_REMEDY],
  ['8650', 'device.fault', 'hashboard structure is wrong', FACTORY_REMEDY],
  ['8660', 'device.fault', 'cooling type is wrong', FACTORY_REMEDY],
  ['8670', 'device.fault', 'serial number of a hashboard is missing', FACTORY_REMEDY],
  ['8700', 'psu.fault', 'power of the machine does not match', FACTORY_REMEDY],
  ['9000', 'firmware.fault', 'the mining program ended by a signal', FIRMWARE_REMEDY],
  ['9010', 'firmware.fault', 'the mining program ended by a signal', FIRMWARE_REMEDY],
  ['9999', 'device.fault', 'the machine does not know the cause', FIRMWARE_REMEDY],
  ['100000', 'firmware.fault', 'security library is wrong', VIRUS_REMEDY],
  ['100001', 'firmware.fault', 'anti-virus: a signature is not valid', VIRUS_REMEDY],
  ['100002', 'firmware.fault', 'anti-virus: a start script is not valid', VIRUS_REMEDY],
  ['100003', 'firmware.fault', 'anti-virus: a part of the system is not valid', VIRUS_REMEDY],
  ['100100', 'firmware.fault', 'security part of the mining program was removed', VIRUS_REMEDY],
  ['110000', 'firmware.fault', 'anti-virus: a foreign file', VIRUS_REMEDY],
  ['110001', 'firmware.fault', 'anti-virus: a virus was removed', VIRUS_REMEDY],
];

/** By pattern: digits, and `n` for the number of a slot (or of a pool in 202n, of a level in 85n0). */
export const ERROR_CODES: ReadonlyMap<string, ErrorCodeEntry> = new Map(
  ROWS.map(([pattern, finding, meaning, remedy]) => [pattern, { finding, meaning, remedy }]),
);

/**
 * Errors of one chip: two digits, the slot, and the chip: one digit in a code of four, three in a code of six
 * (protocols.md 3.4).
 */
export const CHIP_ERRORS: ReadonlyMap<string, ErrorCodeEntry> = new Map([
  ['52', { finding: 'device.fault', meaning: 'chip gives wrong nonces', remedy: CHIP_REMEDY }],
  ['53', { finding: 'device.fault', meaning: 'chip gives too few nonces', remedy: CHIP_REMEDY }],
  ['54', { finding: 'chip.temperature-high', meaning: 'chip protects itself from heat', remedy: HEAT_REMEDY }],
  ['55', { finding: 'device.fault', meaning: 'chip was reset', remedy: CHIP_REMEDY }],
  ['56', { finding: 'device.fault', meaning: 'chip gives no nonces', remedy: CHIP_REMEDY }],
]);

/** What a code that is not listed is about, by its beginning (protocols.md 3.4); the first that fits. */
export const CODE_GROUPS: readonly (readonly [pattern: RegExp, entry: ErrorCodeEntry])[] = [
  [/^1\d\d$/, { finding: 'fan.fault', meaning: 'fan', remedy: FAN_REMEDY }],
  [/^2\d\d$/, { finding: 'psu.fault', meaning: 'power supply', remedy: PSU_REMEDY }],
  [/^3\d\d$/, { finding: 'temperature.fault', meaning: 'temperature or its sensors', remedy: HEAT_REMEDY }],
  [/^4[1-5]\d$/, { finding: 'device.fault', meaning: 'EEPROM of a hashboard', remedy: BOARD_REMEDY }],
  [/^5[1-9]\d$/, { finding: 'device.fault', meaning: 'hashboard', remedy: BOARD_REMEDY }],
  [/^7[0-2]\d$/, { finding: 'device.fault', meaning: 'control board', remedy: FIRMWARE_REMEDY }],
  [/^8\d\d$/, { finding: 'firmware.fault', meaning: 'checksum', remedy: FIRMWARE_REMEDY }],
  [/^23\d\d$/, { finding: 'hashrate.fault', meaning: 'hashrate', remedy: RATE_REMEDY }],
  [/^50\d\d$/, { finding: 'device.fault', meaning: 'slot', remedy: CHIP_REMEDY }],
  [/^8\d\d\d$/, { finding: 'firmware.fault', meaning: 'tool or version', remedy: FIRMWARE_REMEDY }],
  [/^100\d\d\d$/, { finding: 'firmware.fault', meaning: 'anti-virus', remedy: VIRUS_REMEDY }],
];
