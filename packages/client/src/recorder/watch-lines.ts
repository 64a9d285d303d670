import { type Clock, HeadframeError, type TcpLink, type TcpStream } from '@headframe/model';
import { decodeLine, type RpcMessage } from '@headframe/wire/ethminer';

/** What came of one request: its line, or that there is none to keep. */
export type HeardLine = (method: string, line: Uint8Array | null, ms: number) => void;

/** Its request holds the password of the rig, and there is nothing in its reply. */
const LOGIN = 'api_authorize';

/**
 * The same link to a program that speaks JSON-RPC in lines, with each reply told together with the method that it
 * answers. A refusal is told as none: a replay refuses by itself. What is written is never kept.
 */
export function watchLines(link: TcpLink, clock: Clock, heard: HeardLine): TcpLink {
  const exchange: TcpLink['exchange'] = (request, options) => link.exchange(request, options);
  if (link.open === undefined) return { exchange };
  const { open } = link;
  return { exchange, open: async () => watched(await open.call(link), clock, heard) };
}

function watched(stream: TcpStream, clock: Clock, heard: HeardLine): TcpStream {
  let asked: { readonly id: unknown; readonly method: string; readonly at: number } | null = null;
  return {
    write: (bytes, onSent) => {
      const { id, method } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { id: unknown; method: string };
      asked = method === LOGIN ? null : { id, method, at: clock.now() };
      return stream.write(bytes, onSent);
    },
    read: async (frame, options) => {
      const line = await stream.read(frame, options);
      if (asked === null) return line;
      const { id, method, at } = asked;
      const answer = kindOf(line, id);
      if (answer !== 'another') {
        asked = null;
        heard(method, answer === 'a refusal' ? null : line, clock.now() - at);
      }
      return line;
    },
    end: () => stream.end(),
  };
}

function kindOf(line: Uint8Array, asked: unknown): 'an answer' | 'a refusal' | 'another' {
  let message: RpcMessage;
  try {
    message = decodeLine(line);
  } catch (thrown) {
    if (!(thrown instanceof HeadframeError)) throw thrown;
    // Unreadable is just what a recording is for.
    return 'an answer';
  }
  const { id, error, result } = message;
  if (error !== null) return id === asked || id === null ? 'a refusal' : 'another';
  return id === asked && result !== undefined ? 'an answer' : 'another';
}
