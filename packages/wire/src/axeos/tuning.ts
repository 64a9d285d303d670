import { HeadframeError, type Seen } from '@headframe/model';
import type { Fields } from '../json/index.ts';
import { shows } from './change.ts';

/* Clock, voltage and fan: what was set against what the hardware does. */

/** What the documents leave open. */
const ASSUMED = {
  /** How far the measured voltage may lie from what was set: 1144 for 1150 mV, 1172 for 1166 mV were seen. */
  voltageWithinMv: 60,
  /** How far the clock that chips run at may lie from what was set: PLLs have their own steps. */
  clockWithinMHz: 7,
  /** How far the duty of a fan may lie from what was set. */
  dutyWithinPercent: 2,
  /** A value beyond the highest that the device lists by this much is taken for a slip of the finger. */
  slip: 1.5,
};

const near = (seen: number | null, wanted: number, within: number): boolean =>
  seen !== null && Math.abs(seen - wanted) <= within;

/** @param stands its chips may be without clock and voltage, so that only the setting counts */
export function clockSeen(info: Fields, frequencyMHz: number, stands: boolean): Seen {
  const actual = info.num('actualFrequency');
  const { done, values } = shows(info, { frequency: frequencyMHz });
  const runs = actual === null || stands || near(actual, frequencyMHz, ASSUMED.clockWithinMHz);
  return { done: done && runs, values: { ...values, ...(actual === null ? {} : { actualFrequency: actual }) } };
}

/** `coreVoltage` repeats what it was told, `coreVoltageActual` is measured. @param stands as above */
export function voltageSeen(info: Fields, coreVoltage: number, stands: boolean): Seen {
  const actual = info.num('coreVoltageActual');
  const { done, values } = shows(info, { coreVoltage });
  const runs = actual === null || stands || near(actual, coreVoltage, ASSUMED.voltageWithinMv);
  return { done: done && runs, values: { ...values, coreVoltageActual: actual } };
}

/** `fanspeed` is the duty that the fan really gets. */
export const dutySeen = (info: Fields, percent: number): Seen => ({
  done: near(info.num('fanspeed'), percent, ASSUMED.dutyWithinPercent),
  values: { fanspeed: info.num('fanspeed') },
});

/**
 * Clocks and voltages are taken as they come by the firmware, up to 65535 (protocols.md 6.4): what lies far beyond
 * everything that the device lists is not sent.
 * @throws HeadframeError `usage/invalid`: nothing was sent
 */
export function refuseSlip(wanted: number, unit: string, listed: readonly number[]): void {
  if (listed.length === 0 || wanted <= Math.max(...listed) * ASSUMED.slip) return;
  const detail = `${wanted} ${unit} is far beyond what this device is made for (it lists ${listed.join(', ')} ${unit}); nothing was sent`;
  throw new HeadframeError('usage/invalid', { detail });
}

/** Numbers of a list of the device. */
export const numbersIn = (record: Fields, name: string): number[] =>
  record
    .list(name)
    .slice(0, 100)
    .filter((one) => typeof one === 'number');

/** @returns two records as one look */
export const both = (one: Seen, other: Seen): Seen => ({
  done: one.done && other.done,
  values: { ...one.values, ...other.values },
});
