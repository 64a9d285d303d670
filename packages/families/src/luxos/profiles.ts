import { HeadframeError } from '@headframe/model';
import { section } from '@headframe/wire/cgminer';

/** An operating point that the firmware tunes to at run time: no preset of the factory (`profiles`, protocols.md 8). */
export interface Profile {
  readonly name: string;
  /** Its place beside the default one: `-12`, `0`, `+1`. */
  readonly step: number | null;
  /** What the firmware expects of it, TH/s. */
  readonly hashrateThs: number | null;
  readonly powerW: number | null;
  readonly hasOverrides: boolean | null;
}

export const profilesIn = (doc: unknown): Profile[] =>
  section(doc, 'PROFILES').flatMap((record) => {
    const name = record.str('Profile Name');
    if (name === null) return [];
    return {
      name,
      step: record.num('Step'),
      hashrateThs: record.num('Hashrate'),
      powerW: record.num('Watts'),
      hasOverrides: record.bool('HasOverrides'),
    };
  });

/** What `profileset` would choose of what a person gave. */
export interface Choice {
  /** The profiles that it can be: one, or the two around a value that none has. */
  readonly names: readonly string[];
  /** What a person should know of it. */
  readonly note: string;
}

/**
 * Names, and the selectors `95.0THs`, `3.2kW`, `3200W`, `+1` (protocols.md 8).
 * @throws HeadframeError `usage/invalid` when nothing of this machine can be meant; nothing was sent
 */
export function chooseProfile(given: string, profiles: readonly Profile[]): Choice {
  // Alone it would be read as a board, and then the name is missing (protocols.md 8).
  if (/^[0-3]$/.test(given)) throw invalid(given, 'LuxOS reads 0 to 3 as the number of a board', profiles);
  const named = profiles.find(({ name }) => name === given);
  if (named !== undefined) return { names: [named.name], note: `Profile ${describe(named)}` };
  const selector = selectorFrom(given);
  if (selector === null) throw invalid(given, 'this machine has no profile of that name', profiles);
  const { of, value, isExact } = selector;
  const known = profiles.filter((one) => of(one) !== null);
  const exact = known.filter((one) => isExact(of(one) as number));
  if (exact.length > 0) {
    return { names: exact.map(({ name }) => name), note: `${given} is profile ${exact.map(describe).join(' or ')}` };
  }
  const below = nearest(
    known,
    of,
    (one) => one < value,
    (a, b) => a > b,
  );
  const above = nearest(
    known,
    of,
    (one) => one > value,
    (a, b) => a < b,
  );
  const around = [below, above].filter((one) => one !== null);
  if (around.length === 0 || given.startsWith('+') || given.startsWith('-')) {
    throw invalid(given, 'this machine has no profile there', profiles);
  }
  return {
    names: around.map(({ name }) => name),
    note: `No profile is exactly ${given}; how LuxOS rounds is not known. Around it: ${around.map(describe).join(', ')}`,
  };
}

interface Selector {
  readonly value: number;
  readonly of: (profile: Profile) => number | null;
  readonly isExact: (value: number) => boolean;
}

/** Null: it is none. Places behind the point as the firmware compares them: Luxor's page on profileset. */
export function selectorFrom(given: string): Selector | null {
  const [, sign, digits = '', unit] = /^([+-])?(\d{1,6}(?:\.\d{1,2})?)(THs|kW|W)?$/.exec(given) ?? [];
  const value = Number(digits);
  if (digits === '' || (sign === undefined) === (unit === undefined)) return null;
  if (unit === undefined) {
    const step = sign === '-' ? -value : value;
    return Number.isInteger(value) ? { value: step, of: ({ step: own }) => own, isExact: (own) => own === step } : null;
  }
  const rounded = (factor: number, places: number) => (own: number) =>
    (own / factor).toFixed(places) === value.toFixed(places);
  if (unit === 'THs') return { value, of: ({ hashrateThs }) => hashrateThs, isExact: rounded(1, 1) };
  const of = ({ powerW }: Profile) => powerW;
  return unit === 'kW' ? { value: value * 1000, of, isExact: rounded(1000, 2) } : { value, of, isExact: rounded(1, 0) };
}

function nearest(
  profiles: readonly Profile[],
  of: Selector['of'],
  fits: (value: number) => boolean,
  isBetter: (a: number, b: number) => boolean,
): Profile | null {
  let best: Profile | null = null;
  for (const one of profiles) {
    const value = of(one) as number;
    if (fits(value) && (best === null || isBetter(value, of(best) as number))) best = one;
  }
  return best;
}

const describe = ({ name, hashrateThs, powerW }: Profile): string => {
  const facts = [hashrateThs === null ? '' : `${hashrateThs} TH/s`, powerW === null ? '' : `${powerW} W`].filter(
    (fact) => fact !== '',
  );
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
};

function invalid(given: string, why: string, profiles: readonly Profile[]): HeadframeError {
  const names = profiles.map(({ name }) => name).join(', ') || 'none';
  const detail = `"${given}" is no profile: ${why} (it has: ${names}; or such as 95.0THs, 3.2kW, 3200W, +1); nothing was sent`;
  return new HeadframeError('usage/invalid', { detail });
}
