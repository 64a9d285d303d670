/**
 * How a single-threaded API serves its connections (`protocols.md` 1.1): the kernel completes connections and keeps
 * what they send, the program takes them one by one, does one `recv` each, answers and closes. One idle client holds up
 * all others, there is no timeout, and a request is executed even when its sender gave up waiting
 * (transcripts, surprise 5).
 *
 * A state machine without sockets or timers: whoever drives it reports what the network did and carries out the steps
 * that come back. For each `receive` step the driver runs the device's reaction and calls {@link AcceptQueue.closed}
 * when that conversation is over.
 */
export interface AcceptQueue<Id> {
  /** The kernel completed a connection. */
  connected(id: Id, peer: string): QueueStep<Id>[];
  /** A segment came. */
  data(id: Id, bytes: Uint8Array): QueueStep<Id>[];
  /** The client sent FIN: it half-closed, or closed; the program cannot tell which. */
  ended(id: Id): QueueStep<Id>[];
  /**
   * The client reset. What it sent before stays readable (so does Linux keep it); without any, `recv` fails, and the
   * program goes on as after an empty request.
   */
  reset(id: Id): QueueStep<Id>[];
  /** The conversation with this client is over and its socket closed. */
  closed(id: Id): QueueStep<Id>[];
  /** Whether bytes of this client lie unread: closing its socket is then a RST instead of a FIN. */
  hasUnread(id: Id): boolean;
  /** How many connections wait behind the one that is served. */
  readonly waiting: number;
}

export type QueueStep<Id> =
  /** The program's `recv` returned these bytes, none when the client ended or reset without sending. */
  | { readonly kind: 'receive'; readonly id: Id; readonly peer: string; readonly bytes: Uint8Array }
  /** The address list says no: closed without a byte. Happens when its turn comes, not before. */
  | { readonly kind: 'deny'; readonly id: Id }
  /** The backlog is full: the kernel drops the attempt, the client sees no answer. */
  | { readonly kind: 'drop'; readonly id: Id };

export interface AcceptQueueOptions {
  readonly admits: (peer: string) => boolean;
  /** How many bytes one `recv` takes. */
  readonly maxRequestBytes: number;
  /** How many connections may wait; cgminer listens with 100 (`protocols.md` 1.1). */
  readonly backlog?: number;
}

interface Connection<Id> {
  readonly id: Id;
  readonly peer: string;
  readonly segments: Uint8Array[];
  /** Nothing more will come. */
  over: boolean;
  /** The one `recv` of this conversation has happened. */
  received: boolean;
}

const BACKLOG = 100;
const NOTHING = new Uint8Array(0);

export function createAcceptQueue<Id>(options: AcceptQueueOptions): AcceptQueue<Id> {
  return new Queue(options);
}

class Queue<Id> implements AcceptQueue<Id> {
  readonly #options: AcceptQueueOptions;
  readonly #open = new Map<Id, Connection<Id>>();
  /** In the order of their arrival; the one being served is not among them. */
  readonly #waiting: Connection<Id>[] = [];
  #served: Connection<Id> | null = null;

  constructor(options: AcceptQueueOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  connected(id: Id, peer: string): QueueStep<Id>[] {
    // Linux lets one more than the backlog wait.
    if (this.#waiting.length > (this.#options.backlog ?? BACKLOG)) return [{ kind: 'drop', id }];
    const connection: Connection<Id> = { id, peer, segments: [], over: false, received: false };
    this.#open.set(id, connection);
    this.#waiting.push(connection);
    return this.#advance();
  }

  data(id: Id, bytes: Uint8Array): QueueStep<Id>[] {
    if (bytes.length > 0) this.#open.get(id)?.segments.push(bytes);
    return this.#advance();
  }

  ended(id: Id): QueueStep<Id>[] {
    const connection = this.#open.get(id);
    if (connection !== undefined) connection.over = true;
    return this.#advance();
  }

  reset(id: Id): QueueStep<Id>[] {
    return this.ended(id);
  }

  closed(id: Id): QueueStep<Id>[] {
    this.#open.delete(id);
    if (this.#served?.id === id) this.#served = null;
    return this.#advance();
  }

  hasUnread(id: Id): boolean {
    return (this.#open.get(id)?.segments.length ?? 0) > 0;
  }

  #advance(): QueueStep<Id>[] {
    const steps: QueueStep<Id>[] = [];
    while (this.#served === null) {
      const next = this.#waiting.shift();
      if (next === undefined) return steps;
      if (this.#options.admits(next.peer)) this.#served = next;
      else {
        this.#open.delete(next.id);
        steps.push({ kind: 'deny', id: next.id });
      }
    }
    const { id, peer, segments, over, received } = this.#served;
    if (received || (segments.length === 0 && !over)) return steps;
    this.#served.received = true;
    steps.push({ kind: 'receive', id, peer, bytes: this.#receive(segments) });
    return steps;
  }

  /** One `recv`: everything that has come, as far as it fits. The rest stays unread for good. */
  #receive(segments: Uint8Array[]): Uint8Array {
    const [first = NOTHING] = segments;
    const most = this.#options.maxRequestBytes;
    const bytes = segments.length <= 1 ? first : joined(segments);
    segments.length = 0;
    if (bytes.length <= most) return bytes;
    segments.push(bytes.subarray(most));
    return bytes.subarray(0, most);
  }
}

function joined(segments: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(segments.reduce((sum, segment) => sum + segment.length, 0));
  let at = 0;
  for (const segment of segments) {
    all.set(segment, at);
    at += segment.length;
  }
  return all;
}
