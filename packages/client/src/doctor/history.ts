import type { Examination, Exchange, History, Look, PastFailure } from '@headframe/model';
import { seenValue } from '@headframe/model';
import { cleaned, notSeen } from './exchanges.ts';
import type { HistoryStore, Looking, Remembered } from './options.ts';

const MOST_FAILURES = 50;

/** The uptime of a failure is reckoned from the last answer only when that was not longer ago: reboots go unseen. */
const RECKONED_WITHIN_MS = 6 * 3_600_000;

/** What the notes of earlier examinations say of the machine at an address. */
export function recallHistory(store: HistoryStore | undefined, address: string, looking: Looking): Look<History> {
  if (store === undefined) return notSeen('no notes of earlier examinations are kept');
  const now = looking.clock.now();
  let remembered: Remembered | null;
  try {
    remembered = store.recall(address);
  } catch {
    return notSeen('the notes of earlier examinations cannot be read');
  }
  if (remembered === null) return notSeen('it was never examined before');
  const { firmware, lastAnswerAt, lastUptimeS, failures, mac, pollEveryS } = remembered;
  const value: History = { firmware, lastAnswerAt, lastUptimeS, failures, mac, pollEveryS };
  return { value, at: now, ms: 0, bytes: 0, line: inWords(value, now), command: null };
}

function inWords({ firmware, lastAnswerAt, lastUptimeS, failures, pollEveryS }: History, now: number): string {
  const { before, now: version, changedAt } = firmware;
  const when = changedAt === null ? '' : ` since ${day(changedAt)}`;
  const was = before === null || before === version ? '' : ` (before: ${cleaned(before, 40)})`;
  const last = failures.at(-1);
  return [
    lastAnswerAt === null
      ? 'it never answered before'
      : `it answered last ${span(now - lastAnswerAt)} ago${lastUptimeS === null ? '' : `, up for ${span(lastUptimeS * 1000)} then`}`,
    ...(version === null ? [] : [`firmware ${cleaned(version, 40)}${when}${was}`]),
    failures.length === 0 || last === undefined
      ? 'no earlier failure is known'
      : `${failures.length} earlier ${failures.length === 1 ? 'failure' : 'failures'}, the last ${span(now - last.at)} ago`,
    ...(pollEveryS === null ? [] : [`asked every ${pollEveryS} s`]),
  ].join('; ');
}

/** A time as a day, whatever a damaged note says. */
const day = (ms: number): string =>
  Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().slice(0, 10) : 'an unknown day';

