import {
  asHeadframeError,
  type Clock,
  HeadframeError,
  type Reply,
  type ReplyMeta,
  type StreamReadOptions,
  type TcpLink,
  type TcpStream,
} from '@headframe/model';
import { parseLenient } from '../json/index.ts';
import { envelope } from './envelope.ts';
import { frame, frameBody, frameLength } from './frame.ts';
import { frameRefusal } from './refusals.ts';

/** Between two replies a device may send as many heartbeats; more is no conversation any more. */
const MOST_HEARTBEATS = 16;

/** What came in one frame. */
export interface FrameReply {
  readonly doc: unknown;
  readonly raw: Uint8Array;
  readonly repairs: ReplyMeta['repairs'];
}

/** One kept connection to port 4433 (protocols.md 3.6). Whoever opens it ends it. */
export class FrameTalk {
  /** For what is not framed: a log that comes, a firmware file that goes. */
  readonly stream: TcpStream;

  private constructor(stream: TcpStream) {
    this.stream = stream;
  }

  /** @throws HeadframeError `link/*` */
  static async open(link: TcpLink): Promise<FrameTalk> {
    if (link.open === undefined) throw new HeadframeError('internal', { detail: 'this link keeps no connection' });
    return new FrameTalk(await link.open());
  }

  /**
   * Sends one request and reads the reply to it.
   * @throws HeadframeError `link/*`, `protocol/*`. What the device says no with is in the reply
   */
  async say(request: Readonly<Record<string, unknown>>, options?: StreamReadOptions): Promise<FrameReply> {
    await this.stream.write(frame(JSON.stringify(request)));
    return this.hear(options);
  }

  /** The next frame that says something. */
  async hear(options?: StreamReadOptions): Promise<FrameReply> {
    for (let i = 0; i <= MOST_HEARTBEATS; i++) {
      const raw = frameBody(await this.stream.read(frameLength, options));
      if (raw.length === 0) continue;
      const { value, repairs } = parseLenient(raw);
      if (repairs.some(({ kind }) => kind === 'truncated')) {
        throw new HeadframeError('protocol/truncated', { bytes: raw.length });
      }
      return { doc: value, raw, repairs };
    }
    throw new HeadframeError('protocol/wrong-shape', { detail: 'nothing but heartbeats comes' });
  }

  end(): void {
    this.stream.end();
  }
}

/** One read command of port 4433. */
export interface FrameQuestion {
  /** What its reply is called. */
  readonly id: string;
  readonly cmd: string;
  readonly param?: unknown;
}

/**
 * Asks one after the other over one kept connection. Never rejects: what goes wrong is in the replies. When the
 * connection fails nothing more is asked, and the rest gets that error.
 */
export async function askFrames(
  link: TcpLink,
  clock: Clock,
  questions: readonly FrameQuestion[],
): Promise<Map<string, Reply>> {
  const replies = new Map<string, Reply>();
  let talk: FrameTalk | null = null;
  let broken: HeadframeError | null = null;
  try {
    for (const { id, cmd, param } of questions) {
      const request = typeof param === 'string' ? `${cmd} ${param}` : cmd;
      const began = clock.now();
      try {
        if (broken !== null) throw broken;
        talk ??= await FrameTalk.open(link);
        const { doc, raw, repairs } = await talk.say({ cmd, ...(param === undefined ? {} : { param }) });
        const at = clock.now();
        const error = frameRefusal(envelope(doc), request);
        const meta = { id, request, at, ms: at - began, bytes: raw.length, repairs, error: error?.summary ?? null };
        replies.set(id, { meta, doc: error === null ? doc : null, raw, error });
      } catch (thrown) {
        const error = asHeadframeError(thrown, { request });
        if (error.code !== 'protocol/malformed' && error.code !== 'protocol/truncated') broken ??= error;
        const at = clock.now();
        const meta = { id, request, at, ms: at - began, bytes: 0, repairs: [], error: error.summary };
        replies.set(id, { meta, doc: null, raw: null, error });
      }
    }
  } finally {
    talk?.end();
  }
  return replies;
}
