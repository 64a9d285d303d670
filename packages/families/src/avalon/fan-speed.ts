import type { Parameter } from '@headframe/model';

/** A speed as it is meant: by the machine itself, one value, or a range within which the machine chooses. */
export type FanSpeed = 'auto' | { readonly min: number; readonly max: number };

interface FanRule {
  readonly min: number;
  readonly max: number;
  /** Whether the machine takes two bounds. */
  readonly ranges: boolean;
  /** Whether it can be given back to the machine. */
  readonly auto: boolean;
  readonly source: string;
}

/** `auto`, `60`, `40-80`. */
export const fanSpeed = ({ min, max, ranges, auto, source }: FanRule): Parameter<FanSpeed> => ({
  kind: 'text',
  about: 'fan speed',
  unit: '%',
  takes: [
    ...(auto ? ['auto'] : []),
    `${min} to ${max} %`,
    ...(ranges ? [`two of them as ${Math.max(min, 40)}-${Math.min(max, 80)}`] : []),
  ].join(', or '),
  source,
  optional: false,
  secret: false,
  read: (given) => {
    const word = typeof given === 'number' ? String(given) : typeof given === 'string' ? given.trim() : '';
    if (word.toLowerCase() === 'auto') return auto ? 'auto' : undefined;
    const found = /^(\d{1,3})\s*%?(?:\s*(?:-|\.\.)\s*(\d{1,3})\s*%?)?$/.exec(word);
    if (found === null || (found[2] !== undefined && !ranges)) return undefined;
    const [from, to] = [Number(found[1]), Number(found[2] ?? found[1])];
    return from >= min && to <= max && from <= to ? { min: from, max: to } : undefined;
  },
});
