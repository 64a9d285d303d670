import type { Unit } from './quantity.ts';

/**
 * What an action takes, on one machine: typed, with its unit and its range, and where the range comes from.
 * A value is given by a program (a number, a list) or by a person (a word); both are read by the same parameter.
 */
export interface Parameter<T = unknown> {
  readonly kind: 'integer' | 'number' | 'text' | 'choice' | 'flag' | 'pool' | 'pools' | 'file';
  /** What it is, as a part of a sentence: `power limit at the wall`. */
  readonly about: string;
  readonly unit?: Unit;
  /** What it takes, in words: `0 to 100 %`, `on or off`. */
  readonly takes: string;
  /** Where that comes from: firmware and document, such as `AxeOS 2.9, PATCH /api/system fanspeed`. */
  readonly source: string;
  readonly optional: boolean;
  /** Never shown: not in a preview, a dry run, an error or an audit. */
  readonly secret: boolean;
  /** The words that fit, where there are few. */
  readonly choices?: readonly string[];
  /** The value as the action uses it; undefined when what was given does not fit. */
  readonly read: (given: unknown) => T | undefined;
}

/** A pool as a machine is told of it. */
export interface PoolSetting {
  readonly url: string;
  readonly worker: string;
  readonly password: string;
}

/** A file that goes to a machine: its name and what is in it. */
export interface FileToSend {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface NumberRange {
  readonly about: string;
  readonly unit?: Unit;
  readonly min: number;
  readonly max: number;
  readonly source: string;
}

/** A whole number within a range, both ends included. */
export const integer = (range: NumberRange): Parameter<number> => numeric('integer', range, Number.isInteger);

/** A number within a range, both ends included. */
export const number = (range: NumberRange): Parameter<number> => numeric('number', range, Number.isFinite);

function numeric(kind: 'integer' | 'number', range: NumberRange, fits: (value: number) => boolean): Parameter<number> {
  const { about, unit, min, max, source } = range;
  const [from, to] = [min, max].map((bound) => bound.toLocaleString('en-US', { maximumFractionDigits: 6 }));
  return {
    kind,
    about,
    ...(unit === undefined ? {} : { unit }),
    takes: `${kind === 'integer' ? '' : 'a number of '}${from} to ${to}${unit === undefined ? '' : ` ${unit}`}`,
    source,
    optional: false,
    secret: false,
    read: (given) => {
      const value = typeof given === 'string' ? numberOf(given, unit) : given;
      return typeof value === 'number' && fits(value) && value >= min && value <= max ? value : undefined;
    },
  };
}

/** `130%`, `3000W`, `3,000 W`, `12.5`: the unit may stand behind the number, no other word may. */
function numberOf(text: string, unit: Unit | undefined): number | undefined {
  const bare = unit === undefined ? text.trim() : text.trim().replace(new RegExp(`\\s*${escaped(unit)}$`, 'i'), '');
  return /^[+-]?\d{1,15}(?:\.\d{1,9})?$/.test(bare) ? Number(bare) : undefined;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** The same number, or `auto`: the machine decides by itself again. */
export const orAuto = (parameter: Parameter<number>): Parameter<number | 'auto'> => ({
  ...parameter,
  takes: `${parameter.takes}, or auto`,
  read: (given) =>
    typeof given === 'string' && given.trim().toLowerCase() === 'auto' ? 'auto' : parameter.read(given),
});

export interface TextRule {
  readonly about: string;
  /** Longest text in bytes of UTF-8. */
  readonly most: number;
  readonly source: string;
  /** What fits, and the same in words: `letters, digits and -`. */
  readonly pattern?: RegExp;
  readonly inWords?: string;
}

/** A text without control characters. */
export function text(rule: TextRule): Parameter<string> {
  const { about, most, source, pattern, inWords = 'text' } = rule;
  return {
    kind: 'text',
    about,
    takes: `${inWords} of 1 to ${most} bytes`,
    source,
    optional: false,
    secret: false,
    read: (given) =>
      typeof given === 'string' && isPlain(given, most) && (pattern?.test(given) ?? true) ? given : undefined,
  };
}

const NUMBER = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
/** An IPv4 address in its usual form: no leading zeros, which some read as octal. */
export const IPV4: RegExp = new RegExp(`^(?:${NUMBER}\\.){3}${NUMBER}$`);

/** An IPv4 address, as text. */
export const ipv4 = ({ about, source }: { readonly about: string; readonly source: string }): Parameter<string> => ({
  ...text({ about, most: 15, source, pattern: IPV4 }),
  takes: 'an IPv4 address',
});

/** A text that is never shown, such as a password. */
export const secret = (rule: TextRule): Parameter<string> => ({ ...text(rule), secret: true });

const encoder = new TextEncoder();

const isPlain = (given: string, most: number): boolean =>
  given !== '' && !hasControls(given) && encoder.encode(given).length <= most;

/** Whether a text holds a control character: no field of these protocols takes one, and some servers stumble over them. */
function hasControls(given: string): boolean {
  for (let i = 0; i < given.length; i++) {
    const unit = given.charCodeAt(i);
    if (unit < 0x20 || unit === 0x7f) return true;
  }
  return false;
}

/** One of a few words, in any case. */
export function choice<const T extends string>(
  words: readonly [T, ...T[]],
  rule: { readonly about: string; readonly source: string },
): Parameter<T> {
  return {
    kind: 'choice',
    ...rule,
    takes: words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`,
    optional: false,
    secret: false,
    choices: words,
    read: (given) =>
      typeof given === 'string' ? words.find((word) => word.toLowerCase() === given.trim().toLowerCase()) : undefined,
  };
}

const YES = ['on', 'true', 'yes', '1'];
const NO = ['off', 'false', 'no', '0'];

/** On or off. */
export const flag = (rule: { readonly about: string; readonly source: string }): Parameter<boolean> => ({
  kind: 'flag',
  ...rule,
  takes: 'on or off',
  optional: false,
  secret: false,
  read: (given) => {
    if (typeof given === 'boolean') return given;
    const word = typeof given === 'string' ? given.trim().toLowerCase() : '';
    return YES.includes(word) ? true : NO.includes(word) ? false : undefined;
  },
});

export interface PoolRule {
  readonly source: string;
  /** Longest URL, worker name and password, in bytes. */
  readonly most: number;
}

/** One pool: `{ url, worker, password }`, or a person's `URL,WORKER[,PASSWORD]`; the password is `x` when left out. */
export const pool = ({ source, most }: PoolRule): Parameter<PoolSetting> => ({
  kind: 'pool',
  about: 'pool',
  takes: `URL,WORKER[,PASSWORD], each of 1 to ${most} bytes, the URL like stratum+tcp://host:port`,
  source,
  optional: false,
  secret: false,
  read: (given) => poolFrom(given, most),
});

/** The whole list of pools, in the order of their priority. */
export const pools = ({ source, most, slots }: PoolRule & { readonly slots: number }): Parameter<PoolSetting[]> => ({
  kind: 'pools',
  about: 'pools in the order of their priority',
  takes: `1 to ${slots} pools, each URL,WORKER[,PASSWORD] of 1 to ${most} bytes, the URL like stratum+tcp://host:port`,
  source,
  optional: false,
  secret: false,
  read: (given) => {
    const list = typeof given === 'string' ? given.trim().split(/\s+/) : given;
    if (!Array.isArray(list) || list.length < 1 || list.length > slots) return undefined;
    const read = list.map((one) => poolFrom(one, most));
    return read.every((one) => one !== undefined) ? read : undefined;
  },
});

/** What pools of every coin begin with; `stratum2+tcp` with a key behind the port. */
const POOL_URL = /^[a-z][a-z0-9+.-]{1,30}:\/\/[^\s,/]+(?:\/\S*)?$/i;

function poolFrom(given: unknown, most: number): PoolSetting | undefined {
  const [url, worker, password = 'x'] =
    typeof given === 'string' ? split(given) : isRecord(given) ? [given.url, given.worker, given.password] : [];
  const fits = (part: unknown): part is string => typeof part === 'string' && isPlain(part, most);
  if (!fits(url) || !fits(worker) || !(password === '' || fits(password)) || !POOL_URL.test(url)) return undefined;
  return { url, worker, password };
}

/** Only two commas part a pool: a password may hold more. */
function split(given: string): string[] {
  const [url = '', worker = '', ...password] = given.split(',');
  return password.length === 0 ? [url, worker] : [url, worker, password.join(',')];
}

/** A file; a program gives its bytes, the command line reads them from a path. */
export const file = (rule: { readonly about: string; readonly source: string; readonly mostBytes: number }) =>
  ({
    kind: 'file',
    about: rule.about,
    takes: `a file of 1 to ${rule.mostBytes.toLocaleString('en-US')} bytes`,
    source: rule.source,
    optional: false,
    secret: false,
    read: (given) => {
      if (!isRecord(given) || typeof given.name !== 'string' || !(given.bytes instanceof Uint8Array)) return undefined;
      const { name, bytes } = given;
      return bytes.length > 0 && bytes.length <= rule.mostBytes ? { name, bytes } : undefined;
    },
  }) satisfies Parameter<FileToSend>;

/** The checksum that goes with a {@link file}: without it no file is sent. @param source where a person finds it */
export const fileSum = (source: string): Parameter<string> =>
  text({
    about: 'SHA-256 of the file',
    most: 64,
    pattern: /^[0-9a-f]{64}$/i,
    inWords: '64 hexadecimal digits',
    source,
  });

/** The same parameter, which may be left out. */
export const optional = <T>(parameter: Parameter<T>): Parameter<T | undefined> => ({ ...parameter, optional: true });

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
