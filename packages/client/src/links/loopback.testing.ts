import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { HeadframeError } from '@headframe/model';
import { onTestFinished } from 'vitest';

/** What a server does with a connection; gets every chunk that comes. */
export type OnConnection = (socket: Socket) => void;

/** A TCP server on loopback for one test, gone with its connections when the test ends. */
export async function tcpServer(onConnection: OnConnection, host = '127.0.0.1', port = 0): Promise<number> {
  const sockets = new Set<Socket>();
  // Half open: a server must be able to notice the end of the client's side.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    onConnection(socket);
  });
  return listen(server, host, port, () => {
    for (const socket of sockets) socket.destroy();
  });
}

/** A web server on loopback for one test. */
export async function httpServer(listener: RequestListener, host = '127.0.0.1', port = 0): Promise<number> {
  const server = createHttpServer(listener);
  return listen(server, host, port, () => server.closeAllConnections());
}

async function listen(server: Server, host: string, port: number, cut: () => void): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        cut();
      }),
  );
  return (server.address() as AddressInfo).port;
}

/** A port on loopback where nothing listens. */
export async function closedPort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Answers each connection once, after its first bytes, as cgminer does: says it and closes. */
export const answering =
  (answer: (request: string) => string | Uint8Array): OnConnection =>
  (socket) =>
    socket.once('data', (bytes) => socket.end(answer(bytes.toString('latin1'))));

const DEAF = `
const { createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const server = createServer();
server.listen({ host: workerData.host, port: workerData.port, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(workerData.held, 0, 0);
  server.close();
});`;

/**
 * A port whose connection attempts stay without an answer, as behind a firewall that drops packets: a listener that
 * never accepts, with its short queue full. Works so on Linux; other systems answer for it.
 */
export async function silentPort(host = '127.0.0.1', port = 0): Promise<number> {
  const held = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(DEAF, { eval: true, workerData: { host, port, held } });
  const listening = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  const queue = Array.from({ length: 4 }, () => connect({ host, port: listening }).on('error', () => {}));
  // The queue of one takes two; the others hang like everybody after them.
  await Promise.all(queue.slice(0, 2).map((socket) => new Promise<void>((resolve) => socket.once('connect', resolve))));
  onTestFinished(async () => {
    for (const socket of queue) socket.destroy();
    Atomics.store(held, 0, 1);
    Atomics.notify(held, 0);
    await worker.terminate();
  });
  return listening;
}

/** The error that a promise rejects with. */
export async function failure(attempt: Promise<unknown>): Promise<HeadframeError> {
  const error = await attempt.then(
    () => 'it worked',
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HeadframeError)) throw new Error(`expected a HeadframeError, got ${String(error)}`);
  return error;
}
