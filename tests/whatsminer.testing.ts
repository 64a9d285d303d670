import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { text as textFrom } from 'node:stream/consumers';
import { createMiner, type Miner, type MinerOptions } from '@headframe/client';
import type { SimulatedDevice } from '@headframe/families/sim';
import type { Credentials, Outcome } from '@headframe/model';
import { md5crypt } from '@headframe/wire/whatsminer';
import { afterEach } from 'vitest';
import { type Controlled, control } from './control.testing.ts';

/*
 * Simulated WhatsMiners on real ports, talked to by our client and by a client of the tests' own, which seals with the
 * runtime's ciphers as protocols.md 3.2 and 3.6 say.
 */

/** What their owner changed the passwords to. */
export const PASSWORD = 'Miner_01';
export const ADMIN: Credentials = { username: 'admin', password: PASSWORD };
export const SUPER: Credentials = { username: 'super', password: PASSWORD };

export type Fields = Readonly<Record<string, unknown>>;

const open: Controlled[] = [];
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

export interface Set {
  readonly quirks?: Readonly<Record<string, boolean>>;
  /** Null: no login is known. */
  readonly login?: Credentials | null;
  readonly miner?: MinerOptions;
  /** Protocols whose port is not told to our client. */
  readonly without?: readonly string[];
}

/** A machine that has run for two days; by default our client knows its admin. */
export async function whatsminer(profile: string, { quirks = {}, login = ADMIN, miner = {}, without = [] }: Set = {}) {
  const made = await control('whatsminer', profile, {
    quirks,
    without,
    miner: { ...(login === null ? {} : { credentials: login }), ...miner },
  });
  open.push(made);
  return made;
}

/** Another of our programs, which shares no memory with the first. */
export function another(made: Controlled, options: MinerOptions = {}): Miner {
  const keys = new Map<string, string>();
  return createMiner(
    { host: '127.0.0.1', family: 'whatsminer', ports: made.served.ports },
    {
      clock: { now: made.now },
      connectTimeoutMs: 1000,
      replyTimeoutMs: 3000,
      wait: made.pass,
      credentials: ADMIN,
      sessions: {
        recall: (address) => keys.get(address) ?? null,
        remember: (address, key) => {
          if (key === null) keys.delete(address);
          else keys.set(address, key);
        },
      },
      ...options,
    },
  );
}

/** `headframe do`, what is guarded included. */
export async function act(miner: Miner, name: string, given: Fields = {}): Promise<Outcome> {
  const plan = await miner.plan(name, given);
  return plan.run(plan.guarded === null ? {} : { guarded: { typedAddress: miner.address } });
}

// Port 4028

/** What comes back on a connection of its own, to its end. */
export async function textOf(made: Controlled, request: string): Promise<string> {
  const socket = dial(made.served.ports.cgminer ?? 0, '127.0.0.1');
  socket.write(request);
  return textFrom(socket);
}

/** Behind these replies the connection goes on with raw bytes. */
const WITH_FILES: readonly unknown[] = ['update_firmware', 'download_logs'];

/** The object that comes back first. */
async function firstObject(made: Controlled, request: string): Promise<string> {
  const socket = dial(made.served.ports.cgminer ?? 0, '127.0.0.1');
  socket.write(request);
  try {
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    // Sealed or not, no reply to these has a brace within.
    const text = bytes.toString('latin1');
    return text.slice(0, text.indexOf('}') + 1);
  } finally {
    socket.destroy();
  }
}

type Receive = NonNullable<SimulatedDevice['cgminer']>['receive'];

/** Puts something between the network and the device, in front of what is there already. */
function between(made: Controlled, receive: (next: Receive) => Receive): void {
  const port = made.device().cgminer;
  if (port === undefined) throw new Error('no port 4028');
  Object.assign(port, { receive: receive(port.receive) });
}

const heardText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').trim();

/** Lets the machine say something else on port 4028 than it would; the request is as it came. */
export function alter(made: Controlled, change: (said: string, request: string) => string): void {
  between(made, (next) => (bytes, peer, now) => {
    const reaction = next(bytes, peer, now);
    const said = Buffer.concat(reaction.chunks.map((chunk) => chunk.bytes)).toString('latin1');
    const changed = change(said, heardText(bytes));
    if (changed === said) return reaction;
    return { chunks: [{ bytes: Buffer.from(changed, 'latin1'), afterMs: 0 }], end: 'fin' };
  });
}

/** What the machine hears on port 4028 from now on. */
export function heardBy(made: Controlled): readonly string[] {
  const heard: string[] = [];
  between(made, (next) => (bytes, peer, now) => {
    heard.push(heardText(bytes));
    return next(bytes, peer, now);
  });
  return heard;
}

export const say = async (made: Controlled, request: Fields | string): Promise<Fields> =>
  JSON.parse(await textOf(made, typeof request === 'string' ? request : JSON.stringify(request))) as Fields;

/** What signs and seals, of the tests' own making. */
export interface OwnToken {
  readonly sign: string;
  readonly aesKey: Buffer;
  readonly told: Fields;
}

