import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/*
 * A Stratum server that lets everybody in and hands out one job: enough for a cgminer to call a pool alive. Shares are
 * refused, as no work of it is worth anything.
 */

const ZEROS = '0'.repeat(64);
/** Any coinbase in two halves will do; nobody checks it. */
const COINBASE = [
  '01000000010000000000000000',
  'ffffffff0100f2052a010000001976a914000000000000000000000000000000000000000088ac00000000',
];
const DIFFICULTY = 1024;

export interface StratumPool {
  readonly url: string;
  close(): void;
}

export async function startPool(): Promise<StratumPool> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const say = (message: object) => socket.writable && socket.write(`${JSON.stringify(message)}\n`);
    createInterface({ input: socket }).on('line', (line) => {
      const request = parsed(line);
      if (request !== null) answer(request, say);
    });
  });
  const port = await listen(server);
  return {
    url: `stratum+tcp://127.0.0.1:${port}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

interface StratumRequest {
  readonly id: unknown;
  readonly method?: string;
}

function parsed(line: string): StratumRequest | null {
  try {
    return JSON.parse(line) as StratumRequest;
  } catch {
    // A pool of stone: what it does not understand it leaves.
    return null;
  }
}

function answer({ id, method }: StratumRequest, say: (message: object) => void): void {
  for (const message of repliesTo(id, method)) say(message);
}

function repliesTo(id: unknown, method: string | undefined): object[] {
  switch (method) {
    case 'mining.subscribe':
      return [{ id, result: [[['mining.notify', '1']], '00000001', 4], error: null }];
    case 'mining.authorize':
      return [
        { id, result: true, error: null },
        { id: null, method: 'mining.set_difficulty', params: [DIFFICULTY] },
        {
          id: null,
          method: 'mining.notify',
          params: ['1', ZEROS, ...COINBASE, [], '20000000', '1703255b', '66000000', true],
        },
      ];
    case 'mining.submit':
      return [{ id, result: null, error: [23, 'Low difficulty share', null] }];
    default:
      return [{ id, result: true, error: null }];
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      listening(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((closed) => server.close(closed));
  return port;
}
