import { HeadframeError, type Links } from '@headframe/model';
import { webOf } from './ask.ts';

/** A device that talks without end is cut off. */
const MOST_MESSAGES = 20_000;
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Hears a WebSocket for so long: the log line by line (`/api/ws`) or what changes (`/api/ws/live`). It ends when
 * the time is over or enough came, and with the conversation at the latest.
 *
 * Before v2.15 a client that is refused, by its address or as the eleventh, gets a handshake and then an HTTP error where
 * frames belong (protocols.md 6.2): that is `device/refused` here.
 * @throws HeadframeError `link/*`, `auth/*`; `device/refused` as above; `support/unsupported` where the link cannot
 */
export async function listen(links: Links, path: string, forMs: number): Promise<string[]> {
  const { subscribe } = webOf(links);
  const request = `WebSocket ${path}`;
  if (subscribe === undefined) {
    throw new HeadframeError('support/unsupported', { request, detail: 'this link opens no WebSocket' });
  }
  const until = links.clock.now() + forMs;
  const messages: string[] = [];
  const enough = { close: () => {}, reached: false, bytes: 0 };
  const subscription = await subscribe({ path, forMs }, (message) => {
    if (enough.reached) return;
    messages.push(message);
    enough.bytes += message.length;
    if (messages.length < MOST_MESSAGES && enough.bytes < MOST_BYTES && links.clock.now() < until) return;
    enough.reached = true;
    enough.close();
  });
  enough.close = () => subscription.close();
  if (enough.reached) subscription.close();
  const error = await subscription.ended;
  // What was heard before the line broke is worth having.
  if (error === null || enough.reached || messages.length > 0) return messages;
  if (error.code !== 'protocol/malformed') throw error;
  const detail = 'it closed the WebSocket at once: it does not serve our address, or ten others listen already';
  throw new HeadframeError('device/refused', { request, vendorText: detail }, error);
}

export const asLines = (messages: readonly string[]): Uint8Array =>
  new TextEncoder().encode(messages.map((message) => (message.endsWith('\n') ? message : `${message}\n`)).join(''));
