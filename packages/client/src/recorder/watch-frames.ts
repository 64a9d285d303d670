import { type Clock, HeadframeError, type TcpLink, type TcpStream } from '@headframe/model';
import { parseLenient } from '@headframe/wire/json';
import { envelope, frameBody } from '@headframe/wire/whatsminer';

/** What came of one request: the body of its reply's frame, or that there is none to keep. */
export type HeardFrame = (cmd: string, body: Uint8Array | null, ms: number) => void;

/**
 * The same link to a program that speaks in frames (protocols.md 3.6), with each reply told together with the command
 * that it answers. A refusal is told as none: a replay refuses by itself. What is written is never kept.
 */
export function watchFrames(link: TcpLink, clock: Clock, heard: HeardFrame): TcpLink {
  const exchange: TcpLink['exchange'] = (request, options) => link.exchange(request, options);
  if (link.open === undefined) return { exchange };
  const { open } = link;
  return { exchange, open: async () => watched(await open.call(link), clock, heard) };
}

function watched(stream: TcpStream, clock: Clock, heard: HeardFrame): TcpStream {
  let asked: { readonly cmd: string; readonly at: number } | null = null;
  return {
    write: (bytes, onSent) => {
      const { cmd } = JSON.parse(Buffer.from(frameBody(bytes)).toString('utf8')) as { cmd: string };
      asked = { cmd, at: clock.now() };
      return stream.write(bytes, onSent);
    },
    read: async (frame, options) => {
      const whole = await stream.read(frame, options);
      const body = frameBody(whole);
      // A heartbeat answers nothing.
      if (asked === null || body.length === 0) return whole;
      const { cmd, at } = asked;
      asked = null;
      heard(cmd, isRefusal(body) ? null : body, clock.now() - at);
      return whole;
    },
    end: () => stream.end(),
  };
}

function isRefusal(body: Uint8Array): boolean {
  try {
    const { code } = envelope(parseLenient(body).value);
    return code !== null && code !== 0;
  } catch (thrown) {
    if (!(thrown instanceof HeadframeError)) throw thrown;
    // Unreadable is just what a recording is for.
    return false;
  }
}
