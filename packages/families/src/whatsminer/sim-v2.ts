import { decodeBase64, encodeBase64, open, seal } from '@headframe/wire/whatsminer';
import type { Chunk, Peer, Reaction } from '../sim/device.ts';
import { ASSUMED } from './sim-assumed.ts';
import { firmwareIn, Upload } from './sim-firmware.ts';
import { objectIn, printed } from './sim-json.ts';
import { logArchive } from './sim-log-archive.ts';
import { apiNumber } from './sim-plan.ts';
import type { WhatsminerUnit } from './sim-unit.ts';
import { JOINABLE, readOf, type V2Request } from './sim-v2-reads.ts';
import {
  BAD_TOKEN,
  INVALID_COMMAND,
  INVALID_JSON,
  NOT_PERMITTED,
  refuse,
  render,
  type V2Reply,
} from './sim-v2-reply.ts';
import type { V2Write, WriteCommand } from './sim-v2-write.ts';
import { MINING_WRITES } from './sim-v2-writes-mining.ts';
import { SYSTEM_WRITES } from './sim-v2-writes-system.ts';

/*
 * The API on 4028 (protocols.md 3.1 to 3.5): one JSON object per connection, sealed or not, and the two exchanges of
 * files that go on behind it.
 */

const WRITES: Readonly<Record<string, WriteCommand>> = { ...MINING_WRITES, ...SYSTEM_WRITES };
const encoder = new TextEncoder();
const NOTHING: Reaction = { chunks: [], end: 'fin' };
/** The file of a log follows its reply so late (protocols.md 3.5). */
const LOG_AFTER_MS = 10;
/** A log that never ends: pieces of this size, so often and so many. */
const ENDLESS = { bytes: 16_384, everyMs: 50, pieces: 4000 } as const;

/** A text as it goes out: as it is, or sealed. */
type Wrap = (text: string) => string;
const inClear: Wrap = (text) => text;

export class V2Api {
  readonly #unit: WhatsminerUnit;
  #upload: { readonly file: Upload; readonly wrap: Wrap; readonly peer: string } | null = null;

  constructor(unit: WhatsminerUnit) {
    this.#unit = unit;
  }

