import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { WorkDone } from '@headframe/families/sim';
import type { Clock } from '@headframe/model';
import { Door } from '../door.ts';
import { every, realTimers, type Timers } from '../timers.ts';
import { ASSUMED } from './assumed.ts';
import { braiinsPool } from './braiins-pool.ts';
import { ckpool } from './ckpool.ts';
import { type PoolBooks, type PoolDialect, type PoolReply, type PoolRequest, partsOf } from './dialect.ts';
import { f2pool } from './f2pool.ts';
import type { PoolFault } from './faults.ts';
import type { PoolKind } from './kinds.ts';
import { Ledger, type Worker, type Working } from './ledger.ts';
import { luxor } from './luxor.ts';
import { ocean } from './ocean.ts';
import { plain } from './plain.ts';
import { publicPool } from './public-pool.ts';

const DIALECTS: Readonly<Record<PoolKind, PoolDialect>> = {
  ckpool,
  'public-pool': publicPool,
  'braiins-pool': braiinsPool,
  ocean,
  f2pool,
  luxor,
  plain,
};

/** How often it looks at its machines without being asked. */
const LOOK_MS = 60_000;
const MOST_BODY = 64 * 1024;
/** Who asks for nothing for so long is let go. */
const IDLE_MS = 120_000;

export interface PoolOptions {
  readonly kind: PoolKind;
  /** Where to listen, an IP address. */
  readonly address: string;
  /** Any free one when left out. */
  readonly port?: number;
  /** Who works for it, asked for at a time of the simulated clock: the same objects each time. */
  readonly machines: (at: number) => Iterable<Working> | Promise<Iterable<Working>>;
  /** The simulated time. */
  readonly clock: Clock;
  readonly timers?: Timers;
  readonly faults?: readonly PoolFault[];
  /** The key that it wants, where its kind wants one; {@link POOL_SECRET} when left out. */
  readonly secret?: string;
  /** Only work for this host of the machines' pool URLs; all of it when left out. */
  readonly host?: string;
}

export const POOL_SECRET = 'simulated-pool-key';

/** A pool with its statistics API on a real port. */
export interface Pool {
  readonly kind: PoolKind;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly port: number;
  /** What a request has to carry; null: nothing. */
  readonly secret: string | null;
  /** Other faults from now on. */
  setFaults(faults: readonly PoolFault[]): Promise<void>;
  /** Counts what was submitted until now. Done once a minute and at every question. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a pool that counts what simulated machines submit, and tells of it as pools of its kind do.
 * What machines did before it started counts too: they worked for it all along.
 * @throws HeadframeError `usage/port-in-use`, `usage/invalid` for an address that is not ours
 */
export async function startPool(options: PoolOptions): Promise<Pool> {
  const pool = new ServedPool(options);
  await pool.start();
  return pool;
}

const hostOf = (url: string): string => url.replace(/^[^/]*:\/\//, '').replace(/[:/].*$/, '');

class ServedPool implements Pool {
  readonly kind: PoolKind;
  readonly secret: string | null;
  readonly #options: PoolOptions;
  readonly #dialect: PoolDialect;
  readonly #timers: Timers;
  readonly #ledger: Ledger;
  readonly #door: Door;
  readonly #server: Server;
  #faults: readonly PoolFault[] = [];
  #looking: Promise<void> = Promise.resolve();
  readonly #waiting = new Set<() => void>();
  #stop = () => {};

  constructor(options: PoolOptions) {
    const { kind, address, port = 0, host } = options;
    this.kind = kind;
    this.#options = options;
    this.#dialect = DIALECTS[kind];
    this.secret = this.#dialect.keyOf === undefined ? null : (options.secret ?? POOL_SECRET);
    this.#timers = options.timers ?? realTimers;
    this.#ledger = new Ledger(({ url }: WorkDone) => host === undefined || hostOf(url) === host);
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#door = new Door(address, port, (socket) => {
      socket.on('error', () => socket.destroy());
      socket.setTimeout(IDLE_MS, () => socket.destroy());
      this.#server.emit('connection', socket);
    });
  }

  get port(): number {
    return this.#door.port;
  }

  get url(): string {
    const { address } = this.#options;
    return `http://${address.includes(':') ? `[${address}]` : address}:${this.port}`;
  }

