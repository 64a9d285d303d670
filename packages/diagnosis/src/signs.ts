import {
  type ConnectClass,
  type Examination,
  HIGH_CLOSED_PORT,
  type Look,
  SHARE_AGE,
  type Sight,
  seenValue,
  wasSeen,
} from '@headframe/model';
import { type Exchanges, exchangesOf } from './exchanges.ts';
import { duration } from './plain-text.ts';

/** Small facts about an examination that more than one rule asks for. All of them are pure. */

/** What the age of the last share at the pool says (step 1); `unseen`: nobody asked, or the pool does not know it. */
export type ShareFreshness = 'fresh' | 'doubtful' | 'gone' | 'unseen';

export function shareFreshness(seen: Examination): ShareFreshness {
  const age = seenValue(seen.pool)?.lastShareAgeS ?? null;
  if (age === null) return 'unseen';
  if (age < SHARE_AGE.freshS) return 'fresh';
  return age > SHARE_AGE.goneS ? 'gone' : 'doubtful';
}

/** `the pool saw a share 42 s ago`, for within a sentence. */
export function shareWords(seen: Examination): string {
  const pool = seenValue(seen.pool);
  if (pool === null) return 'nobody asked its pool';
  if (pool.lastShareAgeS === null) return 'its pool does not know the worker';
  return `the pool saw its last share ${duration(pool.lastShareAgeS)} ago`;
}

/** The firmware is another one than when it answered last. */
export function firmwareChanged(seen: Examination): { readonly before: string; readonly now: string } | null {
  const history = seenValue(seen.history);
  if (history === null) return null;
  const { before, now, changedAt } = history.firmware;
  if (before === null || now === null || before === now) return null;
  const answeredSince = changedAt !== null && history.lastAnswerAt !== null && history.lastAnswerAt > changedAt;
  return answeredSince ? null : { before, now };
}

/** Uptime now, s, and from where; after the last answer it is reckoned on. */
export function uptimeNow(seen: Examination): { readonly seconds: number; readonly basis: 'read' | 'reckoned' } | null {
  const read = seenValue(seen.shell)?.uptimeS ?? seenValue(seen.uptimeS);
  if (read !== null) return { seconds: read, basis: 'read' };
  const history = seenValue(seen.history);
  if (history === null || history.lastUptimeS === null) return null;
  const since = history.lastAnswerAt === null ? 0 : Math.max(0, (seen.to - history.lastAnswerAt) / 1000);
  return { seconds: history.lastUptimeS + since, basis: 'reckoned' };
}

const classesOf = (seen: Examination): { port: number; is: ConnectClass }[] =>
  Object.entries(seen.ports).flatMap(([port, look]) => (wasSeen(look) ? [{ port: Number(port), is: look.value }] : []));

/** Everything that the rules ask of the network. */
export interface Reach {
  /** Ports that are open or refused, without the main one. */
  readonly answering: readonly number[];
  readonly open: readonly number[];
  readonly high: ConnectClass | null;
  /** Something at the address answers in any way. */
  readonly isAlive: boolean;
  /** Every port that was tried is silent, and so is the ping: at least two ports were tried. */
  readonly isAllDead: boolean;
  readonly pageWorks: boolean;
  readonly mac: string | null;
  /** Null: one of the two is not known. */
  readonly macIsExpected: boolean | null;
  /** The main port as other hosts see it; null: nobody else looked. */
  readonly elsewhere: 'open' | 'refused' | 'silent' | null;
  /** Our own firewall's rules for the port; null: they cannot be read. */
  readonly firewallRules: readonly string[] | null;
}

const isSilence = (is: ConnectClass | null | undefined) => is === 'timed-out' || is === 'unreachable';

function elsewhereOf(seen: Examination): Reach['elsewhere'] {
  const looks = seen.vantage.map(seenValue).filter((look) => look !== null);
  const classes = looks.map(({ ports }) => ports[seen.subject.apiPort]);
  if (looks.some(({ answered }) => answered === true) || classes.includes('open')) return 'open';
  if (classes.includes('refused')) return 'refused';
  return classes.some(isSilence) ? 'silent' : null;
}

