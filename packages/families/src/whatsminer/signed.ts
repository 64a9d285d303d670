import { type Clock, type Credentials, HeadframeError, type StepVerdict, type TcpLink } from '@headframe/model';
import { dataIn, envelope, FrameTalk, frameRefusal, SWITCH_ON, v3Seal, v3Token } from '@headframe/wire/whatsminer';

/** A command of port 4433 that changes something: each is signed for itself (protocols.md 3.6). */
export interface SignedCommand {
  readonly cmd: string;
  readonly param?: unknown;
  /** Its param travels sealed. */
  readonly sealed?: true;
}

/** The accounts of port 4433; `admin` of port 4028 is not one of them. */
export const ACCOUNTS: readonly string[] = ['super', 'user1', 'user2', 'user3'];

const REPLY_MS = 15_000;
/** Earlier than this (2001) it is no time of day. */
const EARLIEST_EPOCH_S = 1_000_000_000;

/** What a command is signed with, besides the password. */
export interface Signing {
  readonly salt: string;
  /** How far the machine's clock is ahead of ours, s. */
  readonly aheadS: number;
  /** Whether the API switch of the vendor's tool is on; null: it does not tell. */
  readonly switchedOn: boolean | null;
}

/**
 * Asks for what a command is signed with. Nothing is changed by it.
 * @throws HeadframeError `link/*`, `protocol/*`
 */
export async function signingOf(link: TcpLink, clock: Clock): Promise<Signing> {
  const cmd = 'get.device.info';
  const talk = await FrameTalk.open(link);
  try {
    const { doc } = await talk.say({ cmd }, { replyMs: REPLY_MS });
    const data = dataIn(doc);
    const said = envelope(doc);
    const salt = data.str('salt');
    if (salt === null) {
      const detail = 'the reply has no salt';
      throw frameRefusal(said, cmd) ?? new HeadframeError('protocol/wrong-shape', { request: cmd, detail });
    }
    // By the machine's own clock, where it tells one: what it compares the time with is not ours.
    const aheadS = said.when !== null && said.when >= EARLIEST_EPOCH_S ? said.when - clock.now() / 1000 : 0;
    return { salt, aheadS, switchedOn: data.sub('system').bool('apiswitch') };
  } finally {
    talk.end();
  }
}

/** A signed command after it was said: the connection is open for what follows. */
export interface SignedTalk {
  readonly talk: FrameTalk;
  readonly verdict: StepVerdict;
}

/**
 * Says a command; its connection stays open.
 * @throws HeadframeError `link/*`, `protocol/*`, `auth/*`, `support/unsupported`; the connection is ended then
 */
export async function saySigned(
  link: TcpLink,
  clock: Clock,
  { username, password }: Credentials,
  signing: Signing,
  { cmd, param, sealed }: SignedCommand,
): Promise<SignedTalk> {
  const talk = await FrameTalk.open(link);
  try {
    const ts = Math.floor(clock.now() / 1000 + signing.aheadS);
    const token = { cmd, password, salt: signing.salt, ts };
    const said = param === undefined ? {} : { param: sealed === true ? v3Seal(JSON.stringify(param), token) : param };
    const request = { cmd, ts, token: v3Token(token), account: username, ...said };
    const { doc } = await talk.say(request, { replyMs: REPLY_MS });
    return { talk, verdict: verdictOn(doc, cmd, username, signing) };
  } catch (thrown) {
    talk.end();
    throw thrown;
  }
}

function verdictOn(doc: unknown, cmd: string, account: string, { switchedOn }: Signing): StepVerdict {
  const said = envelope(doc);
  const vendor = {
    ...(said.code === null ? {} : { vendorCode: String(said.code) }),
    ...(typeof said.msg === 'string' && said.msg !== '' ? { vendorText: said.msg } : {}),
  };
  const refusal = frameRefusal(said, cmd);
  if (refusal === null) return { accepted: true, ...vendor };
  if (refusal.code === 'device/refused') return { accepted: false, ...vendor };
  if (refusal.code !== 'auth/rejected') throw refusal;
  // "No permission" has three causes, and get.device.info tells one of them.
  if (switchedOn === false) throw new HeadframeError('auth/writes-off', { ...refusal.context, next: SWITCH_ON });
  const next =
    account === 'super'
      ? 'The password of the account super is another one, or the API is not switched on (WhatsMinerTool).'
      : `The password of ${account} is another one, or super has not allowed it this command (set.user.permission).`;
  throw new HeadframeError('auth/rejected', { ...refusal.context, next });
}