  receive(bytes: Uint8Array, peer: Peer, now: number): Reaction {
    this.#unit.settle(now);
    if (bytes.length === 0) return NOTHING;
    const upload = this.#goesOn(bytes, peer, now);
    if (upload !== null) return this.#take(upload, bytes, now);
    const text = new TextDecoder().decode(bytes.subarray(0, ASSUMED.requestBytes)).trim();
    if (this.#unit.isOn('text-form') && !text.startsWith('{')) return this.#receiveText(text, peer, now);
    const request = objectIn(text);
    if (request === null) return this.#say(INVALID_JSON, now);
    return request.enc === undefined ? this.#plain(request, peer, now) : this.#sealed(request, peer, now);
  }

  #say(reply: V2Reply, now: number, wrap = inClear, afterMs = 0): Reaction {
    const bytes = encoder.encode(wrap(render(this.#unit, reply, now)));
    return { chunks: [{ bytes, afterMs }], end: 'fin' };
  }

  // Requests

  #plain(args: Readonly<Record<string, unknown>>, { address }: Peer, now: number): Reaction {
    const name = commandOf(args);
    if (name === null) return this.#say(INVALID_COMMAND, now);
    if (writeOf(this.#unit, name) !== null) return this.#say(refuse(ASSUMED.notSealed), now);
    const text = this.#read(name, { args, address }, now);
    return { chunks: [{ bytes: encoder.encode(text), afterMs: 0 }], end: 'fin' };
  }

  #sealed({ data }: Readonly<Record<string, unknown>>, { address }: Peer, now: number): Reaction {
    const unit = this.#unit;
    if (typeof data !== 'string') return this.#say(INVALID_JSON, now);
    const key = unit.tokens.aesKey;
    const inside = unsealed(data, key);
    if (inside === 'no base64') return this.#say(refuse(ASSUMED.notBase64), now);
    const args = inside === null ? null : objectIn(inside);
    if (args === null) return this.#say(refuse(ASSUMED.notReadable), now);
    // The key of the request also seals its reply, whatever the command does to the password.
    const wrap: Wrap = (text) => printed({ enc: this.#spoiled(text, key) });
    return this.#command(args, address, now, wrap);
  }

  #command(args: Readonly<Record<string, unknown>>, address: string, now: number, wrap: Wrap): Reaction {
    const unit = this.#unit;
    const name = commandOf(args);
    if (name === null) return this.#say(INVALID_COMMAND, now, wrap);
    const write = writeOf(unit, name);
    if (write === null) {
      const text = this.#read(name, { args, address }, now);
      return { chunks: [{ bytes: encoder.encode(wrap(text)), afterMs: 0 }], end: 'fin' };
    }
    if (!unit.mayWrite) return this.#say(NOT_PERMITTED, now);
    if (!unit.tokens.take(now, args.token)) return this.#say(BAD_TOKEN, now);
    unit.note(now, `api ${name}`);
    return this.#finish(write(unit, args, now), address, now, wrap);
  }

  /** What is sealed, with what can be wrong with it. */
  #spoiled(text: string, key: Uint8Array): string {
    const { isOn } = this.#unit;
    if (isOn('aes-garbage')) return encodeBase64(encoder.encode('thirty-two letters and no cipher'));
    const shown = isOn('sealed-truncated') ? text.slice(0, Math.floor(text.length / 2)) : text;
    return seal(
      shown,
      isOn('sealed-other-key') ? key.map((byte) => byte ^ 1) : key,
      isOn('pkcs7-reply') ? 'pkcs7' : 'zero',
    );
  }

  #read(name: string, request: V2Request, now: number): string {
    const unit = this.#unit;
    if (!name.includes('+')) {
      const read = readOf(unit, name);
      return render(unit, read === null ? INVALID_COMMAND : read(unit, now, request), now);
    }
    const names = name.split('+');
    const most = unit.isOn('long-joins') ? names.length : 2;
    const joins = names.length <= most && names.every((one) => Object.hasOwn(JOINABLE, one));
    if (!joins || unit.isOn('refuse-joins')) return render(unit, refuse(ASSUMED.notJoinable), now);
    const parts = names.map((one) => [one, JOINABLE[one]?.(unit, now, request) ?? INVALID_COMMAND] as const);
    const passedOn = parts.find(([, reply]) => reply.kind === 'text');
    if (passedOn !== undefined) return render(unit, passedOn[1], now);
    // cgminer's joined shape (protocols.md 3.1).
    const slots = parts.map(([one, reply]) => `"${one}":[${render(unit, reply, now)}]`);
    return `{${slots.join(',')},"id":1}`;
  }

  /** The V1 form, which section 2.1 of the manual still describes: `enc|<base64>` around `token,<sign>|command|param`. */
  #receiveText(text: string, { address }: Peer, now: number): Reaction {
    const unit = this.#unit;
    if (text === 'get_token') {
      const reply = readOf(unit, text)?.(unit, now, { args: {}, address, asText: true }) ?? INVALID_COMMAND;
      return this.#say(reply, now);
    }
    const [, data] = /^enc\|([A-Za-z0-9+/=\r\n]*)$/.exec(text) ?? [];
    if (data === undefined) return this.#plain({ cmd: text }, { address }, now);
    const key = unit.tokens.aesKey;
    const inside = unsealed(data, key);
    const [, token, cmd, param] = /^token,([^|]{1,64})\|([^|]{1,64})(?:\|(.*))?$/s.exec(inside ?? '') ?? [];
    if (token === undefined || cmd === undefined) return this.#say(refuse(ASSUMED.notReadable), now);
    const args = { cmd, token, ...(param !== undefined && { param }) };
    return this.#command(args, address, now, (reply) => `enc|${this.#spoiled(reply, key)}`);
  }

  // What follows a write

  #finish({ reply, afterMs = 0, follows }: V2Write, peer: string, now: number, wrap: Wrap): Reaction {
    const unit = this.#unit;
    if (follows === 'gone' || unit.isOn('close-on-write')) return NOTHING;
    if (follows === 'log') return this.#log(now, wrap);
    const said = this.#say(reply, now, wrap, afterMs);
    if (follows !== 'upload' || unit.isOn('closes-after-ready')) return said;
    this.#upload = { file: new Upload(now), wrap, peer };
    return { ...said, end: 'keep' };
  }