function reachOf(seen: Examination, { connect, latest }: Exchanges): Reach {
  const { apiPort } = seen.subject;
  const classes = classesOf(seen);
  const others = classes.filter(({ port }) => port !== apiPort && port !== HIGH_CLOSED_PORT);
  const high = classes.find(({ port }) => port === HIGH_CLOSED_PORT)?.is ?? null;
  const answers = (is: ConnectClass | null) => is === 'open' || is === 'refused';
  const pageWorks = wasSeen(seen.page);
  const isAlive =
    latest.length > 0 ||
    classes.some(({ is }) => answers(is)) ||
    answers(connect) ||
    pageWorks ||
    seenValue(seen.ping) === true;
  const neighbour = seenValue(seen.neighbour);
  const mac = neighbour?.mac ?? null;
  const expected = neighbour?.expectedMac ?? null;
  return {
    answering: others.filter(({ is }) => answers(is)).map(({ port }) => port),
    open: others.filter(({ is }) => is === 'open').map(({ port }) => port),
    high,
    isAlive,
    isAllDead: !isAlive && classes.length + (connect === null || apiPort in seen.ports ? 0 : 1) >= 2,
    pageWorks,
    mac,
    macIsExpected: mac === null || expected === null ? null : mac.toLowerCase() === expected.toLowerCase(),
    elsewhere: elsewhereOf(seen),
    firewallRules: seenValue(seen.own)?.firewallRules ?? null,
  };
}

export interface Signs extends Exchanges, Reach {
  readonly share: ShareFreshness;
  /** AxeOS and its branches: rows 16 and 17 instead of 5 to 10. */
  readonly isAxe: boolean;
  /** Somebody else lives at the address: a printer, or a network card that no miner has. */
  readonly stranger: string | null;
}

function strangerOf(seen: Examination, reach: Reach): string | null {
  const page = seenValue(seen.page);
  if (page?.isMiner === false) return page.stranger ?? 'something that is no miner';
  const neighbour = seenValue(seen.neighbour);
  if (reach.macIsExpected === false && neighbour?.isMinerVendor === false) {
    return `a device of ${neighbour.vendor ?? 'another vendor'}`;
  }
  return null;
}

export function signsOf(seen: Examination): Signs {
  const exchanges = exchangesOf(seen);
  const reach = reachOf(seen, exchanges);
  const { family } = seen.subject;
  return {
    ...exchanges,
    ...reach,
    share: shareFreshness(seen),
    isAxe: family === 'axeos' || family === 'nerdqaxe',
    stranger: strangerOf(seen, reach),
  };
}

/** The lines of those looks that were made. */
export function linesOf(...looks: (Look<unknown> | readonly Sight<unknown>[] | undefined)[]): string[] {
  return looks.flatMap((look) => {
    if (look === undefined) return [];
    if (Array.isArray(look)) return look.map((sight: Sight<unknown>) => sight.line);
    return 'notSeen' in look ? [] : [(look as Sight<unknown>).line];
  });
}

/** What a rule would have liked to see, each as a doubt. */
export function unseen(looks: Readonly<Record<string, Look<unknown>>>): string[] {
  return Object.entries(looks).flatMap(([name, look]) => (wasSeen(look) ? [] : [`${name}: ${look.notSeen}`]));
}

/** Each look that is missing takes a little of the confidence. */
export const lessFor = (confidence: number, missing: readonly unknown[], each = 0.05): number =>
  Math.max(0.05, Math.round((confidence - each * missing.length) * 100) / 100);

/** Lines about the reach of the host: which other doors answer. */
export function reachLines(seen: Examination, { answering, high, elsewhere }: Signs): string[] {
  const looks = answering.map((port) => seen.ports[port]);
  return [
    ...linesOf(...looks.slice(0, 3), seen.page),
    ...(high === null ? [] : linesOf(seen.ports[HIGH_CLOSED_PORT])),
    ...(elsewhere === null ? [] : linesOf(...seen.vantage)),
  ];
}
