import { stableHash } from './hash.ts';

/*
 * When which machine is asked. Pure: it is told the time and says who starts now.
 * Every machine has its own place in the interval, from the hash of its id, so that the load is spread and a restart
 * changes nothing. A machine has at most one poll due: what comes late is dropped, never queued.
 */

export interface ScheduleOptions {
  readonly intervalMs: number;
  /** The first poll of a machine does not wait for its place in the interval: it comes within this time. */
  readonly firstWithinMs: number;
  /** From this many failures in a row on, a machine is in the slow lane. */
  readonly slowAfterFailures: number;
  /** The delay in the slow lane doubles with each failure, up to this. */
  readonly slowestMs: number;
  readonly limits: {
    /** Polls at the same time, in all. */
    readonly global: number;
    /** Polls at the same time in the slow lane: dead machines must not take the slots of living ones. */
    readonly slow: number;
    readonly perSubnet: number;
  };
}

export const SCHEDULE_DEFAULTS: ScheduleOptions = {
  intervalMs: 10_000,
  firstWithinMs: 2_000,
  slowAfterFailures: 3,
  slowestMs: 300_000,
  limits: { global: 256, slow: 64, perSubnet: 64 },
};

interface Entry {
  readonly id: string;
  readonly subnet: string;
  readonly phase: number;
  dueAt: number;
  startedAt: number;
  running: boolean;
  failures: number;
  dropped: number;
}

export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #runningBySubnet = new Map<string, number>();
  #running = 0;
  #runningSlow = 0;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /**
   * Takes a machine in, if it is not known yet.
   * @param now milliseconds of the monotonic clock, here and everywhere below
   * @param first `in turn`: it was asked just now under another id
   */
  add(id: string, subnet: string, now: number, first: 'soon' | 'in turn' = 'soon'): void {
    if (this.#entries.has(id)) return;
    const { intervalMs, firstWithinMs } = this.#options;
    const entry: Entry = {
      id,
      subnet,
      phase: phaseOf(id, intervalMs),
      dueAt: now + phaseOf(id, Math.max(1, Math.min(firstWithinMs, intervalMs))),
      startedAt: now,
      running: false,
      failures: 0,
      dropped: 0,
    };
    if (first === 'in turn') entry.dueAt = this.#slotAfter(entry, now);
    this.#entries.set(id, entry);
  }

  /** A poll that is running goes on; its end is then ignored. */
  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (entry.running) this.#release(entry);
    this.#entries.delete(id);
  }

  /** Who starts now: the ones that waited longest first, as far as the limits allow. They count as running from here on. */
  start(now: number): string[] {
    const due: Entry[] = [];
    for (const entry of this.#entries.values()) if (!entry.running && entry.dueAt <= now) due.push(entry);
    due.sort((a, b) => a.dueAt - b.dueAt);
    const started: string[] = [];
    for (const entry of due) {
      if (!this.#hasRoom(entry)) continue;
      entry.dropped += Math.floor((now - entry.dueAt) / this.#options.intervalMs);
      entry.running = true;
      entry.startedAt = now;
      this.#take(entry);
      started.push(entry.id);
    }
    return started;
  }

  /**
   * A poll has ended.
   * @param failures how many in a row failed by now; 0 when the machine answered: it is back in the fast lane at once
   */
  finish(id: string, failures: number, now: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || !entry.running) return;
    this.#release(entry);
    entry.running = false;
    entry.failures = failures;
    const { intervalMs } = this.#options;
    const ticks =
      Math.floor((now - entry.phase) / intervalMs) - Math.floor((entry.startedAt - entry.phase) / intervalMs);
    entry.dropped += Math.max(0, ticks);
    entry.dueAt = this.#slotAfter(entry, this.#isSlow(entry) ? now + this.#slowDelay(entry) : now);
  }

  /** When somebody becomes due next; null when nobody will. Those that wait for a free slot start when a poll ends. */
  wakeAt(now: number): number | null {
    let earliest: number | null = null;
    for (const { running, dueAt } of this.#entries.values()) {
      if (!running && dueAt > now && (earliest === null || dueAt < earliest)) earliest = dueAt;
    }
    return earliest;
  }

  /** When a machine is due; null while it is being asked. */
  dueAt(id: string): number | null {
    const entry = this.#entries.get(id);
    return entry === undefined || entry.running ? null : entry.dueAt;
  }

  /** How many polls of a machine were left out because they would have come late. */
  droppedTicks(id: string): number {
    return this.#entries.get(id)?.dropped ?? 0;
  }

  /** The first place of this machine in the interval after a time, and not right behind the poll before. */
  #slotAfter(entry: Entry, time: number): number {
    const { intervalMs } = this.#options;
    const earliest = Math.max(time, entry.startedAt + intervalMs / 2);
    return (Math.floor((earliest - entry.phase) / intervalMs) + 1) * intervalMs + entry.phase;
  }

  #slowDelay(entry: Entry): number {
    const { intervalMs, slowAfterFailures, slowestMs } = this.#options;
    const doublings = Math.min(entry.failures - slowAfterFailures, 30);
    return Math.min(intervalMs * 2 ** doublings, Math.max(slowestMs, intervalMs));
  }

  #isSlow(entry: Entry): boolean {
    return entry.failures >= this.#options.slowAfterFailures;
  }

  #hasRoom(entry: Entry): boolean {
    const { limits } = this.#options;
    if (this.#running >= limits.global) return false;
    if (this.#isSlow(entry) && this.#runningSlow >= limits.slow) return false;
    return (this.#runningBySubnet.get(entry.subnet) ?? 0) < limits.perSubnet;
  }

  #take(entry: Entry): void {
    this.#running++;
    if (this.#isSlow(entry)) this.#runningSlow++;
    this.#runningBySubnet.set(entry.subnet, (this.#runningBySubnet.get(entry.subnet) ?? 0) + 1);
  }

  #release(entry: Entry): void {
    this.#running--;
    if (this.#isSlow(entry)) this.#runningSlow--;
    const left = (this.#runningBySubnet.get(entry.subnet) ?? 1) - 1;
    if (left === 0) this.#runningBySubnet.delete(entry.subnet);
    else this.#runningBySubnet.set(entry.subnet, left);
  }
}

/** The place of a machine in the interval, in milliseconds from its start. */
export const phaseOf = (id: string, intervalMs: number): number => stableHash(id) % intervalMs;

/** The neighbourhood that shares a limit: the /24 of an IPv4 address, the /64 of an IPv6 one, else the name itself. */
export function subnetOf(address: string): string {
  const v4 = /^(\d+\.\d+\.\d+)\.\d+$/.exec(address);
  if (v4?.[1] !== undefined) return v4[1];
  return address.includes(':') ? address.split(':').slice(0, 4).join(':') : address;
}
