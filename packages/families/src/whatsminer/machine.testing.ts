import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { type Credentials, HeadframeError, type Links, type TcpLink, type TcpStream } from '@headframe/model';
import { got, NOW, V2_READS, V3_READS } from './reads.testing.ts';

/*
 * A WhatsMiner in memory, typed to protocols.md 3, to the vendor's manual of V2.2 and to its page of V3: it seals with
 * the keys of the manual's own example and of openssl, never with ours. It does nothing by itself, so a test says what
 * it shows before and after.
 */

/** Tokens of the account admin with the password admin and the salt BQ5hoXV9 (the manual's, and openssl's for the second). */
export const TOKENS = [
  { time: '5626', newsalt: 'jbzkfQls', sign: 'w.BNbkCV6n1aNWgiBWLzT/' },
  { time: '0001', newsalt: 'abcdefgh', sign: 'NjC/2mZxuZXpMW4jq44/D0' },
] as const;
const SALT = 'BQ5hoXV9';
const ADMIN_KEY = '199e0a202039bb7b558db7a54697dca29cb278055b7e659a127fb844d5a2fbf6';

type Fields = Record<string, unknown>;
type Answer = unknown | HeadframeError;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export interface WhatsminerAnswers {
  /** Read commands, in the place of {@link V2_READS} and {@link V3_READS}; a function is asked each time. */
  readonly reads?: Readonly<Record<string, Answer>>;
  /** What sealed or signed commands are answered with: the sealed document, the msg of V3, or an error of the link. */
  readonly writes?: Readonly<Record<string, Answer>>;
  /** The machine's password of admin is another one, or its tokens are not taken: that many times. */
  readonly refusesTokens?: number;
}

/** A machine, and a note of everything that it understood. */
export class WhatsminerDouble {
  now = NOW;
  /** `get_token`, sealed commands by what was in them, frames by what they were. */
  readonly heard: string[] = [];
  /** Files that went up. */
  readonly files: Uint8Array[] = [];
  readonly reads: Record<string, Answer>;
  readonly writes: Record<string, Answer>;
  refusesTokens: number;
  /** The file that follows on a log command. */
  log: Uint8Array = new Uint8Array();
  /** The connection ends without an answer behind a file. */
  diesAfterFile = false;
  tokensGiven = 0;
  openConnections = 0;

  constructor({ reads = {}, writes = {}, refusesTokens = 0 }: WhatsminerAnswers = {}) {
    this.reads = { ...V2_READS, ...V3_READS, ...reads };
    this.writes = { ...writes };
    this.refusesTokens = refusesTokens;
  }

  links(credentials: Credentials | null = { username: 'admin', password: 'admin' }): Links {
    return {
      clock: { now: () => this.now },
      credentials,
      cgminer: this.older,
      whatsminer: this.newer,
      as: (others) => this.links(others),
    };
  }

  readonly older: TcpLink = {
    exchange: async (request) => ({ bytes: this.#v2(decode(request)), at: this.now, ms: 1, ended: 'fin' }),
    open: async () => this.#stream((bytes) => this.#v2Stream(bytes)),
  };

  readonly newer: TcpLink = {
    exchange: () => Promise.reject(new HeadframeError('internal')),
    open: async () => this.#stream((bytes) => this.#v3Stream(bytes)),
  };

  #v2(text: string): Uint8Array {
    const request = JSON.parse(text) as Fields;
    if (request.enc === 1) return this.#sealed(String(request.data));
    const name = String(request.cmd ?? request.command);
    if (name === 'get_token') return encode(JSON.stringify(this.#token()));
    this.heard.push(name);
    const names = name.split('+');
    const answers = names.map((one) => this.#read(one));
    if (names.length === 1) return encode(JSON.stringify(answers[0]));
    return encode(JSON.stringify({ ...Object.fromEntries(names.map((one, i) => [one, [answers[i]]])), id: 1 }));
  }

  #read(name: string): unknown {
    const answer = Object.hasOwn(this.reads, name) ? this.reads[name] : got('invalid cmd', 14, 'E');
    if (answer instanceof HeadframeError) throw answer;
    return typeof answer === 'function' ? (answer as () => unknown)() : answer;
  }

  #token(): unknown {
    this.heard.push('get_token');
    if (Object.hasOwn(this.reads, 'get_token')) return this.#read('get_token');
    const { time, newsalt } = TOKENS[this.tokensGiven++ % 2] as (typeof TOKENS)[number];
    return got({ time, salt: SALT, newsalt }, 134);
  }

  #sealed(data: string): Uint8Array {
    const decipher = createDecipheriv('aes-256-ecb', Buffer.from(ADMIN_KEY, 'hex'), null).setAutoPadding(false);
    const plain = Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
    const opened = objectIn(plain.toString('utf8').replace(/\0+$/, ''));
    if (opened === null) {
      this.heard.push('garbage');
      return encode(JSON.stringify(got('json cmd err', 23, 'E')));
    }
    const { token, ...command } = opened;
    this.heard.push(JSON.stringify(command));
    if (this.refusesTokens > 0 || !TOKENS.some(({ sign }) => sign === token)) {
      this.refusesTokens--;
      return encode(JSON.stringify(got('check token err', 135, 'E')));
    }
    const name = String(command.cmd);
    const answer = Object.hasOwn(this.writes, name)
      ? this.writes[name]
      : (this.#sealedRead(name) ?? got('API command OK'));
    if (answer instanceof HeadframeError) throw answer;
    return encode(
      JSON.stringify({ enc: typeof answer === 'string' ? answer : sealedByOpenssl(JSON.stringify(answer)) }),
    );
  }

  #sealedRead(name: string): unknown {
    return Object.hasOwn(V2_READS, name) ? this.#read(name) : null;
  }

  /** Bytes in, bytes out: a command, and after `ready` a file. */
  #v2Stream(bytes: Uint8Array): Uint8Array {
    if (bytes[0] === 0x7b) {
      const reply = this.#v2(decode(bytes));
      return this.log.length > 0 ? new Uint8Array([...reply, ...this.log]) : reply;
    }
    return this.#file(bytes)
      ? encode(JSON.stringify({ enc: sealedByOpenssl(JSON.stringify(got('Updated'))) }))
      : NOTHING;
  }

