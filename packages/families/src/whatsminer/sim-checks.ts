import { ASSUMED } from './sim-assumed.ts';
import { CUSTOM_KEYS } from './sim-settings.ts';
import type { WhatsminerUnit } from './sim-unit.ts';

/*
 * What both APIs of a WhatsMiner ask of a value.
 */

/** Whole numbers are sent as strings (protocols.md 3.3) or as numbers, and both are taken. */
export function intIn(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  return typeof value === 'string' && /^-?\d{1,12}$/.test(value) ? Number(value) : null;
}

/** A text that is there and not too long; null otherwise. */
export const textIn = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= ASSUMED.mostCharacters ? value : null;

const ADDRESS = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
export const isAddress = (text: string | null): text is string => text !== null && ADDRESS.test(text);

export const isLedPattern = (color: unknown, period: number, duration: number, start: number): boolean =>
  (color === 'red' || color === 'green') && period > 0 && duration >= 0 && start >= 0 && duration <= period;

/** A server for the log: its settings, or null when they are none. */
export function logServerIn(args: Readonly<Record<string, unknown>>) {
  const [ip, proto] = [textIn(args.ip), textIn(args.proto)];
  const port = intIn(args.port);
  if (!isAddress(ip) || port === null || port < 1 || port > 65_535) return null;
  return proto === 'tcp' || proto === 'udp' ? { ip, port: String(port), proto } : null;
}

/** Key and value are shorter than 128 each (protocols.md 3.3). */
export const isCustom = (key: string, value: string): boolean =>
  CUSTOM_KEYS.includes(key) && new TextEncoder().encode(value).length < 128;

export const customRecord = ({ settings }: WhatsminerUnit) =>
  Object.fromEntries(CUSTOM_KEYS.map((key) => [key, settings.custom[key] ?? '']));
