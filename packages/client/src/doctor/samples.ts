import { type Look, type Reply, type Sampled, type Samples, wasSeen } from '@headframe/model';
import { cleaned, inMs, notSeen, whyNotSeen } from './exchanges.ts';

/** What is compared: more fields tell nothing more. */
const MOST_FIELDS = 80;
const MOST_DEPTH = 5;

/** Counts the time since a start. */
const CLOCK = /^(?:elapsed|device elapsed|uptime|uptime ?s(?:econds)?|runtime|minutes)$/i;
/** Grows as long as it works. */
const COUNTER =
  /^(?:accepted|rejected|stale|discarded|getworks?|local work|hardware errors|total mh|diff1 (?:work|shares)|difficulty (?:accepted|rejected|stale)|shares(?:accepted|rejected)|no_matching_work|chain_hw\d*|totals|work utility|utility)$/i;
/** Trembles on a machine that works: temperatures, fans, rates, volts, watts. */
const SENSOR =
  /temp|fan|rpm|^(?:ghs|mhs|ths) (?:\d+[sm]|rt)$|^hs rt$|^hash ?rate(?:_?\d+[smh])?$|^total_rate$|^chain_rate\d+$|^tmax$|^tavg$|^power$|^voltage$|^current$|wifirssi|device hardware%|^boardtemp|^bottom|^top|^rates$/i;
/** Settings and limits look like sensors, and never move. */
const CONSTANT =
  /_?num$|[_ ]max$|[_ ]min$|target|limit|ideal|mode|expected|nominal|auto|colou?r|enabled|default|version|speed ?set|curve|invert|fan_?count|overheat/i;

/** Takes samples a time apart, while the same request brings them. Never rejects but when the examination ends. */
export interface Sampling {
  readonly ask: () => Promise<Reply>;
  readonly wait: (ms: number) => Promise<void>;
  readonly everyMs: number;
  /** Whether two more, 30 s apart, may follow where no sensor moved. */
  readonly mayWait: boolean;
  readonly onStep: (what: string) => void;
  readonly command: string;
}

const LONG_MS = 30_000;

/** Three samples, and two more where no sensor moved (protocols.md 12, row 18). */
export async function takeSamples(sampling: Sampling): Promise<Look<Samples>> {
  const taken: Reply[] = [];
  const take = async (waitMs: number): Promise<Reply | null> => {
    if (taken.length > 0) await sampling.wait(waitMs);
    const reply = await sampling.ask();
    if (reply.doc === null) return reply;
    taken.push(reply);
    return null;
  };
  for (let i = 0; i < 3; i++) {
    const failed = await take(sampling.everyMs);
    if (failed !== null && taken.length < 2)
      return failed.error === null ? notSeen('it said nothing') : whyNotSeen(failed.error);
    if (failed !== null) return looked(taken, sampling.command);
  }
  const short = looked(taken, sampling.command);
  if (!sampling.mayWait || !wasSeen(short) || !isSuspicious(short.value)) return short;
  sampling.onStep('two more samples, 30 s apart: its sensors stand still');
  for (let i = 0; i < 2; i++) if ((await take(LONG_MS)) !== null) break;
  return looked(taken, sampling.command);
}

/**
 * No temperature, fan or rate moves, whatever the shares do: values that are not read any more, or a quiet machine. A clock
 * that stands still is one of those too, unless it counts in minutes, as that of ethminer does (protocols.md 5.5).
 */
function isSuspicious({ fields }: Samples): boolean {
  const clocks = fields.filter(({ kind }) => kind === 'clock');
  const sensors = fields.filter(({ kind }) => kind === 'sensor');
  const goesOn = clocks.some((field) => moved(field) || field.field === 'minutes');
  return goesOn && sensors.length > 0 && !sensors.some(moved);
}

export const moved = ({ values }: Sampled): boolean => values.some((value) => value !== values[0]);

