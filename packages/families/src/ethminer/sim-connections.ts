import { Outages } from '../sim/outages.ts';
import { ASSUMED } from './sim-assumed.ts';

/** A pool that ethminer may use: the URI as it was given, and whether anybody answers there. */
interface Connection {
  readonly uri: string;
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly outages: Outages;
}

const URI = /^([a-z][a-z0-9+.-]*):\/\/(?:[^@/]*@)?([^:/?#@]*)(?::([0-9]{1,5}))?(?:[/?#].*)?$/i;

/** What a URI says, as far as ethminer looks; empty parts for what is none. */
export function uriParts(uri: string) {
  const [, scheme = '', host = '', port = ''] = URI.exec(uri) ?? [];
  return { scheme: scheme.toLowerCase(), host, port: Number(port) };
}

export interface ConnectionsPlan {
  readonly seed: number;
  readonly uris: readonly string[];
  readonly startedAt: number;
  /** The first one never answers. */
  readonly deadFirst: boolean;
}

/** What ethminer does with its list of pools: connects, retries, goes on to the next one (protocols.md 5.5). */
export class Connections {
  readonly #seed: number;
  readonly #list: Connection[];
  #active = 0;
  /** How often a connection was chosen; the first one counts. */
  switches = 1;
  #connected = false;
  /** When the present attempts end, or when the present connection may be lost. */
  #next: number;
  /** The active one did not answer at first; it is given up at {@link next}. */
  #tried = false;
  #outstandingUntil = Number.NEGATIVE_INFINITY;

  constructor(plan: ConnectionsPlan) {
    this.#seed = plan.seed;
    this.#list = plan.uris.map((uri, i) => this.#made(uri, plan.deadFirst && i === 0));
    this.#next = plan.startedAt + ASSUMED.connectMs;
  }

  #made(uri: string, dead = false): Connection {
    const parts = uriParts(uri);
    const simulated = parts.scheme === 'simulation';
    const reachable =
      simulated || (ASSUMED.schemes.test(parts.scheme) && parts.port > 0 && !/(^|\.)invalid$/.test(parts.host));
    return { uri, ...parts, outages: new Outages(this.#seed, uri, simulated ? 0 : 0.2, dead || !reachable) };
  }

  /** When something happens next by itself, epoch ms. */
  get next(): number {
    return this.#next;
  }

  /** Lets happen what is due at a time, which is {@link next}; `until` how far the clock has come. */
  step(at: number, until: number): void {
    const { outages } = this.active;
    const alive = outages.aliveSince(at) !== null;
    if (alive) {
      this.#connected = true;
      this.#next = Math.max(at + 1, outages.nextLook(at));
    } else if (this.#connected || !this.#tried) {
      this.#connected = false;
      this.#tried = true;
      this.#next = at + ASSUMED.attemptsMs;
    } else this.#rotate(at, until);
  }

  /** On to the next one that answers. While none does, as many rounds as there was time for are made at once. */
  #rotate(at: number, until: number): void {
    const nobody = this.#list.every(({ outages }) => outages.aliveSince(at) === null);
    const change = Math.min(until, ...this.#list.map(({ outages }) => outages.nextLook(at)));
    const rounds = nobody ? Math.max(1, Math.floor((change - at) / ASSUMED.attemptsMs)) : 1;
    if (this.#list.length > 1) {
      this.#active = (this.#active + rounds) % this.#list.length;
      this.switches += rounds;
    }
    this.#tried = nobody;
    this.#next = at + (nobody ? rounds * ASSUMED.attemptsMs : ASSUMED.connectMs);
  }

  get connected(): boolean {
    return this.#connected;
  }

  get active(): Connection {
    return this.#list[this.#active] as Connection;
  }

  get activeIndex(): number {
    return this.#active;
  }

  get uris(): readonly string[] {
    return this.#list.map(({ uri }) => uri);
  }

  /** Disconnects and connects to another one at once. */
  choose(index: number, now: number): void {
    if (index === this.#active) return;
    this.#active = index;
    this.switches++;
    this.#connected = false;
    this.#tried = false;
    this.#next = now + ASSUMED.connectMs;
    this.#outstandingUntil = this.#next;
  }

  /** Whether a change that was asked for is still being made. */
  isBusy(now: number): boolean {
    return now < this.#outstandingUntil;
  }

  /** Where a URI stands, capitals or not; -1 for none (transcript `open-write`). */
  find(uri: string): number {
    return this.#list.findIndex((one) => one.uri.toLowerCase() === uri.toLowerCase());
  }

  /** False: the list is full, which the real one never is. */
  add(uri: string): boolean {
    if (this.#list.length >= MOST) return false;
    this.#list.push(this.#made(uri));
    return true;
  }

  remove(index: number): void {
    this.#list.splice(index, 1);
    if (this.#active > index) this.#active--;
  }
}

/** Somebody who only ever adds must not fill the memory. */
const MOST = 5000;
