import { connect, type Socket } from 'node:net';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { besideThis } from '../beside.ts';

/** A port that does not answer connection attempts. */
export interface BlackHole {
  readonly port: number;
  /** Done when the port is free again. */
  close(): Promise<void>;
}

/** Linux lets two connections wait at a listener of backlog 1; more are tried until one hangs. */
const SURE_FILLERS = 2;
const MOST_FILLERS = 6;

/**
 * Makes a port that leaves connection attempts without an answer, as a firewall does that drops packets.
 *
 * On Linux a listener whose accept queue is full drops further SYNs. The queue belongs to a listener in a thread of its
 * own that never accepts, and a few connections of ours fill it. Elsewhere the kernel may refuse instead of drop: there
 * the attempt looks refused or hangs connected, which is as near as an ordinary user gets.
 * @param port 0 for any free one
 * @throws the error of the bind, as `NodeJS.ErrnoException`
 */
export async function openBlackHole(host: string, port: number): Promise<BlackHole> {
  const thread = sharedThread();
  const id = thread.nextId++;
  const opened = await thread.order<{ port?: number; error?: string }>(id, { id, host, port });
  if (opened.port === undefined) {
    throw Object.assign(new Error(`listen ${opened.error} ${host}:${port}`), { code: opened.error });
  }
  const fillers = await fill(host, opened.port);
  return {
    port: opened.port,
    close: async () => {
      for (const filler of fillers) filler.destroy();
      await thread.order(id, { id, close: true });
      thread.release();
    },
  };
}

/** The kernel completes an attempt on loopback within a tick of its own: one that is not shows that the queue is full. */
async function fill(host: string, port: number): Promise<Socket[]> {
  const fillers: Socket[] = [];
  for (let i = 0; i < MOST_FILLERS; i++) {
    const socket = connect({ host, port });
    fillers.push(socket);
    const connected = await new Promise<boolean>((done) => {
      const limit = setTimeout(() => done(false), i < SURE_FILLERS ? 2000 : 100);
      socket.once('connect', () => done(true)).on('error', () => done(false));
      socket.once('close', () => clearTimeout(limit));
    });
    socket.unref();
    if (!connected) break;
  }
  return fillers;
}

interface Thread {
  nextId: number;
  order<T>(id: number, order: object): Promise<T>;
  release(): void;
}

/** One thread holds all black holes of this process, and ends with the last one. */
let thread: Thread | undefined;
let users = 0;

function sharedThread(): Thread {
  if (thread !== undefined) {
    users++;
    return thread;
  }
  const wake = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(besideThis(import.meta.url, 'black-hole-worker'), {
    workerData: { wake, orders: port2 },
    transferList: [port2],
    // The flags of a process that was started with its code on the command line, as those of a farm, are none of a file.
    execArgv: [],
  });
  worker.unref();
  users = 1;
  thread = threadOf(worker, port1, wake);
  return thread;
}

function threadOf(worker: Worker, orders: MessagePort, wake: Int32Array): Thread {
  const waiting = new Map<number, (answer: unknown) => void>();
  const settle = (id: number, answer: unknown) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
    // Only an order that waits for its answer keeps the process alive.
    if (waiting.size === 0) {
      worker.unref();
      orders.unref();
    }
  };
  orders.on('message', (answer: { id: number }) => settle(answer.id, answer));
  orders.unref();
  let broken: string | null = null;
  worker.on('error', (error: Error) => {
    broken = error.message;
    for (const id of [...waiting.keys()]) settle(id, { id, error: broken });
  });
  return {
    nextId: 0,
    order: <T>(id: number, order: object) =>
      new Promise<T>((done) => {
        // Nobody is there any more to answer.
        if (broken !== null) return done({ id, error: broken } as T);
        waiting.set(id, done as (answer: unknown) => void);
        worker.ref();
        orders.ref();
        orders.postMessage(order);
        Atomics.store(wake, 0, 1);
        Atomics.notify(wake, 0);
      }),
    release: () => {
      if (--users > 0) return;
      thread = undefined;
      orders.close();
      void worker.terminate();
    },
  };
}
