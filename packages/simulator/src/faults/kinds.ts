import { HeadframeError, type Protocol } from '@headframe/model';

/**
 * What can go wrong between a device and its client. The device does not know: a fault changes bytes, timing or the
 * fate of connections on the way. With `every: n` it strikes the first connection and each n-th behind it.
 */
export type Fault = FaultKind & {
  /** One port only; both when left out. */
  readonly over?: Protocol;
  readonly every?: number;
};

export type FaultKind =
  | { readonly kind: 'refuse' | 'black-hole' | 'wedge' }
  | { readonly kind: 'reboot'; readonly everyS: number; readonly downS: number }
  | { readonly kind: 'accept-and-close' | 'accept-and-hang' }
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  | { readonly kind: 'cut'; readonly atPercent: number }
  | { readonly kind: 'split'; readonly bytes: number; readonly everyMs: number }
  | { readonly kind: 'reset-in-reply'; readonly atPercent: number }
  | { readonly kind: 'reset-after-reply' | 'missing-comma' | 'no-nul' | 'code-45' | 'html' }
  | { readonly kind: 'garbage'; readonly bytes: number }
  | { readonly kind: 'empty' | 'answer-once' }
  | { readonly kind: 'freeze'; readonly sharesToo: number }
  | { readonly kind: 'locked'; readonly status: number };

interface FaultText {
  /** What it does, for `--help`. */
  readonly does: string;
  /** Its numbers in order, with what they are when left out. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** It holds for the whole port: `every` makes no sense. */
  readonly whole?: true;
  /** Only where one request is one conversation on a raw port. */
  readonly cgminerOnly?: true;
  /** Only over HTTP. */
  readonly httpOnly?: true;
}

/** Every fault there is. */
export const FAULTS: Readonly<Record<FaultKind['kind'], FaultText>> = {
  refuse: { does: 'nothing listens: connections are refused', whole: true },
  'black-hole': { does: 'connection attempts get no answer, as behind a firewall that drops', whole: true },
  wedge: { does: 'an idle client holds the only API slot', whole: true, cgminerOnly: true },
  reboot: {
    does: 'restarts every so many seconds and refuses for so many, then boots',
    numbers: { everyS: 600, downS: 45 },
    whole: true,
  },
  'accept-and-close': { does: 'connections are taken and closed without a byte' },
  'accept-and-hang': { does: 'connections are taken, and nothing is ever read or said' },
  drip: {
    does: 'replies come so many bytes at a time, so many milliseconds apart',
    numbers: { bytes: 16, everyMs: 100 },
  },
  truncate: { does: 'replies end after so many bytes', numbers: { afterBytes: 512 } },
  cut: { does: 'replies end after so many percent of their bytes', numbers: { atPercent: 50 } },
  split: {
    does: 'replies come in segments of so many bytes, so many milliseconds apart',
    numbers: { bytes: 1000, everyMs: 1 },
  },
  'reset-in-reply': { does: 'the connection is reset after so many percent of the reply', numbers: { atPercent: 50 } },
  'reset-after-reply': { does: 'the whole reply comes, and a reset behind it' },
  'missing-comma': { does: 'no comma between the first two objects of STATS, as stock Antminers send it' },
  'no-nul': { does: 'replies end without the closing NUL', cgminerOnly: true },
  'code-45': {
    does: 'every command but stats, pools, devs, summary and version is denied, as by the factory list of an Antminer',
    cgminerOnly: true,
  },
  html: { does: 'a web page instead of the reply' },
  garbage: { does: 'so many random bytes instead of the reply', numbers: { bytes: 200 } },
  empty: { does: 'stats, devs and pools have lists without an entry; version and summary are as ever' },
  freeze: {
    does: 'hash rates, hardware errors and sensors stay as first told while clocks go on; with 1 the shares stay too',
    numbers: { sharesToo: 0 },
    whole: true,
  },
  locked: { does: 'HTTP 401 with a realm, or 403, whatever is asked', numbers: { status: 401 }, httpOnly: true },
  'answer-once': { does: 'the first connection is answered, all later ones hang', whole: true },
};

/**
 * A fault as written on a command line: `name[:number[:number]][@every]`, such as `drip:16:100`, `refuse`, `html@3`.
 * @param over the port it is for, when not all
 * @throws HeadframeError `usage/invalid`
 */
export function parseFault(text: string, over?: Protocol): Fault {
  const match = /^([a-z0-9-]+)((?::\d{1,9})*)(?:@(\d{1,9}))?$/.exec(text.trim());
  const name = match?.[1] ?? '';
  if (match === null || !Object.hasOwn(FAULTS, name)) {
    throw invalid(`There is no fault ${JSON.stringify(text)}; there are ${Object.keys(FAULTS).join(', ')}`);
  }
  const kind = name as FaultKind['kind'];
  const { numbers = {}, whole } = FAULTS[kind];
  const given = (match[2] ?? '').split(':').slice(1).map(Number);
  const names = Object.keys(numbers);
  if (given.length > names.length) {
    throw invalid(`The fault ${kind} takes ${names.length === 0 ? 'no numbers' : names.join(', ')}`);
  }
  const filled = Object.fromEntries(names.map((field, i) => [field, given[i] ?? numbers[field] ?? 0]));
  const zero = names.find((field) => filled[field] === 0 && (field === 'bytes' || field === 'everyS'));
  if (zero !== undefined) throw invalid(`${zero} of the fault ${kind} must be at least 1`);
  if (kind === 'locked' && filled.status !== 401 && filled.status !== 403) {
    throw invalid('The status of the fault locked must be 401 or 403');
  }
  const every = match[3] === undefined ? undefined : Number(match[3]);
  if (every !== undefined && (whole === true || every < 1)) {
    throw invalid(`The fault ${kind} is for the whole port; @${every} makes no sense with it`);
  }
  return {
    kind,
    ...filled,
    ...(every === undefined ? {} : { every }),
    ...(over === undefined ? {} : { over }),
  } as Fault;
}

const invalid = (detail: string) => new HeadframeError('usage/invalid', { detail });