  #log(now: number, wrap: Wrap): Reaction {
    const unit = this.#unit;
    const archive = logArchive('miner.log', unit.logText(now), unit.clock(now));
    const reply: V2Reply = { kind: 'message', code: 131, msg: { logfilelen: String(archive.length) } };
    const head = encoder.encode(wrap(render(unit, reply, now)));
    if (unit.isOn('endless-log')) return endless(head, archive);
    if (unit.isOn('log-in-one-segment')) {
      const bytes = new Uint8Array(head.length + archive.length);
      bytes.set(head);
      bytes.set(archive, head.length);
      return { chunks: [{ bytes, afterMs: 0 }], end: 'fin' };
    }
    const chunks = [
      { bytes: head, afterMs: 0 },
      { bytes: archive, afterMs: LOG_AFTER_MS },
    ];
    return { chunks, end: 'fin' };
  }

  /**
   * The upload that these bytes belong to. Nobody says when a client went away, so it is given up when the time between
   * two pieces was too long, and when what comes is a request again.
   */
  #goesOn(bytes: Uint8Array, { address }: Peer, now: number): Upload | null {
    const upload = this.#upload;
    if (upload === null) return null;
    const isOther = upload.peer !== address;
    const isRequest = bytes[0] === 0x7b && bytes.length <= ASSUMED.requestBytes && isRequestText(bytes);
    if (isOther || isRequest || now > upload.file.lastAt + ASSUMED.uploadIdleMs) {
      this.#upload = null;
      return null;
    }
    return upload.file;
  }

  #take(file: Upload, bytes: Uint8Array, now: number): Reaction {
    const wrap = this.#upload?.wrap ?? inClear;
    const step = file.take(bytes, now);
    if (step.kind === 'more') return { chunks: [], end: 'keep' };
    this.#upload = null;
    const version = step.kind === 'done' ? firmwareIn(step.header, this.#unit.plan.model) : null;
    if (version === null) return this.#say(refuse(ASSUMED.outOfRange), now, wrap);
    this.#unit.flash(now, version);
    const reply: V2Reply = { kind: 'message', code: 131, msg: ASSUMED.flashed };
    return this.#say(reply, now, wrap, ASSUMED.flashMs);
  }
}

/** Both names are taken (protocols.md 3.1). */
function commandOf({ cmd, command }: Readonly<Record<string, unknown>>): string | null {
  const name = cmd ?? command;
  return typeof name === 'string' && name !== '' ? name : null;
}

function writeOf(unit: WhatsminerUnit, name: string): WriteCommand | null {
  const tooOld = apiNumber(unit.plan.api) < 20_005 && (ASSUMED.since205 as readonly string[]).includes(name);
  return tooOld || !Object.hasOwn(WRITES, name) ? null : (WRITES[name] ?? null);
}

/** What is inside; null when that cannot be read. */
function unsealed(data: string, key: Uint8Array): string | 'no base64' | null {
  if (decodeBase64(data) === null) return 'no base64';
  try {
    return open(data, key);
  } catch {
    return null;
  }
}

function isRequestText(bytes: Uint8Array): boolean {
  const found = objectIn(new TextDecoder().decode(bytes).trim());
  return found !== null && (commandOf(found) !== null || found.enc !== undefined);
}

/** The length that was said, and then it goes on; nobody ends it. */
function endless(head: Uint8Array, archive: Uint8Array): Reaction {
  const piece = new Uint8Array(ENDLESS.bytes);
  const more = Array.from({ length: ENDLESS.pieces }, (): Chunk => ({ bytes: piece, afterMs: ENDLESS.everyMs }));
  const chunks = [{ bytes: head, afterMs: 0 }, { bytes: archive, afterMs: LOG_AFTER_MS }, ...more];
  return { chunks, end: 'silence' };
}
