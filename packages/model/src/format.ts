import type { Unit } from './quantity.ts';

/*
 * Quantities as a person says them: `110.6 TH/s`, `3.25 kW`, `29.5 J/TH`. Only for eyes: JSON keeps base units.
 * What is not known is an en dash, never a zero.
 */

/** What stands for a value that is not known. */
export const UNKNOWN = '–';

type Maybe = number | null | undefined;

const known = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value);

/** Two decimals below 10, one below 1,000: three or four digits that say something. */
const digits = (value: number): string => value.toFixed(Math.abs(value) < 9.995 ? 2 : 1);

/** Whole numbers stay whole, others have one decimal. */
const oneDecimal = (value: number): string => String(+value.toFixed(1));

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z'] as const;

/** The value below 1,000 and the SI prefix that goes with it. */
function scaled(value: number): { value: number; prefix: string } {
  let power = 0;
  // 999.95 would round to 1000.0: the next prefix says it shorter.
  while (Math.abs(value) >= 999.95 && power < PREFIXES.length - 1) {
    value /= 1000;
    power++;
  }
  return { value, prefix: PREFIXES[power] ?? '' };
}

/** @param hs hashes per second -> `110.6 TH/s`; a machine that stands still is `0 H/s` */
export function formatHashrate(hs: Maybe): string {
  if (!known(hs)) return UNKNOWN;
  if (hs === 0) return '0 H/s';
  const { value, prefix } = scaled(hs);
  return `${digits(value)} ${prefix}H/s`;
}

/** @param w watts -> `14.6 W`, `850 W`, `3.25 kW` */
export function formatPower(w: Maybe): string {
  if (!known(w)) return UNKNOWN;
  if (Math.abs(w) < 99.95) return `${oneDecimal(w)} W`;
  if (Math.abs(w) < 999.5) return `${w.toFixed(0)} W`;
  const { value, prefix } = scaled(w);
  return prefix === '' ? `${digits(w / 1000)} kW` : `${digits(value)} ${prefix}W`;
}

/** @param c degrees Celsius -> `64 °C`, `64.5 °C` */
export const formatTemp = (c: Maybe): string => (known(c) ? `${oneDecimal(c)} °C` : UNKNOWN);

/** @param jth joules per terahash -> `29.5 J/TH` */
export const formatEfficiency = (jth: Maybe): string => (known(jth) ? `${jth.toFixed(1)} J/TH` : UNKNOWN);

/** Large numbers that are no quantities, such as difficulties: `847`, `524.3 k`, `12.9 G`. */
export function formatCount(count: Maybe): string {
  if (!known(count)) return UNKNOWN;
  if (Math.abs(count) < 999.95) return oneDecimal(count);
  const { value, prefix } = scaled(count);
  return `${value.toFixed(1)} ${prefix}`;
}

const SPANS = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'min', seconds: 60 },
  { unit: 's', seconds: 1 },
] as const;

/** @param s seconds -> the two largest units: `14 h 1 min`, `3 d 4 h`, `45 s` */
export function formatDuration(s: Maybe): string {
  if (!known(s) || s < 0) return UNKNOWN;
  let rest = Math.floor(s);
  const first = SPANS.findIndex((span) => rest >= span.seconds);
  if (first < 0) return '0 s';
  const parts: string[] = [];
  for (const span of SPANS.slice(first, first + 2)) {
    const whole = Math.floor(rest / span.seconds);
    rest -= whole * span.seconds;
    if (whole > 0) parts.push(`${whole} ${span.unit}`);
  }
  return parts.join(' ');
}

/** @param ms milliseconds since then -> the largest unit alone: `< 1 s`, `3 s`, `5 min`, `2 h`, `9 d` */
export function formatAge(ms: Maybe): string {
  if (!known(ms)) return UNKNOWN;
  const seconds = Math.floor(ms / 1000);
  const span = SPANS.find((candidate) => seconds >= candidate.seconds);
  // A clock that is a little behind makes an age below zero: that is now.
  return span === undefined ? '< 1 s' : `${Math.floor(seconds / span.seconds)} ${span.unit}`;
}

/** The end of the calendar, epoch ms: a device may claim a later time. */
const LAST_DATE_MS = 8.64e15;

/** A quantity of the snapshot by its unit, for tables that are built from the schema. */
export function formatQuantity(value: Maybe, unit: Unit | null): string {
  if (!known(value)) return UNKNOWN;
  switch (unit) {
    case 'H/s':
      return formatHashrate(value);
    case 'W':
      return formatPower(value);
    case 'J/TH':
      return formatEfficiency(value);
    case '°C':
      return formatTemp(value);
    case 's':
      return formatDuration(value);
    case 'difficulty':
      return formatCount(value);
    case 'epoch ms':
      return Math.abs(value) <= LAST_DATE_MS ? new Date(value).toISOString() : UNKNOWN;
    case 'V':
    case 'A':
      return `${+value.toFixed(2)} ${unit}`;
    case 'MHz':
    case 'rpm':
    case '%':
    case 'dBm':
    case 'ms':
      return `${oneDecimal(value)} ${unit}`;
    case 'count':
    case null:
      return String(value);
  }
}

/** Make and model as people say them; the make once, where the model begins with it. Null when neither is known. */
export function machineName(make: string | null, model: string | null): string | null {
  if (model === null) return make;
  return make === null || model.startsWith(make) ? model : `${make} ${model}`;
}
