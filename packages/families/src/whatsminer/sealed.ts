import { HeadframeError, type StepVerdict, type TcpLink, type TcpStream } from '@headframe/model';
import { Fields, parseLenient } from '@headframe/wire/json';
import { type Envelope, envelope, jsonObjectLength, open, seal, sealedRefusal } from '@headframe/wire/whatsminer';
import type { Token } from './token.ts';

/** A command of port 4028 that travels sealed (protocols.md 3.2): its name and what stands beside it. */
export interface SealedCommand {
  readonly cmd: string;
  readonly fields?: Readonly<Record<string, string | number>>;
}

export interface SealedReply {
  readonly doc: unknown;
  readonly said: Envelope;
  /** It came sealed: the machine could open what was said, with our key. */
  readonly sealed: boolean;
}

/** What a reply may take, where nothing else is said: some commands act before they answer. */
const REPLY_MS = 15_000;
const encoder = new TextEncoder();

/**
 * Says a command over a connection of its own. A token that the machine does not take any more is replaced once.
 * @throws HeadframeError `link/*`, `protocol/*`, and what {@link acceptedOr} throws
 */
export function saySealed(link: TcpLink, token: Token, command: SealedCommand): Promise<SealedReply> {
  return withToken(link, token, command, async () => {
    const { bytes } = await link.exchange(sealedBytes(token, command), { replyMs: REPLY_MS });
    return { reply: replyIn(bytes, token) };
  });
}

/**
 * Says a command and leaves the connection open for the bytes that follow on it.
 * @throws HeadframeError as {@link saySealed}; the connection is ended then
 */
export async function openSealed(
  link: TcpLink,
  token: Token,
  command: SealedCommand,
  replyMs: number = REPLY_MS,
): Promise<SealedReply & { readonly stream: TcpStream }> {
  if (link.open === undefined) throw new HeadframeError('internal', { detail: 'this link keeps no connection' });
  const connect = link.open.bind(link);
  const held: { stream: TcpStream | null } = { stream: null };
  try {
    const reply = await withToken(link, token, command, async () => {
      held.stream?.end();
      const stream = await connect();
      held.stream = stream;
      await stream.write(sealedBytes(token, command));
      return { reply: await hearSealed(stream, token, replyMs) };
    });
    if (held.stream === null) throw new HeadframeError('internal', { detail: 'no connection was opened' });
    return { ...reply, stream: held.stream };
  } catch (thrown) {
    held.stream?.end();
    throw thrown;
  }
}

/** The next reply on a kept connection: raw bytes may follow in the same segment (protocols.md 3.5). */
export async function hearSealed(stream: TcpStream, token: Token, replyMs: number): Promise<SealedReply> {
  return replyIn(await stream.read(jsonObjectLength, { replyMs }), token);
}

async function withToken(
  link: TcpLink,
  token: Token,
  { cmd }: SealedCommand,
  say: () => Promise<{ readonly reply: SealedReply }>,
): Promise<SealedReply> {
  let { reply } = await say();
  if (isTokenTrouble(reply) && token.canBeRenewed) {
    await token.fetch(link);
    ({ reply } = await say());
  }
  if (isTokenTrouble(reply)) {
    const { code, msg } = reply.said;
    throw new HeadframeError('auth/rejected', {
      request: cmd,
      vendorCode: String(code),
      ...(typeof msg === 'string' ? { vendorText: msg } : {}),
      next: 'It takes the password of its account admin.',
    });
  }
  token.wasAccepted();
  return reply;
}

/**
 * 135 is a token that is wrong or old. What was sealed with another key is garbage to the machine, and comes back in
 * clear as invalid JSON (23): a wrong password, too, or one that was changed meanwhile.
 */
const isTokenTrouble = ({ said, sealed }: SealedReply): boolean => said.code === 135 || (said.code === 23 && !sealed);

function sealedBytes(token: Token, { cmd, fields }: SealedCommand): Uint8Array {
  const { sign, aesKey } = token.keys;
  const data = seal(JSON.stringify({ cmd, ...fields, token: sign }), aesKey);
  // No line feed behind it: on two commands raw bytes follow, and it would be the first of them.
  return encoder.encode(JSON.stringify({ enc: 1, data }));
}

/** Errors from before decryption come in clear, everything else sealed. */
function replyIn(bytes: Uint8Array, token: Token): SealedReply {
  const outer = wholeJson(bytes);
  const sealed = new Fields(outer).raw('enc');
  if (typeof sealed !== 'string') return { doc: outer, said: envelope(outer), sealed: false };
  const doc = wholeJson(open(sealed, token.keys.aesKey));
  return { doc, said: envelope(doc), sealed: true };
}

function wholeJson(text: Uint8Array | string): unknown {
  const { value, repairs } = parseLenient(text);
  if (repairs.some(({ kind }) => kind === 'truncated')) {
    throw new HeadframeError('protocol/truncated', { bytes: text.length });
  }
  return value;
}

/**
 * What a reply means for an action.
 * @throws HeadframeError `auth/writes-off` (45), `support/unsupported` (14), `device/busy` (136),
 * `protocol/wrong-shape`
 */
export function acceptedOr({ said }: SealedReply, request: string): StepVerdict {
  const vendor = {
    ...(said.code === null ? {} : { vendorCode: String(said.code) }),
    ...(typeof said.msg === 'string' && said.msg !== '' ? { vendorText: said.msg } : {}),
  };
  const refusal = sealedRefusal(said, request);
  if (refusal === null) return { accepted: true, ...vendor };
  if (refusal.code === 'device/refused') return { accepted: false, ...vendor };
  throw refusal;
}
