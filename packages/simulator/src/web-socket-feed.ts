import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { SimulatedFeed } from '@headframe/families/sim';
import { WebSocketServer } from 'ws';
import type { Timers } from './timers.ts';

/** What a client says is not listened to: a flood of it ends its connection. */
const MOST_HEARD_BYTES = 64 * 1024;

let shared: WebSocketServer | undefined;

/** Answers the handshake and tells what the device has to say, until one of the two goes away. */
export function serveFeed(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  feed: SimulatedFeed,
  { now, timers }: { readonly now: () => number; readonly timers: Timers },
): void {
  shared ??= new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MOST_HEARD_BYTES,
    perMessageDeflate: false,
  });
  shared.handleUpgrade(request, socket, head, (client) => {
    if (feed.insteadOfFrames !== undefined) {
      client.on('error', () => client.terminate());
      socket.end(feed.insteadOfFrames);
      return;
    }
    let callOff = () => {};
    const look = (): void => {
      const news = feed.next(now());
      if (news === null) {
        client.close();
        return;
      }
      for (const message of news) client.send(message);
      callOff = timers.after(feed.everyMs, look);
    };
    client.on('error', () => client.terminate());
    client.on('close', () => {
      callOff();
      feed.closed?.();
    });
    look();
  });
}