  async start(): Promise<void> {
    // It opens once, so that a taken port shows at the start and a free one has its number.
    await this.#door.to('open');
    await this.setFaults(this.#options.faults ?? []);
    this.#stop = every(this.#timers, LOOK_MS, () => void this.look().catch(() => {}));
  }

  async setFaults(faults: readonly PoolFault[]): Promise<void> {
    this.#faults = faults;
    await this.#door.to(this.#fault('down') === undefined ? 'open' : 'closed');
  }

  #fault<K extends PoolFault['kind']>(kind: K): Extract<PoolFault, { kind: K }> | undefined {
    return this.#faults.find((one): one is Extract<PoolFault, { kind: K }> => one.kind === kind);
  }

  /** Until when its statistics count. */
  get #at(): number {
    const now = this.#options.clock.now() - (this.#fault('stale')?.seconds ?? 0) * 1000;
    const { renewedEveryS } = this.#dialect;
    return renewedEveryS === undefined ? now : Math.floor(now / (renewedEveryS * 1000)) * renewedEveryS * 1000;
  }

  /** One look after the other: a ledger is never counted from two sides. */
  look(): Promise<void> {
    const look = this.#looking.then(async () => {
      const at = this.#at;
      if (at > this.#ledger.at) this.#ledger.count(at, await this.#options.machines(at));
    });
    this.#looking = look.catch(() => {});
    return look;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: PoolReply;
    try {
      reply = await this.#reply(request);
    } catch {
      reply = { status: 500, body: 'Internal Server Error\n', contentType: 'text/plain' };
    }
    await this.#wait((this.#fault('slow')?.seconds ?? 0) * 1000);
    if (response.destroyed) return;
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status, {
      'content-type': reply.contentType ?? 'application/json',
      'content-length': Buffer.byteLength(text),
      date: new Date(this.#clock(this.#options.clock.now())).toUTCString(),
      connection: 'close',
      ...(reply.status === 429 && { 'retry-after': String(ASSUMED.rateLimitedRetryS) }),
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  }

  #wait(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    return new Promise((done) => {
      const over = () => {
        callOff();
        this.#waiting.delete(over);
        done();
      };
      const callOff = this.#timers.after(ms, over);
      this.#waiting.add(over);
    });
  }

  #clock(at: number): number {
    return at + (this.#fault('clock')?.seconds ?? 0) * 1000;
  }

  async #reply(message: IncomingMessage): Promise<PoolReply> {
    if (this.#fault('html') !== undefined) return BAD_GATEWAY;
    if (this.#fault('rate-limited') !== undefined) return { status: 429, body: { error: 'Too Many Requests' } };
    const request = await requestOf(message, this.url);
    if ('status' in request) return request;
    const { keyOf, unauthorized, answer } = this.#dialect;
    const refused = keyOf !== undefined && keyOf(request) !== this.secret;
    if (refused || this.#fault('unauthorized') !== undefined) return unauthorized;
    await this.look();
    return answer(request, this.#books());
  }

  #books(): PoolBooks {
    const unknown = this.#fault('worker-unknown');
    const isKnown = ({ name }: Worker): boolean =>
      unknown === undefined ||
      (unknown.worker !== undefined && unknown.worker !== name && unknown.worker !== partsOf(name).rig);
    return {
      // A time that has been counted is not taken back: a pool that begins to lag stands still.
      at: Math.max(this.#at, this.#ledger.at),
      workers: this.#ledger.workers.filter(isKnown),
      clock: (at) => this.#clock(at),
    };
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#door.to('closed');
    for (const over of this.#waiting) over();
    await this.#looking;
  }
}

const BAD_GATEWAY: PoolReply = {
  status: 502,
  body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
  contentType: 'text/html',
};

/** What was asked, or the answer to what cannot be read. */
async function requestOf(message: IncomingMessage, origin: string): Promise<PoolRequest | PoolReply> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BODY) return { status: 413, body: 'Payload Too Large\n', contentType: 'text/plain' };
    parts.push(part);
  }
  const [path = '', query = ''] = (message.url ?? '').split('?', 2);
  let segments: string[];
  try {
    segments = path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    return { status: 400, body: 'Bad Request\n', contentType: 'text/plain' };
  }
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return {
    method: message.method ?? 'GET',
    segments,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.concat(parts).toString(),
    origin,
  };
}