function span(ms: number): string {
  const minutes = Math.max(0, ms) / 60_000;
  if (minutes < 2) return `${Math.round(minutes * 60)} s`;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

/**
 * Notes what this examination teaches for the next one: when the API worked last, the firmware, the MAC, and each time
 * that it ceased to work. Of an address where never anything was known nothing is kept, and what another device says at
 * the address, or what our own network did, is not held against the machine.
 */
export function rememberExamination(
  store: HistoryStore,
  examination: Examination,
  remembered: Remembered | null,
): void {
  const noted = notesOf(examination, remembered);
  if (noted === null) return;
  try {
    store.remember(examination.subject.address, noted);
  } catch {
    // An examination is worth as much without its notes.
  }
}

const NOTHING = {
  firmware: { before: null, now: null, changedAt: null },
  lastAnswerAt: null,
  lastUptimeS: null,
  failures: [],
  mac: null,
  pollEveryS: null,
} as const satisfies History;

function notesOf(examination: Examination, remembered: Remembered | null): Remembered | null {
  const { subject, from } = examination;
  const isRead = subject.by === 'read';
  if (!isRead && remembered === null) return null;
  const neighbour = seenValue(examination.neighbour);
  const mac = neighbour?.mac ?? null;
  const isOther = mac !== null && neighbour?.expectedMac != null && mac !== neighbour.expectedMac;
  if (isOther) {
    // A person said which machine is meant, or it is silent: the notes of the one that was here stay as they are.
    const isMeant = neighbour.expectedMac !== remembered?.mac;
    if (isMeant || !isRead) return null;
  }
  // A machine that answers with a MAC of its own begins with nothing.
  const before: History = isOther ? NOTHING : (remembered ?? NOTHING);
  const last = lastWorked(examination);
  const read = isRead ? subject.firmwareVersion : null;
  return {
    firmware: firmwareAfter(before.firmware, read, from),
    lastAnswerAt: last ?? before.lastAnswerAt,
    lastUptimeS: last === null ? before.lastUptimeS : seenValue(examination.uptimeS),
    failures: failuresAfter(before, examination),
    mac: mac ?? before.mac,
    pollEveryS: before.pollEveryS,
    subject: subjectAfter(examination, isOther ? null : remembered),
  };
}

function subjectAfter({ subject }: Examination, remembered: Remembered | null): Remembered['subject'] {
  const { family, make, model, firmware } = subject;
  const before = remembered?.subject;
  if (subject.by !== 'read') return before ?? { family, make, model, firmware };
  // What it does not tell while it fails is as it was.
  const isSame = before !== undefined && before.family === family;
  return {
    family,
    make: make ?? (isSame ? before.make : null),
    model: model ?? (isSame ? before.model : null),
    firmware: firmware ?? (isSame ? before.firmware : null),
  };
}

/** A version counts as changed from the time of the look that found it, so that an answer in the same look comes after. */
function firmwareAfter(known: History['firmware'], read: string | null, at: number): History['firmware'] {
  if (read === null || read === known.now) return known;
  return known.now === null ? { ...known, now: read } : { before: known.now, now: read, changedAt: at };
}

/** What became of each request in the end: some are asked again after a wait. */
function ends({
  api,
  again,
}: Examination): Map<string, { readonly outcome: Exchange['outcome']; readonly at: number }> {
  return new Map([...api, ...again].map(({ value, at }) => [value.request, { outcome: value.outcome, at }]));
}

/** An API that works answers, or says no; it does not fall silent in between. */
const BROKEN: readonly Exchange['outcome'][] = ['closed-empty', 'silent', 'partial', 'malformed', 'foreign'];

/** When it answered last in this examination; null: it did not, or not as one that works. */
function lastWorked(examination: Examination): number | null {
  const all = [...ends(examination).values()];
  if (all.some(({ outcome }) => BROKEN.includes(outcome))) return null;
  const answered = all.filter(({ outcome }) => outcome === 'answered').map(({ at }) => at);
  return answered.length === 0 ? null : Math.max(...answered);
}

/** It failed just now: nothing of its API answers, and it did when it was noted last. */
function failuresAfter(before: History, examination: Examination): readonly PastFailure[] {
  const { lastAnswerAt, failures } = before;
  const isNoted = failures.some(({ at }) => lastAnswerAt === null || at >= lastAnswerAt);
  if (lastAnswerAt === null || isNoted || hasAnswer(examination) || isNoFaultOfIts(examination)) return failures;
  const at = examination.from;
  const told = seenValue(examination.shell)?.uptimeS ?? seenValue(examination.uptimeS);
  const sinceMs = at - lastAnswerAt;
  const isClose = sinceMs >= 0 && sinceMs <= RECKONED_WITHIN_MS;
  const reckoned = before.lastUptimeS !== null && isClose ? Math.round(before.lastUptimeS + sinceMs / 1000) : null;
  return [...failures, { at, uptimeS: told ?? reckoned }].slice(-MOST_FAILURES);
}

const hasAnswer = (examination: Examination): boolean =>
  [...ends(examination).values()].some(({ outcome }) => ['answered', 'denied', 'refused-by-code'].includes(outcome));

/** Our own network or firewall, another collector that gets its answers, or another device at its address. */
function isNoFaultOfIts({ own, page, vantage }: Examination): boolean {
  const side = seenValue(own);
  return (
    side?.hasRoute === false ||
    (side?.firewallRules?.length ?? 0) > 0 ||
    seenValue(page)?.isMiner === false ||
    vantage.some((look) => seenValue(look)?.answered === true)
  );
}