function looked(taken: readonly Reply[], command: string): Look<Samples> {
  const last = taken.at(-1);
  const first = taken[0];
  if (first === undefined || last === undefined) return notSeen('no sample came');
  const rows = taken.map(({ doc }) => fieldsIn(doc));
  const fields: Sampled[] = [...(rows[0] ?? new Map())].map(([field, { kind }]) => ({
    field,
    kind,
    values: rows.map((row) => row.get(field)?.value ?? null),
  }));
  const spanMs = last.meta.at - first.meta.at;
  const value = { spanS: Math.round(spanMs / 100) / 10, count: taken.length, fields };
  return {
    value,
    at: last.meta.at,
    ms: spanMs,
    bytes: taken.reduce((sum, { meta }) => sum + meta.bytes, 0),
    line: inWords(value),
    command,
  };
}

function inWords({ spanS, count, fields }: Samples): string {
  const clocks = fields.filter(({ kind }) => kind === 'clock');
  const others = fields.filter(({ kind }) => kind !== 'clock');
  const moving = others.filter(moved);
  const clock =
    clocks.length === 0 ? 'it shows no clock' : `${clocks[0]?.field} ${clocks.some(moved) ? 'moved' : 'stood still'}`;
  const names = moving.slice(0, 3).map(({ field }) => cleaned(field, 24));
  const which = names.length === 0 ? '' : ` (${names.join(', ')}${moving.length > names.length ? ', ...' : ''})`;
  return `${count} samples over ${inMs(spanS * 1000)}: ${clock}, ${moving.length} of ${others.length} other values moved${which}`;
}

interface Found {
  readonly kind: Sampled['kind'];
  readonly value: number | string;
}

/** The fields of a reply that tell whether it lives, by their names. The first of a name counts; others get its place. */
export function fieldsIn(doc: unknown): Map<string, Found> {
  const found = new Map<string, Found>();
  const keep = (name: string, value: number | string): void => {
    const kind = kindOf(name);
    if (kind === null || found.size >= MOST_FIELDS) return;
    let field = cleaned(name, 40);
    for (let i = 1; found.has(field) && i < 20; i++) field = `${cleaned(name, 40)}#${i}`;
    found.set(field, { kind, value: typeof value === 'string' ? cleaned(value, 80) : value });
  };
  const walk = (value: unknown, name: string, depth: number): void => {
    if (found.size >= MOST_FIELDS || depth > MOST_DEPTH) return;
    if (typeof value === 'number') keep(name, value);
    else if (typeof value === 'string') {
      // Avalon writes its record as `Temp[31] Fan1[4200] ...` (protocols.md 4).
      const pairs = [...value.slice(0, 8192).matchAll(/(\w{1,40})\[([^\][]{1,80})\]/g)];
      if (pairs.length > 2) for (const [, key = '', text = ''] of pairs) keep(key, text);
      else keep(name, value);
    } else if (Array.isArray(value)) for (const one of value.slice(0, 16)) walk(one, name, depth + 1);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) if (key !== 'STATUS') walk(inner, key, depth + 1);
    }
  };
  const rpc = resultOf(doc);
  if (rpc === null) walk(doc, '', 0);
  else for (const [name, value] of rpc) keep(name, value);
  return found;
}

/** miner_getstat1 answers a list of strings without names (protocols.md 5.5). */
const STAT_NAMES: Readonly<Record<number, string>> = {
  1: 'minutes',
  2: 'totals',
  3: 'rates',
  6: 'temperatures and fans',
};

function resultOf(doc: unknown): [string, string][] | null {
  const result = (doc as { result?: unknown } | null)?.result;
  if (!Array.isArray(result)) return null;
  return Object.entries(STAT_NAMES).flatMap(([index, name]): [string, string][] => {
    const value: unknown = result[Number(index)];
    return typeof value === 'string' ? [[name, value]] : [];
  });
}

function kindOf(name: string): Sampled['kind'] | null {
  if (CLOCK.test(name)) return 'clock';
  if (COUNTER.test(name)) return 'counter';
  return SENSOR.test(name) && !CONSTANT.test(name) ? 'sensor' : null;
}
