import { normal } from '../sim/counter-random.ts';
import { type LuxRecord, real, rounded } from './sim-json.ts';
import type { LuxosMachine } from './sim-machine.ts';
import { serialOf } from './sim-records.ts';
import { CORNERS, cornerC, fanPercent, fanRpm } from './sim-sensors.ts';

/*
 * temps, fans and what can be asked of one board or one chip.
 */

const GH = 1e9;
/** Chips are counted for so long before they are judged, ms. */
const HEALTH_MS = 60_000;
/** Hashes behind one count. */
const COUNT_HASHES = 2 ** 35;
/** The labels of the fans do not follow their numbers (`protocols.md` 8). */
const FAN_LABELS = ['FAN4', 'FAN2', 'FAN1', 'FAN3'] as const;

export const fanRecord = (machine: LuxosMachine, now: number, fan: number): LuxRecord => ({
  FAN: FAN_LABELS[fan] ?? `FAN${fan + 1}`,
  ID: fan,
  RPM: fanRpm(machine, now, fan),
  Speed: fanPercent(machine, now),
});

export const fanControl = ({ settings }: LuxosMachine): LuxRecord => ({
  MinFans: settings.fan.minFans,
  PowerOffSpeed: settings.fan.powerOffSpeed,
});

export const temperatureRecord = (machine: LuxosMachine, now: number, board: number): LuxRecord => ({
  ID: board,
  TEMP: board,
  ...Object.fromEntries(
    (Object.keys(CORNERS) as (keyof typeof CORNERS)[]).map((corner) => [
      corner,
      real(cornerC(machine, now, board, corner)),
    ]),
  ),
});

/** Where the places are: the air comes in on the right. */
export const PLACES: LuxRecord = {
  TopLeft: { Label: 'Board Exhaust (top)', Position: [0, 0] },
  TopRight: { Label: 'Board Intake (top)', Position: [0, 1] },
  BottomLeft: { Label: 'Board Exhaust (bottom)', Position: [1, 0] },
  BottomRight: { Label: 'Board Intake (bottom)', Position: [1, 1] },
};

/** One chip as the health check sees it. Rows run to and fro: every second one from right to left. */
export function chipRecord(machine: LuxosMachine, now: number, board: number, chip: number): LuxRecord {
  const { chips, perDomain } = machine.plan;
  const row = Math.floor(chip / perDomain);
  const place = chip % perDomain;
  const mhz = machine.run.chipMhz(now, board, chip);
  const checked = Math.floor(now / HEALTH_MS);
  const asked = machine.run.checkedAt.get(`${board},${chip}`) ?? 0;
  const { factor } = machine.settings.health;
  const expected = ((mhz * machine.plan.ghsPerMhz * GH * HEALTH_MS) / 1000 / COUNT_HASHES) * 0.99;
  const dead = machine.isDeadChip(board, chip);
  const luck = normal(machine.key('chip', board, chip), checked);
  const count = dead ? 0 : Math.max(0, Math.round(expected + Math.sqrt(expected) * luck));
  const share = expected > 0 ? count / expected / chips : 0;
  const ghs = (window: number) => rounded((share * machine.run.rateHs(now, window, board)) / GH);
  return {
    Board: board,
    Chip: chip,
    Column: row % 2 === 0 ? place : perDomain - 1 - place,
    Row: row,
    Domain: row,
    Frequency: mhz,
    'GHS 1m': ghs(60),
    'GHS 5m': ghs(300),
    'GHS 15m': ghs(900),
    HashCount: count,
    HashExpected: Math.round(expected),
    HashMin: Math.ceil(expected * factor),
    Healthy: count > expected * factor ? 'Y' : 'N',
    IsChecking: false,
    Score: rounded(expected > 0 ? (100 * count) / expected : 0),
    When: Math.max(checked * HEALTH_MS, asked),
  };
}

/** The names of these fields are known, their order and the rest of the record are not. */
export const frequencyRecord = (machine: LuxosMachine, now: number, board: number, chip: number | null): LuxRecord => {
  const { chips } = machine.plan;
  const mhz = (one: number): number => machine.run.chipMhz(now, board, one);
  return chip === null
    ? { Board: board, Count: chips, Freqs: Array.from({ length: chips }, (_, one) => mhz(one)) }
    : { Board: board, Chip: chip, Count: 1, Freqs: [mhz(chip)] };
};

export const voltageRecord = (machine: LuxosMachine, board: number): LuxRecord => ({
  Board: board,
  Voltage: real(machine.volts(board)),
});

/** The names of these fields are known, no whole reply was published. */
export const deviceDetails = (machine: LuxosMachine, now: number, board: number): LuxRecord => ({
  DEVDETAILS: board,
  ID: board,
  Name: '',
  Driver: '',
  Kernel: '',
  'Device Path': '',
  Model: machine.plan.label.model,
  Board: machine.plan.boardType,
  Chips: machine.plan.chips,
  Cores: 0,
  Frequency: machine.run.mhz(now, board),
  Voltage: real(machine.volts(board)),
  Profile: machine.profile.name,
  SerialNumber: serialOf(machine, board),
});
