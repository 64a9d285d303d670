import type { HeadframeError, Snapshot } from '@headframe/model';
import type { Target } from '../ports.ts';
import { contradicts, type Evidence, evidenceOf, minerId, place } from './identity.ts';
import { afterAnswer, afterSilence, NEW_LOG } from './machine-log.ts';
import { linkAfter, type Miner, noteOf, UNREACHABLE_AFTER } from './miner.ts';
import { rowOf } from './row.ts';
import { withoutSecrets } from './secrets.ts';

/** Who wants to know that a row is new, changed or gone. */
export interface RegistryListener {
  changed(id: string): void;
  removed(id: string): void;
}

/** All machines of the fleet, in memory: who they are, how the conversation goes, what they said last. */
export class Registry {
  readonly #miners = new Map<string, Miner>();
  /** By place: where a machine is asked, nobody else is. */
  readonly #places = new Map<string, Miner>();
  /** Ids that machines had before better evidence came: links to them still lead somewhere. */
  readonly #formerIds = new Map<string, string>();
  /** When any machine answered last. */
  #answerAt = Number.NEGATIVE_INFINITY;
  readonly #listener: RegistryListener;

  constructor(listener: RegistryListener) {
    this.#listener = listener;
  }

  get size(): number {
    return this.#miners.size;
  }

  all(): IterableIterator<Miner> {
    return this.#miners.values();
  }

  get(id: string): Miner | undefined {
    return this.#miners.get(id) ?? this.#miners.get(this.#formerIds.get(id) ?? '');
  }

  /** @returns the new machine; undefined when one is already known at this place */
  add(target: Target, now: number): Miner | undefined {
    const evidence = place(target);
    if (this.#places.has(evidence.value)) return undefined;
    const blank = {
      id: minerId(evidence),
      evidence,
      target,
      addedAt: now,
      link: 'waiting' as const,
      snapshot: null,
      lastAnswerAt: null,
      lastPollAt: null,
      lastPollMs: null,
      polls: 0,
      failures: 0,
      consecutiveFailures: 0,
      failingSince: null,
      lastError: null,
      log: NEW_LOG,
    };
    const miner: Miner = { ...blank, row: rowOf(blank) };
    this.#miners.set(miner.id, miner);
    this.#places.set(evidence.value, miner);
    this.#listener.changed(miner.id);
    return miner;
  }

  /** Whether a machine is still one of the fleet: it may have turned out to be another one that is known already. */
  has(miner: Miner): boolean {
    return this.#miners.get(miner.id) === miner;
  }

  /**
   * A machine answered. Its id changes when it said for the first time who it is, or that it is another one than before.
   * @returns the ids that are gone by it
   */
  answered(miner: Miner, snapshot: Snapshot, ms: number, now: number): string[] {
    miner.log = afterAnswer(miner.log, snapshot, now);
    miner.snapshot = withoutSecrets(snapshot);
    miner.link = 'ok';
    miner.lastAnswerAt = now;
    miner.consecutiveFailures = 0;
    miner.failingSince = null;
    this.#answerAt = now;
    this.#polled(miner, ms, now);
    const gone = this.#recognise(miner, snapshot);
    this.#refresh(miner);
    return gone;
  }

  /** A poll failed. */
  failed(miner: Miner, error: HeadframeError, ms: number, now: number): void {
    miner.failures++;
    miner.consecutiveFailures++;
    miner.failingSince ??= now;
    if (miner.consecutiveFailures === UNREACHABLE_AFTER) this.#noteSilence(miner, miner.failingSince);
    miner.lastError = noteOf(error, now);
    miner.link = linkAfter(error.code, miner.consecutiveFailures, miner.snapshot !== null);
    this.#polled(miner, ms, now);
    this.#refresh(miner);
  }

  /**
   * Not while nobody else answers either: then it is our own network, and the next failures of all machines would lie as
   * far apart as those of a leak do. A machine that is alone has no others to compare it with.
   */
  #noteSilence(miner: Miner, since: number): void {
    if (miner.snapshot === null || (this.size > 1 && this.#answerAt < since)) return;
    miner.log = afterSilence(miner.log, miner.snapshot, since);
  }

  #polled(miner: Miner, ms: number, now: number): void {
    miner.polls++;
    miner.lastPollAt = now;
    miner.lastPollMs = ms;
  }

  #refresh(miner: Miner): void {
    miner.row = rowOf(miner);
    this.#listener.changed(miner.id);
  }

  /** Gives a machine the id of the best evidence it has shown. */
  #recognise(miner: Miner, { identity }: Snapshot): string[] {
    const other = contradicts(miner.evidence, identity);
    if (miner.evidence.kind !== 'place' && !other) return [];
    const evidence = evidenceOf(identity) ?? (other ? place(miner.target) : null);
    if (evidence === null) return [];
    const id = minerId(evidence);
    const holder = this.#miners.get(id);
    if (holder === miner) return [];
    // Two machines that both answer with one number: a clone, or one machine on two addresses. Both stay in sight.
    if (holder?.link === 'ok') return other ? this.#rename(miner, place(miner.target), false) : [];
    if (holder !== undefined) this.#places.delete(place(holder.target).value);
    const former = this.#rename(miner, evidence, !other);
    return holder === undefined ? former : [...former, id];
  }

  #rename(miner: Miner, evidence: Evidence, sameMachine: boolean): string[] {
    const former = miner.id;
    const id = minerId(evidence);
    miner.evidence = evidence;
    if (id === former) return [];
    this.#miners.delete(former);
    this.#listener.removed(former);
    miner.id = id;
    this.#miners.set(id, miner);
    if (sameMachine) this.#formerIds.set(former, id);
    return [former];
  }
}