const hashPart = (crypted: string): string => crypted.split('$')[3] ?? '';

export async function tokenOf(made: Controlled, password = PASSWORD): Promise<OwnToken> {
  const told = (await say(made, { cmd: 'get_token' })).Msg as Fields;
  const key = hashPart(md5crypt(password, String(told.salt)));
  const sign = hashPart(md5crypt(key + String(told.time), String(told.newsalt)));
  return { sign, aesKey: createHash('sha256').update(key).digest(), told };
}

export function sealed(text: string, key: Buffer, padding: 'zero' | 'pkcs7' = 'zero'): string {
  const bytes = Buffer.from(text);
  const left = 16 - (bytes.length % 16);
  const padded =
    padding === 'zero'
      ? Buffer.concat([bytes, Buffer.alloc(left % 16)])
      : Buffer.concat([bytes, Buffer.alloc(left, left)]);
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}

export function opened(data: string, key: Buffer): string {
  const cipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const plain = Buffer.concat([cipher.update(Buffer.from(data, 'base64')), cipher.final()]);
  return plain.toString('utf8').replace(/\0+$/, '');
}

export interface Answer {
  readonly doc: Fields;
  readonly wasSealed: boolean;
}

/** A sealed command with the token in it; null: it closes without a word. */
export async function saySealed(made: Controlled, command: Fields, token?: OwnToken): Promise<Answer | null> {
  const own = token ?? (await tokenOf(made));
  const inside = JSON.stringify({ ...command, token: own.sign });
  const request = JSON.stringify({ enc: 1, data: sealed(inside, own.aesKey) });
  return answerIn(await (WITH_FILES.includes(command.cmd) ? firstObject : textOf)(made, request), own);
}

export function answerIn(text: string, { aesKey }: OwnToken): Answer | null {
  if (text === '') return null;
  const doc = JSON.parse(text) as Fields;
  return typeof doc.enc === 'string'
    ? { doc: JSON.parse(opened(doc.enc, aesKey)) as Fields, wasSealed: true }
    : { doc, wasSealed: false };
}

/** Code and text of a reply. */
export const codeOf = (answer: Answer | null): readonly unknown[] =>
  answer === null ? ['closed'] : [answer.doc.Code, answer.doc.Msg];

/** What the machine shows by itself: asked past the network and past our client, and no time passes. */
export function told(made: Controlled, cmd: string): Fields {
  const request = Buffer.from(JSON.stringify({ cmd }));
  const reaction = made.device().cgminer?.receive(request, { address: '10.0.0.9' }, made.now());
  const doc = JSON.parse(Buffer.concat(reaction?.chunks.map(({ bytes }) => bytes) ?? []).toString('utf8')) as Fields;
  const section = { summary: 'SUMMARY', pools: 'POOLS', edevs: 'DEVS', devs: 'DEVS' }[cmd];
  const value = (section === undefined ? undefined : doc[section]) ?? doc.Msg;
  return (Array.isArray(value) ? value[0] : value) as Fields;
}

// Port 4433

/** One request in a frame, on a connection of its own, and the reply to it; null: it closes without one. */
export async function sayFramed(made: Controlled, request: Fields): Promise<Fields | null> {
  const socket = dial(made.served.ports.whatsminer ?? 0, '127.0.0.1');
  const body = Buffer.from(JSON.stringify(request));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  socket.write(Buffer.concat([length, body]));
  const closed = once(socket, 'close').then(() => null);
  let came = Buffer.alloc(0);
  try {
    while (came.length < 4 || came.length < 4 + came.readUInt32LE()) {
      const next = (await Promise.race([once(socket, 'data'), closed])) as [Buffer] | null;
      if (next === null) return null;
      came = Buffer.concat([came, next[0]]);
    }
    return JSON.parse(came.subarray(4, 4 + came.readUInt32LE()).toString('utf8')) as Fields;
  } finally {
    socket.destroy();
  }
}

export interface Signing {
  readonly account?: string;
  readonly password?: string;
  /** Epoch seconds; the machine's own time unless given. */
  readonly ts?: number;
  /** In the place of the right one; null: none is sent. */
  readonly token?: string | null;
}

const SEALED_PARAMS: readonly string[] = ['set.miner.pools', 'set.user.change_passwd'];

/** A signed command; where the protocol wants its param sealed, it is. */
export async function saySigned(
  made: Controlled,
  cmd: string,
  param: unknown,
  { account = 'super', password = PASSWORD, ts = Math.floor(made.now() / 1000), token }: Signing = {},
): Promise<Fields | null> {
  const info = (await sayFramed(made, { cmd: 'get.device.info', param: 'salt' }))?.msg as Fields;
  const digest = createHash('sha256').update(`${cmd}${password}${info.salt}${ts}`).digest();
  const right = digest.toString('base64').slice(0, 8);
  const carried = SEALED_PARAMS.includes(cmd) ? sealed(JSON.stringify(param), digest, 'pkcs7') : param;
  return sayFramed(made, {
    cmd,
    ts,
    account,
    ...(token === null ? {} : { token: token ?? right }),
    ...(param === undefined ? {} : { param: carried }),
  });
}
