import type { LinkState, Reason } from '@headframe/api';
import {
  ERRORS,
  type ErrorContext,
  FINDINGS,
  type FindingCode,
  SEVERITIES,
  type Severity,
  type Snapshot,
} from '@headframe/model';
import type { ErrorNote } from './miner.ts';

/*
 * Why a machine is not well, in words: from how the conversation goes, and from what it says.
 */

/** Below this share of its nominal hashrate a machine is named. */
const LOW_HASHRATE = 0.8;
/** A machine that just started is still finding its pace. */
const WARM_UP_S = 600;

export const rank = (severity: Severity | null): number => (severity === null ? -1 : SEVERITIES.indexOf(severity));

/** Whether a severity makes a machine count as sick. */
export const isSick = (severity: Severity | null): boolean => rank(severity) >= rank('warning');

export const worst = (reasons: readonly Reason[]): Severity | null =>
  reasons.reduce<Severity | null>((most, { severity }) => (rank(severity) > rank(most) ? severity : most), null);

/** How the conversation goes, when it does not go well; without the address, which stands beside it. */
export function linkReason(link: LinkState, error: ErrorNote | null): Reason | null {
  if (link === 'ok') return null;
  if (link === 'waiting' || error === null) {
    return { code: 'waiting', severity: 'info', text: 'Not asked yet' };
  }
  const { address: _, ...context }: ErrorContext = error.context;
  const sentence = ERRORS[error.code].sentence(context);
  return { code: error.code, severity: linkSeverity(link, error), text: sentence };
}

/** A poll or two may be lost on a busy network; an answer that cannot be read is never normal. */
function linkSeverity(link: LinkState, error: ErrorNote): Severity {
  if (link === 'needs-credentials') return 'warning';
  if (error.code === 'device/restarting') return 'info';
  return link === 'failing' && error.code.startsWith('link/') ? 'info' : 'error';
}

/** What a snapshot says is wrong, worst first. */
export function snapshotReasons(snapshot: Snapshot): Reason[] {
  const found = [
    ...stateReasons(snapshot),
    ...faultReasons(snapshot),
    ...hashboardReasons(snapshot),
    ...fanReasons(snapshot),
    ...poolReasons(snapshot),
    ...hashrateReasons(snapshot),
  ];
  const seen = new Set<string>();
  return found
    .filter(({ code, text }) => !seen.has(code + text) && seen.add(code + text))
    .sort((a, b) => rank(b.severity) - rank(a.severity));
}

/** Many machines call their fans `fan1` themselves: that is name enough. */
const named = (kind: string, name: string): string =>
  /^(fan|chain|board|hashboard)/i.test(name) ? name.charAt(0).toUpperCase() + name.slice(1) : `${kind} ${name}`;

const finding = (code: FindingCode, text: string): Reason => ({ code, severity: FINDINGS[code].severity, text });

function* stateReasons({ state }: Snapshot): Generator<Reason> {
  if (state === 'idle')
    yield { code: 'idle', severity: 'warning', text: 'Up and not hashing, for no reason that it names' };
  if (state === 'paused') yield { code: 'paused', severity: 'info', text: 'Stopped on purpose' };
  if (state === 'starting') yield { code: 'starting', severity: 'info', text: 'Starting' };
  if (state === 'fault') yield { code: 'fault', severity: 'error', text: 'The machine says that it is faulty' };
}

function* faultReasons({ faults }: Snapshot): Generator<Reason> {
  for (const { code, vendorCode, text, component, severity } of faults) {
    const meaning = Object.hasOwn(FINDINGS, code) ? FINDINGS[code as FindingCode].meaning : code;
    const vendor = [vendorCode, text].filter((part) => part !== null).join(' ');
    const words = code === 'vendor.unmapped' && vendor !== '' ? vendor : [meaning, vendor].filter(Boolean).join(': ');
    yield { code, severity, text: component === null ? words : `${words} (${component})` };
  }
}

function* hashboardReasons({ hashboards }: Snapshot): Generator<Reason> {
  for (const { slot, label, state, chipsWorking, chipsExpected } of hashboards) {
    const name = named('Hashboard', label ?? String(slot));
    if (state === 'missing') yield finding('hashboard.missing', `${name} does not show`);
    if (state === 'fault') yield finding('device.fault', `${name} reports a fault`);
    if (state !== 'missing' && chipsWorking !== null && chipsExpected !== null && chipsWorking < chipsExpected) {
      yield finding('hashboard.chips-missing', `${name} works with ${chipsWorking} of ${chipsExpected} chips`);
    }
  }
}

function* fanReasons({ state, fans }: Snapshot): Generator<Reason> {
  if (state !== 'mining') return;
  for (const { slot, label, rpm } of fans) {
    if (rpm === 0) yield finding('fan.stalled', `${named('Fan', label ?? String(slot))} does not turn`);
  }
}

function* poolReasons({ state, pools }: Snapshot): Generator<Reason> {
  const used = pools.filter(({ status }) => status !== 'disabled');
  if (used.length > 0 && state !== 'paused' && used.every(({ status }) => status === 'dead')) {
    yield finding('pool.dead', used.length === 1 ? 'Its pool is dead' : `All ${used.length} pools are dead`);
  }
  for (const { index, status } of used) {
    if (status === 'rejecting') yield finding('pool.rejecting', `Pool ${index} rejects its shares`);
  }
}

function* hashrateReasons({ state, minerUptimeS, hashrate }: Snapshot): Generator<Reason> {
  if (state !== 'mining') return;
  const { currentHs, averageHs, nominalHs } = hashrate;
  if (currentHs === 0) {
    yield finding('hashrate.zero', 'Says that it mines, at 0 H/s');
    return;
  }
  if (currentHs === null || nominalHs === null || nominalHs <= 0 || (minerUptimeS ?? WARM_UP_S) < WARM_UP_S) return;
  // A short window swings a lot on a healthy machine; the average alone still remembers a stop of yesterday.
  const share = Math.max(currentHs, averageHs ?? currentHs) / nominalHs;
  if (share < LOW_HASHRATE) {
    yield finding('hashrate.below-nominal', `Hashes at ${Math.round(share * 100)} % of what it says it should`);
  }
}
