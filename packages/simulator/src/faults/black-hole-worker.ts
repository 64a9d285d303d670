import { createServer, type Server } from 'node:net';
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';

/*
 * A thread that listens and never accepts.
 *
 * A server that turns its event loop takes every connection at once, so this thread never turns it: it opens ports and
 * sleeps, all within callbacks that run before the loop would look at its sockets. See black-hole.ts.
 */

const { wake, orders } = workerData as { wake: Int32Array; orders: MessagePort };
const open = new Map<number, Server>();

type Order =
  | { readonly id: number; readonly close: true }
  | { readonly id: number; readonly host: string; readonly port: number };

function next(): void {
  for (;;) {
    const order = receiveMessageOnPort(orders)?.message as Order | undefined;
    if (order === undefined) {
      Atomics.wait(wake, 0, 0);
      Atomics.store(wake, 0, 0);
    } else if ('close' in order) {
      open.get(order.id)?.close();
      open.delete(order.id);
      // The system's socket is closed within that call: the port is free from here on.
      orders.postMessage({ id: order.id });
    } else {
      listen(order);
      return;
    }
  }
}

function listen({ id, host, port }: { id: number; host: string; port: number }): void {
  const server = createServer();
  server.on('error', (error: NodeJS.ErrnoException) => {
    orders.postMessage({ id, error: error.code ?? error.message });
    next();
  });
  // The shortest queue there is; Linux lets one more than the backlog wait.
  server.listen({ host, port, backlog: 1 }, () => {
    open.set(id, server);
    const address = server.address();
    orders.postMessage({ id, port: address !== null && typeof address === 'object' ? address.port : port });
    next();
  });
}

next();
