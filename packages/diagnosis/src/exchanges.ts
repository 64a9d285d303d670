import { type ConnectClass, type Examination, type Exchange, type Sight, seenValue } from '@headframe/model';
import { familyFacts } from './by-family.ts';

/*
 * What the requests on the main API came to, taken together. Each request counts by its latest answer: what was asked again
 * after a wait and then answered does answer.
 */

/** The five that the factory list of a stock Antminer opens to everybody (`protocols.md` 2.1). */
const FACTORY_FIVE: readonly string[] = ['stats', 'pools', 'devs', 'summary', 'version'];

/** Write-class: a no is no fault for one who only reads. `privileged` asks for nothing else. */
const WRITE_CLASS: readonly string[] = ['privileged', 'get_token', 'restart', 'save', 'quit', 'addpool', 'switchpool'];

/** No such command, no such method, no such page: the device does not have it, and says so. */
const NOT_THERE: readonly string[] = ['14', '-32601', '404'];

/** In what way the API fails, as a whole. */
export type Failure =
  | 'none'
  | 'refused'
  | 'timed-out'
  | 'unreachable'
  | 'closed-empty'
  | 'silent'
  | 'denied'
  | 'locked'
  | 'foreign'
  | 'partial'
  | 'not-asked';

const CONNECTING: Readonly<Record<string, ConnectClass>> = {
  'link/refused': 'refused',
  'link/timed-out-connecting': 'timed-out',
  'link/unreachable': 'unreachable',
};

/** Null: it connected. */
const connectClassOf = ({ error }: Exchange): ConnectClass | null =>
  error === null ? null : (CONNECTING[error] ?? null);

const partsOf = (request: string): string[] => request.split('+');
export const isFactoryFive = (request: string): boolean =>
  partsOf(request).every((part) => FACTORY_FIVE.includes(part));
const isWriteClass = (request: string): boolean => partsOf(request).every((part) => WRITE_CLASS.includes(part));
const isPage = (request: string): boolean => /^[A-Z]+ \//.test(request);

/** A login is what it wants: HTTP's 401 and 403, or a password of its own. */
export const isLocked = ({ outcome, error, vendorCode }: Exchange): boolean =>
  outcome === 'denied' &&
  vendorCode !== '45' &&
  (error?.startsWith('auth/') === true || vendorCode === '401' || vendorCode === '403');

export interface Exchanges {
  readonly failure: Failure;
  /** By request, the latest of each. */
  readonly latest: readonly Sight<Exchange>[];
  readonly answered: readonly Sight<Exchange>[];
  /** Those that keep it from being whole. */
  readonly failed: readonly Sight<Exchange>[];
  /** Denied by the device, but only what one who reads has no need of. */
  readonly excused: readonly Sight<Exchange>[];
  /** How the connection to the main port ended; null: it was not tried. */
  readonly connect: ConnectClass | null;
  /** It failed at first, and answered when it was asked again. */
  readonly cameBack: boolean;
}

const speaksCgminer = ({ subject }: Examination): boolean =>
  subject.apiPort !== 80 && familyFacts(subject.family).speaks === 'cgminer';

const isNotThere = ({ outcome, error, vendorCode }: Exchange): boolean =>
  outcome === 'refused-by-code' &&
  (error === 'support/unsupported' || (vendorCode !== null && NOT_THERE.includes(vendorCode)));

/** Asleep, starting or without a pool: records may be empty. */
function mayBeEmpty(seen: Examination): boolean {
  const state = seenValue(seen.state);
  return state === 'paused' || state === 'starting' || state === 'idle';
}

function isExcused(seen: Examination, exchange: Exchange, fiveAllowed: boolean): boolean {
  const { request, outcome, vendorCode, error } = exchange;
  if (isWriteClass(request)) return outcome !== 'silent' && outcome !== 'partial';
  if (outcome === 'refused-by-code') {
    return isNotThere(exchange) || mayBeEmpty(seen);
  }
  if (outcome === 'answered') return exchange.isEmpty && mayBeEmpty(seen);
  if (outcome !== 'denied') return false;
  // A second door (web page, gRPC) wants a login, and none was given.
  const isSecondDoor = (isPage(request) && speaksCgminer(seen)) || seen.subject.family === 'braiins';
  if (isSecondDoor && error === 'auth/required') return true;
  return vendorCode === '45' && seen.subject.family === 'antminer' && fiveAllowed && !isFactoryFive(request);
}

function failureOf(
  all: readonly Sight<Exchange>[],
  latest: readonly Sight<Exchange>[],
  failed: readonly Sight<Exchange>[],
  answered: readonly Sight<Exchange>[],
): Failure {
  if (latest.length === 0) return 'not-asked';
  if (failed.length === 0 && answered.length > 0) return 'none';
  const every = (outcome: Exchange['outcome']) => latest.every(({ value }) => value.outcome === outcome);
  if (every('silent')) return 'silent';
  if (every('closed-empty')) return 'closed-empty';
  // It answered once, then never again: at the end of it stand at least two silences.
  if (all.length > 2 && all.slice(-2).every(({ value }) => value.outcome === 'silent')) return 'silent';
  if (failed.some(({ value }) => isLocked(value))) return 'locked';
  if (failed.some(({ value }) => value.outcome === 'denied')) return 'denied';
  const isForeign = ({ value }: Sight<Exchange>) => value.outcome === 'foreign' || isNotThere(value);
  // Not one of the requests of such a machine is known there.
  if (answered.length === 0 && (latest.every(isForeign) || failed.some(({ value }) => value.outcome === 'foreign'))) {
    return 'foreign';
  }
  return 'partial';
}

export function exchangesOf(seen: Examination): Exchanges {
  const tried = [...seen.api, ...seen.again]
    .filter(({ value }) => value.error !== 'link/cancelled')
    .toSorted((a, b) => a.at - b.at);
  const all = tried.filter(({ value }) => connectClassOf(value) === null);
  const latest = [...new Map(all.map((sight) => [sight.value.request, sight])).values()];
  const full = latest.filter(({ value }) => value.outcome === 'answered' && !value.isEmpty);
  const fiveAllowed = !latest.some(({ value }) => value.outcome === 'denied' && isFactoryFive(value.request));
  const rest = latest.filter((sight) => !full.includes(sight));
  const excused = rest.filter(({ value }) => isExcused(seen, value, fiveAllowed));
  const failed = rest.filter((sight) => !excused.includes(sight));
  const answered = latest.filter(({ value }) => value.outcome === 'answered');

  const port = seen.ports[seen.subject.apiPort];
  const first = seen.api[0];
  const connected = seen.api.some((sight) => all.includes(sight));
  const told =
    (port === undefined ? null : seenValue(port)) ?? (first === undefined ? null : connectClassOf(first.value));
  const connect = connected ? 'open' : (told ?? (all.length > 0 ? 'open' : null));
  const last = tried.at(-1);
  const failedAtFirst =
    (connect !== null && connect !== 'open') || seen.api.some(({ value }) => value.outcome !== 'answered');
  const cameBack = seen.again.length > 0 && last?.value.outcome === 'answered' && failedAtFirst;
  const isOpen = connect === null || connect === 'open' || cameBack;
  const failure = isOpen ? failureOf(all, latest, failed, answered) : connect;
  return { failure, latest, answered, failed, excused, connect, cameBack: cameBack && failure === 'none' };
}