  #v3Stream(bytes: Uint8Array): Uint8Array {
    const body = decode(bytes.subarray(4));
    if (!body.startsWith('{')) return this.#file(bytes) ? framed(said('ok', 'set.system.update_firmware')) : NOTHING;
    const request = JSON.parse(body) as Fields;
    const cmd = String(request.cmd);
    if (cmd.startsWith('get.')) {
      this.heard.push(request.param === undefined ? cmd : `${cmd} ${JSON.stringify(request.param)}`);
      const reply = framed(
        cmd === 'get.log.download' ? said({ logsize: String(this.log.length) }, cmd) : this.#v3Read(cmd),
      );
      return cmd === 'get.log.download' ? new Uint8Array([...reply, ...this.log]) : reply;
    }
    return framed(this.#signed(cmd, request));
  }

  #v3Read(cmd: string): Fields {
    const answer = Object.hasOwn(this.reads, cmd) ? this.reads[cmd] : undefined;
    if (answer instanceof HeadframeError) throw answer;
    return answer === undefined ? { code: -2, when: NOW / 1000, msg: 'invalid command', desc: cmd } : said(answer, cmd);
  }

  #signed(cmd: string, request: Fields): Fields {
    const { ts, token, account } = request;
    let { param } = request;
    const digest = createHash('sha256').update(`${cmd}super${SALT}${ts}`).digest();
    const noPermission = { code: -4, when: NOW / 1000, msg: 'no permission', desc: cmd };
    if (token !== digest.toString('base64').slice(0, 8) || account !== 'super') {
      this.heard.push(`${cmd} unsigned`);
      return noPermission;
    }
    if (['set.miner.pools', 'set.user.change_passwd'].includes(cmd)) {
      const decipher = createDecipheriv('aes-256-ecb', digest, null);
      param = JSON.parse(
        Buffer.concat([decipher.update(Buffer.from(String(param), 'base64')), decipher.final()]).toString(),
      );
    }
    this.heard.push(param === undefined ? cmd : `${cmd} ${JSON.stringify(param)}`);
    const answer = Object.hasOwn(this.writes, cmd) ? this.writes[cmd] : 'ok';
    if (answer instanceof HeadframeError) throw answer;
    return typeof answer === 'string' ? said(answer, cmd) : (answer as Fields);
  }

  #pending = new Uint8Array();

  /** True when it is complete. */
  #file(bytes: Uint8Array): boolean {
    this.#pending = new Uint8Array([...this.#pending, ...bytes]);
    if (this.#pending.length < 4) return false;
    const size = new DataView(this.#pending.buffer).getUint32(0, true);
    if (this.#pending.length < 4 + size) return false;
    this.files.push(this.#pending.slice(4));
    this.#pending = new Uint8Array();
    if (this.diesAfterFile) throw new HeadframeError('link/reset');
    return true;
  }

  #stream(receive: (bytes: Uint8Array) => Uint8Array): TcpStream {
    let there: Uint8Array = NOTHING;
    this.openConnections++;
    return {
      write: async (bytes, onSent) => {
        there = new Uint8Array([...there, ...receive(bytes)]);
        onSent?.(bytes.length, bytes.length);
      },
      read: async (frame) => {
        const length = frame(there, false);
        if (length === null || length > there.length) {
          throw new HeadframeError('link/timed-out-waiting', { bytes: there.length });
        }
        const message = there.subarray(0, length);
        there = there.subarray(length);
        return message;
      },
      end: () => {
        this.openConnections--;
      },
    };
  }
}

const NOTHING = new Uint8Array();

function objectIn(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}

const said = (msg: unknown, desc: string): Fields => ({ code: 0, when: NOW / 1000, msg, desc });

function framed(doc: unknown): Uint8Array {
  const body = Buffer.from(JSON.stringify(doc));
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32LE(body.length);
  return new Uint8Array(Buffer.concat([prefix, body]));
}

/** Zero-padded, as the machine does it. */
export function sealedByOpenssl(text: string, key = ADMIN_KEY): string {
  const bytes = Buffer.from(text);
  const padded = Buffer.concat([bytes, Buffer.alloc((16 - (bytes.length % 16)) % 16)]);
  const cipher = createCipheriv('aes-256-ecb', Buffer.from(key, 'hex'), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64');
}
