import { bitmain } from './bitmain.ts';
import { canaan } from './canaan.ts';
import { microbt } from './microbt.ts';
import { others } from './others.ts';
import type { CountField, MakeData, Row } from './row.ts';

/**
 * The hardware catalogue: what a model is made of. A separate axis from the firmware that runs on it.
 *
 * Facts gathered from the tables of two public libraries, with how far they agree. Nominal rates are not in it:
 * machines say theirs. A model that is not here is an unknown model, and everything else of it is read all the same.
 */
export interface Hardware {
  readonly make: string;
  /** As people say it: `Antminer S19 Pro`, `WhatsMiner M30S++`, `Avalon Q`. */
  readonly model: string;
  /** What parts machines of one model, such as the hardware version `VE30`; null where there is only one. */
  readonly variant: string | null;
  /** What machines of this kind say of themselves, upper case. */
  readonly wireNames: readonly string[];
  /** `sha256d`, `scrypt`, `x11` ... */
  readonly algorithm: string | null;
  readonly hashboards: number | null;
  readonly chipsPerBoard: number | null;
  /** 0: cooled by liquid, or passively. */
  readonly fans: number | null;
  /** How many independent tables have this device. */
  readonly sources: 1 | 2;
  /** Where the tables disagree, and what they say; that number is null. */
  readonly disputes: readonly Dispute[];
}

export interface Dispute {
  readonly field: CountField;
  readonly values: readonly number[];
}

const makes: readonly MakeData[] = [bitmain, microbt, canaan, ...others];

const COUNTS: readonly CountField[] = ['hashboards', 'chipsPerBoard', 'fans'];

/** Every device of the catalogue. */
export const catalogue = (): Hardware[] => makes.flatMap(devicesOf);

/**
 * The device behind a name that a machine says of itself, or behind a model's full name (`WhatsMiner M30S++ VE30`).
 * Only an exact name is an answer, apart from case, spaces, `_` and `-`: `Antminer S19 XP Hyd.` is not an
 * Antminer S19 XP. Null for every other name, never a guess.
 * @param make narrows the search to one manufacturer; with it the name may come without the product line (`S19 Pro`)
 */
export function findHardware(nameOnTheWire: string, make?: string): Hardware | null {
  const key = `${make ?? ''}\n${nameOnTheWire}`;
  let known = answered.get(key);
  if (known === undefined) {
    known = lookUp(nameOnTheWire, make);
    if (answered.size >= MOST_ANSWERS) answered.clear();
    answered.set(key, known);
  }
  return known;
}

/** A fleet has few models, and asks for them at every poll. Bounded, because names come from devices. */
const answered = new Map<string, Hardware | null>();
const MOST_ANSWERS = 1_000;

function lookUp(nameOnTheWire: string, make: string | undefined): Hardware | null {
  index ??= buildIndex();
  const found = (index.get(normalise(nameOnTheWire)) ?? []).filter((entry) =>
    make === undefined ? !entry.needsMake : normalise(entry.device.make) === normalise(make),
  );
  return found.length === 1 && found[0] !== undefined ? found[0].device : null;
}

interface Entry {
  readonly device: Hardware;
  /** A bare `T3` or `KS5` is the name of more machines than this catalogue knows: it counts only beside its make. */
  readonly needsMake: boolean;
}

// Built at first use: loading this must stay cheap for programs that look up nothing.
let index: Map<string, Entry[]> | undefined;

function buildIndex(): Map<string, Entry[]> {
  const built = new Map<string, Entry[]>();
  for (const data of makes) {
    for (const device of devicesOf(data)) {
      for (const [name, needsMake] of namesOf(device, data.lines)) {
        built.set(name, [...(built.get(name) ?? []), { device, needsMake }]);
      }
    }
  }
  return built;
}

/** Every name of a device, normalised, and whether it needs the make beside it. */
function namesOf(device: Hardware, lines: readonly string[]): Map<string, boolean> {
  const full = device.variant === null ? device.model : `${device.model} ${device.variant}`;
  const bare = lines[0] === undefined ? full : full.slice(lines[0].length);
  const names = new Map([[normalise(bare), true]]);
  for (const line of lines) names.set(normalise(line + bare), false);
  for (const name of device.wireNames) names.set(normalise(name), false);
  return names;
}

const normalise = (name: string): string => name.toUpperCase().replace(/[\s_-]/g, '');

/** The devices of one product line; two rows of one model and variant are one device, told twice. */
function devicesOf(data: MakeData): Hardware[] {
  const found = new Map<string, Hardware>();
  for (const row of data.rows) {
    const device = hardwareOf(data, row);
    const key = `${device.model} ${device.variant}`;
    const known = found.get(key);
    found.set(key, known === undefined ? device : merge(known, device));
  }
  return [...found.values()];
}

function hardwareOf(data: MakeData, row: Row): Hardware {
  const [model, variant, wireNames, algorithm, hashboards, chipsPerBoard, fans, sources, disputes = {}] = row;
  return {
    make: data.make,
    model: [...data.lines.slice(0, 1), model].join(' '),
    variant,
    wireNames,
    algorithm,
    hashboards,
    chipsPerBoard,
    fans,
    sources,
    disputes: COUNTS.flatMap((field) => {
      const values = disputes[field];
      return values === undefined ? [] : [{ field, values }];
    }),
  };
}

/** One device, told by two tables under two names: where their numbers disagree, nobody knows. */
function merge(a: Hardware, b: Hardware): Hardware {
  const counts = { hashboards: a.hashboards, chipsPerBoard: a.chipsPerBoard, fans: a.fans };
  const disputes = [...a.disputes, ...b.disputes];
  for (const field of COUNTS) {
    const [one, other] = [a[field], b[field]];
    if (one !== null && other !== null && one !== other) disputes.push({ field, values: [one, other] });
    counts[field] = disputes.some((dispute) => dispute.field === field) ? null : (one ?? other);
  }
  return {
    ...a,
    ...counts,
    wireNames: [...new Set([...a.wireNames, ...b.wireNames])],
    algorithm: a.algorithm ?? b.algorithm,
    sources: 2,
    disputes,
  };
}
